"""The UN/LOCODE list as the UNECE publishes it: read, checked, and made into places.

The list is a CSV without a heading, in parts (UNECE Recommendation 16): change, country, location, name, name in plain
letters, subdivision, function, status, date, IATA code, coordinates, remarks. Republished copies with a heading are
read too. A fifth of its places have no coordinates, Singapore and Hong Kong among them, and some have wrong ones: those
of Yantian, next to Hong Kong, are 700 km away. So:

- Coordinates stand only where two neighbours of the same subdivision are near; those of a single place are not trusted
  alone.
- A place without trusted coordinates is somewhere among those of its subdivision, or else of its country, where these
  lie close enough together to say so.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, radians, sin
from typing import TYPE_CHECKING, Final

from ledger.epcis.freight import is_un_locode
from ledger.errors import InputError
from ledger.verify.coordinates import Area, Point, distance_km
from ledger.verify.gazetteer import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PLACE_RADIUS_KM: Final = 50.0
"""How far from its coordinates a place reaches: they name a town's middle to the minute, and the newest terminals of
Shanghai or Rotterdam lie 40 to 70 km outside of it."""

NEIGHBOUR_KM: Final = 150.0
"""Coordinates are trusted where other places of the same subdivision are within this distance."""

NEIGHBOURS: Final = 2
"""How many: a place entered twice with the same mistake has one."""

LARGEST_AREA_KM: Final = 250.0
"""A place known only by its subdivision or country is somewhere where these reach no farther from their middle."""

MOST_BYTES: Final = 64 * 1024 * 1024
"""The whole list has 8 MB."""

_COLUMNS: Final = 12
_COORDINATES: Final = re.compile(r"([0-9]{2})([0-9]{2})([NS]) ([0-9]{3})([0-9]{2})([EW])")
_DEGREE_KM: Final = 111.2


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: code, name, subdivision, and coordinates as they are given."""

    code: str
    name: str
    subdivision: str
    point: Point | None

    @property
    def group(self) -> str:
        """Country and subdivision."""
        return f"{self.code[:2]}-{self.subdivision}"


def read_list(files: Iterable[tuple[str, bytes]]) -> tuple[Place, ...]:
    """The places of the list.

    Args:
        files: name and content of each part; CSV, or the ZIP in which the UNECE hands them out.

    Raises:
        InputError: a file is not the list, or none has a place.
    """
    listed = {each.code: each for name, content in files for part in _parts(name, content) for each in _lines(*part)}
    if not listed:
        raise InputError(
            "no place was found", mend="Name the CSV files of the UN/LOCODE list (those called CodeListPart)."
        )
    return located(listed.values())


def located(listed: Iterable[Listed]) -> tuple[Place, ...]:
    """Places with where they are, as far as their coordinates, or those of their surroundings, can be trusted."""
    every = tuple(listed)
    trusted = _trusted(every)
    areas = _areas(trusted)
    return tuple(Place(each.code, each.name, _area(each, trusted, areas)) for each in every)


def _area(each: Listed, trusted: dict[str, tuple[Listed, Point]], areas: dict[str, Area]) -> Area | None:
    if each.code in trusted:
        return Area(trusted[each.code][1], PLACE_RADIUS_KM)
    return areas.get(each.group) or areas.get(each.code[:2])


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if not content.startswith(b"PK\x03\x04"):
        yield name, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [each for each in archive.infolist() if "codelist" in each.filename.lower()]
            if sum(each.file_size for each in parts) > MOST_BYTES:
                raise InputError(f"unpacks to more than {MOST_BYTES:,} bytes", where=name, mend="Unpack it yourself.")
            for each in parts:
                yield f"{name}: {each.filename}", archive.read(each)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as fault:
        raise InputError(f"the archive is damaged: {fault}", where=name, mend="Download it again.") from fault


def _lines(name: str, content: bytes) -> Iterator[Listed]:
    for number, row in enumerate(_table(name, content), start=1):
        if not row or (number == 1 and row[0].strip().lower() in {"change", "ch"}):
            continue
        if len(row) < _COLUMNS - 1:
            raise InputError(
                f"has {len(row)} columns, where the UN/LOCODE list has {_COLUMNS}",
                where=f"{name}, line {number}",
                mend="Name the CSV files of the list (those called CodeListPart).",
            )
        found = _line(row)
        if found is not None:
            yield found


def _table(name: str, content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # what the UNECE published until 2023
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as fault:
        raise InputError(f"is not a CSV file: {fault}", where=name, mend="Download it again.") from fault


def _line(row: Sequence[str]) -> Listed | None:
    """A place; None for a country's heading, a reference to another name, and what has no code."""
    code = (row[1] + row[2]).strip()
    if row[0].strip() == "=" or not row[2].strip() or not is_un_locode(code):
        return None
    return Listed(code, row[3].strip(), row[5].strip(), _point(row[10].strip()))


def _point(text: str) -> Point | None:
    match = _COORDINATES.fullmatch(text)
    if match is None:
        return None
    latitude = (int(match[1]) + int(match[2]) / 60) * (-1 if match[3] == "S" else 1)
    longitude = (int(match[4]) + int(match[5]) / 60) * (-1 if match[6] == "W" else 1)
    return Point(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _trusted(listed: Iterable[Listed]) -> dict[str, tuple[Listed, Point]]:
    """The places whose coordinates have neighbours."""
    pinned = [(each, each.point) for each in listed if each.point is not None]
    grid: dict[tuple[str, int, int], list[Point]] = defaultdict(list)
    for each, point in pinned:
        grid[each.group, *_square(point)].append(point)
    return {each.code: (each, point) for each, point in pinned if _has_neighbours(grid, each.group, point)}


def _has_neighbours(grid: dict[tuple[str, int, int], list[Point]], group: str, point: Point) -> bool:
    """Whether enough other points of the group are near; the point itself is among those counted."""
    down, across = _square(point)
    wide = 1 + int(1 / max(cos(radians(point.latitude)), 0.05))
    missing = NEIGHBOURS + 1
    for row in (down, down - 1, down + 1):
        for column in sorted(range(across - wide, across + wide + 1), key=lambda each: abs(each - across)):
            for other in grid.get((group, row, column), ()):
                if distance_km(point, other) <= NEIGHBOUR_KM:
                    missing -= 1
                    if not missing:
                        return True
    return False


def _square(point: Point) -> tuple[int, int]:
    side = NEIGHBOUR_KM / _DEGREE_KM
    return int(point.latitude // side), int(point.longitude // side)


def _areas(trusted: dict[str, tuple[Listed, Point]]) -> dict[str, Area]:
    """What encloses the places of each subdivision and country, where that is small enough to say something."""
    members: dict[str, list[Point]] = defaultdict(list)
    for each, point in trusted.values():
        members[each.group].append(point)
        members[each.code[:2]].append(point)
    found = {name: _enclosing(points) for name, points in members.items()}
    return {name: area for name, area in found.items() if area.radius_km <= LARGEST_AREA_KM}


def _enclosing(points: Sequence[Point]) -> Area:
    """A circle around all points, about the middle of them."""
    flat = [(cos(radians(each.latitude)), radians(each.longitude), sin(radians(each.latitude))) for each in points]
    x = sum(level * cos(turn) for level, turn, _ in flat)
    y = sum(level * sin(turn) for level, turn, _ in flat)
    z = sum(height for *_, height in flat)
    middle = Point(degrees(asin(z / (hypot(x, y, z) or 1.0))), degrees(atan2(y, x)))
    return Area(middle, max(distance_km(middle, each) for each in points) + PLACE_RADIUS_KM)
