"""The store of one member: what it recorded, what it was given, and what it is about to send.

Example::

    with Store.open(path, keyring.store_key()) as store:
        with store.write() as kept:             # one transaction: all of it or nothing
            kept.consignments.keep_reference(reference)
            kept.statements.keep(signed, domain)
        with store.read() as kept:
            kept.statements.unsettled()
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from ledger.errors import LedgerError
from ledger.store import schema
from ledger.store.consignments import Consignments
from ledger.store.database import open_engine, prepare_file, telling_failures_apart
from ledger.store.documents import Documents
from ledger.store.errors import StoreDamagedError, WrongStoreKeyError
from ledger.store.event_logs import EventLogs
from ledger.store.migration import current_revision, migrate
from ledger.store.parcels import Parcels
from ledger.store.rows import Transaction
from ledger.store.statements import Statements
from ledger.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Engine

BUSY_TIMEOUT_SECONDS: Final = 10.0
_KEY_CHECK: Final = "key check"
_KEY_CHECK_PLACE: Final = "properties.value"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store holds, within one transaction."""

    documents: Documents
    consignments: Consignments
    statements: Statements
    parcels: Parcels
    event_logs: EventLogs


class Store:
    """A store in one file. Safe for several threads and processes; one writes at a time."""

    def __init__(self, path: Path, engine: Engine, vault: Vault) -> None:
        self.path = path
        self._engine = engine
        self._vault = vault

    @classmethod
    def open(cls, path: Path, key: bytes, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Self:
        """Open a store, making it where there is none, and bringing an older one up to date.

        Args:
            path: the file.
            key: the store key (32 bytes; :meth:`ledger.identity.keys.Keyring.store_key`).
            busy_timeout_seconds: how long to wait for another process that writes.

        Raises:
            NotAStoreError: the file is something else.
            WrongStoreKeyError: it was closed with another key.
            StoreTooNewError: a later version of this software wrote it.
            StoreReadOnlyError, StoreFullError, StoreLockedError, StoreDamagedError, StoreUnusableError: it cannot be
                used; it is left as it was.
        """
        vault = Vault(key)
        prepare_file(path)
        store = cls(path, open_engine(path, busy_timeout_seconds), vault)
        try:
            store._bring_up_to_date()
        except LedgerError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Kept]:
        """What the store holds now, unmoved by what others write meanwhile.

        Raises:
            StoreDamagedError, StoreUnusableError: the file cannot be read.
        """
        with self._transaction(writes=False) as transaction:
            yield _kept(transaction)

    @contextmanager
    def write(self) -> Iterator[Kept]:
        """A transaction: all that is written in it is on disk at its end, or nothing of it after an error.

        Raises:
            StoreReadOnlyError, StoreFullError, StoreLockedError, StoreDamagedError, StoreUnusableError: nothing was
                written.
        """
        with self._transaction(writes=True) as transaction:
            yield _kept(transaction)

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Transaction]:
        with (
            telling_failures_apart(self.path),
            self._engine.connect().execution_options(writes=writes) as connection,
            connection.begin(),
        ):
            yield Transaction(connection, self._vault)

    def _bring_up_to_date(self) -> None:
        with self._transaction(writes=False) as transaction:
            newest = current_revision(transaction.connection) == schema.HEAD_REVISION
        if not newest:
            with self._transaction(writes=True) as transaction:
                self._migrate(transaction)
        with self._transaction(writes=False) as transaction:
            self._require_key(transaction)

    def _migrate(self, transaction: Transaction) -> None:
        is_new = current_revision(transaction.connection) is None
        if not is_new:
            self._require_key(transaction)
        migrate(transaction.connection)
        if is_new:
            sealed = self._vault.seal(b"", _KEY_CHECK_PLACE, _KEY_CHECK.encode())
            transaction.insert(schema.properties, {"name": _KEY_CHECK, "sealed_value": sealed})

    def _require_key(self, transaction: Transaction) -> None:
        row = transaction.required(schema.properties, {"name": _KEY_CHECK}, "key check", "Restore the store.")
        try:
            self._vault.unseal(row["sealed_value"], _KEY_CHECK_PLACE, _KEY_CHECK.encode())
        except StoreDamagedError:
            raise WrongStoreKeyError(
                "the store was closed with another key",
                where=str(self.path),
                mend="Open it with the keystore of the member whose store it is.",
            ) from None


def _kept(transaction: Transaction) -> Kept:
    return Kept(
        Documents(transaction),
        Consignments(transaction),
        Statements(transaction),
        Parcels(transaction),
        EventLogs(transaction),
    )
