"""Whole towns, from their first word on: who is told silent, when, and for whom."""

import numpy as np
import pytest

from models.cadence import Rules
from models.connectivity import STATES, Limits, State
from models.frame import Frame
from models.hearing import Hearing
from models.rollcall import Change, Silence, judge
from tests.connectivity.town import START, Device, Town

PLATFORM = 1
RULES = Rules(warm_up_seconds=300)
HOUR = 3600


class Watch:
    """A town that is listened to; what was told of it, in seconds since its beginning."""

    def __init__(self, *devices: Device, step: int = 2) -> None:
        self.town = Town(*devices, step=step)
        self.hearing = Hearing(RULES, PLATFORM)
        self.hearing.roster.know_streams(self.town.known())
        self.hearing.roster.know_family(self.town.family())
        self.changes: list[Change] = []
        self.silences: list[Silence] = []

    def live(self, seconds: float) -> None:
        self.town.live(seconds, self.hear, self.tick)

    def hear(self, frame: Frame) -> None:
        self.hearing.take(frame, self.town.now)

    def tick(self) -> None:
        if self.town.second % 10 == 0:
            news = judge(self.hearing, Limits(), self.town.now)
            self.changes += news.changes
            self.silences += news.silences

    def state(self, asset: int) -> State:
        row = self.hearing.roster.rows[asset]
        return STATES[int(self.hearing.assets["state"][row])]

    def with_parent(self, asset: int) -> bool:
        return bool(self.hearing.assets["with_parent"][self.hearing.roster.rows[asset]])

    def told(self) -> list[int]:
        return [silence.asset_id for silence in self.silences]


def kill(watch: Watch, *assets: int) -> None:
    for device in watch.town.devices:
        if device.asset in assets:
            device.alive = False


def revive(watch: Watch, *assets: int) -> None:
    for device in watch.town.devices:
        if device.asset in assets:
            device.alive = True


def crowd(count: int = 8, every: float = 20.0) -> list[Device]:
    """Assets 100, 101, ...: so that the feed never is quiet, and few are not everybody."""
    return [Device(100 + i, [1000 + i], every) for i in range(count)]


def test_a_device_is_learned_missed_and_told_once_then_heard_again() -> None:
    watch = Watch(*crowd(), Device(7, [70, 71], 60.0))
    watch.live(200)
    assert watch.state(7) == State.LEARNING
    watch.live(1000)
    assert watch.state(7) == State.ONLINE
    kill(watch, 7)
    watch.live(260)
    assert watch.state(7) == State.LATE
    watch.live(600)
    assert watch.state(7) == State.SILENT
    assert watch.told() == [7]
    assert 0.998 < watch.silences[0].score < 0.9999
    revive(watch, 7)
    watch.live(70)
    assert watch.state(7) == State.ONLINE
    assert [change.state for change in watch.changes if change.asset_id == 7] == [
        "online",
        "late",
        "silent",
        "online",
    ]
    assert watch.told() == [7]


def test_a_silence_is_told_again_each_time_it_has_doubled_and_louder() -> None:
    watch = Watch(*crowd(4), Device(7, [70], 20.0), step=5)
    watch.live(700)
    kill(watch, 7)
    watch.live(2.2 * HOUR)
    assert watch.told() == [7] * 6
    scores = [silence.score for silence in watch.silences]
    assert scores == sorted(scores)
    assert scores[-1] > 0.9999999


@pytest.mark.parametrize(
    "device",
    [
        Device(7, [70], 30.0, jitter=0.9),
        Device(7, [70], 5.0),
        Device(7, [70], 60.0, batch=15),
        Device(7, [70], 600.0),
        Device(7, [70], 30.0, ahead=-200.0),
    ],
    ids=["unsteady", "fast", "sends in one go", "slow", "clock behind"],
)
def test_nobody_is_missed_while_they_speak_in_their_own_way(device: Device) -> None:
    watch = Watch(*crowd(4), device, step=5)
    watch.live(3 * HOUR)
    assert watch.told() == []
    assert watch.state(7) == State.ONLINE
    assert not [each for each in watch.changes if each.state in ("late", "silent")]


