"""Read JSON that came from outside: exactly the members expected, each of its type, in its one spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError
from ledger.identity.addresses import normal_address

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEX: Final = re.compile(r"0x(?:[0-9a-f]{2})*", re.ASCII)


class JsonObject:
    """An object of parsed JSON whose members are read one by one.

    One value has one spelling (small hexadecimal letters, EIP-55 addresses), so that what is read and written again is
    the same bytes.

    Args:
        value: what was parsed.
        where: its path, for messages.
        required: the members it must have.
        optional: the members it may have; no others.

    Raises:
        InputError: it is no object, or a member is missing or unknown.
    """

    def __init__(self, value: object, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        self.where = where
        if not isinstance(value, dict):
            raise InputError(f"expected an object, found {_shown(value)}", where=where, mend=_MEND)
        needed = frozenset(required)
        if missing := needed - value.keys():
            raise InputError(f"lacks {_listed(missing)}", where=where, mend=_MEND)
        if unknown := value.keys() - needed - frozenset(optional):
            raise InputError(f"has the unknown member {_listed(unknown)}", where=where, mend=_MEND)
        self._value = value

    def has(self, name: str) -> bool:
        """Whether an optional member is there."""
        return name in self._value

    def text(self, name: str, max_length: int = 1024) -> str:
        """A text of at most so many characters."""
        value = self._value[name]
        if not isinstance(value, str):
            raise self.unexpected(name, "a text")
        if len(value) > max_length:
            raise self.unexpected(name, f"at most {max_length} characters")
        return value

    def number(self, name: str, maximum: int) -> int:
        """A whole number from 0 to ``maximum``."""
        value = self._value[name]
        if type(value) is not int or not 0 <= value <= maximum:
            raise self.unexpected(name, f"a whole number from 0 to {maximum}")
        return value

    def bytes_of(self, name: str, size_bytes: int) -> bytes:
        """So many bytes, written as 0x and small hexadecimal digits."""
        return _bytes(self._value[name], self.path(name), size_bytes)

    def hash(self, name: str) -> bytes:
        """32 bytes."""
        return self.bytes_of(name, 32)

    def address(self, name: str) -> str:
        """An address as EIP-55 text."""
        value = self.text(name)
        if normal_address(value, self.path(name)) != value:
            raise self.unexpected(name, "an address with its EIP-55 checksum")
        return value

    def items(self, name: str, max_count: int) -> list[object]:
        """A list of at most so many items."""
        value = self._value[name]
        if not isinstance(value, list):
            raise self.unexpected(name, "a list")
        if len(value) > max_count:
            raise InputError(f"has {len(value)} items, more than {max_count}", where=self.path(name), mend=_MEND)
        return value

    def hashes(self, name: str, max_count: int) -> tuple[bytes, ...]:
        """A list of at most so many hashes of 32 bytes."""
        items = self.items(name, max_count)
        return tuple(_bytes(item, f"{self.path(name)}[{index}]", 32) for index, item in enumerate(items))

    def raw(self, name: str) -> object:
        """A member as it was parsed."""
        return self._value[name]

    def path(self, name: str) -> str:
        """The path of a member, for messages."""
        return f"{self.where}.{name}"

    def unexpected(self, name: str, expected: str) -> InputError:
        """The error for a member that is not what it should be."""
        return _unexpected(self._value[name], self.path(name), expected)


_MEND: Final = "Use the file as its writer made it, or ask for it again; docs/formats.md has the format."


def _bytes(value: object, where: str, size_bytes: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 + 2 * size_bytes or not _HEX.fullmatch(value):
        raise _unexpected(value, where, f"0x and {2 * size_bytes} small hexadecimal digits")
    return bytes.fromhex(value[2:])


def _unexpected(value: object, where: str, expected: str) -> InputError:
    return InputError(f"expected {expected}, found {_shown(value)}", where=where, mend=_MEND)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
