"""The proofs beside this file, made anew: some that prove something, and near misses named by their defect.

    python -m tests.vectors.proof.generate

tests/ledger/chain/proof/cases.py makes them; a test makes them again and compares byte for byte.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.ledger.chain.proof.cases import told
from tests.ledger.chain.proof.judging import outcome

HERE = Path(__file__).parent


def files() -> dict[str, str]:
    """The text of each file by its name: the cases of one kind."""
    cases: dict[str, dict[str, object]] = {}
    for kind, name, case in told():
        cases.setdefault(f"{kind.replace(' ', '-')}.json", {})[name] = case | outcome(kind, case)
    return {name: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for name, content in cases.items()}


def write() -> None:
    """Write every file, and take away those that are made no more."""
    made = files()
    for file in HERE.glob("*.json"):
        if file.name not in made:
            file.unlink()
    for name, content in made.items():
        (HERE / name).write_text(content, "utf-8")


if __name__ == "__main__":
    write()
