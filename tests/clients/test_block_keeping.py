"""The block logs of two authorities, which cosign each other's where their nodes have the same blocks."""

import threading
from contextlib import ExitStack

import pytest

from clients.block_keeping import BlockKeeper, open_block_log
from clients.home import Home
from clients.testing.consortium import start
from clients.witness import create_witness, open_witness, verifier_keys
from clients.witness_server import WitnessServer
from ledger.chain.final_blocks import Buried
from ledger.chain.registered_logs import RegisteredLogs
from ledger.errors import Unavailable
from ledger.identity.keyfile import ScryptCost
from ledger.identity.witness_keys import WitnessKeys
from ledger.tlog.checkpoints import open_checkpoint, read_checkpoint
from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.sources import FolderSource
from ledger.tlog.witness_client import WitnessEndpoint

NAMES = ("customs_kr", "customs_nl")
QUICK = ScryptCost(n=2**10)


class Authority:
    """An authority with its witness served and its block log kept."""

    def __init__(self, stack, consortium, name, folder, node=None):
        self.home = Home(folder / name)
        key = consortium.party(name).keyring.checkpoint
        keys = WitnessKeys.generate(f"{name}.example/witness")
        create_witness(self.home, keys, "only for tests", cost=QUICK)
        log = stack.enter_context(open_block_log(self.home, node or consortium.node, key, Buried(1)))
        self.keeper = BlockKeeper(log, self.home.blocks_folder, key)
        witness = open_witness(self.home, keys, consortium.contracts, blocks=self.keeper.objection)
        server = stack.enter_context(WitnessServer(witness))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        self.endpoint = WitnessEndpoint(server.url, verifier_keys(keys.public))


@pytest.fixture(scope="module")
def chain():
    return start()


def test_each_cosigns_the_blocks_of_the_other_and_both_logs_are_one_tree(chain, tmp_path):
    with ExitStack() as stack:
        authorities = [Authority(stack, chain.consortium, name, tmp_path) for name in NAMES]
        endpoints = [authority.endpoint for authority in authorities]
        notes = [authority.keeper.step(endpoints) for authority in authorities]
        assert [len(note.signatures) for note in notes] == [5, 5]
        assert notes[0].text == notes[1].text
        assert authorities[0].keeper.step(endpoints) == notes[0]  # nothing new: nobody is asked
        chain.consortium.register("KR1234567890-0007")
        grown = authorities[0].keeper.step(endpoints)
        assert read_checkpoint(grown).size > read_checkpoint(notes[0]).size
        assert len(grown.signatures) == 5
    verifiers = RegisteredLogs(chain.consortium.contracts)[read_checkpoint(grown).origin]
    report = check_log(FolderSource(authorities[0].home.blocks_folder), verifiers)
    assert report.word is LogWord.VERIFIED
    assert open_checkpoint((authorities[0].home.blocks_folder / "checkpoint").read_bytes(), verifiers).note == grown
    with ExitStack() as stack:  # opened again, it goes on
        again = open_block_log(
            authorities[0].home, chain.consortium.node, chain.consortium.party(NAMES[0]).keyring.checkpoint, Buried(1)
        )
        stack.enter_context(again)
        assert again.size == read_checkpoint(grown).size


def test_blocks_that_the_other_node_does_not_have_are_not_cosigned(chain, tmp_path):
    with ExitStack() as stack:
        true = Authority(stack, chain.consortium, NAMES[0], tmp_path)
        log = true.keeper
        note = log.step()
        checkpoint = read_checkpoint(note)
        assert log.objection(checkpoint) is None
        altered = type(checkpoint)(checkpoint.origin, checkpoint.size, b"\1" * 32)
        assert "give the root" in log.objection(altered)
        beyond = type(checkpoint)(checkpoint.origin, checkpoint.size + 1000, b"\1" * 32)
        assert "is not final here" in log.objection(beyond)


def test_a_witness_that_is_down_costs_only_its_cosignature_and_is_asked_again(chain, tmp_path):
    with ExitStack() as stack:
        authority = Authority(stack, chain.consortium, NAMES[0], tmp_path)
        other = verifier_keys(WitnessKeys.generate("down.example/witness").public)
        down = WitnessEndpoint("http://127.0.0.1:9", other)
        for _ in range(2):
            note = authority.keeper.step([authority.endpoint, down])
            assert len(note.signatures) == 3
        assert authority.keeper.step([authority.endpoint]) == note


def test_keeping_goes_on_after_the_node_was_away(chain, tmp_path, monkeypatch, caplog):
    with ExitStack() as stack:
        authority = Authority(stack, chain.consortium, NAMES[0], tmp_path)
        stopping, steps = threading.Event(), []

        def step(endpoints):
            steps.append(endpoints)
            if len(steps) == 1:
                raise Unavailable("the node does not answer")
            stopping.set()

        monkeypatch.setattr(authority.keeper, "step", step)
        authority.keeper.keep((), stopping, 0.01)
    assert len(steps) == 2
    assert "did not grow" in caplog.text
