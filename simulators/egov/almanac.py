"""The calendar that simulated offices keep, as the tables that the store imports."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from simulators.rhythm import SATURDAY, holidays_of, tet_of

YEARS: Final = range(2019, 2031)


def days_off() -> Iterator[str]:
    """Yield the holidays that are no weekend's, as the CSV of calendar_days."""
    yield "day,works,note,source,mark\n"
    for year in YEARS:
        first = date(year, 1, 1)
        days = (first + timedelta(days=each) for each in range(366))
        for day in days:
            if day.year == year and day in holidays_of(year) and day.weekday() < SATURDAY:
                yield f'{day},no,"{holidays_of(year)[day]}",simulated,design\n'


def lunar_new_years() -> Iterator[str]:
    """Yield the first days of lunar years, as the CSV of lunar_new_years."""
    yield "day,source,mark\n"
    yield from (f"{tet_of(year)},simulated,design\n" for year in YEARS)
