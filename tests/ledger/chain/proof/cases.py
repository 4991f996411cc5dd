"""Proofs as the vectors have them: some that prove something, and near misses of each kind, named by their defect.

Everything is made anew each time and comes out the same: keys from seeds, a chain whose clock stands still.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clients.testing.consortium import start
from ledger.chain.proof.extra_data import Vote
from ledger.chain.proof.gathering import gather_block, gather_head
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.logs import prove_log
from ledger.chain.proof.receipts import receipts_root
from ledger.chain.proof.rlp import encode
from ledger.chain.proof.storage import SlotProof
from ledger.chain.proof.trie import root_of
from ledger.identity.milestones import Milestone, Side
from ledger.tlog.checkpoints import Checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.merkle import root_of as tree_root_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import block_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.policy_files import format_policy
from ledger.tlog.proofs import TlogProof
from ledger.tlog.proving import MemoryTree, inclusion_proof
from tests.ledger.chain.proof.qbft_chain import address, block, chain, extra_of, mirrored, seal, sealed, unsealed
from tests.ledger.chain.proof.test_receipts import receipt

NEVER = b"\x07" * 32
FOUR = [1, 2, 3, 4]


@dataclass(frozen=True, slots=True)
class Border:
    """A short history on an embedded chain.

    Attributes:
        contract: the Consignments contract.
        goods: a consignment: registered, sealed, and in one block held and declared.
        log: the proof of the last statement of the batch.
        head: the proof of the consignment's head.
        never: the proof that another consignment was never registered.
    """

    contract: str
    goods: bytes
    log: Any
    head: Any
    never: Any


@cache
def border():
    """The history; made once."""
    consortium = start().consortium
    contract = consortium.contracts.consignments.address
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    declared = consortium.sign("exporter", Milestone.DECLARED, goods, side=Side.EXPORT)
    held = consortium.sign("customs_nl", Milestone.HELD, goods)
    consortium.contracts.consignments.submit_batch(consortium.sender("auditor"), [declared, held])
    number = consortium.node.latest_block().number
    found = gather_block(consortium.node, number)
    return Border(
        contract,
        goods,
        found.prove(0, 1),
        gather_head(consortium.node, contract, goods, number),
        gather_head(consortium.node, contract, NEVER, number),
    )


@cache
def many():
    """A block of our own with 20 receipts of every type, and the proof of an entry in the middle."""
    receipts = [receipt(number, number % 5) for number in range(20)]
    header = replace(unsealed(7, [1]), receipts_root=receipts_root(receipts), mix_hash=b"\x09" * 32)
    return prove_log(header, receipts, 11, 1)


def log_cases():
    """Log proofs by what they are, or are wrong in."""
    proof = many()
    first, *rest = proof.nodes
    yield "statement in a batch", border().log
    yield "entry among twenty receipts", proof
    yield "entry that the receipt lacks", replace(proof, log_index=3)
    yield "entry of another transaction", replace(proof, transaction_index=12)
    yield "node left out", replace(proof, nodes=(first,))
    yield "node repeated", replace(proof, nodes=(first, first, *rest))
    yield "node at the end that nothing needs", replace(proof, nodes=(*proof.nodes, first))
    yield "nodes in another order", replace(proof, nodes=(*rest, first))
    yield "node with a bit flipped", replace(proof, nodes=(first[:-1] + bytes([first[-1] ^ 1]), *rest))
    header = read_header(proof.header)
    yield "header of another block", replace(proof, header=replace(header, receipts_root=b"\x01" * 32).encode())
    yield "header cut short", replace(proof, header=proof.header[:-1])
    leaf = encode([b"\x20\x80", receipt(1).encode()])
    yield "tree of one receipt", replace(of_root(header, leaf), log_index=0)
    unknown = encode([b"\x20\x80", b"\x05" + receipt(1).encode()])
    yield "receipt of a type that is not known", of_root(header, unknown)
    wordy = b"\xf8\x04\x82\x20\x80\x61"
    yield "node with a length in more bytes than it needs", of_root(header, wordy)
    yield "leaf without a value", of_root(header, encode([b"\x20\x80", b""]))


def of_root(header, node):
    """A proof whose only node is the root, for the block's first entry."""
    from eth_utils import keccak

    made = replace(header, receipts_root=keccak(node))
    return replace(many(), header=made.encode(), transaction_index=0, nodes=(node,), log_index=0)


def storage_cases():
    """Storage proofs by what they are, or are wrong in."""
    proof = border().head
    first, second = proof.slots
    header = read_header(proof.header)
    yield "head of a consignment", proof
    yield "head of a consignment that was never registered", border().never
    yield "nodes of one slot for another", replace(proof, slots=(SlotProof(first.slot, second.nodes), second))
    yield "slots in another order", replace(proof, slots=(second, first))
    yield "slot twice", replace(proof, slots=(first, first))
    yield "slot without its last node", replace(proof, slots=(SlotProof(first.slot, first.nodes[:-1]), second))
    yield "account without its last node", replace(proof, account_nodes=proof.account_nodes[:-1])
    yield "account of another address", replace(proof, address="0x" + "11" * 20)
    yield "state of another block", replace(proof, header=replace(header, state_root=root_of({b"a": b"b"})).encode())


