"""What goes wrong at e-government services: slow, down, crowded, unsigned, or without power.

What is held up while it lasts is made good afterwards: a backlog is sent, people come back. That
is over after the occurrence's `aftermath`, and is no part of what is labelled.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.egov.books import HOUR, QUARTER
from simulators.egov.connector import PREFIX, TICK, ministry_of
from simulators.egov.demand import PORTAL, amount
from simulators.egov.demand import between as came_between
from simulators.egov.desk import SERVICE, counters_of, people_a_day, unit_of
from simulators.egov.units import CENTRE, Unit
from simulators.egov.worktime import is_open
from simulators.happening import Happening, Occurrence
from simulators.labels import Nature
from simulators.occurrences.made_good import (
    MADE_GOOD,
    gathered,
    going_on,
    held_back,
    moments_of,
    sessions,
)
from simulators.occurrences.standstill import STANDSTILLS
from simulators.weather import Weather

TIMEOUT_MS: Final = 30_000.0
DRAINS: Final = 3.0  # times the busiest hour's requests a minute: how fast a backlog is sent
SLOW_HOLDS: Final = 0.3  # share of messages that a slow connector leaves unsent
COMES_BACK: Final = 0.7  # share of people who apply again after an outage of the portal
COMING_BACK: Final = HOUR  # within which they do
ENTERED: Final = 2 * HOUR  # within which what was written on paper is entered
CROWD: Final = 0.6  # of what the counters serve comes on top
STAYS_OPEN: Final = 0.4  # of the counters, while there is a queue
CRASHING: Final = 0.4  # share of sessions in which the application stops
UNSIGNED: Final = 0.85  # share of signatures that fail
UNRETURNED: Final = 0.5  # share of results that wait for their signature


def connector_slow(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """A ministry answers late, and some requests not at all; unsent messages gather."""
    during = going_on(part, at)
    weight = np.minimum(1.0, (at - part.began_at) / 300) * during * part.strength
    values["latency_ms"] = np.minimum(TIMEOUT_MS, values["latency_ms"] * (1 + 6 * weight))
    failing = np.minimum(1.0, 0.08 * weight)
    values["errors"] = np.maximum(values["errors"], failing * values["requests"])
    values["queue_length"] = values["queue_length"] * (1 + 3 * weight)
    _count_success(values)
    _hold_messages(part, asset, at, min(1.0, SLOW_HOLDS * part.strength), values)


def connector_down(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Every request ends in a timeout, and all messages wait."""
    during = going_on(part, at)
    values["latency_ms"] = np.where(during, TIMEOUT_MS, values["latency_ms"])
    values["errors"] = np.where(during, values["requests"], values["errors"])
    _count_success(values)
    _hold_messages(part, asset, at, 1.0, values)
    held = np.where(during, values["backlog"], 0.0)
    values["queue_length"] = np.maximum(values["queue_length"], held)


