"""The API's door: pages, patience, and one sentence for each way in which it stays shut."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulators.api import BadDoor, Door, DoorClosed, NotThere, at, door_from

Answer = tuple[int, object, dict[str, str]]


class Scripted(ThreadingHTTPServer):
    """Answers each request with what a list says next, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers: list[Answer | None] = []
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/base"


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Scripted

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        answer = self.server.answers.pop(0)
        if answer is None:  # hangs up without a word
            self.close_connection = True
            return
        status, content, headers = answer
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (theirs)
        pass


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def door(server: Scripted, waits: list[float]) -> Iterator[Door]:
    door = Door(server.url, "secret", sleep=waits.append)
    yield door
    door.close()


def test_a_list_is_followed_from_page_to_page(server: Scripted, door: Door) -> None:
    onward = {"Link": '</base/streams?after=2&limit=2>; rel="next"'}
    server.answers = [(200, [1, 2], onward), (200, [3], {})]
    assert list(door.pages("/streams", limit=2)) == [[1, 2], [3]]
    assert server.asked == [
        ("/base/streams?limit=2", "Bearer secret"),
        ("/base/streams?after=2&limit=2", "Bearer secret"),
    ]


def test_a_link_to_elsewhere_does_not_take_the_token_there(server: Scripted, door: Door) -> None:
    elsewhere = {"Link": '<http://elsewhere.example/base/things?before=3>; rel="next"'}
    server.answers = [(200, [{"id": 5}], elsewhere), (200, [{"id": 1}], {})]
    since = "2026-10-05T00:00:00+07:00"
    assert list(door.rows("/things", lambda row: row["id"], since=since)) == [5, 1]
    assert server.asked == [
        ("/base/things?limit=1000&since=2026-10-05T00%3A00%3A00%2B07%3A00", "Bearer secret"),
        ("/base/things?before=3", "Bearer secret"),
    ]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"id": 1}, "does not answer like the API: no JSON list"),
        ([1], "tells of /things what is not understood"),
        ([{"number": 1}], r"tells of /things what is not understood: KeyError\('id'\)"),
    ],
)
def test_rows_that_are_none_are_told(
    server: Scripted, door: Door, answer: object, sentence: str
) -> None:
    server.answers = [(200, answer, {})]
    with pytest.raises(DoorClosed, match=sentence):
        list(door.rows("/things", lambda row: row["id"]))


def test_a_page_before_is_not_followed(server: Scripted, door: Door) -> None:
    server.answers = [(200, [1], {"Link": '</base/x?until=1>; rel="prev"'})]
    assert list(door.pages("/x")) == [[1]]


def test_who_is_busy_is_asked_again_after_the_time_it_names(
    server: Scripted, door: Door, waits: list[float]
) -> None:
    server.answers = [(503, {"detail": "busy"}, {"Retry-After": "5"}), None, (200, {"a": 1}, {})]
    assert door.one("/assets/a") == {"a": 1}
    assert waits == [5.0, 0.1]


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (
            (401, {"detail": "This token is not known"}, {}),
            DoorClosed,
            "does not take API_TOKEN: T",
        ),
        ((404, {"detail": "there is no asset x"}, {}), NotThere, "there is no asset x"),
        ((500, {"detail": "a fault"}, {}), DoorClosed, r"does not answer \(status 500\): a fault"),
        ((200, b"<html>", {}), DoorClosed, "does not answer like the API"),
        ((404, b"nginx", {}), DoorClosed, "does not answer like the API"),
    ],
)
def test_each_way_it_stays_shut_is_one_sentence(
    server: Scripted, door: Door, answer: Answer, kind: type[Exception], sentence: str
) -> None:
    server.answers = [answer]
    with pytest.raises(kind, match=sentence) as caught:
        door.one("/assets/x")
    assert server.url in str(caught.value)


def test_an_api_that_is_not_there_is_told_so() -> None:
    with pytest.raises(DoorClosed, match=r"http://127\.0\.0\.1:1 cannot be reached: .*refused"):
        Door("http://127.0.0.1:1", "x").one("/assets/x")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "API_TOKEN is not set"),
        ({"API_URL": "http://x", "API_TOKEN": " "}, "API_TOKEN is not set"),
        ({"API_URL": "x:80", "API_TOKEN": "x"}, "API_URL is 'x:80', not an address"),
        ({"API_URL": "http://x:port", "API_TOKEN": "x"}, "not an address"),
        ({"API_URL": "http://x", "API_TOKEN": "a\nb"}, "API_TOKEN has characters"),
    ],
)
def test_a_variable_that_is_of_no_use_is_named(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadDoor, match=sentence):
        door_from(environment)


def test_a_name_is_one_part_of_a_path() -> None:
    assert at("a/b:c d") == "a%2Fb%3Ac%20d"
