"""Units: what a device calls one, as a UCUM code, and the way from one code to another.

Codes are UCUM's (ucum.org, case sensitive). Conversions are kept as fractions, so that a scale is
the float nearest to the true one. Units of different dimensions never convert, and neither do
levels (dB, dB[mW], ...), mass and volume shares of a gas (ug/m3, [ppb]: that takes the substance),
nor power and apparent power: those would be guesses.
"""

import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Conversion(NamedTuple):
    """A value in the new unit is value * scale + offset; values may be a NumPy array.

    >>> celsius = conversion("[degF]", "Cel")
    >>> round(212 * celsius.scale + celsius.offset, 9)
    100.0
    """

    scale: float
    offset: float


IDENTITY = Conversion(1.0, 0.0)

# By dimension, how many of its first unit one of each is.
SCALES = {
    "number": "1=1 %=1/100 [ppth]=1e-3 [ppm]=1e-6 [ppb]=1e-9 [pptr]=1e-12",
    "length": "m=1 nm=1e-9 um=1e-6 mm=1e-3 cm=1e-2 dm=1/10 km=1e3 L/m2=1e-3 [in_i]=0.0254"
    " [ft_i]=0.3048 [mi_i]=1609.344 [nmi_i]=1852",
    "area": "m2=1 mm2=1e-6 cm2=1e-4 har=1e4 km2=1e6",
    "volume": "m3=1 uL=1e-9 mL=1e-6 cm3=1e-6 L=1e-3 dm3=1e-3 hL=1/10",
    "time": "s=1 ns=1e-9 us=1e-6 ms=1e-3 min=60 h=3600 d=86400 wk=604800",
    "frequency": "Hz=1 /s=1 mHz=1e-3 kHz=1e3 MHz=1e6 GHz=1e9 /min=1/60 /h=1/3600 /d=1/86400",
    "speed": "m/s=1 mm/s=1e-3 cm/s=1e-2 mm/h=1/3600000 mm/min=1/60000 mm/d=1/86400000"
    " cm/h=1/360000 m/min=1/60 m/h=1/3600 km/h=1/3.6 L/(m2.h)=1/3600000 [mi_i]/h=0.44704"
    " [kn_i]=1852/3600 [ft_i]/s=0.3048",
    "acceleration": "m/s2=1 mm/s2=1e-3 cm/s2=1e-2 [g]=9.80665 m[g]=0.00980665",
    "angle": "deg=1 '=1/60 ''=1/3600",
    "angular speed": "deg/s=1 deg/min=1/60",
    "flow": "m3/s=1 m3/min=1/60 m3/h=1/3600 m3/d=1/86400 L/s=1e-3 L/min=1/60000 L/h=1/3600000"
    " mL/s=1e-6 mL/min=1/60000000",
    "mass": "kg=1 ng=1e-12 ug=1e-9 mg=1e-6 g=1e-3 t=1e3 [lb_av]=0.45359237",
    "mass flow": "kg/s=1 g/s=1e-3 kg/h=1/3600 t/h=1/3.6",
    "concentration": "kg/m3=1 g/m3=1e-3 mg/m3=1e-6 ug/m3=1e-9 ng/m3=1e-12 g/L=1 mg/L=1e-3"
    " ug/L=1e-6 ng/L=1e-9 g/mL=1e3 g/cm3=1e3",
    "amount": "mol=1 mmol=1e-3 umol=1e-6",
    "molar concentration": "mol/m3=1 mol/L=1e3 mmol/L=1 umol/L=1e-3",
    "temperature": "K=1 Cel=1 [degF]=5/9",
    "pressure": "Pa=1 mbar=100 hPa=100 kPa=1e3 MPa=1e6 bar=1e5 atm=101325 mm[Hg]=133.322"
    " [in_i'Hg]=3386.3788 [psi]=6894.757293168361 m[H2O]=9806.65 cm[H2O]=98.0665",
    "force": "N=1 mN=1e-3 kN=1e3",
    "energy": "J=1 kJ=1e3 MJ=1e6 GJ=1e9 W.s=1 W.min=60 W.h=3600 kW.h=3.6e6 MW.h=3.6e9 GW.h=3.6e12",
    "energy per length": "J/m=1 W.h/km=3.6 kW.h/km=3600",
    "energy per area": "J/m2=1 kJ/m2=1e3 MJ/m2=1e6 W.h/m2=3600 kW.h/m2=3.6e6",
    "power": "W=1 uW=1e-6 mW=1e-3 kW=1e3 MW=1e6 GW=1e9 J/s=1",
    "apparent power": "V.A=1 mV.A=1e-3 kV.A=1e3 MV.A=1e6",
    "apparent energy": "V.A.s=1 V.A.h=3600 kV.A.h=3.6e6 MV.A.h=3.6e9",
    "reactive power": "var=1 mvar=1e-3 kvar=1e3 Mvar=1e6",
    "reactive energy": "var.s=1 var.h=3600 kvar.h=3.6e6 Mvar.h=3.6e9",
    "voltage": "V=1 uV=1e-6 mV=1e-3 kV=1e3 MV=1e6",
    "current": "A=1 uA=1e-6 mA=1e-3 kA=1e3",
    "charge": "C=1 mA.h=3.6 A.h=3600 A.s=1",
    "capacitance": "F=1 pF=1e-12 nF=1e-9 uF=1e-6 mF=1e-3",
    "resistance": "Ohm=1 mOhm=1e-3 kOhm=1e3 MOhm=1e6",
    "conductance": "S=1 uS=1e-6 mS=1e-3",
    "conductivity": "S/m=1 mS/m=1e-3 uS/cm=1e-4 mS/cm=1/10 S/cm=100",
    "inductance": "H=1 uH=1e-6 mH=1e-3",
    "magnetic flux": "Wb=1 mWb=1e-3",
    "magnetic field": "T=1 nT=1e-9 uT=1e-6 mT=1e-3",
    "luminous intensity": "cd=1 mcd=1e-3",
    "luminous flux": "lm=1 klm=1e3",
    "illuminance": "lx=1 klx=1e3",
    "luminance": "cd/m2=1",
    "irradiance": "W/m2=1 mW/m2=1e-3 mW/cm2=10 kW/m2=1e3",
    "solid angle": "sr=1",
    "radioactivity": "Bq=1 kBq=1e3 MBq=1e6",
    "activity concentration": "Bq/m3=1 kBq/m3=1e3",
    "absorbed dose": "Gy=1 uGy=1e-6 mGy=1e-3",
    "dose": "Sv=1 nSv=1e-9 uSv=1e-6 mSv=1e-3",
    "dose rate": "Sv/h=1 nSv/h=1e-9 uSv/h=1e-6 mSv/h=1e-3",
    "catalytic activity": "kat=1",
    "information": "bit=1 By=8 kBy=8e3 MBy=8e6 GBy=8e9 TBy=8e12 KiBy=8192 MiBy=8388608"
    " GiBy=8589934592 TiBy=8796093022208",
    "data rate": "bit/s=1 kbit/s=1e3 Mbit/s=1e6 Gbit/s=1e9 By/s=8 kBy/s=8e3 MBy/s=8e6 GBy/s=8e9",
    "turbidity": "{NTU}=1",
    "acidity": "[pH]=1",
    "level": "dB=1",
    "level of power": "dB[W]=1",
    "level of power over a milliwatt": "dB[mW]=1",
    "level of sound pressure": "B[SPL]=1",
}

