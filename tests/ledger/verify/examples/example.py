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


@dataclass(frozen=True)
class LeftOpen:
    """A case in which a rule cannot look at something, says nothing of it, and another rule does.

    Attributes:
        rule: the id of the rule that cannot look.
        teller: the id of the rule that tells it, so that the verdict is undetermined.
        story: what happened, in words.
        case: tells it.
        words: a part of the teller's reason.
    """

    rule: str
    teller: str
    story: str
    case: Callable[[], Case]
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.story}"


EXAMPLES: list[Example] = []
LEFT_OPEN: list[LeftOpen] = []
WITHOUT: dict[tuple[str, Outcome], str] = {}
"""Why a rule has no example of an outcome, where it cannot have one."""


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


def left_open(*rules: str, teller: str, words: str):
    """Register a case in which rules cannot look at something, and another rule tells it."""

    def register(build: Callable[[], Case]) -> Callable[[], Case]:
        story = build.__name__.replace("_", " ")
        LEFT_OPEN.extend(LeftOpen(rule, teller, story, build, words) for rule in rules)
        return build

    return register


def without(rule: str, outcome: Outcome, why: str) -> None:
    """Say why a rule never has an outcome, as a sentence."""
    WITHOUT[rule, outcome] = why
