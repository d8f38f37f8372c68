"""What was noticed, in the words of the API: anomalies, and the incidents they became."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from models import correlate, nature
from models.correlate import Cluster, Sign
from models.reading import moment

Row = dict[str, Any]


def findings(signs: Iterable[Sign]) -> dict[str, list[Row]]:
    """The rows of all signs and of the incidents they make."""
    in_order = sorted(signs, key=lambda sign: sign.time)
    clusters = correlate.gathered(in_order)
    return {
        "anomalies": [anomaly(each, cluster) for cluster in clusters for each in cluster.signs],
        "incidents": [incident(each) for each in clusters],
    }


def anomaly(sign: Sign, cluster: Cluster) -> Row:
    """A sign as GET /anomalies has it."""
    return {
        "time": moment(sign.time).isoformat(),
        "asset": sign.asset,
        "metric": sign.metric,
        "detector": sign.detector,
        "score": round(sign.score, 6),
        "incident_id": cluster.number,
    }


def incident(cluster: Cluster) -> Row:
    """A cluster as GET /incidents has it."""
    first = cluster.signs[0]
    decision = nature.decide(cluster.signs)
    since: dict[str, int] = {}
    for sign in cluster.signs:
        for asset in (sign.asset, *sign.members):
            since.setdefault(asset, sign.time)
    return {
        "id": cluster.number,
        "asset": first.asset,
        "metric": first.metric,
        "began_at": moment(first.time).isoformat(),
        "nature": decision.nature.value,
        "nature_reasons": [reason.code for reason in decision.reasons],
        "members": [
            {"asset": asset, "since": moment(time).isoformat()} for asset, time in since.items()
        ],
    }


def summary(told: dict[str, list[Row]]) -> Row:
    """How much was noticed, by detector and by nature."""
    return {
        "anomalies": len(told["anomalies"]),
        "incidents": len(told["incidents"]),
        "by_detector": dict(Counter(each["detector"] for each in told["anomalies"])),
        "by_nature": dict(Counter(each["nature"] for each in told["incidents"])),
    }


def spoken(summary: Row) -> str:
    """A summary for a terminal."""
    heading = (
        f"{summary['readings']:,} readings in {summary['seconds']} s: "
        f"{summary['anomalies']} anomalies, {summary['incidents']} incidents"
    )
    counts = [
        ", ".join(f"{word} {count}" for word, count in summary[name].items())
        for name in ("by_detector", "by_nature")
    ]
    return "\n".join([heading, *counts])
