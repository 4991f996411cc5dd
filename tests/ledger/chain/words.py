"""The contract's own bytes, joined by hand: what is sent to it, and what it must answer, are compared to the last bit.

eth-abi would take most of the time that many thousand questions need. Source: the Solidity ABI specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.chain.acceptance import Acceptance, pack_acceptance
from ledger.identity.milestones import Milestone
from ledger.identity.signatures import Signature
from ledger.identity.statements import ZERO32, next_head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.chain.interface import Interface
    from ledger.chain.refusals import RuleRefused
    from ledger.chain.state import Act, SideState, State
    from ledger.identity.keys import SigningKey

Log = tuple[tuple[bytes, ...], bytes]
"""An event as it stands in a block: its topics and its data."""


def number(value: int) -> bytes:
    """A number, or the number of a word, as a word."""
    return int(value).to_bytes(32, "big")


def address(value: str) -> bytes:
    """An address as a word."""
    return bytes.fromhex(value[2:]).rjust(32, b"\0")


def text(value: str) -> bytes:
    """Two bytes of text as a word, as they stood in the statement."""
    return value.encode("latin-1").ljust(32, b"\0")


def entry(act: Act, key: SigningKey) -> bytes:
    """A statement, signed, with what it opens: 16 words."""
    said = act.statement
    signature = Signature.from_recoverable(key.sign_digest(act.digest))
    opening = (ZERO32, ZERO32) if act.opening is None else (act.opening.blind, act.opening.reasons_digest)
    times = (said.event_time, said.signed_time, said.valid_until)
    return b"".join(
        (
            said.consignment,
            number(said.milestone),
            number(said.side),
            said.commitment,
            *map(number, times),
            number(said.role),
            said.previous_head,
            address(said.counterparty),
            said.terms,
            said.detail,
            signature.r,
            signature.vs,
            *opening,
        )
    )


def batch(interface: Interface, entries: Sequence[bytes]) -> bytes:
    """A call of ``submitBatch``."""
    return interface.functions["submitBatch"].selector + number(32) + number(len(entries)) + b"".join(entries)


def refusal(interface: Interface, refused: RuleRefused) -> bytes:
    """The error with which the contract refuses as the rules in Python do."""
    error = next(each for each in interface.errors.values() if each.name == refused.error)
    pairs = zip(error.parameters, refused.arguments, strict=True)
    return error.selector + b"".join(_WORD.get(parameter.kind, number)(value) for parameter, value in pairs)


def skipped(interface: Interface, index: int, digest: bytes, error: bytes) -> Log:
    """The event that says why a statement of a batch was refused."""
    padded = error.ljust((len(error) + 31) // 32 * 32, b"\0")
    topics = (interface.topic("StatementSkipped"), number(index), digest)
    return topics, number(32) + number(len(error)) + padded


def accepted(interface: Interface, act: Act, signed: bytes, found: State | None) -> Log:
    """The event that says that a statement was accepted, which found this state.

    Args:
        interface: the contract's.
        act: the statement.
        signed: its :func:`entry`.
        found: the state before it.
    """
    position, before = (0, ZERO32) if found is None else (found.position, found.head)
    said, observes = act.statement, act.milestone is Milestone.OBSERVED
    signature = Signature(signed[384:416], signed[416:448])
    head = ZERO32 if observes else next_head(before, act.digest, act.key)
    who = (act.key, signature, act.signer.number, act.signer.country)
    told = Acceptance(said, act.digest, *who, 0 if observes else position + 1, head)
    values = pack_acceptance(told, before)
    name = "ObservationRecorded" if observes else "StatementAccepted"
    event = interface.events[interface.topic(name)]
    plain = [parameter for parameter in event.parameters if not parameter.indexed]
    data = b"".join(_WORD.get(parameter.kind, number)(values[parameter.name]) for parameter in plain)
    return (event.topic, said.consignment, said.commitment), data


def view(state: State | None) -> bytes:
    """What the contract's ``consignment`` returns of this state."""
    if state is None:
        return number(32) + _NOTHING
    fields = (
        state.head,
        number(state.position),
        number(state.phase),
        *map(text, (state.location, state.destination, state.export_country, state.import_country)),
        *(number(state.number(member)) for member in (state.exporter, state.importer, state.holder, state.offered_to)),
        state.seal,
        number(state.departed),
        number(len(state.holds)),
        number(31 * 32),
        *_side(state.export_side, state.numbers),
        *_side(state.import_side, state.numbers),
        number(len(state.transit)),
        *(word for country, passed in state.transit.items() for word in (text(country), number(passed))),
    )
    return number(32) + b"".join(fields)


def _side(side: SideState, numbers: Mapping[str, int]) -> tuple[bytes, ...]:
    return (
        number(side.clearance),
        number(numbers.get(side.declarant, 0)),
        side.assessment,
        number(side.channel),
        number(side.inspection or 0),
        number(side.documents_pending),
        number(side.duties_met),
        number(side.stopped),
    )


_NOTHING: Final = bytes(14 * 32) + number(31 * 32) + bytes(17 * 32)
_WORD: Final = {"address": address, "bytes32": bytes, "bytes2": text}
