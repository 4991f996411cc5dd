"""A store's rows as they lie in the file, read for whoever trusts none of them.

The repositories stop at the first thing that is not what was written. An auditor goes on: it reads every row, opens
what is sealed, and says of each what is wrong. The file is opened for reading only, and nothing is brought up to date.
Light to import: processes that audit start by the dozen.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote

from ledger.store.errors import NotAStoreError, StoreDamagedError, StoreUnusableError, WrongStoreKeyError
from ledger.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READABLE_REVISION: Final = "0003"
"""The revision whose tables are read here; a test holds it to the schema's."""

_KEY_CHECK: Final = ("properties.value", b"key check")
_FETCHED_AT_ONCE: Final = 64


class RawStore:
    """A store's file, open for reading.

    Args:
        path: the file.
        key: the store key (32 bytes).

    Raises:
        NotAStoreError: there is no such file, or it is something else.
        WrongStoreKeyError: it was closed with another key.
        StoreUnusableError: it cannot be read, or is of another version.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._vault = Vault(key)
        if not path.is_file():
            raise NotAStoreError("there is no store", where=str(path), mend="Check the home's folder.")
        try:
            self._connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        try:
            self._require_readable()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, a few at a time.

        Raises:
            StoreUnusableError: the file cannot be read further.
        """
        try:
            cursor = self._connection.execute(query, values)
            while some := cursor.fetchmany(_FETCHED_AT_ONCE):
                yield from some
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def number(self, query: str, *values: object) -> int:
        """The number that a query gives; 0 where it gives none."""
        found = next(self.rows(query, *values), (None,))[0]
        return found if isinstance(found, int) else 0

    def unseal(self, sealed: object, place: str, row: object) -> bytes:
        """What is in a sealed column.

        Args:
            sealed: the column's value, whatever it is.
            place: ``table.column``.
            row: the row's key, whatever it is.

        Raises:
            StoreDamagedError: it was not sealed for this place under this key.
        """
        if not isinstance(sealed, bytes) or not isinstance(row, bytes):
            raise StoreDamagedError(
                "a confidential value or its key is no bytes", where=place, mend="Restore the store from a copy."
            )
        return self._vault.unseal(sealed, place, row)

    def _require_readable(self) -> None:
        try:
            revisions = [row[0] for row in self.rows("SELECT version_num FROM alembic_version")]
            sealed = [row[0] for row in self.rows("SELECT sealed_value FROM properties WHERE name = 'key check'")]
        except StoreUnusableError as error:
            raise NotAStoreError(
                f"is no store: {error.message}", where=str(self.path), mend="Check the home's folder."
            ) from error
        if revisions != [READABLE_REVISION]:
            raise StoreUnusableError(
                f"is at revision {', '.join(map(str, revisions)) or 'none'}, and this program reads "
                f"{READABLE_REVISION}",
                where=str(self.path),
                mend="Open it once with the program of its version, which brings it up to date.",
            )
        try:
            self.unseal(sealed[0] if sealed else None, *_KEY_CHECK)
        except StoreDamagedError:
            raise WrongStoreKeyError(
                "the store was closed with another key",
                where=str(self.path),
                mend="Open it with the keystore of the member whose store it is.",
            ) from None

    def _unusable(self, error: sqlite3.Error) -> StoreUnusableError:
        return StoreUnusableError(
            f"the store cannot be read: {error}",
            where=str(self.path),
            mend="Restore it from a copy, or check the disk.",
        )
