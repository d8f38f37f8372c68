"""The tables `procedures` and `calendar_days`: how long what is asked for may take, and when offices work."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from models.egov.worktime import OFFICE_HOURS, VIETNAM, Calendar, Span, Term
from services.store.pool import Connection


class Promise(NamedTuple):
    """How long a procedure may take in a stretch of time."""

    valid_from: date
    valid_to: date | None
    term: Term


class RuleBook(NamedTuple):
    """What dossiers are judged by: the calendar, and the terms of procedures with their dates."""

    calendar: Calendar
    promises: dict[str, list[Promise]]

    def term(self, procedure: str, at: datetime) -> Term | None:
        """How long a procedure may take that begins then; None where nobody has said it."""
        day = at.astimezone(VIETNAM).date()
        for each in self.promises.get(procedure, ()):
            if each.valid_from <= day and (each.valid_to is None or day < each.valid_to):
                return each.term
        return None


def known(conn: Connection, codes: Iterable[str]) -> set[str]:
    """Those of these procedures that there are or were."""
    rows = conn.execute(
        "SELECT DISTINCT code FROM procedures WHERE code = ANY(%s)", [sorted(set(codes))]
    )
    return {str(code) for (code,) in rows}


def calendar(conn: Connection) -> Calendar:
    """When offices work, by the days off and the swapped ones that the store knows."""
    rows = conn.execute("SELECT day, works FROM calendar_days").fetchall()
    days = [(day, works) for day, works in rows if isinstance(day, date)]
    return Calendar(
        OFFICE_HOURS,
        free=frozenset(day for day, works in days if not works),
        extra=frozenset(day for day, works in days if works),
    )


def rules(conn: Connection, codes: Iterable[str]) -> RuleBook:
    """The calendar, and what these procedures are promised in."""
    rows = conn.execute(
        """SELECT code, valid_from, valid_to, amount, span FROM procedures
           WHERE code = ANY(%s) ORDER BY code, valid_from""",
        [sorted(set(codes))],
    )
    promises: dict[str, list[Promise]] = {}
    for code, since, until, amount, span in rows:
        term = Term(int(str(amount)), Span(str(span)))
        promise = Promise(
            date.fromisoformat(str(since)), until if isinstance(until, date) else None, term
        )
        promises.setdefault(str(code), []).append(promise)
    return RuleBook(calendar(conn), promises)
