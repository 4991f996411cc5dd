"""Every document and event of a store, computed anew by several processes.

Each process gets a part of the store by its row numbers, opens the file itself, and gives back what is wrong: bytes of
documents never travel between processes, and each holds one document at a time.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError
from ledger.store.examining import Examined, examine, parts, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.store.raw import RawStore
    from ledger.verify.audit.report import Ledger

MAX_PART: Final = 512
"""How many documents a process gets at once: more make progress coarse, fewer cost a start of the file each."""
_PARTS_A_PROCESS: Final = 8  # so that one with large documents does not keep the others waiting at the end
_WAITING: Final = 4  # parts given out beforehand to each process
FEW_DOCUMENTS: Final = 256  # below that, starting processes takes longer than they save


def default_workers() -> int:
    """As many processes as there are processors that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def audit_documents(
    store: RawStore, key: bytes, ledger: Ledger, workers: int, told: Callable[[int, int], None]
) -> None:
    """Examine every document of a store.

    Args:
        store: the store.
        key: its key (32 bytes); the processes open the file themselves.
        ledger: takes what is found.
        workers: how many processes; with one, this process does it.
        told: is called with how many documents were examined, and how many there are.
    """
    total = store.number("SELECT count(*) FROM documents")
    size = max(1, min(MAX_PART, total // max(workers * _PARTS_A_PROCESS, 1)))
    some = parts(store, size)
    done = 0
    alone = workers <= 1 or total < FEW_DOCUMENTS
    for examined in _alone(store.path, key, some, ledger) if alone else _shared(store.path, key, some, workers, ledger):
        done += examined.documents
        _take(examined, ledger)
        told(done, total)


def _alone(path: Path, key: bytes, some: Iterator[tuple[int, int]], ledger: Ledger) -> Iterator[Examined]:
    for first, last in some:
        try:
            yield examine(path, key, first, last)
        except LedgerError as error:
            ledger.failed("store.read", f"documents in rows {first} to {last}", error.message)


def _shared(
    path: Path, key: bytes, some: Iterator[tuple[int, int]], workers: int, ledger: Ledger
) -> Iterator[Examined]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        given: dict[Future[Examined], tuple[int, int]] = {}
        left = True
        while left or given:
            while left and len(given) < workers * _WAITING:
                part = next(some, None)
                if part is None:
                    left = False
                    break
                given[pool.submit(examine, path, key, *part)] = part
            for future in wait(given, return_when=FIRST_COMPLETED).done if given else ():
                first, last = given.pop(future)
                try:
                    yield future.result()
                except LedgerError as error:
                    ledger.failed("store.read", f"documents in rows {first} to {last}", error.message)
                except BrokenProcessPool:
                    reason = "a process that read documents ended before it had answered: audit again"
                    ledger.undetermined("store.read", f"documents in rows {first} to {last}", reason)
                    left = False


def _take(examined: Examined, ledger: Ledger) -> None:
    ledger.counts["documents"] += examined.documents
    ledger.counts["events"] += examined.events
    for each in examined.discrepancies:
        place = f"document {each.document}" + ("" if each.place is None else f", event {each.place}")
        ledger.failed(each.rule, place, each.reason, expected=each.expected, found=each.found)
    ledger.left_out(examined.more)


def audit_lost_documents(store: RawStore, ledger: Ledger) -> None:
    """Tell of documents that belong to a consignment, and of events that stand in one, where the document is gone."""
    query = (
        "SELECT c.document, c.consignment FROM consignment_documents c LEFT JOIN documents d ON d.sha256 = c.document "
        "WHERE d.sha256 IS NULL ORDER BY c.consignment"
    )
    for document, consignment in store.rows(query):
        reason = f"it belongs to the consignment 0x{shown(consignment)}, and the store does not have it: it was removed"
        ledger.failed("document.kept", f"document {shown(document)}", reason)
    query = (
        "SELECT e.document, e.place FROM events e LEFT JOIN documents d ON d.sha256 = e.document "
        "WHERE d.sha256 IS NULL ORDER BY e.id"
    )
    for document, place in store.rows(query):
        reason = "the store lists an event of a document that it does not have: the document was removed"
        ledger.failed("event.stands", f"document {shown(document)}, event {place}", reason)
