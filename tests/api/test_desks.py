from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.store import desks, model_versions
from services.store.desks import Threshold
from services.store.model_versions import Draft
from services.store.pool import Connection
from tests.api import city
from tests.api.city import MIDNIGHT
from tests.api.conftest import People

SAID = {
    "title": "Trực ban cấp nước",
    "title_en": "Water",
    "kinds": ["water"],
    "areas": ["213"],
    "natures": ["sensor", "undecided"],
    "budget": 2,
    "shift_hours": 12,
    "first_shift_hour": 7,
}


def test_an_engineer_defines_a_desk_and_changes_it(people: People, store: Connection) -> None:
    answer = people.engineer.put("/desks/water", json=SAID)
    assert answer.status_code == 201
    assert answer.json().items() >= (SAID | {"changed_by": "engineer-1", "least_factor": 1}).items()
    again = people.engineer.put("/desks/water", json=SAID | {"budget": 3.0})
    assert (again.status_code, again.json()["budget"]) == (200, 3)
    listed = people.viewer.get("/desks?limit=1000").json()
    assert {"city", "water"} <= {desk["name"] for desk in listed}
    row = store.execute(
        "SELECT actor, detail ->> 'budget' FROM audit WHERE target = 'water' ORDER BY id DESC"
    ).fetchone()
    assert row == ("engineer-1", "3.0")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"kinds": ["moon"]}, 422),
        ({"areas": ["nowhere"]}, 422),
        ({"budget": 0}, 422),
        ({"shift_hours": 7}, 422),
        ({"least_factor": 0.5}, 422),
        ({"unheard": 1}, 422),
    ],
)
def test_a_desk_that_cannot_be_is_refused(
    people: People, wrong: dict[str, object], status: int
) -> None:
    assert people.engineer.put("/desks/water", json=SAID | wrong).status_code == status
    assert people.operator.put("/desks/water", json=SAID).status_code == 403


def test_a_budget_tells_promised_and_seen_of_every_shift(people: People, store: Connection) -> None:
    desk = desks.find(store, "city")
    assert desk is not None
    desks.put(store, desk._replace(name="three", kinds=["parking"], budget=1.5))
    began_at = datetime.now(UTC) - timedelta(days=3)
    names = [city.newcomer(store) for _ in range(3)]
    store.execute("UPDATE assets SET kind = 'parking' WHERE name = ANY(%s)", [names])
    numbers = [city.raise_incident(store, name) for name in names]
    store.execute("UPDATE incidents SET began_at = %s WHERE id = ANY(%s)", [began_at, numbers])
    people.operator.post(f"/incidents/{numbers[0]}/feedback", json={"verdict": "real"})
    people.operator.post(f"/incidents/{numbers[1]}/feedback", json={"verdict": "false"})
    asked = Threshold("three", 1.4, "calibrated", 1.5, 1.4, 90, 1, MIDNIGHT, began_at)
    desks.note_threshold(store, asked)
    found = people.viewer.get("/desks/three/budget", params={"since": began_at.isoformat()}).json()
    assert len(found["shifts"]) in (9, 10)  # three a day, and the one that runs
    shift = found["shifts"][-1]
    assert (
        datetime.fromisoformat(shift["time"])
        <= began_at
        < datetime.fromisoformat(shift["ended_at"])
    )
    assert (
        shift.items()
        >= {
            "alarms": 3,
            "real_alarms": 1,
            "false_alarms": 1,
            "unjudged": 1,
            "seen": 2,
            "promised": 1.5,
            "kept": False,
            "factor": None,
        }.items()
    )
    assert (found["shifts"][0]["factor"], found["shifts"][0]["kept"]) == (1.4, True)
    assert found["shifts_kept"] == len(found["shifts"]) - 1
    assert [each["factor"] for each in found["thresholds"]] == [1.4]


def test_a_desk_that_is_not_there_has_no_budget(viewer: httpx.Client) -> None:
    answer = viewer.get("/desks/nobody/budget")
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no desk nobody")


def test_versions_are_listed_with_who_made_them_and_which_is_live(
    viewer: httpx.Client, store: Connection
) -> None:
    for threshold in (0.99, 0.999):
        draft = Draft("levels", {"threshold": threshold}, "layout-1", scores={"recall": 0.9})
        model_versions.register(store, draft, "an")
    model_versions.promote(store, "levels", 2, "binh")
    second, first = viewer.get("/models?name=levels").json()
    assert (
        second.items()
        >= {
            "version": 2,
            "state": "live",
            "promoted_by": "binh",
            "parameters": {"threshold": 0.999},
        }.items()
    )
    assert (first["state"], first["scores"], first["created_by"]) == (
        "candidate",
        {"recall": 0.9},
        "an",
    )
    assert [each["version"] for each in viewer.get("/models?name=levels&state=live").json()] == [2]
    page = viewer.get("/models?name=levels&limit=1")
    assert viewer.get(page.links["next"]["url"]).json() == [first]
