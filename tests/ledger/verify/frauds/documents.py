"""Frauds on paper: documents, details, assessments and corrections."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.epcis import Event
from ledger.identity.milestones import Channel, InspectionResult, Milestone, Role, Side
from ledger.store.blinds import AssessmentContent, Blind, DetailContent, EventContent
from ledger.store.records import Reference
from ledger.verify.case import KnownEvent
from tests.ledger.verify.examples.recorded import with_blind
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import cleared, in_singapore, packed, registered, sealed

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry


@fraud("ucr.opens")
def ucr_of_another_consignment() -> Case:
    """The importer shows this history for goods with another UCR."""
    case = sealed().life.case()
    assert case.reference is not None
    return replace(case, reference=replace(case.reference, ucr="6KR00000001-2026-0001"))


@fraud("ucr.opens")
def consignment_claimed_for_another_exporter() -> Case:
    """The same UCR and salt, said to be a rival's."""
    case = sealed().life.case()
    assert case.reference is not None
    rival = sealed().cast.other_carrier.address
    return replace(case, reference=Reference(case.reference.ucr, case.reference.salt, rival))


@fraud("document.unaltered")
def weight_raised_after_signing() -> Case:
    """The importer raises a weight in the exporter's document, to hide what was added."""
    case = packed(in_bulk=True).life.case()
    return with_document(case, case.observations[1], heavier)


@fraud("document.unaltered")
def item_exchanged_in_the_document() -> Case:
    """Another serial number stands in the packing list than the one that was signed."""
    case = packed().life.case()

    def exchanged(data: dict[str, Any]) -> dict[str, Any]:
        first, *rest = data["childEPCs"]
        return data | {"childEPCs": [first[:-1] + "9", *rest]}

    return with_document(case, case.observations[0], exchanged)


@fraud("document.unaltered")
def place_of_arrival_rewritten() -> Case:
    """The document of the arrival was moved from Singapore to a place nearby."""
    case = in_singapore().life.case()
    return with_document(case, case.statements[-1], lambda data: data | {"readPoint": {"id": "geo:1.1300,104.0500"}})


@fraud("document.unaltered")
def document_of_another_shipment_with_its_blind() -> Case:
    """The document of another consignment, with the blind that belongs to it, is handed over for this one."""
    case = registered().life.case()
    other = registered(name="another consignment").life.case()
    entry, theirs = case.statements[0], other.statements[0]
    assert entry.statement is not None
    assert theirs.statement is not None
    blind = other.openings.blinds[theirs.statement.commitment]
    events = MappingProxyType({**other.openings.events})
    openings = replace(with_blind(case, entry.statement.commitment, blind).openings, events=events)
    return replace(case, openings=openings)


@fraud("document.unaltered")
def document_written_anew_by_another_system() -> Case:
    """A system stores identifiers in another spelling: the same by the CBV event hash, and no longer exact."""
    case = registered().life.case()

    def respelt(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"bizStep": f"https://ref.gs1.org/cbv/BizStep-{data['bizStep']}"}

    return with_document(case, case.statements[0], respelt)


@fraud("document.declared_wrong")
def event_withdrawn_later() -> Case:
    """The exporter declares a scan wrong and gives another in its place: a notice, not a crime."""
    journey = sealed()
    life, exporter = journey.life, journey.cast.exporter
    when = life.now
    wrong = {**journey.about_container("storing"), "eventID": _uuid(1)}
    right = {**journey.about_container("staging_outbound"), "eventID": _uuid(2)}
    life.observe(exporter, Role.EXPORTER, wrong)
    life.wait(hours=1)
    life.observe(exporter, Role.EXPORTER, right, event_time=when)
    declaration = {
        "declarationTime": life.event("ObjectEvent", None)["eventTime"],
        "reason": "incorrect_data",
        "correctiveEventIDs": [_uuid(2)],
    }
    life.observe(exporter, Role.EXPORTER, {**wrong, "errorDeclaration": declaration}, event_time=when)
    return life.case()


@fraud("detail.opens")
def inspection_report_replaced() -> Case:
    """The report that is shown says 'passed'; the one that customs committed to said 'failed'."""
    journey = cleared()
    journey.is_inspected(Side.EXPORT, InspectionResult.FAILED)
    case = journey.life.case()
    inspected = next(entry for entry in case.statements if entry.acceptance.milestone is Milestone.INSPECTED)
    assert inspected.statement is not None
    blind = case.openings.blinds[inspected.statement.detail]
    better = Blind(blind.blind, DetailContent.of({"result": "passed", "pallets": 0}))
    return with_blind(case, inspected.statement.detail, better)


@fraud("assessment.opens")
def red_shown_as_green_afterwards() -> Case:
    """An officer shows a green assessment where red was committed to and waved through."""
    journey = sealed()
    journey.declares(Side.EXPORT)
    journey.life.wait(minutes=20)
    journey.customs(Milestone.DECLARATION_ACCEPTED, Side.EXPORT)
    red = journey.is_assessed_closed(Side.EXPORT, Channel.RED, "weight differs")
    nonce = hashlib.sha256(b"another nonce").digest()
    green = Blind(red.blind, AssessmentContent(Channel.GREEN, ("known trader",), nonce))
    return with_blind(journey.life.case(), red.blinded, green)


@fraud("correction.target")
def correction_of_a_statement_that_never_was() -> Case:
    """A broker "corrects" what nobody ever said, to sow doubt."""
    journey = sealed()
    journey.life.say(Milestone.CORRECTED, journey.cast.exporter, Role.EXPORTER, terms=b"\x07" * 32)
    return journey.life.case()


@fraud("correction.noted")
def seal_statement_corrected_later() -> Case:
    """The exporter takes back what it said of the seal once the goods are under way."""
    journey = cleared()
    wrong = journey.life.statements[1].acceptance.digest
    journey.life.say(Milestone.CORRECTED, journey.cast.exporter, Role.EXPORTER, terms=wrong)
    return journey.life.case()


def heavier(data: dict[str, Any]) -> dict[str, Any]:
    (only,) = data["childQuantityList"]
    return data | {"childQuantityList": [only | {"quantity": only["quantity"] + 120}]}


def with_document(case: Case, entry: Entry, changed: Any) -> Case:
    """The case with another document at hand for an entry: the same event, changed by an outsider."""
    assert entry.statement is not None
    content = case.openings.blinds[entry.statement.commitment].content
    assert isinstance(content, EventContent)
    known = case.openings.events[content.commitment]
    assert known.event is not None
    altered = Event(changed(dict(known.event.data)), known.event.context)
    events = {**case.openings.events, content.commitment: KnownEvent(known.digests, altered)}
    return replace(case, openings=replace(case.openings, events=MappingProxyType(events)))


def _uuid(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
