import pytest

from services.store import model_versions
from services.store.model_versions import Draft
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import (
    AlreadyLive,
    BadModelName,
    NoEarlierVersion,
    UnknownVersion,
    WindowUpsideDown,
)
from tests.api.city import MIDNIGHT


def draft(threshold: float, name: str = "detection") -> Draft:
    return Draft(name, {"threshold": threshold}, "layout-1", scores={"recall": 0.9}, note="tried")


def live_number(conn: Connection) -> int | None:
    found = model_versions.live(conn, "detection")
    return found.version if found else None


def test_a_version_is_registered_promoted_and_rolled_back(pool: Pool) -> None:
    with transaction(pool) as conn:
        assert live_number(conn) is None
        for threshold in (0.995, 0.999, 0.9999):
            made = model_versions.register(conn, draft(threshold), "an")
            assert (made.state, made.created_by, made.promoted_at) == ("candidate", "an", None)
        model_versions.register(conn, draft(0.5, name="weather"), "an")
        for number in (1, 2, 3):
            assert model_versions.promote(conn, "detection", number, "binh").promoted_by == "binh"
            assert live_number(conn) == number
        assert model_versions.roll_back(conn, "detection", "an").version == 2
        assert model_versions.roll_back(conn, "detection", "an").version == 1
        with pytest.raises(NoEarlierVersion, match="no version of detection was live"):
            model_versions.roll_back(conn, "detection", "an")
        model_versions.promote(conn, "detection", 3, "an")
        assert model_versions.roll_back(conn, "detection", "an").version == 1
        states = [
            (each.version, each.state) for each in model_versions.page(conn, name="detection")
        ]
        assert states == [(3, "retired"), (2, "retired"), (1, "live")]
        assert [each.name for each in model_versions.page(conn, state="candidate")] == ["weather"]


def test_what_cannot_be_promoted_is_said(pool: Pool) -> None:
    with transaction(pool) as conn:
        model_versions.register(conn, draft(0.995), "an")
        model_versions.promote(conn, "detection", 1, "an")
        with pytest.raises(AlreadyLive, match="version 1 of detection is live already"):
            model_versions.promote(conn, "detection", 1, "an")
        with pytest.raises(UnknownVersion, match="the model detection has no version 7"):
            model_versions.promote(conn, "detection", 7, "an")
    with pytest.raises(BadModelName), transaction(pool) as conn:
        model_versions.register(conn, draft(0.5, name="Not a word"), "an")
    wrong = draft(0.5)._replace(data_from=MIDNIGHT, data_to=MIDNIGHT)
    with pytest.raises(WindowUpsideDown), transaction(pool) as conn:
        model_versions.register(conn, wrong, "an")
