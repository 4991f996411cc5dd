import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.store.errors import StoreDamagedError
from ledger.store.vault import Vault

VAULT = Vault(b"k" * 32)


@given(st.binary(), st.binary(max_size=40))
def test_a_value_comes_back_at_its_own_place(value, row):
    assert VAULT.unseal(VAULT.seal(value, "table.column", row), "table.column", row) == value


def test_the_same_value_never_looks_the_same_twice():
    assert VAULT.seal(b"value", "place", b"row") != VAULT.seal(b"value", "place", b"row")


@pytest.mark.parametrize(("place", "row"), [("other", b"row"), ("place", b"other"), ("plac", b"erow")])
def test_a_value_that_was_moved_does_not_open(place, row):
    with pytest.raises(StoreDamagedError, match="altered or moved"):
        VAULT.unseal(VAULT.seal(b"value", "place", b"row"), place, row)


def test_a_value_that_was_altered_does_not_open():
    sealed = VAULT.seal(b"value", "place", b"row")
    for index in range(len(sealed)):
        altered = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        with pytest.raises(StoreDamagedError):
            VAULT.unseal(altered, "place", b"row")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(28)])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(StoreDamagedError):
        VAULT.unseal(sealed, "place", b"row")


def test_another_key_opens_nothing_and_makes_other_tags():
    other = Vault(b"o" * 32)
    with pytest.raises(StoreDamagedError):
        other.unseal(VAULT.seal(b"value", "place", b"row"), "place", b"row")
    assert other.tag("UCR") != VAULT.tag("UCR") == Vault(b"k" * 32).tag("UCR")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(InputError, match=f"found {length}"):
        Vault(bytes(length))
