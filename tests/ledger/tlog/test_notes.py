import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.tlog.cosignatures import verifier_of, verifiers_of
from ledger.tlog.errors import KeyMalformedError, NoteMalformedError, SignatureWrongError, SignerUnknownError
from ledger.tlog.notes import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    Signature,
    open_note,
    parse_note,
    parse_signature_lines,
    signed_note,
)
from ledger.tlog.vkeys import SignatureType, VerifierKey, parse_vkey
from tests.ledger.tlog.samples import OTHER_SIGNER, SIGNER

# The examples of C2SP signed-note
EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()
VERIFIERS = verifiers_of([SIGNER.key])


def note(text="text\n", *signers):
    return signed_note(text, signers or (SIGNER,))


def test_the_specifications_example_verifies():
    opened = open_note(EXAMPLE_NOTE, [verifier_of(parse_vkey(EXAMPLE_VKEY))])
    assert opened.note.text == "This is an example message.\n"
    assert [key.text() for key, _ in opened.verified] == [EXAMPLE_VKEY]
    assert opened.note.data() == EXAMPLE_NOTE


def test_the_specifications_example_altered_does_not_verify():
    with pytest.raises(SignatureWrongError, match=re.escape("example.com/foo (530d903a)")):
        open_note(EXAMPLE_NOTE.replace(b"message", b"massage"), [verifier_of(parse_vkey(EXAMPLE_VKEY))])


def test_a_text_may_have_empty_lines_the_last_one_ends_it():
    parsed = parse_note(POEM)
    assert parsed.text.endswith("sole:\n\ned è subito sera.\n")
    assert parsed.signatures[0].name == "quasimodo.example/salvatore"
    assert parsed.signatures[0].key_id.hex() == "367ba04b"
    assert parsed.data() == POEM


def test_unknown_signatures_are_ignored_and_kept():
    data = note("text\n", OTHER_SIGNER, SIGNER).data()
    opened = open_note(data, VERIFIERS)
    assert [key for key, _ in opened.verified] == [SIGNER.key]
    assert len(opened.note.signatures) == 2


def test_an_unknown_signature_may_be_anything():
    strange = Signature("someone.example", b"\0\0\0\1", b"x")
    shares_name = Signature(SIGNER.name, b"\0\0\0\1", b"x")
    shares_id = Signature("someone.example", SIGNER.key.id, b"x")
    opened = open_note(note().with_signatures([strange, shares_name, shares_id]), VERIFIERS)
    assert len(opened.verified) == 1


def test_a_false_signature_of_a_known_key_spoils_the_note():
    forged = Signature(SIGNER.name, SIGNER.key.id, b"\0" * 64)
    with pytest.raises(SignatureWrongError):
        open_note(note().with_signatures([forged]), VERIFIERS)


def test_a_note_signed_by_nobody_known_is_refused():
    with pytest.raises(
        SignerUnknownError, match=r"none of the 1 signatures is by a known key; known are logs\.example"
    ):
        open_note(note("text\n", OTHER_SIGNER), VERIFIERS)
    with pytest.raises(SignerUnknownError, match="known are none"):
        open_note(note(), [])


def test_signatures_are_not_repeated():
    once = note()
    assert once.with_signatures(once.signatures) == once


