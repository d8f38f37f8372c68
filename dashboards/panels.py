"""Panels as Grafana 9 and the current release both read them: one function a type."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from dashboards.language import Text, Told, put
from dashboards.texts import NO_DATA, NOTHING, TO_ASSET, TO_INCIDENT, TO_INDEX, Words
from dashboards.texts.names import NAMES

Json = dict[str, Any]

# Grafana knows this data source by its uid; `postgres` is native to 9.x and an alias later.
SOURCE: Final = {"type": "postgres", "uid": "cityops"}

# The unit of a stream is UCUM; Grafana has its own names. Its units of time have English ones alone
# and change with the number ("1.25 hour"), which only a table of seconds needs.
UNITS: Final[Mapping[str, Told]] = {
    "1": "short",
    "ug/m3": "conμgm3",
    "m": "lengthm",
    "km/h": "velocitykmh",
    "kW": "kwatt",
    "dB": "dB",
    "ms": "ms",
    "/min": Text("suffix:/phút", "suffix:/min"),
    "/h": Text("suffix:/giờ", "suffix:/h"),
    "share": "percentunit",
    "mm": "lengthmm",
    "m/h": Text("suffix:m/giờ", "suffix:m/h"),
    "m3/h": "suffix:m³/h",
    "kPa": "pressurekpa",
    "h": Text("suffix:giờ", "suffix:h"),
    "count": "none",
    "s": "s",
    "duration": "dthms",  # seconds as hours:minutes:seconds, the same in both languages
    "min": Text("suffix:phút", "suffix:min"),
    "d": Text("suffix:ngày", "suffix:d"),
    "bytes": "decbytes",
}

GREY, GREEN, YELLOW, ORANGE, RED = "#a7adb5", "green", "yellow", "orange", "red"
BLUE, PURPLE = "blue", "purple"

# From which value on which colour; the first begins below everything.
Steps = Sequence[tuple[float | None, str]]
NOTHING_BELOW: Final = -1e9  # no value that a bar stands for is
PLAIN: Final[Steps] = ((None, GREEN),)
UNCOLORED: Final[Steps] = ((None, "transparent"),)
# A state stands for as long as nothing newer is known, but no longer than this: the slowest rule
# speaks once an hour [ours].
STANDS_MS: Final = 3 * 3_600_000


ENDED: Final = """WITH states AS (
{}), last AS (
    SELECT *, max(time) OVER () AS newest,
           time < $__timeTo()::timestamptz - interval '$__interval' - interval '3 hours' AS silent
    FROM (SELECT DISTINCT ON (metric) * FROM states ORDER BY metric, time DESC) each_one)
SELECT * FROM states
UNION ALL
SELECT CASE WHEN silent THEN time + interval '3 hours' ELSE newest END, metric,
       CASE WHEN NOT silent THEN "{}" END
