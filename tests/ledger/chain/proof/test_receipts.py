"""Receipts of every type: their bytes and root are those of others, and one is proved by exactly its nodes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import rlp
from eth.vm.forks.london.receipts import LondonReceiptBuilder
from eth_bloom import BloomFilter
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie

from ledger.chain.proof.errors import EncodingError, ProofError, TrieProofError
from ledger.chain.proof.headers import header_from_rpc
from ledger.chain.proof.receipts import (
    TYPES,
    Log,
    Receipt,
    bloom_of,
    proved_receipt,
    read_receipt,
    receipt_from_rpc,
    receipt_proof,
    receipts_root,
)
from ledger.chain.proof.rlp import encode
from ledger.chain.proof.trie import EMPTY_ROOT
from ledger.identity.addresses import address_bytes, checksum_address

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "qbft" / "recorded.json"

logs = st.builds(
    Log,
    address=st.binary(min_size=20, max_size=20).map(checksum_address),
    topics=st.lists(st.binary(min_size=32, max_size=32), max_size=4).map(tuple),
    data=st.binary(max_size=100),
)
receipts = st.builds(
    lambda kind, succeeded, gas, entries: Receipt(kind, succeeded, gas, bloom_of(entries), tuple(entries)),
    kind=st.sampled_from(sorted(TYPES)),
    succeeded=st.booleans(),
    gas=st.integers(0, 2**63),
    entries=st.lists(logs, max_size=3),
)


def receipt(number, kind=0):
    entries = tuple(
        Log(checksum_address(bytes([number % 256]) * 20), (bytes([at]) * 32,), b"data %d" % at)
        for at in range(number % 4)
    )
    return Receipt(kind, True, 21_000 * (number + 1), bloom_of(entries), entries)


@given(receipts)
def test_what_is_written_is_read_again(found):
    assert read_receipt(found.encode()) == found


@given(receipts)
def test_the_bloom_is_the_one_of_another_implementation(found):
    theirs = BloomFilter()
    for log in found.logs:
        theirs.add(address_bytes(log.address))
        theirs.extend(log.topics)
    assert int(theirs) == int.from_bytes(found.bloom, "big")


@given(receipts.filter(lambda found: found.kind <= 2))
def test_the_virtual_machine_reads_the_same_receipt(found):
    theirs = LondonReceiptBuilder.decode(found.encode())
    assert theirs.encode() == found.encode()
    assert theirs.gas_used == found.cumulative_gas
    assert [bytes(log.address) for log in theirs.logs] == [address_bytes(log.address) for log in found.logs]


@given(st.lists(receipts, max_size=20))
@settings(max_examples=30, deadline=None)
def test_the_root_is_the_one_of_another_implementation(found):
    theirs = HexaryTrie({})
    for index, each in enumerate(found):
        theirs[rlp.encode(index)] = each.encode()
    assert receipts_root(found) == theirs.root_hash


@pytest.mark.parametrize("count", [1, 2, 17, 127, 128, 129, 300])
def test_every_receipt_of_a_block_is_proved_and_none_that_it_has_not(count):
    found = [receipt(number, number % 5) for number in range(count)]
    root = receipts_root(found)
    for index in {0, 1, count // 2, count - 1} & set(range(count)):
        assert proved_receipt(root, index, receipt_proof(found, index)) == found[index]
    with pytest.raises(TrieProofError, match=f"the block has no transaction {count}"):
        proved_receipt(root, count, receipt_proof(found, count))


def test_a_block_without_transactions_proves_no_receipt():
    assert receipts_root([]) == EMPTY_ROOT
    with pytest.raises(TrieProofError, match="the block has no transaction 0"):
        proved_receipt(EMPTY_ROOT, 0, ())


def test_the_type_of_a_transaction_is_part_of_what_is_proved():
    assert len({receipts_root([receipt(3, kind)]) for kind in TYPES}) == len(TYPES)


PLAIN = [b"\1", b"\x52\x08", bytes(256), []]
LOG = [b"\x11" * 20, [b"\x22" * 32], b""]
WRONG = {
    "nothing": (b"", "found 0x"),
    "type 0": (b"\0" + encode(PLAIN), "found 0x00"),
    "type 5": (b"\5" + encode(PLAIN), "found 0x05"),
    "a type and no more": (b"\2", "an item is missing"),
    "a receipt as a byte string": (encode(encode(PLAIN)), "found 0xb9"),
    "three items": (encode(PLAIN[:3]), "expected 4 items, found 3"),
    "a state root in place of the status": (encode([bytes(32), *PLAIN[1:]]), "expected 1 or nothing, found 0x00"),
    "a status of 2": (encode([b"\2", *PLAIN[1:]]), "expected 1 or nothing, found 0x02"),
    "a status of a zero byte": (encode([b"\0", *PLAIN[1:]]), "expected 1 or nothing, found 0x00"),
    "a short bloom": (encode([b"\1", b"", bytes(255), []]), "logsBloom: .*expected 256 bytes, found 255"),
    "gas that begins with zero": (encode([b"\1", b"\0\1", bytes(256), []]), "begins with a zero byte"),
    "a log of two items": (encode([*PLAIN[:3], [LOG[:2]]]), r"logs\[0\]: .*expected 3 items, found 2"),
    "an address of 19 bytes": (encode([*PLAIN[:3], [[bytes(19), *LOG[1:]]]]), "expected 20 bytes, found 19"),
    "five topics": (encode([*PLAIN[:3], [[LOG[0], [bytes(32)] * 5, b""]]]), "has 5 items, more than 4"),
    "a topic of 31 bytes": (encode([*PLAIN[:3], [[LOG[0], [bytes(31)], b""]]]), "expected 32 bytes, found 31"),
    "data that is a list": (encode([*PLAIN[:3], [[LOG[0], [], []]]]), "expected a byte string, found a list"),
    "a byte after the end": (encode(PLAIN) + b"\0", "1 bytes follow its end"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_malformed_is_refused(case):
    data, problem = WRONG[case]
    read_receipt(encode([*PLAIN[:3], [LOG]]))
    with pytest.raises(EncodingError, match=problem):
        read_receipt(data)


SAID = {
    "type": "0x2",
    "status": "0x1",
    "cumulativeGasUsed": "0x5208",
    "logs": [{"address": "0x" + "11" * 20, "topics": ["0x" + "22" * 32], "data": "0x6162"}],
}


def test_a_receipt_is_made_of_what_a_node_says():
    found = receipt_from_rpc(SAID)
    assert (found.kind, found.succeeded, found.cumulative_gas) == (2, True, 21_000)
    assert found.logs == (Log("0x" + "11" * 20, (b"\x22" * 32,), b"ab"),)
    assert read_receipt(found.encode()) == found
    assert receipt_from_rpc({key: value for key, value in SAID.items() if key != "type"}) == replace(found, kind=0)
    assert receipt_from_rpc(SAID | {"status": 0}).succeeded is False


@pytest.mark.parametrize(
    "garbled",
    [
        {"type": "0x7e"},
        {"status": None},
        {"cumulativeGasUsed": "many"},
        {"logs": None},
        {"logs": [None]},
        {"logs": [SAID["logs"][0] | {"topics": ["0x22"]}]},
        {"logs": [SAID["logs"][0] | {"topics": [7]}]},
        {"logs": [SAID["logs"][0] | {"topics": ["0x" + "22" * 32] * 5}]},
        {"logs": [SAID["logs"][0] | {"address": "0x11"}]},
        {"logs": [SAID["logs"][0] | {"data": "6162"}]},
    ],
    ids=str,
)
def test_a_node_that_garbles_a_receipt_is_told(garbled):
    with pytest.raises(EncodingError):
        receipt_from_rpc(SAID | garbled)


def test_a_proof_that_is_tampered_with_proves_no_other_receipt():
    found = [receipt(number, 2) for number in range(20)]
    root = receipts_root(found)
    nodes = receipt_proof(found, 9)
    for at, node in enumerate(nodes):
        for bit in range(0, 8 * len(node), 5):
            flipped = bytearray(node)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises(ProofError):
                proved_receipt(root, 9, (*nodes[:at], bytes(flipped), *nodes[at + 1 :]))
    for other in range(20):
        if other != 9:
            with pytest.raises(TrieProofError):
                proved_receipt(root, other, nodes)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded QBFT network is not beside this clone (../shared)")
def test_every_recorded_receipt_of_a_real_network_is_proved():
    recorded = json.loads(RECORDED.read_text())
    proved = 0
    for block in recorded["blocks"]:
        header = header_from_rpc(block)
        found = [receipt_from_rpc(each) for each in recorded["receipts"].get(block["hash"], ())]
        if isinstance(recorded["receipts"].get(block["hash"]), list):
            assert receipts_root(found) == header.receipts_root
            for index, each in enumerate(found):
                assert proved_receipt(header.receipts_root, index, receipt_proof(found, index)) == each
                proved += 1
    assert proved > 40
