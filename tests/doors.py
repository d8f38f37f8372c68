"""What the tests of both doors for people stand on: a city's database, its role, a real socket."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import structlog
from fastapi import FastAPI

from scripts.stack.cluster import Cluster
from services.listening import Place, listener
from services.server import Server
from services.store import logins
from services.store.pool import Connection
from tests.api import city
from tests.conftest import OWNER, OWNER_PASSWORD, TEMPLATE, conninfo

PASSWORD = "opens-a-throwaway-database"


@contextmanager
def only_warnings() -> Iterator[None]:
    """A log that says nothing below a warning."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@contextmanager
def city_store(cluster: Cluster, database: str) -> Iterator[Connection]:
    """A database of the city, by its owner's connection: what it does is committed at once."""
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} OWNER {OWNER}".encode())
        owner = conninfo(cluster.connection(OWNER, OWNER_PASSWORD, database))
        with psycopg.connect(owner, autocommit=True) as conn:
            city.build(conn)
            yield conn
        admin.execute(f"DROP DATABASE {database} WITH (FORCE)".encode())


@contextmanager
def signed_in_as(
    role: str, cluster: Cluster, store: Connection, folder: Path, database: str
) -> Iterator[None]:
    """libpq's variables name a door's own role, which may do its work and nothing else."""
    (folder / role).write_text(PASSWORD)
    logins.grant(store, folder)
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in cluster.connection(role, PASSWORD, database).items():
            patch.setenv(variable, value)
        yield


@contextmanager
def served(name: str, place: Place, create: Callable[[], FastAPI]) -> Iterator[None]:
    """An application that serves at a place, in a thread of this process."""
    ready = threading.Event()
    with listener(place.host, place.port, name.upper()) as listening:
        server = Server(create(), ready.set)
        thread = threading.Thread(target=server.run, args=[[listening]], name=name)
        thread.start()
        try:
            assert ready.wait(30)
            yield
        finally:
            server.should_exit = True
            thread.join()
