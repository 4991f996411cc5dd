"""What can go wrong between here and the chain.

::

    Unavailable ├── NodeUnreachableError      no answer: nobody listens, or the time is up
                ├── NodeAnswerError           an answer that is none: not JSON-RPC, or not of an Ethereum node
                ├── NodeRefusedError          the node answered a request with an error of its own
                ├── OtherChainError           a node of another chain than the one expected
                ├── OtherContractsError       other code at the deployment's addresses
                ├── NodeBehindError           the node does not have blocks that it, or another, had before
                └── OutcomeUnknownError       sent, and the connection broke before a receipt came
    InputError  └── DeploymentFileError       a deployment file that is damaged or of another version
    Refused     ├── RuleRefused               the contract's rules (ledger.chain.refusals)
                ├── ReorganisedError          the chain no longer has a block that was final
                └── TransactionRefusedError   the node would not take the transaction
"""

from __future__ import annotations

from ledger.errors import InputError, Refused, Unavailable


class NodeUnreachableError(Unavailable):
    """Nobody answered at the node's address in time."""


class NodeAnswerError(Unavailable):
    """What answered does not speak as an Ethereum node does."""


class NodeRefusedError(Unavailable):
    """The node answered a request with an error of its own."""


class OtherChainError(Unavailable):
    """The node is one of another chain than the deployment's."""


class OtherContractsError(Unavailable):
    """The code at the deployment's addresses is not what was deployed."""


class NodeBehindError(Unavailable):
    """The node does not have blocks that it, or another, had before: it has yet to catch up."""


class OutcomeUnknownError(Unavailable):
    """A transaction was sent, and nobody could say what became of it.

    Attributes:
        transaction: its hash (32 bytes); the same transaction has its effect once, however often it is sent.
    """

    def __init__(self, transaction: bytes, waited_seconds: float) -> None:
        super().__init__(
            f"no receipt of transaction 0x{transaction.hex()} after {waited_seconds:g} s: it may yet take effect",
            where="transaction",
            mend="Ask again once the node answers. Sending the same statement again is safe: it counts once.",
        )
        self.transaction = transaction


class DeploymentFileError(InputError):
    """A deployment file is missing something, damaged, or of a version this program does not read."""


class ReorganisedError(Refused):
    """The chain no longer has a block that was logged as final.

    Attributes:
        number: the number of the first such block.
        logged: the hash that was logged (32 bytes).
        found: the hash that the node gives now (32 bytes).
    """

    def __init__(self, number: int, logged: bytes, found: bytes, where: str) -> None:
        super().__init__(
            f"block {number} is 0x{found.hex()} now; it was logged as 0x{logged.hex()}",
            where=where,
            mend="Nothing more was logged. Find out how a final block was replaced, and keep the log: it is evidence.",
        )
        self.number = number
        self.logged = logged
        self.found = found


class TransactionRefusedError(Refused):
    """The node would not take the transaction, for a reason that is not the contract's."""
