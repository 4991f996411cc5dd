"""The keys of a witness: encrypted, named, and never those of another file."""

import json
import pickle

import pytest

from ledger.errors import InputError
from ledger.identity.errors import FileExposedError, FileTakenError, KeystoreCorruptError, WrongPasswordError
from ledger.identity.keyfile import ScryptCost
from ledger.identity.witness_keys import WitnessKeys, WitnessKeystore

QUICK = ScryptCost(n=2**10)
KEYS = WitnessKeys("witness.example/w1", b"\x11" * 32, b"\x22" * 32)
PASSWORD = "only for tests"


@pytest.fixture
def keystore(tmp_path):
    made = WitnessKeystore(tmp_path / "keys", cost=QUICK)
    made.create(KEYS, PASSWORD)
    return made


def test_keys_come_back_with_the_password_and_sign_the_same(keystore):
    keys = keystore.unlock(PASSWORD)
    assert keys == KEYS
    keys.ed25519.public_key().verify(keys.ed25519.sign(b"text"), b"text")
    keys.ml_dsa_44.public_key().verify(keys.ml_dsa_44.sign(b"text"), b"text")


def test_name_and_public_keys_are_read_without_the_password(keystore):
    assert keystore.exists
    assert keystore.public == KEYS.public
    assert (len(keystore.public.ed25519), len(keystore.public.ml_dsa_44)) == (32, 1312)


def test_generated_keys_are_of_64_random_bytes():
    drawn = iter([b"\x01" * 32, b"\x02" * 32])
    assert WitnessKeys.generate("w", lambda _: next(drawn)).reveal() == b"\x01" * 32 + b"\x02" * 32


def test_no_seed_is_shown_or_pickled(keystore):
    assert "\\x11" not in repr(KEYS)
    assert KEYS.reveal().hex() not in keystore.path.read_text()
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(KEYS)


def test_there_is_one_witness_in_a_keystore_and_it_stays(keystore):
    before = keystore.path.read_bytes()
    with pytest.raises(FileTakenError):
        keystore.create(WitnessKeys.generate("other"), PASSWORD)
    assert keystore.path.read_bytes() == before


def test_a_wrong_password_opens_nothing(keystore):
    with pytest.raises(WrongPasswordError):
        keystore.unlock("another password")


def test_a_short_password_is_refused(tmp_path):
    with pytest.raises(InputError, match="fewer than 8"):
        WitnessKeystore(tmp_path, cost=QUICK).create(KEYS, "short")
    assert not WitnessKeystore(tmp_path).exists


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(InputError, match="two seeds of 32 bytes"):
        WitnessKeys("w", b"\x11" * 31, b"\x22" * 32)


def test_a_file_that_others_may_read_is_refused(keystore):
    keystore.path.chmod(0o644)
    with pytest.raises(FileExposedError):
        keystore.unlock(PASSWORD)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": 2}, "version is not 3"),
        ({"witness": 7}, "name of the witness is missing"),
        ({"ed25519": "xx"}, "not hexadecimal"),
        ({"mlDsa44": None}, "not hexadecimal"),
        ({"ed25519": "00" * 32}, "not those of its secrets"),
    ],
)
def test_a_damaged_file_says_what_is_wrong_with_it(keystore, change, problem):
    content = json.loads(keystore.path.read_text()) | change
    keystore.path.write_text(json.dumps(content))
    with pytest.raises(KeystoreCorruptError, match=problem):
        keystore.unlock(PASSWORD)


def test_a_file_that_is_no_json_or_holds_other_secrets_is_refused(keystore, tmp_path):
    from ledger.identity.keyfile import PasswordKeys, encrypt_section

    content = json.loads(keystore.path.read_text())
    content["crypto"] = encrypt_section(b"\x11" * 32, PasswordKeys(PASSWORD), b"\x01" * 32, bytes, QUICK)
    keystore.path.write_text(json.dumps(content))
    with pytest.raises(KeystoreCorruptError, match="32 secret bytes, not 64"):
        keystore.unlock(PASSWORD)
    keystore.path.write_text("{")
    with pytest.raises(KeystoreCorruptError, match="not JSON"):
        keystore.unlock(PASSWORD)
