"""What a witness has on record: for each log the last checkpoint that it cosigned, and conflicts.

::

    witness                          says that this is the record of a witness
    <SHA-256 of the origin>/
        checkpoint                   the last checkpoint cosigned, with the log's signatures and the witness's
        lock                         held while one request is decided
        new/                         what is being written
        conflicts/<size>-<root>.cosigned, .shown      a log's contradiction (ledger.tlog.conflicts)
        unproven/<size>-<root>.cosigned, .shown       a signed checkpoint whose proof did not verify

A witness that loses its record would cosign a forked log. So an empty record is made on purpose (:meth:`create`), never
by opening a folder that happens to be empty. Source: C2SP tlog-witness.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self

from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.conflicts import Conflict
from ledger.tlog.durable import Disk, DurableWriter, FileLock, make_folders
from ledger.tlog.errors import CheckpointMalformedError, LogTakenError, NoteMalformedError, WitnessStateError
from ledger.tlog.notes import parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Note

MAX_CONFLICTS: Final = 64  # of one log and kind: the first convict it, and more would only fill the disk
_MARK: Final = "witness"
_MARK_TEXT: Final = b"smartborder witness record v1\n"
_NEW: Final = "new"
_PROVEN: Final = "conflicts"
_UNPROVEN: Final = "unproven"
_ORIGIN_HASH: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_log = logging.getLogger(__name__)


def origin_hash(origin: str) -> str:
    """The name of a log in URLs and in the record: SHA-256 of its origin, in hexadecimal digits."""
    return sha256(origin.encode()).hexdigest()


class WitnessState:
    """The record of a witness; many threads and processes may use it.

    Args:
        folder: where it is.
        disk: takes the steps.

    Raises:
        WitnessStateError: there is no record of a witness.
    """

    def __init__(self, folder: Path, *, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()
        with _use_of(folder):
            if not (folder / _MARK).exists():
                raise WitnessStateError(
                    "there is no record of a witness here",
                    where=str(folder),
                    mend="Check the path. Make an empty record only for a witness with a new key: with an old key it "
                    "could cosign what contradicts its earlier cosignatures.",
                )

    @classmethod
    def create(cls, folder: Path, *, disk: Disk | None = None) -> Self:
        """Make the empty record of a new witness.

        Raises:
            LogTakenError: there is something in the folder.
            WitnessStateError: it cannot be made.
        """
        steps = disk or Disk()
        with _use_of(folder):
            steps.sync(make_folders(steps, folder))
            if any(path.name != _NEW for path in folder.iterdir()):
                raise LogTakenError("is not empty", where=str(folder), mend="Choose another folder.")
            writer = DurableWriter(folder / _NEW, steps)
            writer.clear()
            writer.write([(folder / _MARK, _MARK_TEXT)])
        return cls(folder, disk=disk)

    @contextmanager
    def deciding(self, origin: str) -> Iterator[LogRecord]:
        """The record of one log, for one decision: until it is left, nobody else decides about that log.

        Raises:
            WitnessStateError: it cannot be used.
        """
        folder = self._folder(origin)
        with _use_of(folder):
            self._disk.sync(make_folders(self._disk, folder))
            lock = FileLock(folder / "lock", wait=True)
        with lock:
            yield LogRecord(folder, self._disk)

    def checkpoint(self, hashed_origin: str) -> bytes | None:
        """The last checkpoint cosigned of the log with this :func:`origin_hash`, for monitors; ``None``: there is none.

        Raises:
            WitnessStateError: it cannot be read.
        """
        if not _ORIGIN_HASH.fullmatch(hashed_origin):
            return None
        return _read(self.folder / hashed_origin / "checkpoint")

    def conflicts(self, origin: str) -> list[Conflict]:
        """What was kept against a log, the proven first.

        Raises:
            WitnessStateError: it cannot be read.
        """
        folder = self._folder(origin)
        return [
            *_conflicts(folder / _PROVEN, proven=True),
            *_conflicts(folder / _UNPROVEN, proven=False),
        ]

    def _folder(self, origin: str) -> Path:
        return self.folder / origin_hash(origin)


class LogRecord:
    """The record of one log, in the hands of who decides; made by :meth:`WitnessState.deciding`."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._writer = DurableWriter(folder / _NEW, disk)

    def latest(self) -> Note | None:
        """The last checkpoint cosigned; ``None``: there is none yet.

        Raises:
            WitnessStateError: it cannot be read, or is damaged.
        """
        path = self._folder / "checkpoint"
        data = _read(path)
        if data is None:
            return None
        try:
            note = parse_note(data)
            read_checkpoint(note)
        except (NoteMalformedError, CheckpointMalformedError) as error:
            raise WitnessStateError(
                f"is damaged: {error.message}", where=str(path), mend="Restore the newest copy, never an older one."
            ) from error
        return note

    def keep(self, cosigned: Note) -> None:
        """Put a cosigned checkpoint on record; once this returns, it is durable.

        Raises:
            WitnessStateError: it cannot be written.
        """
        checkpoint = read_checkpoint(cosigned)
        with _use_of(self._folder):
            self._writer.clear()
            self._writer.write([(self._folder / "checkpoint", cosigned.data())])
            for path in _pair(self._folder / _UNPROVEN, checkpoint):  # a good proof has come since
                if path.exists():
                    self._writer.disk.remove(path)

    def keep_conflict(self, conflict: Conflict, shown: Checkpoint) -> None:
        """Keep what convicts a log, or may do so. The same is kept once.

        Args:
            conflict: what to keep.
            shown: the checkpoint that contradicts.

        Raises:
            WitnessStateError: it cannot be written.
        """
        folder = self._folder / (_PROVEN if conflict.proven else _UNPROVEN)
        cosigned_path, shown_path = _pair(folder, shown)
        with _use_of(folder):
            if shown_path.exists():
                return
            if folder.exists() and sum(1 for _ in folder.iterdir()) >= 2 * MAX_CONFLICTS:
                _log.warning("a conflict was not kept: there are enough", extra={"folder": str(folder)})
                return
            self._writer.clear()
            self._writer.write([(cosigned_path, conflict.cosigned)])
            self._writer.write([(shown_path, conflict.shown)])


def _pair(folder: Path, shown: Checkpoint) -> tuple[Path, Path]:
    name = f"{shown.size}-{shown.root.hex()}"
    return folder / f"{name}.cosigned", folder / f"{name}.shown"


def _conflicts(folder: Path, *, proven: bool) -> Iterator[Conflict]:
    with _use_of(folder):
        paths = sorted(folder.glob("*.shown"))
    for path in paths:
        cosigned, shown = _read(path.with_suffix(".cosigned")), _read(path)
        if cosigned is not None and shown is not None:
            yield Conflict(cosigned, shown, proven)


def _read(path: Path) -> bytes | None:
    with _use_of(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


@contextmanager
def _use_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WitnessStateError(
            f"cannot be used: {error.strerror}",
            where=str(error.filename or path),
            mend="Check path, owner and free space.",
        ) from error
