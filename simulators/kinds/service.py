"""E-government services: counters with queues, a portal and connectors to the ministries.

`requests` and `errors` are counts of the last minute, `dossiers_received` and `dossiers_returned`
counts of the last hour, `dossiers_overdue` and `queue_length` what there is now; so none of them
depends on how often the service reports.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Metric, Values
from simulators.dice import Floats, bits, drift, even, key_of
from simulators.places import PROVINCE, Place, communes, districts, places
from simulators.rhythm import Moments, counter, moments, online, returns
from simulators.weather import Weather

DAY: Final = 86400.0
OVERDUE_SHARE: Final = 0.06  # of a day's dossiers, waiting past their date
ERROR_SHARE: Final = 0.006


def _desk(asset: Asset, at: Floats, _weather: Weather) -> Values:
    """Measure a one-stop shop of `size` dossiers on an average working day."""
    now = moments(at)
    mood = 1 + 0.15 * drift(asset.key, at, 2700)
    arriving = asset.size * counter(now) * mood
    used = np.minimum(
        1.08, counter(now) * mood / 0.27
    )  # the counters open are meant for this share
    return {
        "dossiers_received": arriving,
        "dossiers_returned": asset.size * returns(now) * (1 + 0.15 * drift(asset.key + 1, at, DAY)),
        "dossiers_overdue": asset.size
        * OVERDUE_SHARE
        * (1 + 0.4 * drift(asset.key + 2, at, 5 * DAY)),
        "queue_length": (1 + asset.size / 40) * used**3 / (1.25 - used),
    }


def _office(asset: Asset, at: Floats, weather: Weather) -> Values:
    """Measure a one-stop shop that runs the electronic one-stop software itself."""
    used = counter(moments(at)) / 0.25
    return _desk(asset, at, weather) | _answers(
        asset, at, 0.5 + asset.size * 0.12 * used, used, 180
    )


def _portal(asset: Asset, at: Floats, _weather: Weather) -> Values:
    used = online(moments(at)) / 0.2
    received = {"dossiers_received": asset.size * online(moments(at))}
    return received | _answers(asset, at, asset.size * 0.15 * used, used, 240)


def _connector(asset: Asset, at: Floats, _weather: Weather) -> Values:
    used = _exchange(moments(at))
    answers = _answers(asset, at, asset.size * used, used, 420)
    return answers | {"queue_length": 1 + 6 * used * (1 + 0.5 * drift(asset.key, at, 1800))}


def _exchange(now: Moments) -> Floats:
    """Return how busy the exchange with a ministry is, 0 to about 1, with a tick by night."""
    return 0.08 + 0.9 * counter(now) / 0.25


def _answers(asset: Asset, at: Floats, requests: Floats, used: Floats, latency: float) -> Values:
    requests = requests * (1 + 0.1 * drift(asset.key + 3, at, 1800))
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


MINISTRIES: Final = (
    ("finance", "Bộ Tài chính", 24.0),
    ("transport", "Bộ Giao thông vận tải", 16.0),
    ("planning", "Bộ Kế hoạch và Đầu tư", 12.0),
    ("justice", "Bộ Tư pháp", 20.0),
)


def services(seed: int, cadence: float | None) -> Iterator[Asset]:
    """Yield services, the most important first; sizes are dossiers a day or requests a minute.

    First the province's own and the ministry connectors, then the districts' one-stop shops, then
    the communes' in an order the seed decides.
    """
    province = places()[0]
    every = cadence or 60.0
    yield _service(
        seed, province, PORTAL, ("portal-dvc", "Cổng dịch vụ công tỉnh Bắc Giang", 620), every
    )
    title = "Trung tâm Phục vụ hành chính công tỉnh Bắc Giang"
    yield _service(seed, province, OFFICE, ("onestop-province", title, 400), every)
    for slug, ministry, requests in MINISTRIES:
        connector = (f"connector-{slug}", f"Kết nối {ministry}", requests)
        yield _service(seed, province, CONNECTOR, connector, every)
    for place in districts():
        title = f"Bộ phận một cửa {_lowered(place.name)}"
        size = 60 + 30 * even(key_of(seed, place.code))
        yield _service(seed, place, OFFICE, (f"onestop-{place.slug}", title, size), every)
    names = {place.code: place.name for place in districts()}
    for place in sorted(communes(), key=lambda place: bits(key_of(seed, place.code), 0)):
        title = f"Bộ phận một cửa {_lowered(place.name)}, {_lowered(names[place.parent])}"
        size = 5 + 10 * even(key_of(seed, place.code), 1)
        yield _service(seed, place, DESK, (f"onestop-{place.code}", title, size), every)


def _service(
    seed: int, place: Place, kind: Kind, known_as: tuple[str, str, float], cadence: float
) -> Asset:
    name, title, size = known_as
    commune = place.parent not in {"", PROVINCE}
    return Asset(
        name=name,
        kind=kind,
        title=title,
        area=place.parent if commune else place.code,
        commune=place.code,
        latitude=place.latitude,
        longitude=place.longitude,
        key=key_of(seed, name),
        size=size,
        system="egov",
        gateway="egov",
        cadence=cadence,
    )


def _lowered(name: str) -> str:
    """Return a place's name as it stands within a sentence: "Huyện Yên Thế" is huyện Yên Thế."""
    return name[0].lower() + name[1:]
