"""Sparkplug's state: births, rows of seq, deaths, restarts, and what hostile senders can cost."""

import pytest

from ingest.codecs.sparkplug import Sparkplug, made
from ingest.routes import Routes, read_routes
from models.reading import BadMessage, Decoded, Sample
from simulators import sparkplug as node
from simulators.sparkplug import Metric

NOW = 1_700_000_000_000_000
SECOND = 1_000_000
AT = NOW // 1000
LEVEL = [("level", 1.5), ("flow", 2.5)]


class City:
    """A table of routes with a Sparkplug codec of its own, and all that it has to remember."""

    def __init__(self, memory: dict[str, bytes] | None = None) -> None:
        self.routes: Routes = read_routes()
        codec = self.routes.remembering["sparkplug"]
        assert isinstance(codec, Sparkplug)
        self.codec = codec
        self.memory: dict[str, bytes] = dict(memory or {})
        self.codec.restore(self.memory)

    def hear(self, topic: str, payload: bytes, now: int = NOW, *, again: bool = False) -> Decoded:
        route = self.routes.routed(f"spBv1.0/{topic}")
        decoded = self.codec(route.place._replace(again=again), payload, now)
        for key, value in (decoded.memory or {}).items():
            if value is None:
                self.memory.pop(key, None)
            else:
                self.memory[key] = value
        return decoded

    def restarted(self) -> "City":
        return City(self.memory)


@pytest.fixture
def city() -> City:
    """A city in which one node has been born, with seq 0."""
    made_up = City()
    made_up.hear("g/NBIRTH/e", node.birth(0, 7, LEVEL, AT))
    return made_up


def level(value: float, at_ms: int = AT) -> list[Sample]:
    return [Sample("sparkplug:g:e", at_ms * 1000, {"level": value})]


def test_a_gap_is_asked_about_once_and_its_data_count(city: City) -> None:
    first = city.hear("g/NDATA/e", node.data(3, {1: 9.0}, AT + 1))
    assert first.samples == level(9.0, AT + 1)
    assert [reply.topic for reply in first.replies] == ["spBv1.0/g/NCMD/e"]
    assert not city.hear("g/NDATA/e", node.data(9, {1: 9.0}, AT + 2), NOW + SECOND).replies
    assert not city.hear("g/NDATA/e", node.data(10, {1: 9.0}, AT + 3), NOW + 6 * SECOND).replies
    assert city.hear("g/NDATA/e", node.data(99, {1: 9.0}, AT + 4), NOW + 6 * SECOND).replies


def test_what_a_broker_delivers_again_is_no_gap(city: City) -> None:
    run = [node.data(seq, {1: float(seq)}, AT + seq) for seq in range(1, 6)]
    heard = [city.hear("g/NDATA/e", payload) for payload in (*run, *run[1:])]
    assert not any(each.replies for each in heard)
    assert heard[5:] == heard[1:5]
    assert not city.hear("g/NDATA/e", node.data(6, {1: 6.0}, AT + 6)).replies


def test_a_birth_heard_twice_changes_nothing(city: City) -> None:
    city.hear("g/DBIRTH/e/d", node.payload([Metric(1.0, "x", 1)], AT, 1))
    city.hear("g/NBIRTH/e", node.birth(0, 7, LEVEL, AT))
    heard = city.hear("g/DDATA/e/d", node.data(2, {1: 5.0}, AT + 2))
    assert heard == Decoded([Sample("sparkplug:g:e:d", (AT + 2) * 1000, {"x": 5.0})], [])


def test_node_and_devices_share_a_row(city: City) -> None:
    birth = node.payload([Metric(1.0, "x", 1)], AT, 1)
    assert not city.hear("g/DBIRTH/e/d", birth).replies
    assert not city.hear("g/NDATA/e", node.data(2, {1: 1.0}, AT + 1)).replies
    assert not city.hear("g/DDATA/e/d", node.data(3, {1: 1.0}, AT + 2)).replies
    assert city.hear("g/NDATA/e", node.data(3, {1: 1.0}, AT + 3)).replies


