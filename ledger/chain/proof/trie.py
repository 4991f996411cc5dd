"""Merkle-Patricia tries: their root, the nodes that prove a value or its absence, and the check of those.

A node is an RLP list: a branch of 17 items (a child for each nibble, a value), or two items, a path and what it leads
to. The path's first nibble says which (hex-prefix encoding): 0 or 1 an extension, 2 or 3 a leaf; odd ones bring a
nibble of the path with them. A child is the keccak-256 of a node, or the node itself if it has fewer than 32 bytes.

A proof is the nodes from the root down, each once, in order, those that stand within others left out. The check takes
nothing else: no surplus node, no other order, no encoding that a correct trie would not have.

    nodes = prove(values, key)
    assert value_at(root_of(values), key, nodes) == values[key]

Sources: Ethereum Yellow Paper, appendices C (hex-prefix) and D (trie).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from eth_utils.crypto import keccak

from ledger.chain.proof.errors import TrieProofError
from ledger.chain.proof.rlp import Item, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EMPTY_ROOT: Final = keccak(b"\x80")
"""The root of a trie that holds nothing."""
MAX_NODE_BYTES: Final = 1 << 20
"""A leaf holds a whole receipt; one of 600 statements, as many as a transaction's gas buys, has 300 KB."""
MAX_NODES: Final = 65
"""A node for each nibble of a key of 32 bytes, and one more."""

_HASH_BYTES: Final = 32
_NIBBLES: Final = bytes(range(16))
_MEND: Final = "Ask for the proof again, from another node."


@dataclass(frozen=True, slots=True)
class _Branch:
    children: list[Item]
    value: bytes


@dataclass(frozen=True, slots=True)
class _Extension:
    path: bytes
    child: Item


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: bytes
    value: bytes


_Node: TypeAlias = _Branch | _Extension | _Leaf


def value_at(root: bytes, key: bytes, nodes: Sequence[bytes], where: str = "proof") -> bytes | None:
    """What a trie holds under a key, as its nodes prove; ``None`` where they prove that it holds nothing there.

    Args:
        root: the trie's root (32 bytes), which is trusted.
        key: the key as the trie has it.
        nodes: the nodes from the root down; none of a trie that is empty.
        where: what the proof is, for messages.

    Raises:
        TrieProofError: they prove neither, or are more than needed.
        EncodingError: a node is no canonical RLP.
    """
    taken = 0

    def next_node(expected: bytes) -> bytes:
        nonlocal taken
        place = f"{where}.nodes[{taken}]"
        if taken == len(nodes):
            raise TrieProofError(f"the node 0x{expected.hex()} is missing", where=place, mend=_MEND)
        node = nodes[taken]
        if keccak(node) != expected:
            raise TrieProofError(
                f"expected the node 0x{expected.hex()}, found 0x{keccak(node).hex()}", where=place, mend=_MEND
            )
        taken += 1
        return node

    value = _walk(root, key, next_node, where)
    if taken != len(nodes):
        raise TrieProofError(
            f"the proof needs {taken} nodes, and {len(nodes)} are given", where=f"{where}.nodes", mend=_MEND
        )
    return value


def nodes_to(root: bytes, key: bytes, node: Callable[[bytes], bytes], where: str = "trie") -> tuple[bytes, ...]:
    """The nodes that prove what a trie holds under a key, or that it holds nothing there.

    Args:
        root: the trie's root (32 bytes).
        key: the key as the trie has it.
        node: gives a node's bytes by their hash.
        where: what the trie is, for messages.

    Raises:
        ProofError: what ``node`` gives is no trie.
    """
    found: list[bytes] = []

    def remembered(expected: bytes) -> bytes:
        found.append(node(expected))
        return found[-1]

    _walk(root, key, remembered, where)
    return tuple(found)


def root_of(values: Mapping[bytes, bytes]) -> bytes:
    """The root of a trie that holds these values (none of them empty) under these keys."""
    return _build(values)[0]


def prove(values: Mapping[bytes, bytes], key: bytes) -> tuple[bytes, ...]:
    """The nodes that prove what a trie of these values holds under a key, or that it holds nothing there."""
    root, nodes = _build(values)
    return nodes_to(root, key, nodes.__getitem__)


def _walk(root: bytes, key: bytes, fetch: Callable[[bytes], bytes], where: str) -> bytes | None:
    if root == EMPTY_ROOT:
        return None
    rest = _nibbles(key)
    node = _decoded(fetch(root), where)
    while True:
        if isinstance(node, _Leaf):
            return node.value if node.path == rest else None
        if isinstance(node, _Extension):
            if not rest.startswith(node.path):
                return None
            rest = rest[len(node.path) :]
            node = _child(node.child, fetch, where)
            if not isinstance(node, _Branch):
                raise _malformed("an extension leads to something else than a branch", where)
            continue
        if not rest:
            return node.value or None
        child, rest = node.children[rest[0]], rest[1:]
        if child == b"":
            return None
        node = _child(child, fetch, where)


