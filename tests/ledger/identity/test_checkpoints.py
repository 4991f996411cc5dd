"""A checkpoint statement binds each of its fields, and comes back from JSON as it was written or not at all."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.checkpoints import (
    CHECKPOINT_TYPE,
    CHECKPOINT_TYPEHASH,
    MAX_MEMBER,
    MAX_PROOF_HASHES,
    MAX_SECONDS,
    MAX_SIZE,
    CheckpointStatement,
    SignedCheckpoint,
    checkpoint_from_json,
    checkpoint_to_json,
    sign_checkpoint,
)
from ledger.identity.keys import SigningKey
from ledger.identity.statements import Domain
from tests.ledger.identity.strategies import domains, hashes, json_values, signing_keys

DOMAIN = Domain(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
KEY = SigningKey(b"\x11" * 32)
STATEMENT = CheckpointStatement(5, 1_000, 2_500, b"\x01" * 32, 1_790_000_000, 1_790_003_600)
SIGNED = sign_checkpoint(STATEMENT, DOMAIN, KEY, (b"\x02" * 32, b"\x03" * 32))

sizes = st.integers(0, MAX_SIZE)
statements = st.builds(
    CheckpointStatement,
    st.integers(0, MAX_MEMBER),
    sizes,
    sizes,
    hashes,
    st.integers(0, MAX_SECONDS),
    st.integers(0, MAX_SECONDS),
)
proofs = st.lists(hashes, max_size=MAX_PROOF_HASHES).map(tuple)


def test_the_type_hash_is_that_of_the_type():
    assert keccak(text=CHECKPOINT_TYPE) == CHECKPOINT_TYPEHASH


@given(statements)
def test_the_struct_hash_is_the_abi_encoding_of_its_fields(statement):
    kinds = [member.split(" ")[0] for member in CHECKPOINT_TYPE[len("Checkpoint(") : -1].split(",")]
    values = [getattr(statement, field.name) for field in fields(statement)]
    assert statement.struct_hash() == keccak(encode(["bytes32", *kinds], [CHECKPOINT_TYPEHASH, *values]))


@given(statements, domains)
def test_the_digest_is_the_one_that_a_wallet_makes_of_the_typed_data(statement, domain):
    message = checkpoint_to_json(SignedCheckpoint(statement, SIGNED.signature))["checkpoint"]
    members = [member.split(" ") for member in CHECKPOINT_TYPE[len("Checkpoint(") : -1].split(",")]
    data = encode_typed_data(
        {
            "name": "SMART Border Ledger",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        {"Checkpoint": [{"name": name, "type": kind} for kind, name in members]},
        message,
    )
    assert keccak(b"\x19" + data.version + data.header + data.body) == statement.digest(domain)


@pytest.mark.parametrize("name", [field.name for field in fields(CheckpointStatement)])
def test_each_field_moves_the_digest(name):
    changed = b"\x09" * 32 if name == "root" else 7
    assert replace(STATEMENT, **{name: changed}).digest(DOMAIN) != STATEMENT.digest(DOMAIN)


@given(statements, domains, signing_keys, proofs)
def test_who_signed_is_told_from_the_signature(statement, domain, key, proof):
    signed = sign_checkpoint(statement, domain, key, proof)
    assert signed.signer(domain) == key.address
    assert signed.signer(Domain(domain.chain_id + 1, domain.contract)) != key.address


@given(statements, domains, signing_keys, proofs)
def test_a_signed_checkpoint_comes_back_from_json_as_it_was(statement, domain, key, proof):
    signed = sign_checkpoint(statement, domain, key, proof)
    assert checkpoint_from_json(json.loads(json.dumps(checkpoint_to_json(signed)))) == signed


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("member", [-1, MAX_MEMBER + 1, 1.5, True, "1", None]),
        ("previous_size", [-1, MAX_SIZE + 1, 1.0, False]),
        ("size", [-1, MAX_SIZE + 1, "2500"]),
        ("signed_time", [-1, MAX_SECONDS + 1, 0.5]),
        ("valid_until", [-1, MAX_SECONDS + 1, None]),
        ("root", [b"", bytes(31), bytes(33), "00" * 16, None]),
    ],
)
def test_a_field_out_of_range_is_refused_by_its_name(name, values):
    for value in values:
        with pytest.raises(InputError, match="expected") as caught:
            replace(STATEMENT, **{name: value})
        assert caught.value.where == name


def test_a_proof_that_can_be_none_is_refused():
    with pytest.raises(InputError, match="66 hashes, more than 65") as caught:
        SignedCheckpoint(STATEMENT, SIGNED.signature, (bytes(32),) * (MAX_PROOF_HASHES + 1))
    assert caught.value.where == "proof"
    with pytest.raises(InputError, match="expected 32 bytes") as caught:
        SignedCheckpoint(STATEMENT, SIGNED.signature, (bytes(32), bytes(31)))
    assert caught.value.where == "proof[1]"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda content: content.pop("proof"), "signed"),
        (lambda content: content.update(more=1), "signed"),
        (lambda content: content["checkpoint"].pop("root"), "signed.checkpoint"),
        (lambda content: content["checkpoint"].update(previousSize=-1), "signed.checkpoint.previousSize"),
        (lambda content: content["checkpoint"].update(size=2**64), "signed.checkpoint.size"),
        (lambda content: content["checkpoint"].update(member="5"), "signed.checkpoint.member"),
        (lambda content: content["checkpoint"].update(root="0x" + "AB" * 32), "signed.checkpoint.root"),
        (lambda content: content["checkpoint"].update(validUntil=1.5), "signed.checkpoint.validUntil"),
        (lambda content: content["signature"].update(r="0x00"), "signed.signature.r"),
        (lambda content: content["signature"].update(vs="0x7f" + "ff" * 31), "signature"),
        (lambda content: content.update(proof=["0x" + "00" * 32, "0x00"]), "signed.proof[1]"),
        (lambda content: content.update(proof=[7]), "signed.proof[0]"),
        (lambda content: content.update(proof="0x"), "signed.proof"),
        (lambda content: content.update(proof=["0x" + "00" * 32] * 66), "signed.proof"),
    ],
)
def test_json_that_is_not_as_it_should_be_is_refused_by_its_place(change, where):
    content = checkpoint_to_json(SIGNED)
    change(content)
    with pytest.raises(InputError) as caught:
        checkpoint_from_json(content)
    assert caught.value.where == where


@given(json_values)
def test_other_json_is_no_signed_checkpoint(value):
    with pytest.raises(InputError):
        checkpoint_from_json(value)
