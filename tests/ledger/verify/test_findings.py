import json

import pytest

from ledger.verify import AsOf, Finding, NotChecked, Outcome, Verdict, Word, verify
from ledger.verify.findings import evidence, grouped
from tests.ledger.verify.builder import at_sea, delivered
from tests.ledger.verify.examples import EXAMPLES


def verdict_of(*outcomes):
    return Verdict(None, None, None, tuple(Finding("a.rule", outcome, "") for outcome in outcomes))


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ((), Word.UNDETERMINED),
        ((Outcome.WARNING,), Word.UNDETERMINED),
        ((Outcome.PASSED,), Word.VERIFIED),
        ((Outcome.PASSED, Outcome.WARNING), Word.VERIFIED),
        ((Outcome.PASSED, Outcome.UNDETERMINED), Word.UNDETERMINED),
        ((Outcome.PASSED, Outcome.UNDETERMINED, Outcome.FAILED), Word.NOT_VERIFIED),
        ((Outcome.FAILED,), Word.NOT_VERIFIED),
    ],
)
def test_the_word_follows_from_the_worst_finding_and_could_not_check_is_neither_yes_nor_no(outcomes, word):
    assert verdict_of(*outcomes).word is word


def test_evidence_is_shown_as_text_that_json_has():
    shown = evidence({"hash": b"\x01\x02", "number": 3, "yes": True, "none": None, "list": [b"\x01", 2], "else": 1.5})
    assert dict(shown) == {"hash": "0x0102", "number": 3, "yes": True, "list": ("0x01", "2"), "else": "1.5"}


def test_what_was_not_checked_is_told_once_for_all_its_positions():
    found = grouped([NotChecked("a", "b", (1,)), NotChecked("a", "c", (2,)), NotChecked("a", "b", (3,))])
    assert found == (NotChecked("a", "b", (1, 3)), NotChecked("a", "c", (2,)))


def test_a_verdict_as_json_is_the_same_each_time_and_names_word_block_and_findings():
    first, second = (json.dumps(verify(at_sea().case()).to_json()) for _ in range(2))
    assert first == second
    content = json.loads(first)
    assert content["format"] == "smartborder-verdict/1"
    assert content["verdict"] == "verified"
    assert content["asOf"] == {"block": 20, "time": 1_772_474_400}
    assert content["ucr"] == "6KR4012345-2026-0001"
    assert set(content["findings"][0]) == {"rule", "outcome", "reason", "position", "evidence"}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_every_reason_is_a_sentence_for_people_and_every_verdict_fits_json(example):
    verdict = verify(example.case())
    json.dumps(verdict.to_json())
    for finding in verdict.findings:
        assert finding.reason[0].isupper() or finding.reason[0] == "'"
        assert finding.reason.endswith(".")
        assert ".." not in finding.reason
        assert "None" not in finding.reason


def test_a_failure_about_a_statement_carries_its_digest_transaction_and_block():
    case = next(example for example in EXAMPLES if example.rule == "seal.unbroken").case()
    finding = verify(case).failed[0]
    entry = case.statements[-1].acceptance
    assert finding.position == entry.position
    assert finding.evidence["statement"] == f"0x{entry.digest.hex()}"
    assert finding.evidence["transaction"] == f"0x{entry.transaction.hex()}"
    assert finding.evidence["block"] == entry.moment.block
    assert {"expected", "found"} <= set(finding.evidence)


def test_the_verdict_says_that_it_knows_nothing_after_its_last_block():
    reasons = [each.reason for each in verify(delivered().case()).not_checked]
    assert any("Nothing is said about what came after block 40 (2026-03-03" in reason for reason in reasons)


def test_a_block_is_named_with_its_time():
    assert str(AsOf(1_234, 1_772_438_400)) == "block 1,234 (2026-03-02 08:00:00 UTC)"


def test_without_a_block_the_verdict_says_so():
    from dataclasses import replace

    reasons = [each.reason for each in verify(replace(delivered().case(), as_of=None)).not_checked]
    assert "No block was read." in reasons
