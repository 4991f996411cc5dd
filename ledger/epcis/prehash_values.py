"""Values as the CBV event hash writes them: text, numbers, times and vocabulary words (CBV 2.0, section 8.9).

What the standard leaves open is decided here, so that two events that mean the same hash alike and every event hashes:

- A number, and text that reads as a decimal number (``26.0``, ``+5``, ``1e5``, ``.5``; ASCII, no underscores), passes
  through binary64: whole ones become integers without exponent, others the shortest digits that read back the same
  (``1e-07``). So ``00123`` and ``123`` are one lot to this hash, and digits beyond the seventeenth are lost. A number
  too large for binary64 keeps all its digits, in the form ``1.25e+400``; one too small is 0. Words (``NaN``) are text.
- A time becomes UTC with milliseconds. Digits after the microsecond are dropped, then halves go to the even one.
  What is no time between the years 1 and 9999 stays as it is.
- ``prefix:rest`` is written out where the context binds the prefix, unless it is ``urn:`` or the rest starts
  with ``//`` (JSON-LD 1.1).
- White space around a value is dropped.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ledger.epcis.context import STANDARD_PREFIXES
from ledger.epcis.digitallink import canonical_uri
from ledger.epcis.vocabulary import CBV_IRI

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_EXACT_INTEGER: Final = 1 << 53

_NUMBER_START: Final = frozenset("+-.0123456789")
_NUMBER_END: Final = frozenset(".0123456789")
_CBV: Final = "epcglobal:cbv:"
_CBV_URNS: Final = {"bizstep": "BizStep-", "disp": "Disp-", "btt": "BTT-", "sdt": "SDT-", "er": "ER-"}
_ROUNDED_UP: Final = timedelta(milliseconds=1)
_MIDNIGHT_AFTER: Final = "T24:00:00"


def text_of(value: str, prefixes: Mapping[str, str]) -> str:
    """Text of an event as the hash writes it: an identifier, a word, a number in digits, or free text.

    Args:
        value: the text as the event has it.
        prefixes: prefix to namespace IRI, as in force at the event.
    """
    value = value.strip()
    head, colon, rest = value.partition(":")
    if not colon:
        return _numeric(value) if value and value[0] in _NUMBER_START and value[-1] in _NUMBER_END else value
    if head == "urn":
        return _vocabulary_uri(value) if rest.startswith(_CBV) else canonical_uri(value)
    if not rest.startswith("//"):
        namespace = prefixes.get(head) or STANDARD_PREFIXES.get(head)
        if namespace is not None:
            value = namespace + rest
    return canonical_uri(value)


def _vocabulary_uri(urn: str) -> str:
    vocabulary, _, word = urn[len("urn:") + len(_CBV) :].partition(":")
    prefix = _CBV_URNS.get(vocabulary)
    return urn if prefix is None else CBV_IRI + prefix + word


def word_of(value: str, vocabulary: str, prefixes: Mapping[str, str]) -> str:
    """A term of a standard vocabulary as the hash writes it: its web URI.

    Args:
        value: a bare word, a compact or full URI, or a URN.
        vocabulary: the beginning of the web URIs of the vocabulary to which bare words belong.
        prefixes: prefix to namespace IRI, as in force at the event.
    """
    bare = value.strip()
    return vocabulary + bare if bare and ":" not in bare else text_of(value, prefixes)


def number_of(value: float | Decimal) -> str:
    """A number as the hash writes it; ``true`` and ``false`` for the truth values."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int) and -LARGEST_EXACT_INTEGER <= value <= LARGEST_EXACT_INTEGER:
        return str(value)
    if isinstance(value, float):
        return _binary64(value)
    return _numeric(str(Decimal(value)))


def _numeric(text: str) -> str:
    """``text`` through binary64 where it is a decimal number, else as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    if "_" in text or not text.isascii():
        return text
    return _binary64(number) if -_INFINITY < number < _INFINITY else _too_large(text)


_INFINITY: Final = float("inf")


def _binary64(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _too_large(text: str) -> str:
    """All digits of a number beyond binary64, as ``d.ddde+n``: one spelling for each value."""
    mantissa, _, exponent = text.lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("+-").partition(".")
    digits = (whole + fraction).lstrip("0")
    try:
        power = int(exponent or "0") + len(digits) - len(fraction) - 1
    except ValueError:  # an exponent of thousands of digits, which Python will not read
        return text
    digits = digits.rstrip("0")
    point = "." if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{point}{digits[1:]}e+{power}"


def time_of(value: str) -> str:
    """A time with offset as the hash writes it: in UTC, to the millisecond."""
    text = value.strip()
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        milliseconds, rest = divmod(time.microsecond, 1000)
        if rest > 500 or (rest == 500 and milliseconds % 2):
            time += _ROUNDED_UP
        return time.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
    except OverflowError:
        return text
    except ValueError:
        return _midnight_after(text)


def _midnight_after(text: str) -> str:
    """XML Schema writes the end of a day as 24:00:00 too (XML Schema Part 2, section 3.2.7.1)."""
    day, hour, rest = text.partition(_MIDNIGHT_AFTER)
    if not hour or rest.lstrip(".0")[:1] not in {"Z", "+", "-"}:
        return text
    try:
        next_day = datetime.fromisoformat(day) + timedelta(days=1)
    except (OverflowError, ValueError):
        return text
    return time_of(f"{next_day.date()}T00:00:00{rest.lstrip('.0')}")
