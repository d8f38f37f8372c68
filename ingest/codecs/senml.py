"""SenML (RFC 8428): packs of records as JSON or CBOR, on a device's own topic or a gateway's.

What breaks the RFC's rules costs the whole pack, as it demands; what is no number, or has no
place in the store, is a flaw of that one value. Where the RFC leaves it open:

- A record of base fields alone is a header, as devices send it (the RFC's 4.2 would refuse it).
- A boolean is 1 or 0; a sum is the metric `<name>_sum`, in its unit times seconds.
- A unit that no table knows is no flaw: the reading is kept, and its stream's unit is meant.
- The metric is the record's own name. Where a device is named and nothing more, it is what the
  unit measures (Cel: temperature), else `value`; a name that begins with a digit follows `value/`.
- On a device's own topic everything is that device's, so a second device in the pack is a flaw.
- On a gateway's topic (`names: devices`) the base name tells the child, or what stands before the
  name's last : or / (a urn:dev: to its end); what nobody is named for is the gateway's own.
- `ut` says when to expect more; the learned cadence of a stream does that for all conventions.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan
from typing import Any, NamedTuple

from msgspec import UNSET

from ingest.codecs import Codec, Place
from ingest.senml_records import AnyRecord, read_cbor, read_json
from models.reading import BadMessage, Decoded, Sample
from models.senml import DEVICE_URN, Metric, asset_of, device_of, metric_of, parted, whole_name

VERSION = 10  # of RFC 8428; older ones differ in nothing we read
RELATIVE = 2**28  # seconds; times below are counted from now (RFC 8428, 4.5.3)
BEYOND = 1e13  # seconds; no clock says that, and microseconds of it are still exact enough
SECOND = 1_000_000  # microseconds


class Moment(NamedTuple):
    """The values of one asset and time, and their units, by metric."""

    values: dict[str, float]
    units: dict[str, str]


class Pack:
    """Resolves the records of one pack in their order, and gathers what each moment says.

    Some thousand packs come in a second: take does without calls where they can.
    """

    def __init__(self, asset: str, version: int, now: int, *, gateway: bool) -> None:
        self.asset, self.version, self.now, self.gateway = asset, version, now, gateway
        self.base, self.unit, self.time, self.value = "", "", 0.0, 0.0
        self.sum: float | None = None
        self.named = False  # whether the base name tells a device
        self.speaker: str | None = asset  # whose readings these are, None where nobody's
        self.owner = ""  # the only device that may speak on a topic of its own
        self.flaws: list[str] = []
        self.titles: dict[str, str] = {}
        self.moments: dict[tuple[str, int], Moment] = {}
        self.told = nan  # the time of the last record, in seconds as it was told
        self.values: dict[str, float] = {}
        self.units: dict[str, str] = {}

    def take(self, record: AnyRecord) -> None:
        """One record. Raises BadMessage where it breaks a rule."""
        if (
            record.bn is not UNSET
            or record.bt is not UNSET
            or record.bu is not UNSET
            or record.bv is not UNSET
            or record.bs is not UNSET
            or record.bver is not UNSET
        ):
            self.rebase(record)
            if is_header(record):
                return
        local = record.n if self.named else self.whole(record.n)
        metric = metric_of(local, record.u or self.unit)
        time = self.time + record.t
        if time != self.told:
            self.turn_to(time)
        if self.speaker is None or metric.flaw is not None:
            values_of(record, summed=self.sum is not None)
            self.flaws.append(metric.flaw or f"{metric.name}: of another device than {self.owner}")
        elif (
            record.v is not UNSET
            and self.sum is None
            and record.s is UNSET
            and record.vs is record.vb is record.vd is UNSET
        ):
            self.keep(metric.name, metric.unit, self.value + record.v)
        else:
            self.keep_unusual(record, metric)

    def turn_to(self, time: float) -> None:
        """Opens the moment that is told of, in seconds. Raises BadMessage where it is none."""
        if not -BEYOND < time < BEYOND:
            raise BadMessage(f"a time of {time:g} s")
        if self.speaker is not None:
            at = round(time * SECOND) + (self.now if time < RELATIVE else 0)
            moment = self.moments.setdefault((self.speaker, at), Moment({}, {}))
            self.values, self.units = moment
        self.told = time

    def keep(self, name: str, unit: str | None, value: float) -> None:
        """Puts a value to its moment. Raises BadMessage where it is not finite."""
        if not isfinite(value):
            raise BadMessage("a value that is not finite")
        if name in self.values:
            self.flaws.append(f"{name}: said twice for one moment")
            return
        self.values[name] = value
        if unit is not None:
            self.units[name] = unit

    def keep_unusual(self, record: AnyRecord, metric: Metric) -> None:
        """Keeps what is more than a number. Raises BadMessage for two values, or none."""
        summed = record.s is not UNSET or self.sum is not None
        told = values_of(record, summed=summed)
        if record.v is not UNSET:
            self.keep(metric.name, metric.unit, self.value + record.v)
        elif record.vb is not UNSET:
            self.keep(metric.name, metric.unit, float(record.vb))
        elif told:
            kind = "data" if record.vs is UNSET else "text"
            self.flaws.append(f"{metric.name}: {kind} is no reading")
        if summed and not metric.sum_name:
            self.flaws.append(f"{metric.name}: too long a name for its sum")
        elif summed:
            total = (self.sum or 0.0) + (0.0 if record.s is UNSET else record.s)
            self.keep(metric.sum_name, metric.sum_unit, total)

    def rebase(self, record: AnyRecord) -> None:
        """Takes the base fields. Raises BadMessage."""
        if record.bn is not UNSET:
            device = device_of(record.bn)
            self.base, self.named = record.bn, device is not None
            if device is not None:
                self.speak(device)
        if record.bt is not UNSET:
            self.time = record.bt
        if record.bu is not UNSET:
            self.unit = record.bu
        if record.bv is not UNSET:
            self.value = record.bv
        if record.bs is not UNSET:
            self.sum = record.bs
        if record.bver not in (UNSET, self.version):
            raise BadMessage(f"version {record.bver} in a pack of version {self.version}")

    def whole(self, name: str) -> str:
        """What is measured, by the whole name; its device is the speaker. Raises BadMessage."""
        full = whole_name(self.base, name)
        device, local = parted(full) if self.gateway or DEVICE_URN.match(full) else ("", full)
        self.speak(device)
        return local

    def speak(self, device: str) -> None:
        """Sets whose readings follow."""
        before = self.speaker
        if self.gateway:
            self.speaker = asset_of(self.asset, device)
            self.titles[self.speaker] = device
        else:
            self.owner = self.owner or device
            self.speaker = self.asset if device in ("", self.owner) else None
        if self.speaker != before:
            self.told = nan

    def decoded(self) -> Decoded:
        """All of it. Raises BadMessage where there was nothing to read."""
        samples = [
            Sample(asset, time, moment.values, moment.units or None)
            for (asset, time), moment in self.moments.items()
            if moment.values
        ]
        if not samples and not self.flaws:
            raise BadMessage("a pack without values")
        titles = {
            sample.asset: self.titles[sample.asset]
            for sample in samples
            if sample.asset != self.asset
        }
        if not titles:
            return Decoded(samples, self.flaws)
        return Decoded(samples, self.flaws, dict.fromkeys(titles, self.asset), titles)


def is_header(record: AnyRecord) -> bool:
    """Whether it has nothing but base fields."""
    return (
        record.v is UNSET
        and not record.n
        and not record.u
        and not record.t
        and record.vs is UNSET
        and record.vb is UNSET
        and record.vd is UNSET
        and record.s is UNSET
    )


def values_of(record: AnyRecord, *, summed: bool) -> list[object]:
    """The values it has: one, or none beside a sum. Raises BadMessage otherwise."""
    values: tuple[object, ...] = (record.v, record.vb, record.vs, record.vd)
    told = [each for each in values if each is not UNSET]
    if len(told) > 1:
        raise BadMessage(f"{len(told)} values")
    if not (told or summed or record.s is not UNSET):
        raise BadMessage("no value")
    return told


def resolve(records: Sequence[AnyRecord], asset: str, now: int, *, gateway: bool) -> Decoded:
    """What a pack says. Raises BadMessage where it breaks a rule of the RFC."""
    if not records:
        raise BadMessage("an empty pack")
    version = VERSION if records[0].bver is UNSET else records[0].bver
    if not 0 < version <= VERSION:
        raise BadMessage(f"version {version}: we read up to {VERSION}")
    pack = Pack(asset, version, now, gateway=gateway)
    number = 0
    try:
        for number, record in enumerate(records, 1):  # noqa: B007
            pack.take(record)
    except BadMessage as reason:
        raise BadMessage(f"record {number}: {reason}") from reason
    return pack.decoded()


READERS: Mapping[str, Callable[[bytes], Sequence[AnyRecord]]] = {
    "json": read_json,
    "cbor": read_cbor,
}


def made(settings: Mapping[str, Any]) -> Codec:
    """A reader of one form: json or cbor; names tell metrics, or devices (a gateway's topic).

    Raises ValueError.
    """
    if unknown := settings.keys() - {"form", "names"}:
        raise ValueError(f"senml knows no {', '.join(sorted(map(str, unknown)))}")
    form, names = settings.get("form", "json"), settings.get("names", "metrics")
    if form not in READERS:
        raise ValueError(f"form is json or cbor, not {form!r}")
    if names not in ("metrics", "devices"):
        raise ValueError(f"names are metrics or devices, not {names!r}")
    read, gateway = READERS[form], names == "devices"

    def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
        return resolve(read(payload), place.asset, now, gateway=gateway)

    return decode
