from datetime import timedelta

import httpx
import pytest

from models.connectivity import State
from models.hearing import Member, Pace
from models.reading import MINUTE, SECOND
from models.rollcall import Change
from services.store import assets, connectivity
from services.store.assets import Claim
from services.store.pool import Connection
from tests.api import city


@pytest.fixture
def heard(store: Connection) -> str:
    """The name of an asset that is silent with its gateway, and whose clock is off."""
    name = city.newcomer(store)
    asset_id = assets.ids(store, [name])[name]
    stream = city.stream_id(store, name, "flow")
    store.execute(
        "UPDATE assets SET parent_id = (SELECT id FROM assets WHERE name = 'pump-7') WHERE id = %s",
        [asset_id],
    )
    silent_at = city.START + 10 * MINUTE
    member = Member(
        asset_id, State.SILENT, True, silent_at, city.START + SECOND, city.START,
        60.0, 190.0, float("inf"), 90.5, ["clock"], b"record",
    )  # fmt: skip
    connectivity.save_members(store, "layout", [member])
    connectivity.save_paces(store, "layout", [Pace(stream, 60.0, 0.1, 20, b"record")])
    changes = [
        Change(asset_id, city.START, State.ONLINE, False),
        Change(asset_id, silent_at, State.SILENT, True),
    ]
    connectivity.append_changes(store, changes)
    return name


def test_an_asset_says_how_it_is_heard_and_was(viewer: httpx.Client, heard: str) -> None:
    found = viewer.get(f"/assets/{heard}/connectivity").json()
    assert (
        found.items()
        >= {
            "asset": heard,
            "parent": "pump-7",
            "state": "silent",
            "with_parent": True,
            "since": "2026-01-01T00:10:00Z",
            "last_received_at": "2026-01-01T00:00:01Z",
            "last_event_at": "2026-01-01T00:00:00Z",
            "cadence_s": 60.0,
            "silent_after_s": None,
            "skew_s": 90.5,
            "clock_wrong": True,
        }.items()
    )
    assert found["streams"] == [{"metric": "flow", "cadence_s": 60.0, "spread": 0.1, "samples": 20}]
    assert [change["state"] for change in found["changes"]] == ["silent", "online"]


def test_an_asset_that_was_never_heard_is_learning(viewer: httpx.Client) -> None:
    found = viewer.get("/assets/gauge-1/connectivity").json()
    assert (found["state"], found["last_received_at"]) == ("learning", None)
    assert (found["streams"], found["changes"]) == ([], [])


def test_an_unknown_asset_is_a_problem(viewer: httpx.Client) -> None:
    assert viewer.get("/assets/nobody/connectivity").status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=silent", True),
        ("state=online", False),
        ("kind=unknown", True),
        ("kind=air", False),
        ("parent=pump-7", True),
        ("parent=gauge-1", False),
        ("clock_wrong=true", True),
        ("clock_wrong=false", False),
    ],
)
def test_the_list_is_filtered(viewer: httpx.Client, heard: str, query: str, *, there: bool) -> None:
    names = [each["asset"] for each in viewer.get(f"/connectivity?{query}&limit=1000").json()]
    assert (heard in names) == there


def test_a_page_names_the_next(viewer: httpx.Client, store: Connection) -> None:
    assets.claim(store, [Claim(f"parking-{number}", "parking") for number in range(3)])
    first = viewer.get("/connectivity?kind=parking&limit=2")
    second = viewer.get(first.links["next"]["url"])
    names = [each["asset"] for each in first.json() + second.json()]
    assert names == ["parking-0", "parking-1", "parking-2"]
    assert "next" not in second.links


def test_old_changes_go_but_each_assets_newest(store: Connection, heard: str) -> None:
    asset_id = assets.ids(store, [heard])[heard]
    assert connectivity.drop_old_changes(store, timedelta(0)) >= 1
    assert [each.state for each in connectivity.changes(store, heard, 10)] == ["silent"]
    assert asset_id
