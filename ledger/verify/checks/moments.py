"""Moments: the events' own times, beside each other, the chain's and the place's clock."""

from __future__ import annotations

from datetime import timedelta
from math import floor
from typing import TYPE_CHECKING, Final

from ledger.epcis.model import EventType
from ledger.identity.milestones import Milestone
from ledger.verify.checks.times import GOODS
from ledger.verify.clocks import MOST_FROM_THE_SUN, from_the_sun, offset_text, offsets_kept, parse_offset
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, warned
from ledger.verify.things import capitalised, named, thing, things_of
from ledger.verify.wording import moment_text, or_list, span_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.epcis import Event
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry
    from ledger.verify.trail import Step
    from ledger.verify.whereabouts import Stop, Whereabouts

LATE_SECONDS: Final = 7 * 86_400
"""After how long what was stated is late: a week has every weekend, holiday and nightly batch in it, and is shorter
than a backdated story needs."""

NEIGHBOURS_KM: Final = 60.0
"""How far from a border the other country's clock may be kept: ports and stations that serve both sides."""

_OF_THE_WORLD: Final = GOODS | {Milestone.INSPECTED, Milestone.OBSERVED}
"""What is stated of the world itself, and so has a time of its own; other milestones happen by being stated."""

_BEFORE_LIFE: Final = frozenset({"encoding", "reserving"})
"""Steps that prepare an identifier before it is given to an object (CBV 2.0, section 7.1)."""


@rule(
    "time.document",
    title="Each statement gives the time that its event's document gives",
    severity=Outcome.WARNING,
    explanation="The statement's event time and the eventTime in the document were signed by the same member. If "
    "they differ, one of them is wrong, and it should be asked which. A document's time that cannot be true at all is "
    "told by moment.future or moment.order.",
)
def document(case: Case) -> Remarks:
    """Event time in the statement and in the document are the same, to the second."""
    untrue = {entry.position for entry, *_ in _backwards(case)}
    for entry, statement in case.read_entries():
        opened = case.openings.event(statement.commitment)
        if opened is None or opened.event is None:
            continue
        found = _seconds(opened.event)
        if entry.position in untrue or found > entry.acceptance.moment.time + case.tolerance_seconds:
            continue
        if found == statement.event_time:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label} says {moment_text(statement.event_time)}, and its document says {moment_text(found)}. Ask "
            f"{case.asked(entry)} which is right.",
            stated=statement.event_time,
            document=found,
        )


@rule(
    "moment.order",
    title="The documents tell what happened to the goods in the order in which it was stated",
    severity=Outcome.FAILED,
    explanation="Behind each step of the goods stands a document with a time of its own. Where a later step's "
    "document is of an earlier time than the step's before it, the documents tell another story than the statements: "
    "one of them is backdated, or belongs to another step. Statements whose own times go back are told by "
    "time.order.",
)
def order(case: Case) -> Remarks:
    """The times of the goods' documents do not go back where the statements' times do not."""
    backwards = {entry.position: (now, earlier, previous) for entry, now, earlier, previous in _backwards(case)}
    for entry, _, _ in _goods_documents(case):
        if entry.position not in backwards:
            yield passed(entry)
            continue
        now, earlier, previous = backwards[entry.position]
        yield failed(
            entry,
            f"The document of {entry.label.lower()} is of {moment_text(now)}, {span_text(previous - now)} before that "
            f"of {earlier.label.lower()}, which came first. Ask {case.asked(entry)} and {case.asked(earlier)} which "
            "of the two is wrong.",
            event_time=now,
            previous_event_time=previous,
        )


def _backwards(case: Case) -> Iterator[tuple[Entry, int, Entry, int]]:
    """Each statement whose document's time goes back, though its own does not: with what it goes back behind."""
    before: tuple[Entry, Statement, int] | None = None
    for entry, statement, event in _goods_documents(case):
        now = _seconds(event)
        if before is None or now + case.tolerance_seconds >= before[2]:
            before = (entry, statement, now)
            continue
        earlier, stated, previous = before
        if statement.event_time + case.tolerance_seconds >= stated.event_time:
            yield entry, now, earlier, previous


def _goods_documents(case: Case) -> Iterator[tuple[Entry, Statement, Event]]:
    """The milestones of the goods whose documents stand, in the order in which they were stated."""
    documents = {step.entry.position: step.event for step in case.trail}
    for entry, statement in case.read_statements():
        if statement.milestone in GOODS and entry.position in documents:
            yield entry, statement, documents[entry.position]


