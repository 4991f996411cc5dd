"""The border: customs administrations and other border agencies.

The side of a clearance (export or import) follows from the country of the authority.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from clients.custody import Sealing
from clients.party import Party, digest_of
from clients.stating import Act
from ledger.identity.milestones import Channel, Duties, InspectionResult, Milestone, Role, Side
from ledger.identity.statements import ZERO32
from ledger.identity.terms import (
    appeal_terms,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    opening,
    release_terms,
)
from ledger.store.blinds import AssessmentContent, DetailContent

if TYPE_CHECKING:
    from datetime import datetime

    from clients.stating import Outcome

Reasons = tuple[str, ...]


class Border(Party):
    """An authority or another border agency of a country concerned: who may hold goods."""

    def hold(self, reference: str, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Hold the goods: they move no further until this hold is lifted. Accepted whatever the head is."""
        return self._office(reference, Act(Milestone.HELD, self._office_role()), reasons, at)

    def unhold(self, reference: str, hold: str, *, at: datetime | None = None) -> Outcome:
        """Lift a hold of one's own, named by its digest."""
        return self._office(reference, Act(Milestone.UNHELD, self._office_role(), terms=digest_of(hold)), (), at)

    def _office(self, reference: str, act: Act, reasons: Reasons, at: datetime | None) -> Outcome:
        """State something in office; the reasons stay in the store, behind a commitment."""
        consignment = self.find(reference)
        if reasons:
            blind = self._desk.blind(consignment, DetailContent.of({"reasons": list(reasons)}))
            act = replace(act, detail=blind.blinded, blinds=(blind,))
        return self._state(consignment, act, at)

    def _office_role(self) -> Role:
        return Role.AUTHORITY if Role.AUTHORITY in self.member.roles else Role.AGENCY


class Agency(Border):
    """A border agency other than customs, such as food safety: it may hold goods and lift its holds."""

    role: ClassVar[Role | None] = Role.AGENCY


class Customs(Border, Sealing):
    """A customs administration."""

    role: ClassVar[Role | None] = Role.AUTHORITY

    def accept_declaration(self, reference: str, *, at: datetime | None = None) -> Outcome:
        """Accept the declaration."""
        return self._clear(reference, _act(Milestone.DECLARATION_ACCEPTED), at=at)

    def reject_declaration(self, reference: str, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Reject the declaration; another may be lodged."""
        return self._clear(reference, _act(Milestone.DECLARATION_REJECTED), reasons=reasons, at=at)

    def request_documents(self, reference: str, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Ask for documents; a channel that was assessed yellow is opened with it."""
        return self._clear(
            reference, _act(Milestone.DOCUMENTS_REQUESTED), opens=(Channel.YELLOW,), reasons=reasons, at=at
        )

    def receive_documents(self, reference: str, *, at: datetime | None = None) -> Outcome:
        """State that the documents asked for have come."""
        return self._clear(reference, _act(Milestone.DOCUMENTS_RECEIVED), at=at)

    def settle_duties(self, reference: str, how: Duties = Duties.SETTLED, *, at: datetime | None = None) -> Outcome:
        """State that duties are settled, secured, or not due."""
        return self._clear(reference, _act(Milestone.DUTIES_SETTLED, terms=duties_terms(how)), at=at)

    def assess(self, reference: str, channel: Channel, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Assess the declaration. Channel and reasons go on chain as a commitment; only green is opened at once."""
        consignment = self.find(reference)
        blind = self._desk.assessment(consignment, channel, reasons)
        green = channel is Channel.GREEN
        act = Act(
            Milestone.ASSESSED,
            Role.AUTHORITY,
            side=self._side(consignment),
            terms=channel_terms(Channel.GREEN if green else Channel.CLOSED),
            detail=blind.blinded,
            opening=blind.opening() if green else None,
            blinds=(blind,),
        )
        return self._state(consignment, act, at)

    def stop(self, reference: str, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Stop the goods for inspection, whatever the head is; opens the channel where it was assessed red."""
        return self._clear(reference, _act(Milestone.STOPPED), opens=(Channel.RED,), reasons=reasons, at=at)

    def inspect(
        self,
        reference: str,
        result: InspectionResult,
        reasons: Reasons = (),
        *,
        document: bytes | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """State an inspection's result; opens the channel where it was assessed red."""
        act = _act(Milestone.INSPECTED, terms=inspection_terms(result), document=document)
        return self._clear(reference, act, opens=(Channel.RED,), reasons=reasons, at=at)

    def release(self, reference: str, *, on_appeal: bool = False, at: datetime | None = None) -> Outcome:
        """Release the goods; a channel not yet opened is opened with it."""
        if on_appeal:
            return self._clear(reference, _act(Milestone.RELEASED, terms=appeal_terms()), at=at)
        every = (Channel.GREEN, Channel.YELLOW, Channel.RED)
        return self._clear(reference, _act(Milestone.RELEASED, terms=release_terms()), opens=every, at=at)

    def refuse(self, reference: str, reasons: Reasons = (), *, at: datetime | None = None) -> Outcome:
        """Refuse the goods, whatever the head is."""
        return self._clear(reference, _act(Milestone.REFUSED), reasons=reasons, at=at)

    def conclude(
        self,
        reference: str,
        end: Milestone,
        reasons: Reasons = (),
        *,
        document: bytes | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """State what became of refused goods: returned, destroyed, seized or abandoned."""
        return self._clear(reference, _act(end, document=document), reasons=reasons, at=at)

    def pass_transit(self, reference: str, *, at: datetime | None = None) -> Outcome:
        """Let the goods pass in transit through this country."""
        act = _act(Milestone.TRANSIT_PASSED, terms=country_terms(self.member.country))
        return self._office(reference, act, (), at)

    def _clear(
        self,
        reference: str,
        act: Act,
        *,
        opens: tuple[Channel, ...] = (),
        reasons: Reasons = (),
        at: datetime | None = None,
    ) -> Outcome:
        """State something about this country's side, opening its assessment where it is of a channel due now."""
        consignment = self.find(reference)
        act = replace(act, side=self._side(consignment))
        blind = self._desk.closed_assessment(consignment, act.side) if opens else None
        if blind is not None and isinstance(blind.content, AssessmentContent) and blind.content.channel in opens:
            act = replace(act, terms=opening(act.terms, blind.content.channel), opening=blind.opening())
        return self._office(reference, act, reasons, at)

    def _side(self, consignment: bytes) -> Side:
        export_country = self.connection.state(consignment).export_country
        return Side.EXPORT if self.member.country == export_country else Side.IMPORT

    def _sealing_role(self) -> Role:
        return Role.AUTHORITY


def _act(milestone: Milestone, *, terms: bytes = ZERO32, document: bytes | None = None) -> Act:
    return Act(milestone, Role.AUTHORITY, terms=terms, document=document)
