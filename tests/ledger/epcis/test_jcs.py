"""RFC 8785: the RFC's own samples, an independent implementation as oracle, and the refusal to round."""

import json
import math
import struct
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.epcis.jcs import SAFE_INTEGER, NumberNotExact, canonical, es_number
from ledger.errors import InputError

# RFC 8785, appendix B: IEEE 754 bits and the JSON text; the two that are no numbers have none.
APPENDIX_B = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


def number(bits: str) -> float:
    return float(struct.unpack(">d", bytes.fromhex(bits))[0])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | finite | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


@pytest.mark.parametrize(("bits", "text"), APPENDIX_B.items())
def test_a_sample_number_of_the_rfc_is_written_as_the_rfc_says(bits: str, text: str) -> None:
    assert canonical(number(bits)).decode() == text


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_finite_number_is_refused(bits: str) -> None:
    with pytest.raises(NumberNotExact):
        canonical(number(bits))


def test_the_worked_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    text = r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"""
    assert canonical(json.loads(text)).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_names_are_sorted_by_their_utf_16_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical(dict.fromkeys(names, 0)).decode()
    assert written == '{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\U0001f600":0,"\ufb33":0}'


@given(values)
def test_ours_agrees_with_an_independent_implementation(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # recursive JSON


@given(values)
def test_canonical_text_reads_back_as_the_value_and_is_a_fixed_point(value: object) -> None:
    text = canonical(value)
    assert json.loads(text, parse_int=float) == value
    assert canonical(json.loads(text)) == text


@given(st.integers(0, 2**64 - 1))
def test_every_finite_binary64_is_written_as_ecmascript_does(bits: int) -> None:
    value = struct.unpack(">d", bits.to_bytes(8, "big"))[0]
    assume(math.isfinite(value))
    assert es_number(value).encode() == rfc8785.dumps(value)


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_a_number_is_either_written_with_its_value_or_refused(value: int | Decimal) -> None:
    nearest = as_float(value)
    if math.isfinite(nearest) and Decimal(es_number(nearest)) == value:
        assert Decimal(canonical(value).decode()) == value
    else:
        with pytest.raises(NumberNotExact) as caught:
            canonical(value)
        assert caught.value.number == value


def as_float(value: int | Decimal) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


@pytest.mark.parametrize(
    "value",
    [
        2**53 + 1,
        12345678901234567,
        10**400,
        pytest.param(10**5000, id="5001 digits"),
        Decimal("0.12345678901234567890"),
        Decimal("1e400"),
        Decimal("1e-400"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        math.inf,
        math.nan,
    ],
)
def test_a_number_that_would_be_rounded_is_refused_with_its_place_and_a_way_out(value: float | Decimal) -> None:
    with pytest.raises(NumberNotExact) as caught:
        canonical({"a": [0, {"b/c": value}]})
    assert caught.value.path == caught.value.where == "/a/1/b~1c"
    assert "never rounds" in str(caught.value)
    assert "as a string" in caught.value.diagnostics()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("0.1"), "0.1"), (Decimal("1.50"), "1.5"), (10**20, "1" + "0" * 20), (10**22, "1e+22")]
)
def test_an_exact_number_is_written_whatever_carries_it(value: object, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    ("value", "where", "message"),
    [
        ({"a": ["\ud800"]}, "/a/0", "lone surrogate \\ud800"),
        ({"a": {"\udfff": 1}}, "/a", "lone surrogate \\udfff"),
        ({"a": {1: 2}}, "/a", "1 is no name"),
        ({"a": {"b": 1, 2: 3}}, "/a", "2 is no name"),
        ({"a": {1}}, "/a", "no value for a set"),
        ((1, 2), "/", "no value for a tuple"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(value: object, where: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        canonical(value)
    assert caught.value.where == where
    assert message in caught.value.message
    assert caught.value.mend
