"""The local chain: its state survives stops, kills and damaged files, and its failures say what to do."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from clients.testing.consortium import build
from ledger.chain.anvil import SAVE_SECONDS, Connection, LocalChain
from ledger.chain.clock import system_clock
from ledger.chain.deployment import attach
from ledger.chain.history import register_history
from ledger.errors import InputError, NotFound, Refused, Unavailable

ROOT = Path(__file__).parents[3]
ANVIL = next(iter(sorted(ROOT.glob(".tools/node_modules/@foundry-rs/anvil-*/bin/anvil*"))), None)
needs_anvil = pytest.mark.skipif(ANVIL is None, reason="anvil is not in .tools: run 'make .tools/.installed'")


@needs_anvil
def test_the_chain_and_its_history_survive_stops_and_a_kill(tmp_path):
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        consortium = build(chain.connection.node(), system_clock)
        consortium.register()
        deployment = consortium.contracts.deployment
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        members = attach(chain.connection.node(), deployment).members
        members.suspend(consortium_sender(chain, "customs_nl"), consortium.party("terminal").address)
        time.sleep(2 * SAVE_SECONDS)
        os.kill(chain.connection.pid, signal.SIGKILL)
        while chain.running:
            time.sleep(0.05)
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        events = register_history(attach(chain.connection.node(), deployment))
    assert events[-1].name == "MemberSuspended"
    assert abs(events[-1].place.block_time - time.time()) < 600


def consortium_sender(chain, name):
    from clients.testing.consortium import deterministic_random
    from ledger.chain.transactions import Sender
    from ledger.identity.keys import Keyring

    return Sender(chain.connection.node(), Keyring.generate(deterministic_random(f"smartborder test {name}")).signing)


@needs_anvil
def test_a_state_cut_short_gives_way_to_its_backup(tmp_path):
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        deployment = build(chain.connection.node(), system_clock).contracts.deployment
    whole = (tmp_path / "state.json").read_bytes()
    (tmp_path / "state.json").write_bytes(whole[: len(whole) // 2])
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        assert attach(chain.connection.node(), deployment).members.threshold() == 2


@needs_anvil
def test_a_chain_that_another_process_started_can_be_stopped(tmp_path):
    with LocalChain.start(tmp_path, ANVIL, 0) as chain:
        Connection.read(tmp_path).stop()
        chain._process.wait(20)
        assert not chain.running
    with pytest.raises(Unavailable, match="does not answer"):
        Connection.read(tmp_path).stop()


@needs_anvil
def test_a_chain_is_not_started_twice(tmp_path):
    with LocalChain.start(tmp_path, ANVIL, 0), pytest.raises(Refused, match="runs already"):
        LocalChain.start(tmp_path, ANVIL, 0)


def test_a_taken_port_is_told(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Unavailable, match="is taken"):
            LocalChain.start(tmp_path, Path(sys.executable), other.getsockname()[1])


def test_a_program_that_is_no_anvil_is_told_with_its_last_words(tmp_path):
    with pytest.raises(Unavailable, match=r"anvil did not start: .*[uU]nknown option"):
        LocalChain.start(tmp_path, Path(sys.executable), 0)
    assert not (tmp_path / "chain.json").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be used"):
        LocalChain.start(tmp_path / "file" / "home", Path(sys.executable), 0)


def test_a_damaged_connection_file_is_told(tmp_path):
    (tmp_path / "chain.json").write_text("{")
    with pytest.raises(InputError, match="no connection file"):
        Connection.read(tmp_path)


def test_without_a_connection_file_there_was_no_chain(tmp_path):
    with pytest.raises(NotFound, match="no local chain was started here"):
        Connection.read(tmp_path)
