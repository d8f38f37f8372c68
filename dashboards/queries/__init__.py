"""The SQL of the panels, variables and annotations; it names views only.

`$__…` and `${…}` are Grafana's. `@name` is ours: `filled` puts a quoted value there, or one of
the fragments below.
"""

import re
from collections.abc import Mapping
from typing import Final

from dashboards.language import LANGUAGES, Language, Text, Told, put, said
from dashboards.texts import NO_DATA
from dashboards.texts.asset import NO_ANOMALY

# The chosen area with all below it; "all" also shows what lies in no area.
IN_AREA: Final = """(${area:sqlstring} = 'all' OR area_code IN (
    WITH RECURSIVE chosen AS (
        SELECT code FROM area_list WHERE code = ${area:sqlstring}
        UNION SELECT below.code FROM area_list below JOIN chosen ON below.parent_code = chosen.code)
    SELECT code FROM chosen))"""
# The units of the chosen levels, or the one that is chosen; and the services that speak for them. The
# provincial centre's counters are its own, its dossiers those of the departments.
OF_UNIT: Final = """kind IN (${level:sqlstring})
      AND (${unit:sqlstring} = 'all' OR unit = ${unit:sqlstring})"""
# As an array it is found once, before the readings are looked for; an IN is asked of every row.
OF_SHOPS: Final = """asset = ANY (ARRAY(
          SELECT asset FROM egov_service_list
          WHERE system = 'one-stop' AND unit_kind IN (${level:sqlstring})
            AND (${unit:sqlstring} = 'all' OR unit = ${unit:sqlstring})))"""
OF_COUNTERS: Final = OF_SHOPS.replace("= 'one-stop'", "IN ('one-stop', 'centre')")
OF_SYSTEMS: Final = """metric IN (@metrics) AND asset = ANY (ARRAY(
          SELECT asset FROM egov_service_list WHERE system IN (@systems)))"""
# Where nothing is added up: the chosen unit, else the province.
THE_UNIT: Final = """unit = CASE ${unit:sqlstring} WHEN 'all' THEN (
          SELECT min(unit) FROM unit_name_list WHERE kind = 'province') ELSE ${unit:sqlstring} END"""
# The newest index of the time range: of its last day, or of the newest that was reckoned.
THE_DAY: Final = """day = (
    SELECT max(day) FROM egov_index_list WHERE code = 'TOTAL'
      AND day <= ($__timeTo()::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"""
OF_KIND: Final = "kind IN (${kind:sqlstring})"

# A gateway that nobody claimed, and the platform itself, measure nothing: nobody misses them.
# What a last will says (`online`) is the broker's word, not the device's.
MEASURING: Final = """(kind NOT IN ('unknown', 'platform') OR EXISTS (
    SELECT FROM stream_list s WHERE s.asset = connectivity_list.asset
      AND s.metric <> 'online' AND s.derived_by IS NULL))"""

# A name without what the panel's title, or the metric beside it, says already, and without
# the province: all of it is the province's.
SHORT_TITLE: Final = (
    "regexp_replace(title, '^(Trạm thủy văn|Trạm khí|Trạm đo tiếng ồn|Trạm đo mưa|Trạm đếm xe"
    "|Đồng hồ khu vực cấp nước|Công tơ điện|Bộ phận một cửa|Kết nối|Tủ điều khiển chiếu sáng"
    "|Tủ điều khiển) |(?<=,) tủ điều khiển chiếu sáng| \\(sông [^)]+\\)$| tỉnh [^,]+$', '', 'g')"
)

# Long ranges read the hourly rollup, also where a panel is wide enough for finer points; short
# ones that of five minutes. The one that is not read costs nothing: its condition is a constant.
LONG: Final = (
    "($__interval_ms >= 3600000"
    " OR $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '60 hours')"
)
POINTS: Final = """points AS (
    SELECT $__timeGroup(time,$__interval) AS time, asset, title, metric, @span AS value
    FROM series_5m
    WHERE NOT @long AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
    GROUP BY 1, asset, title, metric
    UNION ALL
    SELECT $__timeGroup(time,$__interval) AS time, asset, title, metric, @span AS value
    FROM series_1h
    WHERE @long AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
    GROUP BY 1, asset, title, metric)"""
