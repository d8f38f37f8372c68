"""Who may say and hear what on the broker: an account's topics, and the files that say so.

An account is a name with a password; its topics follow from its convention (how it speaks) and
its place there. Names and places are held to an alphabet in which no account can reach another's
topics, and no text can become a line of its own in mosquitto's files.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

# No colon: it ends the name in the password file. 64 letters fit a certificate's common name.
ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
BRIDGE = "zigbee2mqtt"

# Tasmota, Shelly and Homie put a device's name where others have a word of their own; assets of
# other conventions begin with these words (a gateway called shelly would speak for them); and
# the platform's own accounts have names too.
RESERVED = frozenset(
    [
        "application",
        "city",
        "cmnd",
        "commands",
        "egov",
        "engineer",
        "health",
        "homie",
        "ingest",
        "lora",
        "platform",
        "root",
        "senml",
        "senml-cbor",
        "shelly",
        "simulator",
        "sparkplug",
        "spbv1.0",
        "stat",
        "state",
        "tasmota",
        "tele",
        "ttn",
        "v3",
        "zigbee2mqtt",
    ]
)

# mosquitto's own default. A password of ours has 192 random bits: more rounds would make nobody
# safer, and the broker checks every connected account anew when it reads its files again.
ROUNDS = 101
SALT_BYTES = 12


class Kind(StrEnum):
    """A device speaks for itself, a gateway for its children too, a service only listens."""

    DEVICE = "device"
    GATEWAY = "gateway"
    SERVICE = "service"


class Convention(StrEnum):
    """How somebody speaks."""

    NATIVE = "native"
    SPARKPLUG = "sparkplug"
    CHIRPSTACK = "chirpstack"
    TTS = "tts"
    ZIGBEE2MQTT = "zigbee2mqtt"
    TASMOTA = "tasmota"
    SHELLY = "shelly"
    HOMIE = "homie"


class Right(StrEnum):
    """What may be done with a topic, in mosquitto's words."""

    READ = "read"
    WRITE = "write"
    BOTH = "readwrite"


class BadAccount(Exception):
    """An account of this name, kind and place cannot be."""

    http_status = 422


class Account(NamedTuple):
    """Who signs in, how it speaks, and where it stands in that convention (None: nowhere)."""

    name: str
    kind: Kind = Kind.DEVICE
    convention: Convention = Convention.NATIVE
    place: str | None = None


class Grant(NamedTuple):
    """One topic filter, and what the account may do there."""

    right: Right
    topics: str


READ, WRITE, BOTH = Right.READ, Right.WRITE, Right.BOTH

KINDS: dict[Convention, tuple[Kind, ...]] = {
    Convention.NATIVE: (Kind.DEVICE, Kind.GATEWAY, Kind.SERVICE),
    Convention.SPARKPLUG: (Kind.GATEWAY,),
    Convention.CHIRPSTACK: (Kind.GATEWAY,),
    Convention.TTS: (Kind.GATEWAY,),
    Convention.ZIGBEE2MQTT: (Kind.GATEWAY,),
    Convention.TASMOTA: (Kind.DEVICE,),
    Convention.SHELLY: (Kind.DEVICE,),
    Convention.HOMIE: (Kind.DEVICE,),
}

# What a place looks like, in words and as a pattern; conventions that are not here have none.
# Sparkplug's ids are free text: anything that can be printed but what means something in a
# topic, spaces only between words.
WORD = r"[^\s/+#$]+"
PLACES: dict[Convention, tuple[str, re.Pattern[str]]] = {
    Convention.SPARKPLUG: (
        "GROUP/EDGE, the group and the edge node",
        re.compile(rf"(?!STATE/){WORD}(?: {WORD})*/{WORD}(?: {WORD})*"),
    ),
    Convention.CHIRPSTACK: (
        "the application's id",
        re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9]{1,18}"),
    ),
    Convention.TTS: (
        "APPLICATION@TENANT",
        re.compile(r"[a-z0-9](?:-?[a-z0-9]){1,35}@[a-z0-9](?:-?[a-z0-9]){1,35}"),
    ),
    Convention.ZIGBEE2MQTT: (
        f"the base topic, {BRIDGE} or {BRIDGE}-SOMETHING",
        re.compile(rf"{BRIDGE}(?:-[A-Za-z0-9_-]{{1,40}})?"),
    ),
}
LONGEST_PLACE = 128