def test_after_its_nodes_birth_a_device_has_to_be_born_again(city: City) -> None:
    city.hear("g/DBIRTH/e/d", node.payload([Metric(1.0, "x", 1)], AT, 1))
    city.hear("g/NBIRTH/e", node.birth(0, 8, LEVEL, AT + 10))
    heard = city.hear("g/DDATA/e/d", node.data(1, {1: 5.0}, AT + 11))
    assert "its birth is not known" in heard.flaws[0]
    assert heard.replies
    gone = city.hear("g/NBIRTH/e", node.birth(0, 9, LEVEL, AT + 20))
    assert Sample("sparkplug:g:e:d", NOW, {"online": 0.0}) in gone.samples
    assert "g/e/d" not in city.memory


def test_data_from_before_a_birth_does_not_borrow_its_aliases(city: City) -> None:
    city.hear("g/NDATA/e", node.data(1, {1: 5.0}, AT + 1))
    city.hear("g/NBIRTH/e", node.birth(5, 8, [("other", 0.0)], AT + 10))
    late = city.hear("g/NDATA/e", node.data(1, {1: 5.0}, AT + 1))
    assert (late.samples, len(late.flaws), late.replies) == ([], 1, ())


def test_the_last_will_of_an_earlier_session_is_void(city: City) -> None:
    assert city.hear("g/NDEATH/e", node.death(6)) == Decoded([], [])
    assert city.hear("g/NDATA/e", node.data(1, {1: 5.0}, AT)).samples == level(5.0)
    death = city.hear("g/NDEATH/e", node.death(7))
    assert death.samples[0] == Sample("sparkplug:g:e", NOW, {"online": 0.0})
    assert death.samples[1].values == {"level": 5.0, "flow": 2.5}
    assert city.hear("g/NDEATH/e", node.death(7)).samples == death.samples


def test_a_node_takes_its_devices_with_it_and_names_itself_as_their_parent(city: City) -> None:
    city.hear("g/DBIRTH/e/d", node.payload([Metric(1.0, "x", 1)], AT, 1))
    death = city.hear("g/NDEATH/e", node.death(7))
    assert {sample.asset for sample in death.samples} == {"sparkplug:g:e", "sparkplug:g:e:d"}
    assert death.parents == {"sparkplug:g:e:d": "sparkplug:g:e"}
    heard = city.restarted().hear("g/DDATA/e/d", node.data(2, {1: 5.0}, AT + 2))
    assert "its birth is not known" in heard.flaws[0]


def test_historical_values_and_later_births_leave_no_stale_lie(city: City) -> None:
    old = Metric(99.0, alias=1, told_datatype=False, historical=True, at_ms=AT - 9)
    city.hear("g/NDATA/e", node.payload([old], AT, 1))
    assert city.hear("g/NDEATH/e", node.death(7)).samples[1].values["level"] == 1.5


def test_a_device_of_an_unknown_node_counts_and_the_node_is_asked() -> None:
    city = City()
    heard = city.hear("g/DBIRTH/e/d", node.payload([Metric(1.0, "x", 1)], AT, 1))
    assert heard.samples[0] == Sample("sparkplug:g:e:d", NOW, {"online": 1.0})
    assert heard.replies
    data = city.hear("g/DDATA/e/d", node.data(2, {1: 5.0}, AT), NOW + 9 * SECOND)
    assert data.samples[0].values == {"x": 5.0}
    assert data.replies


def test_after_a_restart_the_aliases_are_known_and_the_node_is_asked_once(city: City) -> None:
    later = city.restarted()
    heard = later.hear("g/NDATA/e", node.data(77, {1: 5.0, 2: 6.0}, AT))
    assert heard.samples[0].values == {"level": 5.0, "flow": 6.0}
    assert heard.replies
    assert not later.hear("g/NDATA/e", node.data(78, {1: 5.0}, AT), NOW + 60 * SECOND).replies


