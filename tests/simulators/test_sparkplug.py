"""Sparkplug payloads by hand: the bytes, field by field."""

import pytest

from simulators import sparkplug
from simulators.sparkplug import Metric


def test_data_is_time_metrics_and_seq() -> None:
    assert sparkplug.data(255, {5: 1.5}, 300) == bytes.fromhex(
        "08ac02"  # timestamp 300
        "120e"  # a metric of 14 bytes
        "1005"  # alias 5
        "18ac02"  # timestamp 300
        "69000000000000f83f"  # double 1.5
        "18ff01"  # seq 255
    )


def test_a_death_is_the_number_of_its_session_alone() -> None:
    assert sparkplug.death(3) == bytes.fromhex("120b0a05626453657120085803")


@pytest.mark.parametrize(
    ("datatype", "value", "told"),
    [
        (sparkplug.INT32, -1, "50ffffffff0f"),
        (sparkplug.INT64, -1, "58ffffffffffffffffff01"),
        (sparkplug.FLOAT, 0.5, "650000003f"),
        (sparkplug.BOOLEAN, True, "7001"),
        (sparkplug.STRING, "é", "7a02c3a9"),
    ],
)
def test_a_value_travels_in_the_field_of_its_type(
    datatype: int, value: float | str, told: str
) -> None:
    metric = sparkplug.metric(Metric(value, datatype=datatype, told_datatype=False))
    assert metric.hex() == told


def test_a_birth_gives_out_the_aliases_that_data_uses() -> None:
    birth = sparkplug.birth(0, 1, [("pm25", 1.5), ("pm10", 2.5)], 300)
    assert bytes.fromhex("0a04" + b"pm10".hex() + "1002") in birth
    assert birth.endswith(b"\x18\x00")
