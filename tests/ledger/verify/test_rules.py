import pytest

from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import RULES
from ledger.verify.findings import Finding, Verdict
from tests.ledger.verify.examples import EXAMPLES, LEFT_OPEN, WITHOUT, Example, LeftOpen
from tests.ledger.verify.examples.telling import honest

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


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_the_worst_it_can_find(rule):
    outcomes = {example.outcome for example in EXAMPLES if example.rule == rule.id}
    assert rule.severity in outcomes
    if rule.severity is not Outcome.FAILED:
        assert Outcome.FAILED not in outcomes


@pytest.mark.parametrize("left", LEFT_OPEN, ids=str)
def test_what_a_rule_cannot_look_at_is_told_by_another_so_that_nothing_is_verified(left: LeftOpen):
    verdict = verify(left.case())
    assert verdict.word is Word.UNDETERMINED
    assert left.rule not in {finding.rule for finding in (*verdict.failed, *verdict.warnings, *verdict.undetermined)}
    assert left.words in " ".join(each.reason for each in verdict.undetermined if each.rule == left.teller)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_passing_failing_and_of_being_left_open(rule):
    passing = {finding.rule for finding in honest().passed}
    passing |= {each.rule for each in EXAMPLES if each.outcome is Outcome.PASSED}
    left_open = {each.rule for each in EXAMPLES if each.outcome in {None, Outcome.UNDETERMINED}}
    left_open |= {each.rule for each in LEFT_OPEN}
    assert (rule.id in passing) != ((rule.id, Outcome.PASSED) in WITHOUT)
    assert (rule.id in left_open) != ((rule.id, Outcome.UNDETERMINED) in WITHOUT)
    assert any(each.rule == rule.id and each.outcome is rule.severity for each in EXAMPLES)


def test_no_reason_is_given_for_what_no_rule_lacks():
    assert {rule for rule, _ in WITHOUT} <= set(RULES)
    assert all(why.endswith(".") for why in WITHOUT.values())
