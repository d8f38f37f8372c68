from datetime import UTC, datetime

import httpx
import pytest

from models.frame import frame
from services.store import readings
from services.store.pool import Connection
from tests.api import city

FLOW = "/readings?asset=pump-7&metric=flow"


def values(answer: httpx.Response) -> list[float]:
    assert answer.status_code == 200, answer.text
    return [reading["value"] for reading in answer.json()]


def test_a_reading_says_when_what_how_good_and_since_when_we_have_it(viewer: httpx.Client) -> None:
    assert viewer.get(FLOW).json()[1] == {
        "time": "2026-01-01T00:01:00Z",
        "value": 1.0,
        "quality": "good",
        "received_at": "2026-01-01T00:00:01Z",
    }


def test_without_a_beginning_the_newest_come_oldest_first(viewer: httpx.Client) -> None:
    assert values(viewer.get(FLOW)) == [float(minute) for minute in range(30)]
    assert values(viewer.get(f"{FLOW}&limit=3")) == [27.0, 28.0, 29.0]
    assert values(viewer.get(f"{FLOW}&limit=2&until=2026-01-01T00:10:00Z")) == [8.0, 9.0]


def test_a_window_has_its_beginning_and_not_its_end(viewer: httpx.Client) -> None:
    answer = viewer.get(f"{FLOW}&since=2026-01-01T00:03:00Z&until=2026-01-01T00:06:00Z")
    assert values(answer) == [3.0, 4.0, 5.0]
    assert values(viewer.get(f"{FLOW}&since=2026-01-01T00:28:00Z")) == [28.0, 29.0]
    assert values(viewer.get(f"{FLOW}&since=2027-01-01T00:00:00Z")) == []
    assert values(viewer.get(f"{FLOW}&since=2026-01-01T00:06:00Z&until=2026-01-01T00:03:00Z")) == []


@pytest.mark.parametrize(
    "since",
    [
        "2026-01-01T07:28:00%2B07:00",
        "2026-01-01T07:28:00+07:00",  # a plus that was not escaped arrives as a space
        "2025-12-31T19:28:00-05:00",
        "2026-01-01t00:28:00.000000z",
    ],
)
def test_a_moment_is_the_same_in_every_zone(viewer: httpx.Client, since: str) -> None:
    assert values(viewer.get(f"{FLOW}&since={since}")) == [28.0, 29.0]


def test_pages_go_forward_from_a_beginning(viewer: httpx.Client) -> None:
    found: list[float] = []
    url: str | None = f"{FLOW}&since=2026-01-01T00:00:00Z&until=2026-01-01T00:20:00Z&limit=7"
    while url is not None:
        answer = viewer.get(url)
        found += values(answer)
        url = answer.links.get("next", {}).get("url")
    assert found == [float(minute) for minute in range(20)]


def test_pages_go_back_from_the_newest(viewer: httpx.Client) -> None:
    found: list[float] = []
    url: str | None = f"{FLOW}&limit=7"
    while url is not None:
        answer = viewer.get(url)
        assert "next" not in answer.links
        found = values(answer) + found
        url = answer.links.get("prev", {}).get("url")
    assert found == [float(minute) for minute in range(30)]


def test_buckets_say_mean_low_high_and_how_many(viewer: httpx.Client) -> None:
    first, *_, last = viewer.get(f"{FLOW}&bucket=5m&since=2026-01-01T00:00:00Z").json()
    assert first == {
        "time": "2026-01-01T00:00:00Z",
        "mean": 2.0,
        "low": 0.0,
        "high": 4.0,
        "samples": 5,
    }
    assert last["time"] == "2026-01-01T00:25:00Z"
    assert viewer.get(f"{FLOW}&bucket=1d").json() == [
        {"time": "2026-01-01T00:00:00Z", "mean": 14.5, "low": 0.0, "high": 29.0, "samples": 30}
    ]


def test_a_bucket_is_whole_wherever_the_window_cuts_it(viewer: httpx.Client) -> None:
    answer = viewer.get(f"{FLOW}&bucket=10m&since=2026-01-01T00:05:00Z&until=2026-01-01T00:10:01Z")
    assert [(bucket["time"], bucket["samples"]) for bucket in answer.json()] == [
        ("2026-01-01T00:00:00Z", 10),
        ("2026-01-01T00:10:00Z", 10),
    ]
    answer = viewer.get(f"{FLOW}&bucket=10m&since=2026-01-01T00:05:00Z&until=2026-01-01T00:10:00Z")
    assert [bucket["low"] for bucket in answer.json()] == [0.0]


