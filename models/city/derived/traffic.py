"""Roads on a grid: level of service, and how many times as long a trip takes.

Values for boards and counts; none is an alarm: a jam at rush hour needs nobody's action here.
"""

from collections.abc import Iterator

from models.city import traffic
from models.city.derivation import Case, Derived, Json, Rule, steps
from models.reading import MINUTE

NAME = "traffic"


def roads(case: Case) -> Iterator[Derived]:
    """Both values of each due step."""
    said = case.place.number("free_flow_speed")
    for time in steps(case, ("speed", "occupancy")):
        free = said or case.book.parameter(NAME, "free_flow_speed", time)
        speed, covered = case.mean("speed", time), share(case.mean("occupancy", time))
        inputs: dict[str, Json] = {
            "speed": rounded(speed),
            "free_flow_speed": free,
            "occupancy": rounded(covered),
        }
        letter = traffic.level_of_service(speed, free, covered)
        if letter:
            grade = traffic.LETTERS.index(letter) + 1
            yield Derived("level_of_service", time, grade, inputs | {"letter": letter})
        index = traffic.travel_time_index(speed, free)
        if index is not None:
            yield Derived("travel_time_index", time, round(index, 4), inputs)


def rounded(value: float | None) -> float | None:
    """A value as it is told."""
    return None if value is None else round(value, 3)


def share(value: float | None) -> float | None:
    """An occupancy as a share: road sensors report percent where nobody has said the unit."""
    return value / 100 if value is not None and value > 1 else value


TRAFFIC = Rule(
    name=NAME,
    kinds=frozenset({"traffic"}),
    inputs=("speed", "occupancy"),
    outputs=("level_of_service", "travel_time_index"),
    step=5 * MINUTE,
    derive=roads,
)
