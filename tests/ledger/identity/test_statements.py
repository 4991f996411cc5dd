from dataclasses import fields, replace

import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import given

from ledger.errors import InputError
from ledger.identity.milestones import HEADLESS, Milestone, Role, Side
from ledger.identity.statements import (
    MAX_TIME,
    MAX_VALID_UNTIL,
    STATEMENT_TYPE,
    STATEMENT_TYPEHASH,
    ZERO32,
    ZERO_ADDRESS,
    Domain,
    Statement,
    consignment_id,
    next_head,
)
from tests.ledger.identity.strategies import addresses, hashes, statements

DOMAIN = Domain(1337, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
STATEMENT = Statement(
    consignment=b"\x01" * 32,
    milestone=Milestone.DEPARTED,
    event_time=1_790_000_000,
    signed_time=1_790_000_060,
    valid_until=1_790_003_600,
    role=Role.CARRIER,
    previous_head=b"\x02" * 32,
)


def test_the_type_hash_is_that_of_the_documented_type():
    assert keccak(text=STATEMENT_TYPE) == STATEMENT_TYPEHASH


@given(statements())
def test_the_struct_hash_is_the_abi_encoding_of_its_fields(statement):
    kinds = [member.split(" ")[0] for member in STATEMENT_TYPE[len("Statement(") : -1].split(",")]
    values = [
        statement.consignment,
        statement.milestone,
        statement.side,
        statement.commitment,
        statement.event_time,
        statement.signed_time,
        statement.valid_until,
        statement.role,
        statement.previous_head,
        statement.counterparty,
        statement.terms,
        statement.detail,
    ]
    assert statement.struct_hash() == keccak(encode(["bytes32", *kinds], [STATEMENT_TYPEHASH, *values]))


CHANGED = {
    "consignment": b"\x09" * 32,
    "milestone": Milestone.ARRIVED,
    "event_time": 1,
    "signed_time": 1,
    "valid_until": 1,
    "role": Role.EXPORTER,
    "previous_head": b"\x09" * 32,
    "side": Side.EXPORT,
    "commitment": b"\x09" * 32,
    "counterparty": "0x" + "09" * 20,
    "terms": b"\x09" * 32,
    "detail": b"\x09" * 32,
}


@pytest.mark.parametrize("name", [field.name for field in fields(Statement)])
def test_each_field_moves_the_digest(name):
    assert replace(STATEMENT, **{name: CHANGED[name]}).digest(DOMAIN) != STATEMENT.digest(DOMAIN)


@pytest.mark.parametrize(
    "other", [Domain(1338, DOMAIN.contract), Domain(1337, "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
)
def test_the_chain_and_the_contract_move_the_digest(other):
    assert STATEMENT.digest(other) != STATEMENT.digest(DOMAIN)


@given(hashes, hashes, addresses)
def test_a_head_is_the_abi_encoding_of_what_it_hashes(previous, digest, key):
    assert next_head(previous, digest, key) == keccak(
        encode(["bytes32", "bytes32", "address"], [previous, digest, key])
    )


@given(addresses, hashes)
def test_a_consignment_id_is_twenty_bytes_of_address_and_the_commitment(exporter, commitment):
    assert consignment_id(exporter, commitment) == keccak(bytes.fromhex(exporter[2:]) + commitment)


def test_the_same_address_in_another_case_makes_an_equal_statement():
    text = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
    assert replace(STATEMENT, counterparty=text) == replace(STATEMENT, counterparty=DOMAIN.contract)
    assert Domain(1, text) == Domain(1, DOMAIN.contract)


def test_numbers_become_the_words_they_stand_for():
    assert replace(STATEMENT, milestone=12, role=3, side=1).milestone is Milestone.ARRIVED


@pytest.mark.parametrize("name", ["consignment", "commitment", "previous_head", "terms", "detail"])
@pytest.mark.parametrize("value", [b"", b"\x00" * 31, b"\x00" * 33, "00" * 16])
def test_a_hash_that_is_not_32_bytes_is_refused(name, value):
    with pytest.raises(InputError, match="expected 32 bytes") as caught:
        replace(STATEMENT, **{name: value})
    assert caught.value.where == name


@pytest.mark.parametrize(
    ("name", "latest"), [("event_time", MAX_TIME), ("signed_time", MAX_TIME), ("valid_until", MAX_VALID_UNTIL)]
)
@pytest.mark.parametrize("value", [-1, None, 1.5, True, "1"])
def test_a_time_that_is_no_whole_second_in_range_is_refused(name, latest, value):
    with pytest.raises(InputError, match="is not a time") as caught:
        replace(STATEMENT, **{name: latest + 1 if value is None else value})
    assert caught.value.where == name


@pytest.mark.parametrize(
    ("name", "value"), [("milestone", 0), ("milestone", 37), ("side", 3), ("role", 0), ("role", 10)]
)
def test_a_number_without_meaning_is_refused(name, value):
    with pytest.raises(InputError, match=f"is no {name}") as caught:
        replace(STATEMENT, **{name: value})
    assert caught.value.where == name


def test_a_counterparty_that_is_no_address_is_refused():
    with pytest.raises(InputError) as caught:
        replace(STATEMENT, counterparty="0x12")
    assert caught.value.where == "counterparty"


@pytest.mark.parametrize("milestone", sorted(HEADLESS))
def test_a_headless_statement_that_names_a_head_is_refused(milestone):
    with pytest.raises(InputError, match="names no previous head"):
        replace(STATEMENT, milestone=milestone)
    assert replace(STATEMENT, milestone=milestone, previous_head=ZERO32).counterparty == ZERO_ADDRESS


@pytest.mark.parametrize("chain_id", [0, -1, 2**256])
def test_a_chain_id_out_of_range_is_refused(chain_id):
    with pytest.raises(InputError, match="chain id"):
        Domain(chain_id, DOMAIN.contract)


def test_a_domain_without_a_contract_address_is_refused():
    with pytest.raises(InputError) as caught:
        Domain(1, "consignments")
    assert caught.value.where == "contract"


def test_an_id_from_something_else_than_a_commitment_is_refused():
    with pytest.raises(InputError, match="expected 32 bytes"):
        consignment_id(DOMAIN.contract, b"UCR")