@pytest.mark.parametrize("beginning", ["", "&since=2026-01-01T00:00:00Z"])
def test_pages_of_buckets_leave_none_out(viewer: httpx.Client, beginning: str) -> None:
    lows: list[float] = []
    url: str | None = f"{FLOW}&bucket=5m&limit=4{beginning}"
    while url is not None:
        answer = viewer.get(url)
        lows += [bucket["low"] for bucket in answer.json()]
        links = answer.links
        url = links.get("next", links.get("prev", {})).get("url")
    assert sorted(lows) == [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]


def test_a_stream_tells_the_same_by_its_id(viewer: httpx.Client, store: Connection) -> None:
    stream = city.stream_id(store, "pump-7", "flow")
    for query in ("?limit=5", "?bucket=5m&since=2026-01-01T00:00:00Z"):
        by_id = viewer.get(f"/streams/{stream}/readings{query}")
        by_name = viewer.get(f"{FLOW}&{query[1:]}")
        assert by_id.json() == by_name.json() != []


def test_a_stream_without_readings_has_none(viewer: httpx.Client) -> None:
    assert viewer.get("/readings?asset=pump-7&metric=level").json() == []
    assert viewer.get("/readings?asset=pump-7&metric=level&bucket=1h").json() == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/readings?asset=pump-8&metric=flow", "there is no asset pump-8"),
        ("/readings?asset=pump-7&metric=colour", "the asset pump-7 has no metric colour"),
        ("/streams/987654/readings", "there is no stream 987654"),
        ("/streams/9223372036854775807/readings", "there is no stream 9223372036854775807"),
    ],
)
def test_what_is_not_there_is_not_found(viewer: httpx.Client, path: str, why: str) -> None:
    answer = viewer.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, why)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("since=2026-01-01T00:00:00", "query.since: a time needs its zone: 2026-01-31T"),
        ("since=yesterday", "query.since: a time is written like 2026-01-31T"),
        ("since=1767225600", "query.since: a time is written like"),
        ("since=2026-01-01", "query.since: a time is written like"),
        ("until=2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z is not in the calendar"),
        ("until=2026-01-01T25:00:00Z", "is not in the calendar"),
        ("until=2026-01-01T00:00:00%2B24:00", "is not in the calendar"),
        ("limit=0", "query.limit: Input should be greater than or equal to 1"),
        ("limit=10001", "query.limit: Input should be less than or equal to 10000"),
        ("limit=" + "9" * 5000, "query.limit"),
        ("bucket=5", "query.bucket: String should match pattern"),
        ("bucket=0m", "query.bucket: String should match pattern"),
        ("bucket=10000d", "query.bucket: String should match pattern"),
        ("bukket=5m", "query.bukket: there is nothing of this name here"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    viewer: httpx.Client, query: str, why: str
) -> None:
    answer = viewer.get(f"{FLOW}&{query}")
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


@pytest.mark.parametrize(
    "edge",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59-23:59",
    ],
)
@pytest.mark.parametrize("grain", ["", "&bucket=1s", "&bucket=9999d"])
def test_the_ends_of_the_calendar_are_moments_like_any_other(
    viewer: httpx.Client, edge: str, grain: str
) -> None:
    for query in (f"since={edge}", f"until={edge}", f"since={edge}&until={edge}"):
        assert viewer.get(f"{FLOW}&{query}{grain}").status_code == 200


def test_the_quality_of_a_reading_is_a_word(viewer: httpx.Client, store: Connection) -> None:
    name = city.newcomer(store)
    stream = city.stream_id(store, name, "flow")
    readings.append(store, frame([stream] * 4, [0, 1, 2, 3], [1.0] * 4), 0)
    store.execute(
        "UPDATE readings SET quality = extract(microseconds FROM time) WHERE stream_id = %s",
        [stream],
    )
    answer = viewer.get(f"/readings?asset={name}&metric=flow")
    words = [reading["quality"] for reading in answer.json()]
    assert words == ["good", "uncertain", "bad", "stale"]


def test_ten_thousand_readings_are_one_answer(viewer: httpx.Client, store: Connection) -> None:
    name = city.newcomer(store)
    stream = city.stream_id(store, name, "flow")
    times = [city.START + second * 1_000_000 for second in range(10_001)]
    readings.append(store, frame([stream] * 10_001, times, [1.5] * 10_001), city.START)
    answer = viewer.get(
        f"/readings?asset={name}&metric=flow&limit=10000&since=2026-01-01T00:00:00Z"
    )
    assert len(answer.json()) == 10_000
    rest = viewer.get(answer.links["next"]["url"]).json()
    assert [datetime.fromisoformat(reading["time"]) for reading in rest] == [
        datetime(2026, 1, 1, 2, 46, 40, tzinfo=UTC)
    ]
