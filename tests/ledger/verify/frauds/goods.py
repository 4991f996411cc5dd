"""Frauds with what is inside what, and how much of it: containers, pallets, lots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role, Side
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import RIVAL, in_busan, in_rotterdam, in_singapore, packed, registered
from tests.ledger.verify.histories.world import SANTOS, SINGAPORE

if TYPE_CHECKING:
    from ledger.verify.case import Case
    from tests.ledger.verify.histories.journey import Journey

STRANGE_PALLET = "urn:epc:id:sscc:8801234.0999999999"
OTHER_CONTAINER = "urn:epc:id:bic:HLXU1234561"
STRANGE_TRACKER = "urn:epc:id:giai:8801234.T99999999"


@fraud("container.opened_unseen")
def third_pallet_found_inside() -> Case:
    """Somebody loaded a pallet of his own between Busan and Rotterdam; Dutch customs, looking in, counts three."""
    journey = in_rotterdam()
    customs = journey.cast.authorities[-1]
    pallets = [pallet.sscc for pallet in journey.shipment.pallets]
    told = seen_inside(journey, journey.shipment.container, childEPCs=[*pallets, STRANGE_PALLET])
    journey.life.observe(customs, Role.AUTHORITY, told)
    return journey.life.case()


@fraud("container.opened_unseen")
def pallet_gone_at_a_full_count() -> Case:
    """A pallet was taken out on the way; customs counts all that is there, and it is not."""
    journey = in_rotterdam()
    customs = journey.cast.authorities[-1]
    left = journey.shipment.pallets[0].sscc
    told = seen_inside(journey, journey.shipment.container, childEPCs=[left], disposition="completeness_verified")
    journey.life.observe(customs, Role.AUTHORITY, told)
    return journey.life.case()


@fraud("container.two_parents")
def pallet_in_two_containers() -> Case:
    """One pallet is declared in two consignments: it is packed into a second container, and never left the first."""
    journey = packed()
    told = journey.life.event(
        "AggregationEvent",
        "loading",
        north_km=journey.km,
        action="ADD",
        parentID=OTHER_CONTAINER,
        childEPCs=[journey.shipment.pallets[0].sscc],
    )
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)
    return journey.life.case()


@fraud("container.two_places")
def pallet_read_in_santos_while_its_container_is_in_singapore() -> Case:
    """A warehouse in Brazil reads the pallet's label at the hour at which its container is read in Singapore."""
    journey = in_singapore()
    life = journey.life
    journey.is_seen(journey.cast.carrier, Role.CARRIER)
    life.place = SANTOS
    pallet = [journey.shipment.pallets[0].sscc]
    told = life.event("ObjectEvent", "storing", action="OBSERVE", epcList=pallet)
    life.observe(RIVAL, Role.CARRIER, told)
    return life.case()


@fraud("container.taken_out")
def pallet_taken_out_that_never_went_in() -> Case:
    """The exporter, loading again, takes a pallet out that nobody had put in."""
    journey = packed()
    told = journey.life.event(
        "AggregationEvent",
        "unpacking",
        north_km=journey.km,
        action="DELETE",
        parentID=journey.shipment.container,
        childEPCs=[STRANGE_PALLET],
    )
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)
    return journey.life.case()


@fraud("container.taken_out")
def tracker_taken_off_that_was_never_on() -> Case:
    """The carrier takes off a tracker that nobody had put on: the one that was on is hidden."""
    journey = in_singapore()
    journey.holder = (journey.cast.carrier, Role.CARRIER)
    journey.is_tracked("ADD", "installing")
    journey.life.wait(hours=2)
    told = tie(journey, journey.shipment.container, STRANGE_TRACKER, "DELETE")
    journey.life.observe(*journey.holder, told)
    return journey.life.case()


@fraud("container.two_parents")
def tracker_on_two_containers() -> Case:
    """The tracker that shows where the container is was tied to another one, and never taken off this one."""
    journey = packed()
    journey.is_tracked("ADD", "installing")
    journey.life.wait(hours=1)
    told = tie(journey, OTHER_CONTAINER, journey.shipment.tracker, "ADD")
    journey.life.observe(*journey.holder, told)
    return journey.life.case()


