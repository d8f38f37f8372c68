"""Organisation units: who belonged to whom, and who came after whom."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.unit import (
    CircularUnits,
    Edge,
    Organisation,
    Succession,
    Unit,
    ancestors,
    tree_of,
)
from models.egov.unit_faults import Fault, Kind, faults

MERGER, REFORM = date(2020, 2, 1), date(2025, 7, 1)
Y2019, Y2021, TODAY = date(2019, 6, 1), date(2021, 6, 1), date(2026, 6, 1)


def unit(code: str, kind: str, since: date | None = None, until: date | None = None) -> Unit:
    return Unit(code, f"Đơn vị {code}", f"Unit {code}", kind, since, until)


# A province of two districts: two communes merge in 2020, and in 2025 the districts are gone, a
# commune is cut in two and all is another province's.
PROVINCE = Organisation(
    units=(
        unit("24", "province", until=REFORM),
        unit("BN", "province", since=REFORM),
        unit("216", "district", until=REFORM),
        unit("217", "district", until=REFORM),
        unit("c1", "commune", until=MERGER),
        unit("c2", "commune", until=MERGER),
        unit("c12", "commune", since=MERGER, until=REFORM),
        unit("c3", "commune", until=REFORM),
        unit("x1", "commune", since=REFORM),
        unit("x2", "commune", since=REFORM),
    ),
    edges=(
        Edge("24", "216", valid_to=REFORM),
        Edge("24", "217", valid_to=REFORM),
        Edge("216", "c1", valid_to=MERGER),
        Edge("216", "c2", valid_to=MERGER),
        Edge("216", "c12", MERGER, REFORM),
        Edge("217", "c3", valid_to=REFORM),
        Edge("BN", "x1", REFORM),
        Edge("BN", "x2", REFORM),
    ),
    successions=(
        Succession("c1", "c12", 1.0, MERGER),
        Succession("c2", "c12", 1.0, MERGER),
        Succession("c12", "x1", 1.0, REFORM),
        Succession("c3", "x1", 0.25, REFORM),
        Succession("c3", "x2", 0.75, REFORM),
        Succession("216", "BN", 1.0, REFORM),
        Succession("217", "BN", 1.0, REFORM),
        Succession("24", "BN", 1.0, REFORM),
    ),
)


def test_the_example_is_sound() -> None:
    assert faults(PROVINCE) == []


def test_the_tree_is_walked_by_its_edges() -> None:
    tree = tree_of(PROVINCE, Y2019)
    assert ancestors(tree, "c1") == ("216", "24")
    assert ancestors(tree_of(PROVINCE, TODAY), "x1") == ("BN",)


def test_the_day_of_a_change_belongs_to_what_comes() -> None:
    assert "c12" in tree_of(PROVINCE, MERGER).units
    assert "c1" not in tree_of(PROVINCE, MERGER).units


def test_a_unit_may_change_its_name_and_stay_itself() -> None:
    change = date(2021, 1, 1)
    named = (unit("a", "department", until=change), unit("a", "department", since=change))
    assert faults(Organisation(named)) == []
    assert tree_of(Organisation(named), TODAY).units["a"] is named[1]


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        (
            Organisation((unit("a", "x"), unit("a", "x", since=MERGER))),
            [Fault(Kind.OVERLAP, "a", MERGER)],
        ),
        (Organisation((unit("a", "x", REFORM, MERGER),)), [Fault(Kind.SPAN, "a", REFORM)]),
        (Organisation((unit("a", "x"),), (Edge("b", "a"),)), [Fault(Kind.UNKNOWN, "b")]),
        (
            Organisation((unit("a", "x"), unit("b", "x", until=MERGER)), (Edge("b", "a"),)),
            [Fault(Kind.OUTSIDE, "a", MERGER)],
        ),
        (
            Organisation((unit("a", "x"), unit("b", "x", since=MERGER)), (Edge("a", "b"),)),
            [Fault(Kind.OUTSIDE, "b", date.min)],
        ),
        (
            Organisation(
                (unit("a", "x"), unit("b", "x"), unit("c", "x")),
                (Edge("a", "c"), Edge("b", "c", MERGER)),
            ),
            [Fault(Kind.PARENTS, "c", MERGER)],
        ),
        (
            Organisation(
                (unit("a", "x"), unit("b", "x")),
                (Edge("a", "b"), Edge("b", "a", MERGER, REFORM)),
            ),
            [Fault(Kind.CIRCLE, "b", MERGER), Fault(Kind.CIRCLE, "a", MERGER)],
        ),
        (
            Organisation(
                (unit("a", "x"), unit("b", "x")), (), (Succession("a", "b", 1.5, MERGER),)
            ),
            [Fault(Kind.SHARE, "a", MERGER)],
        ),
        (
            Organisation(
                (unit("a", "x", until=MERGER), unit("b", "x")),
                (),
                (Succession("a", "b", 0.5, MERGER),),
            ),
            [Fault(Kind.SHARE, "a", MERGER)],
        ),
        (
            Organisation(
                (unit("a", "x", until=MERGER), unit("b", "x", since=REFORM)),
                (),
                (Succession("a", "b", 1.0, MERGER),),
            ),
            [Fault(Kind.HEIR, "b", MERGER)],
        ),
    ],
)
def test_what_is_wrong_with_an_organisation_is_said(
    organisation: Organisation, expected: list[Fault]
) -> None:
    assert faults(organisation) == expected
    assert all(fault.kind.words[0] != fault.kind.words[1] for fault in expected)


def test_a_circle_is_never_walked_for_ever() -> None:
    units = tuple(unit(code, "x") for code in "abc")
    tree = tree_of(Organisation(units, (Edge("a", "b"), Edge("b", "a"), Edge("b", "c"))), TODAY)
    for code in ("b", "c"):
        with pytest.raises(CircularUnits):
            ancestors(tree, code)


@st.composite
def trees(draw: st.DrawFn) -> Organisation:
    """Any trees: a unit belongs to one of those before it, or to none."""
    names = [f"u{number}" for number in range(draw(st.integers(1, 12)))]
    edges = []
    for place, name in enumerate(names[1:], 1):
        above = draw(st.none() | st.integers(0, place - 1))
        if above is not None:
            edges.append(Edge(names[above], name))
    return Organisation(tuple(unit(name, "x") for name in names), tuple(edges))


@given(organisation=trees())
def test_a_tree_is_sound_and_each_walk_up_it_ends_at_a_root(organisation: Organisation) -> None:
    tree = tree_of(organisation, TODAY)
    assert faults(organisation) == []
    for code in tree.units:
        above = ancestors(tree, code)
        assert tree.parent.get((code, *above)[-1]) is None
        assert all(code != each for each in above)
