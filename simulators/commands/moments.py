"""Moments as people write them on a command line."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime, option: str) -> datetime:
    """Return the moment of an ISO 8601 time (UTC unless it names a zone), `now`, or `-6h`.

    Raises typer.BadParameter, naming the option.
    """
    before = re.fullmatch(r"-(\d{1,9}(?:\.\d{1,9})?)([smhd])", text.strip())
    try:
        if text.strip() == "now":
            return now
        if before:
            return now - timedelta(**{UNITS[before[2]]: float(before[1])})
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 time, and not like -6h for six hours ago",
            param_hint=f"'{option}'",
        ) from None
