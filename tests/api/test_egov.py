"""The index and the outlook of e-government services, as people ask for them."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from services.egov import counting, reckoning, standing
from services.store import assets, dossier_clocks, procedures, streams
from services.store.pool import Connection
from tests.api import city
from tests.egov.office import event, take
from tests.egov.office import procedures as office

NOW = datetime.now(UTC)
DAY = date(2026, 1, 30)


def moved(step: int, state: int, code: str, at: datetime, **more: object) -> dict[str, object]:
    return event(step, state, 0, code, at=at.isoformat(), **more)


@pytest.fixture(scope="module", autouse=True)
def _reckoned(store: Connection) -> None:
    """Three dossiers of January 2026 in Tuan Dao: one in time, one late, one overdue."""
    office(store)
    begun = datetime(2026, 1, 5, 2, tzinfo=UTC)
    due = (begun + timedelta(days=7)).isoformat()
    where = {"unit": "07663"}
    told = []
    for number, (channel, days) in enumerate(((2, 3), (1, 9), (1, None))):
        code = f"H02.07663-260105-{number:04}"
        told.append(moved(1, 2, code, begun, due_at=due, channel=channel, **where))
        told.append(moved(2, 4, code, begun + timedelta(hours=1), channel=channel, **where))
        if days:
            done = begun + timedelta(days=days)
            told.append(moved(3, 9, code, done, channel=channel, **where))
    take(store, *told)
    calendar = procedures.calendar(store)
    counting.count(store, calendar, dossier_clocks.take_changes(store, 100_000), NOW)
    reckoning.reckon(store, [DAY], NOW)
    heard = standing.look(store, calendar, timedelta(minutes=30), NOW)
    standing.ready(store, calendar, heard, NOW)


def test_the_index_of_a_unit_is_there_for_any_day(viewer: httpx.Client) -> None:
    shown = viewer.get("/egov/index/07663", params={"day": str(DAY)}).json()
    assert (shown["since"], shown["weights_from"]) == ("2026-01-01", "2022-08-01")
    scores = {each["code"]: each for each in shown["scores"]}
    progress = scores["PROGRESS_ON_TIME"]
    assert (progress["numerator"], progress["denominator"]) == (1, 3)
    assert (progress["score"], progress["lost"]) == (6.67, 13.33)
    assert scores["ONLINE_DOSSIERS"]["score"] == 4.0
    assert scores["PUBLISH_ON_TIME"]["score"] is None
    assert shown["total"] == {"points": 10.67, "assessed": 26.0, "max": 100.0}
    assert shown["grade"] is None
    before = viewer.get("/egov/index/07663", params={"day": "2026-01-06"}).json()
    assert before["total"]["points"] == 20 + 4  # nothing was late yet


def test_what_is_stored_is_what_is_reckoned_anew(viewer: httpx.Client, store: Connection) -> None:
    rows = store.execute(
        """SELECT code, score FROM egov_index_list
           WHERE unit = '07663' AND day = %s AND level = 'sub-metric'""",
        [DAY],
    ).fetchall()
    assert sorted(rows) == [("ONLINE_DOSSIERS", 4.0), ("PROGRESS_ON_TIME", 6.67)]


def test_a_unit_counts_in_what_stood_above_it_on_the_day_asked_for(viewer: httpx.Client) -> None:
    """In 2026 there is no district above Tuan Dao; by the tree of 2019 there is."""
    now = {each["unit"] for each in viewer.get("/egov/index", params={"day": str(DAY)}).json()}
    assert {"07663", "24"} <= now
    assert "220" not in now
    params = {"day": str(DAY), "as_of": "2019-06-01", "unit": "220"}
    (then,) = viewer.get("/egov/index", params=params).json()
    assert (then["as_of"], then["total"]["points"]) == ("2019-06-01", 10.67)


def test_lost_points_lead_to_units_procedures_and_dossiers(viewer: httpx.Client) -> None:
    found = viewer.get("/egov/index/24/losses", params={"day": str(DAY)}).json()
    progress = next(each for each in found["losses"] if each["code"] == "PROGRESS_ON_TIME")
    assert (progress["points"], progress["short"]) == (13.33, 2)
    assert [(each["code"], each["points"]) for each in progress["units"]] == [("07663", 13.3333)]
    assert [each["code"] for each in progress["procedures"]] == ["DD.11"]
    assert progress["procedures"][0]["points"] == pytest.approx(progress["points"], abs=0.01)
    late = [(each["dossier"][-4:], each["ended_at"]) for each in found["dossiers"]]
    assert late == [("0002", None), ("0001", "2026-01-14T02:00:00Z")]


def test_readiness_says_what_it_is_made_of_and_what_is_missing(viewer: httpx.Client) -> None:
    rows = viewer.get("/egov/readiness").json()
    assert {"24", "07663"} <= {each["unit"] for each in rows}
    (one,) = viewer.get("/egov/readiness", params={"unit": "S01"}).json()
    parts = {each["code"]: each["value"] for each in one["parts"]}
    assert parts["onestop_share"] == 89.0  # told by the province of all departments
    assert parts["staff_active"] is None
    assert one["score"] == 89.0
    assert 0 < one["coverage"] < 1


def test_coverage_counts_units_of_the_day(viewer: httpx.Client) -> None:
    found = {each["kind"]: each for each in viewer.get("/egov/coverage").json()}
    assert found["department"]["of"] == 15  # four were merged in 2025
    assert found["department"]["heard"] == 0
    assert len(found["department"]["silent"]) == 15


def test_coverage_counts_who_is_heard_now_by_the_units_of_any_day(
    viewer: httpx.Client, store: Connection
) -> None:
    assets.register(store, [("onestop-luc-nam", "service")])
    store.execute(
        """INSERT INTO asset_connectivity (asset_id, state, with_parent, since, layout, record,
                                           last_received_at)
           SELECT id, 'online', false, now(), '', '', now() FROM assets
           WHERE name = 'onestop-luc-nam'"""
    )
    found = viewer.get("/egov/coverage", params={"as_of": "2019-06-01"}).json()
    counts = {each["kind"]: (each["heard"], each["of"]) for each in found}
    assert counts["district"] == (1, 10)
    assert (counts["department"], counts["commune"]) == ((0, 19), (0, 230))


def test_an_incident_at_a_service_is_its_units_and_everybodys_above(
    viewer: httpx.Client, store: Connection
) -> None:
    assets.register(store, [("onestop-yen-the", "service")])
    streams.declare(store, [("onestop-yen-the", "flow", "m3/h")])
    number = city.raise_incident(store, "onestop-yen-the")
    for unit in ("215", "24", "onestop-yen-the"):
        params = {"unit": unit, "since": "2025-12-31T00:00:00Z"}
        [found] = viewer.get("/egov/incidents", params=params).json()
        assert (found["id"], found["unit"], found["area_code"]) == (number, "215", "215")
        assert found["unit_name"] == "Huyện Yên Thế"
        assert found["words"] != found["words_en"]  # no rule has said anything: the metric's own
    assert viewer.get("/egov/incidents", params={"unit": "216"}).json() == []


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/egov/index/99999", {}, 404),
        ("/egov/index", {"day": "2999-01-01"}, 404),
        ("/egov/index", {"period": "week"}, 422),
        ("/egov/forecasts", {"unit": "99999"}, 404),
        ("/egov/forecasts", {}, 200),
        ("/egov/hand-overs", {}, 200),
        ("/egov/incidents", {"unit": "215"}, 200),
        ("/egov/index", {"day": "0001-01-01"}, 200),
        ("/egov/forecasts", {"day": "0001-01-01"}, 200),
        ("/egov/forecasts", {"day": "9999-12-31"}, 200),
    ],
)
def test_what_cannot_be_asked_is_refused(
    viewer: httpx.Client, path: str, params: dict[str, str], status: int
) -> None:
    answer = viewer.get(path, params=params)
    assert answer.status_code == status, answer.text
