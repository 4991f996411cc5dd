"""The record of seals: each put on, checked, opened, found broken or replaced, by whom and when.

    for mark in seal_record(case):
        print(mark.deed, mark.number, case.name(mark.member), mark.event_time, mark.position)

It shows what was stated; whether that is without contradiction is for the rules ``seal.*`` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone, UnsealReason
from ledger.identity.statements import ZERO32
from ledger.verify.case import SEAL_MILESTONES
from ledger.verify.things import containers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.epcis import Event
    from ledger.verify.case import Case, Entry

SEAL_NUMBER: Final = "urn:smartborder:epcis:sealNumber"
"""The extension member in which an event names the seal that is on (docs/epcis.md)."""


class SealDeed(StrEnum):
    """What became of a seal."""

    PUT_ON = "put on"
    CHECKED = "checked"
    OPENED = "opened"
    FOUND_BROKEN = "found broken"
    REPLACED = "replaced"
    TAKEN_OFF = "taken off"
    UNREAD = "not readable"


_TAKEN_OFF: Final[Mapping[int, SealDeed]] = MappingProxyType(
    {
        UnsealReason.OPENED: SealDeed.OPENED,
        UnsealReason.FOUND_BROKEN: SealDeed.FOUND_BROKEN,
        UnsealReason.REPLACED: SealDeed.REPLACED,
    }
)


@dataclass(frozen=True, slots=True)
class SealMark:
    """One line of the record.

    Attributes:
        deed: what was done.
        entry: the statement that says so.
        seal: the blinded commitment to the seal's number (32 bytes); zero where the statement names none, or is unread.
        number: the number, where it was handed over.
        member: the address of the member that states it.
        event_time: when it was done, in seconds since 1970; None where the statement could not be read.
        position: the statement's position in the history.
        read_point: where, if the statement's document is at hand and says so.
    """

    deed: SealDeed
    entry: Entry
    seal: bytes
    number: str | None
    member: str
    event_time: int | None
    position: int
    read_point: str | None


@dataclass(frozen=True, slots=True)
class SealSpan:
    """The time for which one seal was on.

    Attributes:
        seal: the blinded commitment to its number (32 bytes).
        number: the number, where it was handed over.
        begin: the mark of its being put on.
        end: the mark of its being taken off; None while it is on.
    """

    seal: bytes
    number: str | None
    begin: SealMark
    end: SealMark | None = None

    def is_on_at(self, time: int, tolerance_seconds: int) -> bool:
        """Whether it was on at a time, give or take what clocks may differ by."""
        begin, end = self.begin.event_time or 0, None if self.end is None else self.end.event_time
        return begin - tolerance_seconds <= time and (end is None or time <= end + tolerance_seconds)


def seal_record(case: Case) -> tuple[SealMark, ...]:
    """Everything that was stated about seals, in the order of the history."""
    marks = (_mark(case, entry) for entry in case.statements if entry.acceptance.milestone in SEAL_MILESTONES)
    return tuple(mark for mark in marks if mark.deed is not SealDeed.CHECKED or mark.seal != ZERO32)


def seal_spans(case: Case) -> tuple[SealSpan, ...]:
    """For each seal that was put on, from when to when it was on, in the order of the history."""
    spans: list[SealSpan] = []
    for mark in seal_record(case):
        if mark.deed is SealDeed.PUT_ON:
            spans.append(SealSpan(mark.seal, mark.number, mark))
        elif mark.deed not in (SealDeed.CHECKED, SealDeed.UNREAD) and spans and spans[-1].end is None:
            spans[-1] = replace(spans[-1], end=mark)
    return tuple(spans)


def sealed_containers(case: Case, spans: tuple[SealSpan, ...]) -> Mapping[bytes, frozenset[str]]:
    """The freight containers that each seal was put on.

    The event of the statement that put it on names them, else the first event that names the seal's number. Seals of
    which neither does are left out.
    """
    events = {step.entry.acceptance.digest: step.event for step in case.trail}
    found: dict[bytes, frozenset[str]] = {}
    for span in spans:
        own = events.get(span.begin.entry.acceptance.digest)
        if own is not None and (containers := containers_of(own)):
            found[span.seal] = containers
    seals = {plain(span.number): span.seal for span in spans if span.number is not None and span.seal not in found}
    for step in case.trail if seals else ():
        for number in numbers_in(step.event):
            seal = seals.get(plain(number))
            if seal is not None and (containers := containers_of(step.event)):
                found.setdefault(seal, containers)
    return MappingProxyType(found)


def removal_time(case: Case) -> float:
    """When the goods left customs control, and their seal ceased to matter; infinity while they have not."""
    times = (read.event_time for _, read in case.read_statements() if read.milestone is Milestone.REMOVED)
    return min(times, default=inf)


def numbers_in(event: Event) -> tuple[str, ...]:
    """The seal numbers that an event names, as they are written there."""
    named = (value for name, value in event.extensions.items() if event.context.expand(name) == SEAL_NUMBER)
    values = [each for value in named for each in (value if isinstance(value, list) else [value])]
    return tuple(str(each) for each in values if isinstance(each, str | int) and not isinstance(each, bool))


def plain(number: str) -> str:
    """A seal number without what only sets it: spaces, hyphens and points, capitals and small letters."""
    return "".join(filter(str.isalnum, number)).casefold() or number


def _mark(case: Case, entry: Entry) -> SealMark:
    accepted, statement = entry.acceptance, entry.statement
    if statement is None:
        return SealMark(SealDeed.UNREAD, entry, ZERO32, None, accepted.member, None, accepted.position, None)
    known = case.openings.event(statement.commitment)
    return SealMark(
        _deed(statement.milestone, statement.terms),
        entry,
        statement.detail,
        case.openings.seal_number(statement.detail),
        accepted.member,
        statement.event_time,
        accepted.position,
        None if known is None or known.event is None else known.event.read_point,
    )


def _deed(milestone: Milestone, terms: bytes) -> SealDeed:
    if milestone is Milestone.SEALED:
        return SealDeed.PUT_ON
    if milestone is Milestone.UNSEALED:
        return _TAKEN_OFF.get(terms[0], SealDeed.TAKEN_OFF)
    return SealDeed.CHECKED
