"""A case: everything that a verdict about one consignment is reached from, frozen and offline.

A case holds what was read and what was handed over, as it was found: nothing in it has been checked. What could not be
read is told as a :class:`Gap`, so that it makes the verdict undetermined and never wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.lifecycle import CLOCK_TOLERANCE_SECONDS
from ledger.epcis.commitment import digests
from ledger.identity.milestones import Channel, Milestone
from ledger.identity.terms import opened_channel
from ledger.store.blinds import EventContent, SealContent
from ledger.verify.limits import limits_of
from ledger.verify.scenes import followed
from ledger.verify.sensor_record import sensor_record
from ledger.verify.trail import standing_events, stated_events
from ledger.verify.whereabouts import Stop, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.chain.state import State
    from ledger.epcis import Event
    from ledger.epcis.commitment import EventDigests
    from ledger.identity.milestones import Role
    from ledger.identity.signing import Opening
    from ledger.identity.statements import Domain, Statement
    from ledger.store.blinds import Blind
    from ledger.store.records import Reference
    from ledger.verify.findings import AsOf
    from ledger.verify.gazetteer import Gazetteer
    from ledger.verify.limits import Limit, UnreadableLimit
    from ledger.verify.membership import Membership, Moment
    from ledger.verify.proven import Proven
    from ledger.verify.scenes import Scene
    from ledger.verify.sensor_record import Sensed
    from ledger.verify.trail import Step

SEAL_MILESTONES: Final = frozenset(
    {
        Milestone.SEALED,
        Milestone.UNSEALED,
        Milestone.HANDOVER_ACCEPTED,
        Milestone.DEPARTED,
        Milestone.ARRIVED,
        Milestone.REMOVED,
    }
)
"""The milestones whose detail is the blinded commitment to a seal number."""

CUSTODY_MILESTONES: Final = frozenset(
    {
        Milestone.HANDOVER_OFFERED,
        Milestone.HANDOVER_ACCEPTED,
        Milestone.HANDOVER_DECLINED,
        Milestone.DEPARTED,
        Milestone.ARRIVED,
        Milestone.REMOVED,
        Milestone.DELIVERED,
        Milestone.CANCELLED,
    }
)
"""The milestones that only who holds the goods, or was offered them, may state."""

OPENING_MILESTONES: Final = frozenset(
    {
        Milestone.DOCUMENTS_REQUESTED,
        Milestone.ASSESSED,
        Milestone.STOPPED,
        Milestone.INSPECTED,
        Milestone.RELEASED,
    }
)
"""The milestones that may open a channel, which their terms then name."""


def names_channel(statement: Statement) -> bool:
    """Whether a statement names a channel that it opens."""
    return statement.milestone in OPENING_MILESTONES and opened_channel(statement.terms) != Channel.CLOSED


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the contract logged when it accepted a statement.

    Attributes:
        milestone: what was stated.
        digest: the statement's EIP-712 digest (32 bytes).
        key: the address of the key that signed.
        member: the address of the member whose key it is.
        role: the role acted in.
        country: the member's country.
        position: the position after it; an observation leaves it as it was.
        head: the head after it (32 bytes).
        moment: when, on chain.
        transaction: the hash of the transaction that carried it (32 bytes); empty where a bundle proves it, for a
            receipt does not name its transaction.
    """

    milestone: Milestone
    digest: bytes
    key: str
    member: str
    role: Role
    country: str
    position: int
    head: bytes
    moment: Moment
    transaction: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted statement of a consignment.

    Attributes:
        acceptance: what the contract logged.
        statement: what was stated; None where it could not be read.
        signature: its signature in EIP-2098's form (64 bytes), as the contract logged it; empty where that could not
            be read.
        opening: blind and digest of the reasons of an assessment that it opened, where they were found. Nobody signed
            for them: one that opens nothing proves nothing.
        unread: why statement or signature could not be read, where one could not.
    """

    acceptance: Acceptance
    statement: Statement | None
    signature: bytes = b""
    opening: Opening | None = None
    unread: str = ""

    @property
    def position(self) -> int | None:
        """Its position in the history; None for an observation, which has none."""
        return None if self.acceptance.milestone is Milestone.OBSERVED else self.acceptance.position

    @property
    def label(self) -> str:
        """How reasons call it: ``Statement 4 (departed)``."""
        if self.acceptance.milestone is Milestone.OBSERVED:
            return f"The observation in block {self.acceptance.moment.block:,}"
        return f"Statement {self.acceptance.position} ({self.acceptance.milestone.label})"


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event behind an event commitment, as a store or a parcel has it.

    Attributes:
        digests: event hash, content digest and event commitment that it is said to have been committed to with.
        event: the event as it is now at hand; None where only its digests are.
        original: the event as it was committed to, where it is at hand beside a copy that is judged.
    """

    digests: EventDigests
    event: Event | None = None
    original: Event | None = None


