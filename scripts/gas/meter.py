"""A consortium on an embedded chain whose transactions are measured: whole ones, call data and all, London rules.

Every statement commits to a document and a detail, and every party and six transit countries are on record, so that
what is measured is the dearest of its kind.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from clients.testing import consortium as practice
from ledger.chain.consignments import MAX_TRANSACTION_GAS, entry
from ledger.epcis.commitment import ucr_commitment
from ledger.identity.milestones import Milestone
from ledger.identity.statements import ZERO_ADDRESS, consignment_id
from ledger.identity.terms import Route, route_terms
from scripts.gas import goals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.identity.signing import SignedStatement

ROUTE: Final = Route("KR", "NL", ("LK", "IN", "AE", "EG", "MT", "SG"))
"""Six transit countries; the one whose authority acts is the last that is looked at."""

_RELAYER: Final = "auditor"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one transaction took.

    Attributes:
        transaction: its name, as in the snapshots of forge.
        gas: what its receipt says.
    """

    transaction: str
    gas: int

    @property
    def each(self) -> int:
        """The gas of each statement that it carries, rounded up."""
        return -(-self.gas // goals.statements(self.transaction))

    @property
    def goal(self) -> int:
        """The most that each statement may take."""
        return goals.goal(self.transaction)


@dataclass(frozen=True, slots=True)
class Meter:
    """States and measures.

    Attributes:
        consortium: the members and the contracts.
        measured: what was measured so far, in order.
    """

    consortium: practice.Consortium = field(default_factory=lambda: practice.start().consortium)
    measured: list[Measured] = field(default_factory=list)

    def address(self, name: str) -> str:
        """A party's address."""
        return self.consortium.party(name).address

    def sign(self, name: str, milestone: Milestone, goods: bytes, **fields: Any) -> SignedStatement:  # noqa: ANN401  # a statement's own
        """A statement with a document and, unless another is given, a detail."""
        told = {"commitment": digest("document", milestone.name), "detail": digest("detail", milestone.name)}
        return self.consortium.sign(name, milestone, goods, **(told | fields))

    def state(self, name: str, milestone: Milestone, goods: bytes, **fields: Any) -> None:  # noqa: ANN401  # a statement's own
        """State without measuring."""
        self.consortium.submit(self.sign(name, milestone, goods, **fields), _RELAYER)

    def measure(self, transaction: str, name: str, milestone: Milestone, goods: bytes, **fields: Any) -> None:  # noqa: ANN401  # a statement's own
        """State, and measure it under this name."""
        self.measure_signed(transaction, self.sign(name, milestone, goods, **fields))

    def measure_signed(self, transaction: str, signed: SignedStatement) -> None:
        """Submit what was signed, and measure it under this name."""
        self.measured.append(Measured(transaction, self.consortium.submit(signed, _RELAYER).gas_used))

    def measure_batch(self, transaction: str, batch: Sequence[SignedStatement]) -> None:
        """Submit all in one transaction, and measure it under this name; none may be skipped.

        Raises:
            RuntimeError: one was skipped, so the figure would be of a smaller batch.
        """
        contract = self.consortium.contracts.consignments
        sender = self.consortium.sender(_RELAYER)
        entries = [entry(signed) for signed in batch]
        receipt = contract.write(sender, "submitBatch", entries, gas=MAX_TRANSACTION_GAS)
        skipped = contract.events(receipt, "StatementSkipped")
        if skipped:
            raise RuntimeError(f"{len(skipped)} statements of '{transaction}' were skipped")
        self.measured.append(Measured(transaction, receipt.gas_used))

    def registration(
        self, ucr: str, *, exporter: str = "exporter", importer: str | None = "importer", route: Route = ROUTE
    ) -> tuple[bytes, SignedStatement]:
        """The id of a consignment (32 bytes), and what registers it."""
        commitment = ucr_commitment(practice.salt_of(ucr), ucr)
        goods = consignment_id(self.address(exporter), commitment)
        counterparty = ZERO_ADDRESS if importer is None else self.address(importer)
        fields = {"terms": route_terms(route), "counterparty": counterparty, "detail": commitment}
        return goods, self.sign(exporter, Milestone.REGISTERED, goods, **fields)

    def registered(self, ucr: str) -> bytes:
        """A consignment with every party and the whole route, registered without measuring; its id (32 bytes)."""
        goods, signed = self.registration(ucr)
        self.consortium.submit(signed, _RELAYER)
        return goods


def digest(*words: str) -> bytes:
    """32 bytes that are the same in every run."""
    return hashlib.sha256(":".join(words).encode()).digest()
