"""Signing in and out: by a token, from our own page, for a while."""

from urllib.parse import urlencode

import httpx
import pytest

from scripts.stack.ports import free_port
from services.console import words
from services.console.settings import ConsoleSettings
from services.store import tokens
from services.store.pool import Connection
from tests.console.conftest import Browsing, serving


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(
    browsing: Browsing, store: Connection, incident: str
) -> None:
    browser = browsing()
    sent = browser.get(f"{incident}?lang=en")
    assert sent.status_code == 303
    form = browser.get(sent.headers["location"]).text
    assert f'name="next" value="{incident}"' in form
    assert '<html lang="en">' in form
    token = tokens.create(store, "returns", "viewer")
    back = browser.post("/sign-in?lang=en", data={"token": token, "next": incident})
    assert back.headers["location"] == f"{incident}?lang=en"
    cookie = back.headers["set-cookie"].lower()
    assert all(
        word in cookie for word in ("httponly", "samesite=strict", "path=/", "max-age=43200")
    )
    assert "secure" not in cookie
    assert browser.get(incident).status_code == 200


def test_the_store_keeps_neither_token_nor_session(browsing: Browsing, store: Connection) -> None:
    token = tokens.create(store, "kept", "viewer")
    browser = browsing(token)
    (secret,) = browser.cookies.values()
    rows = store.execute("SELECT console_sessions::text FROM console_sessions").fetchall()
    assert rows
    assert not any(secret in str(row) or token in str(row) for row in rows)
    signed = "SELECT action FROM audit WHERE actor = 'kept' ORDER BY id"
    assert browser.post("/sign-out", data={"": ""}).status_code == 303
    assert store.execute(signed).fetchall() == [("sign in",), ("sign out",)]
    browser.cookies.set("cityops_console", secret)  # whoever kept a copy has nothing
    assert browser.get("/incidents").status_code == 303


@pytest.mark.parametrize("token", ["", "guess", "\x00", "x" * 5000, "' OR true --"])
def test_a_wrong_token_is_told_so(browsing: Browsing, token: str) -> None:
    answer = browsing().post("/sign-in", data={"token": token})
    assert answer.status_code == 401
    assert words.WRONG_TOKEN.vi in answer.text
    assert "set-cookie" not in answer.headers
    assert len(token) < 5 or token not in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/incidents",
        "/\\evil.example",
        "/sign-out",
        "/incidents/../x",
    ],
)
def test_no_link_leads_out_through_signing_in(
    browsing: Browsing, store: Connection, wanted: str
) -> None:
    token = tokens.create(store, f"led to {wanted}", "viewer")
    answer = browsing().post("/sign-in", data={"token": token, "next": wanted})
    assert answer.headers["location"] == "/incidents"


def test_a_revoked_token_and_an_old_session_are_over(
    browsing: Browsing, store: Connection, incident: str
) -> None:
    browser = browsing(tokens.create(store, "leaves", "operator"))
    assert browser.get("/incidents").status_code == 200
    tokens.revoke(store, "leaves")
    assert browser.get("/incidents").status_code == 303
    lost = browser.post(f"{incident}/moves", data={"move": "resolve", "seen": "1"})
    told = browser.get(lost.headers["location"])
    assert words.SESSION_OVER.vi in told.text
    assert f'name="next" value="{incident}"' in told.text
    assert store.execute(
        "SELECT 1 FROM incidents WHERE id = %s AND status = 'open'", [incident.rpartition("/")[2]]
    ).fetchone()

    browser = browsing(tokens.create(store, "night shift", "operator"))
    store.execute(
        """UPDATE console_sessions SET created_at = now() - INTERVAL '1 day',
                  expires_at = now() - INTERVAL '1 second'
           WHERE token_id = (SELECT id FROM tokens WHERE name = 'night shift')"""
    )
    assert browser.get("/incidents").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_page_is_refused(
    operator: httpx.Client, incident: str, headers: dict[str, str]
) -> None:
    for path, data in (
        (f"{incident}/moves", {"move": "resolve", "seen": "1"}),
        (f"{incident}/feedback", {"verdict": "false"}),
        ("/sign-in", {"token": "x"}),
        ("/sign-out", {}),
    ):
        answer = operator.post(path, data=data, headers=headers)
        assert answer.status_code == 403
        assert words.FOREIGN.vi in answer.text
    assert "Đã giải quyết</span>" not in operator.get(incident).text


def test_a_link_from_another_site_finds_the_session(browsing: Browsing) -> None:
    # SameSite=Strict keeps the cookie back on that request; the page asks again by itself.
    answer = browsing().get("/incidents/1?lang=en", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers["refresh"]) == (200, "0")
    assert 'href="/incidents/1?lang=en"' in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"token": "x"}', "application/json", 400),
        (b"token=%ff%fe" + b"\xff", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 30, "application/x-www-form-urlencoded", 400),
        (b"token=" + b"x" * 40_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_of_ours_is_told_so(
    browsing: Browsing, content: bytes, kind: str, status: int
) -> None:
    answer = browsing().post("/sign-in", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert "<h1" in answer.text or 'role="alert"' in answer.text


def test_behind_tls_the_cookie_is_secure_and_the_proxys_name_is_ours(
    signed_in: None, store: Connection
) -> None:
    token = tokens.create(store, "behind a proxy", "viewer")
    port = free_port()
    settings = ConsoleSettings(port=port, public_url="https://console.example")
    with serving(settings), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        content = urlencode({"token": token})
        headers = {
            "origin": settings.public_url,
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = client.post("/sign-in", content=content, headers=headers)
        assert answer.status_code == 303
        assert "; secure" in answer.headers["set-cookie"].lower()
    assert store.execute("SELECT url FROM console_address").fetchone() == (settings.public_url,)
