"""A way to a value in a JSON document: keys joined by dots, [0] for a place in a list."""

import re
from typing import Any, NamedTuple

LONGEST = 200  # characters
DEEPEST = 16  # steps
STEP = re.compile(r'(?:(?<=.)\.|^)([^.\[\]"$][^.\[\]"]*)|\[([0-9]{1,5})\]|\["([^"]{1,100})"\]')


class Path(NamedTuple):
    """Steps (keys and places); whole means that they begin at the whole message."""

    steps: tuple[str | int, ...]
    whole: bool

    def found(self, content: Any, message: Any) -> Any:
        """What lies there; None where there is nothing (or null)."""
        here = message if self.whole else content
        for step in self.steps:
            if isinstance(step, str):
                here = here.get(step) if isinstance(here, dict) else None
            else:
                here = here[step] if isinstance(here, list) and step < len(here) else None
        return here


def path(text: Any) -> Path:
    """A path as it is written. Raises ValueError.

    A key that holds a dot or a bracket stands in ["..."]; `$.` at the front begins at the whole
    message, wherever the path is read.

    >>> path('sensors[0].open').steps, path('$["a.b"]')
    (('sensors', 0, 'open'), Path(steps=('a.b',), whole=True))
    """
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        raise ValueError("a path is text, such as payload.sensors[0].value")
    whole = text == "$" or text.startswith(("$.", "$["))
    rest = text.removeprefix("$").removeprefix(".") if whole else text
    steps: list[str | int] = []
    at = 0
    while at < len(rest):
        step = STEP.match(rest, at)
        if step is None or len(steps) == DEEPEST:
            raise ValueError(f"{text!r} is no path: keys joined by dots, [0] for a place in a list")
        key, place, quoted = step.groups()
        steps.append(int(place) if place else key or quoted)
        at = step.end()
    return Path(tuple(steps), whole)
