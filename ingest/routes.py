"""Which codec reads which topic, and whose message it is."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ingest.codecs import commands, native, status
from ingest.commands.topics import is_command
from models.reading import ASSET_NAME, BadMessage, Decoded

Codec = Callable[[str, bytes, int], Decoded]

TOPICS = ("city/#", "egov/#")

# (first level, last level) of a topic of three; the asset's name stands between them.
CODECS: dict[tuple[str, str], Codec] = {
    ("city", "telemetry"): native.decode,
    ("city", "status"): status.decode,
    ("egov", "telemetry"): native.decode,
    ("egov", "status"): status.decode,
}

# What an asset is before an engineer says more, by the first level of its topics.
KINDS = {"city": "unknown", "egov": "service"}


class Route(NamedTuple):
    """Who speaks on a topic, what kind of asset that is at first, and how it speaks."""

    asset: str
    kind: str
    decode: Codec


@lru_cache(maxsize=100_000)
def route(topic: str) -> Route | str:
    """The route of a topic, or the reason why it has none."""
    levels = topic.split("/")
    if any(not level for level in levels):
        return "the topic has an empty level"
    if is_command(levels):
        return Route(levels[1], KINDS[levels[0]], commands.decode)
    codec = CODECS.get((levels[0], levels[-1])) if len(levels) == 3 else None
    if codec is None:
        return "no codec reads this topic"
    if not ASSET_NAME.fullmatch(levels[1]):
        return f"{levels[1]!r} is no name of an asset"
    return Route(levels[1], KINDS[levels[0]], codec)


def routed(topic: str) -> Route:
    """The route of a topic. Raises BadMessage where it has none."""
    found = route(topic)
    if isinstance(found, str):
        raise BadMessage(found)
    return found
