from dataclasses import replace

import pytest

from ledger.errors import InputError
from ledger.exchange.errors import ParcelTooLargeError
from ledger.exchange.parcel import (
    EVERYTHING,
    MAX_BLINDS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENTS,
    MAX_STATEMENTS,
    SHARED_BY_DEFAULT,
    Parcel,
    Part,
)
from ledger.store.records import Document, Reference
from tests.ledger.exchange.samples import DOCUMENT, EVENT_BLIND, EXPORTER, PARCEL, REFERENCE, STATEMENTS


def test_assessments_are_not_shared_unless_chosen():
    assert {Part.ASSESSMENTS} == EVERYTHING - SHARED_BY_DEFAULT


def test_a_reference_to_another_consignment_is_refused():
    other = Reference("another", REFERENCE.salt, EXPORTER.address)
    with pytest.raises(InputError, match="another consignment") as caught:
        replace(PARCEL, reference=other)
    assert caught.value.where == "reference"


def test_a_statement_about_another_consignment_is_refused():
    with pytest.raises(InputError, match="another consignment") as caught:
        Parcel(consignment=bytes(32), statements=STATEMENTS[:1])
    assert caught.value.where == "statements[0]"


@pytest.mark.parametrize(
    ("name", "item", "most"),
    [
        ("statements", STATEMENTS[0], MAX_STATEMENTS),
        ("blinds", EVENT_BLIND, MAX_BLINDS),
        ("documents", DOCUMENT, MAX_DOCUMENTS),
    ],
)
def test_more_than_an_honest_parcel_has_is_refused(name, item, most):
    assert len(getattr(replace(PARCEL, **{name: (item,) * most}), name)) == most
    with pytest.raises(ParcelTooLargeError, match=f"{most + 1:,} {name}"):
        replace(PARCEL, **{name: (item,) * (most + 1)})


def test_a_document_larger_than_any_that_is_read_is_refused():
    with pytest.raises(ParcelTooLargeError, match="bytes in a document"):
        replace(PARCEL, documents=(Document(bytes(MAX_DOCUMENT_BYTES + 1), DOCUMENT.media_type),))


def test_a_whole_parcel_leaves_nothing_to_be_wished():
    assert PARCEL.limits() == ()


@pytest.mark.parametrize(
    ("left_out", "told"),
    [({"reference": None}, "UCR and salt"), ({"documents": ()}, "Without documents"), ({"blinds": ()}, "blinds")],
)
def test_what_was_left_out_is_told_with_what_it_means(left_out, told):
    (limit,) = replace(PARCEL, **left_out).limits()
    assert told in limit
