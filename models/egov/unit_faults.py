"""What is wrong with an organisation: overlaps, circles, edges outside a life, lost shares."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple, TypeVar

from models.city.limits import Dated, in_force_on
from models.egov.unit import (
    NOTHING,
    CircularUnits,
    Edge,
    Organisation,
    Unit,
    ancestors,
    tree_of,
)

A_DAY = timedelta(days=1)

Each = TypeVar("Each", bound=Dated)


class Kind(StrEnum):
    """What can be wrong with an organisation."""

    OVERLAP = "overlap"
    SPAN = "span"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    PARENTS = "parents"
    CIRCLE = "circle"
    SHARE = "share"
    HEIR = "heir"

    @property
    def words(self) -> tuple[str, str]:
        """The fault in Vietnamese and in English."""
        return WORDS[self]


WORDS: dict[Kind, tuple[str, str]] = {
    Kind.OVERLAP: (
        "Hai dòng của cùng một đơn vị trùng thời gian hiệu lực",
        "Two rows of one unit are valid on one day",
    ),
    Kind.SPAN: ("Hiệu lực kết thúc trước khi bắt đầu", "It ends before it begins"),
    Kind.UNKNOWN: ("Đơn vị không tồn tại", "There is no such unit"),
    Kind.OUTSIDE: (
        "Quan hệ trực thuộc nằm ngoài thời gian tồn tại của đơn vị",
        "It belongs to another on a day on which one of them does not exist",
    ),
    Kind.PARENTS: (
        "Đơn vị có hai cấp trên trong cùng một ngày",
        "A unit belongs to two others on one day",
    ),
    Kind.CIRCLE: ("Đơn vị trực thuộc chính nó", "A unit belongs to itself"),
    Kind.SHARE: (
        "Tỷ lệ chuyển giao phải từ 0 đến 1; đơn vị giải thể phải chuyển giao toàn bộ",
        "Shares lie between 0 and 1, as does their sum; a unit that ends gives all away",
    ),
    Kind.HEIR: (
        "Đơn vị kế thừa không tồn tại vào ngày chuyển giao",
        "A unit cannot succeed on a day on which it does not exist",
    ),
}


class Fault(NamedTuple):
    """Something wrong with a unit, seen on a day (None: with no day of its own)."""

    kind: Kind
    code: str
    day: date | None = None


def faults(organisation: Organisation) -> list[Fault]:
    """All that is wrong with an organisation; nothing, where every day's tree can be trusted."""
    found = [
        *misspelt(organisation),
        *overlapping(organisation.units, attrgetter("code"), Kind.OVERLAP),
        *overlapping(organisation.edges, attrgetter("child"), Kind.PARENTS),
        *homeless(organisation),
        *circles(organisation),
        *misgiven(organisation),
    ]
    return list(dict.fromkeys(found))


def misspelt(organisation: Organisation) -> Iterator[Fault]:
    """Rows that end before they begin, or name units that never were."""
    codes = {unit.code for unit in organisation.units}
    rows: list[tuple[str, Dated]] = [(unit.code, unit) for unit in organisation.units]
    rows += [(edge.child, edge) for edge in organisation.edges]
    for code, row in rows:
        if (
            row.valid_to is not None
            and row.valid_from is not None
            and row.valid_to <= row.valid_from
        ):
            yield Fault(Kind.SPAN, code, row.valid_from)
    named = [code for edge in organisation.edges for code in (edge.parent, edge.child)]
    named += [code for each in organisation.successions for code in (each.old, each.new)]
    yield from (Fault(Kind.UNKNOWN, code) for code in named if code not in codes)


def overlapping(rows: Iterable[Each], code: Callable[[Each], str], kind: Kind) -> Iterator[Fault]:
    """Days from which on two rows of one code are in force."""
    mine: defaultdict[str, list[Each]] = defaultdict(list)
    for row in rows:
        mine[code(row)].append(row)
    for name, together in mine.items():
        for one, other in combinations(together, 2):
            begins = max(one.valid_from or date.min, other.valid_from or date.min)
            if in_force_on(one, begins) and in_force_on(other, begins):
                yield Fault(kind, name, begins)


def homeless(organisation: Organisation) -> Iterator[Fault]:
    """Edges in force on a day on which their parent or child is not."""
    lives: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in organisation.units:
        lives[unit.code].append(unit)
    for edge in organisation.edges:
        for code in (edge.parent, edge.child):
            gap = first_gap(edge, lives.get(code, []))
            if code in lives and gap is not None:
                yield Fault(Kind.OUTSIDE, edge.child, gap)


def first_gap(edge: Edge, lives: Sequence[Unit]) -> date | None:
    """The first day of an edge on which none of a unit's rows is in force; None: there is none."""
    days = [edge.valid_from or date.min, *(unit.valid_to for unit in lives if unit.valid_to)]
    there = (day for day in sorted(days) if in_force_on(edge, day))
    return next((day for day in there if not any(in_force_on(unit, day) for unit in lives)), None)


def circles(organisation: Organisation) -> Iterator[Fault]:
    """Units that belong to themselves, on the days on which an edge comes into force."""
    for day in sorted({edge.valid_from or date.min for edge in organisation.edges}):
        tree = tree_of(organisation, day)
        for code in tree.parent:
            try:
                ancestors(tree, code)
            except CircularUnits:
                yield Fault(Kind.CIRCLE, code, day)


def misgiven(organisation: Organisation) -> Iterator[Fault]:
    """Successions that give more than all or less than nothing, or to or from who is not there."""
    given: defaultdict[tuple[str, date], float] = defaultdict(float)
    for each in organisation.successions:
        given[each.old, each.day] += each.share
        if not 0 < each.share <= 1:
            yield Fault(Kind.SHARE, each.old, each.day)
        if not alive(organisation, each.new, each.day):
            yield Fault(Kind.HEIR, each.new, each.day)
        if not alive(organisation, each.old, each.day - A_DAY):
            yield Fault(Kind.HEIR, each.old, each.day)
    for (old, day), share in given.items():
        ends = not alive(organisation, old, day)
        if share > 1 + NOTHING or (ends and share < 1 - NOTHING):
            yield Fault(Kind.SHARE, old, day)


def alive(organisation: Organisation, code: str, day: date) -> bool:
    """Whether a unit is there on a day; one that never was is another's fault."""
    mine = [unit for unit in organisation.units if unit.code == code]
    return not mine or any(in_force_on(unit, day) for unit in mine)
