"""A key consents to speak for a member, and to nothing else."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.consent import consent_digest, consent_from_text, consent_to_text, has_consented, sign_consent
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import SigningKey
from ledger.identity.signatures import Signature

KEY = SigningKey(b"\x31" * 32)
OTHER = SigningKey(b"\x32" * 32)
MEMBER = SigningKey(b"\x33" * 32).address


def test_the_key_itself_consents_and_for_one_member_only():
    consent = sign_consent(MEMBER, KEY)
    assert has_consented(consent, MEMBER, KEY.address)
    assert not has_consented(consent, OTHER.address, KEY.address)
    assert not has_consented(consent, MEMBER, OTHER.address)


def test_a_member_consents_for_its_own_address():
    assert has_consented(sign_consent(KEY.address, KEY), KEY.address, KEY.address)


def test_a_wallet_that_speaks_eip_712_signs_the_same():
    message = {
        "types": {
            "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"}],
            "KeyConsent": [{"name": "member", "type": "address"}, {"name": "key", "type": "address"}],
        },
        "primaryType": "KeyConsent",
        "domain": {"name": "SMART Border Ledger", "version": "1"},
        "message": {"member": MEMBER, "key": KEY.address},
    }
    signed = Account.sign_message(encode_typed_data(full_message=message), KEY.reveal())
    assert signed.message_hash == consent_digest(MEMBER, KEY.address)
    theirs = signed.r.to_bytes(32, "big") + signed.s.to_bytes(32, "big") + bytes([signed.v - 27])
    assert Signature.from_recoverable(theirs) == sign_consent(MEMBER, KEY)


@given(st.binary(min_size=32, max_size=32).filter(any))
def test_a_consent_survives_its_text(member):
    consent = sign_consent("0x" + member[:20].hex(), KEY)
    assert consent_from_text(consent_to_text(consent)) == consent


@pytest.mark.parametrize("text", ["", "0x", "0x" + "11" * 63, "11" * 64, "0x" + "zz" * 64, "0x" + "11" * 64 + "\n"])
def test_what_is_no_text_of_a_consent_is_refused(text):
    with pytest.raises(InputError, match="128 hexadecimal digits"):
        consent_from_text(text)


def test_a_text_that_is_no_signature_is_refused():
    with pytest.raises(SignatureMalformedError):
        consent_from_text("0x" + "00" * 64)


def test_a_signature_that_no_key_can_have_made_is_nobodys_consent():
    digest = consent_digest(MEMBER, KEY.address)
    candidates = (Signature(r.to_bytes(32, "big"), bytes(31) + b"\1") for r in range(1, 100))
    impossible = next(each for each in candidates if not _recovers(each, digest))
    assert not has_consented(impossible, MEMBER, KEY.address)


def _recovers(signature: Signature, digest: bytes) -> bool:
    try:
        signature.signer(digest)
    except SignatureMalformedError:
        return False
    return True


def test_a_member_must_be_an_address():
    with pytest.raises(InputError, match="not an address"):
        sign_consent("Hanbat", KEY)
