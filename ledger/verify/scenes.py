"""Scenes: what is inside what at any moment, followed from event to event (EPCIS 2.0, sections 7.4.3 and 7.4.6).

Read them as :attr:`ledger.verify.case.Case.scenes`: one :class:`Scene` for each event of the trail, with what was known
right before it. ::

    for scene in case.scenes:
        for handling in scene.handlings:
            handling.child, handling.parent, handling.around_child

Two relations are followed apart, as the standard keeps them apart: an aggregation holds goods until they are taken out,
an association ties an asset, such as a tracker, to what it stays with. An event that names a parent and no children
takes all of them out (action DELETE), and an observation may be incomplete: it takes out nothing.

Of events at the same moment what leaves goes first, then what is put in, and only then what is seen: they are one act,
told in any order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ledger.epcis.model import EventType
from ledger.verify.things import CONTAINER, is_of_class, is_place, thing, things_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.epcis import Event
    from ledger.verify.trail import Step

_RELATIONS: Final = frozenset({EventType.AGGREGATION, EventType.ASSOCIATION})


@dataclass(frozen=True, slots=True)
class Handling:
    """One thing put into another, seen in it or taken out of it, and what was known of both right before.

    Attributes:
        step: the event that tells it.
        child: the thing.
        parent: what it is put into, seen in, or taken out of.
        around_child: what the child was known to be in, the innermost first.
        around_parent: the parent, and what that was known to be in.
        was_in: whether it was ever told to be in the parent, at any depth.
        last_told: the last event that told of the child in the innermost thing around it; None where it was in nothing.
        packed: the last event that told what is in the parent; None where nobody told what was put into it.
        holds_class: whether something of its class was put into the parent, without single numbers.
    """

    step: Step
    child: str
    parent: str
    around_child: tuple[str, ...]
    around_parent: tuple[str, ...]
    was_in: bool
    last_told: Step | None
    packed: Step | None
    holds_class: bool

    @property
    def action(self) -> str:
        """ADD, OBSERVE or DELETE."""
        return self.step.event.action or ""

    @property
    def is_inside(self) -> bool:
        """Whether the child was known to be in the parent, at any depth."""
        return self.parent in self.around_child

    @property
    def is_elsewhere(self) -> bool:
        """Whether the child was known to be in another thing of the parent's kind: another container, or pallet.

        What is on a pallet may be in a container, though nobody told that the pallet was loaded.
        """
        if self.is_inside:
            return False
        kind = self.parent.startswith(CONTAINER)
        return any(each.startswith(CONTAINER) is kind for each in self.around_child)

    @property
    def ties(self) -> bool:
        """Whether it is an association, and not an aggregation of goods."""
        return self.step.event.type == EventType.ASSOCIATION


@dataclass(frozen=True, slots=True)
class Scene:
    """One event of the trail, and what was known right before it.

    Attributes:
        step: the event, and who stated it.
        things: what it names as present.
        parent: what it puts things into, sees them in or takes them out of; empty where it does none of these.
        handlings: each thing put in, seen inside or taken out; of an event that empties the parent, all that was in.
            What comes and goes inside another thing that the event names has none of its own.
        inside: what was directly in the parent that an observation names.
        around: what each of the things was in, the innermost first; things that were in nothing are left out.
        loaded: the freight containers that something was in, with the last event that put something there.
    """

    step: Step
    things: tuple[str, ...]
    parent: str
    handlings: tuple[Handling, ...]
    inside: frozenset[str]
    around: Mapping[str, tuple[str, ...]]
    loaded: Mapping[str, Step]


@dataclass
class _Holds:
    """One relation while it is followed: who is in whom, and by which event."""

    parent: dict[str, str] = field(default_factory=dict)
    told: dict[str, Step] = field(default_factory=dict)
    children: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def around(self, item: str) -> tuple[str, ...]:
        """What a thing is in, the innermost first."""
        found = []
        while item in self.parent:
            item = self.parent[item]
            found.append(item)
        return tuple(found)

    def put(self, child: str, parent: str, step: Step) -> None:
        self.take(child)
        self.parent[child] = parent
        self.told[child] = step
        self.children[parent][child] = None

    def take(self, child: str) -> None:
        holder = self.parent.pop(child, None)
        if holder is not None:
            self.children[holder].pop(child, None)


class _World:
    """What is known while the trail is followed."""

    def __init__(self) -> None:
        self.goods, self.assets = _Holds(), _Holds()
        self.been_in: set[tuple[str, str]] = set()
        self.packed: dict[str, Step] = {}
        self.classes: defaultdict[str, set[str]] = defaultdict(set)
        self.loaded: dict[str, Step] = {}

    def meet(self, step: Step) -> Scene:
        """Look at an event, then let it have its effect."""
        event, parent, things = step.event, parent_of(step.event), things_of(step.event)
        holds = self.holds(event)
        handlings = tuple(self._handlings(step, holds, parent)) if parent else ()
        scene = Scene(
            step,
            things,
            parent,
            handlings,
            frozenset(holds.children[parent]) if parent and event.action == "OBSERVE" else frozenset(),
            {item: found for item in things if (found := (*self.goods.around(item), *self.assets.around(item)))},
            self.loaded,
        )
        if parent:
            self._handle(step, holds, parent, handlings)
        self._end(ended_by(event))
        return scene

    def holds(self, event: Event) -> _Holds:
        return self.assets if event.type == EventType.ASSOCIATION else self.goods

    def _handlings(self, step: Step, holds: _Holds, parent: str) -> Iterator[Handling]:
        around_parent = (parent, *holds.around(parent))
        packed, classes = self.packed.get(parent), self.classes[parent]
        children = self.children(step.event)
        for child in children:
            around = holds.around(child)
            if not children.keys().isdisjoint(around):
                continue
            yield Handling(
                step,
                child,
                parent,
                around,
                around_parent,
                was_in=parent in around or (child, parent) in self.been_in,
                last_told=holds.told[child] if around else None,
                packed=packed,
                holds_class=bool(classes) and is_of_class(child, classes),
            )

    def children(self, event: Event) -> dict[str, None]:
        """What an event puts in, sees or takes out; one that takes out and names nothing takes out everything."""
        if event.epcs or event.quantities or event.action != "DELETE":
            return dict.fromkeys(map(thing, event.epcs))
        return dict(self.holds(event).children[parent_of(event)])

    def _handle(self, step: Step, holds: _Holds, parent: str, handlings: Iterable[Handling]) -> None:
        action = step.event.action
        if action == "ADD":
            self.classes[parent].update(each.epc_class for each in step.event.quantities)
        if action == "ADD" or parent in self.packed:
            self.packed[parent] = step
        for handling in handlings:
            child = handling.child
            self.been_in.update((child, each) for each in (parent, *handling.around_child))
            if action == "DELETE":
                if handling.is_inside:
                    holds.take(child)
            elif handling.is_inside:
                holds.told[child] = step
            else:
                is_with_all = action == "OBSERVE" and handling.around_child and not handling.is_elsewhere
                item = handling.around_child[-1] if is_with_all else child
                if item not in handling.around_parent:
                    holds.put(item, parent, step)
        self._load(step, (parent, *(each for handling in handlings for each in handling.around_child[:1])))

    def _end(self, items: Iterable[str]) -> None:
        """What is no more is in nothing, and nothing is in it."""
        for item in items:
            emptied = (item, *self.goods.around(item)[:1])
            for holds in (self.goods, self.assets):
                holds.take(item)
                for child in tuple(holds.children[item]):
                    holds.take(child)
            self._unload(emptied)

    def _load(self, step: Step, parents: tuple[str, ...]) -> None:
        for parent in parents:
            is_loaded = parent.startswith(CONTAINER) and bool(self.goods.children[parent])
            if is_loaded and (step.event.action == "ADD" or parent not in self.loaded):
                self.loaded = {**self.loaded, parent: step}
        self._unload(parents)

    def _unload(self, parents: tuple[str, ...]) -> None:
        empty = {parent for parent in parents if parent in self.loaded and not self.goods.children[parent]}
        if empty:
            self.loaded = {each: step for each, step in self.loaded.items() if each not in empty}


def followed(trail: tuple[Step, ...]) -> tuple[Scene, ...]:
    """The scenes of a trail, in the order of the world; each takes time in proportion to what its event names."""
    world = _World()
    scenes: list[Scene] = []
    for _, steps in groupby(trail, key=lambda step: step.event.event_time):
        together = list(steps)
        if len(together) > 1:
            together.sort(key=lambda step: _turn(world, step.event))
        scenes += map(world.meet, together)
    return tuple(scenes)


def contents(scenes: Iterable[Scene]) -> Mapping[str, frozenset[str]]:
    """What was directly in each thing when the last of some scenes was over.

    Args:
        scenes: the beginning of a case's scenes: what happened up to a moment.
    """
    world = _World()
    for scene in scenes:
        world.meet(scene.step)
    return {parent: frozenset(children) for parent, children in world.goods.children.items() if children}


def parent_of(event: Event) -> str:
    """The thing that an event puts things into, sees them in or takes them out of; empty where there is none.

    The parent of a transaction event holds nothing, and to be installed in a place is to be in no thing.
    """
    parent = event.parent_id
    if parent is None or event.type not in _RELATIONS or is_place(parent):
        return ""
    return thing(parent)


def ended_by(event: Event) -> tuple[str, ...]:
    """The things that are no more after an event: destroyed, decommissioned, or made into something else.

    A tag that was killed says nothing of what it was on (CBV 2.0, section 7.1.3).
    """
    if event.type == EventType.TRANSFORMATION:
        return tuple(map(thing, event.input_epcs))
    if event.type == EventType.OBJECT and event.action == "DELETE" and event.biz_step != "killing":
        return tuple(map(thing, event.epcs))
    return ()


def _turn(world: _World, event: Event) -> int:
    """The place of an event among those of the same moment."""
    parent = parent_of(event)
    if parent and event.action == "DELETE":
        return 1 if world.holds(event).children[parent] else 3
    if event.action == "ADD":
        return 2 if parent else 0
    return 5 if ended_by(event) else 4
