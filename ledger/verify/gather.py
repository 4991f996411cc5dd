"""Gather a case from a node and a store: the only part of a verification that reaches out.

    case = gather(contracts, store, consignment)
    verdict = verify(case)

What cannot be read becomes a gap of the case, so that the verdict is undetermined and says why; nothing is raised for
it. A statement and its signature are read from the contract's log. Nothing is needed of the transaction that carried
it; what opened an assessment is taken from there where it is found.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.clearance import opens
from ledger.chain.history import carried, consignment_history
from ledger.epcis import read
from ledger.errors import LedgerError, NotFound, Unavailable
from ledger.identity.milestones import Milestone
from ledger.identity.terms import opened_channel
from ledger.store.blinds import EventContent
from ledger.verify.case import Acceptance, Case, Entry, Gap, KnownEvent, Openings, names_channel
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
    from ledger.identity.signing import Opening, SignedStatement
    from ledger.identity.statements import Domain
    from ledger.store.records import EventPlace
    from ledger.store.store import Kept, Store
    from ledger.verify.case import Trust
    from ledger.verify.gazetteer import Gazetteer
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
    gazetteer: Gazetteer | None = None,
) -> Case:
    """Everything that can be read of a consignment.

    Args:
        contracts: the consortium's, on a node of its chain.
        store: the store with what was handed over; None where there is none.
        consignment: its id (32 bytes).
        trust: which ledger the verifier trusts, where it was given.
        membership: the register's history, where it was read before for several cases.
        gazetteer: the list of places, where there is one.
    """
    try:
        case = _from_chain(contracts, consignment, membership)
    except LedgerError as error:
        case = unread(contracts.domain, consignment, error)
    case = replace(case, trust=trust, gazetteer=gazetteer)
    return case if store is None else _with_store(case, store)


def unread(domain: Domain, consignment: bytes, error: LedgerError) -> Case:
    """The case of a consignment of which the chain told nothing, and why."""
    return Case(domain, consignment, gaps=(Gap("the ledger", sentence(error), error.mend),))


def _from_chain(contracts: Contracts, consignment: bytes, membership: Membership | None) -> Case:
    as_of, history, recorded = _history_and_state(contracts, consignment)
    members = membership or read_membership(contracts, as_of)
    address = {record.number: record.address for record in members.members.values()}
    openings = _Openings(contracts, history)
    return Case(
        domain=contracts.domain,
        consignment=consignment,
        as_of=AsOf(as_of.number, as_of.time),
        statements=tuple(_entry(accepted, address, openings) for accepted in history.statements),
        observations=tuple(_entry(accepted, address, openings) for accepted in history.observations),
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


def _entry(accepted: Accepted, address: dict[int, str], found: _Openings) -> Entry:
    place, statement, signature = accepted.place, accepted.statement, accepted.signature
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
    return Entry(acceptance, statement, signature.r + signature.vs, found.of(accepted))


class _Openings:
    """What opened the channels of a consignment, from the transactions that carried it; each is read once.

    A transaction may hold more than what counted: a decoy beside it, or a call of another contract. So only what opens
    an assessment of this history is taken, and nothing else in a transaction is looked at.
    """

    def __init__(self, contracts: Contracts, history: ConsignmentHistory) -> None:
        self._contracts = contracts
        self._read: dict[bytes, tuple[SignedStatement, ...]] = {}
        said = (each.statement for each in history.statements)
        self._assessments = {each.detail for each in said if each.milestone is Milestone.ASSESSED}

    def of(self, accepted: Accepted) -> Opening | None:
        """Blind and reasons with which a statement opened a channel; None where it opened none, or they are unread."""
        if not names_channel(accepted.statement):
            return None
        domain, channel = self._contracts.domain, opened_channel(accepted.statement.terms)
        carried_too = self._carried(accepted.place.transaction)
        openings = (each.opening for each in carried_too if each.statement.digest(domain) == accepted.digest)
        return next((each for each in openings if any(opens(made, channel, each) for made in self._assessments)), None)

    def _carried(self, transaction: bytes) -> tuple[SignedStatement, ...]:
        if transaction not in self._read:
            try:
                self._read[transaction] = carried(self._contracts, transaction)
            except Unavailable:
                self._read[transaction] = ()
        return self._read[transaction]


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
        for commitment, places in self._kept.documents.find_commitments(tuple(commitments)).items():
            for place in places:
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
