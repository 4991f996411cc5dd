"""What a check is: one small function with a rule's id, title, severity and explanation.

A check looks at a case and yields a remark on each thing it looked at. It reads nothing else, so it gives the same
remarks on a laptop without a network as on a node. ::

    @rule("time.expired", title="…", severity=Outcome.FAILED, explanation="…")
    def expired(case: Case) -> Remarks:
        for entry, statement in case.read_entries():
            yield passed(entry)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ledger.verify.findings import NO_EVIDENCE, Evidence, Finding, NotChecked, Outcome, evidence

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check says about one thing it looked at; without an outcome, that it did not look, and why.

    Attributes:
        outcome: what was found; None where something was left unchecked.
        reason: in plain words; empty where it passed.
        evidence: values for a reader who checks it.
        position: the position of the statement concerned, if any.
    """

    outcome: Outcome | None
    reason: str = ""
    evidence: Evidence = field(default_factory=lambda: NO_EVIDENCE)
    position: int | None = None


Remarks: TypeAlias = Iterator[Remark]
CheckFunction: TypeAlias = Callable[["Case"], Remarks]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and the check that looks after it.

    Attributes:
        id: stable; ``group.name``.
        title: what holds where it passes, as a sentence without its full stop.
        severity: the worst that it can find.
        explanation: what it protects from, how it is checked, and what to do when it is broken.
        check: the function.
    """

    id: str
    title: str
    severity: Outcome
    explanation: str
    check: CheckFunction

    def findings(self, case: Case) -> tuple[tuple[Finding, ...], tuple[NotChecked, ...]]:
        """What this rule finds in a case: one finding if it holds, else each thing that is wrong or open."""
        found, unchecked, count = [], [], 0
        for remark in self.check(case):
            if remark.outcome is None:
                positions = () if remark.position is None else (remark.position,)
                unchecked.append(NotChecked(self.id, remark.reason, positions))
            elif remark.outcome is Outcome.PASSED:
                count += 1
            else:
                found.append(Finding(self.id, remark.outcome, remark.reason, remark.evidence, remark.position))
        if count and not found:
            found.append(Finding(self.id, Outcome.PASSED, f"{self.title}.", evidence({"checked": count})))
        return tuple(found), tuple(unchecked)


def rule(id: str, *, title: str, severity: Outcome, explanation: str) -> Callable[[CheckFunction], Rule]:  # noqa: A002  # the field's name
    """Make a rule of a check function."""
    return lambda check: Rule(id, title, severity, explanation, check)


def passed(entry: Entry | None = None) -> Remark:
    """It was looked at, and is as it should be."""
    return Remark(Outcome.PASSED, position=_position(entry))


def failed(entry: Entry | None, reason: str, **values: object) -> Remark:
    """The rule is broken.

    Args:
        entry: the statement concerned, if one is.
        reason: in plain words, what was expected, what was found, and what to do.
        values: the evidence; the entry's digest, transaction and block are added.
    """
    return Remark(Outcome.FAILED, reason, _evidence(entry, values), _position(entry))


def warned(entry: Entry | None, reason: str, **values: object) -> Remark:
    """No rule is broken, but a person should look at it."""
    return Remark(Outcome.WARNING, reason, _evidence(entry, values), _position(entry))


def undetermined(entry: Entry | None, reason: str, **values: object) -> Remark:
    """It could not be checked, and the verdict depends on it."""
    return Remark(Outcome.UNDETERMINED, reason, _evidence(entry, values), _position(entry))


def unchecked(entry: Entry | None, reason: str) -> Remark:
    """It was not checked, and the verdict does not depend on it."""
    return Remark(None, reason, position=_position(entry))


def _position(entry: Entry | None) -> int | None:
    return None if entry is None else entry.position


def _evidence(entry: Entry | None, values: dict[str, object]) -> Evidence:
    if entry is None:
        return evidence(values)
    accepted = entry.acceptance
    place = {
        "statement": accepted.digest,
        "transaction": accepted.transaction or None,
        "block": accepted.moment.block,
    }
    return evidence(values | place)
