"""Nodes: where the chain is asked and told.

``connect(url)`` reaches any Ethereum node by JSON-RPC; :func:`ledger.chain.embedded.embedded` gives one inside this
process. Whatever goes wrong surfaces as an error of :mod:`ledger.chain.errors`, never as one of the transport.

    node = connect("http://127.0.0.1:8545")
    node.chain_id, node.genesis_hash, node.latest_block().number
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from eth_typing import BlockNumber
from web3 import HTTPProvider, IPCProvider, Web3
from web3.exceptions import (
    BlockNotFound,
    ContractLogicError,
    PersistentConnectionError,
    ProviderConnectionError,
    TimeExhausted,
    TransactionNotFound,
    Web3Exception,
    Web3RPCError,
)
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import RPCEndpoint
from websockets.exceptions import WebSocketException

from ledger.chain.errors import NodeAnswerError, NodeRefusedError, NodeUnreachableError, OtherChainError
from ledger.chain.recursion import restore_recursion_limit
from ledger.chain.websocket import WebSocketProvider
from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eth_typing import ChecksumAddress
    from web3.providers import BaseProvider
    from web3.types import BlockData, BlockIdentifier, LogReceipt, TxParams, TxReceipt

restore_recursion_limit()

DEFAULT_TIMEOUT_SECONDS: Final = 10.0

_UNREACHABLE: Final = (
    requests.ConnectionError,
    requests.Timeout,
    ProviderConnectionError,
    PersistentConnectionError,
    TimeExhausted,
    WebSocketException,
    OSError,
)
_NO_ANSWER: Final = (Web3Exception, ValueError, TypeError, LookupError, AttributeError)


class RevertedError(Exception):
    """A contract refused a call; internal to this package, which turns ``data`` into a refusal with a name."""

    def __init__(self, data: bytes) -> None:
        super().__init__(f"reverted with 0x{data.hex()}")
        self.data = data


@dataclass(frozen=True, slots=True)
class Block:
    """What is needed of a block.

    Attributes:
        number: its number.
        hash: its hash (32 bytes).
        time: its time, in seconds.
        base_fee: the price of gas burnt, in wei; ``None`` on a chain without a fee market.
        gas_limit: the gas that fits in it.
    """

    number: int
    hash: bytes
    time: int
    base_fee: int | None
    gas_limit: int


@dataclass(frozen=True, slots=True)
class Node:
    """A connection to one node of one chain.

    Attributes:
        web3: the connection itself.
        name: how messages name it: the URL, without what may be secret in it.
        chain_id: the chain's EIP-155 id.
        genesis_hash: the hash of its block 0 (32 bytes).
    """

    web3: Web3
    name: str
    chain_id: int
    genesis_hash: bytes

    def block(self, number: BlockIdentifier) -> Block:
        """A block by number.

        Raises:
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            found = self.web3.eth.get_block(number)
            return _block(found)

    def latest_block(self) -> Block:
        """The newest block."""
        return self.block("latest")

    def block_data(self, number: BlockIdentifier) -> BlockData:
        """A block by number, with all that the node says of it.

        Raises:
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            return self.web3.eth.get_block(number)

    def block_receipts(self, number: int) -> list[TxReceipt]:
        """The receipts of all transactions of a block, in order.

        Raises:
            Unavailable: the node does not answer as one, or does not know a transaction of the block.
        """
        with contextlib.suppress(NodeRefusedError), asking(self.name):  # not every node answers for the whole block
            return list(self.web3.eth.get_block_receipts(number))
        found = [self.receipt(bytes(transaction)) for transaction in self.block_data(number)["transactions"]]  # type: ignore[arg-type]  # hashes, as asked for
        receipts = [receipt for receipt in found if receipt is not None]
        if len(receipts) < len(found):
            raise NodeAnswerError(
                f"the node lacks a receipt of block {number}",
                where=self.name,
                mend="Ask a node that keeps all receipts.",
            )
        return receipts

    def request(self, method: str, params: Sequence[Any]) -> Any:  # noqa: ANN401  # what it is depends on the method
        """What a node answers to a request of JSON-RPC, as raw JSON.

        Raises:
            NodeRefusedError: the node answered with an error.
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            answer = self.web3.provider.make_request(RPCEndpoint(method), list(params))
            error = answer.get("error")
            if error is not None:
                detail = error.get("message") if isinstance(error, dict) else error
                raise Web3RPCError(str(detail))
            return answer["result"]

    def code(self, address: str) -> bytes:
        """The code at an address, empty where there is none."""
        with asking(self.name):
            return bytes(self.web3.eth.get_code(_checked(address)))

    def call(self, transaction: TxParams, block: BlockIdentifier = "latest") -> bytes:
        """What a call would return, without a transaction.

        Raises:
            RevertedError: the contract refused it.
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            return bytes(self.web3.eth.call(transaction, block))

    def logs(self, addresses: Sequence[str], topics: Sequence[Any], first: int, last: int) -> list[LogReceipt]:
        """The logs of contracts, of blocks ``first`` to ``last``, in the order of the chain.

        Raises:
            NodeRefusedError: the node would not answer, as for a range too large for it.
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            found = self.web3.eth.get_logs(
                {
                    "address": [_checked(address) for address in addresses],
                    "topics": list(topics),
                    "fromBlock": BlockNumber(first),
                    "toBlock": BlockNumber(last),
                }
            )
            return sorted(found, key=lambda log: (log["blockNumber"], log["logIndex"]))

    def nonce(self, address: str) -> int:
        """The number of the next transaction of an address, with those not yet in a block."""
        with asking(self.name):
            return self.web3.eth.get_transaction_count(_checked(address), "pending")

    def balance(self, address: str) -> int:
        """What an address owns, in wei."""
        with asking(self.name):
            return self.web3.eth.get_balance(_checked(address))

    def send(self, raw: bytes) -> None:
        """Give a signed transaction to the node.

        Raises:
            NodeRefusedError: the node would not take it.
            Unavailable: the node does not answer as one.
        """
        with asking(self.name):
            self.web3.eth.send_raw_transaction(raw)

    def transaction_data(self, transaction: bytes) -> bytes:
        """What a transaction sent to its contract, by its hash (32 bytes).

        Raises:
            Unavailable: the node does not answer, or does not know the transaction.
        """
        with asking(self.name):
            try:
                return bytes(self.web3.eth.get_transaction(transaction)["input"])  # type: ignore[arg-type]  # bytes serve
            except TransactionNotFound as error:
                raise NodeAnswerError(
                    f"the node does not know the transaction 0x{transaction.hex()}",
                    where=self.name,
                    mend="Ask a node that keeps all transactions.",
                ) from error

    def receipt(self, transaction: bytes) -> TxReceipt | None:
        """The receipt of a transaction, or ``None`` while it is in no block."""
        with asking(self.name):
            try:
                return self.web3.eth.get_transaction_receipt(transaction)  # type: ignore[arg-type]  # bytes serve
            except TransactionNotFound:
                return None


