"""The proofs of ``tests/contracts/symbolic``, by halmos: for every statement and every state, not for those drawn.

Each contract there whose name ends in ``Proofs`` is given to halmos, two at a time. A function that begins with
``check_`` is a theorem. It is proven where halmos followed every path to its end and no assertion can fail. Where a
contract says ``@custom:halmos --loop N``, loops of more rounds are not followed, and the report says so.

Only the proofs and the three contracts are compiled, with the settings of what is deployed. One thing differs: halmos
0.3.3 fails on the SHA-256 precompile (it takes bytes for bits), so that the sources have ``keccak256`` in its place.
The proofs assume of either nothing but that the same message has the same hash.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import solcx
from solcx.exceptions import SolcError

from scripts import contracts
from scripts.analysis.environment import HOME, PROGRAMS, program
from scripts.analysis.syntax import with_imports
from scripts.contracts import CONTRACTS, SETTINGS, CompilationError
from scripts.tools import ROOT, SOLC, ToolError, tool

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SOURCES: Final = ROOT / "tests" / "contracts" / "symbolic"
BUILD: Final = ROOT / "out" / "symbolic"
AT_ONCE: Final = 2
LOOP_ROUNDS: Final = 40  # more than any loop over the fields of a statement makes
QUICK: Final = r"^check_"
LONG: Final = r"^(check|long)_"

_OUTPUTS: Final = [
    "abi",
    "metadata",
    "evm.methodIdentifiers",
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.linkReferences",
]
_SHA256: Final = re.compile(r"\bsha256\(")
_PRECOMPILE: Final = re.compile(
    r"if iszero\(staticcall\(gas\(\), 0x02, (\w+), (\w+), 0x00, 0x20\)\) \{ revert\(0, 0\) \}"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one theorem.

    Attributes:
        contract: the contract of proofs that it stands in.
        name: its function's name.
        proven: whether no assertion can fail, on any path.
        paths: how many paths were followed.
        seconds: how long it took.
        bounded: whether loops were cut at the bound that its contract states.
    """

    contract: str
    name: str
    proven: bool
    paths: int
    seconds: float
    bounded: bool

    def __str__(self) -> str:
        word = "proven" if self.proven else "NOT PROVEN"
        bound = ", loops bounded" if self.bounded else ""
        return f"{self.contract}.{self.name}: {word} ({self.paths} paths, {self.seconds:.0f} s{bound})"


def prove(*, long: bool) -> int:
    """Compile the proofs and put them to halmos; returns 0 where all are proven.

    Args:
        long: also the theorems that take longer, which begin with ``long_``.

    Raises:
        CompilationError: the proofs do not compile.
        ToolError: halmos cannot be had, or did not finish.
    """
    program("halmos")
    wanted = LONG if long else QUICK
    bounded = build(SOURCES, wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda contract: _ask(contract, wanted, bounded[contract]), bounded))
    results = [result for found, _ in answers for result in found]
    for result in results:
        print(result)
    failures = [words for found, words in answers if not found or not all(each.proven for each in found)]
    print(*failures, sep="\n", end="", file=sys.stderr)
    print(f"halmos: {sum(result.proven for result in results)} of {len(results)} theorems proven")
    return int(bool(failures) or not results)


