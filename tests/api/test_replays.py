import base64

import httpx
import pytest

from services.store import rejects, replays
from services.store.pool import Connection
from services.store.rejects import Reject, Wanted
from tests.api import city


def broken(store: Connection, topic: str, *payloads: bytes, reason: str = "not JSON") -> list[int]:
    """The numbers of rejects that have just come, oldest first."""
    kept = [Reject(city.MIDNIGHT, topic, payload, reason, 1) for payload in payloads or (b"{",)]
    rejects.append(store, kept, "ingest-1")
    return [each.id for each in reversed(rejects.page(store, Wanted(topic=topic)))]


def test_a_reject_is_mended_and_read_again(operator: httpx.Client, store: Connection) -> None:
    (number,) = broken(store, "mend/one")
    path = f"/rejects/{number}"
    mended = operator.patch(path, json={"text": '{"độ": 1}', "topic": "mend/two"}).json()
    assert (mended["text"], mended["edited_text"]) == ("{", '{"độ": 1}')
    assert (mended["topic"], mended["edited_topic"]) == ("mend/one", "mend/two")
    assert mended["edited_by"] == "operator-1"
    other = operator.patch(path, json={"payload": base64.b64encode(b"\xff").decode()}).json()
    assert (other["edited_text"], other["edited_topic"]) == (None, "mend/two")
    back = operator.patch(path, json={"payload": None}).json()
    assert (back["edited_payload"], back["edited_topic"]) == (None, "mend/two")
    queued = operator.post(f"{path}/replay").json()
    assert (queued["status"], queued["replay_requested_by"]) == ("queued", "operator-1")
    (taken,) = [each for each in replays.take_queued(store, 1000) if each.id == number]
    assert (taken.topic, taken.payload) == ("mend/two", b"{")
    assert operator.patch(path, json={"text": "x"}).json()["type"] == "/#reject-settled"
    assert operator.post(f"{path}/replay").status_code == 409
    replays.replayed(store, [number], "ingest-1")
    assert operator.get(path).json()["settled_by"] == "ingest-1"
    actions = store.execute(
        "SELECT actor, action FROM audit WHERE target = %s ORDER BY id", [str(number)]
    ).fetchall()
    assert actions == [("operator-1", "edit reject")] * 3 + [("operator-1", "replay reject")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": "a", "payload": "YQ=="}, "a payload is text, or base64, not both"),
        ({"payload": "a"}, "String should match pattern"),
        ({"topic": "city/+/x"}, "String should match pattern"),
        ({"topic": ""}, "at least 1 character"),
        ({"status": "open"}, "there is nothing of this name here"),
    ],
)
def test_what_cannot_be_is_no_edit(
    operator: httpx.Client, store: Connection, said: dict[str, str], why: str
) -> None:
    (number,) = broken(store, f"no/edit/{len(why)}/{len(str(said))}")
    answer = operator.patch(f"/rejects/{number}", json=said)
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True)


def test_half_a_character_is_no_payload(operator: httpx.Client, store: Connection) -> None:
    (number,) = broken(store, "half")
    said = {"content": rb'{"text": "\ud800"}', "headers": {"content-type": "application/json"}}
    answer = operator.patch(f"/rejects/{number}", **said)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.text")


def test_a_thousand_are_counted_then_read_again_then_dismissed(
    operator: httpx.Client, store: Connection
) -> None:
    broken(store, "many/a7/x", *[b"{"] * 3, b"x" * (rejects.KEEP_BYTES + 1), reason="no 7 there")
    (group,) = operator.get("/rejects/summary", params={"topic": "many/#"}).json()
    assert (group["messages"], group["topic"], group["reason"]) == (4, "many/+/x", "no * there")
    said = {"topic": group["topic"], "reason": group["reason"]}
    counted = operator.post("/rejects/replay", json=said | {"dry_run": True, "limit": 4.0})
    assert counted.json() == {"taken": 3, "cut": 1}
    assert rejects.count(store, Wanted(topic="many/#", status="queued")) == 0
    assert operator.post("/rejects/replay", json=said).json() == {"taken": 3, "cut": 1}
    assert rejects.count(store, Wanted(topic="many/#", status="queued")) == 3
    gone = operator.post("/rejects/dismiss", json=said | {"status": "queued"})
    assert gone.json() == {"taken": 3, "cut": 0}
    detail = store.execute("SELECT detail FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert detail == (said | {"status": "queued", "taken": 3},)


def test_a_cut_payload_is_not_read_again_as_it_is(
    operator: httpx.Client, store: Connection
) -> None:
    (number,) = broken(store, "cut", b"x" * (rejects.KEEP_BYTES + 1))
    answer = operator.post(f"/rejects/{number}/replay")
    assert (answer.status_code, answer.json()["type"]) == (409, "/#reject-cut")
    assert operator.post(f"/rejects/{number}/dismiss").json()["status"] == "dismissed"


@pytest.mark.parametrize("step", ["replay", "dismiss"])
def test_an_unknown_reject_takes_no_step(operator: httpx.Client, step: str) -> None:
    assert operator.post(f"/rejects/987654/{step}").status_code == 404
    assert operator.patch("/rejects/987654", json={}).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"status": "open"}, 2),
        ({"status": "queued"}, 0),
        ({"reason": "ODD * thing"}, 2),
        ({"asset": "pump-9"}, 1),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:01Z"}, 2),
        ({"until": "2026-01-01T00:00:00Z"}, 0),
        ({"worker": "ingest-2"}, 0),
    ],
)
def test_rejects_are_filtered(
    operator: httpx.Client, store: Connection, query: dict[str, str], count: int
) -> None:
    store.execute("DELETE FROM rejects WHERE topic LIKE 'filtered/%'")
    for asset in ("pump-8", "pump-9"):
        broken(store, f"filtered/{asset}/x", reason="odd 1 thing")
    found = operator.get("/rejects", params={"topic": "filtered/#", **query}).json()
    assert len(found) == count
