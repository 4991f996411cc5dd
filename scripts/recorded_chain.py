"""A chain that was never run: a node that answers from memory with the logs that the contract would have emitted.

It stands in for a node where a real embedded chain would take hours to fill. What is asked of it is asked and decoded
as of any node: block by block and log by log; only the way there and the node's own work cost nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, cast

from eth_abi.abi import encode

from ledger.chain.acceptance import OBSERVATION_RECORDED, STATEMENT_ACCEPTED, Acceptance, pack_acceptance
from ledger.chain.artifacts import artifact
from ledger.chain.consignments import Consignments
from ledger.chain.deployment import Contracts, DeployedContract, Deployment
from ledger.chain.errors import NodeAnswerError
from ledger.chain.event_logs import EventLogs
from ledger.chain.nodes import Block
from ledger.identity.milestones import Milestone
from ledger.identity.signatures import Signature
from ledger.identity.statements import ZERO32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3.types import LogReceipt

    from ledger.chain.interface import Interface
    from ledger.chain.members import Members
    from ledger.chain.nodes import Node
    from ledger.chain.state import State
    from ledger.verify import Case
    from ledger.verify.case import Entry

_GAS_LIMIT: Final = 30_000_000


class RecordedNode:
    """Answers what a verification asks of a node."""

    name: Final = "a recorded chain"

    def __init__(self, chain_id: int) -> None:
        self.chain_id = chain_id
        self.states: dict[bytes, State] = {}
        self._logs: defaultdict[bytes, list[LogReceipt]] = defaultdict(list)
        self._times = [0]

    def record(self, case: Case, interface: Interface) -> None:
        """Take in what the contract would have logged about a consignment: each statement in the next block."""
        head = ZERO32
        for entry in sorted(case.entries, key=lambda entry: entry.acceptance.moment):
            self._logs[case.consignment].append(_log(case, entry, head, interface, len(self._times)))
            head = entry.acceptance.head
            self._times.append(entry.acceptance.moment.time)
        if case.recorded is not None:
            self.states[case.consignment] = case.recorded

    def latest_block(self) -> Block:
        """The newest block."""
        return self.block(len(self._times) - 1)

    def block(self, number: int) -> Block:
        """A block by number."""
        return Block(number, _block_hash(number), self._times[number], None, _GAS_LIMIT)

    def logs(self, addresses: Sequence[str], topics: Sequence[Any], first: int, last: int) -> list[LogReceipt]:  # noqa: ARG002  # as a node is asked
        """The logs about the consignment that the second topic names."""
        return [log for log in self._logs[topics[1]] if first <= log["blockNumber"] <= last]

    def transaction_data(self, transaction: bytes) -> bytes:
        """No transaction is kept.

        Raises:
            NodeAnswerError: always.
        """
        raise NodeAnswerError(
            f"no transaction 0x{transaction.hex()} was recorded", where=self.name, mend="Take openings from the store."
        )


class RecordedConsignments(Consignments):
    """The contract's view functions, answered from what was recorded."""

    def state(self, consignment: bytes) -> State | None:
        """A consignment as it stands now."""
        return cast("RecordedNode", self.node).states.get(consignment)


def record(cases: Sequence[Case]) -> Contracts:
    """The contracts on a node that holds these consignments."""
    domain, interface = cases[0].domain, artifact("Consignments").interface
    node = RecordedNode(domain.chain_id)
    for case in cases:
        node.record(case, interface)
    at, as_node = DeployedContract(domain.contract, bytes(32)), cast("Node", node)
    deployment = Deployment(domain.chain_id, bytes(32), 0, "recorded", at, at, at, ())
    nobody = cast("Members", None)
    contract = RecordedConsignments(as_node, domain.contract, interface, nobody, 0)
    logs = EventLogs(as_node, domain.contract, artifact("EventLogs").interface, 0)
    return Contracts(as_node, deployment, nobody, contract, logs)


def _block_hash(number: int) -> bytes:
    return hashlib.sha256(b"block" + number.to_bytes(8, "big")).digest()


def _log(case: Case, entry: Entry, previous_head: bytes, interface: Interface, block: int) -> LogReceipt:
    logged, statement = entry.acceptance, entry.statement
    if statement is None or case.membership is None:
        raise ValueError("what could not be read cannot be recorded")
    observed = logged.milestone is Milestone.OBSERVED
    member = case.membership.members[logged.member].number
    signature = Signature(entry.signature[:32], entry.signature[32:])
    position = 0 if observed else logged.position
    accepted = Acceptance(
        statement, logged.digest, logged.key, signature, member, logged.country, position, logged.head
    )
    values = pack_acceptance(accepted, previous_head)
    event = interface.events[interface.topic(OBSERVATION_RECORDED if observed else STATEMENT_ACCEPTED)]
    indexed = [encode([each.kind], [values[each.name]]) for each in event.parameters if each.indexed]
    plain = [each for each in event.parameters if not each.indexed]
    return cast(
        "LogReceipt",
        {
            "address": case.domain.contract,
            "topics": [event.topic, *indexed],
            "data": encode([each.kind for each in plain], [values[each.name] for each in plain]),
            "blockNumber": block,
            "blockHash": _block_hash(block),
            "logIndex": 0,
            "transactionHash": logged.transaction,
        },
    )
