"""Frauds with papers: invoices, orders, bills of lading that do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role, Side
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import at_sea, in_rotterdam, packed

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from tests.ledger.verify.histories.journey import Journey


@fraud("paper.agree")
def second_invoice_for_customs() -> Case:
    """The importer receives the goods under an invoice that the exporter never named: a cheaper one, for the duty."""
    return received_under("inv", "INV-00001")


@fraud("paper.agree")
def goods_of_another_order_received() -> Case:
    """The importer books the goods under another purchase order than the one that they were packed for."""
    return received_under("po", "PO-99999")


@fraud("paper.bill")
def bill_of_lading_switched_in_singapore_waters() -> Case:
    """Between Busan and Singapore the bill of lading is exchanged, to hide where the goods come from."""
    journey = at_sea()
    issuer, _, _ = journey.shipment.papers.bill.rpartition(":")
    switched = [{"type": "bol", "bizTransaction": f"{issuer}:BL-77777"}]
    journey.arrives(journey.on_the_way("arriving") | {"bizTransactionList": switched})
    return journey.life.case()


@fraud("paper.withdrawn")
def shipped_under_an_invoice_that_was_withdrawn() -> Case:
    """The exporter withdraws the invoice for the bank, and seals and ships the goods under it all the same."""
    journey = packed()
    ties(journey, "DELETE")
    journey.life.wait(hours=1)
    told = journey.about_container("staging_outbound", bizTransactionList=journey.shipment.papers.listed("inv"))
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)
    return journey.life.case()


def ties(journey: Journey, action: str) -> None:
    """The exporter ties the container to its invoice, or ends that."""
    told = journey.life.event(
        "TransactionEvent",
        None,
        north_km=journey.km,
        action=action,
        epcList=[journey.shipment.container],
        bizTransactionList=journey.shipment.papers.listed("inv"),
    )
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)


def received_under(kind: str, number: str) -> Case:
    """The whole way, with another paper at its end."""
    journey = in_rotterdam()
    journey.clears(Side.IMPORT)
    journey.life.wait(hours=1)
    journey.hands_over(journey.cast.importer, Role.IMPORTER)
    journey.life.wait(minutes=30)
    journey.is_removed()
    told = journey.receiving()
    told["bizTransactionList"] = [
        {**each, "bizTransaction": f"{each['bizTransaction'].rpartition(':')[0]}:{number}"}
        if each["type"] == kind
        else each
        for each in told["bizTransactionList"]
    ]
    journey.life.say(Milestone.DELIVERED, journey.cast.importer, Role.IMPORTER, told)
    return journey.life.case()
