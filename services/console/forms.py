"""What a form of ours says: from our own page, small, and nothing else."""

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request

from services.console.refusals import Foreign, NotUnderstood, TooLarge
from services.console.settings import ConsoleSettings

# A note of 2000 letters, each of four bytes, each byte written as three.
LARGEST = 32 * 1024
MOST_FIELDS = 20
KIND = "application/x-www-form-urlencoded"


async def form(request: Request) -> dict[str, str]:
    """The fields of a form. Raises Foreign, TooLarge, or NotUnderstood."""
    settings: ConsoleSettings = request.app.state.settings
    if not is_ours(request, settings.public_url):
        raise Foreign
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != KIND:
        raise NotUnderstood
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # too many fields, or no UTF-8
        raise NotUnderstood from None
    return dict(fields)


def is_ours(request: Request, public_url: str) -> bool:
    """Whether the page that sends this is ours: browsers say where a form comes from.

    A proxy that keeps the Host header needs no setting; for another CONSOLE_PUBLIC_URL says it.
    """
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = urlsplit(request.headers.get("origin", ""))
    ours = {request.headers.get("host", ""), urlsplit(public_url).netloc} - {""}
    return origin.scheme in ("http", "https") and origin.netloc in ours


Form = Annotated[dict[str, str], Depends(form)]
