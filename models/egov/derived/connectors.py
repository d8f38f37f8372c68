"""Connectors on a grid: what is wrong with one, by all that was counted of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.city.derivation import Case, Derived, Json, Rule, steps
from models.egov.connector import LIMITS, Finding, Level, Pair, Seen, Sign, Traffic, health
from models.egov.derived import judgement
from models.egov.derived.judgement import Judgement
from models.incident import Severity
from models.reading import HOUR, MINUTE, moment

NAME = "connector"
METRIC = "connector_health"
STEP = 5 * MINUTE
TRAFFIC = 3  # steps whose requests are counted together
# As long as a silence has to last to be an alarm, and half as long again.
REACH = 3 * HOUR
WORKS = 0.05  # requests a minute that succeed, from which on a connector is not silent [D]
INPUTS = (
    "requests", "errors", "oldest_unsent_s", "schema_rejects", "unverified_signatures",
    "records_ours", "records_theirs", "certificate_days", "dossiers_unlinked",
)  # fmt: skip
# A certificate has a month left, and counts that differ by little have a day.
MILD = frozenset({Sign.CERTIFICATE, Sign.DIFFERENCE})


def connectors(case: Case) -> Iterator[Derived]:
    """How a connector does at the end of each due step: 0 in order, 3 worst."""
    if "oldest_unsent_s" not in case.series:
        return
    for time in steps(case, ("requests", "oldest_unsent_s")):
        now = moment(time + STEP)
        found = health(case.book.calendar, seen(case, time, now), now, limits(case, time))
        inputs: dict[str, Json] = {each.sign.value: round(each.value, 4) for each in found}
        said = [judged(each) for each in found]
        if "dossiers_unlinked" in case.series:
            inputs["unlinked"] = case.last("dossiers_unlinked", time)
            said = [linked(case, time, each, word) for each, word in zip(found, said, strict=True)]
        yield judgement.health(METRIC, time, said, inputs)


def seen(case: Case, time: int, now: datetime) -> Seen:
    """What is known of a connector at the end of a step."""
    oldest = case.last("oldest_unsent_s", time)
    days = case.last("certificate_days", time)
    return Seen(
        Traffic(
            *(
                count(case, metric, time)
                for metric in ("requests", "errors", "schema_rejects", "unverified_signatures")
            )
        ),
        last_success(case, time),
        None if oldest is None else now - timedelta(seconds=oldest),
        whole(case.last("records_ours", time)),
        whole(case.last("records_theirs", time)),
        None if days is None else now + timedelta(days=days),
    )


def count(case: Case, metric: str, time: int) -> int | None:
    """How many of a metric (a minute) there were in the last steps; None where nobody counts."""
    times = (time - back * STEP for back in range(TRAFFIC))
    means = [mean for each in times if (mean := case.mean(metric, each)) is not None]
    return round(sum(means) * STEP / MINUTE) if means else None


def whole(number: float | None) -> int | None:
    """A count."""
    return None if number is None else round(number)


def last_success(case: Case, time: int) -> datetime | None:
    """When a request succeeded last; where none did, as far as is looked back it was before that."""
    cells = case.series.get("requests", {})
    known = sorted(each for each in cells if each <= time)
    if not known:
        return None
    for each in reversed(known):
        if cells[each].mean - (case.mean("errors", each) or 0.0) > WORKS:
            return moment(each + STEP)
    return moment(known[0])


def limits(case: Case, time: int) -> dict[Sign, Pair]:
    """The limits as they are at a time."""
    found = dict(LIMITS)
    for sign in Sign:
        pair = (case.book.parameter(NAME, f"{sign.value}_{level.value}", time) for level in Level)
        found[sign] = Pair(*pair)
    return found


def judged(found: Finding) -> Judgement:
    """A finding in words."""
    mild = found.sign in MILD
    grave = {
        Level.ALARM: Severity.MEDIUM if mild else Severity.HIGH,
        Level.WARNING: Severity.LOW if mild else Severity.MEDIUM,
    }
    return Judgement(grave[found.level], *found.sentences)


def linked(case: Case, time: int, found: Finding, said: Judgement) -> Judgement:
    """A finding in the words of a link by which dossiers come: what waits is on its way to us."""
    if found.sign is not Sign.BACKLOG:
        return said
    waiting = case.last("dossiers_unlinked", time) or 0.0
    return Judgement(
        said.severity,
        f"Hồ sơ nộp ở dịch vụ công của bộ chưa về phần mềm một cửa: lâu nhất {found.value:.0f} phút,"
        f" {waiting:.0f} hồ sơ đang chờ",
        "Dossiers filed at the ministry's services have not come over to the one-stop software:"
        f" the oldest for {found.value:.0f} minutes, {waiting:.0f} wait",
    )


CONNECTOR = Rule(
    name=NAME,
    kinds=frozenset({"service"}),
    inputs=INPUTS,
    outputs=(METRIC,),
    step=STEP,
    derive=connectors,
    alarms=frozenset({METRIC}),
    back=REACH,
    ahead=REACH,
    patience=30,
)
