"""Transactions: built, signed, sent, and waited for until the chain has said yes or no.

Any key may send: what counts in a statement is who signed it. A transaction is tried as a call first, so a refusal
costs nothing and says why; then it is sent, under one hash, however often the connection breaks on the way.

    sender = Sender(node, key)
    receipt = sender.send(Call(contract, interface, "approve", (3,)))
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eth_account import Account
from web3.types import Wei

from ledger.chain.errors import NodeRefusedError, NodeUnreachableError, OutcomeUnknownError, TransactionRefusedError
from ledger.chain.nodes import Node, RevertedError, asking
from ledger.chain.recursion import restore_recursion_limit
from ledger.chain.refusals import RuleRefused, explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eth_account.datastructures import SignedTransaction
    from web3.types import LogReceipt, TxParams, TxReceipt

    from ledger.chain.interface import Interface
    from ledger.errors import LedgerError
    from ledger.identity.keys import SigningKey

restore_recursion_limit()

_log = logging.getLogger(__name__)

DEFAULT_GAS: Final = 1_000_000  # several times what any single act of the contracts takes; what is left is not charged
RECEIPT_TIMEOUT_SECONDS: Final = 60.0  # dozens of blocks of a consortium's chain
FIRST_POLL_SECONDS: Final = 0.02
LONGEST_POLL_SECONDS: Final = 0.5
ATTEMPTS: Final = 8  # with a nonce that another process was faster to use

_NONCE_TAKEN: Final = ("nonce", "replacement transaction underpriced")
_ALREADY_THERE: Final = ("already known", "known transaction", "already imported", "alreadyknown")


@dataclass(frozen=True, slots=True)
class Call:
    """One function of one contract, with its arguments.

    Attributes:
        contract: the contract's address, or ``None`` to deploy one.
        interface: its interface, by which a refusal is explained.
        data: what is sent to it.
        gas: the most gas it may take.
    """

    contract: str | None
    interface: Interface
    data: bytes
    gas: int = DEFAULT_GAS


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction.

    Attributes:
        transaction: its hash (32 bytes).
        block_number: the block it is in.
        block_hash: that block's hash (32 bytes).
        gas_used: the gas it took.
        contract: the address of the contract it made, if it made one.
        logs: the events it emitted, as the node gives them.
    """

    transaction: bytes
    block_number: int
    block_hash: bytes
    gas_used: int
    contract: str | None
    logs: tuple[LogReceipt, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """A key that sends transactions through a node, one at a time among the threads that share it.

    Attributes:
        node: the node.
        key: the key that pays, where the chain charges.
        timeout_seconds: how long to wait for each receipt.
    """

    node: Node
    key: SigningKey
    timeout_seconds: float = RECEIPT_TIMEOUT_SECONDS
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The address that sends."""
        return self.key.address

    def send(self, call: Call) -> Receipt:
        """Do it on chain, and wait until it is done.

        Raises:
            RuleRefused: the contract's rules do not allow it; nothing was done.
            TransactionRefusedError: the node would not take it, or it ran out of gas; nothing was done.
            OutcomeUnknownError: it was sent, and no receipt came in time.
            Unavailable: the node does not answer; nothing was sent.
        """
        self.attempt(call)
        with self._turn:
            signed = self._handed_over(call)
        found = self._receipt(signed)
        if found["status"] != 1:
            raise self._failure(call, found)
        _log.info("transaction mined", extra={"transaction": signed.hash.hex(), "gas_used": found["gasUsed"]})
        return Receipt(
            bytes(signed.hash),
            found["blockNumber"],
            bytes(found["blockHash"]),
            found["gasUsed"],
            found["contractAddress"],
            tuple(found["logs"]),
        )

    def attempt(self, call: Call) -> bytes:
        """Try it as a call: what it would return, or why it would be refused.

        Raises:
            RuleRefused: the contract's rules do not allow it.
        """
        return self._tried(call, "pending")

    def _tried(self, call: Call, block: str | int) -> bytes:
        request: TxParams = {"from": self.address, "data": call.data, "gas": call.gas}
        if call.contract is not None:
            request["to"] = call.contract
        try:
            return self.node.call(request, block)  # type: ignore[arg-type]  # a number or a tag
        except RevertedError as error:
            raise explain(call.interface, error.data) from error
        except NodeRefusedError as error:
            raise _not_taken(error) from error

    def _handed_over(self, call: Call) -> SignedTransaction:
        last: NodeRefusedError | None = None
        for _ in range(ATTEMPTS):
            signed = self._signed(call)
            try:
                self._give(signed)
            except NodeRefusedError as error:
                if not _says(error, _NONCE_TAKEN):
                    raise _not_taken(error) from error
                last = error
                continue
            return signed
        raise _not_taken(last) from last

    def _give(self, signed: SignedTransaction) -> None:
        """Send it; where the connection breaks, it may have arrived, so the same one is sent again."""
        try:
            self.node.send(bytes(signed.raw_transaction))
        except NodeUnreachableError:
            _log.warning("connection lost while sending; sending the same transaction again")
            self._give_again(signed)
        except NodeRefusedError as error:
            if not _says(error, _ALREADY_THERE):
                raise

    def _give_again(self, signed: SignedTransaction) -> None:
        for pause in _pauses(self.timeout_seconds):
            time.sleep(pause)
            try:
                if self.node.receipt(bytes(signed.hash)) is None:
                    self.node.send(bytes(signed.raw_transaction))
            except NodeUnreachableError:
                continue
            except NodeRefusedError as error:
                _log.info("the node has it already, or will never: %s", error)
            return
        raise OutcomeUnknownError(bytes(signed.hash), self.timeout_seconds)

    def _signed(self, call: Call) -> SignedTransaction:
        transaction: dict[str, Any] = {
            "nonce": self.node.nonce(self.address),
            "chainId": self.node.chain_id,
            "gas": call.gas,
            "value": 0,
            "data": call.data,
            **_fees(self.node),
        }
        if call.contract is not None:
            transaction["to"] = call.contract
        signed: SignedTransaction = Account.sign_transaction(transaction, self.key.reveal())
        return signed

    def _receipt(self, signed: SignedTransaction) -> TxReceipt:
        for pause in _pauses(self.timeout_seconds):
            try:
                found = self.node.receipt(bytes(signed.hash))
            except NodeUnreachableError:
                found = None
            if found is not None:
                return found
            time.sleep(pause)
        raise OutcomeUnknownError(bytes(signed.hash), self.timeout_seconds)

    def _failure(self, call: Call, receipt: TxReceipt) -> LedgerError:
        """Why a transaction failed that could be done when it was tried: another came first, or gas ran out."""
        if receipt["gasUsed"] >= call.gas:
            return TransactionRefusedError(
                f"it ran out of gas ({call.gas}); nothing was done",
                where="transaction",
                mend="Send fewer statements at once.",
            )
        for block in (receipt["blockNumber"], receipt["blockNumber"] - 1):
            try:
                self._tried(call, block)
            except TransactionRefusedError:
                continue
            except RuleRefused as refusal:
                return refusal
        return TransactionRefusedError(
            "it was undone by the chain; nothing was done",
            where="transaction",
            mend="Try again: something else came first.",
        )


def _fees(node: Node) -> dict[str, int]:
    """Nothing where the chain charges nothing; the market's price where it has one (EIP-1559); else the node's."""
    base_fee = node.latest_block().base_fee
    if base_fee == 0:
        return {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0, "type": 2}
    with asking(node.name):
        suggested = int(node.web3.eth.gas_price)
    if base_fee is None:
        return {"gasPrice": suggested}
    tip = max(suggested - base_fee, 0)
    return {"maxFeePerGas": Wei(2 * base_fee + tip), "maxPriorityFeePerGas": tip, "type": 2}


def _pauses(total_seconds: float) -> Iterator[float]:
    deadline = time.monotonic() + total_seconds
    pause = FIRST_POLL_SECONDS
    while time.monotonic() < deadline:
        yield pause
        pause = min(2 * pause, LONGEST_POLL_SECONDS)


def _says(error: NodeRefusedError, phrases: tuple[str, ...]) -> bool:
    said = str(error).lower()
    return any(phrase in said for phrase in phrases)


def _not_taken(error: NodeRefusedError | None) -> TransactionRefusedError:
    return TransactionRefusedError(
        f"the node would not take it: {error}",
        where="transaction",
        mend="If the chain charges for gas, the sending account needs funds. Otherwise ask the node's operator.",
    )
