"""The health of a connector to another authority's system, from what was counted of it."""

from collections.abc import Mapping
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


# What each sign says, with its value in the unit of its limits; shares are told as percent.
SENTENCES: dict[Sign, tuple[str, str]] = {
    Sign.FAILURES: (
        "Kết nối gửi không thành công {percent:.0f} % số bản tin",
        "The connector fails to send {percent:.0f} % of its messages",
    ),
    Sign.BACKLOG: (
        "Bản tin chờ gửi lâu nhất đã {value:.0f} phút",
        "The oldest unsent message has waited for {value:.0f} minutes",
    ),
    Sign.SILENCE: (
        "Không đồng bộ được trong {value:.0f} phút giờ phục vụ",
        "No synchronisation in {value:.0f} minutes of service hours",
    ),
    Sign.REJECTS: (
        "{percent:.1f} % dữ liệu bị từ chối do sai cấu trúc",
        "{percent:.1f} % of data are rejected for their structure",
    ),
    Sign.SIGNATURES: (
        "{percent:.1f} % chữ ký số không xác thực được",
        "{percent:.1f} % of signatures cannot be verified",
    ),
    Sign.DIFFERENCE: (
        "Đối soát chênh lệch {percent:.1f} % số hồ sơ giữa hai bên",
        "The two sides' counts of dossiers differ by {percent:.1f} %",
    ),
    Sign.CERTIFICATE: (
        "Chứng thư số còn hạn {value:.0f} ngày",
        "The certificate is valid for {value:.0f} more days",
    ),
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


UNITS: Mapping[Sign, str] = {
    Sign.FAILURES: "1",
    Sign.REJECTS: "1",
    Sign.SIGNATURES: "1",
    Sign.BACKLOG: "min",
    Sign.SILENCE: "min",
    Sign.DIFFERENCE: "1",
    Sign.CERTIFICATE: "d",
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

    @property
    def sentences(self) -> tuple[str, str]:
        """What is wrong, in Vietnamese and in English."""
        vi, en = SENTENCES[self.sign]
        said = {"value": self.value, "percent": 100 * self.value}
        return vi.format(**said), en.format(**said)


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
