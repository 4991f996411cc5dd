"""Custody: at every moment one member holds the goods, and passes them on only by an offer and its acceptance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.identity.statements import ZERO_ADDRESS
from ledger.verify.case import CUSTODY_MILESTONES
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, undetermined

if TYPE_CHECKING:
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case


@dataclass(frozen=True, slots=True)
class _Custody:
    """Who holds the goods, and whom they are offered to."""

    holder: str
    offered_to: str = ZERO_ADDRESS


@rule(
    "custody.unbroken",
    title="Custody is unbroken: each handover was offered by the holder and accepted by whom it was offered to",
    severity=Outcome.FAILED,
    explanation="The exporter holds the goods first. From then on only the holder may move them or offer them, and "
    "only the member that they were offered to may take them over. Any other hand is a break in custody: between "
    "the two, nobody answers for the goods.",
)
def unbroken(case: Case) -> Remarks:
    """The holder is followed from the registration on, by the statements alone."""
    custody: _Custody | None = None
    for entry in case.sequence:
        statement, member = entry.statement, entry.acceptance.member
        if entry.acceptance.milestone is Milestone.REGISTERED:
            custody = _Custody(member)
            yield passed(entry)
        if entry.acceptance.milestone not in CUSTODY_MILESTONES:
            continue
        if statement is None or custody is None:
            yield undetermined(
                entry, f"{entry.label}: who held the goods could not be followed, for a statement is missing."
            )
            return
        expected = custody.offered_to if entry.acceptance.milestone is Milestone.HANDOVER_ACCEPTED else custody.holder
        if member in _who_may(custody, statement):
            yield passed(entry)
        else:
            yield failed(
                entry,
                f"{entry.label} is by {case.asked(entry)}, who did not hold the goods: "
                f"{case.name(expected) if expected != ZERO_ADDRESS else 'nobody'} was expected. Custody is broken "
                "here; ask both where the goods were.",
                expected=expected,
                found=member,
            )
        custody = _after(custody, statement, member)


def _who_may(custody: _Custody, statement: Statement) -> frozenset[str]:
    if statement.milestone is Milestone.HANDOVER_ACCEPTED:
        return frozenset({custody.offered_to}) - {ZERO_ADDRESS}
    if statement.milestone is Milestone.HANDOVER_DECLINED:
        return frozenset({custody.holder, custody.offered_to}) - {ZERO_ADDRESS}
    return frozenset({custody.holder})


def _after(custody: _Custody, statement: Statement, member: str) -> _Custody:
    if statement.milestone is Milestone.HANDOVER_OFFERED:
        return replace(custody, offered_to=statement.counterparty)
    if statement.milestone is Milestone.HANDOVER_ACCEPTED:
        return _Custody(member)
    if statement.milestone is Milestone.HANDOVER_DECLINED:
        return replace(custody, offered_to=ZERO_ADDRESS)
    return custody


RULES: Final[tuple[Rule, ...]] = (unbroken,)
