"""How large evidence bundles are, and how long it takes to make and to verify them.

    python -m scripts.bench evidence

A consignment has 20 statements and, unless said otherwise, 200 events, each in a block of its own: the worst case, for
events of one batch share a block and a receipt. Real are the proofs, the seals of four validators, the documents and
everything that is measured; simulated is the chain that they come from (:mod:`scripts.recorded_bundle`). What making a
bundle from a real chain takes is measured beside it, on a small history over the embedded chain.

Seconds are the processor's: nothing here waits, so that they are those of a machine that does nothing else.
"""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from clients.testing import consortium as practice
from ledger.identity.milestones import Side
from ledger.verify import Outcome, Verdict
from ledger.verify.evidence import encode_bundle, verify_evidence
from ledger.verify.evidence.making import make_bundle
from ledger.verify.gather import gather
from scripts.recorded_bundle import RecordedBundle, record_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.verify import Case

HISTORIES: Final = "tests.ledger.verify.histories.busy"
"""Who tells the histories: a module of the tests, which stand above the scripts and so are asked for by name."""
EVENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """What one bundle takes.

    Attributes:
        events: how many events the consignment has.
        size_bytes: the size of the bundle.
        without_documents: its size with the events left out.
        encode: seconds to write it.
        verify: seconds to verify it, from its bytes to the verdict.
    """

    events: int
    size_bytes: int
    without_documents: int
    encode: float
    verify: float


def told(events: int) -> RecordedBundle:
    """A busy consignment with so many events, as a bundle."""
    case: Case = importlib.import_module(HISTORIES).busy_life(1, events).case()
    return record_bundle(case)


def measure(events: int = EVENTS, rounds: int = 5) -> Measured:
    """What a consignment with so many events takes: the fastest of some rounds."""
    made = told(events)
    data = encode_bundle(made.bundle)
    _require_honest(verify_evidence(data, made.roots))
    return Measured(
        events=events,
        size_bytes=len(data),
        without_documents=len(encode_bundle(replace(made.bundle, events=()))),
        encode=fastest(lambda: encode_bundle(made.bundle), rounds),
        verify=fastest(lambda: verify_evidence(data, made.roots), rounds),
    )


def growth(sizes: Sequence[int], rounds: int = 3) -> Iterator[Measured]:
    """More and more events."""
    return (measure(events, rounds) for events in sizes)


def from_a_chain() -> tuple[int, int, float]:
    """A consignment cleared for export on the embedded chain: statements, the bundle's bytes, seconds to make it."""
    consortium = practice.start().consortium
    goods = consortium.register(transit=("SG",))
    consortium.clear("customs_kr", "exporter", goods, Side.EXPORT)
    consortium.hand_over("exporter", "carrier", goods)
    case = gather(consortium.contracts, None, goods)
    start = time.process_time()
    made = make_bundle(consortium.contracts, case)
    seconds = time.process_time() - start
    return len(case.statements), len(encode_bundle(made.bundle)), seconds


def fastest(work: Callable[[], object], rounds: int) -> float:
    """The seconds that the fastest of some rounds took."""
    found = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        found = min(found, time.process_time() - start)
    return found


def main() -> None:
    """Measure everything and print the tables."""
    console = Console()
    table = Table(title="Evidence bundles: 20 statements, a block for each event, four validators")
    for heading in ("events", "bytes", "without documents", "bytes an event", "ms to write", "ms to verify"):
        table.add_column(heading, justify="right")
    for row in growth((20, 50, 100, EVENTS, 400, 800)):
        table.add_row(
            f"{row.events:,}",
            f"{row.size_bytes:,}",
            f"{row.without_documents:,}",
            f"{row.size_bytes / row.events:,.0f}",
            f"{row.encode * 1000:,.0f}",
            f"{row.verify * 1000:,.0f}",
        )
    console.print(table)
    statements, size, seconds = from_a_chain()
    console.print(
        f"From the embedded chain: {statements} statements, {size:,} bytes, made in {seconds * 1000:,.0f} ms "
        "(receipts, register and storage read and proven)."
    )


def _require_honest(verdict: Verdict) -> None:
    wrong = [each for each in verdict.findings if each.outcome in (Outcome.FAILED, Outcome.UNDETERMINED)]
    if wrong:
        raise RuntimeError(f"an honest bundle is told as wrong: {wrong[0].reason}")


if __name__ == "__main__":
    main()
