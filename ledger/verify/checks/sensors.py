"""Sensors: the goods stayed within the consignment's limits, and the record of it has no gap."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone
from ledger.verify.findings import Outcome
from ledger.verify.limits import Limit
from ledger.verify.measures import Amount, Kind, unit
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.things import listed, named, things_of
from ledger.verify.untold import untold_between
from ledger.verify.wording import moment_text, span_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.verify.case import Case
    from ledger.verify.sensor_record import Sensed

TEMPERATURE: Final = "Temperature"
SHOCK: Final = "Acceleration"

THERMOMETER_KELVIN: Final = Decimal("0.5")
"""By how much a limit of temperature may be exceeded: what recorders for transport are accurate to (EN 12830, class
0.5)."""

ACCURACY: Final = Decimal("0.05")
"""By what share of any other limit it may be exceeded: other sensors are less exact."""

LATE_SHARE: Final = Decimal("1.5")
"""By how many intervals a reading may be late: one that falls out is made up for by the next."""

_ENDS: Final = frozenset(
    {
        Milestone.DELIVERED,
        Milestone.CANCELLED,
        Milestone.RETURNED,
        Milestone.DESTROYED,
        Milestone.SEIZED,
        Milestone.ABANDONED,
    }
)
_UNDER_WAY: Final = frozenset({Milestone.SEALED, Milestone.DEPARTED})


@rule(
    "sensor.limits",
    title="Each limit that a document states for the goods can be read and kept",
    severity=Outcome.WARNING,
    explanation="A limit (border:limits) says what is measured, between which bounds and in which unit, and how often "
    "it has to be read. One that says less, or whose bounds exclude each other, protects nothing: ask which was meant. "
    "Whether the goods stayed within the limits that can be read, the other rules of sensors say.",
)
def limits(case: Case) -> Remarks:
    """Every limit can be read."""
    for each in case.limits:
        entry = each.step.entry
        if isinstance(each, Limit):
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"The document of {entry.label.lower()} states a limit for the goods that cannot be kept: {each.why}. Ask "
            f"{case.asked(entry)} which limit is meant.",
        )


@rule(
    "sensor.temperature",
    title="The goods were neither warmer nor colder than their limits allow",
    severity=Outcome.FAILED,
    explanation="Every temperature that sensors reported is held against each limit that was stated for the goods "
    "(border:limits), from then on until their delivery or end, in whatever unit. "
    f"{THERMOMETER_KELVIN} K beyond it may be the thermometer's. Food and medicine that were too warm may be spoiled, "
    "though they look sound: keep them apart, and have them examined. A reading without a unit, or in one that does "
    "not convert, leaves it open.",
)
def temperature(case: Case) -> Remarks:
    """Each temperature is within the limits."""
    return _kept(case, lambda kind: kind == TEMPERATURE, "the temperature")


@rule(
    "sensor.shock",
    title="The goods suffered no harder shock than their limit allows",
    severity=Outcome.FAILED,
    explanation="Every acceleration that sensors reported, in whatever direction and unit, is held against the limit "
    f"that was stated for the goods (border:limits). {ACCURACY:.0%} beyond it may be the sensor's. Goods that were "
    "dropped may be broken inside: open them with who carried them, before custody passes on.",
)
def shock(case: Case) -> Remarks:
    """Each acceleration is within the limits."""
    return _kept(case, lambda kind: kind == SHOCK, "the acceleration")


@rule(
    "sensor.condition",
    title="Whatever else has a limit stayed within it: humidity, light, tilt and others",
    severity=Outcome.FAILED,
    explanation="Any other quantity that sensors report is held against the limit stated for it in the same way. Light "
    "in a closed container means that it was opened, tilt that it was laid down, humidity that it leaks: look inside. "
    f"{ACCURACY:.0%} beyond it may be the sensor's.",
)
def condition(case: Case) -> Remarks:
    """Each value of another kind is within the limits."""
    return _kept(case, lambda kind: kind not in {TEMPERATURE, SHOCK}, "")


def _kept(case: Case, is_meant: Callable[[str], bool], name: str) -> Remarks:
    for limit in _bounds(case):
        if not is_meant(limit.kind):
            continue
        reports = _reports(case, limit)
        if not reports:
            yield unchecked(
                limit.step.entry,
                f"Whether {name or limit.kind} stayed within {limit}: no document at hand measures it.",
            )
        for alike in reports.values():
            for state, run in groupby(alike, key=lambda each: _is_within(limit, each)):
                yield _judged(case, limit, name or limit.kind, state, list(run))


def _bounds(case: Case) -> Iterator[Limit]:
    return (each for each in case.limits if isinstance(each, Limit) and not each.least is each.most is None)


def _reports(case: Case, limit: Limit) -> dict[str, list[Sensed]]:
    """What was measured of the kind while the limit held, by device."""
    found: dict[str, list[Sensed]] = defaultdict(list)
    end = _end(case)
    for each in case.sensed:
        since_then = limit.since - case.tolerance_seconds <= each.begin <= end
        if each.kind == limit.kind and each.values and since_then and each.is_of(limit.things):
            found[each.device].append(each)
    return found


def _is_within(limit: Limit, report: Sensed) -> bool | None:
    """Whether all values of a report keep a limit; None where they do not compare with it."""
    bounds = [each for each in (limit.least, limit.most) if each is not None]
    if not report.has_unit or not all(value.unit.meets(bound.unit) for value in report.values for bound in bounds):
        return None
    return all(_excess(limit, value) <= 0 for value in report.values)


def _excess(limit: Limit, value: Amount) -> Decimal:
    """By how much a value is beyond a limit and what devices are accurate to, in the limit's unit."""
    beyond = []
    if limit.least is not None:
        found = _size(limit, value.into(limit.least.unit))
        beyond.append(limit.least.value - found - _accuracy(limit.least))
    if limit.most is not None:
        found = _size(limit, value.into(limit.most.unit))
        beyond.append(found - limit.most.value - _accuracy(limit.most))
    return max(beyond)