@fraud("container.two_places")
def tracker_read_in_santos_while_its_container_is_in_singapore() -> Case:
    """The tracker reports from Brazil at the hour at which its container is read in Singapore: it was taken off."""
    journey = in_busan()
    journey.is_tracked("ADD", "installing")
    journey.departs(SINGAPORE)
    journey.travels(SINGAPORE, 0.5)
    journey.arrives()
    life = journey.life
    life.wait(hours=3)
    journey.is_seen(journey.cast.carrier, Role.CARRIER)
    life.place = SANTOS
    told = life.event("ObjectEvent", "storing", action="OBSERVE", epcList=[journey.shipment.tracker])
    life.observe(RIVAL, Role.CARRIER, told)
    return life.case()


@fraud("container.opened_unseen")
def item_of_another_pallet_found_on_this_one() -> Case:
    """An item that was packed on the second pallet is found on the first: the pallets were opened on the way."""
    journey = in_rotterdam()
    one, two = journey.shipment.pallets
    told = seen_inside(journey, one.sscc, childEPCs=[*one.items, two.items[0]])
    journey.life.observe(journey.cast.authorities[-1], Role.AUTHORITY, told)
    return journey.life.case()


@fraud("container.under_seal")
def pallet_taken_out_under_seal() -> Case:
    """The carrier takes a pallet out in Singapore, and the seal is on all the while."""
    journey = in_singapore()
    told = journey.loading("DELETE", "unpacking", journey.shipment.pallets[:1])
    journey.life.observe(journey.cast.carrier, Role.CARRIER, told)
    return journey.life.case()


@fraud("container.gone")
def serial_number_given_twice() -> Case:
    """The exporter gives the number of a genuine item to a second one."""
    journey = packed()
    item = journey.shipment.items[0]
    told = journey.life.event(
        "ObjectEvent", "commissioning", north_km=journey.km, action="ADD", epcList=[item], disposition="active"
    )
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)
    return journey.life.case()


@fraud("container.carrier")
def goods_leave_in_another_container() -> Case:
    """The document of the departure names a container of which nobody spoke before."""
    journey = in_busan()
    packed_into = journey.shipment.container
    told = journey.about_container("departing", disposition="in_transit") | {"epcList": [OTHER_CONTAINER]}
    assert packed_into != OTHER_CONTAINER
    journey.departs(SINGAPORE, told)
    return journey.life.case()


@fraud("quantity.amount")
def amount_taken_back_by_a_minus() -> Case:
    """A correction of minus 80 kilograms, hidden in a packing, lets 80 kilograms disappear from every sum."""
    journey = packed(in_bulk=True)
    pallet = journey.shipment.pallets[0]
    told = journey.life.event(
        "AggregationEvent",
        "packing",
        north_km=journey.km,
        action="ADD",
        parentID=pallet.sscc,
        childQuantityList=[{"epcClass": pallet.lot, "quantity": -80, "uom": "KGM"}],
    )
    journey.life.observe(journey.cast.exporter, Role.EXPORTER, told)
    return journey.life.case()


@fraud("quantity.packed")
def weight_grown_in_transit() -> Case:
    """A pallet weighs 90 kilograms more in Rotterdam than what was packed on it in Busan."""
    journey = in_rotterdam(in_bulk=True)
    pallet = journey.shipment.pallets[0]
    told = seen_inside(
        journey,
        pallet.sscc,
        childQuantityList=[{"epcClass": pallet.lot, "quantity": pallet.kilograms + 90, "uom": "KGM"}],
    )
    journey.life.observe(journey.cast.authorities[-1], Role.AUTHORITY, told)
    return journey.life.case()


