"""Assessments: the channel and its reasons are those that customs committed to before anyone could know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.identity.statements import ZERO32
from ledger.store.blinds import AssessmentContent
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked

if TYPE_CHECKING:
    from ledger.store.blinds import Content
    from ledger.verify.case import Case, Entry


@rule(
    "assessment.opens",
    title="Each assessment at hand is the one that customs committed to",
    severity=Outcome.FAILED,
    explanation="Customs commits to channel and reasons when it assesses, and opens them later, so that nobody is "
    "warned and nobody can choose the reasons afterwards. Channel and reasons at hand are committed to again and "
    "compared.",
)
def opens(case: Case) -> Remarks:
    """Channel, reasons and blind open the recorded commitment."""
    for entry, statement in case.read_entries():
        if statement.milestone is not Milestone.ASSESSED or statement.detail == ZERO32:
            continue
        opened = case.openings.blinds.get(statement.detail)
        if opened is None:
            yield unchecked(entry, f"The reasons of the assessment, which {case.asked(entry)} has not shared.")
        elif opened.blinded == statement.detail and isinstance(opened.content, AssessmentContent):
            yield passed(entry)
        else:
            yield _another(case, entry, opened.content)


def _another(case: Case, entry: Entry, found: Content) -> Remark:
    named = (
        f"channel '{found.channel.label}' with the reasons" if isinstance(found, AssessmentContent) else "the content"
    )
    return failed(
        entry,
        f"{entry.label}: {named} at hand is not what {case.asked(entry)} committed to: it was changed afterwards, or "
        "belongs to another assessment.",
        recorded=None if entry.statement is None else entry.statement.detail,
        found=found.commitment,
    )


RULES: Final[tuple[Rule, ...]] = (opens,)
