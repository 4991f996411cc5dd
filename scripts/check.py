"""Everything CI checks, in order: ``python -m scripts.check``, or ``python -m scripts.check lint`` for the quick ones.

Each check is a command that anyone can run alone. The first that fails ends the run with its exit status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is for, and the command."""

    purpose: str
    command: tuple[str, ...]


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """A command that runs a module with this interpreter."""
    return (sys.executable, "-m", module, *arguments)


LINT = (
    Check("formatting", python("ruff", "format", "--check", ".")),
    Check("lint", python("ruff", "check", ".")),
    Check("types", python("mypy")),
    Check("import direction", ("lint-imports",)),
    Check("the template for translators is fresh", python("scripts.texts", "--check")),
    Check("the page of checks is fresh", python("scripts.handbook", "--check")),
    Check("every guarantee is held by a test, and the page says by which", python("scripts.guarantees", "--check")),
    Check("lock files and texts name no host and no machine", python("scripts.neutrality")),
)
TESTS = (
    Check("contracts compile to the committed artifacts", python("scripts.contracts", "--check")),
    Check("contract tests", python("scripts.contracts", "--test")),
    Check("contracts: words, events, slither, branches, proofs", python("scripts.analysis")),
    Check(
        "a sample of changes to the contracts is noticed by their tests", python("scripts.mutation", "--sample", "40")
    ),
    Check(
        "Python tests, documents' examples, coverage",
        python("pytest", "-n", "2", "--dist", "loadfile", "--cov", "--cov-report=term"),
    ),
    Check("the demo, as anyone would run it", ("smartborder", "demo")),
)
SETS = {"lint": LINT, "all": LINT + TESTS}


def main(arguments: list[str]) -> int:
    """Run a set of checks; returns the exit status of the first that failed, or 0."""
    name = arguments[0] if arguments else "all"
    if name not in SETS:
        print(f"no set of checks '{name}'; there are: {', '.join(SETS)}", file=sys.stderr)
        return 64
    for check in SETS[name]:
        print(f"== {check.purpose}: {' '.join(check.command[-4:])}", flush=True)
        started = time.monotonic()
        status = subprocess.run(check.command, cwd=ROOT, env=environment(), check=False).returncode
        print(
            f"== {check.purpose}: {'passed' if status == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)",
            flush=True,
        )
        if status != 0:
            return status
    return 0


def environment() -> dict[str, str]:
    """This process's environment with the virtual environment's commands first on the path."""
    folder = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
