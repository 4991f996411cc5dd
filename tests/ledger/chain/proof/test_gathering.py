"""Proofs are made of what any engine's node answers: the embedded chain, anvil at every fork, and what was recorded."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest

from clients.testing.consortium import build
from ledger.chain.clock import system_clock
from ledger.chain.errors import NodeAnswerError, NodeRefusedError
from ledger.chain.history import consignment_history
from ledger.chain.nodes import Node, connect
from ledger.chain.proof.errors import BlockHashError
from ledger.chain.proof.gathering import gather_block, gather_head, gather_header, gather_storage
from ledger.chain.proof.headers import FORK_LENGTHS, header_from_rpc, read_header
from ledger.chain.proof.heads import proved_head
from ledger.chain.proof.logs import proved_log
from ledger.chain.proof.receipts import receipts_root
from ledger.chain.proof.rlp import decode
from ledger.chain.proof.storage import proved_storage
from ledger.errors import Unavailable
from ledger.identity.milestones import Milestone
from tests.ledger.chain.serving import Faults, http

ROOT = Path(__file__).parents[4]
ANVIL = next(iter(sorted(ROOT.glob(".tools/node_modules/@foundry-rs/anvil-*/bin/anvil*"))), None)
needs_anvil = pytest.mark.skipif(ANVIL is None, reason="anvil is not in .tools: run 'make .tools/.installed'")
NOBODY = "0x" + "ab" * 20


@contextlib.contextmanager
def anvil(fork):
    """A node of anvil that follows the rules of a fork."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ANVIL), "--host", "127.0.0.1", "--port", str(port), "--hardfork", fork, "--base-fee", "0"]
    command += ["--gas-price", "0", "--gas-limit", "100000000", "--disable-min-priority-fee", "--silent"]
    with subprocess.Popen(command) as process:
        try:
            yield started(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def started(url):
    for _ in range(300):
        with contextlib.suppress(Unavailable):
            return connect(url)
        time.sleep(0.05)
    raise AssertionError("anvil did not start")


def prove_everything(consortium):
    """Every block, every log entry, and the head of a consignment."""
    node, contract = consortium.node, consortium.contracts.consignments.address
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    entries = 0
    for number in range(1, node.latest_block().number + 1):
        block = gather_block(node, number)
        assert read_header(block.header.encode()).hash() == node.block(number).hash
        assert receipts_root(block.receipts) == block.header.receipts_root
        for index, receipt in enumerate(block.receipts):
            for at, log in enumerate(receipt.logs):
                found = proved_log(block.prove(index, at))
                assert (found.address, found.topics, found.data) == (log.address, log.topics, log.data)
                entries += 1
    assert entries > 10
    for each in consignment_history(consortium.contracts, goods).statements:
        assert proved_log(gather_block(node, each.place.block_number).prove_place(each.place)).order[0] > 0
    head = proved_head(gather_head(node, contract, goods, node.latest_block().number), contract, goods)
    assert (head.head, head.position) == (consortium.head(goods), 2)
    never = proved_head(gather_head(node, contract, b"\7" * 32, node.latest_block().number), contract, b"\7" * 32)
    assert (never.head, never.position) == (bytes(32), 0)
    nobody = proved_storage(gather_storage(node, NOBODY, [b"\1" * 32], node.latest_block().number))
    assert (nobody.account, nobody.values) == (None, {b"\1" * 32: bytes(32)})


def test_everything_on_the_embedded_chain_is_proved(consortium):
    prove_everything(consortium)
    assert gather_header(consortium.node, 0).hash() == consortium.node.genesis_hash


@needs_anvil
@pytest.mark.slow
@pytest.mark.parametrize("fork", ["berlin", "london", "shanghai", "cancun", "prague"])
def test_everything_on_anvil_is_proved(fork):
    with anvil(fork) as node:
        prove_everything(build(node, system_clock))
        fields = len(decode(gather_header(node, 1).encode(), "header", 1 << 16))
        assert header_from_rpc(node.request("eth_getBlockByNumber", ["0x1", False])) == gather_header(node, 1)
        assert FORK_LENGTHS[fields].lower() == {"berlin": "before london"}.get(fork, fork)


@needs_anvil
def test_the_first_block_of_anvil_at_london_has_a_header_of_no_fork_and_is_refused():
    with anvil("london") as node, pytest.raises(BlockHashError, match="block 0: hashes to"):
        gather_header(node, 0)


def test_a_node_that_answers_for_whole_blocks_is_asked_once(consortium, monkeypatch):
    consortium.register()
    number = consortium.node.latest_block().number
    expected = gather_block(consortium.node, number)
    transaction = consortium.node.block_data(number)["transactions"][0]
    receipt = consortium.node.receipt(bytes(transaction))
    monkeypatch.setattr(Node, "receipt", lambda *_: pytest.fail("a receipt was asked for by itself"))
    monkeypatch.setattr(type(consortium.node.web3.eth), "get_block_receipts", lambda *_: [receipt])
    assert gather_block(consortium.node, number) == expected


def test_a_node_that_lacks_a_receipt_is_told(consortium, monkeypatch):
    consortium.register()
    monkeypatch.setattr(Node, "receipt", lambda *_: None)
    with pytest.raises(NodeAnswerError, match="lacks a receipt of block"):
        gather_block(consortium.node, consortium.node.latest_block().number)


def test_what_a_node_refuses_or_cannot_answer_is_told(consortium):
    node = consortium.node
    with pytest.raises(NodeRefusedError, match="is not an address"):
        node.request("eth_getProof", ["0x11", [], "0x1"])
    with pytest.raises(NodeRefusedError):
        node.request("eth_getProof", [NOBODY, [], "0xffffff"])
    with pytest.raises(NodeRefusedError):
        node.request("eth_getProof", [NOBODY, ["0xzz"], "0x1"])
    with pytest.raises(Unavailable, match=re.escape("the node refused")):
        node.request("eth_noSuchMethod", [])


def test_an_answer_that_is_neither_result_nor_error_is_told(smartborder_chain):
    faults = Faults(answers={"eth_getProof": [{"jsonrpc": "2.0", "id": 1}, {"jsonrpc": "2.0", "id": 1, "error": "no"}]})
    with http(smartborder_chain.node, faults) as url:
        node = connect(url)
        with pytest.raises(NodeAnswerError):
            node.request("eth_getProof", [NOBODY, [], "0x0"])
        with pytest.raises(NodeRefusedError, match="no"):
            node.request("eth_getProof", [NOBODY, [], "0x0"])


def test_a_block_that_is_not_there_is_told(consortium):
    with pytest.raises(Unavailable):
        gather_header(consortium.node, 10**6)