# The same as they were rolled up. Who is shown is chosen from these, so that of a month of fifty
# stations only the few that stand out are put into spans of the chart's own.
SPANS: Final = """spans AS (
    SELECT time, asset, title, mean, high, samples FROM series_5m
    WHERE NOT @long AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
    UNION ALL
    SELECT time, asset, title, mean, high, samples FROM series_1h
    WHERE @long AND $__timeFilter(time)
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area)"""
OF_THINGS: Final = "kind IN (@kinds) AND metric IN (@metrics) AND @in_area"
# What a span of time says: its mean; of a state the worst, which must not be averaged away.
MEAN: Final = POINTS.replace("@span", "sum(mean * samples) / sum(samples)")
WORST: Final = POINTS.replace("@span", "max(high)")
# A series is named by its metric; without any rows the column's own name is all that shows.
NAMED: Final = put('"{}"', NO_DATA)
# As the catalogue calls a metric (metric_list m); some have no English name yet.
METRIC_TITLE: Final = Text("m.title", "coalesce(m.title_en, m.title)")

# The console's page of an incident (incident_list i); the console itself says where it is.
PAGE: Final = "(SELECT url FROM console_address) || '/incidents/' || i.id"
TO_INCIDENT: Final = Text(PAGE, f"{PAGE} || '?lang=en'")

# How many people share the alarms: what is chosen, and 1 where it is none of these.
OPERATORS: Final = ("1", "2", "3", "4", "6", "8")
AMONG: Final = " ".join(f"WHEN '{each}' THEN {each}" for each in OPERATORS)

FRAGMENTS: Final[Mapping[str, Told]] = {
    "operators": f"CASE ${{operators:sqlstring}} {AMONG} ELSE 1 END",
    "long": LONG,
    "spans": SPANS,
    "points": MEAN,
    "worst_points": WORST,
    "one_stop_points": MEAN.replace("@in_area", "@in_area AND @one_stop"),
    "unit_in_area": "unit IN (SELECT unit FROM egov_service_list WHERE @in_area)",
    "one_stop": "asset = ANY (ARRAY(SELECT asset FROM egov_service_list WHERE system = 'one-stop'))",
    "shop_points": MEAN.replace(OF_THINGS, "metric IN (@metrics) AND @of_shops"),
    "counter_points": MEAN.replace(OF_THINGS, "metric IN (@metrics) AND @of_counters"),
    "system_points": MEAN.replace(OF_THINGS, OF_SYSTEMS),
    "worst_system_points": WORST.replace(OF_THINGS, OF_SYSTEMS),
    "of_shops": OF_SHOPS,
    "of_counters": OF_COUNTERS,
    "of_unit": OF_UNIT,
    "the_unit": THE_UNIT,
    "in_area": IN_AREA,
    "of_kind": OF_KIND,
    "measuring": MEASURING,
    "short_title": SHORT_TITLE,
    "short_listed": SHORT_TITLE.replace("(title,", "(l.title,"),
    "short_point": SHORT_TITLE.replace("(title,", "(points.title,"),
    "short_incident": SHORT_TITLE.replace("(title,", "(i.title,"),
    "to_incident": TO_INCIDENT,
    "named": NAMED,
    "no_anomaly": put('"{}"', NO_ANOMALY),
    "the_day": THE_DAY,
    "words": Text("w.words", "w.words_en"),
    "input": Text("p.title", "coalesce(p.title_en, p.title)"),
    "level_title": Text("c.title", "c.title_en"),
    "submetric": Text("i.title", "coalesce(i.title_en, i.title)"),
    "grade": Text("i.grade", "i.grade_en"),
    "metric_title": METRIC_TITLE,
    "desk_title": Text("title", "title_en"),
}

