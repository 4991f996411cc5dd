"""Logs are read in chunks, as large as the node is willing to answer."""

from __future__ import annotations

import pytest

from ledger.chain import logs
from ledger.chain.errors import NodeAnswerError, NodeRefusedError
from ledger.chain.history import consignment_history, register_history
from ledger.chain.logs import read_logs
from ledger.chain.nodes import Block, Node
from ledger.identity.milestones import Milestone


def asked(monkeypatch, most_blocks: int) -> list[tuple[int, int]]:
    """Let the node answer no more than so many blocks at once; returns what it is asked for."""
    ranges: list[tuple[int, int]] = []
    answer = Node.logs

    def limited(self, addresses, topics, first, last):
        ranges.append((first, last))
        if last - first + 1 > most_blocks:
            raise NodeRefusedError("query exceeds the limit")
        return answer(self, addresses, topics, first, last)

    monkeypatch.setattr(Node, "logs", limited)
    return ranges


def test_a_node_with_a_small_limit_gives_the_same_history(consortium, monkeypatch):
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32)
    whole = consignment_history(consortium.contracts, goods)
    ranges = asked(monkeypatch, 3)
    assert consignment_history(consortium.contracts, goods) == whole
    assert all(last - first < 3 for first, last in ranges[4:])


def test_a_long_range_is_asked_for_in_chunks(consortium, monkeypatch):
    monkeypatch.setattr(logs, "CHUNK_BLOCKS", 4)
    ranges = asked(monkeypatch, 1000)
    assert consortium.node.latest_block().number == 11
    list(read_logs(consortium.node, [consortium.members.address], [], (1, 11)))
    assert ranges == [(1, 4), (5, 8), (9, 11)]


def test_a_node_that_gives_no_logs_at_all_is_told(consortium, monkeypatch):
    asked(monkeypatch, 0)
    with pytest.raises(NodeAnswerError, match="the logs of block 1"):
        register_history(consortium.contracts)


def test_a_block_replaced_while_it_was_read_is_noticed(consortium, monkeypatch):
    block = Node.block
    forged = b"\x66" * 32

    def other(self, number):
        found = block(self, number)
        return Block(found.number, forged, found.time, found.base_fee, found.gas_limit)

    last = consortium.node.latest_block()
    monkeypatch.setattr(Node, "block", other)
    with pytest.raises(NodeAnswerError, match="was replaced"):
        register_history(consortium.contracts, last)
