"""Rules every board keeps."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from dashboards import panels, texts
from dashboards.panels import Json
from services.store import migrations
from services.store.pool import Connection
from tests.dashboards.asking import BOARD, Query, queries

PANELS: list[Json] = BOARD["panels"]
every_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
every_query = pytest.mark.parametrize("query", list(queries()), ids=str)

VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạầấẩẫậằắẳẵặèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
VIEW = re.compile(r"CREATE VIEW (\w+)")
COLUMNS, ROWS = 24, 27  # a screen of 1920 by 1080 without Grafana's own bars


def views() -> set[str]:
    files: list[Path] = sorted(migrations.SCHEMA.glob("*_views.sql"))
    return {name for file in files for name in VIEW.findall(file.read_text(encoding="utf-8"))}


def test_a_wall_holds_eight_to_twelve_panels_on_one_screen() -> None:
    assert 8 <= len(PANELS) <= 12
    assert max(each["gridPos"]["y"] + each["gridPos"]["h"] for each in PANELS) <= ROWS


def test_ids_and_titles_are_there_once() -> None:
    assert BOARD["uid"] == "city-picture"
    assert len({each["id"] for each in PANELS}) == len(PANELS)
    assert len({each["title"] for each in PANELS}) == len(PANELS)
    assert all(isinstance(each["id"], int) and each["id"] > 0 for each in PANELS)


@every_panel
def test_a_panel_is_described_in_both_languages(panel: Json) -> None:
    vietnamese, english = panel["description"].split("\n\n")
    assert VIETNAMESE.search(panel["title"])
    assert VIETNAMESE.search(vietnamese)
    assert english
    assert not VIETNAMESE.search(english)


@every_panel
def test_a_panel_has_a_unit_and_words_for_no_data(panel: Json) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"] in {*panels.UNITS.values(), "string"}
    assert panel["type"] == "geomap" or defaults["noValue"] == texts.NO_DATA


@every_panel
def test_a_panel_lies_within_the_grid(panel: Json) -> None:
    place = panel["gridPos"]
    assert place["x"] >= 0
    assert place["x"] + place["w"] <= COLUMNS
    assert place["w"] > 0
    assert place["h"] > 0


def test_no_panel_lies_on_another() -> None:
    for one, other in combinations([each["gridPos"] for each in PANELS], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_one_data_source_is_named_by_its_uid() -> None:
    named = [each["datasource"] for each in PANELS]
    named += [target["datasource"] for each in PANELS for target in each["targets"]]
    named += [each["datasource"] for each in BOARD["annotations"]["list"]]
    named += [each["datasource"] for each in BOARD["templating"]["list"] if "datasource" in each]
    assert all(each == {"type": "postgres", "uid": "cityops"} for each in named)


@every_panel
def test_queries_of_a_panel_have_their_own_letters(panel: Json) -> None:
    letters = [target["refId"] for target in panel["targets"]]
    assert len(set(letters)) == len(letters)


@every_query
def test_a_query_names_views_only(query: Query) -> None:
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+(?!LATERAL\b)([a-z_]\w*)", query.sql))
    parts = set(re.findall(r"(\w+)\s*(?:\([\w, ]*\)\s*)?AS \(", query.sql))
    assert named - parts <= views()
    assert named & views() or named & parts


@every_query
def test_a_query_of_a_chart_is_bound_in_time(query: Query) -> None:
    if query.asker in ("timeseries", "annotation"):
        assert "$__timeFilter(" in query.sql
    if query.asker == "bargauge":
        assert "$__timeTo()" in query.sql


def test_the_kinds_to_choose_from_are_those_of_the_store(filled: Connection) -> None:
    row = filled.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'asset_of_a_known_kind'"
    ).fetchone()
    assert row is not None
    assert set(re.findall(r"'(\w+)'", str(row[0]))) == texts.KINDS.keys()


def test_a_later_release_finds_the_annotations_query_where_it_looks() -> None:
    for each in BOARD["annotations"]["list"]:
        assert each["target"]["rawSql"] == each["rawQuery"]
