"""A certificate authority for one site: a folder with its key, what it signed and what it revoked.

    ca.key ca.pem          the authority; the key is read here and nowhere else
    server.key server.pem  the broker's own
    devices/NAME.key .pem  what a device gets
    issued.json            every certificate ever signed, and whether it was revoked
    revoked.pem            the list of revoked ones, which the broker reads

Keys are P-256, certificates X.509 v3 (RFC 5280). A device's common name is its account's name:
that is whom the broker takes it for.
"""

import ipaddress
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from models.access import ACCOUNT_NAME
from services.accounts.files import put

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)
DEVICE_LASTS = timedelta(days=730)
RENEWED_BEFORE = timedelta(days=30)  # a server certificate with less left is made anew
FAST_CLOCKS = timedelta(hours=1)  # a device's clock may be slow: what is signed now held before
COMMON_NAME = "CityOps site authority"
HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
SERVER = "server"


class BadCertificate(Exception):
    """What is asked of the authority cannot be; the text says why."""


class Issued(NamedTuple):
    """One certificate that was signed. kind is server or device, serial in hexadecimal digits."""

    serial: str
    kind: str
    name: str
    expires_at: str
    revoked_at: str | None = None


Key = ec.EllipticCurvePrivateKey


class Authority:
    """The authority of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def there(self) -> bool:
        """Whether it has been made."""
        return (self.folder / "ca.pem").exists() and (self.folder / "ca.key").exists()

    def create(self) -> bool:
        """Makes the authority, unless it is there."""
        if self.there:
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            builder(named(COMMON_NAME), named(COMMON_NAME), key, AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(signs=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        put(self.folder / "ca.key", key_text(key), 0o600)
        put(self.folder / "issued.json", "[]\n", 0o600)
        self._publish_revoked(key, made, [])
        put(self.folder / "ca.pem", text(made), 0o644)
        return True

    def server(self, hosts: Sequence[str]) -> Issued:
        """Signs a certificate of the broker for these names and addresses. Raises BadCertificate."""
        names = [alternative(host) for host in hosts]
        if not names:
            raise BadCertificate("a server needs at least one name or address")
        # A common name has 64 letters at most; clients look at the alternative names alone.
        made, key = self._signed(
            hosts[0][:64], SERVER_LASTS, ExtendedKeyUsageOID.SERVER_AUTH, names
        )
        put(self.folder / "server.key", key_text(key), 0o600)
        put(self.folder / "server.pem", text(made) + self._text("ca.pem"), 0o644)
        return self._remember(made, SERVER, hosts[0])

    def prepare(self, hosts: Sequence[str], now: datetime) -> bool:
        """Makes what is missing: the authority, the broker's certificate; whether it made any.

        The names are for the first certificate; one that is about to end is made anew with its
        own. Raises BadCertificate.
        """
        made = self.create()
        names, ends = self._served()
        if names and ends is not None and ends - now > RENEWED_BEFORE:
            return made
        self.server(names or hosts)
        return True

    def _served(self) -> tuple[list[str], datetime | None]:
        """The names of the broker's certificate, and when it ends; none where there is none."""
        if not all((self.folder / f"server.{part}").exists() for part in ("pem", "key")):
            return [], None
        has = x509.load_pem_x509_certificate(self._bytes("server.pem"))
        names = has.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [str(name.value) for name in names], has.not_valid_after_utc

    def device(self, name: str) -> tuple[Path, Path]:
        """Signs a certificate for an account; the files of the certificate and of its key.

        Raises BadCertificate where the name cannot be an account's.
        """
        if not ACCOUNT_NAME.fullmatch(name):
            raise BadCertificate("a name is up to 64 letters, digits, dots, dashes and underscores")
        made, key = self._signed(name, DEVICE_LASTS, ExtendedKeyUsageOID.CLIENT_AUTH, [])
        folder = self.folder / "devices"
        folder.mkdir(mode=0o700, exist_ok=True)
        put(folder / f"{name}.key", key_text(key), 0o600)
        put(folder / f"{name}.pem", text(made), 0o644)
        self._remember(made, "device", name)
        return folder / f"{name}.pem", folder / f"{name}.key"

    def revoke(self, name: str) -> list[Issued]:
        """Revokes every certificate of a device; those that were not revoked before.

        Raises BadCertificate where it has none.
        """
        known = self.issued()
        ours = [each for each in known if (each.kind, each.name) == ("device", name)]
        if not ours:
            raise BadCertificate(f"no certificate was ever made for {name}")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        fresh = {each.serial for each in ours if each.revoked_at is None}
        then = [each._replace(revoked_at=now) if each.serial in fresh else each for each in known]
        self._keep(then)
        # Also where nothing is new: an interrupted run may have left the list as it was.
        self._publish_revoked(self._key(), self._certificate(), then)
        return [each for each in then if each.serial in fresh]

    def issued(self) -> list[Issued]:
        """All certificates ever signed, oldest first."""
        return [Issued(*each) for each in json.loads(self._text("issued.json"))]

    def _signed(
        self,
        name: str,
        lasts: timedelta,
        purpose: x509.ObjectIdentifier,
        names: Sequence[x509.GeneralName],
    ) -> tuple[x509.Certificate, Key]:
        authority, key = self._certificate(), ec.generate_private_key(ec.SECP256R1())
        asked = (
            builder(named(name), authority.subject, key, lasts)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key().public_key()),
                critical=False,
            )
        )
        if names:
            asked = asked.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return asked.sign(self._key(), hashes.SHA256()), key

    def _publish_revoked(self, key: Key, by: x509.Certificate, known: Sequence[Issued]) -> None:
        """Signs the list anew. It does not run out, since nobody would be let in from then on."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.subject)
            .last_update(self._later(datetime.now(UTC) - FAST_CLOCKS))
            .next_update(by.not_valid_after_utc)
        )
        for each in known:
            if each.revoked_at is not None:
                made = made.add_revoked_certificate(
                    x509.RevokedCertificateBuilder()
                    .serial_number(int(each.serial, 16))
                    .revocation_date(datetime.fromisoformat(each.revoked_at))
                    .build()
                )
        signed = made.sign(key, hashes.SHA256())
        put(
            self.folder / "revoked.pem",
            signed.public_bytes(serialization.Encoding.PEM).decode(),
            0o644,
        )

    def _later(self, moment: datetime) -> datetime:
        """A moment after that of the list before: of two lists of one second, one would be lost."""
        path = self.folder / "revoked.pem"
        if not path.exists():
            return moment
        before = x509.load_pem_x509_crl(path.read_bytes()).last_update_utc
        return max(moment, before + timedelta(seconds=1))

    def _remember(self, made: x509.Certificate, kind: str, name: str) -> Issued:
        ends = made.not_valid_after_utc.isoformat(timespec="seconds")
        issued = Issued(f"{made.serial_number:x}", kind, name, ends)
        self._keep([*self.issued(), issued])
        return issued

    def _keep(self, known: Sequence[Issued]) -> None:
        put(self.folder / "issued.json", json.dumps(known, indent=0) + "\n", 0o600)

    def _key(self) -> Key:
        read = serialization.load_pem_private_key(self._bytes("ca.key"), password=None)
        if not isinstance(read, Key):
            raise BadCertificate(f"{self.folder}/ca.key is no key of ours")
        return read

    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self._bytes("ca.pem"))

    def _text(self, name: str) -> str:
        return self._bytes(name).decode()

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise BadCertificate(
                f"there is no authority in {self.folder}: make one first"
            ) from None


def builder(
    subject: x509.Name, issuer: x509.Name, key: Key, lasts: timedelta
) -> x509.CertificateBuilder:
    """What all certificates have in common."""
    now = datetime.now(UTC)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - FAST_CLOCKS)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def usage(*, signs: bool) -> x509.KeyUsage:
    """What a key is for: signing certificates and lists, or a handshake."""
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def named(common_name: str) -> x509.Name:
    """A name with nothing but the common one."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def alternative(host: str) -> x509.GeneralName:
    """A host as a certificate names it: an address or a DNS name. Raises BadCertificate."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        if not HOST.fullmatch(host):
            raise BadCertificate(f"{host!r} is no name and no address of a host") from None
        return x509.DNSName(host)


def can_be(host: str) -> bool:
    """Whether a certificate can name this host."""
    try:
        alternative(host)
    except BadCertificate:
        return False
    return True


def text(made: x509.Certificate) -> str:
    """A certificate as PEM."""
    return made.public_bytes(serialization.Encoding.PEM).decode()


def key_text(key: Key) -> str:
    """A key as PEM, not encrypted: whoever starts at night has nobody to ask."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