def portal_outage(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Nobody gets through; most of those who wanted to apply do so once it is back."""
    during = going_on(part, at)
    values["availability"] = np.where(during, 0.0, values["availability"])
    values["errors"] = np.where(during, values["requests"], values["errors"])
    values["latency_ms"] = np.where(during, TIMEOUT_MS, values["latency_ms"])
    if "dossiers_received" in values:
        came = came_between(int(asset.facts["seed"]), PORTAL, part.began_at, part.ended_at)
        held = held_back(part, at, came, COMES_BACK, COMING_BACK)
        values["dossiers_received"] = np.maximum(0.0, values["dossiers_received"] + held)


def app_crashing(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """The application stops in the middle of sessions: its server is well, and hears less."""
    lost = np.where(going_on(part, at), min(1.0, CRASHING * part.strength), 0.0)
    values["app_crashes"] = np.maximum(values["app_crashes"], lost * values["app_sessions"])
    for name in ("requests", "errors"):
        values[name] = values[name] * (1 - lost / 2)


def counter_queue(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """More come than usual and fewer counters are open: the queue grows, then is served."""
    unit = unit_of(asset)
    during = going_on(part, at) & (values["counters_open"] > 0)
    crowd = CROWD * part.strength * counters_of(unit) * 60 / SERVICE  # an hour
    waiting = gathered(part, at, crowd) * (values["counters_open"] > 0)
    fewer = np.maximum(1.0, np.floor(STAYS_OPEN * values["counters_open"]))
    values["counters_open"] = np.where(during, fewer, values["counters_open"])
    _let_wait(values, waiting)
    values["tickets_issued"] = values["tickets_issued"] + np.round(during * crowd * QUARTER / HOUR)
    values["tickets_abandoned"] = values["tickets_abandoned"] + np.round(0.08 * waiting)


def signature_failing(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Signing fails; some results of the provincial centre wait, and go out afterwards."""
    if "signatures" not in values:
        _delay_results(part, unit_of(asset), at, values)
        return
    lost = np.where(going_on(part, at), min(1.0, UNSIGNED * part.strength), 0.0)
    asked = values["signatures"] + values["signature_failures"]
    values["signature_failures"] = np.maximum(values["signature_failures"], lost * asked)
    values["signatures"] = asked - values["signature_failures"]
    values["latency_ms"] = values["latency_ms"] * (1 + 5 * lost)


def without_power(
    part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """Counters go on with paper and pen: nothing is in the system, people wait longer.

    Of a one-stop shop whose commune has no power; systems of the province have their own.
    """
    if "queue_length" not in values or "counters_open" not in values:
        if "counters_open" in values:
            values["counters_open"] = np.where(going_on(part, at), 0.0, values["counters_open"])
        return
    unit, during = unit_of(asset), going_on(part, at)
    written = moments_of(unit, "received", part), moments_of(unit, "returned", part)
    for name, moments in zip(("dossiers_received", "dossiers_returned"), written, strict=True):
        held = held_back(part, at, moments, 1.0, ENTERED)
        values[name] = np.maximum(0.0, values[name] + held)
    slower = people_a_day(unit) / 10 * part.strength  # an hour, who are not served
    waiting = gathered(part, at, slower) * is_open(at)
    _let_wait(values, np.where(during, 0.0, waiting))
    values["queue_length"] = np.where(
        during, values["queue_length"] + waiting, values["queue_length"]
    )
    for name in (
        "counters_open", "utilisation", "tickets_issued", "tickets_served", "tickets_abandoned",
        "wait_p50_min", "wait_p90_min", "requests", "errors", "latency_ms",
    ):  # fmt: skip
        if name in values:
            values[name] = np.where(during, 0.0, values[name])


def alone(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Return its own part, which shows in all its metrics."""
    return [part.at(asset)]


def in_office_hours(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Return its parts within office hours, none where it falls outside: nobody waits by night."""
    return [
        replace(part.at(asset, "queue_length"), began_at=began_at, ended_at=ended_at)
        for began_at, ended_at in sessions(part)
    ]


def with_results(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return its part at the signature service, and at the provincial centre's results."""
    centre = [part.at(each, "dossiers_returned") for each in others if each.name == CENTRE]
    return [part.at(asset, "signature_failures"), *centre]


def _count_success(values: Values) -> None:
    requests = np.maximum(values["requests"], 1e-9)
    values["success_share"] = np.clip(1 - values["errors"] / requests, 0.0, 1.0)


def _hold_messages(part: Happening, asset: Asset, at: Floats, share: float, values: Values) -> None:
    """Let a share of the messages since the beginning wait; all are sent after the end."""
    due = _messages(part, asset, at)
    held = share * due(np.clip(at, part.began_at, part.ended_at))
    most = share * float(due(np.array([part.ended_at]))[0])
    speed = max(DRAINS * asset.size / 60, most / MADE_GOOD)  # a second
    sent = speed * np.maximum(0.0, at - part.ended_at)
    left = np.maximum(0.0, held - sent)
    passed = np.clip(at, part.began_at, part.ended_at) - part.began_at
    # Those sent are the oldest ones: of slow sending all but a share, then the rest in its turn.
    gone = np.where(at < part.ended_at, 0.0, np.minimum(1.0, sent / max(most, 1e-9)))
    age = at - part.began_at - passed * (1 - share * (1 - gone))
    values["backlog"] = values["backlog"] + np.floor(left)
    oldest = values["oldest_unsent_s"]
    values["oldest_unsent_s"] = np.where(left >= 1, np.maximum(oldest, age), oldest)


def _messages(part: Happening, asset: Asset, _at: Floats) -> Callable[[Floats], Floats]:
    """Return a function of how many messages for a ministry there were since it began."""
    dossiers = amount(int(asset.facts["seed"]), ministry_of(asset), part.began_at)
    steady = TICK * asset.size / 60  # a second

    def _due(until: Floats) -> Floats:
        return asset.facts["calls"] * dossiers(until) + steady * (until - part.began_at)

    return _due


def _let_wait(values: Values, waiting: Floats) -> None:
    """Let so many more wait at the counters that are open."""
    minutes = waiting * SERVICE / np.maximum(1.0, values["counters_open"])
    minutes = np.where(values["counters_open"] > 0, minutes, 0.0)
    values["queue_length"] = values["queue_length"] + waiting
    values["wait_p50_min"] = values["wait_p50_min"] + 0.6 * minutes
    values["wait_p90_min"] = values["wait_p90_min"] + minutes
    values["utilisation"] = np.where(minutes > 1, 1.0, values["utilisation"])


def _delay_results(part: Happening, unit: Unit, at: Floats, values: Values) -> None:
    moments = moments_of(unit, "returned", part)
    share = min(1.0, UNRETURNED * part.strength)
    held = share * held_back(part, at, moments, 1.0, COMING_BACK)
    values["dossiers_returned"] = np.maximum(0.0, values["dossiers_returned"] + held)


def _connector(asset: Asset) -> bool:
    return asset.system == "egov" and asset.name.startswith(PREFIX)


def _portal(asset: Asset) -> bool:
    return asset.system == "egov" and asset.kind.metric("availability") is not None


def _counters(asset: Asset) -> bool:
    """Whether it says how many wait at its counters."""
    names = ("counters_open", "queue_length")
    return all(asset.kind.metric(name) is not None for name in names)


def _application(asset: Asset) -> bool:
    return asset.kind.metric("app_sessions") is not None


def _signs(asset: Asset) -> bool:
    return asset.kind.metric("signatures") is not None


_E: Final = Nature.EVENT
SERVICES: Final = (
    Occurrence(
        "connector-slow", _E, "kết nối bộ ngành chậm / ministry connector slow", _connector, alone,
        event=connector_slow, lasts=(HOUR, 3 * HOUR), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "connector-down", _E, "mất kết nối bộ ngành / ministry connector down", _connector, alone,
        event=connector_down, lasts=(HOUR / 2, 2 * HOUR), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "portal-outage", _E, "cổng ngừng hoạt động / portal outage", _portal, alone,
        event=portal_outage, lasts=(HOUR / 3, 1.5 * HOUR), aftermath=COMING_BACK + HOUR,
    ),
    Occurrence(
        "app-crashing", _E, "ứng dụng bị dừng đột ngột / application crashing", _application, alone,
        event=app_crashing, lasts=(HOUR / 2, 3 * HOUR),
    ),
    Occurrence(
        "counter-queue", _E, "ùn tắc tại một cửa / queue at one counter", _counters,
        in_office_hours, event=counter_queue, lasts=(HOUR, 3 * HOUR), aftermath=MADE_GOOD,
    ),
    Occurrence(
        "signature-failing", _E, "lỗi ký số / signatures failing", _signs, with_results,
        event=signature_failing, lasts=(HOUR / 2, 2 * HOUR), aftermath=COMING_BACK + HOUR,
    ),
    *STANDSTILLS,
)  # fmt: skip
# What a power cut leaves behind at a one-stop shop.
POWER_AFTERMATH: Final = MADE_GOOD
