import json
from contextlib import suppress
from dataclasses import replace

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.identity.errors import SignatureMalformedError
from ledger.identity.keys import CURVE_ORDER, SigningKey
from ledger.identity.signatures import Signature
from ledger.identity.signing import (
    Opening,
    recover,
    sign,
    signed_from_json,
    signed_to_json,
    statement_from_json,
    typed_data,
)
from tests.ledger.identity.strategies import domains, hashes, json_values, signed_statements, signing_keys, statements
from tests.ledger.identity.test_statements import DOMAIN, STATEMENT

KEY = SigningKey(b"\x11" * 32)
SIGNED = sign(STATEMENT, DOMAIN, KEY, Opening(b"\x01" * 32, b"\x02" * 32))


@given(statements(), domains, signing_keys)
def test_a_statement_is_signed_as_eth_account_signs_its_typed_data(statement, domain, key):
    message = encode_typed_data(full_message=typed_data(statement, domain))
    assert keccak(b"\x19" + message.version + message.header + message.body) == statement.digest(domain)
    theirs = Account.sign_typed_data(key.reveal(), full_message=typed_data(statement, domain))
    long = sign(statement, domain, key).signature.recoverable()
    assert long == theirs.r.to_bytes(32, "big") + theirs.s.to_bytes(32, "big") + bytes([theirs.v - 27])
    assert recover(sign(statement, domain, key), domain) == key.address


@given(statements(), domains, signing_keys)
def test_what_eth_account_signs_is_recovered(statement, domain, key):
    theirs = Account.sign_typed_data(key.reveal(), full_message=typed_data(statement, domain)).signature
    signature = Signature.from_recoverable(theirs[:64] + bytes([theirs[64] - 27]))
    assert signature.signer(statement.digest(domain)) == key.address


def test_typed_data_is_plain_json():
    assert json.loads(json.dumps(typed_data(STATEMENT, DOMAIN))) == typed_data(STATEMENT, DOMAIN)


@given(signed_statements(), st.data())
def test_a_signed_statement_comes_back_from_its_json(signed, data):
    content = json.loads(json.dumps(signed_to_json(signed)))
    assert signed_from_json(content) == signed
    assert statement_from_json(content["statement"]) == signed.statement


def test_a_forged_statement_recovers_to_another_address():
    forged = replace(SIGNED, statement=replace(STATEMENT, detail=b"\x07" * 32))
    assert recover(forged, DOMAIN) != KEY.address


def test_a_signature_for_one_chain_does_not_count_on_another():
    assert recover(SIGNED, replace(DOMAIN, chain_id=1)) != KEY.address


@given(signing_keys, hashes)
def test_the_second_signature_that_high_s_would_allow_is_refused(key, digest):
    signature = key.sign_digest(digest)
    high = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    with pytest.raises(SignatureMalformedError, match="upper half"):
        Signature.from_recoverable(signature[:32] + high.to_bytes(32, "big") + bytes([1 - signature[64]]))


@pytest.mark.parametrize(
    "s", [0, CURVE_ORDER // 2 + 1, 2**255 - 1], ids=["zero", "just above the half", "the largest that fits"]
)
@pytest.mark.parametrize("parity", [0, 1 << 255])
def test_an_s_out_of_range_is_refused(s, parity):
    with pytest.raises(SignatureMalformedError, match="s is zero or in the upper half"):
        Signature(b"\x01" * 32, (s | parity).to_bytes(32, "big"))


@pytest.mark.parametrize("r", [0, CURVE_ORDER, 2**256 - 1])
def test_an_r_out_of_range_is_refused(r):
    with pytest.raises(SignatureMalformedError, match="r is out of range"):
        Signature(r.to_bytes(32, "big"), b"\x01" * 32)


@pytest.mark.parametrize(("r", "vs"), [(31, 32), (33, 32), (32, 31), (32, 0)])
def test_a_signature_of_another_length_is_refused(r, vs):
    with pytest.raises(SignatureMalformedError, match="32 bytes each"):
        Signature(b"\x01" * r, b"\x01" * vs)


@pytest.mark.parametrize("signature", [b"", b"\x01" * 64, b"\x01" * 64 + b"\x02", b"\x01" * 64 + b"\x1b", b"\x01" * 66])
def test_a_long_form_of_another_shape_is_refused(signature):
    with pytest.raises(SignatureMalformedError, match="parity of 0 or 1"):
        Signature.from_recoverable(signature)


def test_an_r_that_is_no_point_of_the_curve_is_refused():
    with pytest.raises(SignatureMalformedError, match="no key can have made it"):
        Signature((5).to_bytes(32, "big"), b"\x01" * 32).signer(bytes(32))


@pytest.mark.parametrize("lengths", [(31, 32), (32, 33)])
def test_an_opening_of_other_lengths_is_refused(lengths):
    with pytest.raises(InputError, match="expected 32 bytes"):
        Opening(bytes(lengths[0]), bytes(lengths[1]))


STATEMENT_DEFECTS = {
    "consignment": ["0x" + "AB" * 32, "0x" + "00" * 31, "ab" * 32, "0x" + "0g" * 32, 7, None],
    "milestone": [0, 37, "11", 11.0, True, -1, 256],
    "side": [3, None],
    "eventTime": [-1, 2**40, "1", 1.0, True],
    "signedTime": [2**40],
    "validUntil": [-1, 2**53, "1", "9007199254740991", "09007199254740992", str(2**64), None],
    "role": [0, 10],
    "counterparty": ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x00", 0],
    "previousHead": ["0x"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in STATEMENT_DEFECTS.items() for value in values]
)
def test_a_statement_member_of_another_shape_is_refused_by_its_path(name, value):
    content = signed_to_json(SIGNED)
    content["statement"][name] = value
    with pytest.raises(InputError) as caught:
        signed_from_json(content)
    assert caught.value.where == f"signed.statement.{name}"


@pytest.mark.parametrize("part", ["statement", "signature", "opening"])
def test_a_missing_or_unknown_member_is_refused(part):
    for change in (lambda content: content.popitem(), lambda content: content.update(extra=1)):
        content = signed_to_json(SIGNED)
        change(content[part])
        with pytest.raises(InputError, match=r"lacks|unknown member") as caught:
            signed_from_json(content)
        assert caught.value.where == f"signed.{part}"


@pytest.mark.parametrize("value", [None, [], "x" * 200, 3])
def test_what_is_no_object_is_refused(value):
    with pytest.raises(InputError, match="expected an object"):
        signed_from_json(value)
    with pytest.raises(InputError, match="expected an object"):
        signed_from_json(signed_to_json(SIGNED) | {"opening": value})


@given(st.sampled_from(sorted(signed_to_json(SIGNED)["statement"])), json_values)
def test_a_statement_with_anything_in_any_place_is_refused_or_read_as_it_is(name, value):
    content = signed_to_json(SIGNED)
    content["statement"][name] = value
    with suppress(InputError):
        assert signed_to_json(signed_from_json(content)) == content


def test_a_signed_statement_without_opening_has_no_such_member():
    assert "opening" not in signed_to_json(sign(STATEMENT, DOMAIN, KEY))
