"""The table of docs/transitions.md and the rules in Python say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.chain.lifecycle import CLOCK_TOLERANCE_SECONDS, RULES
from ledger.identity.milestones import HEADLESS, Milestone

PAGE = Path(__file__).parents[3] / "docs" / "transitions.md"


@dataclass(frozen=True)
class Row:
    number: int
    milestone: str
    who: str
    needs: str
    effect: str


def table() -> list[Row]:
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    return [Row(int(number), *texts) for number, *texts in rows]


def test_every_milestone_has_one_row_with_its_number_and_name():
    assert [(row.number, row.milestone) for row in table()] == [(int(m), m.label) for m in Milestone]


def test_every_milestone_has_one_rule():
    assert set(RULES) == set(Milestone)


@pytest.mark.parametrize("row", table(), ids=lambda row: row.milestone)
def test_the_rule_lets_the_same_people_speak_as_the_table(row):
    assert ", ".join(word.value for word in RULES[Milestone(row.number)].who) == row.who


@pytest.mark.parametrize("row", table(), ids=lambda row: row.milestone)
def test_the_rule_takes_the_fields_that_the_table_names(row):
    rule = RULES[Milestone(row.number)]
    needs = re.split(r"[;,] ", row.needs)
    assert rule.sided == ("side" in needs)
    assert rule.names_member == ("counterparty" in row.who + row.needs)
    says_in_clear = "terms" in row.needs or "may open" in row.needs or row.milestone == "registered"
    assert rule.has_terms == says_in_clear


@pytest.mark.parametrize("row", table(), ids=lambda row: row.milestone)
def test_headless_statements_are_those_marked_any_head(row):
    assert (Milestone(row.number) in HEADLESS) == ("*any head*" in row.needs)


def test_the_tolerance_is_the_one_the_page_names():
    minutes = re.search(r"at most (\d+) minutes after the block's time", PAGE.read_text(encoding="utf-8"))
    assert 60 * int(minutes[1]) == CLOCK_TOLERANCE_SECONDS
