"""The SQLite file under a store: made, recognised, opened, and its failures told apart.

Every commit is on disk when it returns (write-ahead log, ``synchronous=FULL``); one process writes at a time, others
wait for it; readers see the last commit. Source: SQLite, "Write-Ahead Logging", "Result and Error Codes".
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DBAPIError

from ledger.store.errors import (
    NotAStoreError,
    StoreDamagedError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreUnusableError,
)
from ledger.tlog.durable import Disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from ledger.errors import LedgerError

APPLICATION_ID: Final = 0x5342_4C31  # "SBL1", in the file's header: tells a store from other SQLite files
CACHE_KIBIBYTES: Final = 96 * 1024
"""The most memory for pages: the indexes by hashes of a million events are written all over, and 2 MB would thrash."""
_MAGIC: Final = b"SQLite format 3\0"
_PRIMARY_CODE: Final = 0xFF  # an extended result code has its primary code in the lowest byte

_FAILURES: Final[dict[int, tuple[Callable[..., LedgerError], str, str]]] = {
    sqlite3.SQLITE_READONLY: (StoreReadOnlyError, "may not be written", "Check who owns it, and its permissions."),
    sqlite3.SQLITE_PERM: (StoreReadOnlyError, "may not be used", "Check who owns it, and its permissions."),
    sqlite3.SQLITE_FULL: (StoreFullError, "has no room left", "Free some space, then do it again."),
    sqlite3.SQLITE_BUSY: (StoreLockedError, "is being written by another process", "Wait for it, then do it again."),
    sqlite3.SQLITE_LOCKED: (StoreLockedError, "is in use", "Wait, then do it again."),
    sqlite3.SQLITE_NOTADB: (NotAStoreError, "is no store", "Check the path."),
    sqlite3.SQLITE_CORRUPT: (StoreDamagedError, "is damaged", "Restore it from a copy."),
}


def prepare_file(path: Path) -> None:
    """Make the file where it is missing (mode 0600, folder 0700), and refuse one that is something else.

    Raises:
        NotAStoreError: the file is no store; it is left as it is.
        StoreReadOnlyError, StoreLockedError, StoreFullError, StoreUnusableError: it cannot be used.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        os.close(os.open(path, os.O_RDWR))
        with path.open("rb") as file:
            header = file.read(100)
    except PermissionError:
        raise _failure(sqlite3.SQLITE_READONLY, path) from None
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    if not header:
        _mark_as_store(path)
    elif not header.startswith(_MAGIC) or header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise _failure(sqlite3.SQLITE_NOTADB, path)


def open_engine(path: Path, busy_timeout_seconds: float) -> Engine:
    """An engine over the file, with the settings that the promises of this module rest on."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout_seconds},
        hide_parameters=True,
        pool_size=0,  # as many connections as there are threads at work: none waits for another's to read
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def telling_failures_apart(path: Path) -> Iterator[None]:
    """Turn SQLite's failures into the store's own errors."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if code in _FAILURES:
            raise _failure(code, path) from error
        raise _unusable(path, str(cause)) from error


def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection, untyped in SQLAlchemy
    connection.isolation_level = None  # transactions begin where _begin says, not at the first write
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIBIBYTES}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # A writer takes its turn at once: one that begins as a reader may find, too late, that another was first.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make(path: Path) -> None:
    """Make the file under another name, and give it its own once it is a store: a crash leaves no half of one."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        _mark_as_store(new)
        try:
            path.hardlink_to(new)
        except FileExistsError:
            pass  # another process was faster
        except OSError:  # a file system without hard links
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    Disk().sync([path.parent])


def _mark_as_store(path: Path) -> None:
    with telling_failures_apart(path), closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _failure(code: int, path: Path) -> LedgerError:
    error, problem, mend = _FAILURES[code]
    return error(f"the store {problem}", where=str(path), mend=mend)


def _unusable(path: Path, cause: str) -> StoreUnusableError:
    return StoreUnusableError(
        f"the store cannot be used: {cause}", where=str(path), mend="Check the path, the disk and its free space."
    )
