"""Which stream a metric of an asset is, and what is believed of it; what is new registers itself."""

import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta

import structlog

from models.quality import Belief, Rules
from models.reading import EPOCH, ONLINE
from models.units import Conversion, conversion
from services.store import assets, conversions, stream_rules, streams
from services.store.pool import Connection, DatabaseAway, Pool, transaction
from services.store.stream_rules import Rule

log = structlog.get_logger()

Wanted = Mapping[tuple[str, str], Mapping[str, str | None]]

# A change is seen when it is committed, which is after its own moment.
OVERLAP = timedelta(seconds=90)


class Registry:
    """The streams of every asset that has spoken, remembered, and the rules they are held to.

    Bounded: an asset with more than `metrics_per_asset` metrics, or more assets than `max_assets`
    since this worker began, is refused, so that a misbehaving device cannot fill the store with
    names. With `hold`, the readings of an asset wait until an engineer has claimed it.
    """

    def __init__(
        self, pool: Pool, metrics_per_asset: int, max_assets: int, *, hold: bool = False
    ) -> None:
        self.pool = pool
        self.metrics_per_asset, self.max_assets = metrics_per_asset, max_assets
        self.hold = hold
        self.asset_ids: dict[str, int] = {}
        self.streams: dict[str, dict[str, int]] = {}
        self.given: dict[str, set[str]] = {}  # metrics that a rule of the city gives
        self.units: dict[int, str] = {}
        self.claimed: set[str] = set()
        self.recorded: set[tuple[int, str]] = set()
        self.rules = Rules()
        self.seen_until = EPOCH
        self.one_at_a_time = threading.Lock()

    # What sorting asks.

    def streams_of(self, asset: str) -> dict[str, int]:
        """The known streams of an asset, by metric; empty where it has never spoken."""
        return self.streams.get(asset, {})

    def unit_of(self, stream_id: int) -> str | None:
        """The stream's own unit, None where nobody has said it."""
        return self.units.get(stream_id)

    def held_back(self, asset: str) -> bool:
        """Whether its readings wait until somebody claims it."""
        return self.hold and asset not in self.claimed

    def refusal(self, asset: str, metric: str) -> str:
        """Why a metric that learn was asked for still has no stream that devices may fill."""
        if metric in self.given.get(asset, ()):
            return "a rule of the city gives this metric here; a device cannot report it"
        if asset not in self.asset_ids:
            return f"there are {self.max_assets} assets already (INGEST_MAX_ASSETS)"
        return f"{asset} has {self.metrics_per_asset} metrics already (INGEST_METRICS_PER_ASSET)"

    # What keeps it in step with the store.

    def refresh(self) -> None:
        """Takes over what people changed: rules, units and claims."""
        with transaction(self.pool) as conn:
            newest = stream_rules.changed_at(conn)
            if newest is None or newest == self.seen_until:
                return
            since = max(EPOCH, self.seen_until - OVERLAP)
            rules = stream_rules.since(conn, since)
            claimed = assets.claimed_since(conn, since) if self.hold else []
        self.take_over(rules)
        self.claimed.update(claimed)
        self.seen_until = newest

    def take_over(self, rules: Iterable[Rule]) -> None:
        """Believes these rules from now on."""
        for rule in rules:
            self.rules.know(rule.stream_id, Belief(rule.low, rule.high, rule.max_rate))
            if rule.unit is not None:
                self.units[rule.stream_id] = rule.unit

    def keep_fresh(self, stop: threading.Event, seconds: float = 2.0) -> None:
        """Refreshes now and then until told to stop; an absent database costs a turn."""
        while not stop.wait(seconds):
            try:
                self.refresh()
            except DatabaseAway as why:
                log.debug("the rules stay as they are", why=type(why).__name__)

    def learn(
        self,
        wanted: Wanted,
        parents: Mapping[str, str] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        """Registers the metrics wanted of each (asset, kind), as far as the bounds allow."""
        with self.one_at_a_time:
            with transaction(self.pool) as conn:
                asset_ids = self.registered(conn, list(wanted))
                known = self.declared(conn, wanted, asset_ids)
                given = streams.given_by_rules(conn, list(asset_ids.values()))
                rules = stream_rules.of(
                    conn, [stream for metrics in known.values() for stream in metrics.values()]
                )
                self.introduce(conn, asset_ids, parents or {}, titles or {})
            # Only what is committed is remembered.
            self.take_over(rules)
            self.asset_ids |= asset_ids
            for name, asset_id in asset_ids.items():
                self.given[name] = given.get(asset_id, set())
                ours = known[asset_id].items()
                self.streams[name] = {
                    metric: stream for metric, stream in ours if metric not in self.given[name]
                }

    def registered(self, conn: Connection, wanted: list[tuple[str, str]]) -> dict[str, int]:
        """The ids of these assets; new ones are registered while there is room."""
        asset_ids = {name: self.asset_ids[name] for name, _ in wanted if name in self.asset_ids}
        room = max(0, self.max_assets - len(self.asset_ids))
        if fresh := [key for key in wanted if key[0] not in asset_ids][:room]:
            assets.register(conn, fresh)
            asset_ids |= assets.ids(conn, [name for name, _ in fresh])
            log.info("assets registered", count=len(fresh), first=fresh[0][0])
        return asset_ids

    def declared(
        self, conn: Connection, wanted: Wanted, asset_ids: dict[str, int]
    ) -> dict[int, dict[str, int]]:
        """The streams of these assets; new ones are made while an asset has room for them."""
        known = streams.ids(conn, list(asset_ids.values()))
        usual = stream_rules.usual_units(conn, {name for each in wanted.values() for name in each})
        rows = []
        for (name, _), metrics in wanted.items():
            if name in asset_ids:
                have = known[asset_ids[name]]
                room = max(0, self.metrics_per_asset - len(have))
                for metric in sorted(metrics.keys() - have.keys())[:room]:
                    unit = unusual(metrics[metric], usual.get(metric))
                    rows.append((asset_ids[name], metric, metric != ONLINE, unit))
        if not rows:
            return known
        streams.register(conn, rows)
        log.info("streams registered", count=len(rows))
        return streams.ids(conn, list(asset_ids.values()))

    def introduce(
        self,
        conn: Connection,
        asset_ids: Mapping[str, int],
        parents: Mapping[str, str],
        titles: Mapping[str, str],
    ) -> None:
        """Says of new assets which gateway they speak through and what people call them."""
        fresh = asset_ids.keys() - self.asset_ids.keys()
        if adopted := {child: parent for child, parent in parents.items() if child in fresh}:
            assets.adopt(conn, adopted)
        if named := {name: title for name, title in titles.items() if name in fresh}:
            assets.entitle(conn, named)

    def keep(
        self,
        conn: Connection,
        units: Mapping[int, str],
        converted: Mapping[tuple[int, str], tuple[str, Conversion]],
    ) -> None:
        """Writes down the units that streams came in, and the conversions not yet recorded."""
        if units:
            stream_rules.suggest_units(conn, units)
        if fresh := {key: value for key, value in converted.items() if key not in self.recorded}:
            conversions.record(
                conn,
                [
                    (stream_id, unit, own, way.scale, way.offset)
                    for (stream_id, unit), (own, way) in fresh.items()
                ],
            )

    def kept(self, units: Mapping[int, str], converted: Iterable[tuple[int, str]]) -> None:
        """What keep wrote is committed."""
        for stream_id, unit in units.items():
            self.units.setdefault(stream_id, unit)
        self.recorded.update(converted)


def unusual(unit: str | None, usual: str | None) -> str | None:
    """The unit a new stream is given: none of its own where the catalogue's will do."""
    if unit is None or (usual is not None and conversion(unit, usual) is not None):
        return None
    return unit