@rule(
    "moment.packing",
    title="Nothing was unpacked before it was packed",
    severity=Outcome.FAILED,
    explanation="What was first stated to be packed, and afterwards to be unpacked, was unpacked later than packed. If "
    "the documents' times say the opposite, one of them is false; goods may have been exchanged in between.",
)
def packing(case: Case) -> Remarks:
    """Of each pair that was stated to be packed and then unpacked, the times are in this order."""
    unpacked: dict[tuple[str, str], Step] = {}
    packed: set[tuple[str, str]] = set()
    for step in case.trail:
        pairs = [] if step.event.parent_id is None else _pairs(step.event)
        if step.event.action == "DELETE":
            unpacked |= {pair: step for pair in pairs if pair not in packed}
        elif step.event.action == "ADD":
            yield from (_packed(case, step, unpacked.get(pair), pair) for pair in pairs if pair not in packed)
            packed.update(pairs)


def _packed(case: Case, step: Step, opened: Step | None, pair: tuple[str, str]) -> Remark:
    """What is said of a first packing, and of an unpacking before it; one stated before it is of an earlier load."""
    entry = step.entry
    if opened is None or _is_near(case, opened, step) or opened.entry.acceptance.moment <= entry.acceptance.moment:
        return passed(entry)
    child, parent = pair
    return failed(
        opened.entry,
        f"{capitalised(named(child))} is said to have been unpacked from {named(parent)} on {_moment(opened)}, and to "
        f"have been packed into it only on {_moment(step)} ({entry.label.lower()}). Ask {case.asked(entry)} and "
        f"{case.asked(opened.entry)} which time is wrong, and look whether these are the goods that were packed.",
        parent=parent,
        child=child,
        packed=_seconds(step.event),
        unpacked=_seconds(opened.event),
    )


@rule(
    "moment.life",
    title="Nothing was seen before it was made",
    severity=Outcome.FAILED,
    explanation="An object has its identifier from its commissioning on. One that is read earlier is another object "
    "under the same number, or one of the times is false. What is seen after its end is told by container.gone.",
)
def life(case: Case) -> Remarks:
    """No event of an object lies before its first commissioning."""
    seen: dict[str, Step] = {}
    made: set[str] = set()
    for step in case.trail:
        event = step.event
        for item in things_of(event):
            if _begins(event) and item not in made:
                first = seen.get(item)
                yield passed(step.entry) if first is None else _made_late(case, step, first, item)
                made.add(item)
            if event.biz_step not in _BEFORE_LIFE:
                seen.setdefault(item, step)


def _made_late(case: Case, step: Step, first: Step, item: str) -> Remark:
    if _is_near(case, first, step):
        return passed(step.entry)
    return failed(
        first.entry,
        f"{capitalised(named(item))} was seen on {_moment(first)}, and is said to have been made only on "
        f"{_moment(step)} ({step.entry.label.lower()}). It was another object, or one of the times is wrong: ask "
        f"{case.asked(first.entry)} and {case.asked(step.entry)}.",
        object=item,
        seen=_seconds(first.event),
        made=_seconds(step.event),
    )


@rule(
    "moment.future",
    title="No document tells of a time that had not come when the chain accepted it",
    severity=Outcome.FAILED,
    explanation="A document cannot know what happens after the block in which its statement was accepted. This looks "
    "at the documents' own times, observations' included. A record time before the event's own time is told as a "
    "warning: it is not signed, since every system that stores an event sets its own.",
)
def future(case: Case) -> Remarks:
    """Event times and times of declared errors are not after the block's; record times not before the event's."""
    for step in case.trail:
        remarks = [*_to_come(case, step), *_foreseen(case, step)]
        yield from remarks or [passed(step.entry)]


def _to_come(case: Case, step: Step) -> Remarks:
    """Times of a document that had not come; a time that the statement gives, too, is told by time.future."""
    entry, declared = step.entry, step.event.error_declaration
    block_time, statement = entry.acceptance.moment.time, entry.statement
    told = [("happened", _seconds(step.event))]
    if declared is not None:
        told.append(("been declared wrong", floor(declared.declaration_time.timestamp())))
    for what, time in told:
        if time > block_time + case.tolerance_seconds and (statement is None or time != statement.event_time):
            yield failed(
                entry,
                f"The document of {entry.label.lower()} claims to have {what} on {moment_text(time)}, "
                f"{span_text(time - block_time)} after the chain accepted it. Ask {case.asked(entry)}.",
                claimed=time,
                block_time=block_time,
            )


def _foreseen(case: Case, step: Step) -> Remarks:
    """A record time before the event's."""
    entry, record, happened = step.entry, step.event.record_time, _seconds(step.event)
    if record is not None and happened - floor(record.timestamp()) > case.tolerance_seconds:
        recorded = floor(record.timestamp())
        yield warned(
            entry,
            f"The document of {entry.label.lower()} was recorded on {moment_text(recorded)}, "
            f"{span_text(happened - recorded)} before what it tells is said to have happened. Ask {case.asked(entry)} "
            "whether anybody saw it.",
            record_time=recorded,
            event_time=happened,
        )


