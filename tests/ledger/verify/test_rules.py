import pytest

from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import RULES
from ledger.verify.findings import Finding, Verdict
from tests.ledger.verify.builder import delivered
from tests.ledger.verify.examples import EXAMPLES, Example

WORDS = {
    Outcome.FAILED: Word.NOT_VERIFIED,
    Outcome.WARNING: Word.VERIFIED,
    Outcome.UNDETERMINED: Word.UNDETERMINED,
    Outcome.PASSED: Word.VERIFIED,
    None: Word.VERIFIED,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_each_example_is_told_by_its_rule_and_by_no_other(example: Example):
    verdict = verify(example.case())
    told = [finding for finding in verdict.findings if finding.outcome is not Outcome.PASSED]
    own = [finding for finding in told if finding.rule == example.rule]
    assert {finding.rule for finding in told} - {example.rule} == example.beside
    assert {finding.outcome for finding in own} == outcomes_told(example), [finding.reason for finding in told]
    assert example.words in " ".join(reasons(verdict, example, own))
    assert (example.rule in {finding.rule for finding in verdict.passed}) == (example.outcome is Outcome.PASSED)
    assert verdict.word is WORDS[example.outcome]


def outcomes_told(example: Example) -> set[Outcome]:
    return set() if example.outcome in {None, Outcome.PASSED} else {example.outcome}


def reasons(verdict: Verdict, example: Example, told: list[Finding]) -> list[str]:
    if example.outcome is None:
        return [each.reason for each in verdict.not_checked if each.rule == example.rule]
    return [finding.reason for finding in told]


def test_every_rule_passes_on_the_honest_history_or_has_nothing_to_look_at():
    passed = {finding.rule for finding in verify(delivered().case()).passed}
    assert set(RULES) - passed == {"document.placed", "correction.target"}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_the_worst_it_can_find(rule):
    outcomes = {example.outcome for example in EXAMPLES if example.rule == rule.id}
    assert rule.severity in outcomes
    if rule.severity is not Outcome.FAILED:
        assert Outcome.FAILED not in outcomes
