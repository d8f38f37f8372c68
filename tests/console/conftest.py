"""The console on a real socket, signed in to the database as its own small role.

One database and one server serve all tests of the folder: what a test changes it makes itself.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.console.app import create_app
from services.console.settings import ConsoleSettings
from services.store import tokens
from services.store.pool import Connection
from tests.api import city
from tests.doors import city_store, only_warnings, served, signed_in_as

DATABASE, ROLE = "test_console", "cityops_console"
GRAFANA = "http://boards.example:3000"

Browsing = Callable[..., httpx.Client]


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    with only_warnings():
        yield


@pytest.fixture(scope="package")
def store(cluster: Cluster) -> Iterator[Connection]:
    with city_store(cluster, DATABASE) as conn:
        yield conn


@pytest.fixture(scope="package")
def signed_in(
    cluster: Cluster, store: Connection, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("passwords")
    with signed_in_as(ROLE, cluster, store, folder, DATABASE):
        yield


@contextmanager
def serving(settings: ConsoleSettings) -> Iterator[str]:
    """The address of a console that serves in a thread of this process."""
    with served("console", settings, lambda: create_app(settings)):
        yield settings.address


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
