"""Trade parties: exporter, importer, carrier, terminal, broker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from clients.custody import Holder
from clients.party import Party
from clients.stating import Act
from ledger.epcis.commitment import ucr_commitment
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.statements import ZERO_ADDRESS
from ledger.identity.terms import Route, route_terms
from ledger.store.records import Reference

if TYPE_CHECKING:
    from datetime import datetime

    from clients.stating import Outcome
    from ledger.chain.state import State


class Declarant(Party):
    """Who lodges declarations: the exporter for export, the importer for import, or the broker either appointed."""

    def declare(self, reference: str, *, document: bytes | None = None, at: datetime | None = None) -> Outcome:
        """Lodge the declaration of this party's side."""
        return self._declaration(Milestone.DECLARED, reference, document, at)

    def amend(self, reference: str, *, document: bytes | None = None, at: datetime | None = None) -> Outcome:
        """Amend it; it is accepted and assessed anew."""
        return self._declaration(Milestone.AMENDED, reference, document, at)

    def _declaration(
        self, milestone: Milestone, reference: str, document: bytes | None, at: datetime | None
    ) -> Outcome:
        side, role = self._part(self.state_of(reference))
        return self._state(reference, Act(milestone, role, side=side, document=document), at)

    def _part(self, state: State) -> tuple[Side, Role]:
        """This party's side of a consignment, and the role it declares in.

        A stranger gets the side of its country, and from the contract the reason why it may not.
        """
        member = self.member
        if member.address == state.exporter:
            return Side.EXPORT, Role.EXPORTER
        if member.address == state.importer:
            return Side.IMPORT, Role.IMPORTER
        if member.address == state.export_side.declarant:
            return Side.EXPORT, Role.BROKER
        if member.address == state.import_side.declarant:
            return Side.IMPORT, Role.BROKER
        return (Side.EXPORT if member.country == state.export_country else Side.IMPORT), self._acting_role()


class Principal(Declarant):
    """Exporter or importer: who appoints a broker to declare."""

    def appoint(self, reference: str, broker: str) -> Outcome:
        """Appoint a broker to declare on this party's side."""
        return self._appointment(Milestone.APPOINTED, reference, broker)

    def revoke_appointment(self, reference: str, broker: str) -> Outcome:
        """Take the appointment back."""
        return self._appointment(Milestone.APPOINTMENT_REVOKED, reference, broker)

    def _appointment(self, milestone: Milestone, reference: str, broker: str) -> Outcome:
        side, role = self._part(self.state_of(reference))
        return self._state(reference, Act(milestone, role, side=side, counterparty=broker))


class Exporter(Principal, Holder):
    """An exporter: registers consignments, and holds the goods until custody is handed over."""

    role: ClassVar[Role | None] = Role.EXPORTER

    def register(
        self,
        document: bytes,
        *,
        ucr: str,
        to: str,
        via: tuple[str, ...] | list[str] = (),
        importer: str | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """Register a consignment from an EPCIS document.

        The first event stands behind the registration; the others are recorded as observations with it.

        Args:
            document: the EPCIS document, JSON-LD or XML.
            ucr: the Unique Consignment Reference (1 to 35 characters).
            to: the import country.
            via: the transit countries, in order.
            importer: the importer's member address; may be named later.
            at: when; else as the document says.

        Raises:
            EpcisInvalid: the document breaks rules; nothing was done.
            Refused: the contract does not allow it; nothing was recorded.
        """
        member = self.member
        reference = Reference(ucr=ucr, salt=os.urandom(32), exporter=member.address)
        route = Route(member.country, to, tuple(via))
        act = Act(
            Milestone.REGISTERED,
            Role.EXPORTER,
            document=document,
            counterparty=importer or ZERO_ADDRESS,
            terms=route_terms(route),
            detail=ucr_commitment(reference.salt, reference.ucr),
            reference=reference,
        )
        return self._state(reference.id, act, at)

    def name_importer(self, reference: str, importer: str) -> Outcome:
        """Name the importer, where the registration left it open."""
        return self._state(reference, Act(Milestone.IMPORTER_NAMED, Role.EXPORTER, counterparty=importer))

    def cancel(self, reference: str) -> Outcome:
        """Cancel a consignment that never departed."""
        return self._state(reference, Act(Milestone.CANCELLED, Role.EXPORTER))


class Importer(Principal, Holder):
    """An importer: appoints a broker, takes custody, and states delivery."""

    role: ClassVar[Role | None] = Role.IMPORTER

    def deliver(self, reference: str, *, document: bytes | None = None, at: datetime | None = None) -> Outcome:
        """State that the goods were delivered: the consignment's end."""
        return self._state(reference, Act(Milestone.DELIVERED, Role.IMPORTER, document=document), at)


class Carrier(Holder):
    """A carrier: takes custody and moves goods."""

    role: ClassVar[Role | None] = Role.CARRIER


class Terminal(Holder):
    """A terminal: takes custody, keeps goods, and lets them out."""

    role: ClassVar[Role | None] = Role.TERMINAL


class Broker(Declarant):
    """A customs broker: declares for those who appointed it."""

    role: ClassVar[Role | None] = Role.BROKER
