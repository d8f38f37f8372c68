"""Labels, anomalies and incidents in few words: times are minutes after midnight."""

from simulators.labels import Label, Nature
from simulators.scoring.case import Case, compare
from simulators.scoring.findings import Anomaly, Incident
from simulators.scoring.window import Window, window_of

MIDNIGHT = 1_791_158_400.0  # 2026-10-05T00:00:00Z
GRACE = 600.0


def at(minute: float) -> float:
    """Seconds since 1970."""
    return MIDNIGHT + 60 * minute


def label(
    asset: str = "pump-7",
    metric: str = "flow",
    kind: str = "spike",
    *,
    began: float = 0,
    ended: float = 10,
    cause: str = "",
    nature: Nature = Nature.SENSOR,
) -> Label:
    return Label(asset, metric, kind, nature, at(began), at(ended), cause)


def anomaly(
    minute: float,
    asset: str = "pump-7",
    metric: str = "flow",
    detector: str = "level",
    incident: int | None = None,
) -> Anomaly:
    return Anomaly(at(minute), asset, metric, detector, incident)


def incident(
    number: int, minute: float, asset: str = "pump-7", nature: str | None = None
) -> Incident:
    return Incident(number, asset, "flow", at(minute), nature)


def case(
    labels: list[Label],
    anomalies: list[Anomaly],
    incidents: list[Incident] | None = None,
    window: tuple[float, float] | None = None,
    grace: float = GRACE,
) -> Case:
    """The case in the window the labels say, or between two minutes."""
    began_at, ended_at = map(at, window) if window else (None, None)
    looked_at: Window = window_of(labels, grace, began_at, ended_at)
    return compare(labels, anomalies, incidents or [], looked_at, grace)
