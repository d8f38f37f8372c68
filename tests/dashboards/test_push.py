"""Pushing boards: made, updated, left alone, or one sentence that says why not."""

import socket
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from dashboards import grafana
from dashboards.__main__ import app
from dashboards.grafana import GrafanaRefuses
from dashboards.language import LANGUAGES
from dashboards.provisioning import FOLDERS, boards
from dashboards.push import push
from scripts.stack.ports import free_port
from tests.dashboards.grafana_api import TOKEN, GrafanaApiDouble, grafana_api

FOLDER, BOARD, *OTHERS = [
    name
    for language in LANGUAGES
    for name in (
        "folder {1} ({0})".format(*FOLDERS[language]),
        *(f"board {each['title']} ({each['uid']})" for each in boards(language)),
    )
]


@pytest.fixture
def api() -> Iterator[GrafanaApiDouble]:
    with grafana_api() as double:
        yield double


def test_the_first_push_makes_the_folder_and_the_boards(api: GrafanaApiDouble) -> None:
    assert push(api.url, TOKEN) == [f"created {each}" for each in (FOLDER, BOARD, *OTHERS)]
    assert api.boards["city-picture"]["meta"]["folderUid"] == "cityops"
    assert api.boards["city-picture"]["dashboard"]["panels"]
    assert api.boards["city-picture-en"]["meta"]["folderUid"] == "cityops-en"


def test_a_second_push_changes_nothing(api: GrafanaApiDouble) -> None:
    push(api.url, TOKEN)
    writes = api.writes
    assert push(f"{api.url}/", TOKEN) == [f"unchanged {each}" for each in (FOLDER, BOARD, *OTHERS)]
    assert api.writes == writes


def test_a_board_that_differs_is_updated(api: GrafanaApiDouble) -> None:
    push(api.url, TOKEN)
    api.boards["city-picture"]["dashboard"]["title"] = "An older one"
    others = [f"unchanged {each}" for each in OTHERS]
    assert push(api.url, TOKEN) == [f"unchanged {FOLDER}", f"updated {BOARD}", *others]
    assert api.boards["city-picture"]["dashboard"]["title"] == "Bức tranh thành phố"


def test_a_dry_run_says_it_and_leaves_it(api: GrafanaApiDouble) -> None:
    done = CliRunner().invoke(app, ["push", "--url", api.url, "--token", TOKEN, "--dry-run"])
    assert done.exit_code == 0
    told = [f"would have created {each}" for each in (FOLDER, BOARD, *OTHERS)]
    assert done.stdout.splitlines() == told
    assert api.writes == 0


def test_a_wrong_token_is_one_sentence_and_exit_code_1(api: GrafanaApiDouble) -> None:
    done = CliRunner().invoke(app, ["push"], env={"GRAFANA_URL": api.url, "GRAFANA_TOKEN": "old"})
    assert done.exit_code == 1
    assert done.stderr == f"the Grafana at {api.url} does not accept this token.\n"


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (403, '{"message": "permissions needed"}', "it needs the role Editor"),
        (500, '{"message": "database is locked"}', "refused: database is locked"),
        (412, '{"message": "version mismatch"}', "refused: version mismatch"),
        (200, "<html>a shop</html>", "is no Grafana"),
        (200, "{half", "is no Grafana"),
    ],
)
def test_what_grafana_refuses_is_one_sentence(
    api: GrafanaApiDouble, status: int, text: str, words: str
) -> None:
    api.answers = (status, text)
    with pytest.raises(GrafanaRefuses, match=words) as refusal:
        push(api.url, TOKEN)
    assert "\n" not in str(refusal.value)


def test_a_board_kept_by_files_is_left_alone(api: GrafanaApiDouble) -> None:
    push(api.url, TOKEN)
    api.boards["city-picture"]["meta"]["provisioned"] = True
    with pytest.raises(GrafanaRefuses, match="provisioned from files"):
        push(api.url, TOKEN)


