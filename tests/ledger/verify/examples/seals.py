"""Seals: who put which one on, checked it, found it broken or replaced it, and when."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.identity.terms import leg_terms, unseal_terms
from tests.ledger.verify.builder import (
    CARRIER,
    EXPORTER,
    IMPORTER,
    KR,
    SEAL,
    SG,
    Member,
    Story,
    cleared_for_export,
    delivered,
    forget,
    make_event,
    registered,
    seal,
    sealed,
    with_entry,
)
from tests.ledger.verify.examples.example import FAILED, UNDETERMINED, WARNING, example, not_checked, passing

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

BORDER = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"border": "urn:smartborder:epcis:"}]
BOX, OTHER_BOX = "urn:epc:id:bic:CSQU3054383", "urn:epc:id:bic:MSKU0000011"
SECOND = seal("KR-7730012")
UNREAD = "its transaction is not on this node."


def told(story: Story, milestone: Milestone, by: Member, role: Role, event: dict[str, Any], **statement: Any) -> Entry:
    """State something with an event of one's own, of the same moment."""
    made = make_event(1_000 + story.block, story.now + 3_000, **{"@context": BORDER, **event})
    return story.say(milestone, by, role, commitment=story.know(made), **statement)


def box(number: str = "", container: str = BOX) -> dict[str, Any]:
    """An event about a container, and the number of the seal on it if that was read."""
    return {"epcList": [container]} | ({"border:sealNumber": number} if number else {})


def taken_off(story: Story, reason: UnsealReason, by: Member = EXPORTER, role: Role = Role.EXPORTER) -> Story:
    story.say(Milestone.UNSEALED, by, role, terms=unseal_terms(reason), detail=SEAL.blinded)
    return story


def put_on(story: Story, number: Any = SECOND, by: Member = EXPORTER, role: Role = Role.EXPORTER) -> Story:
    story.keep(number)
    story.say(Milestone.SEALED, by, role, detail=number.blinded)
    return story


def departed(story: Story, **statement: Any) -> Story:
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    story.say(Milestone.HANDOVER_ACCEPTED, CARRIER, Role.CARRIER, **statement)
    story.say(Milestone.DEPARTED, CARRIER, Role.CARRIER, terms=leg_terms("KR", "SG"), **statement)
    return story


def sealed_box() -> Story:
    """A container, sealed by a statement whose document names both."""
    story = registered()
    story.keep(SEAL)
    told(story, Milestone.SEALED, EXPORTER, Role.EXPORTER, box("KR-7730011"), detail=SEAL.blinded)
    return story


def without_number(case: Case, *seals: Any) -> Case:
    """The case as who was not given these seals' numbers has it."""
    blinds = forget(case.openings.blinds, *(each.blinded for each in seals))
    return replace(case, openings=replace(case.openings, blinds=MappingProxyType(dict(blinds))))


# taken off, and put on again


@passing("seal.replaced")
def seal_replaced_before_departure() -> Case:
    story = put_on(taken_off(cleared_for_export(), UnsealReason.REPLACED))
    return departed(story, detail=SECOND.blinded).case()


@passing("seal.replaced")
def seal_opened_by_the_importer_at_the_end() -> Case:
    story = removed()
    off = unseal_terms(UnsealReason.OPENED)
    story.say(Milestone.UNSEALED, IMPORTER, Role.IMPORTER, terms=off, detail=seal("NL-0042").blinded)
    story.say(Milestone.DELIVERED, IMPORTER, Role.IMPORTER, event=True)
    return story.case()


@example("seal.replaced", FAILED, "no new seal was put on before statement 10 (departed) by Straits Line")
def seal_replaced_by_none() -> Case:
    return departed(taken_off(cleared_for_export(), UnsealReason.REPLACED)).case()


@example("seal.replaced", WARNING, "the goods left without a new one")
def seal_opened_and_goods_sent_on_without_one() -> Case:
    return departed(taken_off(cleared_for_export(), UnsealReason.OPENED)).case()


@example("seal.replaced", UNDETERMINED, "whether the goods had to get a new seal", "history.read", "seal.unbroken",
         "transition.allowed")  # fmt: skip
def opening_that_cannot_be_read() -> Case:
    return with_entry(taken_off(sealed(), UnsealReason.REPLACED).case(), 3, statement=None, unread=UNREAD)


@not_checked("seal.replaced", "they have not moved since")
def seal_opened_a_moment_ago() -> Case:
    return taken_off(sealed(), UnsealReason.OPENED).case()


@passing("seal.reused")
def second_seal_with_its_own_number() -> Case:
    return put_on(taken_off(sealed(), UnsealReason.REPLACED)).case()


@example("seal.reused", FAILED, "Hanbit Machinery puts on seal KR-7730011, which Hanbit Machinery had put on before")
def seal_put_on_again_after_it_was_opened() -> Case:
    return put_on(taken_off(sealed(), UnsealReason.OPENED), SEAL).case()


@example("seal.reused", FAILED, "A number is used once")
def seal_put_on_again_in_another_spelling() -> Case:
    return put_on(taken_off(sealed(), UnsealReason.OPENED), seal("kr 773 0011")).case()


