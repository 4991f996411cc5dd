"""A deployed contract: read by calls, written to by transactions. The typed wrappers build on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eth_abi.exceptions import DecodingError

from ledger.chain.errors import NodeAnswerError, NodeRefusedError
from ledger.chain.nodes import RevertedError
from ledger.chain.refusals import explain
from ledger.chain.transactions import DEFAULT_GAS, Call

if TYPE_CHECKING:
    from web3.types import LogReceipt

    from ledger.chain.interface import Interface
    from ledger.chain.nodes import Node
    from ledger.chain.transactions import Receipt, Sender


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract on one chain.

    Attributes:
        node: the node that is asked.
        address: the contract's address.
        interface: what can be said to it.
    """

    node: Node
    address: str
    interface: Interface

    def read(self, function: str, *arguments: object) -> Any:  # noqa: ANN401  # what it is depends on the function
        """What a view function returns now; its only result, or all of them in a tuple.

        Raises:
            RuleRefused: the contract refuses to answer.
            Unavailable: the node does not answer, or the address holds no such contract.
        """
        data = self.interface.encode_call(function, *arguments)
        try:
            answer = self.node.call({"to": self.address, "data": data})
            results = self.interface.decode_result(function, answer)
        except RevertedError as error:
            raise explain(self.interface, error.data) from error
        except (DecodingError, NodeRefusedError) as error:
            raise NodeAnswerError(
                f"the contract at {self.address} gave no answer to '{function}' ({error})",
                where=self.node.name,
                mend="Check that the deployment file is the one of this consortium.",
            ) from error
        return results[0] if len(results) == 1 else results

    def write(self, sender: Sender, function: str, *arguments: object, gas: int = DEFAULT_GAS) -> Receipt:
        """Call a function in a transaction; errors as for :meth:`Sender.send`."""
        data = self.interface.encode_call(function, *arguments)
        return sender.send(Call(self.address, self.interface, data, gas))

    def event(self, log: LogReceipt) -> tuple[str, dict[str, Any]] | None:
        """The name and values of an event of this contract, or ``None`` where the log is another's.

        Raises:
            NodeAnswerError: the log's bytes are not what the event holds.
        """
        if log["address"].lower() != self.address.lower():
            return None
        try:
            return self.interface.decode_log(log["topics"], bytes(log["data"]))
        except DecodingError as error:
            raise NodeAnswerError(
                f"a log of block {log['blockNumber']} cannot be read ({error})",
                where=self.node.name,
                mend="Ask another node.",
            ) from error

    def events(self, receipt: Receipt, name: str) -> list[dict[str, Any]]:
        """The values of each event ``name`` that a transaction emitted here, in order."""
        found = (self.event(log) for log in receipt.logs)
        return [values for event in found if event is not None for kind, values in [event] if kind == name]
