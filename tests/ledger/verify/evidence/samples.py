"""Bundles of every kind, each verified by its roots: what the tests of evidence tamper with."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.chain.proof.headers import read_header
from ledger.identity.attestations import HeadAttestation, sign_attestation
from ledger.identity.milestones import Milestone, Role
from ledger.store.blinds import Blind, EventContent
from ledger.tlog.checkpoints import Checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import block_log_origin, event_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proving import MemoryTree, inclusion_proof, tree_root
from ledger.verify.evidence import decode_bundle, encode_bundle
from ledger.verify.evidence.bundle import AttestedHead, BlockLog, LoggedProof, WitnessedBlock
from ledger.verify.evidence.roots import AttestationTrust, BlockLogTrust
from scripts.recorded_bundle import RecordedBundle, record_bundle, with_log
from tests.ledger.verify.builder import (
    DOMAIN,
    EXPORTER,
    KR,
    NL,
    SECRET,
    SG,
    delivered,
    make_event,
    registered,
    sealed,
)

AUTHORITIES = (KR, SG, NL)
WITNESSES = 3
QUORUM = 2
COSIGNED_AT = 1_772_700_000


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(f"log key of {name}".encode()).digest())


def cosigner(number: int) -> Ed25519Cosigner:
    return Ed25519Cosigner(f"witness.example/w{number}", key_of(f"witness {number}"))


def policy_of(signer: Ed25519Signer, witnesses: int = WITNESSES, quorum: int = QUORUM):
    named = [PolicyWitness(f"w{number}", cosigner(number).key) for number in range(witnesses)]
    return k_of_n([PolicyLog(signer.key)], named, quorum)


def cosigned(checkpoint: Checkpoint, signer: Ed25519Signer, witnesses) -> bytes:
    note = sign_checkpoint(checkpoint, [signer])
    return note.with_signatures([cosigner(each).cosign(note.text, COSIGNED_AT) for each in witnesses]).data()


def as_read(made: RecordedBundle) -> RecordedBundle:
    """The bundle in its canonical order, as whoever receives it has it."""
    return replace(made, bundle=decode_bundle(encode_bundle(made.bundle)))


@cache
def sealed_by_validators() -> RecordedBundle:
    """Registered and sealed; blocks sealed by QBFT validators; the end proven from the contract's storage."""
    return as_read(record_bundle(sealed().case()))


@cache
def whole_life() -> RecordedBundle:
    return as_read(record_bundle(delivered().case()))


@cache
def without_documents() -> RecordedBundle:
    """Events are named by their hashes alone, and one seal's number stays with the giver."""
    story = sealed()
    made = record_bundle(story.case())
    named = tuple(
        sorted(
            (_named(known) for known in story.events.values()),
            key=lambda each: (each.event_hash, each.content_digest),
        )
    )
    blinds = tuple(each for each in made.bundle.blinds if isinstance(each.content, EventContent))
    return as_read(replace(made, bundle=replace(made.bundle, events=(), named=named, blinds=blinds, reference=None)))


def _named(known):
    from ledger.verify.evidence.bundle import NamedEvent

    return NamedEvent(known.digests.event_hash, known.digests.content_digest)


def witnessed_by(made: RecordedBundle, witnesses, *, depth: int = 0, later: int = 3) -> RecordedBundle:
    """The bundle with a block log in place of trusted validators."""
    headers = {read_header(each.header).number: read_header(each.header) for each in made.bundle.receipts}
    if made.bundle.head is not None:
        last = read_header(made.bundle.head.header)
        headers[last.number] = last
    size = max(headers) + 1 + later
    blocks = [headers[n].hash() if n in headers else sha256(b"block %d" % n).digest() for n in range(size)]
    tree = MemoryTree(leaf_hashes(blocks))
    origin = block_log_origin(made.roots.ledger.chain_id, made.roots.genesis_hash)
    signer = Ed25519Signer(origin, key_of("block log"))
    log = BlockLog(
        cosigned(Checkpoint(origin, size, tree_root(size, tree)), signer, witnesses),
        tuple(
            WitnessedBlock(header.encode(), tuple(inclusion_proof(number, size, tree)))
            for number, header in sorted(headers.items())
        ),
    )
    trust = BlockLogTrust(policy_of(signer), depth)
    return as_read(
        RecordedBundle(replace(made.bundle, block_log=log), replace(made.roots, validators=None, block_log=trust))
    )


@cache
def witnessed() -> RecordedBundle:
    """Blocks in a block log, cosigned by exactly two of three witnesses."""
    return witnessed_by(sealed_by_validators(), range(QUORUM))


