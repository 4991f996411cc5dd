"""Devices: the sensors that measured the goods worked, kept the time, and nobody rewrote what they measured."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Final

from ledger.verify.findings import Outcome
from ledger.verify.measures import Amount, Kind, unit
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, warned
from ledger.verify.things import named
from ledger.verify.wording import moment_text, span_text

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from ledger.verify.sensor_record import Sensed

ROUNDING: Final = Decimal("0.01")
"""By what share two tellings of one value may differ: units are converted, and digits dropped."""

ROUNDING_KELVIN: Final = Decimal("0.1")
"""By how much two tellings of one temperature may differ, for the same reason."""

_ALARMS: Final = {"ALARM_CONDITION": "raised an alarm", "ERROR_CONDITION": "reported that it does not work"}


@rule(
    "sensor.alarm",
    title="No device raised an alarm or failed",
    severity=Outcome.WARNING,
    explanation="A device may have limits of its own and report an alarm (ALARM_CONDITION), or that it does not work "
    "(ERROR_CONDITION). Ask who held the goods what was done about it, and have the device read out.",
)
def alarm(case: Case) -> Remarks:
    """No report tells of an alarm or an error."""
    told: set[tuple[object, ...]] = set()
    for each in case.sensed:
        entry, name = each.step.entry, (id(each.step), each.device, each.kind, each.alarm)
        if not each.alarm:
            yield passed(entry)
        elif name not in told:
            told.add(name)
            device = named(each.device) if each.device else f"a sensor of {each.kind}"
            yield warned(
                entry,
                f"{entry.label}: {device} {_ALARMS.get(each.alarm, f'reported {each.alarm}')} on "
                f"{moment_text(each.begin)} ({each.kind}). Ask {case.asked(entry)} what was done about it.",
                device=each.device,
                alarm=each.alarm,
            )


@rule(
    "sensor.moment",
    title="Nothing was measured after the event that reports it",
    severity=Outcome.WARNING,
    explanation="An event reports what its sensors measured before. A reading that is dated later was made up, or the "
    "device's clock is wrong: then the times of its whole record are. So is a span of time that ends before it begins.",
)
def moment(case: Case) -> Remarks:
    """The times of reports are not after their event's, and go forward."""
    by_step: dict[int, list[Sensed]] = defaultdict(list)
    for each in case.sensed:
        by_step[id(each.step)].append(each)
    for reports in by_step.values():
        step = reports[0].step
        entry, happened = step.entry, floor(step.event.event_time.timestamp())
        worst = max(reports, key=lambda each: max(each.end - happened, each.begin - each.end))
        late = worst.end - happened
        if worst.begin > worst.end:
            when = f"from {moment_text(worst.begin)} to {moment_text(worst.end)}, which is before it"
        elif late > case.tolerance_seconds:
            when = f"on {moment_text(worst.end)}, {span_text(late)} after the event itself"
        else:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"The document of {entry.label.lower()} reports {worst.kind} as measured {when}. The device's clock is "
            f"wrong, or the reading was made up: ask {case.asked(entry)} for the device.",
            begin=worst.begin,
            end=worst.end,
            event_time=happened,
        )


@rule(
    "sensor.rewritten",
    title="No reading of a device was told twice with different values",
    severity=Outcome.FAILED,
    explanation="What one device measured at one moment is one value. Where two documents report it with different "
    "ones, one of them was changed: a record that was too warm is mended before it is shown. Have the device itself "
    f"read out. Values that differ by {ROUNDING:.0%} are the same, and a device with several probes may give several.",
)
def rewritten(case: Case) -> Remarks:
    """Reports of one device, kind and time have a value in common."""
    told: dict[tuple[object, ...], dict[int, list[Sensed]]] = defaultdict(lambda: defaultdict(list))
    for each in case.sensed:
        if each.device and each.values and each.has_unit:
            key = (each.device, each.kind, each.component, each.begin, each.end, len(each.values))
            told[key][id(each.step)].append(each)
    for by_step in told.values():
        first, *others = sorted(by_step.values(), key=lambda each: each[0].step.entry.acceptance.moment)
        for other in others:
            if any(_is_same(one, two) for one in first for two in other):
                yield passed(other[0].step.entry)
            else:
                yield _changed(case, first[0], other[0])


def _is_same(one: Sensed, other: Sensed) -> bool:
    """Whether two reports tell the same, or cannot be compared."""
    return all(_is_close(here, there) for here, there in zip(one.values, other.values, strict=True))


def _is_close(one: Amount, other: Amount) -> bool:
    if not one.unit.meets(other.unit):
        return True
    if one.unit.kind is Kind.TEMPERATURE:
        kelvin = unit("KEL")
        return abs(one.into(kelvin).value - other.into(kelvin).value) <= ROUNDING_KELVIN
    there = other.into(one.unit).value
    return abs(one.value - there) <= ROUNDING * max(abs(one.value), abs(there))


def _changed(case: Case, one: Sensed, other: Sensed) -> Remark:
    entry, before = other.step.entry, one.step.entry
    return failed(
        entry,
        f"{entry.label}: {named(other.device)} is said to have measured {_told(other)} ({other.kind}) on "
        f"{moment_text(other.begin)}; by {before.label.lower()} of {case.asked(before)} it was {_told(one)}. One of "
        "the two was changed: have the device read out.",
        device=other.device,
        time=other.begin,
        first=_told(one),
        second=_told(other),
    )


def _told(report: Sensed) -> str:
    return " to ".join(map(str, report.values))


RULES: Final[tuple[Rule, ...]] = (alarm, moment, rewritten)
