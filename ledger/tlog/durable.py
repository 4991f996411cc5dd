"""Files that survive a crash: on disk whole and under their name, or not there at all.

Every change to the folder of a log or a witness goes through a :class:`Disk`, so that a test can stop it at any step.

Source: POSIX.1-2024, ``fsync`` and ``rename``: a file's content is durable once it is synced, its name once the folder
is; a rename replaces what had the name in one step.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_SYNCS_AT_ONCE: Final = 16  # a journal commits many files together if they are asked for together


class Disk:
    """The steps by which files are written."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder in one that exists; not yet durable."""
        folder.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, under a name that nobody looks at; not yet durable."""
        path.write_bytes(data)

    def sync(self, paths: Sequence[Path]) -> None:
        """Make the content of files durable, or the names in folders."""
        if len(paths) < 2:
            for path in paths:
                _sync(path)
            return
        with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
            list(pool.map(_sync, paths))

    def rename(self, path: Path, name: Path) -> None:
        """Give a file its name, in place of what had it; not yet durable."""
        path.replace(name)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it; not yet durable."""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


class DurableWriter:
    """Writes files that appear whole, or not at all.

    Args:
        staging: a folder on the same file system, for files that have not got their names yet.
        disk: takes the steps.
    """

    def __init__(self, staging: Path, disk: Disk) -> None:
        self.disk = disk
        self._staging = staging

    def clear(self) -> None:
        """Remove what an interrupted writer left half written, and be ready to write."""
        if self._staging.exists():
            self.disk.remove(self._staging)
        self.disk.make_folder(self._staging)

    def write(self, files: Iterable[tuple[Path, bytes]]) -> None:
        """Write files, each in place of what has its name; afterwards all of them are durable.

        Args:
            files: their places, and what is in them. Missing folders are made.

        Raises:
            OSError: the disk does not take them; some may be there.
        """
        staged = [(self._staging / str(number), path, data) for number, (path, data) in enumerate(files)]
        folders = list(dict.fromkeys(path.parent for _, path, _ in staged))
        changed = [parent for folder in folders for parent in make_folders(self.disk, folder)]
        for temporary, _, data in staged:
            self.disk.write(temporary, data)
        self.disk.sync([temporary for temporary, _, _ in staged])
        for temporary, path, _ in staged:
            self.disk.rename(temporary, path)
        self.disk.sync(list(dict.fromkeys([*folders, *changed])))


def make_folders(disk: Disk, folder: Path) -> list[Path]:
    """Make a folder and those above it where they are missing.

    Returns:
        The folders that have to be synced for this to be durable.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for part in reversed(missing):
        disk.make_folder(part)
    return [part.parent for part in missing]


class FileLock:
    """A lock that one writer has, among all processes and threads; the system frees it when its holder ends.

    Args:
        path: the lock's file; it is made where it is missing, and stays.
        wait: whether to wait for whoever has it.

    Raises:
        BlockingIOError: another has it, and waiting was not asked for.
        OSError: the file cannot be used.
    """

    def __init__(self, path: Path, *, wait: bool) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Give it back; once is enough, more does not matter."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