FROM last WHERE silent OR time < newest
ORDER BY 1, 2"""


class Place(NamedTuple):
    """Where a panel stands in the grid of 24 columns; a row is about 38 pixels."""

    x: int
    y: int
    w: int
    h: int


def target(sql: Told, ref: str = "A", *, series: bool = False) -> Json:
    """A query: a table, or series (columns time, metric, value)."""
    return {
        "refId": ref,
        "datasource": SOURCE,
        "editorMode": "code",
        "format": "time_series" if series else "table",
        "rawQuery": True,
        "rawSql": sql,
    }


def thresholds(steps: Steps) -> Json:
    """Colours by value."""
    return {
        "mode": "absolute",
        "steps": [{"color": color, "value": value} for value, color in steps],
    }


def by_name(name: Told, **properties: Any) -> Json:
    """What differs for one column or series; it gets the name people know it by."""
    if isinstance(name, str) and name in NAMES:
        properties = {"displayName": NAMES[name], **properties}
    return differing("byName", name, properties)


def by_pattern(pattern: Told, **properties: Any) -> Json:
    """What differs for all series whose name matches a regular expression."""
    return differing("byRegexp", put("/{}/", pattern), properties)


def by_query(ref: str, **properties: Any) -> Json:
    """What differs for all that one query gives."""
    return differing("byFrameRefID", ref, properties)


def differing(by: str, whom: Told, properties: Mapping[str, Any]) -> Json:
    """What differs for those whom one of Grafana's matchers finds."""
    return {
        "matcher": {"id": by, "options": whom},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def to_asset(asset: str) -> Json:
    """A link to the board of one asset, named by one of Grafana's variables of a value."""
    return to_board("asset", "asset", asset, TO_ASSET)


def to_board(uid: str, variable: str, value: str, title: Text) -> Json:
    """A link to a board of the same language with a variable of it set."""
    rest = f"?var-{variable}={value}&${{__url_time_range}}"
    return {
        "title": title,
        "url": Text(f"/d/{uid}{rest}", f"/d/{uid}-en{rest}"),
        "targetBlank": False,
    }


def asset_columns() -> list[Json]:
    """A table's `title` leads to the asset that its column `asset`, not shown, names."""
    return [
        by_name("title", links=[to_asset("${__data.fields.asset}")]),
        by_name("asset", **{"custom.hidden": True}),
    ]


def incident_columns() -> list[Json]:
    """A table's `status` leads to the console's page that its column `incident`, not shown, names.

    Later releases of Grafana would escape the address, were they not told to leave it.
    """
    link = {"title": TO_INCIDENT, "url": "${__data.fields.incident:raw}", "targetBlank": True}
    return [by_name("status", links=[link]), by_name("incident", **{"custom.hidden": True})]


def unit_columns() -> list[Json]:
    """A table's `name` leads to the index of the unit that its column `unit`, not shown, names."""
    link = to_board("index-766", "unit", "${__data.fields.unit}", TO_INDEX)
    return [by_name("name", links=[link]), by_name("unit", **{"custom.hidden": True})]


def coarse(panel: Json) -> Json:
    """A chart in spans of fifteen minutes at least: all lights have reported in each of them.

    They speak every ten; in shorter spans a total would be that of whoever happened to speak.
    """
    return panel | {"interval": "15m"}


def linked(panel: Json) -> Json:
    """A chart whose lines (columns time, metric, asset, value) lead to the board of their asset.

    A line bears its metric's name, but for the one that stands where there are no data.
    """
    named = by_pattern(
        put("^(?!([Tt]ime|{})$)", NO_DATA),
        displayName="${__field.labels.metric}",
        links=[to_asset("${__field.labels.asset}")],
    )
    panel["fieldConfig"]["overrides"].append(named)
    return panel


def fixed(color: str) -> Json:
    """One colour whatever the value."""
    return {"mode": "fixed", "fixedColor": color}


def mapped(texts: Mapping[Any, Told], colors: Mapping[Any, str] | None = None) -> list[Json]:
    """Words (and colours) in place of values."""
    options = {
        str(value): {"text": text, "index": index}
        | ({"color": colors[value]} if colors and value in colors else {})
        for index, (value, text) in enumerate(texts.items())
    }
    return [{"type": "value", "options": options}]


def panel(kind: str, words: Words, place: Place, targets: Sequence[Json]) -> Json:
    """What every panel has. The board gives the ids."""
    return {
        "type": kind,
        "title": words.heading,
        "description": words.description,
        "gridPos": place._asdict(),
        "datasource": SOURCE,
        "targets": list(targets),
    }


def stat(words: Words, place: Place, targets: Sequence[Json], columns: Mapping[str, Steps]) -> Json:
    """One big number a column, on a ground coloured by its steps."""
    return panel("stat", words, place, targets) | {
        "fieldConfig": {
            "defaults": {
                "unit": UNITS["1"],
                "decimals": 0,
                "noValue": NO_DATA,
                "color": {"mode": "thresholds"},
                "thresholds": thresholds(PLAIN),
            },
            "overrides": [
                by_name(name, thresholds=thresholds(steps)) for name, steps in columns.items()
            ],
        },
        "options": {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "orientation": "vertical",
            "textMode": "value_and_name",
            "colorMode": "background",
            "graphMode": "none",
            "justifyMode": "center",
        },
    }


LINES: Final[Json] = {
    "drawStyle": "line",
    "lineInterpolation": "linear",
    "lineWidth": 2,
    "fillOpacity": 0,
    "showPoints": "never",
    "spanNulls": 3_600_000,
    "axisPlacement": "auto",
}
BARS: Final[Json] = {
    "custom.drawStyle": "bars",
    "custom.fillOpacity": 80,
    "custom.lineWidth": 0,
}
BELOW: Final[Json] = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}


def timeseries(  # noqa: PLR0913 (what a line chart can differ in)
    words: Words,
    place: Place,
    targets: Sequence[Json],
    *,
    unit: str,
    steps: Steps = PLAIN,
    overrides: Sequence[Json] = (),
    decimals: int | None = None,
    soft: tuple[float | None, float | None] = (0, None),
) -> Json:
    """Lines over time, on an axis that shows at least `soft`; several steps colour the ground."""
    low, high = soft
    custom = LINES | {"thresholdsStyle": {"mode": "area" if len(steps) > 1 else "off"}}
    custom |= {} if low is None else {"axisSoftMin": low}
    custom |= {} if high is None else {"axisSoftMax": high}
    defaults: Json = {
        "unit": UNITS[unit],
        "noValue": NO_DATA,
        "color": {"mode": "palette-classic"},
        "thresholds": thresholds(steps),
        "custom": custom,
    }
    defaults |= {} if decimals is None else {"decimals": decimals}
    return panel("timeseries", words, place, targets) | {
        "interval": "5m",
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)},
        "options": {"legend": BELOW, "tooltip": {"mode": "multi", "sort": "desc"}},
    }


