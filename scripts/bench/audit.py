"""How many events a second an audit computes anew, and how that grows with the ledger.

    python -m scripts.bench audit

Each ledger is a real one: documents of generated events of about 1 KB, captured into a store and a log whose checkpoint
is on an embedded chain. One process and two are measured; capture itself is not. Beside the time on the clock stands
the processors' own time, which a machine that is busy with other things does not stretch.
"""

from __future__ import annotations

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from clients.practice import practice
from ledger.tlog.sources import FolderSource
from ledger.verify import Word
from ledger.verify.audit import AuditScope, audit
from scripts.bench.epcis import document

if TYPE_CHECKING:
    from clients.practice import Practice

SIZES: Final = (1_000, 10_000, 100_000)
EVENTS_A_DOCUMENT: Final = 10
WORKERS: Final = (1, 2)
GOAL: Final = 8_000  # events a second with two processes


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        events: how many events the ledger has.
        workers: how many processes read documents.
        seconds: how long the audit took, with starting the processes.
        processor_seconds: how long processors worked on it, all processes together.
    """

    events: int
    workers: int
    seconds: float
    processor_seconds: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    @property
    def processor_rate(self) -> float:
        """Events a second of one processor's work."""
        return self.events / self.processor_seconds


def run(events: int, workers: tuple[int, ...] = WORKERS, *, folder: Path) -> list[Row]:
    """Make a ledger of so many events and audit it.

    Args:
        events: how many; rounded down to whole documents.
        workers: with how many processes, one measurement each.
        folder: an empty one, for the documents and the homes.

    Raises:
        RuntimeError: the audit found something, or did not look at everything.
    """
    papers = folder / "papers"
    papers.mkdir()
    count = events // EVENTS_A_DOCUMENT
    for number in range(count):
        (papers / f"{number}.jsonld").write_bytes(document(EVENTS_A_DOCUMENT, number))
    with practice(folder / "homes") as border:
        border.exporter.capture([str(papers)])
        return [_measured(border, count * EVENTS_A_DOCUMENT, number) for number in workers]


def _measured(border: Practice, events: int, workers: int) -> Row:
    exporter = border.exporter
    home = exporter.home
    if home is None:
        raise RuntimeError("the exporter has no home")
    scope = AuditScope(
        store=home.store_path,
        store_key=exporter.keyring.store_key(),
        log=FolderSource(home.log_folder),
        contracts=exporter.connection.contracts,
        workers=workers,
    )
    start, worked = time.perf_counter(), _processor_seconds()
    report = audit(scope)
    seconds, worked = time.perf_counter() - start, _processor_seconds() - worked
    looked_at = (report.counts.get("events"), report.counts.get("entries"))
    if report.word is not Word.VERIFIED or looked_at != (events, events):
        raise RuntimeError(f"the audit found {[str(finding) for finding in report.findings]} in {report.counts}")
    return Row(events, workers, seconds, worked)


def _processor_seconds() -> float:
    """What this process and those that it started and ended have used of processors."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def table(rows: list[Row]) -> Table:
    """The measurements as a table."""
    made = Table(title="Audit: events a second, each from its document's bytes to the root on chain")
    for heading in ("events", "processes", "seconds", "events a second", "a processor second"):
        made.add_column(heading, justify="right")
    for row in rows:
        made.add_row(
            f"{row.events:,}", str(row.workers), f"{row.seconds:.2f}", f"{row.rate:,.0f}", f"{row.processor_rate:,.0f}"
        )
    return made


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Measure and print the table, and whether the goal is met at the largest size."""
    rows: list[Row] = []
    for events in sizes:
        with tempfile.TemporaryDirectory(prefix="smartborder-audit-") as folder:
            rows += run(events, folder=Path(folder))
    Console().print(table(rows))
    largest = [row for row in rows if row.workers == max(WORKERS)][-1]
    print(f"goal of {GOAL:,} events a second {'met' if largest.rate >= GOAL else 'missed'}: {largest.rate:,.0f}")
    print(f"with {largest.workers} processors for it alone about {largest.processor_rate * largest.workers:,.0f}")


if __name__ == "__main__":
    main()
