"""Each of the eight systems: its simulated fault is one incident, of the right unit, in two languages."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from models.egov.derived.rules import SERVICE_RULES
from models.reading import SECOND, microseconds
from services.store import incident_words
from services.store.pool import Pool, transaction
from tests.derivation.province import Province
from tests.simulators.egov.province import HOUR, happening, with_and_without

WORDS = """SELECT incident_id, metric, system, unit, area_code, words, words_en, status, told
           FROM incident_words ORDER BY incident_id"""
READ = {metric for rule in SERVICE_RULES for metric in rule.inputs}
MORNING, EVENING = "2026-03-10 09:00", "2026-03-10 19:00"


class Case(NamedTuple):
    """A fault at a service, from when on for how many hours; whose it is, and what is said of it."""

    system: str
    kind: str
    asset: str
    unit: str
    area: str
    vi: str
    en: str
    since: str = MORNING
    hours: float = 2
    before: float = 2  # hours without it, for the rules that look back


CASES = (
    Case(
        "one-stop", "office-idle", "onestop-yen-the", "215", "215",
        "Bộ phận một cửa không hoạt động", "The one-stop shop has done nothing",
    ),
    Case(
        "one-stop", "overdue-wave", "onestop-dept-03", "S03", "24", "Hồ sơ quá hạn tăng nhanh",
        "Overdue dossiers rise fast", hours=8, before=26,
    ),
    Case(
        "one-stop", "handovers-stuck", "onestop-yen-the", "215", "215",
        "Hồ sơ liên thông bị ứ giữa các cấp", "Hand-overs are stuck", hours=30,
    ),
    Case(
        "connector", "connector-down", "connector-finance", "S05", "24", "Kết nối gửi không",
        "The connector fails to send",
    ),
    Case(
        "connector", "link-stuck", "link-planning", "S04", "24",
        "Hồ sơ nộp ở dịch vụ công của bộ chưa về", "Dossiers filed at the ministry's services",
    ),
    Case(
        "documents", "documents-stuck", "document-exchange", "S01", "24",
        "Văn bản chưa được tiếp nhận", "Documents are not received", hours=30,
    ),
    Case(
        "signatures", "signature-failing", "signature-service", "S11", "24", "Ký số lỗi",
        "Signing fails",
    ),
    Case(
        "portal", "portal-outage", "portal-dvc", "24", "24", "Cổng không truy cập được",
        "The portal cannot be reached",
    ),
    Case(
        "portal", "app-crashing", "app-4g", "S14", "24", "Ứng dụng bị dừng đột ngột",
        "The application stops by itself", since=EVENING,
    ),
    Case(
        "centre", "counter-queue", "onestop-province", "24", "24", "Người dân phải chờ",
        "People wait about",
    ),
    Case(
        "open-data", "portal-outage", "portal-open-data", "S11", "24", "Cổng không truy cập được",
        "The portal cannot be reached", since=EVENING,
    ),
)  # fmt: skip


def told_to(province: Province, case: Case, began_at: float, ended_at: float) -> None:
    """The service reports what its fault makes of it."""
    told = happening(case.kind, case.asset, case.since, case.hours)
    at = np.arange(began_at - case.before * HOUR, ended_at, 300.0)
    values, _ = with_and_without(told, at, case.asset)
    province.claim(case.asset, "service")
    since = datetime.fromtimestamp(float(at[0]), UTC)
    for metric in sorted(values.keys() & READ):
        province.report(case.asset, metric, since, values[metric].tolist(), minutes=5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.system} {case.kind}")
def test_a_fault_of_a_service_is_one_incident_of_its_unit(pool: Pool, case: Case) -> None:
    told = happening(case.kind, case.asset, case.since, case.hours)
    province = Province(pool, datetime.fromtimestamp(told.ended_at, UTC) + timedelta(minutes=1))
    told_to(province, case, told.began_at, told.ended_at)
    province.derive()
    [found] = province.incidents_of_all()
    assert found.active
    assert microseconds(found.began_at) >= (told.began_at - 900) * SECOND
    with transaction(pool) as conn:
        [row] = conn.execute(WORDS).fetchall()
        words = incident_words.of(conn, [found.id])[found.id]
    assert row[:5] == (found.id, found.metric, case.system, case.unit, case.area)
    assert row[5:] == (*words, "open", True)
    assert words.vi.startswith(case.vi)
    assert words.en.startswith(case.en)


def test_every_system_of_the_register_but_the_hand_overs_has_a_fault(pool: Pool) -> None:
    with transaction(pool) as conn:
        rows = conn.execute("SELECT DISTINCT system FROM asset_units").fetchall()
    assert {str(system) for (system,) in rows} == {case.system for case in CASES}
