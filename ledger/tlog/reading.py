"""Read a log from outside: its checkpoint, its entries, and proofs about them, wherever its files are.

::

    reader = LogReader(source_of("https://logs.example/events"), verifiers_of([parse_vkey(line)]))
    opened = reader.checkpoint()
    proof = reader.inclusion_proof(41, opened.checkpoint.size)

Only files that a verified checkpoint requires are asked for. A partial tile may be gone once it became full; then the
full one serves. What is read is not checked against the root here: a proof is checked by who verifies it, and a whole
log by :mod:`ledger.tlog.fsck`. Source: C2SP tlog-tiles.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError
from ledger.tlog.checkpoints import open_checkpoint
from ledger.tlog.errors import LogMissingError, ResourceMissingError
from ledger.tlog.merkle import HASH_BYTES, parents
from ledger.tlog.notes import MAX_NOTE_BYTES
from ledger.tlog.proving import Node, consistency_proof, inclusion_proof, tree_root
from ledger.tlog.tiles import (
    CHECKPOINT_PATH,
    MAX_BUNDLE_BYTES,
    TILE_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    decode_bundle,
    hashes_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.tlog.checkpoints import OpenedCheckpoint
    from ledger.tlog.notes import Verifier
    from ledger.tlog.sources import LogSource

_TILES_KEPT: Final = 64  # what some proofs in a row share; two megabytes


class LogReader:
    """Reads one log.

    Args:
        source: where its files are.
        verifiers: of the log's keys.
    """

    def __init__(self, source: LogSource, verifiers: Iterable[Verifier]) -> None:
        self._source = source
        self._verifiers = tuple(verifiers)

    def checkpoint(self) -> OpenedCheckpoint:
        """The checkpoint that the log shows now.

        Raises:
            LogMissingError: there is none.
            LogUnusableError: it cannot be read.
            NoteMalformedError, CheckpointMalformedError, SignatureWrongError, SignerUnknownError, OriginWrongError:
                it is no checkpoint that the log signed.
        """
        try:
            data = self._source.read(CHECKPOINT_PATH, MAX_NOTE_BYTES)
        except ResourceMissingError as error:
            raise LogMissingError(
                "there is no checkpoint, so no log", where=self._source.name, mend="Check the folder or the address."
            ) from error
        return open_checkpoint(data, self._verifiers)

    def entries(self, begin: int, end: int, size: int) -> Iterator[bytes]:
        """Entries, in their order.

        Args:
            begin: the first.
            end: the one after the last; not above the size.
            size: of a verified checkpoint.

        Raises:
            InputError: there are no such entries.
            ResourceMissingError, LogUnusableError: a bundle cannot be had.
            LogDamagedError: a bundle is none.
        """
        if not 0 <= begin <= end <= size:
            raise InputError(
                f"a log of {size} has no entries {begin} to {end}", where="index", mend="Give indexes below the size."
            )
        for index in range(begin // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = index * TILE_WIDTH
            tile = Tile(None, index, min(TILE_WIDTH, size - first))
            yield from read_bundle(self._source, tile)[max(begin - first, 0) : end - first]

    def root(self, size: int) -> bytes:
        """The root hash (32 bytes) that the log's tiles give for a size; raises as :class:`TileHashes`."""
        return tree_root(size, self.hashes(size))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that an entry is in the tree of a size; raises as :class:`TileHashes`, and of a wrong index."""
        return inclusion_proof(index, size, self.hashes(size))

    def consistency_proof(self, old_size: int, new_size: int) -> list[bytes]:
        """The proof that the log only grew from one size to another.

        Args:
            old_size: the smaller.
            new_size: the larger, of a verified checkpoint.

        Raises:
            InputError: the new size is below the old.
            ResourceMissingError, LogUnusableError, LogDamagedError: as :class:`TileHashes`.
        """
        return consistency_proof(old_size, new_size, self.hashes(new_size))

    def hashes(self, size: int) -> TileHashes:
        """The hashes of the log's tree of a size, for several proofs."""
        return TileHashes(self._source, size)


class TileHashes:
    """The hashes of a log's tree, from its tiles; the last tiles read are kept.

    Args:
        source: where the tiles are.
        size: of a verified checkpoint: the tree that is asked about.
    """

    def __init__(self, source: LogSource, size: int) -> None:
        self._source = source
        self._size = size
        self._kept: OrderedDict[Tile, list[list[bytes]]] = OrderedDict()

    def hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """The roots of perfect subtrees of the tree (32 bytes each).

        Raises:
            ResourceMissingError, LogUnusableError: a tile cannot be had.
            LogDamagedError: a tile has another width.
        """
        return [self._hash(node) for node in nodes]

    def _hash(self, node: Node) -> bytes:
        level, height = divmod(node.level, TILE_HEIGHT)
        index, place = divmod(node.offset, TILE_WIDTH >> height)
        width = min(TILE_WIDTH, (self._size >> TILE_HEIGHT * level) - index * TILE_WIDTH)
        return self._rows(Tile(level, index, width))[height][place]

    def _rows(self, tile: Tile) -> list[list[bytes]]:
        """The hashes in a tile, and those above them up to its own root."""
        rows = self._kept.get(tile)
        if rows is None:
            rows = [read_tile(self._source, tile)]
            while len(rows[-1]) > 1:
                rows.append(parents(rows[-1]))
            self._kept[tile] = rows
            if len(self._kept) > _TILES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(tile)
        return rows


def read_tile(source: LogSource, tile: Tile) -> list[bytes]:
    """The hashes in a tile.

    Raises:
        ResourceMissingError: neither it nor the full tile at its place is there.
        LogUnusableError: it cannot be read.
        LogDamagedError: it has another width.
    """
    try:
        return hashes_in(source.read(tile.path, TILE_BYTES), tile)
    except ResourceMissingError:
        if tile.width == TILE_WIDTH:
            raise
        data = source.read(tile.full.path, TILE_BYTES)
        hashes_in(data, tile.full)
        return hashes_in(data[: tile.width * HASH_BYTES], tile)


def read_bundle(source: LogSource, tile: Tile) -> list[bytes]:
    """The entries in a bundle.

    Raises:
        ResourceMissingError: neither it nor the full bundle at its place is there.
        LogUnusableError: it cannot be read.
        LogDamagedError: it is no bundle of that many entries.
    """
    try:
        return decode_bundle(source.read(tile.path, MAX_BUNDLE_BYTES), tile)
    except ResourceMissingError:
        if tile.width == TILE_WIDTH:
            raise
        return decode_bundle(source.read(tile.full.path, MAX_BUNDLE_BYTES), tile.full)[: tile.width]
