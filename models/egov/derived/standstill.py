"""What does not move, on a grid: documents, hand-overs between levels, an office that does nothing."""

from collections.abc import Iterator
from datetime import timedelta

from models.city.derivation import Case, Derived, Json, Rule, steps
from models.egov.derived import judgement
from models.egov.derived.judgement import Judgement
from models.egov.documents import COUNTED, waited
from models.egov.worktime import Calendar, is_open, worked
from models.incident import Severity
from models.reading import DAY, HOUR, MINUTE, moment

DOCUMENTS_NAME, HAND_OVERS_NAME, IDLE_NAME, WAVE_NAME = "documents", "hand-overs", "idle", "overdue"
STEP = 10 * MINUTE
HALF_HOUR = 30 * MINUTE
BY_STATE = tuple(COUNTED.values())


def documents(case: Case) -> Iterator[Derived]:
    """Whether the oldest document that nobody has received waits for more than it may."""
    for time in steps(case, ("oldest_document_s",)):
        days = days_waited(case, "oldest_document_s", time)
        inputs: dict[str, Json] = {name: case.last(name, time) for name in BY_STATE}
        inputs["oldest_days"] = round(days, 2)
        arrived = case.last("documents_arrived", time) or 0.0
        found = list(unmoved(case, DOCUMENTS_NAME, time, days, (
            f"Văn bản chưa được tiếp nhận: lâu nhất {days:.1f} ngày làm việc, {arrived:.0f} văn bản đang chờ",
            f"Documents are not received: the oldest for {days:.1f} working days, {arrived:.0f} wait",
        )))  # fmt: skip
        yield judgement.health("documents_health", time, found, inputs)


def hand_overs(case: Case) -> Iterator[Derived]:
    """Whether a dossier handed over to another level waits there for more than it may."""
    for time in steps(case, ("oldest_handover_s",)):
        days = days_waited(case, "oldest_handover_s", time)
        waiting = case.last("handovers_waiting", time) or 0.0
        inputs: dict[str, Json] = {"waiting": waiting, "oldest_days": round(days, 2)}
        allowed = case.book.parameter(HAND_OVERS_NAME, "days", time)
        found = list(stuck(days, waiting, allowed))
        yield judgement.health("handover_health", time, found, inputs)


def stuck(days: float, waiting: float, allowed: float) -> Iterator[Judgement]:
    """Hand-overs of which the oldest waits for so many working days, and more than are allowed."""
    if days > allowed:
        yield Judgement(
            Severity.HIGH if days > 3 * allowed else Severity.MEDIUM,
            f"Hồ sơ liên thông bị ứ giữa các cấp: lâu nhất {days:.1f} ngày làm việc,"
            f" {waiting:.0f} hồ sơ đang chờ",
            f"Hand-overs are stuck between levels: the oldest for {days:.1f} working days,"
            f" {waiting:.0f} wait",
        )


def days_waited(case: Case, metric: str, time: int) -> float:
    """The working days that what is oldest (an age in seconds) has waited at the end of a step."""
    now = moment(time + STEP)
    age = timedelta(seconds=case.last(metric, time) or 0.0)
    return waited(case.book.calendar, now - age, now)


def unmoved(
    case: Case, rule: str, time: int, days: float, words: tuple[str, str]
) -> Iterator[Judgement]:
    """What has waited for more working days than it may."""
    allowed = case.book.parameter(rule, "days", time)
    if days > allowed:
        yield Judgement(Severity.HIGH if days > 3 * allowed else Severity.MEDIUM, *words)


def idle(case: Case) -> Iterator[Derived]:
    """Whether no counter is open though the office should be; judged in office hours alone."""
    calendar = case.book.calendar
    for time in steps(case, ("counters_open",)):
        minutes = case.book.parameter(IDLE_NAME, "minutes", time)
        since = time + STEP - round(minutes * MINUTE)
        if not opened(calendar, since, time + STEP):
            continue
        cells = case.series["counters_open"]
        seen = [cell.high for at, cell in cells.items() if since <= at <= time]
        nobody = bool(seen) and max(seen) < 1
        inputs: dict[str, Json] = {"counters_open": seen[-1] if seen else None}
        found = [Judgement(
            Severity.HIGH,
            f"Bộ phận một cửa không hoạt động trong giờ hành chính đã {minutes:.0f} phút",
            f"The one-stop shop has done nothing for {minutes:.0f} minutes of office hours",
        )] if nobody else []  # fmt: skip
        yield judgement.health("office_health", time, found, inputs)


def opened(calendar: Calendar, since: int, until: int) -> bool:
    """Whether offices are open all the time between two moments."""
    first, last = moment(since), moment(until)
    return is_open(calendar, first) and worked(calendar, first, last) == last - first


def waves(case: Case) -> Iterator[Derived]:
    """Whether many more dossiers are overdue than a day before."""
    for time in steps(case, ("dossiers_overdue",)):
        now, before = case.mean("dossiers_overdue", time), a_day_before(case, time)
        if now is None:
            continue
        inputs: dict[str, Json] = {"overdue": round(now), "a_day_before": before}
        rise = [case.book.parameter(WAVE_NAME, name, time) for name in ("fewest", "times")]
        found = list(risen(now, before, *rise)) if before is not None else []
        derived = judgement.health("overdue_wave", time, found, inputs)
        yield derived._replace(judged=before is not None)


def a_day_before(case: Case, time: int) -> float | None:
    """The fewest that were overdue about a day before; None where nobody told."""
    cells = case.series.get("dossiers_overdue", {})
    near = [cell.mean for at, cell in cells.items() if abs(at - time + DAY) <= HOUR]
    return min(near) if near else None


def risen(now: float, before: float, fewest: float, times: float) -> Iterator[Judgement]:
    """A rise of overdue dossiers since a day before that is no matter of one or two."""
    more = now - before
    if more < fewest or now < times * before:
        return
    yield Judgement(
        Severity.HIGH if more >= 3 * fewest else Severity.MEDIUM,
        f"Hồ sơ quá hạn tăng nhanh: {now:.0f} hồ sơ, một ngày trước {before:.0f}",
        f"Overdue dossiers rise fast: {now:.0f}, and {before:.0f} a day before",
    )


KINDS = frozenset({"service"})
DOCUMENTS = Rule(
    name=DOCUMENTS_NAME,
    kinds=KINDS,
    inputs=("oldest_document_s", *BY_STATE),
    outputs=("documents_health",),
    step=STEP,
    derive=documents,
    alarms=frozenset({"documents_health"}),
    patience=60,
)
HAND_OVERS = Rule(
    name=HAND_OVERS_NAME,
    kinds=KINDS,
    inputs=("oldest_handover_s", "handovers_waiting"),
    outputs=("handover_health",),
    step=STEP,
    derive=hand_overs,
    alarms=frozenset({"handover_health"}),
    patience=60,
)
IDLE = Rule(
    name=IDLE_NAME,
    kinds=KINDS,
    inputs=("counters_open",),
    outputs=("office_health",),
    step=STEP,
    derive=idle,
    alarms=frozenset({"office_health"}),
    back=2 * HOUR,
    ahead=2 * HOUR,
    patience=60,
)
WAVE = Rule(
    name=WAVE_NAME,
    kinds=KINDS,
    inputs=("dossiers_overdue",),
    outputs=("overdue_wave",),
    step=HALF_HOUR,
    derive=waves,
    alarms=frozenset({"overdue_wave"}),
    back=DAY + HOUR + HALF_HOUR,
    ahead=DAY + HOUR + HALF_HOUR,
    patience=120,
)
