"""Goods that events count: classes under one name however they are spelled, and tallies of how much there is of each.

A lot is a part of its trade item: ten pieces of a lot may come out under the item's number alone, and a serialised
piece is one of its item. So a tally answers for a lot, and for its item as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.epcis.digitallink import CANONICAL_ROOT
from ledger.verify.measures import Amount, Kind, amount
from ledger.verify.things import named, thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.epcis.model import Quantity
    from ledger.verify.case import Case
    from ledger.verify.measures import Unit
    from ledger.verify.trail import Step

ROUNDING: Final = Decimal("0.005")
"""The share by which two measurements of the same goods may differ: draft surveys and truck scales are that good."""

_TRADE_ITEM: Final = re.compile(re.escape(CANONICAL_ROOT) + "01/[0-9]{14}")

_Key: TypeAlias = tuple[str, str]
"""An identifier, and what is measured: a kind, or the code of a unit that is not known."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What an EPC or class identifier names.

    Attributes:
        uri: the identifier in its canonical spelling.
        item: the trade item that it belongs to, in the same spelling; the identifier itself where it names none.
        label: what people call it.
    """

    uri: str
    item: str
    label: str

    @property
    def part(self) -> bool:
        """Whether it is a lot or a piece of a trade item."""
        return self.uri != self.item


@lru_cache(maxsize=4096)
def goods(identifier: str) -> Goods:
    """What an EPC or class identifier names, whether it is spelled as a URN or as a Digital Link."""
    uri = thing(identifier)
    item = _TRADE_ITEM.match(uri)
    return Goods(uri, uri if item is None else item[0], named(uri))


def distinct_steps(case: Case) -> Iterator[Step]:
    """The trail, with an event that several members stated, or one stated twice, once."""
    seen = set()
    for step in case.trail:
        name = case.digests_of(step.event).event_hash
        if name not in seen:
            seen.add(name)
            yield step


def measured_by(measure: Unit) -> str:
    """What amounts have in common that can be added."""
    return measure.code if measure.kind is Kind.UNKNOWN else measure.kind


def measured(quantities: Iterable[Quantity]) -> Iterator[tuple[Goods, Amount]]:
    """The amounts that are given as numbers, each with its goods."""
    for each in quantities:
        if each.quantity is not None:
            yield goods(each.epc_class), amount(each.quantity, each.uom)


def margin(much: Amount) -> Amount:
    """By how much an amount may be exceeded in good faith: nothing where goods are counted."""
    share = Decimal(0) if much.unit.kind is Kind.COUNT else abs(much.value) * ROUNDING
    return Amount(share, much.unit)


@dataclass
class Tally:
    """How much there is of each kind of goods: of a trade item as a whole, and of each of its lots."""

    _named: dict[_Key, Amount] = field(default_factory=dict)
    _items: dict[_Key, Amount] = field(default_factory=dict)

    def add(self, what: Goods, much: Amount) -> None:
        """Put in so much."""
        measure = measured_by(much.unit)
        for sums, key in ((self._named, (what.uri, measure)), (self._items, (what.item, measure))):
            before = sums.get(key)
            sums[key] = much if before is None else before + much

    def take(self, what: Goods, much: Amount) -> None:
        """Take out so much; of a lot also what was put in under its item's number alone."""
        self.add(what, Amount(-much.value, much.unit))

    def include(self, other: Tally) -> None:
        """Put in all that another tally holds."""
        for own, others in ((self._named, other._named), (self._items, other._items)):
            for key, much in others.items():
                own[key] = own[key] + much if key in own else much

    def knows(self, what: Goods, measure: Unit) -> bool:
        """Whether anything was said of this item in a measure that compares."""
        return (what.item, measured_by(measure)) in self._items

    def names(self, what: Goods) -> bool:
        """Whether anything was said of this item in any measure."""
        return any(item == what.item for item, _ in self._items)

    def least(self, what: Goods, measure: Unit) -> Amount:
        """The least that there is: what bears its very name; of an item, all of its lots and pieces."""
        sums = self._named if what.part else self._items
        return sums.get((what.uri, measured_by(measure)), Amount(Decimal(0), measure)).into(measure)

    def most(self, what: Goods, measure: Unit) -> Amount:
        """The most that there can be: of a lot what bears its name or no lot's, and never more than of its item."""
        kind = measured_by(measure)
        none = Amount(Decimal(0), measure)
        whole = self._items.get((what.item, kind), none).into(measure)
        if not what.part:
            return whole
        own = self._named.get((what.uri, kind), none).into(measure)
        unnamed = self._named.get((what.item, kind), none).into(measure)
        return Amount(min(whole.value, own.value + max(unnamed.value, Decimal(0))), measure)

    def totals(self) -> Iterator[tuple[Goods, Amount]]:
        """What there is under each name."""
        for (uri, _), much in self._named.items():
            yield goods(uri), much