# rad is a float anyway; 360 deg are 2 pi of it.
DEGREES_A_RADIAN = Fraction("57.29577951308232087679815481410517")
ZEROS = {"Cel": Fraction("273.15"), "[degF]": Fraction("459.67") * 5 / 9}

# SenML's units (IANA registry of RFC 8428, and RFC 8798's) that UCUM spells otherwise. Its "%" is
# a ratio of 1, by historical accident: only SenML's reader should look here first.
SENML = {
    "l": "L", "Bspl": "B[SPL]", "dBW": "dB[W]", "dBm": "dB[mW]", "lat": "deg", "lon": "deg",
    "pH": "[pH]", "count": "1", "/": "1", "%": "1", "%RH": "%", "%EL": "%", "EL": "s",
    "1/s": "/s", "1/min": "/min", "beat/min": "/min", "beats": "1", "B": "By", "VA": "V.A",
    "VAs": "V.A.s", "vars": "var.s", "NTU": "{NTU}", "l/s": "L/s", "kVA": "kV.A", "Ah": "A.h",
    "Wh": "W.h", "kWh": "kW.h", "varh": "var.h", "kvarh": "kvar.h", "VAh": "V.A.h",
    "kVAh": "kV.A.h", "Wh/km": "W.h/km", "KiB": "KiBy", "GB": "GBy", "B/s": "By/s",
    "MB/s": "MBy/s", "ppm": "[ppm]", "ppb": "[ppb]", "ppt": "[pptr]", "/100": "%",
    "/1000": "[ppth]", "mg/l": "mg/L", "ug/l": "ug/L", "g/l": "g/L",
}  # fmt: skip

