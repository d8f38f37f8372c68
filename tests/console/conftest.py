"""The console on a real socket, signed in to the database as its own small role.

One database and one server serve all tests of the folder: what a test changes it makes itself.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import psycopg
import pytest
import structlog

from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.console.app import create_app
from services.console.settings import ConsoleSettings
from services.listening import listener
from services.server import Server
from services.store import logins, tokens
from services.store.pool import Connection
from tests.api import city
from tests.conftest import OWNER, OWNER_PASSWORD, TEMPLATE, conninfo

DATABASE, ROLE, PASSWORD = "test_console", "cityops_console", "opens-a-throwaway-database"
GRAFANA = "http://boards.example:3000"

Browsing = Callable[..., httpx.Client]


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    """The console's log says nothing below a warning."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="package")
def store(cluster: Cluster) -> Iterator[Connection]:
    """The city's database, by its owner's connection: what it does is committed at once."""
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE} OWNER {OWNER}".encode())
        owner = conninfo(cluster.connection(OWNER, OWNER_PASSWORD, DATABASE))
        with psycopg.connect(owner, autocommit=True) as conn:
            city.build(conn)
            yield conn
        admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)".encode())


@pytest.fixture(scope="package")
def signed_in(
    cluster: Cluster, store: Connection, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """libpq's variables name the console's own role, which may do its work and nothing else."""
    folder = tmp_path_factory.mktemp("passwords")
    (folder / ROLE).write_text(PASSWORD)
    logins.grant(store, folder)
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in cluster.connection(ROLE, PASSWORD, DATABASE).items():
            patch.setenv(variable, value)
        yield


@contextmanager
def serving(settings: ConsoleSettings) -> Iterator[str]:
    """The address of a console that serves in a thread of this process."""
    ready = threading.Event()
    with listener(settings.host, settings.port, "CONSOLE") as listening:
        server = Server(create_app(settings), ready.set)
        thread = threading.Thread(target=server.run, args=[[listening]], name="console")
        thread.start()
        try:
            assert ready.wait(30)
            yield settings.address
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="package")
def address(signed_in: None) -> Iterator[str]:
    """Where the console serves."""
    with serving(ConsoleSettings(port=free_port(), grafana_url=GRAFANA)) as address:
        yield address


@pytest.fixture(scope="package")
def browsing(address: str) -> Iterator[Browsing]:
    """Browsers: each says where its forms come from, as all do; with a token it signs in."""
    with ExitStack() as closing:

        def browser(token: str | None = None, **headers: str) -> httpx.Client:
            said = {"origin": address} | headers
            client = closing.enter_context(httpx.Client(base_url=address, headers=said))
            if token is not None:
                assert client.post("/sign-in", data={"token": token}).status_code == 303
            return client

        yield browser


@pytest.fixture(scope="package")
def operator(browsing: Browsing, store: Connection) -> httpx.Client:
    return browsing(tokens.create(store, "lan", "operator"))


@pytest.fixture(scope="package")
def viewer(browsing: Browsing, store: Connection) -> httpx.Client:
    return browsing(tokens.create(store, "binh", "viewer"))


@pytest.fixture
def incident(store: Connection) -> str:
    """The path of an incident that has just opened."""
    return f"/incidents/{city.raise_incident(store)}"


def seen(page: str) -> str:
    """The version that a page was made from."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def text_of(page: str) -> str:
    """What a page says, without its elements."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
