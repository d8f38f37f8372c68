"""Rules every board keeps."""

import doctest
import json
import re
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest

from dashboards import aqi, language, panels, texts
from dashboards import queries as queries_of_boards
from dashboards.language import LANGUAGES, Text, said
from dashboards.panels import Json
from dashboards.queries import FRAGMENTS
from dashboards.texts import index766
from models.city.air import CATEGORIES
from services.store import migrations
from services.store.pool import Connection
from tests.dashboards.asking import BOARDS, ENGLISH, VIETNAMESE, Query, queries, variables

PANELS: list[tuple[str, Json]] = [
    (uid, panel) for uid, board in BOARDS.items() for panel in board["panels"]
]
every_panel = pytest.mark.parametrize(
    "panel",
    [panel for _, panel in PANELS],
    ids=[f"{uid} {panel['title']}" for uid, panel in PANELS],
)
every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
every_query = pytest.mark.parametrize("query", list(queries()), ids=str)

TONES = re.compile(
    r"[ăâđêôơưàáảãạầấẩẫậằắẳẵặèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
# What data are told apart by: the names of assets and districts are Vietnamese in both editions.
NAMES_OF_PLACES = (
    *(
        each
        for name, each in FRAGMENTS.items()
        if name.startswith("short_") and isinstance(each, str)
    ),
    "'^(Huyện|Thành phố|Thị xã) '",
)
VIEW = re.compile(r"CREATE (?:OR REPLACE )?VIEW (\w+)")
ROLLUPS = {
    "readings_5m",
    "readings_1h",
    "readings_1d",
}  # views in one edition only, and nobody's to read
RAW = re.compile(r"\b(reading_qualities|canary_beats)\b")
UNITS = {said(unit, each) for unit in panels.UNITS.values() for each in LANGUAGES}
COLUMNS, ROWS = 24, 27  # a screen of 1920 by 1080 without Grafana's own bars


def properties_of(override: Json) -> Json:
    return {each["id"]: each["value"] for each in override["properties"]}


def views() -> set[str]:
    files: list[Path] = sorted(migrations.SCHEMA.glob("*.sql"))
    named = {name for file in files for name in VIEW.findall(file.read_text(encoding="utf-8"))}
    return named - ROLLUPS


@pytest.mark.parametrize("module", [language, queries_of_boards])
def test_the_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_a_wall_holds_few_panels_on_one_screen() -> None:
    panels = BOARDS["city-picture"]["panels"]
    assert 8 <= len(panels) <= 13
    assert max(each["gridPos"]["y"] + each["gridPos"]["h"] for each in panels) <= ROWS


def test_a_board_keeps_its_address() -> None:
    assert list(VIETNAMESE) == [
        "city-picture", "egov-load", "index-766", "connectors", "portals", "readiness", "air", "rivers", "roads", "grid", "upkeep", "asset", "alarms", "models", "platform"
    ]  # fmt: skip
    assert list(ENGLISH) == [f"{uid}-en" for uid in VIETNAMESE]
    assert len({board["title"] for board in BOARDS.values()}) == len(BOARDS)


@every_board
def test_ids_and_titles_are_there_once(board: Json) -> None:
    panels = board["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    assert len({each["title"] for each in panels}) == len(panels)
    assert all(isinstance(each["id"], int) and each["id"] > 0 for each in panels)


@every_board
def test_a_board_leads_to_the_others(board: Json) -> None:
    others, other = board["links"]
    assert (others["type"], others["asDropdown"], others["includeVars"]) == (
        "dashboards", True, True
    )  # fmt: skip
    assert others["tags"] == board["tags"]
    there = BOARDS[other["url"].removeprefix("/d/")]
    assert there["links"][1]["url"] == f"/d/{board['uid']}"


def test_every_link_leads_to_a_board_and_a_variable_it_has() -> None:
    for edition in (VIETNAMESE, ENGLISH):
        found = re.findall(r'"url": "(/d/[^"]*\?[^"]*)"', json.dumps(list(edition.values())))
        assert found
        for url in found:
            uid, name = re.fullmatch(r"/d/([\w-]+)\?var-(\w+)=\$\{.+", url).groups()  # type: ignore[union-attr]
            assert uid in edition
            assert name in variables(uid)


@pytest.mark.parametrize("uid", VIETNAMESE)
def test_a_panel_is_described_in_both_languages(uid: str) -> None:
    assert TONES.search(VIETNAMESE[uid]["title"])
    for ours, theirs in zip(VIETNAMESE[uid]["panels"], ENGLISH[f"{uid}-en"]["panels"], strict=True):
        assert TONES.search(ours["title"]) or ours["title"].startswith("${")
        for panel, vietnamese_first in ((ours, True), (theirs, False)):
            told = panel["description"].split("\n\n")
            assert all(told)
            assert [bool(TONES.search(each)) for each in told] == [
                vietnamese_first,
                not vietnamese_first,
            ]


@pytest.mark.parametrize("uid", ENGLISH)
def test_the_english_edition_says_nothing_in_vietnamese(uid: str) -> None:
    """But for the second paragraph behind the "i", and names of places in the data."""
    board = json.loads(json.dumps(ENGLISH[uid]))
    board["links"].pop()
    for described in (board, *board["panels"]):
        described["description"] = described["description"].partition("\n\n")[0]
    text = json.dumps(board, ensure_ascii=False)
    for fragment in NAMES_OF_PLACES:
        text = text.replace(json.dumps(fragment, ensure_ascii=False)[1:-1], "")
    assert TONES.findall(text) == []


@every_panel
def test_a_panel_has_a_unit_and_words_for_no_data(panel: Json) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"] in UNITS | {"string"}
    told = [said(texts.NO_DATA, each) for each in LANGUAGES]
    if panel["type"] == "table":
        said_in_a_column = properties_of(panel["fieldConfig"]["overrides"][-1])["noValue"]
        assert said_in_a_column.split()[0] in {"Chưa", "Không", "No", "Not", "Never"}
    else:
        told += [index766.NOT_ASSESSED.vi, index766.NOT_ASSESSED.en]
        assert panel["type"] == "geomap" or defaults["noValue"] in told


@every_panel
def test_a_panel_lies_within_the_grid(panel: Json) -> None:
    place = panel["gridPos"]
    assert place["x"] >= 0
    assert place["x"] + place["w"] <= COLUMNS
    assert place["w"] > 0
    assert place["h"] > 0


@every_board
def test_no_panel_lies_on_another(board: Json) -> None:
    for one, other in combinations([each["gridPos"] for each in board["panels"]], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


@every_board
def test_what_is_repeated_comes_last(board: Json) -> None:
    """Nobody knows how many there will be."""
    names = [each.get("repeat") for each in board["panels"]]
    assert not any(names[:-1])
    assert names[-1] is None or names[-1] in variables(board["uid"])


@every_board
def test_one_data_source_is_named_by_its_uid(board: Json) -> None:
    named = [each["datasource"] for each in board["panels"]]
    named += [target["datasource"] for each in board["panels"] for target in each["targets"]]
    named += [each["datasource"] for each in board["annotations"]["list"]]
    named += [each["datasource"] for each in board["templating"]["list"] if "datasource" in each]
    assert all(each == {"type": "postgres", "uid": "cityops"} for each in named)


@every_panel
def test_queries_of_a_panel_have_their_own_letters(panel: Json) -> None:
    letters = [target["refId"] for target in panel["targets"]]
    assert len(set(letters)) == len(letters)


@every_query
def test_a_query_names_views_only(query: Query) -> None:
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+(?!LATERAL\b)([a-z_]\w*)", query.sql))
    parts = set(re.findall(r"(\w+)\s*(?:\([\w, ]*\)\s*)?AS (?:MATERIALIZED )?\(", query.sql))
    assert named - parts <= views()
    assert named & views() or named & parts


@every_query
def test_no_query_reads_what_is_not_rolled_up_over_a_long_range(query: Query) -> None:
    """Rows a reading are asked for three days at most, five minutes for sixty hours, or a few."""
    few = re.search(r"LIMIT \d+\) rows|LIMIT 1\b", query.sql)
    if RAW.search(query.sql):
        assert "interval '3 days'" in query.sql or few
    if "series_5m" in query.sql:
        assert re.search(r"interval '(60 hours|\d+ hours?)'|__interval_ms", query.sql)
    assert not re.search(r"\b(readings(_5m|_1h|_1d)?|kept_(5m|1h|1d)|arrivals)\b", query.sql)


@every_board
def test_a_board_says_where_and_when_it_is(board: Json) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,40}", board["uid"])
    assert board["title"]
    assert board["description"]
    assert board["timezone"] == "Asia/Ho_Chi_Minh"
    assert board["refresh"]
    names = [each["name"] for each in board["templating"]["list"]]
    assert len(set(names)) == len(names)
    assert all(each["label"] for each in board["templating"]["list"])
    used = set(re.findall(r"\$\{(\w+):sqlstring\}", json.dumps(board)))
    assert used <= set(names), "a query asks for a variable that the board has not"


@every_query
def test_a_query_of_a_chart_is_bound_in_time(query: Query) -> None:
    if query.asker in ("timeseries", "state-timeline", "annotation"):
        assert "$__timeFilter(" in query.sql
    if query.asker == "bargauge":
        assert "$__timeTo()" in query.sql


def test_the_kinds_to_choose_from_are_those_of_the_store(filled: Connection) -> None:
    row = filled.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'asset_of_a_known_kind'"
    ).fetchone()
    assert row is not None
    assert set(re.findall(r"'(\w+)'", str(row[0]))) == texts.KINDS.keys()


@every_board
def test_a_later_release_finds_the_annotations_query_where_it_looks(board: Json) -> None:
    for each in board["annotations"]["list"]:
        assert each["target"]["rawSql"] == each["rawQuery"]


def test_the_index_has_the_words_and_colours_of_the_decision() -> None:
    assert list(texts.AQI_CLASSES.values()) == [
        Text(each.name_vi, each.name_en) for each in CATEGORIES
    ]
    assert [each.low for each in CATEGORIES] == list(aqi.BEGINNINGS)
    assert list(aqi.COLORS.values()) == [
        "#{:02x}{:02x}{:02x}".format(*each.rgb) for each in CATEGORIES
    ]
