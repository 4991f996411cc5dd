"""JSON as other parties send it: parsed fast where that is exact, exactly where it is not.

orjson is the fast way. It keeps the last of two equal names, and turns numbers that binary64 cannot hold into others
without a word. Both show when its result is written out again: if that text differs from what came in by more than
white space, the document is parsed a second time by a parser that refuses repeated names and keeps such numbers as
decimals.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import orjson

from ledger.epcis.limits import MOST_PROBLEMS
from ledger.epcis.problems import EpcisInvalid, Problems, problem

if TYPE_CHECKING:
    from ledger.epcis.limits import Limits

SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer up to which binary64 holds every integer (RFC 8785, section 3.2.2.3; RFC 7493, section 2.2)."""

_WHITE_SPACE: Final = b" \t\r\n"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parse_json(data: bytes, limits: Limits) -> object:
    """The value that a JSON text stands for; a number that binary64 would change is a Decimal.

    Raises:
        EpcisInvalid: if the text is not well-formed, repeats a name in an object, has a number without end, a lone
            surrogate, or nests too deeply.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        value = orjson.loads(data)
        written = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _parse_exactly(data, limits)
    if written.translate(None, _WHITE_SPACE) != data.translate(None, _WHITE_SPACE):
        return _parse_exactly(data, limits)
    if nesting(value, limits.depth) > limits.depth:
        raise EpcisInvalid(_too_deep(limits))
    return value


def nesting(value: object, most: int) -> int:
    """How many levels of arrays and objects a value has; counting stops above ``most``."""
    level = [value] if type(value) is dict or type(value) is list else []
    depth = 0
    while level and depth <= most:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
    return depth


def exact_number(token: str) -> int | float | Decimal:
    """A JSON number: an int or float if these carry exactly what was written, otherwise a Decimal.

    A float does if the shortest text that reads back as it has the value that was written: then a canonical writer
    (RFC 8785, section 3.2.2.3) gives that value back.

    Raises:
        InvalidOperation: if the exponent is beyond any Decimal.
    """
    if token.lstrip("-").isdigit() and len(token) <= 17:
        whole = int(token)
        return whole if abs(whole) <= SAFE_INTEGER else Decimal(token)
    exact = Decimal(token)
    if exact == exact.to_integral_value() and "." not in token and "e" not in token.lower():
        return exact
    nearest = float(token)
    return nearest if abs(nearest) != float("inf") and Decimal(repr(nearest)) == exact else exact


def _parse_exactly(data: bytes, limits: Limits) -> object:
    text = _decoded(data)
    if _bracket_depth(data) > limits.depth:
        raise EpcisInvalid(_too_deep(limits))
    repeated: list[Problems] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members) and len(repeated) <= MOST_PROBLEMS:
            repeated.append(_repeated(members))
        return found

    def parsed(token: str) -> int | float | Decimal:
        if len(token) > limits.number_characters:
            raise EpcisInvalid(_bad_number(token))
        try:
            return exact_number(token)
        except InvalidOperation as error:
            raise EpcisInvalid(_bad_number(token)) from error

    def constant(token: str) -> object:
        raise EpcisInvalid(_bad_number(token))

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_float=parsed, parse_int=parsed, parse_constant=constant)
    except json.JSONDecodeError as error:
        message = f"this is not well-formed JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        found = text[error.pos : error.pos + 20]
        raise EpcisInvalid(problem("json.syntax", found, message, "Correct the text there.")) from error
    if repeated:
        raise EpcisInvalid(sum(repeated, start=()))
    _refuse_surrogates(value)
    return value


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the text is not UTF-8: byte {error.start} cannot be read"
        found = data[error.start : error.start + 8].hex()
        raise EpcisInvalid(problem("json.syntax", found, message, "Save it as UTF-8.")) from error


def _bracket_depth(data: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(data):
        first = match[0][0]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest


def _refuse_surrogates(value: object) -> None:
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False, default=str)):
        message = "a string holds one half of a surrogate pair, which is no character"
        raise EpcisInvalid(problem("json.surrogate", "", message, "Write the whole pair, or the character itself."))


def _repeated(members: list[tuple[str, Any]]) -> Problems:
    seen: set[str] = set()
    for name, _ in members:
        if name in seen:
            message = f"the name {name[:64]!r} stands twice in one object, so that its value is anybody's guess"
            return problem("json.duplicate-key", name, message, "Keep one of the two.")
        seen.add(name)
    return ()


def _bad_number(token: str) -> Problems:
    message = "this is no number that a document can carry: it is not finite, or has too many characters"
    return problem("json.number", token, message, "Write a finite number, or a string.")


def _too_deep(limits: Limits) -> Problems:
    message = f"the document nests more than {limits.depth} levels of arrays and objects"
    return problem("limit.depth", "", message, "Flatten it.")
