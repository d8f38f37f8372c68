"""Accounts on a real broker: what is allowed, what is refused, and what a change does at once."""

import itertools
import socket

import pytest

from models.access import Convention, Kind
from services.store import accounts
from tests.access.conftest import Client, Site
from tests.flow.platform import wait_until

NUMBERS = itertools.count(1)


def a_name() -> str:
    return f"dev-{next(NUMBERS)}"


def test_nobody_is_let_in_without_an_account_or_its_password(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    assert not site.lets_in(None, None)
    assert not site.lets_in(name, None)
    assert not site.lets_in(name, password[::-1])
    assert not site.lets_in(name, "")
    assert not site.lets_in("nobody-knows", password)


def test_no_password_stands_in_the_brokers_files(site: Site) -> None:
    password = site.account(a_name())
    for file in (*site.folder.iterdir(), *site.broker.folder.glob("[pa]*")):
        if file.is_file():
            written = file.read_text()
            assert password not in written
            assert not any(own in written for own in site.broker.accounts.values())


def test_a_device_speaks_under_its_own_name(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    device = site.signed_in(name, password)
    ingest = site.own("ingest").hears("#")
    for topic in (f"city/{name}/telemetry", f"egov/{name}/status", f"city/{name}/senml"):
        assert device.may_say(topic)
        assert ingest.heard.get(timeout=5) == topic


@pytest.mark.parametrize(
    "topic",
    [
        "city/another/telemetry",
        "city/{name}/commands",
        "city/{name}/{name}/telemetry",
        "city/{name}",
        "tele/{name}/SENSOR",
        "{name}/events/rpc",
        "spBv1.0/STATE/cityops",
        "$SYS/broker/uptime",
    ],
)
def test_a_device_is_refused_what_is_not_its_own(site: Site, topic: str) -> None:
    name = a_name()
    device = site.signed_in(name, site.account(name))
    assert not device.may_say(topic.format(name=name))


@pytest.mark.parametrize("asked", ["#", "+/#", "city/+/commands", "$share/all/city/#"])
def test_a_device_hears_its_own_commands_alone(site: Site, asked: str) -> None:
    name = a_name()
    engineer = site.own("engineer")
    engineer.client.publish("city/another/commands", b"{}", qos=1, retain=True)
    assert engineer.published.get(timeout=5)
    device = site.signed_in(name, site.account(name)).hears(asked)
    for topic in ("city/another/commands", f"city/{name}/telemetry", f"city/{name}/commands"):
        assert engineer.may_say(topic)
    assert device.heard.get(timeout=5) == f"city/{name}/commands"
    assert device.heard.empty()


def test_a_last_will_does_not_speak_under_anothers_name(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    ingest = site.own("ingest").hears("city/+/status")
    for topic in ("city/another/status", f"city/{name}/status"):
        device = Client(site.broker.port, name, password, will=topic)
        if device.let_in:
            lost = device.client.socket()
            assert isinstance(lost, socket.socket)
            lost.shutdown(socket.SHUT_RDWR)
    assert ingest.heard.get(timeout=5) == f"city/{name}/status"


def test_a_gateway_speaks_for_its_children_and_no_others(site: Site) -> None:
    name, other = a_name(), a_name()
    password = site.account(name, kind=Kind.GATEWAY)
    site.account(other, kind=Kind.GATEWAY)
    gateway = site.signed_in(name, password)
    assert gateway.may_say(f"city/{name}/telemetry")
    assert gateway.may_say(f"city/{name}/lamp-1/telemetry")
    assert gateway.may_say(f"city/{name}/lamp-1/commands/response")
    assert not gateway.may_say(f"city/{other}/lamp-1/telemetry")
    assert not site.signed_in(name, password).may_say("city/lamp-1/telemetry")


def test_commands_reach_children_and_their_answers_come_back(site: Site) -> None:
    name = a_name()
    gateway = site.signed_in(name, site.account(name, kind=Kind.GATEWAY))
    gateway.hears(f"city/{name}/+/commands")
    commands = site.own("commands").hears("city/+/+/commands/response")
    assert commands.may_say(f"city/{name}/lamp-1/commands")
    assert gateway.heard.get(timeout=5) == f"city/{name}/lamp-1/commands"
    assert gateway.may_say(f"city/{name}/lamp-1/commands/response")
    assert commands.heard.get(timeout=5) == f"city/{name}/lamp-1/commands/response"
    assert not commands.may_say(f"city/{name}/telemetry")


def test_ids_with_spaces_have_their_topics(site: Site) -> None:
    name = a_name()
    place = f"Sparkplug B {name}/Raspberry Pi"
    password = site.account(name, kind=Kind.GATEWAY, convention=Convention.SPARKPLUG, place=place)
    edge = site.signed_in(name, password)
    assert edge.may_say(f"spBv1.0/Sparkplug B {name}/NDATA/Raspberry Pi")
    assert edge.may_say(f"spBv1.0/Sparkplug B {name}/DDATA/Raspberry Pi/valve")
    assert not edge.may_say(f"spBv1.0/Sparkplug B {name}/NDATA/Raspberry")


def test_a_service_listens_and_says_nothing(site: Site) -> None:
    name = a_name()
    partner = site.signed_in(name, site.account(name, kind=Kind.SERVICE)).hears("city/+/telemetry")
    assert site.own("simulator").may_say("city/pump-1/telemetry")
    assert partner.heard.get(timeout=5) == "city/pump-1/telemetry"
    assert not partner.may_say(f"city/{name}/telemetry")


def test_a_new_password_ends_the_old_one_and_who_is_connected_with_it(site: Site) -> None:
    name = a_name()
    old = site.account(name)
    connected, bystander = site.signed_in(name, old), site.own("engineer")
    new = site.change(accounts.rotate, name)
    assert connected.ended.wait(5)
    assert not site.lets_in(name, old)
    assert site.lets_in(name, new)
    assert bystander.may_say("city/any/telemetry")  # nobody else was cut off


def test_a_disabled_account_is_cut_off_and_comes_back_when_enabled(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    connected = site.signed_in(name, password)
    site.change(accounts.disable, name)
    assert connected.ended.wait(5)
    assert not site.lets_in(name, password)
    site.change(accounts.enable, name)
    wait_until(lambda: site.lets_in(name, password), f"{name} is let in again")


def test_accounts_outlive_the_broker(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    site.broker.stop()
    with site.broker:
        assert site.lets_in(name, password)
        assert site.own("ingest").let_in
    site.broker.create()
    site.broker.start()
