"""The record of sensors: everything that they measured, when and by which device, in the order of time.

    for each in case.sensed:
        print(each.begin, each.kind, each.device, each.values)

A sensor report takes its time and device from itself, else from the metadata of its element, else its time from the
event (EPCIS 2.0, sections 7.3.7.1 and 7.3.7.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Final, TypeGuard

from ledger.epcis.times import parse_time
from ledger.epcis.vocabulary import SENSOR_ALERT
from ledger.verify.goods import distinct_steps
from ledger.verify.limits import kind_of
from ledger.verify.measures import Amount, exact, unit
from ledger.verify.things import thing, things_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.epcis.model import Number
    from ledger.verify.case import Case
    from ledger.verify.trail import Step

_VALUES: Final = ("value", "minValue", "maxValue")
"""The members of a report that say what was reached; means and percentiles lie between these."""


@dataclass(frozen=True, slots=True)
class Sensed:
    """One report of a sensor.

    Attributes:
        step: the event that holds it.
        kind: what is measured, as :func:`ledger.verify.limits.kind_of` names it.
        component: in which direction or of what, where the report says so.
        device: the device; empty where none is named.
        begin: the first moment that it is about, in seconds since 1970.
        end: the last one.
        values: what was measured: one value, or the lowest and the highest.
        has_unit: whether the report gives a unit.
        alarm: ``ALARM_CONDITION`` or ``ERROR_CONDITION``, where the device reported one and does not say that it is
            over (``booleanValue`` false).
    """

    step: Step
    kind: str
    component: str
    device: str
    begin: int
    end: int
    values: tuple[Amount, ...]
    has_unit: bool
    alarm: str

    def is_of(self, things: frozenset[str]) -> bool:
        """Whether its event is about one of the things or, where none are asked for, about any goods.

        An event that names neither things nor amounts is about the place that it was read at.
        """
        event = self.step.event
        here = things_of(event)
        if things:
            return not things.isdisjoint(here)
        return bool(here or event.quantities or event.input_quantities or event.output_quantities)


def sensor_record(case: Case) -> tuple[Sensed, ...]:
    """Everything that sensors reported in the events that stand, by time; an event told twice counts once."""
    if not any("sensorElementList" in step.event.data for step in case.trail):
        return ()
    found = (each for step in distinct_steps(case) for each in _sensed(step))
    return tuple(sorted(found, key=lambda each: (each.begin, each.end)))


def _sensed(step: Step) -> Iterator[Sensed]:
    event = step.event
    for element in event.sensor_elements:
        for report in element.reports:
            told = {**element.metadata, **report}
            begin, end = _span(step, report if _has_time(report) else told)
            code = _text(report, "uom")
            numbers = (report.get(name) for name in _VALUES)
            yield Sensed(
                step,
                kind_of(event, _text(report, "type")),
                _text(report, "component"),
                thing(_text(told, "deviceID")) if _text(told, "deviceID") else "",
                begin,
                end,
                tuple(Amount(exact(each), unit(code or None)) for each in numbers if _is_number(each)),
                bool(code),
                _alarm(report),
            )


def _alarm(report: Mapping[str, object]) -> str:
    """The alarm as a bare word; none where the report says that it is over."""
    written = "" if report.get("booleanValue") is False else _text(report, "exception")
    return SENSOR_ALERT.term(written) or written


def _has_time(members: Mapping[str, object]) -> bool:
    return any(_text(members, name) for name in ("time", "startTime", "endTime"))


def _span(step: Step, told: Mapping[str, object]) -> tuple[int, int]:
    times = [_text(told, name) for name in ("startTime", "time", "endTime")]
    seconds = [floor(parse_time(each).timestamp()) for each in times if each]
    if not seconds:
        seconds = [floor(step.event.event_time.timestamp())]
    return seconds[0], seconds[-1]


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _is_number(value: object) -> TypeGuard[Number]:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
