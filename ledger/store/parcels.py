"""Which parcels were given and received."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from ledger.store import schema
from ledger.store.records import Direction, ParcelRecord
from ledger.store.rows import require_same

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from ledger.store.rows import Transaction


class Parcels:
    """The parcels that a store knows of, by their SHA-256 and direction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, parcel: ParcelRecord) -> None:
        """Keep that a parcel was given or received; of the same parcel, the first time counts.

        Raises:
            StoreConflictError: the same file is kept as about another consignment, or of another party.
        """
        key = {"sha256": parcel.sha256, "direction": parcel.direction}
        row = self._transaction.row(schema.parcels, key)
        if row is None:
            self._transaction.insert(schema.parcels, asdict(parcel))
        else:
            kept = _record(row)
            require_same(kept, replace(parcel, at=kept.at), "parcel", key)

    def of_consignment(self, consignment: bytes) -> tuple[ParcelRecord, ...]:
        """The parcels about a consignment, oldest first."""
        columns = schema.parcels.c
        rows = self._transaction.rows(schema.parcels, {"consignment": consignment}, columns.at, columns.sha256)
        return tuple(_record(row) for row in rows)


def _record(row: RowMapping) -> ParcelRecord:
    return ParcelRecord(**{**row, "direction": Direction(row["direction"])})
