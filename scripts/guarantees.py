"""The guarantees, with the tests and proofs that hold them.

Usage::

    python -m scripts.guarantees            write docs/guarantees.md from docs/guarantees.toml and the tests
    python -m scripts.guarantees --check    fail where the page is stale, nothing searches for a way around a guarantee,
                                            or a test names one that is not listed
    python -m scripts.guarantees --test     run forge's tests of the guarantees quickly, and name those that are broken

A test names the guarantees that it holds: in Solidity by ``/// @custom:guarantee ID`` above it, in Python by a line
``Guarantee: ID`` in its docstring or a comment.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scripts.tools import ROOT, ToolError, tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST: Final = ROOT / "docs" / "guarantees.toml"
PAGE: Final = ROOT / "docs" / "guarantees.md"
TESTS: Final = ROOT / "tests"
FORGE_TESTS: Final = "tests/contracts/guarantees/*"

# By the beginning of a test's name; the first that fits.
KINDS: Final = {
    "invariant_": "any sequence",
    "testFuzz_": "any values",
    "check_": "proof",
    "long_": "proof",
    "test_": "case",
}
MODEL: Final = "model"
SEARCHING: Final = {"any sequence", "any values", "proof", MODEL}

_SOLIDITY = re.compile(r"(?P<notes>(?:^[ \t]*///.*\n)+)[ \t]*function (?P<name>\w+)\(", re.M)
_SOLIDITY_TAG = re.compile(r"///\s*@custom:guarantee\s+(.+)")
_PYTHON_TAG = re.compile(r"^\s*(?:#\s*)?Guarantee:\s*(.+?)\s*$", re.M)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+")


class GuaranteeError(Exception):
    """The list, the tests and the page do not fit together; what to mend follows, a line each."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One thing that can never happen."""

    id: str
    subject: str
    title: str
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One test or proof, and one guarantee that it holds."""

    guarantee: str
    test: str
    path: str
    kind: str

    @property
    def sentence(self) -> str:
        """The test's name, in words."""
        name = re.sub(r"^[a-z]+(?:Fuzz)?_", "", self.test)
        words = name.split("_") if "_" in name or name.islower() else _WORDS.findall(name)
        sentence = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
        return sentence[:1].upper() + sentence[1:]


def read_list(path: Path = LIST) -> tuple[dict[str, str], list[Guarantee]]:
    """The page's own texts, and the guarantees in their order.

    Raises:
        GuaranteeError: two guarantees have the same ID.
    """
    listed = tomllib.loads(path.read_text("utf-8"))
    guarantees = [Guarantee(**entry) for entry in listed["guarantee"]]
    ids = [each.id for each in guarantees]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise GuaranteeError(f"{path.name} lists twice: {', '.join(twice)}. Give each guarantee an ID of its own.")
    return listed["page"], guarantees


def holdings(tests: Path = TESTS) -> list[Holding]:
    """What every test and proof says that it holds, by path and place."""
    found = [each for path in sorted(tests.rglob("*.sol")) for each in _in_solidity(path, tests)]
    return found + [each for path in sorted(tests.rglob("test_*.py")) for each in _in_python(path, tests)]


def _in_solidity(path: Path, tests: Path) -> Iterator[Holding]:
    for function in _SOLIDITY.finditer(path.read_text("utf-8")):
        name = function["name"]
        kind = next((kind for beginning, kind in KINDS.items() if name.startswith(beginning)), "")
        for tag in _SOLIDITY_TAG.findall(function["notes"]):
            for guarantee in tag.split():
                yield Holding(guarantee, name, _relative(path, tests), kind)


def _in_python(path: Path, tests: Path) -> Iterator[Holding]:
    source = path.read_text("utf-8")
    if not _PYTHON_TAG.search(source):
        return
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        for tag in _PYTHON_TAG.findall(ast.get_source_segment(source, node) or ""):
            for guarantee in re.split(r"[,\s]+", tag):
                yield Holding(guarantee, node.name, _relative(path, tests), MODEL)


def _relative(path: Path, tests: Path) -> str:
    return path.relative_to(tests.parent).as_posix()


def mistakes(guarantees: list[Guarantee], held: list[Holding]) -> list[str]:
    """What does not fit between the list and the tests, and how to mend it; a line each."""
    known = {each.id for each in guarantees}
    lines = [
        f"{each.path}: {each.test} names the guarantee '{each.guarantee}', which {LIST.name} does not list."
        for each in held
        if each.guarantee not in known
    ]
    lines += [f"{each.path}: {each.test} names a guarantee, but is no test." for each in held if not each.kind]
    searched = {each.guarantee for each in held if each.kind in SEARCHING}
    lines += [
        f"{LIST.name}: nothing searches for a way around '{each.id}': tag a fuzz test, an invariant or a proof with it."
        for each in guarantees
        if each.id not in searched
    ]
    return lines


