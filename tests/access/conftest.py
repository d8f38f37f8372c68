"""A site: a registry, a broker that takes its accounts up, certificates, and clients of it."""

import queue
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from psycopg import sql

from models.access import Account
from scripts.stack.broker import Broker, Encrypted, throwaway_broker
from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.accounts.__main__ import look
from services.accounts.authority import Authority
from services.store import accounts
from services.store.pool import Pool, open_pool, transaction
from tests.conftest import OWNER, OWNER_PASSWORD, TEMPLATE, conninfo
from tests.flow.platform import wait_until

DATABASE = "test_access"
WAIT = 10.0


class Client:
    """One connection, and what came of it."""

    def __init__(
        self,
        port: int,
        name: str | None,
        password: str | None,
        tls: Any = None,
        *,
        will: str | None = None,
    ) -> None:
        self.answers: queue.Queue[bool] = queue.Queue()
        self.published: queue.Queue[bool] = queue.Queue()
        self.heard: queue.Queue[str] = queue.Queue()
        self.ended = threading.Event()
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, reconnect_on_failure=False
        )
        self.client.username_pw_set(name, password)
        if will is not None:
            self.client.will_set(will, b"offline", qos=1)
        if tls is not None:
            self.client.tls_set_context(tls)
        self.client.on_connect = lambda _c, _u, _f, code, _p: self.answers.put(not code.is_failure)
        self.client.on_subscribe = lambda *_: self.answers.put(True)
        self.client.on_publish = lambda _c, _u, _m, code, _p: self.published.put(
            not code.is_failure
        )
        self.client.on_message = lambda _c, _u, message: self.heard.put(message.topic)
        self.client.on_disconnect = self.gone
        try:
            self.client.connect("127.0.0.1", port)
            self.client.loop_start()
            self.let_in = self.answers.get(timeout=WAIT)
        except ssl.SSLError:  # we do not trust it
            self.let_in = False

    def gone(self, *_: object) -> None:
        self.ended.set()
        self.answers.put(False)  # where it ended before there was an answer

    def hears(self, topics: str) -> "Client":
        self.client.subscribe(topics, qos=1)
        assert self.answers.get(timeout=WAIT)
        return self

    def may_say(self, topic: str, payload: bytes = b"{}") -> bool:
        """Whether the broker takes it; if not, it hangs up too."""
        self.client.publish(topic, payload, qos=1)
        return self.published.get(timeout=WAIT)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Site:
    """The registry, the broker and the authority of one place."""

    def __init__(self, pool: Pool, broker: Broker, authority: Authority, folder: Path) -> None:
        self.pool, self.broker, self.authority, self.folder = pool, broker, authority, folder
        self.clients: list[Client] = []

    def account(self, name: str, **said: Any) -> str:
        """An account that the broker knows of; its password."""
        with transaction(self.pool) as conn:
            password = accounts.create(conn, "ana", Account(name, **said))
        self.taken_up()
        wait_until(lambda: self.lets_in(name, password), f"{name} is let in")
        return password

    def change(self, what: Callable[..., Any], name: str) -> Any:
        """Rotate, disable or enable an account, as far as the broker."""
        with transaction(self.pool) as conn:
            done = what(conn, "ana", name)
        self.taken_up()
        return done

    def taken_up(self) -> None:
        """What the registry and the authority say goes to the broker."""
        look(self.pool, self.folder)
        if self.broker.refresh():
            self.broker.reload()

    def lets_in(self, name: str | None, password: str | None) -> bool:
        return self.signed_in(name, password).let_in

    def signed_in(self, name: str | None, password: str | None, port: int | None = None) -> Client:
        return self.kept(Client(port or self.broker.port, name, password))

    def encrypted(
        self,
        *,
        name: str | None = None,
        password: str | None = None,
        certificate: tuple[Path, Path] | None = None,
        trust: Path | None = None,
        by_certificate: bool = False,
    ) -> Client:
        """A client over TLS."""
        doors = self.broker.encrypted
        assert doors is not None
        context = ssl.create_default_context(cafile=trust or self.authority.folder / "ca.pem")
        if certificate is not None:
            context.load_cert_chain(*certificate)
        port = doors.certificate_port if by_certificate or certificate else doors.port
        return self.kept(Client(port, name, password, context))

    def own(self, name: str) -> Client:
        """One of the platform's own accounts."""
        return self.signed_in(name, self.broker.accounts[name])

    def kept(self, client: Client) -> Client:
        self.clients.append(client)
        return client


@pytest.fixture(scope="package")
def registry(cluster: Cluster) -> Iterator[Pool]:
    """A registry of accounts for the whole folder."""
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (DATABASE, TEMPLATE, OWNER))
            )
        )
        with signed_in(cluster, OWNER, OWNER_PASSWORD), open_pool("tests", size=2) as pool:
            yield pool
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(DATABASE)))


@contextmanager
def signed_in(cluster: Cluster, role: str, password: str) -> Iterator[None]:
    """libpq's variables name this role."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in cluster.connection(role, password, DATABASE).items():
            patch.setenv(variable, value)
        yield


@pytest.fixture(scope="package")
def whole_site(registry: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("accounts")
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.create()
    authority.server(["localhost", "127.0.0.1"])
    doors = Encrypted(free_port(), free_port(), authority.folder)
    with throwaway_broker(registry=folder, encrypted=doors) as broker:
        yield Site(registry, broker, authority, folder)


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    yield whole_site
    while whole_site.clients:
        whole_site.clients.pop().close()