# One line a station, for the few that stand out most; @sign is 1 for the highest, -1 for the
# lowest. Names are shortened once a station: a month has thousands of points.
OUTSTANDING: Final = """WITH @spans, shown AS MATERIALIZED (
    SELECT asset, @short_title AS name FROM spans
    GROUP BY asset, title ORDER BY max(mean * @sign) DESC, asset LIMIT @keep)
SELECT $__timeGroup(time,$__interval) AS time, shown.name AS metric,
       sum(mean * samples) / sum(samples) AS @named
FROM spans JOIN shown USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

# The same with the name of the asset, for a link to its board.
LINKED: Final = OUTSTANDING.replace("AS metric,", "AS metric, asset,").replace(
    "BY 1, 2", "BY 1, 2, 3"
)

# The states that a number stands for, a row an asset, for the few that came to the worst.
STATES: Final = """WITH @spans, shown AS MATERIALIZED (
    SELECT asset, @short_title AS name FROM spans
    GROUP BY asset, title ORDER BY max(high) DESC, asset LIMIT @keep)
SELECT $__timeGroup(time,$__interval) AS time, shown.name AS metric, max(high) AS @named
FROM spans JOIN shown USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

# One line a metric, all assets added up. The span still running is left out: not everybody
# has reported in it.
TOTALS: Final = """WITH @points
SELECT time, metric, sum(value) AS @named FROM points
WHERE time <= $__timeTo()::timestamptz - interval '$__interval'
GROUP BY 1, 2 ORDER BY 1, 2"""

# The same of one-stop shops, without the centre and the portal: what they take in is the departments'.
SHOP_TOTALS: Final = TOTALS.replace("@points", "@one_stop_points")

# What each station says now: the newest five minutes of the last hours on show.
NEWEST: Final = """SELECT @short_title AS title, value FROM (
    SELECT DISTINCT ON (asset) asset, title, mean AS value FROM series_5m
    WHERE time BETWEEN $__timeTo()::timestamptz - interval @within AND $__timeTo()::timestamptz
      AND kind IN (@kinds) AND metric IN (@metrics) AND @in_area
      AND asset IN (SELECT asset FROM stream_list WHERE metric = @having)
    ORDER BY asset, time DESC) newest
ORDER BY value DESC, title LIMIT @keep"""

# The six classes of VN_AQI as 1 to 6; a row is named by its station and its newest index.
AQI_CLASSES: Final = """WITH @spans, shown AS (
    SELECT asset, title, max(time) AS newest FROM spans
    GROUP BY asset, title ORDER BY max(high) DESC, asset LIMIT @keep),
named AS MATERIALIZED (
    SELECT asset, @short_title || ' · ' || round(mean) AS name
    FROM spans JOIN shown USING (asset, title) WHERE time = newest)
SELECT $__timeGroup(time,$__interval) AS time, named.name AS metric,
       max(width_bucket(round(high), ARRAY[@beginnings])) + 1 AS @named
FROM spans JOIN named USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

# Where a station has alarm levels, its height in alarms: 0 is I, 1 is II, 2 is III, whatever
# lies between them, and metres below the first; else the level itself, which says so in its name.
RIVERS: Final = """WITH @points, stations AS MATERIALIZED (
    SELECT asset, first_m, second_m, third_m,
           @short_point || CASE WHEN first_m IS NULL THEN @level_itself ELSE '' END AS name
    FROM (SELECT DISTINCT asset, title FROM points) points
    LEFT JOIN flood_station_list USING (asset))
SELECT time, stations.name AS metric,
       avg(CASE WHEN first_m IS NULL THEN value
                WHEN value < first_m THEN value - first_m
                WHEN value < second_m THEN (value - first_m) / (second_m - first_m)
                ELSE 1 + (value - second_m) / (third_m - second_m) END) AS @named
FROM points JOIN stations USING (asset) GROUP BY 1, 2 ORDER BY 1, 2"""

# A limit in force as a line from end to end of what is on show; no asset's.
LIMIT: Final = """SELECT at AS time, @limit_name || ' ' || averaging AS metric, '' AS asset, value AS @named
FROM limit_list CROSS JOIN LATERAL (
    VALUES ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) ends (at)
