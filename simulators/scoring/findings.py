"""What the platform noticed, as its API tells it."""

from typing import Any, NamedTuple

from simulators.recording import moment


class Anomaly(NamedTuple):
    """One odd reading. at is its event time, in seconds since 1970, not when it was noticed."""

    at: float
    asset: str
    metric: str
    detector: str
    incident: int | None  # that has taken it in


class Incident(NamedTuple):
    """What somebody had to look at.

    began_at is the event time of its first anomaly; nature the platform's own word for whether
    the device is wrong or the world, None where it has none.
    """

    number: int
    asset: str
    metric: str
    began_at: float
    nature: str | None = None


def anomaly_of(row: dict[str, Any]) -> Anomaly:
    """Return a row of GET /anomalies; raises KeyError, TypeError or ValueError for another."""
    return Anomaly(
        moment(row["time"]) / 1000,
        row["asset"],
        row["metric"],
        row["detector"],
        row["incident_id"],
    )


def incident_of(row: dict[str, Any]) -> Incident:
    """Return a row of GET /incidents; raises KeyError, TypeError or ValueError for another."""
    began_at = moment(row["began_at"]) / 1000
    return Incident(row["id"], row["asset"], row["metric"], began_at, row.get("nature"))