@dataclass(frozen=True, slots=True)
class Openings:
    """What is known of the secrets behind a consignment's commitments.

    Attributes:
        blinds: blind and content behind a blinded commitment, by that commitment (32 bytes).
        events: the events behind event commitments, by the event commitment (32 bytes).
    """

    blinds: Mapping[bytes, Blind] = field(default_factory=lambda: MappingProxyType({}))
    events: Mapping[bytes, KnownEvent] = field(default_factory=lambda: MappingProxyType({}))

    def event(self, blinded: bytes) -> KnownEvent | None:
        """The event said to stand behind a blinded commitment; None where blind or event are not at hand."""
        blind = self.blinds.get(blinded)
        if blind is None or not isinstance(blind.content, EventContent):
            return None
        return self.events.get(blind.content.commitment)

    def seal_number(self, blinded: bytes) -> str | None:
        """The seal number that was recorded by a blinded commitment; None where none at hand opens it."""
        blind = self.blinds.get(blinded)
        if blind is None or blind.blinded != blinded or not isinstance(blind.content, SealContent):
            return None
        return blind.content.number


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier was given and does not check: the contract on its chain, and who founded the consortium.

    Attributes:
        domain: chain id and the contract's address.
        founders: the addresses of the founding authorities; empty where they were not given.
    """

    domain: Domain
    founders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that had to be read and could not be.

    Attributes:
        what: what it is, as in "the consignment's history".
        why: what happened instead.
        mend: what to do.
    """

    what: str
    why: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Where a history ends by another word than its own: the contract's, or that of authorities.

    Attributes:
        position: the number of statements.
        head: the head after the last of them (32 bytes).
    """

    position: int
    head: bytes


@dataclass(frozen=True)
class Case:
    """Everything that a verdict about one consignment is reached from.

    Attributes:
        domain: the chain and contract that the statements were read from.
        consignment: the consignment's id (32 bytes).
        as_of: the last block read; None where none could be.
        statements: the accepted statements in the order of the chain, without observations.
        observations: the accepted observations in the order of the chain.
        membership: the register's history; None where it could not be read.
        recorded: the state that the contract holds; None where it could not be read, or holds none.
        reference: UCR, salt and exporter, where they are known.
        openings: the documents and secrets at hand.
        unplaced: events of a document that was handed over, which belong to no statement known here.
        trust: what the verifier was given; None where it was given nothing.
        gaps: what could not be read.
        tolerance_seconds: how far clocks may differ.
        gazetteer: the list of places; None where there is none.
        proven: what an evidence bundle proved; None where the case was read from a node.
    """

    domain: Domain
    consignment: bytes
    as_of: AsOf | None = None
    statements: tuple[Entry, ...] = ()
    observations: tuple[Entry, ...] = ()
    membership: Membership | None = None
    recorded: State | None = None
    reference: Reference | None = None
    openings: Openings = field(default_factory=Openings)
    unplaced: tuple[Event, ...] = ()
    trust: Trust | None = None
    gaps: tuple[Gap, ...] = ()
    tolerance_seconds: int = CLOCK_TOLERANCE_SECONDS
    gazetteer: Gazetteer | None = None
    proven: Proven | None = None

    @property
    def end(self) -> End | None:
        """Where the history ends by the newest proof of a bundle, or by the state that the contract holds."""
        if self.proven is not None:
            newest = next(iter(self.proven.ends), None)
            return None if newest is None else End(newest.position, newest.head)
        return None if self.recorded is None else End(self.recorded.position, self.recorded.head)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Statements, then observations."""
        return self.statements + self.observations

    @property
    def sequence(self) -> tuple[Entry, ...]:
        """The statements up to the first one whose position is not the next: what can be followed step by step."""
        return tuple(
            entry
            for entry, _ in takewhile(
                lambda each: each[0].acceptance.position == each[1], zip(self.statements, count(1), strict=False)
            )
        )

    @cached_property
    def stated(self) -> tuple[Step, ...]:
        """The events at hand that somebody stated, in the order of the entries, those withdrawn since among them."""
        return stated_events(self)

    @cached_property
    def trail(self) -> tuple[Step, ...]:
        """The events at hand that somebody stands by, in the order in which they happened."""
        return standing_events(self)

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        """The trail, with what was known to be inside what right before each of its events."""
        return followed(self.trail)

    @cached_property
    def limits(self) -> tuple[Limit | UnreadableLimit, ...]:
        """The limits that the events of the trail state for the goods."""
        return tuple(each for step in self.trail for each in limits_of(step))

    @cached_property
    def sensed(self) -> tuple[Sensed, ...]:
        """What sensors reported in the events of the trail, in the order of time."""
        return sensor_record(self)

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The steps of the trail, each with where it says that it happened."""
        return tuple(Stop(step, whereabouts(step.event, self.gazetteer)) for step in self.trail)

    def digests_of(self, event: Event) -> EventDigests:
        """The digests of an event at hand, computed once.

        Raises:
            InputError: it has none, for it cannot be hashed.
        """
        found = self._digests.get(id(event))
        if found is None:
            found = self._digests[id(event)] = digests(event)
        return found

    def keep_digests(self, event: Event, named: EventDigests) -> None:
        """Take the digests of an event at hand as they were computed for it, so that they are not computed again."""
        self._digests[id(event)] = named

    @cached_property
    def _digests(self) -> dict[int, EventDigests]:
        return {}

    def read_entries(self) -> Iterator[tuple[Entry, Statement]]:
        """Every entry whose statement could be read, with it."""
        return _read(self.entries)

    def read_statements(self) -> Iterator[tuple[Entry, Statement]]:
        """The same without observations."""
        return _read(self.statements)

    def name(self, address: str) -> str:
        """What to call a member: the name in its profile, or its address."""
        return address if self.membership is None else self.membership.name_of(address)

    def asked(self, entry: Entry) -> str:
        """Whom to ask about an entry: the member that stated it."""
        return self.name(entry.acceptance.member)


def _read(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, Statement]]:
    for entry in entries:
        if entry.statement is not None:
            yield entry, entry.statement
