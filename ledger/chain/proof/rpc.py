"""Values in a node's answers: hexadecimal text in raw JSON-RPC; bytes and numbers as web3 hands them over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ledger.chain.proof.errors import EncodingError

_DATA: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*", re.ASCII)
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)
_MISSING: Final = object()
_MEND: Final = "Ask another node."


def rpc_bytes(answer: Mapping[str, Any], name: str, size_bytes: int | None = None) -> bytes:
    """A byte string in an answer.

    Args:
        answer: the object that holds it.
        name: its name.
        size_bytes: how many bytes it must have, where that is fixed.

    Raises:
        EncodingError: it is missing, no byte string, or of another length.
    """
    value = _member(answer, name)
    found = data_bytes(value)
    if found is None or size_bytes not in (None, len(found)):
        raise _unexpected(name, value, "bytes" if size_bytes is None else f"{size_bytes} bytes")
    return found


def rpc_number(answer: Mapping[str, Any], name: str) -> int:
    """A whole number in an answer.

    Raises:
        EncodingError: it is missing, or no number of at most 32 bytes.
    """
    value = _member(answer, name)
    if type(value) is int and 0 <= value < 2**256:
        return value
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        return int(value, 16)
    raise _unexpected(name, value, "a whole number")


def rpc_list(answer: Mapping[str, Any], name: str) -> list[Any]:
    """A list in an answer.

    Raises:
        EncodingError: it is missing, or no list.
    """
    value = _member(answer, name)
    if not isinstance(value, (list, tuple)):
        raise _unexpected(name, value, "a list")
    return list(value)


def data_bytes(value: object) -> bytes | None:
    """The bytes that a value stands for; ``None`` where it stands for none."""
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, str) and _DATA.fullmatch(value):
        return bytes.fromhex(value[2:])
    return None


def _member(answer: object, name: str) -> object:
    return answer.get(name, _MISSING) if isinstance(answer, Mapping) else _MISSING


def _unexpected(name: str, value: object, expected: str) -> EncodingError:
    found = "nothing" if value is _MISSING else repr(value)
    shown = found if len(found) <= 80 else found[:77] + "..."
    return EncodingError(f"expected {expected}, found {shown}", where=f"node's answer, {name}", mend=_MEND)
