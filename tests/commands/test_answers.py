"""Any bytes are an answer or a reason, and any answer can be kept."""

import doctest
import json
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.commands import topics
from ingest.commands.answers import LARGEST, Answer, BadAnswer, read
from ingest.commands.receiver import store
from ingest.commands.topics import command_topic, response_topic
from ingest.routes import read_routes
from models.command import Move
from models.reading import ASSET_NAME, Decoded
from services.store import commands
from services.store.pool import Connection, Pool, transaction

ROUTES = read_routes()
ID = UUID("4f9f7a0e-6f0c-4d0b-9f9b-0d1c5a5e7c11")
OTHER = UUID("9c2f1c52-2c7e-4d38-8a39-5b1f4f3c7d20")
TEXT = st.text(st.characters(codec=None), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
WORDS = st.sampled_from(["done", "refused", "failed", "perhaps", "", 7, None])
OBJECTS = st.builds(
    lambda more, word, number: json.dumps({**more, "status": word, "id": number}).encode(),
    st.dictionaries(TEXT, JSON, max_size=5),
    WORDS,
    st.sampled_from([str(ID), str(OTHER), "7", 7, None]),
)
PAYLOADS = st.binary(max_size=200) | OBJECTS | JSON.map(lambda said: json.dumps(said).encode())
CORRELATIONS = st.none() | st.just(ID.bytes) | st.binary(max_size=20)


@given(payload=PAYLOADS, correlation=CORRELATIONS)
def test_any_bytes_are_an_answer_or_a_reason(payload: bytes, correlation: bytes | None) -> None:
    with suppress(BadAnswer):
        assert isinstance(read(payload, correlation), Answer)


def test_an_answer_names_its_command_by_id_or_by_correlation() -> None:
    by_id = json.dumps({"id": str(ID), "status": "done", "level": 0.4}).encode()
    answer = read(by_id, None)
    assert answer == Answer(ID, Move.DO, "", {"id": str(ID), "status": "done", "level": 0.4})
    assert read(by_id, ID.bytes) == answer
    assert read(b'{"status": "refused", "detail": "no"}', ID.bytes)[:3] == (ID, Move.REFUSE, "no")
    assert read(by_id, b"another convention of its own").command_id == ID


@pytest.mark.parametrize(
    ("payload", "correlation", "reason", "meant"),
    [
        (b"", None, "the answer is not JSON", None),
        (b"done", ID.bytes, "the answer is not JSON", ID),
        (b"[" * 5000, ID.bytes, "the answer is not JSON", ID),
        (b'{"a": "\xff"}', None, "the answer is not JSON", None),
        (b"[]", ID.bytes, "the answer is no object", ID),
        (b'{"status": "done"}', None, "the answer names no command", None),
        (b'{"status": "done", "id": "x"}', ID.bytes, "the answer names no command", ID),
        (b'{"id": "%s"}' % str(ID).encode(), None, "the status of an answer is done", ID),
        (b'{"status": ["done"]}', ID.bytes, "the status of an answer is done", ID),
        (b'{"status": "done", "id": "%s"}' % str(OTHER).encode(), ID.bytes, "different", ID),
        (b" " * (LARGEST + 1), ID.bytes, "an answer of 8193 bytes is over 8192", ID),
    ],
)
def test_what_is_no_answer_says_why_and_for_which_command(
    payload: bytes, correlation: bytes | None, reason: str, meant: UUID | None
) -> None:
    with pytest.raises(BadAnswer, match=reason) as refused:
        read(payload, correlation)
    assert refused.value.command_id == meant


def test_whatever_a_device_says_is_kept_or_ignored_and_never_raises(
    pool: Pool, lamps: None
) -> None:
    with transaction(pool) as conn:
        known = an_order(conn)

    @given(more=st.dictionaries(TEXT, JSON, max_size=6), payload=PAYLOADS)
    def law(more: dict[str, object], payload: bytes) -> None:
        with pool.connection() as conn:
            said = json.dumps({**more, "id": str(known), "status": "done"}).encode()
            for each in (payload, said):
                store(conn, response_topic("lamp-3"), each, known.bytes)
            conn.rollback()

    law()


def an_order(conn: Connection, asset: str = "lamp-3") -> UUID:
    """A command that waits to be sent."""
    asset_id = commands.hold_asset(conn, asset)
    assert asset_id is not None
    return commands.request(
        conn, asset_id, "on", {}, requested_by="lan", timeout=timedelta(minutes=1)
    )


@given(asset=st.from_regex(ASSET_NAME, fullmatch=True))
def test_every_asset_has_topics_that_ingest_lets_pass(asset: str) -> None:
    for topic in (command_topic(asset), response_topic(asset)):
        route = ROUTES.routed(topic)
        assert route.codec(route.place, b"anything", 0) == Decoded([], [])


def test_the_examples_are_true() -> None:
    assert doctest.testmod(topics).attempted > 0
    assert doctest.testmod(topics).failed == 0
