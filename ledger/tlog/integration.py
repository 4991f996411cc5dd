"""Integration: what a log's tree and files become when entries are appended. Pure: nothing is read or written.

A log grows in three steps. *Sequencing* gives each entry its index: the order of appending. *Integration* works the
entries into the tree: full tiles and bundles are final and can be written at once, the right edge stays in memory.
*Publication* writes the edge as partial tiles, and then the checkpoint (:mod:`ledger.tlog.storage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from ledger.tlog.merkle import Frontier, fold, leaf_hashes
from ledger.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, encode_bundle, tile_roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BATCH_ENTRIES: Final = 64 * TILE_WIDTH  # how many entries are worked in, and written, at once
BATCH_BYTES: Final = 16 * 1024 * 1024  # and how many bytes of them, so that long entries need no more memory


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log: all that is needed to append to it, at most 255 entries and 255 hashes a level.

    Attributes:
        size: the number of entries in the log.
        entries: those that do not fill a bundle yet.
        levels: for each level of tiles, the hashes that do not fill a tile yet.
    """

    size: int = 0
    entries: tuple[bytes, ...] = ()
    levels: tuple[tuple[bytes, ...], ...] = ()

    def root(self) -> bytes:
        """The root hash of the tree (32 bytes)."""
        subtrees: list[bytes] = []
        for level in reversed(self.levels):
            subtrees.extend(node for node in reversed(Frontier().extended(level).edge) if node is not None)
        return fold(subtrees)

    def files(self) -> list[tuple[Tile, bytes]]:
        """The partial tiles and the partial bundle of a log of this size."""
        files = [
            (Tile(level, self.size >> TILE_HEIGHT * (level + 1), len(hashes)), b"".join(hashes))
            for level, hashes in enumerate(self.levels)
            if hashes
        ]
        if self.entries:
            files.append((Tile(None, self.size // TILE_WIDTH, len(self.entries)), encode_bundle(self.entries)))
        return files


def integrate(edge: Edge, entries: Sequence[bytes]) -> tuple[Edge, list[tuple[Tile, bytes]]]:
    """Work entries into a log.

    Args:
        edge: the log before.
        entries: what is appended.

    Returns:
        The log after, and the bundles and tiles that became full.

    Raises:
        EntryTooLargeError: an entry is longer than a bundle can hold.
    """
    waiting, files = _fill_bundles(edge, entries)
    levels = []
    row = leaf_hashes(entries)
    for level in count():
        if not row and level >= len(edge.levels):
            break
        before = edge.levels[level] if level < len(edge.levels) else ()
        row = [*before, *row]
        full = len(row) - len(row) % TILE_WIDTH
        first = edge.size >> TILE_HEIGHT * (level + 1)
        files.extend(
            (Tile(level, first + start // TILE_WIDTH), b"".join(row[start : start + TILE_WIDTH]))
            for start in range(0, full, TILE_WIDTH)
        )
        levels.append(tuple(row[full:]))
        row = tile_roots(row[:full])
    return Edge(edge.size + len(entries), waiting, tuple(levels)), files


def in_batches(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Entries in batches that fit into memory, whatever their number and lengths."""
    remaining = iter(entries)
    while batch := list(_as_many_as_fit(remaining)):
        yield batch


def _as_many_as_fit(entries: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for entry in islice(entries, BATCH_ENTRIES):
        yield entry
        total += len(entry)
        if total >= BATCH_BYTES:
            return


def _fill_bundles(edge: Edge, entries: Sequence[bytes]) -> tuple[tuple[bytes, ...], list[tuple[Tile, bytes]]]:
    row = [*edge.entries, *entries]
    full = len(row) - len(row) % TILE_WIDTH
    first = edge.size // TILE_WIDTH
    bundles = [
        (Tile(None, first + start // TILE_WIDTH), encode_bundle(row[start : start + TILE_WIDTH]))
        for start in range(0, full, TILE_WIDTH)
    ]
    waiting = tuple(row[full:])
    encode_bundle(waiting)  # refuses what could not be written later
    return waiting, bundles
