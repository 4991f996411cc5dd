from pathlib import Path

from ledger.verify.checks import RULES
from ledger.verify.handbook import page

CHECKS = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_page_of_checks_is_the_one_that_the_rules_write():
    assert CHECKS.read_text(encoding="utf-8") == page()


def test_every_rule_says_what_it_is_named_after_and_why_it_matters():
    for id_, rule in RULES.items():
        group, _, name = id_.partition(".")
        assert group.isidentifier()
        assert name.isidentifier()
        assert rule.title[0].isupper()
        assert not rule.title.endswith(".")
        assert rule.explanation.endswith(".")
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