def connect(
    url: str,
    *,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    chain_id: int | None = None,
    genesis_hash: bytes | None = None,
) -> Node:
    """Connect to a node by its URL: ``http(s)://``, ``ws(s)://``, or ``ipc://`` with the path of its socket.

    Proxies that the environment names are not used: the node is the one that was named.

    Args:
        url: the node's address.
        timeout_seconds: how long to wait for each answer.
        chain_id: the chain expected, if one is.
        genesis_hash: the hash of its block 0 (32 bytes), if one is expected.

    Raises:
        InputError: the URL is not of these kinds.
        NodeUnreachableError: nobody answered.
        NodeAnswerError: what answered is no node.
        OtherChainError: it is a node of another chain.
    """
    provider = _provider(url, timeout_seconds)
    return open_node(provider, _public_name(url), chain_id=chain_id, genesis_hash=genesis_hash)


def open_node(
    provider: BaseProvider, name: str, *, chain_id: int | None = None, genesis_hash: bytes | None = None
) -> Node:
    """A node behind a web3 provider; arguments and errors as for :func:`connect`."""
    web3 = Web3(provider)
    web3.provider.global_ccip_read_enabled = False  # a contract's answer never sends this program to another server
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)  # blocks of QBFT and Clique have long extraData
    with asking(name):
        found_id = int(web3.eth.chain_id)
        found_hash = _block(web3.eth.get_block(0)).hash
    node = Node(web3, name, found_id, found_hash)
    require_chain(node, chain_id=chain_id, genesis_hash=genesis_hash)
    return node


