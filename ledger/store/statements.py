"""Statements, each kept before anything is sent, and what became of them.

A statement goes from signed to sent to accepted or refused. Refused is not the end: anyone may relay a statement, and a
later block may accept what an earlier one refused. Accepted is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from ledger.identity.signing import signed_from_json, signed_to_json
from ledger.identity.statements import Domain
from ledger.store import schema
from ledger.store.errors import StoreConflictError, StoreDamagedError
from ledger.store.records import KeptStatement, Status
from ledger.store.rows import require_same

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from ledger.identity.signing import SignedStatement
    from ledger.store.rows import Transaction

_STATEMENT: Final = "statements.statement"
_UNSETTLED: Final = (Status.SIGNED, Status.SENT)


class Statements:
    """The statements of a store, by their digests."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, signed: SignedStatement, domain: Domain) -> bytes:
        """Keep a signed statement about a consignment that is kept already.

        An opening, which the signature does not cover, may be kept later than the statement.

        Returns:
            Its digest.

        Raises:
            StoreConflictError: the same statement is kept with another signature or opening.
        """
        digest = signed.statement.digest(domain)
        row = self._transaction.row(schema.statements, {"digest": digest})
        if row is None:
            self._transaction.insert(
                schema.statements,
                {
                    "digest": digest,
                    "consignment": signed.statement.consignment,
                    "chain_id": str(domain.chain_id),
                    "contract": domain.contract,
                    "status": Status.SIGNED,
                    "sealed_statement": self._sealed(signed, digest),
                },
            )
        else:
            self._keep_again(digest, self._kept(row).signed, signed)
        return digest

    def get(self, digest: bytes) -> KeptStatement:
        """The statement with this digest.

        Raises:
            NotKeptError: the store does not hold it.
            StoreDamagedError: what is kept is not what was written.
        """
        return self._kept(self._row(digest))

    def has(self, digest: bytes) -> bool:
        """Whether the store holds the statement with this digest."""
        return self._transaction.row(schema.statements, {"digest": digest}) is not None

    def of_consignment(self, consignment: bytes) -> tuple[KeptStatement, ...]:
        """The statements about a consignment, in the order in which they were kept."""
        rows = self._transaction.rows(schema.statements, {"consignment": consignment}, schema.statements.c.sequence)
        return tuple(self._kept(row) for row in rows)

    def unsettled(self) -> tuple[KeptStatement, ...]:
        """The outbox: what is signed or sent and neither accepted nor refused, in the order in which it was kept."""
        table = schema.statements
        query = select(table).where(table.c.status.in_(_UNSETTLED)).order_by(table.c.sequence)
        return tuple(self._kept(row) for row in self._transaction.connection.execute(query).mappings())

    def mark_sent(self, digest: bytes, transaction: bytes) -> None:
        """Keep that a transaction (its hash, 32 bytes) carries the statement; a later one replaces it.

        Raises:
            NotKeptError: the store does not hold it.
            StoreConflictError: it is accepted already.
        """
        self._require_not_accepted(digest)
        self._update(digest, status=Status.SENT, transaction=transaction, refusal=None)

    def mark_accepted(self, digest: bytes, transaction: bytes, position: int | None) -> None:
        """Keep that the contract accepted the statement.

        Args:
            digest: the statement's.
            transaction: the hash of the transaction that carried it (32 bytes).
            position: its number in the history; ``None`` for an observation.

        Raises:
            NotKeptError: the store does not hold it.
            StoreConflictError: it is kept as accepted otherwise.
        """
        kept = self.get(digest)
        if kept.status is Status.ACCEPTED:
            require_same((kept.transaction, kept.position), (transaction, position), "acceptance", {"digest": digest})
        self._update(digest, status=Status.ACCEPTED, transaction=transaction, position=position, refusal=None)

    def mark_refused(self, digest: bytes, transaction: bytes, refusal: str) -> None:
        """Keep that the contract refused the statement, and why.

        Raises:
            NotKeptError: the store does not hold it.
            StoreConflictError: it is accepted already.
        """
        self._require_not_accepted(digest)
        self._update(digest, status=Status.REFUSED, transaction=transaction, refusal=refusal)

    def _keep_again(self, digest: bytes, kept: SignedStatement, given: SignedStatement) -> None:
        require_same(kept.signature, given.signature, "signature of this statement", {"digest": digest})
        if given.opening is None:
            return
        if kept.opening is None:
            self._update(digest, sealed_statement=self._sealed(given, digest))
        else:
            require_same(kept.opening, given.opening, "opening of this statement", {"digest": digest})

    def _sealed(self, signed: SignedStatement, digest: bytes) -> bytes:
        content = json.dumps(signed_to_json(signed)).encode()
        return self._transaction.vault.seal(content, _STATEMENT, digest)

    def _require_not_accepted(self, digest: bytes) -> None:
        if self._row(digest)["status"] == Status.ACCEPTED:
            raise StoreConflictError(
                "the statement is accepted already", where=digest.hex(), mend="Nothing is left to do for it."
            )

    def _row(self, digest: bytes) -> RowMapping:
        return self._transaction.required(
            schema.statements, {"digest": digest}, "such statement", "Check the digest, or ask for a parcel."
        )

    def _update(self, digest: bytes, **values: object) -> None:
        table = schema.statements
        self._transaction.connection.execute(update(table).where(table.c.digest == digest).values(**values))

    def _kept(self, row: RowMapping) -> KeptStatement:
        digest: bytes = row["digest"]
        domain = Domain(int(row["chain_id"]), row["contract"])
        signed = signed_from_json(
            json.loads(self._transaction.vault.unseal(row["sealed_statement"], _STATEMENT, digest))
        )
        if signed.statement.digest(domain) != digest:
            raise StoreDamagedError(
                "a statement is not what was written", where=digest.hex(), mend="Restore the store from a copy."
            )
        status = Status(row["status"])
        return KeptStatement(digest, domain, signed, status, row["transaction"], row["position"], row["refusal"])
