"""Custody: what the holder of goods states, whoever it is — and what seals are on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.party import Party
from clients.stating import Act
from ledger.chain.refusals import RuleRefused
from ledger.errors import InputError, Refused
from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.identity.statements import ZERO32
from ledger.identity.terms import country_terms, leg_terms, unseal_terms
from ledger.store.blinds import SealContent

if TYPE_CHECKING:
    from datetime import datetime

    from clients.stating import Outcome
    from ledger.store.blinds import Blind

CUSTODY_ROLES = (Role.CARRIER, Role.TERMINAL, Role.EXPORTER, Role.IMPORTER)


class Sealing(Party):
    """Who puts seals on and takes them off: the holder, or an authority where the goods are."""

    def seal(
        self, reference: str, number: str, *, document: bytes | None = None, at: datetime | None = None
    ) -> Outcome:
        """Put a seal on goods that have none; its number goes on chain as a commitment that nobody can guess."""
        consignment = self.find(reference)
        blind = self._desk.blind(consignment, SealContent(number))
        act = Act(Milestone.SEALED, self._sealing_role(), document=document, detail=blind.blinded, blinds=(blind,))
        return self._state(consignment, act, at)

    def unseal(
        self, reference: str, reason: UnsealReason, *, document: bytes | None = None, at: datetime | None = None
    ) -> Outcome:
        """State that the recorded seal is no longer on, and why."""
        consignment = self.find(reference)
        recorded = self.connection.state(consignment).seal
        act = Act(
            Milestone.UNSEALED, self._sealing_role(), document=document, terms=unseal_terms(reason), detail=recorded
        )
        return self._state(consignment, act, at)

    def add_transit(self, reference: str, country: str) -> Outcome:
        """Add a transit country to the route."""
        return self._state(reference, Act(Milestone.TRANSIT_ADDED, self._sealing_role(), terms=country_terms(country)))

    def _sealing_role(self) -> Role:
        raise NotImplementedError


class Holder(Sealing):
    """A member that holds goods, or is offered them."""

    def offer(self, reference: str, to: str) -> Outcome:
        """Offer custody to another member."""
        return self._state(reference, Act(Milestone.HANDOVER_OFFERED, self.custody_role(), counterparty=to))

    def accept(
        self, reference: str, *, seal: str | None = None, document: bytes | None = None, at: datetime | None = None
    ) -> Outcome:
        """Accept custody, stating the seal as it is on the goods: another one than recorded is refused.

        Args:
            reference: the consignment's UCR or id.
            seal: the number read on the seal; None where the goods bear none.
            document: an EPCIS document of the receipt.
            at: when; else as the document says, else now.
        """
        return self._with_seal(Milestone.HANDOVER_ACCEPTED, reference, ZERO32, seal, document, at)

    def decline(self, reference: str) -> Outcome:
        """Decline what was offered, or take one's own offer back."""
        return self._state(reference, Act(Milestone.HANDOVER_DECLINED, self.custody_role()))

    def depart(
        self,
        reference: str,
        *,
        to: str,
        seal: str | None = None,
        document: bytes | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """State that the goods left for a country (their own, for an inland leg)."""
        terms = leg_terms(self.state_of(reference).location, to)
        return self._with_seal(Milestone.DEPARTED, reference, terms, seal, document, at)

    def arrive(
        self,
        reference: str,
        *,
        country: str,
        seal: str | None = None,
        document: bytes | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """State that the goods arrived in a country."""
        return self._with_seal(Milestone.ARRIVED, reference, country_terms(country), seal, document, at)

    def remove(
        self, reference: str, *, seal: str | None = None, document: bytes | None = None, at: datetime | None = None
    ) -> Outcome:
        """State that released goods left customs' control (gate out)."""
        return self._with_seal(Milestone.REMOVED, reference, ZERO32, seal, document, at)

    def custody_role(self) -> Role:
        """The role that this member holds goods in: this class's own, else the first that it has.

        Raises:
            Refused: the member has no role in which goods are held.
        """
        if self.role in CUSTODY_ROLES:
            return self.role
        held = self.member.roles
        for role in CUSTODY_ROLES:
            if role in held:
                return role
        raise Refused(
            "this member has no role in which goods are held",
            where="role",
            mend="Ask your authority for the role exporter, carrier, terminal or importer.",
        )

    def _sealing_role(self) -> Role:
        return self.custody_role()

    def _with_seal(
        self,
        milestone: Milestone,
        reference: str,
        terms: bytes,
        seal: str | None,
        document: bytes | None,
        at: datetime | None,
    ) -> Outcome:
        consignment = self.find(reference)
        seal_blind = self._seal_read(consignment, seal)
        act = Act(
            milestone,
            self.custody_role(),
            document=document,
            terms=terms,
            detail=seal_blind.blinded if seal_blind else ZERO32,
            blinds=(seal_blind,) if seal_blind else (),
        )
        try:
            return self._state(consignment, act, at)
        except RuleRefused as refusal:
            raise self._with_seal_numbers(refusal, consignment, seal) from refusal.__cause__

    def _with_seal_numbers(self, refusal: RuleRefused, consignment: bytes, read: str | None) -> RuleRefused:
        """The same refusal, told with the numbers that this party can see behind the commitments."""
        recorded = self.connection.state(consignment).seal
        with self.store.read() as kept:
            numbers = [
                blind.content.number
                for blind in kept.consignments.blinds_of(consignment)
                if blind.blinded == recorded and isinstance(blind.content, SealContent)
            ]
        if refusal.error == "SealMismatch" and numbers:
            refusal.message = f"the seal read on the goods is {read}, and the seal recorded is {numbers[0]}"
        return refusal

    def _seal_read(self, consignment: bytes, number: str | None) -> Blind | None:
        """The blind of the seal that was read: the recorded one where the number is the recorded one's."""
        recorded = self.connection.state(consignment).seal
        if number is None and recorded != ZERO32:
            raise InputError(
                "the goods are recorded as sealed, and no seal was stated",
                where="seal",
                mend="Read the number on the seal and state it; if there is none, state that first (unseal).",
            )
        if number is None:
            return None
        content = SealContent(number)
        with self.store.read() as kept:
            for blind in kept.consignments.blinds_of(consignment):
                if blind.blinded == recorded and blind.content == content:
                    return blind
        return self._desk.blind(consignment, content)
