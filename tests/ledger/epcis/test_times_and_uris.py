from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.times import is_offset, is_time, parse_time
from ledger.epcis.uris import is_uri

offsets = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: ("-" if minutes < 0 else "+") + f"{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
)


@given(st.datetimes(), offsets)
def test_a_time_is_read_with_the_offset_that_was_written(moment, offset):
    text = f"{moment.year:04d}{moment.isoformat()[4:]}{offset}"
    assert is_time(text)
    read = parse_time(text)
    assert read.replace(tzinfo=None) == moment
    sign = -1 if offset[0] == "-" else 1
    assert read.utcoffset() == sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    assert is_offset(offset)


def test_digits_after_the_microsecond_are_dropped_in_the_datetime_only():
    assert parse_time("2026-03-01T08:15:00.1234569Z").microsecond == 123456
    assert parse_time("2026-03-01T08:15:00.5Z").microsecond == 500_000


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T08:15:60Z",
        "2026-03-01T08:15:00",
        "2026-03-01_08:15:00Z",
        "2026-03-01T08:15:00.Z",
        "2026-03-01T08:15:00z",
        "2026-03-01T08:15:00+14:01",
        "2026-03-01T08:15:00+1:00",
        "0000-03-01T00:00:00Z",
        "0000-01-29T00:00:00Z",
        "22-07-2026",
        "٢٠٢٦-03-01T00:00:00Z",
    ],
)
def test_what_is_no_time_with_offset_is_refused(text):
    assert not is_time(text)


def test_leap_days_exist_in_leap_years():
    assert is_time("2024-02-29T00:00:00Z")
    assert is_time("2000-02-29T00:00:00Z")


def test_what_is_no_time_cannot_be_parsed():
    with pytest.raises(ValueError, match="not a date and time"):
        parse_time("yesterday")


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:id:sscc:1.2",
        "https://a.example/b?c#d",
        "a:",
        "ni:///sha-256;x?ver=CBV2.0",
        "geo:1.5,-2",
        "http://[::1]:80/",
        "http://[v1.x]/",
        "http://u:p@h/%20",
        "file:///x",
        "x:/y",
    ],
)
def test_uris_are_taken(text):
    assert is_uri(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "/a", "1a:b", "a b:c", "a:b c", "http://a b/", "x:%zz", "http://[::1/", "x:é", "x:a#b#c", "x:^", "x:\n"],
)
def test_what_is_no_uri_is_refused(text):
    assert not is_uri(text)
