"""A board around its panels: variables, annotations, time."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboards.panels import SOURCE, Json, target
from dashboards.texts import Words

SCHEMA: Final = 36  # Grafana 9.0; later releases carry it forward when they load it
ALL: Final = "$__all"


def board(
    *,
    uid: str,
    words: Words,
    panels: Sequence[Json],
    variables: Sequence[Json],
    annotations: Sequence[Json],
) -> Json:
    """A board of the operations centre: local time, six hours, fresh every ten seconds."""
    return {
        "id": None,
        "uid": uid,
        "title": words.title,
        "description": words.description,
        "tags": ["cityops"],
        "timezone": "Asia/Ho_Chi_Minh",
        "weekStart": "monday",
        "editable": True,
        "graphTooltip": 1,
        "refresh": "10s",
        "schemaVersion": SCHEMA,
        "time": {"from": "now-6h", "to": "now"},
        "timepicker": {"refresh_intervals": ["10s", "30s", "1m", "5m", "15m"]},
        "templating": {"list": list(variables)},
        "annotations": {"list": list(annotations)},
        "links": [],
        "panels": [{"id": number, **panel} for number, panel in enumerate(panels, start=1)],
    }


def list_of(name: str, label: str, sql: str, *, first: tuple[str, str]) -> Json:
    """A variable with one value, out of what a query gives (`__text`, `__value`)."""
    text, value = first
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": sql,
        "definition": sql,
        "regex": "",
        "refresh": 1,
        "sort": 0,
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "skipUrlSync": False,
        "options": [],
        "current": {"selected": True, "text": text, "value": value},
    }


def choice(name: str, label: str, options: Mapping[str, str]) -> Json:
    """A variable with any number of fixed values, all of them at first.

    The values stand in the board, so that "all" is never an empty list.
    """
    offered = [{"selected": True, "text": "All", "value": ALL}]
    offered += [
        {"selected": False, "text": text, "value": value} for value, text in options.items()
    ]
    return {
        "name": name,
        "label": label,
        "type": "custom",
        "query": ", ".join(f"{text} : {value}" for value, text in options.items()),
        "multi": True,
        "includeAll": True,
        "hide": 0,
        "skipUrlSync": False,
        "options": offered,
        "current": {"selected": True, "text": ["All"], "value": [ALL]},
    }


def annotation(name: str, sql: str, color: str, *, enabled: bool) -> Json:
    """Marks across the panels: columns time, text, tags.

    Grafana 9 reads `rawQuery`, later releases the target.
    """
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": enabled,
        "hide": False,
        "iconColor": color,
        "rawQuery": sql,
        "target": target(sql, "Anno"),
    }
