from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from ledger.errors import InputError
from ledger.identity.keys import SigningKey
from ledger.identity.signing import Opening, sign
from ledger.store import schema
from ledger.store.errors import NotKeptError, StoreConflictError, StoreDamagedError
from ledger.store.records import Consignment, Direction, Document, EventPlace, ParcelRecord, Reference, Status
from tests.ledger.identity.strategies import domains, openings, signing_keys, statements
from tests.ledger.store.samples import (
    BLINDS,
    DOCUMENT,
    DOMAIN,
    REFERENCE,
    SALT,
    SECRET,
    SIGNER,
    TRANSACTION,
    digests,
    signed_statement,
)

OTHER_SALT = bytes(32)


@pytest.fixture
def kept(store):
    with store.write() as kept:
        yield kept


@pytest.fixture
def consignment(kept):
    return kept.consignments.keep_reference(REFERENCE)


def test_a_document_is_kept_by_its_hash_and_twice_is_once(kept):
    assert kept.documents.keep(DOCUMENT) == kept.documents.keep(DOCUMENT) == DOCUMENT.sha256
    assert kept.documents.get(DOCUMENT.sha256) == DOCUMENT
    assert kept.documents.has(DOCUMENT.sha256)


def test_a_document_under_another_media_type_is_refused(kept):
    kept.documents.keep(DOCUMENT)
    with pytest.raises(StoreConflictError, match="different media type"):
        kept.documents.keep(replace(DOCUMENT, media_type="application/xml"))


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/json"])
def test_a_media_type_is_one_of_epcis(media_type):
    with pytest.raises(InputError, match="no media type of EPCIS") as caught:
        Document(b"", media_type)
    assert "application/ld+json or application/xml" in caught.value.mend


def test_an_unknown_document_is_said_to_be_unknown(kept):
    assert not kept.documents.has(bytes(32))
    with pytest.raises(NotKeptError, match="no such document"):
        kept.documents.get(bytes(32))


def test_events_are_found_by_each_of_their_names(kept):
    name = kept.documents.keep(DOCUMENT)
    events = [digests(1), digests(2)]
    kept.documents.keep_events(name, events)
    kept.documents.keep_events(name, events)
    places = tuple(EventPlace(name, place, event) for place, event in enumerate(events))
    assert kept.documents.events_of(name) == places
    assert kept.documents.find_commitment(events[1].commitment) == places[1:]
    assert kept.documents.find_event_hash(events[0].event_hash) == places[:1]
    assert kept.documents.find_content_digest(events[1].content_digest) == places[1:]
    assert kept.documents.find_commitment(bytes(32)) == ()
    asked = [bytes(32), *(number.to_bytes(32, "big") for number in range(1, 600)), events[1].commitment]
    assert kept.documents.find_commitments(asked) == {events[1].commitment: places[1:]}


def test_an_event_in_two_documents_is_found_in_both(kept):
    names = [kept.documents.keep(Document(content, "application/xml")) for content in (b"1", b"2")]
    for name in names:
        kept.documents.keep_events(name, [digests(1)])
    assert {place.document for place in kept.documents.find_commitment(digests(1).commitment)} == set(names)


def test_other_events_for_the_same_document_are_refused(kept):
    name = kept.documents.keep(DOCUMENT)
    kept.documents.keep_events(name, [digests(1)])
    with pytest.raises(StoreConflictError, match="different event"):
        kept.documents.keep_events(name, [digests(2)])


def test_documents_are_linked_to_the_consignments_they_belong_to(kept, consignment):
    names = sorted(kept.documents.keep(Document(content, "application/xml")) for content in (b"1", b"2"))
    for name in [*names, *names]:
        kept.documents.link(consignment, name)
    assert kept.documents.of_consignment(consignment) == tuple(names)
    assert kept.documents.of_consignment(bytes(32)) == ()


