"""Whatever is killed, away, full or slow: what the broker acknowledged is stored, and once."""

from collections.abc import Iterator

import pytest

from tests.chaos import scenarios
from tests.chaos.disk import NoSmallDisk
from tests.chaos.scene import Size, Trouble
from tests.chaos.stage import Stage, stage_up

SHORT = Size(rate=2000, seconds=2, assets=50)


@pytest.fixture(scope="module")
def ours() -> Iterator[Stage]:
    with stage_up(durable=False) as made:
        yield made


def whole(trouble: Trouble) -> Trouble:
    """Everything that was published is there once."""
    assert trouble.published > 0
    assert not trouble.unanswered
    assert trouble.account.balances, trouble
    return trouble


def test_ingest_killed_twice_in_mid_load_loses_nothing(ours: Stage) -> None:
    whole(scenarios.ingest_killed(ours, SHORT))


def test_a_killed_database_loses_nothing(ours: Stage) -> None:
    whole(scenarios.postgres_killed(ours, SHORT))


def test_a_killed_broker_loses_nothing_while_ingest_keeps_up(ours: Stage) -> None:
    whole(scenarios.broker_killed(ours, SHORT))


def test_a_database_that_is_away_for_a_whole_load_loses_nothing(ours: Stage) -> None:
    trouble = whole(scenarios.database_away(ours, Size(rate=5000, seconds=2, assets=50)))
    assert trouble.published == 10_000


def test_a_slow_database_is_waited_for(ours: Stage) -> None:
    whole(scenarios.slow_database(ours, SHORT))


def test_a_commit_whose_answer_is_lost_is_stored_once(ours: Stage) -> None:
    trouble = whole(scenarios.answers_lost(ours, SHORT))
    assert trouble.notes["answers_lost"] >= 4


def test_twice_what_ingest_can_take_waits_in_the_broker(ours: Stage) -> None:
    trouble = whole(scenarios.overload(ours, Size(rate=10_000, seconds=2, assets=200)))
    assert trouble.notes["waited_in_the_broker"] > 5000
    assert trouble.peak_memory_mb < 200


def test_a_full_disk_is_waited_out() -> None:
    try:
        trouble = scenarios.on_a_small_disk("disk-full", SHORT)
    except NoSmallDisk as why:
        pytest.skip(str(why))
    assert whole(trouble).notes["refused_for_lack_of_room"] > 0
