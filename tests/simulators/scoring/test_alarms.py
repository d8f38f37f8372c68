"""False alarms, incidents per cause, and the windows they are counted in."""

import pytest

from simulators.scoring.alarms import anomalies_told, incidents_told
from simulators.scoring.causes import causes, incidents_per_cause
from simulators.scoring.window import BadWindow, Window, heard_until, window_of
from tests.simulators.scoring.truth import GRACE, anomaly, at, case, incident, label

DAY = (0, 24 * 60)  # three shifts


def test_what_belongs_to_no_label_is_false() -> None:
    told = case(
        [label(began=60, ended=70)],
        [anomaly(65, incident=1), anomaly(300, incident=2), anomaly(301, incident=2)],
        [incident(1, 65), incident(2, 300)],
        window=DAY,
    )
    incidents, anomalies = incidents_told(told), anomalies_told(told)
    assert (incidents.count, incidents.false, incidents.false_per_shift) == (2, 1, 1 / 3)
    assert (anomalies.count, anomalies.false, anomalies.false_per_shift) == (3, 2, 2 / 3)


def test_an_incident_with_one_true_anomaly_is_true() -> None:
    told = case(
        [label(began=60, ended=70)],
        [anomaly(30, incident=1), anomaly(65, incident=1)],
        [incident(1, 30)],
        window=DAY,
    )
    assert incidents_told(told).false == 0
    assert anomalies_told(told).false == 1


def test_an_incident_is_known_by_its_anomalies_not_by_its_own_asset() -> None:
    told = case(
        [label("river-2", cause="flood"), label("river-3", cause="flood")],
        [anomaly(5, "river-2", incident=1), anomaly(8, "river-3", incident=1)],
        [incident(1, 5, "river-1")],
        window=DAY,
    )
    assert incidents_told(told).false == 0
    assert causes(told)[0].incidents == (1,)


def test_an_incident_whose_anomalies_are_not_told_speaks_for_itself() -> None:
    told = case([label(began=60, ended=70)], [], [incident(1, 62), incident(2, 99)], window=DAY)
    assert incidents_told(told).false == 1
    assert causes(told)[0].incidents == (1,)


def test_an_incident_from_before_the_window_is_no_false_alarm_in_it() -> None:
    told = case([], [anomaly(5, incident=1)], [incident(1, -60)], window=DAY)
    assert (incidents_told(told).count, anomalies_told(told).false) == (0, 1)


def test_a_label_from_before_the_window_explains_and_is_not_judged() -> None:
    told = case(
        [label(began=-60, ended=60)], [anomaly(5, incident=1)], [incident(1, 5)], window=DAY
    )
    assert told.judged == ()
    assert (incidents_told(told).false, anomalies_told(told).false) == (0, 0)


def test_incidents_are_counted_per_cause() -> None:
    labels = [
        label("a", cause="one"),
        label("b", cause="two"),
        label("c", cause="two"),
        label("d", cause="none"),
    ]
    heard = [anomaly(1, "a", incident=1), anomaly(2, "a", incident=1)]
    heard += [anomaly(1, "b", incident=2), anomaly(3, "c", incident=3)]
    told = case(labels, heard, [incident(number, 1) for number in (1, 2, 3)])
    assert incidents_per_cause(causes(told)) == {0: 1, 1: 1, 2: 1}
    assert incidents_per_cause([]) is None


def test_the_labels_say_the_window_where_nobody_else_does() -> None:
    labels = [label(began=60, ended=90), label(began=30, ended=40)]
    assert window_of(labels, GRACE, None, None) == Window(at(20), at(100))
    assert window_of(labels, GRACE, at(0), None) == Window(at(0), at(100))
    assert window_of([], GRACE, at(0), at(480)).shifts == 1


def test_a_window_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadWindow, match="give --from and --to"):
        window_of([], GRACE, at(0), None)
    with pytest.raises(BadWindow, match="before it begins"):
        window_of([label()], GRACE, at(60), at(60))
    with pytest.raises(BadWindow, match="cannot be"):
        window_of([], GRACE, -1e14, 0)


def test_the_last_label_is_listened_to_beyond_the_window() -> None:
    labels = [label(began=50, ended=90), label(began=61, ended=200)]
    assert heard_until(labels, Window(at(0), at(60)), GRACE) == at(100)
    assert heard_until([], Window(at(0), at(60)), GRACE) == at(60)
