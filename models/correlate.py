"""Which signs belong to one incident: those of one asset, and of many that share a cause.

A power cut speaks through every meter of a place, a broken gateway through the silence behind
it, a front of rain through every gauge. What begins together, at neighbours in a sense that has
a cause, is one thing to look at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from models.asset import Kind
from models.reading import MINUTE

# An incident gathers company while it is young: what comes much later is news of its own.
YOUNG = 60 * MINUTE
# How long after the last sign the next one may come, by what the assets share.
SAME_ROOT = 15 * MINUTE  # a gateway, a cabinet: signs of one failure, each by its own cadence
SAME_PLACE = 5 * MINUTE  # an area: the mains fail for everybody at once
IN_THE_DARK = (
    30 * MINUTE
)  # an area without power: batteries last for minutes, silence is told later
SAME_METRIC = 10 * MINUTE  # a metric of a kind: weather and habits travel
OUTAGE, SILENCE = "power_outage", "silence"
IDLE = "office_health"  # of a one-stop shop that does nothing: told after half an hour of it
QUIET = 30 * MINUTE  # an incident without a sign for so long is over


class Sign(NamedTuple):
    """What one detector said of one stream. time is in microseconds since 1970.

    upwards says whether the value is above what was expected; parts are the surprises of the
    detector's parts, in nats.
    """

    asset: str
    metric: str
    kind: str
    area: str | None
    parent: str | None
    time: int
    detector: str
    score: float
    upwards: bool = True
    members: tuple[str, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    around: str | None = None  # the area that its area is part of


@dataclass
class Cluster:
    """Signs of one cause so far."""

    number: int
    signs: list[Sign] = field(default_factory=list)
    assets: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    metrics: set[tuple[str, str, bool]] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    last_at: int = 0  # the time of its newest sign

    def add(self, sign: Sign) -> None:
        """Takes a sign in."""
        self.signs.append(sign)
        self.last_at = max(self.last_at, sign.time)
        self.assets |= {sign.asset, *sign.members}
        self.roots |= {sign.asset} if sign.parent is None else {sign.asset, sign.parent}
        if sign.area is not None and (not self.areas or sign.metric == OUTAGE):
            self.areas.add(sign.area)
        self.metrics.add((sign.kind, sign.metric, sign.upwards))

    def apart(self, sign: Sign) -> int:
        """How long before or after its nearest sign another one is, in any order of arrival."""
        if sign.time >= self.last_at:
            return sign.time - self.last_at
        return min(abs(sign.time - each.time) for each in self.signs)

    @property
    def began_at(self) -> int:
        """The time of its first sign."""
        return self.signs[0].time


def gathered(signs: Iterable[Sign]) -> list[Cluster]:
    """The clusters of signs, which come in the order of their times."""
    found: list[Cluster] = []
    open_ones: list[Cluster] = []
    for sign in signs:
        open_ones = [each for each in open_ones if sign.time - each.last_at <= QUIET]
        home = home_of(sign, open_ones)
        if home is None:
            home = Cluster(len(found) + 1)
            found.append(home)
            open_ones.append(home)
        home.add(sign)
    return found


def home_of(sign: Sign, standing: Iterable[Cluster]) -> Cluster | None:
    """The cluster a sign belongs to: the closest kin; None where it is the first of its cause."""
    near = [each for each in standing if each.apart(sign) <= QUIET]
    for kin in (is_member, has_root, has_place, has_metric):
        for cluster in near:
            if kin(sign, cluster):
                return cluster
    return None


def is_member(sign: Sign, cluster: Cluster) -> bool:
    """Whether the asset is in it already."""
    return sign.asset in cluster.assets


def young(sign: Sign, cluster: Cluster, within: int) -> bool:
    """Whether a cluster still gathers company, and had news so lately."""
    return abs(sign.time - cluster.began_at) <= YOUNG and cluster.apart(sign) <= within


def has_root(sign: Sign, cluster: Cluster) -> bool:
    """Whether the asset speaks through one of its assets or through the same as one of them."""
    kin = sign.asset in cluster.roots or (sign.parent is not None and sign.parent in cluster.roots)
    return kin and young(sign, cluster, SAME_ROOT)


def has_place(sign: Sign, cluster: Cluster) -> bool:
    """Whether it began at the same time in the same area, or in the dark of its outage."""
    dark = stands_still(sign) and any(map(cut_off, cluster.signs))
    if cluster.areas.isdisjoint({sign.area, sign.around} if dark else {sign.area}):
        return False
    return young(sign, cluster, IN_THE_DARK if dark else SAME_PLACE)


def stands_still(sign: Sign) -> bool:
    """Whether a sign is of who is not heard, or of a service that does less than it should."""
    return sign.detector == SILENCE or (
        sign.kind == Kind.SERVICE and (sign.metric == IDLE or not sign.upwards)
    )


def cut_off(sign: Sign) -> bool:
    """Whether a sign says that its place is without power, or not heard."""
    return no_voltage(sign) or sign.detector == SILENCE


def no_voltage(sign: Sign) -> bool:
    """Whether a sign says that the mains are out, or fell."""
    return sign.metric == OUTAGE or (sign.metric.startswith("voltage") and not sign.upwards)


def has_metric(sign: Sign, cluster: Cluster) -> bool:
    """Whether the same metric of the same kind went the same way elsewhere.

    Assets of no known kind are not alike for that.
    """
    if sign.kind == Kind.UNKNOWN:
        return False
    key = (sign.kind, sign.metric, sign.upwards)
    return key in cluster.metrics and young(sign, cluster, SAME_METRIC)
