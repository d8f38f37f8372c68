"""What the reckoning of e-government is told, as CSV files: what each column may say."""

from models.egov.index766 import Empty, Group
from services.store.city_sheets import (
    DATES,
    MARKS,
    NUMBER,
    TEXT,
    Column,
    Row,
    Sheet,
    day,
    number,
    one_of,
)
from services.store.org_sheets import CODE

SYSTEMS = (
    "one-stop", "interconnection", "connector", "documents", "signatures", "portal", "centre",
    "open-data",
)  # fmt: skip
MARKED = {"source": TEXT, "mark": Column(one_of(MARKS))}


def a_weight_can_be_had(row: Row) -> str | None:
    """Why a weight makes no sense, or None."""
    target, most, slope = row["target"], row["max"], row["slope"]
    if not (isinstance(target, float) and 0 < target <= 1):
        return "a target is above 0, up to 1"
    if not (isinstance(most, float) and most >= 0):
        return "max is not below 0"
    return "a slope is above 0" if isinstance(slope, float) and slope <= 0 else None


def counts_are_counts(row: Row) -> str | None:
    """Why counts make no sense, or None."""
    pair = row["numerator"], row["denominator"]
    return None if all(isinstance(each, float) and each >= 0 for each in pair) else "below 0"


def a_share(row: Row) -> str | None:
    """Why a fact is no share, or None."""
    value = row["value"]
    return None if isinstance(value, float) and 0 <= value <= 1 else "a share is from 0 to 1"


def a_grade(row: Row) -> str | None:
    """Why a grade begins nowhere, or None."""
    low = row["low"]
    return None if isinstance(low, float) and 0 <= low <= 100 else "points are from 0 to 100"


def it_weighs(row: Row) -> str | None:
    """Why an input weighs nothing, or None."""
    weight = row["weight"]
    return None if isinstance(weight, float) and weight > 0 else "a weight is above 0"


TITLES = {"title": TEXT, "title_en": TEXT}
SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "index_weights",
            {
                "code": CODE,
                "grouped": Column(one_of(Group)),
                **TITLES,
                "max": NUMBER,
                "target": NUMBER,
                "slope": Column(number, needed=False),
                "empty": Column(one_of(Empty)),
                "resolved": Column(one_of(("yes", "no"))),
                **DATES,
            },
            ("code", "valid_from"),
            a_weight_can_be_had,
        ),
        Sheet("index_grades", {"low": NUMBER, **TITLES, **DATES}, ("low", "valid_from"), a_grade),
        Sheet(
            "index_counts",
            {
                "unit": CODE,
                "code": CODE,
                "day": Column(day),
                "numerator": NUMBER,
                "denominator": NUMBER,
                **MARKED,
            },
            ("unit", "code", "day"),
            counts_are_counts,
        ),
        Sheet(
            "readiness_weights",
            {"code": CODE, **TITLES, "weight": NUMBER, **DATES},
            ("code", "valid_from"),
            it_weighs,
        ),
        Sheet(
            "unit_facts",
            {"unit": CODE, "name": CODE, "value": NUMBER, **DATES},
            ("unit", "name", "valid_from"),
            a_share,
        ),
        Sheet(
            "egov_systems",
            {"asset": CODE, "system": Column(one_of(SYSTEMS)), "unit": CODE, **MARKED},
            ("asset",),
        ),
        Sheet("lunar_new_years", {"day": Column(day), **MARKED}, ("day",)),
    )
}
