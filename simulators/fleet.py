"""Which assets a simulated province has: so many of each kind, at places that are real."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from simulators.asset import Asset, Kind
from simulators.dice import bits, even, key_of
from simulators.egov.services import heartbeats, services
from simulators.kinds.air import AIR, NOISE
from simulators.kinds.road import PARKING, TRAFFIC
from simulators.kinds.utility import ENERGY, LAMP, LIGHT, WASTE, WATER
from simulators.kinds.water import RAIN, RIVER, STATIONS, WEATHER
from simulators.places import Place, communes, districts

MOST: Final = 100_000
CONVENTIONS: Final = ("native", "senml", "sparkplug", "chirpstack")
SPARKPLUG_GROUP: Final = "cityops"
SETTLED: Final = 4  # communes of each district in which sensors stand: those whose shops come first


@dataclass(frozen=True, slots=True)
class Sort:
    """How assets of a kind are called, which network they share, and how they speak by default."""

    kind: Kind
    title: str
    network: str
    convention: str = "native"


SORTS: Final = {
    "air": Sort(AIR, "Trạm khí", "environment"),
    "noise": Sort(NOISE, "Trạm đo tiếng ồn", "environment", "senml"),
    "rain": Sort(RAIN, "Trạm đo mưa", "environment"),
    "weather": Sort(WEATHER, "Trạm thời tiết", "environment"),
    "traffic": Sort(TRAFFIC, "Trạm đếm xe", "streets"),
    "parking": Sort(PARKING, "Bãi đỗ xe", "streets"),
    "light": Sort(LIGHT, "Tủ điều khiển chiếu sáng", "grid"),
    "energy": Sort(ENERGY, "Công tơ điện", "grid", "sparkplug"),
    "waste": Sort(WASTE, "Thùng rác", "lora", "chirpstack"),
    "water": Sort(WATER, "Đồng hồ khu vực cấp nước", "lora", "chirpstack"),
}
NETWORKS: Final = {
    "environment": "Gateway quan trắc",
    "streets": "Gateway giao thông",
    "grid": "Gateway điện lực",
    "lora": "Trạm gốc LoRaWAN",
}
KINDS: Final = ("river", *SORTS, "services", "heartbeats")
# The stations and services are known by names of their own, and a lamp by its cabinet's; devices
# of the other conventions are not.
SPOKEN: Final = {"river": ("native", "senml"), "services": ("native",), "heartbeats": ("native",)}
LAMPS_SPOKEN: Final = ("native", "senml")


class BadCity(Exception):
    """A city that cannot be built as asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of a kind. What is None is as usual for the kind; lamps are those of each cabinet."""

    kind: str
    count: int
    cadence: float | None = None
    convention: str | None = None
    lamps: int = 0


def fleet(wanted: Sequence[Wanted], seed: int) -> list[Asset]:
    """Return the assets wanted, the same for the same seed; raises BadCity."""
    for each in wanted:
        check(each)
    count = sum(each.count * (1 + each.lamps) for each in wanted)
    if not 1 <= count <= MOST:
        raise BadCity(f"a city has 1 to {MOST} assets, not {count}")
    found: list[Asset] = []
    for each in wanted:
        found += islice(_of(each, seed), each.count * (1 + each.lamps))
    if len({asset.name for asset in found}) < len(found):
        raise BadCity("the same is wanted twice: its assets would have the same names")
    return found


def check(wanted: Wanted) -> None:
    """Raise BadCity where there is no such kind, not so many, or nobody who speaks like that."""
    if wanted.kind not in KINDS:
        raise BadCity(f"there is no asset kind {wanted.kind!r}: there are {', '.join(KINDS)}")
    if wanted.kind == "river" and wanted.count > len(STATIONS):
        raise BadCity(f"there are {len(STATIONS)} river stations, not {wanted.count}")
    if wanted.count * (1 + wanted.lamps) > MOST:
        raise BadCity(f"a city has up to {MOST} assets")
    if wanted.lamps and wanted.kind != "light":
        raise BadCity(f"lamps hang at a light's cabinet, not at {wanted.kind}")
    spoken = SPOKEN.get(wanted.kind, CONVENTIONS) if not wanted.lamps else LAMPS_SPOKEN
    if wanted.convention is not None and wanted.convention not in spoken:
        who = "a light with lamps" if wanted.lamps else wanted.kind
        raise BadCity(f"{who} cannot speak {wanted.convention!r}: it can {', '.join(spoken)}")


def gateways(assets: Sequence[Asset]) -> list[tuple[str, str]]:
    """Return name and title of every gateway that these speak through and that is no asset."""
    names = {asset.name for asset in assets}
    found = {asset.parent: asset for asset in assets if asset.parent and asset.parent not in names}
    return [(name, _gateway_title(name, asset)) for name, asset in sorted(found.items())]


def _of(wanted: Wanted, seed: int) -> Iterator[Asset]:
    if wanted.kind == "river":
        return _rivers(wanted, seed)
    if wanted.kind == "services":
        return services(seed, wanted.cadence)
    if wanted.kind == "heartbeats":
        return heartbeats(seed, wanted.cadence)
    return _sensors(wanted, seed)


def _rivers(wanted: Wanted, seed: int) -> Iterator[Asset]:
    for station in STATIONS:
        yield Asset(
            name=station.name,
            kind=RIVER,
            title=f"Trạm thủy văn {station.title} (sông {station.river})",
            area=station.area,
            commune=station.area,
            latitude=station.latitude,
            longitude=station.longitude,
            key=key_of(seed, station.name),
            gateway="gw-hydrology",
            parent="gw-hydrology",
            convention=wanted.convention or "native",
            cadence=wanted.cadence or RIVER.cadence,
        )


def _sensors(wanted: Wanted, seed: int) -> Iterator[Asset]:
    for turn in range(wanted.count):
        # One district on with each, each kind beginning with another one.
        offset = list(SORTS).index(wanted.kind)
        place = districts()[(turn + offset) % len(districts())]
        asset = _sensor(wanted, seed, place, turn // len(districts()) + 1)
        yield asset
        if wanted.kind == "light":
            lamps = range(1, wanted.lamps + 1)
            yield from (_lamp(asset, number, seed, wanted.cadence) for number in lamps)


def _sensor(wanted: Wanted, seed: int, district: Place, number: int) -> Asset:
    sort = SORTS[wanted.kind]
    convention = wanted.convention or sort.convention
    called = f"{wanted.kind}-{district.slug}-{number}"
    key = key_of(seed, called)
    commune = _commune(district, key, seed)
    gateway = f"gw-{district.slug}-{sort.network}"
    name, parent = _named(convention, called, gateway)
    return Asset(
        name=name,
        kind=sort.kind,
        title=f"{sort.title} {district.short} {number}",
        area=district.code,
        commune=commune.code,
        latitude=round(commune.latitude + 0.012 * (even(key, 1) - 0.5), 4),
        longitude=round(commune.longitude + 0.012 * (even(key, 2) - 0.5), 4),
        key=key,
        size=0.75 + 0.5 * even(key, 3),
        gateway=gateway,
        parent=parent,
        convention=convention,
        cadence=wanted.cadence or sort.kind.cadence,
    )


def _named(convention: str, called: str, gateway: str) -> tuple[str, str]:
    """Return what the platform calls an asset and its gateway, by how it speaks."""
    if convention == "sparkplug":
        edge = f"sparkplug:{SPARKPLUG_GROUP}:{gateway}"
        return f"{edge}:{called}", edge
    if convention == "chirpstack":
        # A LoRaWAN device is known by its EUI, 64 bits of it, and an application by its id.
        return f"lora:{key_of('eui', called):016x}", f"lora:{gateway}"
    return called, gateway


def _lamp(cabinet: Asset, number: int, seed: int, cadence: float | None) -> Asset:
    name = f"{cabinet.name}:lamp-{number}"
    key = key_of(seed, name)
    return Asset(
        name=name,
        kind=LAMP,
        title=f"Đèn {number}, {cabinet.title[0].lower()}{cabinet.title[1:]}",
        area=cabinet.area,
        commune=cabinet.commune,
        latitude=round(cabinet.latitude + 0.0003 * number, 4),
        longitude=cabinet.longitude,
        key=key,
        size=0.95 + 0.1 * even(key, 3),
        gateway=cabinet.gateway,
        parent=cabinet.name,
        cadence=cadence or LAMP.cadence,
    )


def _commune(district: Place, key: int, seed: int) -> Place:
    """Return where in a district a sensor stands: in one of a few places, as they do."""
    of_district = [place for place in communes() if place.parent == district.code]
    of_district.sort(key=lambda place: bits(key_of(seed, place.code), 0))
    return of_district[bits(key, 4) % SETTLED]


def _gateway_title(name: str, child: Asset) -> str:
    if name == "gw-hydrology":
        return "Gateway thủy văn"
    district = next((place for place in districts() if place.code == child.area), None)
    network = NETWORKS.get(child.gateway.rsplit("-", 1)[-1], "Gateway")
    return f"{network} {district.short}" if district else network
