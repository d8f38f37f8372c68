"""One cause at many assets is one incident, which knows its members and what it is about."""

from datetime import UTC, datetime, timedelta

import pytest

from models.reading import microseconds
from services.incidents import intake, workflow
from services.store import (
    anomalies,
    assets,
    detector_states,
    incident_members,
    incidents,
    streams,
)
from services.store.anomalies import Anomaly
from services.store.pool import Connection, Pool, transaction

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LAMPS = ["cabinet", "lamp-1", "lamp-2", "lamp-3"]


@pytest.fixture
def lamps(pool: Pool) -> dict[str, int]:
    """The streams of power by asset: three lamps that speak through their cabinet."""
    with transaction(pool) as conn:
        assets.register(conn, [(name, "light") for name in LAMPS])
        ids = assets.ids(conn, LAMPS)
        for lamp in LAMPS[1:]:
            conn.execute(
                "UPDATE assets SET parent_id = %s WHERE id = %s", [ids["cabinet"], ids[lamp]]
            )
        streams.register(conn, [(ids[name], "power_kw", True, "kW") for name in LAMPS])
        known = streams.ids(conn, list(ids.values()))
        return {name: known[ids[name]]["power_kw"] for name in LAMPS}


def odd(stream: int, minute: float, detector: str = "neighbours") -> Anomaly:
    return Anomaly(stream, NOON + timedelta(minutes=minute), 0.0, 0.999, detector, 5.0, 1.0)


def happen(pool: Pool, *found: Anomaly) -> list[incidents.Incident]:
    with transaction(pool) as conn:
        anomalies.append(conn, list(found))
        intake.take_in(conn)
        return incidents.page(conn)


def members(conn: Connection, incident_id: int) -> list[str]:
    return [each.asset for each in incident_members.of(conn, [incident_id])[incident_id]]


def test_a_dark_group_begins_as_one_lamps_fault_and_becomes_one_event(
    pool: Pool, lamps: dict[str, int]
) -> None:
    (first,) = happen(pool, odd(lamps["lamp-1"], 0))
    assert (first.nature, first.member_count) == ("sensor", 1)
    assert [reason["code"] for reason in first.nature_reasons] == ["alone"]
    (found,) = happen(pool, odd(lamps["lamp-2"], 3), odd(lamps["lamp-3"], 4))
    assert (found.id, found.nature, found.member_count) == (first.id, "event", 3)
    assert found.nature_reasons[0]["code"] == "neighbours-agree"
    with transaction(pool) as conn:
        assert members(conn, found.id) == ["lamp-1", "lamp-2", "lamp-3"]
        assert {each.incident_id for each in anomalies.page(conn)} == {found.id}
        assert [each.id for each in incidents.page(conn, nature="event")] == [found.id]
        assert incidents.page(conn, nature="sensor") == []
        assert [each.id for each in incidents.page(conn, desk="city")] == [found.id]
        assert incidents.page(conn, desk="nobody") == []


def test_what_comes_hours_later_elsewhere_is_an_incident_of_its_own(
    pool: Pool, lamps: dict[str, int]
) -> None:
    happen(pool, odd(lamps["lamp-1"], 0))
    assert len(happen(pool, odd(lamps["lamp-2"], 240))) == 2


def test_with_a_silent_gateway_all_behind_it_are_members(pool: Pool, lamps: dict[str, int]) -> None:
    with transaction(pool) as conn:
        ids = assets.ids(conn, LAMPS)
        assets.register(conn, [("gw", "unknown")])
        gateway = assets.ids(conn, ["gw"])["gw"]
        conn.execute("UPDATE assets SET parent_id = %s WHERE id = %s", [gateway, ids["cabinet"]])
        streams.register(conn, [(gateway, "online", False, None)])
        online = streams.ids(conn, [gateway])[gateway]["online"]
        for name in ("cabinet", "lamp-1", "lamp-3"):
            silent(conn, ids[name])
    (found,) = happen(pool, odd(online, 0, "silence"))
    assert (found.nature, found.member_count) == ("sensor", 4)
    with transaction(pool) as conn:
        assert members(conn, found.id) == ["cabinet", "gw", "lamp-1", "lamp-3"]


