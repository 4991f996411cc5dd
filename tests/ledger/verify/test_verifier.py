from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import RULES
from tests.ledger.verify.builder import delivered


def test_an_honest_history_is_verified_and_every_rule_passes_or_says_that_there_was_nothing_to_check():
    verdict = verify(delivered().case())
    assert [finding.reason for finding in verdict.findings if finding.outcome is not Outcome.PASSED] == []
    assert verdict.word is Word.VERIFIED
    assert {finding.rule for finding in verdict.passed} | {each.rule for each in verdict.not_checked} == set(RULES)
