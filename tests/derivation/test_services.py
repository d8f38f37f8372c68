"""A fault of a simulated e-government service is one incident: at the right unit, in two languages."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.reading import SECOND, microseconds
from services.store.pool import Pool, transaction
from tests.derivation.province import Province
from tests.simulators.egov.province import HOUR, happening, with_and_without

WORDS = """SELECT metric, severity, unit, unit_name, area_code, system, words, words_en, status
           FROM incident_words ORDER BY incident_id"""
# The fault, at whom; whose it is and where that is; and what is said.
FAULTS = (
    ("portal-outage", "portal-dvc", ("24", "24", "portal"), "Cổng không truy cập được"),
    ("connector-down", "connector-finance", ("S05", "24", "connector"), "Kết nối gửi không"),
    ("counter-queue", "onestop-07663", ("07663", "07663", "one-stop"), "Người dân phải chờ"),
    ("signature-failing", "signature-service", ("S11", "24", "signatures"), "Ký số lỗi"),
)


@pytest.mark.parametrize(("kind", "asset", "whose", "said"), FAULTS)
def test_a_fault_of_a_service_is_one_incident_of_its_unit(
    pool: Pool, kind: str, asset: str, whose: tuple[str, str, str], said: str
) -> None:
    told = happening(kind, asset, "2026-03-10 09:00", 2)
    at = np.arange(told.began_at - 2 * HOUR, told.ended_at, 300.0)
    values, _ = with_and_without(told, at, asset)
    province = Province(pool, datetime.fromtimestamp(told.ended_at, UTC) + timedelta(minutes=1))
    province.claim(asset, "service")
    since = datetime.fromtimestamp(float(at[0]), UTC)
    for metric, series in values.items():
        province.report(asset, metric, since, series.tolist(), minutes=5)
    province.derive()
    [found] = [each for each in province.incidents_of_all() if each.metric.endswith("_health")]
    assert found.active
    assert microseconds(found.began_at) >= (told.began_at - 900) * SECOND
    with transaction(pool) as conn:
        [row] = conn.execute(WORDS).fetchall()
    seen, _, unit, _, area, system, vi, en, status = row
    assert (seen, status) == (found.metric, "open")
    assert (unit, area, system) == whose
    assert str(vi).startswith(said)
    assert en != vi
