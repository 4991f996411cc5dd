"""The members' event logs as the chain knows them: whose keys sign them, and which checkpoints of them it recorded.

::

    logs = RegisteredLogs(contracts)
    logs[event_log_origin(chain_id, contract, member)]       # what verifies that log's checkpoints
    found = objection(contracts, checkpoint)                 # None: the chain recorded just this checkpoint

Everything is asked of the node each time: a key that was replaced counts from the block on that replaced it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.chain.history import checkpoint_history, find_root
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.errors import OriginMalformedError
from ledger.tlog.origins import BlockLogOrigin, EventLogOrigin, block_log_origin, event_log_origin, parse_origin
from ledger.tlog.vkeys import SignatureType, VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.chain.deployment import Contracts
    from ledger.chain.history import Recorded
    from ledger.chain.members import MemberRecord
    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Verifier


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a checkpoint is not one that the chain recorded.

    Attributes:
        reason: in plain words.
        recorded: what the chain recorded of the same size instead, where it did: then the log has signed a tree other
            than the one that its member put on record, and both cannot be true.
    """

    reason: str
    recorded: Recorded | None = None


class RegisteredLogs(Mapping[str, "tuple[Verifier, ...]"]):
    """The logs of a consortium's members: for each origin, what verifies the key that the register has.

    The log of the chain's blocks has one origin for all authorities, each of which may keep it: any of their keys
    counts for it.

    Args:
        contracts: the consortium's.

    Raises:
        Unavailable: asking for a log raises it where the node does not answer.
    """

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def __getitem__(self, origin: str) -> tuple[Verifier, ...]:
        try:
            log = parse_origin(origin)
        except OriginMalformedError:
            raise KeyError(origin) from None
        keys = [log_key(origin, member) for member in self._signers(log)]
        if not keys:
            raise KeyError(origin)
        return tuple(verifier_of(key) for key in keys)

    def __iter__(self) -> Iterator[str]:
        deployment = self._contracts.deployment
        for member in self._contracts.members.all():
            yield event_log_origin(deployment.chain_id, deployment.event_logs.address, member.address)
        yield self._blocks

    def __len__(self) -> int:
        return len(self._contracts.members.all()) + 1

    @property
    def _blocks(self) -> str:
        return block_log_origin(self._contracts.deployment.chain_id, self._contracts.deployment.genesis_hash)

    def _signers(self, log: EventLogOrigin | BlockLogOrigin) -> list[MemberRecord]:
        deployment = self._contracts.deployment
        if log.chain_id != deployment.chain_id:
            return []
        if isinstance(log, BlockLogOrigin):
            of_this_chain = log.genesis_hash == deployment.genesis_hash
            addresses = self._contracts.members.authorities() if of_this_chain else ()
        else:
            addresses = (log.member,) if log.contract == deployment.event_logs.address else ()
        return [member for member in map(self._contracts.members.member, addresses) if member is not None]


def log_key(origin: str, member: MemberRecord) -> VerifierKey:
    """The key that signs the checkpoints of a member's log, as the register has it now."""
    return VerifierKey(origin, SignatureType.ED25519, member.checkpoint_key)


def member_log_key(contracts: Contracts, member: MemberRecord) -> VerifierKey:
    """The key of a member's event log; its name is the log's origin."""
    deployment = contracts.deployment
    return log_key(event_log_origin(deployment.chain_id, deployment.event_logs.address, member.address), member)


def block_log_key(contracts: Contracts, authority: MemberRecord) -> VerifierKey:
    """The key of an authority's log of the chain's blocks; its name is the log's origin."""
    deployment = contracts.deployment
    return log_key(block_log_origin(deployment.chain_id, deployment.genesis_hash), authority)


def objection(contracts: Contracts, checkpoint: Checkpoint, depth: int = 0) -> Objection | None:
    """What speaks against a checkpoint of a member's event log: everything but that the chain recorded just this one.

    It is read strictly. A size between two recorded ones may lie on the way from the one to the other, but nobody put
    it on record; a log that wants it witnessed records it first, which costs the same whatever its size.

    Args:
        contracts: the consortium's.
        checkpoint: what the log signed.
        depth: how many later blocks there have to be for a recording to count; 0 where the engine takes none back.

    Returns:
        ``None`` where the chain recorded this size and this root for this member, now or earlier.

    Raises:
        OriginMalformedError: it is a checkpoint of no log of this ledger.
        Unavailable: the node does not answer.
    """
    log = parse_origin(checkpoint.origin)
    address = log.member if isinstance(log, EventLogOrigin) else ""
    member = contracts.members.member(address) if address else None
    if member is None:
        return Objection("the register knows no member with this event log")
    latest = contracts.event_logs.checkpoint(member.number)
    if (latest.size, latest.root) == (checkpoint.size, checkpoint.root):
        return _objection_to_depth(contracts, member.number, checkpoint, depth)
    if checkpoint.size > latest.size:
        return Objection(
            f"record it on chain first: {latest.size} entries are on record, the checkpoint is of {checkpoint.size}"
        )
    earlier = _objection_to_earlier(contracts, member.number, checkpoint)
    return earlier or _objection_to_depth(contracts, member.number, checkpoint, depth)


def _objection_to_depth(contracts: Contracts, member: int, checkpoint: Checkpoint, depth: int) -> Objection | None:
    """What is on record now may be taken back, on an engine that reorganises."""
    if depth == 0:
        return None
    places = [
        each.place.block_number
        for each in find_root(contracts, checkpoint.root)
        if (each.member, each.size) == (member, checkpoint.size)
    ]
    newest = contracts.node.latest_block().number
    if places and newest - min(places) >= depth:
        return None
    return Objection(f"its recording is not final: ask again once {depth} more blocks follow the one that has it")


def _objection_to_earlier(contracts: Contracts, member: int, checkpoint: Checkpoint) -> Objection | None:
    same_root = find_root(contracts, checkpoint.root)
    if any((each.member, each.size) == (member, checkpoint.size) for each in same_root):
        return None
    of_this_size = [each for each in checkpoint_history(contracts, member) if each.size == checkpoint.size]
    if not of_this_size:
        return Objection(f"the chain has never recorded {checkpoint.size} entries of this log")
    recorded = of_this_size[0]
    return Objection(
        f"the chain has recorded the root {recorded.root.hex()} for {recorded.size} entries of this log (block "
        f"{recorded.place.block_number}), and the checkpoint has {checkpoint.root.hex()}",
        recorded,
    )
