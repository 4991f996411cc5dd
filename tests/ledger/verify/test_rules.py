import pytest

from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import RULES
from tests.ledger.verify.builder import delivered
from tests.ledger.verify.examples import EXAMPLES, Example

WORDS = {
    Outcome.FAILED: Word.NOT_VERIFIED,
    Outcome.WARNING: Word.VERIFIED,
    Outcome.UNDETERMINED: Word.UNDETERMINED,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_each_defect_is_told_by_its_rule_and_by_no_other(example: Example):
    verdict = verify(example.case())
    told = [finding for finding in verdict.findings if finding.outcome is not Outcome.PASSED]
    own = [finding for finding in told if finding.rule == example.rule]
    assert {finding.rule for finding in told} - {example.rule} == example.beside
    assert {finding.outcome for finding in own} == {example.outcome}, [finding.reason for finding in told]
    assert example.words in " ".join(finding.reason for finding in own)
    assert verdict.word is WORDS[example.outcome]


def test_every_rule_passes_on_the_honest_history_or_has_nothing_to_look_at():
    passed = {finding.rule for finding in verify(delivered().case()).passed}
    assert set(RULES) - passed == {"document.placed", "correction.target"}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_the_worst_it_can_find(rule):
    outcomes = {example.outcome for example in EXAMPLES if example.rule == rule.id}
    assert rule.severity in outcomes
    if rule.severity is not Outcome.FAILED:
        assert Outcome.FAILED not in outcomes
