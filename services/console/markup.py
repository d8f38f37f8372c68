"""HTML as values: a text is escaped unless this file made it, so none can be forgotten."""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

# They have no inside and no end; those of SVG have one, or all that follows is inside them.
EMPTY = frozenset({"br", "input", "link", "meta"})


class Markup(str):
    """What is HTML already."""

    __slots__ = ()


Inside: TypeAlias = "str | Iterable[Inside] | None"
Attribute: TypeAlias = "str | int | float | bool | None"


def written(inside: Inside) -> Markup:
    """What stands inside an element: texts escaped, several in their order, None nothing.

    >>> written(["a < b", tag("br"), None])
    'a &lt; b<br>'
    """
    if inside is None:
        return Markup()
    if isinstance(inside, Markup):
        return inside
    if isinstance(inside, str):
        return Markup(escape(inside))
    return Markup("".join(written(each) for each in inside))


def tag(element: str, /, *inside: Inside, **attributes: Attribute) -> Markup:
    """An element. class_ is the attribute class, stroke_width is stroke-width.

    True is an attribute without a value, False and None are no attribute.

    >>> tag("a", "Bơm <7>", href="/?a=1&b=2", hidden=True, title=None)
    '<a href="/?a=1&amp;b=2" hidden>Bơm &lt;7&gt;</a>'
    """
    said = "".join(attribute(key, value) for key, value in attributes.items())
    if element in EMPTY:
        return Markup(f"<{element}{said}>")
    return Markup(f"<{element}{said}>{written(inside)}</{element}>")


def attribute(key: str, value: Attribute) -> str:
    """One attribute of an element, with a space before it."""
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def document(language: str, head: Inside, body: Inside) -> Markup:
    """A whole page."""
    html = tag("html", tag("head", head), tag("body", body), lang=language)
    return Markup(f"<!doctype html>{html}")
