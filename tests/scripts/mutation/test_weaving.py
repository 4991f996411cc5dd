"""The mutants of a small contract: which there are, and that the woven source is one that compiles and changes."""

import pytest
import solcx

from scripts.mutation.sites import Mutant, mutants
from scripts.mutation.weaving import beneficiary, reads_the_block, switchboard, woven
from scripts.tools import SOLC, installed

pytestmark = pytest.mark.skipif(not installed(), reason="the compiler is not in .tools: run make .tools/.installed")

SOURCE = """\
// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

contract Gate {
    uint256 public count;
    uint256 private constant LIMIT = 2 + 3;
    event Passed(uint256 count);

    function pass(uint256 fare, bool isChild) external returns (bool) {
        if (fare < LIMIT && !isChild || count == 9) return false;
        for (uint256 i = 0; i < 1; ++i) {
            count = count + 1;
        }
        bytes32 mark = bytes32(count);
        emit Passed(uint256(mark));
        assembly ("memory-safe") {
            mstore(0, 1)
        }
        if (isChild) count = 0;
        else count = count;
        return isChild;
    }

    function twice(uint256 n) internal pure returns (uint256) {
        return n + n;
    }
}
"""


def compiled(sources: dict[str, str], *outputs: str) -> dict:
    selection = {"*": {"": ["ast"], "*": list(outputs)}}
    return solcx.compile_standard(
        {
            "language": "Solidity",
            "sources": {name: {"content": text} for name, text in sources.items()},
            "settings": {"viaIR": True, "optimizer": {"enabled": True}, "outputSelection": selection},
        },
        solc_binary=SOLC,
    )


@pytest.fixture(scope="module")
def found() -> list[Mutant]:
    tree = compiled({"Gate.sol": SOURCE})["sources"]["Gate.sol"]["ast"]
    return mutants({"Gate.sol": tree}, {"Gate.sol": SOURCE.encode()})


def test_conditions_comparisons_assignments_and_statements_are_changed(found: list[Mutant]):
    assert {mutant.name.removeprefix("Gate.sol ") for mutant in found} == {
        "pass: fare < LIMIT && !isChild || count == 9: never",
        "pass: fare < LIMIT && !isChild: false in its '||'",
        "pass: count == 9: false in its '||'",
        "pass: fare < LIMIT: true in its '&&'",
        "pass: fare < LIMIT: '<' to '<='",
        "pass: !isChild: true in its '&&'",
        "pass: false: negated",
        "pass: i < 1: negated",
        "pass: i < 1: '<' to '<='",
        "pass: count = count + 1: left out",
        "pass: count + 1: '+' to '-'",
        "pass: bytes32(count): zero",
        "pass: emit Passed(uint256(mark)): left out",
        "pass: mstore(0, 1): left out",
        "pass: isChild: never",
        "pass: isChild: negated",
        "pass: count = 0: left out",
        "pass: count = count: left out",
        "pass: isChild: negated (number 2)",
        "twice: n + n: '+' to '-'",
    }


def test_a_constant_is_not_changed_for_no_switch_can_be_asked_there(found: list[Mutant]):
    assert not [mutant for mutant in found if mutant.text == "2 + 3"]


def test_the_woven_source_compiles_and_asks_for_every_mutant(found: list[Mutant]):
    text = reads_the_block(woven(SOURCE.encode(), list(enumerate(found, start=1))))
    output = compiled({"Gate.sol": text, "contracts/Mutant.sol": switchboard()}, "evm.bytecode.object")
    assert output["contracts"]["Gate.sol"]["Gate"]["evm"]["bytecode"]["object"]
    asked = [number for number in range(1, len(found) + 1) if f"({number}" in text or beneficiary(number) in text]
    assert asked == list(range(1, len(found) + 1))


def test_an_else_stays_with_its_own_if(found: list[Mutant]):
    text = reads_the_block(woven(SOURCE.encode(), list(enumerate(found, start=1))))
    tree = compiled({"Gate.sol": text, "contracts/Mutant.sol": switchboard()})["sources"]["Gate.sol"]["ast"]
    (chosen,) = [node for node in nodes(tree) if node.get("nodeType") == "IfStatement" and node.get("falseBody")]
    assert "isChild" in text.encode()[slice(*span(chosen["condition"]))].decode()
    assert "count = 0" in text.encode()[slice(*span(chosen["trueBody"]))].decode()


def nodes(tree: object):
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from nodes(child)


def span(node: dict) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, start + length


def test_without_mutants_only_the_import_is_new():
    assert woven(SOURCE.encode(), []).replace('\n\nimport {Mutant} from "contracts/Mutant.sol";', "") == SOURCE
