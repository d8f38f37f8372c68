"""A province whose sensors report what a test says, and a clock that stands where it is put."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from models.frame import Frame, frame
from models.reading import MINUTE, microseconds
from services.derivation.runner import Runner
from services.derivation.settings import DerivationSettings
from services.incidents import intake, workflow
from services.store import arrivals, assets, derivations, incidents, readings, streams
from services.store.arrivals import Lane
from services.store.pool import Pool, transaction
from services.store.readings import FOR_EVER, Reading

IMPATIENT = DerivationSettings(patience=0)


class Province:
    """What arrives is stored and put into the feed, as ingest does it."""

    def __init__(self, pool: Pool, now: datetime) -> None:
        self.pool, self.now = pool, now

    def stream(self, asset: str, metric: str, unit: str | None = None) -> int:
        with transaction(self.pool) as conn:
            asset_id = assets.ids(conn, [asset])[asset]
            streams.register(conn, [(asset_id, metric, True, unit)])
            return streams.ids(conn, [asset_id])[asset_id][metric]

    def claim(self, asset: str, kind: str, parent: str | None = None) -> None:
        with transaction(self.pool) as conn:
            assets.claim(conn, [assets.Claim(asset, kind, area_code="213", parent=parent)])

    def know(self, asset: str, facts: Mapping[str, str]) -> None:
        with transaction(self.pool) as conn:
            for name, value in facts.items():
                conn.execute(
                    """INSERT INTO asset_facts (asset_id, name, value)
                       SELECT id, %s, %s FROM assets WHERE name = %s""",
                    [name, value, asset],
                )

    def report(
        self,
        asset: str,
        metric: str,
        since: datetime,
        values: Sequence[float],
        *,
        minutes: float = 1,
        lane: Lane = Lane.LIVE,
    ) -> None:
        """Stores these values, so many minutes apart, and tells the feed."""
        stream = self.stream(asset, metric)
        start = microseconds(since)
        times = [start + round(i * minutes * MINUTE) for i in range(len(values))]
        self.arrive(frame([stream] * len(values), times, list(values)), lane)

    def arrive(self, reported: Frame, lane: Lane) -> None:
        with transaction(self.pool) as conn:
            stored, _ = readings.append_new(conn, reported, microseconds(self.now))
            arrivals.append(conn, stored, microseconds(self.now), lane)

    def derive(self, settings: DerivationSettings = IMPATIENT) -> Runner:
        """Has everything derived that is due."""
        runner = Runner(self.pool, settings, lambda: self.now)
        while runner.turn():
            pass
        return runner

    def derived(self, asset: str, metric: str) -> list[Reading]:
        with transaction(self.pool) as conn:
            stream = streams.find(conn, asset, metric)
            return [] if stream is None else readings.latest(conn, stream, 10_000)

    def values(self, asset: str, metric: str) -> list[float]:
        """The values that hold."""
        return [row.value for row in self.derived(asset, metric) if row.quality == 0]

    def inputs(self, asset: str, metric: str) -> list[derivations.Derivation]:
        with transaction(self.pool) as conn:
            stream = streams.find(conn, asset, metric)
            assert stream is not None
            return derivations.page(
                conn, stream, datetime.min.replace(tzinfo=FOR_EVER.tzinfo), FOR_EVER, 10_000
            )

    def incidents_of_all(self) -> list[incidents.Incident]:
        """All incidents, after intake has seen everything."""
        with transaction(self.pool) as conn:
            while intake.take_in(conn):
                pass
            return incidents.page(conn)

    def incidents(self, metric: str) -> list[incidents.Incident]:
        """The incidents of a metric, after intake has seen everything and time has passed."""
        with transaction(self.pool) as conn:
            while intake.take_in(conn):
                pass
            workflow.let_time_pass(conn, timedelta(minutes=30), timedelta(days=1))
            return [each for each in incidents.page(conn) if each.metric == metric]
