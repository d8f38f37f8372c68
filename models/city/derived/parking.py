"""Car parks on a grid: the share of spaces that are taken. Nobody has to act on it."""

from collections.abc import Iterator

from models.city import parking
from models.city.derivation import Case, Derived, Json, Rule, steps
from models.reading import MINUTE

RULES = parking.Rules()


def car_parks(case: Case) -> Iterator[Derived]:
    """The occupancy of each due step, by the spaces taken and those there are."""
    for time in steps(case, ("occupied", "available")):
        taken, free = case.last("occupied", time), case.last("available", time)
        spots = case.place.number("total_spots")
        if spots is None and taken is not None and free is not None:
            spots = taken + free
        if taken is None and free is not None and spots is not None:
            taken = spots - free
        share = parking.occupancy(taken, spots)
        if share is not None:
            inputs: dict[str, Json] = {"occupied": taken, "available": free, "total_spots": spots}
            yield Derived("parking_occupancy", time, round(share, 4), inputs)


PARKING = Rule(
    name="parking",
    kinds=frozenset({"parking"}),
    inputs=("occupied", "available"),
    outputs=("parking_occupancy",),
    step=5 * MINUTE,
    derive=car_parks,
    patience=20,
)