def test_a_consignment_known_by_its_id_becomes_known_fully(kept):
    kept.consignments.keep(REFERENCE.id)
    kept.consignments.keep(REFERENCE.id)
    assert kept.consignments.get(REFERENCE.id) == Consignment(REFERENCE.id)
    assert kept.consignments.find_ucr(REFERENCE.ucr) == ()
    for _ in range(2):
        assert kept.consignments.keep_reference(REFERENCE) == REFERENCE.id
    assert kept.consignments.get(REFERENCE.id).reference == REFERENCE
    assert kept.consignments.find_ucr(REFERENCE.ucr) == (Consignment(REFERENCE.id, REFERENCE),)


def test_two_exporters_may_use_the_same_ucr(kept, consignment):
    other = Reference(REFERENCE.ucr, OTHER_SALT, REFERENCE.exporter)
    kept.consignments.keep_reference(other)
    kept.consignments.keep_reference(Reference("another", OTHER_SALT, REFERENCE.exporter))
    assert {found.id for found in kept.consignments.find_ucr(REFERENCE.ucr)} == {consignment, other.id}
    assert len(kept.consignments.all()) == 3


def test_a_reference_does_not_show_its_salt():
    assert SALT.hex() not in repr(REFERENCE)
    assert repr(SALT) not in repr(REFERENCE)


def test_an_unknown_consignment_is_said_to_be_unknown(kept):
    with pytest.raises(NotKeptError, match="no such consignment"):
        kept.consignments.get(bytes(32))
    with pytest.raises(NotKeptError, match="no such consignment"):
        kept.consignments.keep_secret(bytes(32), SECRET)


@pytest.mark.parametrize("length", [31, 33])
def test_ids_and_secrets_have_32_bytes(kept, consignment, length):
    with pytest.raises(InputError, match="expected 32 bytes"):
        kept.consignments.keep(bytes(length))
    with pytest.raises(InputError, match="expected 32 bytes"):
        kept.consignments.keep_secret(consignment, bytes(length))


def test_a_secret_is_kept_once_and_never_replaced(kept, consignment):
    assert not kept.consignments.has_secret(consignment)
    with pytest.raises(NotKeptError, match="no secret"):
        kept.consignments.secret(consignment)
    kept.consignments.keep_secret(consignment, SECRET)
    kept.consignments.keep_secret(consignment, SECRET)
    with pytest.raises(StoreConflictError, match="different secret") as caught:
        kept.consignments.keep_secret(consignment, bytes(32))
    assert SECRET.hex() not in caught.value.diagnostics()
    assert kept.consignments.secret(consignment) == SECRET
    assert kept.consignments.has_secret(consignment)
    assert not kept.consignments.has_secret(bytes(32))


def test_blinds_are_kept_by_what_they_open(kept, consignment):
    for blind in [*BLINDS, *BLINDS]:
        assert kept.consignments.keep_blind(consignment, blind) == blind.blinded
    assert [kept.consignments.blind(blind.blinded) for blind in BLINDS] == BLINDS
    assert set(kept.consignments.blinds_of(consignment)) == set(BLINDS)
    with pytest.raises(NotKeptError, match="no such blind"):
        kept.consignments.blind(bytes(32))


def test_a_blind_belongs_to_one_consignment(kept, consignment):
    kept.consignments.keep(bytes(32))
    kept.consignments.keep_blind(consignment, BLINDS[0])
    with pytest.raises(StoreConflictError, match="different blind"):
        kept.consignments.keep_blind(bytes(32), BLINDS[0])


def test_a_statement_goes_its_way_from_signed_to_accepted(kept, consignment):
    digest = kept.statements.keep(signed_statement(), DOMAIN)
    assert kept.statements.keep(signed_statement(), DOMAIN) == digest
    assert kept.statements.has(digest)
    signed = kept.statements.get(digest)
    assert (signed.status, signed.status.label, signed.transaction) == (Status.SIGNED, "signed", None)
    assert (signed.signed, signed.domain) == (signed_statement(), DOMAIN)

    kept.statements.mark_sent(digest, bytes(32))
    kept.statements.mark_sent(digest, TRANSACTION)
    assert kept.statements.unsettled() == (replace(signed, status=Status.SENT, transaction=TRANSACTION),)

    for _ in range(2):
        kept.statements.mark_accepted(digest, TRANSACTION, 1)
    accepted = replace(signed, status=Status.ACCEPTED, transaction=TRANSACTION, position=1)
    assert kept.statements.get(digest) == accepted
    assert kept.statements.of_consignment(consignment) == (accepted,)
    assert kept.statements.unsettled() == ()


