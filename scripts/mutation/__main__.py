"""Change the contracts in one way after the other, and see that a test notices each change.

Usage::

    python -m scripts.mutation                  every mutant: half an hour
    python -m scripts.mutation --sample 60      some of them, drawn by the contents of the contracts
    python -m scripts.mutation --only TEXT      those whose name contains TEXT, as in 'Goods.sol departed'
    python -m scripts.mutation --file FILE      those named in a file, one on each line
    python -m scripts.mutation --list           their names

A mutant that survives must stand in scripts/mutation/survivors.toml with the reason why no test can, or need, notice
it; those may be at most one in twenty. The command ends with 1 where another one survives.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import solcx

from scripts.contracts import sources
from scripts.mutation.running import Bench, BuildError, Fate
from scripts.mutation.sites import Mutant, mutants
from scripts.mutation.weaving import lay_out
from scripts.tools import ROOT, SOLC, ToolError

FOLDER: Final = ROOT / "out" / "mutation"
SURVIVORS: Final = Path(__file__).with_name("survivors.toml")
MOST_EXCUSED: Final = 0.05


def all_mutants() -> list[Mutant]:
    """Every mutant of the contracts as they are."""
    texts = sources()
    standard_input = {
        "language": "Solidity",
        "sources": texts,
        "settings": {"outputSelection": {"*": {"": ["ast"]}}},
    }
    parsed: dict[str, Any] = solcx.compile_standard(standard_input, solc_binary=SOLC)["sources"]
    own = {path: output["ast"] for path, output in parsed.items() if path.startswith("contracts/")}
    return mutants(own, {path: texts[path]["content"].encode() for path in own})


def excused() -> dict[str, str]:
    """The mutants that may survive, by name, with the reason."""
    return {entry["mutant"]: entry["reason"] for entry in tomllib.loads(SURVIVORS.read_text("utf-8"))["survivor"]}


def drawn(everyone: list[Mutant], count: int) -> list[int]:
    """The numbers of a sample: the same for the same contracts, another for any change of them."""
    seed = hashlib.sha256("\n".join(mutant.name for mutant in everyone).encode()).digest()
    return sorted(random.Random(seed).sample(range(1, len(everyone) + 1), min(count, len(everyone))))  # noqa: S311  # a draw, not a secret


def chosen(options: argparse.Namespace, everyone: list[Mutant]) -> list[int]:
    """The numbers of the mutants that the command line asks for."""
    if options.sample:
        return drawn(everyone, options.sample)
    numbered = enumerate(everyone, start=1)
    if options.file:
        named = set(options.file.read_text("utf-8").splitlines())
        return [number for number, mutant in numbered if mutant.name in named]
    return [number for number, mutant in numbered if options.only is None or options.only in mutant.name]


def judge(everyone: list[Mutant], fates: dict[int, Fate]) -> int:
    """Print the result; 1 where a mutant survived without an excuse, or the excuses are too many or stale."""
    names = {mutant.name for mutant in everyone}
    reasons = excused()
    survived = {everyone[number - 1].name for number, fate in fates.items() if fate is Fate.SURVIVED}
    tried = {everyone[number - 1].name for number in fates}
    wrong = [f"survived: {name}" for name in sorted(survived - reasons.keys())]
    wrong += [f"excused, but no longer there: {name}" for name in sorted(reasons.keys() - names)]
    wrong += [f"excused, but killed: {name}" for name in sorted(reasons.keys() & (tried - survived))]
    if len(reasons) > MOST_EXCUSED * len(everyone):
        wrong.append(f"{len(reasons)} of {len(everyone)} mutants are excused: more than one in twenty.")
    killed = len(tried) - len(survived)
    print(f"{killed} of {len(tried)} mutants killed ({killed / max(1, len(tried)):.1%}); {len(everyone)} in all.")
    print("\n".join(wrong))
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Weave, build, run and judge."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="draw N mutants")
    parser.add_argument("--only", metavar="TEXT", help="only mutants whose name contains TEXT")
    parser.add_argument("--file", type=Path, help="only mutants named in this file")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    options = parser.parse_args(arguments)
    try:
        everyone = all_mutants()
        numbers = chosen(options, everyone)
        if options.list:
            print("\n".join(everyone[number - 1].name for number in numbers))
            return 0
        lay_out(FOLDER, everyone)
        bench = Bench(FOLDER, options.jobs)
        print(f"Weaving {len(everyone)} mutants into one build; this takes some minutes.", flush=True)
        bench.prepare()
        return judge(everyone, bench.run(numbers, lambda number, fate: _tell(everyone[number - 1], fate)))
    except (ToolError, BuildError) as error:
        print(error, file=sys.stderr)
        return 1


def _tell(mutant: Mutant, fate: Fate) -> None:
    if fate is not Fate.KILLED:
        print(f"  {fate.value}: {mutant.name}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
