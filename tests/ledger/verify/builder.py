"""Build cases without a chain: members with fixed keys who state things one after the other, a block for each.

A :class:`Story` signs, links heads and logs acceptances as the contract does, but it judges nothing: what it is told to
record, it records. So a history can be honest, or wrong in exactly one way.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.chain.state import State
from ledger.epcis import Event, read
from ledger.epcis.commitment import digests
from ledger.identity.addresses import checksum_address
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import (
    HEADLESS,
    Channel,
    Duties,
    InspectionResult,
    Milestone,
    Role,
    Side,
    UnsealReason,
)
from ledger.identity.signing import Opening, sign
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Domain, Statement, next_head
from ledger.identity.terms import (
    Route,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    release_terms,
    route_terms,
    unseal_terms,
)
from ledger.store.blinds import AssessmentContent, Blind, DetailContent, EventContent, SealContent
from ledger.store.records import Reference
from ledger.verify.case import Acceptance, Case, Entry, KnownEvent, Openings, Trust
from ledger.verify.checks.replay import replay
from ledger.verify.findings import AsOf
from ledger.verify.membership import KeyRecord, MemberChange, MemberRecord, Membership, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

DOMAIN = Domain(1337, checksum_address(b"\x11" * 20))
START = 1_772_438_400  # 2026-03-02 08:00:00 UTC
SECRET = hashlib.sha256(b"secret of the consignment").digest()
ADMITTED = Moment(1, 0, START - 86_400)


@dataclass(frozen=True)
class Member:
    name: str
    country: str
    roles: tuple[Role, ...]

    @property
    def signing(self) -> SigningKey:
        return SigningKey(hashlib.sha256(f"key of {self.name}".encode()).digest())

    @property
    def address(self) -> str:
        return checksum_address(hashlib.sha256(f"member {self.name}".encode()).digest()[:20])

    @property
    def mask(self) -> int:
        return sum(role.bit for role in self.roles)


KR = Member("Korea Customs", "KR", (Role.AUTHORITY,))
SG = Member("Singapore Customs", "SG", (Role.AUTHORITY,))
NL = Member("Dutch Customs", "NL", (Role.AUTHORITY,))
BR = Member("Brazilian Customs", "BR", (Role.AUTHORITY,))
EXPORTER = Member("Hanbit Machinery", "KR", (Role.EXPORTER,))
CARRIER = Member("Straits Line", "SG", (Role.CARRIER,))
RIVAL = Member("Rival Line", "SG", (Role.CARRIER, Role.EXPORTER))
BROKER = Member("Maas Brokers", "NL", (Role.BROKER,))
IMPORTER = Member("Delta Imports", "NL", (Role.IMPORTER,))
AGENCY = Member("Food Safety", "NL", (Role.AGENCY,))
MEMBERS = (KR, SG, NL, BR, EXPORTER, CARRIER, RIVAL, BROKER, IMPORTER, AGENCY)
FOUNDERS = frozenset(member.address for member in (KR, SG, NL))

REFERENCE = Reference("6KR4012345-2026-0001", hashlib.sha256(b"salt").digest(), EXPORTER.address)
ROUTE = Route("KR", "NL", ("SG",))


def make_event(number: int, time: int, **members: Any) -> Event:
    """An object event of our own, at a time in seconds."""
    stamp = moment_stamp(time)
    content = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "eventTime": stamp,
        "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
        "action": "OBSERVE",
        "bizStep": "shipping",
        **members,
    }
    return read(json.dumps(content).encode()).events[0]


def moment_stamp(time: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seal(number: str) -> Blind:
    return Blind.of(SealContent(number), SECRET)


def assessment(channel: Channel, *reasons: str) -> Blind:
    return Blind.of(AssessmentContent(channel, reasons, hashlib.sha256(b"nonce").digest()), SECRET)


SEAL = seal("KR-7730011")
GREEN = assessment(Channel.GREEN, "known exporter")
RED = assessment(Channel.RED, "weight differs from the declaration")


def register_of_members(*members: Member) -> Membership:
    return Membership(
        MappingProxyType(
            {
                member.address: MemberRecord(
                    member.address, number, member.country, (MemberChange(ADMITTED, member.mask),), member.name
                )
                for number, member in enumerate(members, start=1)
            }
        ),
        MappingProxyType({m.signing.address: KeyRecord(m.signing.address, m.address, ADMITTED) for m in members}),
        FOUNDERS,
    )


@dataclass
class Story:
    """A history as it is told: each :meth:`say` is accepted in the next block, an hour after the one before."""

    reference: Reference = REFERENCE
    membership: Membership = field(default_factory=lambda: register_of_members(*MEMBERS))
    statements: list[Entry] = field(default_factory=list)
    observations: list[Entry] = field(default_factory=list)
    blinds: dict[bytes, Blind] = field(default_factory=dict)
    events: dict[bytes, KnownEvent] = field(default_factory=dict)
    head: bytes = ZERO32
    block: int = 10

    @property
    def now(self) -> int:
        return START + 3_600 * (self.block - 10)

    def keep(self, *blinds: Blind) -> None:
        self.blinds |= {blind.blinded: blind for blind in blinds}

    def say(
        self,
        milestone: Milestone,
        by: Member,
        role: Role,
        *,
        event: bool = False,
        opening: Opening | None = None,
        signing: SigningKey | None = None,
        **members: Any,
    ) -> Entry:
        """State something; ``members`` overrides any field of the statement."""
        self.block += 1
        if event:
            made = make_event(self.block, self.now - 600)
            members["commitment"] = self.know(made)
        statement = Statement(
            **{
                "consignment": self.reference.id,
                "milestone": milestone,
                "event_time": self.now - 600,
                "signed_time": self.now - 60,
                "valid_until": self.now + 86_400,
                "role": role,
                "previous_head": ZERO32 if milestone in HEADLESS else self.head,
                **members,
            }
        )
        return self.accept(statement, by, opening, signing or by.signing)

    def know(self, event: Event) -> bytes:
        """Keep an event's document and blind; the blinded commitment."""
        named = digests(event)
        blind = Blind.of(EventContent(named.commitment), SECRET)
        self.keep(blind)
        self.events[named.commitment] = KnownEvent(named, event)
        return blind.blinded

    def accept(self, statement: Statement, by: Member, opening: Opening | None, signing: SigningKey) -> Entry:
        signed = sign(statement, DOMAIN, signing, opening)
        digest = statement.digest(DOMAIN)
        observed = statement.milestone is Milestone.OBSERVED
        if not observed:
            self.head = next_head(self.head, digest, signing.address)
        entry = Entry(
            Acceptance(
                milestone=statement.milestone,
                digest=digest,
                key=signing.address,
                member=by.address,
                role=statement.role,
                country=by.country,
                position=len(self.statements) + (not observed),
                head=self.head,
                moment=Moment(self.block, 0, self.now),
                transaction=hashlib.sha256(b"transaction" + digest).digest(),
            ),
            statement,
            signed.signature.r + signed.signature.vs,
            opening,
        )
        (self.observations if observed else self.statements).append(entry)
        return entry

    def case(self) -> Case:
        """The case, with the state that the contract would hold."""
        case = Case(
            domain=DOMAIN,
            consignment=self.reference.id,
            as_of=AsOf(self.block + 1, self.now + 3_600),
            statements=tuple(self.statements),
            observations=tuple(self.observations),
            membership=self.membership,
            reference=self.reference,
            openings=Openings(MappingProxyType(dict(self.blinds)), MappingProxyType(dict(self.events))),
            trust=Trust(DOMAIN, FOUNDERS),
        )
        return replace(case, recorded=recorded_state(case, self.head))


