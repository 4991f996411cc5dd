"""Renew the lock files: ``python -m scripts.lock``. Every dependency is pinned with its hashes; no index is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": "build", "requirements-dev.lock": "dev"}


def main() -> int:
    """Resolve both lock files for every Python from 3.11 on."""
    for name, extra in LOCKS.items():
        command = (
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            "--extra",
            extra,
            "--universal",
            "--python-version",
            "3.11",
        )
        options = ("--generate-hashes", "--no-header", "--no-annotate", "--quiet", "--output-file", name, *sys.argv[1:])
        subprocess.run([*command, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
