"""Gather a case from a node and a store: the only part of a verification that reaches out.

    case = gather(contracts, store, consignment)
    verdict = verify(case)

What cannot be read becomes a gap of the case, so that the verdict is undetermined and says why; nothing is raised for
it. A statement is read from the contract's log, and its signature from the transaction that carried it.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.history import carried, consignment_history
from ledger.epcis import read
from ledger.errors import LedgerError, NotFound, Unavailable
from ledger.identity.errors import SignatureMalformedError
from ledger.store.blinds import EventContent
from ledger.verify.case import Acceptance, Case, Entry, Gap, KnownEvent, Openings
from ledger.verify.findings import AsOf
from ledger.verify.membership import Moment
from ledger.verify.register import read_membership
from ledger.verify.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.chain.deployment import Contracts
    from ledger.chain.history import Accepted, ConsignmentHistory
    from ledger.chain.nodes import Block
    from ledger.chain.state import State
    from ledger.epcis import Event
    from ledger.identity.signing import SignedStatement
    from ledger.identity.statements import Domain
    from ledger.store.records import EventPlace
    from ledger.store.store import Kept, Store
    from ledger.verify.case import Trust
    from ledger.verify.membership import Membership

_READINGS: Final = 3
"""How often history and state are read until they are of the same moment: statements may arrive in between."""


def gather(
    contracts: Contracts,
    store: Store | None,
    consignment: bytes,
    *,
    trust: Trust | None = None,
    membership: Membership | None = None,
) -> Case:
    """Everything that can be read of a consignment.

    Args:
        contracts: the consortium's, on a node of its chain.
        store: the store with what was handed over; None where there is none.
        consignment: its id (32 bytes).
        trust: which ledger the verifier trusts, where it was given.
        membership: the register's history, where it was read before for several cases.
    """
    try:
        case = _from_chain(contracts, consignment, membership)
    except LedgerError as error:
        case = unread(contracts.domain, consignment, error)
    case = replace(case, trust=trust)
    return case if store is None else _with_store(case, store)


def unread(domain: Domain, consignment: bytes, error: LedgerError) -> Case:
    """The case of a consignment of which the chain told nothing, and why."""
    return Case(domain, consignment, gaps=(Gap("the ledger", sentence(error), error.mend),))


def _from_chain(contracts: Contracts, consignment: bytes, membership: Membership | None) -> Case:
    as_of, history, recorded = _history_and_state(contracts, consignment)
    members = membership or read_membership(contracts, as_of)
    address = {record.number: record.address for record in members.members.values()}
    signed = _Carried(contracts)
    return Case(
        domain=contracts.domain,
        consignment=consignment,
        as_of=AsOf(as_of.number, as_of.time),
        statements=tuple(_entry(accepted, address, signed) for accepted in history.statements),
        observations=tuple(_entry(accepted, address, signed) for accepted in history.observations),
        membership=members,
        recorded=recorded,
    )


def _history_and_state(contracts: Contracts, consignment: bytes) -> tuple[Block, ConsignmentHistory, State | None]:
    """History and state of the same moment, if the node has them."""
    for _ in range(_READINGS):
        as_of = contracts.node.latest_block()
        history = consignment_history(contracts, consignment, as_of)
        recorded = contracts.consignments.state(consignment)
        if (recorded.position if recorded else 0) == len(history.statements):
            break
    return as_of, history, recorded


def _entry(accepted: Accepted, address: dict[int, str], carried_by: _Carried) -> Entry:
    place, statement = accepted.place, accepted.statement
    acceptance = Acceptance(
        milestone=statement.milestone,
        digest=accepted.digest,
        key=accepted.key,
        member=address.get(accepted.member, f"member {accepted.member}"),
        role=statement.role,
        country=accepted.country,
        position=accepted.position,
        head=accepted.head,
        moment=Moment(place.block_number, place.log_index, place.block_time),
        transaction=place.transaction,
    )
    try:
        signed = carried_by.find(accepted)
    except Unavailable as error:
        return Entry(acceptance, statement, unread=error.message)
    if signed is None:
        return Entry(acceptance, statement, unread="the transaction that carried it does not hold it in clear")
    return Entry(acceptance, statement, signed.signature.r + signed.signature.vs, signed.opening)


class _Carried:
    """The signed statements in transactions, each transaction read once."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._read: dict[bytes, tuple[SignedStatement, ...]] = {}

    def find(self, accepted: Accepted) -> SignedStatement | None:
        """The statement as its signer signed it; one with another signature where no signature is the right one."""
        transaction = accepted.place.transaction
        if transaction not in self._read:
            self._read[transaction] = carried(self._contracts, transaction)
        domain = self._contracts.domain
        same = [each for each in self._read[transaction] if each.statement.digest(domain) == accepted.digest]
        return next((each for each in same if _is_by(each, accepted)), same[0] if same else None)


def _is_by(signed: SignedStatement, accepted: Accepted) -> bool:
    try:
        return signed.signature.signer(accepted.digest) == accepted.key
    except SignatureMalformedError:
        return False


def _with_store(case: Case, store: Store) -> Case:
    try:
        with store.read() as kept:
            known = _KnownEvents(kept)
            blinds = {blind.blinded: blind for blind in kept.consignments.blinds_of(case.consignment)}
            events = known.of(blind.content.commitment for blind in blinds.values() if _is_event(blind.content))
            reference = kept.consignments.get(case.consignment).reference
    except NotFound:
        return case
    except LedgerError as error:
        return replace(case, gaps=(*case.gaps, Gap("the store", sentence(error), error.mend)))
    openings = Openings(MappingProxyType(blinds), MappingProxyType(events))
    return replace(case, reference=reference, openings=openings, gaps=(*case.gaps, *known.gaps))


def _is_event(content: object) -> bool:
    return isinstance(content, EventContent)


class _KnownEvents:
    """The events behind commitments, from the documents that a store keeps; each document is read once."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._documents: dict[bytes, tuple[Event, ...]] = {}
        self.gaps: list[Gap] = []

    def of(self, commitments: Iterable[bytes]) -> dict[bytes, KnownEvent]:
        """The events that could be read, by their commitment (32 bytes)."""
        found = {}
        for commitment in commitments:
            for place in self._kept.documents.find_commitment(commitment):
                event = self._event(place)
                found[commitment] = KnownEvent(place.digests, event)
                if event is not None:
                    break
        return found

    def _event(self, place: EventPlace) -> Event | None:
        if place.document not in self._documents:
            self._documents[place.document] = self._events(place.document)
        events = self._documents[place.document]
        return events[place.place] if place.place < len(events) else None

    def _events(self, document: bytes) -> tuple[Event, ...]:
        try:
            return read(self._kept.documents.get(document).content).events
        except LedgerError as error:
            self.gaps.append(Gap(f"document 0x{document.hex()} of the store", sentence(error), error.mend))
            return ()