GOOD_LINE = note().signatures[0].line()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no empty line"),
        (b"text\n", "no empty line"),
        (b"text\n\n", "no signature line|does not end in a signature line"),
        ("text\n\n" + GOOD_LINE[:-1], "does not end in a signature line"),
        ("text\n\n" + GOOD_LINE + "\n", "does not end in a signature line|no signature line"),
        ("text\n\n-" + GOOD_LINE[1:], "no signature line"),
        ("text\n\n" + GOOD_LINE.replace(" ", "\u2003", 1), "no signature line"),
        ("text\n\n—  AAAAAAA=\n", "no signature line"),
        ("text\n\n— name\n", "no signature line"),
        ("text\n\n— na+me AAAAAAA=\n", "no signature line"),
        ("text\n\n— na\u2003me AAAAAAA=\n", "no signature line"),
        ("text\n\n— name AAAAAAA\n", "not base64"),
        ("text\n\n— name AAAAAAB=\n", "not base64"),
        ("text\n\n— name AAAA\nAAA=\n", "no signature line|not base64"),
        ("text\n\n— name AAAAAAA= \n", "not base64"),
        ("text\n\n— name AAAAAA==\n", "not base64 of a key ID and a signature"),
        ("te\rxt\n\n" + GOOD_LINE, "U\\+000D"),
        ("te\0xt\n\n" + GOOD_LINE, "U\\+0000"),
        ("te\txt\n\n" + GOOD_LINE, "U\\+0009"),
        (b"te\xffxt\n\n" + GOOD_LINE.encode(), "byte 2 is not UTF-8"),
        (b"te\xed\xa0\x80xt\n\n" + GOOD_LINE.encode(), "byte 2 is not UTF-8"),
        ("text\n\n" + GOOD_LINE * (MAX_SIGNATURES + 1), "101 signatures"),
        ("x" * MAX_NOTE_BYTES + "\n\n" + GOOD_LINE, "more than 1000000"),
    ],
)
def test_what_is_no_note_is_refused(data, problem):
    with pytest.raises(NoteMalformedError, match=problem):
        parse_note(data if isinstance(data, bytes) else data.encode())


def test_a_note_may_have_as_many_signatures_as_the_limit():
    lines = "".join(Signature("name", number.to_bytes(4, "big"), b"x").line() for number in range(MAX_SIGNATURES))
    assert len(parse_signature_lines(lines)) == MAX_SIGNATURES


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_our_own_error(data):
    try:
        parsed = parse_note(data)
    except NoteMalformedError:
        return
    assert parsed.data() == data


@given(
    st.lists(st.sampled_from(["text\n", "\n", "— ", "name", " ", "AAAAAAA=", "+", "é", "\n\n", GOOD_LINE]), max_size=12)
)
def test_what_is_like_a_note_is_read_back_as_it_was_written(parts):
    data = "".join(parts).encode()
    try:
        parsed = parse_note(data)
    except NoteMalformedError:
        return
    assert parsed.data() == data


def test_a_note_with_a_text_that_cannot_be_one_is_not_signed():
    for text in ("text", "te\rxt\n"):
        with pytest.raises(NoteMalformedError):
            signed_note(text, [SIGNER])
    with pytest.raises(NoteMalformedError):
        signed_note("text\n", [])


def test_a_vkey_is_read_back():
    assert parse_vkey(EXAMPLE_VKEY).text() == EXAMPLE_VKEY
    assert parse_vkey(SIGNER.key.text()) == SIGNER.key


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "three parts"),
        ("example.com/foo+530d903a", "three parts"),
        ("example.com/foo+530d903a+", "not base64"),
        ("example.com/foo+530d903a+A=", "not base64"),
        ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "key ID '530d903b' is not 530d903a"),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "key ID"),
        ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "key ID"),
        ("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "0x02 is none of 0x01, 0x04, 0x06"),
        ("example.com/foo+530d903a+Aeky", "32 bytes, found 2"),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "cannot be the name"),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "cannot be the name"),
        ("\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "cannot be the name"),
        ("x" * 256 + "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "256 bytes, more than 255"),
    ],
)
def test_what_is_no_vkey_is_refused(text, problem):
    with pytest.raises(KeyMalformedError, match=problem) as caught:
        parse_vkey(text)
    assert caught.value.mend


def test_one_key_has_another_id_for_each_use():
    ids = {VerifierKey("a.example", kind, b"\1" * 32).id for kind in list(SignatureType)[:2]}
    assert len(ids) == 2


def test_a_public_key_that_is_no_point_verifies_nothing():
    key = VerifierKey("a.example", SignatureType.ED25519, b"\xff" * 32)
    assert not verifier_of(key).verifies("text\n", b"\0" * 64)
    assert not verifier_of(SIGNER.key).verifies("text\n", b"\0" * 63)


def test_notes_compare_by_what_they_say():
    assert Note("a\n", ()) != Note("b\n", ())
