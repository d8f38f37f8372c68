"""How a device delivers: with a clock that is wrong, in another order, everything many times.

None of it shows in the values. Every arrival is looked at in the order in which it came, per
stream, and counted per asset. What is ours is not taken for a device's: a backlog of all is held
against all, one's own backlog catches up and a wrong clock does not, and what two workers wrote
at the same time has no order.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.frame import Frame
from models.reading import MINUTE, SECOND

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# A message so much older than those of others, or than its arrival where there are no others, was
# kept back, or dated by a wrong clock; ingest's own batches and a gateway's take seconds.
BEHIND = 15 * MINUTE
# So many messages, each in an arrival of its own, over so long in the device's own time, and all
# behind by the same: a backlog that is sent more than twice as fast as it was measured comes
# nearer by more than STEADY in that time.
CLOCK_MESSAGES, CLOCK_LASTS, STEADY = 3, 2 * MINUTE, MINUTE
LATELY = 10 * MINUTE  # whoever was heard so lately is one of the others
PROMPT = 4  # the promptest quarter of the others says what time it is
MEMORY = 10.0  # messages that a share is reckoned over
# Repeated: now and then a broker delivers twice, a storm does so with every message.
REPEATED = 0.6
# What comes again at once counts as so many messages at most: one burst alone, as of a device that
# has not heard our acknowledgements, is no storm.
BURST = 5
# Swapped: two messages that overtake each other are one in many; at random every other one is.
SWAPPED = 0.18
# Two workers' batches of the same moment have no order: each waits for a fifth of a second, and
# seconds for a busy database. Within an arrival there is one.
APART = 5 * SECOND
# Messages before a share says anything; and of those that were not behind: an hour's mean that is
# dated by the beginning of its hour is no wrong clock.
HEARD = 6
OVER = 0.05  # a share below it is over

# Of one asset: how often it was heard, how often of these not behind, when last, and how far its newest time was behind that; how
# many messages in a row were behind, from which time of its own on and by how much; the shares;
# whether each conduct goes on.
LAYOUT = np.dtype(
    [
        ("heard", "<i8"),
        ("prompt", "<i8"),
        ("received_at", "<i8"),
        ("lag", "<i8"),
        ("behind", "<i4"),
        ("behind_from", "<i8"),
        ("behind_by", "<i8"),
        ("repeated", "<f8"),
        ("swapped", "<f8"),
        ("on", "?", 3),
    ]
)
CLOCK, REPEATS, DISORDER = range(3)
NAMES = ("clock", "repeats", "disorder")


class Misconduct(NamedTuple):
    """What an asset began to do; value is seconds behind, or the share of its messages.

    at is when it began as the others tell the time, in microseconds since 1970.
    """

    row: int
    what: str
    value: float
    at: int


def blank(size: int) -> NDArray[Any]:
    """Records of assets that nothing is known of."""
    return np.zeros(size, LAYOUT)


def spoken(last: Ints, streams: Ints, time: Ints, compared: Flags | None = None) -> Ints:
    """How much later each reading is than the one of its stream before it, in arrival order.

    last holds the time of each stream's last reading (0: none), and is brought up to date. Where
    compared is given and says no, the first reading of a stream has none before it.
    """
    order = np.argsort(streams, kind="stable")
    who, at = streams[order], time[order]
    first = np.r_[True, who[1:] != who[:-1]]
    known = last[who] if compared is None else np.where(compared[order], last[who], 0)
    before = np.where(first, known, np.r_[0, at[:-1]])
    step = np.where(before == 0, 1, at - before)
    ends = np.r_[first[1:], True]
    last[who[ends]] = at[ends]
    found = np.empty_like(step)
    found[order] = step
    return found


def take(
    rows: NDArray[Any], last: Ints, asset_of: Ints, frame: Frame, received_at: int
) -> list[Misconduct]:
    """Takes in an arrival (frame, microseconds since 1970) and gives what begins with it.

    The frame names streams by their rows: in last, and in asset_of, which has their assets'.
    """
    if not len(frame):
        return []
    streams, time = frame["stream_id"].astype(np.int64), frame["time"].astype(np.int64)
    owner = asset_of[streams]
    apart = received_at - rows["received_at"][owner] >= APART
    step = spoken(last, streams, time, apart)
    whom, place, rows_of = np.unique(owner, return_inverse=True, return_counts=True)
    messages = messages_of(streams, place, len(whom))
    shares = [
        np.bincount(place, weights=each, minlength=len(whom)) / rows_of
        for each in (step == 0, step < 0)
    ]
    for name, share in zip(("repeated", "swapped"), shares, strict=True):
        towards(rows, name, whom, share, messages)
    newest = np.full(len(whom), time.min())
    np.maximum.at(newest, place, time)
    late = note_clock(rows, whom, newest, received_at)
    rows["heard"][whom] += 1
    return begun(rows, whom, newest, late)


def repeat(rows: NDArray[Any], last: Ints, asset_of: Ints, again: Frame) -> list[Misconduct]:
    """Takes in what came again and is in no arrival; gives what begins with it.

    again names each stream once, with the newest time of what was repeated and, as value, how
    many readings it was. Whoever sends an old part of its memory once more is not meant.
    """
    again = again[again["time"] >= last[again["stream_id"]] - BEHIND]
    if not len(again):
        return []
    whom, place = np.unique(asset_of[again["stream_id"]], return_inverse=True)
    messages = np.zeros(len(whom), np.int64)
    np.maximum.at(messages, place, again["value"].astype(np.int64))
    newest = np.full(len(whom), again["time"].min())
    np.maximum.at(newest, place, again["time"])
    towards(rows, "repeated", whom, np.ones(len(whom)), np.minimum(messages, BURST))
    late = np.where(rows["behind"][whom] > 0, rows["behind_by"][whom], 0)
    return begun(rows, whom, newest, late)


def towards(rows: NDArray[Any], name: str, whom: Ints, share: Floats, messages: Ints) -> None:
    """Moves a share towards what so many messages say."""
    weight = 1.0 - (1.0 - 1.0 / MEMORY) ** messages
    rows[name][whom] += weight * (share - rows[name][whom])


def messages_of(streams: Ints, place: Ints, size: int) -> Ints:
    """How many messages each asset sent: as many as there are readings of one of its streams."""
    _, of_stream, count = np.unique(streams, return_index=True, return_counts=True)
    messages = np.zeros(size, np.int64)
    np.maximum.at(messages, place[of_stream], count)
    return messages


def note_clock(rows: NDArray[Any], whom: Ints, newest: Ints, received_at: int) -> Ints:
    """Counts messages that are behind by the same; returns by how much each asset is (or 0)."""
    lag = received_at - newest
    rows["lag"][whom], rows["received_at"][whom] = lag, received_at
    if not (lag > BEHIND).any():
        rows["behind"][whom] = 0
        rows["prompt"][whom] += 1
        return np.zeros(len(whom), np.int64)
    off = lag - usual_lag(rows, whom, received_at)
    late = off > BEHIND
    same = late & (rows["behind"][whom] > 0) & (abs(off - rows["behind_by"][whom]) <= STEADY)
    rows["behind"][whom] = np.where(same, rows["behind"][whom] + 1, late)
    for name, now in (("behind_from", newest), ("behind_by", off)):
        rows[name][whom] = np.where(same, rows[name][whom], now)
    rows["prompt"][whom] += ~late
    return np.where(late, off, 0)


def usual_lag(rows: NDArray[Any], whom: Ints, received_at: int) -> Ints:
    """By how much the promptest of the others were behind their arrival, for each of these.

    0 where nobody else was heard lately: then our own clock is the one that is right.
    """
    heard = np.flatnonzero(rows["received_at"] >= received_at - LATELY)
    lags = np.sort(np.maximum(rows["lag"][heard], 0))
    others = len(lags) - 1
    if others == 0:
        return np.zeros(len(whom), np.int64)
    # Where one is itself among the promptest, the next one takes its place.
    place = np.full(len(whom), (others - 1) // PROMPT)
    place += np.maximum(rows["lag"][whom], 0) <= lags[place]
    return np.asarray(lags[place])


def begun(rows: NDArray[Any], whom: Ints, newest: Ints, late: Ints) -> list[Misconduct]:
    """What begins; what goes on is not told again."""
    sure = rows["heard"][whom] >= HEARD
    lasting = newest - rows["behind_from"][whom] >= CLOCK_LASTS
    lasting &= rows["prompt"][whom] >= HEARD
    now = np.stack(
        [
            (rows["behind"][whom] >= CLOCK_MESSAGES) & lasting,
            sure & (rows["repeated"][whom] > REPEATED),
            sure & (rows["swapped"][whom] > SWAPPED),
        ],
        axis=1,
    )
    over = np.stack(
        [
            rows["behind"][whom] == 0,
            rows["repeated"][whom] < OVER,
            rows["swapped"][whom] < OVER,
        ],
        axis=1,
    )
    was = rows["on"][whom]
    rows["on"][whom] = now | (was & ~over)
    values = (late / SECOND, rows["repeated"][whom], rows["swapped"][whom])
    return [
        Misconduct(int(whom[i]), NAMES[which], float(values[which][i]), int((newest + late)[i]))
        for i, which in np.argwhere(now & ~was).tolist()
    ]


def going_on(record: Any) -> list[str]:
    """What one asset does now, by name."""
    return [name for name, on in zip(NAMES, record["on"].tolist(), strict=True) if on]
