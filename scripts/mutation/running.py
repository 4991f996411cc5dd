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
    "FOUNDRY_INVARIANT_RUNS": "4",
    "FOUNDRY_INVARIANT_DEPTH": "48",
}
"""The woven sources are larger and cost more gas than what is deployed, so neither counts here."""

NO_GAS: Final = ("--no-match-contract", "Gas")
SLOWEST_SECONDS: Final = 90
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
        done = self._forge("test", *NO_GAS)
        if done.returncode:
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
            done = self._forge("test", *NO_GAS, "--fail-fast", "--block-coinbase", beneficiary(number))
        except subprocess.TimeoutExpired:
            return Fate.TIMED_OUT
        return Fate.KILLED if done.returncode else Fate.SURVIVED

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
