"""Who is looking: a browser's session, begun with a token; what it may follows from the role."""

from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Request

from models.told_odd import Text
from services.console.refusals import NotSignedIn, RoleTooLow
from services.console.settings import ConsoleSettings
from services.console.words import Language, said
from services.store import console_sessions
from services.store.pool import Pool, transaction
from services.store.tokens import Bearer

COOKIE = "cityops_console"


async def database(request: Request) -> Pool:
    """The pool that the application's lifespan opened."""
    pool: Pool = request.state.pool
    return pool


Database = Annotated[Pool, Depends(database)]


class Reader(NamedTuple):
    """Who looks at a page, and in which language; bearer is None before signing in.

    here is the page's own address without the language.
    """

    language: Language
    here: str
    bearer: Bearer | None = None

    def said(self, text: Text, *slots: object) -> str:
        """A text in the reader's language."""
        return said(text, self.language, *slots)

    def href(self, path: str, **query: str | None) -> str:
        """A link to a page of ours, in the same language; what is None or empty is left out."""
        return address(path, self.language, **query)


def address(path: str, language: Language, **query: str | None) -> str:
    """A page of ours in a language, Vietnamese without a word.

    >>> address("/incidents", "en", desk="city", area=None)
    '/incidents?desk=city&lang=en'
    """
    said = {key: value for key, value in query.items() if value}
    if language == "en":
        said["lang"] = "en"
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(said)}" if said else path


async def anybody(request: Request) -> Reader:
    """The reader, signed in or not."""
    language: Language = "en" if request.query_params.get("lang") == "en" else "vi"
    rest = urlencode([each for each in request.query_params.multi_items() if each[0] != "lang"])
    path = request.url.path
    return Reader(language, f"{path}?{rest}" if rest else path)


def viewer(request: Request, pool: Database, reader: Annotated[Reader, Depends(anybody)]) -> Reader:
    """The reader, who is signed in. Raises NotSignedIn."""
    secret = request.cookies.get(COOKIE, "")
    with transaction(pool) as conn:
        bearer = console_sessions.bearer(conn, secret)
    if bearer is None:
        raise NotSignedIn
    return reader._replace(bearer=bearer)


async def operator(reader: Annotated[Reader, Depends(viewer)]) -> Reader:
    """The reader, who may act. Raises RoleTooLow."""
    if reader.bearer is None or not reader.bearer.may("operator"):
        raise RoleTooLow
    return reader


async def settings_of(request: Request) -> ConsoleSettings:
    """What was set."""
    settings: ConsoleSettings = request.app.state.settings
    return settings


Anybody = Annotated[Reader, Depends(anybody)]
Viewer = Annotated[Reader, Depends(viewer)]
Operator = Annotated[Reader, Depends(operator)]
Settings = Annotated[ConsoleSettings, Depends(settings_of)]
