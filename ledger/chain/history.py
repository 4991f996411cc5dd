"""Histories read from the logs: what was stated about a consignment, how event logs grew, what became of the members.

The contracts emit enough to rebuild every statement with its signature, however it came to them. Only what opened an
assessment stands nowhere but in the transaction that carried it. Nothing read here is trusted by a verifier: it
recomputes digests, heads and signatures.

    history = consignment_history(contracts, consignment)
    [each.statement.milestone for each in history.statements]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eth_abi.exceptions import DecodingError

from ledger.chain.acceptance import ACCEPTANCES, OBSERVATION_RECORDED, STATEMENT_ACCEPTED, Acceptance
from ledger.chain.errors import NodeAnswerError
from ledger.chain.event_logs import CHECKPOINT_RECORDED, Recording
from ledger.chain.logs import read_logs
from ledger.errors import InputError
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.signatures import Signature
from ledger.identity.signing import Opening, SignedStatement
from ledger.identity.statements import ZERO32, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web3.types import LogReceipt

    from ledger.chain.contract import Contract
    from ledger.chain.deployment import Contracts
    from ledger.chain.nodes import Block, Node


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the chain a log entry stands; places are ordered as the chain is.

    Attributes:
        block_number: the block's number.
        log_index: the number of the log entry in its block.
        block_time: the block's time, in seconds.
        block_hash: the block's hash (32 bytes).
        transaction: the hash of the transaction that emitted it (32 bytes).
    """

    block_number: int
    log_index: int
    block_time: int
    block_hash: bytes
    transaction: bytes


@dataclass(frozen=True, slots=True)
class Accepted(Acceptance):
    """One statement as the contract accepted it, and where.

    Attributes:
        place: where it stands in the chain.
    """

    place: Place


@dataclass(frozen=True, slots=True)
class ConsignmentHistory:
    """Everything that was accepted about one consignment.

    Attributes:
        consignment: its id (32 bytes).
        statements: those that count, in order.
        observations: those that move neither head nor state, in order.
        as_of: the last block read.
    """

    consignment: bytes
    statements: tuple[Accepted, ...]
    observations: tuple[Accepted, ...]
    as_of: Block


@dataclass(frozen=True, slots=True)
class Recorded(Recording):
    """One checkpoint as the contract recorded it, and where.

    Attributes:
        place: where it stands in the chain.
    """

    place: Place


@dataclass(frozen=True, slots=True)
class RegisterEvent:
    """One change in the register of members.

    Attributes:
        name: the event's name: ``MemberAdmitted``, ``KeyRetired`` and so on.
        values: its values by the contract's names for them.
        place: where it stands in the chain.
    """

    name: str
    values: dict[str, Any]
    place: Place


def consignment_history(contracts: Contracts, consignment: bytes, until: Block | None = None) -> ConsignmentHistory:
    """What was accepted about a consignment.

    Args:
        contracts: the consortium's.
        consignment: its id (32 bytes).
        until: the last block to read; the latest, if none is given.

    Raises:
        Unavailable: the node does not answer, or changed its mind about the chain meanwhile.
    """
    as_of = until or contracts.node.latest_block()
    consortium = contracts.consignments
    topics = [[consortium.interface.topic(name) for name in ACCEPTANCES], consignment]
    found = _events(consortium, topics, (contracts.deployment.block, as_of.number))
    entries = [(name, _accepted(name, values, place, contracts)) for name, values, place in found]
    statements = tuple(entry for name, entry in entries if name == STATEMENT_ACCEPTED)
    observations = tuple(entry for name, entry in entries if name == OBSERVATION_RECORDED)
    return ConsignmentHistory(consignment, statements, observations, as_of)


def accepted_history(contracts: Contracts, until: Block | None = None) -> Iterator[Accepted]:
    """Every statement and observation that was accepted, about whatever consignment, in order.

    Args:
        contracts: the consortium's.
        until: the last block to read; the latest, if none is given.

    Raises:
        Unavailable: the node does not answer, or changed its mind about the chain meanwhile.
    """
    consortium = contracts.consignments
    last = (until or contracts.node.latest_block()).number
    topics = [[consortium.interface.topic(name) for name in ACCEPTANCES]]
    for name, values, place in _events(consortium, topics, (contracts.deployment.block, last)):
        yield _accepted(name, values, place, contracts)


def find_commitment(contracts: Contracts, commitment: bytes) -> frozenset[bytes]:
    """The consignments about which an event was stated or observed, by its blinded commitment (32 bytes)."""
    consortium = contracts.consignments
    names = [consortium.interface.topic(name) for name in ACCEPTANCES]
    blocks = (contracts.deployment.block, contracts.node.latest_block().number)
    found = _events(consortium, [names, None, commitment], blocks)
    return frozenset(values["consignment"] for _, values, _ in found)


