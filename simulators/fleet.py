"""Which assets a simulated city of a given size has: two thirds sensors, one third services."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from simulators.asset import Asset, Kind
from simulators.dice import bits, even, key_of
from simulators.kinds.air import AIR, NOISE
from simulators.kinds.road import PARKING, TRAFFIC
from simulators.kinds.service import CONNECTOR, DESK, OFFICE, PORTAL
from simulators.kinds.utility import ENERGY, LIGHT, WASTE
from simulators.kinds.water import RAIN, RIVER, STATIONS
from simulators.places import PROVINCE, Place, communes, districts, places

MOST: Final = 100_000
# After the river stations the kinds of sensors come in this order, district by district.
TURNS: Final = (AIR, TRAFFIC, LIGHT, ENERGY, AIR, WASTE, NOISE, TRAFFIC, RAIN, PARKING)
TITLES: Final = {
    "air": "Trạm khí",
    "noise": "Trạm đo tiếng ồn",
    "rain": "Trạm đo mưa",
    "traffic": "Trạm đếm xe",
    "parking": "Bãi đỗ xe",
    "light": "Tủ điều khiển chiếu sáng",
    "energy": "Công tơ điện",
    "waste": "Thùng rác",
}
GATEWAYS: Final = {
    "air": "environment",
    "noise": "environment",
    "rain": "environment",
    "river": "environment",
    "traffic": "streets",
    "parking": "streets",
    "waste": "streets",
    "light": "grid",
    "energy": "grid",
}
MINISTRIES: Final = (
    ("finance", "Bộ Tài chính", 24.0),
    ("transport", "Bộ Giao thông vận tải", 16.0),
    ("planning", "Bộ Kế hoạch và Đầu tư", 12.0),
    ("justice", "Bộ Tư pháp", 20.0),
)


class BadCity(Exception):
    """A city that cannot be built as asked."""


def fleet(number: int, seed: int) -> list[Asset]:
    """Return so many assets, the same for the same seed; raises BadCity.

    A third are services: first the province's own and the ministry connectors, then the districts'
    one-stop shops, then communes' in an order the seed decides. Where there are more services than
    the province has, sensors make up the number.
    """
    if not 1 <= number <= MOST:
        raise BadCity(f"a city has 1 to {MOST} assets, not {number}")
    offered = _services(seed)
    services = [service for _, service in zip(range(round(number / 3)), offered, strict=False)]
    sensors = _sensors(seed)
    return [next(sensors) for _ in range(number - len(services))] + services


def _sensors(seed: int) -> Iterator[Asset]:
    for station in STATIONS:
        yield Asset(
            name=station.name,
            kind=RIVER,
            title=f"Trạm thủy văn {station.title} (sông {station.river})",
            area=station.area,
            latitude=station.latitude,
            longitude=station.longitude,
            key=key_of(seed, station.name),
            gateway=GATEWAYS["river"],
        )
    numbers: dict[tuple[str, str], int] = {}
    for turn in count():
        kind = TURNS[turn % len(TURNS)]
        # One district on with each round, so that every kind comes to every district.
        place = districts()[(turn + turn // len(TURNS)) % len(districts())]
        number = numbers[kind.name, place.code] = numbers.get((kind.name, place.code), 0) + 1
        yield _sensor(seed, kind, place, number)


def _sensor(seed: int, kind: Kind, place: Place, number: int) -> Asset:
    name = f"{kind.name}-{place.slug}-{number}"
    key = key_of(seed, name)
    return Asset(
        name=name,
        kind=kind,
        title=f"{TITLES[kind.name]} {place.short} {number}",
        area=place.code,
        latitude=round(place.latitude + 0.04 * (even(key, 1) - 0.5), 4),
        longitude=round(place.longitude + 0.04 * (even(key, 2) - 0.5), 4),
        key=key,
        size=0.75 + 0.5 * even(key, 3),
        gateway=GATEWAYS[kind.name],
    )


def _services(seed: int) -> Iterator[Asset]:
    """Yield services, the most important first; sizes are dossiers a day or requests a minute."""
    province = places()[0]
    yield _service(seed, province, PORTAL, ("portal-dvc", "Cổng dịch vụ công tỉnh Bắc Giang", 620))
    title = "Trung tâm Phục vụ hành chính công tỉnh Bắc Giang"
    yield _service(seed, province, OFFICE, ("onestop-province", title, 400))
    for slug, ministry, requests in MINISTRIES:
        connector = (f"connector-{slug}", f"Kết nối {ministry}", requests)
        yield _service(seed, province, CONNECTOR, connector)
    for place in districts():
        title = f"Bộ phận một cửa {_lowered(place.name)}"
        size = 60 + 30 * even(key_of(seed, place.code))
        yield _service(seed, place, OFFICE, (f"onestop-{place.slug}", title, size))
    names = {place.code: place.name for place in districts()}
    for place in sorted(communes(), key=lambda place: bits(key_of(seed, place.code), 0)):
        title = f"Bộ phận một cửa {_lowered(place.name)}, {_lowered(names[place.parent])}"
        size = 5 + 10 * even(key_of(seed, place.code), 1)
        yield _service(seed, place, DESK, (f"onestop-{place.code}", title, size))


def _service(seed: int, place: Place, kind: Kind, known_as: tuple[str, str, float]) -> Asset:
    name, title, size = known_as
    return Asset(
        name=name,
        kind=kind,
        title=title,
        area=place.code if place.parent in {"", PROVINCE} else place.parent,
        latitude=place.latitude,
        longitude=place.longitude,
        key=key_of(seed, name),
        size=size,
        system="egov",
        gateway="egov",
    )


def _lowered(name: str) -> str:
    """Return a place's name as it stands within a sentence: "Huyện Yên Thế" is huyện Yên Thế."""
    return name[0].lower() + name[1:]
