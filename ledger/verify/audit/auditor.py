"""The audit of a whole ledger, step by step; each step goes on where another found a fault.

1. every document and event of the store, from the documents' bytes (in several processes);
2. every reference, blind and statement of the store, from its row;
3. what the chain has: the register, and every checkpoint recorded, each held to the one before and to its signer;
4. every log: entries, tiles, root and signature; each entry of one's own to the event at its place in the store; every
   recorded root to the entries;
5. every consignment: the chain's history judged anew (:func:`ledger.verify.verify`), and the store's statements held
   to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ledger.errors import LedgerError, Unavailable
from ledger.store.raw import RawStore
from ledger.store.store import Store
from ledger.tlog.checkpoints import read_checkpoint
from ledger.tlog.errors import SignerUnknownError
from ledger.tlog.notes import MAX_NOTE_BYTES
from ledger.tlog.origins import EventLogOrigin, parse_origin
from ledger.tlog.reading import LogReader
from ledger.tlog.tiles import CHECKPOINT_PATH
from ledger.verify.audit.chain import read_chain
from ledger.verify.audit.checkpoints import audit_recorded, checkpoint_place, compare_roots
from ledger.verify.audit.consignments import Judging, audit_consignments, tell_of_unknown
from ledger.verify.audit.documents import audit_documents, audit_lost_documents, default_workers
from ledger.verify.audit.logs import Journal, WatchedLog, audit_log, journal_tree, stored_logs
from ledger.verify.audit.report import AuditReport, Ledger
from ledger.verify.audit.statements import (
    audit_blinds,
    audit_references,
    audit_stray_statements,
    stored_statements,
)
from ledger.verify.findings import AsOf

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.chain.deployment import Contracts
    from ledger.tlog.sources import LogSource
    from ledger.verify.audit.chain import AuditedChain
    from ledger.verify.audit.logs import StoredLog
    from ledger.verify.audit.statements import StoredStatement
    from ledger.verify.case import Trust
    from ledger.verify.gazetteer import Gazetteer

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being looked at ("documents", "entries", "consignments"), how many were, and how many there are."""


@dataclass(frozen=True, slots=True)
class AuditScope:
    """What an audit looks at; what is left out is not looked at, and the report says nothing about it.

    Attributes:
        store: the file of a member's store.
        store_key: what it was closed with (32 bytes; :meth:`ledger.identity.keys.Keyring.store_key`).
        log: the event log of the same member.
        contracts: the consortium's, on a node; without them nothing is held to the chain, and the report cannot say
            more than that the rest fits together.
        others: logs of other members.
        member: the address of the member whose store and log they are, where it is known.
        trust: which ledger the auditor trusts.
        gazetteer: the list of places, where there is one.
        workers: how many processes read documents.
        unreached: why there are no contracts, where they were looked for.
    """

    store: Path | None = None
    store_key: bytes = field(default=b"", repr=False)
    log: LogSource | None = None
    contracts: Contracts | None = None
    others: tuple[LogSource, ...] = ()
    member: str | None = None
    trust: Trust | None = None
    gazetteer: Gazetteer | None = None
    workers: int = field(default_factory=default_workers)
    unreached: str = ""


def audit(scope: AuditScope, *, progress: Progress = lambda _what, _done, _all: None) -> AuditReport:
    """Compute a whole ledger anew from its raw data.

    Args:
        scope: what to look at.
        progress: is told how far it is.

    Raises:
        NotAStoreError, WrongStoreKeyError: what was given as the store is none, or the key is not its.
    """
    return _Audit(scope, progress).run()


