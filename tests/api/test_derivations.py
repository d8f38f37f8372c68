from datetime import timedelta

import httpx
import pytest

from models.reading import MINUTE
from services.store import assets, derivations
from services.store.derivations import Row
from services.store.pool import Connection
from tests.api import city

STEPS = 5  # of ten minutes


@pytest.fixture
def levels(store: Connection) -> int:
    """A river's flood level: five derived readings, the last of which does not follow any more."""
    assets.claim(store, [assets.Claim("dap-cau", "river")])
    asset_id = assets.ids(store, ["dap-cau"])["dap-cau"]
    derivations.register(store, "flood", [(asset_id, "flood_level")])
    stream = city.stream_id(store, "dap-cau", "flood_level")
    rows = [
        Row(stream, city.START + i * 10 * MINUTE, i, {"height_m": 4.0 + i}) for i in range(STEPS)
    ]
    derivations.keep(store, rows, city.MIDNIGHT)
    derivations.retract(store, [(stream, city.START, city.START + 60 * MINUTE)], rows[:-1])
    store.commit()
    return stream


def test_a_derived_reading_is_shown_with_its_inputs(viewer: httpx.Client, levels: int) -> None:
    shown = viewer.get(f"/streams/{levels}/derivations").json()
    assert [each["value"] for each in shown] == [0, 1, 2, 3, 4]
    assert shown[1] == {
        "time": "2026-01-01T00:10:00Z",
        "value": 1.0,
        "quality": "good",
        "inputs": {"height_m": 5.0},
    }
    assert shown[-1]["quality"] == "bad"


def test_derivations_come_in_pages_forth_and_back(viewer: httpx.Client, levels: int) -> None:
    first = viewer.get(f"/streams/{levels}/derivations?since=2026-01-01T00:10:00Z&limit=2")
    second = viewer.get(first.links["next"]["url"])
    assert [each["value"] for each in first.json() + second.json()] == [1, 2, 3, 4]
    newest = viewer.get(f"/streams/{levels}/derivations?limit=2")
    before = viewer.get(newest.links["prev"]["url"])
    assert [each["value"] for each in before.json() + newest.json()] == [1, 2, 3, 4]


def test_a_stream_says_which_rule_gives_it(
    viewer: httpx.Client, store: Connection, levels: int
) -> None:
    (stream,) = viewer.get("/streams?asset=dap-cau").json()
    assert (stream["derived_by"], stream["judged"], stream["unit"]) == ("flood", False, "1")
    assert viewer.get("/streams?asset=pump-7&limit=1").json()[0]["derived_by"] is None
    flow = city.stream_id(store, "pump-7", "flow")
    assert viewer.get(f"/streams/{flow}/derivations").json() == []


def test_of_an_unknown_stream_nothing_is_derived(viewer: httpx.Client) -> None:
    missing = viewer.get("/streams/987654/derivations")
    assert (missing.status_code, missing.json()["type"]) == (404, "/#no-such-stream")
    since = (city.MIDNIGHT + timedelta(days=1)).replace(tzinfo=None).isoformat()
    assert viewer.get(f"/streams/1/derivations?since={since}").status_code == 422
