"""Faults of an e-government service: too many come, or nobody is served."""

from typing import Final

from simulators.faults.fault import Fault, Reporting

TIMEOUT_MS: Final = 30_000
QUEUE_A_MINUTE: Final = 1.5  # who waits while nobody is served, and comes more


def overload(_fault: Fault, report: Reporting) -> dict[str, float]:
    """Receive several times the usual load: queues and answers grow long, some fail."""
    now = report.values
    requests = 3 * now.get("requests", 0) + 20
    return report.changed(
        {
            "requests": requests,
            "errors": 0.12 * requests,
            "latency_ms": 8 * now.get("latency_ms", 0),
            "queue_length": 4 * now.get("queue_length", 0) + 25,
            "dossiers_received": 2 * now.get("dossiers_received", 0) + 10,
        }
    )


def down(fault: Fault, report: Reporting) -> dict[str, float]:
    """Fail every request by timeout; what was waiting goes on waiting, and more come."""
    now = report.values
    minutes = (report.at - fault.begins_at) / 60
    return report.changed(
        {
            "errors": now.get("requests", 0) + 1,
            "requests": now.get("requests", 0) + 1,
            "latency_ms": TIMEOUT_MS,
            "queue_length": now.get("queue_length", 0) + 5 + QUEUE_A_MINUTE * minutes,
            "dossiers_received": 0,
            "dossiers_returned": 0,
        }
    )
