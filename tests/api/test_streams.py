import httpx
import pytest

from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People


def test_streams_are_listed_with_their_unit(viewer: httpx.Client) -> None:
    flow, level = viewer.get("/streams?limit=2").json()
    assert (
        flow.items()
        >= {"asset": "pump-7", "metric": "flow", "unit": "m3/h", "judged": True}.items()
    )
    assert (level["metric"], level["unit"]) == ("level", "m")


@pytest.mark.parametrize(
    ("query", "metrics"),
    [
        ("asset=pump-7", ["flow", "level"]),
        ("metric=level", ["level"]),
        ("asset=gauge-1", []),
        ("asset=pump-7&metric=flow", ["flow"]),
    ],
)
def test_streams_are_filtered(viewer: httpx.Client, query: str, metrics: list[str]) -> None:
    assert [stream["metric"] for stream in viewer.get(f"/streams?{query}").json()] == metrics


def test_a_page_of_streams_names_the_next(viewer: httpx.Client) -> None:
    first = viewer.get("/streams?asset=pump-7&limit=1")
    second = viewer.get(first.links["next"]["url"])
    assert [stream["metric"] for stream in first.json() + second.json()] == ["flow", "level"]
    assert "next" not in second.links


def test_an_engineer_says_the_range_of_a_stream_and_leaves_it_to_the_catalogue_again(
    people: People, store: Connection
) -> None:
    path = f"/streams/{city.stream_id(store, city.newcomer(store), 'flow')}"
    said = {"low": 0.5, "high": 900, "max_rate": 50, "judged": False}
    answer = people.engineer.patch(path, json=said)
    assert answer.status_code == 200
    assert answer.json().items() >= (said | {"unit": "m3/h", "converted_from": []}).items()
    left = people.engineer.patch(path, json={"low": None, "unit": "L/s"}).json()
    assert (left["low"], left["high"], left["unit"]) == (None, 900, "L/s")
    upside_down = people.engineer.patch(path, json={"low": 901})
    assert (upside_down.status_code, upside_down.json()["type"]) == (422, "/#range-upside-down")


def test_the_unit_of_stored_readings_is_not_changed(people: People, store: Connection) -> None:
    path = f"/streams/{city.stream_id(store, 'pump-7', 'flow')}"
    answer = people.engineer.patch(path, json={"unit": "L/s"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "the stream has readings in m3/h; they would not become L/s"
    assert people.engineer.patch(path, json={"unit": "m3/h"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/streams/987654", {}, 404),
        ("/streams/2147483648", {}, 422),
        ("/streams/1", {"unit": "\u00b5g"}, 422),
        ("/streams/1", {"max_rate": 0}, 422),
        ("/streams/1", {"judged": None}, 422),
    ],
)
def test_what_cannot_be_is_not_said_of_a_stream(
    people: People, path: str, said: dict[str, object], status: int
) -> None:
    assert people.engineer.patch(path, json=said).status_code == status


def test_what_is_no_number_is_no_bound(people: People) -> None:
    headers = {"content-type": "application/json"}
    answer = people.engineer.patch("/streams/1", content='{"low": NaN}', headers=headers)
    assert answer.status_code == 422
