import math
import re
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.detectors.standard import standard
from models.explain import Neighbour, Past, Point, Side, Stance, Subject, explain, shares
from models.told_odd import SIGNS, text

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FLOW = Subject("Trạm bơm số 7", "Lưu lượng", "Flow", "m3/h")
HIGH = Point(AT, 97.0, 12.4, 1.1, "ensemble", {"value": 6.0, "level": 2.0})

ANY = st.floats() | st.just(0.0)
MAYBE = st.none() | ANY
NAME = st.text(max_size=20) | st.sampled_from(["{0}", "", "a\nb", "Đập {x}"])
MOMENT = st.integers(-(10**9), 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))
PARTS = st.dictionaries(st.sampled_from(["value", "level", "drift", "new"]) | NAME, ANY)
POINTS = st.builds(Point, MOMENT, ANY, ANY, ANY, NAME, PARTS)
NEIGHBOURS = st.builds(Neighbour, NAME, NAME, MAYBE, MAYBE, MAYBE, MAYBE, st.booleans())
PASTS = st.builds(
    Past,
    st.integers(1, 10**9),
    NAME,
    MOMENT,
    NAME,
    PARTS,
    st.sampled_from(["open", "resolved"]),
    st.sampled_from(["real", "false", None]),
    ANY,
)
GAP = re.compile(r"\b(nan|inf|None)\b|[{}\n]")


def neighbour(name: str, now: float | None, *, odd: bool = False) -> Neighbour:
    return Neighbour(name, name, 1.2, 10.0, 0.5, now, odd)


def past(number: int, verdict: str | None, hour: int = 0, **parts: float) -> Past:
    began_at = AT - timedelta(days=number, hours=hour)
    return Past(number, "pump-6", began_at, "ensemble", parts, "resolved", verdict, 42.0)


@given(
    st.builds(Subject, NAME, NAME, NAME, NAME),
    POINTS,
    st.lists(NEIGHBOURS, max_size=4),
    st.lists(PASTS, max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_whatever_was_odd_the_text_has_no_gap(
    subject: Subject, point: Point, around: list[Neighbour], before: list[Past]
) -> None:
    found = explain(subject, point, around, before)
    for said in text(found):
        assert said.count(".") >= 4
        assert not GAP.search(said)
    assert math.isclose(sum(each.share for each in found.shares), 1.0, abs_tol=1e-9)
    assert all(0 <= like.likeness <= 1 + 1e-9 for like in found.similar)


def test_a_high_value_is_told_with_its_band_its_signs_its_neighbours_and_its_past() -> None:
    around = [neighbour("pump-6", 14.0), neighbour("pump-8", 10.1), neighbour("pump-9", None)]
    before = [past(3, "false", level=1.0), past(2, "real", value=6.0, level=2.0)]
    found = explain(FLOW, HIGH, around, before)
    assert (found.side, [each.stance for each in found.beside]) == (
        Side.ABOVE,
        [Stance.AGREES, Stance.DISAGREES, Stance.SILENT],
    )
    vi, en = text(found)
    assert vi == (
        "Trạm bơm số 7: Lưu lượng là 97 m3/h lúc 08:30 02/03/2026, cao hơn khoảng bình thường"
        " (11,3 đến 13,5 m3/h). Dấu hiệu rõ nhất: giá trị chưa từng gặp ở điểm đo này (75 %);"
        " tiếp theo: giá trị lệch khỏi mức gần đây (25 %). 1 trong 2 điểm đo lân cận cùng loại có"
        " diễn biến như vậy: pump-6. Giống nhất là sự cố số 2 ngày 28/02/2026 (pump-6), kéo dài 42"
        " phút, được xác nhận là thật."
    )
    assert en.endswith("which lasted 42 minutes and was called real.")
    assert "above the normal band (11.3 to 13.5 m3/h)" in en


def test_the_other_sides_of_a_band_are_told_too() -> None:
    for value, side, said in (
        (1.0, Side.BELOW, "below the normal band"),
        (12.0, Side.WITHIN, "odd in its course"),
        (math.nan, Side.UNKNOWN, "was no number at"),
    ):
        found = explain(FLOW, HIGH._replace(value=value), [], [])
        assert found.side is side
        assert said in text(found).en
    assert "no normal band" in text(explain(FLOW, HIGH._replace(band=0.0), [], [])).en


def test_a_neighbour_that_moved_to_the_other_side_does_not_agree() -> None:
    found = explain(FLOW, HIGH, [neighbour("a", 2.0), neighbour("b", 10.0, odd=True)], [])
    assert [each.stance for each in found.beside] == [Stance.DISAGREES, Stance.AGREES]


def test_what_looked_alike_at_the_same_hour_comes_first() -> None:
    same, late, other = (
        past(1, None, 0, value=3.0, level=1.0),
        past(2, None, 12, value=3.0, level=1.0),
        past(3, None, 0, rhythm=5.0),
    )
    found = explain(FLOW, HIGH, [], [late, other, same])
    assert [like.past.incident_id for like in found.similar] == [1, 2]
    assert found.similar[0].likeness > found.similar[1].likeness


def test_without_parts_the_detector_is_the_sign() -> None:
    assert [each.name for each in shares(HIGH._replace(parts={}, detector="level"))] == ["level"]
    ruled = explain(FLOW, HIGH._replace(parts={}, detector="air-quality", band=0.0), [], [])
    assert "a rule of the city holds" in text(ruled).en


def test_every_detector_and_statistic_has_its_sentence() -> None:
    always_on = standard().jury
    told = {each.name for each in always_on.detectors}.union(*always_on.names)
    assert told <= SIGNS.keys()
