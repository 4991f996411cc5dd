"""Run forge's tests once for each mutant: one that no test notices has survived."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scripts.mutation.weaving import beneficiary
from scripts.tools import tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SETTINGS: Final = {
    "FOUNDRY_OPTIMIZER_RUNS": "1",
    "FOUNDRY_CODE_SIZE_LIMIT": "1000000",
    "FOUNDRY_GAS_SNAPSHOT_CHECK": "false",
    "FOUNDRY_GAS_SNAPSHOT_EMIT": "false",
    "FOUNDRY_FUZZ_RUNS": "24",
    "FOUNDRY_INVARIANT_RUNS": "2",
    "FOUNDRY_INVARIANT_DEPTH": "40",
}
"""The woven sources are larger and cost more gas than what is deployed, so neither counts here."""

STAGES: Final = (("--no-match-contract", "Gas|Invariants"), ("--match-contract", "Invariants"))
"""The quick tests first; only what survives them is put to the long lives of the invariants. Gas is not measured."""

SLOWEST_SECONDS: Final = 300
"""A mutant that makes a loop endless is killed by the clock."""


class Fate(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "killed by the clock"


class BuildError(Exception):
    """The woven sources do not compile, or their tests fail with every mutant switched off."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A woven project that is built.

    Attributes:
        folder: where it is.
        jobs: how many runs at once.
    """

    folder: Path
    jobs: int

    def prepare(self) -> None:
        """Build it, and see that its tests pass while no mutant is on.

        Raises:
            BuildError: they do not; the last lines of forge follow.
        """
        for tests in STAGES:
            done = self._forge("test", *tests)
            if done.returncode == 0:
                continue
            raise BuildError(f"Without any mutant, the tests do not pass:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")

    def run(self, numbers: Iterable[int], told: Callable[[int, Fate], None]) -> dict[int, Fate]:
        """Run the tests with each of these mutants, and tell each fate as it is known."""
        fates: dict[int, Fate] = {}

        def one(number: int) -> None:
            fates[number] = self.fate(number)
            told(number, fates[number])

        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(one, numbers))
        return fates

    def fate(self, number: int) -> Fate:
        """Run the tests with one mutant switched on."""
        try:
            for tests in STAGES:
                if self._forge("test", *tests, "--fail-fast", "--block-coinbase", beneficiary(number)).returncode:
                    return Fate.KILLED
        except subprocess.TimeoutExpired:
            return Fate.TIMED_OUT
        return Fate.SURVIVED

    def _forge(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        building = "--block-coinbase" not in arguments
        return subprocess.run(
            [str(tool("forge")), *arguments, "--root", str(self.folder)],
            env={**os.environ, **SETTINGS},
            capture_output=True,
            text=True,
            check=False,
            timeout=None if building else SLOWEST_SECONDS,
        )
