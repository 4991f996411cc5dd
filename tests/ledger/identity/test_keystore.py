import itertools
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.errors import (
    FileExposedError,
    FileTakenError,
    KeystoreCorruptError,
    KeystoreMissingError,
    WrongPasswordError,
)
from ledger.identity.keyfile import STANDARD_COST, PasswordKeys, ScryptCost, decrypt_section, encrypt_section
from ledger.identity.keys import Keyring, SigningKey
from ledger.identity.keystore import Keystore, read_key_file
from tests.ledger.identity.strategies import json_values

LIGHT = ScryptCost(n=2)
PASSWORD = "correct horse 電池"


@pytest.fixture
def keyring():
    return Keyring.generate()


@pytest.fixture
def keystore(tmp_path, keyring):
    keystore = Keystore(tmp_path / "keys", cost=LIGHT)
    keystore.create(keyring, PASSWORD)
    return keystore


@pytest.fixture
def signing_file(keystore):
    return keystore.folder / "signing.json"


@pytest.fixture
def member_file(keystore):
    return keystore.folder / "member.json"


def edit(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_the_keys_come_back_with_the_password(keystore, keyring):
    assert Keystore(keystore.folder).unlock(PASSWORD) == keyring


def test_the_address_is_read_without_the_password(keystore, keyring):
    assert keystore.address == keyring.address


def test_the_standard_cost_is_what_other_tools_write(tmp_path, keyring):
    assert (STANDARD_COST.n, STANDARD_COST.r, STANDARD_COST.p) == (262144, 8, 1)
    assert Keystore(tmp_path)._cost is STANDARD_COST


def test_eth_account_opens_the_signing_file(signing_file, keyring):
    assert Account.decrypt(signing_file.read_text(), PASSWORD) == keyring.signing.reveal()


@pytest.mark.parametrize("kdf", ["scrypt", "pbkdf2"])
def test_a_file_of_eth_account_is_opened(tmp_path, keyring, kdf):
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps(Account.encrypt(keyring.signing.reveal(), PASSWORD, kdf=kdf, iterations=2)))
    path.chmod(0o600)
    assert read_key_file(path, PASSWORD) == keyring.signing


WEB3_TEST_VECTOR = {  # the vector of the Web3 Secret Storage Definition that is within RFC 7914
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf": "pbkdf2",
        "kdfparams": {
            "c": 262144,
            "dklen": 32,
            "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
        },
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3,
}


def test_the_vector_of_the_definition_is_opened(tmp_path):
    path = tmp_path / "vector.json"
    path.write_text(json.dumps(WEB3_TEST_VECTOR))
    path.chmod(0o600)
    secret = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"
    assert read_key_file(path, "testpassword").reveal().hex() == secret


def test_no_secret_stands_in_the_files(keystore, keyring):
    text = "".join(path.read_text() for path in keystore.folder.iterdir())
    for key in (keyring.signing, keyring.encryption, keyring.checkpoint, keyring.storage):
        assert key.reveal().hex() not in text


def test_one_scrypt_opens_both_files(signing_file, member_file):
    salts = [json.loads(path.read_text())["crypto"]["kdfparams"]["salt"] for path in (signing_file, member_file)]
    counters = [json.loads(path.read_text())["crypto"]["cipherparams"]["iv"] for path in (signing_file, member_file)]
    assert salts[0] == salts[1]
    assert counters[0] != counters[1]


