"""How many events a second are captured: from files to a checkpoint on chain, everything durable on disk.

    python -m scripts.bench capture               1,000 to 100,000 events
    python -m scripts.bench.capture --million     and a million, which takes minutes and 5 GB of disk

Everything is real: files on disk, validation and digests in processes of their own, the encrypted store, the log with
its fsyncs, checkpoints on an embedded chain. Beside it, in the same run, stands what one would write first: each
document hashed by the reference implementation on PyPI, kept row by row in a transaction of its own, and its entries
appended and published alone. Memory is the proportional set size of all processes together, sampled; the embedded chain
is part of it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from clients.practice import practice
from ledger.capture.pipeline import Choices
from ledger.epcis import digests, read
from ledger.epcis.commitment import blind, blinded_commitment
from ledger.epcis.model import Media
from ledger.store.records import Document
from ledger.store.store import Store
from ledger.tlog.checkpoints import empty_checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.storage import LogWriter
from scripts.bench.epcis import document, peer_reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clients.party import Party

SIZES: Final = (1_000, 10_000, 100_000)
MILLION: Final = 1_000_000
LARGE: Final = 1_000  # events in a large document
FILE_LINES: Final = 100_000  # documents in an NDJSON file
NAIVE_EVENTS: Final = 200
SAMPLE_SECONDS: Final = 0.5
_KEY: Final = bytes(range(32))
_MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        task: what was captured, and how.
        events: how many events.
        seconds: how long it took.
        cpu_seconds: how much processor time all processes took.
        memory_bytes: the most memory that all processes had together; 0 where it was not looked at.
    """

    task: str
    events: int
    seconds: float
    cpu_seconds: float
    memory_bytes: int = 0

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """Processor time for each event."""
        return self.cpu_seconds / self.events * 1e6


def write_files(folder: Path, events: int, each: int) -> None:
    """Files of one document each.

    Args:
        folder: where.
        events: in all.
        each: in one document.
    """
    folder.mkdir()
    for number in range(events // each):
        (folder / f"{number:07}.jsonld").write_bytes(document(each, number))


def write_lines(folder: Path, events: int) -> None:
    """NDJSON files, a document of one event on each line."""
    folder.mkdir()
    for first in range(0, events, FILE_LINES):
        with (folder / f"{first:07}.ndjson").open("wb") as file:
            for number in range(first, min(first + FILE_LINES, events)):
                file.write(document(1, number) + b"\n")


def capture(party: Party, folder: Path, task: str, events: int) -> Row:
    """Capture a folder, and measure it."""
    with _peak_memory() as peak:
        begin, before = time.perf_counter(), _cpu_seconds()
        captured = party.capture([str(folder)], choices=Choices())
        seconds, cpu = time.perf_counter() - begin, _cpu_seconds() - before
    if (captured.events_new, captured.checkpoint.waiting) != (events, None):
        raise AssertionError(f"{captured.events_new} of {events} events were captured")
    return Row(task, events, seconds, cpu, peak[0])


def naive(folder: Path, events: int = NAIVE_EVENTS) -> Row:
    """What one would write first: one document after the other, row by row."""
    texts = [document(1, number) for number in range(events)]
    signer = Ed25519Signer("bench.example/naive", Ed25519PrivateKey.from_private_bytes(_KEY))
    verifiers = [verifier_of(signer.key)]
    begin, before = time.perf_counter(), _cpu_seconds()
    checkpoint = sign_checkpoint(empty_checkpoint(signer.name), [signer])
    with (
        Store.open(folder / "naive.sqlite", _KEY) as store,
        LogWriter.create(folder / "naive", checkpoint, verifiers) as log,
    ):
        for text in texts:
            peer_reads(text.decode())
            found = [digests(event) for event in read(text).events]
            with store.write() as kept:
                kept.documents.keep_events(kept.documents.keep(Document(text, Media.JSON)), found)
            log.append([blinded_commitment(each.commitment, blind(_KEY, each.commitment)) for each in found])
            log.publish(sign_checkpoint(log.checkpoint(), [signer]))
    seconds, cpu = time.perf_counter() - begin, _cpu_seconds() - before
    return Row("naive: reference hash, a transaction a document", events, seconds, cpu)


def run(folder: Path, sizes: Sequence[int] = SIZES, *, million: bool = False) -> Iterator[Row]:
    """Measure every size; a new consortium and a new log each time."""
    yield naive(folder)
    for events in sizes:
        for each in (1, LARGE):
            place = folder / f"{events}-{each}"
            write_files(place, events, min(each, events))
            yield _captured(place, f"files of {each:,} event{'' if each == 1 else 's'}", events)
    if million:
        place = folder / "million"
        write_lines(place, MILLION)
        yield _captured(place, "lines of 1 event", MILLION)


def main() -> None:
    """Measure and print the table."""
    million = "--million" in sys.argv
    table = Table(title=f"Capture, from files to a checkpoint on chain; {os.cpu_count()} processors")
    for heading in ("task", "events", "seconds", "events/s", "CPU µs/event", "MiB", "times naive"):
        table.add_column(heading, justify="left" if heading == "task" else "right")
    base = None
    with tempfile.TemporaryDirectory() as folder:
        for row in run(Path(folder), million=million):
            base = base or row.rate
            memory = f"{row.memory_bytes / _MEBIBYTE:,.0f}" if row.memory_bytes else ""
            table.add_row(
                row.task,
                f"{row.events:,}",
                f"{row.seconds:,.1f}",
                f"{row.rate:,.0f}",
                f"{row.cpu_microseconds:,.0f}",
                memory,
                f"{row.rate / base:,.1f}",
            )
    Console().print(table)


def _captured(place: Path, task: str, events: int) -> Row:
    with practice(place.with_name(f"{place.name}-homes")) as border:
        return capture(border.exporter, place, task, events)


def _cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """The most memory that this process and its children have together, in bytes; 0 where the system does not tell."""
    peak, stop = [0], threading.Event()

    def sample() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], sum(map(_proportional_set_size, (os.getpid(), *_children(os.getpid())))))

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield peak
    finally:
        stop.set()
        sampler.join()


def _children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


def _proportional_set_size(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
