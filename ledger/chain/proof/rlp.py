r"""Recursive Length Prefix, read strictly: one value has one encoding, and nothing is left over.

An item is a byte string or a list of items. What a lenient reader forgives is refused: a length written in more bytes
than it needs, a single byte below 0x80 with a prefix, an item that runs out of its list, bytes after the end.

Source: Ethereum Yellow Paper, appendix B.

    decode(encode([b"cat", [b"", b"\x01"]]), "example", 16) == [b"cat", [b"", b"\x01"]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, Union

from ledger.chain.proof.errors import EncodingError

if TYPE_CHECKING:
    from collections.abc import Sequence

Item: TypeAlias = Union[bytes, "list[Item]"]

MAX_DEPTH: Final = 8
"""Lists within lists. Receipts need 4 (receipt, logs, log, topics), and no format here more than 5."""

_MEND: Final = "Ask for the proof again; docs/formats.md has the format."


def encode(item: Item) -> bytes:
    """The one encoding of an item."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        return _prefix(len(item), 0x80) + item
    content = b"".join([encode(each) for each in item])
    return _prefix(len(content), 0xC0) + content


def decode(data: bytes, where: str, max_bytes: int) -> Item:
    """The item that the bytes are the encoding of; untrusted.

    Args:
        data: the bytes.
        where: what they are, for messages.
        max_bytes: how many there may be.

    Raises:
        EncodingError: they are not the one encoding of an item, or too many, or nested too deeply.
    """
    if len(data) > max_bytes:
        raise EncodingError(f"has {len(data)} bytes, more than {max_bytes}", where=where, mend=_MEND)
    item, end = _item(data, 0, len(data), MAX_DEPTH, where)
    if end != len(data):
        raise _malformed(f"{len(data) - end} bytes follow its end", where)
    return item


def integer_bytes(number: int) -> bytes:
    """A whole number as its shortest big-endian bytes; zero is none."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


class Fields:
    """A list of items that are read by name.

    Args:
        item: what was decoded.
        where: what it is, for messages.
        names: the names of its items, in order.

    Raises:
        EncodingError: it is no list of so many items.
    """

    def __init__(self, item: Item, where: str, names: Sequence[str]) -> None:
        self._where = where
        if not isinstance(item, list):
            raise _malformed("expected a list, found a byte string", where)
        if len(item) != len(names):
            raise _malformed(f"expected {len(names)} items, found {len(item)}", where)
        self._items = dict(zip(names, item, strict=True))

    def data(self, name: str) -> bytes:
        """A byte string."""
        item = self._items[name]
        if not isinstance(item, bytes):
            raise _malformed("expected a byte string, found a list", self.path(name))
        return item

    def fixed(self, name: str, size_bytes: int) -> bytes:
        """So many bytes."""
        return fixed(self._items[name], size_bytes, self.path(name))

    def number(self, name: str, max_bytes: int = 32) -> int:
        """A whole number of at most so many bytes."""
        return number(self._items[name], max_bytes, self.path(name))

    def items(self, name: str, max_count: int) -> list[Item]:
        """A list of at most so many items."""
        item = self._items[name]
        if not isinstance(item, list):
            raise _malformed("expected a list, found a byte string", self.path(name))
        if len(item) > max_count:
            raise _malformed(f"has {len(item)} items, more than {max_count}", self.path(name))
        return item

    def raw(self, name: str) -> Item:
        """An item as it was decoded."""
        return self._items[name]

    def path(self, name: str) -> str:
        """The path of an item, for messages."""
        return f"{self._where}.{name}"


def fixed(item: Item, size_bytes: int, where: str) -> bytes:
    """An item as so many bytes.

    Raises:
        EncodingError: it is no byte string, or has another length.
    """
    if not isinstance(item, bytes) or len(item) != size_bytes:
        found = f"{len(item)} bytes" if isinstance(item, bytes) else "a list"
        raise _malformed(f"expected {size_bytes} bytes, found {found}", where)
    return item


def number(item: Item, max_bytes: int, where: str) -> int:
    """An item as a whole number.

    Raises:
        EncodingError: it is no byte string, too long, or begins with a zero byte.
    """
    if not isinstance(item, bytes) or len(item) > max_bytes:
        raise _malformed(f"expected a number of at most {max_bytes} bytes", where)
    if item[:1] == b"\0":
        raise _malformed("a number begins with a zero byte", where)
    return int.from_bytes(item, "big")


def _prefix(length: int, base: int) -> bytes:
    if length < 56:
        return bytes([base + length])
    size = integer_bytes(length)
    return bytes([base + 55 + len(size)]) + size


def _item(data: bytes, start: int, end: int, depth: int, where: str) -> tuple[Item, int]:
    """The item that begins at ``start``, and where it ends; nothing at or after ``end`` belongs to it."""
    if start >= end:
        raise _malformed("an item is missing", where)
    first = data[start]
    if first < 0x80:
        return data[start : start + 1], start + 1
    base = 0x80 if first < 0xC0 else 0xC0
    start, stop = _extent(data, start, end, first - base, where)
    if base == 0x80:
        if stop - start == 1 and data[start] < 0x80:
            raise _malformed("a single byte below 0x80 has a prefix", where)
        return data[start:stop], stop
    if depth == 0:
        raise _malformed(f"lists are nested more than {MAX_DEPTH} deep", where)
    items: list[Item] = []
    while start < stop:
        item, start = _item(data, start, stop, depth - 1, where)
        items.append(item)
    return items, stop


def _extent(data: bytes, start: int, end: int, length: int, where: str) -> tuple[int, int]:
    """Where the content of an item with a prefix begins and ends; ``length`` is what the prefix says of it."""
    start += 1
    if length > 55:
        size = data[start : min(start + length - 55, end)]
        start += length - 55
        if not size or size[0] == 0:
            raise _malformed("a length begins with a zero byte", where)
        length = int.from_bytes(size, "big")
        if length < 56:
            raise _malformed("a length is written in more bytes than it needs", where)
    if start + length > end:
        raise _malformed("an item is longer than what holds it", where)
    return start, start + length


def _malformed(problem: str, where: str) -> EncodingError:
    return EncodingError(f"is malformed: {problem}", where=where, mend=_MEND)
