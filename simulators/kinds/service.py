"""E-government services: counters with queues, a portal and connectors to the ministries.

`requests` and `errors` are counts of the last minute, `dossiers_received` and `dossiers_returned`
counts of the last hour, `dossiers_overdue` and `queue_length` what there is now; so none of them
depends on how often the service reports.
"""

from typing import Final

from simulators.asset import Asset, Kind, Metric
from simulators.dice import drift
from simulators.rhythm import Moment, counter, moment, online, returns
from simulators.weather import Weather

DAY: Final = 86400.0
OVERDUE_SHARE: Final = 0.06  # of a day's dossiers, waiting past their date
ERROR_SHARE: Final = 0.006


def _desk(asset: Asset, at: float, _weather: Weather) -> dict[str, float]:
    """Measure a one-stop shop of `size` dossiers on an average working day."""
    now = moment(at)
    mood = 1 + 0.15 * drift(asset.key, at, 2700)
    arriving = asset.size * counter(now) * mood
    used = min(1.08, counter(now) * mood / 0.27)  # the counters open are meant for this share
    return {
        "dossiers_received": arriving,
        "dossiers_returned": asset.size * returns(now) * (1 + 0.15 * drift(asset.key + 1, at, DAY)),
        "dossiers_overdue": asset.size
        * OVERDUE_SHARE
        * (1 + 0.4 * drift(asset.key + 2, at, 5 * DAY)),
        "queue_length": (1 + asset.size / 40) * used**3 / (1.25 - used),
    }


def _office(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    """Measure a one-stop shop that runs the electronic one-stop software itself."""
    used = counter(moment(at)) / 0.25
    return _desk(asset, at, weather) | _answers(
        asset, at, 0.5 + asset.size * 0.12 * used, used, 180
    )


def _portal(asset: Asset, at: float, _weather: Weather) -> dict[str, float]:
    used = online(moment(at)) / 0.2
    received = {"dossiers_received": asset.size * online(moment(at))}
    return received | _answers(asset, at, asset.size * 0.15 * used, used, 240)


def _connector(asset: Asset, at: float, _weather: Weather) -> dict[str, float]:
    used = _exchange(moment(at))
    answers = _answers(asset, at, asset.size * used, used, 420)
    return answers | {"queue_length": 1 + 6 * used * (1 + 0.5 * drift(asset.key, at, 1800))}


def _exchange(now: Moment) -> float:
    """Return how busy the exchange with a ministry is, 0 to about 1, with a tick by night."""
    return 0.08 + 0.9 * counter(now) / 0.25


def _answers(
    asset: Asset, at: float, requests: float, used: float, latency: float
) -> dict[str, float]:
    requests *= 1 + 0.1 * drift(asset.key + 3, at, 1800)
    return {
        "requests": requests,
        "errors": requests * ERROR_SHARE * (1 + drift(asset.key + 4, at, 7200)),
        "latency_ms": latency * (1 + 0.35 * used**2 + 0.12 * drift(asset.key + 5, at, 1800)),
    }


_REQUESTS = Metric("requests", "/min", 0, 1e6, 3, 0)
_ERRORS = Metric("errors", "/min", 0, 1e6, 0.5, 0)
_LATENCY = Metric("latency_ms", "ms", 0, 120_000, 25, 0)
_RECEIVED = Metric("dossiers_received", "/h", 0, 1e5, 1, 0)
_RETURNED = Metric("dossiers_returned", "/h", 0, 1e5, 1, 0)
_OVERDUE = Metric("dossiers_overdue", "1", 0, 1e6, 0.2, 0)
_QUEUE = Metric("queue_length", "1", 0, 1e5, 1, 0)

DESK = Kind("service", (_QUEUE, _RECEIVED, _RETURNED, _OVERDUE), _desk)
OFFICE = Kind(
    "service",
    (_QUEUE, _REQUESTS, _ERRORS, _LATENCY, _RECEIVED, _RETURNED, _OVERDUE),
    _office,
)
PORTAL = Kind("service", (_REQUESTS, _ERRORS, _LATENCY, _RECEIVED), _portal)
CONNECTOR = Kind("service", (_LATENCY, _REQUESTS, _ERRORS, _QUEUE), _connector)
