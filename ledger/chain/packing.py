"""Words of events into which the contracts pack several small fields (contracts/types)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def packed_word(fields: Sequence[int], widths: Sequence[int]) -> int:
    """Fields packed into a word, from its lowest bit on.

    Args:
        fields: their values.
        widths: their widths in bits.
    """
    word, offset = 0, 0
    for field, width in zip(fields, widths, strict=True):
        word |= field << offset
        offset += width
    return word


def packed_fields(word: int, widths: Sequence[int]) -> list[int]:
    """The fields packed into a word, from its lowest bit on, by their widths in bits.

    Raises:
        ValueError: the word holds more than the fields.
    """
    fields = []
    for width in widths:
        fields.append(word & ((1 << width) - 1))
        word >>= width
    if word:
        raise ValueError("a packed word holds more than its fields")
    return fields
