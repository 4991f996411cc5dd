import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.addresses import checksum_address
from ledger.tlog.errors import OriginMalformedError
from ledger.tlog.origins import (
    BlockLogOrigin,
    EventLogOrigin,
    block_log_origin,
    event_log_origin,
    parse_origin,
)
from ledger.tlog.vkeys import MAX_NAME_BYTES, is_key_name

CONTRACT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
MEMBER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
ORIGIN = f"smartborder.events/1337/{CONTRACT}/{MEMBER}"


def test_an_event_log_is_named_by_chain_contract_and_member():
    assert event_log_origin(1337, CONTRACT.lower(), MEMBER) == ORIGIN
    assert parse_origin(ORIGIN) == EventLogOrigin(1337, CONTRACT, MEMBER)


def test_a_block_log_is_named_by_chain_and_genesis():
    origin = f"smartborder.blocks/1337/{'ab' * 32}"
    assert block_log_origin(1337, b"\xab" * 32) == origin
    assert parse_origin(origin) == BlockLogOrigin(1337, b"\xab" * 32)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=20, max_size=20), st.binary(min_size=20, max_size=20))
def test_every_origin_is_read_back_and_can_name_a_key(chain_id, contract, member):
    origin = event_log_origin(chain_id, checksum_address(contract), checksum_address(member))
    assert parse_origin(origin) == EventLogOrigin(chain_id, checksum_address(contract), checksum_address(member))
    assert is_key_name(origin)
    assert len(origin) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "neither"),
        ("smartborder.events", "neither"),
        ("example.com/log", "neither"),
        ("smartborder.events/1337", "neither"),
        (ORIGIN + "/", "neither"),
        (ORIGIN.replace("1337", "01337"), "neither"),
        (ORIGIN.replace("1337", "9223372036854775808"), "neither"),
        (ORIGIN.replace("1337", ""), "neither"),
        (ORIGIN.replace("events", "blocks"), "neither"),
        (ORIGIN.lower(), "EIP-55 spelling"),
        (ORIGIN.replace("0x19E7", "0x19e7"), "checksum"),
        (ORIGIN[:-1], "not an address"),
        (f"smartborder.blocks/1/{'AB' * 32}", "64 small"),
        (f"smartborder.blocks/1/0x{'ab' * 32}", "64 small"),
    ],
)
def test_every_other_text_is_refused(text, problem):
    with pytest.raises(OriginMalformedError, match=problem):
        parse_origin(text)


def test_what_is_no_chain_address_or_hash_has_no_log():
    for chain_id in (-1, 2**63):
        with pytest.raises(InputError, match="no chain id"):
            event_log_origin(chain_id, CONTRACT, MEMBER)
    with pytest.raises(InputError, match="not an address"):
        event_log_origin(1, CONTRACT, "member")
    with pytest.raises(InputError, match="32 bytes, found 31"):
        block_log_origin(1, b"\0" * 31)
