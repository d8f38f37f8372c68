"""The reader of the API, before servers that are not quite it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from scripts.stack.ports import free_port
from simulators.platform_api import ApiRefuses, ApiUnreachable, BadApiAddress, PlatformApi, api_from


class Answers(BaseHTTPRequestHandler):
    """Answers in turn with what it was given: a status, a body, a Link."""

    answers: ClassVar[list[tuple[int, bytes, str]]] = []
    asked: ClassVar[list[tuple[str, str]]] = []
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        status, body, link = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(*answers: tuple[int, bytes, str]) -> Iterator[PlatformApi]:
    Answers.answers[:], Answers.asked[:] = answers, []
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever, args=[0.01], name="answers")
        thread.start()
        try:
            yield PlatformApi(f"http://127.0.0.1:{server.server_port}/city", "open-sesame")
        finally:
            server.shutdown()
            thread.join()


def page(*numbers: int) -> bytes:
    return json.dumps([{"id": number} for number in numbers]).encode()


def number_of(row: dict[str, Any]) -> int:
    return int(row["id"])


def test_pages_are_followed_and_the_token_stays_with_its_host() -> None:
    elsewhere = '<http://elsewhere.example/city/things?before=3&limit=1000>; rel="next"'
    with serving((200, page(5, 3), elsewhere), (200, page(1), "")) as api:
        assert list(api.rows("/things", number_of, since="2026-10-05T00:00:00+07:00")) == [5, 3, 1]
    assert Answers.asked == [
        ("/city/things?limit=1000&since=2026-10-05T00%3A00%3A00%2B07%3A00", "Bearer open-sesame"),
        ("/city/things?before=3&limit=1000", "Bearer open-sesame"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, b'{"detail": "not you"}', r"refuses: not you \(HTTP 403\); the token is API_TOKEN's"),
        (503, b'{"detail": "try again"}', r"refuses: try again \(HTTP 503\)$"),
        (302, b"", r"refuses: Found \(HTTP 302\)"),
        (404, b"[]", r"refuses: Not Found \(HTTP 404\)"),
        (200, b"<html>", "is not the platform's API"),
        (200, b'{"id": 1}', "is not the platform's API"),
        (200, b"[1]", "tells of /things what is not understood"),
        (200, b'[{"number": 1}]', r"tells of /things what is not understood: KeyError\('id'\)"),
    ],
)
def test_what_is_no_answer_is_said(status: int, body: bytes, why: str) -> None:
    with serving((status, body, "")) as api, pytest.raises(ApiRefuses, match=why):
        list(api.rows("/things", number_of))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_nobody_listens_nothing_can_be_reached(scheme: str) -> None:
    nowhere = f"{scheme}://127.0.0.1:{free_port()}"
    with pytest.raises(ApiUnreachable, match=f"{nowhere} cannot be reached"):
        list(PlatformApi(nowhere, "any").rows("/things", number_of))


def test_the_environment_names_the_api() -> None:
    assert api_from({"API_TOKEN": " t "}) == PlatformApi("http://127.0.0.1:8000", "t")
    named = {"API_URL": "https://city.example/api/", "API_TOKEN": "t"}
    assert api_from(named).url == "https://city.example/api"
    assert "open-sesame" not in repr(api_from({"API_TOKEN": "open-sesame"}))
    with pytest.raises(BadApiAddress, match="API_TOKEN is not set"):
        api_from({})
