"""What e-government services report: names, UCUM units, bounds and swings.

`requests` and `errors` are counts of the last minute, `dossiers_received` and `dossiers_returned` of
the last hour, tickets of the last quarter of an hour; the rest is what there is now: so nothing
depends on how often a service reports. Counts of dossiers have no swing: they are those dossiers.
"""

from typing import Final

from simulators.asset import Metric

REQUESTS: Final = Metric("requests", "/min", 0, 1e6, 3, 0)
ERRORS: Final = Metric("errors", "/min", 0, 1e6, 0.5, 0)
LATENCY: Final = Metric("latency_ms", "ms", 0, 120_000, 25, 0)
AVAILABILITY: Final = Metric("availability", "1", 0, 1, 0, 3)
RECEIVED: Final = Metric("dossiers_received", "/h", 0, 1e5, 0, 0)
RETURNED: Final = Metric("dossiers_returned", "/h", 0, 1e5, 0, 0)
IN_PROCESS: Final = Metric("dossiers_in_process", "1", 0, 1e6, 0, 0)
DUE_SOON: Final = Metric("dossiers_due_soon", "1", 0, 1e6, 0, 0)
OVERDUE: Final = Metric("dossiers_overdue", "1", 0, 1e6, 0, 0)
QUEUE: Final = Metric("queue_length", "1", 0, 1e5, 0, 0)
SENDING: Final = Metric("queue_length", "1", 0, 1e5, 1, 0)  # messages on their way
BACKLOG: Final = Metric("backlog", "1", 0, 1e6, 0, 0)
OLDEST: Final = Metric("oldest_unsent_s", "s", 0, 1e7, 2, 0)
SUCCESS: Final = Metric("success_share", "1", 0, 1, 0, 4)
SIGNATURES: Final = Metric("signatures", "/min", 0, 1e5, 0.5, 1)
SIGNATURE_FAILURES: Final = Metric("signature_failures", "/min", 0, 1e5, 0.1, 1)
REJECTS: Final = Metric("schema_rejects", "/min", 0, 1e5, 0, 2)
OURS: Final = Metric("records_ours", "1", 0, 1e8, 0, 0)
THEIRS: Final = Metric("records_theirs", "1", 0, 1e8, 0, 0)
CERTIFICATE: Final = Metric("certificate_days", "d", -1000, 10_000, 0, 1)
SESSIONS: Final = Metric("app_sessions", "/min", 0, 1e5, 0.3, 1)
CRASHES: Final = Metric("app_crashes", "/min", 0, 1e5, 0.02, 2)
# Dossiers that were filed at the other side and are none of the one-stop software's yet.
UNLINKED: Final = Metric("dossiers_unlinked", "1", 0, 1e6, 0, 0)
# Documents by the states of the national exchange, and how long the oldest has not been received.
DOCUMENTS: Final = (
    Metric("documents_arrived", "1", 0, 1e6, 0, 0),
    Metric("documents_received", "1", 0, 1e6, 0, 0),
    Metric("documents_assigned", "1", 0, 1e6, 0, 0),
    Metric("documents_processing", "1", 0, 1e6, 0, 0),
    Metric("documents_completed", "/h", 0, 1e6, 0, 0),
    Metric("oldest_document_s", "s", 0, 1e8, 60, 0),
)
# Dossiers that another level has handed over, and that wait to be taken up.
HAND_OVERS: Final = (
    Metric("handovers_waiting", "1", 0, 1e6, 0, 0),
    Metric("oldest_handover_s", "s", 0, 1e8, 60, 0),
)

HANDLED: Final = (RECEIVED, RETURNED, IN_PROCESS, DUE_SOON, OVERDUE)
OPEN: Final = Metric("counters_open", "1", 0, 1e4, 0, 0)
COUNTERS: Final = (
    QUEUE,
    Metric("tickets_issued", "1", 0, 1e5, 0, 0),
    Metric("tickets_served", "1", 0, 1e5, 0, 0),
    Metric("tickets_abandoned", "1", 0, 1e5, 0, 0),
    Metric("wait_p50_min", "min", 0, 1e4, 0.1, 1),
    Metric("wait_p90_min", "min", 0, 1e4, 0.2, 1),
    OPEN,
    Metric("utilisation", "1", 0, 100, 0, 3),
)
ANSWERS: Final = (REQUESTS, ERRORS, LATENCY)