def register_history(contracts: Contracts, until: Block | None = None) -> tuple[RegisterEvent, ...]:
    """Everything that ever changed in the register of members, in order.

    Args:
        contracts: the consortium's.
        until: the last block to read; the latest, if none is given.

    Raises:
        Unavailable: the node does not answer, or changed its mind about the chain meanwhile.
    """
    last = (until or contracts.node.latest_block()).number
    found = _events(contracts.members, [], (contracts.deployment.block, last))
    return tuple(RegisterEvent(*event) for event in found)


def checkpoint_history(
    contracts: Contracts, member: int | None = None, until: Block | None = None
) -> tuple[Recorded, ...]:
    """The checkpoints recorded of a member's event log, or of all, in order.

    Args:
        contracts: the consortium's.
        member: the number of the member; all members, if none is given.
        until: the last block to read; the latest, if none is given.

    Raises:
        Unavailable: the node does not answer, or changed its mind about the chain meanwhile.
    """
    return _recorded(contracts, [None if member is None else member.to_bytes(32, "big")], until)


def find_root(contracts: Contracts, root: bytes) -> tuple[Recorded, ...]:
    """The checkpoints, of whatever member, that recorded a root (32 bytes), in order."""
    return _recorded(contracts, [None, root], None)


def carried(contracts: Contracts, transaction: bytes) -> tuple[SignedStatement, ...]:
    """The signed statements in a transaction's own input, with what they open.

    It is a hint, not a proof: a transaction may go through another contract, and its input may hold what never counted.

    Args:
        contracts: the consortium's.
        transaction: its hash (32 bytes).

    Returns:
        none where the input is no call of the consignments contract's.

    Raises:
        Unavailable: the node does not answer, or does not know the transaction.
    """
    data = contracts.node.transaction_data(transaction)
    interface = contracts.consignments.interface
    for name in ("submit", "submitBatch"):
        try:
            arguments = interface.decode_call(name, data)
        except DecodingError:
            return ()
        if arguments is not None:
            entries = arguments[0] if name == "submitBatch" else arguments
            return tuple(signed for signed in map(_signed, entries) if signed is not None)
    return ()


def _recorded(contracts: Contracts, topics: Sequence[Any], until: Block | None) -> tuple[Recorded, ...]:
    logs = contracts.event_logs
    blocks = (contracts.deployment.block, (until or contracts.node.latest_block()).number)
    found = _events(logs, [logs.interface.topic(CHECKPOINT_RECORDED), *topics], blocks)
    return tuple(_at_place(logs.recording(values), place) for _, values, place in found)


def _at_place(said: Recording, place: Place) -> Recorded:
    return Recorded(
        said.member,
        said.previous_size,
        said.size,
        said.root,
        said.time,
        said.key,
        said.country,
        said.signed,
        place,
    )


def _events(
    contract: Contract, topics: Sequence[Any], blocks: tuple[int, int]
) -> Iterator[tuple[str, dict[str, Any], Place]]:
    times = _BlockTimes(contract.node)
    for log in read_logs(contract.node, [contract.address], topics, blocks):
        event = contract.event(log)
        if event is not None:
            yield *event, times.place(log)


class _BlockTimes:
    """The time of each block that logs were found in, asked for once; a block replaced meanwhile is noticed."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._blocks: dict[int, Block] = {}

    def place(self, log: LogReceipt) -> Place:
        number, block_hash = log["blockNumber"], bytes(log["blockHash"])
        block = self._blocks.setdefault(number, self._blocks.get(number) or self._node.block(number))
        if block.hash != block_hash:
            raise NodeAnswerError(
                f"block {number} was replaced while it was read",
                where=self._node.name,
                mend="Read again: the chain was reorganised.",
            )
        return Place(number, log["logIndex"], block.time, block_hash, bytes(log["transactionHash"]))


def _accepted(name: str, values: dict[str, Any], place: Place, contracts: Contracts) -> Accepted:
    said = contracts.consignments.acceptance(name, values)
    return Accepted(
        said.statement,
        said.digest,
        said.key,
        said.signature,
        said.member,
        said.country,
        said.position,
        said.head,
        place,
    )


def _signed(entry: dict[str, Any]) -> SignedStatement | None:
    """An entry of a transaction, or ``None`` where it is no statement at all: the contract skipped that."""
    try:
        return _as_signed(entry)
    except (InputError, ValueError):
        return None


def _as_signed(entry: dict[str, Any]) -> SignedStatement:
    said = entry["statement"]
    statement = Statement(
        consignment=said["consignment"],
        milestone=Milestone(said["milestone"]),
        side=Side(said["side"]),
        commitment=said["commitment"],
        event_time=said["eventTime"],
        signed_time=said["signedTime"],
        valid_until=said["validUntil"],
        role=Role(said["role"]),
        previous_head=said["previousHead"],
        counterparty=said["counterparty"],
        terms=said["terms"],
        detail=said["detail"],
    )
    opening = Opening(entry["opening"]["blind"], entry["opening"]["reasons"])
    opens = opening != Opening(ZERO32, ZERO32)
    return SignedStatement(statement, Signature(entry["r"], entry["vs"]), opening if opens else None)