def _child(child: Item, fetch: Callable[[bytes], bytes], where: str) -> _Node:
    if isinstance(child, list):
        return _node(child, where)
    data = fetch(child)
    if len(data) < _HASH_BYTES:
        raise _malformed("a node of fewer than 32 bytes stands outside its parent", where)
    return _decoded(data, where)


def _decoded(data: bytes, where: str) -> _Node:
    return _node(decode(data, f"{where} node", MAX_NODE_BYTES), where)


def _node(item: Item, where: str) -> _Node:
    if not isinstance(item, list) or len(item) not in (2, 17):
        raise _malformed("a node is no list of 2 or 17 items", where)
    return _branch(item, where) if len(item) == 17 else _path_node(item, where)


def _branch(item: list[Item], where: str) -> _Branch:
    children, value = item[:16], item[16]
    if not isinstance(value, bytes):
        raise _malformed("a branch's value is a list", where)
    for child in children:
        if child != b"":
            _require_reference(child, where)
    if sum(child != b"" for child in item) < 2:
        raise _malformed("a branch leads to fewer than two values", where)
    return _Branch(children, value)


def _path_node(item: list[Item], where: str) -> _Extension | _Leaf:
    prefixed, content = item
    if not isinstance(prefixed, bytes) or not prefixed:
        raise _malformed("a path is missing", where)
    flag = prefixed[0] >> 4
    if flag > 3 or (flag in (0, 2) and prefixed[0] & 0x0F):
        raise _malformed("a path's prefix is none of those that exist", where)
    path = _nibbles(prefixed)[1 if flag & 1 else 2 :]
    if flag >= 2:
        if not isinstance(content, bytes) or not content:
            raise _malformed("a leaf has no value", where)
        return _Leaf(path, content)
    if not path:
        raise _malformed("an extension has no path", where)
    _require_reference(content, where)
    return _Extension(path, content)


def _require_reference(child: Item, where: str) -> None:
    if isinstance(child, bytes):
        if len(child) != _HASH_BYTES:
            raise _malformed("a reference to a node is no hash", where)
    elif len(encode(child)) >= _HASH_BYTES:
        raise _malformed("a node of 32 bytes or more stands within its parent", where)


def _build(values: Mapping[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    """The root of a trie, and its nodes by their hash, those that stand within others left out."""
    if not values:
        return EMPTY_ROOT, {}
    nodes: dict[bytes, bytes] = {}
    entries = sorted((_nibbles(key), value) for key, value in values.items())
    data = encode(_subtrie(entries, 0, nodes))
    nodes[keccak(data)] = data
    return keccak(data), nodes


def _subtrie(entries: Sequence[tuple[bytes, bytes]], depth: int, nodes: dict[bytes, bytes]) -> Item:
    """The node that holds sorted entries whose first ``depth`` nibbles are the same."""
    first, value = entries[0]
    if len(entries) == 1:
        return [_hex_prefix(first[depth:], is_leaf=True), value]
    shared = _shared_length(first, entries[-1][0])
    if shared > depth:
        branch = _subtrie(entries, shared, nodes)
        return [_hex_prefix(first[depth:shared], is_leaf=False), _reference(branch, nodes)]
    branch_value = value if len(first) == depth else b""
    children: list[Item] = []
    for nibble in _NIBBLES:
        below = [entry for entry in entries if len(entry[0]) > depth and entry[0][depth] == nibble]
        children.append(_reference(_subtrie(below, depth + 1, nodes), nodes) if below else b"")
    return [*children, branch_value]


def _reference(node: Item, nodes: dict[bytes, bytes]) -> Item:
    data = encode(node)
    if len(data) < _HASH_BYTES:
        return node
    nodes[keccak(data)] = data
    return keccak(data)


def _shared_length(one: bytes, other: bytes) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _nibbles(data: bytes) -> bytes:
    """The halves of each byte, one a byte."""
    return bytes.fromhex("".join(f"0{digit}" for digit in data.hex()))


def _hex_prefix(path: bytes, *, is_leaf: bool) -> bytes:
    flag = 2 if is_leaf else 0
    nibbles = bytes([flag + 1]) + path if len(path) % 2 else bytes([flag, 0]) + path
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


def _malformed(problem: str, where: str) -> TrieProofError:
    return TrieProofError(f"is malformed: {problem}", where=where, mend=_MEND)
