"""A change that no event follows is found, however it is made; a change that one follows is not."""

from __future__ import annotations

import pytest

from scripts.analysis import events, syntax
from scripts.analysis.walk import UnreadableError
from scripts.tools import installed

pytestmark = pytest.mark.skipif(not installed(), reason="the compiler is not in .tools: run make .tools/.installed")

SILENT = {
    "a plain assignment": "function act() external { total = 1; }",
    "an increment": "function act() external { ++total; }",
    "a deletion": "function act() external { delete total; }",
    "an entry of a mapping": "function act() external { balance[msg.sender] += 1; }",
    "a new element": "function act() external { list.push(1); }",
    "an element taken away": "function act() external { list.pop(); }",
    "one of several values assigned at once": "function act() external { uint256 a; (a, total) = (1, 2); }",
    "a field through a storage pointer": "function act() external { Box storage b = boxes[1]; b.size = 1; }",
    "a slot in assembly": "function act() external { assembly { sstore(0, 1) } }",
    "a slot in a branch of assembly": "function act() external { assembly { if callvalue() { sstore(0, 1) } } }",
    "a change by a function called": "function act() external { _set(); } function _set() private { total = 1; }",
    "a change through a pointer handed on": (
        "function act() external { _fill(boxes[1]); } function _fill(Box storage b) private { b.size = 1; }"
    ),
    "an event before the change only": "function act() external { emit Done(); total = 1; }",
    "an event in one branch only": "function act(bool b) external { total = 1; if (b) emit Done(); }",
    "an event in a loop that may not run": (
        "function act(uint256 n) external { total = 1; for (uint256 i = 0; i < n; ++i) emit Done(); }"
    ),
    "an early return": "function act(bool b) external { total = 1; if (b) return; emit Done(); }",
    "a change after a loop's break": (
        "function act(bool b) external { while (true) { if (b) break; emit Done(); b = true; } total = 1; }"
    ),
    "a change in a loop's last round": "function act() external { do { emit Done(); ++total; } while (total < 3); }",
    "a change before a continue": (
        "function act(uint256 n) external { for (; n > 0; --n) { total = n; if (n == 2) continue; emit Done(); } }"
    ),
    "a refusal that has changed something": (
        "function act() external { if (_try()) emit Done(); }"
        "function _try() private returns (bool) { total = 1; return total > 2; }"
    ),
    "a side of a conditional": "function act(bool b) external { b ? _set() : _say(); }"
    "function _set() private { total = 1; } function _say() private { emit Done(); }",
    "a change behind a short circuit": "function act(bool b) external { if (b && _set()) emit Done(); }"
    "function _set() private returns (bool ok) { total = 1; }",
    "a modifier's change": "modifier counted() { _; ++total; } function act() external counted { emit Done(); }",
    "a try that fails": "function act() external { total = 1; try this.quiet() { emit Done(); } catch {} }",
    "an override": "function act() external { _hook(); } function _hook() internal virtual { emit Done(); }",
    "a constructor": "constructor() { total = 1; } function act() external {}",
}
TOLD = {
    "an event after the change": "function act() external { total = 1; emit Done(); }",
    "one event for several changes": "function act() external { total = 1; list.push(1); emit Done(); }",
    "an event in each branch": "function act(bool b) external { total = 1; if (b) emit Done(); else emit Done(); }",
    "a change that is reverted": "function act(bool b) external { total = 1; if (b) revert(); emit Done(); }",
    "a change that a failed check undoes": "function act() external { total = 1; require(false); emit Done(); }",
    "a change reverted in assembly": "function act() external { total = 1; assembly { revert(0, 0) } }",
    "an event by a function called": (
        "function act() external { total = 1; _say(); } function _say() private { emit Done(); }"
    ),
    "an event in assembly": "function act() external { total = 1; assembly { log0(0, 0) } }",
    "a modifier's event": "modifier told() { _; emit Done(); } function act() external told { total = 1; }",
    "a check that changes only where it agrees": (
        "function act(uint256 n) external { bool ok = _try(n) && n != 7; if (!ok) return; emit Done(); }"
        "function _try(uint256 n) private returns (bool) { if (n < 3) return _no(); return true; }"
        "function _no() private pure returns (bool) { return false; }"
    ),
    "a change that the last check makes": (
        "function act(uint256 n) external { bool ok = n != 7 && _try(n); if (!ok) return; emit Done(); }"
        "function _try(uint256 n) private returns (bool done) { if (n < 3) return done; total = n; done = true; }"
    ),
    "a local variable": "function act() external { uint256 a = 1; a = 2; Box memory b; b.size = a; }",
    "a storage pointer that is set": "function act() external { Box storage b = boxes[1]; b = boxes[2]; }",
    "an immutable": "uint256 private immutable _fixed; constructor() { _fixed = 1; } function act() external {}",
    "a function that only reads": "function act() external view returns (uint256) { return total; }",
    "another contract's affair": "function act() external { C(address(0)).quiet(); }",
}
FRAME = """\
// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
contract C {{
    struct Box {{ uint256 size; }}
    event Done();
    uint256 internal total;
    uint256[] internal list;
    mapping(address => uint256) internal balance;
    mapping(uint256 => Box) internal boxes;
    function quiet() external {{}}
    {body}
}}
{more}
"""
UNREADABLE = {
    "recursion": "function act() external { _down(3); } function _down(uint256 n) private { if (n > 0) _down(n - 1); }",
    "a call through a variable": "function act() external { function() internal f = _do; f(); }"
    "function _do() private { total = 1; }",
    "assembly that returns": "function act() external { total = 1; assembly { return(0, 0) } }",
    "a function in assembly that writes": (
        "function act() external { assembly { function put() { sstore(0, 1) } put() } }"
    ),
}


def source(name: str, body: str) -> str:
    quiet = "contract D is C { function _hook() internal override { total = 1; } }" if name == "an override" else ""
    return FRAME.format(body=body, more=quiet)


@pytest.fixture(scope="module")
def read():
    """Every source above, compiled at once; then one of them at a time."""
    bodies = SILENT | TOLD | UNREADABLE
    whole = syntax.read({f"contracts/{name}.sol": source(name, body) for name, body in bodies.items()})

    def one(name: str) -> syntax.Syntax:
        path = f"contracts/{name}.sol"
        return syntax.Syntax(whole.sources, {path: whole.trees[path]}, whole.contracts)

    return one


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_change_is_found(read, name):
    assert {finding.rule for finding in events.find(read(name))} == {"events/silent"}


@pytest.mark.parametrize("name", TOLD)
def test_what_an_event_follows_or_what_changes_nothing_is_not_found(read, name):
    assert events.find(read(name)) == []


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_walk_does_not_guess(read, name):
    with pytest.raises(UnreadableError):
        events.find(read(name))


def test_a_finding_names_the_function_and_what_it_changes(read):
    (finding,) = events.find(read("an entry of a mapping"))
    assert finding.where == "C.act"
    assert finding.what.startswith("changes balance[msg.sender] on a path that no event follows")
    assert finding.what.endswith("an entry of a mapping.sol:11)")
