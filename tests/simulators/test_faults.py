"""What a fault makes of a report."""

import pytest

from simulators.asset import Asset
from simulators.city import City
from simulators.faults.catalogue import BadFault, fault
from simulators.faults.fault import Fault
from simulators.fleet import fleet

BEGIN = 1_772_420_400.0  # half past nine on a Monday morning
CITY = City(fleet(60, 1), 12, 1)


def asset(name: str) -> Asset:
    return next(one for one in CITY.assets if one.name == name)


def reported(happening: Fault, after: float) -> dict[str, float]:
    found = CITY.report(asset(happening.asset), BEGIN + after, happening)
    assert found is not None
    return found


def healthy(name: str, after: float) -> dict[str, float]:
    return asset(name).report(BEGIN + after, CITY.weather)


def test_a_spike_rises_to_its_peak_in_the_middle_and_leaves_the_rest_alone() -> None:
    spike = fault("spike", asset("air-bac-giang-1"), BEGIN, 100, "pm25")
    over = [
        reported(spike, after)["pm25"] - healthy("air-bac-giang-1", after)["pm25"]
        for after in (0, 25, 50, 75)
    ]
    assert over[0] == 0
    assert over[2] == pytest.approx(70, abs=0.2)
    assert over[1] == pytest.approx(over[3], abs=0.2)
    assert reported(spike, 50)["pm10"] == healthy("air-bac-giang-1", 50)["pm10"]


def test_a_shift_stays_beside_the_truth_within_the_metrics_bounds() -> None:
    shift = fault("shift", asset("air-bac-giang-1"), BEGIN, 100, "humidity")
    for after in (0, 50, 99):
        apart = reported(shift, after)["humidity"] - healthy("air-bac-giang-1", after)["humidity"]
        assert abs(apart) == pytest.approx(0.16, abs=0.002)
        assert 0 <= reported(shift, after)["humidity"] <= 1


def test_what_is_stuck_repeats_what_it_began_with() -> None:
    stuck = fault("stuck", asset("traffic-yen-the-1"), BEGIN, 100, None)
    assert reported(stuck, 0) == reported(stuck, 70) == healthy("traffic-yen-the-1", 0)


def test_silence_is_no_report_at_all() -> None:
    silence = fault("silence", asset("dap-cau"), BEGIN, 100, None)
    assert CITY.report(asset("dap-cau"), BEGIN + 5, silence) is None


def test_an_overloaded_service_answers_late_and_queues() -> None:
    overload = fault("overload", asset("onestop-province"), BEGIN, 100, None)
    well, ill = healthy("onestop-province", 10), reported(overload, 10)
    assert ill["latency_ms"] > 5 * well["latency_ms"]
    assert ill["queue_length"] > 2 * well["queue_length"]
    assert ill["errors"] > 5
    assert ill["dossiers_overdue"] == well["dossiers_overdue"]


def test_a_service_that_is_down_fails_every_request() -> None:
    down = fault("down", asset("connector-justice"), BEGIN, 100, None)
    ill = reported(down, 60)
    assert ill["errors"] == ill["requests"] > 0
    assert ill["latency_ms"] == 30_000
    assert set(ill) == set(healthy("connector-justice", 60))


def test_a_fault_has_a_beginning_and_an_end() -> None:
    one = fault("shift", asset("dap-cau"), BEGIN, 60, "level_m")
    assert [one.active(BEGIN + after) for after in (-1, 0, 59, 60)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("kind", "name", "metric", "seconds", "sentence"),
    [
        ("flood", "dap-cau", None, 60, "there is no fault 'flood'"),
        ("down", "dap-cau", None, 60, "dap-cau is no service"),
        ("spike", "dap-cau", "pm25", 60, "dap-cau has no metric 'pm25': it has level_m"),
        ("spike", "dap-cau", None, 0, "lasts some time"),
    ],
)
def test_a_fault_that_cannot_be_had_is_refused(
    kind: str, name: str, metric: str | None, seconds: float, sentence: str
) -> None:
    with pytest.raises(BadFault, match=sentence):
        fault(kind, asset(name), BEGIN, seconds, metric)
