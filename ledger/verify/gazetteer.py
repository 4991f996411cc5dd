"""The gazetteer: the list of places by UN/LOCODE, with where they are, for look-ups in microseconds.

It is one SQLite file, made from the list that the UNECE publishes (:mod:`ledger.verify.unlocode`). Opening it reads
nothing; a look-up reads one page. ::

    gazetteer = Gazetteer.open(path)
    gazetteer.find("NLRTM").area.point
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from math import ceil, cos, floor, radians
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import InputError, NotFound, Unavailable
from ledger.verify.coordinates import Area, Point, distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = 0x53424C31
"""Marks the file as a gazetteer of this layout (SQLite's ``application_id``)."""

CELL_DEGREES: Final = 0.25
"""Countries are found by cells of this size: 28 km from north to south."""

_ROWS: Final = round(180 / CELL_DEGREES)
_COLUMNS: Final = round(360 / CELL_DEGREES)
_KM_A_DEGREE: Final = 111.2

_TABLES: Final = f"""
PRAGMA application_id = {FORMAT};
CREATE TABLE places (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, latitude REAL, longitude REAL, radius REAL
) WITHOUT ROWID;
CREATE TABLE cells (cell INTEGER PRIMARY KEY, countries TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the list.

    Attributes:
        code: its UN/LOCODE, without a space.
        name: what it is called.
        area: where it is, as well as the list tells; None where it does not.
    """

    code: str
    name: str
    area: Area | None = None

    @property
    def country(self) -> str:
        """Its country (ISO 3166-1 alpha-2)."""
        return self.code[:2]


class Gazetteer:
    """A list of places, open for looking up.

    Args:
        connection: to the file, or to memory.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._found: dict[str, Place | None] = {}

    @classmethod
    def open(cls, path: Path) -> Gazetteer:
        """The gazetteer in a file.

        Raises:
            NotFound: there is no such file.
            InputError: the file is no gazetteer.
        """
        if not path.is_file():
            raise NotFound(
                "there is no list of places here",
                where=str(path),
                mend="Download the UN/LOCODE list from the UNECE and run: smartborder places import FILE",
            )
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            (found,) = connection.execute("PRAGMA application_id").fetchone()
        except sqlite3.DatabaseError:
            found = None
        if found != FORMAT:
            connection.close()
            raise InputError(
                "this file is not a list of places that smartborder made",
                where=str(path),
                mend="Make it anew: smartborder places import FILE",
            )
        return cls(connection)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Gazetteer:
        """A gazetteer in memory, of these places."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        _fill(connection, places)
        return cls(connection)

    def find(self, code: str) -> Place | None:
        """The place of a code, or None where the list has none.

        Raises:
            Unavailable: the file was damaged or taken away.
        """
        if code not in self._found:
            self._found[code] = next((_place(*row) for row in self._rows(_ONE, code)), None)
        return self._found[code]

    def countries_within(self, point: Point, distance: float) -> frozenset[str]:
        """The countries with a place within a distance of a point, about: to the half of a cell.

        Args:
            point: where.
            distance: in kilometres.
        """
        found: set[str] = set()
        reach = distance / _KM_A_DEGREE
        for row in range(_row(point.latitude - reach), _row(point.latitude + reach) + 1):
            for first, last in _columns(point.longitude, reach / _narrowing(row)):
                for cell, countries in self._rows(_SOME, row * _COLUMNS + first, row * _COLUMNS + last):
                    if distance_km(point, _middle(cell)) <= distance + CELL_DEGREES * _KM_A_DEGREE / 2:
                        found.update(countries.split())
        return frozenset(found)

    def __len__(self) -> int:
        number: int
        ((number,),) = self._rows("SELECT count(*) FROM places")
        return number

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, query: str, *values: str | int) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.Error as fault:
            raise Unavailable(
                f"the list of places cannot be read: {fault}", mend="Make it anew: smartborder places import FILE"
            ) from fault


_ONE: Final = "SELECT code, name, latitude, longitude, radius FROM places WHERE code = ?"
_SOME: Final = "SELECT cell, countries FROM cells WHERE cell BETWEEN ? AND ?"


def write_gazetteer(path: Path, places: Iterable[Place]) -> int:
    """Write a gazetteer, whole or not at all, in place of one that is there; how many places it has.

    Raises:
        Unavailable: the file cannot be written.
    """
    made = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.unlink(missing_ok=True)
        connection = sqlite3.connect(made)
        try:
            number = _fill(connection, places)
        finally:
            connection.close()
        made.replace(path)
    except (OSError, sqlite3.Error) as fault:
        raise Unavailable(
            f"cannot be written: {fault}", where=str(path), mend="Check the folder and its permissions."
        ) from fault
    return number


def _fill(connection: sqlite3.Connection, places: Iterable[Place]) -> int:
    listed = {place.code: place for place in places}
    cells: dict[int, set[str]] = {}
    for place in listed.values():
        if place.area is not None and place.area.radius_km <= CELL_DEGREES * _KM_A_DEGREE * 2:
            cells.setdefault(_cell(place.area.point), set()).add(place.country)
    connection.executescript(_TABLES)
    with connection:
        connection.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?)", map(_columns_of, listed.values()))
        connection.executemany(
            "INSERT INTO cells VALUES (?, ?)", ((cell, " ".join(sorted(found))) for cell, found in cells.items())
        )
    return len(listed)


def _columns_of(place: Place) -> tuple[object, ...]:
    area = place.area
    return (place.code, place.name, *((None,) * 3 if area is None else _numbers(area)))


def _numbers(area: Area) -> tuple[float, float, float]:
    return area.point.latitude, area.point.longitude, area.radius_km


def _place(code: str, name: str, latitude: float | None, longitude: float | None, radius: float | None) -> Place:
    if latitude is None or longitude is None or radius is None:
        return Place(code, name)
    return Place(code, name, Area(Point(latitude, longitude), radius))


def _row(latitude: float) -> int:
    return min(max(floor((latitude + 90) / CELL_DEGREES), 0), _ROWS - 1)


def _column(longitude: float) -> int:
    return floor((longitude + 180) / CELL_DEGREES) % _COLUMNS


def _cell(point: Point) -> int:
    return _row(point.latitude) * _COLUMNS + _column(point.longitude)


def _middle(cell: int) -> Point:
    row, column = divmod(cell, _COLUMNS)
    return Point((row + 0.5) * CELL_DEGREES - 90, (column + 0.5) * CELL_DEGREES - 180)


def _narrowing(row: int) -> float:
    """How much shorter a degree from west to east is in a row than at the equator, at its end towards the pole."""
    latitude = max(abs(row * CELL_DEGREES - 90), abs((row + 1) * CELL_DEGREES - 90))
    return max(cos(radians(latitude)), 0.01)


def _columns(longitude: float, reach: float) -> tuple[tuple[int, int], ...]:
    """The columns within a reach of degrees, in one range, or in two where they cross the date line."""
    if ceil(2 * reach / CELL_DEGREES) + 1 >= _COLUMNS:
        return ((0, _COLUMNS - 1),)
    first, last = _column(longitude - reach), _column(longitude + reach)
    return ((first, last),) if first <= last else ((first, _COLUMNS - 1), (0, last))
