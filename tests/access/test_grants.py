"""What accounts may say and hear: never each other's, and never a line of their own."""

import re
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import access
from models.access import (
    FIXED,
    KINDS,
    RESERVED,
    Account,
    BadAccount,
    Convention,
    Grant,
    Kind,
    Right,
    grants,
)

HOSTILE = st.text(st.sampled_from("ab1-._ +#/$:@\n\0ể\u2028"), max_size=12) | st.text(max_size=20)
NAMED = st.from_regex(access.ACCOUNT_NAME, fullmatch=True) | st.sampled_from(
    ["a", "b", "a-b", "a.b"]
)
NAMES = NAMED | NAMED | HOSTILE | st.sampled_from(sorted(RESERVED))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Mostly one that can be; now and then one that tries it on."""
    convention = draw(st.sampled_from(Convention))
    kind = draw(st.sampled_from(KINDS[convention]) | st.sampled_from(Kind))
    usual: st.SearchStrategy[str | None] = st.none()
    if convention in access.PLACES:
        usual = st.from_regex(access.PLACES[convention][1], fullmatch=True)
    return Account(draw(NAMES), kind, convention, draw(usual | HOSTILE))


ACCOUNTS = accounts()


def allowed(account: Account) -> list[Grant]:
    """What it may; nothing, where it is refused."""
    try:
        return grants(account)
    except BadAccount:
        return []


def filters(found: list[Grant], *rights: Right) -> list[str]:
    return [grant.topics for grant in found if grant.right in rights]


def place_of(account: Account) -> tuple[str, str]:
    """Where it stands, as the store compares it: nowhere is nobody else's nowhere."""
    return account.convention, access.checked(account).place or f"of {account.name}"


def overlap(one: str, other: str) -> bool:
    """Whether some topic matches both filters."""
    for mine, theirs in zip_longest(one.split("/"), other.split("/")):
        if "#" in (mine, theirs):
            return True
        if mine is None or theirs is None:
            return False
        if mine != theirs and "+" not in (mine, theirs):
            return False
    return True


@given(ACCOUNTS, ACCOUNTS)
def test_two_accounts_never_speak_on_one_topic(one: Account, other: Account) -> None:
    mine, theirs = allowed(one), allowed(other)
    # The store lets a name, and a place of a convention, be taken once.
    if one.name == other.name or (mine and theirs and place_of(one) == place_of(other)):
        return
    for said in filters(mine, Right.WRITE):
        for also in filters(theirs, Right.WRITE):
            assert not overlap(said, also)


@given(ACCOUNTS)
def test_nobody_speaks_for_the_platform_or_hears_all_but_a_service(account: Account) -> None:
    found = allowed(account)
    for said in filters(found, Right.WRITE):
        assert not any(overlap(said, f"city/{first}/commands") for first in ("x", "x/y"))
        assert not overlap(said, "spBv1.0/STATE/cityops")
        assert not said.startswith(("#", "+", "$"))
    if account.kind is not Kind.SERVICE:
        assert not any(overlap(heard, "city/x/telemetry") for heard in filters(found, Right.READ))
        return
    assert not filters(found, Right.WRITE, Right.BOTH)


@given(ACCOUNTS)
def test_nothing_becomes_a_line_of_its_own(account: Account) -> None:
    found = allowed(account)
    if not found:
        return
    listed = access.access_list([(account.name, found)])
    first, *rest = listed.splitlines()
    assert first == f"user {account.name}"
    assert len(rest) == listed.count("\n") - 1 == len(found)
    assert all(re.fullmatch(r"topic (read|write) \S(.*\S)?", line) for line in rest)
    named = access.password_file([(account.name, access.hashed("x", bytes(12)))])
    assert (named.count("\n"), named.split(":")[0]) == (1, account.name)


@given(NAMES, st.text())
def test_the_password_file_takes_hashes_of_names_alone(name: str, kept: str) -> None:
    try:
        written = access.password_file([(name, kept)])
    except BadAccount:
        return
    assert written == f"{name}:{kept}\n"
    assert written.count("\n") == 1


