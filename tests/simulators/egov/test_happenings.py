"""What goes wrong at services: seen while it lasts, made good afterwards, gone in the end."""

import numpy as np
import pytest

from simulators.happening import Happening
from simulators.labels import Nature
from simulators.occurrences.services import SERVICES, without_power
from tests.simulators.egov.province import (
    HOUR,
    WEATHER,
    all_services,
    every,
    happening,
    kind_of,
    local,
    parts,
    service,
    with_and_without,
)

DAY = every(5, "2026-03-10", 1)
TEN, TWELVE = local("2026-03-10 10:00"), local("2026-03-10 12:00")
DURING = (DAY >= TEN) & (DAY < TWELVE)
# What happens, at whom, where else it shows, and in which metrics.
TOLD = {
    "connector-slow": ("connector-justice", {"latency_ms", "errors", "backlog", "oldest_unsent_s"}),
    "connector-down": ("connector-finance", {"latency_ms", "errors", "backlog", "success_share"}),
    "portal-outage": ("portal-dvc", {"availability", "errors", "dossiers_received"}),
    "counter-queue": ("onestop-yen-the", {"queue_length", "wait_p90_min", "counters_open"}),
    "signature-failing": ("signature-service", {"signatures", "signature_failures"}),
    "documents-stuck": ("document-exchange", {"documents_arrived", "oldest_document_s"}),
    "handovers-stuck": ("onestop-yen-the", {"handovers_waiting", "oldest_handover_s"}),
    "overdue-wave": ("onestop-dept-03", {"dossiers_overdue"}),
    "office-idle": ("onestop-yen-the", {"counters_open", "dossiers_received"}),
    "connector-rejecting": ("connector-justice", {"schema_rejects"}),
    "records-differ": ("connector-justice", {"records_theirs"}),
    "certificate-expiring": ("connector-transport", {"certificate_days"}),
    "app-crashing": ("app-4g", {"app_crashes", "requests"}),
    "link-stuck": ("link-planning", {"dossiers_unlinked", "oldest_unsent_s"}),
}


def test_there_is_one_test_for_each_kind() -> None:
    assert {each.kind for each in SERVICES} == set(TOLD)
    assert all(each.nature is Nature.EVENT and " / " in each.title for each in SERVICES)


@pytest.mark.parametrize("kind", TOLD)
def test_it_is_seen_while_it_lasts_and_not_before(kind: str) -> None:
    asset, metrics = TOLD[kind]
    with_it, without = with_and_without(happening(kind, asset, "2026-03-10 10:00", 2), DAY)
    for metric in metrics:
        assert (with_it[metric] != without[metric])[DURING].sum() > 6
    for metric, values in without.items():
        np.testing.assert_array_equal(with_it[metric][DAY < TEN], values[DAY < TEN])


@pytest.mark.parametrize("kind", TOLD)
def test_it_is_gone_after_its_aftermath(kind: str) -> None:
    for name in {TOLD[kind][0], *_others(kind)}:
        told = happening(kind, TOLD[kind][0], "2026-03-10 10:00", 2)
        with_it, without = with_and_without(told, DAY, name)
        later = told.ended_at + kind_of(kind).aftermath <= DAY
        for metric, values in without.items():
            np.testing.assert_array_equal(with_it[metric][later], values[later])


@pytest.mark.parametrize("kind", TOLD)
def test_it_is_the_same_however_time_is_cut(kind: str) -> None:
    told = happening(kind, TOLD[kind][0], "2026-03-10 10:00", 2)
    whole, _ = with_and_without(told, DAY)
    pieces = [with_and_without(told, piece)[0] for piece in np.split(DAY, [77, 130, 131])]
    for metric, values in whole.items():
        np.testing.assert_array_equal(values, np.concatenate([each[metric] for each in pieces]))


@pytest.mark.parametrize("kind", TOLD)
def test_all_stays_within_bounds(kind: str) -> None:
    told = happening(kind, TOLD[kind][0], "2026-03-10 08:00", 6)
    for part in parts(told, list(all_services().values())):
        asset = service(part.asset)
        found, _ = with_and_without(told, DAY, part.asset)
        for metric in asset.kind.metrics:
            assert np.isfinite(found[metric.name]).all()
            assert (found[metric.name] >= metric.low).all()
            assert (found[metric.name] <= metric.high).all()


def test_a_backlog_grows_while_a_connector_is_down_and_is_sent_afterwards() -> None:
    told = happening("connector-down", "connector-justice", "2026-03-10 10:00", 2)
    found, plain = with_and_without(told, DAY)
    extra = found["backlog"] - plain["backlog"]
    assert (np.diff(extra[DURING]) >= 0).all()
    assert extra.max() > 300
    after = extra[DAY >= TWELVE]
    assert (np.diff(after) <= 0).all()
    assert after[-1] == 0
    assert found["success_share"][DURING].max() == 0
    oldest = found["oldest_unsent_s"][DURING]
    assert oldest[-1] == pytest.approx(2 * HOUR - 300, rel=0.05)


