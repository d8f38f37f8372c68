"""The API on a real socket, signed in to the database as its own small role.

One database and one server serve all tests of the folder: what a test changes it makes itself
(city.raise_incident, city.newcomer).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.store import tokens
from services.store.pool import Connection
from tests.doors import city_store, only_warnings, served, signed_in_as

HERE = Path(__file__).parent
DATABASE, ROLE = "test_api", "cityops_api"


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
def serving(settings: ApiSettings) -> Iterator[str]:
    """The address of an API that serves in a thread of this process."""
    with served("api", settings, lambda: create_app(settings)):
        yield f"http://{settings.host}:{settings.port}"


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
