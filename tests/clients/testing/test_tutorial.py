"""Everything that docs/chain-tests.md shows is run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "chain-tests.md").read_text(encoding="utf-8")
ANVIL = next(iter(sorted(ROOT.glob(".tools/node_modules/@foundry-rs/anvil-*/bin/anvil*"))), None)
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = command.split()
    front = {
        "python": [sys.executable],
        "smartborder": [sys.executable, "-c", "from clients.cli.main import main; main()"],
    }[program]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SMARTBORDER_")}
    return subprocess.run(
        [*front, *arguments], cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False
    )


def test_the_page_shows_test_files_and_commands():
    assert len(FILES) == 2
    assert len(COMMANDS) == 5


@pytest.mark.parametrize("command", [command for command in COMMANDS if "pytest" in command])
def test_the_tests_on_the_page_pass(command, tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = run(f"{command} -q -p no:cacheprovider", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(ANVIL is None, reason="anvil is not in .tools: run 'make .tools/.installed'")
def test_the_local_chain_starts_tells_its_status_and_stops(tmp_path):
    environment = {"SMARTBORDER_ANVIL": str(ANVIL), "SMARTBORDER_CHAIN_HOME": str(tmp_path)}
    start, status, stop = (command for command in COMMANDS if command.startswith("smartborder chain"))
    front = [sys.executable, "-c", "from clients.cli.main import main; main()", *start.split()[1:], "--port", "0"]
    process = subprocess.Popen(front, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        while not (tmp_path / "chain.json").exists():
            assert process.poll() is None
            time.sleep(0.05)
        assert "runs at" in run(status, tmp_path, **environment).stdout
        assert run(stop, tmp_path, **environment).returncode == 0
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.terminate()
        process.wait(30)


def test_the_table_names_every_fixture_of_the_plugin():
    from clients.testing import plugin

    public = {name for name, value in vars(plugin).items() if type(value).__name__ == "FixtureFunctionDefinition"}
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert public - {"smartborder_session"} == named
