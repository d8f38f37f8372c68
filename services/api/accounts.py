"""Accounts: who may sign in to the MQTT broker, and what they may say and hear there."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from models import access
from models.access import ACCOUNT_NAME, Convention, Kind, Right
from services.api.access import ENGINEERS, Database, Engineer
from services.api.pages import LINKED, Paged
from services.api.problems import documented
from services.api.terms import Asked, AssetName, Id, Limit, OneLine, Told, Written, exampled
from services.store import accounts
from services.store.accounts import StoredAccount
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/accounts", tags=["accounts"], dependencies=ENGINEERS)

AccountName = Annotated[str, StringConstraints(pattern=f"^{ACCOUNT_NAME.pattern}$")]
Name = Annotated[AccountName, Path(examples=["pump-7"])]
SAYS: JsonDict = {"right": "write", "topics": "spBv1.0/Bắc Giang/NDATA/edge-3"}
HEARS: JsonDict = {"right": "read", "topics": "spBv1.0/Bắc Giang/NCMD/edge-3"}
EDGE: JsonDict = {
    "id": 3,
    "name": "edge-3",
    "kind": "gateway",
    "convention": "sparkplug",
    "place": "Bắc Giang/edge-3",
    "asset": "pump-7",
    "created_at": "2026-01-01T00:00:00Z",
    "rotated_at": "2026-01-02T03:04:05Z",
    "disabled_at": "2026-02-03T04:05:06Z",
}
PASSWORD = Field(description="told this once; nobody can read it again")


class Account(Told):
    """Who may sign in; one with disabled_at may not, until it is enabled again."""

    model_config = exampled(EDGE)
    id: int
    name: str
    kind: Kind
    convention: Convention
    place: str | None = Field(description="where it stands in its convention, if that has places")
    asset: str | None = Field(description="the asset it belongs to, if any")
    created_at: datetime
    rotated_at: datetime | None
    disabled_at: datetime | None


class Grant(Told):
    """One topic filter, and what may be done there."""

    model_config = exampled(SAYS, HEARS)
    right: Right
    topics: str


class AccountWithGrants(Account):
    """An account and all it may say and hear while it is not disabled."""

    model_config = exampled(EDGE | {"grants": [SAYS, HEARS]})
    grants: list[Grant]


class AccountWithPassword(Account):
    """An account and its new password."""

    model_config = exampled(EDGE | {"password": "U2tzb2Z0d2FyZS1leGFtcGxlLTEy"})
    password: str = PASSWORD


class AccountQuery(Asked):
    """Which accounts."""

    disabled: bool | None = Field(default=None, description="true: those that may not sign in")
    after: Id | None = Field(default=None, description="goes on after this id")
    limit: Limit = 100


class NewAccount(Written):
    """An account that is to be; place is for the conventions that have places."""

    model_config = exampled(
        {"name": "pump-7", "asset": "pump-7"},
        {
            "name": "edge-3",
            "kind": "gateway",
            "convention": "sparkplug",
            "place": "Bắc Giang/edge-3",
        },
    )
    name: AccountName
    kind: Annotated[Kind, Field(strict=False)] = Kind.DEVICE
    convention: Annotated[Convention, Field(strict=False)] = Convention.NATIVE
    place: Annotated[OneLine, Field(max_length=access.LONGEST_PLACE)] | None = None
    asset: AssetName | None = None


@router.get("", responses=LINKED | documented(403))
def list_accounts(
    query: Annotated[AccountQuery, Query()], pool: Database, pages: Paged
) -> list[Account]:
    """The accounts of the registry, in order of id; the platform's own are not among them."""
    with transaction(pool) as conn:
        found = accounts.page(
            conn, disabled=query.disabled, after=query.after or 0, limit=query.limit + 1
        )
    return [Account.model_validate(row) for row in pages.cut(found, query.limit, "after")]


@router.post("", status_code=201, responses=documented(400, 403, 409, 413))
def create_account(asked: NewAccount, pool: Database, bearer: Engineer) -> AccountWithPassword:
    """Makes an account and its password; the broker lets it in within seconds."""
    account = access.Account(asked.name, asked.kind, asked.convention, asked.place)
    with transaction(pool) as conn:
        password = accounts.create(conn, bearer.name, account, asked.asset)
        return with_password(accounts.find(conn, asked.name), password)


@router.get("/{name}", responses=documented(403, 404))
def show_account(name: Name, pool: Database) -> AccountWithGrants:
    """One account, and what it may say and hear."""
    with transaction(pool) as conn:
        return with_grants(accounts.find(conn, name))


@router.post("/{name}/rotate", responses=documented(403, 404))
def rotate_account(name: Name, pool: Database, bearer: Engineer) -> AccountWithPassword:
    """Gives an account a new password; whoever is connected with the old one is cut off."""
    with transaction(pool) as conn:
        password = accounts.rotate(conn, bearer.name, name)
        return with_password(accounts.find(conn, name), password)


@router.post("/{name}/disable", responses=documented(403, 404))
def disable_account(name: Name, pool: Database, bearer: Engineer) -> AccountWithGrants:
    """Ends an account: it is cut off, and not let in again until it is enabled."""
    with transaction(pool) as conn:
        accounts.disable(conn, bearer.name, name)
        return found_again(conn, name)


@router.post("/{name}/enable", responses=documented(403, 404))
def enable_account(name: Name, pool: Database, bearer: Engineer) -> AccountWithGrants:
    """Lets an account in again, with the password it had."""
    with transaction(pool) as conn:
        accounts.enable(conn, bearer.name, name)
        return found_again(conn, name)


def found_again(conn: Connection, name: str) -> AccountWithGrants:
    """An account as it is now."""
    return with_grants(accounts.find(conn, name))


def with_grants(found: StoredAccount) -> AccountWithGrants:
    """An account with what follows from it."""
    said = access.Account(found.name, Kind(found.kind), Convention(found.convention), found.place)
    grants = [Grant.model_validate(grant) for grant in access.grants(said)]
    return AccountWithGrants.model_validate(found._asdict() | {"grants": grants})


def with_password(found: StoredAccount, password: str) -> AccountWithPassword:
    """An account with the password that it has just got."""
    return AccountWithPassword.model_validate(found._asdict() | {"password": password})
