"""The health of connectors, documents that do not move, and units that are not heard."""

from datetime import date, datetime, time, timedelta

import pytest

from models.egov.connector import (
    Level,
    Pair,
    Seen,
    Sign,
    Traffic,
    health,
    values,
)
from models.egov.coverage import Coverage, coverage
from models.egov.documents import waited
from models.egov.worktime import VIETNAM, Calendar

TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = Calendar(((time(7, 30), time(11, 30)), (time(13, 30), time(17))), free=TET)
NOW = datetime(2026, 2, 24, 10, tzinfo=VIETNAM)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=VIETNAM)


def signs(seen: Seen, now: datetime = NOW) -> list[tuple[Sign, Level]]:
    return [(each.sign, each.level) for each in health(CALENDAR, seen, now)]


def test_what_is_not_known_is_not_judged() -> None:
    assert health(CALENDAR, Seen(), NOW) == []
    assert set(values(CALENDAR, Seen(), NOW).values()) == {None}


def test_a_connector_that_works_has_no_findings() -> None:
    well = Seen(Traffic(1000, 3, 0, 0), at(24, 9, 55), at(24, 9, 50), 500, 499, at(28, 0))
    well = well._replace(certificate_until=NOW + timedelta(days=31))
    assert signs(well) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(Traffic(sent=100, failed=2)), (Sign.FAILURES, Level.WARNING)),
        (Seen(Traffic(sent=100, failed=10)), (Sign.FAILURES, Level.ALARM)),
        (Seen(Traffic(sent=100, rejected=5)), (Sign.REJECTS, Level.ALARM)),
        (Seen(Traffic(sent=1000, unverified=6)), (Sign.SIGNATURES, Level.WARNING)),
        (Seen(oldest_unsent_at=at(24, 9, 30)), (Sign.BACKLOG, Level.WARNING)),
        (Seen(oldest_unsent_at=at(23, 20)), (Sign.BACKLOG, Level.ALARM)),
        (Seen(ours=100, theirs=99), (Sign.DIFFERENCE, Level.WARNING)),
        (Seen(ours=0, theirs=50), (Sign.DIFFERENCE, Level.ALARM)),
        (Seen(certificate_until=NOW + timedelta(days=30)), (Sign.CERTIFICATE, Level.WARNING)),
        (Seen(certificate_until=NOW + timedelta(days=7)), (Sign.CERTIFICATE, Level.ALARM)),
        (Seen(certificate_until=NOW - timedelta(days=1)), (Sign.CERTIFICATE, Level.ALARM)),
    ],
)
def test_each_sign_has_its_limits(seen: Seen, expected: tuple[Sign, Level]) -> None:
    assert signs(seen) == [expected]
    [found] = health(CALENDAR, seen, NOW)
    assert all("{" not in sentence and len(sentence) > 20 for sentence in found.sentences)


def test_silence_over_tet_is_no_silence() -> None:
    before = Seen(last_success_at=at(13, 16, 45))
    assert signs(before, at(22, 12)) == []
    assert signs(before, at(23, 7, 35)) == []
    assert signs(before, at(23, 7, 50)) == [(Sign.SILENCE, Level.WARNING)]
    assert signs(before, at(23, 8, 45)) == [(Sign.SILENCE, Level.ALARM)]


def test_of_a_few_transmissions_no_share_is_told() -> None:
    assert signs(Seen(Traffic(sent=19, failed=19))) == []
    assert health(CALENDAR, Seen(Traffic(0, 0)), NOW, fewest=0) == []


def test_alarms_come_first_and_limits_can_be_set() -> None:
    seen = Seen(Traffic(100, 5, 5, 0))
    assert signs(seen) == [(Sign.REJECTS, Level.ALARM), (Sign.FAILURES, Level.WARNING)]
    only = health(CALENDAR, seen, NOW, {Sign.FAILURES: Pair(0.01, 0.02)})
    assert [(each.sign, each.level, each.value) for each in only] == [
        (Sign.FAILURES, Level.ALARM, 0.05)
    ]


def test_a_document_waits_for_working_days_and_not_over_tet() -> None:
    assert waited(CALENDAR, at(13, 9), at(23, 9)) == 1.0
    assert waited(CALENDAR, at(12, 9), at(23, 9)) == 2.0
    assert waited(CALENDAR, at(13, 16, 55), at(23, 7, 30)) < 0.02


def test_coverage_is_counted_from_heartbeats_and_holds_over_tet() -> None:
    heard = {f"d{each}": at(13, 16, 55) for each in range(10)}
    kinds = dict.fromkeys(heard, "district") | {"S01": "department"}
    hour = timedelta(hours=1)
    assert coverage(CALENDAR, kinds, heard, at(23, 8), hour) == [
        Coverage("department", 0, 1, ("S01",)),
        Coverage("district", 10, 10, ()),
    ]
    heard["d3"] = at(13, 9)
    assert coverage(CALENDAR, kinds, heard, at(23, 8), hour)[1] == Coverage(
        "district", 9, 10, ("d3",)
    )
