"""What people do on the page: one step each, by the life cycle's table, in their own name."""

import threading
from pathlib import Path

import httpx
import pytest

from services.console import words
from services.store import timeline
from services.store.pool import Connection
from tests.console.conftest import seen, text_of


def status_of(store: Connection, incident: str) -> str:
    row = store.execute(
        "SELECT status FROM incidents WHERE id = %s", [Path(incident).name]
    ).fetchone()
    assert row is not None
    return str(row[0])


def test_an_incident_is_taken_on_and_ended(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    page = operator.get(incident).text
    assert 'value="acknowledge"' in page
    note = "Đã cử đội trực\nđến trạm"
    said = {"move": "acknowledge", "seen": seen(page), "note": note}
    moved = operator.post(f"{incident}/moves?lang=en", data=said)
    assert moved.headers["location"] == f"{incident}?done=acknowledge&lang=en"
    page = operator.get(moved.headers["location"]).text
    assert 'role="status"' in page
    assert words.DONE["acknowledge"].en in page
    assert note in page
    assert 'value="acknowledge"' not in page  # the table has no such step now
    operator.post(f"{incident}/moves", data={"move": "resolve", "seen": seen(page)})
    page = operator.get(incident).text
    assert words.NO_STEPS.vi in page
    number = int(Path(incident).name)
    lines = [(line.actor, line.move) for line in timeline.of(store, number)]
    assert lines == [("system", "open"), ("lan", "acknowledge"), ("lan", "resolve")]
    assert timeline.broken(store, number) is None


def test_who_looked_at_an_older_version_is_told_that_somebody_was_faster(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    old = seen(operator.get(incident).text)
    operator.post(f"{incident}/moves", data={"move": "acknowledge", "seen": old})
    late = operator.post(
        f"{incident}/moves", data={"move": "resolve", "seen": old, "note": "xong <rồi>"}
    )
    assert late.status_code == 409
    assert words.FASTER.vi in late.text
    assert "xong &lt;rồi&gt;</textarea>" in late.text  # what was written is not lost
    assert seen(late.text) == "2"
    assert 'href="/incidents/' in late.text
    assert status_of(store, incident) == "acknowledged"
    again = operator.post(f"{incident}/moves", data={"move": "resolve", "seen": "2"})
    assert again.status_code == 303
    gone = operator.post(f"{incident}/moves", data={"move": "resolve", "seen": "3"})
    assert gone.status_code == 409


def test_of_two_people_at_once_one_is_told(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    together, statuses = threading.Barrier(2), []

    def acknowledge() -> None:
        with httpx.Client(
            base_url=operator.base_url, cookies=operator.cookies, headers=operator.headers
        ) as client:
            together.wait()
            said = {"move": "acknowledge", "seen": "1"}
            statuses.append(client.post(f"{incident}/moves", data=said).status_code)

    threads = [threading.Thread(target=acknowledge, name=f"person-{each}") for each in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    assert len(timeline.of(store, int(Path(incident).name))) == 2


def test_a_viewer_looks_and_does_not_act(
    viewer: httpx.Client, store: Connection, incident: str
) -> None:
    page = viewer.get(incident).text
    assert words.ONLY_LOOK.vi in page
    assert "<textarea" not in page
    for path, said in (
        ("moves", {"move": "resolve", "seen": "1"}),
        ("feedback", {"verdict": "false"}),
    ):
        answer = viewer.post(f"{incident}/{path}", data=said)
        assert answer.status_code == 403
        assert words.ROLE_TOO_LOW.vi in answer.text
    assert status_of(store, incident) == "open"


def test_an_alarm_is_called_false_and_that_is_taken_back(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    early = operator.post(f"{incident}/feedback", data={"verdict": "withdrawn"})
    assert early.status_code == 409
    assert words.NOTHING_TO_WITHDRAW.vi in early.text
    operator.post(f"{incident}/feedback", data={"verdict": "false", "note": "Mưa bắn vào đầu đo"})
    page = operator.get(incident).text
    assert words.HOLDS["false"].vi in page
    assert "lan đánh giá là báo động giả Mưa bắn vào đầu đo" in text_of(page)
    assert 'value="false"' not in page
    operator.post(f"{incident}/feedback", data={"verdict": "withdrawn"})
    assert words.NOT_JUDGED.vi in operator.get(incident).text
    said = "SELECT actor, verdict FROM incident_feedback WHERE incident_id = %s ORDER BY id"
    rows = store.execute(said, [Path(incident).name]).fetchall()
    assert rows == [("lan", "false"), ("lan", "withdrawn")]


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("moves", {"move": "resolve"}, 400),
        ("moves", {"move": "resolve", "seen": "one"}, 400),
        ("moves", {"move": "resolve", "seen": "99999999999"}, 400),
        ("moves", {"move": "clear", "seen": "1"}, 400),
        ("moves", {"move": "open", "seen": "1"}, 400),
        ("moves", {"seen": "1"}, 400),
        ("moves", {"move": "resolve", "seen": "1", "note": "x" * 2001}, 422),
        ("feedback", {}, 400),
        ("feedback", {"verdict": "perhaps"}, 400),
        ("feedback", {"verdict": "real", "note": "x" * 2001}, 422),
    ],
)
def test_what_cannot_be_said_moves_nothing(  # noqa: PLR0917
    operator: httpx.Client,
    store: Connection,
    incident: str,
    path: str,
    said: dict[str, str],
    status: int,
) -> None:
    assert operator.post(f"{incident}/{path}", data=said).status_code == status
    assert operator.post("/incidents/999999/" + path, data=said).status_code in (400, 404, 422)
    assert status_of(store, incident) == "open"


def test_a_note_may_hold_any_letter(
    operator: httpx.Client, store: Connection, incident: str
) -> None:
    note = "\x00 🚰 " + "ế" * 1990
    said = {"move": "acknowledge", "seen": "1", "note": note}
    assert operator.post(f"{incident}/moves", data=said).status_code == 303
    line = timeline.of(store, int(Path(incident).name))[-1]
    assert line.note == note.replace("\0", "\u2400")
