"""Points on the earth: read from geo URIs (RFC 5870), and how far apart they are.

>>> busan, singapore = read_geo("geo:35.10,129.04"), read_geo("geo:1.264,103.84;u=50")
>>> round(distance_km(busan.point, singapore.point))
4605
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_KM: Final = 6371.0
"""The mean radius; the earth's flattening changes a distance by half a per cent at most."""

_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_GEO: Final = re.compile(
    rf"geo:({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?"
    r"(?:;crs=(?P<crs>[a-z0-9-]+))?"
    r"(?:;u=(?P<u>[0-9]+(?:\.[0-9]+)?))?"
    r"(?:;[a-z0-9-]+(?:=(?:[\[\]:&+$a-z0-9_.!~*'()-]|%[0-9a-f]{2})+)?)*",
    re.IGNORECASE,
)
"""RFC 5870, section 3.3: the coordinate reference system stands first among the parameters, then the uncertainty."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth in WGS 84, in degrees; south and west are negative."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        north, east = "N" if self.latitude >= 0 else "S", "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude):.3f}° {north}, {abs(self.longitude):.3f}° {east}"


@dataclass(frozen=True, slots=True)
class Area:
    """Somewhere within a distance of a point.

    Attributes:
        point: its middle.
        radius_km: how far from it the true place may be.
    """

    point: Point
    radius_km: float


def read_geo(uri: str) -> Area | None:
    """Where a geo URI points; None where it is none, is malformed, or counts in another system than WGS 84.

    The radius is the uncertainty that it gives (``u``), else 0.
    """
    match = _GEO.fullmatch(uri)
    if match is None or (match["crs"] or "wgs84").lower() != "wgs84":
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Area(Point(latitude, longitude), float(match["u"] or 0) / 1000)


def is_geo(uri: str) -> bool:
    """Whether a URI is of the scheme ``geo``, well-formed or not."""
    return uri[:4].lower() == "geo:"


def distance_km(one: Point, other: Point) -> float:
    """The length of the shortest way over the earth's surface (haversine formula)."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2)
    along = sin((south - north) / 2)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(along * along + cos(north) * cos(south) * across * across)))


def least_distance_km(one: Area, other: Area) -> float:
    """How far apart two places are at the least, wherever in their areas they are."""
    return max(0.0, distance_km(one.point, other.point) - one.radius_km - other.radius_km)
