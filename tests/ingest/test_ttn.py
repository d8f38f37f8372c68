"""The Things Stack v3: what an uplink gives, and what is refused."""

from typing import Any

import pytest

from models.reading import BadMessage
from tests.ingest import golden

TABLE = golden.routes()
UP = next(case for case in golden.cases("ttn") if case["name"] == "up")


def read(topic: str = UP["topic"], **changes: Any) -> Any:
    """The golden uplink, with other fields."""
    return golden.read(TABLE, topic, golden.raw({**UP["payload"], **changes}))


def test_a_simulated_uplink_never_becomes_data() -> None:
    with pytest.raises(BadMessage, match="simulated"):
        read(simulated=True)
    assert read(simulated=False).samples


def test_devices_of_two_applications_with_one_id_are_two_assets() -> None:
    one = TABLE.routed("v3/app-1/devices/a/up").place
    other = TABLE.routed("v3/app-1@tenant/devices/a/up").place
    assert (one.asset, one.parent) == ("ttn:app-1:a", "ttn:app-1")
    assert other.asset != one.asset


@pytest.mark.parametrize(
    "ids",
    [
        {},
        {"device_id": "bridge-05", "application_ids": {"application_id": "water-levels"}},
        {"device_id": "bridge-04", "application_ids": {"application_id": "air"}},
        {"device_id": "bridge-04"},
    ],
)
def test_an_uplink_that_names_another_device_is_refused(ids: Any) -> None:
    with pytest.raises(BadMessage, match="is not the topic's"):
        read(end_device_ids=ids)


@pytest.mark.parametrize("kind", ["join", "down/queued", "down/sent", "down/ack", "down/failed"])
def test_what_is_no_uplink_is_ignored(kind: str) -> None:
    topic = UP["topic"].removesuffix("up") + kind
    assert golden.read(TABLE, topic, b"\xff").samples == []


@pytest.mark.parametrize("message", [None, [], "x", 5])
def test_an_uplink_without_a_message_is_refused(message: Any) -> None:
    with pytest.raises(BadMessage, match="expected uplink_message to be an object"):
        read(uplink_message=message)
