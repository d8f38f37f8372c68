"""Shelly: partial updates, presence, and that its wide topics catch nobody else's."""

from typing import Any

import pytest

from ingest.codecs import shelly
from ingest.routes import NAMED, Route, read_routes
from models.reading import BadMessage
from tests.ingest import golden

TABLE = golden.routes()
OWN = read_routes()
FIRSTS = {rule.topic.partition("/")[0] for rule in OWN.rules if rule.topic[0] != "{"}
KEPT = sorted(first for first in FIRSTS if any(rule.filter == f"{first}/#" for rule in OWN.rules))


def read(topic: str, payload: Any, *, again: bool = False) -> Any:
    return golden.read(TABLE, topic, golden.raw(payload), again=again)


def notify(params: Any, device: str = "s-1", method: Any = "NotifyStatus") -> Any:
    return read("s-1/events/rpc", {"src": device, "method": method, "params": params})


def test_a_partial_update_speaks_of_what_changed_alone() -> None:
    assert notify({"switch:0": {"id": 0, "output": True}}).samples[0].values == {
        "switch_0_output": 1.0
    }


def test_a_notification_of_another_device_is_refused() -> None:
    with pytest.raises(BadMessage, match="src 's-2' is not the topic's device"):
        notify({"switch:0": {"output": True}}, device="s-2")


@pytest.mark.parametrize("method", [None, "Shelly.GetStatus", ["NotifyStatus"], {}])
def test_what_is_no_notification_is_refused(method: Any) -> None:
    with pytest.raises(BadMessage, match="no notification"):
        notify({}, method=method)


def test_without_a_set_clock_the_arrival_counts() -> None:
    assert notify({"ts": None, "em:0": {"a_voltage": 230}}).samples[0].time == golden.NOW
    with pytest.raises(BadMessage, match="expected ts as a number"):
        notify({"ts": "now"})


def test_how_it_is_connected_is_no_reading() -> None:
    told = {"cloud": {"connected": True}, "mqtt": {"connected": True}, "ws": {"connected": False}}
    assert notify(told).samples == []


def test_a_component_that_is_no_object_is_passed_over() -> None:
    assert notify({"switch:0": None, "em:0": {"a_freq": 50}}).samples[0].values == {
        "em_0_a_freq": 50.0
    }


@pytest.mark.parametrize("payload", ["", "1", '"true"', "online"])
def test_presence_is_true_or_false(payload: str) -> None:
    with pytest.raises(BadMessage, match="true or false"):
        read("s-1/online", payload)


def test_presence_read_again_is_no_news() -> None:
    assert read("s-1/online", "true").samples[0].values == {"online": 1.0}
    assert read("s-1/online", "true", again=True).samples == []


def test_a_wrong_setting_stops_the_start() -> None:
    with pytest.raises(ValueError, match="says: online"):
        shelly.made({"says": "status"})


def test_no_shelly_can_take_the_name_of_a_station() -> None:
    assert TABLE.routed("station-7/online").place.asset == "shelly:station-7"


def is_shellys(topic: str) -> bool:
    found = OWN.route(topic)
    return isinstance(found, Route) and "shelly" in found.codec.__module__


@pytest.mark.parametrize("level", KEPT)
def test_what_a_convention_keeps_whole_is_never_shellys(level: str) -> None:
    for ending in ("events/rpc", "status/switch:0", "status/status", "online"):
        assert not is_shellys(f"{level}/{ending}"), ending
    assert is_shellys("shellyplus1-a8032ab00001/online")


def test_whatever_fits_another_route_is_not_shellys() -> None:
    assert set(KEPT) >= {"city", "egov", "homie", "tele", "v3", "zigbee2mqtt", "application"}
    for rule in OWN.rules:
        if rule.topic.partition("/")[0] in FIRSTS:
            for name in ("status", "online", "events", "rpc"):
                assert not is_shellys(NAMED.sub(name, rule.topic))