def qbft_cases():
    """Trusted validators, headers where the list changes, and a header that is final or not."""
    vote = Vote(address(5), adds=True)
    changes = [block(20, [1, 2, 3, 4, 5], [1, 2, 3, 5]), block(40, [2, 3, 4, 5], [3, 4, 5])]
    header, pair = block(9, FOUR, [1, 2, 4]), block(9, FOUR, [1, 2])
    yield "sealed in round 0", FOUR, [], header
    yield "sealed in round 1, with a vote", FOUR, [], block(9, FOUR, [2, 3, 4], round_number=1, vote=vote)
    yield "validator voted in and another out", FOUR, changes, block(41, [2, 3, 4, 5], [2, 3, 4])
    both = tuple(mirrored(seal(header, number)) for number in (1, 2, 4))
    yield "seals with the other s", FOUR, [], extra_of(header, seals=both)
    yield "too few seals", FOUR, [], pair
    yield "seal twice", FOUR, [], block(9, FOUR, [1, 2, 1])
    yield "seal twice, once mirrored", FOUR, [], extra_of(pair, seals=(*seals(pair), mirrored(seal(pair, 1))))
    yield "seals by others than those listed", FOUR, [], sealed(unsealed(9, FOUR), [11, 12, 13])
    yield "list of its own with perfect seals", FOUR, [], block(9, [11, 12, 13, 14])
    yield "list of its own as a change", FOUR, [block(8, [11, 12, 13, 14])], block(9, [11, 12, 13, 14])
    later = unsealed(9, FOUR, round_number=2)
    moved = tuple(seal(later, number) for number in FOUR)
    yield "seals of another round", FOUR, [], extra_of(unsealed(9, FOUR, round_number=1), seals=moved)
    yield "seal by a validator voted out", FOUR, changes, block(41, [2, 3, 4, 5], [1, 2, 3])
    yield "list from before a change", FOUR, changes, block(41, FOUR)
    yield "two changed at once", FOUR, [block(20, [3, 4, 5, 6])], block(21, [3, 4, 5, 6])
    yield "change left out", FOUR, changes[1:], block(41, [2, 3, 4, 5])
    yield "change that is none", FOUR, [block(20, FOUR)], block(21, FOUR)
    yield "changes in another order", FOUR, changes[::-1], block(41, [2, 3, 4, 5])
    yield "contract mode", FOUR, [], unsealed(9, [])
    ibft = encode([bytes(32), [bytes.fromhex(address(1)[2:])], b"", b"\0\0\0\0", []])
    yield "IBFT 2.0", FOUR, [], replace(unsealed(9, FOUR), extra_data=ibft)
    yield "no BFT engine", FOUR, [], replace(unsealed(9, FOUR), mix_hash=bytes(32))


def seals(header):
    """The seals of a header."""
    from ledger.chain.proof.extra_data import read_extra_data

    return read_extra_data(header.extra_data).seals


BLOCKS = chain([FOUR] * 6)
CHAIN_ID = 1337


def key(number):
    """An Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def witnessed_cases():
    """The number of a block, the proof that it was logged, and of which entry."""
    hashes = [header.hash() for header in BLOCKS]
    yield "witnessed by two of three", 3, logged(3, hashes, (0, 2))
    yield "witnessed by one of three", 3, logged(3, hashes, (1,))
    yield "another block at its place", 3, logged(3, [*hashes[:3], hashes[4], *hashes[4:]], (0, 2))
    yield "block at another place", 3, logged(4, [*hashes[:4], hashes[3], *hashes[5:]], (0, 2))
    yield "log of another chain", 3, logged(3, hashes, (0, 2), origin=block_log_origin(CHAIN_ID + 1, hashes[0]))


def policy():
    """Two of three witnesses, and one key of the log, which may sign for another chain too."""
    own = block_log_origin(CHAIN_ID, BLOCKS[0].hash())
    other = block_log_origin(CHAIN_ID + 1, BLOCKS[0].hash())
    logs = [PolicyLog(Ed25519Signer(own, key(1)).key), PolicyLog(Ed25519Signer(other, key(2)).key)]
    return k_of_n(logs, [PolicyWitness(f"W{number}", cosigner(number).key) for number in range(3)], 2)


def cosigner(number):
    """A witness."""
    return Ed25519Cosigner(f"witness.example/{number}", key(10 + number))


def logged(index, hashes, cosigners, origin=None):
    """The proof that a hash was logged at an index."""
    own = block_log_origin(CHAIN_ID, BLOCKS[0].hash())
    signer = Ed25519Signer(own, key(1)) if origin is None else Ed25519Signer(origin, key(2))
    leaves = leaf_hashes(hashes)
    note = sign_checkpoint(Checkpoint(origin or own, len(hashes), tree_root_of(leaves)), [signer])
    note = note.with_signatures([cosigner(number).cosign(note.text, 1_767_225_700 + number) for number in cosigners])
    return TlogProof(index, tuple(inclusion_proof(index, len(hashes), MemoryTree(leaves))), note)


def told():
    """Every case by its kind and name, as JSON, without what comes of it."""
    for name, proof in log_cases():
        yield "log", name, {"proof": text(proof.encode())}
    for name, proof in storage_cases():
        yield "storage", name, {"proof": text(proof.encode())}
    for name, trusted, changes, header in qbft_cases():
        yield (
            "qbft",
            name,
            {
                "trusted": {"validators": sorted(map(address, trusted)), "since": 0},
                "changes": [text(each.encode()) for each in changes],
                "header": text(header.encode()),
            },
        )
    for name, number, proof in witnessed_cases():
        yield (
            "block log",
            name,
            {
                "chainId": CHAIN_ID,
                "genesisHash": text(BLOCKS[0].hash()),
                "header": text(BLOCKS[number].encode()),
                "policy": format_policy(policy()).decode(),
                "proof": proof.data().decode(),
            },
        )


def text(data):
    """Bytes as hexadecimal text."""
    return f"0x{data.hex()}"
