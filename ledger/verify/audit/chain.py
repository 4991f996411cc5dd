"""What an audit reads of the chain, once: the register with every key that ever signed logs, and every checkpoint."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ledger.chain.history import checkpoint_history, register_history
from ledger.tlog.cosignatures import verifier_of
from ledger.tlog.origins import event_log_origin
from ledger.tlog.vkeys import SignatureType, VerifierKey
from ledger.verify.register import membership_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.chain.deployment import Contracts
    from ledger.chain.history import Recorded, RegisterEvent
    from ledger.chain.nodes import Block
    from ledger.tlog.notes import Verifier
    from ledger.verify.membership import Membership


@dataclass(frozen=True, slots=True)
class AuditedChain:
    """The chain as an audit has read it.

    Attributes:
        contracts: the consortium's.
        as_of: the last block that was read.
        membership: the register's history.
        log_keys: for each member's number, the Ed25519 keys that its log's checkpoints were ever signed with (32 bytes
            each), the present one last.
        recorded: for each member's number, the checkpoints recorded of its log, in order.
    """

    contracts: Contracts
    as_of: Block
    membership: Membership
    log_keys: Mapping[int, tuple[bytes, ...]]
    recorded: Mapping[int, tuple[Recorded, ...]]

    def origin(self, member: str) -> str:
        """The name of a member's event log.

        Args:
            member: its address.
        """
        deployment = self.contracts.deployment
        return event_log_origin(deployment.chain_id, deployment.event_logs.address, member)

    def checkpoints_of(self, member: str) -> tuple[Recorded, ...]:
        """The checkpoints recorded of a member's log."""
        return self.recorded.get(self.membership.members[member].number, ())

    def verifiers_of(self, member: str) -> tuple[Verifier, ...]:
        """What verifies a member's log: every key that the register ever had for it, the present one last."""
        origin = self.origin(member)
        keys = self.log_keys.get(self.membership.members[member].number, ())
        return tuple(verifier_of(VerifierKey(origin, SignatureType.ED25519, key)) for key in keys)


def read_chain(contracts: Contracts) -> AuditedChain:
    """Read what an audit needs of the chain.

    Raises:
        Unavailable: the node does not answer as one.
    """
    as_of = contracts.node.latest_block()
    events = register_history(contracts, as_of)
    recorded: defaultdict[int, list[Recorded]] = defaultdict(list)
    for each in checkpoint_history(contracts, until=as_of):
        recorded[each.member].append(each)
    found = {member: tuple(some) for member, some in recorded.items()}
    return AuditedChain(contracts, as_of, membership_of(events), _log_keys(events), MappingProxyType(found))


def _log_keys(events: tuple[RegisterEvent, ...]) -> Mapping[int, tuple[bytes, ...]]:
    keys: dict[int, tuple[bytes, ...]] = {}
    for event in events:
        if event.name in ("MemberAdmitted", "CheckpointKeyReplaced"):
            member, key = event.values["member"], event.values["checkpointKey"]
            keys[member] = (*(each for each in keys.get(member, ()) if each != key), key)
    return MappingProxyType(keys)
