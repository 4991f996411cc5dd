"""What a statement costs in gas, in the worst case of each kind, beside contracts that others keep records with.

    python -m scripts.bench gas

Whole transactions, call data included, on the embedded chain (py-evm, London rules), all in one run. Ours check the
signature, membership, role, jurisdiction, custody and order; what the peers do instead, :mod:`scripts.gas.peers` says.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from scripts.gas import goals, peers, worst_cases
from scripts.tools import ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.gas.meter import Measured
    from scripts.gas.peers import PeerMeasured

_ALONE: Final = "attest,"
_BATCHED: Final = "multiAttest,"


def tables(ours: Sequence[Measured], theirs: Sequence[PeerMeasured]) -> tuple[Table, ...]:
    """Ours with the goals, and the peers; each with how many times as dear EAS is.

    What is alone stands beside ``attest``, what is in a batch beside ``multiAttest``.
    """
    alone, batched = (_each(theirs, start) for start in (_ALONE, _BATCHED))
    mine = _table("Consignments", "transaction", "gas each", "goal", "EAS / this")
    for row in sorted(ours, key=lambda each: (goals.statements(each.transaction), each.transaction)):
        beside = batched if goals.statements(row.transaction) > 1 else alone
        mine.add_row(row.transaction, f"{row.each:,}", f"{row.goal:,}", _ratio(beside, row.each))
    others = _table("Peers", "transaction", "gas each", "package", "EAS / this")
    for peer in theirs:
        beside = batched if peer.records > 1 else alone
        package = f"{peer.peer.rsplit('/', 1)[-1]} {peers.version(peer.peer)}"
        others.add_row(peer.transaction, f"{peer.each:,}", package, _ratio(beside, peer.each))
    return mine, others


def main() -> None:
    """Measure everything and print the tables; without the peers where npm cannot install them."""
    try:
        peers.install()
        theirs = peers.measure()
    except ToolError as error:
        print(f"without the peers: {error}", file=sys.stderr)
        theirs = []
    ours = worst_cases.measure()
    for table in tables(ours, theirs):
        if table.row_count:
            Console().print(table)
    missed = [row.transaction for row in ours if row.each > row.goal]
    print(f"goals missed: {', '.join(missed)}" if missed else "every goal is met")


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, justify="left" if heading in {"transaction", "package"} else "right")
    return table


def _each(theirs: Sequence[PeerMeasured], start: str) -> int | None:
    return next((row.each for row in theirs if row.transaction.startswith(start)), None)


def _ratio(beside: int | None, gas: int) -> str:
    return "" if beside is None else f"{beside / gas:.2f}"