@pytest.mark.parametrize(
    ("account", "right", "topics"),
    [
        (Account("pump-7"), Right.WRITE, "city/pump-7/telemetry"),
        (Account("pump-7"), Right.WRITE, "city/pump-7/senml-cbor"),
        (Account("pump-7"), Right.WRITE, "city/pump-7/commands/response"),
        (Account("pump-7"), Right.WRITE, "egov/pump-7/status"),
        (Account("pump-7"), Right.READ, "city/pump-7/commands"),
        (Account("gw-1", Kind.GATEWAY), Right.WRITE, "city/gw-1/+/telemetry"),
        (Account("gw-1", Kind.GATEWAY), Right.READ, "city/gw-1/+/commands"),
        (
            Account("e", Kind.GATEWAY, Convention.SPARKPLUG, "Sparkplug B Devices/Raspberry Pi"),
            Right.WRITE,
            "spBv1.0/Sparkplug B Devices/DDATA/Raspberry Pi/+",
        ),
        (
            Account("e", Kind.GATEWAY, Convention.SPARKPLUG, "g/e"),
            Right.READ,
            "spBv1.0/STATE/+",
        ),
        (
            Account("c", Kind.GATEWAY, Convention.CHIRPSTACK, "17"),
            Right.WRITE,
            "application/17/device/+/event/+",
        ),
        (
            Account("t", Kind.GATEWAY, Convention.TTS, "app1@tenant"),
            Right.WRITE,
            "v3/app1@tenant/devices/+/up",
        ),
        (Account("z", Kind.GATEWAY, Convention.ZIGBEE2MQTT), Right.WRITE, "zigbee2mqtt/#"),
        (Account("t-1", convention=Convention.TASMOTA), Right.READ, "cmnd/t-1/+"),
        (Account("s-1", convention=Convention.SHELLY), Right.WRITE, "s-1/events/rpc"),
        (Account("h-1", convention=Convention.HOMIE), Right.READ, "homie/5/h-1/+/+/set"),
        (Account("reader", Kind.SERVICE), Right.READ, "#"),
    ],
)
def test_an_account_has_the_topics_of_its_convention(
    account: Account, right: Right, topics: str
) -> None:
    assert Grant(right, topics) in grants(account)


@pytest.mark.parametrize("name", sorted(RESERVED | FIXED.keys() | {"Engineer", "zigbee2mqtt-x"}))
def test_a_word_of_the_platforms_own_is_no_name(name: str) -> None:
    with pytest.raises(BadAccount, match="platform's own"):
        grants(Account(name))


@pytest.mark.parametrize("name", ["", "a:b", "a b", "+", "#", "a/b", "a\n", "-a", "x" * 65, "ể"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadAccount, match="64 letters"):
        grants(Account(name))


@pytest.mark.parametrize(
    ("convention", "place"),
    [
        (Convention.SPARKPLUG, None),
        (Convention.SPARKPLUG, "group"),
        (Convention.SPARKPLUG, "STATE/host"),
        (Convention.SPARKPLUG, "a/b/c"),
        (Convention.SPARKPLUG, "a/+"),
        (Convention.SPARKPLUG, "a/b\nuser engineer"),
        (Convention.SPARKPLUG, "a/b\u2028user engineer"),
        (Convention.SPARKPLUG, " a/b"),
        (Convention.SPARKPLUG, "x" * 200 + "/b"),
        (Convention.CHIRPSTACK, "#"),
        (Convention.TTS, "app"),
        (Convention.ZIGBEE2MQTT, "city"),
        (Convention.ZIGBEE2MQTT, "zigbee2mqtt/a"),
        (Convention.NATIVE, "somewhere"),
    ],
)
def test_what_is_no_place_is_refused(convention: Convention, place: str | None) -> None:
    with pytest.raises(BadAccount):
        grants(Account("edge-1", KINDS[convention][-1], convention, place))


def test_a_convention_is_spoken_by_its_kind_alone() -> None:
    with pytest.raises(BadAccount, match="spoken by a gateway"):
        grants(Account("edge-1", Kind.DEVICE, Convention.SPARKPLUG, "a/b"))