@example("seal.reused", FAILED, "puts on the seal 0x")
def seal_put_on_again_though_its_number_is_kept_back() -> Case:
    return without_number(put_on(taken_off(sealed(), UnsealReason.OPENED), SEAL).case(), SEAL)


@example("seal.reused", UNDETERMINED, "whether its number was used before", "history.read", "seal.unbroken",
         "transition.allowed")  # fmt: skip
def second_sealing_that_cannot_be_read() -> Case:
    return with_entry(put_on(taken_off(sealed(), UnsealReason.REPLACED)).case(), 4, statement=None, unread=UNREAD)


@not_checked("seal.reused", "Ask Hanbit Machinery for the number")
def numbers_of_both_seals_kept_back() -> Case:
    return without_number(put_on(taken_off(sealed(), UnsealReason.REPLACED)).case(), SEAL, SECOND)


# what documents name


@passing("seal.event")
def seal_named_in_documents_as_on_the_ledger() -> Case:
    story = sealed_box()
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR 773 0011"))
    taken = box("KR-7730011")
    told(story, Milestone.UNSEALED, EXPORTER, Role.EXPORTER, taken, terms=REPLACED, detail=SEAL.blinded)
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR-7730012"))
    return put_on(story).case()


@passing("seal.event")
def seals_named_by_an_officer_before_and_after_they_are_exchanged() -> Case:
    story = sealed_box()
    told(story, Milestone.HELD, KR, Role.AUTHORITY, box("KR-7730011"))
    taken_off(story, UnsealReason.OPENED)
    told(story, Milestone.HELD, KR, Role.AUTHORITY, box("KR-7730012"))
    return put_on(story).case()


@passing("seal.event")
def one_document_that_names_the_seals_of_two_containers() -> Case:
    story = sealed_box()
    event = {"epcList": [BOX, OTHER_BOX], "border:sealNumber": ["KR-7730011", "KR-9900001"]}
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, event)
    return story.case()


@passing("seal.event")
def seal_named_under_another_prefix() -> Case:
    context = [BORDER[0], {"b": "urn:smartborder:epcis:"}]
    story = sealed_box()
    event = {"@context": context, "epcList": [BOX], "b:sealNumber": "KR-7730011"}
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, event)
    return story.case()


@example("seal.event", FAILED, "names seal KR-773OO11, but seal KR-7730011 (put on by Hanbit Machinery on 2026")
def document_that_names_a_seal_which_looks_much_the_same() -> Case:
    story = sealed_box()
    told(story, Milestone.OBSERVED, SG, Role.AUTHORITY, box("KR-773OO11"))
    return story.case()


@example(
    "seal.event", FAILED, "names seal KR-7730011 on container MSKU0000011, but it was put on container CSQU3054383"
)
def seal_moved_to_another_container() -> Case:
    story = sealed_box()
    told(story, Milestone.OBSERVED, SG, Role.AUTHORITY, box("KR-7730011", OTHER_BOX))
    return story.case()


@example("seal.event", FAILED, "Statement 8 (handover accepted): the document of Straits Line, of 2026")
def document_about_another_container_and_seal_than_the_statement_names() -> Case:
    story = cleared_for_export()
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR-7730011"))
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    other = box("KR-9900001", OTHER_BOX)
    told(story, Milestone.HANDOVER_ACCEPTED, CARRIER, Role.CARRIER, other, detail=SEAL.blinded)
    return story.case()


@example("seal.event", FAILED, "names seal KR-7730011, but no seal was stated to be on")
def seal_named_after_it_was_taken_off() -> Case:
    story = taken_off(sealed_box(), UnsealReason.OPENED)
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR-7730011"))
    return story.case()


@example("seal.event", UNDETERMINED, "which seal was on is not known", "history.read", "seal.unbroken",
         "transition.allowed", "seal.reused")  # fmt: skip
def seal_named_where_a_sealing_cannot_be_read() -> Case:
    story = put_on(taken_off(sealed_box(), UnsealReason.REPLACED))
    told(story, Milestone.OBSERVED, SG, Role.AUTHORITY, box("KR-7730012"))
    return with_entry(story.case(), 4, statement=None, unread=UNREAD)


@not_checked("seal.event", "the number was not handed over")
def seal_named_where_the_number_is_kept_back() -> Case:
    return without_number(sealed_box().case(), SEAL)


@not_checked("seal.event", "the ledger records none at that time")
def seal_named_though_nobody_stated_one() -> Case:
    story = registered()
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR-7730011"))
    return story.case()


@not_checked("seal.event", "the ledger records none of these")
def seal_named_on_a_second_container() -> Case:
    story = registered()
    story.keep(SEAL)
    told(story, Milestone.SEALED, EXPORTER, Role.EXPORTER, box(), detail=SEAL.blinded)
    told(story, Milestone.OBSERVED, EXPORTER, Role.EXPORTER, box("KR-9900001", OTHER_BOX))
    return story.case()


REPLACED = unseal_terms(UnsealReason.REPLACED)


def removed() -> Story:
    """A whole life up to the removal."""
    story = delivered()
    story.statements.pop()
    story.observations.pop()
    story.head = story.statements[-1].acceptance.head
    return story