HOMIE_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def checked(account: Account) -> Account:
    """The account as it can be, with its place filled in. Raises BadAccount with the reason."""
    check_name(account.name)
    if account.kind not in KINDS[account.convention]:
        allowed = " or ".join(KINDS[account.convention])
        raise BadAccount(f"{account.convention} is spoken by a {allowed}, not by a {account.kind}")
    if account.convention is Convention.HOMIE and not HOMIE_ID.fullmatch(account.name):
        raise BadAccount(f"{account.name} is no Homie id: small letters, digits, dashes inside")
    return account._replace(place=checked_place(account))


def check_name(name: str) -> None:
    """Raises BadAccount where the name is none, or somebody else's word."""
    if not ACCOUNT_NAME.fullmatch(name):
        raise BadAccount("a name is up to 64 letters, digits, dots, dashes and underscores")
    if name.lower() in RESERVED or name.lower().startswith(BRIDGE):
        raise BadAccount(f"{name} is a word of the platform's own")


def checked_place(account: Account) -> str | None:
    """The account's place. Raises BadAccount where it is none, or one is missing."""
    if account.convention not in PLACES:
        if account.place is not None:
            raise BadAccount(f"{account.convention} has no place: the name is the place")
        return None
    words, pattern = PLACES[account.convention]
    place = account.place
    if place is None and account.convention is Convention.ZIGBEE2MQTT:
        place = BRIDGE
    if place is None:
        raise BadAccount(f"{account.convention} needs a place: {words}")
    if len(place) > LONGEST_PLACE or not place.isprintable() or not pattern.fullmatch(place):
        raise BadAccount(f"this is no place of {account.convention}: {words}")
    return place


def grants(account: Account) -> list[Grant]:
    """What the account may say and hear. Raises BadAccount where it cannot be.

    >>> [str(grant.topics) for grant in grants(Account("lamp-1", convention=Convention.TASMOTA))]
    ['tele/lamp-1/+', 'stat/lamp-1/+', 'cmnd/lamp-1/+']
    """
    account = checked(account)
    name, place = account.name, account.place or ""
    if account.kind is Kind.SERVICE:
        return [Grant(READ, topics) for topics in EVERYTHING]
    if account.convention is Convention.NATIVE:
        return native(name, gateway=account.kind is Kind.GATEWAY)
    if account.convention is Convention.SPARKPLUG:
        return sparkplug(*place.split("/"))
    said, heard = {
        Convention.CHIRPSTACK: (
            [f"application/{place}/device/+/event/+"],
            [f"application/{place}/device/+/command/down"],
        ),
        Convention.TTS: (
            [f"v3/{place}/devices/+/{each}" for each in TTS_SAID],
            [f"v3/{place}/devices/+/down/{each}" for each in ("push", "replace")],
        ),
        Convention.ZIGBEE2MQTT: ([f"{place}/#"], [f"{place}/+/set", f"{place}/+/get"]),
        Convention.TASMOTA: ([f"tele/{name}/+", f"stat/{name}/+"], [f"cmnd/{name}/+"]),
        Convention.SHELLY: (
            [f"{name}/{each}" for each in ("events/rpc", "status/+", "online")],
            [f"{name}/rpc", f"{name}/command"],
        ),
        Convention.HOMIE: ([f"homie/5/{name}/#"], [f"homie/5/{name}/+/+/set"]),
    }[account.convention]
    return [Grant(WRITE, topics) for topics in said] + [Grant(READ, topics) for topics in heard]


NATIVE_SAID = ("telemetry", "status", "senml", "senml-cbor", "commands/response")
TTS_SAID = ("up", "join", *(f"down/{each}" for each in ("queued", "sent", "ack", "nack", "failed")))
SPARKPLUG_SAID = ("BIRTH", "DEATH", "DATA")


