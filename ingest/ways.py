"""Which stream each series of a file goes to, and by which conversion; asked once a series."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ingest.registry import Registry
from models.asset import Kind
from models.reading import ASSET_NAME, METRIC_NAME, UNIT_CODE
from models.units import Conversion, conversion, ucum
from services.store.pool import Connection


class Series(NamedTuple):
    """An asset's metric as a file names it; unit is what stands there, None where nothing does."""

    asset: str
    metric: str
    unit: str | None


class Way(NamedTuple):
    """Where a series goes: its stream, kept = came * scale + offset; or why it can go nowhere."""

    stream_id: int = -1
    scale: float = 1.0
    offset: float = 0.0
    flaw: str | None = None


def flaw_of(series: Series) -> str | None:
    """Why a series can have no stream whatever is known, or None."""
    if not ASSET_NAME.fullmatch(series.asset):
        return "no name of an asset"
    if not METRIC_NAME.fullmatch(series.metric):
        return "no name of a metric"
    if series.unit is not None and not UNIT_CODE.fullmatch(code_of(series.unit)):
        return "no unit"
    return None


def code_of(unit: str) -> str:
    """A unit as its UCUM code where one is known."""
    return ucum(unit) or unit


class Ways:
    """The ways of all series seen so far; what is new registers itself, as it does over MQTT.

    A unit that a stream is to be given, and conversions, are written down by keep in the
    transaction of the first readings that came so.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.known: dict[Series, Way] = {}
        self.units: dict[int, str] = {}
        self.conversions: dict[tuple[int, str], tuple[str, Conversion]] = {}

    def learn(self, wanted: Collection[Series]) -> None:
        """Finds the way of each series, registering assets and streams that are not known."""
        fresh = [series for series in wanted if series not in self.known]
        self.known |= {series: Way(flaw=flaw) for series in fresh if (flaw := flaw_of(series))}
        fresh = [series for series in fresh if series not in self.known]
        unknown: dict[tuple[str, str], dict[str, str | None]] = {}
        for asset, metric, unit in fresh:
            if metric not in self.registry.streams_of(asset):
                metrics = unknown.setdefault((asset, Kind.UNKNOWN.value), {})
                metrics.setdefault(metric, None if unit is None else code_of(unit))
        if unknown:
            self.registry.learn(unknown)
        for series in fresh:
            self.known[series] = self.found(series)

    def found(self, series: Series) -> Way:
        """The way of one series, all that can be known being known."""
        stream_id = self.registry.streams_of(series.asset).get(series.metric)
        if stream_id is None:
            return Way(flaw=self.registry.refusal(series.asset, series.metric))
        if self.registry.held_back(series.asset):
            return Way(flaw="an asset that nobody has claimed (INGEST_UNKNOWN=hold)")
        if series.unit is None:
            return Way(stream_id)
        unit = code_of(series.unit)
        if (own := self.registry.unit_of(stream_id)) is None:
            own = self.units.setdefault(stream_id, unit)
        if own == unit:
            return Way(stream_id)
        if (into_own := conversion(unit, own)) is None:
            return Way(flaw=f"a unit that cannot be told in the stream's: {unit} in {own}")
        self.conversions[stream_id, unit] = own, into_own
        return Way(stream_id, *into_own)

    def keep(self, conn: Connection) -> None:
        """Writes down units and conversions that are not written down yet."""
        self.registry.keep(conn, self.units, self.conversions)

    def kept(self) -> None:
        """What keep wrote is committed."""
        self.registry.kept(self.units, self.conversions)
        self.units.clear()
        self.conversions.clear()


class Nowhere:
    """What a rehearsal knows: which series can have no stream, and nothing of the store."""

    def __init__(self) -> None:
        self.known: dict[Series, Way] = {}

    def learn(self, wanted: Collection[Series]) -> None:
        """Looks at the names."""
        fresh = [series for series in wanted if series not in self.known]
        self.known |= {series: Way(flaw=flaw_of(series)) for series in fresh}


Known = Mapping[Series, Way]
