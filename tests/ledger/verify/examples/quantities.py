"""Quantities: what goes out of a packing or a transformation is not more than what went in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import CARRIER, IMPORTER, delivered, registered
from tests.ledger.verify.examples.example import FAILED, UNDETERMINED, WARNING, example, not_checked, passing
from tests.ledger.verify.examples.told import ToldStory, without_document

if TYPE_CHECKING:
    from ledger.verify.case import Case

PALLET = "urn:epc:id:sscc:4012345.0000000501"
OTHER_PALLET = "urn:epc:id:sscc:4012345.0000000502"
CONTAINER = "urn:epc:id:bic:CSQU3054383"
COFFEE = "urn:epc:class:lgtin:4012345.011111.L7"
OTHER_LOT = "urn:epc:class:lgtin:4012345.011111.L8"
COFFEE_OF_ANY_LOT = "urn:epc:idpat:sgtin:4012345.011111.*"
CHERRIES = "urn:epc:class:lgtin:4012345.022222.C1"
SYRUP = "urn:epc:class:lgtin:4012345.033333.S1"


def so_much(epc_class: str, quantity: Any = None, uom: str | None = None) -> dict[str, Any]:
    amount = {"epcClass": epc_class, "quantity": quantity, "uom": uom}
    return {name: value for name, value in amount.items() if value is not None}


def packed(story: ToldStory, parent: str, *quantities: dict[str, Any], epcs: tuple[str, ...] = ()) -> None:
    told = {"childQuantityList": list(quantities)} if quantities else {}
    told |= {"childEPCs": list(epcs)} if epcs else {}
    story.observe(type="AggregationEvent", action="ADD", bizStep="packing", parentID=parent, **told)


def unpacked(story: ToldStory, parent: str, *quantities: dict[str, Any], action: str = "DELETE") -> None:
    step = "unpacking" if action == "DELETE" else "inspecting"
    story.observe(
        type="AggregationEvent", action=action, bizStep=step, parentID=parent, childQuantityList=list(quantities)
    )


def transformed(story: ToldStory, *, taken: list, given: list, **members: Any) -> None:
    amounts = {"inputQuantityList": taken, "outputQuantityList": given}
    told = {name: value for name, value in amounts.items() if value}
    story.observe(type="TransformationEvent", bizStep="commissioning", **told, **members)


def begun() -> ToldStory:
    story = ToldStory()
    registered(story)
    return story


# amounts and units


@not_checked("quantity.amount", "there was nothing to look at")
def goods_whose_amount_nobody_gives() -> Case:
    return begun().case()


@passing("quantity.amount")
def amounts_of_whole_pieces_and_parts_of_kilograms() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 24), so_much(CHERRIES, 0.5, "KGM"), so_much(SYRUP))
    return story.case()


@example("quantity.amount", FAILED, "counts -20 kg of goods")
def amount_below_zero() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 100, "KGM"), so_much(COFFEE, -20, "KGM"))
    return story.case()


@example("quantity.amount", WARNING, "counts 2.5 of goods 04012345111118 lot L7, which is not a whole number")
def two_and_a_half_pieces() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 2.5))
    return story.case()


@passing("quantity.units")
def packed_in_tons_and_unpacked_in_pounds() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 1.2, "TNE"))
    unpacked(story, PALLET, so_much(COFFEE, 2645, "LBR"))
    return story.case()


@passing("quantity.units")
def packed_and_unpacked_in_a_unit_that_only_the_trade_knows() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 60, "B9X"))
    unpacked(story, PALLET, so_much(COFFEE, 60, "B9X"))
    return story.case()


@example("quantity.units", UNDETERMINED, "are measured in B9X and by mass, and no conversion is known")
def unpacked_in_a_unit_that_nobody_knows() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 1200, "KGM"))
    unpacked(story, PALLET, so_much(COFFEE, 20, "B9X"))
    return story.case()


@not_checked("quantity.units", "do not convert into each other")
def weighed_here_and_counted_there() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 1200, "KGM"))
    unpacked(story, PALLET, so_much(COFFEE, 20))
    return story.case()


# packed and unpacked


@passing("quantity.packed")
def lots_split_and_counted_by_their_item() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 60, "KGM"), so_much(OTHER_LOT, 60_000, "GRM"))
    unpacked(story, PALLET, so_much(COFFEE, 40, "KGM"))
    unpacked(story, PALLET, so_much(COFFEE_OF_ANY_LOT, 80.2, "KGM"))
    return story.case()


@passing("quantity.packed")
def pallets_unpacked_from_their_container_by_their_goods() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 24))
    packed(story, OTHER_PALLET, so_much(COFFEE, 24))
    packed(story, CONTAINER, epcs=(PALLET, OTHER_PALLET))
    unpacked(story, CONTAINER, so_much(COFFEE, 48), action="OBSERVE")
    return story.case()


@passing("quantity.packed")
def serialised_pieces_counted_at_an_inspection() -> Case:
    story = begun()
    packed(story, PALLET, epcs=tuple(f"urn:epc:id:sgtin:4012345.011111.{n}" for n in range(3)))
    unpacked(story, PALLET, so_much(COFFEE_OF_ANY_LOT, 3), action="OBSERVE")
    return story.case()


@example("quantity.packed", FAILED, "130 kg of goods 04012345111118 lot L7 comes out of SSCC")
def more_unpacked_than_was_packed() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 100, "KGM"))
    unpacked(story, PALLET, so_much(COFFEE, 130, "KGM"))
    return story.case()


@example("quantity.packed", FAILED, "in which there was at most 8 by what was packed")
def more_unpacked_in_parts_than_was_packed() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 48))
    unpacked(story, PALLET, so_much(COFFEE, 40))
    unpacked(story, PALLET, so_much(COFFEE, 40))
    return story.case()


@example("quantity.packed", FAILED, "is seen in container CSQU3054383, in which there was none of it")
def goods_seen_in_a_container_that_nobody_packed_there() -> Case:
    story = begun()
    packed(story, CONTAINER, so_much(COFFEE, 48))
    unpacked(story, CONTAINER, so_much(SYRUP, 4), action="OBSERVE")
    return story.case()


@example("quantity.packed", UNDETERMINED, "A document that is not at hand may explain it", "document.present")
def more_unpacked_while_a_document_is_missing() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE, 100, "KGM"))
    hidden = story.observe(CARRIER, Role.CARRIER, epcList=[PALLET], bizStep="repackaging")
    unpacked(story, PALLET, so_much(COFFEE, 130, "KGM"))
    return without_document(story.case(), hidden)


@not_checked("quantity.packed", "the packing gives no amount that compares")
def seen_where_the_packing_gave_no_amount() -> Case:
    story = begun()
    packed(story, PALLET, so_much(COFFEE))
    unpacked(story, PALLET, so_much(COFFEE, 24), action="OBSERVE")
    return story.case()


@not_checked("quantity.packed", "no event at hand says what went in before")
def seen_in_a_pallet_whose_packing_nobody_told() -> Case:
    story = begun()
    unpacked(story, PALLET, so_much(COFFEE, 24), action="OBSERVE")
    return story.case()


# from making to delivery


@passing("quantity.transformed")
def coffee_dried_and_two_events_of_one_transformation() -> Case:
    story = begun()
    name = "urn:epc:id:gdti:4012345.55555.98"
    transformed(story, taken=[so_much(CHERRIES, 600, "KGM")], given=[], transformationID=name)
    transformed(
        story, taken=[so_much(OTHER_LOT, 0.4, "TNE")], given=[so_much(COFFEE, 180, "KGM")], transformationID=name
    )
    transformed(story, taken=[so_much(SYRUP, 100, "LTR")], given=[so_much(SYRUP, 100.1, "LTR"), so_much(CHERRIES, 9)])
    return story.case()


@example("quantity.transformed", FAILED, "900 kg came out of the transformation, and only 600 kg went in")
def more_coffee_than_cherries() -> Case:
    story = begun()
    transformed(story, taken=[so_much(CHERRIES, 600, "KGM")], given=[so_much(COFFEE, 900, "KGM")])
    return story.case()


@example("quantity.transformed", FAILED, "150 l came out of goods 04012345333336 lot S1, and only 100 l went in")
def syrup_that_grew() -> Case:
    story = begun()
    transformed(story, taken=[so_much(SYRUP, 100, "LTR")], given=[so_much(SYRUP, 150, "LTR")])
    return story.case()


@example("quantity.transformed", UNDETERMINED, "A document that is not at hand may explain it", "document.present")
def more_coffee_than_cherries_while_a_document_is_missing() -> Case:
    story = begun()
    hidden = story.observe(epcList=[PALLET], bizStep="receiving")
    transformed(story, taken=[so_much(CHERRIES, 600, "KGM")], given=[so_much(COFFEE, 900, "KGM")])
    return without_document(story.case(), hidden)


@not_checked("quantity.transformed", "not all of its inputs are weighed")
def sacks_emptied_into_a_silo() -> Case:
    story = begun()
    transformed(story, taken=[so_much(CHERRIES, 20)], given=[so_much(COFFEE, 900, "KGM")])
    return story.case()


@not_checked("quantity.transformed", "what went in is not at hand")
def outputs_of_a_transformation_whose_inputs_are_told_elsewhere() -> Case:
    story = begun()
    transformed(story, taken=[], given=[so_much(COFFEE, 900, "KGM")], transformationID="urn:uuid:7")
    return story.case()


def harvested(story: ToldStory, kilograms: float) -> None:
    story.observe(action="ADD", bizStep="commissioning", quantityList=[so_much(COFFEE, kilograms, "KGM")])


def shipped(story: ToldStory, kilograms: float) -> None:
    story.observe(bizStep="shipping", quantityList=[so_much(COFFEE, kilograms, "KGM")])


@passing("quantity.commissioned")
def harvested_twice_and_shipped_in_parts() -> Case:
    story = begun()
    harvested(story, 500)
    harvested(story, 500)
    packed(story, PALLET, so_much(COFFEE, 700, "KGM"))
    packed(story, OTHER_PALLET, so_much(COFFEE, 301, "KGM"))
    shipped(story, 1000)
    return story.case()


@example("quantity.commissioned", FAILED, "1,600 kg of goods 04012345111118 lot L7 travel, and only 1,000 kg were made")
def more_of_a_lot_shipped_than_was_harvested() -> Case:
    story = begun()
    harvested(story, 1000)
    shipped(story, 1600)
    return story.case()


@example("quantity.commissioned", UNDETERMINED, "A document that is not at hand may explain it", "document.present")
def more_shipped_while_the_document_of_a_harvest_is_missing() -> Case:
    story = begun()
    hidden = story.observe(action="ADD", bizStep="commissioning", quantityList=[so_much(COFFEE, 600, "KGM")])
    harvested(story, 1000)
    shipped(story, 1600)
    return without_document(story.case(), hidden)


@not_checked("quantity.commissioned", "nothing says how much was")
def lot_whose_harvest_nobody_told() -> Case:
    story = begun()
    shipped(story, 1600)
    return story.case()


def sent_and_received(sent: list, arrived: list, **members: Any) -> ToldStory:
    story = ToldStory(
        contents={
            Milestone.REGISTERED: {"bizStep": "shipping", "quantityList": sent},
            Milestone.DELIVERED: {"bizStep": "receiving", "quantityList": arrived, **members},
        }
    )
    delivered(story)
    return story


@passing("quantity.received")
def coffee_that_lost_two_percent_of_its_weight() -> Case:
    return sent_and_received([so_much(COFFEE, 1, "TNE")], [so_much(COFFEE, 980, "KGM")]).case()


@passing("quantity.received")
def two_sacks_destroyed_and_said_to_be() -> Case:
    story = sent_and_received([so_much(COFFEE, 20)], [so_much(COFFEE, 18)])
    story.observe(IMPORTER, Role.IMPORTER, bizStep="destroying", quantityList=[so_much(COFFEE, 2)])
    return story.case()


@example(
    "quantity.received", FAILED, "1,200 kg of goods 04012345111118 lot L7 were received, and only 1,000 kg shipped"
)
def more_received_than_was_shipped() -> Case:
    return sent_and_received([so_much(COFFEE, 1, "TNE")], [so_much(COFFEE, 1200, "KGM")]).case()


@example("quantity.received", FAILED, "lot L8 were received, and none of it was shipped")
def another_lot_received_than_was_shipped() -> Case:
    return sent_and_received([so_much(COFFEE, 20)], [so_much(OTHER_LOT, 20)]).case()


@example("quantity.received", WARNING, "Ask the receiver and the carriers where the rest is")
def less_received_than_was_shipped() -> Case:
    return sent_and_received([so_much(COFFEE, 20)], [so_much(COFFEE, 12)]).case()


@example("quantity.received", UNDETERMINED, "A document that is not at hand may explain it", "document.present")
def more_received_while_a_document_is_missing() -> Case:
    story = sent_and_received([so_much(COFFEE, 20)], [so_much(COFFEE, 24)])
    return without_document(story.case(), story.observations[0])


@not_checked("quantity.received", "nothing at hand counts it at its delivery")
def received_without_counting() -> Case:
    return sent_and_received([so_much(COFFEE, 20)], [so_much(SYRUP, 1)]).case()
