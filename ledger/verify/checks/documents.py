"""Documents: each statement's event is at hand, and is the one that was committed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.canonical import differing_fields
from ledger.errors import InputError
from ledger.identity.milestones import Milestone
from ledger.identity.statements import ZERO32
from ledger.verify.case import SEAL_MILESTONES
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.trail import is_written_anew
from ledger.verify.wording import and_list, sentence

if TYPE_CHECKING:
    from ledger.epcis import Event
    from ledger.epcis.commitment import EventDigests
    from ledger.store.blinds import Blind
    from ledger.verify.case import Case, Entry, KnownEvent

_NO_DOCUMENT: Final = SEAL_MILESTONES | {Milestone.ASSESSED, Milestone.REGISTERED}
"""Milestones whose detail is something else than a document."""


@rule(
    "ucr.opens",
    title="The consignment is the one of this UCR and exporter",
    severity=Outcome.FAILED,
    explanation="On chain a consignment is known by a hash over the exporter, the UCR and a salt that only those "
    "concerned have. It is computed anew. If it differs, the history is that of another consignment.",
)
def ucr(case: Case) -> Remarks:
    """UCR, salt and exporter give the consignment's id."""
    reference = case.reference
    if reference is None:
        yield unchecked(None, "Which UCR this consignment has: UCR and salt were not handed over.")
    elif reference.id == case.consignment:
        yield passed()
    else:
        yield failed(
            None,
            f"This is not consignment {reference.ucr} of {case.name(reference.exporter)}: UCR and salt lead to "
            "another one. Ask the exporter for the right UCR and salt.",
            expected=case.consignment,
            found=reference.id,
            ucr=reference.ucr,
        )


@rule(
    "document.present",
    title="The document of each statement's event is at hand",
    severity=Outcome.UNDETERMINED,
    explanation="On chain stands only a blinded commitment to an event. What the event says can be checked only "
    "with its document and its blind, which the member that stated it, or a party it shared them with, can give you "
    "as a parcel.",
)
def present(case: Case) -> Remarks:
    """Each commitment has a document and a blind."""
    for entry, statement in case.read_entries():
        if statement.commitment == ZERO32:
            continue
        known = case.openings.event(statement.commitment)
        if known is not None and known.event is not None:
            yield passed(entry)
            continue
        yield undetermined(
            entry,
            f"{entry.label}: the document of its event, with its blind, is not at hand, so what it says was not "
            f"checked. Ask {case.asked(entry)} to share it.",
            commitment=statement.commitment,
            member=entry.acceptance.member,
        )


@rule(
    "document.unaltered",
    title="Each document is the one that was committed to, unaltered",
    severity=Outcome.FAILED,
    explanation="The event in the document is hashed anew and compared with the commitment that was signed. A "
    "changed quantity, place, time or item gives another hash: do not rely on the document. Where only the spelling "
    "differs (the CBV event hash is equal, the exact digest is not), the document was written anew by another "
    "system: a warning.",
)
def unaltered(case: Case) -> Remarks:
    """The recomputed commitment, blinded, is the recorded one."""
    for entry, statement in case.read_entries():
        opened = case.openings.blinds.get(statement.commitment)
        known = case.openings.event(statement.commitment)
        if opened is None or known is None or known.event is None:
            continue
        if opened.blinded != statement.commitment:
            yield _not_the_one(case, entry, opened)
        else:
            yield _compared(case, entry, known, known.event, opened.content.commitment)


def _compared(case: Case, entry: Entry, known: KnownEvent, event: Event, committed: bytes) -> Remark:
    """Compare with what the blind opened, and never with what stands beside the event."""
    try:
        found = case.digests_of(event)
    except InputError as error:
        return failed(
            entry,
            f"{entry.label}: the document at hand cannot be the one that was committed to: {sentence(error)} Ask "
            f"{case.asked(entry)} for the original.",
            expected=committed,
        )
    if found.commitment == committed:
        return passed(entry)
    if is_written_anew(known, event, committed):
        return _written_anew(case, entry, known, event, found)
    return _altered(case, entry, known, event, found)


