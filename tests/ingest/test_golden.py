"""What real devices send gives the readings written beside it; something near it, readings or a reason."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading import METRIC_NAME, BadMessage
from models.units import UNITS
from tests.ingest import golden

CONVENTIONS = ["chirpstack", "ttn", "zigbee2mqtt", "tasmota", "shelly", "homie", "mapping"]
TABLE = golden.routes()
CASES = [(name, case) for name in CONVENTIONS for case in golden.cases(name)]


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{n}/{c['name']}") for n, c in CASES])
def test_a_golden_payload_gives_what_is_written_beside_it(case: Any) -> None:
    golden.check(case)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_convention_has_golden_payloads(convention: str) -> None:
    assert len(golden.cases(convention)) >= 3


@pytest.mark.parametrize("convention", CONVENTIONS)
@given(data=st.data())
def test_something_near_a_golden_payload_gives_readings_or_a_reason(
    convention: str, data: st.DataObject
) -> None:
    case = data.draw(st.sampled_from(golden.cases(convention)))
    messages = [*case.get("before", []), case]
    for message in messages:
        payload = data.draw(golden.near_valid(message))
        try:
            decoded = golden.read(TABLE, message["topic"], payload)
        except BadMessage:
            continue
        assert all(isinstance(flaw, str) and flaw for flaw in decoded.flaws)
        for sample in decoded.samples:
            assert sample.values
            assert all(math.isfinite(value) for value in sample.values.values())
            assert set(sample.units or {}) <= set(sample.values)
            assert all(unit in UNITS for unit in (sample.units or {}).values())
            assert set(sample.quality or {}) <= set(sample.values)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_golden_metrics_have_names_the_store_takes(convention: str) -> None:
    for case in golden.cases(convention):
        for sample in golden.decoded(case).samples:
            assert all(METRIC_NAME.fullmatch(metric) for metric in sample.values)
