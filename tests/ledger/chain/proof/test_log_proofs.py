"""A log proof proves the entry that the contract emitted, of that block; changed, it proves nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from ledger.chain.history import consignment_history
from ledger.chain.proof.errors import BlockHashError, EncodingError, ProofError, TrieProofError
from ledger.chain.proof.gathering import gather_block
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.logs import LogProof, prove_log, proved_log, read_log_proof
from ledger.chain.proof.receipts import receipts_root
from ledger.chain.proof.rlp import decode, encode
from ledger.identity.milestones import Milestone, Side
from tests.ledger.chain.proof.qbft_chain import unsealed
from tests.ledger.chain.proof.test_receipts import receipt


@pytest.fixture
def goods(consortium):
    """A consignment whose last block has a batch: two entries in one transaction."""
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    first = consortium.sign("exporter", Milestone.DECLARED, goods, side=Side.EXPORT)
    hold = consortium.sign("customs_nl", Milestone.HELD, goods)
    consortium.contracts.consignments.submit_batch(consortium.sender("auditor"), [first, hold])
    return goods


def test_every_statement_of_a_history_is_proved_where_it_stands(consortium, goods):
    contract = consortium.contracts.consignments
    found = consignment_history(consortium.contracts, goods).statements
    orders = []
    for each in found:
        proof = gather_block(consortium.node, each.place.block_number).prove_place(each.place)
        log = proved_log(read_log_proof(proof.encode()))
        name, values = contract.interface.decode_log(log.topics, log.data)
        said = contract.acceptance(name, values)
        assert (said.statement, said.digest, said.signature, said.head) == (
            each.statement,
            each.digest,
            each.signature,
            each.head,
        )
        assert log.address == contract.address
        assert (log.block.number, log.block.time, log.block.hash) == (
            each.place.block_number,
            each.place.block_time,
            each.place.block_hash,
        )
        orders.append(log.order)
    assert len(found) == 4
    assert orders == sorted(set(orders))
    assert [order[2] for order in orders[-2:]] == [0, 1]


def test_a_place_in_another_block_is_refused(consortium, goods):
    place = consignment_history(consortium.contracts, goods).statements[0].place
    block = gather_block(consortium.node, place.block_number)
    with pytest.raises(BlockHashError):
        block.prove_place(replace(place, block_hash=b"\x01" * 32))
    with pytest.raises(TrieProofError, match="the block has no log entry 9"):
        block.prove_place(replace(place, log_index=9))


def test_receipts_that_are_not_the_headers_make_no_proof(consortium, goods):
    block = gather_block(consortium.node, consortium.node.latest_block().number)
    with pytest.raises(TrieProofError, match="the header says"):
        prove_log(block.header, [*block.receipts, block.receipts[0]], 0, 0)
    with pytest.raises(TrieProofError, match="emitted 2 log entries, and none of number 2"):
        block.prove(0, 2)
    with pytest.raises(TrieProofError, match="the block has no transaction 1"):
        block.prove(1, 0)


def many():
    """A block of our own with 20 receipts, and the proof of an entry in the middle."""
    found = [receipt(number, number % 5) for number in range(20)]
    header = replace(unsealed(7, [1]), receipts_root=receipts_root(found), mix_hash=b"\x09" * 32)
    return found, prove_log(header, found, 11, 1)


RECEIPTS, PROOF = many()
LOG = proved_log(PROOF)


def test_no_flipped_bit_of_a_proof_proves_anything_else_of_that_block():
    data = PROOF.encode()
    unchanged = 0
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = proved_log(read_log_proof(bytes(flipped)))
        except ProofError:
            continue
        if found.block.hash != LOG.block.hash:
            continue
        entry = RECEIPTS[found.transaction_index].logs[found.log_index]
        assert (found.address, found.topics, found.data) == (entry.address, entry.topics, entry.data)
        unchanged += 1
    assert unchanged < 8, "only the number of the entry can be changed into another one of the same receipt"


def test_bytes_put_in_left_out_or_put_after_are_refused():
    data = PROOF.encode()
    for at in range(len(data)):
        for tampered in (data[:at], data[:at] + data[at + 1 :], data[:at] + b"\0" + data[at:], data + data[: at + 1]):
            with pytest.raises(ProofError):
                proved_log(read_log_proof(tampered))


def test_nodes_in_another_order_repeated_or_left_out_are_refused():
    nodes = PROOF.nodes
    assert len(nodes) >= 2
    others = [order for order in permutations(nodes) if order != nodes]
    others += [(*nodes[:at], node, *nodes[at:]) for at in range(len(nodes) + 1) for node in nodes]
    others += [nodes[:at] + nodes[at + 1 :] for at in range(len(nodes))]
    for other in others:
        with pytest.raises(TrieProofError):
            proved_log(replace(PROOF, nodes=other))


def test_a_proof_says_nothing_of_another_transaction_entry_or_block():
    for index in range(20):
        if index != 11:
            with pytest.raises(TrieProofError):
                proved_log(replace(PROOF, transaction_index=index))
    with pytest.raises(TrieProofError, match="emitted 3 log entries, and none of number 3"):
        proved_log(replace(PROOF, log_index=3))
    header = read_header(PROOF.header)
    with pytest.raises(TrieProofError, match="expected the node"):
        proved_log(replace(PROOF, header=replace(header, receipts_root=b"\x01" * 32).encode()))
    later = proved_log(replace(PROOF, header=replace(header, time=header.time + 1).encode()))
    assert later.block.hash != LOG.block.hash


ITEMS = decode(PROOF.encode(), "log proof", 1 << 20)
WRONG = {
    "a header that is a list": (0, decode(PROOF.header, "header", 1 << 16), "expected a byte string"),
    "a transaction beyond any block": (1, b"\x01\x86\xa0", "expected a number below 100000, found 100000"),
    "a transaction that begins with zero": (1, b"\0", "begins with a zero byte"),
    "nodes that are no list": (2, b"", "expected a list"),
    "a node that is a list": (2, [[b""]], "expected byte strings, found a list"),
    "more nodes than a key has nibbles": (2, [b""] * 9, "has 9 items, more than 8"),
    "an entry beyond any receipt": (3, b"\x27\x10", "expected a number below 10000, found 10000"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_proof_that_is_malformed_is_refused(case):
    at, value, problem = WRONG[case]
    with pytest.raises(EncodingError, match=problem):
        read_log_proof(encode([*ITEMS[:at], value, *ITEMS[at + 1 :]]))


def test_what_is_written_is_read_again():
    assert read_log_proof(PROOF.encode()) == PROOF
    assert isinstance(PROOF, LogProof)
