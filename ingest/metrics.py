"""The counters of one worker: the ledger's, and how it feels, at /metrics for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from services.store.ledger import Count

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """What one worker counts; each has its unit in its name and its meaning beside it."""

    def __init__(self, worker: str) -> None:
        self.registry = CollectorRegistry()
        self.worker = worker
        self.readings = Counter(
            "cityops_ingest_readings",
            "Readings by what became of them: received = stored + duplicate + rejected + held.",
            ["worker", "outcome"],
            registry=self.registry,
        )
        self.batches = Histogram(
            "cityops_ingest_write_seconds",
            "How long the transaction of one batch took.",
            ["worker"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.messages = Counter(
            "cityops_ingest_messages",
            "Messages taken in.",
            ["worker"],
            registry=self.registry,
        )
        self.acknowledged = Counter(
            "cityops_ingest_acknowledged_messages",
            "Messages that are stored and that the broker may forget.",
            ["worker"],
            registry=self.registry,
        )
        self.away = Gauge(
            "cityops_ingest_database_away",
            "1 while the database is waited for.",
            ["worker"],
            registry=self.registry,
        )
        self.away.labels(worker).set(0)
        self.mine = {name: self.readings.labels(worker, name) for name in Count._fields}

    def batch(self, count: Count, seconds: float) -> None:
        """A batch is committed. What leaves a waiting room is in the ledger alone."""
        for name, amount in count._asdict().items():
            if amount > 0:
                self.mine[name].inc(amount)
        self.batches.labels(self.worker).observe(seconds)

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """A gauge that asks when it is asked."""
        gauge = Gauge(f"cityops_ingest_{name}", meaning, ["worker"], registry=self.registry)
        gauge.labels(self.worker).set_function(value)

    def serve(self, host: str, port: int) -> None:
        """Answers at /metrics from now on. Raises OSError where the port is taken."""
        start_http_server(port, host, self.registry)