def recorded_state(case: Case, head: bytes) -> State:
    """What the contract would hold: the last state that the rules lead to, with the recorded head and position."""
    states = [step.state for step in replay(case, case.membership or Membership()) if step.state is not None]
    born = State(case.consignment, EXPORTER.address, "KR", "NL", EXPORTER.address)
    return replace(states[-1] if states else born, head=head, position=len(case.statements))


def registered(story: Story | None = None) -> Story:
    """A story that begins as it should."""
    story = story or Story()
    terms = route_terms(ROUTE)
    detail = ucr_word(story.reference)
    story.say(
        Milestone.REGISTERED,
        EXPORTER,
        Role.EXPORTER,
        event=True,
        terms=terms,
        detail=detail,
        counterparty=IMPORTER.address,
    )
    return story


def ucr_word(reference: Reference) -> bytes:
    from ledger.epcis.commitment import ucr_commitment

    return ucr_commitment(reference.salt, reference.ucr)


def sealed(story: Story | None = None) -> Story:
    story = registered(story)
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, event=True, detail=SEAL.blinded)
    return story


def assessed_for_export(story: Story | None = None) -> Story:
    story = sealed(story)
    story.keep(GREEN)
    story.say(Milestone.DECLARED, EXPORTER, Role.EXPORTER, side=Side.EXPORT)
    story.say(Milestone.DECLARATION_ACCEPTED, KR, Role.AUTHORITY, side=Side.EXPORT)
    story.say(
        Milestone.ASSESSED,
        KR,
        Role.AUTHORITY,
        side=Side.EXPORT,
        detail=GREEN.blinded,
        terms=channel_terms(Channel.GREEN),
        opening=GREEN.opening(),
    )
    return story


