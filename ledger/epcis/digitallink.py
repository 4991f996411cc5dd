"""The one spelling of a GS1 identifier: EPC URNs and GS1 Digital Links in canonical form.

The CBV event hash (CBV 2.0, section 8.9) names things by canonical GS1 Digital Link URIs, ``https://id.gs1.org/…``,
whichever way an event spelled them:

>>> canonical_uri("urn:epc:id:sgtin:4012345.011111.9876")
'https://id.gs1.org/01/04012345111118/21/9876'
>>> canonical_uri("https://shop.example/gtin/4012345111118/lot/A/ser/9876?linkType=all")
'https://id.gs1.org/01/04012345111118/21/9876'

An identifier keeps its key and its most specific qualifier alone (of batch and serial number, the serial number). What
is not an identifier of these kinds, or is malformed, stays as it is. Check digits of Digital Links are not judged here.

Sources: GS1 EPC Tag Data Standard 2.0, sections 6 and 7 (URNs and their element strings); GS1 Digital Link URI Syntax
1.1, sections 4.5 and 4.6 (keys, qualifiers, convenience names).
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

CANONICAL_ROOT: Final = "https://id.gs1.org/"
CACHED_IDENTIFIERS: Final = 1 << 14  # identifiers repeat within a consignment; at 200 bytes each this stays near 3 MB
CACHED_KEYS: Final = 1 << 12  # trade items and places, which repeat though every serial number differs
LONGEST_CACHED: Final = (
    200  # characters; no GS1 identifier is longer, and a cache of longer text would let a sender fill memory
)

# GS1 General Specifications, figures 7.11-1 and 7.11-2: the characters that application identifiers may hold.
_CHARACTER_SET_82: Final = frozenset(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_")
_CHARACTER_SET_39: Final = frozenset(string.ascii_uppercase + string.digits + "#-/")
# The reserved characters that the hash's published vectors percent-encode (the apostrophe they leave alone).
_ENCODED: Final = str.maketrans({character: f"%{ord(character):02X}" for character in '!"#%&()*+,/:<>?'})
_ITEM_URNS: Final = ("urn:epc:id:sgtin:", "urn:epc:class:lgtin:")
_SERIAL_CHARACTERS: Final = 20
_MALFORMED_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")


def canonical_uri(uri: str) -> str:
    """The spelling under which the event hash knows ``uri``.

    Args:
        uri: an EPC URN, an EPC pattern or class URN, a GS1 Digital Link, or anything else.

    Returns:
        The canonical GS1 Digital Link, or ``uri`` unchanged where it names no GS1 key.
    """
    if len(uri) > LONGEST_CACHED:
        return _canonical(uri)
    if uri.startswith(_ITEM_URNS):
        item, _, serial = uri.rpartition(".")
        if serial.isalnum() and serial.isascii() and len(serial) <= _SERIAL_CHARACTERS and (link := _item_link(item)):
            return link + serial
    return _cached(uri)


def _canonical(uri: str) -> str:
    scheme = uri[:8].lower()
    if scheme == "urn:epc:":
        return _from_urn(uri) or uri
    if scheme in {"https://", "http://"} or scheme.startswith("http://"):
        return _from_link(uri) or uri
    return uri


_cached = lru_cache(CACHED_IDENTIFIERS)(_canonical)


@lru_cache(CACHED_KEYS)
def _item_link(item: str) -> str | None:
    """The canonical link of a trade item up to its serial or batch number, for its URN up to there.

    Serial numbers differ where the rest is the same, so that this is what to keep.
    """
    link = _from_urn(f"{item}.0") if item.count(".") == 1 else None
    return link and link[:-1]


def check_digit(digits: str) -> str:
    """The GS1 modulo-10 check digit for ``digits`` (General Specifications, section 7.9)."""
    heavy = sum(map(int, digits[::-2]))
    light = sum(map(int, digits[-2::-2]))
    return str(-(3 * heavy + light) % 10)


def _text(value: str, longest: int, characters: frozenset[str] = _CHARACTER_SET_82) -> str | None:
    """``value`` with exactly the right characters percent-encoded, or None where it is no such text."""
    if value.isalnum() and value.isascii() and characters is _CHARACTER_SET_82:
        return value if len(value) <= longest else None
    if not value or len(value) > 3 * longest or _MALFORMED_ESCAPE.search(value):
        return None
    value = unquote(value)
    return value.translate(_ENCODED) if len(value) <= longest and characters.issuperset(value) else None


def _digits(value: str, *lengths: int) -> bool:
    return len(value) in lengths and value.isascii() and value.isdigit()


def _joined(company: str, reference: str, length: int) -> str | None:
    """Company prefix and reference as one string of ``length`` digits, the reference's first digit in front."""
    if not (6 <= len(company) <= 12 and len(company) + len(reference) == length):
        return None
    joined = reference[:1] + company + reference[1:]
    return joined if joined.isascii() and joined.isdigit() else None


