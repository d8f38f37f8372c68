"""Scenarios: ours play, others compose, and what is wrong in one is told with file and line."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulators.__main__ import main
from simulators.document import BadScenario
from simulators.fleet import Wanted
from simulators.occurrences.catalogue import OCCURRENCES
from simulators.scenario import names, read_scenario
from tests.simulators.province import DAY, HOUR, MONDAY, heard, local

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario file and returns its path."""

    def _write(text: str | bytes, name: str = "mine.yaml") -> Path:
        file = tmp_path / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return _write


@pytest.mark.parametrize("name", names())
def test_our_own_scenarios_play(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.title
    assert scenario.title_en
    start = MONDAY if scenario.start is None else scenario.start
    world = scenario.world(1, start)
    told = heard(world, start, start + HOUR)
    assert len(told) == len(world.assets) > 50
    assert sum(len(reports.at) for reports in told.values()) > len(told)
    for reports in told.values():
        assert all(np.all(np.isfinite(values)) for values in reports.values.values())


@pytest.mark.parametrize("name", [name for name in names() if name != "city"])
def test_a_scenario_for_a_file_says_when_and_how_long_and_something_goes_wrong(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.start is not None
    assert scenario.duration is not None
    labels = scenario.world(1, scenario.start).labels_between(
        scenario.start, scenario.start + scenario.duration
    )
    assert {label.kind for label in labels} <= OCCURRENCES.keys()
    assert len({label.cause for label in labels}) > 2


def test_the_flood_is_the_whole_rivers_and_it_begins_at_noon_on_the_6th() -> None:
    scenario = read_scenario("flood")
    start = scenario.start or 0.0
    labels = scenario.world(1, start).labels_between(start, start + (scenario.duration or 0.0))
    for cause, rain_at in (("flood-2025-10", local(2025, 10, 6, 12)), ("flood-2025-09", None)):
        flood = [label for label in labels if label.cause == cause]
        rivers = [label for label in flood if label.metric == "level_m"]
        assert {label.kind for label in flood} == {"flood-wave"}
        assert len(rivers) == len({label.asset for label in rivers}) == 5
        rain = {label.began_at for label in flood if label.metric == "rain_mm_h"}
        assert rain == ({rain_at} if rain_at else set())  # September's is over as it begins
        assert all(label.began_at > rain_at for label in rivers if rain_at)


@pytest.mark.parametrize("name", [name for name in names() if not read_scenario(name).dated])
def test_what_may_be_lived_through_on_any_days_names_no_dates(name: str) -> None:
    assert not [plan.cause for plan in read_scenario(name).plans if plan.absolute]


def test_the_month_has_two_thousand_streams_at_a_minute() -> None:
    assets = read_scenario("month").assets(1)
    assert 2000 <= sum(len(asset.kind.metrics) for asset in assets) < 2500
    assert {asset.cadence for asset in assets} == {60.0}


def test_the_city_on_show_speaks_every_convention() -> None:
    spoken = {asset.convention for asset in read_scenario("city").assets(1)}
    assert spoken == {"native", "senml", "sparkplug", "chirpstack"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cut_network_silences_a_commune_and_its_shop(seed: int) -> None:
    scenario = read_scenario("network-cut")
    start = scenario.start or 0.0
    labels = scenario.world(seed, start).labels_between(start, start + DAY)
    cut = [label for label in labels if label.kind == "network-cut"]
    assert any(label.asset.startswith("onestop-") for label in cut)
    assert any(not label.asset.startswith("onestop-") for label in cut)
    assert {(label.began_at, label.ended_at) for label in cut} == {
        (start + 13 * HOUR, start + 18 * HOUR)
    }


def test_what_is_included_adds_up_and_the_including_file_wins(write: Write) -> None:
    write(
        "title: one\nstart: 2026-01-01\nduration: 2d\nfleet: {air: 2, noise: {count: 3, cadence: 9s}}\n"
        "faults: [{kind: spike, lasts: 1h}]\nchance: {spike: 1, leak: 2}\n",
        "one.yaml",
    )
    write("fleet: {air: 7, river: 1}\nfaults: [{kind: smog, lasts: 1d}]\n", "two.yaml")
    scenario = read_scenario(
        str(
            write(
                "title: both\ninclude: [one.yaml, two.yaml]\nduration: 3d\nfleet: {water: 1}\n"
                "faults: [{kind: leak, at: 1d, until: 2d}]\nchance: {leak: 3}\n"
            )
        )
    )
    assert (scenario.title, scenario.start, scenario.duration) == (
        "both",
        local(2026, 1, 1, 7),
        3 * DAY,
    )
    assert {each.kind: each.count for each in scenario.wanted} == {
        "air": 7, "noise": 3, "river": 1, "water": 1,
    }  # fmt: skip
    assert [plan.kind for plan in scenario.plans] == ["spike", "smog", "leak"]
    assert scenario.chance == {"spike": 1, "leak": 3}


def test_a_cadence_is_for_all_but_those_who_say_their_own_beside_it(write: Write) -> None:
    write("fleet: {air: {count: 1, cadence: 9s}, noise: 1}\n", "base.yaml")
    top = write(
        "include: base.yaml\ncadence: 5m\nfleet: {water: 1, rain: {count: 1, cadence: 1h}}\n"
    )
    found = {each.kind: each.cadence for each in read_scenario(str(top)).wanted}
    assert found == {"air": 300, "noise": 300, "water": 300, "rain": 3600}


def test_an_include_is_one_of_ours_or_lies_beside_the_file(write: Write) -> None:
    assert read_scenario(str(write("include: flood\n"))).plans == read_scenario("flood").plans
    (write("", "x").parent / "sub").mkdir()
    write("include: ../base.yaml\n", "sub/mine.yaml")
    base = write("fleet: {air: 3}\n", "base.yaml")
    assert read_scenario(str(base.parent / "sub/mine.yaml")).wanted == (Wanted("air", 3),)


def test_times_are_offsets_or_moments(write: Write) -> None:
    text = (
        "start: 2026-03-02T00:00:00+07:00\nfleet: {air: 1}\nfaults:\n"
        "  - {kind: spike, at: 1h30m, lasts: 10m, metric: pm25, strength: 2}\n"
        "  - {kind: stuck, at: 2026-03-02T05:00:00+07:00, until: 2026-03-02T06:00:00+07:00}\n"
        "  - {kind: wrong-clock, lasts: 1h, offset: -600, cause: battery}\n"
        "  - {kind: smog, at: -1d12h, until: -6h}\n"
        "  - {kind: smog, at: -2d, lasts: 3d}\n"
    )
    scenario = read_scenario(str(write(text)))
    found = [
        plan.happening(at, MONDAY, scenario.assets(1)) for at, plan in enumerate(scenario.plans)
    ]
    spans = [(each.began_at - MONDAY, each.ended_at - MONDAY) for each in found]
    before = [(-36 * HOUR, -6 * HOUR), (-2 * DAY, DAY)]
    assert spans == [(5400, 6000), (5 * HOUR, 6 * HOUR), (0, HOUR), *before]
    assert (found[0].metric, found[0].strength) == ("pm25", 2)
    assert (found[2].facts, found[2].cause) == ({"offset": -600}, "battery")
    assert (
        scenario.plans[0].happening(1, MONDAY + DAY, scenario.assets(1)).began_at
        == MONDAY + DAY + 5400
    )


AIR = "fleet: {air: 2, river: 1}\n"
BAD: dict[str, tuple[str | bytes, int, str]] = {
    "an unknown kind": ("fleet:\n  air: 1\n  moon: 3\n", 3, "no asset kind 'moon'"),
    "an unknown fault": (AIR + "faults:\n  - kind: plague\n    lasts: 1h\n", 3, "no fault 'plague'"),
    "an unknown fault by chance": (AIR + "chance:\n  plague: 1\n", 3, "no fault 'plague'"),
    "an unknown field": (AIR + "colour: red\n", 2, "no field 'colour'"),
    "an unknown field of a fleet": ("fleet:\n  air: {count: 1, size: 2}\n", 2, "no field 'size'"),
    "a field of another fault": (AIR + "faults: [{kind: spike, lasts: 1h, offset: 3}]\n", 2, "has no field 'offset'"),
    "an unknown metric": (AIR + "faults:\n  - {kind: spike, lasts: 1h, asset: dap-cau, metric: x}\n", 3, "no asset 'dap-cau'"),
    "an unknown metric of an asset": (AIR + "faults:\n\n  - {kind: spike, lasts: 1h, asset: phu-lang-thuong, metric: x}\n", 4, "no metric 'x'"),
    "an unknown asset": (AIR + "faults:\n  - {kind: spike, lasts: 1h, asset: x}\n", 3, "no asset 'x'"),
    "a fault nobody can have": (AIR + "faults:\n  - {kind: leak, lasts: 1h}\n", 3, "nobody in this city can have the fault leak"),
    "an asset that cannot have it": (AIR + "faults:\n  - {kind: smog, lasts: 1h, asset: phu-lang-thuong}\n", 3, "cannot have the fault smog"),
    "an end before the beginning": (AIR + "faults:\n  - kind: spike\n    at: 2h\n    until: 1h\n", 5, "ends before it begins"),
    "both lasts and until": (AIR + "faults:\n  - {kind: spike, lasts: 1h, until: 2h}\n", 3, "either lasts or until"),
    "neither lasts nor until": (AIR + "faults:\n  - {kind: spike}\n", 3, "either lasts or until"),
    "a moment and an offset": (AIR + "faults:\n  - {kind: spike, at: 1h, until: 2026-03-02}\n", 3, "both times, or both durations"),
    "a bad duration": (AIR + "duration: soon\n", 2, "'soon' is no duration"),
    "a number without a unit": (AIR + "duration: 90\n", 2, "'90' is no duration"),
    "no time at all": (AIR + "duration: 0s\n", 2, "0s is not over 0"),
    "a duration of a thousand years": (AIR + "duration: 400000d\n", 2, "up to 400 days"),
    "a bad time": (AIR + "start: yesterday\n", 2, "'yesterday' is not a time"),
    "a time of the Romans": (AIR + "start: 0001-01-01\n", 2, "the years 1970 to 2100"),
    "a bad beginning": (AIR + "faults:\n  - {kind: spike, at: --5m, lasts: 1h}\n", 3, "'--5m' is not a time"),
    "a beginning long ago": (AIR + "faults:\n  - {kind: spike, at: -401d, lasts: 1h}\n", 3, "over 400 days from the start"),
    "an end far away": (AIR + "faults:\n  - {kind: spike, until: 99999d}\n", 3, "over 400 days from the start"),
    "a negative length": (AIR + "faults:\n  - {kind: spike, lasts: -1h}\n", 3, "'-1h' is no duration"),
    "the same key twice": (AIR + "title: a\ntitle: b\n", 3, "'title' stands here twice"),
    "the same kind twice": ("fleet:\n  air: 1\n  noise: 1\n  air: 2\n", 4, "'air' stands here twice"),
    "no fleet": ("title: nothing\n", 1, "no fleet"),
    "an empty fleet": ("title: a\nfleet:\n  air: 0\n", 3, "1 to 100000 assets, not 0"),
    "no fault kind": (AIR + "faults:\n  - lasts: 1h\n", 3, "there is no kind"),
    "no count": ("fleet:\n  air: {cadence: 5s}\n", 2, "there is no count"),
    "an include of itself": (AIR + "include: mine.yaml\n", 2, "includes itself"),
    "an include that is not there": (AIR + "include: [week, absent.yaml]\n", 2, "absent.yaml"),
    "broken YAML": (AIR + "faults: [\n", 3, "expected"),
    "a tab": (AIR + "faults:\n\t- a\n", 3, "cannot start any token"),
    "two documents": (AIR + "---\n" + AIR, 2, "another document"),
    "an empty file": ("# nothing\n", 1, "the scenario is empty"),
    "not UTF-8": (b"# a comment\ntitle: B\xe3\n", 2, "no text in UTF-8"),
    "a control character": (b"a: b\ntitle: a\x00b\n", 2, "special characters"),
    "a list where fields belong": ("- air\n", 1, "fields are expected"),
    "a list for a fleet": ("title: a\nfleet: [air]\n", 2, "fields are expected"),
    "fields where a list belongs": (AIR + "faults: {kind: spike}\n", 2, "a list is expected"),
    "fields where a value belongs": (AIR + "title: {a: b}\n", 2, "a single value is expected"),
    "lists in lists": ("[" * 800, 1, "deeper than is read"),
    "a ninth river": ("fleet:\n  air: 1\n  river: 9\n", 3, "5 river stations, not 9"),
    "an absurd count": ("fleet:\n  air: 1e30\n", 2, "not from 0 to 100000"),
    "absurdly many lamps": ("fleet:\n  light: {count: 90000, lamps: 90000}\n", 2, "up to 100000 assets"),
    "absurdly many in all": ("fleet:\n  air: 60000\n  noise: 60000\n", 2, "not 120000"),
    "half an asset": ("fleet:\n  air: 1.5\n", 2, "no whole number"),
    "less than nothing": ("fleet:\n  air: -1\n", 2, "not from 0"),
    "no number": ("fleet:\n  air: .nan\n", 2, "'.nan' is no number"),
    "not a number": ("fleet:\n  air: nan\n", 2, "nan is not from 0"),
    "lamps on a station": ("fleet:\n  air: {count: 1, lamps: 2}\n", 2, "lamps hang"),
    "an unknown convention": ("fleet:\n  air: {count: 1, convention: latin}\n", 2, "cannot speak 'latin'"),
    "a convention a river cannot speak": ("fleet:\n  river: {count: 1, convention: sparkplug}\n", 2, "river cannot speak"),
    "a cadence of nothing": (AIR + "cadence: 0s\n", 2, "not over 0"),
    "too much chance": (AIR + "chance: {spike: 1e9}\n", 2, "not from 0 to 500"),
    "a strength that is none": (AIR + "faults: [{kind: spike, lasts: 1h, strength: strong}]\n", 2, "'strong' is no number"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_one_sentence_with_file_and_line(
    what: str, write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line, sentence = BAD[what]
    file = write(text)
    monkeypatch.setattr(sys, "argv", ["simulators", "city", "--scenario", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err.startswith(f"{file}: line {line}: "), told.err
    assert sentence in told.err
    assert told.err.count("\n") == 1


def test_what_is_wrong_in_an_included_file_is_told_by_that_file(write: Write) -> None:
    bad = write("title: a\nfleet:\n  air: 60000\n  noise: 60000\n", "bad.yaml")
    mine = write("include: bad.yaml\n")
    with pytest.raises(BadScenario, match=re.escape(f"{bad}: line 3: a city has 1 to 100000")):
        read_scenario(str(mine)).world(1, MONDAY)


def test_a_circle_of_includes_ends(write: Write) -> None:
    write("include: other.yaml\n")
    other = write("include: mine.yaml\n", "other.yaml")
    with pytest.raises(BadScenario, match="line 1: the scenario includes itself"):
        read_scenario(str(other))
    (other.parent / "sub").mkdir()
    roundabout = write("include: sub/../round.yaml\n", "round.yaml")
    with pytest.raises(BadScenario, match="line 1: the scenario includes itself"):
        read_scenario(str(roundabout))


def test_a_file_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BadScenario, match=r"absent: cannot be read: No such file.* city, flood"):
        read_scenario("absent")
