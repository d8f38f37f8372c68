"""Every unit a device names finds its UCUM code, and only what is one quantity converts."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.units import CEFACT, SENML, SPELLINGS, UNITS, Conversion, conversion, ucum

# IANA's registry of SenML units, primary and secondary, as of 2026-02-02.
IANA = """
m kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l
m/s m/s2 m3/s l/s W/m2 cd/m2 bit bit/s lat lon pH dB dBW Bspl count / % %RH %EL EL 1/s 1/min
beat/min beats S/m B VA VAs var vars J/m kg/m3 deg NTU
ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh Wh/km KiB GB Mbit/s B/s MB/s mV mA dBm ug/m3
mm/h m/h ppm /100 /1000 hPa mm cm km km/h ppb ppt VAh mg/l ug/l g/l
"""

codes = st.sampled_from(sorted(UNITS))


def converted(value: float, source: str, target: str) -> float:
    """A value in another unit."""
    way = conversion(source, target)
    assert way is not None
    return value * way.scale + way.offset


@pytest.mark.parametrize("code", IANA.split())
def test_every_unit_of_senml_has_a_code_that_converts(code: str) -> None:
    assert ucum(code) in UNITS


def test_every_word_leads_to_a_known_code_and_a_code_to_itself() -> None:
    for words in (SENML, CEFACT, SPELLINGS):
        assert set(words.values()) <= UNITS.keys()
    assert all(ucum(code) == code for code in UNITS)


def test_no_word_has_two_meanings_but_the_percent_of_senml() -> None:
    tables = (SENML, CEFACT, SPELLINGS, {code: code for code in UNITS})
    clashes = {
        word
        for one, other in itertools.combinations(tables, 2)
        for word in one.keys() & other.keys()
        if one[word] != other[word]
    }
    assert clashes == {"%"}
    assert (ucum("%"), SENML["%"]) == ("%", "1")


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("°C", "Cel"),
        ("℃", "Cel"),
        ("CEL", "Cel"),
        ("℉", "[degF]"),
        ("µg/m³", "ug/m3"),
        ("μg/m^3", "ug/m3"),
        ("GQ", "ug/m3"),
        ("P1", "%"),
        ("A97", "hPa"),
        ("kWh", "kW.h"),
        ("m³/h", "m3/h"),
        (" W/m² ", "W/m2"),
        ("dB(A)", "dB"),
        ("\u2126", "Ohm"),
        ("\u03a9", "Ohm"),
        ("µS/cm", "uS/cm"),
        ("mph", "[mi_i]/h"),
        ("HPA", None),
        ("", None),
        ("furlong", None),
        ("m" * 10_000, None),
    ],
)
def test_a_spelling_has_its_code(spelling: str, code: str | None) -> None:
    assert ucum(spelling) == code


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (20, "Cel", "K", 293.15),
        (212, "[degF]", "Cel", 100),
        (-40, "Cel", "[degF]", -40),
        (0, "K", "[degF]", -459.67),
        (3_600_000, "mm/h", "m/s", 1),
        (36, "km/h", "m/s", 10),
        (1, "[mi_i]/h", "km/h", 1.609344),
        (1, "[kn_i]", "km/h", 1.852),
        (1, "kW.h", "J", 3.6e6),
        (2.5, "MW.h", "kW.h", 2500),
        (1013.25, "mbar", "kPa", 101.325),
        (1000, "mm[Hg]", "kPa", 133.322),
        (1, "bar", "hPa", 1000),
        (3.6, "m3/h", "L/s", 1),
        (60, "L/min", "L/s", 1),
        (12, "mg/L", "g/m3", 12),
        (1, "mg/m3", "ug/m3", 1000),
        (61, "%", "1", 0.61),
        (420, "[ppm]", "%", 0.042),
        (1500, "[ppb]", "[ppm]", 1.5),
        (90, "deg", "rad", 1.5707963267948966),
        (1, "kV.A.h", "V.A.h", 1000),
        (1, "KiBy", "By", 1024),
        (1, "MBy/s", "Mbit/s", 8),
        (1, "A.h", "C", 3600),
        (1500, "uS/cm", "S/m", 0.15),
        (2, "L/m2", "mm", 2),
        (6000, "/min", "Hz", 100),
        (1, "W.h/km", "J/m", 3.6),
        (20, "°C", "K", 293.15),
    ],
)
def test_a_conversion_is_the_textbooks(
    value: float, source: str, target: str, expected: float
) -> None:
    assert converted(value, source, target) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("ug/m3", "[ppb]"),
        ("dB", "dB[mW]"),
        ("dB[W]", "dB[mW]"),
        ("dB", "1"),
        ("W", "V.A"),
        ("V.A", "var"),
        ("W.h", "V.A.h"),
        ("Hz", "Bq"),
        ("Gy", "Sv"),
        ("{NTU}", "1"),
        ("Cel", "%"),
        ("furlong", "m"),
        ("m", "furlong"),
        ("", "m"),
    ],
)
def test_what_is_another_quantity_or_unknown_does_not_convert(source: str, target: str) -> None:
    assert conversion(source, target) is None


def test_equal_units_are_left_alone_even_unknown_ones() -> None:
    assert conversion("furlong", "furlong") == Conversion(1.0, 0.0)
    assert conversion("Cel", "°C") == Conversion(1.0, 0.0)


def test_a_conversion_takes_arrays() -> None:
    assert converted(np.array([0.0, 100.0]), "Cel", "[degF]").tolist() == [  # type: ignore[arg-type, attr-defined]
        pytest.approx(32),
        pytest.approx(212),
    ]


@given(source=codes, target=codes, value=st.floats(-1e9, 1e9))
def test_there_and_back_is_where_one_was(source: str, target: str, value: float) -> None:
    there, back = conversion(source, target), conversion(target, source)
    assert (there is None) == (back is None)
    if there is None:
        assert UNITS[source].dimension != UNITS[target].dimension
        return
    assert converted(converted(value, source, target), target, source) == pytest.approx(
        value, rel=1e-12, abs=1e-9
    )


@given(source=st.text(max_size=40), target=st.text(max_size=40) | codes)
def test_any_text_is_a_unit_or_none(source: str, target: str) -> None:
    known = ucum(source)
    assert known is None or known in UNITS
    way = conversion(source, target)
    assert way is None or way.scale > 0
