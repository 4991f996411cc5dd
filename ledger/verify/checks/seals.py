"""Seals: the seal that was put on is the seal that is found, until a statement says why it is not.

What was stated of each seal, by whom and when, is told by :func:`ledger.verify.seal_record.seal_record`.
"""

from __future__ import annotations

from itertools import islice
from math import floor
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone, UnsealReason
from ledger.identity.statements import ZERO32
from ledger.store.blinds import SealContent
from ledger.verify.case import SEAL_MILESTONES
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.seal_record import (
    SealDeed,
    SealSpan,
    numbers_in,
    plain,
    removal_time,
    seal_record,
    seal_spans,
    sealed_containers,
)
from ledger.verify.things import containers_of, listed
from ledger.verify.wording import and_list, moment_text, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry
    from ledger.verify.seal_record import SealMark
    from ledger.verify.trail import Step


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


@rule(
    "seal.replaced",
    title="Goods whose seal was taken off got a new one before they moved on",
    severity=Outcome.FAILED,
    explanation="Who opens a seal on the way closes the goods with a new one. A seal stated to be replaced, with none "
    "in its place when the goods left, contradicts itself: stop the goods. Where it was opened or found broken, the "
    "goods travelled without a seal from there: a warning. Goods that customs released for removal need none.",
)
def replaced(case: Case) -> Remarks:
    """Between each *unsealed* and the next departure or removal stands a *sealed*."""
    off: Entry | None = None
    for entry in case.sequence:
        milestone = entry.acceptance.milestone
        if entry.statement is None and milestone is Milestone.UNSEALED:
            yield undetermined(
                entry,
                f"{entry.label}: whether the goods had to get a new seal could not be checked, for this statement "
                f"could not be read. Ask {case.asked(entry)} why the seal is no longer on.",
            )
            off = None
        elif milestone is Milestone.UNSEALED:
            off = entry
        elif off is not None and milestone in (Milestone.SEALED, *_MOVES):
            yield passed(off) if milestone is Milestone.SEALED else _left_unsealed(case, off, entry)
            off = None
    if off is not None:
        yield unchecked(off, "Whether the goods get a new seal: the old one is off, and they have not moved since.")


_MOVES: Final = (Milestone.DEPARTED, Milestone.REMOVED, Milestone.DELIVERED)


