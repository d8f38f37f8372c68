"""What people read, in every language that the boards are made in."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")


@dataclass(frozen=True)
class Text:
    """One text in both languages: a leaf of a board until an edition is made of it."""

    vi: str
    en: str


# What needs no translation is a plain text.
Told = str | Text


def said(text: Told, language: Language) -> str:
    """The text in one language."""
    if isinstance(text, str):
        return text
    return text.vi if language == "vi" else text.en


def put(template: str, *parts: Told) -> Text:
    """A template with the parts in its braces, in both languages.

    >>> put("^{}$", Text("Giới hạn", "Limit"))
    Text(vi='^Giới hạn$', en='^Limit$')
    """
    vi, en = (template.format(*(said(part, each) for part in parts)) for each in LANGUAGES)
    return Text(vi, en)


def edition(tree: Any, language: Language) -> Any:
    """The tree with each of its texts in one language."""
    if isinstance(tree, Text):
        return said(tree, language)
    if isinstance(tree, dict):
        return {key: edition(value, language) for key, value in tree.items()}
    if isinstance(tree, list):
        return [edition(each, language) for each in tree]
    return tree
