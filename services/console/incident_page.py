"""The page of one incident: what it is, what may be done, why it is odd, what happened."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from models.incident import Situation, Status, steps
from models.told_odd import Text
from services.console import words
from services.console.access import Reader
from services.console.layout import badge, facts, moment, notice, page
from services.console.markup import Inside, Markup, tag
from services.console.reasons import reasons
from services.console.sight import Sight
from services.store.incident_feedback import StoredLine as Judged
from services.store.timeline import StoredLine

SYSTEM = "system"
LONGEST_NOTE = 2000


class Remark(NamedTuple):
    """What is told above the page: something was done, or why it was not.

    note is what was written and not taken; it stands in its field again.
    """

    text: Text
    note: str = ""
    status: int = 200


def show(reader: Reader, sight: Sight, grafana: str, remark: Remark | None) -> HTMLResponse:
    """The page; grafana is the address of the boards, empty where there are none."""
    status = remark.status if remark else 200
    told = notice(reader.said(remark.text), alarm=status != 200) if remark else None
    title = reader.said(words.NUMBER, sight.incident.id)
    # What may be done comes first for the keyboard and on a phone; beside the rest on a desk.
    acting = [
        tag("section", tag("h2", reader.said(words.ACT)), acts(reader, sight, remark)),
        tag("section", tag("h2", reader.said(words.JUDGE)), judgement(reader, sight)),
    ]
    known = [why(reader, sight), history(reader, sight.lines), members(reader, sight, grafana)]
    return page(
        reader,
        f"{title}: {sight.incident.title}",
        tag("a", "← ", reader.said(words.BACK), href=reader.href("/incidents")),
        told,
        head(reader, sight, title, grafana),
        tag("div", tag("div", acting), tag("div", known), class_="columns"),
        status=status,
    )


def head(reader: Reader, sight: Sight, title: str, grafana: str) -> Markup:
    """What it is and how it stands."""
    each, listed = sight.incident, sight.listed
    vietnamese = reader.language == "vi"
    told = listed.words_vi if vietnamese else listed.words_en
    metric = listed.metric_vi if vietnamese else listed.metric_en
    named = f"{each.asset} · {metric}" + (f" ({each.unit})" if each.unit not in (None, "1") else "")
    stands = each.active and each.status != Status.RESOLVED
    known = [
        (words.CONDITION, reader.said(words.STANDS if stands else words.OVER)),
        (words.ASSET, named),
        (words.ORGANISATION, listed.organisation),
        (words.AREA, listed.area),
        (words.BEGAN, moment(each.began_at)),
        (words.LAST, moment(each.last_anomaly_at)),
        (words.ANOMALIES, str(each.anomaly_count)),
        (words.OPENED, moment(each.opened_at)),
        (words.ACKNOWLEDGED, moment(each.acknowledged_at)),
        (words.RETURNED, moment(each.normal_at)),
        (words.RESOLVED, moment(each.resolved_at)),
        (words.NATURE, nature(reader, sight)),
    ]
    board = board_of(reader, sight, each.asset, grafana)
    return tag(
        "section",
        tag("p", title, " ", [[badge(reader, *what), " "] for what in labels(sight)]),
        tag("h1", each.title),
        tag("p", told),
        facts(reader, known),
        tag("p", tag("a", reader.said(words.TO_BOARD), href=board)) if board else None,
    )


def labels(sight: Sight) -> Iterator[tuple[str, str, dict[str, Text]]]:
    """How grave it is and how far people are with it."""
    yield "severity", sight.incident.severity, dict(words.SEVERITIES)
    yield "status", sight.incident.status, dict(words.STATUSES)


def nature(reader: Reader, sight: Sight) -> Inside:
    """Whether a device is wrong or the world is, and on what grounds."""
    grounds = [str(each.get(reader.language, "")) for each in sight.incident.nature_reasons]
    told = reader.said(words.NATURES[sight.incident.nature])
    return [told, tag("ul", [tag("li", each) for each in grounds]) if grounds else None]


def acts(reader: Reader, sight: Sight, remark: Remark | None) -> Inside:
    """The moves that are allowed now, as buttons; the life cycle's table decides which."""
    if reader.bearer is None or not reader.bearer.may("operator"):
        return tag("p", reader.said(words.ONLY_LOOK))
    each = sight.incident
    allowed = steps(Situation(Status(each.status), active=each.active))
    if not allowed:
        return tag("p", reader.said(words.NO_STEPS))
    buttons = [
        tag(
            "button",
            reader.said(words.MOVES[step]),
            name="move",
            value=step.value,
            class_=None if step is allowed[0] else "second",
        )
        for step in allowed
    ]
    return tag(
        "form",
        tag("input", type="hidden", name="seen", value=each.version),
        note_field(reader, remark.note if remark else ""),
        tag("div", buttons, class_="buttons"),
        method="post",
        action=reader.href(f"/incidents/{each.id}/moves"),
    )


