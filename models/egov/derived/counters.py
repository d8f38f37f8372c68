"""Counters on a grid: how long who comes now waits, and how many counters would keep it short."""

from collections.abc import Iterator

from models.city.derivation import Case, Derived, Json, Rule, steps
from models.egov.derived import judgement
from models.egov.derived.judgement import Judgement
from models.egov.queueing import IN_TIME, Load, counters_for_share, counters_for_wait, queue
from models.incident import Severity
from models.reading import HOUR, MINUTE

NAME = "counters"
METRIC = "queue_health"
STEP = 15 * MINUTE  # tickets are of the last quarter of an hour
LASTING = 2  # steps that a wait has to last
SOON = 0.8  # share of people who should be served within IN_TIME [D]
BUSY = 0.99  # of the counters' time; above it the load cannot be told from it


def queues(case: Case) -> Iterator[Derived]:
    """How long people have to wait at the end of each due step, where counters are open."""
    if "counters_open" not in case.series:
        return
    for time in steps(case, ("counters_open", "queue_length")):
        waits = [wait_at(case, time - back * STEP) for back in range(LASTING)]
        if waits[0] is None:
            continue  # closed
        lasting = min(wait or 0.0 for wait in waits)
        load, counters = load_at(case, time), case.mean("counters_open", time) or 0.0
        needed = needed_for(case, time, load)
        inputs: dict[str, Json] = {
            "wait_min": round(waits[0], 1),
            "counters_open": round(counters, 1),
            "counters_needed": needed,
        }
        yield judgement.health(METRIC, time, list(crowded(case, time, lasting, needed)), inputs)


def crowded(case: Case, time: int, wait: float, needed: int | None) -> Iterator[Judgement]:
    """A wait that has lasted."""
    said = case.book.parameter
    if wait < said(NAME, "long", time):
        return
    more = needed or 0
    yield Judgement(
        Severity.HIGH if wait >= said(NAME, "very_long", time) else Severity.MEDIUM,
        f"Người dân phải chờ khoảng {wait:.0f} phút; cần {more} quầy để chờ không quá"
        f" {said(NAME, 'target', time):.0f} phút",
        f"People wait about {wait:.0f} minutes; {more} counters would keep it within"
        f" {said(NAME, 'target', time):.0f}",
    )


def wait_at(case: Case, time: int) -> float | None:
    """The minutes that who comes in a step has to wait; None where no counter is open.

    The line as it stands, or what Erlang's formula expects of such a load where that is more.
    """
    counters = case.mean("counters_open", time)
    if not counters or counters < 1:
        return None
    load = load_at(case, time)
    line = (case.mean("queue_length", time) or 0.0) * load.service / counters
    return max(line, queue(load, int(counters)).wait or 0.0)


def load_at(case: Case, time: int) -> Load:
    """How many come in an hour, and how long one takes: by how busy counters are, else as told."""
    times = [time - back * STEP for back in range(HOUR // STEP)]
    tickets = [each for at in times if (each := case.mean("tickets_issued", at)) is not None]
    arrivals = sum(tickets) / len(tickets) * HOUR / STEP if tickets else 0.0
    used, counters = case.mean("utilisation", time), case.mean("counters_open", time)
    usual = case.book.parameter(NAME, "service", time)
    if used is None or counters is None or not 0 < used < BUSY or arrivals <= 0:
        return Load(arrivals, usual)
    # Few tickets make it a guess: it stays within a factor of two of what is usual.
    return Load(arrivals, min(max(60.0 * used * counters / arrivals, usual / 2), usual * 2))


def needed_for(case: Case, time: int, load: Load) -> int | None:
    """How many counters keep the mean wait at the target, and serve most people soon."""
    target = case.book.parameter(NAME, "target", time)
    enough = (counters_for_wait(load, target), counters_for_share(load, SOON, within=IN_TIME))
    known = [each for each in enough if each is not None]
    return max(known) if len(known) == len(enough) else None


COUNTERS = Rule(
    name=NAME,
    kinds=frozenset({"service"}),
    inputs=("counters_open", "queue_length", "tickets_issued", "utilisation"),
    outputs=(METRIC,),
    step=STEP,
    derive=queues,
    alarms=frozenset({METRIC}),
    back=HOUR + STEP,
    ahead=HOUR + STEP,
    patience=60,
)