# UN/CEFACT recommendation 20, as FIWARE's models use it. HPA is no pressure there.
CEFACT = {
    "C62": "1", "P1": "%", "59": "[ppm]", "61": "[ppb]", "GQ": "ug/m3", "GP": "mg/m3",
    "A93": "g/m3", "KMQ": "kg/m3", "M1": "mg/L", "GL": "g/L", "CEL": "Cel", "KEL": "K",
    "FAH": "[degF]", "MMT": "mm", "CMT": "cm", "MTR": "m", "KMT": "km", "SMI": "[mi_i]",
    "INH": "[in_i]", "FOT": "[ft_i]", "MTK": "m2", "LTR": "L", "MLT": "mL", "MTQ": "m3",
    "MTS": "m/s", "KMH": "km/h", "HM": "[mi_i]/h", "KNT": "[kn_i]", "H67": "mm/h",
    "MQS": "m3/s", "MQH": "m3/h", "G51": "L/s", "L2": "L/min", "C26": "ms", "SEC": "s",
    "MIN": "min", "HUR": "h", "DAY": "d", "MGM": "mg", "GRM": "g", "KGM": "kg", "TNE": "t",
    "PAL": "Pa", "A97": "hPa", "KPA": "kPa", "MPA": "MPa", "MBR": "mbar", "BAR": "bar",
    "ATM": "atm", "HTZ": "Hz", "KHZ": "kHz", "MHZ": "MHz", "A86": "GHz", "JOU": "J",
    "KJO": "kJ", "3B": "MJ", "WHR": "W.h", "KWH": "kW.h", "MWH": "MW.h", "GWH": "GW.h",
    "WTT": "W", "KWT": "kW", "MAW": "MW", "D46": "V.A", "KVA": "kV.A", "D44": "var",
    "KVR": "kvar", "K3": "kvar.h", "2Z": "mV", "VLT": "V", "KVT": "kV", "4K": "mA", "AMP": "A",
    "AMH": "A.h", "OHM": "Ohm", "B49": "kOhm", "SIE": "S", "LUX": "lx", "LUM": "lm",
    "CDL": "cd", "D54": "W/m2", "2N": "dB", "DD": "deg", "C81": "rad", "NEW": "N",
    "A99": "bit", "AD": "By", "2P": "kBy", "4L": "MBy", "B10": "bit/s",
}  # fmt: skip

# What devices and people write, once the letters are plain (see plain).
SPELLINGS = {
    "°C": "Cel", "degC": "Cel", "°F": "[degF]", "degF": "[degF]", "°K": "K", "°": "deg",
    "%rH": "%", "% RH": "%", "%r.H.": "%", "% rH": "%", "‰": "[ppth]", "m3/hr": "m3/h",
    "cbm": "m3", "l/min": "L/min", "l/h": "L/h", "lpm": "L/min", "LPM": "L/min", "lps": "L/s",
    "ml": "mL", "ml/min": "mL/min", "ng/l": "ng/L", "g/ml": "g/mL", "l/m2": "L/m2",
    "mmol/l": "mmol/L", "mol/l": "mol/L", "umol/l": "umol/L", "hl": "hL", "ul": "uL",
    "kmh": "km/h", "kph": "km/h", "km/hr": "km/h", "mph": "[mi_i]/h", "mi/h": "[mi_i]/h",
    "kn": "[kn_i]", "kt": "[kn_i]", "ft/s": "[ft_i]/s", "in": "[in_i]", "ft": "[ft_i]",
    "mi": "[mi_i]", "nmi": "[nmi_i]", "ha": "har", "lb": "[lb_av]", "lbs": "[lb_av]",
    "psi": "[psi]", "PSI": "[psi]", "mmHg": "mm[Hg]", "inHg": "[in_i'Hg]",
    "mH2O": "m[H2O]", "mWC": "m[H2O]", "cmH2O": "cm[H2O]", "KWh": "kW.h", "kwh": "kW.h",
    "MWh": "MW.h", "GWh": "GW.h", "KW": "kW", "Ws": "W.s", "MVA": "MV.A",
    "mVA": "mV.A", "MVAh": "MV.A.h", "VAR": "var", "VAr": "var", "kVAR": "kvar",
    "kVAr": "kvar", "MVAr": "Mvar", "VARh": "var.h", "VArh": "var.h", "kVARh": "kvar.h",
    "kVArh": "kvar.h", "Mvarh": "Mvar.h", "MVArh": "Mvar.h", "Wh/m2": "W.h/m2",
    "kWh/m2": "kW.h/m2", "kWh/km": "kW.h/km", "mAh": "mA.h", "Ω": "Ohm", "kΩ": "kOhm",
    "MΩ": "MOhm", "mΩ": "mOhm", "dBA": "dB", "dB(A)": "dB", "dB[A]": "dB", "dBC": "dB",
    "dB(C)": "dB", "lux": "lx", "klux": "klx", "ppmv": "[ppm]", "ppbv": "[ppb]", "FNU": "{NTU}",
    "PH": "[pH]", "ph": "[pH]", "rpm": "/min", "RPM": "/min", "1/h": "/h", "kB": "kBy",
    "KB": "kBy", "MB": "MBy", "TB": "TBy", "MiB": "MiBy", "GiB": "GiBy", "TiB": "TiBy",
    "kB/s": "kBy/s", "GB/s": "GBy/s", "bps": "bit/s", "kbps": "kbit/s", "Mbps": "Mbit/s",
    "Gbps": "Gbit/s", "sec": "s", "secs": "s", "hr": "h", "hrs": "h", "mins": "min",
    "msec": "ms", "day": "d", "days": "d", "week": "wk", "celsius": "Cel", "Celsius": "Cel",
    "fahrenheit": "[degF]", "Fahrenheit": "[degF]", "kelvin": "K", "Kelvin": "K",
    "percent": "%", "degrees": "deg", "degree": "deg", "deg C": "Cel", "deg F": "[degF]",
    "seconds": "s", "second": "s", "minutes": "min", "minute": "min", "hours": "h",
    "hour": "h", "meter": "m", "metre": "m", "meters": "m", "metres": "m", "volt": "V",
    "volts": "V", "ampere": "A", "amps": "A", "watt": "W", "watts": "W", "hertz": "Hz",
    "pascal": "Pa", "pieces": "1", "pcs": "1",
}  # fmt: skip


