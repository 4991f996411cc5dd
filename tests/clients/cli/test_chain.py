"""``smartborder chain``: as a person runs it, and as it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ANVIL = next(iter(sorted(ROOT.glob(".tools/node_modules/@foundry-rs/anvil-*/bin/anvil*"))), None)
needs_anvil = pytest.mark.skipif(ANVIL is None, reason="anvil is not in .tools: run 'make .tools/.installed'")

COMMAND = """
import sys
from clients.cli import chain
from clients.cli.output import complain
from clients.cli.exits import exit_for
from ledger.errors import LedgerError
try:
    chain.app(sys.argv[1:], standalone_mode=False)
except LedgerError as error:
    complain(error.diagnostics())
    sys.exit(exit_for(error))
"""


def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    named = {"SMARTBORDER_ANVIL": str(ANVIL)} if ANVIL else {}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=ROOT,
        env={**os.environ, **named, **environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@needs_anvil
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupt", "terminate"])
def test_a_chain_starts_answers_and_stops_cleanly(tmp_path, number):
    process = command("start", "--home", str(tmp_path), "--port", "0")
    try:
        assert "runs at http://127.0.0.1:" in process.stdout.readline()
        code, out, _err = ended(command("status", "--home", str(tmp_path), "--json"))
        assert code == 0
        assert json.loads(out)["block"] == 0
    finally:
        process.send_signal(number)
    code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert "Stopped" in out


@needs_anvil
def test_a_second_start_in_the_same_folder_is_refused(tmp_path):
    process = command("start", "--home", str(tmp_path), "--port", "0", "--json")
    try:
        assert process.stdout.readline()
        while not (tmp_path / "chain.json").exists():
            time.sleep(0.05)
        code, _out, err = ended(command("start", "--home", str(tmp_path), "--port", "0"))
        assert code >= 64
        assert "runs already" in err
    finally:
        process.terminate()
        ended(process)


@needs_anvil
def test_a_node_that_is_killed_ends_the_command_with_its_own_status(tmp_path):
    process = command("start", "--home", str(tmp_path), "--port", "0")
    assert process.stdout.readline()
    os.kill(json.loads((tmp_path / "chain.json").read_text())["pid"], signal.SIGKILL)
    code, _out, err = ended(process)
    assert code >= 64
    assert "ended by itself" in err


def test_the_status_of_a_chain_that_never_was_says_how_to_start_one(tmp_path):
    code, _out, err = ended(command("status", "--home", str(tmp_path)))
    assert code >= 64
    assert "smartborder chain start" in err


def test_an_anvil_that_is_named_and_not_there_is_missed(tmp_path):
    code, _out, err = ended(command("start", "--home", str(tmp_path), SMARTBORDER_ANVIL=str(tmp_path / "none")))
    assert code >= 64
    assert "there is no program" in err