class _Audit:
    """An audit under way."""

    def __init__(self, scope: AuditScope, progress: Progress) -> None:
        self._scope = scope
        self._progress = progress
        self._ledger = Ledger()
        self._held_to_chain: set[str] = set()  # the members whose recorded roots were compared

    def run(self) -> AuditReport:
        """Take the steps that the module's head lists."""
        chain = self._read_chain()
        if self._scope.store is None:
            self._audit_logs(None, chain)
        else:
            with RawStore(self._scope.store, self._scope.store_key) as store:
                self._audit_store(store)
                self._audit_logs(store, chain)
                self._audit_consignments(store, chain)
        return self._ledger.report(AsOf(chain.as_of.number, chain.as_of.time) if chain else None)

    def _read_chain(self) -> AuditedChain | None:
        if self._scope.contracts is None:
            reason = self._scope.unreached or "no node was given: nothing was held to the chain"
            self._ledger.undetermined("chain.read", "chain", reason)
            return None
        try:
            chain = read_chain(self._scope.contracts)
        except LedgerError as error:
            self._ledger.undetermined("chain.read", "chain", error.diagnostics())
            return None
        domain = self._scope.contracts.deployment.checkpoint_domain
        for member in chain.membership.members:
            recorded = chain.checkpoints_of(member)
            audit_recorded(recorded, chain.origin(member), domain, chain.membership, self._ledger)
        return chain

    def _audit_store(self, store: RawStore) -> None:
        workers, key = self._scope.workers, self._scope.store_key
        steps: tuple[Callable[[], None], ...] = (
            lambda: audit_documents(store, key, self._ledger, workers, self._told("documents")),
            lambda: audit_lost_documents(store, self._ledger),
            lambda: audit_references(store, self._ledger),
            lambda: audit_blinds(store, self._ledger),
            lambda: audit_stray_statements(store, self._ledger),
        )
        for step in steps:
            try:
                step()
            except Unavailable as error:
                self._ledger.failed("store.read", f"store {store.path}", error.message)

    def _audit_logs(self, store: RawStore | None, chain: AuditedChain | None) -> None:
        own = self._own_log(store, chain)
        if self._scope.log is not None:
            self._audit_source(self._scope.log, own, store, chain)
        elif own is not None and store is not None and chain is not None:
            self._without_log(own, store, chain)
        for source in self._scope.others:
            self._audit_source(source, None, store, chain)
        if chain is not None:
            self._require_journal(own, chain)

    def _require_journal(self, own: StoredLog | None, chain: AuditedChain) -> None:
        """Tell of a log that the chain has on record, and of which its member's own store knows nothing."""
        member = self._scope.member
        if own is not None or member is None or member not in chain.membership.members:
            return
        recorded = chain.checkpoints_of(member)
        if not recorded:
            return
        size, origin = recorded[-1].size, chain.origin(member)
        reason = f"the chain recorded {size} entries, and the store accounts for none: its journal was removed"
        self._ledger.failed("entry.waiting", f"log {origin}", reason, expected=str(size), found="0")
        if member not in self._held_to_chain:
            reason = f"the chain recorded {size} entries, and there is no log: it was removed"
            self._ledger.failed(
                "checkpoint.size", checkpoint_place(recorded[-1], origin), reason, expected=str(size), found="0"
            )

    def _own_log(self, store: RawStore | None, chain: AuditedChain | None) -> StoredLog | None:
        """The store's log on this chain, or the only one that it has."""
        if store is None:
            return None
        logs = stored_logs(store, self._ledger)
        here = [log for log in logs if chain is not None and self._member_of(log.origin, chain) is not None]
        return here[-1] if here else logs[-1] if logs else None

    @staticmethod
    def _member_of(origin: str, chain: AuditedChain) -> str | None:
        try:
            log = parse_origin(origin)
        except LedgerError:
            return None
        if not isinstance(log, EventLogOrigin) or log.member not in chain.membership.members:
            return None
        return log.member if chain.origin(log.member) == origin else None

    def _audit_source(
        self, source: LogSource, own: StoredLog | None, store: RawStore | None, chain: AuditedChain | None
    ) -> None:
        place = f"log {source.name}"
        if chain is None:
            self._ledger.undetermined("log.read", place, "without the chain nobody knows whose key signs it")
            return
        try:
            origin = own.origin if own else read_checkpoint(source.read(CHECKPOINT_PATH, MAX_NOTE_BYTES)).origin
        except Unavailable as error:
            self._ledger.undetermined("log.read", place, error.diagnostics())
            return
        except LedgerError as error:
            self._ledger.failed("log.read", place, error.message)
            return
        member = self._member_of(origin, chain)
        if member is None:
            self._ledger.failed("log.read", place, f"'{origin}' is no event log of a member of this consortium")
            return
        recorded = chain.checkpoints_of(member)
        journal = Journal(store, own, self._ledger) if store and own else None
        log = WatchedLog(source, chain.verifiers_of(member), origin, {each.size for each in recorded})
        tree = audit_log(log, self._ledger, journal=journal, told=self._told("entries"))
        if tree is not None:
            self._require_present_key(source, member, chain)
            compare_roots(recorded, tree, self._ledger)
            self._held_to_chain.add(member)
        elif store and own:
            self._without_log(own, store, chain)

    def _without_log(self, own: StoredLog, store: RawStore, chain: AuditedChain) -> None:
        """The log is not at hand: hold the chain to the entries that the store's journal gives."""
        member = self._member_of(own.origin, chain)
        if member is not None:
            reason = "it cannot be read here: the chain was held to the entries that the store gives"
            self._ledger.warn("log.read", f"log {own.origin}", reason)
            recorded = chain.checkpoints_of(member)
            tree = journal_tree(Journal(store, own, self._ledger), own.origin, {each.size for each in recorded})
            compare_roots(recorded, tree, self._ledger)

    def _require_present_key(self, source: LogSource, member: str, chain: AuditedChain) -> None:
        try:
            LogReader(source, chain.verifiers_of(member)[-1:]).checkpoint()
        except SignerUnknownError:
            reason = "it is signed with a key that the register has replaced since: publish it anew"
            self._ledger.warn("log.checkpoint", f"log {source.name}, {CHECKPOINT_PATH}", reason)

    def _audit_consignments(self, raw: RawStore, chain: AuditedChain | None) -> None:
        def statements(consignment: bytes) -> list[StoredStatement]:
            return list(stored_statements(raw, consignment, self._ledger))

        try:
            rows = raw.rows("SELECT id FROM consignments ORDER BY id")
            consignments = [row[0] for row in rows if isinstance(row[0], bytes)]
            if chain is None:
                for consignment in consignments:
                    statements(consignment)
                return
            with Store.open(raw.path, self._scope.store_key) as store:
                judging = Judging(chain, store, self._scope.member, self._scope.trust, self._scope.gazetteer)
                told = self._told("consignments")
                audit_consignments(consignments, statements, judging, self._ledger, told)
            tell_of_unknown(consignments, judging, self._ledger)
        except Unavailable as error:
            self._ledger.failed("store.read", f"store {raw.path}", error.message)

    def _told(self, what: str) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(what, done, total)
