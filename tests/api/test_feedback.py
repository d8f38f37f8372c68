import httpx
import pytest

from models import feedback
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People


@pytest.fixture
def incident(store: Connection) -> str:
    return f"/incidents/{city.raise_incident(store)}"


def stream_of(store: Connection, incident: str) -> str:
    row = store.execute(
        "SELECT stream_id FROM incidents WHERE id = %s", [int(incident.rpartition("/")[2])]
    ).fetchone()
    assert row is not None
    return f"/streams/{row[0]}/calibration"


def test_a_false_alarm_makes_the_stream_quieter_until_it_is_withdrawn(
    people: People, store: Connection, incident: str
) -> None:
    calibration = stream_of(store, incident)
    assert people.viewer.get(calibration).json()["factor"] == 1.0
    said = {"verdict": "false", "note": "mưa bắn vào đầu đo"}
    told = people.operator.post(f"{incident}/feedback", json=said).json()
    assert (told["verdict"], len(told["lines"])) == ("false", 1)
    line = told["lines"][0]
    assert line.items() >= (said | {"actor": "operator-1", "in_force": True}).items()
    assert (line["before"], line["after"]) == (1.0, feedback.UP)
    found = people.viewer.get(calibration).json()
    assert (found["factor"], found["feedback_factor"]) == (feedback.UP, feedback.UP)
    assert found["lines"] == [line]
    assert {"desk": "city", "factor": 1.0} in found["desks"]
    assert 0.995 < found["score"] < 0.999

    taken_back = people.operator.post(f"{incident}/feedback", json={"verdict": "withdrawn"})
    assert taken_back.json()["verdict"] is None
    found = people.viewer.get(calibration).json()
    assert found["factor"] == 1.0
    assert [(each["verdict"], each["in_force"]) for each in found["lines"]] == [
        ("false", False),
        ("withdrawn", False),
    ]
    assert people.viewer.get(f"{incident}/feedback").json()["lines"] == found["lines"]


def test_what_was_never_said_is_not_withdrawn(operator: httpx.Client, incident: str) -> None:
    answer = operator.post(f"{incident}/feedback", json={"verdict": "withdrawn"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/#nothing-to-withdraw")
    assert operator.get(f"{incident}/feedback").json()["lines"] == []


def test_who_may_only_look_says_nothing(people: People, incident: str) -> None:
    answer = people.viewer.post(f"{incident}/feedback", json={"verdict": "real"})
    assert answer.status_code == 403


@pytest.mark.parametrize("said", [{}, {"verdict": "maybe"}, {"verdict": "real", "note": 7}])
def test_what_is_no_verdict_is_refused(operator: httpx.Client, incident: str, said: object) -> None:
    assert operator.post(f"{incident}/feedback", json=said).status_code == 422


def test_what_is_not_there_has_no_feedback_and_no_explanation(operator: httpx.Client) -> None:
    for answer in (
        operator.get("/incidents/987654/feedback"),
        operator.post("/incidents/987654/feedback", json={"verdict": "real"}),
        operator.get("/incidents/987654/explanation"),
        operator.get("/streams/987654/calibration"),
    ):
        assert answer.status_code == 404


def test_what_was_said_is_never_edited(
    store: Connection, operator: httpx.Client, incident: str
) -> None:
    operator.post(f"{incident}/feedback", json={"verdict": "real"})
    for change in (
        "UPDATE incident_feedback SET verdict = 'false'",
        "DELETE FROM incident_feedback",
    ):
        with pytest.raises(Exception, match="incident_feedback is append-only"):
            store.execute(change.encode())


def test_an_incident_is_explained_with_its_neighbours_and_its_past(
    people: People, store: Connection
) -> None:
    name, *others = [city.newcomer(store) for _ in range(6)]
    store.execute("UPDATE assets SET kind = 'noise' WHERE name = ANY(%s)", [[name, *others]])
    first = city.raise_incident(store, name)
    people.operator.post(f"/incidents/{first}/feedback", json={"verdict": "real"})
    people.operator.post(f"/incidents/{first}/resolve")
    store.execute(
        "UPDATE incidents SET began_at = began_at - interval '1 day' WHERE id = %s", [first]
    )
    store.execute(
        "UPDATE anomalies SET time = time - interval '1 day' WHERE incident_id = %s", [first]
    )
    number = city.raise_incident(store, name)
    parts = '{"level": 5.5, "drift": 1}'
    store.execute(
        "UPDATE anomalies SET parts = %s WHERE incident_id = ANY(%s)", [parts, [first, number]]
    )
    found = people.viewer.get(f"/incidents/{number}/explanation").json()
    shown = people.viewer.get(f"/incidents/{number}").json()
    assert shown["words"] == found["text"]
    assert (found["side"], found["low"], found["high"]) == ("above", 11.3, 13.5)
    assert [part["name"] for part in found["parts"]] == ["level", "drift"]
    assert sorted(each["asset"] for each in found["neighbours"]) == sorted(others)
    assert {each["stance"] for each in found["neighbours"]} == {"silent"}
    (like,) = found["similar"]
    assert like["incident_id"] == first
    assert (like["verdict"], like["status"]) == ("real", "resolved")
    assert "cao hơn khoảng bình thường (11,3 đến 13,5 m3/h)" in found["text"]["vi"]
    assert "above the normal band (11.3 to 13.5 m3/h)" in found["text"]["en"]