def _size(limit: Limit, value: Amount) -> Decimal:
    """A value; a shock's without its direction."""
    return abs(value.value) if limit.kind == SHOCK else value.value


def _accuracy(bound: Amount) -> Decimal:
    if bound.unit.kind is not Kind.TEMPERATURE:
        return abs(bound.value) * ACCURACY
    zero, warmer = (Amount(each, unit("CEL")).into(bound.unit) for each in (Decimal(0), THERMOMETER_KELVIN))
    return warmer.value - zero.value


def _judged(case: Case, limit: Limit, name: str, state: bool | None, run: list[Sensed]) -> Remark:  # noqa: FBT001  # what groupby gives
    first, last, entry = run[0], run[-1], run[0].step.entry
    if state:
        return passed(entry)
    stated = f"{limit}, as {case.asked(limit.step.entry)} stated ({limit.step.entry.label.lower()})"
    when = _when(first.begin, last.end)
    device = f" by {named(first.device)}" if first.device else ""
    values = {"device": first.device, "since": first.begin, "until": last.end, "limit": str(limit)}
    if state is None:
        return undetermined(
            entry,
            f"{entry.label}: whether {name} stayed within {stated}, is not known {when}: the values{device} have no "
            f"unit that compares ({_units(run)}). Ask {case.asked(entry)} for the unit.",
            **values,
        )
    worst = max((value for each in run for value in each.values), key=lambda value: _excess(limit, value))
    about = listed(things_of(first.step.event))
    return failed(
        entry,
        f"{entry.label}: {name}{f' of {about}' if about else ''} came to {worst}{device} {when}, and the limit is "
        f"{stated}. Keep the goods apart, have them examined, and ask who held them then.",
        worst=worst,
        **values,
    )


def _when(begin: int, end: int) -> str:
    if begin == end:
        return f"on {moment_text(begin)}"
    return f"between {moment_text(begin)} and {moment_text(end)}"


def _units(run: list[Sensed]) -> str:
    codes = {value.unit.code if each.has_unit else "none" for each in run for value in each.values}
    return ", ".join(sorted(codes))


@rule(
    "sensor.gap",
    title="What has to be measured was measured as often as it has to be",
    severity=Outcome.WARNING,
    explanation="A limit may say how often it has to be read (border:everyMinutes). From sealing or departure until "
    "delivery, or else the last reading, no longer time may pass between two readings than that and half of it. What "
    "happened in a gap nobody knows: a recorder that was switched off hides the hours that matter. Ask who held the "
    "goods for the device itself. Where a document that may hold the readings is not at hand, it is not checked.",
)
def gap(case: Case) -> Remarks:
    """The times between readings are not longer than what was asked for."""
    for limit in case.limits:
        if not isinstance(limit, Limit):
            continue
        if limit.every_seconds is None:
            yield unchecked(limit.step.entry, f"Gaps in the record of {limit.kind}: nobody says how often it is read.")
            continue
        reports = sorted(
            (each for alike in _reports(case, limit).values() for each in alike), key=lambda each: each.begin
        )
        yield _recorded(case, limit, reports, int(limit.every_seconds * LATE_SHARE) + case.tolerance_seconds)


def _recorded(case: Case, limit: Limit, reports: list[Sensed], longest: int) -> Remark:
    entry, begin, end = limit.step.entry, _begin(case, limit), _end(case)
    if not reports and end == inf:
        return unchecked(entry, f"The record of {limit.kind}: no document at hand has one yet.")
    last = reports[-1].end if end == inf else int(end)
    cursor = reports[0].begin if begin is None else begin
    gaps = []
    for begins, ends in [*((each.begin, each.end) for each in reports), (last, last)]:
        if begins - cursor > longest:
            gaps.append((cursor, begins))
        cursor = max(cursor, ends)
    if not gaps:
        return passed(entry)
    worst = max(gaps, key=lambda each: each[1] - each[0])
    if untold_between(case, *worst):
        return unchecked(entry, f"Gaps in the record of {limit.kind}: not every document of that time is at hand.")
    count = "a gap" if len(gaps) == 1 else f"{len(gaps)} gaps, the longest"
    return warned(
        entry,
        f"The record of {limit.kind} has {count} of {span_text(worst[1] - worst[0])}, {_when(*worst)}, and "
        f"{case.asked(entry)} asked for a reading every {span_text(limit.every_seconds or 0)} ({entry.label.lower()}). "
        "Ask who held the goods then for the device.",
        since=worst[0],
        until=worst[1],
        gaps=len(gaps),
    )


def _begin(case: Case, limit: Limit) -> int | None:
    """From when on the record has to be kept: the goods were closed, or left."""
    times = [read.event_time for _, read in case.read_statements() if read.milestone in _UNDER_WAY]
    return max(limit.since, min(times)) if times else None


def _end(case: Case) -> float:
    """When the goods came to an end; infinity while they have not."""
    return min((read.event_time for _, read in case.read_statements() if read.milestone in _ENDS), default=inf)


RULES: Final[tuple[Rule, ...]] = (limits, temperature, shock, condition, gap)
