"""A stand-in for the part of Grafana's HTTP API that a push speaks to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "glsa_good"


class GrafanaApiDouble:
    """Folders and boards in memory; `answers` may hold a status and words for every request.

    What is not there is forbidden to an Editor, and the first version of a board bears no words but
    Grafana's own: both as seen on 9.1.
    """

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.writes = 0
        self.old = False
        self.answers: tuple[int, str] | None = None
        self.url = ""

    def get(self, path: str) -> tuple[int, Any]:
        path = path.partition("?")[0]
        if path == "/api/search":
            return 200, [
                {"uid": uid, "title": each["dashboard"]["title"], **each["meta"]}
                for uid, each in self.boards.items()
            ]
        if path.endswith("/versions"):
            return self.versions(*path.split("/")[3:5])
        kind, _, uid = path.rpartition("/")
        there = {"/api/folders": self.folders, "/api/dashboards/uid": self.boards}[kind]
        if uid in there:
            return 200, there[uid]
        return (404, {"message": f"no {uid}"}) if self.old else (403, {"message": "Access denied"})

    def versions(self, kind: str, name: str) -> tuple[int, Any]:
        """9.0 lists them by a board's number alone; later releases by its uid, in an object."""
        if (kind == "id") is not self.old:
            return 404, {"message": "not found"}
        [board] = [each for each in self.boards.values() if name == str(each["dashboard"][kind])]
        listed = [
            {"version": number, "message": message if number > 1 else "Initial save"}
            for number, message in enumerate(board["messages"], start=1)
        ]
        return 200, listed if self.old else {"versions": listed[::-1]}

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.writes += 1
        if path == "/api/folders":
            self.folders[body["uid"]] = body
            return 200, body
        board = body["dashboard"]
        there = self.boards.get(board["uid"])
        number = there["dashboard"]["id"] if there else 7 + len(self.boards)
        messages = there["messages"] if there else []
        messages = [*messages, body["message"]]
        self.boards[board["uid"]] = {
            "dashboard": board | {"id": number, "version": len(messages)},
            "meta": {"folderUid": body["folderUid"], "provisioned": False},
            "messages": messages,
        }
        return 200, {"status": "success", "uid": board["uid"], "version": len(messages)}

    def delete(self, path: str) -> tuple[int, dict[str, Any]]:
        self.writes += 1
        del self.boards[path.rpartition("/")[2]]
        return 200, {"message": "deleted"}

    def by_hand(self, uid: str, **changes: Any) -> None:
        """Somebody opens a board, changes it and saves it."""
        board = self.boards[uid]["dashboard"] | changes
        folder = self.boards[uid]["meta"]["folderUid"]
        self.post("/api/dashboards/db", {"dashboard": board, "folderUid": folder, "message": ""})


class Door(BaseHTTPRequestHandler):
    """Speaks HTTP for the double of its subclass."""

    double: GrafanaApiDouble

    def do_GET(self) -> None:
        self.answer(lambda: self.double.get(self.path))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(lambda: self.double.post(self.path, body))

    def do_DELETE(self) -> None:
        self.answer(lambda: self.double.delete(self.path))

    def answer(self, work: Callable[[], tuple[int, Any]]) -> None:
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
