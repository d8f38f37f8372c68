import threading

import httpx
import pytest

from services.store import timeline
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People

FIELDS = [
    "id",
    "asset",
    "title",
    "kind",
    "area_code",
    "metric",
    "unit",
    "status",
    "active",
    "severity",
    "score",
    "anomaly_count",
    "began_at",
    "last_anomaly_at",
    "opened_at",
    "acknowledged_at",
    "normal_at",
    "resolved_at",
    "version",
    "nature",
    "nature_reasons",
    "members",
    "words",
]


@pytest.fixture
def incident(store: Connection) -> str:
    """The path of an incident that has just opened."""
    return f"/incidents/{city.raise_incident(store)}"


def moves(incident: dict[str, list[dict[str, str]]]) -> list[tuple[str, str, str]]:
    return [(line["actor"], line["move"], line["note"]) for line in incident["timeline"]]


def test_an_incident_is_listed_with_all_that_is_known(
    viewer: httpx.Client, store: Connection
) -> None:
    name = city.newcomer(store)
    number = city.raise_incident(store, name)
    (found,) = viewer.get(f"/incidents?asset={name}").json()
    assert list(found) == FIELDS
    assert (
        found.items()
        >= {
            "id": number,
            "asset": name,
            "title": name,
            "metric": "flow",
            "unit": "m3/h",
            "status": "open",
            "active": True,
            "severity": "low",
            "score": 0.99998,
            "anomaly_count": 1,
            "began_at": "2026-01-01T00:00:00Z",
            "acknowledged_at": None,
            "version": 1,
        }.items()
    )


def test_an_incident_shows_its_timeline(viewer: httpx.Client, incident: str) -> None:
    found = viewer.get(incident).json()
    assert list(found) == [*FIELDS, "timeline"]
    assert moves(found) == [("system", "open", "1 anomaly at 2026-01-01T00:00:00Z")]


def test_incidents_are_filtered(people: People, store: Connection) -> None:
    name = city.newcomer(store)
    number = city.raise_incident(store, name, score=0.9999999)
    people.operator.post(f"/incidents/{number}/acknowledge")

    def found(query: str) -> list[int]:
        answer = people.viewer.get(f"/incidents?asset={name}&{query}")
        return [each["id"] for each in answer.json()]

    assert (
        found("status=acknowledged") == found("severity=medium") == found("active=true") == [number]
    )
    assert found("status=open") == found("severity=high") == found("active=false") == []
    assert found("status=acknowledged&severity=high") == []


def test_a_page_of_incidents_names_the_next(viewer: httpx.Client, store: Connection) -> None:
    older, newer = city.raise_incident(store), city.raise_incident(store)
    first = viewer.get("/incidents?limit=1&status=open")
    second = viewer.get(first.links["next"]["url"])
    assert [each["id"] for each in first.json() + second.json()] == [newer, older]


def test_acknowledging_is_written_in_the_name_of_the_token(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    answer = operator.post(f"{incident}/acknowledge", json={"note": "Đã cử đội trực", "seen": 1})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["status"], found["version"]) == ("acknowledged", 2)
    assert found["acknowledged_at"] is not None
    assert moves(found)[1:] == [("operator-1", "acknowledge", "Đã cử đội trực")]
    assert operator.get(incident).json() == found
    assert timeline.broken(store, found["id"]) is None


def test_a_move_needs_no_words(operator: httpx.Client, incident: str) -> None:
    assert operator.post(f"{incident}/acknowledge").json()["status"] == "acknowledged"
    answer = operator.post(f"{incident}/resolve", json={})
    found = answer.json()
    assert (found["status"], found["active"], found["version"]) == ("resolved", False, 3)
    assert found["resolved_at"] is not None
    assert moves(found)[1:] == [("operator-1", "acknowledge", ""), ("operator-1", "resolve", "")]


def test_a_move_that_the_table_does_not_have_is_a_conflict(
    operator: httpx.Client, incident: str
) -> None:
    operator.post(f"{incident}/resolve")
    for step in ("acknowledge", "resolve"):
        answer = operator.post(f"{incident}/{step}")
        assert answer.status_code == 409
        assert answer.json() == {
            "type": "/#move-not-allowed",
            "title": "An incident in this situation does not take this step.",
            "status": 409,
            "detail": "an incident that is resolved and back to normal does not take the step"
            f" '{step}'",
        }
    assert len(operator.get(incident).json()["timeline"]) == 2


def test_who_looked_at_an_older_version_is_told(operator: httpx.Client, incident: str) -> None:
    operator.post(f"{incident}/acknowledge", json={"seen": 1})
    answer = operator.post(f"{incident}/resolve", json={"seen": 1})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/#stale-incident"
    assert answer.json()["detail"] == "the incident is at version 2, not 1; look again"
    assert operator.get(incident).json()["status"] == "acknowledged"


def test_of_two_people_at_once_one_is_told(people: People, incident: str) -> None:
    together = threading.Barrier(2)
    statuses = []

    def acknowledge(client: httpx.Client) -> None:
        together.wait()
        statuses.append(client.post(f"{incident}/acknowledge", json={"seen": 1}).status_code)

    threads = [
        threading.Thread(target=acknowledge, args=[client], name=f"person-{number}")
        for number, client in enumerate((people.operator, people.engineer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]
    assert len(people.viewer.get(incident).json()["timeline"]) == 2


@pytest.mark.parametrize("number", ["987654", "9223372036854775807"])
def test_an_unknown_incident_is_not_found(operator: httpx.Client, number: str) -> None:
    for answer in (
        operator.get(f"/incidents/{number}"),
        operator.post(f"/incidents/{number}/acknowledge"),
        operator.post(f"/incidents/{number}/resolve"),
    ):
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"there is no incident {number}"


@pytest.mark.parametrize(
    "said",
    [
        {"note": "a\x00b"},
        {"note": "x" * 2001},
        {"note": 7},
        {"seen": 0},
        {"seen": 2**31},
        {"seen": 2**63},
        {"seen": 1.5},
        {"seen": "1"},
        {"seen": True},
        {"actor": "somebody else"},
        [],
        "words",
    ],
)
def test_what_cannot_be_said_moves_nothing(
    operator: httpx.Client, incident: str, said: object
) -> None:
    assert operator.post(f"{incident}/acknowledge", json=said).status_code == 422
    assert operator.get(incident).json()["status"] == "open"