def test_a_refused_statement_may_still_be_accepted(kept, consignment):
    digest = kept.statements.keep(signed_statement(), DOMAIN)
    kept.statements.mark_refused(digest, bytes(32), "stale head")
    assert kept.statements.get(digest).refusal == "stale head"
    assert kept.statements.unsettled() == ()
    kept.statements.mark_sent(digest, TRANSACTION)
    assert kept.statements.get(digest).refusal is None
    kept.statements.mark_accepted(digest, TRANSACTION, None)
    assert kept.statements.get(digest).status is Status.ACCEPTED


def test_an_accepted_statement_stays_accepted(kept, consignment):
    digest = kept.statements.keep(signed_statement(), DOMAIN)
    kept.statements.mark_accepted(digest, TRANSACTION, 1)
    for change in (
        lambda: kept.statements.mark_sent(digest, TRANSACTION),
        lambda: kept.statements.mark_refused(digest, TRANSACTION, "late"),
        lambda: kept.statements.mark_accepted(digest, TRANSACTION, 2),
        lambda: kept.statements.mark_accepted(digest, bytes(32), 1),
    ):
        with pytest.raises(StoreConflictError, match="accept"):
            change()
    assert kept.statements.get(digest).position == 1


def test_an_unknown_statement_is_said_to_be_unknown(kept):
    assert not kept.statements.has(bytes(32))
    for ask in (
        lambda: kept.statements.get(bytes(32)),
        lambda: kept.statements.mark_sent(bytes(32), TRANSACTION),
        lambda: kept.statements.mark_accepted(bytes(32), TRANSACTION, 1),
        lambda: kept.statements.mark_refused(bytes(32), TRANSACTION, "why"),
    ):
        with pytest.raises(NotKeptError, match="no such statement"):
            ask()


def test_the_same_statement_with_another_signature_is_refused(kept, consignment):
    signed = signed_statement()
    kept.statements.keep(signed, DOMAIN)
    with pytest.raises(StoreConflictError, match="different signature"):
        kept.statements.keep(sign(signed.statement, DOMAIN, SigningKey(b"\x12" * 32)), DOMAIN)


def test_an_opening_may_come_after_its_statement_and_stays(kept, consignment):
    signed = signed_statement()
    opened = replace(signed, opening=Opening(bytes(32), bytes(32)))
    digest = kept.statements.keep(signed, DOMAIN)
    for given_again in (opened, opened, signed):
        kept.statements.keep(given_again, DOMAIN)
        assert kept.statements.get(digest).signed == opened
    with pytest.raises(StoreConflictError, match="different opening"):
        kept.statements.keep(replace(signed, opening=Opening(bytes(32), SECRET)), DOMAIN)


def test_the_same_statement_for_two_chains_is_two(kept, consignment):
    one = kept.statements.keep(signed_statement(), DOMAIN)
    two = kept.statements.keep(signed_statement(), replace(DOMAIN, chain_id=2**255))
    assert one != two
    assert kept.statements.get(two).domain.chain_id == 2**255


def test_statements_keep_their_order(kept, consignment):
    kept_digests = [kept.statements.keep(signed_statement(time), DOMAIN) for time in (3, 1, 2)]
    assert [each.digest for each in kept.statements.of_consignment(consignment)] == kept_digests
    assert [each.digest for each in kept.statements.unsettled()] == kept_digests


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements(), domains, signing_keys, st.none() | openings)
def test_any_statement_comes_back_as_it_was_kept(kept, statement, domain, key, opening):
    signed = sign(statement, domain, key, opening)
    assume(not kept.statements.has(statement.digest(domain)))
    kept.consignments.keep(statement.consignment)
    digest = kept.statements.keep(signed, domain)
    assert (kept.statements.get(digest).signed, kept.statements.get(digest).domain) == (signed, domain)


