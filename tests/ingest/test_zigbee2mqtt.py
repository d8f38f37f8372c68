"""Zigbee2MQTT: states, presence, and what is ignored."""

from typing import Any

import pytest

from ingest.codecs import zigbee2mqtt
from models.reading import BadMessage
from tests.ingest import golden

TABLE = golden.routes()


def read(topic: str, payload: Any, *, again: bool = False) -> Any:
    return golden.read(TABLE, f"zigbee2mqtt/{topic}", golden.raw(payload), again=again)


def test_devices_are_children_of_the_bridge() -> None:
    place = TABLE.routed("zigbee2mqtt/hall/window/availability").place
    assert place.parent == "zigbee2mqtt"
    assert place.asset == TABLE.routed("zigbee2mqtt/hall/window").place.asset
    assert place.asset != TABLE.routed("zigbee2mqtt/hall-window").place.asset


@pytest.mark.parametrize(
    "topic", ["a/set", "a/set/state", "a/b/get", "bridge/devices", "bridge/request/restart"]
)
def test_commands_and_the_bridges_chatter_are_ignored(topic: str) -> None:
    assert read(topic, "\x00").samples == []


def test_without_last_seen_the_arrival_counts() -> None:
    assert read("a", {"temperature": 1}).samples[0].time == golden.NOW


@pytest.mark.parametrize("seen", ["now", True, [], {}])
def test_a_bad_last_seen_is_refused(seen: Any) -> None:
    with pytest.raises(BadMessage, match="last_seen"):
        read("a", {"temperature": 1, "last_seen": seen})


def test_a_state_of_words_alone_gives_nothing() -> None:
    assert read("a", {"action": "single", "effect": None}).samples == []


@pytest.mark.parametrize("payload", ["", '{"state": 1}', "{}", "ONLINE", "\x00", "{"])
def test_presence_is_online_or_offline(payload: str) -> None:
    if not payload:  # the retained message of a removed device
        assert read("a/availability", payload).samples == []
        return
    with pytest.raises(BadMessage):
        read("a/availability", payload)


def test_presence_read_again_is_no_news() -> None:
    assert read("a/availability", "online").samples
    assert read("a/availability", "online", again=True).samples == []


def test_a_value_by_itself_is_refused() -> None:
    with pytest.raises(BadMessage, match="expected an object, got a number"):
        read("a/temperature", "23.5")


def test_a_wrong_setting_stops_the_start() -> None:
    with pytest.raises(ValueError, match="says: availability"):
        zigbee2mqtt.made({"says": "everything"})
