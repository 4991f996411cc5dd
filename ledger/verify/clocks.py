"""Clocks: which offsets from UTC are kept in a country, or at a longitude, at a moment.

The zones of a country come from the IANA time zone database, as the package ``tzdata`` carries it; nothing of it is
read before it is asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY: Final = timedelta(days=1)

MOST_FROM_THE_SUN: Final = timedelta(hours=4)
"""No clock of a zone is farther from the sun's: in Kashgar it is 2.9 hours off, in Nome in summer 3.0."""


@lru_cache(maxsize=4096)
def offsets_kept(country: str, day: int) -> frozenset[timedelta]:
    """The offsets that clocks in a country show on a day, the day before and the day after.

    Clocks are changed in the night, and not everybody's at once.

    Args:
        country: ISO 3166-1 alpha-2.
        day: since 1970, UTC.

    Returns:
        The offsets; none where the database has no zone of the country.
    """
    noon = datetime(1970, 1, 1, 12, tzinfo=UTC) + day * DAY
    found = (
        (noon + near * DAY).astimezone(ZoneInfo(name)).utcoffset()
        for name in _zones().get(country, ())
        for near in (-1, 0, 1)
    )
    return frozenset(each for each in found if each is not None)


def from_the_sun(offset: timedelta, longitude: float) -> timedelta:
    """How far an offset is from the sun's time at a longitude; the date line counts for nothing."""
    apart = abs(offset - timedelta(hours=longitude / 15)) % DAY
    return min(apart, DAY - apart)


def parse_offset(text: str) -> timedelta:
    """The offset that ``+hh:mm`` or ``-hh:mm`` stands for."""
    size = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return -size if text[0] == "-" else size


def offset_text(offset: timedelta) -> str:
    """An offset as ``+hh:mm`` or ``-hh:mm``."""
    minutes = round(abs(offset) / timedelta(minutes=1))
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


@cache
def _zones() -> Mapping[str, tuple[str, ...]]:
    """The names of the zones of each country: country, coordinates and zone in each line of ``zone.tab``."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), name)
    return found
