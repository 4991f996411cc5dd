"""Measures: amounts with units of UN/CEFACT Recommendation 20, added and compared as exact decimals.

    >>> a_ton, thousand_pounds = amount(1, "TNE"), amount(1000, "LBR")
    >>> str(a_ton), str(a_ton + thousand_pounds)
    ('1 t', '1.45359237 t')
    >>> amount(46.4, "FAH").into(unit("CEL")).value
    Decimal('8')

Amounts of one unit are added as they are. Only where two units meet does a library (pint) convert, and only then is it
loaded. A unit that the table below does not know is a kind of its own: it compares with itself, and with nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ledger.epcis.model import Number

_DIGITS: Final = Context(prec=20)
"""Conversions are exact to 28 digits; what is kept of them drops the last ones, so that 46.4 °F is 8 °C."""

_READ_DIGITS: Final = 9
"""How many digits people read; a whole number keeps all of its own."""

_PLAIN_EXPONENTS: Final = range(-9, 16)
"""Powers of ten between which a number is written out."""


class Kind(StrEnum):
    """What a unit measures; units of one kind convert into each other."""

    COUNT = "count"
    MASS = "mass"
    VOLUME = "volume"
    LENGTH = "length"
    AREA = "area"
    TEMPERATURE = "temperature"
    ACCELERATION = "acceleration"
    FRACTION = "fraction"
    PRESSURE = "pressure"
    DENSITY = "density"
    ILLUMINANCE = "illuminance"
    ANGLE = "angle"
    SPEED = "speed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        code: its code in Recommendation 20.
        kind: what it measures.
        name: what the library calls it; empty for a unit that it does not convert.
        symbol: how people write it.
    """

    code: str
    kind: Kind
    name: str
    symbol: str

    def meets(self, other: Unit) -> bool:
        """Whether amounts in the two can be compared."""
        return self == other or (self.kind is other.kind and self.kind is not Kind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of something, in a unit."""

    value: Decimal
    unit: Unit

    def into(self, other: Unit) -> Amount:
        """The same amount in another unit.

        Raises:
            ValueError: the two units measure different things, or are not known.
        """
        if self.unit == other:
            return self
        if not self.unit.meets(other):
            raise ValueError(f"{self.unit.code} and {other.code} do not convert into each other")
        converted = _registry().Quantity(self.value, self.unit.name).to(other.name).magnitude
        return Amount(_DIGITS.create_decimal(converted).normalize(_DIGITS), other)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + other.into(self.unit).value, self.unit)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.value - other.into(self.unit).value, self.unit)

    def __str__(self) -> str:
        return f"{number_text(self.value)} {self.unit.symbol}".rstrip()


def amount(number: Number, code: str | None) -> Amount:
    """An amount as EPCIS gives it: without a unit, a count."""
    return Amount(exact(number), unit(code))


def exact(number: Number) -> Decimal:
    """The number as it was written; a binary float by the shortest decimal that means it."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def number_text(value: Decimal) -> str:
    """A number for people: ``1,200``, ``0.5``; in powers of ten where it would be long."""
    if value and value.adjusted() not in _PLAIN_EXPONENTS:
        return f"{value:.6g}"
    decimals = _READ_DIGITS - max(value.adjusted() + 1, 1) if value else 0
    whole, point, rest = f"{round(value, max(decimals, 0)):,f}".partition(".")
    return f"{whole}{point}{rest}".rstrip("0").rstrip(".") if point else whole


def unit(code: str | None) -> Unit:
    """The unit of a code; None is a count, as EPCIS has it (section 7.3.3.3)."""
    if code is None:
        return _UNITS["EA"]
    return _UNITS.get(code) or Unit(code, Kind.UNKNOWN, "", code)


@lru_cache(maxsize=1)
def _registry() -> Any:  # noqa: ANN401  # pint makes the class of its quantities at run time
    from pint import UnitRegistry  # noqa: PLC0415  # a quarter of a second, which only mixed units cost

    registry: Any = UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)
    for definition in ("each = [] = ea", "pair = 2 each", "dozen = 12 each", "hundred = 100 each"):
        registry.define(definition)
    registry.define("thousand = 1000 each")
    registry.define("gross = 144 each")
    return registry