def native(name: str, *, gateway: bool) -> list[Grant]:
    """The topics of a native device; of a gateway, those of its children below it too."""
    found = [Grant(WRITE, f"city/{name}/{last}") for last in NATIVE_SAID]
    found += [Grant(WRITE, f"egov/{name}/{last}") for last in ("telemetry", "status", "dossiers")]
    found.append(Grant(READ, f"city/{name}/commands"))
    if gateway:
        found += [Grant(WRITE, f"city/{name}/+/{last}") for last in NATIVE_SAID]
        found.append(Grant(READ, f"city/{name}/+/commands"))
    return found


def sparkplug(group: str, edge: str) -> list[Grant]:
    """The topics of an edge node and its devices, and the state of the hosts."""
    root = f"spBv1.0/{group}"
    found = [Grant(WRITE, f"{root}/N{word}/{edge}") for word in SPARKPLUG_SAID]
    found += [Grant(WRITE, f"{root}/D{word}/{edge}/+") for word in SPARKPLUG_SAID]
    found += [Grant(READ, f"{root}/NCMD/{edge}"), Grant(READ, f"{root}/DCMD/{edge}/+")]
    return [*found, Grant(READ, "spBv1.0/STATE/+")]


# What ingest says to itself, to know that it would hear (ingest/canary.py).
CANARY_TOPIC = "city/platform/telemetry"

EVERYTHING = ("#",)  # but for the broker's own topics below $SYS
OURS = ("city/#", "egov/#")
FOREIGN = (
    *(f"{first}/#" for first in ("spBv1.0", "application", "v3", BRIDGE)),
    *(f"{first}/#" for first in ("tele", "stat", "cmnd", "homie")),
    *(f"+/{rest}" for rest in ("events/rpc", "status/+", "online", "rpc", "command")),
)
CHILDREN = ("city/+", "city/+/+")

# The platform's own accounts. Their passwords are secrets of the installation, not rows.
FIXED: dict[str, list[Grant]] = {
    "ingest": [
        *(Grant(READ, topics) for topics in EVERYTHING),
        Grant(WRITE, "spBv1.0/+/NCMD/+"),
        Grant(WRITE, "spBv1.0/STATE/+"),
        Grant(WRITE, CANARY_TOPIC),
    ],
    "commands": [
        *(Grant(WRITE, f"{child}/commands") for child in CHILDREN),
        Grant(WRITE, "cmnd/#"),
        *(Grant(READ, f"{child}/commands/response") for child in CHILDREN),
    ],
    "engineer": [Grant(BOTH, topics) for topics in OURS + FOREIGN],
    "simulator": [Grant(WRITE, topics) for topics in OURS + FOREIGN],
}


def hashed(password: str, salt: bytes) -> str:
    """A password as mosquitto keeps it: PBKDF2 with SHA-512, `$7$rounds$salt$hash`.

    >>> hashed("open", bytes(12))[:24]
    '$7$101$AAAAAAAAAAAAAAAA$'
    """
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


HASH = re.compile(r"\$7\$[0-9]{1,9}\$[A-Za-z0-9+/=]{4,88}\$[A-Za-z0-9+/=]{88}")


def password_file(hashes: Iterable[tuple[str, str]]) -> str:
    """Mosquitto's password file of (name, hash); what is no line of it raises BadAccount."""
    lines = []
    for name, kept in hashes:
        if not (ACCOUNT_NAME.fullmatch(name) and HASH.fullmatch(kept)):
            raise BadAccount("this is no name with a hash")
        lines.append(f"{name}:{kept}\n")
    return "".join(lines)


def access_list(rights: Iterable[tuple[str, Sequence[Grant]]]) -> str:
    """Mosquitto's access list of (name, what it may)."""
    return "\n".join(
        "".join([f"user {name}\n", *(f"topic {right} {topics}\n" for right, topics in found)])
        for name, found in rights
    )
