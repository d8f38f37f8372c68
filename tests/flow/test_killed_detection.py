"""Detection killed in mid-load, while two write: nothing is judged twice, nothing is skipped."""

import threading
from pathlib import Path

import numpy as np

from models.frame import Frame, frame
from models.reading import DAY, MINUTE
from services.detection.acquaintance import Acquaintance
from services.detection.runner import make_bank
from services.detection.settings import DetectionSettings
from services.store import anomalies, arrivals, assets, detector_states, streams
from services.store.pool import Connection, Pool, transaction
from tests.flow.platform import Process, number, running, wait_until

STREAMS = [f"metric-{i}" for i in range(6)]
STEPS, STEP, PIECE = 640, 10 * MINUTE, 16
START = 20_000 * DAY
JUDGED = """SELECT count(*) FROM arrivals a JOIN cursors c ON c.reader = 'detection'
            WHERE (a.tx, a.id) <= (c.tx, c.arrival_id)"""


def pieces(stream_ids: list[int]) -> list[Frame]:
    """Over four days of these streams, piece by piece, with a spike each."""
    dice = np.random.default_rng(stream_ids[0])
    wave = 50 + 20 * np.sin(2 * np.pi * np.arange(STEPS) / 144)
    values = wave[:, None] + dice.normal(0, 1, (STEPS, len(stream_ids)))
    for place in range(len(stream_ids)):
        values[500 + 20 * place, place] = 400
    times = START + np.arange(STEPS) * STEP
    return [
        frame(
            stream_ids * PIECE,
            np.repeat(times[begin : begin + PIECE], len(stream_ids)).tolist(),
            values[begin : begin + PIECE].ravel().tolist(),
        )
        for begin in range(0, STEPS, PIECE)
    ]


def write(pool: Pool, frames: list[Frame]) -> None:
    for each in frames:
        with transaction(pool) as conn:
            arrivals.append(conn, each, START)


def registered(conn: Connection) -> list[int]:
    assets.register(conn, [("pump-7", "unknown")])
    pump = assets.ids(conn, ["pump-7"])["pump-7"]
    streams.register(conn, [(pump, metric, True, None) for metric in STREAMS])
    conn.commit()
    return sorted(streams.ids(conn, [pump])[pump].values())


def test_three_kills_change_no_bit_of_what_is_known_and_told(
    pool: Pool, conn: Connection, tmp_path: Path
) -> None:
    ids = registered(conn)
    halves = [pieces(ids[:3]), pieces(ids[3:])]
    one_at_a_time = {"DETECTION_ARRIVALS_PER_TURN": "1"}
    detection = Process(tmp_path, "services.detection", **one_at_a_time)
    writers = [threading.Thread(target=write, args=(pool, half)) for half in halves]
    with running(detection):
        for writer in writers:
            writer.start()
        for judged in (15, 35, 55):
            wait_until(lambda: number(conn, JUDGED) >= judged, f"{judged} are judged")  # noqa: B023
            detection.kill()
            detection.start().ready()
        for writer in writers:
            writer.join()
        total = sum(map(len, halves))
        wait_until(lambda: number(conn, JUDGED) == total, "all is judged", detection.log)
    bank = make_bank(DetectionSettings())
    Acquaintance(bank).meet(conn, ids)
    wanted = [oddity for half in halves for piece in half for oddity in bank.judge(piece)]
    assert dict(detector_states.load(conn, bank.layout)) == {
        kept.stream_id: kept.state for kept in bank.dump(ids)
    }
    found = anomalies.page(conn, limit=1000)
    assert len(found) == len(wanted) >= len(ids)
    assert {each.score for each in found} == {each.score for each in wanted}
