import sys
from functools import cache

import pytest

from ledger.verify.checks import RULES
from ledger.verify.handbook import LINE, Told, page
from scripts import handbook
from tests.ledger.verify.examples.telling import told

STALE = "# The checks\n"
told_once = cache(told)


def test_the_page_of_checks_is_the_one_that_rules_and_examples_write(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["handbook", "--check"])
    assert handbook.main() == 0


def test_a_stale_page_is_told_and_written_anew(monkeypatch, tmp_path, capsys):
    docs = tmp_path / "checks.md"
    docs.write_text(STALE)
    monkeypatch.setattr(handbook, "PAGE", docs)
    monkeypatch.setattr(handbook, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["handbook", "--check"])
    assert handbook.main() == 1
    assert "checks.md is stale" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["handbook"])
    assert handbook.main() == 0
    assert docs.read_text("utf-8").startswith(STALE)
    assert len(docs.read_text("utf-8").splitlines()) > 10 * len(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_told_passing_breaking_and_left_open(rule):
    outcomes = [each.outcome.split(",")[0] for each in told_once()[rule]]
    assert outcomes[0] == "Passes"
    assert RULES[rule].severity.value.capitalize() in outcomes
    assert {"Undetermined", "Not checked"} & set(outcomes)


def test_a_rule_without_examples_has_its_explanation_alone():
    written = page({"ucr.opens": [Told("Failed", "a_story", "*stars* and _lines_")]})
    assert "- **Failed**: *a_story*: \\*stars\\* and \\_lines\\_\n" in written
    section = written.split("## history.read\n")[1].split("\n## ")[0]
    assert section.count("\n\n") == 1


def test_the_page_keeps_its_line_length():
    lines = page(told_once()).splitlines()
    assert [line for line in lines if len(line) > LINE and not line.startswith("|") and "](" not in line] == []


def test_every_rule_says_what_it_is_named_after_and_why_it_matters():
    for id_, rule in RULES.items():
        group, _, name = id_.partition(".")
        assert group.isidentifier()
        assert name.isidentifier()
        assert rule.title[0].isupper()
        assert not rule.title.endswith(".")
        assert rule.explanation.endswith(".")
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
