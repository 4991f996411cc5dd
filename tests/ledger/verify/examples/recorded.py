"""Examples of what the ledger recorded: history, signatures, members, transitions, custody, seals, times, documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from ledger.chain.state import Status
from ledger.epcis.commitment import digests
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Channel, Milestone, Role, Side, UnsealReason
from ledger.identity.statements import Domain
from ledger.identity.terms import country_terms, leg_terms, release_terms, unseal_terms
from ledger.store.blinds import Blind, DetailContent, EventContent
from ledger.store.records import Reference
from ledger.verify.case import Case, Entry, Gap, KnownEvent, Openings, Trust
from ledger.verify.membership import MemberChange, Moment
from tests.ledger.verify.builder import (
    BR,
    CARRIER,
    DOMAIN,
    EXPORTER,
    GREEN,
    KR,
    NL,
    RED,
    RIVAL,
    SEAL,
    SECRET,
    Member,
    Story,
    assessed_for_export,
    at_sea,
    cleared_for_export,
    delivered,
    handed_to_carrier,
    in_import_country,
    make_event,
    registered,
    seal,
    sealed,
    with_entry,
    with_statement,
)
from tests.ledger.verify.examples.example import (
    FAILED,
    PASSED,
    UNDETERMINED,
    WARNING,
    example,
    left_open,
    not_checked,
    without,
)


def changed_member(case: Case, member: Member, at: Moment, *, roles: int | None = None, status=Status.ACTIVE) -> Case:
    membership = case.membership
    assert membership is not None
    record = membership.members[member.address]
    change = MemberChange(at, member.mask if roles is None else roles, status)
    members = {**membership.members, member.address: replace(record, changes=(*record.changes, change))}
    return replace(case, membership=replace(membership, members=MappingProxyType(members)))


def changed_key(case: Case, member: Member, **changes) -> Case:
    membership = case.membership
    assert membership is not None
    address = member.signing.address
    keys = {**membership.keys, address: replace(membership.keys[address], **changes)}
    return replace(case, membership=replace(membership, keys=MappingProxyType(keys)))


def just_before(entry: Entry) -> Moment:
    moment = entry.acceptance.moment
    return Moment(moment.block - 1, 5, moment.time - 1)


def just_after(entry: Entry) -> Moment:
    moment = entry.acceptance.moment
    return Moment(moment.block, moment.index + 1, moment.time)


# history


@example("history.read", UNDETERMINED, "the node did not answer")
def unreachable_node() -> Case:
    gap = Gap("the register's recent history", "the node did not answer.", "Connect to another node.")
    return replace(delivered().case(), gaps=(gap,))


@example(
    "history.read",
    UNDETERMINED,
    "could not be read",
    "transition.allowed",
    "custody.unbroken",
    "seal.unbroken",
)
def departure_that_cannot_be_read() -> Case:
    return with_entry(at_sea().case(), 9, statement=None, unread="its transaction is not on this node.")


@example("history.registered", UNDETERMINED, "No statement about consignment")
def unknown_consignment() -> Case:
    case = registered().case()
    return replace(case, statements=(), recorded=None)


@example("history.registered", FAILED, "its beginning is missing")
def history_without_registration() -> Case:
    story = Story()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded)
    return story.case()


@example("history.registered", FAILED, "already registered")
def consignment_registered_twice() -> Case:
    story = registered()
    first = story.statements[0].statement
    story.say(Milestone.REGISTERED, EXPORTER, Role.EXPORTER, terms=first.terms, detail=first.detail)
    return story.case()


@example("history.complete", FAILED, "the last ones are missing")
def last_statement_dropped() -> Case:
    case = in_import_country().case()
    return replace(case, statements=case.statements[:-1])


@example("history.complete", FAILED, "is missing, repeated or out of place")
def hold_dropped_from_the_middle() -> Case:
    story = sealed()
    story.say(Milestone.HELD, KR, Role.AUTHORITY)
    story.say(Milestone.HELD, NL, Role.AUTHORITY)
    case = story.case()
    return replace(case, statements=(*case.statements[:2], *case.statements[3:]))


@example("history.complete", FAILED, "among the observations", "history.unique")
def statement_put_among_the_observations() -> Case:
    case = in_import_country().case()
    return replace(case, observations=(*case.observations, case.statements[-1]))


@example("history.complete", FAILED, "none was found", "history.order")
def observation_put_among_the_statements() -> Case:
    case = in_import_country().case()
    return replace(case, statements=(*case.statements, *case.observations), observations=())


@example("history.complete", FAILED, "out of place", "history.order")
def statements_reordered() -> Case:
    case = cleared_for_export().case()
    one, two, three, *rest = case.statements
    return replace(case, statements=(one, three, two, *rest))


@example("history.complete", UNDETERMINED, "could not be checked")
def contract_not_read() -> Case:
    return replace(delivered().case(), recorded=None)


@example("history.order", FAILED, "out of order")
def statement_put_in_an_older_block() -> Case:
    case = sealed().case()
    moment = case.statements[1].acceptance.moment
    return with_entry(case, 2, moment=replace(moment, block=case.statements[0].acceptance.moment.block - 1))


@example("history.unique", FAILED, "replayed")
def hold_replayed() -> Case:
    story = sealed()
    hold = story.say(Milestone.HELD, KR, Role.AUTHORITY)
    story.block += 1
    story.accept(hold.statement, KR, None, KR.signing)
    return story.case()


@example("history.unique", FAILED, "replayed")
def observation_replayed() -> Case:
    case = in_import_country().case()
    return replace(case, observations=case.observations * 2)


@example("history.heads", FAILED, "signed for another history")
def statement_signed_for_another_head() -> Case:
    story = registered()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, previous_head=b"\x07" * 32)
    return story.case()


@example("history.heads", FAILED, "not the same history")
def head_that_the_contract_does_not_hold() -> Case:
    case = sealed().case()
    return replace(case, recorded=replace(case.recorded, head=b"\x07" * 32))


@example("history.heads", FAILED, "was altered")
def last_head_altered() -> Case:
    case = sealed().case()
    return replace(with_entry(case, 2, head=b"\x07" * 32), recorded=replace(case.recorded, head=b"\x07" * 32))


@example("statement.digest", FAILED, "It was altered, or made for another ledger")
def statement_altered_after_acceptance() -> Case:
    return with_statement(sealed().case(), 2, valid_until=4_000_000_000)


@example("statement.digest", FAILED, "about another consignment", "ucr.opens")
def statements_of_another_consignment() -> Case:
    return replace(registered().case(), consignment=b"\x07" * 32)


@example("statement.digest", FAILED, "is logged as")
def acceptance_logged_as_another_milestone() -> Case:
    return with_entry(sealed().case(), 2, milestone=Milestone.CORRECTED)


# signatures


@example("signature.key", FAILED, "was not signed by the key of Hanbit Machinery")
def forged_signature() -> Case:
    forged = Story()
    forged.keep(SEAL)
    registered(forged)
    entry = forged.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded)
    signature = RIVAL.signing.sign_digest(entry.acceptance.digest)
    short = signature[:32] + bytes([signature[32] | signature[64] << 7]) + signature[33:64]
    return with_entry(forged.case(), 2, signature=short)


@example("signature.key", FAILED, "is not a valid one")
def signature_of_the_upper_half() -> Case:
    case = sealed().case()
    return with_entry(case, 2, signature=case.statements[1].signature[:32] + b"\x7f" + b"\xff" * 31)


@example("signature.key", UNDETERMINED, "its signature could not be read")
def signature_not_at_hand() -> Case:
    return with_entry(sealed().case(), 2, signature=b"", unread="the node keeps no old transactions")


# members


@example("ledger.trusted", FAILED, "Connect to the right ledger")
def another_contract() -> Case:
    return replace(sealed().case(), trust=Trust(Domain(DOMAIN.chain_id, "0x" + "22" * 20), frozenset()))


@example("ledger.trusted", FAILED, "not founded by the authorities you trust")
def copy_of_the_ledger_with_other_founders() -> Case:
    return replace(sealed().case(), trust=Trust(DOMAIN, frozenset({BR.address})))


@example("member.known", FAILED, "belonged to no member")
def key_of_nobody() -> Case:
    story = registered()
    story.keep(SEAL)
    stranger = SigningKey(hashlib.sha256(b"stranger").digest())
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, signing=stranger)
    return story.case()


@example("member.known", FAILED, "the register says")
def accepted_for_another_country() -> Case:
    return with_entry(sealed().case(), 2, country="FR")


@example("member.known", UNDETERMINED, "the register of members was not read", "transition.allowed")
def register_not_read() -> Case:
    return replace(sealed().case(), membership=None)


@example("member.active", FAILED, "was suspended or dismissed")
def suspended_member() -> Case:
    case = handed_to_carrier().case()
    return changed_member(case, CARRIER, just_before(case.statements[-1]), status=Status.SUSPENDED)


@example("member.active", FAILED, "was suspended or dismissed")
def dismissed_member() -> Case:
    case = handed_to_carrier().case()
    return changed_member(case, CARRIER, just_before(case.statements[-1]), status=Status.DISMISSED)


@example("member.key", FAILED, "retired")
def retired_key() -> Case:
    case = at_sea().case()
    return changed_key(case, CARRIER, retired=just_before(case.statements[-1]))


@example("member.key", FAILED, "not valid on")
def key_not_valid_yet() -> Case:
    case = handed_to_carrier().case()
    return changed_key(case, CARRIER, valid_from=case.statements[-1].acceptance.moment.time + 1)


@example("member.key", FAILED, "may not sign 'departed'")
def key_out_of_its_scope() -> Case:
    story = handed_to_carrier()
    story.say(Milestone.DEPARTED, CARRIER, Role.CARRIER, terms=leg_terms("KR", "SG"), detail=SEAL.blinded)
    return changed_key(story.case(), CARRIER, milestones=1 << Milestone.HANDOVER_ACCEPTED)


@example("member.role", FAILED, "a role it did not hold")
def role_withdrawn_before() -> Case:
    case = handed_to_carrier().case()
    return changed_member(case, CARRIER, just_before(case.statements[-1]), roles=Role.TERMINAL.bit)


@example("member.role", FAILED, "was accepted in the role")
def accepted_in_another_role() -> Case:
    return with_entry(sealed().case(), 2, role=Role.CARRIER)


@example("member.suspect", WARNING, "possibly stolen")
def key_suspect_since_before_the_statement() -> Case:
    case = sealed().case()
    last = case.statements[-1]
    return changed_key(case, EXPORTER, retired=just_after(last), suspect_since=last.acceptance.moment.time - 60)


@example("member.jurisdiction", FAILED, "outside its country")
def authority_of_another_country() -> Case:
    story = sealed()
    story.say(Milestone.DECLARED, EXPORTER, Role.EXPORTER, side=Side.EXPORT)
    story.say(Milestone.DECLARATION_ACCEPTED, NL, Role.AUTHORITY, side=Side.EXPORT)
    return story.case()


@example("member.jurisdiction", FAILED, "outside its country")
def hold_by_an_authority_that_is_not_concerned() -> Case:
    story = sealed()
    story.say(Milestone.HELD, BR, Role.AUTHORITY)
    return story.case()


@example("member.jurisdiction", UNDETERMINED, "is not known", "history.read", "transition.allowed")
def registration_that_cannot_be_read() -> Case:
    story = sealed()
    story.say(Milestone.HELD, KR, Role.AUTHORITY)
    return with_entry(story.case(), 1, statement=None, unread="its milestone is of a later version.")


# transitions


@example("transition.allowed", FAILED, "breaks the rules")
def release_without_assessment() -> Case:
    story = sealed()
    story.say(Milestone.DECLARED, EXPORTER, Role.EXPORTER, side=Side.EXPORT)
    story.say(Milestone.DECLARATION_ACCEPTED, KR, Role.AUTHORITY, side=Side.EXPORT)
    story.say(Milestone.RELEASED, KR, Role.AUTHORITY, side=Side.EXPORT)
    return story.case()


@example("transition.allowed", FAILED, "breaks the rules")
def departure_without_release() -> Case:
    story = sealed()
    story.say(Milestone.DEPARTED, EXPORTER, Role.EXPORTER, terms=leg_terms("KR", "SG"), detail=SEAL.blinded)
    return story.case()


@example("transition.allowed", FAILED, "breaks the rules")
def declaration_of_a_strangers_goods() -> Case:
    story = sealed()
    story.say(Milestone.DECLARED, RIVAL, Role.EXPORTER, side=Side.EXPORT)
    return story.case()


@example("transition.allowed", FAILED, "breaks the rules")
def observation_in_a_field_it_does_not_take() -> Case:
    story = sealed()
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, terms=country_terms("KR"))
    return story.case()


@example("transition.allowed", FAILED, "do not open the export assessment as red")
def channel_that_was_not_committed_to() -> Case:
    story = assessed_for_export()
    story.say(Milestone.RELEASED, KR, Role.AUTHORITY, side=Side.EXPORT, terms=release_terms(Channel.RED))
    return story.case()


@example("state.recorded", FAILED, "another holder")
def state_with_another_holder() -> Case:
    case = sealed().case()
    return replace(case, recorded=replace(case.recorded, holder=RIVAL.address))


@example("state.recorded", FAILED, "another holds")
def state_without_its_hold() -> Case:
    story = sealed()
    story.say(Milestone.HELD, KR, Role.AUTHORITY)
    case = story.case()
    return replace(case, recorded=replace(case.recorded, holds=MappingProxyType({})))


@example("transition.allowed", FAILED, "breaks the rules", "member.jurisdiction")
def registration_with_a_route_that_is_none() -> Case:
    story = Story()
    story.say(
        Milestone.REGISTERED,
        EXPORTER,
        Role.EXPORTER,
        terms=b"kr" + bytes(30),
        detail=registered().statements[0].statement.detail,
    )
    story.say(Milestone.HELD, KR, Role.AUTHORITY)
    return story.case()


# custody and seals


@example("custody.unbroken", FAILED, "Custody is broken here")
def departure_by_another_carrier() -> Case:
    story = handed_to_carrier()
    story.say(Milestone.DEPARTED, RIVAL, Role.CARRIER, terms=leg_terms("KR", "SG"), detail=SEAL.blinded)
    return story.case()


@example("custody.unbroken", FAILED, "Straits Line was expected")
def handover_taken_by_another() -> Case:
    story = cleared_for_export()
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    story.say(Milestone.HANDOVER_ACCEPTED, RIVAL, Role.CARRIER, detail=SEAL.blinded)
    return story.case()


@example("custody.unbroken", FAILED, "Hanbit Machinery was expected")
def offer_declined_by_a_stranger() -> Case:
    story = cleared_for_export()
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    story.say(Milestone.HANDOVER_DECLINED, RIVAL, Role.CARRIER)
    return story.case()


@example("custody.unbroken", UNDETERMINED, "could not be followed", "history.read", "transition.allowed")
def offer_that_cannot_be_read() -> Case:
    story = cleared_for_export()
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    case = story.case()
    return with_entry(case, len(case.statements), statement=None, unread="its transaction is not on this node.")


@example("seal.unbroken", FAILED, "names seal FAKE-1, but seal KR-7730011 was on the goods")
def seal_swapped_at_sea() -> Case:
    story = at_sea()
    fake = seal("FAKE-1")
    story.keep(fake)
    story.say(Milestone.ARRIVED, CARRIER, Role.CARRIER, terms=country_terms("SG"), detail=fake.blinded)
    return story.case()


@example("seal.unbroken", FAILED, "names no seal")
def seal_missing_at_departure() -> Case:
    story = handed_to_carrier()
    story.say(Milestone.DEPARTED, CARRIER, Role.CARRIER, terms=leg_terms("KR", "SG"))
    return story.case()


@example("seal.unbroken", FAILED, "second seal", "transition.allowed")
def sealed_twice() -> Case:
    story = sealed()
    again = seal("KR-2")
    story.keep(again)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=again.blinded)
    return story.case()


@example("seal.unbroken", FAILED, "names no seal", "transition.allowed")
def sealed_with_nothing() -> Case:
    story = registered()
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER)
    return story.case()


@example("seal.unbroken", UNDETERMINED, "could not be followed", "history.read", "transition.allowed")
def seal_that_cannot_be_read() -> Case:
    return with_entry(sealed().case(), 2, statement=None, unread="its transaction is not on this node.")


@example("seal.found_broken", WARNING, "found the seal broken")
def seal_found_broken() -> Case:
    story = sealed()
    terms = unseal_terms(UnsealReason.FOUND_BROKEN)
    story.say(Milestone.UNSEALED, EXPORTER, Role.EXPORTER, terms=terms, detail=SEAL.blinded)
    return story.case()


@example("seal.number", FAILED, "is not the seal number that Hanbit Machinery recorded")
def seal_number_on_the_paper_is_another() -> Case:
    return with_blind(sealed().case(), SEAL.blinded, seal("KR-7730012"))


@example("seal.number", FAILED, "what was handed over is not the seal number")
def seal_opened_with_something_else() -> Case:
    return with_blind(sealed().case(), SEAL.blinded, GREEN)


# times


@example("time.future", FAILED, "happened")
def event_in_the_future() -> Case:
    story = registered()
    story.keep(SEAL)
    late = story.now + 7_200 + 301
    story.say(
        Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, event_time=late, signed_time=story.now + 3_600
    )
    return story.case()


@example("time.future", FAILED, "was signed")
def signature_in_the_future() -> Case:
    story = registered()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, signed_time=story.now + 3_600 + 301)
    return story.case()


@example("time.expired", FAILED, "it had expired")
def statement_kept_back_and_brought_later() -> Case:
    story = registered()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, valid_until=story.now + 3_599)
    return story.case()


@example("time.order", FAILED, "backdated or wrong")
def backdated_departure() -> Case:
    story = handed_to_carrier()
    story.say(
        Milestone.DEPARTED,
        CARRIER,
        Role.CARRIER,
        terms=leg_terms("KR", "SG"),
        detail=SEAL.blinded,
        event_time=story.now - 9 * 86_400,
    )
    return story.case()


@example("time.signed", WARNING, "before what it states")
def statement_signed_in_advance() -> Case:
    story = registered()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, signed_time=story.now - 86_400)
    return story.case()


@example("time.document", WARNING, "which is right")
def document_with_another_time() -> Case:
    story = registered()
    story.keep(SEAL)
    commitment = story.know(make_event(99, story.now - 7_200))
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded, commitment=commitment)
    return story.case()


# documents


@example("ucr.opens", FAILED, "This is not consignment 6KR4012345-2026-0002")
def ucr_of_another_consignment() -> Case:
    other = Reference("6KR4012345-2026-0002", hashlib.sha256(b"salt").digest(), EXPORTER.address)
    return replace(sealed().case(), reference=other)


@example("document.present", UNDETERMINED, "Ask Straits Line to share it")
def document_not_shared() -> Case:
    case = at_sea().case()
    blind = case.openings.blinds[case.statements[-1].statement.commitment]
    events = {key: event for key, event in case.openings.events.items() if key != blind.content.commitment}
    return replace(case, openings=Openings(case.openings.blinds, MappingProxyType(events)))


@example("document.present", UNDETERMINED, "with its blind")
def blind_not_shared() -> Case:
    case = at_sea().case()
    commitment = case.statements[-1].statement.commitment
    blinds = {key: blind for key, blind in case.openings.blinds.items() if key != commitment}
    return replace(case, openings=Openings(MappingProxyType(blinds), case.openings.events))


@example("document.unaltered", FAILED, "It was changed at /epcList/0")
def altered_document() -> Case:
    return with_last_event(at_sea().case(), epcList=["urn:epc:id:sscc:4012345.0000000334"])


@example("document.unaltered", FAILED, "cannot be the one")
def document_that_could_not_be_recorded() -> Case:
    return with_last_event(
        at_sea().case(),
        **{"ext:weight": Decimal("0.10000000000000000001"), "@context": [{"ext": "https://example.org/"}]},
    )


@example("document.unaltered", FAILED, "do not open the recorded commitment")
def document_with_another_blind() -> Case:
    case = at_sea().case()
    commitment = case.statements[-1].statement.commitment
    content = case.openings.blinds[commitment].content
    return with_blind(case, commitment, Blind(b"\x07" * 32, content))


@example("document.unaltered", WARNING, "written anew by another system")
def document_written_anew() -> Case:
    return with_last_event(at_sea().case(), epcList=["https://id.gs1.org/00/040123450000003338"])


@example("document.unaltered", FAILED, "was altered")
def altered_document_with_the_hash_of_its_own_beside_it() -> Case:
    case = with_last_event(at_sea().case(), epcList=["https://id.gs1.org/00/040123450000003338"])
    return with_digests_of_last_event(case, content_digest=b"\x07" * 32)


@example("document.unaltered", FAILED, "was altered")
def altered_document_with_all_digests_of_its_own_beside_it() -> Case:
    case = with_last_event(at_sea().case(), bizStep="receiving")
    content = case.openings.blinds[case.statements[-1].statement.commitment].content
    own = digests(case.openings.events[content.commitment].event)
    return with_digests_of_last_event(
        case, event_hash=own.event_hash, content_digest=own.content_digest, commitment=own.commitment
    )


@example("document.unaltered", FAILED, "was altered")
def altered_document_with_a_hash_that_is_none() -> Case:
    case = with_last_event(at_sea().case(), bizStep="receiving", eventID=None)
    return with_digests_of_last_event(case, event_hash="ni:///sha-256;00?ver=CBV2.0")


@example("document.placed", UNDETERMINED, "belongs to no statement")
def event_that_nobody_stated() -> Case:
    return replace(sealed().case(), unplaced=(make_event(98, 1_772_000_000),))


@example("document.declared_wrong", WARNING, "declares an event wrong")
def error_declaration_recorded() -> Case:
    story = sealed()
    time = story.now + 3_000
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=story.know(make_event(97, time)))
    declaration = {"declarationTime": "2026-03-02T12:00:00Z", "reason": "did_not_occur"}
    wrong = make_event(97, time, errorDeclaration=declaration)
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=story.know(wrong), event_time=time)
    return story.case()


@example("detail.opens", FAILED, "is not the one that Korea Customs committed to")
def altered_detail() -> Case:
    story = sealed()
    order = Blind.of(DetailContent.of({"order": "wait"}), SECRET)
    story.keep(order)
    story.say(Milestone.HELD, KR, Role.AUTHORITY, detail=order.blinded)
    return with_blind(story.case(), order.blinded, Blind.of(DetailContent.of({"order": "go"}), SECRET))


@example("assessment.opens", FAILED, "channel 'red' with the reasons")
def assessment_changed_afterwards() -> Case:
    return with_blind(cleared_for_export().case(), GREEN.blinded, RED)


@example("assessment.opens", FAILED, "the content at hand")
def assessment_opened_with_something_else() -> Case:
    return with_blind(cleared_for_export().case(), GREEN.blinded, SEAL)


@example("assessment.opens", FAILED, "no channel can ever be opened")
def assessment_that_is_none() -> Case:
    story = sealed()
    story.say(Milestone.DECLARED, EXPORTER, Role.EXPORTER, side=Side.EXPORT)
    story.say(Milestone.DECLARATION_ACCEPTED, KR, Role.AUTHORITY, side=Side.EXPORT)
    story.say(Milestone.ASSESSED, KR, Role.AUTHORITY, side=Side.EXPORT, detail=SEAL.blinded)
    return story.case()


# corrections


@example("correction.target", FAILED, "not in this history")
def correction_of_nothing() -> Case:
    story = sealed()
    story.say(Milestone.CORRECTED, EXPORTER, Role.EXPORTER, terms=b"\x07" * 32)
    return story.case()


@example("correction.noted", WARNING, "declared wrong by statement 3")
def corrected_statement() -> Case:
    story = sealed()
    story.say(Milestone.CORRECTED, EXPORTER, Role.EXPORTER, terms=story.statements[1].acceptance.digest)
    return story.case()


@example("correction.target", PASSED, "", "correction.noted")
def correction_of_the_seal() -> Case:
    return corrected_statement()


# what cannot be looked at


@left_open("history.order", "history.unique", "correction.noted", teller="history.read", words="did not answer")
def recent_history_not_read() -> Case:
    """What the contract logged is all that these rules look at; what was not read of it is told once."""
    gap = Gap("the consignment's recent history", "the node did not answer.", "Connect to another node.")
    return replace(delivered().case(), gaps=(gap,))


@left_open(
    "history.heads",
    "statement.digest",
    "seal.found_broken",
    "time.future",
    "time.expired",
    "time.order",
    "time.signed",
    "correction.target",
    teller="history.read",
    words="what it says could not be read",
)
def statement_that_is_not_on_this_node() -> Case:
    return with_entry(delivered().case(), 20, statement=None, unread="its transaction is not on this node.")


@left_open(
    "member.active", "member.key", "member.role", "member.suspect", teller="member.known", words="register of members"
)
def members_not_read() -> Case:
    return replace(delivered().case(), membership=None)


@left_open("document.unaltered", "document.declared_wrong", "time.document", teller="document.present", words="Ask")
def last_document_not_shared() -> Case:
    return document_not_shared()


@example("transition.allowed", UNDETERMINED, "the register of members was not read", "member.known")
def rules_without_a_register() -> Case:
    return replace(sealed().case(), membership=None)


@not_checked("ledger.trusted", "no chain, contract or founders to trust were given")
def nothing_to_trust_was_given() -> Case:
    return replace(sealed().case(), trust=None)


@left_open("state.recorded", teller="history.complete", words="the contract's own count was not read")
def state_not_read() -> Case:
    return replace(delivered().case(), recorded=None)


@not_checked("seal.number", "which was not handed over")
def seal_number_not_handed_over() -> Case:
    return without_blind(sealed().case(), SEAL.blinded)


@not_checked("ucr.opens", "UCR and salt were not handed over")
def ucr_and_salt_not_handed_over() -> Case:
    return replace(sealed().case(), reference=None)


@not_checked("detail.opens", "which was not handed over")
def detail_not_handed_over() -> Case:
    story = sealed()
    order = Blind.of(DetailContent.of({"order": "wait"}), SECRET)
    story.say(Milestone.HELD, KR, Role.AUTHORITY, detail=order.blinded)
    return story.case()


@not_checked("assessment.opens", "has not shared")
def reasons_not_shared() -> Case:
    return without_blind(cleared_for_export().case(), GREEN.blinded)


without(
    "document.placed",
    PASSED,
    "It speaks only of a document that somebody hands over, and there of an event that finds no statement; one that "
    "finds its statement is judged by the rules of documents.",
)


def without_blind(case: Case, recorded: bytes) -> Case:
    blinds = MappingProxyType({key: blind for key, blind in case.openings.blinds.items() if key != recorded})
    return replace(case, openings=replace(case.openings, blinds=blinds))


def with_blind(case: Case, recorded: bytes, blind: Blind) -> Case:
    blinds = MappingProxyType({**case.openings.blinds, recorded: blind})
    return replace(case, openings=replace(case.openings, blinds=blinds))


def with_digests_of_last_event(case: Case, **changes) -> Case:
    """The case with other digests beside the event of its last statement, under the same commitment."""
    content = case.openings.blinds[case.statements[-1].statement.commitment].content
    known = case.openings.events[content.commitment]
    events = {**case.openings.events, content.commitment: replace(known, digests=replace(known.digests, **changes))}
    return replace(case, openings=replace(case.openings, events=MappingProxyType(events)))


def with_last_event(case: Case, **members) -> Case:
    """The case with another document for its last statement: the same event with these members changed."""
    statement = case.statements[-1].statement
    content = case.openings.blinds[statement.commitment].content
    assert isinstance(content, EventContent)
    known = case.openings.events[content.commitment]
    data = {**json.loads(json.dumps(dict(known.event.data))), **members}
    altered = replace(known.event, data={name: value for name, value in data.items() if value is not None})
    events = {**case.openings.events, content.commitment: KnownEvent(known.digests, altered, known.event)}
    return replace(case, openings=replace(case.openings, events=MappingProxyType(events)))
