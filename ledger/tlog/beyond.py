"""What lies in a log's folder beyond its checkpoint: files that an interrupted writer left, promised to nobody.

Source: C2SP tlog-tiles, sections "Merkle Tree" and "Partial Tiles".
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELEMENT: Final = re.compile(r"(?P<x>x?)(?P<digits>[0-9]{3})(?P<partial>(?:\.p)?)", re.ASCII)
_ENTRIES: Final = "entries"


def surplus(tiles: Path, published: int, full: int) -> Iterator[Path]:
    """The files and folders that do not belong to a log.

    Args:
        tiles: the log's folder ``tile``. All of its names are looked at: about a second for 100 million entries.
        published: the size of its checkpoint, which partial tiles are there for.
        full: the size up to which full tiles are good; not below ``published``.
    """
    if not tiles.is_dir():
        return
    for folder in sorted(tiles.iterdir()):
        if folder.name == _ENTRIES or re.fullmatch("[0-9]{1,2}", folder.name, re.ASCII):
            level = None if folder.name == _ENTRIES else int(folder.name)
            yield from _Level(level, published, full).surplus(folder, 0)


def partials_outgrown(before: int, after: int) -> Iterator[Tile]:
    """The tiles and bundles, each as full, that were partial when a log had one size, and are full at another."""
    level = 0
    while before >> TILE_HEIGHT * level:
        index, width = divmod(before >> TILE_HEIGHT * level, TILE_WIDTH)
        if width and after >> TILE_HEIGHT * (level + 1) > index:
            yield Tile(level, index)
            if level == 0:
                yield Tile(None, index)
        level += 1


class _Level:
    """One level of a log's tiles, or its bundles (``None``)."""

    def __init__(self, level: int | None, published: int, full: int) -> None:
        shift = TILE_HEIGHT * (level or 0)
        self._full_tiles = full >> shift + TILE_HEIGHT
        self._partial_index, self._partial_width = divmod(published >> shift, TILE_WIDTH)

    def surplus(self, folder: Path, prefix: int) -> Iterator[Path]:
        """What does not belong, in a folder of the level.

        Args:
            folder: the folder.
            prefix: the number that the path elements above spell.
        """
        with os.scandir(folder) as items:
            for item in items:
                match = _ELEMENT.fullmatch(item.name)
                if match is None:
                    continue
                index = prefix * 1000 + int(match["digits"])
                path = Path(item.path)
                if match["x"]:
                    yield from self.surplus(path, index)
                elif match["partial"]:
                    yield from self._partials(path, index)
                elif index >= self._full_tiles:
                    yield path

    def _partials(self, folder: Path, index: int) -> Iterator[Path]:
        if index > self._partial_index:
            yield folder
        elif index == self._partial_index:
            widths = [path for path in folder.iterdir() if path.name.isdecimal()]
            yield from (path for path in widths if int(path.name) > self._partial_width)
