"""Seals count only from validators that are trusted, and the trust follows the list one validator at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.chain.proof import qbft
from ledger.chain.proof.errors import EngineError, ProofError, SealsError, ValidatorsError
from ledger.chain.proof.extra_data import Vote
from ledger.chain.proof.headers import header_from_rpc, read_header
from ledger.chain.proof.qbft import (
    ValidatorSet,
    follow,
    followed,
    listed_validators,
    quorum,
    require_final,
    tolerated,
    trusted_at,
)
from ledger.identity.keys import CURVE_ORDER
from tests.ledger.chain.proof.qbft_chain import address, block, extra_of, mirrored, seal, sealed, unsealed, validator

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "qbft" / "recorded.json"
FOUR = [1, 2, 3, 4]


def trust(numbers, since=0):
    return ValidatorSet(frozenset(address(number) for number in numbers), since)


TRUSTED = trust(FOUR)


@pytest.mark.parametrize(
    ("validators", "needed", "faulty"), [(1, 1, 0), (2, 2, 0), (3, 2, 0), (4, 3, 1), (5, 4, 1), (6, 4, 1), (7, 5, 2)]
)
def test_the_quorum_is_two_thirds_rounded_up(validators, needed, faulty):
    assert (quorum(validators), tolerated(validators)) == (needed, faulty)


def test_a_block_with_a_quorum_of_seals_is_final():
    header = block(9, FOUR, [4, 1, 3])
    found = require_final(header, TRUSTED)
    assert found.sealers == (address(4), address(1), address(3))
    assert found.validators == 4
    assert (found.block.number, found.block.time, found.block.hash) == (9, header.time, header.hash())


@pytest.mark.parametrize("round_number", [0, 1, 127, 128, 2**32 - 1])
def test_a_block_agreed_in_any_round_is_final(round_number):
    vote = Vote(address(5), adds=True)
    assert require_final(block(9, FOUR, round_number=round_number, vote=vote), TRUSTED).validators == 4


@given(st.integers(1, 10).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(1, n)))))
@settings(deadline=None)
def test_exactly_quorums_make_blocks_final(drawn):
    count, who = drawn
    header = block(9, list(range(1, count + 1)), sorted(who))
    if len(who) >= quorum(count):
        assert set(require_final(header, trust(range(1, count + 1))).sealers) == {address(each) for each in who}
    else:
        with pytest.raises(SealsError, match=f"is sealed by {len(who)} of {count} validators"):
            require_final(header, trust(range(1, count + 1)))


def test_too_few_seals_do_not_make_a_block_final():
    with pytest.raises(SealsError, match="is sealed by 2 of 4 validators, fewer than 3"):
        require_final(block(9, FOUR, [1, 2]), TRUSTED)
    with pytest.raises(SealsError, match="is sealed by 0 of 4"):
        require_final(unsealed(9, FOUR), TRUSTED)


def test_a_validator_counts_once_however_often_it_seals():
    with pytest.raises(SealsError, match=f"seal 2: is the second one by {address(1)}"):
        require_final(block(9, FOUR, [1, 2, 1]), TRUSTED)


def test_the_mirror_image_of_a_seal_is_no_second_seal():
    header = block(9, FOUR, [1, 2])
    first, second = (seal(header, number) for number in (1, 2))
    with pytest.raises(SealsError, match="is the second one by"):
        require_final(extra_of(header, seals=(first, second, mirrored(first))), TRUSTED)


def test_a_seal_counts_by_who_made_it_in_either_form():
    header = block(9, FOUR, [1, 2, 3])
    seals = tuple(mirrored(seal(header, number)) for number in (1, 2, 3))
    assert require_final(extra_of(header, seals=seals), TRUSTED) == require_final(header, TRUSTED)


def test_a_forged_header_with_its_own_validators_and_perfect_seals_is_refused():
    forged = block(9, [11, 12, 13, 14])
    with pytest.raises(ValidatorsError, match="no more"):
        require_final(forged, TRUSTED)
    with pytest.raises(ValidatorsError, match="each change is of one validator"):
        follow(TRUSTED, [forged])


def test_a_forged_header_that_lists_the_trusted_and_is_sealed_by_others_is_refused():
    forged = sealed(unsealed(9, FOUR), [11, 12, 13])
    with pytest.raises(SealsError, match=f"is by {address(11)}, who is no validator of this block"):
        require_final(forged, TRUSTED)


def test_one_seal_of_a_stranger_spoils_a_quorum_as_it_does_for_a_node():
    with pytest.raises(SealsError, match="who is no validator"):
        require_final(sealed(unsealed(9, FOUR), [1, 2, 3, 11]), TRUSTED)


def test_seals_over_another_round_do_not_count():
    header, other = unsealed(9, FOUR, round_number=1), unsealed(9, FOUR, round_number=2)
    moved = extra_of(header, seals=tuple(seal(other, number) for number in FOUR))
    with pytest.raises(SealsError, match="who is no validator"):
        require_final(moved, TRUSTED)


def test_seals_over_another_block_do_not_count():
    header = block(9, FOUR)
    for changed in (
        replace(header, state_root=b"\x01" * 32),
        replace(header, number=10),
        replace(header, time=header.time + 1),
        extra_of(header, vote=Vote(address(11), adds=True)),
        extra_of(header, vanity=b"\x01" * 32),
    ):
        with pytest.raises(SealsError):
            require_final(changed, TRUSTED)


NO_SEALS = {
    "zeros": bytes(65),
    "r of zero": bytes(32) + b"\1" * 32 + b"\0",
    "s of zero": b"\1" * 32 + bytes(32) + b"\0",
    "r of the order": CURVE_ORDER.to_bytes(32, "big") + b"\1" * 33,
    "s of the order": b"\1" * 32 + CURVE_ORDER.to_bytes(32, "big") + b"\0",
    "a parity of 27, as wallets write it": b"\1" * 64 + b"\x1b",
    "a parity of 2": b"\1" * 64 + b"\2",
    "a parity of 2 with r beyond the order": (2).to_bytes(32, "big") + (1).to_bytes(32, "big") + b"\2",
    "r that is no point": (5).to_bytes(32, "big") + b"\1" * 32 + b"\0",
}


@pytest.mark.parametrize("case", NO_SEALS)
def test_bytes_that_are_no_signature_are_refused(case):
    header = block(9, FOUR)
    kept = tuple(seal(header, number) for number in (1, 2, 3))
    with pytest.raises(SealsError, match="seal 3: is no signature"):
        require_final(extra_of(header, seals=(*kept, NO_SEALS[case])), TRUSTED)


def test_no_flipped_bit_of_a_sealed_header_makes_another_block_final():
    header = block(9, FOUR, [1, 2, 3], round_number=1)
    data = header.encode()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProofError):
            require_final(read_header(bytes(flipped)), TRUSTED)


def test_a_block_older_than_the_trust_is_not_judged():
    with pytest.raises(ValidatorsError, match="block 9 is older than block 10"):
        require_final(block(9, FOUR), trust(FOUR, since=10))
    assert require_final(block(10, FOUR), trust(FOUR, since=10)).block.number == 10


def test_the_trust_follows_validators_in_and_out():
    changes = [
        block(20, [1, 2, 3, 4, 5], [1, 2, 3, 5]),
        block(30, [1, 2, 3, 4, 5, 6]),
        block(40, [2, 3, 4, 5, 6], [2, 3, 4, 5]),
        block(50, [2, 3, 4, 5], [3, 4, 5]),
    ]
    assert follow(TRUSTED, []) == TRUSTED
    assert follow(TRUSTED, changes) == trust([2, 3, 4, 5], since=50)
    assert follow(follow(TRUSTED, changes[:2]), changes[2:]) == trust([2, 3, 4, 5], since=50)
    assert require_final(block(51, [2, 3, 4, 5]), follow(TRUSTED, changes)).block.number == 51


def test_each_block_is_judged_by_those_trusted_at_its_time():
    sets = followed(trust(FOUR, since=5), [block(20, [1, 2, 3, 4, 5]), block(30, [2, 3, 4, 5])])
    assert [each.since for each in sets] == [5, 20, 30]
    for number, listed in ((5, FOUR), (19, FOUR), (20, [1, 2, 3, 4, 5]), (29, [1, 2, 3, 4, 5]), (99, [2, 3, 4, 5])):
        assert require_final(block(number, listed), trusted_at(sets, number)).block.number == number
    with pytest.raises(ValidatorsError, match=f"lists {address(1)} in addition"):
        require_final(block(31, [1, 2, 3, 4, 5]), trusted_at(sets, 31))
    with pytest.raises(ValidatorsError, match="block 4 is older than block 5"):
        trusted_at(sets, 4)


def test_a_removed_validator_counts_no_more():
    trusted = follow(TRUSTED, [block(20, [2, 3, 4])])
    with pytest.raises(SealsError, match=f"is by {address(1)}, who is no validator"):
        require_final(sealed(unsealed(21, [2, 3, 4]), [1, 2]), trusted)
    with pytest.raises(ValidatorsError, match=f"lists {address(1)} in addition"):
        require_final(block(21, FOUR), trusted)


def test_a_changed_list_needs_its_own_quorum():
    with pytest.raises(SealsError, match="is sealed by 3 of 5 validators, fewer than 4"):
        follow(TRUSTED, [block(20, [1, 2, 3, 4, 5], [1, 2, 3])])


def test_a_changed_list_needs_more_of_the_trusted_than_may_be_faulty():
    trusted = trust([1, 2, 3, 4, 5, 6, 7])
    listed = [2, 3, 4, 5, 6, 7]
    assert follow(trusted, [block(20, listed, [2, 3, 4, 5])]).since == 20


def test_seals_of_those_trusted_are_asked_for_by_themselves(monkeypatch):
    monkeypatch.setattr(qbft, "quorum", lambda _: 1)
    with pytest.raises(ValidatorsError, match="is sealed by 1 of the 4 validators trusted until then, fewer than 2"):
        follow(TRUSTED, [block(20, [1, 2, 3, 4, 5], [1, 5])])


@given(
    st.integers(1, 9).flatmap(
        lambda m: st.tuples(
            st.just(m), st.sampled_from(["add", "drop", "swap", "same", "add two"]), st.sets(st.integers(1, m + 2))
        )
    )
)
@settings(max_examples=200, deadline=None)
def test_a_list_is_followed_exactly_as_the_rule_says(drawn):
    m, change, who = drawn
    old = list(range(1, m + 1))
    new = {
        "add": [*old, m + 1],
        "drop": old[1:] or [m + 1],
        "swap": [*old[1:], m + 1],
        "same": old,
        "add two": [*old, m + 1, m + 2],
    }[change]
    who &= set(new)
    allowed = len(set(old) ^ set(new)) == 1 and len(who) >= -(-2 * len(new) // 3) and len(who & set(old)) > (m - 1) // 3
    header = block(20, new, sorted(who))
    if allowed:
        assert follow(trust(old), [header]) == trust(new, since=20)
    else:
        with pytest.raises((ValidatorsError, SealsError)):
            follow(trust(old), [header])


def test_two_validators_changed_at_once_are_refused():
    for listed in ([1, 2, 3, 4, 5, 6], [1, 2], [2, 3, 4, 5]):
        with pytest.raises(ValidatorsError, match="each change is of one validator"):
            follow(TRUSTED, [block(20, listed)])


def test_a_header_that_changes_nothing_is_refused():
    with pytest.raises(ValidatorsError, match="lists the validators that are trusted already"):
        follow(TRUSTED, [block(20, FOUR)])


def test_changes_in_another_order_or_left_out_are_refused():
    first, second = block(20, [1, 2, 3, 4, 5]), block(30, [1, 2, 3, 4, 5, 6])
    with pytest.raises(ValidatorsError, match="each change is of one validator"):
        follow(TRUSTED, [second])
    with pytest.raises(ValidatorsError, match="does not come after block 30"):
        follow(TRUSTED, [block(30, [1, 2, 3, 4, 5]), block(20, [1, 2, 3, 4, 5, 6])])
    with pytest.raises(ValidatorsError, match="does not come after block 20"):
        follow(trust(FOUR, since=20), [first])


def test_a_chain_in_contract_mode_is_told_apart():
    for judged in (lambda header: require_final(header, TRUSTED), lambda header: follow(TRUSTED, [header])):
        with pytest.raises(EngineError, match="contract mode"):
            judged(sealed(unsealed(9, []), [1, 2, 3]))


def test_a_chain_without_seals_is_told_apart():
    with pytest.raises(EngineError, match="an engine without commit seals"):
        require_final(replace(block(9, FOUR), mix_hash=bytes(32)), TRUSTED)


def test_there_is_no_trust_in_nobody():
    with pytest.raises(ValidatorsError, match="there are none to trust"):
        ValidatorSet(frozenset(), 0)


def test_keys_of_the_test_chain_are_always_the_same():
    assert address(1) == validator(1).address == "0xFb161913FB3A84a0638Fb4DDFF760e672Eb9eccA"


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded QBFT network is not beside this clone (../shared)")
def test_a_real_network_is_followed_through_its_votes_from_the_genesis_on():
    headers = [header_from_rpc(each) for each in json.loads(RECORDED.read_text())["blocks"]]
    trusted = genesis = listed_validators(headers[0])
    changes = []
    for header in headers[1:]:
        if listed_validators(header).validators != trusted.validators:
            changes.append(header)
            trusted = follow(trusted, [header])
        final = require_final(header, trusted)
        assert final.block.hash == header.hash()
        assert len(final.sealers) >= quorum(final.validators)
    assert [len(listed_validators(header).validators) for header in changes] == [5, 4]
    assert follow(genesis, changes) == trusted
    with pytest.raises(ValidatorsError):
        require_final(headers[-1], follow(genesis, changes[:1]))
    with pytest.raises(SealsError, match="is sealed by 0 of 4"):
        require_final(headers[0], genesis)
