import httpx
import pytest

from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People


def test_assets_are_listed_in_order(viewer: httpx.Client) -> None:
    pump, gauge = viewer.get("/assets?limit=2").json()
    assert pump["name"] == "pump-7"
    assert pump["kind"] == "water"
    assert pump["title"] == "Trạm bơm số 7"
    assert pump["area_code"] == "213"
    assert (pump["latitude"], pump["longitude"]) == (21.29, 106.18)
    assert pump["claimed_at"].endswith("Z")
    assert gauge["name"] == "gauge-1"
    assert gauge["claimed_at"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("claimed=false&limit=1", ["gauge-1"]),
        ("claimed=true&limit=1", ["pump-7"]),
        ("kind=water&limit=1", ["pump-7"]),
        ("kind=water&claimed=false", []),
        ("kind=parking", []),
        ("area=24&claimed=true&limit=1", ["pump-7"]),
        ("area=219", []),
        ("q=TRẠM BƠM&limit=1", ["pump-7"]),
        ("q=gauge-1", ["gauge-1"]),
        ("parent=pump-7", []),
    ],
)
def test_assets_are_filtered(viewer: httpx.Client, query: str, names: list[str]) -> None:
    assert [asset["name"] for asset in viewer.get(f"/assets?{query}").json()] == names


def test_a_page_of_assets_names_the_next(viewer: httpx.Client) -> None:
    first = viewer.get("/assets?limit=1")
    second = viewer.get(first.links["next"]["url"])
    assert [asset["name"] for asset in first.json() + second.json()] == ["pump-7", "gauge-1"]
    last = viewer.get("/assets?limit=1000")
    assert "next" not in last.links


def test_one_asset_is_found_by_its_name(viewer: httpx.Client) -> None:
    assert viewer.get("/assets/pump-7").json()["title"] == "Trạm bơm số 7"
    answer = viewer.get("/assets/pump-8")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "/#no-such-asset",
        "title": "There is no asset of this name.",
        "status": 404,
        "detail": "there is no asset pump-8",
    }


def test_saying_what_an_asset_is_claims_it_with_a_line_in_the_audit(
    operator: httpx.Client, store: Connection
) -> None:
    name = city.newcomer(store)
    said = {"kind": "river", "title": "Sông Thương", "latitude": 21.27, "longitude": 106}
    answer = operator.patch(f"/assets/{name}", json=said)
    assert answer.status_code == 200
    assert answer.json().items() >= said.items()
    assert answer.json()["claimed_at"] is not None
    assert operator.get(f"/assets/{name}").json() == answer.json()
    assert audit(store, name) == [("operator-1", "claim", said)]


def test_what_is_not_said_stays(operator: httpx.Client, store: Connection) -> None:
    path = f"/assets/{city.newcomer(store)}"
    before = operator.patch(path, json={"kind": "water", "area_code": "213"}).json()
    after = operator.patch(path, json={"title": "Trạm bơm", "kind": None}).json()
    assert after == before | {"title": "Trạm bơm"}


def test_an_asset_may_be_claimed_as_it_stands(operator: httpx.Client, store: Connection) -> None:
    answer = operator.patch(f"/assets/{city.newcomer(store)}", json={})
    assert answer.json()["kind"] == "unknown"
    assert answer.json()["claimed_at"] is not None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "spaceship"}, "'water', 'weather', 'service' or 'platform'"),
        ({"area_code": "999"}, "There is no area of this code."),
        ({"parent": "nobody"}, "there is no asset nobody, which is named as a parent"),
        ({"latitude": 21.0}, "a place has a latitude and a longitude"),
        ({"latitude": 91, "longitude": 0}, "less than or equal to 90"),
        ({"title": "a\x00b"}, "String should match pattern"),
        ({"latitude": "21", "longitude": "106"}, "body.latitude: Input should be a valid number"),
        ({"title": ""}, "at least 1 character"),
        ({"titel": "x"}, "body.titel: there is nothing of this name here"),
        ([], "Input should be"),
    ],
)
def test_what_cannot_be_is_not_claimed(
    operator: httpx.Client, store: Connection, said: object, why: str
) -> None:
    answer = operator.patch("/assets/gauge-1", json=said)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert operator.get("/assets/gauge-1").json()["claimed_at"] is None
    assert audit(store, "gauge-1") == []


def test_an_unknown_asset_is_not_made_by_claiming_it(people: People, store: Connection) -> None:
    assert people.engineer.patch("/assets/pump-8", json={"kind": "water"}).status_code == 404
    assert audit(store, "pump-8") == []


def test_an_asset_is_put_below_its_gateway_and_belongs_to_somebody(
    operator: httpx.Client, store: Connection
) -> None:
    gateway, name = city.newcomer(store), city.newcomer(store)
    said = {"parent": gateway, "owner_unit": "H02.01"}
    assert operator.patch(f"/assets/{name}", json=said).json().items() >= said.items()
    (found,) = operator.get("/assets", params={"parent": gateway}).json()
    assert found["name"] == name
    circle = operator.patch(f"/assets/{gateway}", json={"parent": name})
    assert (circle.status_code, circle.json()["type"]) == (409, "/#below-itself")
    assert operator.patch(f"/assets/{name}", json={"parent": ""}).json()["parent"] is None


def audit(store: Connection, target: str) -> list[tuple[object, ...]]:
    return store.execute(
        "SELECT actor, action, detail FROM audit WHERE target = %s ORDER BY id", [target]
    ).fetchall()
