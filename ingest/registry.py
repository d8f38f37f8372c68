"""Which stream a metric of an asset is; what is not known yet registers itself."""

import threading

import structlog

from models.reading import METRIC_NAME, ONLINE
from services.store import assets, streams
from services.store.pool import Pool, transaction

log = structlog.get_logger()


class Registry:
    """The streams of every asset that has spoken, remembered.

    Bounded: an asset with more than `metrics_per_asset` metrics, or more assets than
    `max_assets`, is refused, so that a device gone mad cannot fill the store with names.
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
        with self.one_at_a_time, transaction(self.pool) as conn:
            room = self.max_assets - len(self.asset_ids)
            fresh = [key for key in wanted if key[0] not in self.asset_ids][: max(0, room)]
            if fresh:
                assets.register(conn, fresh)
                self.asset_ids |= assets.ids(conn, [name for name, _ in fresh])
            # Known to another worker perhaps: look before counting against the bound.
            mine = {name: self.asset_ids[name] for name, _ in wanted if name in self.asset_ids}
            known = streams.ids(conn, list(mine.values()))
            rows = []
            for (name, _), metrics in wanted.items():
                if name not in mine:
                    continue
                have = known[mine[name]]
                new = sorted(metric for metric in metrics - have.keys() if allowed(metric))
                rows += [
                    (mine[name], metric, metric != ONLINE)
                    for metric in new[: max(0, self.metrics_per_asset - len(have))]
                ]
            if rows:
                streams.register(conn, rows)
                known = streams.ids(conn, list(mine.values()))
        # Only what is committed is remembered.
        for name, asset_id in mine.items():
            self.streams[name] = known[asset_id]
        log.info("registered", assets=len(fresh), streams=len(rows))

    def refusal(self, asset: str, metric: str) -> str:
        """Why a metric that learn was asked for still has no stream."""
        if not allowed(metric):
            return f"{metric[:80]!r} is no name of a metric"
        if asset not in self.asset_ids:
            return f"there are {self.max_assets} assets already (INGEST_MAX_ASSETS)"
        return f"{asset} has {self.metrics_per_asset} metrics already (INGEST_METRICS_PER_ASSET)"


def allowed(metric: str) -> bool:
    """Whether this is the name of a metric."""
    return METRIC_NAME.fullmatch(metric) is not None
