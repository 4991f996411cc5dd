from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.tlog.checkpoints import open_checkpoint
from ledger.tlog.cosignatures import (
    Subtree,
    cosignature_time,
    ed25519_message,
    ml_dsa_44_message,
    verifier_of,
    verifiers_of,
)
from ledger.tlog.errors import CheckpointMalformedError, SignatureWrongError
from ledger.tlog.merkle import leaf_hashes, root_of
from ledger.tlog.notes import Signature
from ledger.tlog.vkeys import parse_vkey
from tests.ledger.tlog.samples import NOW, checkpoint_of, ed25519_cosigner, entries, ml_dsa_cosigner, signed

VECTORS = Path(__file__).parents[2] / "vectors" / "tlog"
CHECKPOINT = checkpoint_of(entries(5))
COSIGNERS = [ed25519_cosigner(), ml_dsa_cosigner()]


def test_the_signed_bytes_of_ed25519_are_the_specifications():
    # the example of C2SP tlog-cosignature, "Ed25519 signed message"
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert ed25519_message(text, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + text.encode()


def test_the_signed_bytes_of_ml_dsa_are_laid_out_as_specified():
    subtree = Subtree("example.com/log", 8, 13, b"\xaa" * 32)
    assert ml_dsa_44_message("w.example", subtree, 0) == (
        b"subtree/v1\n\0"
        b"\x09w.example" + b"\0" * 8 + b"\x0fexample.com/log" + b"\0" * 7 + b"\x08" + b"\0" * 7 + b"\x0d" + b"\xaa" * 32
    )


def test_a_checkpoint_signed_by_another_implementation_with_ml_dsa_verifies():
    key = parse_vkey((VECTORS / "ml-dsa-44.vkey").read_text().strip())
    opened = open_checkpoint((VECTORS / "ml-dsa-44.checkpoint").read_bytes(), [verifier_of(key)])
    assert opened.checkpoint.size == 1
    assert cosignature_time(opened.verified[0][1]) == 0


def test_that_checkpoint_altered_does_not_verify():
    key = parse_vkey((VECTORS / "ml-dsa-44.vkey").read_text().strip())
    data = (VECTORS / "ml-dsa-44.checkpoint").read_bytes()
    with pytest.raises(SignatureWrongError):
        open_checkpoint(data.replace(b"\n1\n", b"\n2\n", 1), [verifier_of(key)])


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["Ed25519", "ML-DSA-44"])
def test_a_cosignature_verifies_and_tells_its_time(cosigner):
    signature = cosigner.cosign(CHECKPOINT.text(), NOW)
    assert verifier_of(cosigner.key).verifies(CHECKPOINT.text(), signature.value)
    assert cosignature_time(signature) == NOW
    assert (signature.name, signature.key_id) == (cosigner.key.name, cosigner.key.id)


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["Ed25519", "ML-DSA-44"])
def test_a_cosignature_is_good_for_nothing_else(cosigner):
    verifier, value = verifier_of(cosigner.key), cosigner.cosign(CHECKPOINT.text(), NOW).value
    other_texts = [
        checkpoint_of(entries(6)).text(),
        checkpoint_of(entries(5), origin="logs.example/other").text(),
        checkpoint_of(entries(5), extensions=("more",)).text(),
        "no checkpoint\n",
    ]
    assert not any(verifier.verifies(text, value) for text in other_texts)
    other_values = [
        (NOW + 1).to_bytes(8, "big") + value[8:],
        (2**63).to_bytes(8, "big") + value[8:],
        value[:-1],
        value + b"\0",
        b"",
        value[:8] + b"\0" * (len(value) - 8),
    ]
    assert not any(verifier.verifies(CHECKPOINT.text(), other) for other in other_values)


def test_a_cosignature_of_ml_dsa_names_its_witness():
    one, other = ml_dsa_cosigner("a.example"), ml_dsa_cosigner("b.example")
    assert not verifier_of(other.key).verifies(CHECKPOINT.text(), one.cosign(CHECKPOINT.text(), NOW).value)


