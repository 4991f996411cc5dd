"""Weave all mutants into one copy of the sources and tests, each behind its switch."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

from scripts.tools import ROOT, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scripts.mutation.sites import Mutant

FIRST: Final = 0x10000
"""The block beneficiary that switches on the first mutant."""

SWITCHBOARD: Final = "contracts/Mutant.sol"
_IMPORT: Final = 'import {Mutant} from "contracts/Mutant.sol";'
_PRAGMA: Final = re.compile(r"^pragma solidity [^;]+;", re.MULTILINE)
_OPERATIONS: Final = {
    "less": ("bool", "a < b", "a <= b"),
    "lessOrEqual": ("bool", "a <= b", "a < b"),
    "more": ("bool", "a > b", "a >= b"),
    "moreOrEqual": ("bool", "a >= b", "a > b"),
    "plus": ("uint256", "a + b", "a - b"),
    "minus": ("uint256", "a - b", "a + b"),
    "or": ("uint256", "a | b", "a & b"),
    "and": ("uint256", "a & b", "a | b"),
    "left": ("uint256", "a << b", "a >> b"),
    "right": ("uint256", "a >> b", "a << b"),
}


def beneficiary(number: int) -> str:
    """The block beneficiary that switches a mutant on, as an address."""
    return f"0x{FIRST + number:040x}"


def switchboard() -> str:
    """The library that the woven sources ask whether a mutant is on."""
    functions = "\n".join(
        f"    function {name}(uint256 id, uint256 a, uint256 b) internal view returns ({result}) "
        f"{{ return on(id) ? {changed} : {kept}; }}"
        for name, (result, kept, changed) in _OPERATIONS.items()
    )
    return (
        "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n\nlibrary Mutant {\n"
        "    function on(uint256 id) internal view returns (bool) "
        f"{{ return uint160(address(block.coinbase)) == {FIRST} + id; }}\n{functions}\n}}\n"
    )


def woven(source: bytes, mutants: Iterable[tuple[int, Mutant]]) -> str:
    """One source with its mutants in it.

    Args:
        source: its text.
        mutants: its mutants with their numbers, an outer one before those inside it.
    """
    pieces: list[tuple[int, int, int, str]] = []
    replaced: dict[int, int] = {}
    for rank, (number, mutant) in enumerate(mutants):
        address = beneficiary(number)
        before, after = (text.format(id=number).replace("{address}", address) for text in (mutant.before, mutant.after))
        pieces.append((mutant.end, 0, -rank, after))
        pieces.append((mutant.start, 1, rank, before))
        if mutant.operator is not None:
            replaced[mutant.operator[0]] = mutant.operator[1]
            pieces.append((mutant.operator[0], 1, -1, ", "))
    return _with_import(_joined(source, sorted(pieces), replaced))


def _joined(source: bytes, pieces: list[tuple[int, int, int, str]], replaced: dict[int, int]) -> str:
    written, at = [], 0
    for place, _, _, piece in pieces:
        written += [source[at:place].decode(), piece]
        at = max(at, replaced.get(place, place) if piece == ", " else place)
    return "".join([*written, source[at:].decode()])


def _with_import(text: str) -> str:
    return _PRAGMA.sub(lambda found: f"{found[0]}\n\n{_IMPORT}", text, count=1)


def reads_the_block(text: str) -> str:
    """A source in which no function claims to be pure, for a switch reads the block."""
    return re.sub(r"\bpure\b", "view", text)


def lay_out(folder: Path, mutants: list[Mutant]) -> None:
    """Write a project for forge with all mutants in it: sources, tests and settings.

    Args:
        folder: where; what is there of an earlier one is replaced, but not forge's cache.
        mutants: all of them; a mutant's number is its place in this list, from 1.
    """
    numbered = list(enumerate(mutants, start=1))
    for name in ("contracts", "tests"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in [*ROOT.glob("contracts/**/*.sol"), *ROOT.glob("tests/contracts/**/*.sol")]:
        name = path.relative_to(ROOT).as_posix()
        own = [(number, mutant) for number, mutant in numbered if mutant.source == name]
        text = woven(path.read_bytes(), own) if own else path.read_text("utf-8")
        _write(folder / name, reads_the_block(text))
    _write(folder / SWITCHBOARD, switchboard())
    _write(folder / "foundry.toml", (ROOT / "foundry.toml").read_text("utf-8"))
    if not (folder / ".tools").exists():
        (folder / ".tools").symlink_to(TOOLS.resolve())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
