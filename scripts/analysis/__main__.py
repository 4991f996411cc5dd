"""Analyse the contracts.

Usage::

    python -m scripts.analysis                    all of the following
    python -m scripts.analysis natspec            nothing is without words (scripts/analysis/natspec.py has the rule)
    python -m scripts.analysis events             nothing is changed without an event
    python -m scripts.analysis slither            slither, every detector
    python -m scripts.analysis branches           forge's tests take the contracts' branches
    python -m scripts.analysis halmos [--long]    the proofs of tests/contracts/symbolic; all, or the quick ones

What natspec, events and slither find is mended, or stands in ``contracts/justified.toml`` with its reason. Slither and
halmos are installed into ``.tools/analysis`` when they are first needed, from ``requirements-analysis.lock``.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from scripts.analysis import branches, events, natspec, slither, symbolic
from scripts.analysis.findings import JustificationError, objections, read_justifications
from scripts.analysis.syntax import read_contracts
from scripts.analysis.walk import UnreadableError
from scripts.contracts import CompilationError
from scripts.tools import ToolError

READERS: Final = {"natspec": natspec.find, "events": events.find, "slither": slither.find}
BRANCHES: Final = "branches"
PROOFS: Final = "halmos"


def read(analyses: list[str]) -> int:
    """Run the analyses that read the sources; returns 0 where nothing is left to object to."""
    syntax = read_contracts()
    justified = read_justifications()
    failed = 0
    for analysis in analyses:
        findings = READERS[analysis](syntax)
        faults = objections(analysis, findings, justified)
        for fault in faults:
            print(fault, file=sys.stderr)
        print(f"{analysis}: {len(findings)} findings, {len(faults)} objections")
        failed |= bool(faults)
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Run one analysis, or all."""
    parser = argparse.ArgumentParser(prog="python -m scripts.analysis", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "analysis", nargs="?", choices=[*READERS, BRANCHES, PROOFS], help="which; all, if none is named"
    )
    parser.add_argument("--long", action="store_true", help="halmos: also the proofs that take longer")
    options = parser.parse_args(arguments)
    chosen = [options.analysis] if options.analysis else [*READERS, BRANCHES, PROOFS]
    readers = [each for each in chosen if each in READERS]
    try:
        failed = read(readers) if readers else 0
        if BRANCHES in chosen:
            failed |= branches.measure()
        if PROOFS in chosen:
            failed |= symbolic.prove(long=options.long)
    except (CompilationError, JustificationError, ToolError, UnreadableError) as error:
        print(error, file=sys.stderr)
        return 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
