"""Tasmota: sensors, states, clocks without a zone, children of a Zigbee bridge."""

from typing import Any

import pytest

from ingest.codecs import Place, tasmota
from models.reading import HOUR, SECOND, BadMessage
from tests.ingest import golden

TABLE = golden.routes()
PLACE = Place("tasmota:a", None, {"device": "a", "message": "SENSOR"})
READ_AT = 1_767_250_800 * SECOND  # 2026-01-01T07:00Z


def read(topic: str, payload: Any, *, again: bool = False) -> Any:
    return golden.read(TABLE, topic, golden.raw(payload), again=again)


def time_of(clock: Any, **settings: Any) -> int:
    """The time of a sample that was told with these fields."""
    payload = golden.raw({**clock, "ANALOG": {"A0": 1}})
    return tasmota.made(settings)(PLACE, payload, golden.NOW).samples[0].time


def test_local_time_counts_only_where_the_zone_is_known() -> None:
    clock = {"Time": "2026-01-01T07:00:00"}
    assert time_of(clock) == golden.NOW
    assert time_of(clock, utc_offset_hours=7) == READ_AT - 7 * HOUR
    assert time_of(clock, utc_offset_hours=0) == READ_AT


def test_a_time_with_a_zone_or_an_epoch_needs_no_setting() -> None:
    assert time_of({"Time": "2026-01-01T07:00:00Z"}) == READ_AT
    assert time_of({"Time": "2026-01-01T14:00:00", "Epoch": READ_AT // SECOND}) == READ_AT
    assert time_of({"Time": READ_AT // SECOND}) == READ_AT


def test_a_clock_that_is_not_set_yet_gives_way_to_the_arrival() -> None:
    assert time_of({"Time": "1970-01-01T00:00:11"}, utc_offset_hours=7) == golden.NOW
    assert time_of({"Epoch": 11}) == golden.NOW


@pytest.mark.parametrize("clock", ["noon", [], True, {}])
def test_what_is_no_time_is_refused(clock: Any) -> None:
    with pytest.raises(BadMessage, match="Time"):
        time_of({"Time": clock})


@pytest.mark.parametrize(
    "settings", [{"utc_offset_hours": "7"}, {"utc_offset_hours": 99}, {"x": 1}]
)
def test_a_wrong_setting_stops_the_start(settings: Any) -> None:
    with pytest.raises(ValueError, match=r"utc_offset_hours|knows no x"):
        tasmota.made(settings)


@pytest.mark.parametrize(
    "topic", ["tele/a/INFO1", "tele/a/UPTIME", "stat/a/STATUS5", "stat/a/b/c/d"]
)
def test_what_it_says_of_itself_is_ignored_unread(topic: str) -> None:
    assert read(topic, "\x00").samples == []


def test_a_device_of_two_levels_is_not_taken_for_a_child() -> None:
    with pytest.raises(BadMessage, match="needs its own route"):
        read("tele/hall/plug/SENSOR", {"ENERGY": {"Power": 1}})
    assert read("tele/hall/plug/LWT", "Online").samples == []


@pytest.mark.parametrize("payload", ["", "online", "{}", "\x00"])
def test_a_last_will_is_online_or_offline(payload: str) -> None:
    with pytest.raises(BadMessage, match="Online or Offline"):
        read("tele/a/LWT", payload)


def test_a_last_will_read_again_is_no_news() -> None:
    assert read("tele/a/LWT", "Online").samples[0].values == {"online": 1.0}
    assert read("tele/a/LWT", "Online", again=True).samples == []


def test_children_may_come_on_a_topic_of_their_own() -> None:
    heard = {"0x1067": {"Device": "0x1067", "Temperature": 19}}
    decoded = read("tele/zb/ZbReceived", heard)
    assert decoded.samples[0].asset == "tasmota:zb:0x1067"
    assert decoded.parents == {"tasmota:zb:0x1067": "tasmota:zb"}


def test_too_many_children_are_not_read() -> None:
    heard = {f"0x{number:04X}": {"Temperature": 1} for number in range(1001)}
    decoded = read("tele/zb/SENSOR", {"ZbReceived": heard})
    assert len(decoded.samples) == 1000
    assert decoded.flaws == ["ZbReceived: more than 1000 devices in one message"]
