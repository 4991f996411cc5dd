"""What an example of a check is, and the list of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.verify.findings import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.verify.case import Case

PASSED, FAILED, WARNING, UNDETERMINED = Outcome.PASSED, Outcome.FAILED, Outcome.WARNING, Outcome.UNDETERMINED


@dataclass(frozen=True)
class Example:
    """A case, and what one rule says about it.

    Attributes:
        rule: the rule's id.
        outcome: what it finds; None where it does not look, and says why among what was not checked.
        story: what happened, in words: the name of the function that tells it.
        case: tells it.
        words: a part of the reason given; of a passing example, empty.
        beside: the rules that cannot but speak too.
    """

    rule: str
    outcome: Outcome | None
    story: str
    case: Callable[[], Case]
    words: str
    beside: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.rule}: {self.story}"


EXAMPLES: list[Example] = []


def example(rule: str, outcome: Outcome | None, words: str, *beside: str):
    """Register a case: the rule that tells it, words of the reason, and rules that cannot but speak beside it."""

    def register(build: Callable[[], Case]) -> Callable[[], Case]:
        EXAMPLES.append(Example(rule, outcome, build.__name__.replace("_", " "), build, words, frozenset(beside)))
        return build

    return register


def passing(rule: str):
    """Register a case on which a rule passes, and no other rule finds fault."""
    return example(rule, PASSED, "")


def not_checked(rule: str, words: str):
    """Register a case in which a rule cannot look, says why, and changes no verdict."""
    return example(rule, None, words)
