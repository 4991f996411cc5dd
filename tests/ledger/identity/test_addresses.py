import pytest
from eth_utils import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.addresses import address_bytes, checksum_address, normal_address

EIP55_EXAMPLES = [  # the test cases in EIP-55 itself
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", EIP55_EXAMPLES)
def test_the_examples_of_eip_55_keep_their_letters(address):
    assert checksum_address(address_bytes(address)) == address


@given(st.binary(min_size=20, max_size=20))
def test_an_address_is_written_as_eth_utils_writes_it(raw):
    assert checksum_address(raw) == to_checksum_address(raw)
    assert address_bytes(checksum_address(raw)) == raw


@given(st.binary(min_size=20, max_size=20))
def test_an_address_in_one_case_is_the_same_address(raw):
    for text in ("0x" + raw.hex(), "0x" + raw.hex().upper()):
        assert normal_address(text) == checksum_address(raw)


def test_a_mistyped_address_is_refused():
    with pytest.raises(InputError, match="checksum") as caught:
        address_bytes("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "counterparty")
    assert caught.value.where == "counterparty"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd",
        "0x" + "aa " * 20,
        "0x" + "a a" * 13 + "a",
        "0x" + "é" * 40,
        "0x" + "٣" * 40,
        "0x" + "00" * 20 + "\n",
        bytes(20),
        None,
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(InputError, match="is not an address"):
        address_bytes(text)
