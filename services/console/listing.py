"""The list of incidents: what is open first, with filters and pages."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from starlette.responses import HTMLResponse

from models.incident import Severity, Status
from models.nature import Nature
from services.console import words
from services.console.access import Database, Reader, Viewer
from services.console.layout import badge, chooser, moment, page
from services.console.markup import Inside, Markup, tag
from services.store import desks, incident_lists
from services.store.desks import Desk
from services.store.incident_lists import Area, Listed
from services.store.pool import transaction

router = APIRouter()

ROWS = 50
STANDING = [Status.OPEN.value, Status.ACKNOWLEDGED.value]
# Where the list goes on: the place and the id of the last line seen.
Place = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,4}-[0-9]{1,18})?$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
# A form says nothing of what is not chosen with an empty text.
NOTHING = BeforeValidator(lambda said: said or None)


class Asked(BaseModel):
    """Which incidents."""

    model_config = ConfigDict(frozen=True)

    state: Literal["standing", "open", "acknowledged", "resolved", "all"] = "standing"
    severity: Annotated[Severity | None, NOTHING] = None
    desk: Annotated[Code | None, NOTHING] = None
    nature: Annotated[Nature | None, NOTHING] = None
    area: Annotated[Code | None, NOTHING] = None
    after: Place = ""

    @property
    def statuses(self) -> list[str]:
        """The statuses that are meant."""
        several = {"standing": STANDING, "all": [each.value for each in Status]}
        return several.get(self.state, [self.state])

    @property
    def place(self) -> tuple[int, int] | None:
        """Behind what the page begins."""
        rank, _, number = self.after.partition("-")
        return (int(rank), int(number)) if number else None

    def query(self) -> dict[str, str | None]:
        """What is chosen, as a link says it; the usual is left out."""
        said = self.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
        return {key: str(value) for key, value in said.items()}


@router.get("/incidents")
def list_incidents(
    asked: Annotated[Asked, Query()], reader: Viewer, pool: Database
) -> HTMLResponse:
    """A page of the list."""
    with transaction(pool) as conn:
        found = incident_lists.page(
            conn,
            statuses=asked.statuses,
            severity=asked.severity,
            desk=asked.desk,
            nature=asked.nature,
            area=asked.area,
            after=asked.place,
            limit=ROWS + 1,
        )
        known, places = desks.page(conn), incident_lists.areas(conn)
    title = reader.said(words.NAME)
    shown = table(reader, found[:ROWS]) if found else nothing(reader, asked)
    return page(
        reader,
        title,
        tag("h1", title),
        filters(reader, asked, known, places),
        shown,
        onward(reader, asked, found),
    )


def filters(reader: Reader, asked: Asked, known: list[Desk], places: list[Area]) -> Markup:
    """What can be chosen; a form, so that it needs no script."""
    said = reader.said
    every = ("", said(words.ANY))
    states = [(key, said(told)) for key, told in words.STATES.items()]
    severities = [every, *((key, said(told)) for key, told in words.SEVERITIES.items())]
    natures = [every, *((key, said(told)) for key, told in words.NATURES.items())]
    titles = [
        (each.name, each.title if reader.language == "vi" else each.title_en) for each in known
    ]
    areas = [(each.code, place_name(each)) for each in places]
    language = tag("input", type="hidden", name="lang", value="en")
    return tag(
        "form",
        chooser(reader, "state", words.STATE, states, asked.state),
        chooser(reader, "severity", words.SEVERITY, severities, asked.severity or ""),
        chooser(reader, "desk", words.DESK, [every, *titles], asked.desk or ""),
        chooser(reader, "nature", words.NATURE, natures, asked.nature or ""),
        chooser(reader, "area", words.AREA, [every, *areas], asked.area or ""),
        language if reader.language == "en" else None,
        tag("button", said(words.FILTER)),
        tag("a", said(words.ALL_AGAIN), href=reader.href("/incidents")) if asked.query() else None,
        class_="filters",
        method="get",
        action="/incidents",
    )


def place_name(area: Area) -> str:
    """An area's name with the one it lies in: a commune's may occur twice."""
    return f"{area.name}, {area.within}" if area.within else area.name


def table(reader: Reader, found: list[Listed]) -> Markup:
    """A line an incident; on a phone each becomes a card."""
    names = (words.SEVERITY, words.STATE, words.INCIDENT, words.PLACE, words.NATURE, words.BEGAN)
    head = tag("tr", [tag("th", reader.said(name), scope="col") for name in names])
    return tag(
        "table",
        tag("thead", head),
        tag(
            "tbody",
            [tag("tr", [tag("td", cell) for cell in cells(reader, each)]) for each in found],
        ),
    )


def cells(reader: Reader, each: Listed) -> Iterator[Inside]:
    """What a line says."""
    vietnamese = reader.language == "vi"
    told = each.words_vi if vietnamese else each.words_en
    link = tag("a", each.title, href=reader.href(f"/incidents/{each.id}"))
    several = reader.said(words.OF_SEVERAL, each.member_count) if each.member_count > 1 else None
    over = None if each.active or each.status == "resolved" else reader.said(words.OVER)
    yield badge(reader, "severity", each.severity, words.SEVERITIES)
    yield [
        badge(reader, "status", each.status, words.STATUSES),
        [tag("br"), tag("small", over)] if over else None,
    ]
    yield [link, tag("br"), told, [" ", tag("small", several)] if several else None]
    yield each.organisation or each.area
    yield reader.said(words.NATURES[each.nature])
    yield moment(each.began_at)


def nothing(reader: Reader, asked: Asked) -> Markup:
    """An empty list, in words: good news, a filter that is too narrow, or the end."""
    if asked.after:
        return tag("p", reader.said(words.NO_MORE))
    usual = not asked.query()
    return tag("p", reader.said(words.NOTHING_STANDS if usual else words.NOTHING_FOUND))


def onward(reader: Reader, asked: Asked, found: list[Listed]) -> Inside:
    """The links to the next page, and to the first."""
    links: list[Inside] = []
    if asked.after:
        first = reader.href("/incidents", **asked.query())
        links.append(tag("a", reader.said(words.FIRST_PAGE), href=first))
    if len(found) > ROWS:
        last = found[ROWS - 1]
        after = f"{last.place}-{last.id}"
        more = reader.href("/incidents", **asked.query(), after=after)
        links.append(tag("a", reader.said(words.NEXT_PAGE), href=more, rel="next"))
    return tag("p", links, class_="buttons") if links else None
