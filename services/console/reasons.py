"""An explanation on the page: sentences first, then the numbers they stand on."""

from models.explain import Beside, Explanation, Like, Share
from models.told_odd import clock, measured, sign, text
from services.console import words
from services.console.access import Reader
from services.console.chart import Drawn, chart
from services.console.layout import facts
from services.console.markup import Inside, Markup, tag


def reasons(reader: Reader, found: Explanation, drawn: Drawn | None) -> list[Inside]:
    """All there is to say of the oddest point."""
    picture = chart(reader, drawn) if drawn else None
    shares = [tag("li", share(reader, each)) for each in found.shares]
    return [
        tag("p", reader.said(text(found))),
        tag("h3", reader.said(words.CHART)),
        picture or tag("p", reader.said(words.NO_CHART)),
        numbers(reader, found),
        tag("h3", reader.said(words.SHARES)),
        tag("ul", shares),
        tag("h3", reader.said(words.NEIGHBOURS)),
        neighbours(reader, found),
        tag("h3", reader.said(words.SIMILAR)),
        similar(reader, found),
    ]


def numbers(reader: Reader, found: Explanation) -> Markup:
    """What was measured, against what was expected."""
    unit = found.subject.unit
    band = reader.said(words.NO_BAND)
    if found.low is not None and found.high is not None:
        low, high = measured(found.low, ""), measured(found.high, unit)
        band = reader.said(words.FROM_TO, reader.said(low), reader.said(high))
    value = f"{reader.said(measured(found.point.value, unit))} · {clock(found.point.time)}"
    known = [
        (words.VALUE, value),
        (words.EXPECTED, reader.said(measured(found.point.expected, unit))),
        (words.NORMAL_BAND, band),
    ]
    return facts(reader, known)


def share(reader: Reader, each: Share) -> str:
    """What one detector or statistic noticed, and how much of it all that was."""
    return f"{reader.said(sign(each.name))} ({round(100 * each.share)} %)"


def neighbours(reader: Reader, found: Explanation) -> Markup:
    """What stands around, and what it did."""
    if not found.beside:
        return tag("p", reader.said(words.NO_NEIGHBOURS))
    return tag("ul", [tag("li", neighbour(reader, each)) for each in found.beside])


def neighbour(reader: Reader, each: Beside) -> Inside:
    """One neighbour: how far, and whether it did the same."""
    far = distance(reader, each.neighbour.distance_km)
    return [tag("strong", each.neighbour.title), far, ": ", reader.said(words.STANCES[each.stance])]


def distance(reader: Reader, kilometres: float | None) -> Inside:
    """How far away it stands; nothing where that is not known."""
    if kilometres is None:
        return None
    told = reader.said(measured(round(kilometres, 1), ""))
    return tag("small", " (", reader.said(words.KILOMETRES, told), ")")


def similar(reader: Reader, found: Explanation) -> Markup:
    """What was like it before."""
    if not found.similar:
        return tag("p", reader.said(words.NO_SIMILAR))
    return tag("ul", [tag("li", like(reader, each)) for each in found.similar])


def like(reader: Reader, each: Like) -> Inside:
    """One past incident, with what people said of it."""
    past = each.past
    link = tag(
        "a",
        reader.said(words.NUMBER, past.incident_id),
        href=reader.href(f"/incidents/{past.incident_id}"),
    )
    verdict = words.HOLDS.get(past.verdict or "", words.NOT_JUDGED)
    alike = reader.said(words.LIKENESS, round(100 * each.likeness))
    return [link, f": {past.title}, {clock(past.began_at)} ({alike}). ", reader.said(verdict)]
