"""VN_AQI in its own words and colours."""

from typing import Final

from dashboards import panels, queries, texts
from dashboards.panels import Json, Place, Steps, target
from dashboards.queries import filled
from dashboards.texts import Words

# Decision 1459/QĐ-TCMT: the index at which each class begins, and the class's colour.
BEGINNINGS: Final = (0, 51, 101, 151, 201, 301)
COLORS: Final = {
    1: "#00e400",
    2: "#ffff00",
    3: "#ff7e00",
    4: "#ff0000",
    5: "#8f3f97",
    6: "#7e0023",
}
STEPS: Final[Steps] = tuple(
    (begins or None, color) for begins, color in zip(BEGINNINGS, COLORS.values(), strict=True)
)


def aqi_classes(words: Words, place: Place, *, keep: int) -> Json:
    """The class of each station's hours, for the few that came to the worst."""
    values: dict[str, queries.Value] = {
        "kinds": ("air",),
        "metrics": ("aqi",),
        "keep": keep,
        "beginnings": BEGINNINGS[1:],
    }
    series = target(filled(queries.AQI_CLASSES, values), series=True)
    return panels.state_timeline(words, place, [series], texts.AQI_CLASSES, COLORS)
