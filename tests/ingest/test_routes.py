"""The routing table: who has which topic, and what a wrong table is told."""

from pathlib import Path

import pytest

from ingest.codecs import native
from ingest.routes import BadRoutes, Route, covers, read_routes
from models.reading import BadMessage

ROUTES = read_routes()


def found(topic: str) -> Route:
    route = ROUTES.route(topic)
    assert isinstance(route, Route)
    return route


def refusal(topic: str) -> str:
    """Why nothing is read on a topic."""
    route = ROUTES.route(topic)
    if isinstance(route, str):
        return route
    with pytest.raises(BadMessage) as caught:
        route.codec(route.place, b"", 0)
    return str(caught.value)


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("city//telemetry", "empty level"),
        ("city/a/telemetry/", "empty level"),
        ("city/a/b/c/telemetry", "no codec"),
        ("elsewhere/a/b/telemetry", "no codec"),
        ("city/a b/telemetry", "no name of an asset"),
        ("city/a\x00/telemetry", "no name of an asset"),
        ("city/" + "a" * 201 + "/telemetry", "no name of an asset"),
        ("city/.hidden/telemetry", "no name of an asset"),
    ],
)
def test_a_topic_that_nobody_speaks_on_is_refused_with_the_reason(topic: str, reason: str) -> None:
    assert reason in refusal(topic)


def test_a_device_speaks_for_itself_and_a_gateway_for_its_children() -> None:
    assert found("city/station-7/telemetry").place.asset == "station-7"
    child = found("city/hub-1/meter 2/telemetry")
    assert child.codec is native.decode
    assert child.place.parent == "hub-1"
    assert child.place.asset.startswith("hub-1:meter-2-")
    assert found("egov/portal/telemetry").kind == "service"


def test_no_two_filters_of_a_worker_overlap_by_containing_each_other() -> None:
    filters = ROUTES.topics(remembering=False) + ROUTES.topics(remembering=True)
    assert {"city/#", "egov/#"} <= set(filters)
    assert not [
        (wide, narrow)
        for wide in filters
        for narrow in filters
        if wide != narrow and covers(wide, narrow)
    ]


def test_an_operators_route_comes_before_ours(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text('- {topic: "city/{asset}/telemetry", codec: ignore, kind: river}')
    route = read_routes(file).route("city/a/telemetry")
    assert isinstance(route, Route)
    assert route.kind == "river"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("just words", "a list of routes is expected"),
        ("- 5", "route 1: a route has a topic and a codec"),
        ("- {topic: a, codec: nothing}", "there is no codec 'nothing'; these are: "),
        ("- {topic: a, codec: ../../etc}", "there is no codec"),
        ('- {topic: "a/#", codec: native, asset: x}', "a level is text"),
        ('- {topic: "a/{b}/{b}", codec: native, asset: x}', "two levels named b"),
        ('- {topic: "a/{b}", codec: native, asset: "{c}"}', "needs c: not in the topic"),
        ('- {topic: "a/{b}", codec: native, asset: "{b}", kind: ufo}', "no kind of asset"),
        ('- {topic: "a/{b}", codec: native, asset: "{b}", scale: 3}', "native knows no scale"),
        (
            '- {topic: "a/{device}/up", codec: ttn, asset: x}',
            "ttn needs {application} in the topic",
        ),
        ("- [", "routes.yaml: "),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(text)
    with pytest.raises(BadRoutes, match=reason):
        read_routes(file)
