"""Branches: how many of the contracts' branches forge's tests take.

Forge counts on sources compiled without the optimizer, so gas is not measured here. The lives of the invariants are cut
short (the ``fast`` profile): what only chance would reach is not reached on every run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.tools import ROOT, tool

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 0.95
FOLDER: Final = ROOT / "out" / "coverage"
REPORT: Final = FOLDER / "lcov.info"


def measure() -> int:
    """Run the tests and count; returns 0 where enough branches are taken.

    Raises:
        ToolError: forge is not installed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    command = (tool("forge"), "coverage", "--report", "lcov", "--report-file", REPORT, "--no-match-contract", "Gas")
    settings = {
        "FOUNDRY_PROFILE": "fast",
        "FOUNDRY_GAS_SNAPSHOT_CHECK": "false",
        "FOUNDRY_OUT": str(FOLDER / "out"),
        "FOUNDRY_CACHE_PATH": str(FOLDER / "cache"),
    }
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if done.returncode or not REPORT.exists():
        print(done.stdout[-4000:] + done.stderr[-4000:], file=sys.stderr)
        return 1
    return judge(dict(counted(REPORT.read_text("utf-8"))))


def counted(report: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """From a report in lcov's format: each source of the contracts, with its branches taken and its branches."""
    source, found = "", 0
    for line in report.splitlines():
        field, _, value = line.partition(":")
        if field == "SF":
            source = Path(value).as_posix()
        elif field == "BRF":
            found = int(value)
        elif field == "BRH" and source.startswith("contracts/"):
            yield source, (int(value), found)


def judge(sources: dict[str, tuple[int, int]]) -> int:
    """Print what is not taken; returns 0 where at least LEAST of all branches are."""
    taken, every = (sum(each[place] for each in sources.values()) for place in (0, 1))
    for source, (some, of) in sorted(sources.items()):
        if some < of:
            print(f"{source}: {of - some} of {of} branches are not taken")
    share = taken / every if every else 0.0
    print(f"branches: {taken} of {every} taken ({share:.1%}); at least {LEAST:.0%} are asked for")
    return int(share < LEAST)
