"""Whether a device is wrong or the world is: sensor, event or undecided, with the reasons.

Decided from what spoke: a fault shows in one number of one device, or in how it delivers; what
really happens shows in several numbers that depend on each other, at several assets, or to a
rule of the city. The weights are judgements [D], checked on simulated provinces
(docs/accuracy.md).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from models.correlate import Sign
from models.reading import HOUR, MINUTE, ONLINE

# What is about the device and not about what it measures.
HEALTH = frozenset({"battery", "battery_voltage", "rssi", "snr", "clock_skew"})
CONDUCT = frozenset({"clock", "repeats", "disorder"})
SILENCE = frozenset({"silence"})
# Detectors of what no world does: the same value for hours, values beyond the possible.
IMPOSSIBLE = frozenset({"flatline", "reach", "rhythm"})
LEARNED = frozenset(
    {"neighbours", "ensemble", "level", "rate", "season", "drift", "band", "family"}
)
OUTAGE = frozenset({"power_outage", "supply"})
TOGETHER = 3 * HOUR  # a leak's pressure follows its flow, a fire's contents its heat
AT_ONCE = 30 * MINUTE  # what several assets show together
SEVERAL_ASSETS = 2
# Kinds that live on a battery: without power from the mains they speak on.
ON_BATTERY = frozenset({"river", "rain", "waste", "water"})
SEVERAL_SILENT = 3
# Beyond it the word is said: below, one weak reason stands against another.
SURE = 0.5


class Nature(StrEnum):
    """The words."""

    SENSOR = "sensor"
    EVENT = "event"
    UNDECIDED = "undecided"


class Reason(NamedTuple):
    """Why, in Vietnamese and English. weight is above 0 for an event, below for a fault."""

    code: str
    weight: float
    vi: str
    en: str


class Decision(NamedTuple):
    """What it is, and the reasons, the weightiest first."""

    nature: Nature
    reasons: tuple[Reason, ...]


RULE = Reason(
    "rule",
    3.0,
    "Một quy tắc của thành phố được kích hoạt.",
    "A rule of the city speaks.",
)
OUT = Reason(
    "outage",
    4.0,
    "Mất điện: điện áp bằng không.",
    "The power is out: there is no voltage.",
)
NEIGHBOURS_AGREE = Reason(
    "neighbours-agree",
    3.0,
    "Nhiều tài sản cùng loại thay đổi cùng lúc và cùng chiều.",
    "Several assets of a kind changed together, the same way.",
)
METRICS_AGREE = Reason(
    "metrics-agree",
    2.0,
    "Nhiều chỉ số liên quan của cùng tài sản thay đổi theo.",
    "Several numbers of the asset that depend on each other changed.",
)
ALONE = Reason(
    "alone",
    -2.0,
    "Chỉ một chỉ số của một thiết bị bất thường; các chỉ số khác và các thiết bị lân cận bình thường.",
    "One number of one device is odd; its other numbers and its neighbours are as usual.",
)
IN_THE_DARK = Reason(
    "in-the-dark",
    3.0,
    "Nhiều thiết bị dùng điện lưới, qua các gateway khác nhau, im lặng cùng lúc: có thể mất điện.",
    "Several devices on the mains, behind different gateways, fell silent together: "
    "the power may be out.",
)
SILENT = Reason(
    "silent",
    -2.0,
    "Thiết bị hoặc đường truyền của nó im lặng.",
    "The device is silent, or the way its messages take.",
)
DELIVERS_BADLY = Reason(
    "delivery",
    -4.0,
    "Thiết bị gửi sai: đồng hồ sai, bản tin lặp hoặc sai thứ tự.",
    "The device delivers wrongly: its clock, repeated messages, or their order.",
)
CANNOT_BE = Reason(
    "impossible",
    -2.0,
    "Giá trị đứng yên hoặc vượt quá khả năng đo.",
    "The value stands still, or is beyond what can be.",
)
ITS_HEALTH = Reason(
    "health",
    -3.0,
    "Chỉ tình trạng của thiết bị (pin, sóng) thay đổi.",
    "Only the health of the device (battery, radio) changed.",
)
FAMILY_MOVES = Reason(
    "family-moves",
    1.0,
    "Các thiết bị lân cận cũng thay đổi tương tự.",
    "Its neighbours moved likewise.",
)


def decide(signs: Sequence[Sign]) -> Decision:
    """What an incident with these signs is about; at least one of them."""
    found = [reason for reason, holds in TESTS if holds(signs)]
    found.sort(key=lambda reason: -abs(reason.weight))
    sum_of_all = sum(reason.weight for reason in found)
    if abs(sum_of_all) <= SURE:
        return Decision(Nature.UNDECIDED, tuple(found))
    return Decision(Nature.EVENT if sum_of_all > 0 else Nature.SENSOR, tuple(found))


def measuring(signs: Iterable[Sign]) -> list[Sign]:
    """The signs about what is measured: not about a device's health, presence or delivery."""
    return [
        each
        for each in signs
        if each.metric != ONLINE and each.metric not in HEALTH and each.detector not in CONDUCT
    ]


