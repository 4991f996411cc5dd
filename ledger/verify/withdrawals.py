"""Withdrawals: which event an error declaration declares wrong, and which events it names as right.

An error declaration (EPCIS 2.0, section 7.4.1.2) repeats the event that it declares wrong, so the two have one event
hash (CBV 2.0, section 8.9). Only who stated an event takes it back: :func:`ledger.verify.trail.standing_events` heeds
no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.epcis.model import ErrorDeclaration
    from ledger.verify.case import Case
    from ledger.verify.trail import Step


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One error declaration.

    Attributes:
        step: the event that is the declaration.
        declaration: what it declares.
        original: the event that its member takes back; None where it stated none.
        foreign: the same event as another member stated it, where its own member did not.
        missing: the corrective events that it names and that nobody stands by.
    """

    step: Step
    declaration: ErrorDeclaration
    original: Step | None
    foreign: Step | None
    missing: tuple[str, ...]


def withdrawals(case: Case) -> Iterator[Withdrawal]:
    """Every error declaration that somebody stated, in the order of the entries."""
    declared = [step for step in case.stated if step.event.error_declaration is not None]
    if not declared:
        return
    originals: dict[str, list[Step]] = {}
    for step in case.stated:
        if step.event.error_declaration is None:
            originals.setdefault(case.digests_of(step.event).event_hash, []).append(step)
    standing = {name for step in case.trail for name in _names(case, step)}
    for step in declared:
        same = originals.get(case.digests_of(step.event).event_hash, [])
        member = step.entry.acceptance.member
        own = next((each for each in same if each.entry.acceptance.member == member), None)
        declaration = step.event.error_declaration
        if declaration is not None:
            missing = tuple(each for each in declaration.corrective_event_ids if each not in standing)
            foreign = same[0] if same and own is None else None
            yield Withdrawal(step, declaration, own, foreign, missing)


def _names(case: Case, step: Step) -> tuple[str | None, str]:
    """By which names an event is found: its own, and its hash."""
    return step.event.event_id, case.digests_of(step.event).event_hash