def test_a_device_that_speaks_at_random_is_not_cried_wolf_about() -> None:
    device = Device(7, [70], 60.0)
    watch = Watch(*crowd(4), device, step=5)
    dice = np.random.default_rng(3)
    device.jitter = 0.0
    for _ in range(150):
        device.every = float(np.clip(dice.exponential(60.0), 1, None))
        device.next_at = watch.town.second + device.every
        watch.live(device.every + 1)
    assert watch.told() == []


def test_a_stream_that_died_alone_does_not_make_its_asset_silent_for_ever() -> None:
    fast, slow = Device(7, [70], 20.0), Device(7, [71], 900.0)
    watch = Watch(*crowd(4), fast, slow, step=10)
    watch.live(3 * HOUR)
    fast.alive = False
    watch.live(2000)
    before = len(watch.silences)
    watch.live(2 * HOUR)
    assert len(watch.silences) == before <= 4
    assert watch.state(7) == State.ONLINE


def test_a_last_will_is_believed_at_once_and_told_after_a_moment() -> None:
    device = Device(7, [70], 60.0, presence=79, word=1.0)
    watch = Watch(*crowd(), device)
    watch.live(1200)
    device.alive, device.word = False, 0.0
    watch.live(10)
    assert watch.state(7) == State.SILENT
    assert watch.told() == []
    watch.live(70)
    assert watch.told() == [7]
    device.alive, device.word = True, 1.0
    watch.live(10)
    assert watch.state(7) == State.ONLINE


def test_a_device_that_drops_its_connection_for_a_moment_is_not_told() -> None:
    device = Device(7, [70], 60.0, presence=79, word=1.0)
    watch = Watch(*crowd(), device)
    watch.live(1200)
    device.word = 0.0
    watch.live(10)
    assert watch.state(7) == State.SILENT
    device.word = 1.0
    watch.live(100)
    assert watch.state(7) == State.ONLINE
    assert watch.told() == []


def test_a_retained_word_that_the_broker_repeats_is_no_news() -> None:
    came = Device(7, [70], 60.0, presence=79, word=1.0)
    went = Device(8, [80], 60.0, presence=89, word=0.0)  # never says that it is back
    watch = Watch(*crowd(), came, went)
    watch.live(1200)
    assert watch.state(8) == State.ONLINE
    came.alive = False
    watch.live(900)
    assert watch.told() == [7]
    came.word, went.word = 1.0, 0.0
    watch.live(10)
    assert watch.state(7) == State.SILENT
    assert watch.state(8) == State.ONLINE


def test_one_that_is_known_as_offline_only_is_silent_and_nobodys_news() -> None:
    watch = Watch(*crowd(), Device(7, [], 60.0, presence=79, word=0.0, alive=False))
    watch.live(1000)
    assert watch.state(7) == State.SILENT
    assert watch.told() == []


def family(count: int, every: float = 30.0) -> list[Device]:
    """Assets 21, 22, ... behind gateway 20, which says little itself."""
    return [Device(21 + i, [210 + i], every, parent=20) for i in range(count)]


def test_a_silent_gateway_speaks_once_for_its_children() -> None:
    gateway = Device(20, [200], 60.0)
    watch = Watch(*crowd(), gateway, *family(5))
    watch.live(1200)
    kill(watch, *range(20, 26))
    watch.live(1200)
    assert watch.told() == [20]
    assert [watch.state(asset) for asset in range(20, 26)] == [State.SILENT] * 6
    assert [watch.with_parent(asset) for asset in range(20, 26)] == [False] + [True] * 5
    revive(watch, *range(20, 25))
    watch.live(100)
    assert watch.state(20) == State.ONLINE
    assert watch.state(25) == State.LATE  # it gets its time
    assert not watch.with_parent(25)
    watch.live(1000)
    assert watch.told() == [20, 25]


def test_a_gateway_without_a_word_of_its_own_is_silent_through_its_children() -> None:
    watch = Watch(*crowd(), *family(5))
    watch.live(1200)
    assert watch.state(20) == State.LEARNING
    kill(watch, 21, 22, 23, 24, 25)
    watch.live(900)
    assert watch.told()[:1] == [20]
    assert set(watch.told()) == {20}
    assert watch.state(20) == State.SILENT
    revive(watch, 21, 22, 23, 24, 25)
    watch.live(100)
    assert [watch.state(asset) for asset in range(21, 26)] == [State.ONLINE] * 5
    assert watch.state(20) == State.LEARNING


