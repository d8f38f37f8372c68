"""The pages: what they show, in both languages, and that nothing in them runs."""

import re
from html import escape

import httpx
import pytest

from dashboards import texts
from models.feedback import Verdict
from models.incident import BY_PEOPLE, Move, Severity, Status
from models.nature import Nature
from models.told_odd import Text
from services.console import listing, words
from services.store import assets, desks, streams
from services.store.assets import Claim
from services.store.desks import Desk
from services.store.pool import Connection
from tests.api import city
from tests.console.conftest import GRAFANA, Browsing, text_of

EVIL = "<script>alert('1')</script>\"'&"


@pytest.fixture
def few_a_page(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(listing, "ROWS", 2)
    return 2


def ids(page: str) -> list[int]:
    """The incidents of a list, from the top."""
    return [int(each) for each in re.findall(r'<td><a href="/incidents/(\d+)[?"]', page)]


def test_one_incident_is_told_in_both_languages(operator: httpx.Client, store: Connection) -> None:
    number = city.raise_incident(store, "pump-7")
    vietnamese = text_of(operator.get(f"/incidents/{number}").text)
    english = text_of(operator.get(f"/incidents/{number}?lang=en").text)
    for told in (
        f"Sự cố số {number}",
        "Trạm bơm số 7",
        "Vẫn đang diễn ra",
        "07:00 01/01/2026",
        "Giá trị đo được 97 m3/h",
        "Khoảng bình thường 11,3 đến 13,5 m3/h",
        "Hệ thống mở sự cố",
        "Tiếp nhận",
        "Đối tượng liên quan (1)",
    ):
        assert told in vietnamese
    for told in (
        f"Incident {number}",
        "Still going on",
        "Normal band 11.3 to 13.5 m3/h",
        "above the normal band",
        "The system opened it",
        "Acknowledge",
    ):
        assert told in english
    page = operator.get(f"/incidents/{number}?lang=en").text
    assert f'href="{GRAFANA}/d/asset-en?var-asset=pump-7&amp;from=' in page
    assert '<polyline points="' in page
    assert '<circle cx="' in page


def test_the_open_and_grave_come_first_and_filters_hold(
    operator: httpx.Client, store: Connection, few_a_page: int
) -> None:
    assets.claim(store, [Claim("lamp-1", "light", "Đèn 1", "213", 21.29, 106.18)])
    streams.declare(store, [("lamp-1", "flow", "m3/h")])
    low, grave = city.raise_incident(store, "lamp-1"), city.raise_incident(store, score=0.9999999)
    done = city.raise_incident(store)
    store.execute("UPDATE incidents SET severity = 'high' WHERE id = %s", [grave])
    store.execute(
        "UPDATE incidents SET status = 'resolved', active = false WHERE id <> ALL (%s)",
        [[low, grave]],
    )
    assert ids(operator.get("/incidents").text) == [grave, low]
    assert ids(operator.get("/incidents?severity=high").text) == [grave]
    assert ids(operator.get("/incidents?area=213").text) == [low]
    assert ids(operator.get("/incidents?state=acknowledged").text) == []
    light = Desk(
        "light", "Đèn", "Light", ["light"], None, None, 1.0, 12, 7, 1.0, "an", city.MIDNIGHT
    )
    desks.put(store, light)
    assert ids(operator.get("/incidents?desk=light").text) == [low]
    # No detector judges silence or delivery: their incidents are the desk's all the same.
    store.execute(
        """UPDATE streams SET judged = false FROM assets a
           WHERE a.id = asset_id AND a.name = 'lamp-1'"""
    )
    assert ids(operator.get("/incidents?desk=light").text) == [low]
    assert ids(operator.get("/incidents?nature=event&severity=&desk=&area=").text) == []
    first = operator.get("/incidents?state=all&lang=en").text
    assert ids(first) == [grave, low]
    following = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert following is not None
    second = operator.get(following[1].replace("&amp;", "&")).text
    assert ids(second)[0] == done
    assert "Back to the top" in second


def test_an_empty_list_says_so_in_words(operator: httpx.Client, store: Connection) -> None:
    store.execute("UPDATE incidents SET status = 'resolved', active = false")
    assert words.NOTHING_STANDS.vi in operator.get("/incidents").text
    assert words.NOTHING_FOUND.en in operator.get("/incidents?desk=nobody&lang=en").text
    assert words.NO_MORE.vi in operator.get("/incidents?after=13-1").text


def test_what_people_and_devices_wrote_is_text(operator: httpx.Client, store: Connection) -> None:
    name = city.newcomer(store)
    number = city.raise_incident(store, name)
    store.execute("UPDATE assets SET title = %s WHERE name = %s", [EVIL, name])
    reason = '[{"code": "x", "weight": 1, "vi": "<script>alert(2)</script>", "en": "<b>"}]'
    store.execute("UPDATE incidents SET nature_reasons = %s::jsonb WHERE id = %s", [reason, number])
    path = f"/incidents/{number}"
    operator.post(f"{path}/feedback", data={"verdict": "real", "note": EVIL})
    operator.post(f"{path}/moves", data={"move": "acknowledge", "seen": "1", "note": EVIL})
    for page in (operator.get(path).text, operator.get("/incidents").text):
        assert "<script" not in page
        assert escape(EVIL) in page
    assert "&lt;script&gt;alert(2)" in operator.get(path).text


def test_nothing_of_others_is_loaded_and_nothing_runs(
    operator: httpx.Client, incident: str
) -> None:
    for path in ("/incidents", incident, "/sign-in", "/no-such-page", "/incidents/0"):
        answer = operator.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|src=", answer.text)
        assert re.findall(r'<link [^>]*href="([^"]+)"', answer.text) == ["/style.css"]
    sheet = operator.get("/style.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "url(" not in sheet.text
    assert "prefers-color-scheme: dark" in sheet.text


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/incidents/999999", 404, words.NO_SUCH_INCIDENT),
        ("/incidents/0", 422, words.NOT_UNDERSTOOD),
        ("/incidents/9223372036854775808", 422, words.NOT_UNDERSTOOD),
        ("/incidents?severity=worst", 422, words.NOT_UNDERSTOOD),
        ("/incidents?desk=%00", 422, words.NOT_UNDERSTOOD),
        ("/incidents?area=%27%3B--", 422, words.NOT_UNDERSTOOD),
        ("/incidents?after=1-", 422, words.NOT_UNDERSTOOD),
        ("/openapi.json", 404, words.NO_SUCH_PAGE),
        ("/sign-out", 405, words.NOT_HERE),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(
    operator: httpx.Client, path: str, status: int, told: Text
) -> None:
    answer = operator.get(path)
    assert answer.status_code == status
    assert told.vi in answer.text
    joint = "&" if "?" in path else "?"
    assert told.en in operator.get(f"{path}{joint}lang=en").text


def test_every_word_of_the_models_has_its_words() -> None:
    assert set(words.STATUSES) == {each.value for each in Status}
    assert set(words.SEVERITIES) == {each.value for each in Severity}
    assert set(words.NATURES) == {each.value for each in Nature}
    assert set(words.MOVED) == {each.value for each in Move}
    assert set(words.VERDICTS) == set(words.SAID) == {each.value for each in Verdict}
    moves = {each.value for each in BY_PEOPLE}
    assert set(words.MOVES) == moves
    assert set(words.DONE) == moves | {"feedback"}


def test_console_and_boards_call_things_the_same() -> None:
    for ours, theirs in ((words.SEVERITIES, texts.SEVERITIES), (words.STATUSES, texts.STATUSES)):
        assert {key: tuple(told) for key, told in ours.items()} == {
            key: (told.vi, told.en) for key, told in theirs.items()
        }


def test_the_front_door_needs_no_token_for_health_alone(browsing: Browsing) -> None:
    browser = browsing()
    assert browser.get("/health").text == "ok\n"
    assert browser.get("/").headers["location"] == "/incidents"
    assert browser.get("/incidents").status_code == 303