def _left_unsealed(case: Case, off: Entry, left: Entry) -> Remark:
    is_replaced = off.statement is not None and off.statement.terms[0] == UnsealReason.REPLACED
    if left.acceptance.milestone is not Milestone.DEPARTED and not is_replaced:
        return passed(off)
    if is_replaced:
        return failed(
            off,
            f"{off.label}: {case.asked(off)} states that the seal was replaced, but no new seal was put on before "
            f"{_lower(left.label)} by {case.asked(left)}. Stop the goods, look inside, and ask both.",
            left_at=left.position,
        )
    return warned(
        off,
        f"{off.label}: {case.asked(off)} took the seal off, and the goods left without a new one, by "
        f"{_lower(left.label)} of {case.asked(left)}. From there on anybody could open them: look inside.",
        left_at=left.position,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@rule(
    "seal.reused",
    title="Each seal number was put on once",
    severity=Outcome.FAILED,
    explanation="A seal is destroyed when it is opened, and its maker gives each number once. A number that is put on "
    "again after it came off is that of a copy, or the seal never came off: compare it with the seal on the goods, and "
    "look inside. Spaces, hyphens and capitals count for nothing.",
)
def reused(case: Case) -> Remarks:
    """No two *sealed* name the same number."""
    first: dict[bytes | str, Entry] = {}
    sealings = [entry for entry in case.statements if entry.acceptance.milestone is Milestone.SEALED]
    for entry in sealings:
        if entry.statement is None and len(sealings) == 1:
            return
        if entry.statement is None:
            yield undetermined(
                entry, f"{entry.label}: whether its number was used before is not known: it could not be read."
            )
            continue
        seal, seal_number = entry.statement.detail, case.openings.seal_number(entry.statement.detail)
        names: tuple[bytes | str, ...] = (seal,) if seal_number is None else (seal, plain(seal_number))
        earlier = next((first[name] for name in names if name in first), None)
        first |= dict.fromkeys(names, entry)
        if earlier is not None:
            yield _put_on_again(case, entry, earlier, seal)
        elif seal_number is None and len(sealings) > 1:
            yield unchecked(
                entry, f"Whether the seal's number was used before. Ask {case.asked(entry)} for the number."
            )
        else:
            yield passed(entry)


def _put_on_again(case: Case, entry: Entry, earlier: Entry, seal: bytes) -> Remark:
    time = "" if earlier.statement is None else f" on {moment_text(earlier.statement.event_time)}"
    return failed(
        entry,
        f"{entry.label}: {case.asked(entry)} puts on {_named(case, seal)}, which {case.asked(earlier)} had put on "
        f"before{time} ({_lower(earlier.label)}). A number is used once: one of the two is a copy. Compare it with the "
        "seal on the goods, and look inside.",
        seal=seal,
        earlier=earlier.position,
    )


@rule(
    "seal.event",
    title="Each seal that a document names is the one that was on, and on the same container",
    severity=Outcome.FAILED,
    explanation="A document may name the seal that its author read (`border:sealNumber`), and the container. Both are "
    "compared with the seal that its statement names, or else with the one that was on, or was put on next. Another "
    "number, or the same number on another container, means that seal or container were swapped: stop the goods and "
    "look inside.",
)
def event(case: Case) -> Remarks:
    """Numbers and containers in documents are those of the seal that was on."""
    steps = [step for step in case.trail if numbers_in(step.event)]
    if not steps:
        return
    spans = seal_spans(case)
    containers = sealed_containers(case, spans)
    record = seal_record(case)
    unread = [mark.entry for mark in record if mark.deed is SealDeed.UNREAD]
    own = {mark.entry.acceptance.digest: mark for mark in record if mark.seal != ZERO32}
    removed = removal_time(case)
    for step in steps:
        if (spans or unread) and floor(step.event.event_time.timestamp()) <= removed:
            seals = _seals_then(case, step, spans, own.get(step.entry.acceptance.digest))
            yield _read_on_goods(case, step, seals, containers, unread)
        else:
            yield unchecked(step.entry, "The seal that its document names: the ledger records none at that time.")


def _read_on_goods(
    case: Case,
    step: Step,
    seals: tuple[SealSpan, ...],
    containers: Mapping[bytes, frozenset[str]],
    unread: list[Entry],
) -> Remark:
    """Compare a document with the seals that it may name."""
    entry, read, here = step.entry, {plain(each) for each in numbers_in(step.event)}, containers_of(step.event)
    found = next((each for each in seals if each.number is not None and plain(each.number) in read), None)
    if found is not None:
        sealed = containers.get(found.seal, here)
        return passed(entry) if sealed & here or not here else _other_container(case, step, found, sealed)
    if any(each.number is None for each in seals):
        return unchecked(
            entry, "Whether the seal in its document is the one that was on: the number was not handed over."
        )
    if _is_of_other_goods(entry, here, containers):
        return unchecked(
            entry, f"The seal that its document names on {listed(here)}: the ledger records none of these."
        )
    if unread:
        return undetermined(
            entry,
            f"{entry.label}: its document names {_seals_read(step)}, and which seal was on is not known: "
            f"{_lower(unread[0].label)} could not be read. Ask {case.asked(unread[0])}.",
        )
    return _not_on(case, step, seals)


def _is_of_other_goods(entry: Entry, here: frozenset[str], containers: Mapping[bytes, frozenset[str]]) -> bool:
    """Whether a document is about containers that the ledger has no seal of; a statement that names a seal has one."""
    if entry.acceptance.milestone in SEAL_MILESTONES or not here:
        return False
    return here.isdisjoint(*containers.values())


def _seals_then(case: Case, step: Step, spans: tuple[SealSpan, ...], own: SealMark | None) -> tuple[SealSpan, ...]:
    """The seal that the statement names, whether it was on or not; or else those that were on.

    Where one was coming off, or none was on, it may be the one that was put on next.
    """
    position = step.entry.position
    if own is not None:
        on = tuple(each for each in spans if each.seal == own.seal) or (SealSpan(own.seal, own.number, own),)
        stays = own.deed in (SealDeed.PUT_ON, SealDeed.CHECKED)
        later = (each for each in spans if each.begin.position > own.position)
    elif position is None:
        time, tolerance = floor(step.event.event_time.timestamp()), case.tolerance_seconds
        on = tuple(each for each in spans if each.is_on_at(time, tolerance))
        stays = any(each.end is None or (each.end.event_time or 0) > time + tolerance for each in on)
        later = (each for each in spans if (each.begin.event_time or 0) > time)
    else:
        on = tuple(
            each
            for each in spans
            if each.begin.position <= position and (not each.end or position <= each.end.position)
        )
        stays = any(each.end is None or each.end.position > position for each in on)
        later = (each for each in spans if each.begin.position > position)
    return on if stays else (*on, *islice(later, 1))


def _other_container(case: Case, step: Step, seal: SealSpan, sealed: frozenset[str]) -> Remark:
    here = containers_of(step.event)
    return failed(
        step.entry,
        f"{step.entry.label}: the document of {case.asked(step.entry)} names seal {seal.number} on {listed(here)}, but "
        f"it was put on {listed(sealed)}. Container or seal were swapped: stop it and look inside.",
        expected=sorted(sealed),
        found=sorted(here),
        seal=seal.number,
    )


def _not_on(case: Case, step: Step, seals: tuple[SealSpan, ...]) -> Remark:
    expected = and_list([_put_on(case, each) for each in seals]) or "no seal"
    return failed(
        step.entry,
        f"{step.entry.label}: the document of {case.asked(step.entry)}, of "
        f"{moment_text(floor(step.event.event_time.timestamp()))}, names {_seals_read(step)}, but {expected} was "
        "stated to be on. The seal was swapped, or misread: compare it with the seal on the goods, and look inside.",
        expected=[each.number for each in seals],
        found=numbers_in(step.event),
        containers=sorted(containers_of(step.event)),
    )


def _put_on(case: Case, span: SealSpan) -> str:
    begin = span.begin
    deed = "put on" if begin.deed is SealDeed.PUT_ON else "named"
    return f"seal {span.number} ({deed} by {case.name(begin.member)} on {moment_text(begin.event_time or 0)})"


def _seals_read(step: Step) -> str:
    numbers = numbers_in(step.event)
    return f"seal{'' if len(numbers) == 1 else 's'} {and_list(numbers)}"


RULES: Final[tuple[Rule, ...]] = (unbroken, found_broken, number, replaced, reused, event)
