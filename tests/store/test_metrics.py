from datetime import UTC, datetime

import pytest

from models.frame import frame
from services.store import assets, conversions, metrics, readings, stream_rules, streams
from services.store.metrics import Metric
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import NoSuchRate, RangeUpsideDown, UnitFixed
from services.store.stream_rules import Rule

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def stream(conn: Connection, metric: str, unit: str | None = None) -> int:
    assets.register(conn, [("hub", "unknown")])
    streams.register(conn, [(assets.ids(conn, ["hub"])["hub"], metric, True, None)])
    if unit:
        streams.declare(conn, [("hub", metric, unit)])
    found = streams.find(conn, "hub", metric)
    assert found is not None
    return found


def test_the_city_has_its_metrics_with_titles_and_ranges_in_order(conn: Connection) -> None:
    found = metrics.catalogue(conn)
    assert {"pm25", "level_m", "online", "queue_length"} <= {each.name for each in found}
    assert all(each.title and each.title_en for each in found)
    assert [each.name for each in metrics.catalogue(conn, after="pm1", limit=2)] == ["pm10", "pm25"]


def test_a_stream_has_its_metrics_rules_until_it_has_its_own(conn: Connection) -> None:
    dust = stream(conn, "pm25")
    assert stream_rules.of(conn, [dust]) == [Rule(dust, "ug/m3", 0, 10000, None)]
    streams.settle(conn, dust, streams.Settings(None, None, 900, 5, judged=True))
    assert stream_rules.of(conn, [dust]) == [Rule(dust, "ug/m3", 0, 900, 5)]


def test_a_range_means_nothing_in_another_unit(conn: Connection) -> None:
    wet = stream(conn, "humidity", "%")
    assert stream_rules.of(conn, [wet]) == [Rule(wet, "%", None, None, None)]


def test_what_nobody_knows_has_no_rules(conn: Connection) -> None:
    odd = stream(conn, "oddness")
    assert stream_rules.of(conn, [odd]) == [Rule(odd, None, None, None, None)]


def test_changes_of_a_stream_and_of_its_metric_are_told(pool: Pool) -> None:
    with transaction(pool) as conn:
        dust = stream(conn, "pm25")
        assert dust in [rule.stream_id for rule in stream_rules.since(conn, LONG_AGO)]
        registered_at = clock(conn)
        assert stream_rules.since(conn, registered_at) == []
        metrics.put(conn, Metric("pm25", "ug/m3", 0, 800))
        assert stream_rules.since(conn, registered_at) == [Rule(dust, "ug/m3", 0, 800, None)]
        defined_at = clock(conn)
        streams.settle(conn, dust, streams.Settings(None, 1, None, None, judged=True))
        assert stream_rules.since(conn, defined_at) == [Rule(dust, "ug/m3", 1, 800, None)]


def clock(conn: Connection) -> datetime:
    row = conn.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    assert isinstance(row[0], datetime)
    return row[0]


def test_the_unit_of_stored_readings_does_not_change(pool: Pool) -> None:
    with transaction(pool) as conn:
        dust, free = stream(conn, "pm25"), stream(conn, "flow")
        readings.append(conn, frame([dust], [1], [12.0]), 1)
    said = streams.Settings("mg/m3", None, None, None, judged=True)
    with pytest.raises(UnitFixed, match="readings in ug/m3"), transaction(pool) as conn:
        streams.settle(conn, dust, said)
    with transaction(pool) as conn:
        streams.settle(conn, free, said)
        streams.settle(conn, dust, said._replace(unit="ug/m3"))
        assert streams.fixed(conn, [("hub", "pm25", "g/m3"), ("hub", "flow", "L/s")]) == [
            ("hub", "pm25", "ug/m3")
        ]


def test_streams_keep_their_unit_when_the_catalogue_takes_another(conn: Connection) -> None:
    dust = stream(conn, "pm25")
    assert not metrics.put(conn, Metric("pm25", "mg/m3", 0, 10))
    assert stream_rules.of(conn, [dust]) == [Rule(dust, "ug/m3", None, None, None)]
    assert metrics.put(conn, Metric("new/metric"))
    assert stream_rules.usual_units(conn, ["pm25", "new/metric", "pm10"]) == {
        "pm25": "mg/m3",
        "pm10": "ug/m3",
    }


@pytest.mark.parametrize(
    ("metric", "refusal"),
    [(Metric("x", low=2, high=1), RangeUpsideDown), (Metric("x", max_rate=0), NoSuchRate)],
)
def test_rules_that_cannot_be_are_refused(
    pool: Pool, metric: Metric, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), transaction(pool) as conn:
        metrics.put(conn, metric)


def test_a_suggested_unit_gives_way_to_a_said_one(conn: Connection) -> None:
    odd, said = stream(conn, "oddness"), stream(conn, "other", "m")
    stream_rules.suggest_units(conn, {odd: "lx", said: "km"})
    units = {rule.stream_id: rule.unit for rule in stream_rules.of(conn, [odd, said])}
    assert units == {odd: "lx", said: "m"}


def test_a_conversion_is_recorded_once(conn: Connection) -> None:
    warm = stream(conn, "temperature")
    for _ in range(2):
        conversions.record(conn, [(warm, "[degF]", "Cel", 5 / 9, -160 / 9)])
    (found,) = conversions.of(conn, warm)
    assert (found.from_unit, found.to_unit, found.scale) == ("[degF]", "Cel", 5 / 9)
    conversions.record(conn, [])
    (listed,) = streams.page(conn, asset="hub")
    assert listed.converted_from == ["[degF]"]