WHERE metric = @metric AND averaging IN (@averagings) AND $__timeFilter(at) ORDER BY 1, 2"""

# A parameter of a rule as it holds today, as such a line.
PARAMETER: Final = """SELECT at AS time, @label AS metric, '' AS asset, value AS @named
FROM rule_parameter_list CROSS JOIN LATERAL (
    VALUES ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) ends (at)
WHERE rule = @rule AND name = @parameter AND $__timeFilter(at) ORDER BY 1, 2"""

OPEN_INCIDENTS: Final = """SELECT count(*) FILTER (WHERE severity = 'high') AS high,
       count(*) FILTER (WHERE severity = 'medium') AS medium,
       count(*) FILTER (WHERE severity = 'low') AS low,
       count(*) FILTER (WHERE status = 'open') AS unacknowledged
FROM incident_list WHERE status <> 'resolved' AND @of_kind AND @in_area"""

SERVICES_NOW: Final = """SELECT coalesce(sum(running + due_soon + overdue), 0)::bigint AS in_process,
       coalesce(sum(due_soon), 0)::bigint AS due_soon, coalesce(sum(overdue), 0)::bigint AS overdue,
       (SELECT sum(early + on_time)::float / nullif(sum(early + on_time + late), 0)
        FROM unit_day_list WHERE time > now() - interval '30 days' AND @unit_in_area) AS on_time_share
FROM unit_work_list WHERE @unit_in_area"""

# By the cadence each asset has shown (services/connectivity), so that one that speaks every
# ten minutes is not called silent after five.
REPORTING: Final = """SELECT
    count(*) FILTER (WHERE state <> 'silent' AND last_received_at IS NOT NULL) AS reporting,
    count(*) FILTER (WHERE state = 'silent' OR last_received_at IS NULL) AS silent
FROM connectivity_list WHERE @measuring AND @of_kind AND @in_area"""

LEDGER: Final = """SELECT coalesce(sum(stored) FILTER (
           WHERE time >= date_trunc('minute', $__timeTo()::timestamptz) - interval '5 minutes'
             AND time < date_trunc('minute', $__timeTo()::timestamptz)), 0) / 5 AS per_minute,
       coalesce(sum(rejected), 0) AS rejected
FROM ledger_balance WHERE $__timeFilter(time)"""

# Districts are rows of the same frame, since one layer draws one frame; their names stand a
# little north of their centres, where the assets are. What comes last lies on top: the
# worst, then the names. Of the assets only the worst few are named, one in an area: more names
# than that lie on each other; a service often bears its area's name, so things come before it.
# What nobody has claimed is no part of the city yet.
MAP: Final = """SELECT latitude, longitude, title, kind, area, state_level, open_incidents, label, asset
FROM (
    SELECT latitude, longitude, title, kind, area, state_level, open_incidents, area_code, asset,
           CASE WHEN state_level = 3 AND in_area = 1
                     AND sum(CASE WHEN in_area = 1 THEN 1 ELSE 0 END) OVER worst <= @labels
                THEN @short_title ELSE '' END AS label, 1 AS layer
    FROM (SELECT asset_states.*, row_number() OVER (
              PARTITION BY area_code
              ORDER BY state_level DESC, kind = 'service', open_incidents DESC, title) AS in_area
          FROM asset_states
          WHERE latitude IS NOT NULL AND kind <> 'unknown' AND @of_kind AND @in_area) assets
    WINDOW worst AS (ORDER BY state_level DESC, kind = 'service', open_incidents DESC, title
                     ROWS UNBOUNDED PRECEDING)
    UNION ALL
    SELECT latitude + 0.035, longitude, name, 'area', name, -1, NULL, code, NULL,
           regexp_replace(name, '^(Huyện|Thành phố|Thị xã) ', ''), 2
    FROM area_list WHERE kind = 'district') dots
WHERE @in_area
ORDER BY layer, state_level, title"""

NEWEST_INCIDENTS: Final = """SELECT opened_at, severity, @short_incident AS title, i.asset,
       coalesce(@metric_title, i.metric) AS metric, status, @to_incident AS incident
