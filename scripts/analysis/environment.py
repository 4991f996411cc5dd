"""Where slither and halmos live: a virtual environment of their own, ``.tools/analysis``.

They need web3 7, and this project web3 8. Both are run as programs and never imported: their licence (AGPL-3.0) stays
theirs. What is installed stands in ``requirements-analysis.lock``, by version and hash.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.tools import ROOT, TOOLS, ToolError

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = ROOT / "requirements-analysis.lock"
HOME: Final = TOOLS / "analysis"
PROGRAMS: Final = HOME / ("Scripts" if os.name == "nt" else "bin")
STAMP: Final = HOME / "installed.lock"


def installed() -> bool:
    """Whether the environment holds what the lock file says."""
    return STAMP.exists() and STAMP.read_bytes() == LOCK.read_bytes()


def install() -> None:
    """Make the environment what the lock file says; where it is that already, nothing is done.

    Raises:
        ToolError: a package cannot be had; the installer's own words are above.
    """
    if installed():
        return
    uv = (sys.executable, "-m", "uv")
    commands = (
        (*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME)),
        (*uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PROGRAMS / "python"), str(LOCK)),
    )
    for command in commands:
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            raise ToolError(
                f"slither and halmos could not be installed into {HOME.relative_to(ROOT)} (see above). "
                "Check the network and run the command again."
            )
    shutil.copyfile(LOCK, STAMP)


def program(name: str) -> Path:
    """The program ``slither`` or ``halmos``, installed first where it is not.

    Raises:
        ToolError: it cannot be had.
    """
    install()
    return PROGRAMS / name