def _not_the_one(case: Case, entry: Entry, opened: Blind) -> Remark:
    return failed(
        entry,
        f"{entry.label}: the document and blind at hand do not open the recorded commitment: this is not the "
        f"document that {case.asked(entry)} signed. Ask for the original.",
        expected=None if entry.statement is None else entry.statement.commitment,
        found=opened.blinded,
    )


def _written_anew(case: Case, entry: Entry, known: KnownEvent, event: Event, found: EventDigests) -> Remark:
    fields = _changed_fields(known.original, event)
    where = f" They differ at {and_list(fields)}." if fields else ""
    return warned(
        entry,
        f"{entry.label}: the document was written anew by another system: its CBV event hash is the recorded one, "
        f"its exact content is not.{where} If it matters, ask {case.asked(entry)} for the original.",
        event_hash=found.event_hash,
        expected=known.digests.content_digest,
        found=found.content_digest,
        fields=fields,
    )


def _altered(case: Case, entry: Entry, known: KnownEvent, event: Event, found: EventDigests) -> Remark:
    fields = _changed_fields(known.original, event)
    where = f" It was changed at {and_list(fields)}." if fields else ""
    return failed(
        entry,
        f"{entry.label}: the document was altered after {case.asked(entry)} signed it.{where} Do not rely on it; ask "
        "for the original.",
        expected_event_hash=known.digests.event_hash,
        found_event_hash=found.event_hash,
        expected_digest=known.digests.content_digest,
        found_digest=found.content_digest,
        fields=fields,
    )


def _changed_fields(original: Event | None, event: Event) -> tuple[str, ...]:
    """Where the event differs from the original, if that is at hand; an eventID that neither has was not changed."""
    if original is None:
        return ()
    fields = tuple(differing_fields(original, event))
    if original.event_id is None and event.event_id is None:
        return tuple(field for field in fields if field != "/eventID")
    return fields


@rule(
    "document.placed",
    title="Each event of the document handed over belongs to a statement about the consignment",
    severity=Outcome.UNDETERMINED,
    explanation="A document shows nothing by itself: it has to be one that a member committed to on the ledger. An "
    "event that belongs to no statement known here may be true or false; with the UCR and a parcel that holds its "
    "blind it can be checked.",
)
def placed(case: Case) -> Remarks:
    """No event was left without its statement."""
    for event in case.unplaced:
        yield undetermined(
            None,
            f"The {event.type} of {event.event_time.isoformat()} belongs to no statement that is known here. That "
            "does not make it false: to check it, the UCR and a parcel with the blind of this event are needed. Ask "
            "who gave you the document to share the consignment.",
            event_id=event.event_id,
        )


@rule(
    "detail.opens",
    title="Each detail document at hand is the one that was committed to",
    severity=Outcome.FAILED,
    explanation="A statement may commit to a detail document, as an inspection report. The document that you were "
    "given is hashed anew with its blind and compared.",
)
def detail(case: Case) -> Remarks:
    """Detail and blind open the recorded commitment."""
    for entry, statement in case.read_entries():
        if statement.detail == ZERO32 or statement.milestone in _NO_DOCUMENT:
            continue
        opened = case.openings.blinds.get(statement.detail)
        if opened is None:
            yield unchecked(entry, f"The detail document, which was not handed over. Ask {case.asked(entry)}.")
        elif opened.blinded == statement.detail:
            yield passed(entry)
        else:
            yield failed(
                entry,
                f"{entry.label}: the detail document at hand is not the one that {case.asked(entry)} committed to. "
                "Do not rely on it; ask for the original.",
                recorded=statement.detail,
            )


RULES: Final[tuple[Rule, ...]] = (ucr, present, unaltered, placed, detail)