def page(texts: dict[str, str], guarantees: list[Guarantee], held: list[Holding]) -> str:
    """The page for people, with every guarantee and what holds it."""
    lines = [f"# {texts['title']}", "", texts["introduction"].strip(), ""]
    lines += [
        f"This page is written by `python -m scripts.guarantees` from [{LIST.name}]({LIST.name}) and the tests' names.",
        "",
    ]
    lines += ["| guarantee | held by |", "|---|---|"]
    lines += [f"| [{each.title}](#{each.id}) | {_count(each, held)} |" for each in guarantees]
    subject = ""
    for each in guarantees:
        if each.subject != subject:
            subject = each.subject
            lines += ["", f"## {subject}"]
        lines += ["", f'### <a id="{each.id}"></a>{each.title}', "", each.says, "", f"*{each.why}*", ""]
        lines += ["| it is held that | how | where |", "|---|---|---|"]
        lines += [_row(one) for one in held if one.guarantee == each.id]
    return "\n".join([*lines, "", texts["limits"].strip(), ""])


def _count(guarantee: Guarantee, held: list[Holding]) -> str:
    kinds = [each.kind for each in held if each.guarantee == guarantee.id]
    return ", ".join(
        f"{kind} ({kinds.count(kind)})" for kind in dict.fromkeys([*KINDS.values(), MODEL]) if kind in kinds
    )


def _row(holding: Holding) -> str:
    file = holding.path.rsplit("/", 1)[-1]
    return f"| {holding.sentence} | {holding.kind} | [{file}](../{holding.path}) `{holding.test}` |"


def current() -> str:
    """The page as the list and the tests make it.

    Raises:
        GuaranteeError: they do not fit together.
    """
    texts, guarantees = read_list()
    held = holdings()
    if lines := mistakes(guarantees, held):
        raise GuaranteeError("\n".join(lines))
    return page(texts, guarantees, held)


def check() -> int:
    """Compare the page with what the list and the tests make."""
    if not PAGE.exists() or PAGE.read_text("utf-8") != current():
        print(f"{PAGE.name} is out of date. Run 'python -m scripts.guarantees' and commit it.", file=sys.stderr)
        return 1
    print("Every guarantee is held by a test, and the page says by which.")
    return 0


def test() -> int:
    """Run forge's tests of the guarantees with few runs each, and name the guarantees that are broken."""
    command = (tool("forge"), "test", "--match-path", FORGE_TESTS, "--json")
    environment = {**os.environ, "FOUNDRY_PROFILE": os.environ.get("FOUNDRY_PROFILE", "fast")}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    answer = next((line for line in reversed(run.stdout.splitlines()) if line.startswith("{")), None)
    if answer is None:
        print(run.stdout + run.stderr, file=sys.stderr)
        return 1
    _, guarantees = read_list()
    lines = broken(json.loads(answer), guarantees, holdings())
    print("\n".join(lines) or "Every guarantee stands.")
    return 1 if lines else 0


def broken(results: dict[str, Any], guarantees: list[Guarantee], held: list[Holding]) -> list[str]:
    """The guarantees that failed tests hold, each with the tests and why they failed."""
    failed = {
        name.split("(")[0]: result.get("reason") or "failed"
        for suite in results.values()
        for name, result in suite["test_results"].items()
        if result["status"] == "Failure"
    }
    lines = []
    for each in guarantees:
        tests = [one for one in held if one.guarantee == each.id and one.test in failed]
        if not tests:
            continue
        lines.append(f"BROKEN: {each.title} ({each.id})")
        lines += [f"    {one.sentence}: {failed[one.test]} ({one.path} {one.test})" for one in tests]
    named = {one.test for one in held}
    return lines + [f"FAILED: {name}: {reason}" for name, reason in failed.items() if name not in named]


def main(arguments: list[str] | None = None) -> int:
    """Write, check or test, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m scripts.guarantees", description=(__doc__ or "").splitlines()[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check", action="store_true", help="fail where the page or the tests are not as they should be"
    )
    choice.add_argument(
        "--test", action="store_true", help="run forge's tests of the guarantees, and name what is broken"
    )
    options = parser.parse_args(arguments)
    try:
        if options.test:
            return test()
        if options.check:
            return check()
        PAGE.write_text(current(), encoding="utf-8")
    except (GuaranteeError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
