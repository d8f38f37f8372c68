"""Portals, an application and the signing service on a grid: whether people get through, and sign."""

from collections.abc import Iterator
from typing import NamedTuple

from models.city.derivation import Case, Derived, Json, Rule, steps
from models.egov.derived import judgement
from models.egov.derived.judgement import Judgement
from models.incident import Severity
from models.reading import MINUTE

PORTAL_NAME, SIGNING_NAME = "portal", "signing"
STEP = 5 * MINUTE
FEWEST = 20.0  # requests or signatures, to tell anything of a share of them [D]
TOGETHER = 3  # steps whose signatures are counted together


class Whom(NamedTuple):
    """What something is called at the beginning of a sentence."""

    vi: str
    en: str


PORTALS, APPLICATION = Whom("Cổng", "The portal"), Whom("Ứng dụng", "The application")


def portals(case: Case) -> Iterator[Derived]:
    """Whether a portal can be reached from outside, answers, and answers in time.

    Of an application (it counts sessions) also whether it holds out until they end.
    """
    if "availability" not in case.series:
        return
    for time in steps(case, ("availability",)):
        available = case.mean("availability", time)
        errors = share(case, "errors", ("requests",), time, 1)
        latency = case.mean("latency_ms", time)
        crashes = share(case, "app_crashes", ("app_sessions",), time, 1)
        inputs: dict[str, Json] = {"availability": available, "errors": errors, "ms": latency}
        if "app_sessions" in case.series:
            inputs["crashes"] = crashes
        whom = APPLICATION if "app_sessions" in case.series else PORTALS
        found = [*unreachable(case, time, available, whom), *faulty(case, time, errors, whom)]
        found += [*crashing(case, time, crashes), *slow(case, time, latency, whom)]
        yield judgement.health("portal_health", time, found, inputs)


def unreachable(case: Case, time: int, available: float | None, whom: Whom) -> Iterator[Judgement]:
    """A portal that probes from outside do not reach."""
    said = case.book.parameter
    if available is None or available >= said(PORTAL_NAME, "available", time):
        return
    grave = Severity.HIGH if available < said(PORTAL_NAME, "down", time) else Severity.MEDIUM
    percent = 100 * available
    yield Judgement(
        grave,
        f"{whom.vi} không truy cập được: {percent:.0f} % lần kiểm tra từ bên ngoài thành công",
        f"{whom.en} cannot be reached: {percent:.0f} % of probes from outside succeed",
    )


def faulty(case: Case, time: int, errors: float | None, whom: Whom) -> Iterator[Judgement]:
    """A portal many of whose answers are errors."""
    if errors is not None and errors >= case.book.parameter(PORTAL_NAME, "errors", time):
        yield Judgement(
            Severity.MEDIUM,
            f"{whom.vi} báo lỗi: {100 * errors:.0f} % lượt truy cập không thành công",
            f"{whom.en} fails: {100 * errors:.0f} % of requests end in errors",
        )


def crashing(case: Case, time: int, crashes: float | None) -> Iterator[Judgement]:
    """An application that stops while people use it."""
    if crashes is not None and crashes >= case.book.parameter(PORTAL_NAME, "crashes", time):
        yield Judgement(
            Severity.MEDIUM,
            f"Ứng dụng bị dừng đột ngột trong {100 * crashes:.0f} % số phiên sử dụng",
            f"The application stops by itself in {100 * crashes:.0f} % of sessions",
        )


def slow(case: Case, time: int, latency: float | None, whom: Whom) -> Iterator[Judgement]:
    """A portal that lets people wait."""
    if latency is not None and latency >= case.book.parameter(PORTAL_NAME, "latency", time):
        yield Judgement(
            Severity.LOW,
            f"{whom.vi} phản hồi chậm: {latency / 1000:.1f} giây một lượt",
            f"{whom.en} is slow: {latency / 1000:.1f} seconds a request",
        )


def signing(case: Case) -> Iterator[Derived]:
    """Whether signatures are made."""
    for time in steps(case, ("signature_failures",)):
        failed = share(
            case, "signature_failures", ("signatures", "signature_failures"), time, TOGETHER
        )
        inputs: dict[str, Json] = {"failed": failed}
        yield judgement.health("signing_health", time, list(unsigned(case, time, failed)), inputs)


def unsigned(case: Case, time: int, failed: float | None) -> Iterator[Judgement]:
    """Signatures that fail."""
    said = case.book.parameter
    if failed is None or failed < said(SIGNING_NAME, "warning", time):
        return
    yield Judgement(
        Severity.HIGH if failed >= said(SIGNING_NAME, "alarm", time) else Severity.MEDIUM,
        f"Ký số lỗi: {100 * failed:.0f} % lượt ký không thành công",
        f"Signing fails: {100 * failed:.0f} % of signatures are not made",
    )


def share(case: Case, part: str, whole: tuple[str, ...], time: int, together: int) -> float | None:
    """The share of counts a minute over the last steps; None where they are too few to tell."""
    times = [time - back * STEP for back in range(together)]
    minutes = STEP / MINUTE
    some = sum(case.mean(part, each) or 0.0 for each in times) * minutes
    of = sum(case.mean(metric, each) or 0.0 for metric in whole for each in times) * minutes
    return round(some / of, 4) if of >= FEWEST else None


PORTAL = Rule(
    name=PORTAL_NAME,
    kinds=frozenset({"service"}),
    inputs=("availability", "requests", "errors", "latency_ms", "app_sessions", "app_crashes"),
    outputs=("portal_health",),
    step=STEP,
    derive=portals,
    alarms=frozenset({"portal_health"}),
    patience=30,
)
SIGNING = Rule(
    name=SIGNING_NAME,
    kinds=frozenset({"service"}),
    inputs=("signatures", "signature_failures"),
    outputs=("signing_health",),
    step=STEP,
    derive=signing,
    alarms=frozenset({"signing_health"}),
    back=(TOGETHER - 1) * STEP,
    ahead=(TOGETHER - 1) * STEP,
    patience=30,
)
