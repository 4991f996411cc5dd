"""The histories beside this file, told anew: each honest but for the defect that it is named after.

    python -m tests.vectors.frauds.generate

They are told by tests/ledger/verify/frauds; a test tells them again and compares byte for byte.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.ledger.verify.case_json import case_text
from tests.ledger.verify.frauds import FRAUDS

HERE = Path(__file__).parent
INDEX = "index.json"


def index() -> str:
    """What each history is named after, and which rule finds it."""
    told = {name: {"rule": each.rule, "defect": each.defect} for name, each in sorted(FRAUDS.items())}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every file, and take away those of histories that are told no more."""
    for file in HERE.glob("*.json"):
        if file.stem not in FRAUDS:
            file.unlink()
    (HERE / INDEX).write_text(index(), "utf-8")
    for name, each in FRAUDS.items():
        (HERE / f"{name}.json").write_text(case_text(each.case()), "utf-8")


if __name__ == "__main__":
    write()
