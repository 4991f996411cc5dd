"""The canonical JSON of an event: what the content digest sees, what it leaves out, and what it refuses."""

import json
import random
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.epcis import read
from ledger.epcis.canonical import NumberNotExact, canonical_json, content_digest, differing_fields
from ledger.epcis.eventhash import event_hash
from ledger.errors import InputError
from tests.ledger.epcis.hash_events import NAMESPACE, Names, Plain, events, plain, spell

BARE = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T09:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
}
NAMED = {**BARE, "eventID": "urn:uuid:3f1a6a1e-0b1c-4a6e-9d0e-5a1b2c3d4e5f"}
EXT = "https://ext.example/"


def context_of(**members: object) -> object:
    """The ``@context`` that is digested for an event with these members."""
    return json.loads(canonical_json(plain({**NAMED, **members}, ext=EXT, other="https://other.example/")))["@context"]


@settings(max_examples=40)
@given(events, st.integers(0, 2**32))
def test_the_canonical_form_is_that_of_an_independent_implementation(meaning: dict[object, object], seed: int) -> None:
    event = spell(meaning, seed)
    text = canonical_json(event)
    assert rfc8785.dumps(json.loads(text)) == text
    kept = {name: value for name, value in json.loads(text).items() if name not in {"@context", "eventID"}}
    assert kept == json.loads(rfc8785.dumps(dict(event.data)))


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_names_and_numbers_of_every_kind_are_written_as_by_an_independent_implementation(
    members: dict[str, object],
) -> None:
    event = plain({**NAMED, "ext:all": [members]}, ext=EXT)
    written = {**NAMED, "ext:all": [members], "@context": {"ext": EXT}}
    assert canonical_json(event) == rfc8785.dumps(written)  # type: ignore[arg-type]  # JSON


@settings(max_examples=40)
@given(events, st.integers(0, 2**32))
def test_the_order_of_members_and_the_record_time_do_not_move_the_digest(
    meaning: dict[object, object], seed: int
) -> None:
    event = spell(meaning, seed)
    names = [*event.data, "recordTime"]
    random.Random(seed).shuffle(names)
    data = {"recordTime": "2026-03-01T00:00:00Z", **event.data}
    again = plain({name: data[name] for name in names}, **{**event.context.prefixes, "more": "https://more.example/"})
    assert content_digest(again) == content_digest(event)
    assert differing_fields(event, again) == []


def test_a_record_time_further_down_is_kept() -> None:
    one, other = (plain({**NAMED, "ext:a": {"recordTime": time}}, ext=EXT) for time in ("1", "2"))
    assert content_digest(one) != content_digest(other)


def test_a_missing_event_id_is_the_event_hash() -> None:
    bare = plain(BARE)
    assert json.loads(canonical_json(bare))["eventID"] == event_hash(bare)
    assert content_digest(bare) == content_digest(plain({**BARE, "eventID": event_hash(bare)}))
    assert content_digest(bare) != content_digest(plain(NAMED))


@pytest.mark.parametrize(
    ("members", "bound"),
    [
        ({}, {}),
        ({"ext:a": 1}, {"ext": EXT}),
        ({"ext:a": {"other:b": 1}}, {"ext": EXT, "other": "https://other.example/"}),
        ({"readPoint": {"id": "ext:place"}}, {"ext": EXT}),
        ({"epcList": ["ext:item"]}, {"ext": EXT}),
        ({"ext": 1}, {"ext": EXT}),
        ({"bizStep": "ext"}, {}),
        ({"epcList": ["ext://host", "extra:x", "unbound:x", "urn:x"]}, {}),
        ({"bizStep": "cbv:BizStep-shipping", "cbvmda:lotNumber": "1", "rdfs:comment": "c"}, {}),
    ],
)
def test_the_context_in_the_digest_binds_exactly_the_prefixes_that_are_used(
    members: dict[str, object], bound: object
) -> None:
    assert context_of(**members) == bound


def test_a_prefix_bound_otherwise_changes_the_digest_and_an_unused_one_does_not() -> None:
    event = {**NAMED, "ext:a": 1}
    digest = content_digest(plain(event, ext=EXT))
    assert digest == content_digest(plain(event, ext=EXT, unused="https://unused.example/"))
    assert digest != content_digest(plain(event, ext="https://elsewhere.example/"))


