"""Trie proofs: the root and the nodes of other implementations, and nothing but exactly those."""

from __future__ import annotations

from itertools import permutations

import pytest
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie

from ledger.chain.proof.errors import EncodingError, ProofError, TrieProofError
from ledger.chain.proof.rlp import encode
from ledger.chain.proof.trie import EMPTY_ROOT, MAX_NODE_BYTES, nodes_to, prove, root_of, value_at

short = st.dictionaries(st.binary(max_size=3), st.binary(min_size=1, max_size=40), max_size=20)
secure = st.dictionaries(st.binary(max_size=4).map(keccak), st.binary(min_size=1, max_size=40), min_size=1, max_size=60)
numbered = st.integers(1, 300).map(
    lambda count: {bytes([1 + n // 256, n % 256]): b"v" * (n % 45 + 1) for n in range(count)}
)
LONG = b"v" * 40


def filled(values):
    other = HexaryTrie({})
    for key, value in values.items():
        other[key] = value
    return other


@given(st.one_of(short, secure))
def test_the_root_is_the_one_of_another_implementation(values):
    assert root_of(values) == filled(values).root_hash


@given(st.one_of(short, secure, numbered), st.binary(max_size=3))
@settings(max_examples=60, deadline=None)
def test_every_value_and_every_absence_is_proved(values, other):
    root = root_of(values)
    for key in list(values)[:8]:
        assert value_at(root, key, prove(values, key)) == values[key]
    assert value_at(root, other, prove(values, other)) == values.get(other)


@given(secure, st.binary(max_size=3).map(keccak))
@settings(max_examples=40, deadline=None)
def test_the_nodes_are_those_of_another_implementation(values, other):
    theirs = filled(values)
    for key in [*list(values)[:4], other]:
        proof = [encode(as_item(node)) for node in theirs.get_proof(key)]
        assert list(prove(values, key)) == [node for at, node in enumerate(proof) if at == 0 or len(node) >= 32]
        assert (HexaryTrie.get_from_proof(root_of(values), key, theirs.get_proof(key)) or None) == value_at(
            root_of(values), key, prove(values, key)
        )


def as_item(node):
    return bytes(node) if isinstance(node, (bytes, bytearray)) else [as_item(each) for each in node]


def test_an_empty_trie_proves_absence_by_no_node_at_all():
    assert prove({}, b"key") == ()
    assert value_at(EMPTY_ROOT, b"key", ()) is None
    with pytest.raises(TrieProofError, match="the proof needs 0 nodes, and 1 are given"):
        value_at(EMPTY_ROOT, b"key", (b"\x80",))


VALUES = {keccak(bytes([n])): b"value %d" % n * 5 for n in range(200)}
ROOT = root_of(VALUES)
KEY = keccak(b"\x07")
NODES = prove(VALUES, KEY)


def test_a_flipped_bit_of_any_node_is_refused():
    for at, node in enumerate(NODES):
        for bit in range(8 * len(node)):
            flipped = bytearray(node)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises(ProofError):
                value_at(ROOT, KEY, (*NODES[:at], bytes(flipped), *NODES[at + 1 :]))


def test_a_node_left_out_is_refused():
    for at in range(len(NODES)):
        with pytest.raises(TrieProofError, match=r"is missing|expected the node"):
            value_at(ROOT, KEY, NODES[:at] + NODES[at + 1 :])


def test_a_node_put_in_is_refused_wherever_it_stands():
    for at in range(len(NODES) + 1):
        for node in (*NODES, encode([b"\x20", b"surplus"])):
            with pytest.raises(TrieProofError):
                value_at(ROOT, KEY, (*NODES[:at], node, *NODES[at:]))


def test_nodes_in_any_other_order_are_refused():
    for order in permutations(NODES):
        if order != NODES:
            with pytest.raises(TrieProofError):
                value_at(ROOT, KEY, order)


def test_the_proof_of_one_key_says_nothing_of_another():
    for other in list(VALUES)[:50]:
        if other != KEY:
            with pytest.raises(TrieProofError):
                value_at(ROOT, other, NODES)


def test_the_proof_under_one_root_says_nothing_under_another():
    with pytest.raises(TrieProofError, match="expected the node"):
        value_at(keccak(b"another"), KEY, NODES)


def leaf(path, value=LONG):
    return [bytes([0x20]) + path, value]


def branch(**children):
    items = [b""] * 17
    for name, child in children.items():
        items[int(name[1:])] = child
    return items


def by_hash(node):
    return keccak(encode(node))


HIDDEN = leaf(b"\x00")
TWO = branch(n0=by_hash(HIDDEN), n1=by_hash(leaf(b"\x01")))
# What no correct trie has: the nodes down to it, and what is said of it. The key is 00 00.
NO_TRIE = {
    "a node of 3 items": ([[b"\x20", b"a", b"b"]], "no list of 2 or 17 items"),
    "a node that is a byte string": ([b"\xff" * 40], "no list of 2 or 17 items"),
    "a path of no bytes": ([[b"", LONG]], "a path is missing"),
    "a path that is a list": ([[[b"\x20"], LONG]], "a path is missing"),
    "a prefix that does not exist": ([[b"\x40\x00\x00", LONG]], "prefix is none of those that exist"),
    "an even path with a nibble in its prefix": ([[b"\x21\x00\x00", LONG]], "prefix is none of those that exist"),
    "an even extension with a nibble in its prefix": ([[b"\x01\x00", by_hash(TWO)], TWO], "prefix is none of those"),
    "a leaf without a value": ([[b"\x20\x00\x00", b""]], "a leaf has no value"),
    "a leaf whose value is a list": ([[b"\x20\x00\x00", [LONG]]], "a leaf has no value"),
    "an extension of no path": ([[b"\x00", by_hash(TWO)], TWO], "an extension has no path"),
    "an extension that leads to a leaf": ([[b"\x10", by_hash(leaf(b"\x00"))], leaf(b"\x00")], "else than a branch"),
    "an extension that leads to a leaf within it": ([[b"\x10", [b"\x20\x00", b"v"]]], "else than a branch"),
    "an extension that leads to an extension": ([[b"\x10", [b"\x10", by_hash(TWO)]], TWO], "stands within its parent"),
    "an extension that leads nowhere": ([[b"\x10", b""]], "no hash"),
    "a branch with a hash cut short": ([branch(n0=b"\x11" * 31, n1=b"\x22" * 32)], "no hash"),
    "a branch with a hash too long": ([branch(n0=b"\x11" * 33, n1=b"\x22" * 32)], "no hash"),
    "a branch with a large node within it": ([branch(n0=leaf(b"\x00"), n1=b"\x22" * 32)], "stands within its parent"),
    "a branch that leads to one child": ([branch(n0=by_hash(HIDDEN)), HIDDEN], "fewer than two values"),
    "a branch with a value alone": ([branch(n16=LONG)], "fewer than two values"),
    "a branch whose value is a list": ([branch(n0=b"\x22" * 32, n16=[LONG])], "a branch's value is a list"),
    "a small node outside its parent": (
        [branch(n0=by_hash([b"\x30\x00", b"v"]), n1=b"\x22" * 32), [b"\x30\x00", b"v"]],
        "fewer than 32 bytes stands outside its parent",
    ),
}


@pytest.mark.parametrize("case", NO_TRIE, ids=str)
def test_what_no_correct_trie_has_is_refused_though_every_hash_fits(case):
    nodes, problem = NO_TRIE[case]
    encoded = [encode(node) for node in nodes]
    with pytest.raises(TrieProofError, match=problem):
        value_at(keccak(encoded[0]), b"\x00\x00", encoded)


def test_a_node_that_is_not_canonical_rlp_is_refused_though_its_hash_fits():
    node = b"\xf8\x04\x82\x20\x00\x61"
    with pytest.raises(EncodingError, match="more bytes than it needs"):
        value_at(keccak(node), b"\x00", (node,))


def test_a_node_is_as_large_as_a_receipt_may_be_and_no_larger():
    assert MAX_NODE_BYTES == 1_048_576
    frame = len(encode(leaf(b"\x00", b"v" * 1_000_000))) - 1_000_000
    for surplus in (0, 1):
        value = b"v" * (MAX_NODE_BYTES - frame + surplus)
        node = encode(leaf(b"\x00", value))
        assert len(node) == MAX_NODE_BYTES + surplus
        if surplus:
            with pytest.raises(EncodingError, match="has 1048577 bytes, more than 1048576"):
                value_at(keccak(node), b"\x00", (node,))
        else:
            assert value_at(keccak(node), b"\x00", (node,)) == value


@pytest.mark.parametrize("size", [30, 31, 32, 33])
def test_a_node_stands_within_its_parent_exactly_below_32_bytes(size):
    child = [b"\x30", b"v" * (size - 3)]
    assert len(encode(child)) == size
    within = [encode(branch(n0=child, n1=b"\x22" * 32))]
    outside = [encode(branch(n0=by_hash(child), n1=b"\x22" * 32)), encode(child)]
    right, wrong = (within, outside) if size < 32 else (outside, within)
    assert value_at(keccak(right[0]), b"\x00", right) == child[1]
    with pytest.raises(TrieProofError, match=r"stands (within|outside) its parent"):
        value_at(keccak(wrong[0]), b"\x00", wrong)


def test_a_value_in_a_branch_is_found_and_so_is_its_absence():
    values = {b"a": LONG, b"ab": LONG + b"b", b"ac": LONG + b"c"}
    assert value_at(root_of(values), b"a", prove(values, b"a")) == LONG
    del values[b"a"]
    assert value_at(root_of(values), b"a", prove(values, b"a")) is None


def test_nodes_that_are_no_trie_are_not_collected():
    node = encode([b"\x00", b"\x11" * 32])
    with pytest.raises(TrieProofError, match="an extension has no path"):
        nodes_to(keccak(node), b"\x00", {keccak(node): node}.__getitem__)
