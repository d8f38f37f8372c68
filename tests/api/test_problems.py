from collections.abc import Iterator

import httpx
import pytest

from services.api import problems
from services.api.app import LARGEST_BODY
from services.api.headers import HEADERS
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People


@pytest.fixture
def step(store: Connection) -> str:
    """A path that takes a body."""
    return f"/incidents/{city.raise_incident(store)}/acknowledge"


def told(answer: httpx.Response) -> tuple[int, str]:
    """The status and the detail of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    return answer.status_code, problem["detail"]


def test_an_unknown_path_is_a_problem(people: People) -> None:
    for path in ("/nothing", "/assets/", "/assets/a/b", "/docs", "/redoc", "/..%2f..%2fetc/passwd"):
        assert told(people.viewer.get(path))[0] == 404, path
    assert told(people.nobody.get("/nothing")) == (404, "there is nothing at /nothing")


def test_a_method_that_is_not_for_a_path_is_a_problem(viewer: httpx.Client) -> None:
    answer = viewer.delete("/assets")
    assert told(answer) == (405, "DELETE is not for /assets")
    assert answer.headers["allow"] == "GET"
    assert viewer.delete("/assets/pump-7").headers["allow"] == "GET, PATCH"
    assert viewer.get("/incidents/1/resolve").headers["allow"] == "POST"
    assert "GET" in viewer.post("/openapi.json").headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/incidents/0",
        "/incidents/-1",
        "/incidents/9223372036854775808",
        "/incidents/" + "9" * 5000,
        "/incidents/one",
        "/incidents/1e3",
        "/rejects/9223372036854775808",
        "/streams/9223372036854775808/readings",
        "/assets/%00",
        "/assets/a%20b",
        "/assets/" + "a" * 201,
        "/assets/caf%C3%A9",
        "/assets/%FF",
        "/assets?after=9223372036854775808",
        "/assets?limit=1001",
        "/assets?kind=%00",
        "/assets?claimed=maybe",
        "/streams?asset=%00",
        "/streams?metric=a%20b",
        "/rejects?topic=%00",
        "/rejects?topic=",
        "/rejects?before=0",
        "/anomalies?incident=9223372036854775808",
        "/anomalies?since=now",
        "/incidents?status=closed",
        "/incidents?severity=deafening",
        "/incidents?stauts=open",
        "/ledger?since=2026-01-01T00:00:00",
    ],
)
def test_what_cannot_be_asked_is_named(viewer: httpx.Client, path: str) -> None:
    answer = viewer.get(path)
    assert told(answer)[0] == 422
    assert [set(flaw) for flaw in answer.json()["errors"]] == [{"where", "why"}]


def test_every_flaw_is_named_and_none_is_echoed(viewer: httpx.Client) -> None:
    answer = viewer.get("/assets?limit=secretword&after=0&knd=otherword")
    assert [flaw["where"] for flaw in answer.json()["errors"]] == [
        "query.after",
        "query.limit",
        "query.knd",
    ]
    assert "secretword" not in answer.text
    assert "otherword" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"\xff\xff", 400),
        (b"NaN", 422),
        (b"[" * 60_000, 400),
        (b'{"seen": ' + b"9" * 5000 + b"}", 400),
        (b'{"seen": 1e999}', 422),
        (b'{"note": "\\ud800"}', 422),
        (b'{"note": "\\u0000"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"note": null}', 422),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    operator: httpx.Client, step: str, body: bytes, status: int
) -> None:
    answer = operator.post(step, content=body, headers={"Content-Type": "application/json"})
    assert told(answer)[0] == status


def test_a_body_of_another_kind_is_not_read(operator: httpx.Client, step: str) -> None:
    assert told(operator.post(step, data={"note": "form"}))[0] == 422
    assert told(operator.post(step, content=b'{"note": "bare"}'))[0] == 422


def test_a_body_has_a_largest_size(operator: httpx.Client, step: str) -> None:
    headers = {"Content-Type": "application/json"}
    fitting = b'{"seen": 1}'.ljust(LARGEST_BODY)

    def chunks() -> Iterator[bytes]:
        yield from (b" " * 16_384 for _ in range(5))

    refusal = (413, "a body has at most 65536 bytes")
    assert told(operator.post(step, content=fitting + b" ", headers=headers)) == refusal
    assert told(operator.post(step, content=chunks(), headers=headers)) == refusal
    assert operator.post(step, content=fitting, headers=headers).status_code == 200


def test_every_answer_says_what_may_be_done_with_it(people: People) -> None:
    for path in (
        "/health",
        "/assets",
        "/readings?asset=pump-7&metric=flow",
        "/nothing",
        "/rejects/0",
    ):
        for client in (people.nobody, people.viewer):
            headers = client.get(path).headers
            assert {name: headers[name] for name in HEADERS} == HEADERS
            assert "server" not in headers


def test_every_kind_of_problem_has_a_sentence_and_a_status() -> None:
    found = {problems.anchor(kind): kind for kind in problems.kinds()}
    assert found.keys() >= {"no-token", "role-too-low", "stale-incident", "unknown-area"}
    for kind in found.values():
        assert problems.sentence(kind).endswith(".")
        assert 400 <= getattr(kind, "http_status", 0) < 500
