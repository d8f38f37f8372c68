"""Who may come in: a token names a person or a program, and its role says what it may do."""

from typing import Annotated, ClassVar

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.api.problems import Refused
from services.store import tokens
from services.store.pool import Pool, transaction
from services.store.tokens import Bearer

AS_A = {"viewer": "a viewer", "operator": "an operator", "engineer": "an engineer"}

SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token made with `python -m services.store token NAME --role ROLE`.",
)


class NoToken(Refused):
    """A token is needed: send it as `Authorization: Bearer TOKEN`."""

    http_status = 401
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="cityops"'}


class UnknownToken(Refused):
    """This token is not known, or was revoked."""

    http_status = 401
    headers: ClassVar[dict[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="cityops", error="invalid_token"'
    }


class RoleTooLow(Refused):
    """The token's role may not do this."""

    http_status = 403


async def database(request: Request) -> Pool:
    """The pool that the application's lifespan opened."""
    pool: Pool = request.state.pool
    return pool


Database = Annotated[Pool, Depends(database)]


def viewer(
    pool: Database, given: Annotated[HTTPAuthorizationCredentials | None, Security(SCHEME)]
) -> Bearer:
    """Whoever holds a living token. Raises NoToken, or UnknownToken."""
    if given is None:
        raise NoToken
    with transaction(pool) as conn:
        bearer = tokens.bearer(conn, given.credentials)
    if bearer is None:
        raise UnknownToken
    return bearer


async def operator(bearer: Annotated[Bearer, Depends(viewer)]) -> Bearer:
    """Whoever may act. Raises RoleTooLow."""
    if not bearer.may("operator"):
        raise RoleTooLow(f"{bearer.name} is {AS_A[bearer.role]}; this takes an operator")
    return bearer


async def engineer(bearer: Annotated[Bearer, Depends(viewer)]) -> Bearer:
    """Whoever may say what things are, and who else may come in. Raises RoleTooLow."""
    if not bearer.may("engineer"):
        raise RoleTooLow(f"{bearer.name} is {AS_A[bearer.role]}; this takes an engineer")
    return bearer


Operator = Annotated[Bearer, Depends(operator)]
Engineer = Annotated[Bearer, Depends(engineer)]
VIEWERS = [Depends(viewer)]
ENGINEERS = [Depends(engineer)]
