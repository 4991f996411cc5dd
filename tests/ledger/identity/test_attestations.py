"""Attestations of a head: signed for one contract on one chain, and read back exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.attestations import (
    ATTESTATION_TYPE,
    ATTESTATION_TYPEHASH,
    HeadAttestation,
    attestation_from_json,
    attestation_signer,
    attestation_signers,
    attestation_to_json,
    sign_attestation,
)
from ledger.identity.keys import SigningKey
from ledger.identity.statements import Domain

DOMAIN = Domain(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
SAID = HeadAttestation(b"\x01" * 32, b"\x02" * 32, 7, 1200, b"\x03" * 32)
ONE, TWO = SigningKey(b"\x11" * 32), SigningKey(b"\x22" * 32)

words = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**64 - 1)
attestations = st.builds(HeadAttestation, words, words, numbers, numbers, words)


def test_the_type_hash_is_that_of_the_type():
    assert keccak(text=ATTESTATION_TYPE) == ATTESTATION_TYPEHASH


@given(attestations)
def test_a_wallet_signs_the_same_digest(said):
    fields = [
        {"name": name, "type": kind}
        for kind, name in (field.split(" ") for field in ATTESTATION_TYPE[len("HeadAttestation(") : -1].split(","))
    ]
    message = encode_typed_data(
        full_message={
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "HeadAttestation": fields,
            },
            "primaryType": "HeadAttestation",
            "domain": {
                "name": "SMART Border Ledger",
                "version": "1",
                "chainId": DOMAIN.chain_id,
                "verifyingContract": DOMAIN.contract,
            },
            "message": attestation_to_json(said),
        }
    )
    assert keccak(b"\x19" + message.version + message.header + message.body) == said.digest(DOMAIN)
    signed = Account.from_key(ONE.reveal()).sign_message(message)
    ours = sign_attestation(said, DOMAIN, ONE)
    assert ours.recoverable() == signed.signature[:64] + bytes([signed.signature[64] - 27])


def test_the_signer_is_told_and_every_change_makes_it_another():
    signature = sign_attestation(SAID, DOMAIN, ONE)
    assert attestation_signer(SAID, signature, DOMAIN) == ONE.address
    changed = [
        replace(SAID, consignment=b"\x09" * 32),
        replace(SAID, head=b"\x09" * 32),
        replace(SAID, position=8),
        replace(SAID, block_number=1201),
        replace(SAID, block_hash=b"\x09" * 32),
    ]
    for other in changed:
        assert attestation_signer(other, signature, DOMAIN) != ONE.address
    for domain in (replace(DOMAIN, chain_id=1), replace(DOMAIN, contract="0x" + "11" * 20)):
        assert attestation_signer(SAID, signature, domain) != ONE.address


def test_a_key_counts_once_however_often_it_signs():
    one, two = (sign_attestation(SAID, DOMAIN, key) for key in (ONE, TWO))
    assert attestation_signers(SAID, [one, two, one], DOMAIN) == {ONE.address, TWO.address}
    assert attestation_signers(SAID, [], DOMAIN) == frozenset()


@given(attestations)
def test_what_is_written_is_read_again(said):
    assert attestation_from_json(attestation_to_json(said)) == said


@pytest.mark.parametrize(
    "changed",
    [
        {"consignment": b"\1" * 31},
        {"head": "0x" + "11" * 32},
        {"block_hash": b""},
        {"position": -1},
        {"position": True},
        {"block_number": 2**64},
    ],
    ids=str,
)
def test_a_field_that_is_not_what_it_should_be_is_named(changed):
    with pytest.raises(InputError, match=rf"attestation\.{next(iter(changed))}"):
        replace(SAID, **changed)


@pytest.mark.parametrize(
    "changed", [{"position": "7"}, {"head": "0x11"}, {"extra": 1}, {"blockNumber": 2**64}, {"blockHash": None}], ids=str
)
def test_a_message_that_is_malformed_is_refused(changed):
    with pytest.raises(InputError):
        attestation_from_json(attestation_to_json(SAID) | changed)
