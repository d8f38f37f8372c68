"""Judges who is online, late and silent now, and which silences people have to hear of."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.cadence import Patience
from models.connectivity import (
    LATE,
    LEARNING,
    NEVER,
    ONLINE,
    SILENT,
    STATES,
    Blame,
    Ends,
    Limits,
    State,
    blame_upwards,
    heard_through,
    score,
    times_told,
    told_again,
    with_descendants,
)
from models.hearing import CAME, NO_MOMENT, Hearing
from models.reading import SECOND

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Change(NamedTuple):
    """An asset is heard otherwise than before; at is in microseconds since 1970."""

    asset_id: int
    at: int
    state: State
    with_parent: bool


class Silence(NamedTuple):
    """A silence that people have to hear of; at is in microseconds since 1970."""

    asset_id: int
    at: int
    score: float


class Judgement(NamedTuple):
    """What is new."""

    changes: list[Change]
    silences: list[Silence]


class Call(NamedTuple):
    """One call of the roll: what was found of every asset. lasted is in patiences."""

    state: Ints
    folded: Flags
    released: Flags
    blamed: Blame
    lasted: Floats


def judge(hearing: Hearing, limits: Limits, now: int) -> Judgement:
    """What is new at this time (microseconds since 1970); the hearing remembers it."""
    hearing.fit()
    moment = hearing.feed.moment(now)
    call = call_roll(hearing, limits, moment)
    judge_feed(hearing, now, call)
    changes = list(keep(hearing, moment, now, call))
    return Judgement(changes, list(silences(hearing, limits, moment, now, call.lasted)))


def call_roll(hearing: Hearing, limits: Limits, moment: float) -> Call:
    """How every asset is heard at this moment of the listener's clock."""
    assets, parent = hearing.assets, hearing.roster.parent
    tolerated = hearing.patience()
    tolerated.late[0] = tolerated.silent[0] = np.inf  # the platform is judged by the feed
    spoke = heard_through(
        parent, np.where(assets["cadence"]["met"], assets["cadence"]["heard"], NEVER)
    )
    left = assets["left"] & (spoke <= assets["left_at"])
    excuse(hearing, moment, overdue(hearing, tolerated, spoke, left, moment))
    gone = overdue(hearing, tolerated, spoke, left, moment)
    silent = with_descendants(parent, gone) & (gone | np.isfinite(spoke))
    ends = Ends(
        np.where(left, assets["left_at"], spoke),
        np.where(left | np.isinf(tolerated.late), limits.together, tolerated.late),
        silent,
        silent,
    )
    before = Blame(assets["blamed_at"] != NO_MOMENT, assets["blamed_at"])
    blamed, ends = blame_upwards(limits, parent, ends, before, assets["with_parent"])
    there = np.where(silent, np.inf, np.where(blamed.whom, blamed.at, NEVER))
    folded = (parent >= 0) & ends.silent & (ends.at <= there[parent])
    # Not to blame any more: whoever was folded gets the time that it may take to speak.
    released = assets["with_parent"] & ends.silent & ~folded & ~left & ~blamed.whom
    released &= assets["told"] == 0
    known = np.isfinite(tolerated.silent) | (assets["presence"] == CAME)
    state = np.where(known, ONLINE, LEARNING)
    state[released | (moment - spoke > tolerated.late)] = LATE
    state[ends.silent & ~released] = SILENT
    unit = np.where(np.isinf(tolerated.silent), hearing.rules.silent_floor, tolerated.silent)
    return Call(state, folded, released, blamed, (moment - ends.at) / unit)


def overdue(
    hearing: Hearing, tolerated: Patience, spoke: Floats, left: Flags, moment: float
) -> Flags:
    """Who is silent by itself: said so, or is not heard for longer than is tolerated."""
    fair = moment - np.maximum(spoke, hearing.assets["excused"])
    return np.asarray(left | (fair > tolerated.silent))


def excuse(hearing: Hearing, moment: float, gone: Flags) -> None:
    """Whose gateway is back after its own silence gets the time that it may take to speak."""
    assets, parent = hearing.assets, hearing.roster.parent
    was_alone = (assets["state"] == SILENT) & ~assets["with_parent"]
    back = was_alone & ~gone & (assets["blamed_at"] == NO_MOMENT)
    back[0] = False  # its clock stood still
    freed = with_descendants(parent, back) & assets["with_parent"] & (assets["told"] == 0)
    assets["excused"][freed] = moment
    hearing.stale_assets |= freed


def judge_feed(hearing: Hearing, now: int, call: Call) -> None:
    """The platform's own state: nobody is heard at all, or nobody any more."""
    if call.blamed.whom[0]:
        return
    tolerated = hearing.feed.patience
    quiet = (now - max(hearing.feed.heard_at, hearing.awake_at)) / SECOND
    call.state[0] = LEARNING if np.isinf(tolerated.silent[0]) else ONLINE
    call.lasted[0] = quiet / tolerated.silent[0]
    if quiet > tolerated.silent[0]:
        call.state[0] = SILENT
    elif quiet > tolerated.late[0]:
        call.state[0] = LATE


def keep(hearing: Hearing, moment: float, now: int, call: Call) -> Iterator[Change]:
    """Remembers what was found; gives what is otherwise than before."""
    assets, state = hearing.assets, call.state
    alone = (state == SILENT) & ~call.folded
    blamed_at = np.where(call.blamed.whom, call.blamed.at, NO_MOMENT)
    moved = state != assets["state"]
    changed = moved | (call.folded != assets["with_parent"])
    hearing.stale_assets |= changed | call.released | (blamed_at != assets["blamed_at"])
    hearing.stale_assets |= alone != (assets["alone"] != NO_MOMENT)
    began = np.where(assets["alone"] == NO_MOMENT, moment, assets["alone"])
    assets["alone"] = np.where(alone, began, NO_MOMENT)
    assets["told"][state != SILENT] = 0
    assets["excused"][call.released] = moment
    assets["blamed_at"] = blamed_at
    assets["with_parent"] = call.folded
    assets["since"][moved] = now
    assets["state"] = state
    for row in np.flatnonzero(changed).tolist():
        asset_id, folded = int(hearing.roster.asset_ids[row]), bool(call.folded[row])
        yield Change(asset_id, now, STATES[state[row]], folded)


def silences(
    hearing: Hearing, limits: Limits, moment: float, now: int, lasted: Floats
) -> Iterator[Silence]:
    """The silences that are told now, each counted as told.

    One waits a while for company, and as long as its gateway is late. Who was never heard was
    never missed.
    """
    assets, parent, alone = hearing.assets, hearing.roster.parent, hearing.assets["alone"]
    waited = (alone != NO_MOMENT) & (moment - alone >= limits.together)
    waited &= (parent <= 0) | (assets["state"][parent] != LATE)
    waited &= (assets["received_at"] > 0) | (assets["blamed_at"] != NO_MOMENT)
    waited[0] = alone[0] != NO_MOMENT  # its clock may stand still
    news = waited & told_again(lasted, assets["told"])
    assets["told"][news] = times_told(lasted[news])
    hearing.stale_assets |= news
    scores = score(lasted)
    for row in np.flatnonzero(news).tolist():
        yield Silence(int(hearing.roster.asset_ids[row]), now, float(scores[row]))
