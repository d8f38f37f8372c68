"""Where the broker is and who we are to it, read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLContext, create_default_context

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 1883


class BadAddress(Exception):
    """A variable of the environment that no broker could be found with."""


@dataclass(frozen=True, slots=True)
class Address:
    """A broker's door: host, port and, where it asks for them, an account and TLS."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def address_from(environment: Mapping[str, str] = os.environ) -> Address:
    """Read MQTT_HOST, MQTT_PORT, MQTT_USERNAME and MQTT_PASSWORD (or MQTT_PASSWORD_FILE).

    With MQTT_CA_FILE the broker is spoken to over TLS, and with MQTT_CERT_FILE and MQTT_KEY_FILE
    under a certificate of our own. Raises BadAddress, naming the variable.
    """
    username = environment.get("MQTT_USERNAME") or None
    password = _password(environment)
    if password is not None and username is None:
        raise BadAddress("MQTT_PASSWORD is set and MQTT_USERNAME is not: whose password is it?")
    return Address(
        host=environment.get("MQTT_HOST") or DEFAULT_HOST,
        port=_port(environment.get("MQTT_PORT") or str(DEFAULT_PORT)),
        username=username,
        password=password,
        tls=_tls(environment),
    )


def _tls(environment: Mapping[str, str]) -> SSLContext | None:
    authority, certificate, key = (
        environment.get(name) or None
        for name in ("MQTT_CA_FILE", "MQTT_CERT_FILE", "MQTT_KEY_FILE")
    )
    if (certificate is None) != (key is None):
        raise BadAddress("MQTT_CERT_FILE and MQTT_KEY_FILE go together")
    if authority is None:
        if certificate is not None:
            raise BadAddress("MQTT_CERT_FILE needs MQTT_CA_FILE: whom is the broker known by?")
        return None
    try:
        context = create_default_context(cafile=authority)
        if certificate is not None:
            context.load_cert_chain(certificate, key)
    except OSError as why:  # an SSLError is one
        named = "MQTT_CA_FILE" if certificate is None else "MQTT_CA_FILE or MQTT_CERT_FILE"
        raise BadAddress(f"{named} cannot be used: {why}") from why
    return context


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadAddress(f"MQTT_PORT is {text!r}, not a port number from 1 to 65535")
    return int(text)


def _password(environment: Mapping[str, str]) -> str | None:
    if environment.get("MQTT_PASSWORD"):
        return environment["MQTT_PASSWORD"]
    path = environment.get("MQTT_PASSWORD_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as why:
        raise BadAddress(f"MQTT_PASSWORD_FILE names {path}, which cannot be read: {why}") from why
