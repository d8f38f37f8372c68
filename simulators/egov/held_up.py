"""What holds dossiers up: work that stands still, hand-overs that wait, offices that cannot tell."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from simulators.dice import Floats, Ints
from simulators.egov.dossiers import Dossiers
from simulators.egov.worktime import NEVER, WORKDAY, after, opening
from simulators.happening import Happening

STANDSTILL: Final = "overdue-wave"  # nothing is finished
STUCK: Final = "handovers-stuck"  # nothing is taken up by the office above
# Nothing leaves the office; what it has written down by then, it tells afterwards.
UNHEARD: Final = frozenset({"office-silent", "office-idle", "network-cut", "power-cut"})
CAUGHT_UP: Final = WORKDAY // 2  # of working time, until what was held up is done
CAUGHT_UP_WITHIN: Final = 4 * 86400.0  # seconds, over any weekend
RELEASED: Final = 600.0  # seconds, until what was not told has been told
A_STEP: Final = 60  # seconds between two moves of a dossier, at least


def delayed(found: Dossiers, parts: Sequence[Happening]) -> Dossiers:
    """Return an office's dossiers as they go on while these happen to it.

    What is held up is made good within half a working day of the end, in its order.
    """
    for part in parts:
        if part.kind == STANDSTILL:
            found = _in_order(found._replace(ended=_later(found.ended, part)))
        elif part.kind == STUCK:
            started = np.where(found.handed == 1, _later(found.started, part), found.started)
            found = _in_order(found._replace(started=started))
    return found


def told_at(at: Ints, parts: Sequence[Happening]) -> Floats:
    """Return when an office tells of moves: at once, or once it can be heard again."""
    when = at.astype(np.float64)
    for part in sorted(parts, key=lambda part: part.began_at):
        if part.kind in UNHEARD:
            waits = part.going_on(when)
            when = np.where(waits, part.ended_at + RELEASED * part.share(when), when)
    return when


def _later(at: Ints, part: Happening) -> Ints:
    """Return moments, those within the part after its end."""
    during = (at >= part.began_at) & (at < part.ended_at)
    if not during.any():
        return at
    work = (CAUGHT_UP * part.share(at[during].astype(np.float64))).astype(np.int64)
    found = at.copy()
    found[during] = after(opening(np.full(len(work), round(part.ended_at))), work)
    return found


def _in_order(found: Dossiers) -> Dossiers:
    """Return dossiers none of whose moves comes before what it follows on."""
    asked = _not_before(found.started, found.asked)
    answered = _not_before(asked, found.answered)
    worked_on = np.where(answered == NEVER, found.started, answered)
    ended = _not_before(worked_on, found.ended)
    returned = _not_before(ended, found.returned)
    return found._replace(asked=asked, answered=answered, ended=ended, returned=returned)


def _not_before(before: Ints, at: Ints) -> Ints:
    """Return moments, later where the one before is; what never comes does not."""
    return np.where(at == NEVER, NEVER, np.where(at < before, before + A_STEP, at))
