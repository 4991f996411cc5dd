"""Rows written once: the same again changes nothing, something different under the same key is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import insert, select

from ledger.store.errors import NotKeptError, StoreConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from ledger.store.vault import Vault

_ASKED_AT_ONCE: Final = 500
"""How many values one query names: SQLite before 3.32 takes at most 999."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the repositories of one transaction share."""

    connection: Connection
    vault: Vault

    def row(self, table: Table, key: Mapping[str, Any]) -> RowMapping | None:
        """The row with this key, if there is one."""
        return self.connection.execute(select(table).where(*_matches(table, key))).mappings().one_or_none()

    def required(self, table: Table, key: Mapping[str, Any], what: str, mend: str) -> RowMapping:
        """The row with this key.

        Raises:
            NotKeptError: there is none.
        """
        row = self.row(table, key)
        if row is None:
            raise NotKeptError(f"the store holds no {what}", where=shown(key), mend=mend)
        return row

    def rows(self, table: Table, key: Mapping[str, Any], *order: ColumnElement[Any]) -> list[RowMapping]:
        """The rows with these values, in this order."""
        query = select(table).where(*_matches(table, key)).order_by(*order)
        return list(self.connection.execute(query).mappings())

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """Add a row."""
        self.connection.execute(insert(table).values(dict(values)))

    def insert_many(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows.

        Args:
            table: where.
            columns: whose values the rows have, in this order.
            rows: the values, of types that the driver takes as they are.
        """
        if rows:
            statement = insert(table).compile(dialect=self.connection.dialect, column_keys=list(columns))
            places = [columns.index(name) for name in statement.positiontup or ()]
            ordered = rows if places == list(range(len(columns))) else [tuple(row[at] for at in places) for row in rows]
            self.connection.exec_driver_sql(str(statement), ordered)  # past SQLAlchemy's work on each value


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Values in parts that one query can name."""
    for start in range(0, len(values), _ASKED_AT_ONCE):
        yield values[start : start + _ASKED_AT_ONCE]


def require_same(kept: object, given: object, what: str, key: Mapping[str, Any]) -> None:
    """Refuse to replace what is kept by something different.

    Raises:
        StoreConflictError: they differ.
    """
    if kept != given:
        raise StoreConflictError(
            f"a different {what} is kept already",
            where=shown(key),
            mend="Nothing was changed; find out which is right.",
        )


def shown(key: Mapping[str, Any]) -> str:
    """A row's key for messages."""
    return ", ".join(f"{name} {value.hex() if isinstance(value, bytes) else value}" for name, value in key.items())


def _matches(table: Table, key: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]
