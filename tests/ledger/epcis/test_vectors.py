"""Our own documents: valid ones, and near misses that each break one rule at one place."""

import json

import pytest

from ledger.epcis import EpcisInvalid, read
from ledger.epcis.rules import RULES
from tests.ledger.epcis.oracles import VECTORS, json_schema, needs_shared

VALID = sorted((VECTORS / "valid").iterdir())
EXPECTED = json.loads((VECTORS / "invalid" / "expected.json").read_text())
TESTED_ELSEWHERE = {"limit.size", "limit.events", "limit.problems", "limit.prefixes", "type.object"}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_valid_document_is_accepted(path):
    assert read(path.read_bytes()).events


@pytest.mark.parametrize("name", EXPECTED)
def test_a_near_miss_is_refused_for_its_defect_alone(name):
    with pytest.raises(EpcisInvalid) as refusal:
        read((VECTORS / "invalid" / name).read_bytes())
    (problem,) = refusal.value.problems
    assert (problem.rule, problem.path.partition(" (line ")[0]) == (EXPECTED[name]["rule"], EXPECTED[name]["path"])
    assert problem.message
    assert problem.mend
    assert problem.mend in refusal.value.diagnostics()


def test_every_near_miss_is_expected_and_every_rule_has_one():
    assert {path.name for path in (VECTORS / "invalid").iterdir()} == {*EXPECTED, "expected.json"}
    assert {each["rule"] for each in EXPECTED.values()} | TESTED_ELSEWHERE == set(RULES)


@needs_shared
@pytest.mark.parametrize("path", [path for path in VALID if path.suffix == ".jsonld"], ids=lambda path: path.name)
def test_our_valid_documents_are_valid_by_the_json_schema(path):
    assert json_schema().is_valid(json.loads(path.read_bytes()))
