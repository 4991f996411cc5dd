import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.tlog.checkpoints import (
    Checkpoint,
    empty_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.errors import (
    CheckpointMalformedError,
    NoteMalformedError,
    OriginWrongError,
    SignatureWrongError,
    SignerUnknownError,
)
from ledger.tlog.merkle import EMPTY_ROOT
from ledger.tlog.notes import Ed25519Signer
from tests.ledger.tlog.samples import ORIGIN, OTHER_SIGNER, SIGNER, VERIFIERS, checkpoint_of, entries, signed

ROOT64 = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
TEXT = f"example.com/behind-the-sofa\n20852163\n{ROOT64}\n"  # the example of C2SP tlog-checkpoint


def test_the_specifications_example_is_read_and_written():
    checkpoint = parse_checkpoint(TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a9186")
    assert checkpoint.text() == TEXT


def test_extension_lines_are_kept_in_order():
    checkpoint = parse_checkpoint(f"{TEXT}one\ntwo three\n")
    assert checkpoint.extensions == ("one", "two three")
    assert checkpoint.text() == f"{TEXT}one\ntwo three\n"


@given(
    origin=st.text(st.characters(min_codepoint=33, exclude_categories=("Cs",)), min_size=1, max_size=40),
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)), min_size=1, max_size=9)),
)
def test_a_checkpoint_is_read_back(origin, size, root, extensions):
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    assert parse_checkpoint(checkpoint.text()) == checkpoint
    assert read_checkpoint(sign_checkpoint(checkpoint, [SIGNER]).data()) == checkpoint


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no newline"),
        ("a\n1\n", "needs the lines"),
        (f"a\n1\n{ROOT64}", "no newline"),
        (f"\n1\n{ROOT64}\n", "non-empty"),
        (f"a\n01\n{ROOT64}\n", "'01'"),
        (f"a\n-1\n{ROOT64}\n", "'-1'"),
        (f"a\n+1\n{ROOT64}\n", r"'\+1'"),
        (f"a\n\uff11\n{ROOT64}\n", "'\uff11'"),
        (f"a\n1 \n{ROOT64}\n", "'1 '"),
        (f"a\n\n{ROOT64}\n", "''"),
        (f"a\n9223372036854775808\n{ROOT64}\n", "2\\^63"),
        (f"a\n1\n{ROOT64[:-1]}\n", "not 32 bytes"),
        (f"a\n1\n{ROOT64[:-2]}J=\n", "not 32 bytes"),
        ("a\n1\nAAAA\n", "not 32 bytes"),
        (f"a\n1\n{ROOT64}\n\n", "non-empty"),
        (f"a\n1\n{ROOT64}\nx\n\ny\n", "non-empty"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text, problem):
    with pytest.raises(CheckpointMalformedError, match=problem):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"origin": ""}, "non-empty"),
        ({"origin": "a\nb"}, "control"),
        ({"size": -1}, "-1"),
        ({"size": 2**63}, "2\\^63"),
        ({"root": b"\0" * 31}, "31 bytes"),
        ({"extensions": ("",)}, "non-empty"),
    ],
)
def test_values_without_a_place_in_a_checkpoint_are_refused(changes, problem):
    with pytest.raises(CheckpointMalformedError, match=problem):
        Checkpoint(**({"origin": "a", "size": 1, "root": b"\0" * 32} | changes))


def test_a_checkpoint_opens_with_the_key_of_its_log():
    checkpoint = checkpoint_of(entries(3))
    opened = open_checkpoint(signed(checkpoint).data(), VERIFIERS)
    assert opened.checkpoint == checkpoint
    assert [key for key, _ in opened.verified] == [SIGNER.key]


def test_a_checkpoint_altered_or_signed_by_another_does_not_open():
    data = signed(checkpoint_of(entries(3))).data()
    with pytest.raises(SignatureWrongError):
        open_checkpoint(data.replace(b"\n3\n", b"\n4\n"), VERIFIERS)
    with pytest.raises(SignerUnknownError):
        open_checkpoint(signed(checkpoint_of(entries(3)), OTHER_SIGNER), VERIFIERS)
    with pytest.raises(NoteMalformedError):
        open_checkpoint(b"", VERIFIERS)


def test_a_log_cannot_sign_for_another():
    note = sign_checkpoint(checkpoint_of(entries(3), origin="logs.example/other"), [SIGNER])
    with pytest.raises(OriginWrongError, match=r"'logs\.example/other', not of 'logs\.example/events'"):
        open_checkpoint(note, VERIFIERS)
    assert open_checkpoint(note, VERIFIERS, origin="logs.example/other").checkpoint.size == 3


def test_a_note_that_is_no_checkpoint_does_not_open():
    from ledger.tlog.notes import signed_note

    with pytest.raises(CheckpointMalformedError):
        open_checkpoint(signed_note("some text\n", [SIGNER]), VERIFIERS)


def test_an_empty_log_has_the_root_of_the_empty_tree():
    assert empty_checkpoint(ORIGIN) == Checkpoint(ORIGIN, 0, EMPTY_ROOT)


def test_a_log_may_sign_with_two_keys_while_it_changes_them():
    second = Ed25519Signer(ORIGIN, OTHER_SIGNER.private_key)
    note = sign_checkpoint(checkpoint_of(entries(1)), [SIGNER, second])
    assert len(open_checkpoint(note, verifiers_of([SIGNER.key, second.key])).verified) == 2
