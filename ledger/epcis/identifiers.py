"""GS1 keys: as EPC URNs and as GS1 Digital Link URIs, judged and turned into each other.

An EPC URN carries no check digit: its parts are judged by their lengths and characters. A Digital Link carries the key
as it is printed, so the check digit is verified.

>>> digital_link("urn:epc:id:sgtin:4012345.011111.9876")
'https://id.gs1.org/01/04012345111118/21/9876'
>>> epc_urn("https://id.gs1.org/01/04012345111118/21/9876", company_prefix_digits=7)
'urn:epc:id:sgtin:4012345.011111.9876'
>>> has_check_digit("04012345111118")
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from ledger.epcis.digitallink import CANONICAL_ROOT, canonical_uri, check_digit
from ledger.epcis.freight import CONTAINER, container_check_digit, is_imo_number
from ledger.epcis.problems import NONE, Problems, problem

_FORMS: Final = {
    "id:sgtin": "company prefix and item reference of 13 digits together, then a serial number: 4012345.011111.9876",
    "class:lgtin": "company prefix and item reference of 13 digits together, then a lot: 4012345.011111.ABC123",
    "id:upui": "company prefix and item reference of 13 digits together, then a serialised extension",
    "id:sscc": "company prefix and serial reference of 17 digits together: 4012345.0000000333",
    "id:sgln": "company prefix and location reference of 12 digits together, then an extension or 0: 4012345.00005.0",
    "id:pgln": "company prefix and party reference of 12 digits together: 4012345.00225",
    "id:gsrn": "company prefix and service reference of 17 digits together: 4012345.9876540000",
    "id:gsrnp": "company prefix and service reference of 17 digits together: 4012345.0000098765",
    "id:gsin": "company prefix and shipment reference of 16 digits together: 4012345.999987654",
    "id:grai": "company prefix and asset type of 12 digits together, then a serial number: 4012345.66666.87",
    "id:gdti": "company prefix and document type of 12 digits together, then a serial number: 4012345.55555.98",
    "id:sgcn": "company prefix and coupon reference of 12 digits together, then a serial number: 4012345.99999.44",
    "id:giai": "company prefix, then an asset reference, 30 characters together at most: 4012345.AAbb",
    "id:ginc": "company prefix, then a consignment reference, 30 characters together at most: 4012345.333",
    "id:cpi": "company prefix, a component reference, then a serial number of up to 12 digits: 4012345.ABC.123",
    "id:itip": "company prefix and item reference of 13 digits, piece, total, serial: 4012345.012345.01.02.999",
    "idpat:sgtin": "company prefix and item reference of 13 digits together, then *: 4012345.011111.*",
    "idpat:grai": "company prefix and asset type of 12 digits together, then *: 4012345.66666.*",
    "idpat:gdti": "company prefix and document type of 12 digits together, then *: 4012345.55555.*",
    "idpat:sgcn": "company prefix and coupon reference of 12 digits together, then *: 4012345.99999.*",
    "idpat:cpi": "company prefix and component reference, then *: 4012345.ABC.*",
    "idpat:itip": "company prefix and item reference of 13 digits together, piece, total, *: 4012345.012345.01.02.*",
    "idpat:upui": "company prefix and item reference of 13 digits together, then *",
}
"""The EPC schemes that stand for a GS1 key, and their form (EPC Tag Data Standard 2.0, section 6.3)."""

_OTHER_SCHEMES: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "id:gid": (
        re.compile(r"[0-9]{1,9}\.[0-9]{1,8}\.[0-9]{1,11}"),
        "manager, object class and serial number: 95100000.12345.400",
    ),
    "id:usdod": (re.compile(r"[A-Z0-9]{5,6}\.[0-9]{1,11}"), "government code and serial number: 2S194.12345678901"),
    "id:adi": (
        re.compile(r"[A-Z0-9]{5,6}\..*\..+"),
        "government code, part number and serial number: W81X9C.3KL984PX1.2WMA52",
    ),
    "id:bic": (CONTAINER, "a container number of ISO 6346: CSQU3054383"),
    "id:imovn": (re.compile(r"[0-9]{7}"), "a vessel's IMO number of seven digits: 9176187"),
}

_CHECKED_DIGITS: Final = {
    "00": 18,
    "01": 14,
    "253": 13,
    "255": 13,
    "402": 17,
    "414": 13,
    "417": 13,
    "8003": 14,
    "8006": 14,
    "8017": 18,
    "8018": 18,
}
"""How many digits of a Digital Link's key its check digit covers, itself included, by application identifier."""


def check_identifier(uri: str) -> Problems:
    """What is wrong with a URI as a GS1 key; nothing where it names none."""
    if uri.startswith("urn:epc:"):
        return _check_urn(uri)
    if uri.startswith(("https://", "http://")):
        return _check_link(uri)
    return NONE


