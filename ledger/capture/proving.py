r"""Proofs that an event is in a member's log: made by the member, checked by whoever holds the event.

A proof is a C2SP tlog-proof. Its extra data may carry the blind of the entry::

    extra = "smartborder:blind:v1\0" · blind [32]

With it, who holds the document recomputes the entry, SHA-256 over blind and event commitment, and so its leaf;
without it, the proof shows that *something* is in the log, and only who was given the blind can tell what. The extra
data is not authenticated, and need not be: a wrong blind leads to no leaf of the log. Sources: C2SP tlog-proof;
docs/formats.md, "Blinded commitment".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.capture.errors import EventUnknownError, NotProvenError
from ledger.epcis.commitment import EventDigests, blind, blinded_commitment, digests
from ledger.epcis.reading import read
from ledger.errors import InputError
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.errors import ProofWrongError
from ledger.tlog.merkle import leaf_hash, verify_inclusion
from ledger.tlog.proofs import TlogProof, make_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.store.store import Kept, Store
    from ledger.tlog.policy import Policy, VerifiedCheckpoint
    from ledger.tlog.vkeys import VerifierKey

BLIND_TAG: Final = b"smartborder:blind:v1\0"
_HASH: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{64})", re.ASCII)
_POSITION: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ProvenEvent:
    """An event that a proof shows to be in a log.

    Attributes:
        place: its index in the document that was handed over, from 0.
        digests: event hash, content digest and event commitment.
        position: its place in the log, from 0.
        checkpoint: the checkpoint that it was proven against, as the policy accepts it.
    """

    place: int
    digests: EventDigests
    position: int
    checkpoint: VerifiedCheckpoint


def prove(store: Store, folder: Path, key: VerifierKey, event: str, *, with_blind: bool = True) -> TlogProof:
    """The proof that an event is in the member's log.

    Args:
        store: the member's.
        folder: the log's.
        key: the log's; its name is the origin.
        event: its event hash ID, its content digest or event commitment (64 digits), or its position in the log.
        with_blind: whether the proof holds the blind, for whoever has the event.

    Raises:
        EventUnknownError: no such event is in the log, or not in its published checkpoint yet.
        InputError: the text names no event, or several.
        LogMissingError, LogDamagedError, LogUnusableError: the log cannot be read.
    """
    with store.read() as kept:
        if not kept.event_logs.has(key.name):
            raise _unknown(event, "nothing was captured yet")
        position, commitment = _find(kept, key.name, event)
        secret = kept.event_logs.secret(key.name)
    reader = LogReader(FolderSource(folder), [verifier_of(key)])
    published = reader.checkpoint()
    if position >= published.checkpoint.size:
        raise _unknown(event, f"it has the position {position}, and the checkpoint has {published.checkpoint.size}")
    extra = BLIND_TAG + blind(secret, commitment) if with_blind else None
    return make_proof(reader, position, published.note, extra)


def check_proof(proof: TlogProof, document: bytes, policy: Policy, given_blind: bytes | None = None) -> ProvenEvent:
    """Check a proof against a document that holds the event. Nothing but the arguments is looked at.

    Args:
        proof: the proof.
        document: the EPCIS document with the event.
        policy: which log and witnesses count.
        given_blind: the blind (32 bytes), where the proof holds none.

    Raises:
        EpcisInvalid: the document breaks rules of EPCIS.
        NotProvenError: no event of the document is where the proof says.
        InputError: there is no blind.
        SignatureWrongError, SignerUnknownError, OriginWrongError, QuorumMissingError: the policy does not accept the
            checkpoint.
    """
    chosen = given_blind or blind_in(proof)
    if chosen is None:
        raise InputError(
            "the proof holds no blind, so nobody can tell of which event it is",
            where="blind",
            mend="Give the blind that the member handed over, or ask it for a proof with the blind in it.",
        )
    verified = policy.check(proof.checkpoint)
    named = [digests(event) for event in read(document).events]
    for place, event in enumerate(named):
        try:
            verify_inclusion(
                leaf=leaf_hash(blinded_commitment(event.commitment, chosen)),
                index=proof.index,
                size=verified.checkpoint.size,
                proof=proof.hashes,
                root=verified.checkpoint.root,
            )
        except ProofWrongError:
            continue
        return ProvenEvent(place, event, proof.index, verified)
    raise NotProvenError(
        f"none of the document's {len(named)} events is at the position {proof.index} of the log",
        where="proof",
        mend="Check that document and proof belong together: the document may have been altered, or the proof may be "
        "of another event.",
    )


def blind_in(proof: TlogProof) -> bytes | None:
    """The blind (32 bytes) in a proof; ``None`` where it holds none."""
    extra = proof.extra or b""
    if extra.startswith(BLIND_TAG) and len(extra) == len(BLIND_TAG) + 32:
        return extra[len(BLIND_TAG) :]
    return None


def _find(kept: Kept, origin: str, event: str) -> tuple[int, bytes]:
    """The position of an event in the log, and its commitment."""
    text = event.strip()
    if _POSITION.fullmatch(text):
        return int(text), kept.event_logs.event_at(origin, int(text)).digests.commitment
    found = kept.event_logs.positions(origin, _commitments(kept, text))
    if not found:
        raise _unknown(event, "no event of that name was captured")
    if len(found) > 1:
        positions = ", ".join(map(str, sorted(found.values())))
        raise InputError(
            f"{len(found)} events of the log have that name, at the positions {positions}",
            where="event",
            mend="Name one by its position or its content digest.",
        )
    commitment, position = found.popitem()
    return position, commitment


def _commitments(kept: Kept, text: str) -> Sequence[bytes]:
    if text.startswith("ni:"):
        places = kept.documents.find_event_hash(text)
    elif match := _HASH.fullmatch(text):
        name = bytes.fromhex(match[1])
        places = (*kept.documents.find_content_digest(name), *kept.documents.find_commitment(name))
    else:
        raise InputError(
            f"'{text[:100]}' names no event",
            where="event",
            mend="Give an event hash ID (ni:///sha-256;…), a content digest or event commitment (64 digits), or a "
            "position in the log.",
        )
    return list(dict.fromkeys(place.digests.commitment for place in places))


def _unknown(event: str, reason: str) -> EventUnknownError:
    return EventUnknownError(
        f"the event is not in the log: {reason}",
        where=event[:100],
        mend="Capture its document (smartborder capture FILE); without a file, the command completes what is waiting.",
    )
