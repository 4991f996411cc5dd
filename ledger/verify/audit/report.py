"""What an audit says: how much was looked at, what was found, and the one word that follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.verify.findings import Outcome, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.verify.findings import AsOf

REPORT_FORMAT: Final = "smartborder-audit/1"
MAX_FINDINGS: Final = 1_000
COUNTED: Final = ("documents", "events", "statements", "blinds", "logs", "entries", "checkpoints", "consignments")


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is not as it has to be.

    Attributes:
        rule: the id of the rule: of :data:`ledger.verify.audit.rules.AUDIT_RULES`, or, of a consignment, of
            :data:`ledger.verify.checks.RULES`.
        outcome: failed, a warning, or undetermined (could not be checked).
        place: where: document, event, entry, checkpoint, statement or consignment.
        reason: what is wrong, in plain words.
        expected: what it should be; empty where that is said in the reason.
        found: what it is.
    """

    rule: str
    outcome: Outcome
    place: str
    reason: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"

    def to_json(self) -> dict[str, object]:
        """The finding as a JSON object."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "place": self.place,
            "reason": self.reason,
            "expected": self.expected or None,
            "found": self.found or None,
        }


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What came of an audit.

    Attributes:
        as_of: the last block that was read; ``None`` where none could be.
        counts: how much of each kind was looked at (:data:`COUNTED`).
        findings: what was found, in the order of the audit's steps; at most :data:`MAX_FINDINGS`.
    """

    as_of: AsOf | None
    counts: Mapping[str, int]
    findings: tuple[AuditFinding, ...]

    @property
    def word(self) -> Word:
        """Not verified if anything failed; else undetermined if anything could not be checked; else verified."""
        outcomes = {finding.outcome for finding in self.findings}
        if Outcome.FAILED in outcomes:
            return Word.NOT_VERIFIED
        return Word.UNDETERMINED if Outcome.UNDETERMINED in outcomes else Word.VERIFIED

    def to_json(self) -> dict[str, object]:
        """The report as a JSON object; equal reports give equal objects."""
        return {
            "format": REPORT_FORMAT,
            "verdict": self.word.value,
            "asOf": None if self.as_of is None else {"block": self.as_of.block, "time": self.as_of.time},
            "counts": {name: self.counts.get(name, 0) for name in COUNTED},
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(slots=True)
class Ledger:
    """The findings and counts of an audit under way: every step writes into it.

    Attributes:
        counts: how much of each kind was looked at.
    """

    counts: Counter[str] = field(default_factory=Counter)
    _findings: list[AuditFinding] = field(default_factory=list)
    _more: int = 0

    def failed(self, rule: str, place: str, reason: str, *, expected: str = "", found: str = "") -> None:
        """Something is wrong."""
        self.add(AuditFinding(rule, Outcome.FAILED, place, reason, expected, found))

    def warn(self, rule: str, place: str, reason: str) -> None:
        """Something that a person should look at, though nothing is broken."""
        self.add(AuditFinding(rule, Outcome.WARNING, place, reason))

    def undetermined(self, rule: str, place: str, reason: str) -> None:
        """Something could not be checked."""
        self.add(AuditFinding(rule, Outcome.UNDETERMINED, place, reason))

    def add(self, finding: AuditFinding) -> None:
        """Take a finding in, as long as there is room."""
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
        else:
            self._more += 1

    def left_out(self, number: int) -> None:
        """Count findings that a step did not keep."""
        self._more += number

    def report(self, as_of: AsOf | None) -> AuditReport:
        """What came of it."""
        findings = self._findings
        if self._more:
            reason = f"{self._more:,} more findings are not listed"
            findings = [*findings, AuditFinding("audit.more", Outcome.FAILED, "audit", reason)]
        return AuditReport(as_of, dict(self.counts), tuple(findings))
