import base64

import httpx
import pytest

from services.store import rejects
from services.store.pool import Connection
from services.store.rejects import Reject
from tests.api import city


def test_rejects_come_newest_first_with_their_reason(viewer: httpx.Client) -> None:
    answer = viewer.get("/rejects?topic=city/pump-7/telemetry")
    (reject,) = answer.json()
    assert (
        reject.items()
        >= {
            "received_at": "2026-01-01T00:00:00Z",
            "topic": "city/pump-7/telemetry",
            "payload_bytes": 8,
            "reason": "not JSON",
            "items": 1,
            "worker": "ingest-1",
        }.items()
    )
    ids = [each["id"] for each in viewer.get("/rejects").json()]
    assert ids == sorted(ids, reverse=True)


def test_a_page_of_rejects_names_the_next(viewer: httpx.Client, store: Connection) -> None:
    broken = [Reject(city.MIDNIGHT, "two/pages", b"x", "why", 1)] * 3
    rejects.append(store, broken, "ingest-1")
    first = viewer.get("/rejects?topic=two/pages&limit=2")
    second = viewer.get(first.links["next"]["url"])
    assert (len(first.json()), len(second.json())) == (2, 1)
    assert "next" not in second.links


@pytest.mark.parametrize(
    ("topic", "payload", "text"),
    [
        ("city/pump-7/telemetry", b'{"values', '{"values'),
        ("city/gauge-1/telemetry", b"\xff\x00", None),
    ],
)
def test_a_reject_has_its_bytes_and_where_it_can_its_text(
    viewer: httpx.Client, topic: str, payload: bytes, text: str | None
) -> None:
    (reject,) = viewer.get("/rejects", params={"topic": topic}).json()
    whole = viewer.get(f"/rejects/{reject['id']}").json()
    assert base64.b64decode(whole.pop("payload")) == payload
    assert whole.pop("text") == text
    assert (whole.pop("edited_payload"), whole.pop("edited_text")) == (None, None)
    assert whole == reject


def test_a_payload_of_any_bytes_can_be_shown(viewer: httpx.Client, store: Connection) -> None:
    payloads = [b"", bytes(range(256)), "độ ẩm\0".encode(), b"x" * 300_000]
    broken = [Reject(city.MIDNIGHT, "any\0bytes", payload, "\0", 1) for payload in payloads]
    rejects.append(store, broken, "ingest-1")
    found = viewer.get("/rejects", params={"topic": "any␀bytes"}).json()
    shown = [viewer.get(f"/rejects/{each['id']}").json() for each in reversed(found)]
    assert [base64.b64decode(each["payload"]) for each in shown] == [
        payload[: rejects.KEEP_BYTES] for payload in payloads
    ]
    assert [each["payload_bytes"] for each in shown] == [len(payload) for payload in payloads]
    assert [each["text"] and each["text"][:6] for each in shown] == ["", None, "độ ẩm\0", "xxxxxx"]


@pytest.mark.parametrize("number", ["987654", "9223372036854775807"])
def test_an_unknown_reject_is_not_found(viewer: httpx.Client, number: str) -> None:
    answer = viewer.get(f"/rejects/{number}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"there is no reject {number}"
