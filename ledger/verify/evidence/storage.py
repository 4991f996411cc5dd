"""A consignment's state from the contract's storage slots: everything that the rules know of it, proven.

A record has its head, course, parties and seal in four slots that follow each other, and the assessment of each side
behind a mapping (docs/contracts.md, "What is stored"). So one storage proof of six slots gives the whole state.

Source: Solidity documentation, "Layout of State Variables in Storage".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from ledger.chain.packing import packed_fields
from ledger.chain.proof.heads import head_slot
from ledger.chain.state import SideState, State
from ledger.identity.milestones import Channel, Clearance, InspectionResult, Phase, Side
from ledger.identity.statements import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD, COURSE, PARTIES, SEAL, _ASSESSMENTS = range(5)
_SIDES: Final = (Side.EXPORT, Side.IMPORT)

# The widths of the fields, in bits, from the lowest on (contracts/types/Course.sol, Parties.sol).
_COURSE: Final = (32, 32, 32, 32, 16, 16, 16, 16, 8, 8, 8, 16, 16)
_CLEARANCE: Final = (4, 2, 2, 1, 1, 1)
_PARTIES: Final = (32, 32, 32, 32, 16, 16, 16, 16, 16, 16)


def state_slots(consignment: bytes) -> tuple[bytes, ...]:
    """The slots of a consignment's state (32 bytes each): head, course, parties, seal, both assessments.

    Args:
        consignment: its id (32 bytes).
    """
    plain = tuple(_after(consignment, offset) for offset in (HEAD, COURSE, PARTIES, SEAL))
    mapping = _after(consignment, _ASSESSMENTS)
    return (*plain, *(keccak(side.to_bytes(32, "big") + mapping) for side in _SIDES))


def stored_state(consignment: bytes, values: Mapping[bytes, bytes], address: Mapping[int, str]) -> State | None:
    """The state that the contract's slots hold.

    Args:
        consignment: its id (32 bytes).
        values: the values of :func:`state_slots` (32 bytes each).
        address: the members' addresses by their numbers.

    Returns:
        ``None`` where the consignment was not registered.

    Raises:
        ValueError: a word holds what the contract never writes there.
        KeyError: a member's number that is not among the addresses.
    """
    head, course, parties, seal, *assessments = (values[slot] for slot in state_slots(consignment))
    (holder, offered, position, holds, location, destination, origin, target, phase, departed, passed, *sides) = (
        packed_fields(int.from_bytes(course, "big"), _COURSE)
    )
    if position == 0:
        return None
    exporter, importer, export_broker, import_broker, *transit = packed_fields(int.from_bytes(parties, "big"), _PARTIES)
    named = {0: ZERO_ADDRESS, **address}
    export_side, import_side = (
        _side(word, named[broker], assessment)
        for word, broker, assessment in zip(sides, (export_broker, import_broker), assessments, strict=True)
    )
    countries = [_country(each) for each in transit if each]
    return State(
        consignment=consignment,
        exporter=named[exporter],
        importer=named[importer],
        holder=named[holder],
        offered_to=named[offered],
        export_country=_country(origin),
        import_country=_country(target),
        transit=MappingProxyType({country: bool(passed >> n & 1) for n, country in enumerate(countries)}),
        phase=Phase(phase),
        location=_country(location),
        destination=_country(destination),
        seal=seal,
        departed=bool(departed),
        export_side=export_side,
        import_side=import_side,
        holds=frozenset((number.to_bytes(32, "big"), ZERO_ADDRESS) for number in range(holds)),
        position=position,
        head=head,
    )


def _after(consignment: bytes, offset: int) -> bytes:
    return ((int.from_bytes(head_slot(consignment), "big") + offset) % 2**256).to_bytes(32, "big")


def _side(word: int, declarant: str, assessment: bytes) -> SideState:
    clearance, channel, inspection, pending, met, stopped = packed_fields(word, _CLEARANCE)
    return SideState(
        clearance=Clearance(clearance),
        declarant=declarant,
        assessment=assessment,
        channel=Channel(channel),
        documents_pending=bool(pending),
        duties_met=bool(met),
        stopped=bool(stopped),
        inspection=InspectionResult(inspection) if inspection else None,
    )


def _country(code: int) -> str:
    return code.to_bytes(2, "big").decode("ascii", "replace").rstrip("\0")
