import re
from pathlib import Path

import pytest

from ledger.identity.milestones import (
    ALL_MILESTONES,
    HEADLESS,
    INTERVENTIONS,
    Milestone,
    Phase,
    Role,
    Scope,
)

TABLE = Path(__file__).parents[3] / "docs" / "transitions.md"


def table_rows():
    text = TABLE.read_text(encoding="utf-8")
    return re.findall(r"^\| (\d+) \| ([a-z ]+) \|([^\n]*)", text, re.MULTILINE)


def test_milestones_have_the_numbers_and_words_of_the_transition_table():
    assert [(int(number), label) for number, label, _ in table_rows()] == [(m.value, m.label) for m in Milestone]


def test_the_statements_that_name_no_head_are_those_marked_any_head_in_the_table():
    marked = {Milestone(int(number)) for number, _, rest in table_rows() if "*any head*" in rest}
    assert marked == HEADLESS
    assert HEADLESS - {Milestone.OBSERVED} == INTERVENTIONS


def test_the_mask_of_all_milestones_has_one_bit_for_each_and_fits_a_word():
    assert ALL_MILESTONES.bit_count() == len(Milestone)
    assert all(ALL_MILESTONES >> milestone & 1 for milestone in Milestone)
    assert ALL_MILESTONES < 2**64


def test_roles_are_distinct_bits_of_a_mask():
    assert sum(role.bit for role in Role) == sum(1 << role for role in Role)


@pytest.mark.parametrize("phase", Phase)
def test_the_final_phases_are_those_of_the_table(phase):
    final = {"delivered", "cancelled", "returned", "destroyed", "seized", "abandoned"}
    assert phase.final == (phase.label in final)


def test_scopes_are_single_bits():
    assert [scope.value for scope in Scope] == [1, 2, 4, 8]
