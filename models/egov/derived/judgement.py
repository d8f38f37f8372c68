"""What a rule has to say of a service: how grave, and a sentence in Vietnamese and in English."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.city.derivation import Alarm, Derived, Json
from models.incident import GRAVER, Severity

FINE = ("Hoạt động bình thường", "In order")


class Judgement(NamedTuple):
    """Something wrong."""

    severity: Severity
    vi: str
    en: str


def health(
    metric: str, time: int, found: Sequence[Judgement], inputs: Mapping[str, Json]
) -> Derived:
    """A reading of a service's health: 0 in order, 1 to 3 as grave as the gravest.

    One stream a service, so that all that comes of one fault is one incident. Its inputs have the
    gravest's words as vi and en, and all others' in `also`.
    """
    ordered = sorted(found, key=lambda each: -GRAVER.index(each.severity))
    vi, en = ordered[0][1:] if ordered else FINE
    also: Json = [{"vi": each.vi, "en": each.en} for each in ordered[1:]]
    said: dict[str, Json] = {"vi": vi, "en": en, **inputs}
    if ordered[1:]:
        said["also"] = also
    value = GRAVER.index(ordered[0].severity) + 1 if ordered else 0
    alarm = Alarm(ordered[0].severity) if ordered else None
    return Derived(metric, time, value, said, alarm)
