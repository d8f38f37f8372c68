"""The tables `procedures`, `office_hours`, `calendar_days`: how long what is asked for may take, and when offices work."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from psycopg.rows import args_row

from models.egov.worktime import MONDAY, VIETNAM, Calendar, Span, Term, Timetable
from services.store.pool import Connection


class NoOfficeHours(Exception):
    """Nobody has said when offices work."""


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
    """When offices work: the hours of weekdays, days off and swapped ones that the store knows.

    Raises NoOfficeHours where it knows of no hours at all.
    """
    free, extra = special_days(conn)
    return the_same(timetables(conn), free, extra)


def special_days(conn: Connection) -> tuple[frozenset[date], frozenset[date]]:
    """The days off besides weekends, and the days of weekends that are worked."""
    rows = conn.execute("SELECT day, works FROM calendar_days").fetchall()
    days = [(day, works) for day, works in rows if isinstance(day, date)]
    return (
        frozenset(day for day, works in days if not works),
        frozenset(day for day, works in days if works),
    )


@lru_cache(maxsize=4)
def the_same(
    tables: tuple[Timetable, ...], free: frozenset[date], extra: frozenset[date]
) -> Calendar:
    """One calendar for the same days: it is looked up for every dossier, and so by what it is.

    A day is as long as a Monday by the last hours that are known.
    """
    mondays = [each for each in tables if MONDAY in each.weekdays]
    ordinary = max(mondays or tables, key=lambda each: each.valid_from).hours
    return Calendar(ordinary, free=free, extra=extra, timetables=tables).checked()


def timetables(conn: Connection) -> tuple[Timetable, ...]:
    """The hours of all weekdays, as they are and as they were. Raises NoOfficeHours."""
    with conn.cursor(row_factory=args_row(Timetable)) as cursor:
        rows = cursor.execute(
            """SELECT array_agg(weekday - 1 ORDER BY weekday), hours, valid_from, valid_to
               FROM (SELECT weekday, valid_from, valid_to,
                            array_agg(ARRAY[opens, closes] ORDER BY opens) AS hours
                     FROM office_hours GROUP BY 1, 2, 3) AS days
               GROUP BY hours, valid_from, valid_to ORDER BY valid_from, min(weekday)"""
        ).fetchall()
    if not rows:
        raise NoOfficeHours("office_hours is empty: import hours (scripts/store units import)")
    return tuple(
        Timetable(
            frozenset(each.weekdays),
            tuple((opens, closes) for opens, closes in each.hours),
            each.valid_from,
            each.valid_to,
        )
        for each in rows
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
