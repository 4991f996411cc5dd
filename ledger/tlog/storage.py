"""A log on disk, in the layout of tlog-tiles, and the one writer that lets it grow.

::

    LogWriter.create(folder, sign_checkpoint(empty_checkpoint(origin), [signer]), verifiers)
    with LogWriter(folder, verifiers) as log:
        appended = log.append(entries)
        log.publish(sign_checkpoint(log.checkpoint(), [signer]))

The folder can be served as it is::

    checkpoint                 the last published checkpoint
    tile/<L>/…, tile/entries/… tiles and entry bundles; full ones are never changed
    .state/lock                held by the writer
    .state/new/                what is being written, before it has its name

**What a crash leaves.** :meth:`LogWriter.append` writes only what lies beyond the checkpoint, and
:meth:`LogWriter.publish` the checkpoint last, after everything that it promises is durable. So the checkpoint on disk
always has its tree on disk. Whatever lies beyond it when a log is opened was never promised to anybody, and is removed.

**Publish before you show.** A checkpoint that a witness or the chain has seen must not be lost, or the log could never
grow from it again. So publish it here first with the log's signature alone, and again when it has cosignatures.

Sources: C2SP tlog-tiles, tlog-checkpoint.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from ledger.tlog.beyond import partials_outgrown, surplus
from ledger.tlog.checkpoints import Checkpoint, open_checkpoint
from ledger.tlog.durable import Disk, DurableWriter, FileLock, make_folders
from ledger.tlog.errors import (
    CheckpointRefusedError,
    LogBehindError,
    LogBusyError,
    LogDamagedError,
    LogTakenError,
    LogUnusableError,
    ResourceMissingError,
)
from ledger.tlog.integration import Edge, in_batches, integrate
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.reading import LogReader, read_bundle, read_tile
from ledger.tlog.sources import FolderSource
from ledger.tlog.tiles import (
    CHECKPOINT_PATH,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    partial_widths,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ledger.tlog.checkpoints import OpenedCheckpoint
    from ledger.tlog.notes import Note, Verifier

STATE: Final = ".state"
_TILES: Final = "tile"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of appending.

    Attributes:
        first: the index of the first entry that was appended.
        size: the number of entries in the log now.
        root: the root hash of its tree (32 bytes).
    """

    first: int
    size: int
    root: bytes


