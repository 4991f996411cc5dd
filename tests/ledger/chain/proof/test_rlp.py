"""RLP has one encoding for each value; every other is refused, with our own error."""

from __future__ import annotations

import pytest
import rlp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rlp.exceptions import DecodingError

from ledger.chain.proof.errors import EncodingError
from ledger.chain.proof.rlp import MAX_DEPTH, Fields, decode, encode, integer_bytes

LIMIT = 1 << 20
items = st.recursive(st.binary(max_size=70), lambda inner: st.lists(inner, max_size=5), max_leaves=20)


def nested(item, depth):
    for _ in range(depth):
        item = [item]
    return item


def as_lists(item):
    return item if isinstance(item, bytes) else [as_lists(each) for each in item]


def depth(item):
    return 0 if isinstance(item, bytes) else 1 + max(map(depth, item), default=0)


@given(items.filter(lambda item: depth(item) <= MAX_DEPTH))
def test_what_is_encoded_is_read_again(item):
    assert decode(encode(item), "item", LIMIT) == item


@given(items)
def test_an_item_has_the_bytes_that_the_rlp_package_gives_it(item):
    assert encode(item) == rlp.encode(item)


@pytest.mark.parametrize("length", [0, 1, 55, 56, 255, 256, 65_535, 65_536])
def test_lengths_around_each_step_are_written_and_read(length):
    for item in (b"\xff" * length, [b"\x01"] * length):
        assert encode(item) == rlp.encode(item)
        assert decode(encode(item), "item", LIMIT) == item


@given(st.binary(max_size=40))
@settings(max_examples=500)
@example(b"")
@example(b"\xb8")
@example(b"\xf8\x02\x01")
def test_any_bytes_are_read_as_their_one_encoding_or_refused(data):
    try:
        item = decode(data, "item", LIMIT)
    except EncodingError:
        with pytest.raises((DecodingError, IndexError)):
            rlp.decode(data, strict=True)
    else:
        assert encode(item) == data
        assert as_lists(rlp.decode(data)) == item


NOT_CANONICAL = {
    "nothing": ("", "an item is missing"),
    "a byte after the end": ("0100", "1 bytes follow its end"),
    "an item after the end": ("c0c0", "1 bytes follow its end"),
    "a single byte with a prefix": ("817f", "a single byte below 0x80 has a prefix"),
    "a short length in the long form": ("b801ff", "written in more bytes than it needs"),
    "a short list length in the long form": ("f801c0", "written in more bytes than it needs"),
    "a length that begins with a zero byte": ("b90038" + "00" * 56, "begins with a zero byte"),
    "a length that is missing": ("b8", "begins with a zero byte"),
    "a length cut short": ("b901", "longer than what holds it|written in more bytes"),
    "a string cut short": ("83ffff", "longer than what holds it"),
    "a list cut short": ("c3c0c0", "longer than what holds it"),
    "an item that runs out of its list": ("c28311", "longer than what holds it"),
    "a length of 2^64 - 1": ("bf" + "ff" * 8, "longer than what holds it"),
}


@pytest.mark.parametrize("case", NOT_CANONICAL, ids=str)
def test_what_is_not_canonical_is_refused(case):
    data, problem = NOT_CANONICAL[case]
    with pytest.raises(EncodingError, match=problem):
        decode(bytes.fromhex(data), "item", LIMIT)


def test_lists_nested_too_deeply_are_refused_and_do_not_exhaust_the_stack():
    assert decode(encode(nested(b"", MAX_DEPTH)), "item", LIMIT) == nested(b"", MAX_DEPTH)
    with pytest.raises(EncodingError, match=f"more than {MAX_DEPTH} deep"):
        decode(encode(nested(b"", MAX_DEPTH + 1)), "item", LIMIT)
    bomb = b""
    for _ in range(20_000):
        bomb = bytes([0xC0 + len(bomb)]) + bomb if len(bomb) < 56 else b"\xf9" + len(bomb).to_bytes(2, "big") + bomb
    with pytest.raises(EncodingError, match="deep"):
        decode(bomb, "item", LIMIT)


def test_more_bytes_than_are_allowed_are_not_even_looked_at():
    with pytest.raises(EncodingError, match="has 5 bytes, more than 4"):
        decode(b"\x84abcd", "item", 4)


FIELDS = {
    "too few items": ([b"a"], lambda read: read, "expected 2 items, found 1"),
    "too many items": ([b"a", b"b", b"c"], lambda read: read, "expected 2 items, found 3"),
    "no list": (b"a", lambda read: read, "expected a list, found a byte string"),
    "a list for bytes": ([[], b""], lambda read: read.data("one"), "thing.one.*expected a byte string, found a list"),
    "bytes for a list": ([b"", b""], lambda read: read.items("one", 4), "expected a list, found a byte string"),
    "too long a list": ([[b""] * 5, b""], lambda read: read.items("one", 4), "has 5 items, more than 4"),
    "another length": ([b"ab", b""], lambda read: read.fixed("one", 3), "expected 3 bytes, found 2 bytes"),
    "a list for so many bytes": ([[], b""], lambda read: read.fixed("one", 3), "expected 3 bytes, found a list"),
    "a number that begins with zero": ([b"\0\1", b""], lambda read: read.number("one"), "begins with a zero byte"),
    "zero as a byte": ([b"\0", b""], lambda read: read.number("one"), "begins with a zero byte"),
    "a number too large": ([b"\1" * 9, b""], lambda read: read.number("one", 8), "a number of at most 8 bytes"),
    "a list for a number": ([[], b""], lambda read: read.number("one"), "a number of at most 32 bytes"),
}


@pytest.mark.parametrize("case", FIELDS, ids=str)
def test_a_field_that_is_not_what_it_should_be_is_named(case):
    item, read, problem = FIELDS[case]
    with pytest.raises(EncodingError, match=problem):
        read(Fields(item, "thing", ("one", "two")))


@given(st.integers(0, 2**256 - 1))
def test_a_number_has_no_more_bytes_than_it_needs(number):
    assert Fields([integer_bytes(number)], "thing", ("one",)).number("one") == number
    assert integer_bytes(number)[:1] != b"\0"
