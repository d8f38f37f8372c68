"""The province's e-government services as assets, the most important first."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from simulators.asset import Asset, Kind
from simulators.dice import key_of
from simulators.egov.application import APPLICATION
from simulators.egov.connector import CONNECTOR, LINKED
from simulators.egov.desk import DEPARTMENT, DESK, HEARTBEAT, OFFICE
from simulators.egov.exchange import EXCHANGE
from simulators.egov.portal import OPEN_DATA, PORTAL_KIND
from simulators.egov.signature import SIGNATURE
from simulators.egov.units import CENTRE, Unit, centre, departments, in_turn, units
from simulators.places import PROVINCE, Place, districts, places


class _Service(NamedTuple):
    name: str
    title: str
    kind: Kind
    size: float  # dossiers a day of an office, requests a minute in a busy hour of a system
    calls: float = 0.0  # that a connector makes for one dossier


PORTAL: Final = _Service("portal-dvc", "Cổng dịch vụ công tỉnh Bắc Giang", PORTAL_KIND, 95)
MINISTRIES: Final = (
    ("finance", "Bộ Tài chính", 24.0, 8.0),
    ("transport", "Bộ Giao thông vận tải", 16.0, 24.0),
    ("planning", "Bộ Kế hoạch và Đầu tư", 12.0, 12.0),
    ("justice", "Bộ Tư pháp", 20.0, 5.0),
)
SYSTEMS: Final = (
    _Service("document-exchange", "Trục liên thông văn bản tỉnh", EXCHANGE, 40),
    _Service("signature-service", "Dịch vụ chữ ký số tỉnh", SIGNATURE, 8),
    _Service("portal-open-data", "Cổng dữ liệu mở tỉnh Bắc Giang", OPEN_DATA, 30),
    _Service("app-4g", "Ứng dụng App 4G plus của Sở KH&CN", APPLICATION, 12),
    _Service("link-planning", "Liên thông dịch vụ công của Bộ KH&ĐT với một cửa", LINKED, 8.0, 6.0),
)


def services(seed: int, cadence: float | None) -> Iterator[Asset]:
    """Yield services, the most important first.

    First the province's own systems and the ministry connectors, then the districts' one-stop
    shops, then the departments, then the communes' in an order the seed decides.
    """
    every = cadence or 60.0
    province = places()[0]
    for service in _of_the_province(seed):
        yield _service(seed, province, service, every)
    for place in districts():
        title = f"Bộ phận một cửa {_lowered(place.name)}"
        unit = units(seed)[f"onestop-{place.slug}"]
        yield _service(seed, place, _Service(unit.name, title, OFFICE, unit.volume), every)
    for department in departments():
        unit = _unit(seed, department.number)
        title = f"Hồ sơ {department.title}"
        yield _service(seed, province, _Service(unit.name, title, DEPARTMENT, unit.volume), every)
    for place in in_turn(seed):
        yield _service(seed, place, _desk(seed, place, DESK), every)


def heartbeats(seed: int, cadence: float | None) -> Iterator[Asset]:
    """Yield the communes' one-stop shops that say little, the last of those above first."""
    for place in reversed(in_turn(seed)):
        yield _service(seed, place, _desk(seed, place, HEARTBEAT), cadence or HEARTBEAT.cadence)


def _desk(seed: int, place: Place, kind: Kind) -> _Service:
    district = next(each.name for each in districts() if each.code == place.parent)
    title = f"Bộ phận một cửa {_lowered(place.name)}, {_lowered(district)}"
    unit = units(seed)[f"onestop-{place.code}"]
    return _Service(unit.name, title, kind, unit.volume)


def _of_the_province(seed: int) -> Iterator[_Service]:
    yield PORTAL
    title = "Trung tâm Phục vụ hành chính công tỉnh Bắc Giang"
    yield _Service(CENTRE, title, OFFICE, centre(seed).volume)
    for slug, ministry, requests, calls in MINISTRIES:
        name = f"connector-{slug}"
        yield _Service(name, f"Kết nối {ministry}", CONNECTOR, requests, calls)
    yield from SYSTEMS


def _unit(seed: int, department: int) -> Unit:
    return units(seed)[f"onestop-dept-{department:02d}"]


def _service(seed: int, place: Place, service: _Service, cadence: float) -> Asset:
    commune = place.parent not in {"", PROVINCE}
    return Asset(
        name=service.name,
        kind=service.kind,
        title=service.title,
        area=place.parent if commune else place.code,
        commune=place.code,
        latitude=place.latitude,
        longitude=place.longitude,
        key=key_of(seed, service.name),
        size=service.size,
        system="egov",
        gateway="egov",
        cadence=cadence,
        facts={"seed": seed, "calls": service.calls},
    )


def _lowered(name: str) -> str:
    """Return a place's name as it stands within a sentence: "Huyện Yên Thế" is huyện Yên Thế."""
    return name[0].lower() + name[1:]
