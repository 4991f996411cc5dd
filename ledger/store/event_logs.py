"""The member's event logs: the secret of each, and which event has which place in it.

This is the journal that a log on disk follows from. A place is given once and never taken back: the entry of every
place can be made again, byte for byte, from the event's commitment and the log's secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from ledger.errors import InputError
from ledger.store import schema
from ledger.store.document_rows import event_place
from ledger.store.errors import NotKeptError, StoreConflictError
from ledger.store.rows import in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import RowMapping

    from ledger.store.bulk import NumberedEvent
    from ledger.store.records import EventPlace
    from ledger.store.rows import Transaction

_SECRET: Final = "event_logs.secret"  # noqa: S105 - a column's place


class EventLogs:
    """The event logs of a store, by their origins."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def has(self, origin: str) -> bool:
        """Whether the store has a log of this origin."""
        return self._transaction.row(schema.event_logs, {"origin": origin}) is not None

    def create(self, origin: str, secret: bytes) -> None:
        """Begin a log.

        Args:
            origin: its name.
            secret: 32 random bytes; the blinds of its entries are made with it.

        Raises:
            StoreConflictError: the store has one of this origin, with a secret of its own.
        """
        if len(secret) != 32:
            raise InputError("expected 32 bytes", where="secret", mend="Give 32 random bytes.")
        if self.has(origin):
            raise StoreConflictError("the log is there already", where=origin, mend="Go on with it.")
        sealed = self._transaction.vault.seal(secret, _SECRET, origin.encode())
        self._transaction.insert(schema.event_logs, {"origin": origin, "sealed_secret": sealed})

    def secret(self, origin: str) -> bytes:
        """The secret of a log (32 bytes).

        Raises:
            NotKeptError: there is no such log.
            StoreDamagedError: it is not what was written.
        """
        return self._transaction.vault.unseal(self._row(origin)["sealed_secret"], _SECRET, origin.encode())

    def size(self, origin: str) -> int:
        """How many entries a log has; its places are 0 to one less."""
        table = schema.log_entries.c
        last = self._transaction.connection.scalar(
            select(func.max(table.position)).where(table.log == self._id(origin))
        )
        return 0 if last is None else int(last) + 1

    def append(self, origin: str, events: Iterable[NumberedEvent]) -> tuple[bytes, ...]:
        """Give events the next places, in order; one whose commitment has a place already gets no other.

        Args:
            origin: the log.
            events: that the store keeps.

        Returns:
            The commitments (32 bytes each) that got places now.
        """
        first: dict[bytes, int] = {}
        for event in events:
            first.setdefault(event.commitment, event.number)
        for commitment in self.positions(origin, sorted(first)):  # in the order of the index
            del first[commitment]
        log, size = self._id(origin), self.size(origin)
        rows = [(log, size + place, number) for place, number in enumerate(first.values())]
        self._transaction.insert_many(schema.log_entries, ("log", "position", "event"), rows)
        return tuple(first)

    def commitments(self, origin: str, begin: int, end: int) -> tuple[bytes, ...]:
        """The event commitments (32 bytes each) at the places from ``begin`` to before ``end``."""
        entries, events = schema.log_entries.c, schema.events.c
        query = (
            select(events.commitment)
            .join_from(schema.log_entries, schema.events, entries.event == events.id)
            .where(entries.log == self._id(origin), entries.position >= begin, entries.position < end)
            .order_by(entries.position)
        )
        return tuple(self._transaction.connection.scalars(query))

    def event_at(self, origin: str, position: int) -> EventPlace:
        """The event at a place, and the document that it was captured from.

        Raises:
            NotKeptError: the log has no such place.
        """
        entries = schema.log_entries.c
        query = (
            select(schema.events)
            .join_from(schema.log_entries, schema.events, entries.event == schema.events.c.id)
            .where(entries.log == self._id(origin), entries.position == position)
        )
        row = self._transaction.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotKeptError(
                f"the log has {self.size(origin)} entries, and none at {position}",
                where="position",
                mend="Positions begin at 0.",
            )
        return event_place(row)

    def positions(self, origin: str, commitments: Sequence[bytes]) -> dict[bytes, int]:
        """The places of events, by their commitments (32 bytes each); those without one are left out."""
        entries, events = schema.log_entries.c, schema.events.c
        connection, log = self._transaction.connection, self._id(origin)
        numbers: dict[int, bytes] = {}  # asked apart from the places: joined, a database may walk through the whole log
        for some in in_parts(commitments):
            query = select(events.id, events.commitment).where(events.commitment.in_(some))
            numbers.update((row.id, row.commitment) for row in connection.execute(query))
        found: dict[bytes, int] = {}
        for some_numbers in in_parts(list(numbers)):
            places = select(entries.event, entries.position).where(entries.event.in_(some_numbers), entries.log == log)
            found.update((numbers[row.event], row.position) for row in connection.execute(places))
        return found

    def _id(self, origin: str) -> int:
        return int(self._row(origin)["id"])

    def _row(self, origin: str) -> RowMapping:
        return self._transaction.required(
            schema.event_logs, {"origin": origin}, "such event log", "Capture events with this home first."
        )
