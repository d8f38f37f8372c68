"""TLS on a real broker: whom it lets in by certificate, and whom not any more."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from ingest.broker import Broker as IngestBroker
from ingest.broker import BrokerRefused
from ingest.settings import BrokerSettings
from ingest.slots import Slots
from services.accounts.authority import (
    DEVICE_LASTS,
    Authority,
    BadCertificate,
    alternative,
)
from services.store import accounts
from simulators.address import BadAddress, address_from
from simulators.broker import Broker as DeviceBroker
from tests.access.conftest import Site
from tests.flow.platform import CHECKOUT, wait_until

NUMBERS = itertools.count(1)
Run = Callable[..., subprocess.CompletedProcess[str]]


def a_name() -> str:
    return f"tls-{next(NUMBERS)}"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "other")
    made.create()
    return made


def test_a_password_opens_the_encrypted_door_and_only_a_right_one(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    assert site.encrypted(name=name, password=password).may_say(f"city/{name}/telemetry")
    assert not site.encrypted(name=name, password="guess").let_in
    assert not site.encrypted().let_in


def test_a_client_does_not_trust_a_broker_of_another_authority(
    site: Site, authority: Authority
) -> None:
    name = a_name()
    password = site.account(name)
    trusting_another = authority.folder / "ca.pem"
    assert not site.encrypted(name=name, password=password, trust=trusting_another).let_in


def test_a_certificate_is_its_account_and_needs_no_password(site: Site) -> None:
    name = a_name()
    site.account(name)
    device = site.encrypted(certificate=site.authority.device(name))
    assert device.may_say(f"city/{name}/telemetry")
    assert not device.may_say("city/another/telemetry")


def test_a_certificate_cannot_sign_in_as_somebody_else(site: Site) -> None:
    name, other = a_name(), a_name()
    site.account(name)
    password = site.account(other)
    device = site.encrypted(name=other, password=password, certificate=site.authority.device(name))
    assert not device.may_say(f"city/{other}/telemetry")


def test_without_a_certificate_that_door_stays_shut(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    assert not site.encrypted(name=name, password=password, by_certificate=True).let_in


def test_a_certificate_of_another_authority_is_refused(site: Site, authority: Authority) -> None:
    name = a_name()
    site.account(name)
    assert not site.encrypted(certificate=authority.device(name)).let_in


def test_the_brokers_own_certificate_is_no_devices(site: Site) -> None:
    folder = site.authority.folder
    assert not site.encrypted(certificate=(folder / "server.pem", folder / "server.key")).let_in


def test_a_revoked_certificate_is_refused_and_the_next_one_is_not(site: Site) -> None:
    name, other = a_name(), a_name()
    site.account(name)
    site.account(other)
    first, bystander = site.authority.device(name), site.authority.device(other)
    assert site.encrypted(certificate=first).let_in
    kept = tuple(path.rename(path.with_suffix(f".old{path.suffix}")) for path in first)
    site.authority.revoke(name)
    site.taken_up()
    wait_until(lambda: not site.encrypted(certificate=(kept[0], kept[1])).let_in, "it is refused")
    assert site.encrypted(certificate=bystander).let_in
    assert site.encrypted(certificate=site.authority.device(name)).let_in
    site.authority.revoke(other)  # in the same second, perhaps
    site.taken_up()
    wait_until(lambda: not site.encrypted(certificate=bystander).let_in, "the other one too")


def test_a_disabled_account_may_do_nothing_with_its_certificate(site: Site) -> None:
    name = a_name()
    site.account(name)
    certificate = site.authority.device(name)
    connected = site.encrypted(certificate=certificate).hears(f"city/{name}/commands")
    site.change(accounts.disable, name)
    topic = f"city/{name}/telemetry"
    wait_until(
        lambda: not site.encrypted(certificate=certificate).may_say(topic), "it may say nothing"
    )
    engineer = site.own("engineer")
    assert engineer.may_say(f"city/{name}/commands")
    assert not connected.may_say(f"city/{name}/telemetry")
    assert connected.heard.empty()


def test_a_new_server_certificate_is_taken_up_without_a_restart(site: Site) -> None:
    name = a_name()
    password = site.account(name)
    process = site.broker.pid
    connected = site.encrypted(name=name, password=password)
    site.authority.server(["127.0.0.1", "localhost", "mqtt.example.vn"])
    site.taken_up()
    assert site.encrypted(name=name, password=password).let_in
    assert connected.may_say(f"city/{name}/telemetry")
    assert site.broker.pid == process


def test_ingest_takes_everything_in_over_tls(site: Site) -> None:
    settings = over_tls(site, site.broker.accounts["ingest"])
    slots = Slots(5000, 1 << 26)
    with IngestBroker(settings, f"ingest-{a_name()}", ["city/#"], slots) as broker:
        assert broker.ready.wait(10)
        engineer = site.own("engineer")
        payloads = [bytes([65 + each % 26]) * (each * 37 % 5000) for each in range(400)]
        for payload in payloads:
            assert engineer.may_say("city/pump-1/telemetry", payload)
        big = b"x" * 300_000
        assert engineer.may_say("city/pump-1/telemetry", big)
        heard: list[bytes] = []
        while len(heard) <= len(payloads):
            taken = broker.take(500, 5.0)
            assert taken, "the rest never came"
            heard += [each.payload for each in taken]
            broker.acknowledge(taken)
        assert heard == [*payloads, big]


def over_tls(site: Site, password: str | None, **changed: object) -> BrokerSettings:
    assert site.broker.encrypted is not None
    given: dict[str, object] = {
        "host": "localhost",
        "port": site.broker.encrypted.port,
        "username": "ingest",
        "password": password,
        "ca_file": site.authority.folder / "ca.pem",
    }
    return BrokerSettings.model_validate(given | changed)


def test_ingest_signs_in_with_a_certificate(site: Site) -> None:
    assert site.broker.encrypted is not None
    certificate, key = site.authority.device("ingest")
    settings = over_tls(
        site,
        None,
        username=None,
        port=site.broker.encrypted.certificate_port,
        cert_file=certificate,
        key_file=key,
    )
    with IngestBroker(settings, "ingest-by-certificate", ["city/#"], Slots(10, 1 << 20)) as broker:
        assert broker.ready.wait(10)


def test_ingest_says_why_it_does_not_trust_a_broker(site: Site, authority: Authority) -> None:
    settings = over_tls(site, "x", ca_file=authority.folder / "ca.pem")
    with IngestBroker(settings, "ingest-wary", ["city/#"], Slots(10, 1 << 20)) as broker:
        wait_until(lambda: "certificate verify failed" in broker.said, "it says why")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ca_file": "/nowhere.pem"}, "MQTT_CA_FILE names no file"),
        ({"cert_file": __file__, "ca_file": __file__}, "go together"),
        ({"cert_file": __file__, "key_file": __file__}, "needs MQTT_CA_FILE"),
    ],
)
def test_a_setting_of_tls_that_cannot_be_is_named(changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        BrokerSettings.model_validate(changed)
    environment = {f"MQTT_{name.upper()}": value for name, value in changed.items()}
    with pytest.raises(BadAddress, match="MQTT_C"):
        address_from(environment)


def test_a_file_that_is_no_certificate_is_refused_at_the_start() -> None:
    with pytest.raises(BrokerRefused, match="MQTT_CA_FILE"):
        IngestBroker(BrokerSettings(ca_file=Path(__file__)), "x", ["#"], Slots(1, 1))


def test_a_simulated_device_speaks_over_tls(site: Site) -> None:
    assert site.broker.encrypted is not None
    name = a_name()
    site.account(name)
    certificate, key = site.authority.device(name)
    address = address_from(
        {
            "MQTT_HOST": "localhost",
            "MQTT_PORT": str(site.broker.encrypted.certificate_port),
            "MQTT_CA_FILE": str(site.authority.folder / "ca.pem"),
            "MQTT_CERT_FILE": str(certificate),
            "MQTT_KEY_FILE": str(key),
        }
    )
    with DeviceBroker(address, name, say=print) as device:
        device.publish(f"city/{name}/telemetry", "{}")
        device.settle()
    assert (device.acknowledged, device.refused) == (1, 0)


def test_what_is_signed_says_what_it_is_for(authority: Authority) -> None:
    certificate, key = authority.device("lamp-1")
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    assert made.subject.rfc4514_string() == "CN=lamp-1"
    purpose = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purpose) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert made.not_valid_before_utc < datetime.now(UTC)
    assert made.not_valid_after_utc - datetime.now(UTC) <= DEVICE_LASTS
    for path in (key, authority.folder / "ca.key", authority.folder / "issued.json"):
        assert path.stat().st_mode & 0o777 == 0o600
    issuer = x509.load_pem_x509_certificate((authority.folder / "ca.pem").read_bytes())
    made.verify_directly_issued_by(issuer)


def test_a_server_certificate_is_made_once_and_again_before_it_ends(authority: Authority) -> None:
    now = datetime.now(UTC)
    assert authority.prepare(["localhost"], now)
    assert not authority.prepare(["127.0.0.1"], now)
    authority.server(["mqtt.example.vn", "::1"])
    assert not authority.prepare(["localhost"], now)
    before = served(authority)
    assert authority.prepare(["localhost"], now + timedelta(days=370))
    after = served(authority)
    assert after.serial_number != before.serial_number
    for made in (before, after):  # the names somebody chose stay
        names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert [str(name.value) for name in names] == ["mqtt.example.vn", "::1"]


def served(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate((authority.folder / "server.pem").read_bytes())


@pytest.mark.parametrize("host", ["", "a b", "a/b", "-a", "a\n", "*", "*.*.vn", "ể.vn"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(BadCertificate):
        alternative(host)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b", "a\nb", "x" * 65])
def test_what_is_no_account_gets_no_certificate(authority: Authority, name: str) -> None:
    with pytest.raises(BadCertificate):
        authority.device(name)


def test_lists_of_one_second_are_told_apart(authority: Authority) -> None:
    moments = []
    for name in ("a", "b", "c"):
        authority.device(name)
        assert len(authority.revoke(name)) == 1
        assert authority.revoke(name) == []
        crl = x509.load_pem_x509_crl((authority.folder / "revoked.pem").read_bytes())
        moments.append(crl.last_update_utc)
    assert len(list(crl)) == 3
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime.now(UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.accounts.certificates", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env=os.environ | {"AUTHORITY_FOLDER": str(tmp_path / "site")} | changed,
            timeout=30,
        )

    return run


def test_the_commands_make_list_and_revoke(run: Run, tmp_path: Path) -> None:
    refused = run("device", "lamp-1")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "make one first" in refused.stderr
    public = tmp_path / "public"
    public.mkdir()
    prepared = run("prepare", "localhost", AUTHORITY_PUBLIC_FOLDER=str(public))
    assert prepared.returncode == 0, prepared.stderr
    assert {path.name for path in public.iterdir()} == {
        "ca.pem",
        "server.pem",
        "server.key",
        "revoked.pem",
    }
    again = run("prepare", "localhost")
    assert "nothing is missing" in again.stderr
    files = run("device", "lamp-1").stdout.split()
    assert [Path(file).suffix for file in files] == [".pem", ".key"]
    assert "1 certificates of lamp-1 are revoked" in run("revoke", "lamp-1").stderr
    listed = run("list").stdout
    assert "lamp-1" in listed
    assert run("revoke", "lamp-2").returncode == 1
    kept = json.loads((tmp_path / "site/issued.json").read_text())
    assert [kind for _, kind, *_ in kept] == ["server", "device"]
    assert run("ca", AUTHORITY_FOLDER="").returncode == 1
