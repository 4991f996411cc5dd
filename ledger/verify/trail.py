"""The trail: the events at hand of a consignment, in the order in which they are said to have happened.

Checks that look at the physical world read it: what was packed into what, read where, weighed, sealed. It holds only
what a member stands by: an event whose document was altered is not the one that was stated, and one that its own maker
declared wrong is withdrawn (what corrects it is an event of its own).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.epcis.commitment import EVENT_TAG
from ledger.epcis.eventhash import hash_bytes
from ledger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.epcis import Event
    from ledger.verify.case import Case, Entry, KnownEvent


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the trail, and the statement or observation that stands behind it.

    Attributes:
        entry: who stated it, and when the chain accepted it.
        event: the event as it is at hand.
    """

    entry: Entry
    event: Event


def stated_events(case: Case) -> tuple[Step, ...]:
    """The events that somebody stated, with those withdrawn since and the declarations that withdrew them.

    Read it as :attr:`ledger.verify.case.Case.stated`, which keeps it.
    """
    return tuple(_stated(case))


def standing_events(case: Case) -> tuple[Step, ...]:
    """The events that somebody stated and stands by: by event time, then by the order of the chain.

    Read it as :attr:`ledger.verify.case.Case.trail`, which keeps it.
    """
    steps = case.stated
    withdrawn = {_mark(case, step) for step in steps if step.event.error_declaration is not None}
    if withdrawn:
        steps = tuple(step for step in steps if _mark(case, step) not in withdrawn)
    return tuple(sorted(steps, key=lambda step: (step.event.event_time, step.entry.acceptance.moment)))


def stands_for(known: KnownEvent, event: Event, committed: bytes, found: bytes) -> bool:
    """Whether an event is the one that was committed to, exactly or as another system wrote it anew.

    Args:
        known: what is said about the event.
        event: the event at hand.
        committed: the event commitment that was signed (32 bytes).
        found: the event commitment of the event at hand (32 bytes).
    """
    return found == committed or is_written_anew(known, event, committed)


def is_written_anew(known: KnownEvent, event: Event, committed: bytes) -> bool:
    """Whether the commitment is over this event's CBV hash, with another content digest."""
    return hashlib.sha256(EVENT_TAG + known.digests.content_digest + hash_bytes(event)).digest() == committed


def _stated(case: Case) -> Iterator[Step]:
    for entry, statement in case.read_entries():
        blind = case.openings.blinds.get(statement.commitment)
        known = case.openings.event(statement.commitment)
        if blind is None or known is None or known.event is None or blind.blinded != statement.commitment:
            continue
        try:
            found = case.digests_of(known.event).commitment
        except InputError:
            continue
        if stands_for(known, known.event, blind.content.commitment, found):
            yield Step(entry, known.event)


def _mark(case: Case, step: Step) -> tuple[str, str]:
    """Whose event it is and which; an error declaration repeats its event's hash (CBV 2.0, section 8.9)."""
    return case.digests_of(step.event).event_hash, step.entry.acceptance.member
