from urllib.parse import quote

import httpx

from models.asset import Kind
from services.store.pool import Connection
from tests.api.conftest import People


def test_the_catalogue_comes_in_order_and_in_pages(viewer: httpx.Client) -> None:
    first = viewer.get("/catalogue/metrics?after=pm1&limit=1")
    second = viewer.get(first.links["next"]["url"])
    assert [each["name"] for each in first.json() + second.json()] == ["pm10", "pm25"]
    assert second.json()[0]["title"] == "Bụi mịn PM2.5"
    assert "next" not in viewer.get("/catalogue/metrics?limit=1000").links


def test_one_metric_is_found_by_its_name(viewer: httpx.Client) -> None:
    assert viewer.get("/catalogue/metrics/level_m").json() == {
        "name": "level_m",
        "unit": "m",
        "low": -50,
        "high": 200,
        "max_rate": 1,
        "title": "Mực nước sông",
        "title_en": "River level",
        "fiware_model": "FloodMonitoring",
        "fiware_attribute": "currentLevel",
    }
    missing = viewer.get("/catalogue/metrics/nothing")
    assert (missing.status_code, missing.json()["type"]) == (404, "/#no-such-metric")


def test_an_engineer_defines_a_metric_whose_name_has_slashes(
    people: People, store: Connection
) -> None:
    path = f"/catalogue/metrics/{quote('Boiler/Feed.temp', safe='')}"
    said = {"unit": "Cel", "low": 0, "high": 150, "title": "Nhiệt độ nước cấp"}
    made = people.engineer.put(path, json=said)
    assert (made.status_code, made.json()["name"]) == (201, "Boiler/Feed.temp")
    changed = people.engineer.put(path, json={"unit": "Cel"})
    assert (changed.status_code, changed.json()["high"]) == (200, None)
    assert people.viewer.get(path).json() == changed.json()
    rows = store.execute(
        "SELECT actor, action FROM audit WHERE target = 'Boiler/Feed.temp'"
    ).fetchall()
    assert rows == [("engineer-1", "define metric")] * 2


def test_a_range_that_is_upside_down_is_refused(people: People) -> None:
    answer = people.engineer.put("/catalogue/metrics/upside", json={"low": 2, "high": 1})
    assert (answer.status_code, answer.json()["type"]) == (422, "/#range-upside-down")
    assert people.engineer.get("/catalogue/metrics/upside").status_code == 404


def test_the_kinds_of_assets_have_names_in_both_languages(viewer: httpx.Client) -> None:
    kinds = {each["name"]: each for each in viewer.get("/catalogue/kinds").json()}
    assert kinds.keys() == set(Kind)
    first = viewer.get("/catalogue/kinds?limit=1")
    assert next(iter(viewer.get(first.links["next"]["url"]).json()))["name"] == "energy"
    assert kinds["river"] == {
        "name": "river",
        "title": "Mực nước sông",
        "title_en": "River gauge",
        "fiware_model": "FloodMonitoring",
    }
