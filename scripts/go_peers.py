"""Build the Go implementations that logs are tested against, into ``.tools/go``: ``python -m scripts.go_peers``.

``fsck`` and ``posix-oneshot`` are Tessera's: one checks a whole log, the other writes one and asks witnesses.
``tlogpeer`` is a few lines of our own (tests/ledger/tlog/peers) around torchwood and ``golang.org/x/mod/sumdb``. The
versions are pinned here and in ``go.mod``; Go's own checksum data base vouches for what is downloaded. Run again, it
does what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / ".tools" / "go"
SOURCE: Final = ROOT / "tests" / "ledger" / "tlog" / "peers"
TESSERA: Final = "v1.0.4"
COMMANDS: Final = {
    "fsck": f"github.com/transparency-dev/tessera/cmd/fsck@{TESSERA}",
    "posix-oneshot": f"github.com/transparency-dev/tessera/cmd/examples/posix-oneshot@{TESSERA}",
}


class GoMissingError(Exception):
    """There is no Go on this machine."""


class BuildError(Exception):
    """Go could not build a peer; its own words are in the message."""


def build() -> dict[str, Path]:
    """Build what is missing.

    Returns:
        Each peer's program, by name.

    Raises:
        GoMissingError: there is no Go.
        BuildError: it could not be built; without a network, for one, if it never was before.
    """
    go = shutil.which("go")
    if go is None:
        raise GoMissingError("Go is not installed: the independent peers of logs cannot be built")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, package in COMMANDS.items():
        stamp = FOLDER / f".{name}"
        if not (FOLDER / name).exists() or not stamp.exists() or stamp.read_text(encoding="utf-8") != package:
            _run([go, "install", package], FOLDER)
            stamp.write_text(package, encoding="utf-8")
    _run([go, "build", "-trimpath", "-o", str(FOLDER / "tlogpeer"), "."], SOURCE)
    return {name: FOLDER / name for name in (*COMMANDS, "tlogpeer")}


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "GOBIN": str(FOLDER), "GOFLAGS": "", "GOTOOLCHAIN": "local"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")


def main() -> int:
    """Build them and say where they are."""
    try:
        programs = build()
    except (GoMissingError, BuildError) as error:
        print(error, file=sys.stderr)
        return 1
    for program in programs.values():
        print(program.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
