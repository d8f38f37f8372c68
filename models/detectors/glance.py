"""A detector that judges and learns at one glance: half the price of looking twice."""

from typing import Any

import numpy as np

from models.detectors.promise import UNSURE, Floats, Ints, Rows, Verdicts, tamed


def taken(rows: Rows, who: Ints) -> Rows:
    """Copies of these records.

    As plain bytes: numpy copies a record field by field otherwise, at ten times the price.
    """
    return rows.view(f"V{rows.dtype.itemsize}").take(who).view(rows.dtype)


def copied(records: Rows) -> Rows:
    """A copy of all of them."""
    return records.view(f"V{records.dtype.itemsize}").copy().view(records.dtype)


def put(rows: Rows, who: Ints, records: Rows) -> None:
    """Writes these records in their places."""
    plain = f"V{rows.dtype.itemsize}"
    rows.view(plain)[who] = records.view(plain)


ALARM = 0.995  # the score of what is just worth an operator's time


def rated(loudness: Floats, alarm: float) -> Floats:
    """The score of a loudness (nats, or whatever adds up): 0 of none, ALARM at `alarm`.

    >>> rated(np.array([0.0, 7.0, 14.0]), alarm=7.0).round(6).tolist()
    [0.0, 0.995, 0.999975]
    """
    return np.asarray(-np.expm1(np.log1p(-ALARM) * loudness / alarm))


class Glance:
    """Keeps `Detector`'s promise for whoever says what is to be seen in samples.

    What is no number is neither judged nor learned. An alarm is said once: a score is 0 unless
    it is news that is loud enough, and `standing` says that the condition goes on. Loud enough
    is `alarm`, or so many times that as is asked of a stream (`ask`).
    """

    name: str
    layout: np.dtype[Any]
    alarm: float
    factors: Floats = np.ones(0)

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts on one sample each of several streams, and their records after it.

        asked is the loudness of an alarm, of each stream.
        """
        raise NotImplementedError

    def ask(self, factors: Floats) -> None:
        """Takes how many times the loudness is asked of all rows, instead of once."""
        self.factors = factors

    def asked(self, who: Ints) -> Floats:
        """The loudness of an alarm, of each stream."""
        asked = np.full(len(who), self.alarm)
        if len(self.factors):
            asked *= self.factors[who]
        return asked

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples; changes nothing."""
        told = ~np.isnan(value)
        verdicts, _ = self.look(
            taken(rows, who), time, tamed(np.where(told, value, 0.0)), self.asked(who)
        )
        score = np.where(told, verdicts.score, UNSURE)
        standing = None if verdicts.standing is None else told & verdicts.standing
        return verdicts._replace(score=score, standing=standing)

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Takes samples in."""
        told = ~np.isnan(value)
        who = who[told]
        _, after = self.look(taken(rows, who), time[told], tamed(value[told]), self.asked(who))
        put(rows, who, after)

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in."""
        if np.isnan(value).any():
            verdicts = self.score(rows, who, time, value)
            self.learn(rows, who, time, value)
            return verdicts
        verdicts, after = self.look(taken(rows, who), time, tamed(value), self.asked(who))
        put(rows, who, after)
        return verdicts