def test_extension_lines_are_cosigned_by_ed25519_and_refused_by_ml_dsa():
    text = checkpoint_of(entries(5), extensions=("more",)).text()
    ed25519, ml_dsa = COSIGNERS
    assert verifier_of(ed25519.key).verifies(text, ed25519.cosign(text, NOW).value)
    with pytest.raises(InputError, match="extension lines are not covered"):
        ml_dsa.cosign(text, NOW)


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["Ed25519", "ML-DSA-44"])
def test_only_checkpoints_are_cosigned_at_times_that_exist(cosigner):
    with pytest.raises(CheckpointMalformedError):
        cosigner.cosign("text\n", NOW)
    for time in (0, -1, 2**63):
        with pytest.raises(InputError, match="not from 1"):
            cosigner.cosign(CHECKPOINT.text(), time)


@settings(max_examples=30)
@given(data=st.data())
def test_a_subtree_is_cosigned_as_itself_only(data):
    length = data.draw(st.integers(1, 64))
    step = 1 << (length - 1).bit_length()
    start = step * data.draw(st.integers(0, 40))
    leaves = leaf_hashes(entries(length, start))
    subtree = Subtree("logs.example/events", start, start + length, root_of(leaves))
    cosigner = ml_dsa_cosigner()
    verifier, value = verifier_of(cosigner.key), cosigner.cosign_subtree(subtree).value
    assert verifier.verifies_subtree(subtree, value)
    assert not verifier.verifies_subtree(
        Subtree(subtree.origin, start + step, start + step + length, subtree.root), value
    )
    message = ml_dsa_44_message(cosigner.name, subtree, 0)
    MLDSA44PublicKey.from_public_bytes(cosigner.key.public_key).verify(value[8:], message)


def test_a_subtree_from_the_first_entry_may_tell_a_time_and_a_later_one_may_not():
    cosigner = ml_dsa_cosigner()
    first, later = (Subtree("a", start, start + 4, b"\0" * 32) for start in (0, 4))
    assert verifier_of(cosigner.key).verifies_subtree(first, cosigner.cosign_subtree(first, NOW).value)
    with pytest.raises(InputError, match="has no time"):
        cosigner.cosign_subtree(later, NOW)
    forged = NOW.to_bytes(8, "big") + cosigner.cosign_subtree(later).value[8:]
    assert not verifier_of(cosigner.key).verifies_subtree(later, forged)


@pytest.mark.parametrize(("start", "end"), [(1, 3), (4, 4), (5, 4), (2, 5), (-4, 0), (6, 10), (0, 2**63)])
def test_what_is_no_subtree_is_refused(start, end):
    with pytest.raises(InputError, match="are no subtree"):
        Subtree("a", start, end, b"\0" * 32)


def test_a_subtree_has_a_hash_of_32_bytes():
    with pytest.raises(InputError, match="32 bytes"):
        Subtree("a", 0, 1, b"\0" * 31)


def test_an_origin_longer_than_the_format_is_not_cosigned_by_ml_dsa():
    text = checkpoint_of(entries(1), origin="é" * 128).text()
    cosigner = ml_dsa_cosigner()
    with pytest.raises(InputError, match="1 to 255 bytes, found 256"):
        cosigner.cosign(text, NOW)
    assert not verifier_of(cosigner.key).verifies(text, b"\0" * 2428)


def test_a_signature_too_short_for_a_time_has_none():
    with pytest.raises(InputError, match="no cosignature"):
        cosignature_time(Signature("a", b"\0\0\0\0", b"\0" * 8))


def test_cosignatures_stand_under_the_logs_signature():
    note = signed(CHECKPOINT)
    cosigned = note.with_signatures(cosigner.cosign(note.text, NOW) for cosigner in COSIGNERS)
    opened = open_checkpoint(
        cosigned.data(),
        verifiers_of([*(each.key for each in COSIGNERS), parse_vkey(signed_vkey())]),
        origin=CHECKPOINT.origin,
    )
    assert [key.type.name for key, _ in opened.verified] == [
        "ED25519",
        "ED25519_COSIGNATURE",
        "ML_DSA_44_COSIGNATURE",
    ]


def signed_vkey():
    from tests.ledger.tlog.samples import SIGNER

    return SIGNER.key.text()
