"""Each of the eight systems: its simulated fault is one alarm that lasts, in two languages."""

from datetime import date

import pytest

from models.city.book import Book, Parameter
from models.egov.derived.rules import SERVICE_RULES
from models.egov.worktime import Calendar
from models.incident import Severity
from tests.models.egov.services import Fault, played

BOOK = Book()
BY_NAME = {rule.name: rule for rule in SERVICE_RULES}
HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM
# Which rule tells which fault.
FAULTS = (
    ("connector", Fault("connector-down", "connector-finance", "2026-03-10 09:00", 3, HIGH)),
    ("connector", Fault("connector-slow", "connector-justice", "2026-03-10 09:00", 3, MEDIUM)),
    ("connector", Fault("connector-rejecting", "connector-justice", "2026-03-10 09:00", 3, HIGH)),
    ("connector", Fault("records-differ", "connector-planning", "2026-03-10 09:00", 3, MEDIUM)),
    (
        "connector",
        Fault("certificate-expiring", "connector-transport", "2026-03-10 09:00", 3, MEDIUM),
    ),
    ("portal", Fault("portal-outage", "portal-dvc", "2026-03-10 09:00", 2, HIGH)),
    ("portal", Fault("portal-outage", "app-4g", "2026-03-10 19:00", 2, HIGH)),
    ("portal", Fault("app-crashing", "app-4g", "2026-03-10 09:00", 2, MEDIUM)),
    ("connector", Fault("link-stuck", "link-planning", "2026-03-10 09:00", 3, HIGH)),
    ("portal", Fault("portal-outage", "portal-open-data", "2026-03-10 21:00", 2, HIGH)),
    ("signing", Fault("signature-failing", "signature-service", "2026-03-10 09:00", 2, HIGH)),
    ("counters", Fault("counter-queue", "onestop-yen-the", "2026-03-10 08:30", 3, HIGH)),
    ("idle", Fault("office-idle", "onestop-yen-the", "2026-03-10 08:00", 3, HIGH)),
    ("documents", Fault("documents-stuck", "document-exchange", "2026-03-10 09:00", 56, MEDIUM)),
    ("hand-overs", Fault("handovers-stuck", "onestop-yen-the", "2026-03-10 09:00", 56, MEDIUM)),
    ("overdue", Fault("overdue-wave", "onestop-dept-03", "2026-03-10 08:00", 8, HIGH)),
)


@pytest.mark.parametrize(("rule", "fault"), FAULTS)
def test_a_fault_is_one_alarm_that_lasts_and_says_what_it_is(rule: str, fault: Fault) -> None:
    found, without, begun = played(BY_NAME[rule], fault, BOOK)
    assert not [each for each in without if each.alarm]
    alarms = [each for each in found if each.alarm]
    assert alarms
    assert all(each.time + BY_NAME[rule].step > begun for each in alarms)
    assert {each.metric for each in alarms} == {BY_NAME[rule].outputs[0]}
    first = found.index(alarms[0])
    assert all(each.alarm for each in found[first:]), "it does not come and go"
    worst = max(alarms, key=lambda each: each.value)
    assert worst.alarm is not None
    assert worst.alarm.severity is fault.grave
    vi, en = str(worst.inputs["vi"]), str(worst.inputs["en"])
    assert vi != en
    assert any(letter.isdigit() for letter in vi)
    assert any(letter.isdigit() for letter in en)


def test_all_eight_systems_have_a_rule() -> None:
    assert {each[0] for each in FAULTS} == set(BY_NAME)
    for rule in SERVICE_RULES:
        assert rule.alarms == frozenset(rule.outputs)
        assert len(rule.outputs) == 1


@pytest.mark.parametrize("name", ["connector", "idle"])
def test_silence_is_no_silence_on_a_free_day(name: str) -> None:
    kind, asset = {
        "connector": ("connector-down", "connector-finance"),
        "idle": ("office-idle", "onestop-yen-the"),
    }[name]
    free = Book(calendar=Calendar(BOOK.calendar.hours, weekend=frozenset(range(7)) - {0}))
    found, _, _ = played(BY_NAME[name], Fault(kind, asset, "2026-03-10 09:00", 2, HIGH), free)
    said = " ".join(str(each.inputs) for each in found if each.alarm)
    assert "silence" not in said
    assert "hành chính" not in said


def test_a_limit_is_a_line_of_data() -> None:
    rows = [Parameter("signing", name, 0.99, date(2020, 1, 1)) for name in ("warning", "alarm")]
    patient = Book(parameters=rows)
    fault = Fault("signature-failing", "signature-service", "2026-03-10 09:00", 2, HIGH)
    found, _, _ = played(BY_NAME["signing"], fault, patient)
    assert not [each for each in found if each.alarm]
