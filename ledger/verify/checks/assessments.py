"""Assessments: the channel and its reasons are those that customs committed to before anyone could know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.identity.statements import ZERO32
from ledger.store.blinds import AssessmentContent
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked

if TYPE_CHECKING:
    from ledger.store.blinds import Blind
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
            yield _another(case, entry, opened, statement.detail)


def _another(case: Case, entry: Entry, opened: Blind, recorded: bytes) -> Remark:
    if opened.blinded == recorded:
        reason = "what was committed to is no assessment, so no channel can ever be opened"
    elif isinstance(opened.content, AssessmentContent):
        reason = f"channel '{opened.content.channel.label}' with the reasons at hand is not what was committed to"
    else:
        reason = "the content at hand is not what was committed to"
    return failed(
        entry,
        f"{entry.label}: {reason}. Do not rely on it, and ask {case.asked(entry)}.",
        recorded=recorded,
        found=opened.content.commitment,
    )


RULES: Final[tuple[Rule, ...]] = (opens,)
