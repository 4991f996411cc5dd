"""What has no words, or too few, is found by the rule of scripts/analysis/natspec.py."""

from __future__ import annotations

import pytest

from scripts.analysis import natspec, syntax
from scripts.tools import installed

pytestmark = pytest.mark.skipif(not installed(), reason="the compiler is not in .tools: run make .tools/.installed")

HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n"
BARE = """
contract Bare {
    struct Kept { uint256 a; }
    enum Kind { None }
    event Done(uint256 a);
    error Wrong(uint256 a);
    uint256 public total;
    constructor() {}
    modifier once() { _; }
    function act(uint256 a) external returns (uint256) { _do(); return a; }
    function _do() private {}
}
function free() pure {}
type Word is uint256;
"""
THIN = """
/// @notice An interface.
interface IThin {
    /// @notice A struct that others see.
    /// @param a One field of two.
    struct Seen { uint256 a; uint256 b; }

    /// @notice One parameter is missing.
    /// @param a The first.
    function act(uint256 a, uint256 b) external;

    /// @notice One of two results is missing.
    /// @return x The first.
    function two() external view returns (uint256 x, uint256 y);
}
"""
GOOD = """
/// An interface; a comment without a tag is a notice.
interface IGood {
    /// @notice A struct that others see.
    /// @param a Its field.
    struct Seen { uint256 a; }

    /// @notice What it returns is said here.
    /// @param a Its parameter.
    function act(uint256 a) external returns (uint256);
}

/// @notice What implements it.
contract Good is IGood {
    /// @dev A word: a 8 | b 8.
    struct Kept { uint8 a; uint8 b; }

    /// @notice It happened to a.
    event Done(uint256 a);

    /// @inheritdoc IGood
    function act(uint256 a) external pure returns (uint256) { return _same(a); }

    /// @dev The same.
    function _same(uint256 a) private pure returns (uint256) { return a; }
}

/// @notice A word.
type Word is uint256;
"""


@pytest.fixture(scope="module")
def found():
    """What is found in each of the sources above, by place."""
    sources = {
        "contracts/Bare.sol": BARE,
        "contracts/Thin.sol": THIN,
        "contracts/Good.sol": GOOD,
        "other/Bare.sol": BARE,
    }
    whole = syntax.read({path: HEAD + text for path, text in sources.items()})
    return [(finding.rule.removeprefix("natspec/"), finding.where) for finding in natspec.find(whole)]


@pytest.mark.parametrize(
    "where",
    [
        "Bare",
        "Bare.Kept",
        "Bare.Kind",
        "Bare.Done",
        "Bare.Wrong",
        "Bare.total",
        "Bare.constructor",
        "Bare.once",
        "Bare.act",
        "Bare._do",
        "Bare.free",
        "Bare.Word",
    ],
)
def test_nothing_is_without_words(found, where):
    assert found.count(("missing", where)) == 1


def test_what_others_call_or_see_has_each_part_named(found):
    assert [each for each in found if each[1].startswith("IThin")] == [
        ("parameter", "IThin.Seen"),
        ("parameter", "IThin.act"),
        ("return", "IThin.two"),
    ]


def test_a_parameter_without_words_is_found(found):
    assert ("parameter", "Bare.act") in found


def test_what_has_its_words_is_not_found(found):
    assert [each for each in found if "Good" in each[1]] == []
