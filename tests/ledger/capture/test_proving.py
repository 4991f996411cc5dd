"""Proofs of captured events: made from the log, checked by whoever holds the document, and nothing else passes."""

from dataclasses import replace

import pytest

from ledger.capture.errors import EventUnknownError, NotProvenError
from ledger.capture.proving import blind_in, check_proof, prove
from ledger.epcis import EpcisInvalid, digests, read
from ledger.errors import InputError
from ledger.store.errors import NotKeptError
from ledger.store.store import Store
from ledger.tlog.errors import SignatureWrongError, SignerUnknownError
from ledger.tlog.policy import Policy, PolicyLog
from ledger.tlog.proofs import parse_proof
from tests.ledger.capture.rig import BROKEN, Rig, document, keyring

CONTENT = document(1, 2, 3)


@pytest.fixture
def captured(rig, inbox):
    (inbox / "a.jsonld").write_bytes(CONTENT)
    (inbox / "b.jsonld").write_bytes(document(*range(10, 30)))
    rig.capture(inbox)
    return rig


def policy(rig):
    return Policy((PolicyLog(rig.witnessing.signer.key),))


def proof_of(rig, event, **choices):
    with Store.open(rig.store_path, rig.keys.store_key()) as store:
        made = prove(store, rig.folder / "log", rig.witnessing.signer.key, event, **choices)
    return parse_proof(made.data())


NAMES = {
    "event hash": lambda event: event.event_hash,
    "content digest": lambda event: event.content_digest.hex(),
    "commitment": lambda event: "0x" + event.commitment.hex(),
    "position": lambda _: "1",
}


@pytest.mark.parametrize("name", NAMES)
def test_an_event_is_proven_by_any_of_its_names_and_told_from_the_others(captured, name):
    event = digests(read(CONTENT).events[1])
    proven = check_proof(proof_of(captured, NAMES[name](event)), CONTENT, policy(captured))
    assert (proven.place, proven.position, proven.digests) == (1, 1, event)
    assert proven.checkpoint.checkpoint.size == 23
    assert proven.checkpoint.checkpoint.origin == captured.witnessing.origin


def test_every_event_of_the_log_can_be_proven(captured):
    contents = (CONTENT, document(*range(10, 30)))
    found = [(text, place) for text in contents for place in range(len(read(text).events))]
    for position, (text, place) in enumerate(found):
        assert check_proof(proof_of(captured, str(position)), text, policy(captured)).place == place


def test_an_altered_document_or_one_of_another_event_is_not_proven(captured):
    proof = proof_of(captured, "1")
    for other in (CONTENT.replace(b"011111.2", b"011111.4"), document(1, 3), document()):
        with pytest.raises(NotProvenError, match="at the position 1"):
            check_proof(proof, other, policy(captured))
    with pytest.raises(EpcisInvalid):
        check_proof(proof, BROKEN, policy(captured))


def test_a_proof_without_the_blind_says_nothing_until_the_blind_is_given(captured):
    bare, full = proof_of(captured, "1", with_blind=False), proof_of(captured, "1")
    assert bare.extra is None
    with pytest.raises(InputError, match="holds no blind"):
        check_proof(bare, CONTENT, policy(captured))
    assert check_proof(bare, CONTENT, policy(captured), blind_in(full)).place == 1
    for wrong in (bytes(32), blind_in(proof_of(captured, "0"))):
        with pytest.raises(NotProvenError):
            check_proof(bare, CONTENT, policy(captured), wrong)
    for extra in (b"", b"something else", full.extra + b"x", full.extra[:-1]):
        assert blind_in(replace(full, extra=extra)) is None


def test_a_proof_moved_to_another_position_or_signed_by_another_is_refused(captured, tmp_path):
    proof = proof_of(captured, "1")
    with pytest.raises(NotProvenError):
        check_proof(replace(proof, index=2), CONTENT, policy(captured))
    with pytest.raises(NotProvenError):
        check_proof(replace(proof, hashes=(*proof.hashes[:-1], bytes(32))), CONTENT, policy(captured))
    other = Rig(tmp_path / "other", keys=keyring("other"))
    with pytest.raises(SignerUnknownError):
        check_proof(proof, CONTENT, policy(other))
    signature = proof.checkpoint.signatures[0]
    forged = replace(proof.checkpoint, signatures=(replace(signature, value=bytes(64)),))
    with pytest.raises(SignatureWrongError):
        check_proof(replace(proof, checkpoint=forged), CONTENT, policy(captured))


def test_an_event_that_is_not_in_the_log_is_told_and_what_to_do(captured, tmp_path):
    unknown = digests(read(document(99)).events[0])
    for name in (unknown.event_hash, unknown.commitment.hex()):
        with pytest.raises(EventUnknownError, match="no event of that name") as refused:
            proof_of(captured, name)
        assert "smartborder capture" in refused.value.mend
    with pytest.raises(NotKeptError, match="23 entries, and none at 23"):
        proof_of(captured, "23")
    for text in ("", "-1", "01", "shipment.jsonld", "ab" * 31):
        with pytest.raises(InputError, match="names no event"):
            proof_of(captured, text)
    with pytest.raises(EventUnknownError, match="nothing was captured"):
        proof_of(Rig(tmp_path / "new"), "0")


def test_an_event_hash_that_several_events_share_is_told_with_their_positions(rig, inbox):
    spelled_anew = document(1).replace(b"T09:15:00+01:00", b"T09:15:00.000+01:00")
    (inbox / "a.jsonld").write_bytes(document(1))
    (inbox / "b.jsonld").write_bytes(spelled_anew)
    rig.capture(inbox)
    with pytest.raises(InputError, match="2 events of the log have that name, at the positions 0, 1"):
        proof_of(rig, digests(read(spelled_anew).events[0]).event_hash)


def test_an_event_that_waits_for_its_checkpoint_is_not_proven_yet(captured):
    with captured.open() as (store, log), store.write() as kept:
        from ledger.epcis.model import Media
        from ledger.store.records import Document, ReadDocument

        content = document(50)
        named = tuple(digests(event) for event in read(content).events)
        many = kept.documents.keep_many([ReadDocument(Document(content, Media.JSON), named)])
        kept.event_logs.append(log.origin, many.events)
    with pytest.raises(EventUnknownError, match="position 23, and the checkpoint has 23"):
        proof_of(captured, "23")
    captured.capture()
    assert check_proof(proof_of(captured, "23"), content, policy(captured)).position == 23
