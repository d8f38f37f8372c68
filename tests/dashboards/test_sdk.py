"""The boards as Grafana's own SDK reads them: nothing in them is unknown to its schema."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard

from dashboards.language import LANGUAGES, Language
from dashboards.provisioning import boards

# What the schema of a board leaves to a data source or to a panel's own release: the query of an
# annotation (9.x reads it there, later releases in the target), a gap as milliseconds, how many
# repeated panels fit a row, the text of a variable's query, and the id that Grafana gives.
BEYOND = {
    ".annotations.list[].rawQuery",
    *(f".annotations.list[].target.{name}" for name in ("datasource", "editorMode", "format")),
    *(f".annotations.list[].target.{name}" for name in ("rawQuery", "rawSql", "refId")),
    ".panels[].fieldConfig.defaults.custom.spanNulls",
    ".panels[].maxPerRow",
    ".templating.list[].definition",
    ".id",
}


def changed(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """The paths of what the SDK did not keep, or kept as something else."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from changed(value, theirs[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for one, other in zip(ours, theirs, strict=True):
            yield from changed(one, other, f"{path}[]")
    elif ours != theirs:
        yield f"{path}: {ours!r} became {theirs!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sdk_reads_a_board_and_writes_the_same(language: Language) -> None:
    plugins.register_default_plugins()
    for board in boards(language):
        read = dashboard.Dashboard.from_json(board)
        written = json.loads(json.dumps(read, cls=encoder.JSONEncoder))
        assert set(changed(board, written)) <= BEYOND, board["uid"]
