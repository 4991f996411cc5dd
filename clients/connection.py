"""A party's connection: the chain, the consortium's contracts, and the key that sends to them."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clients.recorded import Recorded, Skipped
from ledger.chain.clock import system_clock
from ledger.chain.deployment import attach
from ledger.chain.refusals import RuleRefused
from ledger.chain.transactions import Sender
from ledger.errors import NotFound
from ledger.identity.milestones import Milestone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.chain.consignments import Consignments
    from ledger.chain.deployment import Contracts, Deployment
    from ledger.chain.members import KeyRecord, MemberRecord, Members
    from ledger.chain.nodes import Node
    from ledger.chain.state import State
    from ledger.chain.transactions import Receipt
    from ledger.identity.keys import SigningKey
    from ledger.identity.signing import SignedStatement
    from ledger.identity.statements import Domain

DEFAULT_VALIDITY_SECONDS: Final = 24 * 3600
_MEMBER: Final = re.compile(r"\bmember ([1-9]\d{0,9})\b")


@dataclass(frozen=True, slots=True)
class Connection:
    """The consortium as one party reaches it.

    Attributes:
        contracts: its contracts on a node of its chain.
        sender: the key that sends this party's transactions; any would do, since the signer of a statement counts.
        validity_seconds: for how long a statement may wait before the contract refuses it.
        clock: the time now, in seconds since 1970.
    """

    contracts: Contracts
    sender: Sender
    validity_seconds: int = DEFAULT_VALIDITY_SECONDS
    clock: Callable[[], int] = system_clock

    @classmethod
    def open(
        cls,
        node: Node,
        deployment: Deployment,
        key: SigningKey,
        *,
        validity_seconds: int = DEFAULT_VALIDITY_SECONDS,
        clock: Callable[[], int] = system_clock,
    ) -> Connection:
        """Connect to the contracts of a deployment, after making sure that they are there.

        Raises:
            OtherChainError: the node is one of another chain.
            OtherContractsError: other code is at the contracts' addresses.
            Unavailable: the node does not answer.
        """
        return cls(attach(node, deployment), Sender(node, key), validity_seconds, clock)

    @property
    def node(self) -> Node:
        """The node that is asked."""
        return self.contracts.node

    @property
    def deployment(self) -> Deployment:
        """Which contracts on which chain."""
        return self.contracts.deployment

    @property
    def domain(self) -> Domain:
        """Where statements are signed (EIP-712)."""
        return self.contracts.domain

    @property
    def members(self) -> Members:
        """The register of members."""
        return self.contracts.members

    @property
    def consignments(self) -> Consignments:
        """The contract of the consignments."""
        return self.contracts.consignments

    def head(self, consignment: bytes) -> bytes:
        """A consignment's head (32 bytes)."""
        return self.consignments.head(consignment)

    def state(self, consignment: bytes) -> State:
        """Where a consignment stands.

        Raises:
            NotFound: the chain has no such consignment.
        """
        state = self.consignments.state(consignment)
        if state is None:
            raise NotFound(
                f"the chain has no consignment 0x{consignment.hex()}",
                where="consignment",
                mend="Check the id, and that this is the consortium's chain.",
            )
        return state

    def member_of_key(self, key: str) -> MemberRecord:
        """The member that a key speaks for.

        Raises:
            NotFound: it is no member's.
        """
        record = self.members.key(key)
        member = self.members.member_at(record.member) if record else None
        if member is None:
            raise NotFound(
                f"the key {key} is no member's",
                where="key",
                mend="Give your card (smartborder key card) to your customs administration and ask to be admitted.",
            )
        return member

    def keys_of(self, address: str) -> tuple[KeyRecord, ...]:
        """The keys of a member, in the order in which they were added."""
        keys = self.members.keys_of(address)
        return tuple(record for record in map(self.members.key, keys) if record is not None)

    def name_of(self, address: str) -> str:
        """The name in a member's profile, or its address where there is none."""
        try:
            name = json.loads(self.members.profile_of(address)).get("name")
        except (ValueError, AttributeError):
            return address
        return name if isinstance(name, str) and name else address

    def attempt(self, signed: SignedStatement) -> None:
        """See whether a statement would be accepted now, without stating it.

        Raises:
            RuleRefused: the rules would not allow it.
        """
        with self._naming_members():
            self.consignments.attempt(self.sender, signed)

    def submit(self, signed: Sequence[SignedStatement]) -> tuple[Recorded | Skipped, ...]:
        """Send statements in one go; what the rules refuse is skipped, and the others count.

        Raises:
            RuleRefused: there is one statement, and it is refused.
            OutcomeUnknownError, Unavailable: the node does not say what became of it.
        """
        if len(signed) == 1:
            with self._naming_members():
                receipt = self.consignments.submit(self.sender, signed[0])
            return (self._recorded(receipt, signed[0].statement.digest(self.domain)),)
        return tuple(
            self._recorded(outcome.receipt, outcome.digest)
            if outcome.refusal is None
            else Skipped(outcome.digest, outcome.refusal, outcome.receipt.transaction)
            for outcome in self.consignments.submit_batch(self.sender, signed)
        )

    @contextmanager
    def _naming_members(self) -> Iterator[None]:
        """Tell refusals with the names of members: the contract knows them by their numbers."""
        try:
            yield
        except RuleRefused as refusal:
            refusal.message = _MEMBER.sub(self._name_in_text, refusal.message)
            raise

    def _name_in_text(self, number: re.Match[str]) -> str:
        member = self.members.member_at(int(number[1]))
        return self.name_of(member.address) if member else number[0]

    def _recorded(self, receipt: Receipt, digest: bytes) -> Recorded:
        for accepted in self.consignments.accepted(receipt):
            milestone = accepted.statement.milestone
            if accepted.digest == digest and milestone is not Milestone.OBSERVED:
                position, head = accepted.position, accepted.head
                return Recorded(milestone, digest, position, head, receipt.block_number, receipt.transaction)
        return Recorded(Milestone.OBSERVED, digest, None, None, receipt.block_number, receipt.transaction)