def attested_by(made: RecordedBundle, members, **changes) -> RecordedBundle:
    """The bundle with the head attested by authorities, in place of the proof from storage."""
    proof = whole_head(made)
    header = read_header(proof.header)
    end = head_of(made)
    said = HeadAttestation(
        **{
            "consignment": made.bundle.consignment,
            "head": end[1],
            "position": end[0],
            "block_number": header.number,
            "block_hash": header.hash(),
            **changes,
        }
    )
    signatures = tuple(sign_attestation(said, DOMAIN, member.signing) for member in members)
    trust = AttestationTrust(2, tuple(frozenset({member.signing.address}) for member in AUTHORITIES))
    return as_read(
        RecordedBundle(
            replace(made.bundle, head=None, attestations=(AttestedHead(said, signatures),)),
            replace(made.roots, attestations=trust),
        )
    )


def whole_head(made: RecordedBundle):
    assert made.bundle.head is not None
    return made.bundle.head


def head_of(made: RecordedBundle) -> tuple[int, bytes]:
    from ledger.chain.proof.heads import proved_head

    found = proved_head(whole_head(made), made.roots.ledger.consignments, made.bundle.consignment)
    return found.position, found.head


@cache
def attested() -> RecordedBundle:
    """The end by the word of exactly two of three authorities."""
    return attested_by(sealed_by_validators(), (KR, NL))


READING = make_event(900, 1_772_440_000)


def _reading_blind() -> Blind:
    from ledger.epcis import digests

    return Blind.of(EventContent(digests(READING).commitment), SECRET)


def log_entries() -> list[bytes]:
    others = [sha256(b"reading %d" % number).digest() for number in range(7)]
    return [*others[:4], _reading_blind().blinded, *others[4:]]


@cache
def logged() -> RecordedBundle:
    """An event in the exporter's log, under a checkpoint on chain, with its blind and the event itself."""
    from ledger.verify.evidence.contents import event_text

    story = sealed()
    made = record_bundle(story.case())
    made = with_log(made, story.membership.members[EXPORTER.address], log_entries(), 4, block=5)
    text = event_text(READING)
    assert text is not None
    bundle = replace(made.bundle, blinds=(*made.bundle.blinds, _reading_blind()), events=(*made.bundle.events, text))
    return as_read(replace(made, bundle=bundle))


@cache
def logged_and_cosigned() -> RecordedBundle:
    """An event in the exporter's log, under a checkpoint that witnesses cosigned and no chain recorded."""
    made = sealed_by_validators()
    ledger, entries = made.roots.ledger, log_entries()
    origin = event_log_origin(ledger.chain_id, ledger.event_logs, EXPORTER.address)
    signer = Ed25519Signer(origin, key_of("exporter's log"))
    tree = MemoryTree(leaf_hashes(entries))
    size = len(entries)
    note = cosigned(Checkpoint(origin, size, tree_root(size, tree)), signer, range(QUORUM))
    proof = LoggedProof(EXPORTER.address, 4, size, entries[4], tuple(inclusion_proof(4, size, tree)), note)
    return as_read(
        RecordedBundle(replace(made.bundle, logged=(proof,)), replace(made.roots, event_logs=policy_of(signer)))
    )


@cache
def smallest() -> RecordedBundle:
    """Registered, and no more; one validator: what every bit of is tried."""
    return as_read(record_bundle(registered().case(), validators=1))


@cache
def smallest_witnessed() -> RecordedBundle:
    return witnessed_by(smallest(), range(QUORUM), later=0)


@cache
def smallest_attested() -> RecordedBundle:
    return attested_by(smallest(), (KR, NL))


SMALLEST = {"sealed": smallest, "witnessed": smallest_witnessed, "attested": smallest_attested}
"""Of every way to prove that blocks are final and where a history ends, the smallest bundle."""

VERIFIED = {
    "sealed by validators": sealed_by_validators,
    "witnessed": witnessed,
    "attested": attested,
    "logged": logged,
    "logged and cosigned": logged_and_cosigned,
}
"""Every kind of bundle whose verdict is verified."""


def observed_too() -> RecordedBundle:
    """As :func:`sealed_by_validators`, with one observation more."""
    story = sealed()
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, event=True)
    return as_read(record_bundle(story.case()))


def held_after_sealing() -> RecordedBundle:
    """As :func:`sealed_by_validators`, with a hold by customs at its end."""
    story = sealed()
    story.say(Milestone.HELD, KR, Role.AUTHORITY)
    return as_read(record_bundle(story.case()))