def _table(kind: Kind, rows: str) -> dict[str, Unit]:
    """Units from lines of code, the library's name and symbol."""
    cells = (row.split() for row in rows.strip().splitlines())
    return {code: Unit(code, kind, name, symbol) for code, name, symbol in cells}


_UNITS: Final = {
    **dict.fromkeys(("EA", "C62", "H87", "NAR"), Unit("EA", Kind.COUNT, "each", "")),
    **_table(Kind.COUNT, "PR pair pairs\nDZN dozen dozen\nCEN hundred hundred\nMIL thousand thousand\nGRO gross gross"),
    **_table(
        Kind.MASS,
        """
        KGM kilogram kg
        GRM gram g
        MGM milligram mg
        MC microgram µg
        HGM hectogram hg
        DJ decagram dag
        DTN decitonne dt
        TNE tonne t
        KTN kilotonne kt
        LBR pound lb
        ONZ ounce oz
        APZ troy_ounce ozt
        STN short_ton ton(US)
        LTN long_ton ton(UK)
        STI stone st
        CWA hundredweight cwt(US)
        CWI long_hundredweight cwt(UK)
        CTM carat ct
        """,
    ),
    **_table(
        Kind.VOLUME,
        """
        LTR liter l
        MLT milliliter ml
        CLT centiliter cl
        DLT deciliter dl
        HLT hectoliter hl
        MTQ meter**3 m³
        DMQ decimeter**3 dm³
        CMQ centimeter**3 cm³
        MMQ millimeter**3 mm³
        GLL gallon gal(US)
        GLI imperial_gallon gal(UK)
        OZA fluid_ounce fl.oz(US)
        OZI imperial_fluid_ounce fl.oz(UK)
        PTI imperial_pint pt(UK)
        QTI imperial_quart qt(UK)
        BLL oil_barrel bbl
        INQ inch**3 in³
        FTQ foot**3 ft³
        YDQ yard**3 yd³
        """,
    ),
    **_table(
        Kind.LENGTH,
        """
        MTR meter m
        MMT millimeter mm
        CMT centimeter cm
        DMT decimeter dm
        HMT hectometer hm
        KMT kilometer km
        INH inch in
        FOT foot ft
        YRD yard yd
        SMI mile mi
        """,
    ),
    **_table(
        Kind.AREA,
        """
        MTK meter**2 m²
        MMK millimeter**2 mm²
        CMK centimeter**2 cm²
        DMK decimeter**2 dm²
        HAR hectare ha
        INK inch**2 in²
        FTK foot**2 ft²
        YDK yard**2 yd²
        ACR acre ac
        """,
    ),
    **_table(Kind.TEMPERATURE, "CEL degC °C\nFAH degF °F\nKEL kelvin K"),
    **_table(Kind.ACCELERATION, "MSK meter/second**2 m/s²\nK40 standard_gravity g\nA76 galileo Gal"),
    **_table(Kind.FRACTION, "P1 percent %\n59 ppm ppm\nNX permille ‰"),
    **_table(
        Kind.PRESSURE,
        """
        PAL pascal Pa
        A97 hectopascal hPa
        KPA kilopascal kPa
        MPA megapascal MPa
        BAR bar bar
        MBR millibar mbar
        ATM atmosphere atm
        PS psi psi
        """,
    ),
    **_table(Kind.DENSITY, "A93 gram/meter**3 g/m³\nGL gram/liter g/l\nKMQ kilogram/meter**3 kg/m³"),
    **_table(Kind.ILLUMINANCE, "LUX lux lx"),
    **_table(Kind.ANGLE, "DD degree °\nC81 radian rad"),
    **_table(Kind.SPEED, "MTS meter/second m/s\nKMH kilometer/hour km/h\nKNT knot kn\nHM mile/hour mph"),
}
"""The units that goods and sensors are measured in, by their code (UN/CEFACT Recommendation 20, revision 17)."""
