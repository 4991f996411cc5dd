"""Things to keep, for the tests of this folder and its neighbours."""

import hashlib

from ledger.epcis.commitment import EventDigests
from ledger.epcis.model import Media
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Channel, Milestone, Role
from ledger.identity.signing import sign
from ledger.identity.statements import Domain, Statement
from ledger.store.blinds import AssessmentContent, Blind, DetailContent, EventContent, SealContent
from ledger.store.records import Document, Reference

KEY = b"store key".ljust(32, b".")
SIGNER = SigningKey(b"\x11" * 32)
DOMAIN = Domain(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
SALT = bytes(range(32))
SECRET = bytes(range(100, 132))
REFERENCE = Reference("5KR1234567-2026-0042", SALT, SIGNER.address)
DOCUMENT = Document(b'{"type": "EPCISDocument"}', Media.JSON)
TRANSACTION = b"\x77" * 32
CONTENTS = [
    EventContent(b"\x05" * 32),
    SealContent("KR-8841-海"),
    AssessmentContent(Channel.RED, ("undervalued", "first shipment"), b"\x06" * 32),
    DetailContent.of({"invoice": "A-17", "amount": 12.5}),
]
BLINDS = [Blind.of(content, SECRET) for content in CONTENTS]


def digests(seed):
    def hashed(part):
        return hashlib.sha256(f"{part} {seed}".encode()).digest()

    return EventDigests(f"ni:///sha-256;{hashed('hash').hex()}?ver=CBV2.0", hashed("content"), hashed("commitment"))


def signed_statement(event_time=1_790_000_000, consignment=REFERENCE.id):
    statement = Statement(
        consignment=consignment,
        milestone=Milestone.REGISTERED,
        event_time=event_time,
        signed_time=event_time,
        valid_until=event_time + 3600,
        role=Role.EXPORTER,
    )
    return sign(statement, DOMAIN, SIGNER)
