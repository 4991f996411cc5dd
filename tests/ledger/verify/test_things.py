import pytest

from ledger.verify.things import capitalised, containers_of, is_of_class, is_place, listed, named, thing, things_of
from tests.ledger.verify.builder import START
from tests.ledger.verify.events import event_at

ITEM = "urn:epc:id:sgtin:8801234.012345.1001"
PALLET = "urn:epc:id:sscc:8801234.0000000101"
BOX = "urn:epc:id:bic:CSQU3054383"


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (BOX, "container CSQU3054383"),
        ("urn:epc:id:imovn:9176187", "vessel IMO 9176187"),
        (PALLET, "SSCC 088012340000001014"),
        (ITEM, "item 08801234123457 serial 1001"),
        ("https://id.gs1.org/01/08801234123457/21/A%2FB", "item 08801234123457 serial A/B"),
        ("urn:epc:class:lgtin:8801234.012345.L1", "goods 08801234123457 lot L1"),
        ("urn:epc:idpat:sgtin:8801234.012345.*", "goods 08801234123457"),
        ("urn:epc:id:giai:8881234.77120", "asset 888123477120"),
        ("urn:example:crate:7", "urn:example:crate:7"),
    ],
)
def test_a_thing_is_called_as_its_label_reads(uri, name):
    assert named(thing(uri)) == name
    assert named(uri) in {name, uri}


def test_an_urn_and_a_digital_link_are_one_thing():
    assert thing(ITEM) == thing("https://shop.example/01/08801234123457/21/1001")


def test_what_an_event_names_as_present_is_its_objects_and_their_parent():
    packed = event_at(START, type="AggregationEvent", action="ADD", parentID=BOX, childEPCs=[PALLET])
    assert things_of(packed) == (thing(PALLET), BOX)
    assert containers_of(packed) == {BOX}


def test_papers_and_places_are_no_things():
    paper = [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:8712345000011:PO-1"}]
    ordered = event_at(
        START, type="TransactionEvent", action="ADD", parentID=PALLET, epcList=[ITEM], bizTransactionList=paper
    )
    place = "urn:epc:id:sgln:4012345.00002.12"
    installed = event_at(START, type="AssociationEvent", action="ADD", parentID=place, childEPCs=[ITEM])
    assert things_of(ordered) == things_of(installed) == (thing(ITEM),)
    assert is_place(place)
    assert is_place("geo:1,2")


def test_an_item_is_of_the_class_of_its_trade_item_and_of_no_other():
    classes = ["urn:epc:class:lgtin:8801234.012345.L1"]
    assert is_of_class(thing(ITEM), classes)
    assert not is_of_class(thing("urn:epc:id:sgtin:8801234.012346.1001"), classes)
    assert not is_of_class(thing(PALLET), classes)


def test_of_many_things_the_first_few_are_named():
    items = [thing(f"urn:epc:id:sscc:8801234.00000001{n:02}") for n in range(9)]
    assert listed(items[:2]) == "SSCC 088012340000001007 and SSCC 088012340000001014"
    assert listed(items).endswith(" and 5 others")
    assert capitalised("container A") == "Container A"
