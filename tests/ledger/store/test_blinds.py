import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.epcis.commitment import (
    assessment_commitment,
    blind,
    blinded_commitment,
    detail_commitment,
    seal_commitment,
)
from ledger.errors import InputError
from ledger.identity.milestones import Channel
from ledger.identity.signing import Opening
from ledger.store.blinds import (
    MAX_DETAIL_BYTES,
    MAX_REASON_LENGTH,
    MAX_REASONS,
    AssessmentContent,
    Blind,
    DetailContent,
    EventContent,
    SealContent,
    assessment_nonce,
    blind_from_json,
    blind_to_json,
)
from tests.ledger.store.samples import BLINDS, CONTENTS, SECRET

hashes = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
seal_numbers = st.text("ABCXYZ0123456789-/海", min_size=1, max_size=35)
channels = st.sampled_from([Channel.GREEN, Channel.YELLOW, Channel.RED])
contents = (
    st.builds(EventContent, hashes)
    | st.builds(SealContent, seal_numbers)
    | st.builds(AssessmentContent, channels, st.lists(texts, max_size=5).map(tuple), hashes)
    | st.dictionaries(texts, texts | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans()).map(DetailContent.of)
)
blinds = st.builds(Blind.of, contents, hashes)


@given(blinds)
def test_a_blind_comes_back_from_its_json(blind):
    assert blind_from_json(json.loads(json.dumps(blind_to_json(blind)))) == blind


@given(contents, hashes)
def test_a_blind_opens_the_blinded_commitment_that_epcis_defines(content, secret):
    made = Blind.of(content, secret)
    assert made.blinded == blinded_commitment(content.commitment, blind(secret, content.commitment))
    assert made == Blind.of(content, secret)


def test_contents_have_the_commitments_that_epcis_defines():
    event, seal, assessment, detail = CONTENTS
    assert event.commitment == b"\x05" * 32
    assert seal.commitment == seal_commitment("KR-8841-海")
    assert assessment.commitment == assessment_commitment(3, assessment.reasons_digest)
    assert detail.commitment == detail_commitment({"amount": 12.5, "invoice": "A-17"})


def test_the_same_reasons_have_another_digest_under_another_nonce():
    first, second = (AssessmentContent(Channel.RED, ("undervalued",), nonce * 32) for nonce in (b"\1", b"\2"))
    assert first.reasons_digest != second.reasons_digest


def test_reasons_are_told_apart_from_their_concatenation():
    split, joined = (AssessmentContent(Channel.RED, reasons, bytes(32)) for reasons in (("a", "b"), ("ab",)))
    assert split.reasons_digest != joined.reasons_digest


def test_a_nonce_is_the_same_for_the_same_place_only():
    assert assessment_nonce(SECRET, b"\1" * 32) == assessment_nonce(SECRET, b"\1" * 32)
    assert assessment_nonce(SECRET, b"\1" * 32) != assessment_nonce(SECRET, b"\2" * 32)
    assert assessment_nonce(SECRET, b"\1" * 32) != blind(SECRET, b"\1" * 32)


def test_only_an_assessment_is_opened():
    assert BLINDS[2].opening() == Opening(BLINDS[2].blind, CONTENTS[2].reasons_digest)
    with pytest.raises(InputError, match="only an assessment"):
        BLINDS[1].opening()


@pytest.mark.parametrize("blind", BLINDS)
def test_a_blind_shows_neither_itself_nor_its_content(blind):
    assert repr(blind) == f"Blind({type(blind.content).__name__})"


@pytest.mark.parametrize(
    "make",
    [
        lambda: EventContent(bytes(31)),
        lambda: SealContent(""),
        lambda: SealContent(" 1"),
        lambda: AssessmentContent(Channel.CLOSED, (), bytes(32)),
        lambda: AssessmentContent(Channel.RED, ("x",) * (MAX_REASONS + 1), bytes(32)),
        lambda: AssessmentContent(Channel.RED, ("x" * (MAX_REASON_LENGTH + 1),), bytes(32)),
        lambda: AssessmentContent(Channel.RED, (), bytes(31)),
        lambda: DetailContent(b'{"b":1, "a":2}'),
        lambda: DetailContent(b"[]"),
        lambda: DetailContent(b"{"),
        lambda: DetailContent(b"[" * 50_000),
        lambda: DetailContent(b'{"a":1e400}'),
        lambda: DetailContent.of({"a": "x" * MAX_DETAIL_BYTES}),
    ],
)
def test_a_content_that_is_none_is_refused(make):
    with pytest.raises(InputError):
        make()


JSON_DEFECTS = [
    (0, "kind", "letter"),
    (0, "kind", ["event"]),
    (0, "commitment", "0x00"),
    (0, "blind", None),
    (1, "number", 7),
    (1, "number", "x" * 36),
    (2, "channel", 0),
    (2, "channel", 4),
    (2, "reasons", "undervalued"),
    (2, "reasons", [1]),
    (2, "reasons", ["x"] * (MAX_REASONS + 1)),
    (2, "nonce", "0x"),
    (3, "detail", {}),
    (3, "detail", "[1]"),
    (3, "detail", '{"a": 1}'),
    (3, "detail", "x" * (MAX_DETAIL_BYTES + 1)),
    (3, "extra", 1),
]


@pytest.mark.parametrize(("which", "name", "value"), JSON_DEFECTS)
def test_a_blind_of_another_shape_is_refused(which, name, value):
    with pytest.raises(InputError):
        blind_from_json(blind_to_json(BLINDS[which]) | {name: value})


@pytest.mark.parametrize("content", [None, [], "event", {}])
def test_what_is_no_blind_is_refused(content):
    with pytest.raises(InputError, match="expected a blind of the kind event, seal, assessment, detail"):
        blind_from_json(content)
