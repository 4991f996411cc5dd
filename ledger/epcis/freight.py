"""Identifiers of transport: containers (ISO 6346), places (UN/LOCODE), vessels (IMO number).

>>> container_check_digit("CSQU305438")
'3'
>>> is_container_number("CSQU3054383"), is_un_locode("DEHAM"), is_imo_number("9176187")
(True, True, True)
"""

from __future__ import annotations

import re
from typing import Final

CONTAINER: Final = re.compile(r"[A-Z]{3}[UJZRX][0-9]{7}")
"""Owner code of three letters (the BIC code), category, six digits and the check digit (ISO 6346:2022, section 4)."""
_UN_LOCODE: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
"""Country (ISO 3166-1 alpha-2) and place; places have letters, and digits from 2 on (UNECE Recommendation 16)."""
_IMO: Final = re.compile(r"[0-9]{7}")
_LETTER_VALUES: Final = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))


def container_check_digit(code: str) -> str:
    """The check digit of a container number's first ten characters (ISO 6346:2022, annex A).

    Args:
        code: four letters and six digits.
    """
    total = sum((_LETTER_VALUES.get(char) or int(char)) * 2**place for place, char in enumerate(code))
    return str(total % 11 % 10)


def is_container_number(text: str) -> bool:
    """Whether the text is a container number whose check digit is right."""
    return CONTAINER.fullmatch(text) is not None and container_check_digit(text[:10]) == text[10]


def is_un_locode(text: str) -> bool:
    """Whether the text has the shape of a UN/LOCODE, without a space; the list itself is kept elsewhere."""
    return _UN_LOCODE.fullmatch(text) is not None


def is_imo_number(text: str) -> bool:
    """Whether the text is a vessel's IMO number whose check digit is right (IMO Resolution A.1117(30))."""
    if _IMO.fullmatch(text) is None:
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, range(7, 1, -1), strict=False)) % 10 == int(text[6])
