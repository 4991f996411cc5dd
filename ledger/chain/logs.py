"""Logs of any range of blocks, read in chunks that the node is willing to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.chain.errors import NodeAnswerError, NodeRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web3.types import LogReceipt

    from ledger.chain.nodes import Node

CHUNK_BLOCKS: Final = 50_000
"""How many blocks are asked for at first; where the node finds that too much, half of it, and so on."""


def read_logs(
    node: Node, addresses: Sequence[str], topics: Sequence[Any], blocks: tuple[int, int]
) -> Iterator[LogReceipt]:
    """The logs of contracts in the order of the chain.

    Args:
        node: the node to ask.
        addresses: the contracts.
        topics: what each topic must be, as ``eth_getLogs`` takes them.
        blocks: the first and the last block.

    Raises:
        NodeAnswerError: the node does not give the logs even of one block.
        Unavailable: the node does not answer as one.
    """
    first, last = blocks
    size = CHUNK_BLOCKS
    while first <= last:
        end = min(first + size - 1, last)
        try:
            found = node.logs(addresses, topics, first, end)
        except NodeRefusedError as error:
            if end == first:
                raise NodeAnswerError(
                    f"the node does not give the logs of block {first} ({error})",
                    where=node.name,
                    mend="Ask a node that keeps all logs.",
                ) from error
            size = max((end - first + 1) // 2, 1)
            continue
        yield from found
        first = end + 1
