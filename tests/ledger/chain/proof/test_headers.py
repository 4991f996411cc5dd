"""Headers: the hash that nodes give, for each fork; and nothing that is not exactly a header."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import rlp
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.proof.errors import BlockHashError, EncodingError, EngineError, ProofError
from ledger.chain.proof.headers import FORK_LENGTHS, header_from_rpc, read_header, require_hash
from ledger.chain.proof.rlp import decode, encode
from tests.ledger.chain.proof.qbft_chain import as_json, block, unsealed

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "qbft" / "recorded.json"
HASHES = {"withdrawals_root": b"\x01" * 32, "parent_beacon_root": b"\x02" * 32, "requests_hash": b"\x03" * 32}
BLOB = {"blob_gas_used": 0, "excess_blob_gas": 131_072}
SHANGHAI = {"withdrawals_root": HASHES["withdrawals_root"]}
CANCUN = SHANGHAI | BLOB | {"parent_beacon_root": HASHES["parent_beacon_root"]}
FORKS = {
    "before London": {"base_fee": None},
    "London": {},
    "Shanghai": SHANGHAI,
    "Cancun": CANCUN,
    "Prague": CANCUN | {"requests_hash": HASHES["requests_hash"]},
}
PLAIN = replace(unsealed(7, [1]), extra_data=b"plain", mix_hash=b"\x09" * 32)
# Main net's block 1: by its hash, this is how everybody else encodes a header.
FIRST = {
    "difficulty": "0x3ff800000",
    "extraData": "0x476574682f76312e302e302f6c696e75782f676f312e342e32",
    "gasLimit": "0x1388",
    "gasUsed": "0x0",
    "hash": "0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6",
    "logsBloom": "0x" + "00" * 256,
    "miner": "0x05a56e2d52c817161883f50c441c3228cfe54d9f",
    "mixHash": "0x969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59",
    "nonce": "0x539bd4979fef1ec4",
    "number": "0x1",
    "parentHash": "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
    "receiptsRoot": "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    "stateRoot": "0xd67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3",
    "timestamp": "0x55ba4224",
    "transactionsRoot": "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
}


def test_the_first_block_of_the_main_net_has_the_hash_that_everybody_knows():
    header = header_from_rpc(FIRST)
    assert header.hash() == bytes.fromhex(FIRST["hash"][2:]) == keccak(header.encode())
    assert (header.number, header.time, header.base_fee) == (1, 1_438_269_988, None)


def test_the_first_block_of_a_clique_chain_has_the_hash_that_everybody_knows():
    extra = "52657370656374206d7920617574686f7269746168207e452e436172746d616e42eb768f2244c8811c63729a21a3569731535f06"
    extra += "7ffc57839b00206d1ad20c69a1981b489f772031b279182d99e65703f0076e4812653aab85fca0f0" + "00" * 65
    rinkeby = {
        "difficulty": "0x1",
        "extraData": f"0x{extra}",
        "gasLimit": "0x47b760",
        "hash": "0x6341fd3daf94b748c72ced5a5b26028f2474f5f00d824504e4fa37a75767e177",
        "miner": "0x" + "00" * 20,
        "mixHash": "0x" + "00" * 32,
        "nonce": "0x" + "00" * 8,
        "number": "0x0",
        "parentHash": "0x" + "00" * 32,
        "stateRoot": "0x53580584816f617295ea26c0e17641e0120cab2f0a8ffb53a866fd53aa8e8c2d",
        "timestamp": "0x58ee40ba",
    }
    header = header_from_rpc(FIRST | rinkeby)
    assert header.hash().hex() == rinkeby["hash"][2:]
    assert not header.is_bft


@pytest.mark.parametrize("fork", FORKS)
def test_the_fields_of_every_fork_are_written_and_read_again(fork):
    header = replace(PLAIN, **FORKS[fork])
    assert FORK_LENGTHS[len(rlp.decode(header.encode()))] == fork
    assert read_header(header.encode()) == header
    assert header.hash() == keccak(header.encode())


@pytest.mark.parametrize("fork", ["before London", "London", "Shanghai", "Cancun", "Prague"])
def test_a_header_has_the_hash_that_the_virtual_machine_gives_it(fork):
    from eth.vm import forks

    kinds = {
        "before London": forks.BerlinVM,
        "London": forks.LondonVM,
        "Shanghai": forks.ShanghaiVM,
        "Cancun": forks.CancunVM,
        "Prague": forks.PragueVM,
    }
    header = replace(PLAIN, **FORKS[fork])
    theirs = rlp.decode(header.encode(), header_class(kinds[fork]))
    assert theirs.hash == header.hash()
    assert (theirs.block_number, theirs.timestamp, theirs.receipt_root) == (
        header.number,
        header.time,
        header.receipts_root,
    )


def header_class(machine):
    return dict(machine.get_block_class()._meta.fields)["header"]


@pytest.mark.parametrize("fork", FORKS)
def test_a_header_is_made_of_what_a_node_says_in_json(fork):
    header = replace(PLAIN, **FORKS[fork])
    assert header_from_rpc(as_json(header)) == header
    assert header_from_rpc(as_json(block(7, [1, 2, 3]))) == block(7, [1, 2, 3])


@pytest.mark.parametrize("name", [name for name in as_json(PLAIN) if name not in ("size", "transactions")])
def test_a_node_that_leaves_a_field_out_or_garbles_it_is_told(name):
    said = as_json(PLAIN)
    with pytest.raises(ProofError):
        header_from_rpc({key: value for key, value in said.items() if key != name})
    for garbled in ("0x0z", "00", None, [], 1.5, "0x" + "11" * 300, -1):
        with pytest.raises(ProofError):
            header_from_rpc(said | {name: garbled})


def test_a_node_that_says_another_hash_than_the_fields_give_is_told_with_both():
    with pytest.raises(BlockHashError) as told:
        header_from_rpc(as_json(PLAIN) | {"gasUsed": "0x1"})
    assert told.value.expected == PLAIN.hash()
    assert told.value.found == replace(PLAIN, gas_used=1).hash()
    assert "Ask another node" in told.value.diagnostics()
    require_hash(PLAIN, PLAIN.hash())


def test_a_flipped_bit_of_a_header_is_refused_or_is_another_block():
    data = PLAIN.encode()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = read_header(bytes(flipped))
        except EncodingError:
            continue
        assert found.hash() != PLAIN.hash()


@given(st.integers(0, 24))
def test_a_header_with_a_number_of_fields_that_no_fork_has_is_refused(count):
    items = (decode(replace(PLAIN, **FORKS["Prague"]).encode(), "header", 4096) + [b""] * 4)[:count]
    if count in FORK_LENGTHS:
        assert len(rlp.decode(read_header(encode(items)).encode())) == count
    else:
        with pytest.raises(EncodingError, match=f"found {count} fields"):
            read_header(encode(items))


def test_a_header_is_a_list_and_not_too_long():
    with pytest.raises(EncodingError, match="found a byte string"):
        read_header(encode(PLAIN.encode()))
    with pytest.raises(EncodingError, match="more than"):
        read_header(replace(PLAIN, extra_data=bytes(60_000)).encode())


def test_each_field_has_its_length():
    items = decode(PLAIN.encode(), "header", 4096)
    for at, item in enumerate(items):
        for other in ([], item + b"\1" * 33 if at != 12 else []):
            with pytest.raises(EncodingError, match=r"header\."):
                read_header(encode([*items[:at], other, *items[at + 1 :]]))


def test_the_hash_of_a_qbft_block_leaves_out_round_and_seals_and_nothing_else():
    agreed = block(9, [1, 2, 3, 4])
    later = block(9, [1, 2, 3, 4], [2, 3, 4], round_number=3)
    assert agreed.hash() == later.hash()
    assert agreed.encode() != later.encode()
    assert agreed.hash() == keccak(unsealed(9, [1, 2, 3, 4]).encode())
    assert agreed.hash() != keccak(agreed.encode())
    assert block(9, [1, 2, 3]).hash() != agreed.hash()


def test_a_header_that_claims_to_be_qbft_and_is_not_has_no_hash():
    for extra in (b"", b"\xc0", b"\xff" * 40, encode([b"\0" * 32, [], [], b""])):
        with pytest.raises(EncodingError):
            replace(unsealed(7, [1]), extra_data=extra).hash()


IBFT = {
    "without a vote": [bytes(32), [b"\x11" * 20], b"", b"\0\0\0\0", []],
    "with a vote": [bytes(32), [b"\x11" * 20], [b"\x22" * 20, b"\xff"], b"\0\0\0\1", [bytes(65)]],
    "later": [bytes(32), [b"\x11" * 20], b"", b"\1", []],
}


@pytest.mark.parametrize("case", IBFT)
def test_a_header_of_ibft_2_is_told_apart(case):
    with pytest.raises(EngineError, match=r"IBFT 2\.0"):
        replace(unsealed(7, [1]), extra_data=encode(IBFT[case])).hash()


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded QBFT network is not beside this clone (../shared)")
def test_every_recorded_block_of_a_real_network_has_the_hash_that_its_node_gave():
    blocks = json.loads(RECORDED.read_text())["blocks"]
    headers = [header_from_rpc(each) for each in blocks]
    assert len(headers) == 64
    for parent, header in pairwise(headers):
        assert header.parent_hash == parent.hash()
        assert read_header(header.encode()) == header
