"""Clocks: what gives the time, in whole seconds since 1970; the machine's, or one that a test sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Clock = Callable[[], int]

GENESIS_TIME: Final = 1_704_067_200  # 2024-01-01T00:00:00Z: any moment before the first statement serves


def system_clock() -> int:
    """The machine's time, in whole seconds."""
    return int(time.time())


@dataclass(slots=True)
class SettableClock:
    """A clock that stands still until it is moved: for tests.

    Attributes:
        now: the time it shows, in seconds.
    """

    now: int = GENESIS_TIME + 86_400

    def __call__(self) -> int:
        """The time it shows."""
        return self.now

    def advance(self, seconds: int) -> int:
        """Move it forward; returns the new time."""
        self.now += seconds
        return self.now
