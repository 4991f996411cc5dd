"""Commitments, byte for byte, against vectors made from the documented formulas; and arguments that are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.epcis import read
from ledger.epcis.canonical import NumberNotExact, canonical_json, content_digest
from ledger.epcis.commitment import (
    assessment_commitment,
    blind,
    blinded_commitment,
    detail_commitment,
    digests,
    event_commitment,
    seal_commitment,
    ucr_commitment,
)
from ledger.epcis.eventhash import event_hash, prehash
from ledger.errors import InputError
from tests.ledger.epcis.hash_events import events, plain, spell
from tests.vectors.commitment import generate

VECTORS = Path(generate.__file__).parent
EVENTS = read((VECTORS / "events.jsonld").read_bytes()).events
EXPECTED_EVENTS = json.loads((VECTORS / "events.expected.json").read_text("utf-8"))["events"]
SECRETS = json.loads((VECTORS / "secrets.expected.json").read_text("utf-8"))
SECRET = bytes.fromhex(SECRETS["secret"])
BARE = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T09:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
}
thirty_two_bytes = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize("name", sorted(generate.files()))
def test_the_vectors_are_those_that_the_formulas_give(name: str) -> None:
    assert (VECTORS / name).read_text("utf-8") == generate.files()[name]


@pytest.mark.parametrize("index", range(len(EVENTS)))
def test_an_event_has_the_expected_hash_digest_and_commitment(index: int) -> None:
    event, expected = EVENTS[index], EXPECTED_EVENTS[index]
    assert prehash(event) == expected["prehash"]
    assert event_hash(event) == expected["eventHash"]
    assert canonical_json(event).decode() == expected["canonical"]
    assert content_digest(event).hex() == expected["contentDigest"]
    assert event_commitment(event).hex() == expected["commitment"]
    assert_blinded(event_commitment(event), expected)


def assert_blinded(commitment: bytes, expected: dict[str, str]) -> None:
    assert commitment.hex() == expected["commitment"]
    assert blind(SECRET, commitment).hex() == expected["blind"]
    assert blinded_commitment(commitment, blind(SECRET, commitment)).hex() == expected["blinded"]


def test_the_secrets_of_a_consignment_have_the_expected_commitments() -> None:
    seal, detail, assessment, ucr = (SECRETS[name] for name in ("seal", "detail", "assessment", "ucr"))
    assert_blinded(seal_commitment(seal["number"]), seal)
    assert_blinded(detail_commitment(detail["detail"]), detail)
    assert_blinded(assessment_commitment(assessment["channel"], bytes.fromhex(assessment["reasonsDigest"])), assessment)
    assert ucr_commitment(bytes.fromhex(ucr["salt"]), ucr["ucr"]).hex() == ucr["commitment"]


@settings(max_examples=30)
@given(events, st.integers(0, 2**32))
def test_all_digests_at_once_are_those_computed_one_by_one(meaning: dict[object, object], seed: int) -> None:
    event = spell(meaning, seed)
    together = digests(event)
    assert together.event_hash == event_hash(event)
    assert together.content_digest == content_digest(event)
    assert together.commitment == event_commitment(event)


def test_an_event_with_a_number_that_would_be_rounded_has_a_hash_and_no_commitment() -> None:
    event = plain({**BARE, "ext:count": 2**53 + 1}, ext="https://ext.example/")
    assert event_hash(event).startswith("ni:///sha-256;")
    for refused in (event_commitment, digests):
        with pytest.raises(NumberNotExact) as caught:
            refused(event)
        assert caught.value.path == "/ext:count"


@given(st.sets(thirty_two_bytes, min_size=2, max_size=2), st.sets(thirty_two_bytes, min_size=2, max_size=2))
def test_another_secret_or_commitment_gives_another_blind_and_blinded_commitment(
    secrets: set[bytes], values: set[bytes]
) -> None:
    blinds = {blind(secret, value) for secret in secrets for value in values}
    assert len(blinds) == 4
    assert len({blinded_commitment(value, each) for value in values for each in blinds}) == 8


@given(thirty_two_bytes)
def test_no_commitment_of_one_kind_is_one_of_another(value: bytes) -> None:
    text = value.hex()
    commitments = {
        seal_commitment(text[:35]),
        detail_commitment({text: text}),
        assessment_commitment(0, value),
        ucr_commitment(value, text[:35]),
        blinded_commitment(value, value),
    }
    assert len(commitments) == 5


@pytest.mark.parametrize("value", [b"", b"\0" * 31, b"\0" * 33, "0" * 32, None, bytearray(32)])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda value: blind(value, bytes(32)), "secret"),
        (lambda value: blind(bytes(32), value), "commitment"),
        (lambda value: blinded_commitment(value, bytes(32)), "commitment"),
        (lambda value: blinded_commitment(bytes(32), value), "blind"),
        (lambda value: assessment_commitment(1, value), "reasons digest"),
        (lambda value: ucr_commitment(value, "UCR1"), "salt"),
    ],
)
def test_what_is_not_32_bytes_is_refused_by_name(call, name: str, value: object) -> None:
    with pytest.raises(InputError, match="32 bytes") as caught:
        call(value)
    assert caught.value.where == name
    assert caught.value.mend


@pytest.mark.parametrize("ucr", ["", "A" * 36, "Ü1", " A", "A\n", "A\0B", 5, None])
def test_a_ucr_is_1_to_35_printable_ascii_characters(ucr: object) -> None:
    with pytest.raises(InputError) as caught:
        ucr_commitment(bytes(32), ucr)  # type: ignore[arg-type]  # what callers get wrong
    assert caught.value.where == "UCR"


@pytest.mark.parametrize("number", ["", "A" * 36, " A", "A\t", "\ud800", 5, b"A"])
def test_a_seal_number_is_1_to_35_printable_characters(number: object) -> None:
    with pytest.raises(InputError) as caught:
        seal_commitment(number)  # type: ignore[arg-type]  # what callers get wrong
    assert caught.value.where == "seal number"


@pytest.mark.parametrize("channel", [-1, 256, True, 1.0, "1", None])
def test_a_channel_is_one_byte(channel: object) -> None:
    with pytest.raises(InputError) as caught:
        assessment_commitment(channel, bytes(32))  # type: ignore[arg-type]  # what callers get wrong
    assert caught.value.where == "channel"


@pytest.mark.parametrize("detail", [5, "text", None, ["ab", 1]])
def test_a_detail_is_an_object(detail: object) -> None:
    with pytest.raises(InputError) as caught:
        detail_commitment(detail)  # type: ignore[arg-type]  # what callers get wrong
    assert caught.value.where == "detail"
    assert len(str(caught.value)) < 200


def test_a_detail_is_the_same_in_any_order_and_never_rounded() -> None:
    assert detail_commitment({"a": 1, "b": 2.0}) == detail_commitment({"b": 2, "a": 1})
    with pytest.raises(NumberNotExact):
        detail_commitment({"a": 10**400})
