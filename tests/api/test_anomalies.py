import httpx
import pytest

from services.store import anomalies
from services.store.anomalies import Anomaly
from services.store.pool import Connection
from tests.api import city


@pytest.fixture
def spiked(store: Connection) -> str:
    """The name of an asset with an anomaly."""
    name = city.newcomer(store)
    city.raise_incident(store, name)
    return name


def test_an_anomaly_says_what_was_expected(viewer: httpx.Client, spiked: str) -> None:
    (anomaly,) = viewer.get(f"/anomalies?asset={spiked}").json()
    assert (
        anomaly.items()
        >= {
            "time": "2026-01-01T00:00:00Z",
            "asset": spiked,
            "metric": "flow",
            "unit": "m3/h",
            "value": 97.0,
            "expected": 12.4,
            "band": 1.1,
            "score": 0.99998,
            "detector": "ensemble",
            "parts": {"value": 9.1, "drift": 4.25},
            "model_version": 3,
        }.items()
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("metric=flow", 1),
        ("metric=level", 0),
        ("since=2026-01-01T00:00:00Z", 1),
        ("since=2026-01-01T00:00:01Z", 0),
        ("until=2026-01-01T00:00:00Z", 0),
        ("until=2026-01-01T00:00:01Z", 1),
    ],
)
def test_anomalies_are_filtered(viewer: httpx.Client, spiked: str, query: str, count: int) -> None:
    assert len(viewer.get(f"/anomalies?asset={spiked}&{query}").json()) == count


def test_the_anomalies_of_an_incident_are_found(viewer: httpx.Client, store: Connection) -> None:
    incident = city.raise_incident(store)
    (anomaly,) = viewer.get(f"/anomalies?incident={incident}").json()
    assert anomaly["incident_id"] == incident


def test_a_page_of_anomalies_names_the_next(viewer: httpx.Client, store: Connection) -> None:
    name = city.newcomer(store)
    stream = city.stream_id(store, name, "flow")
    times = [city.MIDNIGHT.replace(minute=minute) for minute in range(3)]
    anomalies.append(
        store, [Anomaly(stream, time, 97.0, 0.9, "level", 12.4, 1.1) for time in times]
    )
    first = viewer.get(f"/anomalies?asset={name}&limit=2")
    second = viewer.get(first.links["next"]["url"])
    minutes = [anomaly["time"][14:16] for anomaly in first.json() + second.json()]
    assert minutes == ["02", "01", "00"]
    assert first.json()[0]["incident_id"] is None
    assert "next" not in second.links
