from datetime import UTC, datetime

import httpx
import pytest

from services.api.dossiers import LARGEST_BATCH
from services.egov import counting
from services.store import dossier_clocks
from services.store import procedures as rules
from services.store.pool import Connection
from tests.egov.office import course, event, procedures


@pytest.fixture(scope="module", autouse=True)
def _office(store: Connection) -> None:
    procedures(store)


def codes(viewer: httpx.Client, as_of: str) -> list[str]:
    """All codes of a day's tree, over its pages."""
    answer = viewer.get("/units", params={"as_of": as_of, "limit": 150})
    found = [unit["code"] for unit in answer.json()]
    while "next" in answer.links:
        answer = viewer.get(answer.links["next"]["url"])
        found += [unit["code"] for unit in answer.json()]
    return found


def test_units_are_those_of_the_day_that_is_asked_for(viewer: httpx.Client) -> None:
    assert len(codes(viewer, "2019-06-01")) == 1 + 19 + 10 + 230
    assert len(codes(viewer, "2020-01-01")) == 1 + 19 + 10 + 209
    assert "213" not in codes(viewer, "2025-07-01")


def test_a_unit_is_shown_with_its_names_and_its_heirs(viewer: httpx.Client) -> None:
    shown = viewer.get("/units/onestop-07234").json()
    assert shown["code"] == "07234"
    assert [(life["name"], life["valid_to"]) for life in shown["lives"]] == [
        ("Thị trấn Cầu Gồ", "2020-01-01")
    ]
    assert [(heir["new"], heir["mark"]) for heir in shown["successions"]] == [("07288", "general")]
    assert viewer.get("/units/99999").status_code == 404


def test_events_come_in_by_the_batch_with_an_answer_each(
    operator: httpx.Client, viewer: httpx.Client
) -> None:
    events = [*course("H02.215-190103-0001"), event(1, 11, 0)]
    answer = operator.post("/egov/dossier-events", json={"events": events})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["stored"], told["duplicate"], told["rejected"]) == (6, 0, 1)
    assert [each["outcome"] for each in told["answers"]] == ["stored"] * 6 + ["rejected"]
    again = operator.post("/egov/dossier-events", json={"events": events}).json()
    assert (again["stored"], again["duplicate"], again["rejected"]) == (0, 6, 1)
    (kept,) = viewer.get("/egov/quarantine").json()
    assert (kept["door"], kept["source"], kept["times"]) == ("http", "operator-1", 2)
    assert viewer.post("/egov/dossier-events", json={"events": events}).status_code == 403


def test_a_units_load_rolls_up_by_the_tree_of_the_day(
    operator: httpx.Client, viewer: httpx.Client, store: Connection
) -> None:
    """One dossier done in time, one that is overdue at the end of January 2019."""
    before = viewer.get("/egov/units/24/load").json()
    late = event(1, 2, 0, "H02.215-190102-0777")
    operator.post("/egov/dossier-events", json={"events": [*course(), late]})
    codes = dossier_clocks.take_changes(store, 100_000)
    counting.count(store, rules.calendar(store), codes, datetime.now(UTC))
    for unit in ("215", "24", "onestop-yen-the"):
        load = viewer.get(f"/egov/units/{unit}/load?as_of=2019-01-31T00:00:00Z").json()
        assert (load["overdue"], load["overdue_long"]) == (1, 1), unit
        assert load["on_time_share"] == 1
        states = {each["state"]: each["group"] for each in load["states"]}
        assert (states[2], states[10]) == ("in-process", "processed")
    nobody = viewer.get("/egov/units/213/load").json()
    assert (nobody["overdue"], nobody["on_time_share"]) == (0, None)
    whole = viewer.get("/egov/loads?as_of=2019-01-31T00:00:00Z").json()
    assert {each["unit"] for each in whole} == {"24", "215"}
    today = viewer.get("/egov/units/24/load").json()
    assert today["overdue"] == before["overdue"] + 1, (
        "the district is gone, and the province answers for it"
    )


def test_a_batch_may_be_larger_than_other_bodies_but_not_endless(operator: httpx.Client) -> None:
    events = [event(1, 99, 0, ChuHoSo="x" * 2000)] * 100
    assert operator.post("/egov/dossier-events", json={"events": events}).status_code == 200
    endless = b" " * (LARGEST_BATCH + 1)
    assert operator.post("/egov/dossier-events", content=endless).status_code == 413
