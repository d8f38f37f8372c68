import threading

import pytest

from services.store import assets
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import BelowItself, UnknownParent


def named(conn: Connection, *names: str) -> None:
    assets.register(conn, [(name, "unknown") for name in names])


def parent_of(conn: Connection, name: str) -> str | None:
    found = assets.find(conn, name)
    assert found is not None
    return found.parent


def test_a_claim_puts_an_asset_below_its_gateway_and_takes_it_away_again(conn: Connection) -> None:
    assets.claim(conn, [assets.Claim("lamp", parent="hub"), assets.Claim("hub", owner_unit="24")])
    assert parent_of(conn, "lamp") == "hub"
    assets.update(conn, assets.Claim("lamp", title="Đèn"))
    assert parent_of(conn, "lamp") == "hub"
    assets.update(conn, assets.Claim("lamp", parent=""))
    assert parent_of(conn, "lamp") is None
    hub = assets.find(conn, "hub")
    assert hub is not None
    assert hub.owner_unit == "24"


def test_a_parent_that_is_not_there_is_refused_by_its_name(conn: Connection) -> None:
    named(conn, "lamp")
    with pytest.raises(UnknownParent, match="there is no asset nobody"):
        assets.put_below(conn, {"lamp": "nobody"})


@pytest.mark.parametrize(
    "pairs", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a"}]
)
def test_nothing_stands_below_itself(pool: Pool, pairs: dict[str, str]) -> None:
    with transaction(pool) as conn:
        named(conn, "a", "b", "c")
    with pytest.raises(BelowItself), transaction(pool) as conn:
        assets.put_below(conn, pairs)


def test_no_chain_is_longer_than_eight(pool: Pool) -> None:
    chain = [f"g{number}" for number in range(10)]
    below = dict(zip(chain[1:], chain, strict=False))
    with transaction(pool) as conn:
        named(conn, *chain)
        assets.put_below(conn, {child: below[child] for child in chain[1:9]})
    with pytest.raises(BelowItself), transaction(pool) as conn:
        assets.put_below(conn, {"g9": "g8"})
    with transaction(pool) as conn:
        assert assets.adopt(conn, {"g9": "g8"}) == 0
        assert assets.adopt(conn, {"g9": "g7"}) == 1


def test_two_people_at_once_cannot_close_a_circle(pool: Pool) -> None:
    with transaction(pool) as conn:
        named(conn, "a", "b")
    refused: list[Exception] = []

    def put(child: str, parent: str) -> None:
        try:
            with transaction(pool) as other:
                assets.put_below(other, {child: parent})
        except BelowItself as error:
            refused.append(error)

    with transaction(pool) as conn:
        assets.put_below(conn, {"a": "b"})
        second = threading.Thread(target=put, args=("b", "a"))
        second.start()
    second.join(30)
    assert len(refused) == 1


def test_a_gateway_adopts_what_nobody_has_claimed(conn: Connection) -> None:
    named(conn, "lamp", "meter", "owned", "placed")
    assets.claim(conn, [assets.Claim("owned")])
    assets.put_below(conn, {"placed": "meter"})
    heard = dict.fromkeys(("lamp", "owned", "placed", "hub", "stranger"), "hub")
    assert assets.adopt(conn, heard) == 1
    assert assets.adopt(conn, heard) == 0
    parents = {name: parent_of(conn, name) for name in ("lamp", "owned", "placed", "hub")}
    assert parents == {"lamp": "hub", "owned": None, "placed": "meter", "hub": None}
    hub = assets.find(conn, "hub")
    assert hub is not None
    assert hub.claimed_at is None


def test_a_device_that_says_it_stands_above_its_gateway_is_not_believed(conn: Connection) -> None:
    named(conn, "lamp", "hub")
    assert assets.adopt(conn, {"lamp": "hub"}) == 1
    assert assets.adopt(conn, {"hub": "lamp"}) == 0
    assert parent_of(conn, "hub") is None


def test_a_title_is_a_devices_own_until_somebody_says_another(conn: Connection) -> None:
    named(conn, "lamp", "meter")
    assets.claim(conn, [assets.Claim("meter")])
    assets.entitle(conn, {"lamp": "Đèn 1", "meter": "Công tơ", "nobody": "x"})
    assets.entitle(conn, {"lamp": "Đèn 2"})
    titles = {
        name: (found := assets.find(conn, name)) and found.title for name in ("lamp", "meter")
    }
    assert titles == {"lamp": "Đèn 1", "meter": None}


def test_assets_are_found_by_gateway_area_and_text(conn: Connection) -> None:
    said = [
        assets.Claim("hub", area_code="24"),
        assets.Claim("lamp", title="Đèn Đường", area_code="213", parent="hub"),
        assets.Claim("far"),
    ]
    assets.claim(conn, said)

    def names(**wanted: object) -> list[str]:
        return [each.name for each in assets.page(conn, assets.Wanted(**wanted))]  # type: ignore[arg-type]

    assert names(parent="hub") == ["lamp"]
    assert names(area="213") == ["lamp"]
    assert names(area="24") == ["hub", "lamp"]
    assert names(text="đèn đ") == ["lamp"]
    assert names(text="AM") == ["lamp"]
    assert names(text="%") == []


def test_a_change_is_noted_and_nothing_else_is(pool: Pool) -> None:
    with transaction(pool) as conn:
        named(conn, "lamp")
        start = changed_at(conn)
    with transaction(pool) as conn:
        assets.update(conn, assets.Claim("lamp", title="Đèn"))
        first = changed_at(conn)
        assets.update(conn, assets.Claim("lamp", title="Đèn"))
        assert changed_at(conn) == first
    assert first > start


def changed_at(conn: Connection) -> float:
    row = conn.execute("SELECT extract(epoch FROM changed_at) FROM assets").fetchone()
    assert row is not None
    return float(str(row[0]))
