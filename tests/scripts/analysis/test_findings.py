"""A finding stands only for a reason, and a reason only while something is found."""

from __future__ import annotations

import pytest

from scripts.analysis.findings import JUSTIFIED, Finding, JustificationError, objections, read_justifications

FOUND = Finding("slither/timestamp", "Council._statusOf", "uses the time")
OTHER = Finding("slither/timestamp", "Council.approve", "uses the time")


def written(tmp_path, text):
    path = tmp_path / "justified.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_finding_without_a_reason_is_objected_to():
    assert objections("slither", [FOUND], {}) == ["slither/timestamp in Council._statusOf: uses the time"]


def test_a_finding_with_a_reason_stands():
    assert objections("slither", [FOUND, FOUND], {FOUND.key: "time is the rule"}) == []


def test_a_reason_covers_its_own_place_only():
    assert objections("slither", [FOUND, OTHER], {FOUND.key: "time is the rule"}) == [
        "slither/timestamp in Council.approve: uses the time"
    ]


def test_a_reason_that_nothing_answers_to_is_objected_to():
    (stale,) = objections("slither", [], {FOUND.key: "time is the rule"})
    assert "nothing of the kind is found" in stale


def test_an_analysis_leaves_the_reasons_of_others_alone():
    assert objections("events", [], {FOUND.key: "time is the rule"}) == []


def test_reasons_are_read_by_rule_and_place(tmp_path):
    text = '[[justified]]\nrule = "slither/x"\nwhere = ["A.b", "A.c"]\nreason = """\nbecause\nof this\n"""\n'
    assert read_justifications(written(tmp_path, text)) == {
        ("slither/x", "A.b"): "because of this",
        ("slither/x", "A.c"): "because of this",
    }


@pytest.mark.parametrize(
    "entry",
    [
        'where = ["A.b"]\nreason = "r"',
        'rule = "slither/x"\nreason = "r"',
        'rule = "slither/x"\nwhere = []\nreason = "r"',
        'rule = "slither/x"\nwhere = ["A.b"]\nreason = "  "',
        'rule = "slither/x"\nwhere = ["A.b"]\nreason = "r"\nuntil = "2030"',
    ],
)
def test_an_entry_needs_rule_place_and_reason(tmp_path, entry):
    with pytest.raises(JustificationError, match="entry 1"):
        read_justifications(written(tmp_path, f"[[justified]]\n{entry}\n"))


def test_a_place_is_justified_once(tmp_path):
    entry = '[[justified]]\nrule = "slither/x"\nwhere = ["A.b"]\nreason = "r"\n'
    with pytest.raises(JustificationError, match="twice"):
        read_justifications(written(tmp_path, entry * 2))


def test_every_reason_of_the_contracts_is_given():
    assert all(len(reason.split()) > 5 for reason in read_justifications(JUSTIFIED).values())
