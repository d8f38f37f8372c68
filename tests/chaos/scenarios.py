"""What goes wrong, one function each; every one ends with an account of all that was published."""

import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.disk import SmallDisk, small_disk
from tests.chaos.proxy import Proxy
from tests.chaos.scene import VALUES, Scene, Size, Trouble, load, peak_memory_mb
from tests.chaos.stage import Stage, stage_up
from tests.flow.platform import NotYet, wait_until

DISK_MB = 400
# What a small disk has room for: PostgreSQL keeps old journals up to these.
SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
# The bytes that are left. With few the tables find no room, and the statement is refused; with some
# it is often the next file of the journal (16 MB) that does not fit, and PostgreSQL panics.
LEFT = {"disk-full": 256 << 10, "journal-full": 12 << 20}

# On the wire to the database: seven rows for COPY (46 bytes each), and their part of the feed.
BYTES_A_MESSAGE = VALUES * (46 + 20)


def outcome(scene: Scene) -> Trouble:
    """What came of a scene that has ended."""
    assert scene.trouble is not None
    return scene.trouble


def ingest_killed(stage: Stage, size: Size) -> Trouble:
    """Kill -9 of ingest in mid-load, twice."""
    with load(stage, "ingest-killed", size) as scene:
        for share in (0.2, 0.6):
            scene.when_stored(share)
            scene.kill_worker()
        scene.better()
    return outcome(scene)


def postgres_killed(stage: Stage, size: Size) -> Trouble:
    """Kill -9 of PostgreSQL, its sessions with it, in mid-load."""
    with load(stage, "postgres-killed", size) as scene:
        scene.when_stored(0.3)
        stage.cluster.kill()
        stage.cluster.start()
        scene.better()
    return outcome(scene)


def broker_killed(stage: Stage, size: Size) -> Trouble:
    """Kill -9 of the broker in mid-load, while ingest keeps up; it comes back on its folder."""
    with load(stage, "broker-killed", size) as scene:
        scene.when_stored(0.3)
        stage.broker.kill()
        stage.broker.start()
        scene.better()
    return outcome(scene)


def database_away(stage: Stage, size: Size) -> Trouble:
    """The database stopped while the whole load is published; then the drain is timed."""
    with load(stage, "database-away", size) as scene:
        stage.cluster.stop()
        told = scene.sender.told()
        scene.notes["waited_in_the_broker"] = told.outcome.acknowledged
        scene.notes["broker_memory_mb"] = peak_memory_mb(stage.broker.pid)
        stage.cluster.start()
        scene.better()
    trouble = outcome(scene)
    drained = trouble.published / max(trouble.recovery_s, 0.01)
    return trouble._replace(notes={**trouble.notes, "drained_messages_per_s": round(drained)})


def disk_full(stage: Stage, disk: SmallDisk, name: str, size: Size) -> Trouble:
    """No room on the database's disk from mid-load on; room again after the load's end."""
    with load(stage, name, size) as scene:
        scene.when_stored(0.1)
        disk.fill(LEFT[name])
        wait_until(
            lambda: "waiting for the database" in scene.worker.said,
            "ingest waits",
            scene.worker.log,
        )
        scene.sender.told()
        disk.clear()
        revive(stage)
        scene.better()
        log = stage.cluster.log.read_text(errors="replace")
        scene.notes["refused_for_lack_of_room"] = log.count("No space left on device")
        scene.notes["database_panicked"] = log.count("PANIC")
    return outcome(scene)


def on_a_small_disk(name: str, size: Size) -> Trouble:
    """`disk_full` with a database on a disk of its own. Raises NoSmallDisk where none can be had."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cityops-disk-")))
        folder.chmod(0o755)
        disk = stack.enter_context(small_disk(folder / "disk", DISK_MB))
        made = stack.enter_context(
            stage_up(durable=False, place=disk.folder / "postgres", settings=SMALL)
        )
        return disk_full(made, disk, name, size)


def revive(stage: Stage) -> None:
    """What a supervisor does: a database that has left is started again."""
    try:
        wait_until(lambda: stage.cluster.pid is None or stage.cluster.ready, "it serves or is gone")
    except NotYet:
        stage.cluster.kill()
    if stage.cluster.pid is None:
        stage.cluster.start()


def slow_database(stage: Stage, size: Size) -> Trouble:
    """Every piece on its way to the database takes 50 ms, and 1 MB/s go through."""
    with (
        Proxy(stage.cluster.host, stage.cluster.port, delay=0.05, pace=1e6) as proxy,
        load(stage, "slow-database", size, PGHOST="127.0.0.1", PGPORT=str(proxy.port)) as scene,
    ):
        watch(scene)
    return outcome(scene)


def answers_lost(stage: Stage, size: Size) -> Trouble:
    """The wire is cut between a COMMIT and its answer, again and again."""
    with (
        Proxy(stage.cluster.host, stage.cluster.port) as proxy,
        load(stage, "answers-lost", size, PGHOST="127.0.0.1", PGPORT=str(proxy.port)) as scene,
    ):
        for share in (0.1, 0.3, 0.5, 0.7):
            scene.when_stored(share)
            proxy.answers_to_lose = 2
        wait_until(lambda: proxy.answers_lost >= 4, "answers are lost", scene.worker.log)
        scene.better()
        scene.notes["answers_lost"] = proxy.answers_lost
    return outcome(scene)


def flood(stage: Stage, size: Size) -> Trouble:
    """As much as the broker takes, by devices that do not wait for ingest."""
    with load(stage, "flood", size) as scene:
        watch(scene)
    return outcome(scene)


def overload(stage: Stage, size: Size) -> Trouble:
    """Twice what ingest can take: the wire to its database carries half of what comes."""
    pace = size.rate / 2 * BYTES_A_MESSAGE
    with (
        Proxy(stage.cluster.host, stage.cluster.port, pace=pace) as proxy,
        load(stage, "overload", size, PGHOST="127.0.0.1", PGPORT=str(proxy.port)) as scene,
    ):
        watch(scene)
    return outcome(scene)


def all_at_once(stage: Stage, size: Size) -> Trouble:
    """One blow upon the other: answers lost, the database killed, ingest killed while it waits.

    The broker stays: what waits in it is lost with it (docs/decisions/0009).
    """
    with (
        Proxy(stage.cluster.host, stage.cluster.port) as proxy,
        load(stage, "all-at-once", size, PGHOST="127.0.0.1", PGPORT=str(proxy.port)) as scene,
    ):
        for share in (0.1, 0.3, 0.5, 0.7):
            scene.when_stored(share)
            proxy.answers_to_lose = 1
            stage.cluster.kill()
            scene.kill_worker()
            stage.cluster.start()
            scene.kill_worker()
            scene.when_stored(share + 0.1)
            proxy.answers_to_lose = 2
        scene.better()
    return outcome(scene)


def watch(scene: Scene) -> None:
    """Notes how much came, and how much of it ingest took, until the last was sent."""
    begun = time.monotonic()
    told = scene.sender.told()
    seconds = time.monotonic() - begun
    taken = scene.stored() / VALUES
    scene.notes["offered_per_s"] = round(told.outcome.acknowledged / seconds)
    scene.notes["taken_per_s"] = round(taken / seconds)
    scene.notes["waited_in_the_broker"] = round(told.outcome.acknowledged - taken)
