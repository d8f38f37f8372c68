"""ChirpStack v4: what its events give, and what is refused."""

from typing import Any

import pytest

from models.reading import BadMessage
from tests.ingest import golden

TABLE = golden.routes()
UP = next(case for case in golden.cases("chirpstack") if case["name"] == "up")


def read(topic: str = UP["topic"], **changes: Any) -> Any:
    """The golden uplink, with other fields."""
    return golden.read(TABLE, topic, golden.raw({**UP["payload"], **changes}))


def test_a_device_speaks_through_its_application() -> None:
    place = TABLE.routed(UP["topic"]).place
    assert place.asset == "lora:24e124126b150001"
    assert place.parent == "lora:6b1f0c2e-31d4-4c55-9a4e-0d2f7a5e8b10"


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"devEui": "24e124126b150002"}, "not the topic's device"),
        ({"applicationId": "another"}, "not the topic's application"),
        ({"devEui": None}, "deviceInfo has no devEui"),
    ],
)
def test_an_event_that_names_another_device_is_refused(info: Any, reason: str) -> None:
    with pytest.raises(BadMessage, match=reason):
        read(deviceInfo={**UP["payload"]["deviceInfo"], **info})


def test_letters_of_an_eui_may_be_large() -> None:
    info = {**UP["payload"]["deviceInfo"], "devEui": "24E124126B150001"}
    assert read(deviceInfo=info).samples


@pytest.mark.parametrize("event", ["join", "ack", "txack", "log", "location", "integration"])
def test_events_that_measure_nothing_are_ignored_unread(event: str) -> None:
    topic = UP["topic"].removesuffix("up") + event
    assert golden.read(TABLE, topic, b"\xff").samples == []


def test_an_event_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadMessage, match="no event 'upp'"):
        read(UP["topic"] + "p")


def test_commands_to_devices_are_ignored() -> None:
    topic = UP["topic"].removesuffix("event/up") + "command/down"
    assert golden.read(TABLE, topic, b"{}").samples == []


def test_a_frame_that_no_gateway_reports_and_no_codec_read_gives_nothing() -> None:
    decoded = read(object=None, rxInfo=[])
    assert (decoded.samples, decoded.flaws) == ([], [])


def test_the_devices_own_rssi_counts_before_the_links() -> None:
    sample = read(object={"rssi": -50}).samples[0]
    assert sample.values == {"rssi": -50.0, "snr": 0.0}
    assert sample.units == {"snr": "dB"}


@pytest.mark.parametrize("time", ["", "yesterday", None, 5, "2026-01-01T00:00:00"])
def test_a_bad_time_is_refused(time: Any) -> None:
    with pytest.raises(BadMessage, match="time"):
        read(time=time)


def test_an_object_that_is_none_is_refused() -> None:
    with pytest.raises(BadMessage, match="expected object to be an object, got text"):
        read(object="AQ==")
