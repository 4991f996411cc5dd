"""Containers and pallets: what is inside what at any moment, by aggregation and association."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.readings import are_apart, are_on_the_map, reading
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.scenes import ended_by
from ledger.verify.seal_record import SealDeed, removal_time, seal_record, seal_spans, sealed_containers
from ledger.verify.things import capitalised, containers_of, listed, named
from ledger.verify.untold import untold_between
from ledger.verify.wording import moment_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.verify.case import Case
    from ledger.verify.readings import Reading
    from ledger.verify.scenes import Handling, Scene
    from ledger.verify.seal_record import SealSpan
    from ledger.verify.trail import Step


@rule(
    "container.opened_unseen",
    title="What was seen inside a container or pallet is what was packed into it",
    severity=Outcome.FAILED,
    explanation="What is packed into a container or pallet, and taken out of it, is told by events. Where a later "
    "event finds something inside that nobody packed there, or verifies that all is there (`completeness_verified`) "
    "and something packed is not, it was opened and packed again in between, without an event: stop it, open it, and "
    "ask who held it then. An observation that sees less than was packed is no contradiction: it may be incomplete. "
    "After the goods were released and removed, who takes them in may unpack them without an event.",
)
def opened_unseen(case: Case) -> Remarks:
    """Each observation of contents agrees with the events before it."""
    last: dict[str, Step] = {}
    for scene in _before_removal(case):
        if scene.parent and scene.step.event.action == "OBSERVE":
            yield _compared(case, scene, last.get(scene.parent))
        for item in scene.things:
            last[item] = scene.step


def _compared(case: Case, scene: Scene, before: Step | None) -> Remark:
    entry, parent = scene.step.entry, scene.parent
    seen = {handling.child for handling in scene.handlings}
    strange = [
        each
        for each in scene.handlings
        if each.is_elsewhere or not (each.is_inside or each.packed is None or each.holds_class)
    ]
    absent = scene.inside - seen - {each for found in scene.around.values() for each in found}
    is_complete = scene.step.event.disposition == "completeness_verified"
    if not strange and not (is_complete and absent):
        if any(not each.is_inside and each.packed is None for each in scene.handlings):
            return unchecked(
                entry, f"Whether what was seen in {named(parent)} was packed there: no event tells its packing."
            )
        return passed(entry)
    since = _since(strange, before or scene.step)
    extra = [f"{listed(each.child for each in strange)} was not packed there"] if strange else []
    gone = [f"{listed(absent)}, which was packed there, was not seen"] if absent else []
    found = "; ".join(extra + gone)
    return _unless_untold(
        case,
        _time(since),
        scene.step,
        f"{capitalised(named(parent))} was opened and packed again, unseen, between {reading(since)} and "
        f"{reading(scene.step)}: {found}. Stop it, open it, and ask who held it in between.",
        container=named(parent),
        not_packed=sorted(each.child for each in strange),
        not_seen=sorted(absent),
    )


def _since(strange: list[Handling], before: Step) -> Step:
    """The last event before which all was as it was told to be."""
    told = [each.last_told for each in strange if each.last_told is not None]
    return max([*told, before], key=_time)


@rule(
    "container.two_parents",
    title="Nothing was packed into a second container or pallet while it was in the first",
    severity=Outcome.FAILED,
    explanation="A pallet is in one container at a time, and an item on one pallet. Where an event packs it into "
    "another, and none took it out of the first, one of the two is false, or two things have one number: find both and "
    "look. A pallet inside a container is no second parent of what is on it. A device tied to two things (association) "
    "is a warning.",
)
def two_parents(case: Case) -> Remarks:
    """Before each packing, a thing is in nothing, or in what goes into the same parent."""
    for scene in _before_removal(case):
        if scene.step.event.action != "ADD":
            continue
        again = [handling for handling in scene.handlings if _is_in_another(handling)]
        yield from (_packed_again(case, handling) for handling in again)
        if scene.handlings and not again:
            yield passed(scene.step.entry)


def _is_in_another(handling: Handling) -> bool:
    if handling.child in handling.around_parent:
        return True
    first = handling.around_child[:1]
    return bool(first) and not handling.is_inside and first[0] not in handling.around_parent


def _packed_again(case: Case, handling: Handling) -> Remark:
    child, parent, now = handling.child, handling.parent, handling.step
    if handling.last_told is None or child in handling.around_parent:
        return failed(
            now.entry,
            f"{now.entry.label}: {case.asked(now.entry)} packed {named(child)} into {named(parent)}, which is itself "
            f"inside {named(child)}. One of the two events is wrong; ask which.",
            thing=child,
            parent=parent,
        )
    first, before = handling.around_child[0], handling.last_told
    reason = (
        f"{capitalised(named(child))} was put into {named(parent)} by {case.asked(now.entry)} at {reading(now)}, "
        f"while it was still in {named(first)}, by {case.asked(before.entry)} at {reading(before)}. No event "
        "took it out. One of the two is false, or two things have one number: find both, and look inside."
    )
    values = {"thing": child, "first": first, "second": parent}
    if handling.ties:
        return warned(now.entry, reason, **values)
    return _unless_untold(case, _time(before), now, reason, **values)


@rule(
    "container.two_places",
    title="Nothing was read in two places at once",
    severity=Outcome.FAILED,
    explanation="What is inside a container is where the container is. Where the two are read at once at places that "
    "are apart, the thing is no longer inside, or one reading is false; where one thing is read at two places at once, "
    "two things have one number. Places are apart by their coordinates or countries, or where one member names two "
    "locations (GLN); two members may have two names for one place. How fast one thing travels, place.speed judges.",
)
def two_places(case: Case) -> Remarks:
    """Each reading of a thing, or of what is inside it, is where the last one can have been."""
    last: dict[str, tuple[str, Reading]] = {}
    removed = removal_time(case)
    for scene in case.scenes:
        if scene.step.event.read_point is None or not scene.things:
            continue
        now = reading(scene.step)
        around = scene.around if now.time <= removed else {}
        together = [(item, (item, *around.get(item, ()))) for item in scene.things]
        before: dict[tuple[Reading, bool], tuple[str, str]] = {}
        for item, chain in together:
            for other, there in (last[each] for each in chain if each in last):
                before.setdefault((there, item == other), (item, other))
        for (there, _), (item, other) in before.items():
            yield _both(case, item, now, other, there)
        for item, chain in together:
            last.update(dict.fromkeys(chain, (item, now)))


def _both(case: Case, item: str, here: Reading, other: str, there: Reading) -> Remark:
    entry = here.step.entry
    if item == other and are_on_the_map(here, there):
        return passed(entry)
    apart = are_apart(here, there, case.tolerance_seconds)
    if apart is None:
        return unchecked(
            entry, f"Whether {here.place} and {there.place}, where two members read at once, are one place."
        )
    if not apart:
        return passed(entry)
    also = f", and {named(other)}, which it was with," if item != other else " and"
    return _unless_untold(
        case,
        0 if item != other else here.time,
        here.step,
        f"{capitalised(named(item))} was read at {here} by {case.asked(entry)}{also} at {there} by "
        f"{case.asked(there.step.entry)}. It cannot have been at both: find them, and look whether one is a copy, or "
        "was taken out.",
        thing=item,
        other=other,
        read_points=(here.read_point, there.read_point),
    )


@rule(
    "container.taken_out",
    title="Nothing was taken out of a container or pallet that had not been put in",
    severity=Outcome.FAILED,
    explanation="Where the packing of a container or pallet is known, only what was packed comes out. Something else "
    "that comes out was put in on the way, by nobody who says so: look at it, and ask who held the container. Where no "
    "event tells the packing, this is not checked.",
)
def taken_out(case: Case) -> Remarks:
    """Each disaggregation is of something that was put in before."""
    for scene in case.scenes:
        if scene.step.event.action != "DELETE":
            continue
        for handling in scene.handlings:
            if handling.was_in or handling.holds_class:
                yield passed(scene.step.entry)
            elif handling.packed is None:
                yield unchecked(
                    scene.step.entry, f"What was taken out of {named(handling.parent)}: no event tells its packing."
                )
            else:
                yield _never_put_in(case, handling, handling.packed)


def _never_put_in(case: Case, handling: Handling, packed: Step) -> Remark:
    now, child, parent = handling.step, handling.child, handling.parent
    return _unless_untold(
        case,
        _time(packed),
        now,
        f"{capitalised(named(child))} was taken out of {named(parent)} by {case.asked(now.entry)} at "
        f"{reading(now)}, and no event put it in: the last that tells what is inside is of "
        f"{reading(packed)}. Look at it, and ask who held the container in between.",
        thing=child,
        parent=parent,
    )


@rule(
    "container.under_seal",
    title="Nothing was packed or unpacked while a seal was on",
    severity=Outcome.FAILED,
    explanation="A seal says that nobody opened the container. What is put into it, or taken out of it or of a pallet "
    "in it, while its seal is on, cannot have been: an event or a time is false, or the seal was opened and closed "
    "without a trace. Stop the container, look at the seal and inside. Who opens a seal has an hour to state it. After "
    "the goods were released and removed, the seal is no longer judged.",
)
def under_seal(case: Case) -> Remarks:
    """Packing and unpacking of a sealed container lie outside the times of its seal."""
    spans = seal_spans(case)
    containers = sealed_containers(case, spans)
    unread = any(mark.deed is SealDeed.UNREAD for mark in seal_record(case))
    for scene in _before_removal(case):
        handling = next((each for each in scene.handlings if each.action != "OBSERVE" and not each.ties), None)
        if handling is None:
            continue
        span = next((each for each in spans if _is_under(case, each, scene.step)), None)
        if span is None:
            yield passed(scene.step.entry)
        elif span.seal not in containers:
            yield unchecked(
                scene.step.entry,
                f"Whether {named(scene.parent)} was under seal: no document names the sealed container.",
            )
        elif containers[span.seal].isdisjoint((*handling.around_parent, *handling.around_child)):
            yield passed(scene.step.entry)
        else:
            yield _opened(case, scene, span, undetermined if unread else failed)


def _is_under(case: Case, span: SealSpan, step: Step) -> bool:
    """Whether a seal was surely on: not within what clocks differ by, nor the hour in which its taker states it."""
    time, begin, end = _time(step), span.begin.event_time or 0, span.end
    if time <= begin + case.tolerance_seconds:
        return False
    if end is None or end.event_time is None:
        return True
    delay = STATED_WITHIN_SECONDS if end.member == step.entry.acceptance.member else case.tolerance_seconds
    return time < end.event_time - delay


STATED_WITHIN_SECONDS: Final = 3600
"""How long after opening a seal its taker may state it."""


def _opened(case: Case, scene: Scene, span: SealSpan, told: Callable[..., Remark]) -> Remark:
    entry, begin = scene.step.entry, span.begin
    put = scene.step.event.action == "ADD"
    off = (
        "has not been taken off since" if span.end is None else f"was on until {moment_text(span.end.event_time or 0)}"
    )
    return told(
        entry,
        f"{capitalised(listed(each.child for each in scene.handlings))} "
        f"{'was put into' if put else 'was taken out of'} {named(scene.parent)} by {case.asked(entry)} at "
        f"{reading(scene.step)}, while {f'seal {span.number}' if span.number else 'its seal'} was on, which "
        f"{case.name(begin.member)} put on at {moment_text(begin.event_time or 0)} and which {off}. Stop "
        "the container, and look at the seal and inside.",
        container=scene.parent,
        things=sorted(each.child for each in scene.handlings),
        seal=span.seal,
    )


@rule(
    "container.gone",
    title="Nothing was seen again after it was destroyed or made into something else, nor commissioned twice",
    severity=Outcome.FAILED,
    explanation="Numbers of things are single use. What was destroyed, decommissioned or used up is not seen again, "
    "and what was commissioned is not commissioned anew: else goods that were to be gone are on the way, or two things "
    "have one number. Taking what is left out of a container is no sight of it, and two members may tell one act.",
)
def gone(case: Case) -> Remarks:
    """After its end a thing is in no event; its beginning is told once."""
    ended: dict[str, Step] = {}
    begun: dict[str, Step] = {}
    for scene in case.scenes:
        step, event = scene.step, scene.step.event
        if not (scene.parent and event.action == "DELETE"):
            again = [item for item in scene.things if item in ended and not _is_one_act(case, ended[item], step)]
            yield from (_seen_again(case, item, ended.pop(item), step) for item in again)
            if scene.things and not again:
                yield passed(step.entry)
        for item in _begun_by(scene):
            before = begun.setdefault(item, step)
            if before is not step and not _is_one_act(case, before, step):
                yield _begun_twice(case, item, before, step)
        ended |= dict.fromkeys(ended_by(event), step)


def _begun_by(scene: Scene) -> tuple[str, ...]:
    """What an event commissions; writing a tag is not yet commissioning (CBV 2.0, section 7.1.3)."""
    event = scene.step.event
    if event.type != "ObjectEvent" or event.action != "ADD" or event.biz_step == "encoding":
        return ()
    return scene.things


def _is_one_act(case: Case, one: Step, other: Step) -> bool:
    return abs(_time(one) - _time(other)) <= case.tolerance_seconds


def _seen_again(case: Case, item: str, end: Step, now: Step) -> Remark:
    how = "used up" if end.event.type == "TransformationEvent" else "destroyed or decommissioned"
    return _unless_untold(
        case,
        _time(end),
        now,
        f"{capitalised(named(item))} was {how} by {case.asked(end.entry)} at {reading(end)}, and was seen again "
        f"by {case.asked(now.entry)} at {reading(now)}. It was not destroyed, or this is another thing with its "
        "number: find it, and ask both.",
        thing=item,
    )


def _begun_twice(case: Case, item: str, before: Step, now: Step) -> Remark:
    return _unless_untold(
        case,
        _time(before),
        now,
        f"{capitalised(named(item))} was commissioned by {case.asked(before.entry)} at {reading(before)}, and "
        f"again by {case.asked(now.entry)} at {reading(now)}. Two things may have one "
        "number: find both, and ask the exporter.",
        thing=item,
    )


@rule(
    "container.carrier",
    title="The container that travels is the one that the goods were packed into",
    severity=Outcome.FAILED,
    explanation="Packing tells which freight container the goods are in. The documents of sealing, handover, "
    "departure, arrival and removal name the container that travels. Where that is another one, which nobody spoke of "
    "before, the container was swapped or the goods were loaded over without an event: stop it, and ask where the "
    "first one is.",
)
def carrier(case: Case) -> Remarks:
    """Each transport names a container that goods are in, or that was known before."""
    known: set[str] = set()
    for scene in _before_removal(case):
        here = containers_of(scene.step.event)
        if here and _is_transport(scene.step):
            yield _travels(case, scene, here - known)
        known |= here


_TRANSPORT_MILESTONES: Final = frozenset(
    {Milestone.SEALED, Milestone.HANDOVER_ACCEPTED, Milestone.DEPARTED, Milestone.ARRIVED, Milestone.REMOVED}
)
_TRANSPORT_STEPS: Final = frozenset({"accepting", "arriving", "departing", "receiving", "shipping", "transporting"})


def _is_transport(step: Step) -> bool:
    return step.entry.acceptance.milestone in _TRANSPORT_MILESTONES or step.event.biz_step in _TRANSPORT_STEPS


def _travels(case: Case, scene: Scene, unknown: frozenset[str]) -> Remark:
    entry, here, packed = scene.step.entry, containers_of(scene.step.event), scene.loaded
    if not packed:
        return unchecked(
            entry, f"Whether the goods travel in {listed(here)}: no event tells which container they are in."
        )
    missing = packed.keys() - here
    if not unknown or not missing:
        return passed(entry)
    before = max((packed[each] for each in missing), key=_time)
    return _unless_untold(
        case,
        _time(before),
        scene.step,
        f"{entry.label}: {case.asked(entry)} names {listed(unknown)} at {reading(scene.step)}, but the goods "
        f"were packed into {listed(missing)} at {reading(before)}, and nobody told of loading them over. Stop "
        f"it, look inside, and ask where {listed(missing)} is.",
        expected=sorted(missing),
        found=sorted(unknown),
    )


def _before_removal(case: Case) -> Iterator[Scene]:
    """What happened until the goods left customs control: who takes them in may unpack them without a word."""
    removed = removal_time(case)
    return (scene for scene in case.scenes if _time(scene.step) <= removed)


def _unless_untold(case: Case, since: int, until: Step, reason: str, **values: object) -> Remark:
    """Failed; undetermined where a document that is not at hand may tell what happened in between."""
    untold = untold_between(case, since, _time(until))
    if not untold:
        return failed(until.entry, reason, **values)
    label = untold[0].label
    return undetermined(
        until.entry,
        f"{reason} Or {label[:1].lower()}{label[1:]}, whose document is not at hand, explains it: ask "
        f"{case.asked(untold[0])} for that first.",
        **values,
    )


def _time(step: Step) -> int:
    return floor(step.event.event_time.timestamp())


RULES: Final[tuple[Rule, ...]] = (
    opened_unseen,
    two_parents,
    two_places,
    taken_out,
    under_seal,
    gone,
    carrier,
)
