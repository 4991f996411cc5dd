import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity import terms
from ledger.identity.milestones import Channel, Duties, InspectionResult, UnsealReason
from ledger.identity.terms import Route

countries = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
routes = st.builds(Route, countries, countries, st.lists(countries, max_size=6).map(tuple))


@given(routes)
def test_a_route_comes_back_from_its_terms(route):
    word = terms.route_terms(route)
    assert len(word) == 32
    assert terms.parse_route(word) == route


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (terms.route_terms(Route("KR", "NL", ("SG", "EG"))), b"KRNLSGEG"),
        (terms.country_terms("SG"), b"SG"),
        (terms.leg_terms("KR", "SG"), b"KRSG"),
        (terms.unseal_terms(UnsealReason.FOUND_BROKEN), b"\x02"),
        (terms.duties_terms(Duties.SECURED), b"\x02"),
        (terms.channel_terms(Channel.GREEN), bytes(31) + b"\x01"),
        (terms.release_terms(Channel.RED), bytes(31) + b"\x03"),
        (terms.release_terms(), bytes(32)),
        (terms.inspection_terms(InspectionResult.PASSED), b"\x01"),
        (terms.inspection_terms(InspectionResult.FAILED, Channel.RED), b"\x02" + bytes(30) + b"\x03"),
        (terms.appeal_terms(), b"\x01"),
    ],
)
def test_terms_have_the_documented_bytes(word, expected):
    assert word == expected.ljust(32, b"\0")


@pytest.mark.parametrize("channel", Channel)
def test_the_opened_channel_is_read_from_the_last_byte(channel):
    assert terms.opened_channel(terms.inspection_terms(InspectionResult.PASSED, channel)) == channel


def test_opening_a_channel_leaves_the_other_terms():
    word = terms.inspection_terms(InspectionResult.FAILED)
    assert terms.opening(word, Channel.RED) == terms.inspection_terms(InspectionResult.FAILED, Channel.RED)


@pytest.mark.parametrize("code", ["", "K", "KOR", "kr", "K1", "ÄÖ", "\0\0"])
def test_what_is_no_country_code_is_refused(code):
    with pytest.raises(InputError, match="is not a country code"):
        terms.country_terms(code)


def test_a_seventh_transit_country_is_refused():
    with pytest.raises(InputError, match="7 transit countries"):
        terms.route_terms(Route("KR", "NL", ("SG",) * 7))


@pytest.mark.parametrize("word", [b"", b"KR", b"KRN", b"KRNL\0\0SG", b"krnl", b"\xff\xff\xff\xff", b"KRNL" + b"SG" * 7])
def test_terms_that_hold_no_route_are_refused(word):
    with pytest.raises(InputError):
        terms.parse_route(word.ljust(32, b"\0"))
