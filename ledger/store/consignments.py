"""Consignments: what their ids stand for, the member's secret for each, and the blinds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import update

from ledger.errors import InputError
from ledger.store import schema
from ledger.store.blinds import Blind, blind_from_json, blind_to_json
from ledger.store.errors import NotKeptError, StoreDamagedError
from ledger.store.records import Consignment, Reference
from ledger.store.rows import require_same, shown

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from ledger.store.rows import Transaction

_UCR, _SALT, _SECRET = "consignments.ucr", "consignments.salt", "consignments.secret"
_BLIND = "blinds.content"


class Consignments:
    """The consignments of a store, by their ids on chain."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, consignment: bytes) -> None:
        """Keep a consignment of which only the id (32 bytes) is known."""
        if len(consignment) != 32:
            raise InputError("expected 32 bytes", where="consignment", mend="Give the consignment's id.")
        if self._transaction.row(schema.consignments, {"id": consignment}) is None:
            self._transaction.insert(schema.consignments, {"id": consignment})

    def keep_reference(self, reference: Reference) -> bytes:
        """Keep what a consignment's id stands for; one known by its id alone becomes known fully.

        Returns:
            The id.
        """
        row, vault = reference.id, self._transaction.vault
        self.keep(row)
        if self.get(row).reference is None:
            self._update(
                row,
                exporter=reference.exporter,
                ucr_tag=vault.tag(reference.ucr),
                sealed_ucr=vault.seal(reference.ucr.encode(), _UCR, row),
                sealed_salt=vault.seal(reference.salt, _SALT, row),
            )
        return row

    def get(self, consignment: bytes) -> Consignment:
        """The consignment with this id.

        Raises:
            NotKeptError: the store does not know it.
            StoreDamagedError: what is kept is not what was written.
        """
        return self._consignment(self._row(consignment))

    def find_ucr(self, ucr: str) -> tuple[Consignment, ...]:
        """The consignments with this UCR: one, unless two exporters use the same."""
        return self._all(ucr_tag=self._transaction.vault.tag(ucr))

    def all(self) -> tuple[Consignment, ...]:
        """Every consignment that the store knows."""
        return self._all()

    def keep_secret(self, consignment: bytes, secret: bytes) -> None:
        """Keep the member's own secret (32 random bytes) for a consignment that is kept already.

        Raises:
            StoreConflictError: another secret is kept: it would open none of the blinds made with it.
        """
        if len(secret) != 32:
            raise InputError("expected 32 bytes", where="secret", mend="Give 32 random bytes.")
        row = self._row(consignment)
        if row["sealed_secret"] is None:
            self._update(consignment, sealed_secret=self._transaction.vault.seal(secret, _SECRET, consignment))
        else:
            require_same(self.secret(consignment), secret, "secret", {"consignment": consignment})

    def secret(self, consignment: bytes) -> bytes:
        """The member's own secret for a consignment (32 bytes).

        Raises:
            NotKeptError: there is none.
        """
        sealed = self._row(consignment)["sealed_secret"]
        if sealed is None:
            raise NotKeptError(
                "the store holds no secret", where=shown({"consignment": consignment}), mend="Keep one first."
            )
        return self._transaction.vault.unseal(sealed, _SECRET, consignment)

    def has_secret(self, consignment: bytes) -> bool:
        """Whether the member has a secret for this consignment."""
        row = self._transaction.row(schema.consignments, {"id": consignment})
        return row is not None and row["sealed_secret"] is not None

    def keep_blind(self, consignment: bytes, blind: Blind) -> bytes:
        """Keep a blind of a consignment that is kept already.

        Returns:
            The blinded commitment.

        Raises:
            StoreConflictError: it is kept for another consignment.
        """
        key = {"blinded": blind.blinded}
        row = self._transaction.row(schema.blinds, key)
        if row is None:
            content = json.dumps(blind_to_json(blind)).encode()
            sealed = self._transaction.vault.seal(content, _BLIND, blind.blinded)
            self._transaction.insert(schema.blinds, {**key, "consignment": consignment, "sealed_content": sealed})
        else:
            require_same((row["consignment"], self._blind(row)), (consignment, blind), "blind", key)
        return blind.blinded

    def blind(self, blinded: bytes) -> Blind:
        """The blind of a blinded commitment (32 bytes).

        Raises:
            NotKeptError: the store does not hold it.
            StoreDamagedError: what is kept is not what was written.
        """
        return self._blind(
            self._transaction.required(
                schema.blinds, {"blinded": blinded}, "such blind", "Ask the member that stated it for a parcel."
            )
        )

    def blinds_of(self, consignment: bytes) -> tuple[Blind, ...]:
        """The blinds of a consignment, in the order of the commitments they open."""
        rows = self._transaction.rows(schema.blinds, {"consignment": consignment}, schema.blinds.c.blinded)
        return tuple(self._blind(row) for row in rows)

    def _all(self, **key: bytes) -> tuple[Consignment, ...]:
        rows = self._transaction.rows(schema.consignments, key, schema.consignments.c.id)
        return tuple(self._consignment(row) for row in rows)

    def _row(self, consignment: bytes) -> RowMapping:
        return self._transaction.required(
            schema.consignments, {"id": consignment}, "such consignment", "Receive a parcel of it, or register it."
        )

    def _update(self, consignment: bytes, **values: object) -> None:
        table = schema.consignments
        self._transaction.connection.execute(update(table).where(table.c.id == consignment).values(**values))

    def _consignment(self, row: RowMapping) -> Consignment:
        if row["sealed_ucr"] is None:
            return Consignment(row["id"])
        vault = self._transaction.vault
        ucr = vault.unseal(row["sealed_ucr"], _UCR, row["id"]).decode()
        reference = Reference(ucr, vault.unseal(row["sealed_salt"], _SALT, row["id"]), row["exporter"])
        if reference.id != row["id"]:
            raise _damaged("consignment", row["id"])
        return Consignment(row["id"], reference)

    def _blind(self, row: RowMapping) -> Blind:
        content = self._transaction.vault.unseal(row["sealed_content"], _BLIND, row["blinded"])
        blind = blind_from_json(json.loads(content))
        if blind.blinded != row["blinded"]:
            raise _damaged("blind", row["blinded"])
        return blind


def _damaged(what: str, key: bytes) -> StoreDamagedError:
    return StoreDamagedError(
        f"a {what} is not what was written", where=key.hex(), mend="Restore the store from a copy."
    )
