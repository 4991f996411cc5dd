"""A consignment on an imagined chain, and the parties to it, for the tests of this folder."""

import json
from dataclasses import dataclass, field, replace

from ledger.epcis import digests, read
from ledger.epcis.model import Media
from ledger.exchange import Accepted, Envelope, Parcel
from ledger.identity.keys import CheckpointKey, EncryptionKey, Keyring, SigningKey, StorageSecret
from ledger.identity.milestones import Channel, Milestone, Role, Side
from ledger.identity.signing import sign
from ledger.identity.statements import Domain, Statement, next_head
from ledger.identity.terms import channel_terms
from ledger.store.blinds import AssessmentContent, Blind, DetailContent, EventContent, SealContent
from ledger.store.records import Document, Reference

DOMAIN = Domain(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
SECRET = bytes(range(100, 132))


def keyring(seed):
    secrets = [bytes([seed * 16 + index]) * 32 for index in range(4)]
    return Keyring(
        SigningKey(secrets[0]), EncryptionKey(secrets[1]), CheckpointKey(secrets[2]), StorageSecret(secrets[3])
    )


EXPORTER, CARRIER, STRANGER = keyring(1), keyring(2), keyring(3)
REFERENCE = Reference("5KR1234567-2026-0042", bytes(range(32)), EXPORTER.address)
ENVELOPE = Envelope(DOMAIN, EXPORTER.address, CARRIER.address)


def epcis_document(sscc="urn:epc:id:sscc:0614141.1234567890", media_type=Media.JSON):
    event = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "departing",
        "epcList": [sscc],
        "eventTime": "2026-11-20T08:00:00Z",
        "eventTimeZoneOffset": "+09:00",
    }
    document = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-20T09:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
    return Document(json.dumps(document).encode(), media_type)


DOCUMENT = epcis_document()
EVENT = digests(read(DOCUMENT.content).events[0])
EVENT_BLIND = Blind.of(EventContent(EVENT.commitment), SECRET)
SEAL_BLIND = Blind.of(SealContent("KR-8841"), SECRET)
ASSESSMENT_BLIND = Blind.of(AssessmentContent(Channel.GREEN, ("trusted trader",), b"\x06" * 32), SECRET)
DETAIL_BLIND = Blind.of(DetailContent.of({"declaration": "26KR000017"}), SECRET)


def statement(milestone, head, **fields):
    return Statement(
        consignment=REFERENCE.id,
        milestone=milestone,
        event_time=1_795_000_000,
        signed_time=1_795_000_000,
        valid_until=1_795_003_600,
        role=Role.EXPORTER,
        previous_head=head,
        **fields,
    )


def stated():
    """Four statements, each on the head of the one before."""
    acts = [
        {"milestone": Milestone.REGISTERED, "commitment": EVENT_BLIND.blinded, "detail": b"\x01" * 32},
        {"milestone": Milestone.SEALED, "detail": SEAL_BLIND.blinded},
        {"milestone": Milestone.DECLARED, "side": Side.EXPORT, "detail": DETAIL_BLIND.blinded},
        {
            "milestone": Milestone.ASSESSED,
            "side": Side.EXPORT,
            "detail": ASSESSMENT_BLIND.blinded,
            "terms": channel_terms(Channel.GREEN),
        },
    ]
    head = bytes(32)
    for act in acts:
        opening = ASSESSMENT_BLIND.opening() if act["milestone"] is Milestone.ASSESSED else None
        signed = sign(statement(head=head, **act), DOMAIN, EXPORTER.signing, opening)
        head = next_head(head, signed.statement.digest(DOMAIN), EXPORTER.address)
        yield signed


STATEMENTS = tuple(stated())
PARCEL = Parcel(
    consignment=REFERENCE.id,
    reference=REFERENCE,
    statements=STATEMENTS,
    blinds=(EVENT_BLIND, SEAL_BLIND, ASSESSMENT_BLIND, DETAIL_BLIND),
    documents=(DOCUMENT,),
)


def accepted_on_chain(signed, position, member=EXPORTER.address):
    return Accepted(
        digest=signed.statement.digest(DOMAIN),
        milestone=signed.statement.milestone,
        side=signed.statement.side,
        commitment=signed.statement.commitment,
        detail=signed.statement.detail,
        key=EXPORTER.address,
        member=member,
        transaction=bytes([position]) * 32,
        position=position,
    )


@dataclass
class ImaginedChain:
    """What a node would tell of this consignment."""

    history: list = field(default_factory=lambda: [accepted_on_chain(s, p) for p, s in enumerate(STATEMENTS, 1)])
    members: dict = field(default_factory=lambda: {each.address: each.address for each in (EXPORTER, CARRIER)})

    def accepted(self, consignment):
        return self.history if consignment == REFERENCE.id else []

    def member_of_key(self, key):
        return self.members.get(key)


def with_statement(index, **changes):
    """The sample parcel with one statement changed after it was signed."""
    signed = STATEMENTS[index]
    changed = replace(signed, statement=replace(signed.statement, **changes))
    return replace(PARCEL, statements=(*STATEMENTS[:index], changed, *STATEMENTS[index + 1 :]))
