"""A stand-in for the part of Grafana's HTTP API that a push speaks to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "glsa_good"


class GrafanaApiDouble:
    """Folders and boards in memory; `answers` may hold a status and words for every request."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.writes = 0
        self.answers: tuple[int, str] | None = None
        self.url = ""

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        kind, _, uid = path.rpartition("/")
        there = {"/api/folders": self.folders, "/api/dashboards/uid": self.boards}[kind]
        return (200, there[uid]) if uid in there else (404, {"message": f"no {uid}"})

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.writes += 1
        if path == "/api/folders":
            self.folders[body["uid"]] = body
            return 200, body
        board = body["dashboard"]
        version = self.boards.get(board["uid"], {"dashboard": {"version": 0}})
        number = version["dashboard"]["version"] + 1
        self.boards[board["uid"]] = {
            "dashboard": board | {"id": 7, "version": number},
            "meta": {"folderUid": body["folderUid"], "provisioned": False},
        }
        return 200, {"status": "success", "uid": board["uid"], "version": number}


class Door(BaseHTTPRequestHandler):
    """Speaks HTTP for the double of its subclass."""

    double: GrafanaApiDouble

    def do_GET(self) -> None:
        self.answer(lambda: self.double.get(self.path))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(lambda: self.double.post(self.path, body))

    def answer(self, work: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        if self.double.answers is not None:
            status, text = self.double.answers
            self.say(status, text, "application/json" if text.startswith("{") else "text/html")
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.say(401, json.dumps({"message": "invalid API key"}))
        else:
            status, told = work()
            self.say(status, json.dumps(told))

    def say(self, status: int, text: str, kind: str = "application/json") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def grafana_api() -> Iterator[GrafanaApiDouble]:
    """The double on a port of its own."""
    double = GrafanaApiDouble()
    door = type("DoubleDoor", (Door,), {"double": double})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        thread = threading.Thread(target=server.serve_forever, name="grafana-double")
        thread.start()
        double.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield double
        finally:
            server.shutdown()
            thread.join()
