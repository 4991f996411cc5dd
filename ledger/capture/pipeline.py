"""The pipeline: read → set aside or keep → append → checkpoint, a batch after the other.

::

    with MemberLog.open(store, witnessing) as log:
        captured = capture(store, log, sources, SetAsideFolder(folder))
    captured.checkpoint.size, captured.set_aside

Whatever ends it, kill -9 included, capturing the same sources again completes it: what is kept is not kept again, what
the log lacks is appended, and what the chain lacks is recorded.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.capture.keeping import Batch, keep
from ledger.capture.readers import read_all
from ledger.capture.reading import Invalid, Lost, Valid
from ledger.capture.sources import Lines, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.capture.member_log import Checkpointed, MemberLog
    from ledger.capture.reading import PieceRead
    from ledger.capture.set_aside import SetAside, SetAsideFolder
    from ledger.capture.sources import Piece, Sources
    from ledger.store.store import Store

CHECKPOINT_EVENTS: Final = 100_000
"""After how many new events a checkpoint is made on the way."""
LISTED: Final = 1_000
"""How many documents that were set aside, or could not be read, a result lists; the others are counted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a capture has come.

    Attributes:
        size_bytes: how much was read.
        documents: how many documents were read.
        events: how many events they had.
        set_aside: how many of the documents were set aside.
        total_bytes: how much there is to read; ``None`` where that is not known beforehand.
    """

    size_bytes: int = 0
    documents: int = 0
    events: int = 0
    set_aside: int = 0
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Captured:
    """What came of a capture.

    Attributes:
        documents_new: how many documents are kept that were not before.
        documents_known: how many were kept before, or came twice.
        events_new: how many events got places in the log.
        events_known: how many had one already.
        events_caught_up: how many entries were appended that an earlier capture had kept and not appended.
        set_aside: the documents that break rules; at most :data:`LISTED` of them.
        set_aside_count: how many those are.
        lost: the files that could not be read; at most :data:`LISTED` of them.
        lost_count: how many those are.
        passed_over: how many files of other kinds the folders have.
        checkpoint: the log's checkpoint at the end.
    """

    documents_new: int
    documents_known: int
    events_new: int
    events_known: int
    events_caught_up: int
    set_aside: tuple[SetAside, ...]
    set_aside_count: int
    lost: tuple[Lost, ...]
    lost_count: int
    passed_over: int
    checkpoint: Checkpointed

    @property
    def complete(self) -> bool:
        """Whether everything that was named is kept and logged."""
        return not self.set_aside_count and not self.lost_count


@dataclass(frozen=True, slots=True)
class Choices:
    """How to capture.

    Attributes:
        processes: how many processes read; as many as there are processors, if 0.
        checkpoint_events: after how many new events a checkpoint is made on the way.
        tell: is told now and then how far it has come.
    """

    processes: int = 0
    checkpoint_events: int = CHECKPOINT_EVENTS
    tell: Callable[[Progress], None] | None = None


def capture(
    store: Store, log: MemberLog, sources: Sources, aside: SetAsideFolder, choices: Choices | None = None
) -> Captured:
    """Capture documents: each event in the log exactly once, and a checkpoint of it on chain.

    Args:
        store: the member's.
        log: the member's, open.
        sources: what is captured.
        aside: where documents that break rules go.
        choices: how.

    Raises:
        OtherRootError, StoreBehindError: the chain has another history of this log on record.
        SetAsideError, ReaderLostError, Unavailable: it could not go on; what was kept stays kept.
    """
    return _Capture(store, log, aside, choices or Choices()).run(sources)


class _Capture:
    """One capture, and what it has counted."""

    def __init__(
        self,
        store: Store,
        log: MemberLog,
        aside: SetAsideFolder,
        choices: Choices,
    ) -> None:
        self._store = store
        self._log = log
        self._aside = aside
        self._choices = choices
        self._progress = Progress()
        self._batch = Batch()
        self._documents_new = self._events_new = self._set_aside_count = self._lost_count = 0
        self._set_aside: list[SetAside] = []
        self._lost: list[Lost] = []

    def run(self, sources: Sources) -> Captured:
        self._progress = Progress(total_bytes=sources.size_bytes)
        caught_up = self._log.catch_up()
        last = self._log.checkpoint()
        lines = _LineNumbers()
        with closing(read_all(sources.pieces(), self._choices.processes or _processors())) as results:
            for piece, read in results:
                for found, name in lines.named(piece, read):
                    self._take(found, name)
                    if self._batch.full:
                        self._keep()
                self._tell_read(piece, read)
                if self._log.size - last.size >= self._choices.checkpoint_events:
                    last = self._log.checkpoint()
        self._keep()
        if self._log.size > last.size:
            last = self._log.checkpoint()
        return self._captured(caught_up, sources.passed_over, last)

    def _take(self, found: Valid | Invalid | Lost, name: str) -> None:
        if isinstance(found, Valid):
            self._batch.add(found)
        elif isinstance(found, Invalid):
            self._note_set_aside(self._aside.take(found, name))
        else:
            self._note_lost(found)

    def _keep(self) -> None:
        batch, self._batch = self._batch, Batch()
        if not batch.documents:
            return
        kept = keep(self._store, self._log.origin, batch)
        self._log.append(kept.commitments)
        self._documents_new += kept.documents_new
        self._events_new += len(kept.commitments)

    def _note_set_aside(self, aside: SetAside) -> None:
        self._set_aside_count += 1
        if len(self._set_aside) < LISTED:
            self._set_aside.append(aside)

    def _note_lost(self, lost: Lost) -> None:
        self._lost_count += 1
        if len(self._lost) < LISTED:
            self._lost.append(lost)

    def _tell_read(self, piece: Piece, read: PieceRead) -> None:
        valid = [found for found in read.found if isinstance(found, Valid)]
        self._progress = Progress(
            self._progress.size_bytes + piece.size_bytes,
            self._progress.documents + len(valid),
            self._progress.events + sum(len(found.events) for found in valid),
            self._set_aside_count,
            self._progress.total_bytes,
        )
        if self._choices.tell is not None:
            self._choices.tell(self._progress)

    def _captured(self, caught_up: int, passed_over: int, last: Checkpointed) -> Captured:
        return Captured(
            documents_new=self._documents_new,
            documents_known=self._progress.documents - self._documents_new,
            events_new=self._events_new,
            events_known=self._progress.events - self._events_new,
            events_caught_up=caught_up,
            set_aside=tuple(self._set_aside),
            set_aside_count=self._set_aside_count,
            lost=tuple(self._lost),
            lost_count=self._lost_count,
            passed_over=passed_over,
            checkpoint=last,
        )


class _LineNumbers:
    """Names what was read: of a source with lines, by the number of the line in the whole source."""

    def __init__(self) -> None:
        self._source = ""
        self._lines = 0

    def named(self, piece: Piece, read: PieceRead) -> Iterator[tuple[Valid | Invalid | Lost, str]]:
        source = piece.path if isinstance(piece, Lines) else getattr(piece, "name", "")
        if source != self._source or (isinstance(piece, Lines) and not piece.begin):
            self._source, self._lines = source, 0
        before = self._lines
        for found in read.found:
            if isinstance(piece, Lines | Texts) and not isinstance(found, Lost):
                yield found, f"{source}, line {before + int(found.name)}"
            else:
                yield found, found.name
        self._lines += read.lines


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
