"""A block is witnessed when its own hash is at its own number, in this chain's log, under enough cosignatures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.proof.errors import WitnessError
from ledger.chain.proof.finality import require_witnessed
from ledger.chain.proof.logs import ProvedBlock
from ledger.errors import InputError, LedgerError
from ledger.tlog.checkpoints import Checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner
from ledger.tlog.errors import ProofWrongError, QuorumMissingError, SignerUnknownError
from ledger.tlog.merkle import leaf_hashes, root_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import block_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proofs import TlogProof, parse_proof
from ledger.tlog.proving import MemoryTree, inclusion_proof
from tests.ledger.chain.proof.qbft_chain import chain

GENESIS, CHAIN_ID = chain([])[0].hash(), 1337
HASHES = [bytes([number]) * 32 for number in range(21)]
ORIGIN = block_log_origin(CHAIN_ID, GENESIS)
BLOCK = ProvedBlock(7, 1_767_225_614, HASHES[7])


def key(number):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


SIGNER = Ed25519Signer(ORIGIN, key(1))
WITNESSES = [Ed25519Cosigner(f"witness.example/{number}", key(10 + number)) for number in range(3)]
POLICY = k_of_n(
    [PolicyLog(SIGNER.key)], [PolicyWitness(f"W{number}", each.key) for number, each in enumerate(WITNESSES)], 2
)


def proof(index=7, *, size=21, origin=ORIGIN, cosigners=(0, 2), hashes=HASHES, signer=SIGNER):
    tree = MemoryTree(leaf_hashes(hashes[:size]))
    checkpoint = Checkpoint(origin, size, root_of(leaf_hashes(hashes[:size])))
    note = sign_checkpoint(checkpoint, [signer])
    note = note.with_signatures([WITNESSES[number].cosign(note.text, 1_767_225_700 + number) for number in cosigners])
    return TlogProof(index, tuple(inclusion_proof(index, size, tree)), note)


def check(made, block=BLOCK, chain_id=CHAIN_ID, genesis=GENESIS):
    return require_witnessed(block, parse_proof(made.data()), chain_id, genesis, POLICY)


def test_a_block_in_the_log_is_witnessed():
    found = check(proof())
    assert (found.block, found.size) == (BLOCK, 21)
    assert {each.name: each.time for each in found.cosigned} == {"W0": 1_767_225_700, "W2": 1_767_225_702}


def test_too_few_witnesses_are_not_enough():
    with pytest.raises(QuorumMissingError):
        check(proof(cosigners=(1,)))


def test_a_log_signed_by_a_stranger_is_refused():
    with pytest.raises(LedgerError):
        check(proof(signer=Ed25519Signer(ORIGIN, key(9)), cosigners=()))


def test_another_block_with_that_number_is_not_witnessed():
    with pytest.raises(ProofWrongError):
        check(proof(), replace(BLOCK, hash=b"\xff" * 32))


def test_a_block_at_another_place_of_the_log_is_not_witnessed():
    moved = [*HASHES[:8], HASHES[7], *HASHES[9:]]
    with pytest.raises(WitnessError, match="is of entry 8; block 7 has its own number"):
        check(proof(8, hashes=moved))


def test_a_block_of_another_chain_is_not_witnessed():
    for chain_id, genesis in ((CHAIN_ID + 1, GENESIS), (CHAIN_ID, b"\x01" * 32)):
        with pytest.raises(WitnessError, match=r"is of the log smartborder\.blocks/1337/"):
            check(proof(), chain_id=chain_id, genesis=genesis)


def test_a_log_that_has_not_come_to_the_block_does_not_witness_it():
    with pytest.raises(InputError):
        check(replace(proof(3, size=5), index=7))


def test_no_flipped_bit_of_the_proof_makes_another_block_witnessed():
    data = proof(cosigners=(0, 1)).data()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = require_witnessed(BLOCK, parse_proof(bytes(flipped)), CHAIN_ID, GENESIS, POLICY)
        except LedgerError:
            continue
        assert (found.block, found.size) == (BLOCK, 21)


def test_a_signer_that_nobody_knows_is_named_as_such():
    with pytest.raises(SignerUnknownError):
        require_witnessed(
            BLOCK, proof(), CHAIN_ID, GENESIS, k_of_n([PolicyLog(Ed25519Signer("other", key(1)).key)], [], 0)
        )
