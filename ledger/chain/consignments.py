"""The consignments contract: statements go in, states and heads come out.

consignments.submit(sender, signed)
consignments.state(consignment).phase
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.acceptance import ACCEPTANCES, STATEMENT_ACCEPTED, read_acceptance
from ledger.chain.contract import Contract
from ledger.chain.errors import NodeAnswerError
from ledger.chain.logs import read_logs
from ledger.chain.refusals import explain
from ledger.chain.state import SideState, State
from ledger.chain.transactions import Call
from ledger.errors import InputError
from ledger.identity.milestones import Channel, Clearance, InspectionResult, Milestone, Phase
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.chain.acceptance import Acceptance
    from ledger.chain.members import Members
    from ledger.chain.transactions import Receipt, Sender
    from ledger.errors import LedgerError
    from ledger.identity.signing import SignedStatement

STATEMENT_GAS: Final = 400_000  # three times what the dearest statement takes
BATCH_BASE_GAS: Final = 100_000
MAX_TRANSACTION_GAS: Final = 16_777_216  # EIP-7825
MAX_BATCH: Final = (MAX_TRANSACTION_GAS - BATCH_BASE_GAS) // STATEMENT_GAS
"""How many statements fit in one transaction for certain."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one statement.

    Attributes:
        digest: its digest (32 bytes).
        refusal: why it was refused; ``None`` where it was accepted.
        receipt: the transaction that carried it.
    """

    digest: bytes
    refusal: LedgerError | None
    receipt: Receipt

    @property
    def accepted(self) -> bool:
        """Whether it counts."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Consignments(Contract):
    """The contract that keeps the consignments.

    Attributes:
        members: the register by which it judges.
        since: the block in which it was deployed.
    """

    members: Members
    since: int

    @property
    def domain(self) -> Domain:
        """Where statements for it are signed (EIP-712)."""
        return Domain(self.node.chain_id, self.address)

    def submit(self, sender: Sender, signed: SignedStatement) -> Receipt:
        """State something, for oneself or for another who signed it.

        Raises:
            RuleRefused: the rules do not allow it; nothing was done.
            TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`.
        """
        return self.write(sender, "submit", entry(signed), gas=STATEMENT_GAS)

    def attempt(self, sender: Sender, signed: SignedStatement) -> None:
        """See whether a statement would be accepted now, without stating it.

        Raises:
            RuleRefused: the rules would not allow it.
        """
        data = self.interface.encode_call("submit", entry(signed))
        sender.attempt(Call(self.address, self.interface, data, STATEMENT_GAS))

    def submit_batch(self, sender: Sender, batch: Sequence[SignedStatement]) -> tuple[Outcome, ...]:
        """State several things, in order; what the rules refuse is skipped, and the others count.

        Where there are more than :data:`MAX_BATCH`, each transaction takes as many as fit.

        Returns:
            one outcome for each statement, in the order given.

        Raises:
            TransactionRefusedError, OutcomeUnknownError, Unavailable: as for :meth:`Sender.send`; of the transactions
                before, the statements stay accepted, and sending the whole batch again is safe.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(batch), MAX_BATCH):
            outcomes += self._submit_some(sender, batch[start : start + MAX_BATCH])
        return tuple(outcomes)

    def head(self, consignment: bytes) -> bytes:
        """A consignment's head (32 bytes); zeros where it is not registered."""
        return bytes(self.read("head", consignment))

    def state(self, consignment: bytes) -> State | None:
        """A consignment as it stands now, or ``None`` where it is not registered."""
        found = self.read("consignment", consignment)
        if found["position"] == 0:
            return None
        return self._state(consignment, found, self._holds(consignment) if found["openHolds"] else frozenset())

    def is_recorded(self, consignment: bytes, digest: bytes, member: int) -> bool:
        """Whether a headless statement was accepted, by its digest and the number of the member that made it."""
        return bool(self.read("isRecorded", consignment, digest, member))

    def accepted(self, receipt: Receipt) -> tuple[Acceptance, ...]:
        """The statements that a transaction's events show to be accepted, in order.

        Raises:
            NodeAnswerError: an event describes no statement of this version.
        """
        found = (self.event(log) for log in receipt.logs)
        return tuple(self.acceptance(*event) for event in found if event is not None and event[0] in ACCEPTANCES)

    def acceptance(self, event: str, values: dict[str, Any]) -> Acceptance:
        """The statement that an event shows to be accepted.

        Args:
            event: the event's name.
            values: its values by the contract's names for them.

        Raises:
            NodeAnswerError: it describes no statement of this version.
        """
        try:
            return read_acceptance(event, values, self.domain)
        except (InputError, ValueError) as error:
            raise NodeAnswerError(
                f"an event describes no statement of this version ({error})",
                where=self.node.name,
                mend="Update this program, or ask another node.",
            ) from error

    def _submit_some(self, sender: Sender, batch: Sequence[SignedStatement]) -> list[Outcome]:
        gas = BATCH_BASE_GAS + STATEMENT_GAS * len(batch)
        receipt = self.write(sender, "submitBatch", [entry(signed) for signed in batch], gas=gas)
        refusals = {
            values["index"]: explain(self.interface, values["refusal"])
            for values in self.events(receipt, "StatementSkipped")
        }
        domain = self.domain
        return [
            Outcome(signed.statement.digest(domain), refusals.get(index), receipt) for index, signed in enumerate(batch)
        ]

    def _state(self, consignment: bytes, found: dict[str, Any], holds: frozenset[tuple[bytes, str]]) -> State:
        numbers = {found[name] for name in ("exporter", "importer", "holder", "offeredTo")}
        numbers |= {found[side]["declarant"] for side in ("exportSide", "importSide")}
        address = {number: self.members.address_of(number) if number else ZERO_ADDRESS for number in numbers}
        return State(
            consignment=consignment,
            exporter=address[found["exporter"]],
            importer=address[found["importer"]],
            holder=address[found["holder"]],
            offered_to=address[found["offeredTo"]],
            export_country=_country(found["exportCountry"]),
            import_country=_country(found["importCountry"]),
            transit=MappingProxyType({_country(entry["country"]): entry["passed"] for entry in found["transit"]}),
            phase=Phase(found["phase"]),
            location=_country(found["location"]),
            destination=_country(found["destination"]),
            seal=found["seal"],
            departed=found["departed"],
            export_side=_side(found["exportSide"], address),
            import_side=_side(found["importSide"], address),
            holds=holds,
            numbers=MappingProxyType({address[number]: number for number in numbers}),
            position=found["position"],
            head=found["head"],
        )

    def _holds(self, consignment: bytes) -> frozenset[tuple[bytes, str]]:
        """The open holds: the contract counts them, and its events name them."""
        blocks = (self.since, self.node.latest_block().number)
        topics = [self.interface.topic(STATEMENT_ACCEPTED), consignment]
        holds: set[tuple[bytes, str]] = set()
        for log in read_logs(self.node, [self.address], topics, blocks):
            found = self.event(log)
            if found is None:
                continue
            accepted = self.acceptance(*found)
            if accepted.statement.milestone is not Milestone.HELD:
                continue
            digest, setter = accepted.digest, accepted.member
            if self.read("holdStands", consignment, digest, setter):
                holds.add((digest, self.members.address_of(setter)))
        return frozenset(holds)


def entry(signed: SignedStatement) -> tuple[object, ...]:
    """The struct that the contract takes of a signed statement."""
    statement = signed.statement
    opening = (ZERO32, ZERO32) if signed.opening is None else (signed.opening.blind, signed.opening.reasons_digest)
    return (
        (
            statement.consignment,
            int(statement.milestone),
            int(statement.side),
            statement.commitment,
            statement.event_time,
            statement.signed_time,
            statement.valid_until,
            int(statement.role),
            statement.previous_head,
            statement.counterparty,
            statement.terms,
            statement.detail,
        ),
        signed.signature.r,
        signed.signature.vs,
        opening,
    )


def _side(found: dict[str, Any], address: dict[int, str]) -> SideState:
    return SideState(
        clearance=Clearance(found["clearance"]),
        declarant=address[found["declarant"]],
        assessment=found["assessment"],
        channel=Channel(found["channel"]),
        documents_pending=found["documentsPending"],
        duties_met=found["dutiesMet"],
        stopped=found["stopped"],
        inspection=InspectionResult(found["inspection"]) if found["inspection"] else None,
    )


def _country(code: bytes) -> str:
    return code.decode("ascii").rstrip("\0")
