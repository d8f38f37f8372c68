"""The API on a real socket, signed in to the database as its own small role.

One database and one server serve all tests of the folder: what a test changes it makes itself
(city.raise_incident, city.newcomer).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
import pytest
import structlog

from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.listening import listener
from services.server import Server
from services.store import logins, tokens
from services.store.pool import Connection
from tests.api import city
from tests.conftest import OWNER, OWNER_PASSWORD, TEMPLATE, conninfo

HERE = Path(__file__).parent
DATABASE, ROLE, PASSWORD = "test_api", "cityops_api", "opens-a-throwaway-database"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The laws come last of this folder: they change whatever they are allowed to."""
    ours = [item for item in items if item.path.parent == HERE]
    if not ours:
        return
    at = items.index(ours[0])
    others = [item for item in items if item.path.parent != HERE]
    items[:] = [*others[:at], *sorted(ours, key=is_law), *others[at:]]


def is_law(item: pytest.Item) -> bool:
    """Whether a test is one of the laws over all of the API."""
    return item.path.name == "test_laws.py"


class People(NamedTuple):
    """Clients of the API: one without a token, one of each role (named viewer-1, ...)."""

    nobody: httpx.Client
    viewer: httpx.Client
    operator: httpx.Client
    engineer: httpx.Client


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    """The API's log says nothing below a warning."""
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
    """libpq's variables name the API's own role, which may do its work and nothing else."""
    folder = tmp_path_factory.mktemp("passwords")
    (folder / ROLE).write_text(PASSWORD)
    logins.grant(store, folder)
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in cluster.connection(ROLE, PASSWORD, DATABASE).items():
            patch.setenv(variable, value)
        yield


@contextmanager
def serving(settings: ApiSettings) -> Iterator[str]:
    """The address of an API that serves in a thread of this process."""
    ready = threading.Event()
    with listener(settings.host, settings.port, "API") as listening:
        server = Server(create_app(settings), ready.set)
        thread = threading.Thread(target=server.run, args=[[listening]], name="api")
        thread.start()
        try:
            assert ready.wait(30)
            yield f"http://{settings.host}:{settings.port}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="package")
def address(signed_in: None) -> Iterator[str]:
    """Where the API serves."""
    with serving(ApiSettings(port=free_port())) as address:
        yield address


@pytest.fixture(scope="package")
def people(address: str, store: Connection) -> Iterator[People]:
    with ExitStack() as closing:

        def client(**headers: str) -> httpx.Client:
            return closing.enter_context(httpx.Client(base_url=address, headers=headers))

        yield People(
            client(),
            *(
                client(authorization=f"Bearer {tokens.create(store, f'{role}-1', role)}")
                for role in ("viewer", "operator", "engineer")
            ),
        )


@pytest.fixture
def viewer(people: People) -> httpx.Client:
    return people.viewer


@pytest.fixture
def operator(people: People) -> httpx.Client:
    return people.operator
