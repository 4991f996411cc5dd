"""Legs: the ways that things must have gone from where they were read to where they were read next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from math import floor
from typing import TYPE_CHECKING, Final

from ledger.verify.clocks import parse_offset
from ledger.verify.coordinates import distance_km, least_distance_km
from ledger.verify.things import things_of
from ledger.verify.transport import ANY, mode_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.epcis import Event
    from ledger.verify.transport import Mode
    from ledger.verify.whereabouts import Spot, Stop

SLACK_KM: Final = 25.0
"""A distance that is never too far: read points of one port or airport carry coordinates of its middle, or its gate."""

SLACK_SECONDS: Final = 1_800
"""By how much two systems may have rounded their times, each to the quarter of an hour."""

CONSIGNMENT: Final = ""
"""Stands for the consignment as a whole among the things that are read."""

_DAY_SECONDS: Final = 86_400
_MIDNIGHT: Final = time()


@dataclass(frozen=True, slots=True)
class Leg:
    """The way between two consecutive readings of the same things.

    Attributes:
        before: the earlier reading.
        after: the later one.
        start: where the earlier one was.
        end: where the later one was.
        things: what was read at both.
    """

    before: Stop
    after: Stop
    start: Spot
    end: Spot
    things: tuple[str, ...]

    @property
    def distance_km(self) -> float:
        """The shortest way from the middle of one place to that of the other."""
        return distance_km(self.start.area.point, self.end.area.point)

    @property
    def seconds(self) -> int:
        """The time between, as the events give it."""
        return floor(self.after.step.event.event_time.timestamp()) - floor(
            self.before.step.event.event_time.timestamp()
        )

    @property
    def mode(self) -> Mode:
        """The mode of transport: what both readings name, or one of them between a departure and its arrival.

        Else the goods may have changed to another in between, unseen.
        """
        left, reached = self.before.step.event, self.after.step.event
        modes = [mode for mode in (mode_of(left), mode_of(reached)) if mode is not None]
        if len(modes) == 2 or (modes and left.biz_step == "departing" and reached.biz_step == "arriving"):
            return max(modes, key=lambda mode: mode.km_an_hour)
        return ANY

    @property
    def is_possible(self) -> bool:
        """Whether some carrier of the mode can have covered it, with all that places and times leave open."""
        least = least_distance_km(self.start.area, self.end.area) - SLACK_KM
        return least * 3_600 <= self.mode.km_an_hour * self._most_seconds

    @property
    def _most_seconds(self) -> float:
        (first, first_end), (second, second_end) = _span(self.before.step.event), _span(self.after.step.event)
        return max(second_end - first, first_end - second) + SLACK_SECONDS


def legs(stops: Iterable[Stop], is_of_the_consignment: Callable[[Stop], bool]) -> Iterator[Leg]:
    """The legs of every thing that is read, and of the consignment as a whole; things that go together share one.

    Args:
        stops: in the order of time.
        is_of_the_consignment: whether a stop is one of all the goods.
    """
    last: dict[str, tuple[Stop, Spot]] = {}
    for stop in stops:
        spot = stop.where.best
        if spot is None:
            continue
        things = set(things_of(stop.step.event))
        if is_of_the_consignment(stop):
            things.add(CONSIGNMENT)
        met: dict[int, list[str]] = {}
        for thing in sorted(things & last.keys()):
            met.setdefault(id(last[thing][0]), []).append(thing)
        for together in met.values():
            before, start = last[together[0]]
            yield Leg(before, stop, start, spot, tuple(together))
        last |= dict.fromkeys(things, (stop, spot))


def _span(event: Event) -> tuple[float, float]:
    """When it may have happened: at its time, or any time of the day whose beginning it gives."""
    seconds = event.event_time.timestamp()
    local = seconds + parse_offset(event.event_time_zone_offset).total_seconds()
    is_midnight = event.event_time.time() == _MIDNIGHT or local % _DAY_SECONDS == 0
    return seconds, seconds + _DAY_SECONDS if is_midnight else seconds
