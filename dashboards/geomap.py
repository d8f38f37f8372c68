"""The map: dots on whatever ground the server has."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashboards.language import Told
from dashboards.panels import GREEN, UNITS, Json, Place, Steps, panel, thresholds
from dashboards.texts import GROUND_MAP, Words


class View(NamedTuple):
    """What of the world a map shows at first."""

    latitude: float
    longitude: float
    zoom: float


DOT: Final = {"mode": "fixed", "fixed": "img/icons/marker/circle.svg"}
UPRIGHT: Final = {"fixed": 0, "mode": "mod", "min": -360, "max": 360}
# The name stands above its dot.
NAME: Final = {
    "fontSize": 13,
    "textAlign": "center",
    "textBaseline": "bottom",
    "offsetX": 0,
    "offsetY": -8,
}
CONTROLS: Final = {
    "mouseWheelZoom": False,
    "showZoom": True,
    "showAttribution": True,
    "showScale": False,
    "showDebug": False,
}


def geomap(  # noqa: PLR0913 (a map has a view besides)
    words: Words,
    place: Place,
    targets: Sequence[Json],
    *,
    view: View,
    level: str,
    steps: Steps,
    overrides: Sequence[Json] = (),
) -> Json:
    """Dots at `latitude` and `longitude`, coloured and sized by `level`, named by `label`.

    The ground is the server's default base layer: an operator chooses it once for all maps
    (`[geomap] default_baselayer_config`), and without any tiles dots and names still show.
    """
    defaults = {
        "unit": UNITS["1"],
        "decimals": 0,
        "color": {"mode": "thresholds"},
        "thresholds": thresholds(steps),
    }
    return panel("geomap", words, place, targets) | {
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)},
        "options": {
            "view": {
                "id": "coords",
                "lat": view.latitude,
                "lon": view.longitude,
                "zoom": view.zoom,
            },
            "controls": CONTROLS,
            "basemap": {"type": "default", "name": GROUND_MAP, "config": {}},
            "layers": [dots(words.heading, level)],
            "tooltip": {"mode": "details"},
        },
    }


def dots(name: Told, level: str) -> Json:
    """The one layer of a map."""
    style = {
        "color": {"field": level, "fixed": GREEN},
        "size": {"field": level, "fixed": 5, "min": 2, "max": 8},
        "opacity": 0.85,
        "symbol": DOT,
        "rotation": UPRIGHT,
        "text": {"mode": "field", "field": "label", "fixed": ""},
        "textConfig": NAME,
    }
    return {
        "type": "markers",
        "name": name,
        "config": {"style": style, "showLegend": False},
        "location": {"mode": "coords", "latitude": "latitude", "longitude": "longitude"},
        "tooltip": True,
    }
