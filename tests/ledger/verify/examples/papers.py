"""Papers: the business transactions that several events name agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import IMPORTER, at_sea, in_import_country, registered
from tests.ledger.verify.examples.example import WARNING, example, left_open, not_checked, passing
from tests.ledger.verify.examples.told import ToldStory, without_document

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

BOX = "urn:epc:id:bic:CSQU3054383"
OTHER_BOX = "urn:epc:id:bic:HLXU1234561"
SELLER = "urn:epcglobal:cbv:bt:4012345000016"
BUYER = "urn:epcglobal:cbv:bt:8712345000017"
LINE = "urn:epcglobal:cbv:bt:8881234000013"


def papers(*named: tuple[str, str]) -> list[dict[str, str]]:
    return [{"type": kind, "bizTransaction": uri} for kind, uri in named]


def begun() -> ToldStory:
    story = ToldStory()
    registered(story)
    return story


def shipped(story: ToldStory, *named: tuple[str, str]) -> Entry:
    return story.observe(bizStep="packing", epcList=[BOX], bizTransactionList=papers(*named))


def received(story: ToldStory, *named: tuple[str, str]) -> Entry:
    return story.observe(IMPORTER, Role.IMPORTER, bizStep="receiving", epcList=[BOX], bizTransactionList=papers(*named))


def tied(story: ToldStory, action: str, box: str = BOX) -> Entry:
    named = papers(("inv", f"{SELLER}:INV-7"))
    return story.observe(type="TransactionEvent", action=action, epcList=[box], bizTransactionList=named)


# agree


@passing("paper.agree")
def invoice_and_order_that_seller_and_buyer_share() -> Case:
    story = begun()
    shipped(story, ("inv", f"{SELLER}:INV-7"), ("inv", f"{SELLER}:INV-8"), ("po", f"{BUYER}:PO-1"))
    received(story, ("inv", f"{SELLER}:inv.8"), ("po", f"{BUYER}:PO-1"))
    return story.case()


@passing("paper.agree")
def proforma_before_the_invoice() -> Case:
    story = begun()
    shipped(story, ("inv", f"{SELLER}:PF-7"))
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    received(story, ("inv", f"{SELLER}:INV-7"))
    return story.case()


@example("paper.agree", WARNING, "names the invoice urn:epcglobal:cbv:bt:4012345000016:INV-9")
def another_invoice_at_the_buyers() -> Case:
    story = begun()
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    received(story, ("inv", f"{SELLER}:INV-9"))
    return story.case()


@not_checked("paper.agree", "only one of them names it")
def invoices_of_two_issuers() -> Case:
    story = begun()
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    received(story, ("inv", f"{LINE}:FREIGHT-1"))
    return story.case()


# bill


def leg(left: Any, arrived: Any) -> Case:
    """A voyage whose two ends name these bills of lading."""
    contents = {
        milestone: {"bizStep": step, "epcList": [BOX], **({"bizTransactionList": papers(*named)} if named else {})}
        for milestone, step, named in (
            (Milestone.DEPARTED, "departing", left),
            (Milestone.ARRIVED, "arriving", arrived),
        )
    }
    return in_import_country(ToldStory(contents=contents)).case()


@passing("paper.bill")
def one_bill_of_lading_for_the_voyage() -> Case:
    return leg([("bol", f"{LINE}:BL-1"), ("bol", f"{LINE}:HOUSE-1")], [("bol", f"{LINE}:BL1")])


@example("paper.bill", WARNING, "The bill of lading was switched on the way")
def bill_of_lading_that_was_switched() -> Case:
    return leg([("bol", f"{LINE}:BL-1")], [("bol", f"{LINE}:BL-2")])


@not_checked("paper.bill", "only one of its two ends names it")
def bill_of_lading_that_only_the_arrival_names() -> Case:
    return leg([], [("bol", f"{LINE}:BL-2")])


@not_checked("paper.bill", "name those of different issuers")
def bill_of_the_line_and_bill_of_the_forwarder() -> Case:
    return leg([("bol", f"{LINE}:BL-1")], [("bol", f"{SELLER}:HOUSE-1")])


@left_open("paper.bill", teller="document.present", words="Ask Straits Line to share it")
def departure_whose_document_is_not_at_hand() -> Case:
    case = leg([("bol", f"{LINE}:BL-1")], [("bol", f"{LINE}:BL-1")])
    departed = next(entry for entry in case.statements if entry.acceptance.milestone is Milestone.DEPARTED)
    return without_document(case, departed)


# withdrawn


@passing("paper.withdrawn")
def invoice_withdrawn_and_issued_again() -> Case:
    story = begun()
    tied(story, "ADD")
    tied(story, "DELETE")
    tied(story, "ADD")
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    return story.case()


@passing("paper.withdrawn")
def invoice_withdrawn_from_another_container() -> Case:
    story = begun()
    tied(story, "DELETE", OTHER_BOX)
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    return story.case()


@example("paper.withdrawn", WARNING, "withdrew from container CSQU3054383 on")
def goods_shipped_under_an_invoice_that_was_withdrawn() -> Case:
    story = begun()
    tied(story, "ADD")
    tied(story, "DELETE")
    shipped(story, ("inv", f"{SELLER}:INV-7"))
    return story.case()


@not_checked("paper.withdrawn", "there was nothing to look at")
def no_paper_was_withdrawn() -> Case:
    return at_sea().case()
