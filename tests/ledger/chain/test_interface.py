"""Calls, results, events and errors go through the ABI as the contracts define it; what is none of them is told."""

from __future__ import annotations

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.artifacts import artifact
from ledger.chain.clock import system_clock
from ledger.chain.embedded import embedded
from ledger.chain.errors import NodeAnswerError
from ledger.chain.history import carried, consignment_history
from ledger.chain.interface import Interface
from ledger.chain.nodes import Node
from ledger.chain.transactions import Call, Sender
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Milestone

MEMBERS = artifact("Members").interface
CONSIGNMENTS = artifact("Consignments").interface


def test_a_call_is_read_back_as_it_was_written():
    data = MEMBERS.encode_call("setRoles", "0x" + "12" * 20, 6)
    assert MEMBERS.decode_call("setRoles", data) == ("0x" + "12" * 20, 6)
    assert MEMBERS.decode_call("suspend", data) is None


def test_addresses_come_out_with_their_checksum():
    (account,) = MEMBERS.decode_result(
        "addressOf", bytes(12) + bytes.fromhex("7e5f4552091a69125d5dfcb7b8c2659029395bdf")
    )
    assert account == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"


def test_a_result_cut_short_is_none():
    with pytest.raises(DecodingError):
        MEMBERS.decode_result("addressOf", b"\x01")


def test_an_event_of_another_contract_is_none():
    assert MEMBERS.decode_log([b"\x01" * 32], b"") is None
    assert MEMBERS.decode_log([], b"") is None


def test_an_event_cut_short_is_told():
    with pytest.raises(DecodingError):
        MEMBERS.decode_log([MEMBERS.topic("MemberSuspended"), (1).to_bytes(32, "big")], b"")


def test_what_an_abi_has_besides_functions_events_and_errors_is_left_out():
    assert not Interface.from_abi([{"type": "fallback"}]).functions


def log_of(contract, topics, data):
    return {
        "address": contract.address,
        "topics": topics,
        "data": data,
        "blockNumber": 1,
        "logIndex": 0,
        "blockHash": b"",
        "transactionHash": b"",
    }


def test_a_log_of_another_address_is_no_event_of_the_contract(consortium):
    members = consortium.members
    assert members.event(log_of(consortium.contracts.consignments, [], b"")) is None


def test_a_log_that_cannot_be_read_is_told(consortium):
    members = consortium.members
    with pytest.raises(NodeAnswerError, match="a log of block 1 cannot be read"):
        members.event(log_of(members, [MEMBERS.topic("MemberSuspended")], b""))


def test_an_event_that_describes_no_statement_of_this_version_is_told(consortium, monkeypatch):
    goods = consortium.register()
    decode = Interface.decode_log

    def later_version(self, topics, data):
        name, values = decode(self, topics, data)
        return name, values | {"acceptance": values["acceptance"] | 99 << 176}

    monkeypatch.setattr(Interface, "decode_log", later_version)
    with pytest.raises(NodeAnswerError, match="no statement of this version"):
        consignment_history(consortium.contracts, goods)


def test_an_entry_of_a_batch_that_is_no_statement_carried_nothing(consortium):
    goods = consortium.register()
    good = consortium.sign("auditor", Milestone.OBSERVED, goods)
    from ledger.chain.consignments import entry

    statement, *rest = entry(good)
    unknown = ((*statement[:1], 99, *statement[2:]), *rest)
    contract = consortium.contracts.consignments
    data = CONSIGNMENTS.encode_call("submitBatch", [unknown, entry(good)])
    receipt = consortium.sender("auditor").send(Call(contract.address, CONSIGNMENTS, data))
    assert carried(consortium.contracts, receipt.transaction) == (good,)


def test_data_that_only_begins_like_a_submission_carried_nothing(consortium, monkeypatch):
    selector = CONSIGNMENTS.functions["submit"].selector
    for data in (selector, selector + b"\xff" * 64):
        monkeypatch.setattr(Node, "transaction_data", lambda self, transaction, data=data: data)
        assert carried(consortium.contracts, b"\x01" * 32) == ()


def test_a_panic_in_a_contract_is_no_refusal_by_rule(smartborder_chain):
    """A contract of one instruction (PUSH0-free): it reverts with Panic(0x11) whatever is said to it."""
    from ledger.chain.errors import TransactionRefusedError

    panic = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])
    code = bytes([0x60, len(panic), 0x60, 12, 0x60, 0, 0x39, 0x60, len(panic), 0x60, 0, 0xFD]) + panic
    sender = Sender(smartborder_chain.node, SigningKey(b"\x01" * 32))
    with pytest.raises(TransactionRefusedError, match="4e487b71"):
        sender.attempt(Call(None, MEMBERS, code))


def test_the_embedded_chain_keeps_the_machines_time_by_default():
    chain = embedded()
    chain.mine()
    assert abs(chain.node.latest_block().time - system_clock()) < 600


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=15, max_size=17), st.booleans())
def test_words_are_read_as_eth_abi_reads_them(words: list[bytes], plausible: bool):
    """Values of one word are read without eth-abi: it has to give the same values, and refuse the same words."""
    (event,) = [each for each in CONSIGNMENTS.events.values() if each.name == "StatementAccepted"]
    indexed = [each for each in event.parameters if each.indexed]
    plain = [each for each in event.parameters if not each.indexed]
    if plausible:
        words = [fitting(each.kind, word) for each, word in zip(plain, words, strict=False)] + words[len(plain) :]
    topics, data = [event.topic, *(fitting(each.kind, bytes(range(32))) for each in indexed)], b"".join(words)
    try:
        expected = decode([each.kind for each in plain], data)
    except DecodingError:
        with pytest.raises(DecodingError):
            CONSIGNMENTS.decode_log(topics, data)
        return
    found = CONSIGNMENTS.decode_log(topics, data)
    assert found is not None
    values = [found[1][each.name] for each in plain]
    assert [value.lower() if isinstance(value, str) else value for value in values] == list(expected)


def fitting(kind: str, word: bytes) -> bytes:
    """The word with as much of it made zero as its kind asks for."""
    size = {"address": 20, "uint8": 1, "uint32": 4, "uint64": 8, "bytes2": 2}.get(kind, 32)
    return word[:size].ljust(32, b"\0") if kind.startswith("bytes") else word[:size].rjust(32, b"\0")


def test_a_text_of_a_length_that_no_memory_has_is_no_event_and_no_crash():
    event = MEMBERS.events[MEMBERS.topic("ProfileReplaced")]
    topics = [MEMBERS.topic("ProfileReplaced"), *(bytes(32) for each in event.parameters if each.indexed)]
    plain = [each for each in event.parameters if not each.indexed]
    data = b"".join((32 * len(plain)).to_bytes(32) if each.kind == "string" else bytes(32) for each in plain)
    with pytest.raises(DecodingError, match="beyond all bounds"):
        MEMBERS.decode_log(topics, data + b"\xff" * 32 + bytes(64))
