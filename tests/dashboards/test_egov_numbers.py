"""What the e-government panels say is what was reckoned."""

import pytest

from dashboards.texts import connectors, egov_load, index766, portals, readiness
from tests.dashboards.test_numbers import Ask, lines_of_all, one_row, shown

__all__ = ["shown"]


def test_levels_are_added_up_of_what_is_each_units_own(shown: Ask) -> None:
    assert one_row(shown(egov_load.NOW)) == {"submitted": 0, "running": 12, "due_soon": 6}
    late = one_row(shown(egov_load.LATE, unit="213"))
    assert (late["overdue"], late["overdue_long"]) == (2, 1)
    assert late["on_time_share"] == pytest.approx(17 / 18)
    told = shown(egov_load.BY_LEVEL)
    assert set(told.column("level")) == {"Sở, ngành", "Huyện, thành phố", "Xã, phường"}
    assert set(told.column("overdue")) == {2}


def test_a_day_has_what_came_and_what_was_done(shown: Ask) -> None:
    found = lines_of_all(shown(egov_load.FLOW, hours=72, unit="213"))
    assert {name: set(values) for name, values in found.items()} == {
        "received": {20},
        "ended": {18},
        "returned": {15},
    }


def test_a_forecast_goes_on_where_the_counts_end(shown: Ask) -> None:
    found = lines_of_all(shown(egov_load.FORECAST, hours=24))
    assert set(found[egov_load.ACTUAL.vi]) == {11}
    assert set(found[egov_load.EXPECTED.vi]) == {10}
    ahead = shown(egov_load.OVERDUE_AHEAD)
    assert ahead.column("expected") == [6] * 5


def test_what_is_not_assessed_has_no_bar(shown: Ask) -> None:
    bars = dict(shown(index766.GROUPS, unit="24").rows)
    assert bars["Thanh toán trực tuyến: - / 10"] is None
    assert bars["Tiến độ giải quyết: 18.0 / 20"] == pytest.approx(0.9)
    told = one_row(shown(index766.NOW, unit="24"))
    assert (told["score"], told["lost"]) == (81, 9)
    assert told["of_assessed"] == pytest.approx(0.9)


def test_lost_points_lead_to_the_procedures_and_dossiers_that_cost_them(shown: Ask) -> None:
    """Of the province: its department, and what the units of 2019 left to it."""
    told = one_row(shown(index766.PROCEDURES, unit="24"))
    assert told["procedure"] == "Đăng ký khai sinh"
    assert told["still_open"] == 6
    rows = shown(index766.DOSSIERS, unit="S02")
    assert set(rows.column("name")) == {"Sở Nội vụ"}
    assert set(rows.column("dossier_state")) <= {"open", "closed"}
    assert rows.column("late_days") == sorted(rows.column("late_days"), reverse=True)


def test_coverage_is_of_all_that_the_register_knows(shown: Ask) -> None:
    titles = shown(readiness.COVERAGE).column("title")
    assert sorted(each.partition(": ")[2].partition(" / ")[2] for each in titles) == [
        "1", "10", "19", "230"
    ]  # fmt: skip
    assert "Huyện, thành phố: 2 / 10" in titles


def test_a_share_of_failures_is_that_of_each_system(shown: Ask) -> None:
    found = lines_of_all(shown(portals.FAILURES))
    assert found["signature-service"] == pytest.approx([0.05] * len(found["signature-service"]))
    [row] = [row for row in shown(connectors.NOW).rows if row[1] == "connector-finance"]
    assert row[2] == 2