@rule(
    "moment.late",
    title="What happened was stated within a week",
    severity=Outcome.WARNING,
    explanation="A story that is told late can be fitted to what has come out since. The time runs from the event; "
    "for what happened before the consignment was registered, from the registration; for what happened under way, "
    "from the arrival, since most containers are out of reach at sea.",
)
def late(case: Case) -> Remarks:
    """Block time and event time are not further apart than a week on land."""
    legs = _legs(case)
    born = min((entry.acceptance.moment.time for entry in case.statements), default=0)
    for entry, statement in case.read_entries():
        if entry.acceptance.milestone not in _OF_THE_WORLD:
            continue
        happened, accepted = statement.event_time, entry.acceptance.moment.time
        told = max((end for start, end in legs if start <= happened <= end), default=max(happened, born))
        if accepted - told <= LATE_SECONDS:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label} was recorded {span_text(accepted - happened)} after it happened: it is said to have "
            f"happened on {moment_text(happened)}, and the chain accepted it on {moment_text(accepted)}. Ask "
            f"{case.asked(entry)} why it took so long, and for records made at the time.",
            event_time=happened,
            block_time=accepted,
        )


def _legs(case: Case) -> tuple[tuple[int, int], ...]:
    """From when to when the goods were under way."""
    legs, left = [], None
    for _, statement in case.read_statements():
        if statement.milestone is Milestone.DEPARTED:
            left = statement.event_time
        elif statement.milestone is Milestone.ARRIVED and left is not None:
            legs.append((left, statement.event_time))
            left = None
    return tuple(legs)


@rule(
    "moment.offset",
    title="Each document's clock is one that is kept where it says that it was",
    severity=Outcome.WARNING,
    explanation="An event gives the offset of the local time where it happened (eventTimeZoneOffset). One that no "
    "clock in that country shows on that day, summer time included, comes from a device or a person somewhere else. "
    "Offset zero always fits: many systems keep UTC. Near a border the neighbours' clocks fit, too; at sea, and "
    "where only coordinates are given, any clock within four hours of the sun's.",
)
def offset(case: Case) -> Remarks:
    """The offset is kept in the country of the place, or near its coordinates."""
    for stop in case.stops:
        entry, event, where = stop.step.entry, stop.step.event, stop.where
        written, day = parse_offset(event.event_time_zone_offset), _seconds(event) // 86_400
        if not where.is_told:
            continue
        if not written or written in _kept_in({where.country}, day):
            yield passed(entry)
            continue
        kept, sun = _kept_in(_countries(case, where), day), _sun(where)
        if written in kept or (not kept and sun is not None and from_the_sun(written, sun) <= MOST_FROM_THE_SUN):
            yield passed(entry)
        elif not kept and sun is None:
            yield unchecked(entry, f"Which clocks are kept in {where.country} is not known here.")
        else:
            yield _wrong_clock(case, stop, kept)


def _wrong_clock(case: Case, stop: Stop, kept: frozenset[timedelta]) -> Remark:
    entry, event, where = stop.step.entry, stop.step.event, stop.where
    place = where.best.name if where.best is not None else where.code
    expected = f"there the clocks showed {or_list([offset_text(each) for each in sorted(kept)])}. " if kept else ""
    return warned(
        entry,
        f"The document of {entry.label.lower()} says that it happened at {place} by a clock of "
        f"{event.event_time_zone_offset}, which nobody there keeps: {expected}Ask {case.asked(entry)} where it was "
        "recorded, and whether summer time was minded.",
        offset=event.event_time_zone_offset,
        place=where.code,
        event_time=_seconds(event),
    )


def _kept_in(countries: Iterable[str | None], day: int) -> frozenset[timedelta]:
    return frozenset[timedelta]().union(*(offsets_kept(each, day) for each in countries if each is not None))


def _countries(case: Case, where: Whereabouts) -> frozenset[str | None]:
    """The country of the place, and those near it where it can be laid on the map."""
    best = where.best
    if case.gazetteer is None or best is None or best.area.radius_km > NEIGHBOURS_KM:
        return frozenset({where.country})
    return case.gazetteer.countries_within(best.area.point, NEIGHBOURS_KM) | {where.country}


def _sun(where: Whereabouts) -> float | None:
    """The longitude where it happened."""
    return None if where.best is None else where.best.area.point.longitude


def _seconds(event: Event) -> int:
    return floor(event.event_time.timestamp())


def _moment(step: Step) -> str:
    return moment_text(_seconds(step.event))


def _is_near(case: Case, one: Step, other: Step) -> bool:
    """Whether two steps are as near in time as clocks may differ."""
    return abs(_seconds(one.event) - _seconds(other.event)) <= case.tolerance_seconds


def _pairs(event: Event) -> list[tuple[str, str]]:
    """What was packed into or unpacked from what."""
    parent = thing(event.parent_id or "")
    return [(thing(child), parent) for child in event.epcs]


def _begins(event: Event) -> bool:
    return event.type == EventType.OBJECT and event.action == "ADD" and event.biz_step == "commissioning"


RULES: Final[tuple[Rule, ...]] = (document, order, packing, life, future, late, offset)
