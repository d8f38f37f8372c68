"""A constraint's name is an error's name: translated in this one place."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class Refusal(Exception):
    """What the store does not allow; the text says why."""

    http_status = 409


class UnknownArea(Refusal):
    """There is no area of this code."""

    http_status = 422


class UnknownKind(Refusal):
    """There is no asset kind of this name."""

    http_status = 422


class UnknownParent(Refusal):
    """There is no asset of the name that the parent is given by."""

    http_status = 422


class BelowItself(Refusal):
    """An asset cannot stand below itself, nor below more than eight others."""


class RangeUpsideDown(Refusal):
    """A range begins at its low end and ends at its high one."""

    http_status = 422


class NoSuchRate(Refusal):
    """The largest believable change a second is above zero."""

    http_status = 422


class UnitFixed(Refusal):
    """The stream has readings in its unit; in another one they would be other measurements."""


class RejectCut(Refusal):
    """Only the first 256 KiB of the payload were kept; read again as it is, it would lie."""


class RejectSettled(Refusal):
    """The reject is in a status in which this is not done."""


class TokenExists(Refusal):
    """There is a token of this name already; revoke it first."""


class AccountExists(Refusal):
    """There is an account of this name already; it can be rotated or enabled."""


class PlaceTaken(Refusal):
    """Another account stands in this place already."""


class UnknownAsset(Refusal):
    """There is no asset of this name to give the account to."""

    http_status = 422


class ReadingExists(Refusal):
    """A reading of this stream and moment is stored already."""


class AlreadyOpen(Refusal):
    """The cause has an incident that is not resolved."""


class TimelineMoved(Refusal):
    """Somebody else wrote this incident's timeline at the same moment; look again."""


class UnknownVersion(Refusal):
    """The model has no version of this number."""

    http_status = 404


class AlreadyLive(Refusal):
    """The version is the one that judges already."""


class NoEarlierVersion(Refusal):
    """No version was live before this one: there is nothing to roll back to."""


class BadModelName(Refusal):
    """The name of a model is a word of small letters, digits and hyphens, at most 32 of them."""

    http_status = 422


class WindowUpsideDown(Refusal):
    """A data window begins before it ends."""

    http_status = 422


REFUSALS: dict[str, type[Refusal]] = {
    "asset_in_a_known_area": UnknownArea,
    "asset_of_a_known_kind": UnknownKind,
    "asset_of_a_known_parent": UnknownParent,
    "asset_not_below_itself": BelowItself,
    "metric_range_in_order": RangeUpsideDown,
    "stream_range_in_order": RangeUpsideDown,
    "metric_rate_is_positive": NoSuchRate,
    "stream_rate_is_positive": NoSuchRate,
    "one_token_a_name": TokenExists,
    "one_account_a_name": AccountExists,
    "one_account_a_place": PlaceTaken,
    "account_of_a_known_asset": UnknownAsset,
    "one_reading_a_moment": ReadingExists,
    "one_open_incident_a_cause": AlreadyOpen,
    "one_line_after_a_line": TimelineMoved,
    "model_name_is_a_word": BadModelName,
    "data_window_in_order": WindowUpsideDown,
}


@contextmanager
def translated() -> Iterator[None]:
    """Raises the refusal that a violated constraint is named for."""
    try:
        yield
    except psycopg.errors.IntegrityError as error:
        constraint = error.diag.constraint_name or ""
        for name, refusal in REFUSALS.items():
            # A hypertable's chunk puts its own name before the index's.
            if constraint.endswith(name):
                raise refusal(refusal.__doc__ or name) from error
        raise
