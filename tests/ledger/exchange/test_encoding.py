import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.jcs import canonical
from ledger.epcis.model import Media
from ledger.errors import InputError
from ledger.exchange.encoding import decode_parcel, encode_parcel
from ledger.exchange.parcel import MAX_BLINDS, Parcel
from ledger.identity.signing import sign
from ledger.store.records import Document
from tests.ledger.exchange.samples import DOCUMENT, DOMAIN, EXPORTER, PARCEL, REFERENCE
from tests.ledger.identity.strategies import openings, statements
from tests.ledger.store.test_blinds import blinds

documents = st.builds(Document, st.binary(max_size=200), st.sampled_from(Media))


@st.composite
def parcels(draw):
    from dataclasses import replace

    signed = [
        sign(replace(statement, consignment=REFERENCE.id), DOMAIN, EXPORTER.signing, draw(st.none() | openings))
        for statement in draw(st.lists(statements(), max_size=3))
    ]
    return Parcel(
        REFERENCE.id,
        draw(st.none() | st.just(REFERENCE)),
        tuple(signed),
        tuple(draw(st.lists(blinds, max_size=3))),
        tuple(draw(st.lists(documents, max_size=3))),
    )


@given(parcels())
def test_any_parcel_comes_back_from_its_bytes(parcel):
    assert decode_parcel(encode_parcel(parcel)) == parcel


def test_the_bytes_are_those_documented():
    data = encode_parcel(PARCEL)
    length = int.from_bytes(data[:4], "big")
    content = json.loads(data[4 : 4 + length])
    assert sorted(content) == ["blinds", "consignment", "documents", "reference", "statements"]
    assert content["documents"] == [{"mediaType": "application/ld+json", "sizeBytes": len(DOCUMENT.content)}]
    assert data[4 + length :] == DOCUMENT.content


def repacked(change, rest=DOCUMENT.content, write=canonical):
    data = encode_parcel(PARCEL)
    content = json.loads(data[4 : 4 + int.from_bytes(data[:4], "big")])
    change(content)
    text = write(content)
    return len(text).to_bytes(4, "big") + text + rest


def test_the_repacked_parcel_without_a_change_is_read():
    assert decode_parcel(repacked(lambda content: None)) == PARCEL


DEFECTS = {
    "an unknown member": lambda content: content.update(extra=1),
    "a missing member": lambda content: content.pop("blinds"),
    "another id": lambda content: content.update(consignment="0x" + "00" * 32),
    "a short id": lambda content: content.update(consignment="0x00"),
    "a salt that is short": lambda content: content["reference"].update(salt="0x00"),
    "a UCR that is none": lambda content: content["reference"].update(ucr=""),
    "an exporter that is none": lambda content: content["reference"].update(exporter="0x"),
    "no list of statements": lambda content: content.update(statements={}),
    "too many blinds": lambda content: content.update(blinds=[1] * (MAX_BLINDS + 1)),
    "a statement that is none": lambda content: content["statements"].append(1),
    "a blind that is none": lambda content: content["blinds"].append({}),
    "a document that is none": lambda content: content["documents"].append("x"),
    "another media type": lambda content: content["documents"][0].update(mediaType="text/plain"),
    "a longer document": lambda content: content["documents"][0].update(sizeBytes=len(DOCUMENT.content) + 1),
    "a shorter document": lambda content: content["documents"][0].update(sizeBytes=len(DOCUMENT.content) - 1),
    "a negative size": lambda content: content["documents"][0].update(sizeBytes=-1),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_content_with_a_defect_is_refused(defect):
    with pytest.raises(InputError):
        decode_parcel(repacked(DEFECTS[defect]))


def test_the_same_content_in_another_spelling_is_refused():
    with pytest.raises(InputError, match="one form"):
        decode_parcel(repacked(lambda content: None, write=lambda content: json.dumps(content).encode()))


def test_bytes_after_the_end_are_refused():
    with pytest.raises(InputError, match="one form"):
        decode_parcel(encode_parcel(PARCEL) + b"\0")


@pytest.mark.parametrize("cut", [0, 3, 4, 5, 100, -1])
def test_a_content_cut_short_is_refused(cut):
    with pytest.raises(InputError):
        decode_parcel(encode_parcel(PARCEL)[:cut])


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"[" * 100_000, b'{"a":1e999}', b"\xff"])
def test_what_is_no_content_is_refused(text):
    with pytest.raises(InputError):
        decode_parcel(len(text).to_bytes(4, "big") + text)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_by_an_error_of_our_own(data):
    with pytest.raises(InputError):
        decode_parcel(data)
