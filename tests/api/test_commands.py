"""Commands by the API: who may give them, what they may say, how they are waited for."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from models.command import MOST_UNANSWERED, Status
from scripts.stack.ports import free_port
from services.api import commands as resource
from services.api.settings import ApiSettings
from services.store import commands
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People, serving

DIM = {"command": "dim", "arguments": {"level": 0.4}, "timeout_s": 30}
FIELDS = [
    "id",
    "asset",
    "command",
    "arguments",
    "requested_by",
    "requested_at",
    "expires_at",
    "status",
    "attempts",
    "sent_at",
    "answered_at",
    "ended_at",
    "answer",
    "detail",
]


@pytest.fixture
def path(store: Connection) -> str:
    """Where a new asset gets its commands."""
    return f"/assets/{city.newcomer(store)}/commands"


def test_a_command_is_written_down_and_says_where_it_can_be_looked_at(
    operator: httpx.Client, path: str
) -> None:
    answer = operator.post(path, json=DIM)
    assert answer.status_code == 202
    told = answer.json()
    assert list(told) == FIELDS
    assert (told["status"], told["requested_by"], told["attempts"]) == (
        "requested",
        "operator-1",
        0,
    )
    assert (told["command"], told["arguments"], told["detail"]) == ("dim", {"level": 0.4}, "")
    times = [datetime.fromisoformat(told[each]) for each in ("requested_at", "expires_at")]
    assert times[1] - times[0] == timedelta(seconds=30)
    assert answer.headers["location"] == f"/commands/{told['id']}"
    assert operator.get(answer.headers["location"]).json() == told
    assert operator.get(path).json() == [told]


def test_a_command_is_in_the_audit(operator: httpx.Client, path: str, store: Connection) -> None:
    told = operator.post(path, json=DIM).json()
    operator.post(f"/commands/{told['id']}/cancel")
    rows = store.execute(
        "SELECT actor, action, detail FROM audit WHERE target = %s ORDER BY id", [told["asset"]]
    ).fetchall()
    assert rows == [
        ("operator-1", "command", {"id": told["id"], **DIM}),
        ("operator-1", "cancel command", {"id": told["id"]}),
    ]


def test_a_viewer_looks_and_commands_nothing(people: People, path: str) -> None:
    told = people.operator.post(path, json=DIM).json()
    for refused in (
        people.viewer.post(path, json=DIM),
        people.viewer.post(f"/commands/{told['id']}/cancel"),
    ):
        assert refused.status_code == 403
        assert refused.json()["detail"] == "viewer-1 is a viewer; this takes an operator"
    assert people.nobody.post(path, json=DIM).status_code == 401
    assert people.nobody.get(f"/commands/{told['id']}").status_code == 401
    assert people.viewer.get(path).json() == [told]
    assert people.engineer.post(path, json=DIM).status_code == 202


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"command": ""},
        {"command": "Dim"},
        {"command": "dim lamp"},
        {"command": "x" * 65},
        {"command": 7},
        DIM | {"timeout_s": 0},
        DIM | {"timeout_s": 3601},
        DIM | {"timeout_s": 1.5},
        DIM | {"timeout_s": "30"},
        DIM | {"timeout_s": True},
        DIM | {"arguments": []},
        DIM | {"arguments": None},
        DIM | {"arguments": {"": 1}},
        DIM | {"arguments": {"a\x00": 1}},
        DIM | {"arguments": {"a": "\x00"}},
        DIM | {"arguments": {"a": 1e101}},
        DIM | {"arguments": {"a": 10**400}},
        DIM | {"arguments": {"a": {"b": {"c": 1}}}},
        DIM | {"arguments": {"a": [[1]]}},
        DIM | {"arguments": {"a": [0] * 65}},
        DIM | {"arguments": {f"a{n}": 0 for n in range(65)}},
        DIM | {"arguments": {"a": "x" * 1001}},
        DIM | {"arguments": {f"a{n}": "x" * 900 for n in range(10)}},
        DIM | {"requested_by": "somebody else"},
    ],
)
def test_what_cannot_be_commanded_is_refused_and_not_written_down(
    operator: httpx.Client, path: str, said: dict[str, Any]
) -> None:
    answer = operator.post(path, json=said)
    assert answer.status_code == 422, answer.text
    assert operator.get(path).json() == []


@pytest.mark.parametrize("value", [r'"\ud800"', "NaN", "1e999", '{"\\udc00": 1}'])
def test_what_json_lets_through_and_the_store_cannot_keep_is_refused(
    operator: httpx.Client, path: str, value: str
) -> None:
    body = f'{{"command": "dim", "arguments": {{"a": {value}}}}}'
    answer = operator.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text


def test_arguments_come_back_as_they_were_said(operator: httpx.Client, path: str) -> None:
    arguments = {"độ sáng": 1, "on": True, "none": None, "plan": [{"at": "18:00", "level": 0.5}, 2]}
    told = operator.post(path, json={"command": "plan", "arguments": arguments}).json()
    assert told["arguments"] == arguments


def test_a_command_for_nobody_is_not_found(operator: httpx.Client) -> None:
    for answer in (
        operator.post("/assets/nobody/commands", json=DIM),
        operator.get("/assets/nobody/commands"),
    ):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "there is no asset nobody"


def test_an_unknown_command_is_not_found(operator: httpx.Client) -> None:
    nobody = f"/commands/{UUID(int=0)}"
    for answer in (operator.get(nobody), operator.get(f"{nobody}?wait=9")):
        assert answer.status_code == 404
    assert operator.post(f"{nobody}/cancel").json()["type"] == "/#no-such-command"
    assert operator.get("/commands/nonsense").status_code == 422


def test_an_asset_has_only_so_many_unanswered_commands(people: People, path: str) -> None:
    statuses: list[int] = []

    def press(client: httpx.Client) -> None:
        statuses.extend(client.post(path, json=DIM).status_code for _ in range(MOST_UNANSWERED))

    threads = [
        threading.Thread(target=press, args=[client], name=f"person-{number}")
        for number, client in enumerate((people.operator, people.engineer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [202] * MOST_UNANSWERED + [409] * MOST_UNANSWERED
    assert people.operator.post(path, json=DIM).json()["type"] == "/#too-many-commands"
    first = people.viewer.get(path).json()[-1]["id"]
    people.operator.post(f"/commands/{first}/cancel")
    assert people.operator.post(path, json=DIM).status_code == 202


def test_a_command_is_cancelled_once_and_not_after_somebody_began_to_send_it(
    operator: httpx.Client, path: str, store: Connection
) -> None:
    first, second = (operator.post(path, json=DIM).json()["id"] for _ in range(2))
    cancelled = operator.post(f"/commands/{first}/cancel")
    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert cancelled.json()["detail"] == "cancelled by operator-1"
    assert cancelled.json()["ended_at"] is not None
    again = operator.post(f"/commands/{first}/cancel")
    assert (again.status_code, again.json()["type"]) == (409, "/#command-step-not-allowed")
    taken = commands.take(store, 1000, timedelta(seconds=5))
    assert UUID(second) in {each.id for each in taken}
    assert UUID(first) not in {each.id for each in taken}
    late = operator.post(f"/commands/{second}/cancel")
    assert late.status_code == 409
    assert late.json()["detail"] == "it is on its way: the device may have it already"


def test_commands_are_filtered_and_come_in_pages(operator: httpx.Client, path: str) -> None:
    made = [operator.post(path, json=DIM).json()["id"] for _ in range(3)]
    operator.post(f"/commands/{made[0]}/cancel")
    first = operator.get(f"{path}?limit=2")
    second = operator.get(first.links["next"]["url"])
    assert [each["id"] for each in first.json() + second.json()] == made[::-1]
    assert "next" not in second.links
    assert [each["id"] for each in operator.get(f"{path}?status=cancelled").json()] == [made[0]]


def test_whoever_waits_is_answered_as_soon_as_it_has_ended(
    operator: httpx.Client, path: str, store: Connection
) -> None:
    place = operator.post(path, json=DIM).headers["location"]
    answers: list[httpx.Response] = []
    thread = threading.Thread(
        target=lambda: answers.append(operator.get(f"{place}?wait=30", timeout=60)), name="waits"
    )
    began = time.monotonic()
    thread.start()
    commands.move(store, UUID(place.rsplit("/", 1)[-1]), Status.DONE)
    thread.join()
    assert answers[0].json()["status"] == "done"
    assert time.monotonic() - began < 15


def test_whoever_waits_in_vain_is_told_how_it_stands(operator: httpx.Client, path: str) -> None:
    place = operator.post(path, json=DIM).headers["location"]
    assert operator.get(f"{place}?wait=0.3").json()["status"] == "requested"
    for wrong in ("31", "-1", "soon", "nan"):
        assert operator.get(f"{place}?wait={wrong}").status_code == 422


def test_of_many_who_wait_some_are_told_at_once(
    operator: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = operator.post(path, json=DIM).headers["location"]
    monkeypatch.setattr(resource, "MOST_WAITING", 1)
    with serving(ApiSettings(port=free_port())) as address:
        waits = f"{address}{place}?wait=2"
        took: list[float] = []

        def wait() -> None:
            began = time.monotonic()
            assert httpx.get(waits, headers=operator.headers).json()["status"] == "requested"
            took.append(time.monotonic() - began)

        threads = [threading.Thread(target=wait, name=f"waits-{n}") for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert min(took) < 1.5
    assert max(took) >= 2
