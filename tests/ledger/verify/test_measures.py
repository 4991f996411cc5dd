"""Measures: exact sums, conversions by the library, and numbers as people read them."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.verify import measures
from ledger.verify.measures import amount, number_text, unit


def test_the_examples_in_the_module_are_true():
    assert doctest.testmod(measures).failed == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("1200", "1,200"),
        ("0.5", "0.5"),
        ("-12.50", "-12.5"),
        ("800.27801173110561802", "800.278012"),
        ("123456789012", "123,456,789,012"),
        ("0.000012345678912", "0.00001235"),
        ("1e30", "1e+30"),
    ],
)
def test_a_number_is_written_with_the_digits_that_people_read(value, text):
    assert number_text(Decimal(value)) == text


def test_units_that_measure_different_things_do_not_convert():
    with pytest.raises(ValueError, match="KGM and LTR do not convert"):
        amount(1, "KGM").into(unit("LTR"))


def test_a_difference_is_in_the_first_unit():
    assert str(amount(1, "TNE") - amount(250, "KGM")) == "0.75 t"


@settings(deadline=None, max_examples=60)
@given(st.decimals(-200, 2000, places=2), st.sampled_from(["FAH", "KEL"]))
def test_a_temperature_converted_and_back_is_the_same(value, other):
    there = amount(value, "CEL").into(unit(other))
    assert abs(there.into(unit("CEL")).value - value) < Decimal("1e-9")
