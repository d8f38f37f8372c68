"""The stand-in for Grafana's own work on a query."""

from datetime import UTC, datetime

import pytest

from tests.dashboards.grafana import ALL, Look, Variable

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2026, 1, 1, 6, tzinfo=UTC)
KIND = Variable("kind", (ALL,), ("air", "o'hare"), multi=True, include_all=True)
AREA = Variable("area", ("213",))
LOOK = Look(SINCE, UNTIL, "5m", {"kind": KIND, "area": AREA})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("$__timeFilter(time)", "time BETWEEN '2026-01-01T00:00:00Z' AND '2026-01-01T06:00:00Z'"),
        ("$__timeFrom() $__timeTo()", "'2026-01-01T00:00:00Z' '2026-01-01T06:00:00Z'"),
        ("$__timeGroup(time,$__interval) AS t", "time_bucket('300.000s',time) AS t"),
        ("$__timeGroup(time, '1h'), x", "time_bucket('3600.000s',time) AS \"time\", x"),
        ("$__timeGroupAlias(time,5m)", "time_bucket('300.000s',time) AS \"time\""),
        ("$__interval_ms > '$__interval'", "300000 > '5m'"),
        ("$__unixEpochFilter(at)", "at >= 1767225600 AND at <= 1767247200"),
        ("x IN ($kind)", "x IN ('air','o''hare')"),
        ("x IN (${kind:sqlstring})", "x IN ('air','o''hare')"),
        ("[[area]] ${area} ${area:sqlstring}", "213 213 '213'"),
        ("${kind:csv} ${kind:pipe}", "air,o'hare air|o'hare"),
        ("${kind:json} ${kind:doublequote}", '["air", "o\'hare"] "air","o\'hare"'),
        ("${kind:singlequote}", r"'air','o\'hare'"),
    ],
)
def test_a_query_reads_as_grafana_would_send_it(sql: str, expected: str) -> None:
    assert LOOK.expanded(sql) == expected


@pytest.mark.parametrize("sql", ["$__nothing(time)", "$unknown(x)", "${nobody}", "$__interval_s"])
def test_what_grafana_does_not_know_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match=r"Grafana has no macro|nothing stands for"):
        LOOK.expanded(sql)


def test_a_custom_all_value_is_put_in_as_it_is() -> None:
    free = Variable("kind", (ALL,), ("air",), multi=True, include_all=True, all_value="kind")
    assert Look(SINCE, UNTIL, variables={"kind": free}).expanded("${kind:sqlstring}") == "kind"


def test_one_value_of_a_multiple_choice_is_quoted_too() -> None:
    one = Variable("kind", ("air",), multi=True, include_all=True)
    assert Look(SINCE, UNTIL, variables={"kind": one}).expanded("$kind") == "'air'"