def test_a_slow_connector_is_slow_and_loses_little() -> None:
    told = happening("connector-slow", "connector-justice", "2026-03-10 10:00", 2)
    found, plain = with_and_without(told, DAY)
    inside = (DAY >= TEN + 600) & (DAY < TWELVE)
    assert (found["latency_ms"] > 4 * plain["latency_ms"])[inside].all()
    assert 0.85 < found["success_share"][inside].min() < 0.95


def test_after_an_outage_of_the_portal_people_come_back() -> None:
    told = happening("portal-outage", "portal-dvc", "2026-03-10 10:00", 2)
    found, plain = with_and_without(told, DAY)
    assert found["availability"][DURING].max() == 0
    np.testing.assert_array_equal(found["errors"][DURING], found["requests"][DURING])
    an_hour_in = DURING & (DAY >= TEN + HOUR)
    assert found["dossiers_received"][an_hour_in].max() == 0
    at_thirteen = np.searchsorted(DAY, TWELVE + HOUR)
    assert found["dossiers_received"][at_thirteen] > plain["dossiers_received"][at_thirteen]


def test_a_queue_grows_within_office_hours_alone() -> None:
    told = happening("counter-queue", "onestop-yen-the", "2026-03-10 10:00", 5)
    morning, afternoon = parts(told)
    assert (morning.began_at, morning.ended_at) == (TEN, local("2026-03-10 11:30"))
    assert (afternoon.began_at, afternoon.ended_at) == (
        local("2026-03-10 13:30"),
        local("2026-03-10 15:00"),
    )
    assert parts(happening("counter-queue", "onestop-yen-the", "2026-03-10 20:00", 5)) == []


def test_results_wait_for_their_signature() -> None:
    told = happening("signature-failing", "signature-service", "2026-03-10 09:00", 2)
    labelled = {(p.asset, p.metric) for p in parts(told, [service("onestop-province")])}
    assert labelled == {
        ("signature-service", "signature_failures"),
        ("onestop-province", "dossiers_returned"),
    }
    found, plain = with_and_without(told, DAY, "onestop-province")
    inside = (told.began_at + HOUR <= DAY) & (told.ended_at > DAY)
    assert (found["dossiers_returned"] < 0.6 * plain["dossiers_returned"])[inside].all()
    rebound = (told.ended_at + HOUR <= DAY) & (told.ended_at + 1.2 * HOUR > DAY)
    assert (found["dossiers_returned"] > plain["dossiers_returned"])[rebound].all()


def test_without_power_a_one_stop_shop_writes_on_paper_and_enters_it_later() -> None:
    asset = next(each for each in all_services().values() if each.name.startswith("onestop-07"))
    told = Happening(
        "power-cut", "cut", asset.name, "", local("2026-03-09 08:00"), local("2026-03-09 12:00")
    )
    at = every(5, "2026-03-09", 1)
    found, plain = asset.truth(at, WEATHER), asset.truth(at, WEATHER)
    without_power(told, asset, at, WEATHER, found)
    dark = (at >= told.began_at) & (at < told.ended_at)
    assert found["counters_open"][dark].max() == 0
    late = dark & (at >= told.began_at + HOUR)
    assert found["dossiers_received"][late].max() == 0
    assert (found["queue_length"] > plain["queue_length"])[
        late & (at < local("2026-03-09 11:30"))
    ].all()
    entered = (found["dossiers_received"] - plain["dossiers_received"])[at >= told.ended_at]
    assert entered.max() > 0
    gone = at >= told.ended_at + 4 * HOUR
    for metric, values in plain.items():
        np.testing.assert_array_equal(found[metric][gone], values[gone])


def test_who_can_have_it() -> None:
    who = {each.kind: [a for a in all_services().values() if each.meets(a)] for each in SERVICES}
    assert [asset.name for asset in who["portal-outage"]] == [
        "portal-dvc",
        "portal-open-data",
        "app-4g",
    ]
    assert [asset.name for asset in who["link-stuck"]] == ["link-planning"]
    assert [asset.name for asset in who["app-crashing"]] == ["app-4g"]
    assert len(who["connector-down"]) == len(who["connector-slow"]) == 4
    assert len(who["counter-queue"]) == 1 + 10 + 230
    assert [asset.name for asset in who["signature-failing"]] == ["signature-service"]


def _others(kind: str) -> set[str]:
    return {"onestop-province"} if kind == "signature-failing" else set()