FROM incident_list i LEFT JOIN metric_list m USING (metric)
WHERE (status <> 'resolved' OR $__timeFilter(opened_at)) AND @of_kind AND @in_area
ORDER BY opened_at DESC, id DESC LIMIT 50"""

# So many marks a chart bears at most: those of one part of the range are one, which names three.
INCIDENT_MARKS: Final = """SELECT min(began_at) AS time,
       array_to_string((array_agg(said ORDER BY began_at))[1:3], '; ')
           || CASE WHEN count(*) > 3 THEN '; +' || count(*) - 3 ELSE '' END AS text,
       string_agg(DISTINCT kind, ',') || ',' || string_agg(DISTINCT severity, ',') AS tags
FROM (SELECT began_at, kind, severity, i.title || ': ' || coalesce(@metric_title, metric)
                 || ' <a href="' || @to_incident || '">#' || i.id || '</a>' AS said
      FROM incident_list i LEFT JOIN metric_list m USING (metric)
      WHERE $__timeFilter(began_at) AND severity IN (@severities) AND @of_kind AND @in_area) marks
GROUP BY floor(30 * date_part('epoch', began_at - $__timeFrom()::timestamptz)
               / date_part('epoch', $__timeTo()::timestamptz - $__timeFrom()::timestamptz))
ORDER BY 1"""
MARKS_OF_KINDS: Final = INCIDENT_MARKS.replace("@of_kind", "kind IN (@kinds)")

SERVICE_MARKS: Final = MARKS_OF_KINDS.replace(" AND @in_area", "")

# A commune's name may occur in two districts, and Grafana tells options apart by their text.
AREAS: Final = """SELECT text AS __text, code AS __value FROM (
    SELECT 0 AS level, @all AS text, 'all' AS code
    UNION ALL
    SELECT CASE a.kind WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END,
           CASE a.kind WHEN 'commune' THEN concat_ws(', ', a.name, p.name) ELSE a.name END, a.code
    FROM area_list a LEFT JOIN area_list p ON p.code = a.parent_code
    WHERE ${as_of:sqlstring} = 'all' OR (a.valid_from::text <= ${as_of:sqlstring}
          AND coalesce(a.valid_to::text, '9999') > ${as_of:sqlstring})) options
ORDER BY level, text"""

# The days on which some area came to be, the newest first. Days are compared as texts, as they
# are written (ISO 8601): whatever a link has in their place compares, too.
DAYS: Final = """SELECT text AS __text, day AS __value FROM (
    SELECT @all AS text, 'all' AS day, 0 AS rank
    UNION ALL
    SELECT @from || ' ' || to_char(valid_from, 'DD/MM/YYYY'), valid_from::text, 1
    FROM (SELECT DISTINCT valid_from FROM area_list) began) options
ORDER BY rank, day DESC"""

Value = Told | float | tuple[Told, ...] | tuple[float, ...] | tuple[tuple[Told, ...], ...]


def filled(text: str, values: Mapping[str, Value] | None = None) -> Text:
    """A query with its fragments and values put in. Raises KeyError where one is missing.

    >>> filled("metric IN (@metrics) LIMIT @keep", {"metrics": ("pm25", "o'3"), "keep": 5}).vi
    "metric IN ('pm25', 'o''3') LIMIT 5"
    """
    return Text(*(filled_in(text, values or {}, language) for language in LANGUAGES))


def filled_in(text: str, values: Mapping[str, Value], language: Language) -> str:
    """The query in one language."""

    def fragment(found: re.Match[str]) -> str:
        return said(FRAGMENTS.get(found[1], found[0]), language)

    while (whole := re.sub(r"@(\w+)", fragment, text)) != text:
        text = whole
    return re.sub(r"@(\w+)", lambda found: literal(values[found[1]], language), text)


def literal(value: Value, language: Language) -> str:
    """A value as SQL writes it; several are separated by commas, rows of them in brackets."""
    if isinstance(value, tuple):
        told = [literal(each, language) for each in value]
        rows = [isinstance(each, tuple) for each in value]
        return ", ".join(f"({text})" if row else text for text, row in zip(told, rows, strict=True))
    if isinstance(value, str | Text):
        return "'" + said(value, language).replace("'", "''") + "'"
    return str(value)
