"""Flows: how much of which goods passed a step, between the least and the most that the events allow.

Events may tell one movement twice (at the gate and in the hall) and one amount in parts (two trucks). So a flow is
known between bounds: at most what one member counted at one step in all, at least what it counted at a single place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.verify.goods import Goods, Tally, measured, measured_by
from ledger.verify.measures import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.verify.measures import Unit
    from ledger.verify.trail import Step


@dataclass
class Flow:
    """What passed, by who counted it at which step and where; an event without a place stands for itself.

    Attributes:
        seen: of each class and measure, the first event that counted it, and its unit.
    """

    seen: dict[tuple[str, str], tuple[Goods, Unit, Step]] = field(default_factory=dict)
    _by_member: dict[tuple[str, str | None], Tally] = field(default_factory=lambda: defaultdict(Tally))
    _by_place: dict[tuple[str, str | None, object], Tally] = field(default_factory=lambda: defaultdict(Tally))

    def count(self, step: Step) -> None:
        """Count what an event says; what it takes back (action DELETE) less."""
        event, member = step.event, step.entry.acceptance.member
        sign = -1 if event.action == "DELETE" else 1
        place = event.read_point or id(step)
        for what, much in measured(event.quantities):
            self.seen.setdefault((what.uri, measured_by(much.unit)), (what, much.unit, step))
            signed = Amount(much.value * sign, much.unit)
            self._by_member[member, event.biz_step].add(what, signed)
            self._by_place[member, event.biz_step, place].add(what, signed)

    def names(self, what: Goods, measure: Unit) -> bool:
        """Whether anything of this item was counted in a measure that compares."""
        return any(tally.knows(what, measure) for tally in self._by_member.values())

    def at_most(self, what: Goods, measure: Unit) -> Amount:
        """What may have passed: of a lot also what was counted under its item's number alone."""
        return _largest((tally.most(what, measure) for tally in self._by_member.values()), measure)

    def at_least(self, what: Goods, measure: Unit) -> Amount:
        """What must have passed, under this name or as parts of this item."""
        return _largest((tally.least(what, measure) for tally in self._by_place.values()), measure)


def _largest(amounts: Iterable[Amount], measure: Unit) -> Amount:
    return max(amounts, key=lambda much: much.value, default=Amount(Decimal(0), measure))
