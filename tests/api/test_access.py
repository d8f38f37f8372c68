import httpx
import psycopg
import pytest

from services.store import tokens
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People

READABLE = (
    "/assets",
    "/streams",
    "/catalogue/metrics",
    "/rejects",
    "/rejects/summary",
    "/anomalies",
    "/incidents",
    "/ledger",
)


def test_health_needs_no_token(people: People) -> None:
    answer = people.nobody.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


def test_everything_else_does(people: People) -> None:
    for path in (*READABLE, "/readings?asset=pump-7&metric=flow", "/incidents/1", "/rejects/1"):
        answer = people.nobody.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == 'Bearer realm="cityops"'
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("sent", ["Bearer nonsense", "Bearer caf\xe9", "Bearer " + "x" * 5000])
def test_a_token_that_is_none_is_refused(people: People, sent: str) -> None:
    headers = {"Authorization": sent.encode("latin-1")}
    answer = people.nobody.get("/assets", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("sent", ["Basic bGFuOnBhc3M=", "nonsense", "Bearer", ""])
def test_anything_but_a_bearer_is_no_token(people: People, sent: str) -> None:
    answer = people.nobody.get("/assets", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.json()["title"].startswith("A token is needed")


def test_a_revoked_token_ends_at_once(people: People, store: Connection) -> None:
    token = tokens.create(store, "short-lived", "viewer")
    headers = {"Authorization": f"Bearer {token}"}
    assert people.nobody.get("/assets", headers=headers).status_code == 200
    tokens.revoke(store, "short-lived")
    assert people.nobody.get("/assets", headers=headers).status_code == 401


def test_a_viewer_reads_everything_and_moves_nothing(people: People, store: Connection) -> None:
    incident = city.raise_incident(store)
    for path in READABLE:
        assert people.viewer.get(path).status_code == 200, path
    for refused in (
        people.viewer.post(f"/incidents/{incident}/acknowledge"),
        people.viewer.post(f"/incidents/{incident}/resolve"),
        people.viewer.patch("/assets/pump-7", json={"kind": "river"}),
        people.viewer.patch("/rejects/1", json={"text": "{}"}),
        people.viewer.post("/rejects/1/replay"),
        people.viewer.post("/rejects/dismiss", json={}),
    ):
        assert refused.status_code == 403
        assert refused.json()["detail"] == "viewer-1 is a viewer; this takes an operator"
    assert people.viewer.get(f"/incidents/{incident}").json()["status"] == "open"


def test_an_engineer_may_do_what_an_operator_may(people: People, store: Connection) -> None:
    incident = city.raise_incident(store)
    assert people.engineer.post(f"/incidents/{incident}/acknowledge").status_code == 200
    assert (
        people.engineer.patch(f"/assets/{city.newcomer(store)}", json={"kind": "river"}).status_code
        == 200
    )


def test_what_things_are_is_an_engineers_word(people: People) -> None:
    for refused in (
        people.operator.put("/catalogue/metrics/pm25", json={}),
        people.operator.patch("/streams/1", json={"judged": False}),
    ):
        assert refused.status_code == 403
        assert refused.json()["detail"].endswith(
            "operator-1 is an operator; this takes an engineer"
        )


def test_the_token_is_looked_at_before_what_is_asked(people: People) -> None:
    assert people.nobody.get("/assets?limit=nonsense").status_code == 401
    assert people.nobody.get("/incidents/nonsense").status_code == 401


def test_the_role_of_the_database_may_not_do_more_than_the_api(
    people: People, store: Connection
) -> None:
    with psycopg.connect(autocommit=True) as conn:
        assert conn.execute("SELECT current_user").fetchone() == ("cityops_api",)
        for forbidden in (
            "INSERT INTO tokens (name, role, sha256) VALUES ('me', 'engineer', '')",
            "DELETE FROM incidents",
            "DELETE FROM readings",
            "DELETE FROM rejects",
            "UPDATE rejects SET payload = ''",
            "UPDATE timeline SET note = ''",
            "SELECT FROM audit",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(forbidden.encode())


def test_a_token_is_never_told(people: People) -> None:
    token = people.viewer.headers["Authorization"].removeprefix("Bearer ")
    answers: list[httpx.Response] = [people.viewer.get(path) for path in READABLE]
    assert not any(token in answer.text for answer in answers)
