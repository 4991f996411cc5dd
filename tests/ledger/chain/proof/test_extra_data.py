"""The extraData of QBFT headers is read strictly, and written again as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.proof.errors import EncodingError
from ledger.chain.proof.extra_data import MAX_VALIDATORS, ExtraData, Vote, read_extra_data
from ledger.chain.proof.rlp import encode
from ledger.identity.addresses import checksum_address

addresses = st.binary(min_size=20, max_size=20).map(checksum_address)
extras = st.builds(
    ExtraData,
    vanity=st.binary(min_size=32, max_size=32),
    validators=st.lists(addresses, max_size=7, unique=True).map(tuple),
    vote=st.none() | st.builds(Vote, validator=addresses, adds=st.booleans()),
    round=st.integers(0, 2**32 - 1),
    seals=st.lists(st.binary(min_size=65, max_size=65), max_size=7).map(tuple),
)


@given(extras)
def test_what_is_written_is_read_again(extra):
    assert read_extra_data(extra.encode()) == extra
    assert read_extra_data(extra.sealed()).seals == ()
    assert (read_extra_data(extra.hashed()).round, read_extra_data(extra.hashed()).seals) == (0, ())


V, W = b"\x11" * 20, b"\x22" * 20
GOOD = [bytes(32), [V, W], [], b"", []]
WRONG = {
    "a vanity of 31 bytes": (0, bytes(31), "vanity: .*expected 32 bytes, found 31"),
    "validators that are no list": (1, V, "validators: .*expected a list"),
    "a validator of 19 bytes": (1, [b"\x11" * 19], r"validators\[0\]: .*expected 20 bytes, found 19"),
    "a validator twice": (1, [V, W, V], "names a validator twice"),
    "too many validators": (1, [bytes(18) + n.to_bytes(2, "big") for n in range(MAX_VALIDATORS + 1)], "more than 256"),
    "a vote of one item": (2, [V], "vote: .*expected 2 items, found 1"),
    "a vote on no address": (2, [b"", b"\xff"], "vote.validator: .*expected 20 bytes"),
    "a vote that is neither": (2, [V, b"\x01"], "vote.kind: expected 0xff to add or nothing to drop, found 0x01"),
    "a vote of a zero byte": (2, [V, b"\x00"], "vote.kind: expected 0xff"),
    "a round that begins with zero": (3, b"\0\1", "round: .*begins with a zero byte"),
    "a round of 5 bytes": (3, b"\1" * 5, "round: .*at most 4 bytes"),
    "seals that are no list": (4, bytes(65), "seals: .*expected a list"),
    "a seal of 64 bytes": (4, [bytes(65), bytes(64)], r"seals\[1\]: .*expected 65 bytes, found 64"),
    "too many seals": (4, [bytes(65)] * (MAX_VALIDATORS + 1), "more than 256"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_malformed_is_refused(case):
    at, value, problem = WRONG[case]
    item = [*GOOD[:at], value, *GOOD[at + 1 :]]
    assert read_extra_data(encode(GOOD)).validators == (checksum_address(V), checksum_address(W))
    with pytest.raises(EncodingError, match=problem):
        read_extra_data(encode(item))


@pytest.mark.parametrize("item", [b"", [], GOOD[:4], [*GOOD, b""]])
def test_extra_data_is_a_list_of_five(item):
    with pytest.raises(EncodingError, match="expected"):
        read_extra_data(encode(item))
