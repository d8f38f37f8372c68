"""Readings: what a stream reported, as it came or in spans of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, Protocol, TypeVar

import msgspec
from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StringConstraints

from models.reading import Quality
from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged, Pages
from services.api.problems import NoSuchAsset, NoSuchStream, documented
from services.api.terms import Asked, AssetName, Id, MetricName, Moment, Told, exampled, spoken
from services.store import assets, readings, streams
from services.store.pool import Connection, transaction

router = APIRouter(tags=["readings"], dependencies=VIEWERS)

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WORDS = [quality.name.lower() for quality in Quality]
NEXT_MOMENT = timedelta(microseconds=1)
Span = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,3}[smhd]$")]


class Reading(Told):
    """One number at one moment, in the unit of its stream."""

    model_config = exampled(
        {
            "time": "2026-01-01T00:00:00Z",
            "value": 12.4,
            "quality": "good",
            "received_at": "2026-01-01T00:00:00.25Z",
        }
    )
    time: datetime
    value: float
    quality: Literal["good", "uncertain", "bad", "stale"]
    received_at: datetime


class Bucket(Told):
    """What a stream did in one span; time is its beginning."""

    model_config = exampled(
        {
            "time": "2026-01-01T00:00:00Z",
            "mean": 12.4,
            "low": 11.9,
            "high": 13.0,
            "samples": 5,
        }
    )
    time: datetime
    mean: float
    low: float
    high: float
    samples: int


class Timed(Protocol):
    """A row of a series."""

    @property
    def time(self) -> datetime:
        """When it was, or began."""


Row = TypeVar("Row", bound=Timed)


class Stretch(Asked):
    """Which part of a stream."""

    since: Moment | None = Field(default=None, description="from this moment on, oldest first")
    until: Moment | None = Field(default=None, description="before this moment")
    limit: int = Field(default=100, ge=1, le=10_000, description="how many rows at most")


class Window(Stretch):
    """Which part of a stream, and in which grain."""

    bucket: Span | None = Field(
        default=None,
        description="in whole spans of so many s, m, h or d: mean, low, high and samples of each",
        examples=["5m"],
    )


class SeriesQuery(Window):
    """Which part of which stream."""

    asset: AssetName = Field(examples=["pump-7"])
    metric: MetricName = Field(examples=["flow"])


MANY = list[Reading] | list[Bucket]


@router.get("/readings", response_model=MANY, responses=LINKED | documented(404))
def list_readings(query: Annotated[SeriesQuery, Query()], pool: Database, pages: Paged) -> Response:
    """The readings of an asset's metric, oldest first; without `since` the newest ones.

    The `Link` header names the page after this one (`next`), or without `since` the one
    before it (`prev`).
    """
    with transaction(pool) as conn:
        stream_id = streams.find(conn, query.asset, query.metric)
        if stream_id is None:
            if assets.find(conn, query.asset) is None:
                raise NoSuchAsset(f"there is no asset {query.asset}")
            raise NoSuchStream(f"the asset {query.asset} has no metric {query.metric}")
        return part(conn, stream_id, query, pages)


@router.get(
    "/streams/{stream_id}/readings", response_model=MANY, responses=LINKED | documented(404)
)
def list_stream_readings(
    stream_id: Annotated[Id, Path(examples=[12])],
    query: Annotated[Window, Query()],
    pool: Database,
    pages: Paged,
) -> Response:
    """The readings of a stream, in the same ways as by asset and metric."""
    with transaction(pool) as conn:
        if not streams.known(conn, stream_id):
            raise NoSuchStream(f"there is no stream {stream_id}")
        return part(conn, stream_id, query, pages)


def part(conn: Connection, stream_id: int, window: Window, pages: Pages) -> Response:
    """The part of a stream that a window shows.

    Written by msgspec straight from the rows: as pydantic's objects, ten thousand of them take
    several times as long.
    """
    if window.bucket is None:
        rows = cut(raw(conn, stream_id, window), window, pages, NEXT_MOMENT)
        told = [reading_told(row) for row in rows]
    else:
        seconds = span_of(window.bucket)
        spans = bucketed(conn, stream_id, window, seconds)
        told = [row._asdict() for row in cut(spans, window, pages, timedelta(seconds=seconds))]
    return Response(msgspec.json.encode(told), 200, pages.headers, "application/json")


def span_of(text: str) -> int:
    """The seconds of a span.

    >>> span_of("5m")
    300
    """
    return int(text[:-1]) * SECONDS[text[-1]]


def reading_told(row: readings.Reading) -> dict[str, object]:
    """A row of the store as Reading says it."""
    time, value, quality, received_at = row
    return {
        "time": time,
        "value": value,
        "quality": WORDS[quality],
        "received_at": received_at,
    }


def raw(conn: Connection, stream_id: int, window: Window) -> list[readings.Reading]:
    """One reading more than the limit, so that it shows whether there are more."""
    until, limit = window.until or readings.FOR_EVER, window.limit + 1
    if window.since is None:
        return readings.latest(conn, stream_id, limit, until)
    return readings.window(conn, stream_id, window.since, until, limit)


def bucketed(
    conn: Connection, stream_id: int, window: Window, seconds: int
) -> list[readings.Bucket]:
    """One span more than the limit, so that it shows whether there are more."""
    until, limit = window.until or readings.FOR_EVER, window.limit + 1
    if window.since is None:
        return readings.latest_buckets(conn, stream_id, seconds=seconds, limit=limit, until=until)
    return readings.buckets(conn, stream_id, window.since, until, seconds=seconds, limit=limit)


def cut(found: Sequence[Row], window: Stretch, pages: Pages, step: timedelta) -> list[Row]:
    """The rows of this page; where the store found one more, the answer names the next page."""
    if len(found) <= window.limit:
        return list(found)
    if window.since is None:
        rows = list(found[1:])
        pages.link("prev", {"until": spoken(rows[0].time)})
        return rows
    rows = list(found[:-1])
    pages.link("next", {"since": spoken(rows[-1].time + step)})
    return rows