def moved(kept, table, column, row, other):
    """Puts the sealed value of another row into a row, as someone might who can write the file."""
    key = next(iter(table.primary_key)) if table is not schema.statements else table.c.digest
    value = kept.documents._transaction.row(table, {key.name: other})[column]
    kept.documents._transaction.connection.execute(update(table).where(key == row).values({column: value}))


def test_values_exchanged_between_rows_are_found(kept, consignment):
    names = [kept.documents.keep(Document(content, "application/xml")) for content in (b"1", b"2")]
    blinds = [kept.consignments.keep_blind(consignment, blind) for blind in BLINDS[:2]]
    made = [kept.statements.keep(signed_statement(time), DOMAIN) for time in (1, 2)]
    other = kept.consignments.keep_reference(Reference("another", OTHER_SALT, SIGNER.address))
    for table, column, row, source, read in (
        (schema.documents, "sealed_content", *names, kept.documents.get),
        (schema.blinds, "sealed_content", *blinds, kept.consignments.blind),
        (schema.statements, "sealed_statement", *made, kept.statements.get),
        (schema.consignments, "sealed_salt", consignment, other, kept.consignments.get),
    ):
        moved(kept, table, column, row, source)
        with pytest.raises(StoreDamagedError):
            read(row)


def altered(kept, table, key, column, value):
    """Seals another value in a row, as a faulty version of this software might."""
    transaction = kept.documents._transaction
    sealed = transaction.vault.seal(value, f"{table.name}.{column.removeprefix('sealed_')}", *key.values())
    matches = [table.c[name] == value for name, value in key.items()]
    transaction.connection.execute(update(table).where(*matches).values({column: sealed}))


def test_what_is_read_is_checked_against_its_name(kept, consignment):
    name = kept.documents.keep(DOCUMENT)
    blinded = kept.consignments.keep_blind(consignment, BLINDS[1])
    digest = kept.statements.keep(signed_statement(), DOMAIN)
    altered(kept, schema.documents, {"sha256": name}, "sealed_content", b"other")
    with pytest.raises(StoreDamagedError, match="document is not what was written"):
        kept.documents.get(name)
    altered(kept, schema.consignments, {"id": consignment}, "sealed_salt", OTHER_SALT)
    with pytest.raises(StoreDamagedError, match="consignment is not what was written"):
        kept.consignments.get(consignment)
    transaction = kept.documents._transaction
    blind = transaction.row(schema.blinds, {"blinded": blinded})["sealed_content"]
    text = transaction.vault.unseal(blind, "blinds.content", blinded).replace(b"8841", b"8842")
    altered(kept, schema.blinds, {"blinded": blinded}, "sealed_content", text)
    with pytest.raises(StoreDamagedError, match="blind is not what was written"):
        kept.consignments.blind(blinded)
    statement = transaction.row(schema.statements, {"digest": digest})["sealed_statement"]
    text = transaction.vault.unseal(statement, "statements.statement", digest).replace(b'"role": 2', b'"role": 3')
    altered(kept, schema.statements, {"digest": digest}, "sealed_statement", text)
    with pytest.raises(StoreDamagedError, match="statement is not what was written"):
        kept.statements.get(digest)


def test_a_parcel_is_kept_by_its_file_and_direction(kept, consignment):
    given_first = ParcelRecord(b"\1" * 32, Direction.GIVEN, consignment, SIGNER.address, 2, 1000)
    received = replace(given_first, direction=Direction.RECEIVED, at=1)
    for parcel in (given_first, received, replace(given_first, at=9)):
        kept.parcels.keep(parcel)
    assert kept.parcels.of_consignment(consignment) == (received, given_first)
    assert kept.parcels.of_consignment(bytes(32)) == ()


def test_the_same_file_from_another_party_is_refused(kept, consignment):
    parcel = ParcelRecord(b"\1" * 32, Direction.RECEIVED, consignment, SIGNER.address, 2, 1000)
    kept.parcels.keep(parcel)
    with pytest.raises(StoreConflictError, match="different parcel"):
        kept.parcels.keep(replace(parcel, other=DOMAIN.contract))