def require_chain(node: Node, *, chain_id: int | None, genesis_hash: bytes | None) -> None:
    """Make sure that a node is one of the chain expected.

    Raises:
        OtherChainError: it is not.
    """
    mend = "Give the URL of a node of that chain, or the deployment file of this node's."
    if chain_id is not None and node.chain_id != chain_id:
        raise OtherChainError(
            f"the node is on chain {node.chain_id}, expected was chain {chain_id}", where=node.name, mend=mend
        )
    if genesis_hash is not None and node.genesis_hash != genesis_hash:
        raise OtherChainError(
            f"the node's chain {node.chain_id} began with block 0x{node.genesis_hash.hex()}, "
            f"expected was 0x{genesis_hash.hex()}: it is another chain with the same number, or was started anew",
            where=node.name,
            mend=mend,
        )


@contextlib.contextmanager
def asking(name: str) -> Iterator[None]:
    """Turn what goes wrong while a node is asked into errors of this package."""
    try:
        yield
    except ContractLogicError as error:
        raise RevertedError(_revert_data(error)) from error
    except BlockNotFound as error:
        raise NodeAnswerError(
            str(error), where=name, mend="Wait until the node has caught up, then try again."
        ) from error
    except Web3RPCError as error:
        raise NodeRefusedError(
            f"the node refused: {_rpc_message(error)}", where=name, mend="Ask the node's operator, or another node."
        ) from error
    except requests.HTTPError as error:
        raise _nonsense(name, str(error)) from error
    except _UNREACHABLE as error:
        raise NodeUnreachableError(
            f"the node does not answer ({type(error).__name__})",
            where=name,
            mend="Start the node or the network, check the URL, and try again. Nothing was lost.",
        ) from error
    except _NO_ANSWER as error:
        raise _nonsense(name, f"{type(error).__name__}: {error}") from error


def _nonsense(name: str, found: str) -> NodeAnswerError:
    return NodeAnswerError(
        f"what answers there is not an Ethereum node ({found[:200]})",
        where=name,
        mend="Check the URL and its port: it must be the node's JSON-RPC endpoint.",
    )


def _provider(url: str, timeout_seconds: float) -> BaseProvider:
    scheme = _scheme(url)
    if scheme in ("http", "https"):
        session = requests.Session()
        session.trust_env = False
        return HTTPProvider(
            url, request_kwargs={"timeout": timeout_seconds}, session=session, exception_retry_configuration=None
        )
    if scheme in ("ws", "wss"):
        return WebSocketProvider(url, timeout_seconds)
    if scheme == "ipc":
        _require_socket(urlsplit(url).path)
        return IPCProvider(urlsplit(url).path, timeout=timeout_seconds)  # type: ignore[arg-type]  # fractions serve
    raise InputError(
        "that is not the URL of a node",
        where="node",
        mend="Give http://, https://, ws:// or wss:// with host and port, or ipc:// with the path of a socket.",
    )


def _require_socket(path: str) -> None:
    """Refuse a path at which there is nothing: the provider would leave an open socket behind."""
    if os.name == "posix" and not Path(path).is_socket():
        raise NodeUnreachableError(
            "there is no socket of a node", where=f"ipc://{path}", mend="Start the node, or check the path."
        )


def _scheme(url: str) -> str:
    """The scheme of a URL that names a host, or for ``ipc`` a path; else nothing."""
    try:
        parts = urlsplit(url)
        complete = bool(parts.path) if parts.scheme == "ipc" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return parts.scheme if complete else ""


def _public_name(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "ipc":
        return url
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"


def _block(found: BlockData) -> Block:
    return Block(
        number=int(found["number"]),
        hash=bytes(found["hash"]),
        time=int(found["timestamp"]),
        base_fee=found.get("baseFeePerGas"),
        gas_limit=int(found["gasLimit"]),
    )


def _checked(address: str) -> ChecksumAddress:
    return Web3.to_checksum_address(address)


def _revert_data(error: ContractLogicError) -> bytes:
    data = error.data
    if isinstance(data, dict):
        data = data.get("data")
    if isinstance(data, str) and data.startswith("0x"):
        return bytes.fromhex(data[2:])
    return b""


def _rpc_message(error: Web3RPCError) -> str:
    response = error.rpc_response or {}
    detail = response.get("error")
    if isinstance(detail, dict):
        return str(detail.get("message", detail))
    return str(error)