def digital_link(urn: str) -> str:
    """The canonical GS1 Digital Link URI of an EPC URN, or the URN itself where it has none."""
    return canonical_uri(urn)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it (GS1 General Specifications, section 7.9)."""
    return digits.isascii() and digits.isdigit() and len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def epc_urn(link: str, *, company_prefix_digits: int) -> str | None:
    """The EPC URN of a GS1 Digital Link URI.

    Args:
        link: a Digital Link, in any spelling.
        company_prefix_digits: how long the GS1 company prefix is, 6 to 12; the key itself does not say.

    Returns:
        The URN, or None where the link names no key that has one.
    """
    canonical = canonical_uri(link)
    if not canonical.startswith(CANONICAL_ROOT):
        return None
    key, value, *qualifiers = canonical.removeprefix(CANONICAL_ROOT).split("/")
    write = _URNS.get((key, qualifiers[0] if qualifiers else ""))
    urn = None if write is None else write(value, qualifiers[1] if qualifiers else "", company_prefix_digits)
    return urn if urn is not None and canonical_uri(urn) == canonical else None


_Write = Callable[[str, str, int], str]


def _indicated(scheme: str) -> _Write:
    """Keys whose first digit stands before the company prefix and moves behind it in a URN."""
    return lambda value, rest, size: _urn(scheme, value[1 : 1 + size], value[0] + value[1 + size : -1], rest)


def _plain(scheme: str) -> _Write:
    return lambda value, rest, size: _urn(scheme, value[:size], value[size:-1], rest)


def _serialised(scheme: str, digits: int) -> _Write:
    """Keys whose serial number follows the check digit without a separator."""
    return lambda value, _, size: _urn(scheme, value[:size], value[size : digits - 1], value[digits:] or "*")


def _urn(scheme: str, *parts: str) -> str:
    kind = "idpat" if parts[-1] == "*" and scheme.startswith("id:") else scheme.partition(":")[0]
    return f"urn:epc:{kind}:{scheme.partition(':')[2]}:{'.'.join(part for part in parts if part)}"


_URNS: Final[dict[tuple[str, str], _Write]] = {
    ("00", ""): lambda value, _, size: _urn("id:sscc", value[1 : 1 + size], value[0] + value[1 + size : -1]),
    ("01", "21"): _indicated("id:sgtin"),
    ("01", "10"): _indicated("class:lgtin"),
    ("01", "235"): _indicated("id:upui"),
    ("01", ""): lambda value, _, size: _indicated("id:sgtin")(value, "*", size),
    ("253", ""): _serialised("id:gdti", 13),
    ("255", ""): _serialised("id:sgcn", 13),
    ("401", ""): lambda value, _, size: _urn("id:ginc", value[:size], value[size:]),
    ("402", ""): _plain("id:gsin"),
    ("414", ""): lambda value, _, size: _plain("id:sgln")(value, "0", size),
    ("414", "254"): _plain("id:sgln"),
    ("417", ""): _plain("id:pgln"),
    ("8003", ""): lambda value, _, size: _serialised("id:grai", 13)(value[1:], "", size),
    ("8004", ""): lambda value, _, size: _urn("id:giai", value[:size], value[size:]),
    ("8010", ""): lambda value, _, size: _urn("id:cpi", value[:size], value[size:], "*"),
    ("8010", "8011"): lambda value, rest, size: _urn("id:cpi", value[:size], value[size:], rest),
    ("8017", ""): _plain("id:gsrnp"),
    ("8018", ""): _plain("id:gsrn"),
}


def _check_urn(urn: str) -> Problems:
    segments = urn.split(":", 4)
    kind = segments[2]
    if kind not in ("id", "class", "idpat"):
        return NONE
    if len(segments) < 5:
        message = "an EPC URN has a kind, a scheme and a value"
        return problem("gs1.epc", urn, message, "Write it as urn:epc:id:sgtin:4012345.011111.9876.")
    scheme = f"{kind}:{segments[3]}"
    if scheme in _FORMS:
        return NONE if canonical_uri(urn) != urn else _malformed(urn, scheme, _FORMS[scheme])
    if scheme in _OTHER_SCHEMES:
        return _check_other(urn, scheme, segments[4])
    if kind == "idpat":
        return NONE
    message = f"there is no EPC scheme {scheme[:40]!r}"
    return problem("gs1.epc", urn, message, "Take a scheme of the EPC Tag Data Standard.")


def _malformed(urn: str, scheme: str, form: str) -> Problems:
    message = f"this is not the form of {scheme.replace(':', ' ')}, which is {form}"
    return problem("gs1.epc", urn, message, "Correct the number of digits and the points between the parts.")


def _check_other(urn: str, scheme: str, value: str) -> Problems:
    pattern, form = _OTHER_SCHEMES[scheme]
    if pattern.fullmatch(value) is None:
        return _malformed(urn, scheme, form)
    if scheme == "id:bic" and container_check_digit(value[:10]) != value[10]:
        message = f"the check digit of this container number is wrong: it would be {container_check_digit(value[:10])}"
        return problem("iso6346.check-digit", urn, message, "Compare the number with the one on the container.")
    if scheme == "id:imovn" and not is_imo_number(value):
        message = "the check digit of this IMO number is wrong"
        return problem("imo.check-digit", urn, message, "Compare the number with the vessel's papers.")
    return NONE


def _check_link(link: str) -> Problems:
    canonical = canonical_uri(link)
    if not canonical.startswith(CANONICAL_ROOT):
        return NONE
    key, _, rest = canonical.removeprefix(CANONICAL_ROOT).partition("/")
    length = _CHECKED_DIGITS.get(key)
    digits = rest[:length]
    if length is None or has_check_digit(digits):
        return NONE
    if len(digits) < length or not digits.isdigit():
        message = f"a GS1 key ({key}) has {length} digits here"
        return problem("gs1.digital-link", link, message, "Write the key with all of its digits, as it is registered.")
    message = f"the check digit of {unquote(digits)} is wrong: it would be {check_digit(digits[:-1])}"
    return problem("gs1.check-digit", link, message, "Compare the number with the one that is printed or registered.")