def cleared_for_export(story: Story | None = None) -> Story:
    story = assessed_for_export(story)
    story.say(Milestone.RELEASED, KR, Role.AUTHORITY, side=Side.EXPORT, terms=release_terms())
    return story


def handed_to_carrier(story: Story | None = None) -> Story:
    story = cleared_for_export(story)
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    story.say(Milestone.HANDOVER_ACCEPTED, CARRIER, Role.CARRIER, event=True, detail=SEAL.blinded)
    return story


def at_sea(story: Story | None = None) -> Story:
    story = handed_to_carrier(story)
    story.say(Milestone.DEPARTED, CARRIER, Role.CARRIER, event=True, terms=leg_terms("KR", "SG"), detail=SEAL.blinded)
    return story


def in_import_country(story: Story | None = None) -> Story:
    story = at_sea(story)
    story.say(Milestone.OBSERVED, CARRIER, Role.CARRIER, event=True)
    story.say(Milestone.ARRIVED, CARRIER, Role.CARRIER, event=True, terms=country_terms("SG"), detail=SEAL.blinded)
    story.say(Milestone.TRANSIT_PASSED, SG, Role.AUTHORITY, terms=country_terms("SG"))
    story.say(Milestone.DEPARTED, CARRIER, Role.CARRIER, event=True, terms=leg_terms("SG", "NL"), detail=SEAL.blinded)
    story.say(Milestone.ARRIVED, CARRIER, Role.CARRIER, event=True, terms=country_terms("NL"), detail=SEAL.blinded)
    return story


def delivered(story: Story | None = None) -> Story:
    """A whole honest life: 27 statements, two observations, a red channel, an inspection, a correction."""
    story = in_import_country(story)
    report = Blind.of(DetailContent.of({"report": "as declared"}), SECRET)
    again = seal("NL-0042")
    story.keep(RED, report, again)
    side = Side.IMPORT
    story.say(Milestone.APPOINTED, IMPORTER, Role.IMPORTER, side=side, counterparty=BROKER.address)
    story.say(Milestone.DECLARED, BROKER, Role.BROKER, side=side)
    story.say(Milestone.DECLARATION_ACCEPTED, NL, Role.AUTHORITY, side=side)
    story.say(Milestone.DUTIES_SETTLED, NL, Role.AUTHORITY, side=side, terms=duties_terms(Duties.SETTLED))
    story.say(Milestone.ASSESSED, NL, Role.AUTHORITY, side=side, detail=RED.blinded)
    terms = channel_terms(Channel.RED)
    story.say(Milestone.STOPPED, NL, Role.AUTHORITY, side=side, terms=terms, opening=RED.opening())
    terms = unseal_terms(UnsealReason.OPENED)
    story.say(Milestone.UNSEALED, NL, Role.AUTHORITY, terms=terms, detail=SEAL.blinded)
    terms = inspection_terms(InspectionResult.PASSED)
    story.say(Milestone.INSPECTED, NL, Role.AUTHORITY, side=side, terms=terms, detail=report.blinded, event=True)
    story.say(Milestone.SEALED, NL, Role.AUTHORITY, detail=again.blinded)
    story.say(Milestone.RELEASED, NL, Role.AUTHORITY, side=side)
    story.say(Milestone.HANDOVER_OFFERED, CARRIER, Role.CARRIER, counterparty=IMPORTER.address)
    story.say(Milestone.HANDOVER_ACCEPTED, IMPORTER, Role.IMPORTER, detail=again.blinded)
    story.say(Milestone.REMOVED, IMPORTER, Role.IMPORTER, detail=again.blinded)
    story.say(Milestone.DELIVERED, IMPORTER, Role.IMPORTER, event=True)
    story.say(Milestone.OBSERVED, IMPORTER, Role.IMPORTER, event=True)
    return story


def with_entry(case: Case, position: int, /, **changes: Any) -> Case:
    """The case with one entry changed: fields of the entry, or of its acceptance."""
    entry = case.statements[position - 1]
    own = {name: value for name, value in changes.items() if name in Entry.__dataclass_fields__}
    logged = {name: value for name, value in changes.items() if name not in own}
    changed = replace(entry, **own, acceptance=replace(entry.acceptance, **logged))
    return replace(case, statements=(*case.statements[: position - 1], changed, *case.statements[position:]))


def with_statement(case: Case, position: int, /, **changes: Any) -> Case:
    """The case with fields of one statement changed, and nothing else."""
    statement = case.statements[position - 1].statement
    assert statement is not None
    return with_entry(case, position, statement=replace(statement, **changes))


def forget(mapping: Mapping[bytes, Any], *keys: bytes) -> Mapping[bytes, Any]:
    return MappingProxyType({key: value for key, value in mapping.items() if key not in keys})


NO_ADDRESS = ZERO_ADDRESS
