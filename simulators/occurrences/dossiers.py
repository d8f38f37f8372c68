"""What goes wrong with dossiers: they stand still, they are stuck between levels, nobody tells of them.

What becomes of the dossiers themselves is in simulators/egov/held_up.py; here is what an office's own
counts show of it.
"""

from typing import Final

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats, Ints
from simulators.egov.books import HOUR, standing, within
from simulators.egov.desk import unit_of
from simulators.egov.events import courses
from simulators.egov.held_up import SILENT, STANDSTILL, STUCK
from simulators.egov.units import CENTRE
from simulators.egov.worktime import NEVER
from simulators.happening import AtFirst, Happening, Occurrence, Reports
from simulators.labels import Nature
from simulators.weather import Weather

CAUGHT_UP_WITHIN: Final = 4 * 24 * HOUR  # half a working day is, over any weekend


def held_up(part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values) -> None:
    """What an office does not finish is in process for longer, overdue, and handed out later."""
    plain, held = courses(unit_of(asset), part)
    due, ended, later = (each.astype(np.float64) for each in (plain.due, plain.ended, held.ended))
    more = _standing(ended, later, at)
    values["dossiers_in_process"] = values["dossiers_in_process"] + more
    overdue = _standing(due, np.maximum(due, later), at) - _standing(
        due, np.maximum(due, ended), at
    )
    values["dossiers_overdue"] = values["dossiers_overdue"] + overdue
    before, now = (_given_out(each.returned, at) for each in (plain, held))
    values["dossiers_returned"] = np.maximum(0.0, values["dossiers_returned"] + now - before)


def office_silent(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """The office's software says nothing, of itself or of dossiers."""
    reports.keep(~part.going_on(reports.at))


def alone(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Return its own part, which shows in all its metrics."""
    return [part.at(asset)]


def _standing(entered: Floats, left: Floats, at: Floats) -> Floats:
    return standing(np.sort(entered), np.sort(left), at)


def _given_out(returned: Ints, at: Floats) -> Floats:
    return within(np.sort(returned[returned != NEVER]).astype(np.float64), at, HOUR)


def _office(asset: Asset) -> bool:
    """Whether it has dossiers of its own: the provincial centre's are its departments'."""
    return asset.kind.metric("dossiers_overdue") is not None and asset.name != CENTRE


def _hands_on(asset: Asset) -> bool:
    return _office(asset) and bool(unit_of(asset).above)


DOSSIERS: Final = (
    Occurrence(
        STANDSTILL, Nature.EVENT, "hồ sơ quá hạn dồn / overdue wave", _office, alone,
        event=held_up, lasts=(12 * HOUR, 48 * HOUR), aftermath=CAUGHT_UP_WITHIN,
    ),
    Occurrence(
        STUCK, Nature.EVENT, "hồ sơ kẹt khi chuyển cấp / hand-overs stuck", _hands_on, alone,
        event=held_up, lasts=(6 * HOUR, 24 * HOUR), aftermath=CAUGHT_UP_WITHIN,
    ),
    Occurrence(
        SILENT, Nature.SENSOR, "một cửa im lặng / one-stop shop silent", _office, alone,
        fault=office_silent, lasts=(HOUR, 4 * HOUR),
    ),
)  # fmt: skip