def test_one_child_that_is_silent_is_no_fault_of_its_gateway() -> None:
    watch = Watch(*crowd(), Device(20, [200], 60.0), *family(5))
    watch.live(1200)
    kill(watch, 23)
    watch.live(550)
    assert watch.told() == [23]
    assert watch.state(20) == State.ONLINE


def test_children_that_fell_silent_one_after_the_other_are_told_each() -> None:
    watch = Watch(*crowd(), *family(4))
    watch.live(1200)
    for asset in (21, 22, 23, 24):
        kill(watch, asset)
        watch.live(1000)
    assert {21, 22, 23} <= set(watch.told())
    assert 20 not in watch.told()


def test_when_nobody_is_heard_it_is_the_platform_and_nobody_else() -> None:
    watch = Watch(*crowd(), Device(7, [70], 60.0))
    watch.live(1200)
    watch.town.deaf = True
    watch.live(1800)
    assert set(watch.told()) == {PLATFORM}
    assert watch.state(PLATFORM) == State.SILENT
    watch.town.deaf = False
    watch.live(600)
    assert set(watch.told()) == {PLATFORM}
    assert watch.state(PLATFORM) == State.ONLINE
    assert watch.state(7) == State.ONLINE
    assert {change.asset_id for change in watch.changes if change.state == "silent"} == {PLATFORM}


def test_when_nearly_everybody_falls_silent_at_once_it_is_told_once() -> None:
    watch = Watch(*crowd(40))
    watch.live(1200)
    kill(watch, *range(103, 140))
    watch.live(1000)
    assert set(watch.told()) == {PLATFORM}
    assert watch.state(100) == State.ONLINE
    assert watch.with_parent(120)
    kill(watch, 101)  # a later one changes nothing about that
    watch.live(400)
    assert set(watch.told()) == {PLATFORM, 101}
    revive(watch, *range(101, 140))
    watch.live(60)
    assert watch.state(PLATFORM) == State.ONLINE
    assert watch.state(120) == State.ONLINE


def test_a_gateway_that_is_its_own_gateway_harms_nobody() -> None:
    watch = Watch(*crowd(), Device(20, [200], 30.0, parent=21), Device(21, [210], 30.0, parent=20))
    watch.live(1200)
    assert [watch.state(20), watch.state(21)] == [State.ONLINE] * 2


def test_a_small_site_of_one_slow_device_is_the_platforms_own_silence() -> None:
    watch = Watch(Device(7, [70], 300.0), step=10)
    watch.live(2 * HOUR)
    assert watch.state(7) == State.ONLINE
    kill(watch, 7)
    watch.live(2 * HOUR)
    assert set(watch.told()) == {PLATFORM}


def test_a_hearing_that_is_restored_judges_the_same() -> None:
    watch = Watch(*crowd(), Device(20, [200], 60.0), *family(5))
    watch.live(1200)
    kill(watch, *range(21, 26))
    watch.live(200)
    twin = Watch(*crowd(), Device(20, [200], 60.0), *family(5))
    twin.hearing.restore(
        START,
        watch.hearing.feed.record.tobytes(),
        [(pace.stream_id, pace.record) for pace in watch.hearing.paces()],
        [(member.asset_id, member.record) for member in watch.hearing.members()],
    )
    twin.town = watch.town
    for _ in range(400):
        watch.town.second += 2
        now = watch.town.now
        assert judge(watch.hearing, Limits(), now) == judge(twin.hearing, Limits(), now)
    assert twin.hearing.assets.tobytes() == watch.hearing.assets.tobytes()


def test_clocks_that_are_off_are_seen() -> None:
    devices = [Device(7, [70], 60.0, ahead=90.0), Device(8, [80], 60.0, ahead=-40.0)]
    watch = Watch(*crowd(3), *devices)
    watch.live(HOUR)
    found = {member.asset_id: member.skew for member in watch.hearing.members()}
    assert found[7] == pytest.approx(90.0, abs=0.5)
    assert found[8] == pytest.approx(-40.0, abs=0.5)
    assert found[100] == pytest.approx(0.0, abs=0.5)
