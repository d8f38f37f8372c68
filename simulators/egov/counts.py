"""What other systems count of the same offices, day by day: the index's parts that no dossier tells.

The national portal, the payment gateway and the petition system count for themselves; the platform
imports it. Codes are those of Decision 766; how well a province does is made up after published months.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

import numpy as np

from simulators.dice import bells, even, evens, key_of
from simulators.egov.arrivals import expectations
from simulators.egov.units import Unit
from simulators.egov.worktime import DAY
from simulators.rhythm import LOCAL_OFFSET

SOURCE: Final = "simulators"
HEADER: Final = "unit,code,day,numerator,denominator,source,mark"
BETTER: Final = 0.08  # deviation of an office's shares from its province's
SWING: Final = 0.04  # and of a day's from its office's


class Counted(NamedTuple):
    """A sub-metric: of how many in a dossier's day it is counted, and the share that is well."""

    code: str
    per_dossier: float
    share: float


# Shares that come to some 75 to 85 points of 100, as provinces reported in 2023 and 2024.
COUNTED: Final = (
    Counted("PUBLISH_ON_TIME", 0.05, 0.85),
    Counted("PUBLIC_UPDATE_ON_TIME", 0.05, 0.75),
    Counted("PUBLIC_CONTENT_FULL", 0.20, 0.96),
    Counted("DOSSIER_SYNC", 1.00, 0.72),
    Counted("ONLINE_FULL_SERVICES", 0.30, 0.62),
    Counted("ONLINE_SERVICES_USED", 0.30, 0.55),
    Counted("PAYMENT_FORMALITIES_WITH_DOSSIERS", 0.15, 0.60),
    Counted("PAYMENT_FORMALITIES_PAID", 0.15, 0.66),
    Counted("PAYMENT_DOSSIERS", 0.45, 0.74),
    Counted("DOSSIER_RECEIVING_SATISFACTION", 0.30, 0.93),
    Counted("PETITION_PROCESSING_ON_TIME", 0.02, 0.95),
    Counted("PETITION_HANDLING_SATISFACTION", 0.02, 0.90),
    Counted("PETITION_CLASSIFICATION_TTHC", 0.02, 0.70),
    Counted("PETITION_CLASSIFICATION_STAFF", 0.02, 0.30),
    Counted("ORIGINAL_RESULT_AVAILABLE", 0.85, 0.78),
    Counted("SO_HOA_GIAY_TO_GIAI_QUYET", 0.85, 0.80),
    Counted("ELECTRONIC_CERTIFIED_COPY", 0.10, 0.55),
    Counted("REUSED_DIGITIZED_DATA", 0.60, 0.58),
    Counted("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 0.85, 0.52),
    Counted("CITIZEN_DATA_CONNECTED_DOSSIER", 0.70, 0.83),
    Counted("CITIZEN_DATA_CONNECTED_FORMALITY", 0.20, 0.81),
)


def sheet(offices: Iterable[Unit], since: float, until: float) -> Iterator[str]:
    """Yield the lines of a CSV as `scripts/store egov import` takes it, of whole days, header first."""
    yield f"{HEADER}\n"
    for unit in offices:
        yield from _lines(unit, _day(since), _day(until))


def _lines(unit: Unit, first: int, last: int) -> Iterator[str]:
    days = np.arange(first, last)
    volume = expectations(unit, days).sum(axis=0)
    for each in COUNTED:
        key = key_of(unit.key, "counts", each.code)
        of = np.floor(volume * each.per_dossier + evens(key, days)).astype(np.int64)
        office = each.share + BETTER * (2 * even(key_of(unit.key, "counts")) - 1)
        share = np.clip(office + SWING * bells(key_of(key, "share"), days), 0.0, 1.0)
        well = np.floor(of * share + evens(key_of(key, "well"), days)).astype(np.int64)
        for day, top, bottom in zip(days, np.minimum(well, of), of, strict=True):
            if bottom:
                yield f"{unit.code},{each.code},{_date(int(day))},{top},{bottom},{SOURCE},design\n"


def _day(at: float) -> int:
    return int((at + LOCAL_OFFSET) // DAY)


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
