"""The statements, blinds and references of a store, each row read by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.errors import InputError, LedgerError
from ledger.identity.signing import signed_from_json
from ledger.identity.statements import Domain
from ledger.store.blinds import EventContent, blind_from_json
from ledger.store.errors import StoreDamagedError
from ledger.store.examining import shown
from ledger.store.records import Reference, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.identity.signing import SignedStatement
    from ledger.store.raw import RawStore
    from ledger.verify.audit.report import Ledger
    from ledger.verify.case import Case, Entry
    from ledger.verify.membership import Membership

_STATEMENTS = (
    'SELECT digest, consignment, chain_id, contract, status, "transaction", position, sealed_statement '
    "FROM statements WHERE consignment = ? ORDER BY sequence"
)
_STRAY_STATEMENTS = "SELECT digest, consignment FROM statements WHERE consignment NOT IN (SELECT id FROM consignments)"
_BLINDS = "SELECT blinded, consignment, sealed_content FROM blinds ORDER BY blinded"
_CONSIGNMENTS = (
    "SELECT id, exporter, sealed_ucr, sealed_salt FROM consignments WHERE sealed_ucr IS NOT NULL ORDER BY id"
)
_HAS_EVENT = "SELECT 1 FROM events WHERE commitment = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement that the store keeps, and what it says became of it.

    Attributes:
        digest: the digest that it is kept under (32 bytes).
        consignment: which consignment the row is about (32 bytes).
        key: the address of the key that signed it.
        accepted: whether the store says that it was accepted.
        transaction: the hash of the transaction that is said to have carried it.
        position: its number in the history, as the store says; ``None`` for an observation.
    """

    digest: bytes
    consignment: bytes
    key: str
    accepted: bool
    transaction: object
    position: object


def audit_references(store: RawStore, ledger: Ledger) -> None:
    """Compute every consignment's id from its reference."""
    for id_, exporter, sealed_ucr, sealed_salt in store.rows(_CONSIGNMENTS):
        place = f"consignment 0x{shown(id_)}"
        try:
            ucr = store.unseal(sealed_ucr, "consignments.ucr", id_).decode()
            reference = Reference(ucr, store.unseal(sealed_salt, "consignments.salt", id_), str(exporter))
        except (LedgerError, UnicodeDecodeError) as error:
            ledger.failed("consignment.reference", place, f"its reference cannot be read: {error}")
            continue
        if reference.id != id_:
            reason = f"the UCR {ucr}, its salt and its exporter give another id"
            ledger.failed("consignment.reference", place, reason, expected=shown(id_), found=reference.id.hex())


def audit_blinds(store: RawStore, ledger: Ledger) -> None:
    """Open every commitment with its blind."""
    for blinded, consignment, sealed in store.rows(_BLINDS):
        ledger.counts["blinds"] += 1
        place = f"blind of {shown(blinded)} (consignment 0x{shown(consignment)})"
        try:
            blind = blind_from_json(json.loads(store.unseal(sealed, "blinds.content", blinded)))
        except (LedgerError, ValueError, RecursionError) as error:
            ledger.failed("blind.opens", place, f"it cannot be read: {error}")
            continue
        if blind.blinded != blinded:
            reason = "blind and content give another commitment"
            ledger.failed("blind.opens", place, reason, expected=shown(blinded), found=blind.blinded.hex())
        elif isinstance(blind.content, EventContent) and not store.number(_HAS_EVENT, blind.content.commitment):
            ledger.warn("blind.event", place, f"the event {blind.content.commitment.hex()} behind it is not at hand")


def audit_stray_statements(store: RawStore, ledger: Ledger) -> None:
    """Tell of statements about consignments that the store does not know."""
    for digest, consignment in store.rows(_STRAY_STATEMENTS):
        reason = "it is about a consignment that the store does not know: a row was removed or changed"
        ledger.failed("statement.sealed", statement_place(digest, consignment), reason)


def stored_statements(store: RawStore, consignment: bytes, ledger: Ledger) -> Iterator[StoredStatement]:
    """Every statement about a consignment that can be read, its digest and its signer computed anew."""
    for row in store.rows(_STATEMENTS, consignment):
        ledger.counts["statements"] += 1
        found = _statement(store, row, ledger)
        if found is not None:
            yield found


def _statement(store: RawStore, row: tuple[Any, ...], ledger: Ledger) -> StoredStatement | None:
    digest, consignment, chain_id, contract, status, transaction, position, sealed = row
    place = statement_place(digest, consignment)
    try:
        signed = signed_from_json(json.loads(store.unseal(sealed, "statements.statement", digest)))
        computed = signed.statement.digest(Domain(int(chain_id), str(contract)))
    except (StoreDamagedError, InputError, ValueError, TypeError, RecursionError) as error:
        ledger.failed("statement.sealed", place, f"it cannot be read: {error}")
        return None
    if computed != digest or signed.statement.consignment != consignment:
        reason = "the statement is not the one that was kept under this digest: it was changed"
        ledger.failed("statement.digest", place, reason, expected=shown(digest), found=computed.hex())
        return None
    key = _signer(signed, computed, place, ledger)
    if key is None:
        return None
    return StoredStatement(digest, consignment, key, status == Status.ACCEPTED, transaction, position)


def _signer(signed: SignedStatement, digest: bytes, place: str, ledger: Ledger) -> str | None:
    try:
        return signed.signature.signer(digest)
    except LedgerError as error:
        ledger.failed("statement.signature", place, error.message)
        return None


def compare_statement(kept: StoredStatement, case: Case | None, membership: Membership, ledger: Ledger) -> None:
    """Hold a kept statement to what the chain accepted.

    Args:
        kept: the statement.
        case: its consignment as the chain has it; ``None`` where that could not be read.
        membership: the register's history.
        ledger: takes what is found.
    """
    place = statement_place(kept.digest, kept.consignment)
    entry = None if case is None else accepted_by_digest(case).get(kept.digest)
    if entry is not None and entry.acceptance.key != kept.key:
        ledger.failed(
            "statement.signature",
            place,
            "the signature kept here is by another key than the one that the chain accepted",
            expected=entry.acceptance.key,
            found=kept.key,
        )
    elif entry is None and kept.key not in membership.keys:
        reason = f"it is signed by {kept.key}, which is no key of the register"
        ledger.failed("statement.signature", place, reason, found=kept.key)
    if case is not None and kept.accepted:
        _compare_acceptance(kept, entry, place, ledger)


def _compare_acceptance(kept: StoredStatement, entry: Entry | None, place: str, ledger: Ledger) -> None:
    if entry is None:
        reason = "it is kept as accepted, and the chain has not accepted it"
        ledger.failed("statement.recorded", place, reason)
        return
    said = (kept.position, kept.transaction)
    on_chain = (entry.position, entry.acceptance.transaction)
    if said != on_chain:
        ledger.failed(
            "statement.recorded",
            place,
            "it was accepted at another position, or in another transaction, than the store says",
            expected=_acceptance_text(*on_chain),
            found=_acceptance_text(*said),
        )


def accepted_by_digest(case: Case) -> Mapping[bytes, Entry]:
    """What the chain accepted of a consignment, by the statements' digests."""
    return {entry.acceptance.digest: entry for entry in case.entries}


def statement_place(digest: object, consignment: object) -> str:
    """How findings call a statement."""
    return f"statement 0x{shown(digest)} (consignment 0x{shown(consignment)})"


def _acceptance_text(position: object, transaction: object) -> str:
    return f"position {'none' if position is None else position} in transaction {shown(transaction)}"
