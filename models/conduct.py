"""How a device delivers: with a clock that is wrong, in another order, everything many times.

None of it shows in the values. Every arrival is looked at in the order in which it came, per
stream, and counted per asset.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.frame import Frame
from models.reading import MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A message so much older than its arrival was kept back, or dated by a wrong clock; ingest's own
# batches and a gateway's take seconds.
BEHIND = 15 * MINUTE
# So many messages in a row, each in an arrival of its own: a buffer that is emptied comes at once.
CLOCK_MESSAGES = 3
MEMORY = 10.0  # messages that a share is reckoned over
# Repeated: now and then a broker delivers twice, a storm does so with every message.
REPEATED = 0.6
# Swapped: two messages that overtake each other are one in many; at random every other one is.
SWAPPED = 0.18
HEARD = 6  # messages before a share says anything
OVER = 0.05  # a share below it is over

# Of one asset: the newest time; whether each conduct goes on; how many messages in a row were
# behind and in which arrival the last was; the shares.
LAYOUT = np.dtype(
    [
        ("heard", "<i8"),
        ("behind", "<i4"),
        ("behind_at", "<i8"),
        ("repeated", "<f8"),
        ("swapped", "<f8"),
        ("on", "?", 3),
    ]
)
CLOCK, REPEATS, DISORDER = range(3)
NAMES = ("clock", "repeats", "disorder")


class Misconduct(NamedTuple):
    """What an asset began to do; value is seconds behind, or the share of its messages."""

    row: int
    what: str
    value: float


def blank(size: int) -> NDArray[Any]:
    """Records of assets that nothing is known of."""
    return np.zeros(size, LAYOUT)


def spoken(last: Ints, streams: Ints, time: Ints) -> Ints:
    """How much later each reading is than the one of its stream before it, in arrival order.

    last holds the time of each stream's last reading (0: none), and is brought up to date.
    """
    order = np.argsort(streams, kind="stable")
    who, at = streams[order], time[order]
    first = np.r_[True, who[1:] != who[:-1]]
    before = np.where(first, last[who], np.r_[0, at[:-1]])
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
    streams, time = frame["stream_id"].astype(np.int64), frame["time"].astype(np.int64)
    step = spoken(last, streams, time)
    whom, place, rows_of = np.unique(asset_of[streams], return_inverse=True, return_counts=True)
    messages = messages_of(streams, place, len(whom))
    shares = [
        np.bincount(place, weights=each, minlength=len(whom)) / rows_of
        for each in (step == 0, step < 0)
    ]
    weight = 1.0 - (1.0 - 1.0 / MEMORY) ** messages
    for name, share in zip(("repeated", "swapped"), shares, strict=True):
        rows[name][whom] += weight * (share - rows[name][whom])
    newest = np.zeros(len(whom), np.int64)
    np.maximum.at(newest, place, time)
    late = newest < received_at - BEHIND
    rows["behind"][whom] = np.where(late, rows["behind"][whom] + 1, 0)
    rows["heard"][whom] += 1
    return list(begun(rows, whom, (received_at - newest) / 1e6))


def messages_of(streams: Ints, place: Ints, size: int) -> Ints:
    """How many messages each asset sent: as many as there are readings of one of its streams."""
    _, of_stream, count = np.unique(streams, return_index=True, return_counts=True)
    messages = np.zeros(size, np.int64)
    np.maximum.at(messages, place[of_stream], count)
    return messages


def begun(rows: NDArray[Any], whom: Ints, off: Floats) -> list[Misconduct]:
    """What begins; what goes on is not told again."""
    sure = rows["heard"][whom] >= HEARD
    now = np.stack(
        [
            rows["behind"][whom] >= CLOCK_MESSAGES,
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
    values = (off, rows["repeated"][whom], rows["swapped"][whom])
    return [
        Misconduct(int(whom[i]), NAMES[which], float(values[which][i]))
        for i, which in np.argwhere(now & ~was).tolist()
    ]
