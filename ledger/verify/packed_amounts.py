"""Packed amounts: how much of which goods is in a pallet, case or container, as aggregation events say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.verify.goods import Goods, Tally, goods, measured
from ledger.verify.measures import amount
from ledger.verify.things import thing

if TYPE_CHECKING:
    from ledger.epcis import Event
    from ledger.verify.measures import Amount

_ONE = amount(1, None)


@dataclass
class _Content:
    """What is in one parent now, all that ever went in, and of what it was not said how much."""

    now: Tally = field(default_factory=Tally)
    ever: Tally = field(default_factory=Tally)
    children: set[str] = field(default_factory=set)
    unmeasured: set[str] = field(default_factory=set)

    def put(self, what: Goods, much: Amount) -> None:
        self.now.add(what, much)
        self.ever.add(what, much)

    def include(self, other: _Content) -> None:
        self.now.include(other.now)
        self.ever.include(other.ever)
        self.unmeasured |= other.unmeasured


class PackedAmounts:
    """The contents of all parents, event by event; what stands in a parent brings its own contents with it."""

    def __init__(self) -> None:
        self._contents: dict[str, _Content] = {}

    def __contains__(self, parent: str) -> bool:
        """Whether an event packed anything into it."""
        return thing(parent) in self._contents

    def pack(self, parent: str, event: Event) -> None:
        """Put in what the event adds; an object that is in already is in once."""
        content = self._contents.setdefault(thing(parent), _Content())
        for what, much in measured(event.quantities):
            content.put(what, much)
        content.unmeasured |= {goods(each.epc_class).item for each in event.quantities if each.quantity is None}
        for child in map(thing, event.epcs):
            if child not in content.children:
                content.children.add(child)
                content.put(goods(child), _ONE)

    def take(self, parent: str, what: Goods, much: Amount) -> None:
        """Take out so much of a class."""
        self._contents[thing(parent)].now.take(what, much)

    def unpack(self, parent: str, event: Event) -> None:
        """Take out the objects that the event names, or everything where it names nothing."""
        name = thing(parent)
        if not event.epcs and not event.quantities:
            self._contents[name] = _Content()
            return
        content = self._contents[name]
        for child in content.children & set(map(thing, event.epcs)):
            content.children.discard(child)
            content.now.take(goods(child), _ONE)

    def limits(self, parent: str, what: Goods, much: Amount) -> tuple[Amount, Amount] | None:
        """How much there is at most, and how much was ever packed, in the unit asked for.

        Args:
            parent: one that something was packed into.
            what: the goods.
            much: the amount that is said to be there: what stands in the parent is looked into only if it has to be.

        Returns:
            None where the packing does not say how much, or says it by another measure.
        """
        name = thing(parent)
        content = self._contents[name]
        most = content.now.most(what, much.unit)
        if most.value < much.value and content.children:
            content = self._whole(name)
            most = content.now.most(what, much.unit)
        other_measure = content.ever.names(what) and not content.ever.knows(what, much.unit)
        if most.value < much.value and (what.item in content.unmeasured or other_measure):
            return None
        return most, content.ever.most(what, much.unit)

    def _whole(self, parent: str) -> _Content:
        whole, waiting, seen = _Content(), [parent], set()
        while waiting:
            name = waiting.pop()
            content = self._contents.get(name)
            if content is None or name in seen:
                continue
            seen.add(name)
            whole.include(content)
            waiting.extend(content.children)
        return whole
