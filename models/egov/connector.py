"""The health of a connector to another authority's system, from what was counted of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.egov.worktime import Calendar, worked


class Level(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    ALARM = "alarm"


class Sign(StrEnum):
    """What can be wrong with a connector."""

    FAILURES = "failures"
    BACKLOG = "backlog"
    SILENCE = "silence"
    REJECTS = "rejects"
    SIGNATURES = "signatures"
    DIFFERENCE = "difference"
    CERTIFICATE = "certificate"

    @property
    def words(self) -> tuple[str, str]:
        """What it is called in Vietnamese and in English."""
        return WORDS[self]


WORDS: dict[Sign, tuple[str, str]] = {
    Sign.FAILURES: ("Tỷ lệ gửi thành công thấp", "Too many transmissions fail"),
    Sign.BACKLOG: ("Hồ sơ chờ gửi quá lâu", "What is to be sent has waited too long"),
    Sign.SILENCE: ("Không đồng bộ được trong giờ phục vụ", "No synchronisation in service hours"),
    Sign.REJECTS: ("Dữ liệu bị từ chối do sai cấu trúc", "Data are rejected for their structure"),
    Sign.SIGNATURES: ("Xác thực chữ ký số thất bại", "Signatures cannot be verified"),
    Sign.DIFFERENCE: ("Chênh lệch đối soát", "The two sides' counts differ"),
    Sign.CERTIFICATE: ("Chứng thư số sắp hết hạn", "The certificate is about to expire"),
}


class Pair(NamedTuple):
    """From where on something is worth a warning, and an alarm."""

    warning: float
    alarm: float


FEWEST = 20  # transmissions, to tell anything of a share of them [D]

# All are [D], to be set by connector: shares (0 to 1) of what was sent, minutes that the oldest
# unsent has waited, minutes of service time without a success, the difference as a share of the
# larger count, and the days that are left.
LIMITS: Mapping[Sign, Pair] = {
    Sign.FAILURES: Pair(0.02, 0.10),
    Sign.REJECTS: Pair(0.01, 0.05),
    Sign.SIGNATURES: Pair(0.005, 0.02),
    Sign.BACKLOG: Pair(30, 120),
    Sign.SILENCE: Pair(30, 90),
    Sign.DIFFERENCE: Pair(0.005, 0.02),
    Sign.CERTIFICATE: Pair(30, 7),
}


class Traffic(NamedTuple):
    """What was counted of a connector over a while; None where nobody counts it."""

    sent: int | None = None
    failed: int | None = None
    rejected: int | None = None
    unverified: int | None = None


class Seen(NamedTuple):
    """What is known of a connector now; None where it is not known, or there is none.

    ours and theirs are both sides' counts of the same day.
    """

    traffic: Traffic = Traffic()
    last_success_at: datetime | None = None
    oldest_unsent_at: datetime | None = None
    ours: int | None = None
    theirs: int | None = None
    certificate_until: datetime | None = None


class Finding(NamedTuple):
    """Something wrong: how bad, and the value (in its limit's unit) that says so."""

    sign: Sign
    level: Level
    value: float


def health(
    calendar: Calendar,
    seen: Seen,
    now: datetime,
    limits: Mapping[Sign, Pair] = LIMITS,
    fewest: int = FEWEST,
) -> list[Finding]:
    """What is wrong with a connector at a moment, alarms first; nothing where all is well.

    calendar is the connector's own: when the other side serves. What is not known is not judged,
    nor what has no limits.
    """
    judged = (
        finding(sign, value, limits[sign])
        for sign, value in values(calendar, seen, now, fewest).items()
        if value is not None and sign in limits
    )
    there = [each for each in judged if each is not None]
    return sorted(there, key=lambda each: each.level is Level.WARNING)


def values(
    calendar: Calendar, seen: Seen, now: datetime, fewest: int = FEWEST
) -> dict[Sign, float | None]:
    """What a connector is judged by, in the units of its limits; None where it is not known."""
    traffic = seen.traffic
    return {
        Sign.FAILURES: share(traffic.failed, traffic.sent, fewest),
        Sign.REJECTS: share(traffic.rejected, traffic.sent, fewest),
        Sign.SIGNATURES: share(traffic.unverified, traffic.sent, fewest),
        Sign.BACKLOG: minutes_since(seen.oldest_unsent_at, now),
        Sign.SILENCE: silence(calendar, seen.last_success_at, now),
        Sign.DIFFERENCE: difference(seen.ours, seen.theirs),
        Sign.CERTIFICATE: days_left(seen.certificate_until, now),
    }


def worst(findings: Sequence[Finding]) -> Level | None:
    """The worst level of some findings; None where nothing is wrong."""
    levels = {each.level for each in findings}
    return next((level for level in (Level.ALARM, Level.WARNING) if level in levels), None)


def silence(calendar: Calendar, last: datetime | None, now: datetime) -> float | None:
    """Minutes of service time since the last success; nights and holidays do not count."""
    return None if last is None else worked(calendar, last, now) / timedelta(minutes=1)


def share(part: int | None, whole: int | None, fewest: int) -> float | None:
    """The share of a count; None where one is not known, or there are too few to tell."""
    if part is None or whole is None or whole < max(fewest, 1):
        return None
    return part / whole


def minutes_since(moment: datetime | None, now: datetime) -> float | None:
    """The minutes since a moment, whatever the hour: what is unsent waits by night too."""
    return None if moment is None else (now - moment) / timedelta(minutes=1)


def difference(ours: int | None, theirs: int | None) -> float | None:
    """By how much two counts of the same differ, as a share of the larger."""
    if ours is None or theirs is None:
        return None
    return abs(ours - theirs) / max(ours, theirs, 1)


def days_left(until: datetime | None, now: datetime) -> float | None:
    """The days until a certificate expires; below 0 it has."""
    return None if until is None else (until - now) / timedelta(days=1)


def finding(sign: Sign, value: float, limit: Pair) -> Finding | None:
    """What a value is worth; None where it is within its limits.

    Where the alarm is below the warning, low values are the bad ones.
    """
    turn = -1 if limit.alarm < limit.warning else 1
    if turn * value < turn * limit.warning:
        return None
    level = Level.ALARM if turn * value >= turn * limit.alarm else Level.WARNING
    return Finding(sign, level, value)
