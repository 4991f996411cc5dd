"""Files that only their owner may read: written whole or not at all, never over another, refused when exposed."""

from __future__ import annotations

import os
import stat
from errno import ENOTDIR
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final

from ledger.identity.errors import FileExposedError, FileTakenError, FileUnusableError, KeystoreMissingError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SIZE_BYTES: Final = 64 * 1024  # a key file has about 500 bytes; a larger one is something else
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def read_private(path: Path) -> bytes:
    """The content of a file that only its owner can read.

    Args:
        path: the file; at most :data:`MAX_SIZE_BYTES`.

    Raises:
        KeystoreMissingError: there is no such file.
        FileExposedError: others than its owner may read or write it.
        FileUnusableError: it is no file, is too large, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            _require_unexposed(path, os.fstat(file.fileno()), "600")
            content = file.read(MAX_SIZE_BYTES + 1)
    except FileNotFoundError:
        raise KeystoreMissingError(
            "there is no such file", where=str(path), mend="Check the path, or create a key first."
        ) from None
    except OSError as error:
        raise FileUnusableError(
            f"cannot be read: {error.strerror}", where=str(path), mend="Check path and owner."
        ) from error
    if len(content) > MAX_SIZE_BYTES:
        raise FileUnusableError(
            f"is larger than {MAX_SIZE_BYTES} bytes, which no secret file is", where=str(path), mend="Check the path."
        )
    return content


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read; all of it is on disk, under its name, or nothing is.

    The folder is made where it is missing (mode 0700). An existing file is never overwritten.

    Raises:
        FileTakenError: there is a file of that name.
        FileExposedError: others can look into the folder.
        FileUnusableError: the folder or the file cannot be written.
    """
    _write(path, content, os.link)  # unlike a rename, a link fails where the name is taken


def replace_private(path: Path, content: bytes) -> None:
    """As :func:`write_private`, but in place of the file of that name, in one step."""
    _write(path, content, os.replace)


def _write(path: Path, content: bytes, publish: Callable[[str, Path], None]) -> None:
    try:
        _make_private_folder(path.parent)
        _write_whole(path, content, publish)
    except FileExistsError:
        raise FileTakenError(
            "exists already and is not overwritten",
            where=str(path),
            mend="Choose another place, or move it away first.",
        ) from None
    except OSError as error:
        raise FileUnusableError(
            f"cannot be written: {error.strerror}", where=str(path), mend="Check path, owner and free space."
        ) from error


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from error
    _require_unexposed(folder, folder.stat(), "700")


def _write_whole(path: Path, content: bytes, publish: Callable[[str, Path], None]) -> None:
    descriptor, name = mkstemp(prefix=".", suffix=".new", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        publish(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_unexposed(path: Path, status: os.stat_result, mode: str) -> None:
    if status.st_mode & _OTHERS:
        raise FileExposedError(
            f"others may use it (mode {stat.S_IMODE(status.st_mode):o})",
            where=str(path),
            mend=f"Run: chmod {mode} {path}. If others could have read it, replace the keys in it.",
        )