def test_an_incident_stands_as_long_as_anything_shows_at_any_of_its_members(
    pool: Pool, lamps: dict[str, int]
) -> None:
    with transaction(pool) as conn:
        asset_id = assets.ids(conn, ["lamp-3"])["lamp-3"]
        streams.register(conn, [(asset_id, "delivery_fault", False, None)])
        delivery = streams.ids(conn, [asset_id])[asset_id]["delivery_fault"]
        silent(conn, asset_id)
        conn.execute("UPDATE asset_connectivity SET state = 'online', misconduct = '{repeats}'")
    found = happen(
        pool,
        odd(lamps["lamp-1"], 0),
        odd(lamps["lamp-2"], 3),
        odd(lamps["lamp-3"], 4),
        odd(delivery, 5, "repeats"),
    )
    assert [each.member_count for each in found] == [3]
    judged(pool, lamps["lamp-1"], 60)
    judged(pool, lamps["lamp-3"], 60)
    assert is_active(pool)  # lamp-2 was not judged since
    judged(pool, lamps["lamp-2"], 60, odd=40)
    assert is_active(pool)  # and what it showed goes on
    judged(pool, lamps["lamp-2"], 71, odd=40)
    assert is_active(pool)  # lamp-3 still repeats all that it says
    with transaction(pool) as conn:
        conn.execute("UPDATE asset_connectivity SET misconduct = '{}'")
    assert not is_active(pool)


def judged(pool: Pool, stream: int, minute: int, odd: int | None = None) -> None:
    """The detectors have come to a minute, and what they told went on until `odd`."""
    until, odd_until = (
        None if each is None else microseconds(NOON + timedelta(minutes=each))
        for each in (minute, odd)
    )
    with transaction(pool) as conn:
        state = detector_states.State(stream, until or 0, odd_until, b"")
        detector_states.save(conn, "x", [state])


def is_active(pool: Pool) -> bool:
    with transaction(pool) as conn:
        workflow.let_time_pass(conn, timedelta(minutes=30), timedelta(days=1))
        (found,) = incidents.page(conn)
        return found.active


def test_shops_of_a_district_closed_all_day_are_one_incident_however_it_is_told(
    pool: Pool,
) -> None:
    shops = [f"onestop-{place}" for place in ("07234", "07240", "07243", "yen-the")]
    with transaction(pool) as conn:
        assets.claim(conn, [assets.Claim(name, "service", area_code="215") for name in shops])
        ids = assets.ids(conn, shops)
        streams.register(conn, [(each, "office_health", False, None) for each in ids.values()])
        known = streams.ids(conn, list(ids.values()))
    idle = {name: known[ids[name]]["office_health"] for name in shops}
    told = [
        Anomaly(idle[name], NOON + timedelta(minutes=at), 3.0, 1.0, "idle", 0.0, 0.0, "high")
        for name in shops
        for at in range(0, 240, 10)
    ]
    (found,) = happen(pool, *told[:48])  # two of them in one go, then each of the others
    (found,) = happen(pool, *told[48:72])
    (found,) = happen(pool, *told[72:])
    assert (found.anomaly_count, found.member_count) == (96, 4)
    with transaction(pool) as conn:
        assert set(members(conn, found.id)) == set(shops)


def silent(conn: Connection, asset_id: int) -> None:
    """As connectivity writes it of an asset that is silent with its gateway."""
    conn.execute(
        """INSERT INTO asset_connectivity (asset_id, state, with_parent, since, layout, record)
           VALUES (%s, 'silent', true, %s, '', '')""",
        [asset_id, NOON],
    )
