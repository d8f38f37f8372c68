"""What the platform noticed, as its API tells it, or a file in the same words."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from simulators.recording import moment


class BadFindings(Exception):
    """A file that holds no findings: the sentence names it."""


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
    members: tuple[tuple[float, str], ...] = ()  # since when it is about which assets


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
    members = tuple(
        (moment(each["since"]) / 1000, each["asset"]) for each in row.get("members") or ()
    )
    return Incident(row["id"], row["asset"], row["metric"], began_at, row.get("nature"), members)


def read_findings(path: Path) -> tuple[list[Anomaly], list[Incident]]:
    """The anomalies and incidents of a file, in the words of the API; raises BadFindings."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        anomalies = [anomaly_of(row) for row in told["anomalies"]]
        return anomalies, [incident_of(row) for row in told["incidents"]]
    except OSError as why:
        raise BadFindings(f"{path}: cannot be read: {why.strerror or why}") from why
    except (KeyError, TypeError, ValueError) as why:
        raise BadFindings(f"{path}: holds no findings: {why!r}") from why
