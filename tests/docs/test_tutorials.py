"""Every command of the tutorials is run, in order, as a reader would run it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.chain.nodes import connect
from ledger.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    "tutorial-exporter.md": "VERIFIED",
    "tutorial-customs.md": "VERIFIED",
    "capture.md": "is entry",
    "evidence.md": "VERIFIED",
}
"""The tutorials, and what their commands say at last."""
START = "smartborder chain start"
ANVIL = sorted((ROOT / ".tools" / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil"))

pytestmark = pytest.mark.skipif(not ANVIL, reason="anvil is not installed (python -m scripts.tools)")


@pytest.fixture
def chain(tmp_path):
    """``smartborder chain start`` in a terminal of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*START.split()[1:], "--port", str(port), "--home", str(tmp_path / "chain")]
    with (tmp_path / "chain.log").open("wb") as log:
        process = subprocess.Popen(smartborder(*command), stdout=log, stderr=log, env=environment(tmp_path))
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url, process):
    for _ in range(300):
        assert process.poll() is None
        try:
            return connect(url)
        except Unavailable:
            time.sleep(0.1)
    raise AssertionError("the chain did not start")


def smartborder(*arguments):
    return [sys.executable, "-c", "from clients.cli.main import main; main()", *arguments]


def environment(folder):
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    command = bin_folder / "smartborder"
    command.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from clients.cli.main import main; main()' \"$@\"\n")
    command.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SMARTBORDER_")}
    tool = {"SMARTBORDER_ANVIL": str(ANVIL[0])} if ANVIL else {}
    return {**kept, **tool, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "said"), SAID.items())
def test_the_tutorial_works_as_written(name, said, chain, tmp_path):
    page = (ROOT / "docs" / name).read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    blocks.remove(f"{START}\n")
    script = "set -euo pipefail\n" + "".join(blocks)
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    shutil.copytree(ROOT / "tests" / "vectors" / "evidence", tmp_path / "examples")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**environment(tmp_path), "SMARTBORDER_NODE": chain},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    assert said in done.stdout


def test_the_python_of_the_page_on_capture_runs(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "capture.md").read_text(), re.DOTALL)
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == ["2", "2"]
    assert (tmp_path / "event.tlog-proof").read_text().startswith("c2sp.org/tlog-proof@v1\n")
