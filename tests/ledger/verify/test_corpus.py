"""The corpus of frauds: each is found, from its file, by the rule it is meant for and by no other."""

import json
from functools import cache
from pathlib import Path

import pytest

from ledger.errors import InputError
from ledger.verify import Outcome, verify
from ledger.verify.checks import RULES
from tests.ledger.verify.case_json import case_from_json, case_text, case_to_json
from tests.ledger.verify.frauds import FRAUDS
from tests.ledger.verify.histories.honest import honest_history
from tests.vectors.frauds.generate import index

CORPUS = Path(__file__).parents[2] / "vectors" / "frauds"
INDEX = json.loads((CORPUS / "index.json").read_text("utf-8"))
LARGEST_BYTES = 5_000_000


@cache
def text_of(name: str) -> str:
    return (CORPUS / f"{name}.json").read_text("utf-8")


@pytest.mark.parametrize(("name", "expected"), INDEX.items())
def test_a_fraud_is_found_by_its_rule_and_by_no_other(name, expected):
    findings = verify(case_from_json(json.loads(text_of(name)))).findings
    told = {each.rule: each.reason for each in findings if each.outcome is not Outcome.PASSED}
    assert told.keys() == {expected["rule"]}, told


@pytest.mark.parametrize("fraud", FRAUDS.values(), ids=str)
def test_a_fraud_told_anew_is_its_file_byte_for_byte(fraud):
    assert case_text(fraud.case()) == text_of(fraud.name)


def test_the_index_names_every_history_with_its_rule_and_defect():
    assert (CORPUS / "index.json").read_text("utf-8") == index()
    assert {file.stem for file in CORPUS.glob("*.json")} == {"index", *INDEX}
    assert all(fraud.defect.endswith((".", "'.")) for fraud in FRAUDS.values())
    assert len({fraud.defect for fraud in FRAUDS.values()}) == len(FRAUDS)


def test_the_corpus_is_large_enough_and_small_enough():
    assert len(INDEX) >= 60
    assert sum(file.stat().st_size for file in CORPUS.glob("*.json")) < LARGEST_BYTES


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES.values() if rule.severity in (Outcome.FAILED, Outcome.WARNING)],
    ids=lambda rule: rule.id,
)
def test_every_rule_that_can_find_a_fraud_has_one(rule):
    found = [name for name, each in INDEX.items() if each["rule"] == rule.id]
    assert found
    assert any(rule.severity in outcomes_of(name) for name in found)


def outcomes_of(name):
    return {finding.outcome for finding in verify(case_from_json(json.loads(text_of(name)))).findings}


@pytest.mark.parametrize("seed", range(5))
def test_a_case_read_from_its_json_is_the_case_that_was_written(seed):
    case = honest_history(seed).case
    again = case_from_json(json.loads(case_text(case)))
    for member in ("domain", "consignment", "as_of", "statements", "observations", "membership", "recorded", "trust"):
        assert getattr(again, member) == getattr(case, member)
    assert verify(again) == verify(case)


@pytest.mark.parametrize("member", sorted(case_to_json(honest_history(0).case)))
def test_a_case_without_one_of_its_members_is_refused_by_name(member):
    content = case_to_json(honest_history(0).case)
    del content[member]
    with pytest.raises(InputError, match=member):
        case_from_json(content)
