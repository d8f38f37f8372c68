"""The summary of a run: counted page by page, at the API's door."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.stack.home import Home
from scripts.stack.summary import summarise

SINCE = datetime(2026, 1, 1, 8, 30, 25, tzinfo=UTC)
PAGES = {
    "/ledger": [{"stored": 1200, "rejected": 3}],
    "/ledger-2": [{"stored": 34, "rejected": 0}],
    "/anomalies": [{}, {}],
    "/incidents": [
        {"opened_at": "2026-01-01T08:31:00Z"},
        {"opened_at": "2025-12-31T23:00:00Z"},
    ],
}


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        allowed = self.headers["Authorization"] == "Bearer open-sesame"
        self.send_response(200 if allowed else 401)
        if path == "/ledger":
            self.send_header("Link", '</ledger-2>; rel="next"')
        self.end_headers()
        self.wfile.write(json.dumps(PAGES[path]).encode())

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, name="door").start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_everything_since_that_minute_is_counted(home: Home, url: str) -> None:
    home.addresses.write_text(f"API_URL={url}\nAPI_TOKEN=open-sesame\n")
    assert summarise(home, SINCE) == (
        "since 08:30 UTC: 1,234 readings stored, 3 rejected, "
        "2 anomalies noticed, 1 incidents opened"
    )


def test_an_api_that_refuses_is_quoted(home: Home, url: str) -> None:
    home.addresses.write_text(f"API_URL={url}\nAPI_TOKEN=guess\n")
    assert "401" in summarise(home, SINCE)
