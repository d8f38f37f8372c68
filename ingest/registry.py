"""Which stream a metric of an asset is; what is not known yet registers itself."""

import threading

import structlog

from models.reading import ONLINE
from services.store import assets, streams
from services.store.pool import Connection, Pool, transaction

log = structlog.get_logger()


class Registry:
    """The streams of every asset that has spoken, remembered.

    Bounded: an asset with more than `metrics_per_asset` metrics, or more assets than `max_assets`
    since this worker began, is refused, so that a misbehaving device cannot fill the store with
    names.
    """

    def __init__(self, pool: Pool, metrics_per_asset: int, max_assets: int) -> None:
        self.pool = pool
        self.metrics_per_asset, self.max_assets = metrics_per_asset, max_assets
        self.asset_ids: dict[str, int] = {}
        self.streams: dict[str, dict[str, int]] = {}
        self.one_at_a_time = threading.Lock()

    def streams_of(self, asset: str) -> dict[str, int]:
        """The known streams of an asset, by metric; empty where it has never spoken."""
        return self.streams.get(asset, {})

    def learn(self, wanted: dict[tuple[str, str], set[str]]) -> None:
        """Registers the metrics wanted of each (asset, kind), as far as the bounds allow."""
        with self.one_at_a_time:
            with transaction(self.pool) as conn:
                asset_ids = self.registered(conn, list(wanted))
                known = self.declared(conn, wanted, asset_ids)
            # Only what is committed is remembered.
            self.asset_ids |= asset_ids
            self.streams |= {name: known[asset_id] for name, asset_id in asset_ids.items()}

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
        self, conn: Connection, wanted: dict[tuple[str, str], set[str]], asset_ids: dict[str, int]
    ) -> dict[int, dict[str, int]]:
        """The streams of these assets; new ones are made while an asset has room for them."""
        known = streams.ids(conn, list(asset_ids.values()))
        rows = []
        for (name, _), metrics in wanted.items():
            if name in asset_ids:
                have = known[asset_ids[name]]
                room = max(0, self.metrics_per_asset - len(have))
                new = sorted(metrics - have.keys())[:room]
                rows += [(asset_ids[name], metric, metric != ONLINE) for metric in new]
        if not rows:
            return known
        streams.register(conn, rows)
        log.info("streams registered", count=len(rows))
        return streams.ids(conn, list(asset_ids.values()))

    def refusal(self, asset: str) -> str:
        """Why a metric that learn was asked for still has no stream."""
        if asset not in self.asset_ids:
            return f"there are {self.max_assets} assets already (INGEST_MAX_ASSETS)"
        return f"{asset} has {self.metrics_per_asset} metrics already (INGEST_METRICS_PER_ASSET)"