def test_a_mended_reject_is_data_and_no_news(city: City) -> None:
    replayed = city.hear("g/NDATA/e", node.data(200, {1: 5.0, 9: 1.0}, AT), again=True)
    assert replayed.samples == level(5.0)
    assert len(replayed.flaws) == 1
    assert not replayed.replies
    birth = node.birth(0, 9, [("level", 4.0)], AT)
    assert city.hear("g/NBIRTH/e", birth, again=True) == Decoded(level(4.0), [])
    assert city.hear("g/NDEATH/e", node.death(7), again=True) == Decoded([], [])
    assert city.hear("g/DDEATH/e/d", node.death(7), again=True) == Decoded([], [])
    following = city.hear("g/NDATA/e", node.data(1, {2: 5.0}, AT))
    assert following.samples[0].values == {"flow": 5.0}
    assert not following.replies


def test_an_alias_of_two_metrics_is_nobodys() -> None:
    city = City()
    twice = [Metric(7, "bdSeq", datatype=4), Metric(1.0, "a", 1), Metric(2.0, "b", 1)]
    birth = city.hear("g/NBIRTH/e", node.payload(twice, AT, 0))
    assert birth.samples[1].values == {"a": 1.0, "b": 2.0}
    assert "its birth" in city.hear("g/NDATA/e", node.data(1, {1: 5.0}, AT)).flaws[0]
    named = node.payload([Metric(5.0, "b", told_datatype=False)], AT, 2)
    assert city.hear("g/NDATA/e", named).samples[0].values == {"b": 5.0}


def test_what_a_source_calls_itself_is_its_title_where_its_name_could_not_be() -> None:
    city = City()
    heard = city.hear("g/NBIRTH/Trạm 1", node.birth(0, 1, LEVEL, AT))
    assert heard.titles == {heard.samples[0].asset: "Trạm 1"}
    assert city.hear("g/NBIRTH/plain", node.birth(0, 1, LEVEL, AT)).titles is None


def test_memory_is_bounded_and_says_so() -> None:
    codec = made({"max_sources": 2, "max_metrics": 9})
    routes = read_routes()

    def hear(topic: str, payload: bytes) -> Decoded:
        return codec(routes.routed(f"spBv1.0/{topic}").place, payload, NOW)

    hear("g/NBIRTH/a", node.birth(0, 1, LEVEL, AT))
    hear("g/NBIRTH/b", node.birth(0, 1, LEVEL, AT))
    with pytest.raises(BadMessage, match="more than 2 nodes and devices"):
        hear("g/NBIRTH/c", node.birth(0, 1, LEVEL, AT))
    with pytest.raises(BadMessage, match="more than 9 metrics"):
        hear("g/NBIRTH/a", node.birth(0, 1, [(f"m{each}", 1.0) for each in range(9)], AT))
    unnamed = [Metric(1.0, f"extra{each}") for each in range(9)]
    assert len(hear("g/NDATA/a", node.payload(unnamed, AT, 1)).samples[0].values) == 9
    assert codec.sources.metrics <= 9
    assert not hear("g/NDATA/c", node.data(0, {1: 1.0}, AT)).replies


def test_strangers_are_asked_and_take_no_room(city: City) -> None:
    payload = node.data(0, {1: 1.0}, AT)
    for each in range(10_100):
        assert city.hear(f"g/NDATA/x{each}", payload).replies
    assert len(city.codec.asked) == 10_000
    assert len(city.codec.sources.nodes) == 1


def test_damaged_memory_is_left_to_a_rebirth(city: City) -> None:
    good = city.memory["g/e"]
    later = City({"g/e": good[:-3], "nonsense": good, "g/f": b"", "g/h": good})
    assert later.hear("g/NDATA/h", node.data(5, {1: 5.0}, AT)).samples
    assert later.hear("g/NDATA/e", node.data(5, {1: 5.0}, AT)).flaws
