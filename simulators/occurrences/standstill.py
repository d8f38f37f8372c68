"""What stands still at e-government services: documents, hand-overs, an office, a connector's trust.

What is held up is made good after the end, within the occurrence's aftermath.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.egov.books import HOUR
from simulators.happening import Happening, Occurrence
from simulators.labels import Nature
from simulators.occurrences.made_good import MADE_GOOD, going_on, sessions
from simulators.weather import Weather

DAY: Final = 24 * HOUR
DOCUMENTS: Final = 60.0  # an hour, that wait
HAND_OVERS: Final = 3.0  # an hour, that wait
WAVE: Final = 0.15  # of the dossiers in process become overdue
FEWEST: Final = 15.0  # at least
UNLINKED: Final = 20.0  # dossiers an hour that do not come over
REJECTED: Final = 0.12  # of messages, for their structure
MISSING: Final = 0.1  # of the records on the other side
LEFT: Final = 5.0  # days that a certificate is valid


def documents_stuck(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Nobody receives documents: they gather, and the oldest grows old."""
    _gather(part, at, values, ("documents_arrived", "oldest_document_s", DOCUMENTS))


def hand_overs_stuck(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Dossiers from other levels are not taken up."""
    _gather(part, at, values, ("handovers_waiting", "oldest_handover_s", HAND_OVERS))


def overdue_wave(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Dossiers are not done in time: more and more are overdue, then worked off."""
    most = np.maximum(FEWEST, WAVE * values["dossiers_in_process"]) * part.strength
    left = np.clip(1 - (at - part.ended_at) / MADE_GOOD, 0.0, 1.0)
    share = np.where(at < part.began_at, 0.0, np.minimum(part.share(at), left))
    values["dossiers_overdue"] = values["dossiers_overdue"] + np.floor(share * most)


def office_idle(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """The office is closed though it should be open: no counter, nobody served, nobody waits."""
    during = going_on(part, at)
    for name in (
        "counters_open", "utilisation", "tickets_issued", "tickets_served", "tickets_abandoned",
        "queue_length", "wait_p50_min", "wait_p90_min", "dossiers_received", "dossiers_returned",
    ):  # fmt: skip
        if name in values:
            values[name] = np.where(during, 0.0, values[name])


def link_stuck(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """What is filed at the ministry's public services does not come over, and nobody is told."""
    _gather(part, at, values, ("dossiers_unlinked", "oldest_unsent_s", UNLINKED))


def connector_rejecting(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """The ministry's side refuses messages whose structure it does not know."""
    share = np.where(going_on(part, at), min(1.0, REJECTED * part.strength), 0.0)
    values["schema_rejects"] = np.maximum(values["schema_rejects"], share * values["requests"])


def records_differ(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """The other side has fewer records than ours."""
    share = np.where(going_on(part, at), min(1.0, MISSING * part.strength), 0.0)
    values["records_theirs"] = np.floor(values["records_theirs"] * (1 - share))


def certificate_expiring(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Nobody has renewed a connector's certificate."""
    left = LEFT / part.strength
    values["certificate_days"] = np.where(going_on(part, at), left, values["certificate_days"])


def _gather(part: Happening, at: Floats, values: Values, what: tuple[str, str, float]) -> None:
    """Let so many an hour wait since the beginning; after the end they are worked off."""
    waiting, oldest, an_hour = what
    passed = np.clip(at, part.began_at, part.ended_at) - part.began_at
    left = np.clip(1 - (at - part.ended_at) / MADE_GOOD, 0.0, 1.0)
    left = np.where(at < part.began_at, 0.0, left)
    held = np.floor(an_hour * part.strength * passed / HOUR * left)
    values[waiting] = values[waiting] + held
    age = (at - part.began_at) * left
    values[oldest] = np.where(held >= 1, np.maximum(values[oldest], age), values[oldest])


def _reports(metric: str) -> Callable[[Asset], bool]:
    """Return whether an asset reports a metric."""

    def _meets(asset: Asset) -> bool:
        return asset.system == "egov" and asset.kind.metric(metric) is not None

    return _meets


def _in(metric: str) -> Callable[[Happening, Asset, list[Asset]], list[Happening]]:
    """Return its own part, which shows in a metric."""

    def _parts(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
        return [part.at(asset, metric)]

    return _parts


def _in_office_hours(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Return its parts within office hours: at night no office is open."""
    return [
        replace(part.at(asset, "counters_open"), began_at=began_at, ended_at=ended_at)
        for began_at, ended_at in sessions(part)
    ]


_E: Final = Nature.EVENT
STANDSTILLS: Final = (
    Occurrence(
        "documents-stuck", _E, "văn bản không được tiếp nhận / documents not received",
        _reports("oldest_document_s"), _in("documents_arrived"), event=documents_stuck,
        lasts=(2 * DAY, 4 * DAY), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "handovers-stuck", _E, "hồ sơ liên thông bị ứ / hand-overs stuck between levels",
        _reports("oldest_handover_s"), _in("handovers_waiting"), event=hand_overs_stuck,
        lasts=(2 * DAY, 4 * DAY), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "overdue-wave", _E, "hồ sơ quá hạn tăng nhanh / wave of overdue dossiers",
        _reports("dossiers_overdue"), _in("dossiers_overdue"), event=overdue_wave,
        lasts=(4 * HOUR, 8 * HOUR), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "office-idle", _E, "một cửa không hoạt động / one-stop shop does nothing",
        _reports("counters_open"), _in_office_hours, event=office_idle, lasts=(HOUR, 3 * HOUR),
    ),
    Occurrence(
        "link-stuck", _E, "hồ sơ không liên thông về một cửa / dossiers do not come over",
        _reports("dossiers_unlinked"), _in("dossiers_unlinked"), event=link_stuck,
        lasts=(HOUR, 4 * HOUR), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "connector-rejecting", _E, "dữ liệu bị từ chối do sai cấu trúc / messages rejected",
        _reports("schema_rejects"), _in("schema_rejects"), event=connector_rejecting,
        lasts=(HOUR, 3 * HOUR),
    ),
    Occurrence(
        "records-differ", _E, "đối soát chênh lệch / counts differ", _reports("records_theirs"),
        _in("records_theirs"), event=records_differ, lasts=(4 * HOUR, DAY),
    ),
    Occurrence(
        "certificate-expiring", _E, "chứng thư sắp hết hạn / certificate about to expire",
        _reports("certificate_days"), _in("certificate_days"), event=certificate_expiring,
        lasts=(DAY, 3 * DAY),
    ),
)  # fmt: skip
