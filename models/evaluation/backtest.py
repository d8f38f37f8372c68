"""Runs the ensemble over very many series in chunks, wherever an executor has hands for them.

What comes back from a chunk is a histogram, not its scores: so that the loudness to ask of an
alarm can be chosen for any number of alarms, and twenty thousand series come back as one line.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial, reduce
from itertools import islice
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from models.detectors.ensemble import ALARM, GREATEST, WEIGHTS, Ensemble, Settings
from models.detectors.promise import Floats, Ints
from models.evaluation import streaming
from models.reading import DAY

STEPS = 200  # of the histogram, from 0 to all that loudness can be
LOUDEST = float((GREATEST**0.7 * WEIGHTS).sum())
AT_ONCE = 4  # chunks handed out and not back yet, for each hand: memory stays small


class Chunk(NamedTuple):
    """Some series: times in microseconds, rising, and as many values."""

    times: Sequence[Ints]
    values: Sequence[Floats]


class Told(NamedTuple):
    """What was seen in series together. heard counts samples by loudness, in STEPS."""

    series: int
    samples: int
    stream_days: float
    heard: NDArray[np.int64]

    def plus(self, other: Self) -> "Told":
        """Both together."""
        return Told(
            self.series + other.series,
            self.samples + other.samples,
            self.stream_days + other.stream_days,
            self.heard + other.heard,
        )


NOTHING = Told(0, 0, 0.0, np.zeros(STEPS, np.int64))
Source = Callable[[], Chunk]


def backtest(
    sources: Iterable[Source],
    executor: Executor,
    hands: int,
    settings: Settings = Settings(),  # noqa: B008
) -> Told:
    """What the ensemble hears in all chunks; `hands` of them are worked on at a time.

    The executor is concurrent.futures' own or dask's (Client.get_executor()): sources are called
    where the work is done, so that data need not travel.
    """
    work = partial(told, settings)
    waiting, totals = iter(sources), NOTHING
    while batch := list(islice(waiting, AT_ONCE * hands)):
        totals = reduce(Told.plus, executor.map(work, batch), totals)
    return totals


def told(settings: Settings, source: Source) -> Told:
    """What the ensemble hears in one chunk."""
    chunk = source()
    lasting = sum(float(time[-1] - time[0]) / DAY for time in chunk.times if len(time))
    heard = np.zeros(STEPS, np.int64)
    for score in streaming.scores(Ensemble(settings), chunk.times, chunk.values):
        heard += np.bincount(step_of(loudness(score, settings)), minlength=STEPS)
    return Told(len(chunk.times), sum(map(len, chunk.times)), lasting, heard)


def loudness(score: Floats, settings: Settings) -> Floats:
    """The loudness that was given this score: the ensemble's own formula, turned round."""
    least = np.maximum(1.0 - score, np.finfo(float).tiny)
    back: Floats = settings.alarm * np.log(least) / np.log1p(-ALARM)
    return back


def step_of(loud: Floats) -> Ints:
    """The place in the histogram."""
    step: Ints = np.clip(loud / LOUDEST * STEPS, 0, STEPS - 1).astype(np.int64)
    return step


def alarms(found: Told, settings: Settings) -> int:
    """How many alarms these settings raise, to the width of a step."""
    return int(found.heard[step_of(np.array([settings.alarm]))[0] :].sum())


def alarm_for(found: Told, a_week: float) -> float:
    """The least loudness to ask for, so that a stream alarms at most so often a week.

    To the width of a step, on the side of fewer alarms. Beyond the loudest there is no alarm.

    >>> quiet = NOTHING._replace(stream_days=7.0, heard=np.eye(1, STEPS, 3, np.int64)[0])
    >>> alarm_for(quiet, 1.0), round(alarm_for(quiet, 0.5), 3) == round(4 * LOUDEST / STEPS, 3)
    (0.0, True)
    """
    above = np.cumsum(found.heard[::-1])[::-1]
    many = np.flatnonzero(above > a_week * found.stream_days / 7)
    # Samples that are not heard at all stand in the first step: no threshold counts those.
    return float((many[-1] + 1) * LOUDEST / STEPS) if len(many) else 0.0


def summary(found: Told, a_week: float) -> dict[str, float]:
    """What a person wants to know: loudness, and alarms a stream and week, now and as chosen."""
    now = Settings()
    weeks = max(found.stream_days / 7, 1e-9)
    chosen = alarm_for(found, a_week)
    return {
        "series": found.series,
        "samples": found.samples,
        "stream_days": round(found.stream_days, 1),
        "alarm": now.alarm,
        "alarms_a_week": round(alarms(found, now) / weeks, 4),
        "chosen_alarm": round(chosen, 3),
        "chosen_alarms_a_week": round(alarms(found, now._replace(alarm=chosen)) / weeks, 4),
    }


def chunked(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The names, so many at a time."""
    return (names[first : first + size] for first in range(0, len(names), size))
