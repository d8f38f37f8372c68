"""Accounts by the API: an engineer makes and ends them, and a password is told once."""

import json

import httpx
import pytest

from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People


def made(people: People, **said: object) -> httpx.Response:
    return people.engineer.post("/accounts", json=said)


def name() -> str:
    return f"account-{next(city.NUMBERS)}"


def test_an_account_is_made_and_its_password_is_told_once(people: People) -> None:
    new = name()
    answer = made(people, name=new, asset="pump-7")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["kind"], told["convention"], told["asset"]) == ("device", "native", "pump-7")
    assert len(told["password"]) == 32
    shown = people.engineer.get(f"/accounts/{new}")
    assert "password" not in shown.json()
    assert {"right": "write", "topics": f"city/{new}/telemetry"} in shown.json()["grants"]
    listed = people.engineer.get("/accounts?limit=1000")
    assert told["password"] not in shown.text + listed.text
    assert "$7$" not in shown.text + listed.text


def test_only_an_engineer_sees_or_makes_accounts(people: People) -> None:
    new = name()
    assert people.nobody.get("/accounts").status_code == 401
    for client in (people.viewer, people.operator):
        for answer in (
            client.get("/accounts"),
            client.get("/accounts/pump-7"),
            client.post("/accounts", json={"name": new}),
            client.post(f"/accounts/{new}/rotate"),
            client.post(f"/accounts/{new}/disable"),
            client.post(f"/accounts/{new}/enable"),
        ):
            assert answer.status_code == 403
            assert "this takes an engineer" in answer.json()["detail"]
    assert people.engineer.get(f"/accounts/{new}").status_code == 404


def test_a_name_has_one_account_and_a_place_too(people: People) -> None:
    new, other = name(), name()
    place = f"group/{new}"
    edge = {"kind": "gateway", "convention": "sparkplug", "place": place}
    assert made(people, name=new, **edge).status_code == 201
    again = made(people, name=new)
    assert (again.status_code, again.json()["type"]) == (409, "/#account-exists")
    taken = made(people, name=other, **edge)
    assert (taken.status_code, taken.json()["type"]) == (409, "/#place-taken")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"name": "engineer"}, "/#bad-account"),
        ({"name": "x-1", "convention": "sparkplug"}, "/#bad-account"),
        ({"name": "x-1", "place": "somewhere"}, "/#bad-account"),
        (
            {"name": "x-1", "kind": "gateway", "convention": "sparkplug", "place": "a/#"},
            "/#bad-account",
        ),
        ({"name": "x-1", "asset": "nobody-knows-it"}, "/#unknown-asset"),
        ({"name": "a:b"}, "about:blank"),
        ({"name": "a\nb"}, "about:blank"),
        ({"name": "x-1", "password": "mine"}, "about:blank"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    people: People, said: dict[str, str], problem: str
) -> None:
    answer = made(people, **said)
    assert (answer.status_code, answer.json()["type"]) == (422, problem)
    assert people.engineer.get("/accounts/x-1").status_code == 404


def test_an_account_is_rotated_disabled_and_enabled_with_a_line_in_the_audit_each(
    people: People, store: Connection
) -> None:
    new = name()
    first = made(people, name=new).json()["password"]
    rotated = people.engineer.post(f"/accounts/{new}/rotate").json()
    assert rotated["password"] != first
    assert rotated["rotated_at"]
    assert people.engineer.post(f"/accounts/{new}/disable").json()["disabled_at"]
    listed = people.engineer.get("/accounts?disabled=true&limit=1000").json()
    assert new in [each["name"] for each in listed]
    assert people.engineer.post(f"/accounts/{new}/enable").json()["disabled_at"] is None
    lines = store.execute(
        "SELECT actor, action, detail FROM audit WHERE target = %s ORDER BY id", [new]
    ).fetchall()
    assert [action for _, action, _ in lines] == [
        f"{action} account" for action in ("create", "rotate", "disable", "enable")
    ]
    assert {actor for actor, _, _ in lines} == {"engineer-1"}
    assert not any(word in json.dumps(lines) for word in (first, rotated["password"], "$7$"))


@pytest.mark.parametrize("step", ["rotate", "disable", "enable"])
def test_there_is_nothing_to_do_for_an_account_that_is_not(people: People, step: str) -> None:
    answer = people.engineer.post(f"/accounts/nobody-1/{step}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/#no-such-account")