def state_timeline(  # noqa: PLR0913 (states have words and colours)
    words: Words,
    place: Place,
    targets: Sequence[Json],
    states: Mapping[Any, Told],
    colors: Mapping[Any, str],
    *,
    written: bool = False,
) -> Json:
    """A row a series: what state it was in from when to when, in colours that the legend names.

    Words short enough may be `written` on the row itself: Grafana lets long ones overlap.
    """
    return panel("state-timeline", words, place, [ended(each) for each in targets]) | {
        "interval": "5m",
        "fieldConfig": {
            "defaults": {
                "unit": UNITS["1"],
                "noValue": NO_DATA,
                "color": {"mode": "fixed", "fixedColor": GREY},
                "mappings": mapped(states, colors),
                "custom": {"lineWidth": 0, "fillOpacity": 80, "spanNulls": STANDS_MS},
            },
            # Without data Grafana shows the column of names as a row.
            "overrides": [
                by_name("metric", displayName=" "),
                by_name("state"),
                by_name("dominant"),
            ],
        },
        "options": {
            "mergeValues": True,
            "showValue": "auto" if written else "never",
            "alignValue": "center",
            "rowHeight": 0.85,
            "legend": BELOW,
            "tooltip": {"mode": "single"},
        },
    }


def ended(query: Json) -> Json:
    """The same states, each ended where nothing was heard for long, else up to the newest of all.

    Else Grafana draws the last one up to the end of what is on show, as if it were known to stand.
    """
    if query["format"] != "time_series":
        return query
    return query | {"rawSql": put(ENDED, query["rawSql"], NO_DATA)}


def apart(query: Json) -> Json:
    """The same bars with nothing after each: one that stands alone is not drawn a day wide."""
    sql = put(
        """WITH bars AS (
{}) SELECT * FROM bars
UNION ALL SELECT time + interval '$__interval', metric, 0 FROM bars
WHERE (time + interval '$__interval', metric) NOT IN (SELECT time, metric FROM bars)
ORDER BY 1, 2""",
        query["rawSql"],
    )
    return query | {"rawSql": sql}


def bargauge(  # noqa: PLR0913 (what a bar can differ in)
    words: Words,
    place: Place,
    targets: Sequence[Json],
    *,
    unit: str,
    steps: Steps,
    low: float,
    high: float,
) -> Json:
    """A bar a row: `title` beside it, `value` as its length; grey where there is none."""
    (_, first), *others = steps
    return panel("bargauge", words, place, targets) | {
        "fieldConfig": {
            "defaults": {
                "unit": UNITS[unit],
                "decimals": 0,
                "min": low,
                "max": high,
                "noValue": NO_DATA,
                "color": {"mode": "thresholds"},
                "thresholds": thresholds([(None, GREY), (NOTHING_BELOW, first), *others]),
            },
            "overrides": [],
        },
        "options": {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": True},
            "orientation": "horizontal",
            "displayMode": "basic",
            "showUnfilled": True,
        },
    }


def table(
    words: Words,
    place: Place,
    targets: Sequence[Json],
    columns: Sequence[Json],
    *,
    empty: tuple[str, Told] = ("title", NO_DATA),
) -> Json:
    """Rows as they come; where there are none, one that says so in words in a column.

    Grafana 9 has only "No data" for a table without rows: the query gives one of nothing instead.
    """
    column, nothing = empty
    return panel(
        "table", words, place, [each | {"rawSql": or_nothing(each["rawSql"])} for each in targets]
    ) | {
        "fieldConfig": {
            "defaults": {
                "unit": "string",
                "noValue": NOTHING,
                "thresholds": thresholds(UNCOLORED),
                "custom": {"align": "left", "displayMode": "auto", "filterable": False},
            },
            "overrides": [*map(legible, columns), by_name(column, noValue=nothing)],
        },
        "options": {"showHeader": True, "sortBy": []},
    }


def legible(column: Json) -> Json:
    """A column of coloured words that has the colour of all others where nothing is known."""
    told = {each["id"]: each["value"] for each in column["properties"]}
    if told.get("custom.displayMode") != "color-text":
        return column
    steps = told.get("thresholds", thresholds(()))["steps"]
    known = [each | {"value": each["value"] or NOTHING_BELOW} for each in steps[:1]]
    told["thresholds"] = thresholds(((None, "text"),))
    told["thresholds"]["steps"] += [*known, *steps[1:]]
    return column | {"properties": [{"id": key, "value": told[key]} for key in told]}


def or_nothing(sql: Told) -> Text:
    """The query, or a row of nulls where it gives none."""
    return put("SELECT rows.* FROM (SELECT 1) one LEFT JOIN (\n{}) rows ON true", sql)
