"""What one cause shows at many assets is one incident, and what it is about is said."""

from typing import Any

from models import nature
from models.correlate import Cluster, Sign, gathered
from models.nature import Nature
from models.reading import HOUR, MINUTE


def sign(asset: str, metric: str, minute: float, **told: Any) -> Sign:
    usual = Sign(
        asset, metric, "light", "213", f"gw-{asset}", int(minute * MINUTE), "neighbours", 1.0
    )
    return usual._replace(**told)


def assets_of(clusters: list[Cluster]) -> list[set[str]]:
    return [cluster.assets for cluster in clusters]


def test_signs_of_one_asset_are_one_incident_until_it_is_quiet() -> None:
    told = [sign("a", "flow", minute) for minute in (0, 20, 45, 120)]
    assert [len(each.signs) for each in gathered(told)] == [3, 1]


def test_lamps_of_one_cabinet_and_the_cabinet_are_one_incident() -> None:
    told = [
        sign("cabinet", "power_kw", 0, parent="gw"),
        sign("lamp-1", "current", 2, parent="cabinet", area=None),
        sign("lamp-2", "current", 9, parent="cabinet", area=None),
        sign("far-lamp", "voltage", 9, parent="other", area=None),
    ]
    assert assets_of(gathered(told)) == [{"cabinet", "lamp-1", "lamp-2"}, {"far-lamp"}]


def test_who_is_silent_with_a_gateway_is_a_member_and_stays_in_its_incident() -> None:
    told = [
        sign("gw", "online", 0, parent=None, detector="silence", members=("a", "b")),
        sign("b", "online", 12, area=None, parent=None, detector="silence"),
    ]
    (found,) = gathered(told)
    assert found.assets == {"gw", "a", "b"}


def test_an_area_and_a_metric_gather_what_begins_together_and_no_more() -> None:
    told = [
        sign("a", "voltage", 0),
        sign("b", "power_kw", 4),
        sign("c", "voltage", 5, area="218"),
        sign("d", "voltage", 5, area="219", upwards=False),
        sign("e", "voltage", 11, area="213", kind="energy"),
    ]
    assert assets_of(gathered(told)) == [{"a", "b", "c"}, {"d"}, {"e"}]


def test_a_communes_shop_that_stands_still_in_its_power_cut_is_no_incident_of_its_own() -> None:
    outage = sign("meter", "power_outage", 0, kind="energy", detector="energy")
    shop = sign(
        "shop", "office_health", 25, kind="service", detector="idle", area="07663", around="213"
    )
    fewer = sign("shop", "counters_open", 12, kind="service", upwards=False, area="07663")
    fewer = fewer._replace(around="213")
    elsewhere = shop._replace(asset="other", area="07759", around="218", parent=None)
    elsewhere = elsewhere._replace(metric="signing_health")
    told = [outage, fewer, shop, elsewhere]
    assert assets_of(gathered(told)) == [{"meter", "shop"}, {"other"}]
    unheard = [
        sign("rain", "online", 0, kind="rain", detector="silence"),
        sign("shop", "online", 14, kind="service", detector="silence"),
        sign("river", "online", 14, kind="river", detector="silence", area="218"),
    ]
    assert assets_of(gathered(unheard)) == [{"rain", "shop"}, {"river"}]


def test_what_began_together_belongs_together_whoever_is_told_of_first() -> None:
    one_after_another = [
        sign(f"shop-{shop}", "office_health", minute, kind="service", area=f"2{shop}", parent=None)
        for shop in range(3)
        for minute in range(0, 90, 10)
    ]
    (found,) = gathered(one_after_another)
    assert len(found.signs) == 27


def test_one_number_of_one_device_is_a_fault_and_several_that_go_together_an_event() -> None:
    alone = [sign("a", "flow", 0)]
    assert nature.decide(alone).nature is Nature.SENSOR
    assert nature.decide(alone).reasons == (nature.ALONE,)
    leak = [*alone, sign("a", "water_pressure", 80, upwards=False)]
    assert nature.decide(leak).nature is Nature.EVENT
    dark = [sign(f"lamp-{n}", "power_kw", n, upwards=False) for n in range(3)]
    assert nature.decide(dark).nature is Nature.EVENT
    much_later = [*alone, sign("a", "water_pressure", 4 * HOUR / MINUTE)]
    assert nature.decide(much_later).nature is not Nature.EVENT


def test_what_no_world_does_is_a_fault_and_what_a_rule_says_an_event() -> None:
    for detector in ("clock", "repeats", "disorder", "silence", "flatline"):
        assert nature.decide([sign("a", "x", 0, detector=detector)]).nature is Nature.SENSOR
    assert nature.decide([sign("a", "battery", 0)]).nature is Nature.SENSOR
    rule = sign("a", "fire_suspected", 1, detector="waste-fire")
    assert nature.decide([sign("a", "temperature", 0), rule]).nature is Nature.EVENT
    outage = sign("m", "power_outage", 0, detector="energy")
    silent = [sign(f"s{n}", "online", 20 + n, detector="silence") for n in range(4)]
    assert nature.decide([outage, *silent]).nature is Nature.EVENT


def test_devices_on_the_mains_that_fall_silent_together_are_a_power_cut() -> None:
    dark = [
        sign(f"a{n}", "online", n, detector="silence", kind=kind, parent=f"gw-{n}")
        for n, kind in enumerate(("air", "noise", "traffic"))
    ]
    (found,) = gathered(dark)
    assert nature.decide(found.signs).nature is Nature.EVENT
    cut_off = [*dark, sign("r", "online", 3, detector="silence", kind="rain", parent="gw-9")]
    assert nature.decide(cut_off).nature is Nature.SENSOR


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    for reason, _ in nature.TESTS:
        assert reason.vi.endswith(".")
        assert reason.en.endswith(".")
        assert reason.weight
