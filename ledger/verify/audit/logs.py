"""An event log held to the store's journal, and its roots to what the chain recorded.

In one pass over the entries, in bounded memory: each entry is made again from the commitment of the event at its place
and the log's secret; the tree grows with the entries as the log has them, and gives the root of each size that the
chain recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ledger.epcis.commitment import blind, blinded_commitment
from ledger.errors import LedgerError
from ledger.store.examining import shown
from ledger.tlog.fsck import check_log
from ledger.tlog.merkle import EMPTY_ROOT, Frontier, leaf_hashes
from ledger.tlog.reading import LogReader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ledger.store.raw import RawStore
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Verifier
    from ledger.tlog.sources import LogSource
    from ledger.verify.audit.report import Ledger

MAX_GAP: Final = 2**20
"""Places in a row that may be missing in a journal."""

MAX_TOLD: Final = 50  # entries of one log that are told one by one
_HASHED_AT_ONCE: Final = 4_096
_JOURNAL: Final = (
    "SELECT l.position, e.commitment, d.sha256 FROM log_entries l LEFT JOIN events e ON e.id = l.event "
    "LEFT JOIN documents d ON d.sha256 = e.document WHERE l.log = ? ORDER BY l.position"
)


@dataclass(frozen=True, slots=True)
class StoredLog:
    """An event log as the store has it.

    Attributes:
        number: the store's own number for it.
        origin: its name.
        secret: what the blinds of its entries are made with (32 bytes).
    """

    number: int
    origin: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogTree:
    """What the entries of a log come to.

    Attributes:
        origin: the log's name.
        size: how many entries there are.
        roots: the root (32 bytes) of each size that was asked for and that the log has come to.
        checkpoint: what the log published; ``None`` where there is no good checkpoint.
    """

    origin: str
    size: int
    roots: dict[int, bytes]
    checkpoint: Checkpoint | None


def stored_logs(store: RawStore, ledger: Ledger) -> list[StoredLog]:
    """The logs of a store whose secrets can be read."""
    found = []
    for number, origin, sealed in store.rows("SELECT id, origin, sealed_secret FROM event_logs ORDER BY id"):
        try:
            secret = store.unseal(sealed, "event_logs.secret", str(origin).encode())
            found.append(StoredLog(number, str(origin), secret))
        except LedgerError as error:
            ledger.failed("store.read", f"secret of the log {origin}", error.message)
    return found


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log to check.

    Attributes:
        source: where it is.
        verifiers: of every key that its member ever had for it.
        origin: its name.
        sizes: those that the chain recorded.
    """

    source: LogSource
    verifiers: Sequence[Verifier]
    origin: str
    sizes: Collection[int]


def audit_log(
    log: WatchedLog, ledger: Ledger, *, journal: Journal | None = None, told: Callable[[int, int], None]
) -> LogTree | None:
    """Check a whole log, hold its entries to the journal, and compute the roots of the sizes on record.

    Args:
        log: which log.
        ledger: takes what is found.
        journal: what the member's store says of each entry; ``None`` for another's log.
        told: is called with how many entries were checked, and how many there are.

    Returns:
        What its entries come to; ``None`` where they could not be read.
    """
    ledger.counts["logs"] += 1
    name = log.source.name
    report = check_log(log.source, log.verifiers, progress=told)
    for finding in report.findings:
        at = "" if finding.index is None else f", entry {finding.index}"
        rule = f"log.{finding.rule.name.lower()}"
        ledger.failed(rule, f"log {name}, {finding.path}{at}", finding.reason)
    for reason in report.not_checked:
        ledger.undetermined("log.read", f"log {name}", reason)
    checkpoint = report.checkpoint
    if checkpoint is None or report.not_checked:
        return None
    if checkpoint.origin != log.origin:
        ledger.failed("log.read", f"log {name}", "it is another log", expected=log.origin, found=checkpoint.origin)
        return None
    entries = LogReader(log.source, log.verifiers).entries(0, checkpoint.size, checkpoint.size)
    kept = _Kept(journal, name, ledger) if journal else None
    try:
        size, roots = _grown(entries if kept is None else kept.compared(entries), log.sizes)
    except LedgerError:
        return None  # the check above has told of it
    ledger.counts["entries"] += size
    return LogTree(log.origin, size, roots, checkpoint)