class Unit(NamedTuple):
    """A unit as so many of its dimension's first, counted from zero."""

    dimension: str
    scale: Fraction
    zero: Fraction


def ratio(text: str) -> Fraction:
    """A number or a quotient of two, exactly."""
    over, _, under = text.partition("/")
    return Fraction(over) / Fraction(under or "1")


def table() -> dict[str, Unit]:
    """All units by their code."""
    made = {
        code: Unit(dimension, ratio(scale), ZEROS.get(code, Fraction(0)))
        for dimension, line in SCALES.items()
        for code, _, scale in (each.rpartition("=") for each in line.split())
    }
    made["rad"] = Unit("angle", DEGREES_A_RADIAN, Fraction(0))
    made["rad/s"] = Unit("angular speed", DEGREES_A_RADIAN, Fraction(0))
    return made


UNITS = table()
LONGEST = 32  # characters of any spelling


def plain(spelling: str) -> str:
    """A spelling without raised digits, Greek micro, carets and outer spaces.

    >>> plain("μg/m³"), plain(" m^3/h"), plain("℃")
    ('ug/m3', 'm3/h', '°C')
    """
    letters = unicodedata.normalize("NFKC", spelling).strip()
    return letters.replace("μ", "u").replace("^", "")


@lru_cache(maxsize=4096)
def ucum(code: str) -> str | None:
    """The UCUM code of a unit in the words of UCUM, SenML, UN/CEFACT or a device; or None.

    A letter that means two things has its standard meaning: C is coulomb, F farad, % a hundredth.

    >>> ucum("°C"), ucum("GQ"), ucum("kWh"), ucum("%RH"), ucum("furlong")
    ('Cel', 'ug/m3', 'kW.h', '%', None)
    """
    if len(code) > LONGEST:
        return None
    for spelling in (code, plain(code)):
        if spelling in UNITS:
            return spelling
        for words in (SENML, CEFACT, SPELLINGS):
            if spelling in words:
                return words[spelling]
    return None


@lru_cache(maxsize=4096)
def conversion(from_unit: str, to_unit: str) -> Conversion | None:
    """The way from one unit to another, or None where there is none.

    Equal units need none to be known. Spellings are read as `ucum` reads them.

    >>> conversion("kW.h", "MJ"), conversion("ug/m3", "[ppb]")
    (Conversion(scale=3.6, offset=0.0), None)
    """
    source, target = ucum(from_unit) or from_unit, ucum(to_unit) or to_unit
    if source == target:
        return IDENTITY
    if source not in UNITS or target not in UNITS:
        return None
    old, new = UNITS[source], UNITS[target]
    if old.dimension != new.dimension:
        return None
    return Conversion(float(old.scale / new.scale), float((old.zero - new.zero) / new.scale))
