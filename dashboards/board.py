"""A board around its panels: variables, annotations, time, and the other boards."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboards import queries, texts
from dashboards.language import Text, Told, put
from dashboards.panels import RED, SOURCE, YELLOW, Json, target
from dashboards.queries import filled
from dashboards.texts import Words

SCHEMA: Final = 36  # Grafana 9.0; later releases carry it forward when they load it
ALL: Final = "$__all"
TAG: Final = Text("cityops", "cityops-en")

# Every board lists the others of its language, and takes the time range and what was chosen along.
OTHER_BOARDS: Final[Json] = {
    "title": texts.OTHER_BOARDS,
    "type": "dashboards",
    "tags": [TAG],
    "asDropdown": True,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
    "icon": "external link",
    "tooltip": "",
    "url": "",
}


def board(  # noqa: PLR0913 (what a board can differ in)
    *,
    uid: str,
    words: Words,
    panels: Sequence[Json],
    variables: Sequence[Json],
    annotations: Sequence[Json],
    refresh: str = "1m",
    time: tuple[str, str] = ("now-6h", "now"),
) -> Json:
    """A board of the operations centre: local time, six hours at first, fresh every minute.

    Its English edition has an address of its own.
    """
    address = Text(uid, f"{uid}-en")
    return {
        "id": None,
        "uid": address,
        "title": words.heading,
        "description": words.description,
        "tags": [TAG],
        "timezone": "Asia/Ho_Chi_Minh",
        "weekStart": "monday",
        "editable": True,
        "graphTooltip": 1,
        "refresh": refresh,
        "schemaVersion": SCHEMA,
        "time": dict(zip(("from", "to"), time, strict=True)),
        "timepicker": {"refresh_intervals": ["10s", "30s", "1m", "5m", "15m"]},
        "templating": {"list": [*days_of(variables), *variables]},
        "annotations": {"list": list(annotations)},
        "links": [OTHER_BOARDS, other_language(uid)],
        "panels": [{"id": number, **panel} for number, panel in enumerate(panels, start=1)],
    }


def other_language(uid: str) -> Json:
    """A link to the same board in the other language."""
    return {
        "title": texts.OTHER_LANGUAGE,
        "type": "link",
        "url": Text(f"/d/{uid}-en", f"/d/{uid}"),
        "tags": [],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "icon": "doc",
        "tooltip": "",
    }


def days_of(variables: Sequence[Json]) -> list[Json]:
    """Where an area can be chosen, the day whose areas they are: districts came and went."""
    if all(each["name"] != "area" for each in variables):
        return []
    sql = filled(queries.DAYS, {"all": texts.ALL_DAYS, "from": texts.FROM_DAY})
    return [list_of("as_of", texts.AS_OF_LABEL, sql, first=(texts.ALL_DAYS, "all"))]


def area() -> Json:
    """The variable for the place, the same on every board."""
    return list_of(
        "area",
        texts.AREA_LABEL,
        filled(queries.AREAS, {"all": texts.ALL_AREAS}),
        first=(texts.ALL_AREAS, "all"),
    )


def incident_marks(*kinds: str) -> list[Json]:
    """The beginnings of incidents, those of these kinds or of the chosen ones."""
    sql = queries.MARKS_OF_KINDS if kinds else queries.INCIDENT_MARKS
    shown = (
        (texts.SERIOUS_INCIDENTS, ("high",), RED),
        (texts.OTHER_INCIDENTS, ("medium", "low"), YELLOW),
    )
    return [
        annotation(
            name,
            filled(sql, {"severities": severities, "kinds": kinds}),
            color,
            enabled=color == RED,
        )
        for name, severities, color in shown
    ]


def service_marks() -> list[Json]:
    """The beginnings of grave incidents of e-government services, wherever they are."""
    sql = filled(queries.SERVICE_MARKS, {"severities": ("high",), "kinds": ("service",)})
    return [annotation(texts.SERIOUS_INCIDENTS, sql, RED, enabled=True)]


def list_of(name: str, label: Told, sql: Told, *, first: tuple[Told, str]) -> Json:
    """A variable with one value, out of what a query gives (`__text`, `__value`).

    Where `first` is not among them, Grafana takes the one on top.
    """
    text, value = first
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": sql,
        "definition": sql,
        "regex": "",
        "refresh": 1,
        "sort": 0,
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "skipUrlSync": False,
        "options": [],
        "current": {"selected": True, "text": text, "value": value},
    }


def each_of(name: str, label: Told, sql: Told) -> Json:
    """A variable that a panel is repeated for: all of what a query gives, at first."""
    return list_of(name, label, sql, first=("All", ALL)) | {
        "multi": True,
        "includeAll": True,
        "current": {"selected": True, "text": ["All"], "value": [ALL]},
    }


def repeated(panel: Json, name: str, *, a_row: int) -> Json:
    """The panel once for each value of a variable, so many beside each other."""
    return panel | {"repeat": name, "repeatDirection": "h", "maxPerRow": a_row}


def choice(name: str, label: Told, options: Mapping[str, Told]) -> Json:
    """A variable with any number of fixed values, all of them at first.

    The values stand in the board, so that "all" is never an empty list.
    """
    offered: list[Json] = [{"selected": True, "text": "All", "value": ALL}]
    every = ", ".join(f"{{}} : {value}" for value in options)
    offered += [
        {"selected": False, "text": text, "value": value} for value, text in options.items()
    ]
    return {
        "name": name,
        "label": label,
        "type": "custom",
        "query": put(every, *options.values()),
        "multi": True,
        "includeAll": True,
        "hide": 0,
        "skipUrlSync": False,
        "options": offered,
        "current": {"selected": True, "text": ["All"], "value": [ALL]},
    }


def one_of(name: str, label: Told, values: Sequence[str]) -> Json:
    """A variable with one of a few fixed values, the first at first."""
    offered = [{"selected": each == values[0], "text": each, "value": each} for each in values]
    return {
        "name": name,
        "label": label,
        "type": "custom",
        "query": ", ".join(values),
        "multi": False,
        "includeAll": False,
        "hide": 0,
        "skipUrlSync": False,
        "options": offered,
        "current": {"selected": True, "text": values[0], "value": values[0]},
    }


def annotation(name: Told, sql: Told, color: str, *, enabled: bool) -> Json:
    """Marks across the panels: columns time, text, tags.

    Grafana 9 reads `rawQuery`, later releases the target.
    """
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": enabled,
        "hide": False,
        "iconColor": color,
        "rawQuery": sql,
        "target": target(sql, "Anno"),
    }
