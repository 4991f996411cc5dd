r"""JSON in its one canonical form: the JSON Canonicalization Scheme of RFC 8785.

>>> canonical({"b": [1.0, 1e21, "€"], "a": None})
b'{"a":null,"b":[1,1e+21,"\xe2\x82\xac"]}'

A number is written only where the canonical text has exactly its value: nothing is ever rounded.
"""

from __future__ import annotations

import math
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer up to which every integer is a binary64 of its own (RFC 7493, section 2.2)."""

_SHOWN_CHARACTERS: Final = 60


class NumberNotExact(InputError):  # noqa: N818 - named for what is wrong, as the hierarchy's errors are
    """A number that RFC 8785 cannot carry exactly; it is refused, never rounded.

    Args:
        number: the number that was found.
        path: its place, a JSON pointer (RFC 6901).
    """

    def __init__(self, number: float | Decimal, path: str) -> None:
        text = str(Decimal(number))
        shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}… ({len(text)} characters)"
        super().__init__(
            f"the number {shown} cannot be recorded: RFC 8785 writes numbers as IEEE 754 binary64, "
            "which would change this one, and a record never rounds",
            where=path or "/",
            mend="Write it as a string, or with fewer digits (15 significant digits always fit).",
        )
        self.number = number
        self.path = path


def canonical(value: object) -> bytes:
    """The canonical form of a JSON value, in UTF-8.

    Args:
        value: dicts with string keys, lists, strings, numbers (int, float, Decimal), booleans and None.

    Raises:
        NumberNotExact: for a number whose canonical text has another value, and for infinities and NaN.
        InputError: for text with a lone surrogate, a key that is no string, or a value that JSON does not have.
    """
    pieces: list[str] = []
    try:
        _write(value, pieces)
        return "".join(pieces).encode()
    except (_Unwritable, UnicodeEncodeError) as error:
        raise _explained(value, "") or error from None


def es_number(number: float) -> str:
    """A finite number as ECMAScript writes it (RFC 8785, section 3.2.2.3; ECMA-262, Number::toString)."""
    text = repr(number)
    if "e" not in text:
        whole = text.removesuffix(".0")
        return "0" if whole == "-0" else whole
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = whole + fraction
    point = int(exponent) + len(whole)
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


class _Unwritable(Exception):  # noqa: N818 - never seen outside: the error that is raised names the place
    """A value without canonical form."""


def _write(value: object, pieces: list[str]) -> None:
    if isinstance(value, str):
        pieces.append(encode_basestring(value))
    elif isinstance(value, dict):
        separator = "{"
        for key in _utf16_order(value):
            pieces.append(f"{separator}{encode_basestring(key)}:")
            _write(value[key], pieces)
            separator = ","
        pieces.append("}" if value else "{}")
    elif isinstance(value, list):
        separator = "["
        for item in value:
            pieces.append(separator)
            _write(item, pieces)
            separator = ","
        pieces.append("]" if value else "[]")
    else:
        pieces.append(_scalar(value))


def _utf16_order(keys: Iterable[str]) -> list[str]:
    """Keys by their UTF-16 code units (RFC 8785, section 3.2.3)."""
    try:
        names = sorted(keys)
        if "".join(names).isascii():
            return names
    except TypeError:  # a key that is no text
        raise _Unwritable from None
    return sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass"))


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int) and -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return es_number(value)
    if isinstance(value, int | Decimal):
        return _exact(value)
    raise _Unwritable


def _exact(value: int | Decimal) -> str:
    try:
        number = float(value)
    except (OverflowError, ValueError):
        raise _Unwritable from None
    if not math.isfinite(number):
        raise _Unwritable
    text = es_number(number)
    if Decimal(text) != value:
        raise _Unwritable
    return text


def _explained(value: object, path: str) -> InputError | None:
    """The error for the first part of ``value`` that has no canonical form."""
    if isinstance(value, dict):
        return _first(_explained_member(name, each, path) for name, each in value.items())
    if isinstance(value, list):
        return _first(_explained(each, f"{path}/{index}") for index, each in enumerate(value))
    return _explained_text(value, path) if isinstance(value, str) else _explained_scalar(value, path)


def _first(errors: Iterable[InputError | None]) -> InputError | None:
    return next(filter(None, errors), None)


def _explained_member(name: object, value: object, path: str) -> InputError | None:
    if not isinstance(name, str):
        return InputError(f"{name!r} is no name: JSON names are strings", where=path or "/", mend="Use a string.")
    step = name.replace("~", "~0").replace("/", "~1")
    return _explained_text(name, path) or _explained(value, f"{path}/{step}")


def _explained_text(text: str, path: str) -> InputError | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return lone_surrogate(error, path)
    return None


def _explained_scalar(value: object, path: str) -> InputError | None:
    try:
        _scalar(value)
    except _Unwritable:
        if isinstance(value, int | float | Decimal):
            return NumberNotExact(value, path)
        message = f"JSON has no value for a {type(value).__name__}"
        return InputError(
            message, where=path or "/", mend="Use text, a number, true, false, null, a list or an object."
        )
    return None


def lone_surrogate(error: UnicodeEncodeError, path: str) -> InputError:
    """The error for text that has no UTF-8 form.

    Args:
        error: what encoding it raised.
        path: the place of the text, a JSON pointer.
    """
    return InputError(
        f"the text holds the lone surrogate \\u{ord(error.object[error.start]):04x}, which is no character",
        where=path or "/",
        mend="Replace it by the character that was meant.",
    )
