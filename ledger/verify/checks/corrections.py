"""Corrections: nothing is ever erased, so what was declared wrong is pointed out beside what corrects it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, warned

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry


@rule(
    "correction.target",
    title="Each correction points at an earlier statement about this consignment",
    severity=Outcome.FAILED,
    explanation="A correction names the statement that it corrects by its digest. One that names nothing earlier in "
    "this history corrects nothing: ask its author what was meant.",
)
def target(case: Case) -> Remarks:
    """The terms of *corrected* are the digest of an earlier entry."""
    for entry, corrected, digest in _corrections(case):
        if corrected is not None:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{entry.label} corrects a statement that is not in this history before it. Ask {case.asked(entry)} what "
            "it corrects.",
            corrects=digest,
        )


@rule(
    "correction.noted",
    title="No statement was declared wrong by a later correction",
    severity=Outcome.WARNING,
    explanation="A corrected statement stays in the history and keeps its effect. It should be read together with its "
    "correction.",
)
def noted(case: Case) -> Remarks:
    """Each corrected statement is pointed out."""
    corrected = {target.acceptance.digest: entry for entry, target, _ in _corrections(case) if target is not None}
    for entry in case.entries:
        correction = corrected.get(entry.acceptance.digest)
        if correction is None:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label} was declared wrong by {correction.label.lower()} of {case.asked(correction)}. Read both.",
            correction=correction.acceptance.digest,
        )


def _corrections(case: Case) -> list[tuple[Entry, Entry | None, bytes]]:
    entries = {entry.acceptance.digest: entry for entry in case.entries}
    found = []
    for entry, statement in case.read_statements():
        if statement.milestone is not Milestone.CORRECTED:
            continue
        candidate = entries.get(statement.terms)
        earlier = candidate is not None and candidate.acceptance.moment < entry.acceptance.moment
        found.append((entry, candidate if earlier else None, statement.terms))
    return found


RULES: Final[tuple[Rule, ...]] = (target, noted)
