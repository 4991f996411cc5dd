import hashlib
from dataclasses import replace

import pytest

from ledger.errors import InputError, NotFound
from ledger.exchange import (
    EVERYTHING,
    SHARED_BY_DEFAULT,
    Part,
    check_parcel,
    gather_parcel,
    note_given,
    open_parcel,
    seal_parcel,
    store_parcel,
)
from ledger.exchange.errors import ParcelRefusedError
from ledger.identity.signing import sign
from ledger.store.blinds import Blind, SealContent
from ledger.store.errors import NotKeptError, StoreConflictError
from ledger.store.records import Direction, Status
from ledger.store.store import Store
from tests.ledger.exchange.samples import (
    ASSESSMENT_BLIND,
    CARRIER,
    DOCUMENT,
    DOMAIN,
    ENVELOPE,
    EVENT,
    EXPORTER,
    PARCEL,
    REFERENCE,
    SECRET,
    STATEMENTS,
    ImaginedChain,
    epcis_document,
    statement,
    with_statement,
)

NOW = 1_795_100_000


@pytest.fixture
def given(tmp_path):
    """The exporter's store, with its consignment in it and one statement more that is not accepted."""
    with Store.open(tmp_path / "exporter.db", EXPORTER.store_key()) as store:
        with store.write() as kept:
            kept.consignments.keep_reference(REFERENCE)
            for document in (DOCUMENT, epcis_document("urn:epc:id:sscc:0614141.1234567899")):
                kept.documents.link(REFERENCE.id, kept.documents.keep(document))
            kept.documents.keep_events(DOCUMENT.sha256, [EVENT])
            for position, signed in enumerate(STATEMENTS, 1):
                digest = kept.statements.keep(signed, DOMAIN)
                kept.statements.mark_accepted(digest, bytes(32), position)
            pending_seal = Blind.of(SealContent("KR-9999"), SECRET)
            pending = statement(6, bytes(32), detail=pending_seal.blinded)
            kept.statements.keep(sign(pending, DOMAIN, EXPORTER.signing), DOMAIN)
            for blind in (*PARCEL.blinds, pending_seal):
                kept.consignments.keep_blind(REFERENCE.id, blind)
        yield store


@pytest.fixture
def received(tmp_path):
    with Store.open(tmp_path / "carrier.db", CARRIER.store_key()) as store:
        yield store


def gathered(store, parts=SHARED_BY_DEFAULT):
    with store.read() as kept:
        return gather_parcel(kept, REFERENCE.id, parts)


def checked(parcel):
    data = seal_parcel(parcel, ENVELOPE, EXPORTER.signing, CARRIER.encryption.public_bytes)
    opened = open_parcel(data, CARRIER.encryption, DOMAIN, CARRIER.address)
    return check_parcel(opened, ImaginedChain())


def test_a_parcel_goes_from_one_store_into_another(given, received):
    parcel = gathered(given, EVERYTHING)
    store_parcel(received, checked(parcel), at=NOW)
    with received.read() as kept:
        assert [each.reference for each in kept.consignments.find_ucr(REFERENCE.ucr)] == [REFERENCE]
        kept_statements = kept.statements.of_consignment(REFERENCE.id)
        assert [each.signed for each in kept_statements] == list(STATEMENTS)
        assert [(each.status, each.position) for each in kept_statements] == [
            (Status.ACCEPTED, position) for position in (1, 2, 3, 4)
        ]
        assert set(kept.consignments.blinds_of(REFERENCE.id)) == set(PARCEL.blinds)
        (place,) = kept.documents.find_commitment(EVENT.commitment)
        assert kept.documents.get(place.document) == DOCUMENT
        (record,) = kept.parcels.of_consignment(REFERENCE.id)
        assert (record.direction, record.other, record.at) == (Direction.RECEIVED, EXPORTER.address, NOW)
        assert not kept.consignments.has_secret(REFERENCE.id)
    assert gathered(received, EVERYTHING) == replace(parcel)