@pytest.mark.parametrize("password", ["", "correct horse", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_opens_nothing(keystore, password):
    with pytest.raises(WrongPasswordError, match="does not open") as caught:
        keystore.unlock(password)
    assert caught.value.where.endswith("signing.json")


def test_a_short_password_is_refused_and_nothing_is_written(tmp_path, keyring):
    with pytest.raises(InputError, match="fewer than 8"):
        Keystore(tmp_path / "keys", cost=LIGHT).create(keyring, "seven 7")
    assert not (tmp_path / "keys").exists()


def test_a_second_keystore_in_the_same_place_is_refused(keystore, keyring):
    with pytest.raises(FileTakenError):
        Keystore(keystore.folder, cost=LIGHT).create(Keyring.generate(), PASSWORD)
    assert keystore.unlock(PASSWORD) == keyring


@pytest.mark.parametrize("name", ["signing.json", "member.json"])
def test_a_missing_file_is_named(keystore, name):
    (keystore.folder / name).unlink()
    with pytest.raises(KeystoreMissingError) as caught:
        keystore.unlock(PASSWORD)
    assert caught.value.where.endswith(name)


@pytest.mark.parametrize("name", ["signing.json", "member.json"])
def test_a_file_open_to_others_is_refused(keystore, name):
    (keystore.folder / name).chmod(0o640)
    with pytest.raises(FileExposedError) as caught:
        keystore.unlock(PASSWORD)
    assert caught.value.where.endswith(name)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"version": 4}', b"\xff", b"[" * 60_000])
def test_a_damaged_file_is_told_from_a_wrong_password(keystore, signing_file, content):
    signing_file.write_bytes(content)
    with pytest.raises(KeystoreCorruptError):
        keystore.unlock(PASSWORD)


def replace_in(*path, value):
    def change(content):
        for name in path[:-1]:
            content = content[name]
        content[path[-1]] = value

    return change


DEFECTS = {
    "no section": replace_in("crypto", value=None),
    "no cipher": replace_in("crypto", "cipher", value=None),
    "another cipher": replace_in("crypto", "cipher", value="aes-256-cbc"),
    "no cipher parameters": replace_in("crypto", "cipherparams", value=[]),
    "a short counter": replace_in("crypto", "cipherparams", "iv", value="00"),
    "no hexadecimal": replace_in("crypto", "ciphertext", value="xyz"),
    "nothing encrypted": replace_in("crypto", "ciphertext", value=""),
    "too much encrypted": replace_in("crypto", "ciphertext", value="00" * 1025),
    "a text for a number": replace_in("crypto", "kdfparams", "n", value="2"),
    "n no power of two": replace_in("crypto", "kdfparams", "n", value=3),
    "n of one": replace_in("crypto", "kdfparams", "n", value=1),
    "n that takes all memory": replace_in("crypto", "kdfparams", "n", value=2**40),
    "n above what RFC 7914 allows for r": lambda content: content["crypto"]["kdfparams"].update(n=2**18, r=1, p=8),
    "r of zero": replace_in("crypto", "kdfparams", "r", value=0),
    "p without end": replace_in("crypto", "kdfparams", "p", value=10**6),
    "another dklen": replace_in("crypto", "kdfparams", "dklen", value=64),
    "an unknown derivation": replace_in("crypto", "kdf", value="argon2"),
    "pbkdf2 with another hash": lambda content: content["crypto"].update(
        kdf="pbkdf2", kdfparams={"c": 1, "dklen": 32, "prf": "hmac-md5", "salt": "00"}
    ),
    "pbkdf2 without end": lambda content: content["crypto"].update(
        kdf="pbkdf2", kdfparams={"c": 10**9, "dklen": 32, "prf": "hmac-sha256", "salt": "00"}
    ),
    "pbkdf2 without rounds": lambda content: content["crypto"].update(
        kdf="pbkdf2", kdfparams={"c": 0, "dklen": 32, "prf": "hmac-sha256", "salt": "00"}
    ),
    "another address": replace_in("address", value="00" * 20),
    "no address": replace_in("address", value="somewhere"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_key_file_with_a_defect_is_refused(keystore, signing_file, defect):
    edit(signing_file, DEFECTS[defect])
    with pytest.raises(KeystoreCorruptError) as caught:
        keystore.unlock(PASSWORD)
    assert caught.value.where == str(signing_file)


@pytest.mark.parametrize("place", [("crypto", "ciphertext"), ("crypto", "mac"), ("crypto", "kdfparams", "salt")])
def test_a_flipped_byte_is_found(keystore, signing_file, place):
    def flip(content):
        for name in place[:-1]:
            content = content[name]
        raw = bytearray.fromhex(content[place[-1]])
        raw[0] ^= 1
        content[place[-1]] = raw.hex()

    edit(signing_file, flip)
    with pytest.raises(WrongPasswordError):
        keystore.unlock(PASSWORD)


@pytest.mark.parametrize("name", ["encryption", "checkpoint"])
def test_public_keys_that_are_not_those_of_the_secrets_are_found(keystore, member_file, name):
    edit(member_file, replace_in(name, value="00" * 32))
    with pytest.raises(KeystoreCorruptError, match="public keys"):
        keystore.unlock(PASSWORD)


def test_a_signing_file_in_the_place_of_the_member_file_is_found(keystore, signing_file, member_file):
    member_file.write_bytes(signing_file.read_bytes())
    with pytest.raises(KeystoreCorruptError, match="32 secret bytes, not 96"):
        keystore.unlock(PASSWORD)


def test_a_member_file_in_the_place_of_the_signing_file_is_found(keystore, signing_file, member_file):
    signing_file.write_bytes(member_file.read_bytes())
    with pytest.raises(KeystoreCorruptError, match="32 bytes"):
        keystore.unlock(PASSWORD)
    with pytest.raises(KeystoreCorruptError, match="no address"):
        _ = keystore.address


def test_a_replaced_signing_key_is_kept_under_its_address(keystore, keyring):
    new = SigningKey.generate()
    kept = keystore.replace_signing_key(new, PASSWORD)
    after = keystore.unlock(PASSWORD)
    assert kept.name == f"signing-{keyring.address}.json"
    assert read_key_file(kept, PASSWORD) == keyring.signing
    assert after == Keyring(new, keyring.encryption, keyring.checkpoint, keyring.storage)
    assert keystore.address == new.address


def test_a_replacement_that_was_interrupted_is_done_again(keystore, signing_file, keyring):
    (keystore.folder / f"signing-{keyring.address}.json").write_bytes(signing_file.read_bytes())
    new = SigningKey.generate()
    keystore.replace_signing_key(new, PASSWORD)
    assert keystore.unlock(PASSWORD).signing == new


def test_a_wrong_password_replaces_nothing(keystore, keyring):
    before = {path: path.read_bytes() for path in keystore.folder.iterdir()}
    with pytest.raises(WrongPasswordError):
        keystore.replace_signing_key(SigningKey.generate(), "another password")
    assert {path: path.read_bytes() for path in keystore.folder.iterdir()} == before


def test_files_are_made_of_the_randomness_given(tmp_path, keyring):
    def written(folder):
        numbers = itertools.count(1)
        Keystore(folder, cost=LIGHT, random=lambda size: bytes([next(numbers)]) * size).create(keyring, PASSWORD)
        return [path.read_bytes() for path in sorted(folder.iterdir())]

    assert written(tmp_path / "one") == written(tmp_path / "two")


LITTLE_MEMORY = """
import resource, sys
from ledger.identity.errors import FileUnusableError
from ledger.identity.keyfile import PasswordKeys, ScryptCost
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 2**26, used + 2**26))
try:
    PasswordKeys("password").scrypt(ScryptCost(n=2**20), b"salt")
except FileUnusableError as error:
    sys.exit(7 if "not enough memory" in str(error) else 8)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to know how much memory is in use")
def test_too_little_memory_for_the_password_is_said_to_be():
    assert subprocess.run([sys.executable, "-c", LITTLE_MEMORY], check=False).returncode == 7


WHOLE = encrypt_section(bytes(32), PasswordKeys(PASSWORD), bytes(32), os.urandom, LIGHT)
PLACES = [(name,) for name in WHOLE] + [("kdfparams", name) for name in WHOLE["kdfparams"]] + [("cipherparams", "iv")]


@given(st.sampled_from(PLACES), json_values)
def test_a_section_with_anything_in_any_place_is_read_or_refused_by_an_error_of_our_own(place, value):
    section = json.loads(json.dumps(WHOLE))
    replace_in(*place, value=value)(section)
    with suppress(WrongPasswordError, KeystoreCorruptError):
        assert len(decrypt_section(section, PasswordKeys(PASSWORD), "file")) == 32


@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=1024), st.text(st.characters(codec="utf-8")))
def test_a_section_gives_back_what_was_encrypted(content, password):
    section = encrypt_section(content, PasswordKeys(password), os.urandom(32), os.urandom, LIGHT)
    assert decrypt_section(section, PasswordKeys(password), "file") == content