def is_rule(sign: Sign) -> bool:
    """Whether a rule of the city spoke, and no detector."""
    return sign.detector not in LEARNED | CONDUCT | SILENCE | IMPOSSIBLE


def rule_speaks(signs: Sequence[Sign]) -> bool:
    """Whether a rule of the city is among those who spoke."""
    return any(map(is_rule, signs))


def power_is_out(signs: Sequence[Sign]) -> bool:
    """Whether a meter says that the power is out."""
    return any(each.metric in OUTAGE and is_rule(each) for each in signs)


def in_the_dark(signs: Sequence[Sign]) -> bool:
    """Whether only devices on the mains fell silent together, of several kinds and gateways.

    A broken gateway takes all behind it, a cut network those on batteries, too.
    """
    silent = {each.asset: each for each in signs if each.detector in SILENCE}
    kinds = {each.kind for each in silent.values()}
    ways = {each.parent for each in silent.values()}
    return (
        len(silent) >= SEVERAL_SILENT
        and min(len(kinds), len(ways)) > 1
        and not kinds & (ON_BATTERY | {"unknown"})
    )


def neighbours_agree(signs: Sequence[Sign]) -> bool:
    """Whether several assets of a kind show the same metric going the same way."""
    shown = defaultdict[tuple[str, str, bool], set[str]](set)
    for each in measuring(signs):
        if each.time - signs[0].time <= AT_ONCE:
            shown[each.kind, each.metric, each.upwards].add(each.asset)
    return any(len(assets) >= SEVERAL_ASSETS for assets in shown.values())


def metrics_agree(signs: Sequence[Sign]) -> bool:
    """Whether an asset shows oddness in several of the metrics it measures, about together."""
    shown = defaultdict[str, dict[str, int]](dict)
    for each in measuring(signs):
        if not is_rule(each):
            shown[each.asset].setdefault(each.metric, each.time)
    return any(
        len(times) > 1 and sorted(times.values())[1] - min(times.values()) <= TOGETHER
        for times in shown.values()
    )


def is_alone(signs: Sequence[Sign]) -> bool:
    """Whether all that is measured and odd is one metric, and nobody else moved."""
    shown = {(each.asset, each.metric) for each in measuring(signs) if not is_rule(each)}
    return len(shown) == 1 and not family_moves(signs)


def only_health(signs: Sequence[Sign]) -> bool:
    """Whether nothing but the device's health is odd."""
    return all(each.metric in HEALTH for each in signs)


def family_moves(signs: Sequence[Sign]) -> bool:
    """Whether a stream was found odd by its own past, where its neighbours were asked and agree."""
    asked = [
        dict(each.parts) for each in measuring(signs) if each.detector in {"ensemble", "season"}
    ]
    return bool(asked) and all(
        "neighbours" in parts and parts["neighbours"] <= 0 for parts in asked
    )


def spoke(detectors: frozenset[str]) -> Callable[[Sequence[Sign]], bool]:
    """Whether one of these detectors spoke."""
    return lambda signs: any(each.detector in detectors for each in signs)


TESTS: tuple[tuple[Reason, Callable[[Sequence[Sign]], bool]], ...] = (
    (RULE, rule_speaks),
    (OUT, power_is_out),
    (IN_THE_DARK, in_the_dark),
    (NEIGHBOURS_AGREE, neighbours_agree),
    (METRICS_AGREE, metrics_agree),
    (ALONE, is_alone),
    (SILENT, spoke(SILENCE)),
    (DELIVERS_BADLY, spoke(CONDUCT)),
    (CANNOT_BE, spoke(IMPOSSIBLE)),
    (ITS_HEALTH, only_health),
    (FAMILY_MOVES, family_moves),
)
