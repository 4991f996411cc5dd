"""What a verification says: findings, what was not checked, and the verdict that follows from them.

"Could not check" is an outcome of its own, :attr:`Outcome.UNDETERMINED`: it never reads as valid or as invalid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.verify.wording import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable

Shown: TypeAlias = str | int | bool | tuple[str, ...]
"""A value of evidence, ready for JSON; bytes are shown as hexadecimal text."""

Evidence: TypeAlias = Mapping[str, Shown]

NO_EVIDENCE: Final[Evidence] = MappingProxyType({})

VERDICT_FORMAT: Final = "smartborder-verdict/1"


class Outcome(StrEnum):
    """What one check found."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    UNDETERMINED = "undetermined"


class Word(StrEnum):
    """The one word of a verdict."""

    VERIFIED = "verified"
    NOT_VERIFIED = "not verified"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one check.

    Attributes:
        rule: the stable id of the rule, a key of :data:`ledger.verify.checks.RULES`.
        outcome: what was found.
        reason: in plain words, what was expected, what was found, and what to do.
        evidence: names and values that let a reader check it: hashes, keys, blocks, transactions.
        position: the position of the statement that it concerns, where it concerns one.
    """

    rule: str
    outcome: Outcome
    reason: str
    evidence: Evidence = field(default_factory=lambda: NO_EVIDENCE)
    position: int | None = None

    def to_json(self) -> dict[str, object]:
        """The finding as a JSON object with the same members in the same order each time."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "position": self.position,
            "evidence": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in sorted(self.evidence.items())
            },
        }


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that a rule had nothing to look at for, or that nobody disclosed; it changes no verdict.

    Attributes:
        rule: the rule that would have looked at it.
        reason: what was not checked, and why.
        positions: the statements concerned, if any.
    """

    rule: str
    reason: str
    positions: tuple[int, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {"rule": self.rule, "reason": self.reason, "positions": list(self.positions)}


@dataclass(frozen=True, slots=True)
class AsOf:
    """The last block that a verdict has seen: nothing is said about later ones.

    Attributes:
        block: its number.
        time: its time, in seconds since 1970, UTC; None where only its number is known.
    """

    block: int
    time: int | None

    def __str__(self) -> str:
        if self.time is None:
            return f"block {self.block:,}"
        return f"block {self.block:,} ({moment_text(self.time)})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings about a consignment or a document, and the word that follows from them.

    Attributes:
        consignment: the consignment's id (32 bytes); None where a document belongs to none that is known.
        ucr: its UCR, where it is known.
        as_of: the last block seen; None where no block could be read.
        findings: in the order of the rules, failures of one rule in the order of the history.
        not_checked: what was not checked, and why.
    """

    consignment: bytes | None
    ucr: str | None
    as_of: AsOf | None
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = field(default=())

    @property
    def word(self) -> Word:
        """Not verified if anything failed; else undetermined if anything could not be checked; else verified."""
        outcomes = {finding.outcome for finding in self.findings}
        if Outcome.FAILED in outcomes:
            return Word.NOT_VERIFIED
        if Outcome.UNDETERMINED in outcomes or Outcome.PASSED not in outcomes:
            return Word.UNDETERMINED
        return Word.VERIFIED

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings of rules that are broken."""
        return self._of(Outcome.FAILED)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that a person should look at, though no rule is broken."""
        return self._of(Outcome.WARNING)

    @property
    def undetermined(self) -> tuple[Finding, ...]:
        """The findings of what could not be checked."""
        return self._of(Outcome.UNDETERMINED)

    @property
    def passed(self) -> tuple[Finding, ...]:
        """One finding for each rule that holds."""
        return self._of(Outcome.PASSED)

    def to_json(self) -> dict[str, object]:
        """The verdict as a JSON object; equal verdicts give equal objects."""
        return {
            "format": VERDICT_FORMAT,
            "verdict": self.word.value,
            "consignment": None if self.consignment is None else f"0x{self.consignment.hex()}",
            "ucr": self.ucr,
            "asOf": None if self.as_of is None else {"block": self.as_of.block, "time": self.as_of.time},
            "findings": [finding.to_json() for finding in self.findings],
            "notChecked": [each.to_json() for each in self.not_checked],
        }

    def _of(self, outcome: Outcome) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.outcome is outcome)


def evidence(values: Mapping[str, object]) -> Evidence:
    """Values made ready to be shown: bytes as hexadecimal text, sequences as tuples of text."""
    return MappingProxyType({name: _shown(value) for name, value in values.items() if value is not None})


def grouped(unchecked: Iterable[NotChecked]) -> tuple[NotChecked, ...]:
    """One record for each rule and reason, with all the positions that it concerns."""
    positions: dict[tuple[str, str], list[int]] = {}
    for each in unchecked:
        positions.setdefault((each.rule, each.reason), []).extend(each.positions)
    return tuple(NotChecked(rule, reason, tuple(found)) for (rule, reason), found in positions.items())


def _shown(value: object) -> Shown:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, str | bool):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Sequence):
        return tuple(str(_shown(each)) for each in value)
    return str(value)
