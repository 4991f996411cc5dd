"""Readings: a thing was there at that moment, and whether it can have been somewhere else as well.

Two read points with two names may be one place: a carrier names its berth, the terminal its yard. So two readings are
apart only where the ledger can know it: by coordinates, by countries, or because one member names two locations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import asin, cos, floor, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from ledger.epcis.digitallink import CANONICAL_ROOT, canonical_uri
from ledger.epcis.freight import is_un_locode
from ledger.verify.wording import moment_text

if TYPE_CHECKING:
    from ledger.verify.trail import Step

PLACE: Final = "urn:smartborder:epcis:place"
"""The extension member in which an event names its place, by UN/LOCODE (docs/epcis.md)."""

NEXT_DOOR_SECONDS: Final = 60
"""Two locations of one member may be neighbours: within this time nothing is carried from one to the other."""

ROAD_KM_AN_HOUR: Final = 130
"""As fast as anything gets away from where it was just read."""

AIR_KM_AN_HOUR: Final = 1_250
"""A freighter's speed through the air, and a strong jet stream: over a longer time nothing is faster."""

_GLN: Final = CANONICAL_ROOT + "414/"
_GLN_END: Final = len(_GLN) + 13
_GEO: Final = re.compile(r"geo:(-?[0-9]+(?:\.[0-9]+)?),(-?[0-9]+(?:\.[0-9]+)?)(?:[,;].*)?", re.IGNORECASE)
_EARTH_RADIUS_KM: Final = 6371.0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """When and where an event observed what it names.

    Attributes:
        step: the event.
        time: its time, in seconds since 1970.
        read_point: its read point in the one spelling; empty where it has none.
        code: the UN/LOCODE that it names; empty where it names none.
    """

    step: Step
    time: int
    read_point: str
    code: str

    @property
    def place(self) -> str:
        """What to call the place; empty where none is told."""
        return self.code or (f"GLN {self.location[len(_GLN) :]}" if self.location else self.read_point)

    def __str__(self) -> str:
        """Where and when, as in ``KRPUS (2026-03-05 01:00:00 UTC)``."""
        return f"{self.place or 'a place that is not named'} ({moment_text(self.time)})"

    @property
    def location(self) -> str:
        """The GLN of the read point, without the part that names a door or a shelf; empty where it has none."""
        return self.read_point[:_GLN_END] if self.read_point.startswith(_GLN) else ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude of the read point, in degrees; None where it is no geo URI (RFC 5870)."""
        match = _GEO.fullmatch(self.read_point)
        return None if match is None else (float(match[1]), float(match[2]))


def reading(step: Step) -> Reading:
    """When and where an event observed what it names."""
    event = step.event
    named = (value for name, value in event.extensions.items() if event.context.expand(name) == PLACE)
    code = next((each for each in named if isinstance(each, str) and is_un_locode(each)), "")
    return Reading(step, floor(event.event_time.timestamp()), canonical_uri(event.read_point or ""), code)


def are_on_the_map(one: Reading, other: Reading) -> bool:
    """Whether the coordinates of both are told."""
    return one.point is not None and other.point is not None


def are_apart(one: Reading, other: Reading, tolerance_seconds: int) -> bool | None:
    """Whether nothing can have been at both; None where nobody can tell.

    Args:
        one: a reading.
        other: another.
        tolerance_seconds: what clocks may differ by: within it, two readings are at once.
    """
    seconds = abs(one.time - other.time)
    at_once = seconds <= tolerance_seconds
    if one.read_point == other.read_point or not one.place or not other.place:
        return False
    if one.point is not None and other.point is not None:
        speed = ROAD_KM_AN_HOUR if at_once else AIR_KM_AN_HOUR
        return _distance_km(one.point, other.point) > speed * (seconds + tolerance_seconds) / 3600
    if not at_once or (one.code and one.code == other.code):
        return False
    if one.code and other.code:
        return True if one.code[:2] != other.code[:2] else None
    if one.location and other.location:
        return _are_two_locations(one, other)
    return None


def _are_two_locations(one: Reading, other: Reading) -> bool | None:
    if one.location == other.location:
        return False
    if one.step.entry.acceptance.member != other.step.entry.acceptance.member:
        return None
    return abs(one.time - other.time) <= NEXT_DOOR_SECONDS


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The length of the shortest way over the earth's surface (haversine formula)."""
    north, south, east = radians(one[0]), radians(other[0]), radians(other[1] - one[1])
    part = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(part)))
