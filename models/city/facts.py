"""What can be known of one asset beside its place: each fact with its unit and what it may be."""

from typing import NamedTuple

from models.city.noise import Area


class Fact(NamedTuple):
    """A number within bounds, or one of some words; unit is UCUM."""

    unit: str | None
    least: float = 0.0
    most: float = 0.0
    words: tuple[str, ...] = ()


FACTS = {
    "rated_power": Fact("W", 0.1, 1e6),
    "total_spots": Fact("1", 1, 1e6),
    "free_flow_speed": Fact("km/h", 1, 200),
    "nominal_voltage": Fact("V", 1, 1e6),
    "full_at": Fact("1", 0.1, 1.2),
    "noise_class": Fact(None, words=tuple(Area)),
}


def refusal(name: str, value: str) -> str | None:
    """Why something cannot be known of an asset, or None.

    >>> refusal("total_spots", "none"), refusal("total_spots", "120")
    ('total_spots is a number from 1 to 1e+06, not none', None)
    """
    fact = FACTS.get(name)
    if fact is None:
        return f"{name!r} is no fact; these are: {', '.join(FACTS)}"
    if fact.words:
        return None if value in fact.words else f"{name} is one of: {', '.join(fact.words)}"
    try:
        inside = fact.least <= float(value) <= fact.most
    except ValueError:
        inside = False
    return (
        None if inside else f"{name} is a number from {fact.least:g} to {fact.most:g}, not {value}"
    )
