"""The command line as a process of its own, against a real chain that several processes share (anvil)."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from clients.practice import practice
from ledger.chain.nodes import connect
from ledger.errors import Unavailable
from ledger.identity.keyfile import ScryptCost

ROOT = Path(__file__).resolve().parents[3]
ANVILS = sorted((ROOT / ".tools" / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil"))
PASSWORD = "only for tests"


@dataclass(frozen=True)
class Finished:
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def run_cli(*arguments, home=None, password=PASSWORD, stdin=b"", env=None, timeout=120) -> Finished:
    """Run ``smartborder`` as a process, as a person would."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SMARTBORDER_")}
    environment |= {"NO_COLOR": "1", **(env or {})}
    if home is not None:
        environment["SMARTBORDER_HOME"] = str(home)
    if password is not None:
        environment["SMARTBORDER_PASSWORD"] = password
    command = [sys.executable, "-c", "from clients.cli.main import main; main()", *map(str, arguments)]
    done = subprocess.run(
        command, input=stdin, capture_output=True, env=environment, cwd=ROOT, timeout=timeout, check=False
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def cli():
    return run_cli


@pytest.fixture(scope="session")
def anvil_url(tmp_path_factory):
    if not ANVILS:
        pytest.skip("anvil is not installed (python -m scripts.tools)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("anvil") / "log").open("wb")
    command = [ANVILS[0], "--host", "127.0.0.1", "--port", str(port), "--silent", "--hardfork", "london"]
    command += ["--block-base-fee-per-gas", "0", "--gas-price", "0", "--accounts", "1"]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                connect(url)
                break
            except Unavailable:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()
        log.close()


@pytest.fixture(scope="session")
def homes(anvil_url, tmp_path_factory):
    """The homes of a practice consortium on that chain."""
    folder = tmp_path_factory.mktemp("practice")
    with practice(folder, node=connect(anvil_url), password=PASSWORD, cost=ScryptCost(n=2**10)) as border:
        addresses = {name: party.address for name, party in border.parties.items()}
    return Homes(folder, addresses)


@dataclass(frozen=True)
class Homes:
    folder: Path
    addresses: dict

    def __getitem__(self, name: str) -> Path:
        return self.folder / name
