"""Error declarations: what they declare wrong, whether they may, and whether what corrects it exists."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remarks, Rule, failed, passed, rule, unchecked, warned
from ledger.verify.untold import untold_between
from ledger.verify.withdrawals import withdrawals
from ledger.verify.wording import and_list, moment_text, span_text

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from ledger.verify.withdrawals import Withdrawal

_EVER: Final = 1 << 62
"""A time after all others, in seconds."""

_INCORRECT: Final = "incorrect_data"
_NO_OTHER: Final = "names no other that has the data right"


@rule(
    "document.declared_wrong",
    title="No document at hand is an error declaration",
    severity=Outcome.WARNING,
    explanation="EPCIS lets a party declare that an event it recorded earlier is wrong. Such a document withdraws "
    "what it repeats: read it together with the events that correct it. Where the declaration itself is faulty, the "
    "rules error.* tell it instead.",
)
def declared_wrong(case: Case) -> Remarks:
    """Events with an error declaration are pointed out."""
    faulty = {each.step.entry.acceptance.digest for each in withdrawals(case) if _is_faulty(case, each)}
    for entry, statement in case.read_entries():
        known = case.openings.event(statement.commitment)
        if known is None or known.event is None or entry.acceptance.digest in faulty:
            continue
        declaration = known.event.error_declaration
        if declaration is None:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label}: its document declares an event wrong"
            f"{f' ({declaration.reason})' if declaration.reason else ''}. Read it with what corrects it.",
            corrective_events=declaration.corrective_event_ids,
        )


@rule(
    "error.target",
    title="Each error declaration repeats an event that was stated",
    severity=Outcome.WARNING,
    explanation="An error declaration is the event that it declares wrong, told again with what is said of the error. "
    "One that repeats nothing withdraws nothing: its author may have changed the event while declaring it wrong, and "
    "the wrong event still stands. Ask which event was meant.",
)
def target(case: Case) -> Remarks:
    """The event of each declaration was stated, by its event hash."""
    for each in withdrawals(case):
        entry = each.step.entry
        if each.original is not None or each.foreign is not None:
            yield passed(entry)
        elif _is_partial(case):
            yield unchecked(entry, "Which event is declared wrong: not every document is at hand.")
        else:
            yield warned(
                entry,
                f"{entry.label}: its document declares an event wrong that nobody stated, so it withdraws nothing. Ask "
                f"{case.asked(entry)} which event was meant, and whether the repetition was changed.",
                event_hash=case.digests_of(each.step.event).event_hash,
            )


@rule(
    "error.own",
    title="Nobody declared another member's event wrong",
    severity=Outcome.WARNING,
    explanation="Only who stated an event takes it back. A declaration by somebody else has no effect here: the event "
    "still stands. The two members contradict each other: ask both.",
)
def own(case: Case) -> Remarks:
    """The event of each declaration is one of its own member."""
    for each in withdrawals(case):
        entry = each.step.entry
        if each.foreign is None:
            if each.original is not None:
                yield passed(entry)
            continue
        other = each.foreign.entry
        yield warned(
            entry,
            f"{entry.label}: {case.asked(entry)} declares an event wrong that {case.asked(other)} stated "
            f"({other.label.lower()}). It still stands, for only {case.asked(other)} can take it back. Ask both.",
            statement_declared_wrong=other.acceptance.digest,
        )


@rule(
    "error.time",
    title="Nothing was declared wrong before it happened",
    severity=Outcome.FAILED,
    explanation="An error is found after the event. A declaration that is dated before the event it declares wrong was "
    "prepared beforehand, or its time is false. One that is dated after the chain accepted it is told by "
    "moment.future.",
)
def time(case: Case) -> Remarks:
    """The time of each declaration is not before the event's."""
    for each in withdrawals(case):
        entry = each.step.entry
        if not _is_untimely(case, each):
            yield passed(entry)
            continue
        declared, happened = _declared_at(each), _happened_at(each)
        yield failed(
            entry,
            f"{entry.label}: its document declared an event wrong on {moment_text(declared)}, "
            f"{span_text(happened - declared)} before it is said to have happened. Ask {case.asked(entry)} which of "
            "the two times is false.",
            declared=declared,
            event_time=happened,
        )


