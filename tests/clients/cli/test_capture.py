"""``smartborder capture`` and ``smartborder proof`` as a person runs them, against a chain."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clients.cli.capture import _show, _status, captured_as_json
from clients.cli.exits import Exit
from ledger.capture.member_log import Checkpointed
from ledger.capture.pipeline import Captured
from ledger.capture.reading import Lost
from ledger.chain.errors import NodeUnreachableError
from ledger.chain.refusals import RuleRefused
from tests.clients.cli.conftest import PASSWORD, ROOT
from tests.ledger.capture.rig import BROKEN, document


def ok(done):
    assert done.status == 0, done.err
    return done


def test_a_folder_is_captured_and_an_event_of_it_proven_offline_and_by_the_chain(cli, homes, tmp_path):
    home, inbox = homes["terminal"], tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "good.jsonld").write_bytes(document(1, 2))
    (inbox / "bad.jsonld").write_bytes(BROKEN)
    done = cli("capture", inbox, "--json", home=home)
    assert done.status == Exit.NO, done.err
    assert done.json["documents"] == {"new": 1, "known": 0}
    assert done.json["events"] == {"new": 2, "known": 0, "caughtUp": 0}
    assert done.json["checkpoint"]["recorded"]
    (aside,) = done.json["setAside"]["documents"]
    assert aside["file"] == str(inbox / "bad.jsonld")
    assert Path(aside["path"]).parent == home / "set-aside"
    made = ok(cli("proof", "1", "-o", tmp_path / "p.tlog-proof", "--json", home=home)).json
    offline = ("proof", "check", tmp_path / "p.tlog-proof", "--document", inbox / "good.jsonld")
    proven = ok(cli(*offline, "--key", made["key"], "--json", home=tmp_path, password=None)).json
    assert (proven["event"], proven["position"], proven["block"]) == (1, 1, None)
    by_chain = ok(cli(*offline, home=homes["auditor"], password=None))
    assert "recorded on chain in block" in by_chain.out
    other = cli(*offline[:-1], "-", "--key", made["key"], stdin=document(3), home=tmp_path)
    assert other.status == Exit.NO
    assert "at the position 1" in other.err


def test_standard_input_is_captured_and_an_unreachable_chain_ends_it_before_anything_is_done(cli, homes):
    home = homes["importer"]
    down = cli("capture", "-", "--node", "http://127.0.0.1:9", home=home, stdin=document(5))
    assert down.status == Exit.UNAVAILABLE
    assert not (home / "log").exists()
    done = ok(cli("capture", "-", home=home, stdin=document(5) + b"\n" + document(6)))
    assert "2 events logged" in done.out
    assert "recorded on chain in block" in done.out


def captured(waiting=None, **fields):
    point = Checkpointed(3, b"\x01" * 32, waiting=waiting, witness_problems=(NodeUnreachableError("w1 is down"),))
    known = {"events_caught_up": 0, "set_aside": (), "set_aside_count": 0, "lost": (), "lost_count": 0}
    return Captured(1, 0, 3, 0, **(known | {"passed_over": 2, "checkpoint": point} | fields))


def test_the_status_says_whether_documents_are_missing_or_the_checkpoint_waits():
    assert _status(captured()) == Exit.OK
    assert _status(captured(set_aside_count=1)) == Exit.NO
    assert _status(captured(lost_count=1)) == Exit.NO
    assert _status(captured(NodeUnreachableError("down"), lost_count=1)) == Exit.UNAVAILABLE
    assert _status(captured(RuleRefused("RootMissing"))) == Exit.REFUSED


def test_what_waits_and_what_is_missing_is_told_with_what_to_do(capsys, tmp_path):
    down = NodeUnreachableError("nobody answers", where="http://node.example", mend="Start the node.")
    result = captured(down, events_caught_up=1, lost=(Lost("gone.json", "No such file"),), lost_count=1)
    _show(result, tmp_path)
    shown = capsys.readouterr()
    assert "1 of an earlier capture completed" in shown.out
    assert "2 files of other kinds passed over" in shown.out
    assert "w1 is down" in shown.out
    assert "The checkpoint waits" in shown.err
    assert "smartborder capture" in shown.err
    assert "gone.json: cannot be read: No such file" in shown.err
    told = captured_as_json(result)
    assert told["checkpoint"]["waiting"] == "http://node.example: nobody answers"
    assert json.dumps(told)


@pytest.mark.slow
def test_the_command_killed_at_random_instants_and_run_again_has_every_event_once(cli, homes, tmp_path):
    home, chance = homes["broker"], random.Random(7)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    lines = [document(number) for number in range(60_000, 64_000)]
    (inbox / "all.ndjson").write_bytes(b"\n".join(lines))
    environment = {**os.environ, "SMARTBORDER_HOME": str(home), "SMARTBORDER_PASSWORD": PASSWORD}
    command = [sys.executable, "-c", "from clients.cli.main import main; main()", "capture", str(inbox)]
    for _ in range(4):
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=-3, stderr=-3, start_new_session=True)
        time.sleep(chance.uniform(0.5, 4))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = ok(cli("capture", inbox, "--json", home=home)).json
    assert done["checkpoint"]["size"] == len(lines)
    assert done["checkpoint"]["recorded"]
