"""The alert rules of the platform's own health, whom they tell, and how often.

What goes wrong in the city is an incident, with a life of its own; a rule here says that the
platform itself cannot be believed. Files of this kind are read by Grafana 9.1 and later.

noDataState and execErrState, on purpose:
- Every query gives one row, whatever the store holds: no row is a fault, so no data is Alerting.
  The canary alone may have none: where no beat is sent (INGEST_CANARY_SECONDS=0) nothing is late.
- Where the database cannot be asked, the first rule is Alerting: that is what it is there for.
  The others are in Error, which Grafana groups to one message. OK would hide a rule that cannot
  work, and Alerting would say five times what the first rule says.
"""

from typing import Final, Literal, NamedTuple

from dashboards.panels import SOURCE, Json
from dashboards.queries import alerts as queries
from dashboards.texts import Words
from dashboards.texts import alerts as words

FOLDER_TITLE: Final = "CityOps alerts"  # rules do not lie with boards: a folder has one owner
GROUP: Final = "cityops-platform"
RECEIVER: Final = "cityops"
BOARD: Final = "platform"


class Rule(NamedTuple):
    """A rule: its query's number is `above` for `lasts`, looked at every minute."""

    uid: str
    words: Words
    sql: str
    above: float
    lasts: str
    severity: Literal["high", "medium"]
    no_data: Literal["Alerting", "OK"] = "Alerting"
    error: Literal["Alerting", "Error"] = "Error"


# Five minutes are ten cadences of the liveliest devices; two minutes eight beats of the canary, and
# what an operator may wait for an alarm; 80 % leaves time to buy a disk; one message of ten is
# more than noise [all ours].
RULES: Final = (
    Rule("cityops-no-data", words.NO_DATA, queries.NO_DATA, 5, "1m", "high", error="Alerting"),
    Rule("cityops-imbalance", words.IMBALANCE, queries.IMBALANCE, 0, "0s", "high"),
    Rule("cityops-reader", words.READER, queries.READER, 120, "2m", "high"),
    Rule("cityops-canary", words.CANARY, queries.CANARY, 120, "0s", "high", no_data="OK"),
    Rule("cityops-database", words.DATABASE, queries.DATABASE, 0.8, "10m", "medium"),
    Rule("cityops-rejected", words.REJECTED, queries.REJECTED, 0.1, "5m", "medium"),
)


def rules() -> Json:
    """The file of rules."""
    group = {
        "orgId": 1,
        "name": GROUP,
        "folder": FOLDER_TITLE,
        "interval": "1m",
        "rules": [told(rule) for rule in RULES],
    }
    return {"apiVersion": 1, "groups": [group]}


def told(rule: Rule) -> Json:
    """One rule as Grafana takes it."""
    said = rule.words
    return {
        "uid": rule.uid,
        "title": f"{said.title} / {said.title_en}",
        "condition": "B",
        "data": [asked(rule.sql), compared(rule.above)],
        "noDataState": rule.no_data,
        "execErrState": rule.error,
        "for": rule.lasts,
        "annotations": {"summary": said.told, "summary_en": said.told_en, "board": f"/d/{BOARD}"},
        "labels": {"severity": rule.severity, "source": "cityops-platform"},
    }


def asked(sql: str) -> Json:
    """The query, as a series of one point: what every release's conditions reduce."""
    model = {
        "refId": "A",
        "datasource": SOURCE,
        "format": "time_series",
        "rawQuery": True,
        "rawSql": sql,
        "intervalMs": 60_000,
        "maxDataPoints": 100,
    }
    return part("A", SOURCE["uid"], model)


def compared(above: float) -> Json:
    """Whether its newest number is above; in the one form that 9.0 knows and later ones keep."""
    condition = {
        "type": "query",
        "evaluator": {"type": "gt", "params": [above]},
        "operator": {"type": "and"},
        "query": {"params": ["A"]},
        "reducer": {"type": "last", "params": []},
    }
    model = {
        "refId": "B",
        "datasource": {"type": "__expr__", "uid": "-100"},
        "type": "classic_conditions",
        "conditions": [condition],
    }
    return part("B", "-100", model)


def part(ref: str, source: str, model: Json) -> Json:
    """One step of a rule."""
    return {
        "refId": ref,
        "datasourceUid": source,
        "queryType": "",
        "relativeTimeRange": {"from": 600, "to": 0},
        "model": model,
    }


def contact_points() -> Json:
    """Who is told: a webhook and an address, both of the environment, never of the repository."""
    webhook = {"url": "${CITYOPS_ALERT_WEBHOOK}", "httpMethod": "POST"}
    email = {"addresses": "${CITYOPS_ALERT_EMAIL}", "singleEmail": True}
    receivers = [
        {"uid": "cityops-webhook", "type": "webhook", "settings": webhook},
        {"uid": "cityops-email", "type": "email", "settings": email},
    ]
    return {
        "apiVersion": 1,
        "contactPoints": [{"orgId": 1, "name": RECEIVER, "receivers": receivers}],
    }


def policies() -> Json:
    """How often: one message a kind of alert; what is grave is repeated every hour."""
    grave = {
        "receiver": RECEIVER,
        "object_matchers": [["severity", "=", "high"]],
        "group_by": ["alertname"],
        "repeat_interval": "1h",
    }
    root = {
        "orgId": 1,
        "receiver": RECEIVER,
        "group_by": ["alertname"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "12h",
        "routes": [grave],
    }
    return {"apiVersion": 1, "policies": [root]}
