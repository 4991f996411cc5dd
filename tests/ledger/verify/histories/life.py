"""A consignment's life as it is lived: each statement is put to the rules, signed, linked and logged as on the chain.

A :class:`Life` has a clock and a place. What is stated or observed happens now and here, with an EPCIS event of it
where one is told, in JSON-LD or read back from XML.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.chain.lifecycle import apply
from ledger.chain.state import UNKNOWN, Act
from ledger.epcis import read, write_xml
from ledger.epcis.commitment import digests, ucr_commitment
from ledger.identity.milestones import HEADLESS, Channel, Milestone, Role
from ledger.identity.signing import Opening, sign
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Statement, next_head
from ledger.store.blinds import AssessmentContent, Blind, DetailContent, EventContent, SealContent
from ledger.store.records import Reference
from ledger.verify.case import Acceptance, Case, Entry, KnownEvent, Openings, Trust
from ledger.verify.findings import AsOf
from ledger.verify.membership import Membership, Moment
from tests.ledger.verify.builder import DOMAIN, Member, recorded_state, register_of_members
from tests.ledger.verify.histories.world import GAZETTEER

if TYPE_CHECKING:
    from ledger.chain.state import State
    from ledger.epcis import Event
    from ledger.identity.keys import SigningKey
    from tests.ledger.verify.histories.world import Cast, Place

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"border": "urn:smartborder:epcis:"}]
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass
class Life:
    """One consignment, lived step by step.

    Attributes:
        name: what the commitments' secrets and the UCR are made of.
        cast: who takes part.
        place: where the goods are now.
        now: the time, in seconds.
        lag: how long it takes until the chain accepts what was just stated.
    """

    name: str
    cast: Cast
    place: Place
    now: int
    lag: int = 2 * MINUTE
    bystanders: tuple[Member, ...] = ()
    statements: list[Entry] = field(default_factory=list)
    observations: list[Entry] = field(default_factory=list)
    blinds: dict[bytes, Blind] = field(default_factory=dict)
    events: dict[bytes, KnownEvent] = field(default_factory=dict)
    state: State | None = None
    head: bytes = ZERO32
    block: int = 100
    block_time: int = 0

    def __post_init__(self) -> None:
        self.membership: Membership = register_of_members(*self.cast.members, *self.bystanders)
        self.secret = hashlib.sha256(f"secret of {self.name}".encode()).digest()
        salt = hashlib.sha256(f"salt of {self.name}".encode()).digest()
        number = int.from_bytes(salt[:4], "big") % 10**8
        self.reference = Reference(
            f"6{self.cast.exporter.country}{number:08}-2026-0042", salt, self.cast.exporter.address
        )

    # the clock, and what is kept secret

    def wait(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        self.now += round(days * DAY + hours * HOUR + minutes * MINUTE)

    def keep(self, blind: Blind) -> Blind:
        self.blinds[blind.blinded] = blind
        return blind

    def seal(self, number: str) -> Blind:
        return self.keep(Blind.of(SealContent(number), self.secret))

    def assessment(self, channel: Channel, *reasons: str) -> Blind:
        nonce = hashlib.sha256(b"nonce" + self.secret + self.head).digest()
        return self.keep(Blind.of(AssessmentContent(channel, reasons, nonce), self.secret))

    def detail(self, **members: object) -> Blind:
        return self.keep(Blind.of(DetailContent.of(members), self.secret))

    # events

    def event(self, kind: str, step: str | None, /, *, north_km: float = 0.0, **members: Any) -> dict[str, Any]:
        """An event that happens now and here; a member that is None is left out."""
        told = {
            "type": kind,
            "eventTime": stamp(self.now, self.place.offset),
            "eventTimeZoneOffset": self.place.offset,
            "bizStep": step,
            "readPoint": {"id": self.place.geo(north_km)},
            "border:place": self.place.code,
            **members,
        }
        return {name: value for name, value in told.items() if value is not None}

    def know(self, told: dict[str, Any]) -> bytes:
        """Keep an event's document and blind; the blinded commitment. Every second document is in XML."""
        return self.know_event(read_event(told, xml=len(self.events) % 2 == 1))

    def know_event(self, event: Event) -> bytes:
        named = digests(event)
        self.events[named.commitment] = KnownEvent(named, event)
        return self.keep(Blind.of(EventContent(named.commitment), self.secret)).blinded

    # what is said

    def say(
        self,
        milestone: Milestone,
        by: Member,
        role: Role,
        event: dict[str, Any] | None = None,
        *,
        opening: Opening | None = None,
        signing: SigningKey | None = None,
        **members: Any,
    ) -> Entry:
        """State something, here and now; ``members`` overrides any field of the statement."""
        if event is not None:
            members["commitment"] = self.know(event)
        statement = Statement(
            **{
                "consignment": self.reference.id,
                "milestone": milestone,
                "event_time": self.now,
                "signed_time": self.now + MINUTE,
                "valid_until": self.now + 2 * DAY,
                "role": role,
                "previous_head": ZERO32 if milestone in HEADLESS else self.head,
                **members,
            }
        )
        return self.accept(statement, by, opening, signing or by.signing)

    def observe(self, by: Member, role: Role, event: dict[str, Any], **members: Any) -> Entry:
        return self.say(Milestone.OBSERVED, by, role, event, **members)

    def accept(self, statement: Statement, by: Member, opening: Opening | None, signing: SigningKey) -> Entry:
        """Sign a statement and let the chain accept it in the next block."""
        self.block += 1
        self.block_time = max(self.block_time + 5, self.now + self.lag)
        signed = sign(statement, DOMAIN, signing, opening)
        digest, moment = statement.digest(DOMAIN), Moment(self.block, 0, self.block_time)
        observed = statement.milestone is Milestone.OBSERVED
        self.judge(statement, digest, signing, moment, opening)
        if not observed:
            self.head = next_head(self.head, digest, signing.address)
        logged = Acceptance(
            milestone=statement.milestone,
            digest=digest,
            key=signing.address,
            member=by.address,
            role=statement.role,
            country=by.country,
            position=len(self.statements) + (not observed),
            head=self.head,
            moment=moment,
            transaction=hashlib.sha256(b"transaction" + digest).digest(),
        )
        entry = Entry(logged, statement, signed.signature.r + signed.signature.vs, opening)
        (self.observations if observed else self.statements).append(entry)
        return entry

    def judge(
        self, statement: Statement, digest: bytes, signing: SigningKey, moment: Moment, opening: Opening | None
    ) -> None:
        """Put it to the rules, as the contract does.

        Raises:
            RuleRefused: they do not allow it.
        """
        standing, named = self.membership.standing_of_key(signing.address, moment), statement.counterparty
        counterparty = UNKNOWN if named == ZERO_ADDRESS else self.membership.standing_of_member(named, moment)
        act = Act(statement, digest, signing.address, standing, moment.time, counterparty, opening)
        self.state = apply(self.state, act)

    def recorded(self, case: Case) -> State:
        """The state that the contract holds."""
        assert case.statements
        assert self.state is not None
        assert self.state.head == self.head
        return self.state

    def case(self) -> Case:
        """Everything about this life, with every document and secret at hand."""
        founders = frozenset(member.address for member in self.cast.authorities)
        case = Case(
            domain=DOMAIN,
            consignment=self.reference.id,
            as_of=AsOf(self.block + 1, max(self.block_time, self.now) + HOUR),
            statements=tuple(self.statements),
            observations=tuple(self.observations),
            membership=replace(self.membership, founders=founders),
            reference=self.reference,
            openings=Openings(MappingProxyType(dict(self.blinds)), MappingProxyType(dict(self.events))),
            trust=Trust(DOMAIN, founders),
            gazetteer=GAZETTEER,
        )
        return replace(case, recorded=self.recorded(case))

    @property
    def ucr_word(self) -> bytes:
        return ucr_commitment(self.reference.salt, self.reference.ucr)


class LawlessLife(Life):
    """A life that a contract without rules would record: whatever is stated is accepted."""

    def judge(
        self, statement: Statement, digest: bytes, signing: SigningKey, moment: Moment, opening: Opening | None
    ) -> None:
        pass

    def recorded(self, case: Case) -> State:
        """The state that follows as far as one does."""
        return recorded_state(case, self.head)


def read_event(told: dict[str, Any], *, xml: bool = False) -> Event:
    """An event as a document tells it, in JSON-LD or in XML."""
    document = read(json.dumps({"@context": CONTEXT, **told}).encode())
    return read(write_xml(document)).events[0] if xml else document.events[0]


def stamp(seconds: int, offset: str) -> str:
    """A time as it is written at a place: ``2026-05-03T09:05:00+09:00``."""
    sign_, hours, minutes = (-1 if offset[0] == "-" else 1), int(offset[1:3]), int(offset[4:6])
    zone = timezone(sign_ * timedelta(hours=hours, minutes=minutes))
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone).isoformat()