class LogWriter:
    """The writer of a log; there is one at a time, and readers need not wait for it.

    Args:
        folder: the log's.
        verifiers: of the log's keys, which every checkpoint that is published has to be signed with.
        recorded_size: the size that others have on record of this log. Where it has fewer entries, an older copy was
            put in its place, and nothing is touched.
        disk: takes the steps.

    Raises:
        LogMissingError: there is no log.
        LogBusyError: another writer has it.
        LogBehindError: it is shorter than the recorded size.
        LogDamagedError: its files do not fit its checkpoint.
        LogUnusableError: the folder cannot be used.
        NoteMalformedError, CheckpointMalformedError, SignatureWrongError, SignerUnknownError, OriginWrongError:
            its checkpoint is none that the log signed.
    """

    def __init__(
        self, folder: Path, verifiers: Sequence[Verifier], *, recorded_size: int = 0, disk: Disk | None = None
    ) -> None:
        self.folder = folder
        self._verifiers = tuple(verifiers)
        self._source = FolderSource(folder)
        reader = LogReader(self._source, self._verifiers)
        reader.checkpoint()  # nothing is made in a folder that holds no log
        self._files = DurableWriter(folder / STATE / "new", disk or Disk())
        self._usable = self._beyond = True
        self._lock = _locked(folder)
        try:
            self._published = reader.checkpoint()
            self._require_recorded(recorded_size)
            self._edge = self._read_edge()
            with _use_of(folder):
                self._files.clear()
                self._files.disk.sync([folder])  # the checkpoint's name, if a crash came before that
            self._remove_beyond()
        except BaseException:
            self._lock.release()
            raise

    @classmethod
    def create(
        cls, folder: Path, checkpoint: Note, verifiers: Sequence[Verifier], *, disk: Disk | None = None
    ) -> LogWriter:
        """Make a new log.

        Args:
            folder: where; it is made, and must not hold a log.
            checkpoint: the empty log's, signed (:func:`ledger.tlog.checkpoints.empty_checkpoint`).
            verifiers: of the log's keys.
            disk: takes the steps.

        Raises:
            LogTakenError: there is a log, or a part of one.
            CheckpointRefusedError: the checkpoint is not an empty log's.
            LogBusyError, LogUnusableError: as :class:`LogWriter`.
            SignatureWrongError, SignerUnknownError, OriginWrongError: the checkpoint is not signed by the log.
        """
        opened = open_checkpoint(checkpoint, verifiers)
        if opened.checkpoint != Checkpoint(opened.checkpoint.origin, 0, Edge().root(), opened.checkpoint.extensions):
            raise CheckpointRefusedError(
                f"a new log has 0 entries, not {opened.checkpoint.size}",
                where="checkpoint",
                mend="Sign the checkpoint of the empty log.",
            )
        files = DurableWriter(folder / STATE / "new", disk or Disk())
        with _use_of(folder):
            files.disk.sync(make_folders(files.disk, folder))
        with _locked(folder):
            for name in (CHECKPOINT_PATH, _TILES):
                if (folder / name).exists():
                    raise LogTakenError(
                        "is there already",
                        where=str(folder / name),
                        mend="Choose another folder; if the log lost its checkpoint, restore that from a copy.",
                    )
            with _use_of(folder):
                files.clear()
                files.write([(folder / CHECKPOINT_PATH, checkpoint.data())])
        return cls(folder, verifiers, disk=disk)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._published.checkpoint.origin

    @property
    def size(self) -> int:
        """The number of entries, with those that are not published yet."""
        return self._edge.size

    @property
    def published(self) -> OpenedCheckpoint:
        """The checkpoint that readers see."""
        return self._published

    def checkpoint(self) -> Checkpoint:
        """The log's checkpoint with all that was appended: to be signed, and given to :meth:`publish`."""
        return Checkpoint(self.origin, self._edge.size, self._edge.root())

    def append(self, entries: Iterable[bytes]) -> Appended:
        """Give entries their indexes and work them into the tree. Readers see them once they are published.

        Args:
            entries: any number, each at most 65,535 bytes; an iterator is read in batches of bounded size.

        Returns:
            Their first index, and what to sign.

        Raises:
            EntryTooLargeError: an entry is longer; none of them was appended.
            LogUnusableError: the disk does not take them; none of them was appended.
        """
        self._remove_beyond()
        before = self._edge
        self._beyond = True
        try:
            for batch in in_batches(entries):
                self._edge, files = integrate(self._edge, batch)
                with _use_of(self.folder):
                    self._files.write((self.folder / tile.path, data) for tile, data in files)
        except BaseException:
            self._edge = before
            raise
        self._beyond = False
        return Appended(before.size, self._edge.size, self._edge.root())

    def publish(self, checkpoint: Note) -> None:
        """Let readers see what was appended. Once this returns, it is durable.

        Args:
            checkpoint: :meth:`checkpoint`, signed; that which is published already may come again with more
                signatures.

        Raises:
            NoteMalformedError: nobody could read it again, as with too many signatures; nothing was written.
            CheckpointRefusedError: it is not the checkpoint of what was appended.
            SignatureWrongError, SignerUnknownError, OriginWrongError: it is not signed by the log.
            LogUnusableError: the disk does not take it; open the log again to see which checkpoint it has.
        """
        data = checkpoint.data()
        opened = open_checkpoint(data, self._verifiers, origin=self.origin)
        expected = self.checkpoint()
        if (opened.checkpoint.size, opened.checkpoint.root) != (expected.size, expected.root):
            raise CheckpointRefusedError(
                f"it is of {opened.checkpoint.size} entries with root {opened.checkpoint.root.hex()}; "
                f"the log has {expected.size} with root {expected.root.hex()}",
                where="checkpoint",
                mend="Sign what checkpoint() gives, after appending.",
            )
        self._remove_beyond()
        self._usable = False  # until it is certain which checkpoint the disk has
        with _use_of(self.folder):
            self._files.write((self.folder / tile.path, data) for tile, data in self._edge.files())
            self._files.write([(self.folder / CHECKPOINT_PATH, data)])
        self._usable = True
        outgrown = partials_outgrown(self._published.checkpoint.size, expected.size)
        self._published = opened
        self._remove_partials(outgrown)

    def close(self) -> None:
        """Let another write. What was appended and not published is gone."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _require_recorded(self, recorded_size: int) -> None:
        size = self._published.checkpoint.size
        if size < recorded_size:
            raise LogBehindError(
                f"has {size} entries, and others have {recorded_size} on record",
                where=str(self.folder),
                mend="Restore the newest copy of the whole folder; nothing was touched.",
            )

    def _read_edge(self) -> Edge:
        size, root = self._published.checkpoint.size, self._published.checkpoint.root
        try:
            levels = [
                tuple(read_tile(self._source, Tile(level, size >> TILE_HEIGHT * (level + 1), width)) if width else ())
                for level, width in partial_widths(size)
            ]
            width = size % TILE_WIDTH
            entries = read_bundle(self._source, Tile(None, size // TILE_WIDTH, width)) if width else []
        except ResourceMissingError as error:
            raise self._damaged(f"{error.where} is missing") from error
        edge = Edge(size, tuple(entries), tuple(levels))
        if edge.root() != root or (width and tuple(leaf_hashes(entries)) != levels[0]):
            raise self._damaged("the last tiles do not fit it")
        return edge

    def _damaged(self, problem: str) -> LogDamagedError:
        return LogDamagedError(
            f"the files do not fit the checkpoint of {self._published.checkpoint.size} entries: {problem}",
            where=str(self.folder),
            mend="Restore the folder from a copy; nothing was touched.",
        )

    def _remove_beyond(self) -> None:
        """Remove what an interrupted append left, here or before the log was opened."""
        if not self._usable:
            raise LogUnusableError(
                "the last checkpoint may or may not be on disk",
                where=str(self.folder),
                mend="Close the log, see to the disk, and open the log again.",
            )
        if self._beyond:
            with _use_of(self.folder):
                published = self._published.checkpoint.size
                for path in list(surplus(self.folder / _TILES, published, self._edge.size)):
                    self._files.disk.remove(path)
            self._beyond = False

    def _remove_partials(self, outgrown: Iterable[Tile]) -> None:
        """Remove partial tiles that became full, as logs may: whoever misses one reads the full tile."""
        for tile in outgrown:
            path = self.folder / tile.path
            partials = path.with_name(f"{path.name}.p")
            try:
                if partials.exists():
                    self._files.disk.remove(partials)
            except OSError as error:
                _log.warning("an outgrown partial tile stays", extra={"path": str(partials), "error": str(error)})


@contextmanager
def _use_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LogUnusableError(
            f"cannot be used: {error.strerror}",
            where=str(error.filename or folder),
            mend="Check path, owner and free space.",
        ) from error


def _locked(folder: Path) -> FileLock:
    with _use_of(folder):
        (folder / STATE).mkdir(exist_ok=True)
        try:
            return FileLock(folder / STATE / "lock", wait=False)
        except BlockingIOError:
            raise LogBusyError(
                "another process or thread writes to this log",
                where=str(folder),
                mend="Wait until it ends, or give the work to it; a log has one writer at a time.",
            ) from None
