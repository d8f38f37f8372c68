"""The index of public service quality: points, groups, grades and what was lost where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.index766 import (
    Count,
    Empty,
    Group,
    Index,
    Score,
    Weight,
    checked,
    grade,
    in_force,
    index,
    score,
    summed,
)
from models.egov.losses import Loss, blame, losses
from tests.models.egov.published import GRADES, IN_OPERATION, WEIGHTS

DAY = date(2024, 8, 19)
NOW = in_force(WEIGHTS, DAY)
BY_CODE = {weight.code: weight for weight in NOW}

# Ratios (percent) that give what Quang Nam had in its groups on 19 August 2024.
QUANG_NAM = {
    "PUBLISH_ON_TIME": 70,
    "PUBLIC_UPDATE_ON_TIME": 75,
    "PUBLIC_CONTENT_FULL": 100,
    "DOSSIER_SYNC": 200 / 3,
    "PROGRESS_ON_TIME": 92,
    "ONLINE_FULL_SERVICES": 80,
    "ONLINE_SERVICES_USED": 35,
    "ONLINE_DOSSIERS": 25,
    "PAYMENT_DOSSIERS": 60,
    "PAYMENT_FORMALITIES_PAID": 80,
    "PAYMENT_FORMALITIES_WITH_DOSSIERS": 80,
    "DOSSIER_RECEIVING_SATISFACTION": 95,
    "PETITION_PROCESSING_ON_TIME": 280 / 3,
    "PETITION_HANDLING_SATISFACTION": 100,
    "ORIGINAL_RESULT_AVAILABLE": 60,
    "SO_HOA_GIAY_TO_GIAI_QUYET": 75,
    "ELECTRONIC_CERTIFIED_COPY": 100,
    "REUSED_DIGITIZED_DATA": 85,
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": 50,
    "CITIZEN_DATA_CONNECTED_DOSSIER": 50,
    "CITIZEN_DATA_CONNECTED_FORMALITY": 100,
    "PETITION_CLASSIFICATION_TTHC": 40,
    "PETITION_CLASSIFICATION_STAFF": 60,
}


def of(percents: dict[str, float]) -> Index:
    counts = {code: Count(percent, 100) for code, percent in percents.items()}
    return index(NOW, counts, GRADES)


def worth(code: str, numerator: float | None, denominator: float | None) -> float | None:
    return score(BY_CODE[code], Count(numerator, denominator)).score


def test_the_published_weights_add_up_group_by_group() -> None:
    assert checked(WEIGHTS, DAY) is WEIGHTS
    maxima = [sum(each.max for each in NOW if each.group is group) for group in Group]
    assert maxima == [18, 20, 12, 10, 18, 22]
    assert in_force(WEIGHTS, date(2022, 7, 31)) == ()


def test_what_we_could_not_read_is_marked_as_our_reading() -> None:
    ours = {each.group for each in NOW if not each.resolved}
    assert ours == {Group.ONLINE, Group.PAYMENT}
    assert all(not each.resolved for each in NOW if each.group is Group.ONLINE)


def test_quang_nam_has_its_groups_its_total_and_its_grade() -> None:
    found = of(QUANG_NAM)
    points = [found.groups[group].points for group in Group]
    assert points == [13.2, 18.4, 7.7, 7.6, 17.6, 15.6]
    assert found.total.points == 80.1
    assert found.total.assessed == found.total.max == 100
    assert found.grade is not None
    assert found.grade.name_vi == "Tốt"


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (90, "Excellent"),
        (89.99, "Good"),
        (83.47, "Good"),
        (75.5, "Fair"),
        (50, "Average"),
        (46.76, "Weak"),
        (0, "Weak"),
    ],
)
def test_grades(points: float, name: str) -> None:
    assert grade(GRADES, points).name_en == name


@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "expected"),
    [
        ("PUBLISH_ON_TIME", 2, 3, 4.0),
        ("PROGRESS_ON_TIME", 951, 1000, 19.02),
        ("REUSED_DIGITIZED_DATA", 40, 100, 1.0),
        ("REUSED_DIGITIZED_DATA", 80, 100, 2.0),
        ("REUSED_DIGITIZED_DATA", 99, 100, 2.0),
        ("DOSSIER_RECEIVING_SATISFACTION", 45, 100, 3.0),
        ("DOSSIER_RECEIVING_SATISFACTION", 0, 0, 0.0),
        ("PETITION_PROCESSING_ON_TIME", 0, 0, 6.0),
        ("PETITION_HANDLING_SATISFACTION", 0, 0, 6.0),
        ("PAYMENT_FORMALITIES_PAID", 50, 100, 1.25),
        ("PAYMENT_DOSSIERS", 0, 0, None),
        ("PAYMENT_DOSSIERS", None, 5, None),
        ("PAYMENT_DOSSIERS", 0, None, None),
        ("PAYMENT_DOSSIERS", 0, 5, 0.0),
        ("PROGRESS_ON_TIME", 110, 100, 20.0),
        ("PROGRESS_ON_TIME", -1, 100, 0.0),
        ("PROGRESS_ON_TIME", 1, -100, None),
        ("PUBLISH_ON_TIME", 33.4166667, 100, 2.01),
    ],
)
def test_scores(
    code: str, numerator: float | None, denominator: float | None, expected: float | None
) -> None:
    assert worth(code, numerator, denominator) == expected


def test_a_slope_may_be_given_beside_the_maximum() -> None:
    weight = Weight("C", Group.PAYMENT, "", "", max=2, slope=2.5)
    assert score(weight, Count(4, 10)).score == 1.0
    assert score(weight, Count(9, 10)).score == 2.0
    assert weight.full_at == 0.8


def test_what_is_missing_is_not_assessed_and_gives_no_grade() -> None:
    found = of({code: 100.0 for code in QUANG_NAM if BY_CODE[code].group is not Group.PAYMENT})
    assert found.groups[Group.PAYMENT].points is None
    assert found.total.points == found.total.assessed == 90
    assert found.total.max == 100
    assert found.grade is None
    assert of({}).total.points is None


def test_the_dearest_loss_comes_first_with_what_is_lacking() -> None:
    found = losses(
        of({**dict.fromkeys(QUANG_NAM, 100.0), "PROGRESS_ON_TIME": 90, "REUSED_DIGITIZED_DATA": 60})
    )
    assert found == [Loss("PROGRESS_ON_TIME", 2.0, 10.0), Loss("REUSED_DIGITIZED_DATA", 0.5, 20.0)]


def test_a_loss_is_shared_out_among_those_that_cost_it() -> None:
    parts = {
        "S01": Count(80, 100),
        "S02": Count(50, 50),
        "S03": Count(44, 50),
        "S04": Count(None, 9),
    }
    found = blame(BY_CODE["PROGRESS_ON_TIME"], parts)
    assert found == pytest.approx({"S01": 2.0, "S03": 0.6, "S02": 0.0})
    assert list(found) == ["S01", "S03", "S02"]
    whole = summed({"PROGRESS_ON_TIME": part} for part in parts.values())
    assert whole == {"PROGRESS_ON_TIME": Count(174, 200)}
    assert score(BY_CODE["PROGRESS_ON_TIME"], whole["PROGRESS_ON_TIME"]).lost == 2.6


def test_nobody_is_blamed_where_nothing_is_lost() -> None:
    reused = BY_CODE["REUSED_DIGITIZED_DATA"]
    assert blame(reused, {"S01": Count(70, 100), "S02": Count(95, 100)}) == {}
    assert blame(reused, {"S01": Count(0, 0)}) == {}


def test_units_that_know_nothing_leave_the_sum_unknown() -> None:
    assert summed([{"X": Count(None, 3)}, {"X": Count(1, None)}]) == {"X": Count(None, None)}
    assert summed([{"X": Count(None, 3)}, {"X": Count(0, 2)}]) == {"X": Count(0, 2)}


def test_a_new_weight_holds_from_its_day_on() -> None:
    change = date(2025, 1, 1)
    harder = BY_CODE["REUSED_DIGITIZED_DATA"]._replace(target=0.9, valid_from=change)
    both = (*WEIGHTS, harder)
    assert in_force(both, date(2024, 12, 31)) == NOW
    assert harder in in_force(both, change)
    assert len(in_force(both, change)) == len(NOW)
    assert checked(both, IN_OPERATION) is both


@pytest.mark.parametrize(
    "spoiled",
    [{"max": 7.0}, {"target": 0.0}, {"target": 1.5}, {"max": -1.0}, {"slope": 1.0}],
)
def test_weights_that_make_no_sense_are_refused(spoiled: dict[str, float]) -> None:
    broken = BY_CODE["PUBLISH_ON_TIME"]._replace(**spoiled)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"add up|reached"):
        checked((broken, *NOW[1:]), DAY)


COUNTS = st.builds(
    Count, st.none() | st.floats(-10, 1e6), st.none() | st.just(0.0) | st.floats(-10, 1e6)
)


@given(counts=st.dictionaries(st.sampled_from(sorted(BY_CODE)), COUNTS))
def test_an_index_adds_up_and_stays_within_its_points(counts: dict[str, Count]) -> None:
    found = index(NOW, counts, GRADES)
    for part in (found.total, *found.groups.values()):
        assert 0 <= part.assessed <= part.max
        assert part.points is None or 0 <= part.points <= part.assessed
    known = [part.points for part in found.groups.values() if part.points is not None]
    assert (found.total.points or 0.0) == pytest.approx(sum(known))
    lost = sum(loss.points for loss in losses(found))
    assert (found.total.points or 0.0) + lost == pytest.approx(found.total.assessed)


@given(
    weight=st.sampled_from(NOW),
    denominator=st.integers(1, 1000),
    numerators=st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
)
def test_more_is_never_worth_less(
    weight: Weight, denominator: int, numerators: tuple[int, int]
) -> None:
    less, more = (score(weight, Count(each, denominator)).score for each in sorted(numerators))
    assert less is not None
    assert more is not None
    assert less <= more


@given(
    parts=st.dictionaries(
        st.text("abc", min_size=1), st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1
    )
)
def test_what_all_are_blamed_for_is_what_was_lost(parts: dict[str, tuple[int, int]]) -> None:
    weight = BY_CODE["REUSED_DIGITIZED_DATA"]
    counts = {name: Count(min(pair), max(pair)) for name, pair in parts.items()}
    whole = summed({weight.code: each} for each in counts.values())[weight.code]
    lost: Score = score(weight._replace(empty=Empty.FULL), whole)
    assert sum(blame(weight, counts).values()) == pytest.approx(lost.lost, abs=0.0051)