@lru_cache(CACHED_KEYS)
def _plain_key(company: str, reference: str, length: int) -> str | None:
    """Company prefix and reference of ``length`` digits, with their check digit behind."""
    digits = company + reference
    if not (6 <= len(company) <= 12 and _digits(digits, length)):
        return None
    return digits + check_digit(digits)


@lru_cache(CACHED_KEYS)
def _gtin(company: str, reference: str) -> str | None:
    digits = _joined(company, reference, 13)
    return digits and digits + check_digit(digits)


def _item(qualifier: str, longest: int) -> Callable[[list[str]], str | None]:
    def link(parts: list[str]) -> str | None:
        gtin, serial = _gtin(parts[0], parts[1]), _text(parts[2], longest)
        return gtin and serial and f"01/{gtin}/{qualifier}/{serial}"

    return link


def _sscc(parts: list[str]) -> str | None:
    digits = _joined(parts[0], parts[1], 17)
    return digits and f"00/{digits}{check_digit(digits)}"


def _sgln(parts: list[str]) -> str | None:
    gln, extension = _plain_key(parts[0], parts[1], 12), _text(parts[2], 20)
    if not gln or not extension:
        return None
    return f"414/{gln}" if extension == "0" else f"414/{gln}/254/{extension}"


def _numbered(key: str, length: int) -> Callable[[list[str]], str | None]:
    def link(parts: list[str]) -> str | None:
        digits = _plain_key(parts[0], parts[1], length)
        return digits and f"{key}/{digits}"

    return link


def _typed(key: str, longest: int, *, optional: bool = False) -> Callable[[list[str]], str | None]:
    def link(parts: list[str]) -> str | None:
        digits = _plain_key(parts[0], parts[1], 12)
        serial = "" if optional and not parts[2] else _text(parts[2], longest)
        return None if digits is None or serial is None else f"{key}/{digits}{serial}"

    return link


def _assigned(key: str) -> Callable[[list[str]], str | None]:
    def link(parts: list[str]) -> str | None:
        company = parts[0]
        reference = _text(parts[1], 30 - len(company)) if _digits(company, *range(6, 13)) else None
        return reference and f"{key}/{company}{reference}"

    return link


def _component(parts: list[str]) -> str | None:
    company, serial = parts[0], parts[2]
    reference = _text(parts[1], 30 - len(company), _CHARACTER_SET_39) if _digits(company, *range(6, 13)) else None
    return f"8010/{company}{reference}/8011/{serial}" if reference and _digits(serial, *range(1, 13)) else None


def _piece(parts: list[str]) -> str | None:
    gtin, serial = _gtin(parts[0], parts[1]), _text(parts[4], 20)
    numbered = _digits(parts[2], 2) and _digits(parts[3], 2)
    return f"8006/{gtin}{parts[2]}{parts[3]}/21/{serial}" if gtin and serial and numbered else None


class _Scheme(NamedTuple):
    """How the URNs of one EPC scheme become Digital Links: their number of parts, and the link of those parts."""

    parts: int
    link: Callable[[list[str]], str | None]


_URN_SCHEMES: Final[dict[str, _Scheme]] = {
    "id:sgtin": _Scheme(3, _item("21", _SERIAL_CHARACTERS)),
    "class:lgtin": _Scheme(3, _item("10", _SERIAL_CHARACTERS)),
    "id:upui": _Scheme(3, _item("235", 28)),
    "id:sscc": _Scheme(2, _sscc),
    "id:sgln": _Scheme(3, _sgln),
    "id:pgln": _Scheme(2, _numbered("417", 12)),
    "id:gsrn": _Scheme(2, _numbered("8018", 17)),
    "id:gsrnp": _Scheme(2, _numbered("8017", 17)),
    "id:gsin": _Scheme(2, _numbered("402", 16)),
    "id:grai": _Scheme(3, lambda parts: (link := _typed("8003", 16)(parts)) and f"8003/0{link[5:]}"),
    "id:gdti": _Scheme(3, _typed("253", 17, optional=True)),
    "id:sgcn": _Scheme(3, _typed("255", 12)),
    "id:giai": _Scheme(2, _assigned("8004")),
    "id:ginc": _Scheme(2, _assigned("401")),
    "id:cpi": _Scheme(3, _component),
    "id:itip": _Scheme(5, _piece),
}
# A pattern "….*" stands for the class: its link is that of any instance, without the instance's own part.
_PATTERN_SUFFIX: Final[dict[str, str]] = {
    "sgtin": "/21/0", "upui": "/235/0", "itip": "/21/0", "cpi": "/8011/0", "grai": "0", "gdti": "0", "sgcn": "0",
}  # fmt: skip


