"""The ``terms`` word of a statement: the little that the contract must read in clear (docs/formats.md, "Terms").

Text and small numbers fill the 32 bytes from the left; the last byte is the channel that a statement opens, if any.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import InputError
from ledger.identity.milestones import Channel, Duties, InspectionResult, UnsealReason

MAX_TRANSIT_COUNTRIES = 6  # what fits in the packed word of a consignment's state


@dataclass(frozen=True, slots=True)
class Route:
    """The countries of a registration: from where, to where, through where (ISO 3166-1 alpha-2)."""

    export_country: str
    import_country: str
    transit: tuple[str, ...] = ()


def route_terms(route: Route) -> bytes:
    """Terms of ``registered``: export country, import country, then up to six transit countries, two letters each."""
    if len(route.transit) > MAX_TRANSIT_COUNTRIES:
        raise InputError(
            f"{len(route.transit)} transit countries are too many",
            where="transit",
            mend=f"Name at most {MAX_TRANSIT_COUNTRIES}.",
        )
    return _pad(b"".join(_country(code) for code in (route.export_country, route.import_country, *route.transit)))


def parse_route(terms: bytes) -> Route:
    """The countries in the terms of ``registered``.

    Raises:
        InputError: the terms do not hold two to eight country codes and zeros after them.
    """
    codes = [terms[i : i + 2].decode("latin-1") for i in range(0, len(terms.rstrip(b"\0")), 2)]
    if len(codes) < 2:
        raise InputError(
            f"0x{terms.hex()} names {len(codes)} countries",
            where="terms",
            mend="The terms of a registration name the export and the import country.",
        )
    route = Route(codes[0], codes[1], tuple(codes[2:]))
    route_terms(route)
    return route


def country_terms(country: str) -> bytes:
    """Terms of ``arrived``, ``transit added`` and ``transit passed``: one country."""
    return _pad(_country(country))


def leg_terms(origin: str, destination: str) -> bytes:
    """Terms of ``departed``: the country left and the country headed for."""
    return _pad(_country(origin) + _country(destination))


def unseal_terms(reason: UnsealReason) -> bytes:
    """Terms of ``unsealed``."""
    return _pad(bytes([reason]))


def duties_terms(duties: Duties) -> bytes:
    """Terms of ``duties settled``."""
    return _pad(bytes([duties]))


def channel_terms(opened: Channel) -> bytes:
    """Terms of ``assessed``, ``documents requested`` and ``stopped``: the channel opened, or closed."""
    return bytes(31) + bytes([opened])


def inspection_terms(result: InspectionResult, opened: Channel = Channel.CLOSED) -> bytes:
    """Terms of ``inspected``: the result, and the channel opened with it."""
    return bytes([result]) + bytes(30) + bytes([opened])


def release_terms(opened: Channel = Channel.CLOSED) -> bytes:
    """Terms of ``released``: the channel opened with it."""
    return channel_terms(opened)


def appeal_terms() -> bytes:
    """Terms of ``released`` after a refusal that was overturned on appeal."""
    return _pad(b"\x01")


def opening(terms: bytes, channel: Channel) -> bytes:
    """The same terms, with the channel that the statement opens."""
    return terms[:31] + bytes([channel])


def opened_channel(terms: bytes) -> int:
    """The channel byte of the terms: the last one."""
    return terms[31]


def _country(code: str) -> bytes:
    if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
        raise InputError(
            f"'{code}' is not a country code", where="country", mend="Give two capital letters of ISO 3166-1, as in KR."
        )
    return code.encode("ascii")


def _pad(content: bytes) -> bytes:
    return content.ljust(32, b"\0")
