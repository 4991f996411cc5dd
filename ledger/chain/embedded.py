"""The embedded chain: an Ethereum node inside this process (eth-tester with py-evm), with nothing to install.

It follows the London rules, mines each transaction at once, charges nothing for gas as consortium chains do, and begins
with the same block 0 every time. Its clock is passed in, so that a test can set the time.

    chain = embedded()
    chain.node.chain_id
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import rlp  # type: ignore[import-untyped]  # it ships no types
from eth.exceptions import HeaderNotFound
from eth.vm.forks.london import LondonVM
from eth_tester import EthereumTester, PyEVMBackend  # type: ignore[import-untyped]  # it ships no types
from eth_tester.exceptions import (  # type: ignore[import-untyped]  # the same
    BlockNotFound,
    TransactionFailed,
    ValidationError,
)
from eth_utils.exceptions import ValidationError as EthereumValidationError
from rlp.exceptions import RLPException  # type: ignore[import-untyped]  # the same
from web3 import EthereumTesterProvider

from ledger.chain.clock import GENESIS_TIME, system_clock
from ledger.chain.nodes import Node, open_node
from ledger.chain.proof.eip1186 import rpc_answer
from ledger.chain.proof.headers import read_header
from ledger.chain.recursion import restore_recursion_limit
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3.types import RPCEndpoint, RPCResponse

    from ledger.chain.clock import Clock

restore_recursion_limit()

GAS_LIMIT: Final = 1_000_000_000  # half of it is never used by one block, so a base fee of zero stays zero
FUNDS_WEI: Final = 10**24
_ASKER: Final = "7e5f4552091a69125d5dfcb7b8c2659029395bdf"  # for whom eth-tester lets ask who does not say who it is
_REVERTED: Final = 3  # the JSON-RPC error code with which nodes report a revert
_INVALID: Final = -32000  # the one with which they refuse a transaction
_BLOCKS: Final = frozenset({"eth_getBlockByNumber", "eth_getBlockByHash"})
_TIMED: Final = frozenset({"eth_call", "eth_estimateGas", "eth_sendRawTransaction"})


@dataclass(frozen=True, slots=True)
class EmbeddedChain:
    """The embedded chain and its one node.

    Attributes:
        node: the connection to it, as to any other node.
        clock: where its blocks take their time from.
    """

    node: Node
    clock: Clock
    _tester: EthereumTester = field(repr=False)

    def snapshot(self) -> int:
        """Remember the chain as it is; returns what :meth:`revert` takes."""
        return int(self._tester.take_snapshot())

    def revert(self, snapshot: int) -> None:
        """Put the chain back to how it was; the blocks since then never happened."""
        self._tester.revert_to_snapshot(snapshot)

    def mine(self, blocks: int = 1) -> None:
        """Mine empty blocks at the clock's time."""
        for _ in range(blocks):
            _set_time(self._tester, self.clock())
            self._tester.mine_block()


def embedded(clock: Clock = system_clock, *, base_fee_wei: int = 0, funded: tuple[str, ...] = ()) -> EmbeddedChain:
    """Start an embedded chain.

    Args:
        clock: gives the time of each block, in seconds.
        base_fee_wei: the base fee to begin with; 0 stays 0, so that everyone may send.
        funded: addresses that own something from the start, for a chain that charges.
    """
    tester = EthereumTester(_backend(base_fee_wei, funded))
    node = open_node(_EmbeddedProvider(tester, clock), "embedded chain")
    return EmbeddedChain(node, clock, tester)


def _backend(base_fee_wei: int, funded: tuple[str, ...]) -> PyEVMBackend:
    parameters = PyEVMBackend.generate_genesis_params()
    parameters.update(
        timestamp=GENESIS_TIME,
        gas_limit=GAS_LIMIT,
        base_fee_per_gas=base_fee_wei,
        difficulty=1,
        nonce=bytes(8),
        mix_hash=bytes(32),
    )
    owners = [bytes.fromhex(address.removeprefix("0x")) for address in (_ASKER, *funded)]
    state = {owner: {"balance": FUNDS_WEI, "storage": {}, "code": b"", "nonce": 0} for owner in owners}
    return PyEVMBackend(genesis_parameters=parameters, genesis_state=state, vm_configuration=((0, LondonVM),))


