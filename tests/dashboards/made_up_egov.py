"""What services/egov would have reckoned of a made-up province: a month of days, an index, forecasts."""

from datetime import date, datetime, timedelta

from services.store.pool import Connection

DEPARTMENT, COMMUNE, TOWN = "S02", "07201", "213"
UNITS = (DEPARTMENT, TOWN, COMMUNE)
PROVINCE = "24"
GROUPS = {"TRANSPARENCY": 18, "PROGRESS": 20, "ONLINE": 12, "PAYMENT": 10, "SATISFACTION": 18,
          "DIGITIZATION": 22}  # fmt: skip


def its_egovernment(conn: Connection, now: datetime) -> None:
    """Fills the tables of services/egov up to now; does not commit."""
    today = (now + timedelta(hours=7)).date()  # the province's
    dossiers(conn, now)
    for ago in range(35):
        days(conn, today - timedelta(days=ago))
    for ago in range(3):
        index(conn, today - timedelta(days=ago), now)
        readiness(conn, today - timedelta(days=ago), now)
    coverage(conn, now)
    forecasts(conn, today, now)


def dossiers(conn: Connection, now: datetime) -> None:
    """Of each unit four in process, two due soon, one late and one very late; two closed late."""
    conn.execute(
        """INSERT INTO procedures (code, title, field, amount, span, valid_from, source, mark)
           VALUES ('1.000001', 'Đăng ký khai sinh', 'Hộ tịch', 5, 'working-days', '2019-01-01',
                   'test', 'design')"""
    )
    wanted = [*[(9, None)] * 4, *[(0.5, None)] * 2, (-1, None), (-20, None), (-3, 1), (-4, 2)]
    for unit in UNITS:
        for number, (due_in, ended_ago) in enumerate(wanted):
            due = now + timedelta(days=due_in)
            ended = None if ended_ago is None else now - timedelta(days=ended_ago)
            conn.execute(
                """INSERT INTO dossier_clocks (code, unit, procedure, channel, begun_at,
                       accepted_at, due_at, soon_at, late_at, long_at, ended_at, with_result,
                       stands, in_time)
                   VALUES (%(code)s, %(unit)s, '1.000001', 2, %(begun)s, %(begun)s, %(due)s,
                           %(due)s - interval '1 day', %(due)s, %(due)s + interval '7 days',
                           %(ended)s, true, CASE WHEN %(ended)s::timestamptz IS NULL THEN NULL
                           ELSE 'overdue' END, CASE WHEN %(ended)s::timestamptz IS NULL THEN NULL
                           ELSE false END)""",
                {
                    "code": f"H02.{unit}-{number:04d}",
                    "unit": unit,
                    "begun": now - timedelta(days=40),
                    "due": due,
                    "ended": ended,
                },
            )
    conn.execute(
        """INSERT INTO hand_overs (dossier, at, giver, taker, moved_at)
           VALUES ('H02.07201-0001', %s, '07201', '213', NULL)""",
        [now - timedelta(days=2)],
    )
    conn.execute(
        """WITH source AS (INSERT INTO dossier_sources (door, name) VALUES ('file', 'test.csv')
                           RETURNING id)
           INSERT INTO dossier_rejects (source_id, line, kept, reason, times)
           SELECT id, 7, '{}', 'unit 99999 is not known', 3 FROM source"""
    )


def days(conn: Connection, day: date) -> None:
    """Twenty come, eighteen are done, one of these late."""
    for unit in UNITS:
        conn.execute(
            """INSERT INTO egov_unit_days (unit, day, received, online, accepted, dated, ended,
                   early, on_time, late, returned, closed, closed_in_time, fell_late)
               VALUES (%s, %s, 20, 12, 20, 20, 18, 10, 7, 1, 15, 18, 17, 1)""",
            [unit, day],
        )


def index(conn: Connection, day: date, now: datetime) -> None:
    """Nine tenths of every point but those of payment, which nobody counts."""
    for unit in (PROVINCE, *UNITS):
        lines = [
            ("PROGRESS_ON_TIME", 17.0, 18.0, 18.89, 20.0, 20.0),
            ("ONLINE_DOSSIERS", 12.0, 20.0, 6.0, 6.0, 6.0),
            *((code, None, None, None if code == "PAYMENT" else 0.9 * most,
               0.0 if code == "PAYMENT" else most, most) for code, most in GROUPS.items()),
            ("TOTAL", None, None, 81.0, 90.0, 100.0),
        ]  # fmt: skip
        for line in lines:
            conn.execute(
                """INSERT INTO egov_index (unit, day, code, numerator, denominator, score,
                       assessed, max, weights_from, reckoned_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '2022-08-01', %s)""",
                [unit, day, *line, now],
            )


def readiness(conn: Connection, day: date, now: datetime) -> None:
    """Three of four inputs are known."""
    for unit in (PROVINCE, *UNITS):
        conn.execute(
            """INSERT INTO egov_readiness (unit, day, score, coverage, weights_from, reckoned_at)
               VALUES (%s, %s, 82.5, 0.75, '2019-01-01', %s)""",
            [unit, day, now],
        )
        for code, value, points in (("reachable", 99.0, 44.0), ("in_time", 94.0, 38.5),
                                    ("staff_active", None, None)):  # fmt: skip
            conn.execute(
                """INSERT INTO egov_readiness_parts (unit, day, code, weight, value, points)
                   VALUES (%s, %s, %s, 2, %s, %s)""",
                [unit, day, code, value, points],
            )


def coverage(conn: Connection, now: datetime) -> None:
    """All departments are heard, and all communes of today but one."""
    for ago, heard in ((5, 0), (1, 14)):
        conn.execute(
            """INSERT INTO egov_coverage (kind, at, heard, of, silent)
               VALUES ('department', %(at)s, %(heard)s + 1, 15, '{}'),
                      ('commune', %(at)s, 0, 1, '{07663}')""",
            {"at": now - timedelta(hours=ago), "heard": heard},
        )


def forecasts(conn: Connection, today: date, now: datetime) -> None:
    """Of the hours of three days, tomorrow's too, and of five working days."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for unit in (PROVINCE, *UNITS):
        for ahead in range(-48, 24):
            conn.execute(
                """INSERT INTO egov_load_forecasts (unit, hour, made_at, expected, likely, low,
                       high, naive, actual)
                   VALUES (%s, %s, %s, 10, 9, 5, 16, 12, %s)""",
                [unit, hour + timedelta(hours=ahead), now, 11 if ahead < 0 else None],
            )
        for ahead in range(1, 6):
            conn.execute(
                """INSERT INTO egov_overdue_forecasts (unit, made_on, ahead, at, made_at, expected,
                       low, high)
                   VALUES (%s, %s, %s, %s, %s, 6, 3, 10)""",
                [unit, today, ahead, now + timedelta(days=ahead), now],
            )
