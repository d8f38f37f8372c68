"""Keeps what is known of e-government services up to date, turn by turn."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from models.egov.daybook import day_of
from services.egov import alarming, counting, forecasting, reckoning, standing
from services.egov.settings import EgovSettings
from services.store import dossier_clocks, index_tables, procedures, unit_days
from services.store.pool import Pool, transaction
from services.store.wakeup import Wakeup

# Forecasts are made once a day, and settled as hours pass.
FORETOLD_EVERY = timedelta(minutes=10)
STREAM = timedelta(minutes=1)
READY_EVERY = timedelta(minutes=15)
ALARMED_EVERY = timedelta(minutes=10)  # a step of the rules that it shares
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Runner:
    """One process. What was counted and what made it so move together, in one transaction.

    Two of them do the same work in turn: each waits for the other's lock, and finds nothing left.
    """

    def __init__(
        self, pool: Pool, settings: EgovSettings, now: Callable[[], datetime] = clock
    ) -> None:
        self.pool, self.settings, self.now = pool, settings, now
        self.watched_at = self.readied_at = self.foretold_at = self.reckoned_at = LONG_AGO
        self.alarmed_at = LONG_AGO

    def run(self, stop: threading.Event, wakeup: Wakeup) -> None:
        """Works until told to stop; waits for the database when it is away."""
        wakeup.keep_turning(self.turn, stop)

    def turn(self) -> bool:
        """Counts what changed, reckons days that are due; False where there was nothing of it."""
        now = self.now()
        counted, reckoned = self.count(now), False
        # A day is reckoned when its dossiers are in, or have kept coming for long.
        if not counted or now - self.reckoned_at >= STREAM:
            self.watch(now)
            self.alarm(now)
            reckoned = self.reckon(now)
            self.foretell(now)
            self.reckoned_at = now
        return counted or reckoned

    def count(self, now: datetime) -> bool:
        """Counts dossiers that changed; False where none did."""
        with transaction(self.pool) as conn:
            dossier_clocks.lock(conn)
            codes = dossier_clocks.take_changes(conn, self.settings.dossiers_per_turn)
            if codes:
                counting.count(conn, procedures.calendar(conn), codes, now)
        return bool(codes)

    def reckon(self, now: datetime) -> bool:
        """Reckons some of the days that have been due for long enough, the newest first."""
        with transaction(self.pool) as conn:
            dossier_clocks.lock(conn)
            waited = now - timedelta(seconds=self.settings.patience_seconds)
            days = unit_days.take_due(conn, waited, self.settings.days_per_turn)
            reckoning.reckon(conn, days, now)
        return bool(days)

    def watch(self, now: datetime) -> None:
        """Looks at who is heard, now and then at how ready units are, and whether a day began."""
        if now - self.watched_at < timedelta(seconds=self.settings.watch_seconds):
            return
        today, silent = day_of(now), timedelta(minutes=self.settings.silent_minutes)
        ready = now - self.readied_at >= READY_EVERY
        with transaction(self.pool) as conn:
            dossier_clocks.lock(conn)
            calendar = procedures.calendar(conn)
            heard = standing.look(conn, calendar, silent, now)
            if ready:
                standing.ready(conn, calendar, heard, now)
            last = index_tables.last_day(conn)
            if last is None or last < today:  # dossiers fell overdue, whatever else happened
                unit_days.mark(conn, last or today, today, now)
        self.watched_at = now
        self.readied_at = now if ready else self.readied_at

    def alarm(self, now: datetime) -> None:
        """Looks now and then for what dossiers alone show to be wrong; what is counted is in."""
        if now - self.alarmed_at < ALARMED_EVERY:
            return
        with transaction(self.pool) as conn:
            dossier_clocks.lock(conn)
            alarming.look(conn, now)
        self.alarmed_at = now

    def foretell(self, now: datetime) -> None:
        """Makes and settles forecasts, now and then."""
        if now - self.foretold_at >= FORETOLD_EVERY:
            forecasting.foretell(self.pool, now)
            self.foretold_at = now
