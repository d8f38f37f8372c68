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


def faded(rows: Rows, age: Ints, manners: Manners) -> tuple[Floats, Floats]:
    """The loudness still remembered, and the tiredness left, one sample later."""
    length = np.maximum(manners.share * age, manners.shortest)
    rest = np.maximum(manners.rest_share * age, manners.rest)
    return rows["loudest"] * (1.0 - 1.0 / length), rows["tired"] * (1.0 - 1.0 / rest)


def heard(rows: Rows, age: Ints, loudness: Floats, manners: Manners) -> Floats:
    """What is left of the loudness of each stream's sample; 0 within an episode."""
    loudest, tired = faded(rows, age, manners)
    news = (loudness > manners.least) & (loudness > manners.louder * loudest)
    return np.where(news, loudness / (1.0 + manners.tiring * tired), 0.0)


def learned(rows: Rows, age: Ints, loudness: Floats, manners: Manners) -> Rows:
    """The records after samples of this loudness."""
    news = heard(rows, age, loudness, manners) > 0
    loudest, tired = faded(rows, age, manners)
    after = rows.copy()
    after["loudest"] = np.where(news, loudness, loudest)
    after["tired"] = tired + news
    return after
