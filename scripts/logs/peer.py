"""pymerkle, installed by itself into ``.tools/peers-venv`` and run as a process: a peer to measure against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from scripts.tools import TOOLS, ToolError

NAME: Final = "pymerkle 7.0.0"
ENVIRONMENT: Final = TOOLS / "peers-venv"
REQUIREMENTS: Final = Path(__file__).with_name("pymerkle.txt")
DRIVER: Final = Path(__file__).with_name("peer_driver.py")


def python() -> Path:
    """The environment's Python."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed() -> bool:
    """Whether the peer can be run."""
    return python().exists() and _runs("import pymerkle")


def install() -> None:
    """Install the peer where it is not.

    Raises:
        ToolError: pip cannot install it; the message says what to do.
    """
    if installed():
        return
    commands = (
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        [str(python()), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENTS)],
    )
    for command in commands:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise ToolError(f"{NAME} cannot be installed: {done.stderr.strip()[-300:]}")


def measure(size: int, proofs: int) -> dict[str, float]:
    """Seconds for each task on a tree of so many entries.

    Raises:
        ToolError: it does not run.
    """
    done = subprocess.run(
        [str(python()), str(DRIVER), str(size), str(proofs)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise ToolError(f"{NAME} does not run: {done.stderr.strip()[-300:]}")
    return {str(task): float(seconds) for task, seconds in json.loads(done.stdout).items()}


def _runs(statement: str) -> bool:
    return subprocess.run([str(python()), "-c", statement], check=False, capture_output=True).returncode == 0
