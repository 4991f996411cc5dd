"""Addresses: 20 bytes, written as EIP-55 text.

Text with capital and small letters carries a checksum (EIP-55), so a mistyped address is refused and not signed over.
"""

from __future__ import annotations

import re
from functools import lru_cache

from eth_utils.crypto import keccak

from ledger.errors import InputError

_HEX_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)


@lru_cache(maxsize=4096)
def checksum_address(raw: bytes) -> str:
    """The EIP-55 text of an address.

    Args:
        raw: the address (20 bytes).
    """
    digits = raw.hex()
    nibbles = keccak(text=digits).hex()
    return "0x" + "".join(
        letter.upper() if nibble >= "8" else letter for letter, nibble in zip(digits, nibbles, strict=False)
    )


@lru_cache(maxsize=4096)
def address_bytes(address: str, where: str = "address") -> bytes:
    """The 20 bytes of an address.

    Args:
        address: ``0x`` and 40 hexadecimal digits; in one case, or with the EIP-55 checksum.
        where: the field that it stands in, for the message.

    Raises:
        InputError: it is no address, or its checksum is wrong.
    """
    if not isinstance(address, str) or not _HEX_ADDRESS.fullmatch(address):
        raise InputError(f"'{address}' is not an address", where=where, mend="Give 0x and 40 hexadecimal digits.")
    digits = address[2:]
    raw = bytes.fromhex(digits)
    one_case = digits in (digits.lower(), digits.upper())
    if not one_case and checksum_address(raw) != address:
        raise InputError(
            f"the checksum of '{address}' is wrong: it was mistyped or altered",
            where=where,
            mend="Copy the address again; capital and small letters count (EIP-55).",
        )
    return raw


def normal_address(address: str, where: str = "address") -> str:
    """The same address as EIP-55 text, whatever case it came in.

    Raises:
        InputError: as :func:`address_bytes`.
    """
    return checksum_address(address_bytes(address, where))
