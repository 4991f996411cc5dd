"""The page of guarantees says what the list and the tests say, and nothing is promised that no test holds."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from scripts import guarantees
from scripts.guarantees import Guarantee, GuaranteeError, Holding

HELD = Guarantee("held", "Holds", "What is held does not move", "It stays.", "It should.")
TAG = "Guarantee" + ": "  # apart, so that this file names none itself

SOLIDITY = """
contract HoldingTest {
    /// @notice What it is about.
    /// @custom:guarantee held free
    function invariant_WhatIsHeldStays() public view {}

    /// @custom:guarantee held
    function testFuzz_AHoldByAnAEOCounts(uint256 seed) public {}

    /// @custom:guarantee held
    function check_HeldGoodsStay(bytes32 id) public {}

    function test_Nothing() public {}
}
"""
PYTHON = f'''
def test_a_hold_keeps_goods():
    """Over all lives.

    {TAG}held
    """


class HoldsMachine:
    # {TAG}held, free
    pass


def test_nothing():
    """It holds nothing."""
'''


@pytest.fixture
def tests(tmp_path):
    folder = tmp_path / "tests"
    (folder / "contracts").mkdir(parents=True)
    (folder / "contracts" / "Holding.t.sol").write_text(SOLIDITY, "utf-8")
    (folder / "test_holds.py").write_text(PYTHON, "utf-8")
    return folder


def holding(guarantee="held", test="invariant_WhatIsHeldStays", kind="any sequence"):
    return Holding(guarantee, test, "tests/contracts/Holding.t.sol", kind)


def test_the_page_is_the_one_that_the_list_and_the_tests_make():
    assert guarantees.main(["--check"]) == 0


def test_every_guarantee_of_the_ledger_is_searched_for_a_way_around():
    _, listed = guarantees.read_list()
    assert guarantees.mistakes(listed, guarantees.holdings()) == []


def test_every_test_and_proof_of_a_guarantee_is_found_by_its_tag(tests):
    found = [(each.guarantee, each.test, each.kind) for each in guarantees.holdings(tests)]
    assert found == [
        ("held", "invariant_WhatIsHeldStays", "any sequence"),
        ("free", "invariant_WhatIsHeldStays", "any sequence"),
        ("held", "testFuzz_AHoldByAnAEOCounts", "any values"),
        ("held", "check_HeldGoodsStay", "proof"),
        ("held", "test_a_hold_keeps_goods", "model"),
        ("held", "HoldsMachine", "model"),
        ("free", "HoldsMachine", "model"),
    ]


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("invariant_WhatIsHeldStays", "What is held stays"),
        ("testFuzz_AHoldByAnAEOCounts", "A hold by an AEO counts"),
        ("test_NoAmountOfGasMakesABatchSkip", "No amount of gas makes a batch skip"),
        ("test_a_hold_keeps_goods", "A hold keeps goods"),
        ("HoldsMachine", "Holds machine"),
    ],
)
def test_a_tests_name_is_a_sentence_for_people(test, sentence):
    assert holding(test=test).sentence == sentence


def test_a_guarantee_that_no_test_searches_around_is_a_mistake():
    (line,) = guarantees.mistakes([HELD], [holding(test="test_OneCase", kind="case")])
    assert "'held'" in line
    assert "tag a fuzz test" in line


def test_a_tag_that_names_no_guarantee_is_a_mistake():
    lines = guarantees.mistakes([HELD], [holding(), holding("hold")])
    assert [line for line in lines if "'hold'" in line] == lines
    assert lines


def test_a_tag_on_what_is_no_test_is_a_mistake():
    (line,) = guarantees.mistakes([HELD], [holding(), holding(test="setUp", kind="")])
    assert "setUp" in line


def test_two_guarantees_of_one_id_are_refused(tmp_path):
    entry = '[[guarantee]]\nid = "held"\nsubject = ""\ntitle = ""\nsays = ""\nwhy = ""\n'
    path = tmp_path / "guarantees.toml"
    path.write_text('[page]\ntitle = ""\n' + 2 * entry, "utf-8")
    with pytest.raises(GuaranteeError, match="held"):
        guarantees.read_list(path)


def test_the_page_names_each_guarantee_with_what_holds_it():
    text = guarantees.page({"title": "Never", "introduction": "All.", "limits": "But."}, [HELD], [holding()])
    assert text.startswith("# Never\n")
    assert "| [What is held does not move](#held) | any sequence (1) |" in text
    assert '### <a id="held"></a>What is held does not move\n\nIt stays.\n\n*It should.*' in text
    row = "[Holding.t.sol](../tests/contracts/Holding.t.sol) `invariant_WhatIsHeldStays`"
    assert f"| What is held stays | any sequence | {row} |" in text
    assert text.endswith("But.\n")


def test_a_stale_page_fails_the_check_and_is_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(guarantees, "PAGE", tmp_path / "guarantees.md")
    assert guarantees.main(["--check"]) == 1
    assert "python -m scripts.guarantees" in capsys.readouterr().err
    assert guarantees.main([]) == 0
    assert guarantees.main(["--check"]) == 0


def test_mistakes_are_told_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(guarantees, "PAGE", tmp_path / "guarantees.md")
    monkeypatch.setattr(guarantees, "holdings", lambda: [holding("other")])
    assert guarantees.main([]) == 1
    assert "'other'" in capsys.readouterr().err
    assert not guarantees.PAGE.exists()


def results(**statuses):
    tests = {f"{name}()": {"status": status, "reason": f"{name} is not so"} for name, status in statuses.items()}
    return {"tests/contracts/Holding.t.sol:HoldingTest": {"test_results": tests}}


def test_a_failed_test_names_the_guarantee_that_is_broken():
    found = results(invariant_WhatIsHeldStays="Failure", test_Other="Success")
    lines = guarantees.broken(found, [HELD], [holding()])
    assert lines[0] == "BROKEN: What is held does not move (held)"
    assert "What is held stays: invariant_WhatIsHeldStays is not so" in lines[1]
    assert len(lines) == 2


def test_a_failed_test_of_no_guarantee_is_told_too():
    assert guarantees.broken(results(test_Other="Failure"), [HELD], [holding()]) == [
        "FAILED: test_Other: test_Other is not so"
    ]


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        (json.dumps(results(invariant_WhatIsHeldNeitherMovesNorIsReleased="Failure")), 1, "(held-does-not-move)"),
        (json.dumps(results(test_Other="Success")), 0, "Every guarantee stands."),
        ("Error: it does not compile", 1, "Error: it does not compile"),
    ],
)
def test_forge_is_asked_quickly_and_its_answer_told(output, status, said, monkeypatch, capsys):
    def run(command, **options):
        assert options["env"]["FOUNDRY_PROFILE"] == "fast"
        assert command[0] == "forge"
        return SimpleNamespace(stdout=output, stderr="", returncode=0)

    monkeypatch.delenv("FOUNDRY_PROFILE", raising=False)
    monkeypatch.setattr(guarantees, "tool", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    assert guarantees.main(["--test"]) == status
    written = capsys.readouterr()
    assert said in written.out + written.err