def test_the_two_spellings_of_the_master_data_namespace_are_one_binding() -> None:
    event = {**NAMED, "ilmd": {"cbvmda:lotNumber": "1"}}
    with_colon, without = (plain(event, cbvmda=f"urn:epcglobal:cbv:mda{end}") for end in (":", ""))
    assert content_digest(with_colon) == content_digest(without)
    assert content_digest(with_colon) != content_digest(plain(event, cbvmda="urn:other:"))


def test_a_prefix_outside_ascii_is_bound_and_sorted_as_the_rfc_asks() -> None:
    bindings = {"ext": EXT, "\U00010400": "urn:1", "\ufb33": "urn:2"}
    event = Plain({**NAMED, "ext:a": ["\U00010400:x", "\ufb33:x"]}, Names(bindings))
    assert list(json.loads(canonical_json(event))["@context"]) == ["ext", "\U00010400", "\ufb33"]


@pytest.mark.parametrize("number", [2**53 + 1, 10**400, Decimal("0.12345678901234567890"), Decimal("1e400")])
def test_a_number_that_would_be_rounded_is_refused_and_still_hashes(number: object) -> None:
    event = plain({**NAMED, "ext:a": [{"ext:b": number}]}, ext=EXT)
    with pytest.raises(NumberNotExact) as caught:
        canonical_json(event)
    assert caught.value.path == "/ext:a/0/ext:b"
    assert event_hash(event)


@pytest.mark.parametrize(
    "token", ["12345678901234567", "0.12345678901234567890", "1e400", "1" + "0" * 400, "9007199254740993"]
)
def test_a_number_token_of_a_document_that_would_be_rounded_is_refused_and_still_hashes(token: str) -> None:
    context = '["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ext": "https://ext.example/"}]'
    members = json.dumps({**NAMED, "epcList": ["urn:epc:id:sscc:9521321.0000000111"]}).removeprefix("{")
    text = f'{{"@context": {context}, "ext:a": {token}, {members}'
    (event,) = read(text.encode()).events
    with pytest.raises(NumberNotExact, match="never rounds"):
        content_digest(event)
    assert event_hash(event)


def test_text_without_utf_8_form_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="lone surrogate") as caught:
        canonical_json(plain({**NAMED, "ext:a": ["x\ud800"]}, ext=EXT))
    assert caught.value.where == "/ext:a/0"


def test_the_fields_that_differ_are_named_by_pointer() -> None:
    one = plain(
        {**NAMED, "bizStep": "shipping", "ext:a": {"b/c": [1, 2, 3], "d": 1, "e": True}, "recordTime": "x"}, ext=EXT
    )
    other = plain(
        {**NAMED, "action": "DELETE", "ext:a": {"b/c": [1, 5], "d": 1.0, "e": 1, "~": 0}}, ext="https://e.example/"
    )
    assert differing_fields(one, other) == [
        "/@context/ext",
        "/action",
        "/bizStep",
        "/ext:a/b~1c/1",
        "/ext:a/b~1c/2",
        "/ext:a/e",
        "/ext:a/~0",
    ]
    assert differing_fields(other, one) == differing_fields(one, other)


@settings(max_examples=40)
@given(events, st.integers(0, 2**32), st.integers(0, 2**32))
def test_fields_differ_exactly_if_the_digests_do(meaning: dict[object, object], one: int, other: int) -> None:
    a, b = spell(meaning, one), spell(meaning, other)
    assert (differing_fields(a, b) == []) == (content_digest(a) == content_digest(b))


def test_an_event_spelled_anew_has_the_same_hash_and_its_changed_fields_are_named() -> None:
    sent = plain({**NAMED, "epcList": ["urn:epc:id:sscc:9521321.0000000111"], "ext:a": "1"}, ext=NAMESPACE)
    back = plain({**NAMED, "epcList": ["https://id.gs1.org/00/095213210000001114"], "x:a": 1.0}, x=NAMESPACE)
    assert event_hash(sent) == event_hash(back)
    assert differing_fields(sent, back) == ["/@context/ext", "/@context/x", "/epcList/0", "/ext:a", "/x:a"]
