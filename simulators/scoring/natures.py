"""Whether the platform took a device's fault for a real event, or the other way round."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from simulators.labels import Nature
from simulators.scoring.case import Case


class Word(StrEnum):
    """What the platform says: the device is wrong, the world is, or it cannot tell."""

    SENSOR = "sensor"
    EVENT = "event"
    UNDECIDED = "undecided"


Confusion = dict[str, dict[str, int]]  # labels, by their nature and by the platform's word

# Where an incident has no word on its nature, which detector spoke is one: silence is a device's,
# or of the way its messages take, and so is what stands still or cannot be; a city's rule speaks of
# the city. What a series' own past or its neighbours find odd may be either, as may a detector that
# is not named here.
DETECTORS: Final = {
    "silence": Word.SENSOR,
    "flatline": Word.SENSOR,
    "reach": Word.SENSOR,
    "flood": Word.EVENT,
    "rain": Word.EVENT,
    "air-quality": Word.EVENT,
    "air-quality-daily": Word.EVENT,
    "noise": Word.EVENT,
    "lighting": Word.EVENT,
    "lighting-group": Word.EVENT,
    "energy": Word.EVENT,
    "waste-fire": Word.EVENT,
    "water-leak": Word.EVENT,
    "traffic": Word.EVENT,
}


def confusion(case: Case) -> Confusion | None:
    """Return how many judged labels that were found got which word; None where none was found.

    A label counts once, however many anomalies it has: a fault of a month is one fault.
    """
    natures = {one.number: one.nature for one in case.incidents if one.nature}
    counts = {nature.value: {word.value: 0 for word in Word} for nature in Nature}
    found = [place for place in case.judged if case.of_label[place]]
    for place in found:
        counts[case.labels[place].nature.value][_word(case, place, natures).value] += 1
    return counts if found else None


def _word(case: Case, label: int, natures: dict[int, str]) -> Word:
    """Return the word on a label: its incidents' where they have one, else its detectors'."""
    spoke = [case.anomalies[place] for place in case.of_label[label]]
    said = {natures[one.incident] for one in spoke if one.incident in natures}
    if said:
        return agreed(Word(nature) if nature in set(Word) else Word.UNDECIDED for nature in said)
    return agreed(DETECTORS.get(one.detector, Word.UNDECIDED) for one in spoke)


def agreed(words: Iterable[Word]) -> Word:
    """Return the one word that was said beside undecided; undecided where two were, or none.

    >>> agreed([Word.UNDECIDED, Word.SENSOR]).value, agreed([Word.EVENT, Word.SENSOR]).value
    ('sensor', 'undecided')
    """
    decided = set(words) - {Word.UNDECIDED}
    return decided.pop() if len(decided) == 1 else Word.UNDECIDED
