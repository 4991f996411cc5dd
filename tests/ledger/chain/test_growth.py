"""The rules by which a log grows, without a chain: what is accepted is kept, what is refused says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.growth import EMPTY, Growth, LogRecord, judge_own, judge_signed, proof_length, proven_roots
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import UNKNOWN, Problem, Standing
from ledger.identity.checkpoints import MAX_SIZE, CheckpointStatement
from ledger.identity.milestones import Scope
from tests.ledger.chain.trees import leaves, proof_of, root_of

NOW = 1_800_000_000
KEY = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
SIGNER = Standing(5, KEY, "KR", scopes=Scope.CHECKPOINTS, milestones=0)
TREE = leaves(64)
ON_RECORD = LogRecord(5, root_of(TREE[:5]), NOW - 60)


def grown(first: int, second: int) -> Growth:
    return Growth(first, second, root_of(TREE[:second]), proof_of(TREE[:second], first))


def statement(growth: Growth, **changed) -> CheckpointStatement:
    said = {"member": 5, "previous_size": growth.previous_size, "size": growth.size, "root": growth.root}
    return CheckpointStatement(**({"signed_time": NOW - 1, "valid_until": NOW} | said | changed))


def refused(*arguments, judge=judge_own):
    with pytest.raises(RuleRefused) as refusal:
        judge(*arguments)
    return refusal.value.error, *refusal.value.arguments


def test_every_pair_of_sizes_up_to_64_is_proven():
    for second in range(2, len(TREE) + 1):
        for first in range(1, second):
            proof = proof_of(TREE[:second], first)
            roots = root_of(TREE[:first]), root_of(TREE[:second])
            assert proof_length(first, second) == len(proof)
            assert proven_roots(first, second, roots[0], proof) == roots


@given(st.integers(1, MAX_SIZE - 1), st.integers(1, MAX_SIZE - 1))
def test_no_proof_is_longer_than_65_hashes(first, more):
    second = min(first + more, MAX_SIZE)
    assert 1 <= proof_length(first, second) <= 65


def test_a_log_grows_by_its_own_key_and_by_its_signature():
    record = judge_own(EMPTY, grown(0, 5), KEY, SIGNER, NOW)
    assert record == LogRecord(5, root_of(TREE[:5]), NOW)
    growth = grown(5, 12)
    record = judge_signed(record, statement(growth), growth.proof, KEY, SIGNER, NOW)
    assert record == LogRecord(12, root_of(TREE[:12]), NOW)


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        (UNKNOWN, ("KeyUnknown", KEY)),
        (replace(SIGNER, problem=Problem.NOT_YET_VALID, limit=NOW + 1), ("KeyNotYetValid", KEY, NOW + 1)),
        (replace(SIGNER, problem=Problem.EXPIRED, limit=NOW), ("KeyExpired", KEY, NOW)),
        (replace(SIGNER, problem=Problem.SUSPENDED), ("MemberIsSuspended", 5)),
        (replace(SIGNER, problem=Problem.DISMISSED), ("MemberIsDismissed", 5)),
        (replace(SIGNER, scopes=Scope.MILESTONES | Scope.GOVERN), ("KeyMayNotCheckpoint", KEY)),
    ],
)
def test_who_may_not_speak_or_not_record_is_refused(standing, refusal):
    growth = grown(0, 5)
    assert refused(EMPTY, growth, KEY, standing, NOW) == refusal
    assert refused(EMPTY, statement(growth), (), KEY, standing, NOW, judge=judge_signed) == refusal


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"member": 6}, ("NotLogOwner", 5, 6)),
        ({"signed_time": NOW + 301}, ("SignedInFuture", NOW + 301, NOW)),
        ({"valid_until": NOW - 1}, ("StatementExpired", NOW - 1, NOW)),
    ],
)
def test_what_was_signed_for_another_log_or_time_is_refused(changed, refusal):
    growth = grown(5, 12)
    said = statement(growth, **changed)
    assert refused(ON_RECORD, said, growth.proof, KEY, SIGNER, NOW, judge=judge_signed) == refusal


@pytest.mark.parametrize(
    ("growth", "refusal"),
    [
        (replace(grown(5, 12), previous_size=4), ("StaleSize", 5, 4)),
        (replace(grown(0, 12), previous_size=0), ("StaleSize", 5, 0)),
        (replace(grown(5, 12), size=5), ("LogNotGrown", 5, 5)),
        (replace(grown(5, 12), size=0), ("LogNotGrown", 5, 0)),
        (replace(grown(5, 12), root=bytes(32)), ("RootMissing",)),
        (replace(grown(5, 12), proof=()), ("ProofLengthInvalid", 0, 5)),
        (replace(grown(5, 12), proof=(bytes(32),) * 6), ("ProofLengthInvalid", 6, 5)),
        (replace(grown(5, 12), root=b"\1" * 32), ("RootMismatch", b"\1" * 32, root_of(TREE[:12]))),
    ],
)
def test_a_growth_that_is_none_is_refused(growth, refusal):
    assert refused(ON_RECORD, growth, KEY, SIGNER, NOW) == refusal


def test_a_first_checkpoint_has_no_proof():
    growth = replace(grown(0, 5), proof=(bytes(32),))
    assert refused(EMPTY, growth, KEY, SIGNER, NOW) == ("ProofLengthInvalid", 1, 0)
    assert refused(EMPTY, replace(growth, size=0), KEY, SIGNER, NOW) == ("LogNotGrown", 0, 0)


def test_a_log_that_was_rewritten_is_refused_with_both_roots():
    rewritten = leaves(12, b"rewritten")
    growth = Growth(5, 12, root_of(rewritten), proof_of(rewritten, 5))
    assert refused(ON_RECORD, growth, KEY, SIGNER, NOW) == (
        "PreviousRootMismatch",
        ON_RECORD.root,
        root_of(rewritten[:5]),
    )


@given(st.integers(1, 63), st.integers(1, 63), st.integers(0), st.integers(0, 255))
def test_no_bit_of_a_proof_is_altered(first, more, which, bit):
    second = min(first + more, 64)
    growth, record = grown(first, second), LogRecord(first, root_of(TREE[:first]), 0)
    proof = list(growth.proof)
    which %= len(proof)
    proof[which] = (int.from_bytes(proof[which], "big") ^ 1 << bit).to_bytes(32, "big")
    error, *_ = refused(record, replace(growth, proof=tuple(proof)), KEY, SIGNER, NOW)
    assert error in {"PreviousRootMismatch", "RootMismatch"}
