"""What is known of how every stream and asset speaks: takes arrivals in, and can be kept."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models import cadence, conduct, skew
from models.cadence import Patience, Rules
from models.connectivity import STATES, State
from models.feed import Feed
from models.frame import Frame
from models.roster import Roster

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_MOMENT = -1.0
CAME, WENT = 1, 2  # what a device (or its last will) said of its connection; 0: nothing yet

ASSET = np.dtype(
    [
        ("cadence", cadence.LAYOUT),
        ("skew", skew.LAYOUT),
        ("conduct", conduct.LAYOUT),
        ("received_at", "<i8"),  # 0: never heard
        ("state", "i1"),
        ("with_parent", "?"),
        ("since", "<i8"),  # of the state
        ("presence", "i1"),
        ("left", "?"),  # said so, and was not heard since
        ("left_at", "<f8"),
        ("excused", "<f8"),  # silence before this was its gateway's
        ("alone", "<f8"),  # silent since then, and no gateway to blame
        ("blamed_at", "<f8"),  # as a gateway: when its children fell silent
        ("told", "<i4"),  # how often this silence was
    ]
)


class Member(NamedTuple):
    """One asset for the store: what people see of it, and the record to restore."""

    asset_id: int
    state: State
    with_parent: bool
    since: int
    received_at: int
    time: int
    cadence: float
    late: float
    silent: float
    skew: float
    misconduct: list[str]
    record: bytes


class Pace(NamedTuple):
    """One stream for the store; cadence is infinite where it is not known."""

    stream_id: int
    cadence: float
    spread: float
    samples: int
    record: bytes


class Hearing:
    """One record a stream, one an asset and one for the feed.

    Streams and assets are made known in the roster before they are heard.
    """

    def __init__(self, rules: Rules, platform: int, settle: float = 120.0) -> None:
        self.rules = rules.checked()
        self.roster = Roster(platform)
        self.feed = Feed(self.rules, settle)
        self.awake_at = 0  # since when this process hears anything at all
        self.streams = cadence.blank(0)
        self.assets: NDArray[Any] = np.zeros(0, ASSET)
        self.stale_streams: Flags = np.zeros(0, bool)
        self.stale_assets: Flags = np.zeros(0, bool)
        self.fit()

    @property
    def layout(self) -> str:
        """A name for the shape of the records: those of another shape cannot be restored."""
        shape = str((ASSET.descr, cadence.LAYOUT.descr, self.feed.record.dtype.descr))
        return hashlib.sha256(shape.encode()).hexdigest()[:16]

    def fit(self) -> None:
        """Gives everybody in the roster a record."""
        more = len(self.roster.stream_ids) - len(self.streams)
        self.streams = np.concatenate([self.streams, cadence.blank(more)])
        self.stale_streams = np.r_[self.stale_streams, np.zeros(more, bool)]
        more = len(self.roster.asset_ids) - len(self.assets)
        fresh = np.zeros(more, ASSET)
        fresh["alone"] = fresh["blamed_at"] = NO_MOMENT
        self.assets = np.concatenate([self.assets, fresh])
        self.stale_assets = np.r_[self.stale_assets, np.zeros(more, bool)]

    def restore(
        self,
        now: int,
        feed: bytes | None,
        streams: Iterable[tuple[int, bytes]],
        assets: Iterable[tuple[int, bytes]],
    ) -> None:
        """Takes in what was kept, by id; all of them are in the roster."""
        self.fit()
        self.awake_at = now
        if feed is not None:
            self.feed.restore(feed)
        for stream_id, record in streams:
            self.streams[self.roster.places[stream_id]] = np.frombuffer(record, cadence.LAYOUT)[0]
        for asset_id, record in assets:
            self.assets[self.roster.rows[asset_id]] = np.frombuffer(record, ASSET)[0]

    def take(self, frame: Frame, received_at: int) -> None:
        """Hears one arrival of live readings (microseconds since 1970)."""
        self.fit()
        if not len(frame):
            return
        who = self.roster.places[frame["stream_id"]]
        if self.roster.asset_of[who].any():
            # What the platform (row 0) says of itself proves nothing about its hearing.
            self.feed.arrive(received_at)
        moment = self.feed.moment(received_at)
        presence = self.roster.is_presence[who]
        if not presence.all():
            self.hear(who[~presence], frame["time"][~presence], received_at, moment)
        if presence.any():
            self.note_presence(who[presence], frame[presence], received_at, moment)

    def hear(self, who: Ints, time: Ints, received_at: int, moment: float) -> None:
        """Streams spoke; of each, its newest reading counts."""
        streams, newest = newest_of(who, time)
        cadence.learn(self.rules, self.streams, streams, newest, moment)
        self.stale_streams[streams] = True
        assets, newest = newest_of(self.roster.asset_of[streams], newest)
        cadence.learn(self.rules, self.assets["cadence"], assets, newest, moment)
        skew.learn(self.assets["skew"], assets, newest, received_at)
        self.assets["received_at"][assets] = np.maximum(
            self.assets["received_at"][assets], received_at
        )
        self.assets["left"][assets] = False
        self.stale_assets[assets] = True

    def note_presence(self, who: Ints, frame: Frame, received_at: int, moment: float) -> None:
        """Devices, or their last wills, said that they came or went; the newest word counts.

        Only a change is news: the broker repeats a retained word whenever ingest subscribes.
        """
        in_order = np.argsort(frame["time"], kind="stable")
        words = dict(zip(who[in_order].tolist(), frame["value"][in_order].tolist(), strict=True))
        for place, value in words.items():
            asset = self.roster.asset_of[place]
            said = CAME if value > 0 else WENT
            row = self.assets[asset]
            if said == row["presence"]:
                continue
            row["presence"], row["left"] = said, said == WENT
            if said == WENT:
                row["left_at"] = moment
            else:
                row["received_at"] = max(int(row["received_at"]), received_at)
                if row["cadence"]["met"]:
                    row["cadence"]["heard"] = max(float(row["cadence"]["heard"]), moment)
            self.stale_assets[asset] = True

    def patience(self) -> Patience:
        """What is tolerated of each asset: of the stream that would be missed first.

        Streams that had fallen silent while their asset was still heard are not asked. Where no
        stream is regular, the asset as a whole may be.
        """
        self.fit()
        size = len(self.assets)
        own = cadence.patience(self.rules, self.assets["cadence"], np.arange(size))
        each = cadence.patience(self.rules, self.streams, np.arange(len(self.streams)))
        owner = self.roster.asset_of
        heard = self.assets["cadence"]["heard"][owner]
        alive = np.isfinite(each.silent) & (heard - self.streams["heard"] <= each.silent)
        found = [np.full(size, np.inf) for _ in each]
        for least, column in zip(found, each, strict=True):
            np.minimum.at(least, owner[alive], column[alive])
        regular = np.isfinite(found[2])
        return Patience(
            *(np.where(regular, least, whole) for least, whole in zip(found, own, strict=True))
        )

    def members(self) -> list[Member]:
        """The assets that have changed since this was asked last."""
        (rows,) = np.nonzero(self.stale_assets)
        self.stale_assets[:] = False
        tolerated = self.patience()
        off = skew.estimate(self.assets["skew"], rows).tolist()
        return [
            Member(
                int(self.roster.asset_ids[row]),
                STATES[asset["state"]],
                bool(asset["with_parent"]),
                int(asset["since"]),
                int(asset["received_at"]),
                int(asset["cadence"]["time"]),
                float(tolerated.cadence[row]),
                float(tolerated.late[row]),
                float(tolerated.silent[row]),
                off[place],
                conduct.going_on(asset["conduct"]),
                asset.tobytes(),
            )
            for place, row in enumerate(rows.tolist())
            for asset in [self.assets[row]]
        ]

    def paces(self) -> list[Pace]:
        """The streams that have changed since this was asked last."""
        (rows,) = np.nonzero(self.stale_streams)
        self.stale_streams[:] = False
        told = cadence.patience(self.rules, self.streams, rows).cadence.tolist()
        found = self.streams[rows]
        return [
            Pace(stream_id, cadence_s, spread, samples, record.tobytes())
            for stream_id, cadence_s, spread, samples, record in zip(
                self.roster.stream_ids[rows].tolist(),
                told,
                found["spread"].tolist(),
                found["samples"].tolist(),
                found,
                strict=True,
            )
        ]


def newest_of(who: Ints, time: Ints) -> tuple[Ints, Ints]:
    """The different ones of `who`, and the newest time of each."""
    different, place = np.unique(who, return_inverse=True)
    newest = np.full(len(different), np.iinfo(np.int64).min)
    np.maximum.at(newest, place, time)
    return different, newest
