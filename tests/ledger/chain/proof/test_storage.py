"""Storage proofs: what a contract holds of a consignment after a block, or that it holds nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
import rlp
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie

from ledger.chain.proof.eip1186 import collect, rpc_answer, storage_proof
from ledger.chain.proof.errors import EncodingError, ProofError, TrieProofError
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.logs import proved_block
from ledger.chain.proof.rlp import decode, encode
from ledger.chain.proof.storage import EMPTY_CODE_HASH, SlotProof, proved_storage, read_storage_proof
from ledger.chain.proof.trie import EMPTY_ROOT, root_of
from ledger.identity.addresses import address_bytes, checksum_address
from tests.ledger.chain.proof.qbft_chain import unsealed

CONTRACT = checksum_address(b"\xc0" * 20)
EMPTY = checksum_address(b"\xe0" * 20)
NOBODY = checksum_address(b"\xab" * 20)
CODE = keccak(b"code")


def word(number):
    return number.to_bytes(32, "big")


class State:
    """A state of our own, in tries of another implementation: a contract with storage, and accounts around it."""

    def __init__(self, storage, accounts=30):
        self.db = {}
        inner = HexaryTrie(self.db)
        for slot, value in storage.items():
            inner[keccak(slot)] = rlp.encode(value.lstrip(b"\0"))
        outer = HexaryTrie(self.db)
        for number in range(accounts):
            outer[keccak(bytes([number]) * 20)] = account(number, EMPTY_ROOT, EMPTY_CODE_HASH)
        outer[keccak(address_bytes(CONTRACT))] = account(1, inner.root_hash, CODE)
        outer[keccak(address_bytes(EMPTY))] = account(1, EMPTY_ROOT, CODE)
        self.header = replace(unsealed(7, [1]), state_root=outer.root_hash, mix_hash=b"\x09" * 32)

    def prove(self, address, *slots):
        return collect(self.header, address, slots, self.db.__getitem__)


def account(nonce, storage_root, code_hash):
    return rlp.encode([nonce, 10**18, storage_root, code_hash])


STORAGE = {word(number): keccak(word(number)) for number in range(50)} | {word(1000): word(1), word(1001): word(2**255)}
STATE = State(STORAGE)
PROOF = STATE.prove(CONTRACT, word(3), word(1000), word(77))


def test_values_and_their_absence_are_proved_in_one():
    found = proved_storage(read_storage_proof(PROOF.encode()))
    assert found.values == {word(3): keccak(word(3)), word(77): bytes(32), word(1000): word(1)}
    assert found.address == CONTRACT
    assert found.block == proved_block(STATE.header)
    assert (found.account.nonce, found.account.balance, found.account.code_hash) == (1, 10**18, CODE)


@given(
    st.dictionaries(st.integers(0, 2**256 - 1).map(word), st.integers(1, 2**256 - 1).map(word), max_size=20),
    st.integers(0, 2**256 - 1).map(word),
)
@settings(max_examples=30, deadline=None)
def test_any_storage_is_proved_slot_by_slot(storage, other):
    state = State(storage, accounts=2)
    slots = [*list(storage)[:5], other]
    found = proved_storage(state.prove(CONTRACT, *slots))
    assert found.values == {slot: storage.get(slot, bytes(32)) for slot in slots}


def test_an_account_without_storage_holds_zeros_by_no_node():
    proof = STATE.prove(EMPTY, word(3))
    assert proof.slots == (SlotProof(word(3), ()),)
    assert proved_storage(proof).values == {word(3): bytes(32)}


def test_that_there_is_no_account_is_proved():
    found = proved_storage(STATE.prove(NOBODY, word(3)))
    assert (found.account, found.values) == (None, {word(3): bytes(32)})


def test_an_account_is_proved_without_any_slot():
    assert proved_storage(STATE.prove(CONTRACT)).account.code_hash == CODE


def test_no_flipped_bit_of_a_proof_proves_anything_untrue_of_that_block():
    storage = {word(number): keccak(word(number)) for number in range(6)}
    proof = State(storage, accounts=4).prove(CONTRACT, word(3), word(77))
    data, truth = proof.encode(), proved_storage(proof)
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = proved_storage(read_storage_proof(bytes(flipped)))
        except ProofError:
            continue
        if found.block.hash == truth.block.hash:
            assert (found.address, found.account) == (CONTRACT, truth.account)
            assert found.values == {slot: storage.get(slot, bytes(32)) for slot in found.values}


def test_bytes_left_out_or_put_after_are_refused():
    data = PROOF.encode()
    for at in range(0, len(data), 7):
        for tampered in (data[:at], data[:at] + data[at + 1 :], data + data[: at + 1]):
            with pytest.raises(ProofError):
                proved_storage(read_storage_proof(tampered))


def test_nodes_in_another_order_repeated_or_left_out_are_refused():
    for other in tampered(PROOF.account_nodes):
        with pytest.raises(TrieProofError):
            proved_storage(replace(PROOF, account_nodes=other))
    for at, each in enumerate(PROOF.slots):
        for other in tampered(each.nodes):
            slots = (*PROOF.slots[:at], SlotProof(each.slot, other), *PROOF.slots[at + 1 :])
            with pytest.raises(TrieProofError):
                proved_storage(replace(PROOF, slots=slots))


def tampered(nodes):
    yield from (order for order in permutations(nodes) if order != nodes)
    yield from ((*nodes[:at], node, *nodes[at:]) for at in range(len(nodes) + 1) for node in nodes)
    yield from (nodes[:at] + nodes[at + 1 :] for at in range(len(nodes)))


def test_a_proof_says_nothing_of_another_account_or_slot():
    with pytest.raises(TrieProofError):
        proved_storage(replace(PROOF, address=EMPTY))
    moved = SlotProof(word(4), PROOF.slots[0].nodes)
    with pytest.raises(TrieProofError):
        proved_storage(replace(PROOF, slots=(moved,)))


def test_the_storage_of_one_account_is_not_taken_for_that_of_another():
    nobody = STATE.prove(NOBODY)
    with pytest.raises(TrieProofError, match="the proof needs 0 nodes"):
        proved_storage(replace(nobody, slots=PROOF.slots))
    with pytest.raises(TrieProofError, match="the proof needs 0 nodes"):
        proved_storage(replace(STATE.prove(EMPTY), slots=PROOF.slots))


def test_each_slot_stands_once_by_rising_slot():
    first, second, third = PROOF.slots
    for slots in ((second, first), (first, first, second), (third, first)):
        with pytest.raises(EncodingError, match="each stands once, by rising slot"):
            proved_storage(replace(PROOF, slots=slots))


def trie_of(content):
    """A proof of an account, or of a slot, whose trie holds this alone."""
    key = keccak(address_bytes(CONTRACT))
    node = encode([b"\x20" + key, content])
    header = replace(unsealed(7, [1]), state_root=root_of({key: content}), mix_hash=b"\x09" * 32)
    assert keccak(node) == header.state_root
    return header, node


ACCOUNTS = {
    "three items": (rlp.encode([1, 2, EMPTY_ROOT]), "expected 4 items, found 3"),
    "a storage root of 31 bytes": (rlp.encode([1, 2, bytes(31), CODE]), "expected 32 bytes, found 31"),
    "a nonce that begins with zero": (rlp.encode([b"\0\1", 2, EMPTY_ROOT, CODE]), "begins with a zero byte"),
    "a nonce of 9 bytes": (rlp.encode([b"\1" * 9, 2, EMPTY_ROOT, CODE]), "at most 8 bytes"),
    "no list": (b"account", "malformed"),
}


@pytest.mark.parametrize("case", ACCOUNTS)
def test_an_account_that_is_malformed_is_refused_though_every_hash_fits(case):
    content, problem = ACCOUNTS[case]
    header, node = trie_of(content)
    with pytest.raises(EncodingError, match=problem):
        proved_storage(replace(PROOF, header=header.encode(), account_nodes=(node,), slots=()))


VALUES = {
    "zero, which is never kept": (b"\x80", "a slot that holds zero is in the trie"),
    "a value that begins with zero": (b"\x82\0\1", "begins with a zero byte"),
    "a value of 33 bytes": (b"\xa1" + b"\1" * 33, "at most 32 bytes"),
    "a list": (b"\xc1\1", "at most 32 bytes"),
    "bytes after the value": (b"\1\1", "1 bytes follow its end"),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_value_that_is_malformed_is_refused_though_every_hash_fits(case):
    content, problem = VALUES[case]
    key = keccak(word(3))
    node = encode([b"\x20" + key, content])
    header, top = trie_of(account(1, keccak(node), CODE))
    slots = (SlotProof(word(3), (node,)),)
    with pytest.raises(EncodingError, match=problem):
        proved_storage(replace(PROOF, header=header.encode(), account_nodes=(top,), slots=slots))


ITEMS = decode(PROOF.encode(), "storage proof", 1 << 20)
WRONG = {
    "a header that is a list": (0, [], "expected a byte string"),
    "an address of 19 bytes": (1, bytes(19), "expected 20 bytes, found 19"),
    "a node that is a list": (2, [[b""]], "expected byte strings, found a list"),
    "too many nodes": (2, [b""] * 66, "has 66 items, more than 65"),
    "a slot of 31 bytes": (3, [[bytes(31), []]], r"slots\[0\].slot: .*expected 32 bytes, found 31"),
    "a slot of one item": (3, [[bytes(32)]], r"slots\[0\]: .*expected 2 items, found 1"),
    "too many slots": (3, [b""] * 1025, "has 1025 items, more than 1024"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_proof_that_is_malformed_is_refused(case):
    at, value, problem = WRONG[case]
    with pytest.raises(EncodingError, match=problem):
        read_storage_proof(encode([*ITEMS[:at], value, *ITEMS[at + 1 :]]))


def answer(*slots, address=CONTRACT):
    return rpc_answer(STATE.header, address, slots, STATE.db.__getitem__)


def test_what_a_node_answers_is_read_as_the_same_proof():
    said = answer(word(1000), word(3), word(77))
    assert storage_proof(STATE.header, CONTRACT, [word(1000), word(3), word(77)], said) == PROOF
    assert [each["value"] for each in said["storageProof"]] == [
        "0x1",
        hex(int.from_bytes(keccak(word(3)), "big")),
        "0x0",
    ]
    assert (said["nonce"], said["codeHash"]) == ("0x1", f"0x{CODE.hex()}")
    assert answer(address=NOBODY)["balance"] == "0x0"


def test_nodes_that_others_list_beside_the_path_are_left_out():
    said = answer(word(3))
    said["accountProof"] = ["0x80", *reversed(said["accountProof"])]
    said["storageProof"][0]["proof"].append("0xc22001")
    assert storage_proof(STATE.header, CONTRACT, [word(3)], said) == STATE.prove(CONTRACT, word(3))


def test_a_node_that_keeps_nodes_back_or_talks_nonsense_is_told():
    said = answer(word(3))
    for garbled in (
        said | {"accountProof": said["accountProof"][1:]},
        said | {"storageProof": []},
        said | {"accountProof": [7, None]},
        said | {"storageProof": [None]},
        {},
        None,
        [],
    ):
        with pytest.raises(ProofError):
            storage_proof(STATE.header, CONTRACT, [word(3)], garbled)
    with pytest.raises(TrieProofError, match="is missing"):
        storage_proof(read_header(replace(STATE.header, state_root=b"\1" * 32).encode()), CONTRACT, [word(3)], said)
