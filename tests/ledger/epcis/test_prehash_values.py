"""Single values of the pre-hash string: numbers, times, words and text, odd ones included."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.prehash_values import number_of, text_of, time_of, word_of

PREFIXES = {"ext": "https://ext.example/", "dl": "https://dl.example/"}
STEP = "https://ref.gs1.org/cbv/BizStep-"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("00123", "123"),
        ("26.0", "26"),
        ("+5", "5"),
        ("-0", "0"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.10", "1.1"),
        ("1e5", "100000"),
        ("1E22", "1" + "0" * 22),
        ("1e-7", "1e-07"),
        ("1e-400", "0"),
        ("111100001111000011110000", "111100001111000003641344"),
        ("1e400", "1e+400"),
        ("-00.0125E+402", "-1.25e+400"),
        ("1" + "0" * 400, "1e+400"),
        ("12" + "0" * 399, "1.2e+400"),
        (" 12 ", "12"),
        ("1_000", "1_000"),
        ("\uff12\uff16", "\uff12\uff16"),
        ("0x10", "0x10"),
        ("NaN", "NaN"),
        ("inf", "inf"),
        ("-Infinity", "-Infinity"),
        ("+", "+"),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("2020-04-01", "2020-04-01"),
        ("1e" + "9" * 5000, "1e" + "9" * 5000),
        ("", ""),
        ("  a b ", "a b"),
    ],
)
def test_text_that_reads_as_a_number_passes_through_binary64_and_other_text_stays(text: str, written: str) -> None:
    assert text_of(text, PREFIXES) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (26, "26"),
        (26.0, "26"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        (5e-324, "5e-324"),
        (12345678901234567, "12345678901234568"),
        (Decimal("12345678901234567"), "12345678901234568"),
        (Decimal("0.10"), "0.1"),
        (Decimal("1E+400"), "1e+400"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_a_number_is_written_as_binary64_holds_it(number: float | Decimal, written: str) -> None:
    assert number_of(number) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_and_its_text_are_written_alike_and_read_back(number: float) -> None:
    assert number_of(number) == text_of(repr(number), PREFIXES) == number_of(Decimal(repr(number)))
    assert float(number_of(number)) == number


@given(st.integers())
def test_a_whole_number_is_written_alike_as_number_and_as_text(number: int) -> None:
    assert number_of(number) == text_of(str(number), PREFIXES) == text_of(f"{number}.000", PREFIXES)


@given(st.integers(1, 10**30), st.integers(330, 5000))
def test_a_number_beyond_binary64_keeps_all_its_digits_however_it_is_spelled(digits: int, zeros: int) -> None:
    written = text_of(f"{digits}e{zeros}", PREFIXES)
    assert written == text_of(f"+0{digits}{'0' * zeros}", PREFIXES) == text_of(f"{digits}0.0E+{zeros - 1}", PREFIXES)
    assert Decimal(written) == Decimal(f"{digits}e{zeros}")
    assert number_of(Decimal(f"{digits}e{zeros}")) == written
    assert text_of(f"-{digits}e{zeros}", PREFIXES) == f"-{written}"


@pytest.mark.parametrize(
    ("time", "written"),
    [
        ("2020-04-01T15:00:00+01:00", "2020-04-01T14:00:00.000Z"),
        ("2020-04-01T15:00:00.1Z", "2020-04-01T15:00:00.100Z"),
        ("2020-04-01T15:00:00.1415Z", "2020-04-01T15:00:00.142Z"),
        ("2020-04-01T15:00:00.1425Z", "2020-04-01T15:00:00.142Z"),
        ("2020-04-01T15:00:00.1425009Z", "2020-04-01T15:00:00.142Z"),
        ("2020-04-01T15:00:00.142501Z", "2020-04-01T15:00:00.143Z"),
        ("2020-12-31T23:59:59.9996Z", "2021-01-01T00:00:00.000Z"),
        ("2020-04-01T00:30:00+14:00", "2020-03-31T10:30:00.000Z"),
        ("2020-04-01T15:00:00", "2020-04-01T15:00:00.000Z"),
        (" 2020-04-01T15:00:00Z ", "2020-04-01T15:00:00.000Z"),
        ("2020-02-28T24:00:00+01:00", "2020-02-28T23:00:00.000Z"),
        ("2020-02-28T24:00:00.000Z", "2020-02-29T00:00:00.000Z"),
        ("2020-02-28T24:00:01Z", "2020-02-28T24:00:01Z"),
        ("2020-02-30T24:00:00Z", "2020-02-30T24:00:00Z"),
        ("9999-12-31T24:00:00Z", "9999-12-31T24:00:00Z"),
        ("9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59.9999Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        ("2020-04-01T15:00:60Z", "2020-04-01T15:00:60Z"),
        ("no time", "no time"),
    ],
)
def test_a_time_is_written_in_utc_to_the_millisecond_or_stays(time: str, written: str) -> None:
    assert time_of(time) == written


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - zones are drawn apart
    st.integers(-840, 840),
)
def test_one_moment_is_written_alike_from_every_zone(moment: datetime, minutes: int) -> None:
    moment = moment.replace(tzinfo=UTC)
    zoned = moment.astimezone(timezone(timedelta(minutes=minutes)))
    written = time_of(zoned.isoformat())
    assert written == time_of(moment.isoformat())
    assert len(written) == 24
    assert abs(datetime.fromisoformat(written) - moment) <= timedelta(microseconds=500)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ext:thing", "https://ext.example/thing"),
        ("gs1:Temperature", "https://gs1.org/voc/Temperature"),
        ("cbv:BizStep-shipping", STEP + "shipping"),
        ("dl:01/9521321123458/21/7", "https://id.gs1.org/01/09521321123458/21/7"),
        ("other:thing", "other:thing"),
        ("ext://host/x", "ext://host/x"),
        ("geo:47.5,11.1", "geo:47.5,11.1"),
        ("urn:epcglobal:cbv:bizstep:shipping", STEP + "shipping"),
        ("urn:epcglobal:cbv:disp:active", "https://ref.gs1.org/cbv/Disp-active"),
        ("urn:epcglobal:cbv:btt:po", "https://ref.gs1.org/cbv/BTT-po"),
        ("urn:epcglobal:cbv:sdt:location", "https://ref.gs1.org/cbv/SDT-location"),
        ("urn:epcglobal:cbv:er:incorrect_data", "https://ref.gs1.org/cbv/ER-incorrect_data"),
        ("urn:epcglobal:cbv:bt:9521321000009:PO1", "urn:epcglobal:cbv:bt:9521321000009:PO1"),
        ("urn:epc:id:sscc:9521321.0000000111", "https://id.gs1.org/00/095213210000001114"),
        ("shipping", "shipping"),
    ],
)
def test_compact_and_standard_names_are_written_as_web_uris(text: str, written: str) -> None:
    assert text_of(text, PREFIXES) == written


def test_a_document_cannot_give_urn_another_meaning() -> None:
    assert text_of("urn:x:y", {"urn": "https://elsewhere.example/"}) == "urn:x:y"


@pytest.mark.parametrize(
    "spelled",
    ["shipping", " shipping ", "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping", STEP + "shipping"],
)
def test_every_spelling_of_a_standard_word_is_its_web_uri(spelled: str) -> None:
    assert word_of(spelled, STEP, PREFIXES) == STEP + "shipping"


def test_a_word_of_another_vocabulary_keeps_its_own_uri() -> None:
    assert word_of("ext:own", STEP, PREFIXES) == "https://ext.example/own"
    assert word_of(" ", STEP, PREFIXES) == ""


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_even_what_json_has_no_number_for_is_written(number: float) -> None:
    assert number_of(number) == repr(number)
