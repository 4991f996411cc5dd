"""Tiles: how a log's tree and entries are cut into files that can be served, cached and checked one by one.

A tile of level L holds up to 256 hashes; each is the root of a perfect subtree of 256^L entries. A full tile's own root
is one hash of the level above. Entry bundles hold the entries themselves, 256 in each::

    tile/0/x001/x234/067           the 1,234,067th tile of leaf hashes, full
    tile/1/000.p/17                17 hashes of level 1: what a log of 4,352 to 4,607 entries has there
    tile/entries/000.p/112         112 entries, each after its length (2 bytes, big-endian)

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.tlog.errors import EntryTooLargeError, LogDamagedError
from ledger.tlog.merkle import HASH_BYTES, MAX_SIZE, parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES
MAX_ENTRY_BYTES: Final = 0xFFFF  # what two bytes can tell the length of
MAX_BUNDLE_BYTES: Final = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
CHECKPOINT_PATH: Final = "checkpoint"
_ENTRIES: Final = "entries"
_PATH: Final = re.compile(
    r"tile/(?P<level>[0-9]|[1-5][0-9]|6[0-3]|entries)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a log: a tile of hashes, or an entry bundle.

    Attributes:
        level: 0 for leaf hashes, and up; ``None`` for entries.
        index: its place in the level, from 0.
        width: how many hashes or entries it has, 1 to 256; below 256 it is partial.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it is, below the log's folder or URL."""
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{_ENTRIES if self.level is None else self.level}/{index_path(self.index)}{partial}"

    @property
    def full(self) -> Tile:
        """The full tile or bundle at this place."""
        return Tile(self.level, self.index)


def index_path(index: int) -> str:
    """A tile's index as path elements of three digits."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def parse_tile_path(path: str) -> Tile | None:
    """The tile that a path names; ``None`` for any other path, and any other spelling."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = None if match["level"] == _ENTRIES else int(match["level"])
    tile = Tile(level, int(match["index"].replace("/", "").replace("x", "")), int(match["width"] or TILE_WIDTH))
    return tile if tile.path == path and tile.index <= MAX_SIZE else None


def partial_widths(size: int) -> Iterator[tuple[int, int]]:
    """For each level that a tree of this size has: the level, and how wide its last partial tile is (0: none)."""
    level = 0
    while size:
        yield level, size % TILE_WIDTH
        size >>= TILE_HEIGHT
        level += 1


def hashes_in(data: bytes, tile: Tile) -> list[bytes]:
    """The hashes in a tile.

    Raises:
        LogDamagedError: the tile has another width.
    """
    if len(data) != tile.width * HASH_BYTES:
        raise LogDamagedError(
            f"has {len(data)} bytes, and {tile.width} hashes have {tile.width * HASH_BYTES}",
            where=tile.path,
            mend="Restore the file from a copy, or have its owner do so.",
        )
    return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


def tile_roots(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of full tiles.

    Args:
        hashes: those of one or more full tiles, one after the other.
    """
    row: Sequence[bytes] = hashes
    for _ in range(TILE_HEIGHT):
        row = parents(row)
    return list(row)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle.

    Args:
        entries: up to 256, each at most 65,535 bytes.

    Raises:
        EntryTooLargeError: one is longer.
    """
    try:
        return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])
    except OverflowError:
        longest = max(map(len, entries))
        raise EntryTooLargeError(
            f"an entry has {longest} bytes, more than {MAX_ENTRY_BYTES}",
            where="entry",
            mend="Log a hash of it instead.",
        ) from None


def decode_bundle(data: bytes, tile: Tile) -> list[bytes]:
    """The entries in a bundle.

    Raises:
        LogDamagedError: the bytes are no bundle of that many entries.
    """
    entries: list[bytes] = []
    position = 0
    while position < len(data) and len(entries) <= tile.width:
        begin = position + 2
        position = begin + int.from_bytes(data[position:begin], "big")
        entries.append(data[begin:position])
    if position != len(data) or len(entries) != tile.width:
        raise LogDamagedError(
            f"is no bundle of {tile.width} entries",
            where=tile.path,
            mend="Restore the file from a copy, or have its owner do so.",
        )
    return entries
