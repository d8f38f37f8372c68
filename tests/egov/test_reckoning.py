"""What the process makes of dossiers: days, the index, forecasts; kept from changes, under its role."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from typer.testing import CliRunner

from scripts.stack.cluster import Cluster
from services.egov import counting
from services.store import dossier_clocks, unit_days
from services.store import procedures as rules
from services.store.__main__ import app
from services.store.pool import Connection, Pool, open_pool, transaction
from tests.conftest import OWNER, TEMPLATE, conninfo
from tests.egov.reckoned import NOW, SINCE, procedures, reckon, take, told

DATABASE = "test_egov"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def reckoned(cluster: Cluster) -> Iterator[Pool]:
    """Four weeks of five offices, told in disorder and reckoned under the process's own role."""
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE} OWNER {OWNER}".encode())
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in (cluster.superuser() | {"PGDATABASE": DATABASE}).items():
            patch.setenv(variable, value)
        with open_pool("tests", size=2) as pool:
            with transaction(pool) as conn:
                procedures(conn)
            every = told(SINCE, NOW)
            late = random.Random(1).sample(every, len(every) // 10)
            take(pool, [each for each in every if each not in set(late)])
            patch.setenv("PGOPTIONS", "-c role=cityops_egov")
            with open_pool("egov", size=2) as own:
                reckon(own)
                take(pool, late)
                reckon(own)
            yield pool


@pytest.fixture
def conn(reckoned: Pool) -> Iterator[Connection]:
    with reckoned.connection() as conn:
        yield conn


def one(conn: Connection, query: str, *arguments: object) -> float:
    row = conn.execute(query.encode(), arguments).fetchone()
    assert row is not None
    return float(str(row[0]))


def test_days_kept_from_changes_are_those_of_a_count_of_everything(conn: Connection) -> None:
    kept = unit_days.between(conn, SINCE.date(), NOW.date() + 90 * DAY)
    dossier_clocks.mark_all(conn)
    conn.execute("TRUNCATE dossier_clocks, egov_unit_days")
    codes = dossier_clocks.take_changes(conn, 100_000)
    counting.count(conn, rules.calendar(conn), codes, NOW)
    again = unit_days.between(conn, SINCE.date(), NOW.date() + 90 * DAY)
    nothing = (0,) * 12
    assert sorted(row for row in kept if row[2:] != nothing) == sorted(again)
    conn.rollback()


TOTALS = """SELECT received, ended, open, overdue FROM egov_day_totals
            WHERE unit = '24' AND day = %s"""
OF_ALL = """
    SELECT count(*) FILTER (WHERE begun_at >= %(since)s AND begun_at < %(until)s),
           count(*) FILTER (WHERE ended_at >= %(since)s AND ended_at < %(until)s AND with_result),
           count(*) FILTER (WHERE accepted_at < %(until)s AND due_at IS NOT NULL
                                  AND (ended_at IS NULL OR ended_at >= %(until)s)),
           count(*) FILTER (WHERE missed_at < %(until)s
                                  AND (ended_at IS NULL OR ended_at >= %(until)s))
    FROM dossier_clocks"""


def test_a_day_s_totals_are_what_its_dossiers_say(conn: Connection) -> None:
    for back in (0, 3, 10):
        day = NOW.date() - back * DAY
        ends = {"since": f"{day} +07", "until": f"{day + DAY} +07"}
        counted = conn.execute(OF_ALL, ends).fetchone()
        assert counted == conn.execute(TOTALS, [day]).fetchone()


def test_a_unit_counts_in_what_is_above_it_by_the_tree_of_the_day(conn: Connection) -> None:
    own = one(
        conn, "SELECT sum(received) FROM egov_unit_days WHERE unit IN ('215', '07234', '07288')"
    )
    rolled = one(conn, "SELECT sum(received) FROM egov_day_totals WHERE unit = '215'")
    assert own == rolled > 50
    province = one(conn, "SELECT sum(received) FROM egov_day_totals WHERE unit = '24'")
    assert province == one(conn, "SELECT count(*) FROM dossier_clocks")


def test_nothing_is_waiting_and_the_index_has_no_weights_before_its_decision(
    conn: Connection,
) -> None:
    assert (dossier_clocks.waiting(conn), unit_days.due(conn)) == (0, 0)
    assert one(conn, "SELECT count(*) FROM egov_index") == 0  # 2019: weights are of 2022


def test_overdue_dossiers_are_foretold_and_so_is_the_load(conn: Connection) -> None:
    assert one(conn, "SELECT count(*) FROM egov_load_forecasts WHERE unit = '24'") > 8
    assert one(conn, "SELECT count(*) FROM egov_overdue_forecasts WHERE unit = '24'") == 5
    wrong = """SELECT count(*) FROM egov_load_forecasts
               WHERE NOT (low <= likely AND likely <= high) OR (hour < %s) <> (actual IS NOT NULL)"""
    assert one(conn, wrong, NOW) == 0
    assert one(conn, "SELECT sum(actual) FROM egov_load_forecasts WHERE unit = '24'") > 0


def test_a_back_test_tells_how_good_forecasts_would_have_been(reckoned: Pool) -> None:
    said = CliRunner().invoke(app, ["egov", "backtest", "2019-03-20", "2019-03-28"])
    assert said.exit_code == 0, said.output
    assert re.search(r"8 days, [0-9] units: .* naive .* better\).* of busy ones", said.output)
    early = CliRunner().invoke(app, ["egov", "backtest", "2019-03-08", "2019-03-10"])
    assert early.exit_code == 2
    assert "two weeks" in early.output
