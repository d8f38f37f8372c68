"""Takes pictures of the boards in a running Grafana, and says which panels are in error.

Needs playwright and a Chromium, which nothing else does: they are no part of the requirements.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from dashboards.panels import Json
from dashboards.provisioning import boards

SCREEN, PHONE = (1920, 1080), (390, 844)  # pixels: a wall, and a phone held upright
ROW, HEAD = 38, 120  # pixels: a row of the grid, and what stands above the first
REPEATED_ROWS = 12  # of a panel that is repeated, besides its own
PATIENCE = 60_000  # milliseconds for a board to be there
SETTLED = 1_500  # and then for its panels to be drawn
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
# How releases from 9.0 on mark a panel whose query failed, and one that is still loading.
ERRORS: Final = (
    ".panel-info-corner--error, [data-testid='data-testid Panel status error'],"
    " [aria-label='Panel status error']"
)
LOADING: Final = ".panel-loading, [aria-label='Panel loading bar']"
NO_TOOL: Final = (
    "Pictures need playwright and a Chromium, which are not installed: pip install playwright,"
    " then playwright install chromium (or a Chromium of the system's)."
)


class CannotLook(Exception):
    """A sentence that says why there are no pictures."""


class Picture(NamedTuple):
    """One picture to take: of which board, how large, into which file."""

    uid: str
    title: str
    size: tuple[int, int]
    file: Path


def pictures(wanted: list[Json], out: Path, *, phone: bool) -> list[Picture]:
    """A picture of the whole of each board, and one on a phone besides where it is asked for."""
    found = [
        Picture(
            board["uid"], board["title"], (SCREEN[0], height(board)), out / f"{board['uid']}.png"
        )
        for board in wanted
    ]
    if phone:
        found += [
            each._replace(size=PHONE, file=out / f"{each.uid}-phone.png") for each in list(found)
        ]
    return found


def height(board: Json) -> int:
    """Pixels that hold the whole board: Grafana draws what is in sight and no more."""
    places = [panel["gridPos"] for panel in board["panels"]]
    rows: int = max(place["y"] + place["h"] for place in places)
    rows += REPEATED_ROWS if any("repeat" in panel for panel in board["panels"]) else 0
    return max(SCREEN[1], rows * ROW + HEAD)


def browser_path() -> str | None:
    """The system's Chromium; None leaves it to playwright's own."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def sign_in(context: Any, url: str, environment: Mapping[str, str]) -> None:
    """Signs in by GRAFANA_TOKEN, or GRAFANA_USERNAME and GRAFANA_PASSWORD; else looks unknown."""
    if token := environment.get("GRAFANA_TOKEN"):
        context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    elif password := environment.get("GRAFANA_PASSWORD"):
        user = environment.get("GRAFANA_USERNAME", "admin")
        answer = context.request.post(f"{url}/login", data={"user": user, "password": password})
        if not answer.ok:
            raise CannotLook(f"the Grafana at {url} does not let {user} in: {answer.status}")


def take(context: Any, url: str, picture: Picture, span: str) -> int:
    """Takes one picture; returns how many of its panels are in error."""
    page = context.new_page()
    width, tall = picture.size
    page.set_viewport_size({"width": width, "height": tall})
    answer = page.goto(f"{url}/d/{picture.uid}?kiosk&from=now-{span}&to=now", timeout=PATIENCE)
    if answer is None or not answer.ok:
        raise CannotLook(f"{url} has no board {picture.uid} for us: {answer and answer.status}")
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    page.wait_for_function(
        "selector => !document.querySelector(selector)", arg=LOADING, timeout=PATIENCE
    )
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=str(picture.file))
    wrong: int = page.locator(ERRORS).count()
    page.close()
    return wrong


def take_all(url: str, wanted: list[Picture], span: str) -> dict[Path, int]:
    """Takes the pictures; how many panels of each board are in error. Raises CannotLook."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 (an optional need)
    except ImportError as error:
        raise CannotLook(NO_TOOL) from error
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=browser_path(), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
            sign_in(context, url, os.environ)
            return {each.file: take(context, url, each, span) for each in wanted}
    except Error as error:
        raise CannotLook(f"{url}: {str(error).splitlines()[0]}") from error


def look(url: str, wanted: list[Json], out: Path, span: str, *, phone: bool) -> dict[Path, int]:
    """The pictures, each with how many panels are in error. Raises CannotLook, OSError."""
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise CannotLook(f"{url} is no address of a Grafana: expected http://HOST:PORT")
    out.mkdir(parents=True, exist_ok=True)
    return take_all(url.rstrip("/"), pictures(wanted, out, phone=phone), span)


def chosen(uids: list[str] | None) -> list[Json]:
    """The boards of these uids, all without any. Raises CannotLook."""
    every = [*boards("vi"), *boards("en")]
    if unknown := set(uids or ()) - {each["uid"] for each in every}:
        raise CannotLook(f"there is no board {', '.join(sorted(unknown))}")
    return [each for each in every if not uids or each["uid"] in uids]
