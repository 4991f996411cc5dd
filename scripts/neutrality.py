"""Lock files, documents and code name no package index host and no path of one machine.

``python -m scripts.neutrality`` looks through every file that git tracks.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "a package index host": re.compile(
        r"pypi\.(org|python)|pythonhosted|registry\.npmjs|npm\.pkg|crates\.io|proxy\.golang"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w"),
}
THIS = Path(__file__).name


def faults(path: Path) -> list[str]:
    """What one file names that it must not, a line each."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return [
        f"{path.relative_to(ROOT)}:{number}: names {what}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def main() -> int:
    """Print every fault; returns 1 where there is one."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in tracked.split("\0") if name and Path(name).name != THIS]
    found = [fault for path in paths if path.is_file() for fault in faults(path)]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
