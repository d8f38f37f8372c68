"""A way to a database that can be slow, narrow, or cut between a COMMIT and its answer."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

COMMIT = b"COMMIT\0"  # as psycopg sends it; "ON COMMIT" in a statement goes on otherwise
PIECE = 65_536


class Call:
    """One connection that is led through."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.doomed = False  # its next answer is not passed on

    def hang_up(self) -> None:
        """Ends it on both sides."""
        for end in (self.near, self.far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Proxy:
    """A port of its own that leads to a server.

    delay is how many seconds each piece takes on its way there; pace how many bytes a second go
    through there (0: all that come), over all connections together; answers_to_lose how many of
    the coming COMMITs are carried out and never answered: the wire is cut when the answer comes.
    """

    def __init__(self, host: str, port: int, *, delay: float = 0.0, pace: float = 0.0) -> None:
        self.far = (host, port)
        self.delay, self.pace = delay, pace
        self.answers_to_lose = 0
        self.answers_lost = 0
        self.carried = 0
        self.narrow = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.calls: list[Call] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.accept, name="proxy", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for call in self.calls:
            call.hang_up()

    def accept(self) -> None:
        """Leads every caller through."""
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                try:
                    call = Call(near, socket.create_connection(self.far))
                except OSError:
                    near.close()
                    continue
                self.calls.append(call)
                for way in (self.carry_there, self.carry_back):
                    threading.Thread(target=way, args=(call,), daemon=True).start()

    def carry_there(self, call: Call) -> None:
        """From the caller to the server."""
        with contextlib.suppress(OSError):
            while data := call.near.recv(PIECE):
                if self.delay:
                    time.sleep(self.delay)
                if self.pace:
                    with self.narrow:
                        time.sleep(len(data) / self.pace)
                if self.answers_to_lose and COMMIT in data:
                    self.answers_to_lose -= 1
                    call.doomed = True
                self.carried += len(data)
                call.far.sendall(data)
        call.hang_up()

    def carry_back(self, call: Call) -> None:
        """From the server to the caller, as long as the wire holds."""
        with contextlib.suppress(OSError):
            while data := call.far.recv(PIECE):
                if call.doomed:
                    self.answers_lost += 1
                    break
                call.near.sendall(data)
        call.hang_up()
