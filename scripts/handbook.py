"""Write docs/checks.md, the page of checks, from the rules and from what they say of the tests' examples.

``python -m scripts.handbook`` writes it, ``python -m scripts.handbook --check`` fails where it is stale.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from ledger.verify.handbook import page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "checks.md"
EXAMPLES = "tests.ledger.verify.examples.telling"
"""The examples are tests, which stand above the scripts in the layers: they are asked for by name."""


def main() -> int:
    """Write the page, or check it; returns 1 where it is stale."""
    made = page(importlib.import_module(EXAMPLES).told())
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") != made:
        print(f"{PAGE.relative_to(ROOT)} is stale: run python -m scripts.handbook")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