def build(folder: Path, wanted: str) -> dict[str, bool]:
    """Compile the proofs in a folder, and the three contracts, into the form that halmos reads.

    Args:
        folder: where the proofs are.
        wanted: a pattern of the theorems to prove.

    Returns:
        the names of the contracts with such theorems, and whether each states a bound of its own for loops.

    Raises:
        CompilationError: they do not compile; the compiler's words follow.
    """
    texts = {path: source["content"] for path, source in contracts.sources().items()}
    texts = {path: _without_sha256(text) if path.startswith("contracts/") else text for path, text in texts.items()}
    proofs = {f"proofs/{path.name}": path.read_text("utf-8") for path in sorted(folder.glob("*.sol"))}
    needed = with_imports([*CONTRACTS.values(), *proofs], texts | proofs)
    selection: dict[str, dict[str, list[str]]] = {path: {"": ["ast"], "*": _OUTPUTS} for path in proofs}
    selection |= {path: {"": ["ast"], name: _OUTPUTS} for name, path in CONTRACTS.items()}
    standard_input = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in needed.items()},
        "settings": SETTINGS | {"outputSelection": selection},
    }
    try:
        output = solcx.compile_standard(standard_input, solc_binary=SOLC)
    except SolcError as error:
        raise CompilationError(str(error)) from error
    shutil.rmtree(BUILD, ignore_errors=True)
    for path, compiled in output["contracts"].items():
        _write(path, compiled, output["sources"][path])
    return {
        name: "--loop" in json.dumps(contract["metadata"])
        for path, compiled in output["contracts"].items()
        for name, contract in compiled.items()
        if name.endswith("Proofs") and any(re.match(wanted, each) for each in contract["evm"]["methodIdentifiers"])
    }


def _without_sha256(text: str) -> str:
    """A source with keccak256 wherever it calls the SHA-256 precompile."""
    return _PRECOMPILE.sub(r"mstore(0x00, keccak256(\1, \2))", _SHA256.sub("keccak256(", text))


def _write(path: str, compiled: Mapping[str, Any], source: Mapping[str, Any]) -> None:
    """Write what the compiler made of a source as forge would."""
    folder = BUILD / "out" / path.rpartition("/")[2]
    for name, contract in compiled.items():
        if "evm" not in contract:
            continue
        code = {kind: contract["evm"][kind] for kind in ("bytecode", "deployedBytecode")}
        artifact = {
            "abi": contract["abi"],
            "metadata": json.loads(contract["metadata"]),
            "methodIdentifiers": contract["evm"]["methodIdentifiers"],
            **{kind: each | {"object": "0x" + each["object"]} for kind, each in code.items()},
            "ast": source["ast"],
            "id": source["id"],
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(artifact), encoding="utf-8")


def _ask(contract: str, wanted: str, bounded: bool) -> tuple[list[Result], str]:  # noqa: FBT001  # of this contract
    """Put one contract's theorems to halmos: what became of each, and halmos' own words."""
    report = BUILD / f"{contract}.json"
    command = [str(program("halmos")), "--root", str(BUILD), "--contract", contract, "--match-test", wanted]
    command += ["--loop", str(LOOP_ROUNDS), "--json-output", str(report), "--no-status"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    words = f"{contract}:\n{_readable(done.stdout)}{done.stderr}"
    if not report.exists():
        raise ToolError(f"halmos did not finish. {words}")
    tests = [each for found in json.loads(report.read_text("utf-8"))["test_results"].values() for each in found]
    return [_result(contract, test, bounded=bounded) for test in tests], words


def _result(contract: str, test: Mapping[str, Any], *, bounded: bool) -> Result:
    cut = bool(test["num_bounded_loops"])
    return Result(
        contract,
        test["name"].partition("(")[0],
        proven=test["exitcode"] == 0 and (bounded or not cut),
        paths=sum(test["num_paths"] or ()),
        seconds=sum(test["time"] or ()),
        bounded=cut,
    )


def _environment() -> dict[str, str]:
    """Halmos starts forge, which finds nothing to compile, and a solver; it keeps what it downloads at home."""
    folders = (str(PROGRAMS), str(tool("forge").parent), os.environ.get("PATH", ""))
    return {**os.environ, "PATH": os.pathsep.join(folders), "HOME": str(HOME)}


def _readable(text: str) -> str:
    """Halmos' words without the code of contracts that it does not know by name."""
    lines: Iterable[str] = text.splitlines(keepends=True)
    return "".join(line for line in lines if not re.fullmatch(r"\s+[0-9a-f]{20,}\s*", line))