@rule(
    "error.corrective",
    title="Each event that is to correct a wrong one exists",
    severity=Outcome.WARNING,
    explanation="An error declaration names the events that put things right (correctiveEventIDs). Where one of them "
    "was never stated, or was withdrawn in its turn, the history has a hole where the wrong event was: what really "
    "happened is told by nobody. It is the same where data are declared incorrect and no event is named that has them "
    "right. Ask for the event; it may also belong to another consignment.",
)
def corrective(case: Case) -> Remarks:
    """Every corrective event that is named stands; incorrect data have one."""
    for each in withdrawals(case):
        entry = each.step.entry
        if not _lacks_correction(each):
            yield passed(entry)
        elif each.missing and _is_partial(case):
            yield unchecked(entry, "Whether what corrects a wrong event exists: not every document is at hand.")
        else:
            lacking = f"names {and_list(each.missing)} as right, which nobody stands by" if each.missing else _NO_OTHER
            yield warned(
                entry,
                f"{entry.label}: its document declares an event wrong and {lacking}. What really happened is told by "
                f"no event: ask {case.asked(entry)} for it.",
                missing=each.missing,
            )


@rule(
    "error.milestone",
    title="No milestone stands on an event that was declared wrong",
    severity=Outcome.WARNING,
    explanation="A milestone keeps its effect on the ledger though its document is withdrawn. Who takes back the "
    "document of a milestone says so on the ledger, too, by a correction that names the statement: without it, who "
    "reads the ledger alone relies on what its author no longer stands by. Ask whether the milestone happened.",
)
def milestone(case: Case) -> Remarks:
    """Each milestone whose document was withdrawn is named by a correction."""
    corrected = _corrected(case)
    for each in withdrawals(case):
        if each.original is None:
            continue
        stated = each.original.entry
        if not _is_uncorrected(each, corrected):
            yield passed(stated)
            continue
        yield warned(
            stated,
            f"{stated.label} stands on the ledger, and {case.asked(stated)} declared its document wrong "
            f"({each.step.entry.label.lower()}) without correcting the statement. Ask whether it happened.",
            declared_wrong_by=each.step.entry.acceptance.digest,
        )


def _is_faulty(case: Case, each: Withdrawal) -> bool:
    """Whether another rule of this module finds fault with a declaration."""
    if each.original is None:
        return each.foreign is not None or not _is_partial(case)
    lacks = _lacks_correction(each) and not (each.missing and _is_partial(case))
    return lacks or _is_untimely(case, each) or _is_uncorrected(each, _corrected(case))


def _is_partial(case: Case) -> bool:
    """Whether a document is not at hand that may be the one that is looked for."""
    return bool(untold_between(case, 0, _EVER))


def _is_untimely(case: Case, each: Withdrawal) -> bool:
    return _declared_at(each) + case.tolerance_seconds < _happened_at(each)


def _lacks_correction(each: Withdrawal) -> bool:
    named = each.declaration.corrective_event_ids
    return bool(each.missing) or (not named and each.declaration.reason == _INCORRECT)


def _is_uncorrected(each: Withdrawal, corrected: frozenset[bytes]) -> bool:
    stated = None if each.original is None else each.original.entry
    return stated is not None and stated.position is not None and stated.acceptance.digest not in corrected


def _corrected(case: Case) -> frozenset[bytes]:
    """The digests of the statements that a correction names."""
    return frozenset(
        statement.terms for _, statement in case.read_statements() if statement.milestone is Milestone.CORRECTED
    )


def _declared_at(each: Withdrawal) -> int:
    return floor(each.declaration.declaration_time.timestamp())


def _happened_at(each: Withdrawal) -> int:
    return floor(each.step.event.event_time.timestamp())


RULES: Final[tuple[Rule, ...]] = (declared_wrong, target, own, time, corrective, milestone)
