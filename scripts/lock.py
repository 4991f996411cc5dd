"""Renew the lock files: ``python -m scripts.lock``. Every dependency is pinned with its hashes; no index is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": ("pyproject.toml", "--extra", "build"),
    "requirements-dev.lock": ("pyproject.toml", "--extra", "dev"),
    "requirements-analysis.lock": ("scripts/analysis/requirements.in",),
}


def main() -> int:
    """Resolve each lock file for every Python from 3.11 on."""
    for name, source in LOCKS.items():
        command = ("uv", "pip", "compile", *source, "--universal", "--python-version", "3.11")
        # With its extras, or an older pip looks past the pin for a newer release, which has no hash here.
        pinned = ("--generate-hashes", "--no-strip-extras")
        options = ("--no-header", "--no-annotate", "--quiet", "--output-file", name, *sys.argv[1:])
        subprocess.run([*command, *pinned, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