class _EmbeddedProvider(EthereumTesterProvider):
    """eth-tester behind web3, with the clock's time in each block, and reverts reported with their data as nodes do."""

    def __init__(self, tester: EthereumTester, clock: Clock) -> None:
        super().__init__(tester)
        self._tester = tester
        self._clock = clock

    def make_request(self, method: RPCEndpoint, params: Sequence[Any]) -> RPCResponse:
        if method in _TIMED:
            _set_time(self._tester, self._clock())
        if method == "eth_getProof":
            return _storage_proof(self._tester, *params)
        if method == "eth_call":
            params = (_affordable(self._tester, params[0]), *params[1:])
        try:
            answer = super().make_request(method, params)
        except TransactionFailed as failure:
            return _refusal(failure)
        except (BlockNotFound, ValidationError, EthereumValidationError, RLPException) as failure:
            return _error(_INVALID, str(failure))
        return _with_true_extra_data(self._tester, answer) if method in _BLOCKS else answer


def _with_true_extra_data(tester: EthereumTester, answer: RPCResponse) -> RPCResponse:
    """A block as the chain has it: eth-tester fills extraData up to 32 bytes, which gives another hash."""
    block: Any = answer.get("result")
    if block is not None and block["hash"] is not None:
        header = tester.backend.chain.get_canonical_block_header_by_number(block["number"])
        block["extra_data"] = f"0x{header.extra_data.hex()}"
    return answer


def _storage_proof(tester: EthereumTester, address: str, slots: Sequence[str], number: str) -> RPCResponse:
    """An account and storage proof (EIP-1186), which eth-tester does not make, from the nodes of py-evm's tries."""
    chain = tester.backend.chain
    try:
        header = read_header(rlp.encode(chain.get_canonical_block_header_by_number(int(number, 16))))
        asked = [bytes.fromhex(slot.removeprefix("0x")).rjust(32, b"\0") for slot in slots]
        answer = rpc_answer(header, address, asked, chain.chaindb.db.__getitem__)
    except (HeaderNotFound, LedgerError, ValueError) as failure:
        return _error(_INVALID, str(failure))
    return {"jsonrpc": "2.0", "id": 0, "result": answer}


def _set_time(tester: EthereumTester, now: int) -> None:
    chain = tester.backend.chain
    parent = chain.get_canonical_head()
    chain.header = chain.create_header_from_parent(parent, timestamp=max(now, parent.timestamp + 1))


def _affordable(tester: EthereumTester, transaction: dict[str, Any]) -> dict[str, Any]:
    """A call as nodes take it: whoever asks needs no funds, unless it says who it is on a chain that charges."""
    chain = tester.backend.chain
    base_fee = max(chain.header.base_fee_per_gas, chain.get_canonical_head().base_fee_per_gas)
    return {"gas_price": 2 * base_fee, **transaction}


def _refusal(failure: TransactionFailed) -> RPCResponse:
    """A revert with its data, which eth-tester gives as the text of a bytes literal, or what else went wrong."""
    text = str(failure).removeprefix("execution reverted: ")
    if not text.startswith(("b'", 'b"')):
        return _error(_INVALID, text)
    return _error(_REVERTED, "execution reverted", f"0x{ast.literal_eval(text).hex()}")


def _error(code: int, message: str, data: str | None = None) -> RPCResponse:
    detail = {} if data is None else {"data": data}
    return {"jsonrpc": "2.0", "id": 0, "error": {"code": code, "message": message, **detail}}  # type: ignore[typeddict-item]  # nodes send text as data
