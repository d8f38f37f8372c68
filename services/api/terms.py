"""The words of a request and of an answer: names, moments, numbers, texts."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic.json_schema import WithJsonSchema

from models.reading import ASSET_NAME, METRIC_NAME, UNIT_CODE

# A moment as RFC 3339 writes it. A plus sign that was not escaped arrives in an address as a
# space; before the offset it can mean nothing else.
RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)"
    r"(Z|[ +-][0-9]{2}:[0-9]{2})?",
    re.IGNORECASE,
)
RFC_3339_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
LARGEST = 2**63 - 1  # of an id


def instant(text: object) -> datetime:
    """A moment in UTC. Raises ValueError with a sentence where the text is none."""
    found = RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("a time is written like 2026-01-31T08:00:00+07:00 or ...Z (RFC 3339)")
    local, zone = found.groups()
    if zone is None:
        raise ValueError("a time needs its zone: 2026-01-31T08:00:00+07:00, or Z for UTC")
    try:
        moment = datetime.fromisoformat(local + zone.upper().replace(" ", "+"))
    except ValueError:
        raise ValueError(f"{local}{zone} is not in the calendar") from None
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # hours beyond an end of the calendar, where nothing is
        return moment.replace(tzinfo=UTC)


def calendar_day(text: object) -> date:
    """A day. Raises ValueError with a sentence where the text is none."""
    if not isinstance(text, str) or not RFC_3339_DAY.fullmatch(text):
        raise ValueError("a day is written like 2026-01-31")
    return date.fromisoformat(text)


def spoken(moment: datetime) -> str:
    """A moment as a request says it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_whole(number: object) -> bool:
    """Whether a number is written with a fraction that is none.

    >>> is_whole(3.0), is_whole(3.5), is_whole("3.0")
    (True, False, False)
    """
    return isinstance(number, float) and number.is_integer()


Moment = Annotated[
    datetime,
    BeforeValidator(instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    date, BeforeValidator(calendar_day), WithJsonSchema({"type": "string", "format": "date"})
]
DeskName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{0,31}$")]
UnitName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
AssetName = Annotated[str, StringConstraints(pattern=f"^{ASSET_NAME.pattern}$")]
MetricName = Annotated[str, StringConstraints(pattern=f"^{METRIC_NAME.pattern}$")]
UnitCode = Annotated[
    str, StringConstraints(pattern=f"^{UNIT_CODE.pattern}$"), Field(description="UCUM")
]
# JSON knows one kind of number: 100.0 is a whole one.
Whole = BeforeValidator(
    lambda said: int(said) if isinstance(said, float) and said.is_integer() else said
)
Number = Annotated[float, Field(allow_inf_nan=False)]
Word = Annotated[str, StringConstraints(pattern="^[a-z]{1,32}$")]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
# JSON knows one kind of number: 3.0 is a whole one. It stands after the bounds of an int.
WHOLE = BeforeValidator(lambda n: int(n) if is_whole(n) else n)
Limit = Annotated[int, Field(ge=1, le=1000, description="how many rows at most")]
# PostgreSQL's text knows no NUL.
OneLine = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


def exampled(*examples: JsonDict) -> ConfigDict:
    """What a schema looks like when it is filled in; for the OpenAPI description."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class Asked(BaseModel):
    """What a request may say, and nothing else: a misspelt word is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Written(Asked):
    """What a body may say: a number is a number there, and no text that looks like one."""

    model_config = ConfigDict(strict=True)


class Told(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(from_attributes=True, frozen=True)