def note_field(reader: Reader, written: str = "") -> Markup:
    """Where one says why."""
    # The first line's end belongs to the element, not to the text: else it would be lost.
    field = tag("textarea", "\n", written, name="note", rows=3, maxlength=LONGEST_NOTE)
    return tag("label", reader.said(words.NOTE), field)


def judgement(reader: Reader, sight: Sight) -> Inside:
    """What holds of it, the buttons, and what was said before."""
    verdict = sight.verdict
    holds = words.HOLDS[verdict] if verdict else words.NOT_JUDGED
    said = [tag("li", judged(reader, each)) for each in sight.judged]
    offered = ["real", "false", *(["withdrawn"] if verdict else [])]
    buttons = [
        tag(
            "button", reader.said(words.VERDICTS[each]), name="verdict", value=each, class_="second"
        )
        for each in offered
        if each != verdict
    ]
    form = tag(
        "form",
        note_field(reader),
        tag("div", buttons, class_="buttons"),
        method="post",
        action=reader.href(f"/incidents/{sight.incident.id}/feedback"),
    )
    may = reader.bearer is not None and reader.bearer.may("operator")
    return [
        tag("p", reader.said(holds)),
        tag("ul", said) if said else None,
        form if may else None,
    ]


def judged(reader: Reader, line: Judged) -> Inside:
    """One thing that was said."""
    told = [tag("strong", line.actor), " ", reader.said(words.SAID[line.verdict])]
    return [moment(line.time), " · ", told, note(line.note)]


def note(text: str) -> Inside:
    """What somebody wrote, with its lines."""
    return tag("span", text, class_="note") if text else None


def members(reader: Reader, sight: Sight, grafana: str) -> Markup:
    """The assets it is about, each with its board."""
    shown = []
    for each in sight.members:
        board = board_of(reader, sight, each.asset, grafana)
        named = tag("a", each.title, href=board) if board else each.title
        since = ["; ", reader.said(words.SINCE, ""), moment(each.since)]
        shown.append(tag("li", named, tag("small", " ", each.asset, since)))
    heading = reader.said(words.MEMBERS, len(sight.members))
    return tag("section", tag("h2", heading), tag("ul", shown))


def board_of(reader: Reader, sight: Sight, asset: str, grafana: str) -> str | None:
    """The address of an asset's board at the time of the incident; None without Grafana."""
    if not grafana:
        return None
    uid = "asset" if reader.language == "vi" else "asset-en"
    since = int(sight.incident.began_at.timestamp() - 6 * 3600) * 1000
    query = urlencode({"var-asset": asset, "from": since, "to": "now"})
    return f"{grafana}/d/{uid}?{query}"


def why(reader: Reader, sight: Sight) -> Markup:
    """Why it is odd, or that nothing is kept to say so."""
    if sight.explanation is None:
        inside: Inside = tag("p", reader.said(words.NOT_EXPLAINED))
    else:
        inside = reasons(reader, sight.explanation, sight.drawn)
    return tag("section", tag("h2", reader.said(words.WHY)), inside)


def history(reader: Reader, lines: list[StoredLine]) -> Markup:
    """What happened, the oldest first."""
    shown = [tag("li", happened(reader, each)) for each in lines]
    return tag("section", tag("h2", reader.said(words.TIMELINE)), tag("ol", shown))


def happened(reader: Reader, line: StoredLine) -> Inside:
    """One line of the timeline."""
    actor = reader.said(words.SYSTEM) if line.actor == SYSTEM else line.actor
    told = [tag("strong", actor), " ", reader.said(words.MOVED[line.move])]
    return [moment(line.at), " · ", told, note(line.note)]