def older(api: GrafanaApiDouble, uid: str) -> None:
    """What an earlier push of another release left."""
    api.boards[uid]["dashboard"] |= {"title": "An older one", "refresh": "5s"}


def test_a_dry_run_says_what_differs(api: GrafanaApiDouble) -> None:
    push(api.url, TOKEN)
    older(api, "city-picture")
    api.boards["city-picture"]["dashboard"]["panels"][0]["gridPos"]["h"] = 3
    writes = api.writes
    said = push(api.url, TOKEN, dry_run=True)
    at = said.index(f"would have updated {BOARD}")
    assert sorted(said[at + 1 : at + 4]) == [
        "    panels[Sự cố đang mở].gridPos.h: 3 -> 4",
        "    refresh: 5s -> 10s",
        "    title: An older one -> Bức tranh thành phố",
    ]
    assert api.writes == writes


@pytest.mark.parametrize("old", [True, False], ids=["9.0", "later"])
def test_a_board_changed_by_hand_is_overwritten_by_force_alone(
    api: GrafanaApiDouble, *, old: bool
) -> None:
    api.old = old
    push(api.url, TOKEN)
    older(api, "air")
    api.by_hand("city-picture", title="Mine")
    writes = api.writes
    with pytest.raises(GrafanaRefuses, match="changed by hand since the last push"):
        push(api.url, TOKEN)
    assert api.writes == writes, "not even the boards that nobody touched"
    done = CliRunner().invoke(app, ["push", "--url", api.url, "--token", TOKEN, "--force"])
    assert done.exit_code == 0
    assert f"updated {BOARD}" in done.stdout
    assert api.boards["city-picture"]["dashboard"]["title"] == "Bức tranh thành phố"


def test_a_folder_of_another_owner_is_not_filled(api: GrafanaApiDouble) -> None:
    api.folders["cityops"] = {"uid": "cityops", "title": "City opera"}
    with pytest.raises(GrafanaRefuses, match="called City opera there"):
        push(api.url, TOKEN)
    assert api.writes == 0
    assert push(api.url, TOKEN, force=True)[0] == f"unchanged {FOLDER}"


def test_pruning_removes_what_an_earlier_push_made_and_nothing_else(api: GrafanaApiDouble) -> None:
    push(api.url, TOKEN)
    ours = {"dashboard": {"uid": "trams", "title": "Trams"}, "folderUid": "cityops"}
    for _ in range(2):  # as a push does: of the first, Grafana keeps no words
        api.post("/api/dashboards/db", ours | {"message": grafana.MESSAGE})
    theirs = {"dashboard": {"uid": "mine", "title": "Mine"}, "folderUid": "cityops"}
    api.post("/api/dashboards/db", theirs | {"message": ""})
    elsewhere = {"dashboard": {"uid": "far", "title": "Far"}, "folderUid": "opera"}
    api.post("/api/dashboards/db", elsewhere | {"message": grafana.MESSAGE})
    assert "removed board Trams (trams)" not in push(api.url, TOKEN)
    assert "would have removed board Trams (trams)" in push(
        api.url, TOKEN, prune=True, dry_run=True
    )
    said = push(api.url, TOKEN, prune=True)
    assert "removed board Trams (trams)" in said
    assert "left alone board Mine (mine): not pushed by us" in said
    assert {"mine", "far"} <= api.boards.keys()
    assert "trams" not in api.boards


def test_nobody_there_is_said() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(GrafanaRefuses, match=f"nothing answers at {url}"):
        push(url, TOKEN)


def test_one_who_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grafana, "PATIENCE", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as deaf,
        pytest.raises(GrafanaRefuses, match="no answer from"),
    ):
        push(f"http://127.0.0.1:{deaf.getsockname()[1]}", TOKEN)


@pytest.mark.parametrize("url", ["localhost:3000", "grafana", "ftp://grafana", "http://"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(GrafanaRefuses, match="is no address of a Grafana"):
        push(url, TOKEN)
