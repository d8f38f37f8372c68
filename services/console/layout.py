"""What every page has around its content, and the small pieces pages are made of."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from starlette.responses import HTMLResponse

from models.told_odd import Text, clock
from services.console import words
from services.console.access import Reader, address
from services.console.markup import Inside, Markup, document, tag

STYLE = "/style.css"


def page(reader: Reader, title: str, *inside: Inside, status: int = 200) -> HTMLResponse:
    """A whole page."""
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title, " · ", reader.said(words.PLATFORM)),
        tag("link", rel="stylesheet", href=STYLE),
    ]
    skip = tag("a", reader.said(words.TO_CONTENT), class_="skip", href="#content")
    body = [skip, top(reader), tag("main", inside, id="content", tabindex="-1")]
    return HTMLResponse(document(reader.language, head, body), status)


def top(reader: Reader) -> Markup:
    """The name, the other language, who is signed in and the way out."""
    other = address(reader.here, "vi" if reader.language == "en" else "en")
    way = "vi" if reader.language == "en" else "en"
    home = reader.href("/incidents")
    return tag(
        "header",
        tag("a", reader.said(words.PLATFORM), " · ", reader.said(words.NAME), href=home),
        tag("nav", tag("a", reader.said(words.OTHER_LANGUAGE), href=other, lang=way), out(reader)),
    )


def out(reader: Reader) -> Inside:
    """Who is signed in, and the button that ends it."""
    if reader.bearer is None:
        return None
    role = reader.said(words.ROLES[reader.bearer.role])
    return [
        tag("span", reader.bearer.name, " (", role, ")"),
        tag(
            "form",
            tag("button", reader.said(words.SIGN_OUT), class_="plain"),
            method="post",
            action=reader.href("/sign-out"),
        ),
    ]


def notice(text: str, *, alarm: bool = False) -> Markup:
    """A sentence that readers of the screen are told at once."""
    return tag("p", text, role="alert" if alarm else "status", class_="alarm" if alarm else "done")


def moment(at: datetime | None) -> Inside:
    """A moment by the clock on the wall."""
    return None if at is None else tag("time", clock(at), datetime=at.isoformat())


def facts(reader: Reader, known: Iterable[tuple[Text, Inside]]) -> Markup:
    """Names with what is known of them; what is not known is left out."""
    shown = [(name, inside) for name, inside in known if inside]
    return tag(
        "dl",
        [tag("div", tag("dt", reader.said(name)), tag("dd", inside)) for name, inside in shown],
    )


def badge(reader: Reader, kind: str, value: str, names: Mapping[str, Text]) -> Markup:
    """A word in its colour; the word alone says it too."""
    return tag("span", reader.said(names[value]), class_=f"badge {kind}-{value}")


def chooser(
    reader: Reader, name: str, label: Text, options: Iterable[tuple[str, str]], chosen: str
) -> Markup:
    """A list to choose one from, with its label."""
    shown = [tag("option", told, value=value, selected=value == chosen) for value, told in options]
    return tag("label", reader.said(label), tag("select", shown, name=name))
