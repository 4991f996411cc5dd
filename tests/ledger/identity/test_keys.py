import copy
import itertools
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.keys import (
    CURVE_ORDER,
    CheckpointKey,
    EncryptionKey,
    Keyring,
    SigningKey,
    StorageSecret,
)
from tests.ledger.identity.strategies import signing_keys

KINDS = [SigningKey, EncryptionKey, CheckpointKey, StorageSecret]


def counting_random():
    numbers = itertools.count(1)
    return lambda size: bytes([next(numbers)]) * size


@given(signing_keys)
def test_a_signing_key_has_the_address_that_eth_account_gives_it(key):
    assert key.address == Account.from_key(key.reveal()).address


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_never_shows_its_secret(kind):
    key = kind(bytes(range(32)))
    shown = f"{key} {key!r} {[key]!r}"
    assert bytes(range(32)).hex() not in shown
    assert repr(bytes(range(32))) not in shown
    assert key.reveal() == bytes(range(32))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("copied", [pickle.dumps, copy.deepcopy])
def test_a_key_is_never_pickled(kind, copied):
    with pytest.raises(TypeError, match="never pickled"):
        copied(kind(bytes(range(32))))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33), "00" * 16])
def test_a_secret_that_is_not_32_bytes_is_refused(kind, secret):
    with pytest.raises(InputError, match="32 bytes"):
        kind(secret)


@pytest.mark.parametrize("number", [0, CURVE_ORDER, 2**256 - 1])
def test_a_secret_outside_the_curve_is_refused_without_showing_it(number):
    with pytest.raises(InputError, match="outside the range") as caught:
        SigningKey(number.to_bytes(32, "big"))
    assert number.to_bytes(32, "big").hex() not in caught.value.diagnostics()


def test_only_a_digest_of_32_bytes_is_signed():
    with pytest.raises(InputError, match="expected 32 bytes, found 31"):
        SigningKey(b"\x01" * 32).sign_digest(bytes(31))


def test_an_encryption_key_agrees_with_the_iterated_vector_of_rfc_7748_section_5_2():
    nine = b"\x09" + bytes(31)
    expected = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    assert EncryptionKey(nine).public_bytes.hex() == expected


def test_a_checkpoint_key_signs_what_its_public_key_verifies():
    key = CheckpointKey.generate()
    signature = key.private_key.sign(b"checkpoint")
    Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(signature, b"checkpoint")


def test_a_keyring_is_made_of_the_randomness_it_is_given():
    first, second = Keyring.generate(counting_random()), Keyring.generate(counting_random())
    assert first == second
    secrets = [first.signing, first.encryption, first.checkpoint, first.storage]
    assert len({key.reveal() for key in secrets}) == 4


def test_two_keyrings_from_the_system_have_no_secret_in_common():
    rings = [Keyring.generate(), Keyring.generate()]
    secrets = {key.reveal() for ring in rings for key in (ring.signing, ring.encryption, ring.checkpoint, ring.storage)}
    assert len(secrets) == 8


def test_the_store_key_hangs_on_the_storage_secret_alone():
    ring, other = Keyring.generate(), Keyring.generate()
    replaced = Keyring(other.signing, other.encryption, other.checkpoint, ring.storage)
    assert replaced.store_key() == ring.store_key() != other.store_key()
    assert ring.store_key() != ring.storage.reveal()
    assert replaced.address == other.signing.address


@given(st.binary(min_size=32, max_size=32))
def test_a_keyring_shows_no_secret(secret):
    ring = Keyring(SigningKey(b"\x11" * 32), EncryptionKey(secret), CheckpointKey(secret), StorageSecret(secret))
    assert secret.hex() not in repr(ring)
    assert repr(secret) not in repr(ring)
