"""Compile the contracts, keep the compiled ones, test them.

Usage::

    python -m scripts.contracts            compile, and write ledger/chain/artifacts
    python -m scripts.contracts --check    compile, and fail where the committed artifacts differ in any byte
    python -m scripts.contracts --test     check the layout, run forge's tests, compare the gas with tests/contracts/gas

The same sources and settings give the same bytes on every machine: sources have relative paths, and the code carries no
hash of its metadata. ``python -m scripts.tools`` installs what this needs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any, Final

import solcx
from solcx.exceptions import SolcError

from scripts.tools import ROOT, SOLC, SOLC_VERSION, TOOLS, ToolError, tool

CONTRACTS: Final = {
    "Members": "contracts/Members.sol",
    "Consignments": "contracts/Consignments.sol",
    "EventLogs": "contracts/EventLogs.sol",
}
ARTIFACTS: Final = ROOT / "ledger" / "chain" / "artifacts"
MAX_CODE_BYTES: Final = 24_576  # EIP-170: no engine deploys more

SETTINGS: Final[dict[str, Any]] = {
    "evmVersion": "london",
    "viaIR": True,
    "optimizer": {"enabled": True, "runs": 4000},
    "metadata": {"bytecodeHash": "none"},
}
OUTPUTS: Final = [
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
]


class CompilationError(Exception):
    """The contracts do not compile, or not cleanly; the compiler's words follow."""


def sources() -> dict[str, dict[str, str]]:
    """Every source that the contracts may import, by the path that they import it by."""
    own = {path.relative_to(ROOT): path for path in ROOT.glob("contracts/**/*.sol")}
    packages = TOOLS / "node_modules"
    foreign = {path.relative_to(packages): path for path in packages.glob("@openzeppelin/contracts/**/*.sol")}
    return {name.as_posix(): {"content": path.read_text("utf-8")} for name, path in sorted((own | foreign).items())}


def compile_contracts() -> dict[str, dict[str, Any]]:
    """The artifact of each contract by its name.

    Raises:
        CompilationError: an error, a warning in a source of ours, or more code than engines deploy.
    """
    standard_input = {
        "language": "Solidity",
        "sources": sources(),
        "settings": SETTINGS | {"outputSelection": {path: {name: OUTPUTS} for name, path in CONTRACTS.items()}},
    }
    try:
        output = solcx.compile_standard(standard_input, solc_binary=SOLC)
    except SolcError as error:
        raise CompilationError(str(error)) from error
    warnings = [
        message["formattedMessage"]
        for message in output.get("errors", [])
        if message.get("sourceLocation", {}).get("file", "").startswith("contracts/")
    ]
    if warnings:
        raise CompilationError("\n".join(warnings))
    return {name: _artifact(name, path, output["contracts"][path][name]) for name, path in CONTRACTS.items()}


def _artifact(name: str, path: str, compiled: dict[str, Any]) -> dict[str, Any]:
    code = compiled["evm"]["deployedBytecode"]
    size_bytes = len(code["object"]) // 2
    if size_bytes > MAX_CODE_BYTES:
        raise CompilationError(f"{name} has {size_bytes} bytes of code; engines deploy at most {MAX_CODE_BYTES}.")
    return {
        "contract": name,
        "source": path,
        "compiler": SOLC_VERSION,
        "settings": SETTINGS,
        "abi": compiled["abi"],
        "bytecode": "0x" + compiled["evm"]["bytecode"]["object"],
        "deployedBytecode": "0x" + code["object"],
        "immutableReferences": _immutables(code["immutableReferences"]),
    }


def _immutables(references: dict[str, list[dict[str, int]]]) -> list[list[dict[str, int]]]:
    """Where each immutable stands in the code, in the order of its first place.

    The compiler names them by numbers of its syntax tree, which say nothing and change with any other source.
    """
    return sorted(references.values(), key=lambda places: places[0]["start"])


def rendered(artifact: dict[str, Any]) -> str:
    """An artifact as the text of its file."""
    return json.dumps(artifact, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Compile and write the artifacts."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for name, artifact in compile_contracts().items():
        path = ARTIFACTS / f"{name}.json"
        path.write_text(rendered(artifact), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(artifact['deployedBytecode']) // 2 - 1} bytes of code")


def differences() -> list[str]:
    """The names of the contracts whose committed artifacts are not what the sources compile to."""
    compiled = {f"{name}.json": rendered(artifact) for name, artifact in compile_contracts().items()}
    kept = {path.name: path.read_text("utf-8") for path in ARTIFACTS.glob("*.json")}
    return sorted(name for name in compiled.keys() | kept.keys() if compiled.get(name) != kept.get(name))


def check() -> int:
    """Compare the committed artifacts with what the sources compile to."""
    if different := differences():
        print(f"Out of date: {', '.join(different)}. Run 'make contracts' and commit the result.", file=sys.stderr)
        return 1
    print("The committed artifacts are what the sources compile to.")
    return 0


def test() -> int:
    """Check the layout of the sources, and run forge's tests."""
    forge = tool("forge")
    commands = ((forge, "fmt", "--check"), (forge, "test"))
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


def main(arguments: list[str] | None = None) -> int:
    """Compile, check or test, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m scripts.contracts", description=(__doc__ or "").splitlines()[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="fail where the committed artifacts differ")
    choice.add_argument("--test", action="store_true", help="run forge's tests")
    options = parser.parse_args(arguments)
    try:
        if options.test:
            return test()
        if options.check:
            return check()
        write()
    except (CompilationError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