@fraud("quantity.packed")
def pounds_that_hide_the_surplus() -> Case:
    """A pallet is said to weigh fewer pounds than it has, and still more kilograms than were packed on it."""
    journey = in_rotterdam(in_bulk=True)
    pallet = journey.shipment.pallets[0]
    pounds = round(pallet.kilograms * 2.2046 * 1.2, 1)
    told = seen_inside(
        journey, pallet.sscc, childQuantityList=[{"epcClass": pallet.lot, "quantity": pounds, "uom": "LBR"}]
    )
    journey.life.observe(journey.cast.authorities[-1], Role.AUTHORITY, told)
    return journey.life.case()


@fraud("quantity.units")
def weight_in_a_unit_that_nobody_can_convert() -> Case:
    """Customs asks for the weight, and the terminal gives it in a unit of its own, so that nothing can be compared."""
    journey = in_rotterdam(in_bulk=True)
    pallet = journey.shipment.pallets[0]
    told = seen_inside(journey, pallet.sscc, childQuantityList=[{"epcClass": pallet.lot, "quantity": 17, "uom": "B9X"}])
    journey.life.observe(journey.cast.terminal, Role.TERMINAL, told)
    return journey.life.case()


@fraud("quantity.transformed")
def more_made_than_went_in() -> Case:
    """More comes out of the roasting than beans went in: the rest is of another origin."""
    journey = registered(in_bulk=True)
    life, goods = journey.life, journey.shipment
    life.wait(hours=3)
    told = life.event(
        "TransformationEvent",
        "creating_class_instance",
        north_km=journey.km,
        inputQuantityList=[{"epcClass": journey.raw_lot, "quantity": goods.kilograms * 4 // 5, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": goods.lot, "quantity": goods.kilograms, "uom": "KGM"}],
    )
    life.observe(journey.cast.exporter, Role.EXPORTER, told)
    journey.packs()
    return life.case()


@fraud("quantity.commissioned")
def more_packed_of_a_lot_than_was_made() -> Case:
    """Twice as much as was made of a certified lot is packed under its number."""
    journey = registered(in_bulk=True)
    life, goods = journey.life, journey.shipment
    life.wait(hours=3)
    told = life.event(
        "TransformationEvent",
        "creating_class_instance",
        north_km=journey.km,
        inputQuantityList=[{"epcClass": journey.raw_lot, "quantity": journey.raw_kilograms, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": goods.lot, "quantity": goods.kilograms // 2, "uom": "KGM"}],
    )
    life.observe(journey.cast.exporter, Role.EXPORTER, told)
    journey.packs()
    return life.case()


@fraud("quantity.received")
def more_received_than_was_shipped() -> Case:
    """The importer takes in 200 kilograms more than were packed."""
    return received(lambda kilograms: kilograms + 200)


@fraud("quantity.received")
def third_of_the_goods_diverted() -> Case:
    """A third of the goods does not arrive, and nobody says where it is."""
    return received(lambda kilograms: kilograms * 2 // 3)


def received(counted: Any) -> Case:
    """The whole way, with what the importer counts at its end."""
    journey = in_rotterdam(in_bulk=True)
    journey.clears(Side.IMPORT)
    journey.life.wait(hours=1)
    journey.hands_over(journey.cast.importer, Role.IMPORTER)
    journey.life.wait(minutes=30)
    journey.is_removed()
    goods = journey.shipment
    content = [{"epcClass": goods.lot, "quantity": counted(goods.kilograms), "uom": "KGM"}]
    told = journey.life.event("ObjectEvent", "receiving", north_km=journey.km, action="OBSERVE", quantityList=content)
    journey.life.say(Milestone.DELIVERED, journey.cast.importer, Role.IMPORTER, told)
    return journey.life.case()


def tie(journey: Journey, container: str, tracker: str, action: str) -> dict[str, Any]:
    """A tracker is tied to a container, or no longer."""
    step = "installing" if action == "ADD" else "removing"
    return journey.life.event(
        "AssociationEvent", step, north_km=journey.km, action=action, parentID=container, childEPCs=[tracker]
    )


def seen_inside(journey: Journey, parent: str, **content: Any) -> dict[str, Any]:
    """What somebody who looks into a container, or at a pallet, sees."""
    return journey.life.event(
        "AggregationEvent", "inspecting", north_km=journey.km, action="OBSERVE", parentID=parent, **content
    )
