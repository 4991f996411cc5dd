"""Seals: the seal that was put on is the seal that is found, until a statement says why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone, UnsealReason
from ledger.identity.statements import ZERO32
from ledger.store.blinds import SealContent
from ledger.verify.case import SEAL_MILESTONES
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.wording import short

if TYPE_CHECKING:
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry


@rule(
    "seal.unbroken",
    title="The seal that was put on is the one named at each handover, departure, arrival and removal",
    severity=Outcome.FAILED,
    explanation="Whoever takes the goods over or moves them names the seal that is on them. Another seal than the "
    "recorded one, or none, means that the goods may have been opened on the way: stop them and look inside.",
)
def unbroken(case: Case) -> Remarks:
    """The seal is followed from statement to statement."""
    seal = ZERO32
    for entry in case.sequence:
        if entry.acceptance.milestone not in SEAL_MILESTONES:
            continue
        statement = entry.statement
        if statement is None:
            yield undetermined(
                entry, f"{entry.label}: the seal could not be followed, for this statement could not be read."
            )
            return
        if statement.milestone is Milestone.SEALED:
            yield _sealed(entry, statement, seal)
            seal = statement.detail
            continue
        yield passed(entry) if statement.detail == seal else _other_seal(case, entry, seal, statement.detail)
        if statement.milestone is Milestone.UNSEALED:
            seal = ZERO32


def _sealed(entry: Entry, statement: Statement, seal: bytes) -> Remark:
    if seal == ZERO32 and statement.detail != ZERO32:
        return passed(entry)
    if seal != ZERO32:
        reason = (
            f"{entry.label} puts on a second seal, though no statement says what became of the first. Look at "
            "the goods."
        )
    else:
        reason = f"{entry.label} names no seal. Ask for its number."
    return failed(entry, reason, expected=ZERO32, found=seal)


def _other_seal(case: Case, entry: Entry, expected: bytes, found: bytes) -> Remark:
    return failed(
        entry,
        f"{entry.label} by {case.asked(entry)} names {_named(case, found)}, but {_named(case, expected)} was on the "
        "goods. The seal was swapped, broken or not looked at: stop the goods, look inside, and ask the members "
        "before and after.",
        expected=expected,
        found=found,
    )


def _named(case: Case, seal: bytes) -> str:
    if seal == ZERO32:
        return "no seal"
    number = case.openings.seal_number(seal)
    return f"the seal {short(seal)}" if number is None else f"seal {number}"


@rule(
    "seal.found_broken",
    title="No seal was found broken",
    severity=Outcome.WARNING,
    explanation="A seal is taken off with a reason: opened, found broken, or replaced. A seal found broken may mean "
    "that somebody was at the goods.",
)
def found_broken(case: Case) -> Remarks:
    """No *unsealed* says that the seal was found broken."""
    for entry, statement in case.read_statements():
        if statement.milestone is not Milestone.UNSEALED:
            continue
        if statement.terms[0] != UnsealReason.FOUND_BROKEN:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label}: {case.asked(entry)} found the seal broken. Look inside, and ask who held the goods "
            "before.",
            seal=statement.detail,
        )


@rule(
    "seal.number",
    title="Each seal number at hand is the one that was recorded",
    severity=Outcome.FAILED,
    explanation="On chain stands only a blinded commitment to a seal's number. The number that you were given is "
    "committed to again, with its blind, and compared. If it differs, the number on the paper is not the number "
    "that was recorded.",
)
def number(case: Case) -> Remarks:
    """Number and blind open the recorded commitment."""
    for entry, statement in case.read_statements():
        if statement.milestone is not Milestone.SEALED or statement.detail == ZERO32:
            continue
        opened = case.openings.blinds.get(statement.detail)
        if opened is None:
            yield unchecked(entry, f"The seal's number, which was not handed over. Ask {case.asked(entry)}.")
        elif case.openings.seal_number(statement.detail) is not None:
            yield passed(entry)
        else:
            stated = opened.content.number if isinstance(opened.content, SealContent) else None
            yield failed(
                entry,
                f"{entry.label}: {f'{stated!r}' if stated else 'what was handed over'} is not the seal number that "
                f"{case.asked(entry)} recorded. Compare it with the seal on the goods.",
                recorded=statement.detail,
                number=stated,
            )


RULES: Final[tuple[Rule, ...]] = (unbroken, found_broken, number)