def test_receiving_the_same_again_changes_nothing(given, received):
    result = checked(gathered(given))
    for at in (NOW, NOW + 60):
        store_parcel(received, result, at=at)
    with received.read() as kept:
        (record,) = kept.parcels.of_consignment(REFERENCE.id)
        assert record.at == NOW
        assert len(kept.statements.of_consignment(REFERENCE.id)) == 4


def test_what_was_left_out_first_may_come_later(given, received):
    store_parcel(received, checked(gathered(given, {Part.STATEMENTS})), at=NOW)
    with received.read() as kept:
        assert kept.consignments.get(REFERENCE.id).reference is None
    store_parcel(received, checked(gathered(given)), at=NOW)
    with received.read() as kept:
        assert kept.consignments.get(REFERENCE.id).reference == REFERENCE


def test_only_what_was_accepted_is_given(given):
    parcel = gathered(given, EVERYTHING)
    assert parcel.statements == STATEMENTS
    assert set(parcel.blinds) == set(PARCEL.blinds)
    assert parcel.documents == (DOCUMENT,)


def test_an_assessment_is_given_only_when_chosen(given):
    assert ASSESSMENT_BLIND not in gathered(given).blinds
    assert gathered(given, {Part.ASSESSMENTS}).blinds == (ASSESSMENT_BLIND,)


def test_the_giver_chooses_what_goes_in(given):
    parcel = gathered(given, SHARED_BY_DEFAULT - {Part.DOCUMENTS, Part.REFERENCE})
    assert (parcel.documents, parcel.reference) == ((), None)
    assert gathered(given, ()).limits() != ()


def test_documents_without_the_events_blinds_are_not_given(given):
    with pytest.raises(InputError, match="cannot match a document"):
        gathered(given, {Part.DOCUMENTS})


def test_a_reference_that_the_giver_lacks_is_said_to_lack(received):
    with received.write() as kept:
        kept.consignments.keep(REFERENCE.id)
    with pytest.raises(NotFound, match="neither UCR nor salt"):
        gathered(received)
    assert gathered(received, {Part.STATEMENTS}).reference is None


def test_an_unknown_consignment_cannot_be_given(received):
    with pytest.raises(NotKeptError, match="no such consignment"):
        gathered(received)


def test_a_parcel_that_does_not_agree_with_the_chain_is_not_kept(received):
    wrong = replace(with_statement(2, event_time=1), blinds=())
    with pytest.raises(ParcelRefusedError) as caught:
        store_parcel(received, checked(wrong), at=NOW)
    told = caught.value.diagnostics()
    assert "2 things in the parcel do not agree" in told
    assert "- statements[2]: the contract never accepted" in told
    assert "- documents[0]:" in told
    with received.read() as kept:
        assert kept.consignments.all() == ()


def test_one_problem_is_told_as_one(received):
    with pytest.raises(ParcelRefusedError, match="one thing in the parcel does not agree"):
        store_parcel(received, checked(with_statement(2, event_time=1)), at=NOW)


def test_a_conflict_with_what_is_kept_keeps_nothing_of_the_parcel(received):
    digest = STATEMENTS[3].statement.digest(DOMAIN)
    with received.write() as kept:
        kept.consignments.keep(REFERENCE.id)
        kept.statements.keep(STATEMENTS[3], DOMAIN)
        kept.statements.mark_accepted(digest, b"\x99" * 32, 4)
    with pytest.raises(StoreConflictError, match="different acceptance"):
        store_parcel(received, checked(PARCEL), at=NOW)
    with received.read() as kept:
        assert kept.consignments.get(REFERENCE.id).reference is None
        assert [each.digest for each in kept.statements.of_consignment(REFERENCE.id)] == [digest]


def test_a_given_parcel_is_noted(given):
    data = b"the file"
    note_given(given, data, ENVELOPE, REFERENCE.id, at=NOW)
    with given.read() as kept:
        (record,) = kept.parcels.of_consignment(REFERENCE.id)
    assert (record.sha256, record.direction) == (hashlib.sha256(data).digest(), Direction.GIVEN)
    assert (record.other, record.size_bytes) == (CARRIER.address, len(data))
