from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError, LedgerError
from ledger.exchange import Envelope, Parcel, open_parcel, read_envelope, seal_parcel, sealing
from ledger.exchange.encoding import encode_parcel
from ledger.exchange.errors import (
    NotAParcelError,
    OtherChainError,
    ParcelAlteredError,
    ParcelTooLargeError,
    ParcelVersionError,
    WrongRecipientError,
)
from ledger.exchange.parcel import MAX_DOCUMENT_BYTES, MAX_PARCEL_BYTES
from ledger.store.records import Document
from tests.ledger.exchange.samples import (
    CARRIER,
    DOCUMENT,
    DOMAIN,
    ENVELOPE,
    EXPORTER,
    PARCEL,
    REFERENCE,
    STATEMENTS,
    STRANGER,
)
from tests.ledger.exchange.test_encoding import parcels

TINY = Parcel(REFERENCE.id, REFERENCE, STATEMENTS[:1])


def sealed(parcel=PARCEL, envelope=ENVELOPE, key=EXPORTER.signing, recipient=CARRIER):
    return seal_parcel(parcel, envelope, key, recipient.encryption.public_bytes)


def opened(data, reader=CARRIER, domain=DOMAIN, recipient=CARRIER.address):
    return open_parcel(data, reader.encryption, domain, recipient)


def sealed_plain(plain, envelope=ENVELOPE):
    """A parcel of a giver who keeps to no rule but the encryption."""
    key = X25519PublicKey.from_public_bytes(CARRIER.encryption.public_bytes)
    return envelope.to_bytes() + sealing._SUITE.encrypt(plain, key, info=sealing._INFO + envelope.to_bytes())


@given(parcels())
def test_what_is_sealed_is_what_is_opened(parcel):
    data = sealed(parcel)
    result = opened(data)
    assert (result.parcel, result.envelope, result.giver_key) == (parcel, ENVELOPE, EXPORTER.address)
    assert result.size_bytes == len(data)


def test_the_envelope_is_read_without_a_key():
    assert read_envelope(sealed()) == ENVELOPE


def test_a_parcel_is_never_the_same_twice_and_tells_nothing():
    data = sealed()
    assert data != sealed()
    for secret in (REFERENCE.ucr.encode(), REFERENCE.salt, REFERENCE.salt.hex().encode(), DOCUMENT.content[:20]):
        assert secret not in data


def test_the_giver_signs_typed_data_that_wallets_show():
    content = encode_parcel(PARCEL)
    message = encode_typed_data(
        {
            "name": "SMART Border Ledger",
            "version": "1",
            "chainId": DOMAIN.chain_id,
            "verifyingContract": DOMAIN.contract,
        },
        {
            "Parcel": [
                {"name": "giver", "type": "address"},
                {"name": "recipient", "type": "address"},
                {"name": "content", "type": "bytes32"},
            ]
        },
        {"giver": EXPORTER.address, "recipient": CARRIER.address, "content": sealing.hashlib.sha256(content).digest()},
    )
    assert ENVELOPE.digest(content) == keccak(b"\x19" + message.version + message.header + message.body)


def test_every_altered_bit_is_found():
    data = sealed(Parcel(REFERENCE.id, REFERENCE))
    for place in range(8 * len(data)):
        altered = bytearray(data)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(LedgerError):
            opened(bytes(altered))


@given(st.data())
def test_a_parcel_cut_short_or_lengthened_is_refused(data):
    whole = sealed(TINY)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for altered in (whole[:cut], whole + b"\0", whole[:cut] + whole[cut + 1 :]):
        with pytest.raises(LedgerError):
            opened(altered)


@given(st.binary(max_size=400))
def test_random_bytes_are_no_parcel(data):
    with pytest.raises(NotAParcelError):
        opened(data)


def test_a_parcel_for_someone_else_is_said_to_be():
    with pytest.raises(WrongRecipientError, match=f"is for {CARRIER.address}, not for {STRANGER.address}"):
        opened(sealed(), reader=STRANGER, recipient=STRANGER.address)


def test_the_key_of_someone_else_does_not_open_it():
    with pytest.raises(ParcelAlteredError, match="another encryption key than yours"):
        opened(sealed(), reader=STRANGER)


def test_a_parcel_of_another_chain_or_contract_is_said_to_be():
    for other in (replace(DOMAIN, chain_id=1), replace(DOMAIN, contract=CARRIER.address)):
        with pytest.raises(OtherChainError, match=f"chain {DOMAIN.chain_id}, not {other.contract}"):
            opened(sealed(), domain=other)


def test_a_parcel_of_an_unknown_version_is_said_to_be():
    data = sealed()
    with pytest.raises(ParcelVersionError, match="version 2"):
        opened(data[:8] + b"\x02" + data[9:])


def test_a_parcel_about_no_chain_is_none():
    data = sealed()
    with pytest.raises(NotAParcelError, match="chain id"):
        opened(data[:9] + bytes(32) + data[41:])


def test_a_parcel_too_large_is_neither_opened_nor_sealed():
    with pytest.raises(ParcelTooLargeError, match="bytes are more than"):
        opened(bytes(MAX_PARCEL_BYTES + 1))
    large = Document(bytes(MAX_DOCUMENT_BYTES), DOCUMENT.media_type)
    with pytest.raises(ParcelTooLargeError, match="bytes are more than"):
        sealed(replace(PARCEL, documents=(large,) * 4))


def test_a_parcel_passed_on_under_the_first_givers_name_names_another_key():
    first = opened(sealed())
    content = encode_parcel(first.parcel)
    signature = EXPORTER.signing.sign_digest(ENVELOPE.digest(content))
    onwards = Envelope(DOMAIN, EXPORTER.address, STRANGER.address)
    key = X25519PublicKey.from_public_bytes(STRANGER.encryption.public_bytes)
    vs = bytes([signature[32] | signature[64] << 7]) + signature[33:64]
    plain = signature[:32] + vs + content
    data = onwards.to_bytes() + sealing._SUITE.encrypt(plain, key, info=sealing._INFO + onwards.to_bytes())
    result = opened(data, reader=STRANGER, recipient=STRANGER.address)
    assert result.giver_key != EXPORTER.address


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, (5).to_bytes(32, "big") + b"\x01" * 32])
def test_a_signature_that_nobody_can_have_made_is_refused(signature):
    with pytest.raises(ParcelAlteredError, match="signature"):
        opened(sealed_plain(signature + encode_parcel(PARCEL)))


@pytest.mark.parametrize("content", [b"", b"\0\0\0\2[]", encode_parcel(PARCEL) + b"\0"])
def test_a_content_not_made_as_a_parcels_is_refused(content):
    with pytest.raises(ParcelAlteredError, match="not made as a parcel is"):
        opened(sealed_plain(b"\x01" * 64 + content))


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32), bytes(33)])
def test_a_recipients_key_that_is_none_is_refused(key):
    with pytest.raises(InputError, match="no usable X25519 key"):
        seal_parcel(PARCEL, ENVELOPE, EXPORTER.signing, key)