def _from_urn(urn: str) -> str | None:
    segments = urn.split(":", 4)
    if len(segments) != 5:
        return None
    _, _, kind, scheme, value = segments
    suffix = ""
    if kind == "idpat":
        suffix = _PATTERN_SUFFIX.get(scheme, "")
        if not suffix or not value.endswith(".*"):
            return None
        kind, value = "id", f"{value[:-1]}0"
    known = _URN_SCHEMES.get(f"{kind}:{scheme}")
    if known is None:
        return None
    parts = value.split(".", known.parts - 1)
    if len(parts) != known.parts:
        return None
    link = known.link(parts)
    return link and f"{CANONICAL_ROOT}{link.removesuffix(suffix)}"


class _Key(NamedTuple):
    """A primary key: its canonical value, and its qualifiers in the order in which a link may have them."""

    code: str
    value: Callable[[str], str | None]
    qualifiers: dict[str, tuple[int, str, int]]  # name -> (rank, code, longest value)


def _number(*lengths: int) -> Callable[[str], str | None]:
    return lambda value: value if _digits(value, *lengths) else None


def _number_then_text(length: int, longest: int) -> Callable[[str], str | None]:
    def canonical(value: str) -> str | None:
        head, tail = value[:length], value[length:]
        if not _digits(head, length):
            return None
        text = _text(tail, longest) if tail else ""
        return None if text is None else head + text

    return canonical


def _trade_item(value: str) -> str | None:
    return value.rjust(14, "0") if _digits(value, 8, 12, 13, 14) else None


def _names(*qualifiers: tuple[str, str, int, int]) -> dict[str, tuple[int, str, int]]:
    return {name: (rank, code, longest) for code, alias, rank, longest in qualifiers for name in (code, alias)}


_ITEM_QUALIFIERS: Final = _names(("22", "cpv", 1, 20), ("10", "lot", 2, 20), ("21", "ser", 3, 20))
_KEYS: Final[dict[str, _Key]] = {
    name: key
    for alias, key in (
        ("sscc", _Key("00", _number(18), {})),
        ("gtin", _Key("01", _trade_item, _ITEM_QUALIFIERS | _names(("235", "tpx", 3, 28)))),
        ("gdti", _Key("253", _number_then_text(13, 17), {})),
        ("gcn", _Key("255", _number_then_text(13, 12), {})),
        ("ginc", _Key("401", lambda value: _text(value, 30), {})),
        ("gsin", _Key("402", _number(17), {})),
        ("gln", _Key("414", _number(13), _names(("254", "glnx", 1, 20)))),
        ("party", _Key("417", _number(13), {})),
        ("grai", _Key("8003", _number_then_text(14, 16), {})),
        ("giai", _Key("8004", lambda value: _text(value, 30), {})),
        ("itip", _Key("8006", _number(18), _ITEM_QUALIFIERS)),
        ("cpid", _Key("8010", lambda value: _text(value, 30, _CHARACTER_SET_39), _names(("8011", "cpsn", 1, 12)))),
        ("gsrnp", _Key("8017", _number(18), {})),
        ("gsrn", _Key("8018", _number(18), {})),
    )
    for name in (key.code, alias)
}
_CLASS_REFINEMENT: Final = "22"  # a consumer product variant refines the class; it names neither batch nor instance


def _from_link(uri: str) -> str | None:
    if "#" in uri:
        return None
    path = uri.partition("?")[0].split("/")[3:]
    for start in range(max(0, len(path) - 8) + len(path) % 2, len(path) - 1, 2):
        key = _KEYS.get(path[start])
        if key is not None and (link := _link(key, path[start + 1 :])):
            return CANONICAL_ROOT + link
    return None


def _link(key: _Key, segments: list[str]) -> str | None:
    """The canonical path of ``key`` with ``segments``: its value, then qualifiers and their values in turn."""
    value = key.value(segments[0])
    if value is None:
        return None
    link = f"{key.code}/{value}"
    most_specific = ""
    last_rank = 0
    for name, written in zip(segments[1::2], segments[2::2], strict=True):
        rank, code, longest = key.qualifiers.get(name, (0, "", 0))
        text = _text(written, longest) if rank > last_rank else None
        if text is None:
            return None
        if code != _CLASS_REFINEMENT:
            most_specific = f"/{code}/{text}"
        last_rank = rank
    return link + most_specific
