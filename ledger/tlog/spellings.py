"""The one spelling of numbers and bytes in the text formats of C2SP.

Any other is refused, so that nothing that is signed or compared has two forms.

Sources: RFC 4648, section 4 (base64), and the C2SP specifications (decimals without leading zeros).
"""

from __future__ import annotations

import binascii
import re
from typing import Final

from ledger.tlog.merkle import HASH_BYTES, MAX_SIZE

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def decimal(text: str) -> int | None:
    """The number, up to 2^63 - 1, that ASCII digits without leading zeros spell; ``None`` for any other text."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_SIZE else None


def base64_bytes(text: str) -> bytes | None:
    """The bytes behind a base64 text with its padding; ``None`` for any other text."""
    try:
        value = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError:  # both of binascii's and of the encoder
        return None
    return value if base64_text(value) == text else None


def base64_hash(text: str) -> bytes | None:
    """The 32 bytes behind a base64 text; ``None`` for any other text."""
    value = base64_bytes(text)
    return value if value is not None and len(value) == HASH_BYTES else None


def base64_text(value: bytes) -> str:
    """Bytes in base64."""
    return binascii.b2a_base64(value, newline=False).decode()


def shown(text: str) -> str:
    """A text from outside as an error message shows it: quoted, and not longer than a line."""
    quoted = repr(text)
    return quoted if len(quoted) <= 80 else f"{quoted[:80]}…"
