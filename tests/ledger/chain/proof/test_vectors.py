"""The proofs in tests/vectors/proof prove what is written there, or are refused for the reason written there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ledger.chain.proof.cases import border
from tests.ledger.chain.proof.judging import JUDGES, outcome
from tests.vectors.proof.generate import files

VECTORS = Path(__file__).parents[4] / "tests" / "vectors" / "proof"
CASES = [
    pytest.param(kind, case, id=f"{kind}: {name}")
    for kind in JUDGES
    for name, case in json.loads((VECTORS / f"{kind.replace(' ', '-')}.json").read_text("utf-8")).items()
]
PROVING = {
    "log": {"statement in a batch", "entry among twenty receipts", "tree of one receipt"},
    "storage": {"head of a consignment", "head of a consignment that was never registered"},
    "qbft": {
        "sealed in round 0",
        "sealed in round 1, with a vote",
        "validator voted in and another out",
        "seals with the other s",
    },
    "block log": {"witnessed by two of three"},
}


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_a_case_comes_out_as_it_is_written(kind, case):
    expected = {key: case[key] for key in ("proves", "refused", "because") if key in case}
    assert outcome(kind, case) == expected


@pytest.mark.parametrize("kind", JUDGES)
def test_only_what_is_without_a_defect_proves_anything(kind):
    cases = json.loads((VECTORS / f"{kind.replace(' ', '-')}.json").read_text("utf-8"))
    assert {name for name, case in cases.items() if "proves" in case} == PROVING[kind]
    reasons = [case["because"] for case in cases.values() if "because" in case]
    assert len(reasons) >= 4


def test_made_anew_they_are_the_files_byte_for_byte():
    assert files() == {path.name: path.read_text("utf-8") for path in VECTORS.glob("*.json")}


def test_the_statement_and_the_head_are_of_one_consignment():
    made = border()
    cases = json.loads((VECTORS / "log.json").read_text("utf-8"))
    assert cases["statement in a batch"]["proves"]["topics"][1] == f"0x{made.goods.hex()}"
    head = json.loads((VECTORS / "storage.json").read_text("utf-8"))["head of a consignment"]["proves"]
    assert head["block"] == cases["statement in a batch"]["proves"]["block"]
