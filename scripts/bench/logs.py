"""What a log costs: appending, proving, verifying, cosigning, and the gas of each event on chain, beside peers.

    python -m scripts.bench logs

Trees stand beside pymerkle's (in memory, as its are), gas beside EAS's ``multiTimestamp``, all in one run. pymerkle is
installed on demand into an environment of its own, ``.tools/peers-venv``; without it, or without npm, ours stand alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from clients.testing.consortium import start
from ledger.chain.growth import Growth
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.proving import MemoryTree, consistency_proof, tree_root
from scripts.gas import peers
from scripts.logs import ours, peer
from scripts.tools import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
BATCHES: Final = (100, 1_000, 10_000, 100_000)
PROOFS: Final = 1_000
COSIGNED: Final = 200
DURABLE: Final = 100_000  # entries that are appended to disk for each batch size
TASKS: Final = {
    "append": "append an entry",
    "prove": "make an inclusion proof",
    "verify": "verify an inclusion proof",
    "prove_growth": "make a consistency proof",
    "verify_growth": "verify a consistency proof",
}


@dataclass(frozen=True, slots=True)
class Gas:
    """What recording one checkpoint takes.

    Attributes:
        size: the size of the log afterwards.
        batch: by how many events it grew.
        gas: of the whole transaction.
    """

    size: int
    batch: int
    gas: int

    @property
    def each(self) -> float:
        """The gas of each event."""
        return self.gas / self.batch


def gas_of_growth(sizes: Sequence[int], batches: Sequence[int]) -> list[Gas]:
    """Record checkpoints on an embedded chain: a log of the largest size grown by each batch, and one of each size.

    Args:
        sizes: the sizes that a log is grown to, by the smallest batch.
        batches: by how many events the largest is grown.
    """
    consortium = start().consortium
    tree = MemoryTree(leaf_hashes(ours.entries(max(sizes) + sum(batches))))
    logs, member = consortium.contracts.event_logs, consortium.members.member(consortium.party("exporter").address)
    if member is None:
        raise RuntimeError("the exporter is no member")

    def grow(size: int) -> int:
        before = logs.checkpoint(member.number).size
        proof = tuple(consistency_proof(before, size, tree)) if before else ()
        growth = Growth(before, size, tree_root(size, tree), proof)
        return logs.submit(consortium.sender("exporter"), growth).gas_used

    found = []
    for size in sizes:
        grow(size - min(batches))
        found.append(Gas(size, min(batches), grow(size)))
    for batch in sorted(batches):
        size = logs.checkpoint(member.number).size + batch
        found.append(Gas(size, batch, grow(size)))
    return found


def tree_table(sizes: Sequence[int], proofs: int, beside: Callable[[int, int], dict[str, float]] | None) -> Table:
    """Microseconds of each task by the size of the tree, ours and the peer's."""
    made = Table(title=f"Trees in memory: microseconds each, ours / {peer.NAME if beside else 'no peer'}")
    made.add_column("task")
    for size in sizes:
        made.add_column(f"{size:,} entries", justify="right")
    rows: dict[str, list[str]] = {task: [] for task in TASKS}
    for size in sizes:
        mine = ours.measure(size, proofs)
        theirs = beside(size, proofs) if beside else {}
        for task in TASKS:
            count = size if task == "append" else proofs
            text = f"{mine[task] / count * 1e6:,.1f}"
            rows[task].append(f"{text} / {theirs[task] / count * 1e6:,.1f}" if task in theirs else text)
    for task, name in TASKS.items():
        made.add_row(name, *rows[task])
    return made


def disk_table(size: int, batches: Sequence[int], cosigned: int) -> Table:
    """Entries a second onto disk by batch, and cosignatures a second."""
    made = Table(title=f"Durable: {size:,} entries onto disk, each batch signed and published")
    made.add_column("task")
    made.add_column("a second", justify="right")
    for batch in batches:
        made.add_row(f"append, {batch:,} at a time", f"{size / ours.append_durably(size, batch):,.0f} entries")
    made.add_row("cosign with Ed25519 and ML-DSA-44", f"{cosigned / ours.cosign(cosigned):,.0f} checkpoints")
    return made


def gas_table(measured: Sequence[Gas], beside: int | None) -> Table:
    """Gas by size and batch, and how many times as dear EAS's ``multiTimestamp`` is."""
    made = Table(title="Gas of a checkpoint" + (f"; EAS multiTimestamp takes {beside:,} an event" if beside else ""))
    for heading in ("log afterwards", "grown by", "gas", "gas an event", "EAS / this"):
        made.add_column(heading, justify="right")
    for row in measured:
        ratio = f"{beside / row.each:,.0f}" if beside else ""
        made.add_row(f"{row.size:,}", f"{row.batch:,}", f"{row.gas:,}", f"{row.each:,.2f}", ratio)
    return made


def main(sizes: Sequence[int] = SIZES, batches: Sequence[int] = BATCHES) -> None:
    """Measure everything and print the tables; a peer that cannot be had is named, with the reason."""
    console = Console()
    console.print(tree_table(sizes, PROOFS, _pymerkle()))
    console.print(disk_table(min(DURABLE, max(sizes)), batches, COSIGNED))
    console.print(gas_table(gas_of_growth(sizes, batches), _eas()))


def _pymerkle() -> Callable[[int, int], dict[str, float]] | None:
    try:
        peer.install()
    except ToolError as error:
        print(f"without {peer.NAME}: {error}", file=sys.stderr)
        return None
    return peer.measure


def _eas() -> int | None:
    try:
        peers.install()
        return next(row.each for row in peers.measure() if row.transaction.startswith("multiTimestamp"))
    except ToolError as error:
        print(f"without EAS: {error}", file=sys.stderr)
        return None


if __name__ == "__main__":
    main()
