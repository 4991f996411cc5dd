"""What a fraud of the corpus is, and the list of them all."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.verify.case import Case


@dataclass(frozen=True)
class Fraud:
    """A history that is honest but for one thing.

    Attributes:
        name: the defect, as a file's name says it.
        rule: the one rule that finds it.
        defect: what is wrong, and who did it, in words.
        case: tells it.
    """

    name: str
    rule: str
    defect: str
    case: Callable[[], Case]

    def __str__(self) -> str:
        return self.name


FRAUDS: dict[str, Fraud] = {}
"""Every fraud by its name."""


def fraud(rule: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    """Register a history: the function's name names the defect, its docstring tells it, and this rule finds it."""

    def register(tell: Callable[[], Case]) -> Callable[[], Case]:
        name = tell.__name__.replace("_", "-")
        assert name not in FRAUDS, f"two frauds are called {name}"
        FRAUDS[name] = Fraud(name, rule, " ".join((inspect.getdoc(tell) or "").split()), tell)
        return tell

    return register