def journal_tree(journal: Journal, origin: str, sizes: Collection[int]) -> LogTree:
    """What the entries would come to, made again from the journal: where the log itself is gone."""
    size, roots = _grown((entry for entry in journal.entries() if entry is not None), sizes)
    return LogTree(origin, size, roots, None)


class Journal:
    """What a store says of each entry of a log.

    Args:
        store: the store.
        log: the log.
        ledger: takes what is found in the journal itself.
    """

    def __init__(self, store: RawStore, log: StoredLog, ledger: Ledger) -> None:
        self._store = store
        self._log = log
        self._ledger = ledger

    def entries(self) -> Iterator[bytes | None]:
        """The entry of each place, made again; ``None`` where the store has no event for it."""
        following = 0
        for position, commitment, document in self._store.rows(_JOURNAL, self._log.number):
            if not isinstance(position, int) or position < following:
                self._tell("entry.position", position, "the place is no number, or stands there twice")
                continue
            if position > following:
                lost = f"entries {following} to {position - 1}" if position > following + 1 else f"entry {following}"
                self._ledger.failed("entry.position", f"log {self._log.origin}, {lost}", "the store has no row for it")
                for _ in range(min(position - following, MAX_GAP)):
                    yield None
                if position - following > MAX_GAP:
                    return  # no log is that long: what follows cannot be laid beside it
            following = position + 1
            yield self._entry(position, commitment, document)

    def _entry(self, position: int, commitment: Any, document: Any) -> bytes | None:  # noqa: ANN401  # of a row
        if not isinstance(commitment, bytes) or len(commitment) != 32:
            self._tell("entry.event", position, "the store has no event for this place: it was removed")
            return None
        if document is None:
            self._tell("entry.event", position, f"the document of the event {commitment.hex()} was removed")
        return blinded_commitment(commitment, blind(self._log.secret, commitment))

    def _tell(self, rule: str, position: object, reason: str) -> None:
        self._ledger.failed(rule, f"log {self._log.origin}, entry {position}", reason)


class _Kept:
    """The entries of a log, each compared with the journal as it goes by."""

    def __init__(self, journal: Journal, name: str, ledger: Ledger) -> None:
        self._journal = journal
        self._name = name
        self._ledger = ledger
        self._told = 0

    def compared(self, entries: Iterator[bytes]) -> Iterator[bytes]:
        """The log's entries as they are; what differs from the journal is told."""
        made = self._journal.entries()
        nothing = object()
        index = beyond = 0
        for index, entry in enumerate(entries, 1):
            expected = next(made, nothing)
            if expected is nothing:
                beyond += 1
            elif expected is not None and expected != entry:
                self._differs(index - 1, expected, entry)
            yield entry
        waiting = sum(1 for _ in made)
        self._ledger.left_out(max(self._told - MAX_TOLD, 0))
        if beyond:
            reason = f"the log has {beyond} entries beyond those that the store accounts for: rows were removed"
            self._ledger.failed("entry.waiting", f"log {self._name}, entry {index - beyond}", reason)
        if waiting:
            reason = f"the log lacks {waiting} entries that the store has places for: capture appends them"
            self._ledger.warn("entry.waiting", f"log {self._name}, entry {index}", reason)

    def _differs(self, index: int, expected: object, entry: bytes) -> None:
        self._told += 1
        if self._told <= MAX_TOLD:
            reason = "the log has another entry than the event at this place in the store gives"
            place = f"log {self._name}, entry {index}"
            self._ledger.failed("entry.logged", place, reason, expected=shown(expected), found=entry.hex())


def _grown(entries: Iterator[bytes], sizes: Collection[int]) -> tuple[int, dict[int, bytes]]:
    """The number of entries, and the roots of some sizes."""
    tree, roots = Frontier(), {0: EMPTY_ROOT}
    stops = sorted({size for size in sizes if size > 0}, reverse=True)
    while True:
        most = min(_HASHED_AT_ONCE, stops[-1] - tree.size) if stops else _HASHED_AT_ONCE
        some = list(islice(entries, most))
        tree = tree.extended(leaf_hashes(some))
        if stops and tree.size == stops[-1]:
            roots[stops.pop()] = tree.root()
        if len(some) < most:
            return tree.size, roots
