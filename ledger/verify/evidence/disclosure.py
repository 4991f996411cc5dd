"""What a giver discloses of a consignment beside the proofs, as much of it as it chooses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.epcis import digests
from ledger.store.blinds import EventContent
from ledger.verify.evidence.bundle import PART_OF_CONTENT, NamedEvent, Part
from ledger.verify.evidence.contents import event_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.chain.history import ConsignmentHistory
    from ledger.identity.signing import Opening
    from ledger.store.blinds import Blind
    from ledger.store.records import Reference
    from ledger.verify.case import Case, KnownEvent
    from ledger.verify.evidence.bundle import Bundle, EventText
    from ledger.verify.evidence.making import Additions


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What goes into a bundle beside the proofs.

    Attributes:
        reference: UCR, salt and exporter.
        blinds: what opens commitments and details.
        openings: what opened a channel, by the statement's digest.
        events: the events behind statements.
        named: the hashes of events that are left out.
        limits: what whoever receives it cannot check, each in a sentence.
    """

    reference: Reference | None
    blinds: tuple[Blind, ...]
    openings: tuple[tuple[bytes, Opening], ...]
    events: tuple[EventText, ...]
    named: tuple[NamedEvent, ...]
    limits: tuple[str, ...]

    def put_in(self, bundle: Bundle) -> Bundle:
        """The bundle with it."""
        return replace(
            bundle,
            reference=self.reference,
            blinds=self.blinds,
            openings=self.openings,
            events=self.events,
            named=self.named,
        )


def disclose(case: Case, history: ConsignmentHistory, parts: Collection[Part], additions: Additions) -> Disclosure:
    """What is disclosed of a consignment.

    Args:
        case: what is known of it.
        history: what was accepted, by which the blinds that open nothing are left out.
        parts: what the giver chooses.
        additions: what it adds.
    """
    every = (*history.statements, *history.observations)
    stated = {word for each in every for word in (each.statement.commitment, each.statement.detail)}
    logged = {each.entry for each in additions.logged}
    at_hand = {blind.blinded: blind for blind in (*case.openings.blinds.values(), *additions.blinds)}
    blinds = [
        blind
        for blinded, blind in at_hand.items()
        if (blinded in stated and PART_OF_CONTENT[type(blind.content)] in parts) or blinded in logged
    ]
    events, named, limits = _events(case, blinds, additions, with_documents=Part.DOCUMENTS in parts)
    digests_stated = {each.digest for each in every}
    openings = (
        (entry.acceptance.digest, entry.opening)
        for entry in case.entries
        if entry.opening is not None and entry.acceptance.digest in digests_stated
    )
    return Disclosure(
        case.reference if Part.REFERENCE in parts else None,
        tuple(blinds),
        tuple(openings),
        tuple(events),
        tuple(named),
        (*_limits(case, parts), *limits),
    )


def _events(
    case: Case, blinds: Iterable[Blind], additions: Additions, *, with_documents: bool
) -> tuple[list[EventText], list[NamedEvent], list[str]]:
    added = {digests(event).commitment: event for event in additions.events}
    events: list[EventText] = []
    named: list[NamedEvent] = []
    limits: list[str] = []
    for commitment in {blind.content.commitment for blind in blinds if isinstance(blind.content, EventContent)}:
        known = case.openings.events.get(commitment)
        event = added.get(commitment) or (known.event if known is not None else None)
        text = event_text(event) if event is not None and with_documents else None
        if text is not None and event is not None and digests(event).commitment == commitment:
            events.append(text)
        elif known is not None and known.digests.commitment == commitment:
            named.append(_named(known))
            if event is not None and with_documents:
                limits.append(f"The event {known.digests.event_hash} cannot stand by itself: hand its document over.")
    return events, named, limits


def _named(known: KnownEvent) -> NamedEvent:
    return NamedEvent(known.digests.event_hash, known.digests.content_digest)


def _limits(case: Case, parts: Collection[Part]) -> list[str]:
    limits = []
    if Part.REFERENCE not in parts or case.reference is None:
        limits.append("Without UCR and salt the bundle does not show which UCR the consignment has.")
    if Part.DOCUMENTS not in parts:
        limits.append("Without documents the bundle shows that the events were stated, and not what they say.")
    return limits
