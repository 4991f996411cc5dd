"""Limits: what the goods of a consignment may be exposed to, as an event states it, and for how long it holds.

EPCIS has sensor data and no word for the limits that they are held against, so the ledger has one of its own
(docs/epcis.md, "The border's own terms")::

    "border:limits": [
        {"border:type": "Temperature", "border:minValue": 2, "border:maxValue": 8, "border:uom": "CEL",
         "border:everyMinutes": 60},
        {"border:type": "Acceleration", "border:maxValue": 5, "border:uom": "K40"}
    ]

A limit holds from its event on until the goods come to an end, for all of them, or for the things that it names. Every
limit holds that anybody states and stands by: nobody loosens another's by stating a wider one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import floor
from typing import TYPE_CHECKING, Final

from ledger.epcis.vocabulary import MEASUREMENT_TYPE
from ledger.verify.measures import Amount, exact, unit
from ledger.verify.things import thing
from ledger.verify.whereabouts import BORDER, term

if TYPE_CHECKING:
    from ledger.epcis import Event
    from ledger.verify.measures import Unit
    from ledger.verify.trail import Step

LIMITS: Final = f"{BORDER}limits"

MOST_LIMITS: Final = 100
"""How many limits one event may state: each is held against everything that was measured."""

_MOST_DIGITS: Final = 30
"""A limit with more characters than this is no number that anybody reads off a device."""

_EXPONENTS: Final = range(-30, 31)
"""Powers of ten between which a limit has to lie, for the same reason."""

_LONGEST_MINUTES: Final = 60 * 24 * 366


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Attributes:
        step: the event that states it.
        kind: what is measured, as :func:`kind_of` names it.
        least: not below this; None where there is no such bound.
        most: not above this; None where there is no such bound.
        every_seconds: how often it has to be read at least; None where that is not said.
        things: of what; empty: of all goods.
    """

    step: Step
    kind: str
    least: Amount | None
    most: Amount | None
    every_seconds: int | None
    things: frozenset[str]

    @property
    def since(self) -> int:
        """From when on it holds, in seconds since 1970."""
        return floor(self.step.event.event_time.timestamp())

    def __str__(self) -> str:
        """The bounds, as ``2 °C to 8 °C`` or ``at most 5 g``."""
        if self.least is not None and self.most is not None:
            return f"{self.least} to {self.most}"
        return f"at least {self.least}" if self.least is not None else f"at most {self.most}"


@dataclass(frozen=True, slots=True)
class UnreadableLimit:
    """A limit that an event states and nobody can keep, and why."""

    step: Step
    why: str


class _Unreadable(Exception):  # noqa: N818  # says what was found; it never leaves this module
    """Why a limit cannot be read."""


def limits_of(step: Step) -> tuple[Limit | UnreadableLimit, ...]:
    """The limits that an event states, in the order in which it does."""
    stated = term(step.event, LIMITS)
    if stated is None:
        return ()
    found: list[Limit | UnreadableLimit] = []
    written = stated if isinstance(stated, list) else [stated]
    if len(written) > MOST_LIMITS:
        return (
            UnreadableLimit(step, f"there are {len(written):,} limits, and one event states at most {MOST_LIMITS}"),
        )
    for each in written:
        try:
            found.append(_limit(step, each))
        except _Unreadable as why:
            found.append(UnreadableLimit(step, str(why)))
    return tuple(found)


def kind_of(event: Event, written: str) -> str:
    """What is measured: the bare word of the GS1 vocabulary, or the full name of an extension's type."""
    return MEASUREMENT_TYPE.term(written) or event.context.expand(written) if ":" in written else written


def _limit(step: Step, stated: object) -> Limit:
    if not isinstance(stated, Mapping):
        raise _Unreadable("it is no object with a border:type")
    event = step.event
    kind, code = (term(event, BORDER + name, stated) for name in ("type", "uom"))
    if not isinstance(kind, str) or not kind:
        raise _Unreadable("it does not say what is measured (border:type)")
    least, most = (_number(event, name, stated) for name in ("minValue", "maxValue"))
    every = _number(event, "everyMinutes", stated)
    if least is None and most is None and every is None:
        raise _Unreadable("it names no bound (border:minValue, border:maxValue) and no rhythm (border:everyMinutes)")
    if (least is not None or most is not None) and (not isinstance(code, str) or not code):
        raise _Unreadable("it gives a bound without its unit (border:uom)")
    if least is not None and most is not None and least > most:
        raise _Unreadable(f"its lower bound {least} is above its upper bound {most}")
    if every is not None and not 0 < every <= _LONGEST_MINUTES:
        raise _Unreadable(f"nothing is read every {every} minutes")
    measure = unit(code if isinstance(code, str) else None)
    return Limit(
        step,
        kind_of(event, kind),
        _bound(least, measure),
        _bound(most, measure),
        None if every is None else max(1, floor(every * 60)),
        _things(term(event, f"{BORDER}things", stated)),
    )


def _number(event: Event, name: str, stated: Mapping[str, object]) -> Decimal | None:
    """A number, or a text that reads as one: in XML the members of extensions are text."""
    value = term(event, BORDER + name, stated)
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= _MOST_DIGITS:
        try:
            value = Decimal(value.strip())
        except InvalidOperation:
            value = None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not _is_measurable(exact(value)):
        raise _Unreadable(f"its border:{name} is no number that can be measured")
    return exact(value)


def _is_measurable(value: Decimal) -> bool:
    return value.is_finite() and (not value or value.adjusted() in _EXPONENTS)


def _bound(value: Decimal | None, measure: Unit) -> Amount | None:
    return None if value is None else Amount(value, measure)


def _things(named: object) -> frozenset[str]:
    names = named if isinstance(named, list) else [named]
    return frozenset(thing(each) for each in names if isinstance(each, str))
