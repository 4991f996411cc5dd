"""Stating: from what a party wants to say to what the contract recorded.

One way, each step repeatable: the document is read and judged → its events get hash, digest and commitment → each
commitment is blinded → the statement is signed → all of it is kept in the store → it is sent → what became of it is
kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.recorded import Recorded, Skipped
from ledger.chain.history import consignment_history
from ledger.epcis import read
from ledger.epcis.commitment import digests
from ledger.epcis.reading import sniffed
from ledger.errors import InputError
from ledger.identity.milestones import HEADLESS, Channel, Milestone, Role, Side
from ledger.identity.signing import Opening, sign
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Statement
from ledger.store.blinds import AssessmentContent, Blind, EventContent, assessment_nonce
from ledger.store.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clients.connection import Connection
    from ledger.epcis import Event
    from ledger.epcis.commitment import EventDigests
    from ledger.identity.keys import Keyring
    from ledger.identity.signing import SignedStatement
    from ledger.store.blinds import Content
    from ledger.store.records import Reference
    from ledger.store.store import Store


@dataclass(frozen=True, slots=True)
class Act:
    """What a party wants to state: a statement without what the moment adds (times, head, blinds).

    Attributes:
        milestone: what happened.
        role: the role acted in.
        side: the clearance concerned, where one is.
        document: the EPCIS document of what happened, if there is one.
        counterparty: the address of the other member named, or the zero address.
        terms: what the contract reads in clear (32 bytes).
        detail: a blinded commitment (32 bytes).
        opening: what opens an assessment, where the terms name a channel.
        reference: UCR, salt and exporter, for a registration.
        blinds: what opens the commitments in it, to be kept.
    """

    milestone: Milestone
    role: Role
    side: Side = Side.NONE
    document: bytes | None = None
    counterparty: str = ZERO_ADDRESS
    terms: bytes = ZERO32
    detail: bytes = ZERO32
    opening: Opening | None = None
    reference: Reference | None = None
    blinds: tuple[Blind, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """An event of the document behind a statement, with its digests and the blind of its commitment."""

    event: Event
    digests: EventDigests
    blind: Blind

    @property
    def event_time(self) -> int:
        """When it happened, in whole seconds since 1970."""
        return int(self.event.event_time.timestamp())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act.

    Attributes:
        consignment: the consignment's id (32 bytes).
        recorded: each statement recorded, in order.
        skipped: observations of the same document that the contract refused.
    """

    consignment: bytes
    recorded: tuple[Recorded, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def id(self) -> str:
        """The consignment's id as text, by which every method finds it."""
        return f"0x{self.consignment.hex()}"

    @property
    def digest(self) -> str:
        """The digest of the first statement as text."""
        return f"0x{self.recorded[0].digest.hex()}"


class Desk:
    """Where a party's statements are made: its keys, its store and the chain together."""

    def __init__(
        self,
        keyring: Keyring,
        store: Store,
        connection: Connection,
        clock: Callable[[], int],
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._keyring = keyring
        self._store = store
        self._connection = connection
        self._clock = clock
        self._random = random
        self._new_secrets: dict[bytes, bytes] = {}

    def state(self, consignment: bytes, act: Act, event_time: int | None = None) -> Outcome:
        """Sign a statement and have it recorded; further events of its document go along as observations.

        Args:
            consignment: the consignment's id (32 bytes).
            act: what is stated.
            event_time: when it happened, in seconds; else as the document says, else now.

        Raises:
            EpcisInvalid: the document breaks rules; nothing was done.
            RuleRefused: the contract does not allow it; nothing was done.
            Unavailable: store or node cannot be used.
        """
        papers = self._papers(consignment, act.document)
        statement = self._statement(consignment, act, event_time, papers)
        first = sign(statement, self._connection.domain, self._keyring.signing, act.opening)
        observations = self._observations(consignment, papers[1:], act.role)
        return self._record(consignment, act, papers, [first, *observations])

    def observe(self, consignment: bytes, document: bytes, role: Role) -> Outcome:
        """Record every event of a document as an observation."""
        papers = self._papers(consignment, document)
        act = Act(Milestone.OBSERVED, role, document=document)
        return self._record(consignment, act, papers, self._observations(consignment, papers, role))

    def blind(self, consignment: bytes, content: Content) -> Blind:
        """What hides a content behind a commitment that nobody can guess; kept with the statement that uses it."""
        return Blind.of(content, self._secret(consignment))

    def assessment(self, consignment: bytes, channel: Channel, reasons: tuple[str, ...]) -> Blind:
        """The blind of an assessment: of its channel and the reasons, in plain words."""
        nonce = assessment_nonce(self._secret(consignment), self._connection.head(consignment))
        return self.blind(consignment, AssessmentContent(channel, reasons, nonce))

    def closed_assessment(self, consignment: bytes, side: Side) -> Blind | None:
        """The assessment of a side that is not opened yet, where this store can open it."""
        state = self._connection.state(consignment)
        clearance = state.export_side if side is Side.EXPORT else state.import_side
        if clearance.channel is not Channel.CLOSED or clearance.assessment == ZERO32:
            return None
        with self._store.read() as kept:
            found = [
                blind for blind in kept.consignments.blinds_of(consignment) if blind.blinded == clearance.assessment
            ]
        return found[0] if found else None

    def settle(self, consignment: bytes) -> None:
        """Learn what became of statements that were kept and sent before a crash or a lost connection."""
        with self._store.read() as kept:
            waiting = {each.digest for each in kept.statements.unsettled()}
        if not waiting:
            return
        history = consignment_history(self._connection.contracts, consignment)
        with self._store.write() as kept:
            for accepted in (*history.statements, *history.observations):
                if accepted.digest in waiting:
                    position = accepted.position or None
                    kept.statements.mark_accepted(accepted.digest, accepted.place.transaction, position)

    def _secret(self, consignment: bytes) -> bytes:
        """This party's secret for a consignment; a new one is kept with the first statement that needs it."""
        with self._store.read() as kept:
            if kept.consignments.has_secret(consignment):
                return kept.consignments.secret(consignment)
        return self._new_secrets.setdefault(consignment, self._random(32))

    def _papers(self, consignment: bytes, document: bytes | None) -> list[Paper]:
        if document is None:
            return []
        events = read(document).events
        if not events:
            raise InputError("the document holds no event", where="document", mend="Give one with at least one event.")
        secret = self._secret(consignment)
        named = [(event, digests(event)) for event in events]
        return [Paper(event, each, Blind.of(EventContent(each.commitment), secret)) for event, each in named]

    def _statement(self, consignment: bytes, act: Act, event_time: int | None, papers: list[Paper]) -> Statement:
        now = self._clock()
        if event_time is None:
            event_time = papers[0].event_time if papers else now
        return Statement(
            consignment=consignment,
            milestone=act.milestone,
            side=act.side,
            commitment=papers[0].blind.blinded if papers else ZERO32,
            event_time=event_time,
            signed_time=now,
            valid_until=now + self._connection.validity_seconds,
            role=act.role,
            previous_head=self._previous_head(consignment, act.milestone),
            counterparty=act.counterparty,
            terms=act.terms,
            detail=act.detail,
        )

    def _previous_head(self, consignment: bytes, milestone: Milestone) -> bytes:
        if milestone in HEADLESS or milestone is Milestone.REGISTERED:
            return ZERO32
        return self._connection.head(consignment)

    def _observations(self, consignment: bytes, papers: list[Paper], role: Role) -> list[SignedStatement]:
        now = self._clock()
        until = now + self._connection.validity_seconds
        return [
            sign(
                Statement(
                    consignment, Milestone.OBSERVED, paper.event_time, now, until, role, commitment=paper.blind.blinded
                ),
                self._connection.domain,
                self._keyring.signing,
            )
            for paper in papers
        ]

    def _record(self, consignment: bytes, act: Act, papers: list[Paper], signed: list[SignedStatement]) -> Outcome:
        """Try, keep, send, keep what became of it: what the rules refuse leaves store and chain as they were."""
        self.settle(consignment)
        self._connection.attempt(signed[0])
        self._keep(consignment, act, papers, signed)
        outcomes = self._connection.submit(signed)
        with self._store.write() as kept:
            for outcome in outcomes:
                if isinstance(outcome, Recorded):
                    kept.statements.mark_accepted(outcome.digest, outcome.transaction, outcome.position)
                else:
                    kept.statements.mark_refused(outcome.digest, outcome.transaction, str(outcome.refusal))
        if isinstance(outcomes[0], Skipped):
            raise outcomes[0].refusal
        recorded = tuple(outcome for outcome in outcomes if isinstance(outcome, Recorded))
        return Outcome(consignment, recorded, tuple(outcome for outcome in outcomes if isinstance(outcome, Skipped)))

    def _keep(self, consignment: bytes, act: Act, papers: list[Paper], signed: list[SignedStatement]) -> None:
        with self._store.write() as kept:
            kept.consignments.keep(consignment)
            if act.reference is not None:
                kept.consignments.keep_reference(act.reference)
            if not kept.consignments.has_secret(consignment):
                kept.consignments.keep_secret(consignment, self._secret(consignment))
            if act.document is not None:
                document = kept.documents.keep(Document(act.document, sniffed(act.document)))
                kept.documents.keep_events(document, [paper.digests for paper in papers])
                kept.documents.link(consignment, document)
            for blind in (*act.blinds, *(paper.blind for paper in papers)):
                kept.consignments.keep_blind(consignment, blind)
            for statement in signed:
                kept.statements.keep(statement, self._connection.domain)


def event_seconds(at: datetime | None) -> int | None:
    """A time as whole seconds since 1970.

    Raises:
        InputError: it has no offset.
    """
    if at is None:
        return None
    if at.tzinfo is None:
        raise InputError(f"{at.isoformat()} has no offset", where="at", mend="Give a time with its offset.")
    return int(at.timestamp())
