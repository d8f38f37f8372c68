"""The organisation, procedures and the calendar as CSV files: what each column may say."""

import re
from datetime import date

from models.egov.worktime import Span
from services.store.city_sheets import (
    DATES,
    MARKS,
    TEXT,
    Column,
    Row,
    Sheet,
    day,
    matching,
    number,
    one_of,
)

KINDS = ("province", "department", "district", "commune")
CODE = Column(matching(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), "code"))
HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
MARKED = {"source": TEXT, "mark": Column(one_of(MARKS))}


def share_of_a_whole(row: Row) -> str | None:
    """Why a succession makes no sense, or None."""
    if row["old"] == row["new"]:
        return "a unit does not take over from itself"
    share = row["share"]
    return None if isinstance(share, float) and 0 < share <= 1 else "a share is above 0, up to 1"


def below_another(row: Row) -> str | None:
    """Why an edge makes no sense, or None."""
    return "a unit does not stand below itself" if row["parent"] == row["child"] else None


def amount_is_whole(row: Row) -> str | None:
    """Why a promise makes no sense, or None."""
    amount = row["amount"]
    whole = isinstance(amount, float) and amount.is_integer() and 0 <= amount <= 10_000
    return None if whole else "an amount is a whole number, not below 0"


def no_plain_day(row: Row) -> str | None:
    """Why a day is no exception, or None."""
    its = row["day"]
    weekend = isinstance(its, date) and its.weekday() >= 5
    return "it works anyway" if row["works"] == "yes" and not weekend else None


def closes_later(row: Row) -> str | None:
    """Why hours make no sense, or None."""
    return None if str(row["opens"]) < str(row["closes"]) else "it closes before it opens"


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "org_units",
            {"code": CODE, "name": TEXT, "kind": Column(one_of(KINDS)), **DATES},
            ("code", "valid_from"),
        ),
        Sheet(
            "org_edges",
            {"parent": CODE, "child": CODE, **DATES},
            ("child", "valid_from"),
            below_another,
        ),
        Sheet(
            "org_successions",
            {"old": CODE, "new": CODE, "share": Column(number), "date": Column(day), **MARKED},
            ("old", "new", "date"),
            share_of_a_whole,
        ),
        Sheet("org_aliases", {"alias": CODE, "unit": CODE}, ("alias",)),
        Sheet(
            "procedures",
            {
                "code": CODE,
                "title": TEXT,
                "field": TEXT,
                "amount": Column(number),
                "span": Column(one_of(Span)),
                **DATES,
            },
            ("code", "valid_from"),
            amount_is_whole,
        ),
        Sheet(
            "calendar_days",
            {"day": Column(day), "works": Column(one_of(("yes", "no"))), "note": TEXT, **MARKED},
            ("day",),
            no_plain_day,
        ),
        Sheet(
            "office_hours",
            {
                "weekday": Column(one_of("1234567")),
                "opens": Column(matching(HOUR, "hour as 07:30")),
                "closes": Column(matching(HOUR, "hour as 07:30")),
                **DATES,
            },
            ("weekday", "opens", "valid_from"),
            closes_later,
        ),
    )
}
