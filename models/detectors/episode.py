"""One alarm an episode, and fewer for a stream that alarms often.

After a loud moment a stream has to be `louder` times as loud to be heard again; what is asked
of it fades over an episode. Episodes grow with a stream's age: what is odd in its first week
may be so daily, what is odd in its second year should not be so hourly. Each
alarm makes the stream's later ones count less, for a while.
"""

from typing import NamedTuple

import numpy as np

from models.detectors.promise import Floats, Ints, Rows

LAYOUT = [("loudest", "<f4"), ("tired", "<f4")]


class Manners(NamedTuple):
    """How alarms are spaced; all lengths in samples.

    least is the loudness that opens an episode, `louder` the times louder a moment within one
    has to be. An episode lasts `shortest`, or `share` of a stream's age if that is longer.
    Each alarm takes `tiring` off later ones, forgotten over `rest`, or `rest_share` of the age.
    """

    least: float
    louder: float
    shortest: float
    share: float
    tiring: float
    rest: float
    rest_share: float


class Told(NamedTuple):
    """What is told of one sample each of several streams, and what was told before: arrays."""

    loud: Floats  # what is left of the loudness; 0 within an episode
    loudness: Floats
    loudest: Floats  # as far as it is remembered
    tired: Floats


def heard(rows: Rows, who: Ints, age: Ints, loudness: Floats, manners: Manners) -> Told:
    """What is left of the loudness of each stream's sample."""
    length = np.maximum(manners.share * age, manners.shortest)
    rest = np.maximum(manners.rest_share * age, manners.rest)
    loudest = rows["loudest"][who] * (1.0 - 1.0 / length)
    tired = rows["tired"][who] * (1.0 - 1.0 / rest)
    news = (loudness > manners.least) & (loudness > manners.louder * loudest)
    loud = np.where(news, loudness / (1.0 + manners.tiring * tired), 0.0)
    return Told(loud, loudness, loudest, tired)


def learn(rows: Rows, who: Ints, told: Told) -> None:
    """Takes in what was told."""
    news = told.loud > 0
    rows["loudest"][who] = np.where(news, told.loudness, told.loudest)
    rows["tired"][who] = told.tired + news
