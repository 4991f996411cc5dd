"""Where the list of validators of a QBFT chain changed, found by asking a node for as few headers as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.chain.proof.errors import ProofError
from ledger.chain.proof.gathering import gather_header
from ledger.chain.proof.headers import read_header
from ledger.chain.proof.qbft import listed_validators

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.chain.nodes import Node
    from ledger.chain.proof.headers import Header


def validator_changes(node: Node, headers: Iterable[bytes], since: int) -> tuple[bytes, ...]:
    """The headers at which the list of validators changed, up to the last of some blocks.

    Between two blocks with the same list nothing has to be shown: what went and came back does not matter. So the
    changes are looked for by halving.

    Args:
        node: a node of the chain.
        headers: those of the blocks whose finality is to be shown.
        since: the block whose validators are trusted.

    Returns:
        none where the chain is not one of QBFT with validators in its headers.

    Raises:
        Unavailable: the node does not answer.
    """
    found = _Search(node)
    numbers = sorted({read_header(header).number for header in headers})
    changes: list[bytes] = []
    before = since
    for number in (each for each in numbers if each > since):
        if found.listed(before) is None or found.listed(number) is None:
            return ()
        changes += [found.header(change).encode() for change in found.between(before, number)]
        before = number
    return tuple(changes)


class _Search:
    """Headers that were asked for, each once."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._headers: dict[int, Header] = {}

    def header(self, number: int) -> Header:
        if number not in self._headers:
            self._headers[number] = gather_header(self._node, number)
        return self._headers[number]

    def listed(self, number: int) -> frozenset[str] | None:
        """The list of a block; ``None`` where its header has none."""
        try:
            return listed_validators(self.header(number)).validators
        except ProofError:
            return None

    def between(self, low: int, high: int) -> list[int]:
        """The blocks after ``low``, up to ``high``, at which the list differs from that of the block before."""
        if self.listed(low) == self.listed(high):
            return []
        if high == low + 1:
            return [high]
        middle = (low + high) // 2
        return [*self.between(low, middle), *self.between(middle, high)]
