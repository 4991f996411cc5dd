"""Containers and pallets: what is inside what at any moment, by aggregation and association."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.identity.terms import country_terms, leg_terms, unseal_terms
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
    registered,
    with_entry,
)
from tests.ledger.verify.events import event_at, without_document
from tests.ledger.verify.examples.example import FAILED, UNDETERMINED, WARNING, example, not_checked, passing

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

BOX, OTHER_BOX = "urn:epc:id:bic:CSQU3054383", "urn:epc:id:bic:MSKU0000011"
PALLET, OTHER_PALLET, THIRD_PALLET = (f"urn:epc:id:sscc:8801234.000000010{n}" for n in (1, 2, 3))
ITEMS = tuple(f"urn:epc:id:sgtin:8801234.012345.100{n}" for n in range(4))
LINK = "https://id.gs1.org/01/08801234123457/21/1000"
LOT, ITEM_CLASS = "urn:epc:class:lgtin:8801234.012345.L1", "urn:epc:idpat:sgtin:8801234.012345.*"
TRACKER = "urn:epc:id:giai:8881234.77120"
FACTORY = {"readPoint": {"id": "urn:epc:id:sgln:8801234.00001.0"}}
BUSAN = {"readPoint": {"id": "urn:epc:id:sgln:8801234.00002.0"}, "border:place": "KRPUS"}
SINGAPORE = {"readPoint": {"id": "urn:epc:id:sgln:8881234.00001.0"}, "border:place": "SGSIN"}
WAREHOUSE = {"readPoint": {"id": "urn:epc:id:sgln:8801234.00009.0"}}
VOYAGE_HOURS = 200
UNREAD = "its transaction is not on this node."


def say(
    story: Story, milestone: Milestone, by: Member, role: Role, event: dict[str, Any], after: int = 0, **statement: Any
) -> Entry:
    """State something with an event of one's own, so many seconds after the moment at which others state things."""
    time = story.now + 3_000 + after
    return story.say(milestone, by, role, commitment=story.know(event_at(time, **event)), event_time=time, **statement)


def observe(
    story: Story, event: dict[str, Any], by: Member = EXPORTER, role: Role = Role.EXPORTER, after: int = 0
) -> Entry:
    return say(story, Milestone.OBSERVED, by, role, event, after)


def inside(action: str, parent: str, *children: str, place: dict[str, Any] = FACTORY, **more: Any) -> dict[str, Any]:
    """An aggregation: things put into a parent, seen in it, or taken out; without children, all of them."""
    content = {"childEPCs": list(children)} if children else {}
    return {"type": "AggregationEvent", "action": action, "parentID": parent, **content, **place, **more}


def seen(*things: str, place: dict[str, Any] = FACTORY, **more: Any) -> dict[str, Any]:
    return {"action": "OBSERVE", "epcList": list(things), **place, **more}


def packed(story: Story | None = None) -> Story:
    """Four items on two pallets, and these in a container; all of it by the exporter."""
    story = story or registered()
    observe(story, inside("ADD", PALLET, *ITEMS[:2]))
    observe(story, inside("ADD", OTHER_PALLET, *ITEMS[2:]))
    observe(story, inside("ADD", BOX, PALLET, OTHER_PALLET, place=BUSAN))
    return story


def shipped(story: Story) -> Story:
    """A voyage later."""
    story.block += VOYAGE_HOURS
    return story


# opened unseen


@passing("container.opened_unseen")
def container_seen_as_it_was_packed() -> Case:
    story = shipped(packed())
    observe(story, inside("OBSERVE", BOX, PALLET, OTHER_PALLET, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@passing("container.opened_unseen")
def only_one_of_two_pallets_seen() -> Case:
    story = shipped(packed())
    observe(story, inside("OBSERVE", BOX, OTHER_PALLET, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@passing("container.opened_unseen")
def items_seen_in_the_container_of_their_pallet() -> Case:
    story = shipped(packed())
    verified = {"disposition": "completeness_verified"}
    observe(story, inside("OBSERVE", BOX, OTHER_PALLET, *ITEMS, place=SINGAPORE, **verified), SG, Role.AUTHORITY)
    return story.case()


@passing("container.opened_unseen")
def item_of_a_class_that_was_packed_as_such() -> Case:
    story = registered()
    quantity = {"childQuantityList": [{"epcClass": ITEM_CLASS, "quantity": 4}]}
    observe(story, inside("ADD", PALLET, **quantity))
    observe(story, inside("OBSERVE", PALLET, ITEMS[0]))
    return story.case()


@example(
    "container.opened_unseen",
    FAILED,
    "Container CSQU3054383 was opened and packed again, unseen, between KRPUS (2026-03-02 11:50:00 UTC) and SGSIN "
    "(2026-03-10 20:50:00 UTC): SSCC 088012340000001038 was not packed there; SSCC 088012340000001021, which was "
    "packed there, was not seen.",
)
def pallet_exchanged_at_sea() -> Case:
    story = shipped(packed())
    observe(story, inside("OBSERVE", BOX, PALLET, THIRD_PALLET, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@example("container.opened_unseen", FAILED, "which was packed there, was not seen")
def pallet_missing_where_all_was_verified() -> Case:
    story = shipped(packed())
    verified = {"disposition": "completeness_verified"}
    observe(story, inside("OBSERVE", BOX, PALLET, place=SINGAPORE, **verified), SG, Role.AUTHORITY)
    return story.case()


@example("container.opened_unseen", FAILED, "item 08801234123457 serial 1000 was not packed there")
def item_that_was_packed_on_one_pallet_seen_on_another() -> Case:
    story = shipped(packed())
    observe(story, inside("OBSERVE", OTHER_PALLET, LINK, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@example("container.opened_unseen", UNDETERMINED, "whose document is not at hand, explains it", "document.present")
def pallet_exchanged_while_a_document_is_missing() -> Case:
    story = packed()
    unloaded = observe(story, inside("DELETE", BOX, OTHER_PALLET, place=BUSAN))
    observe(shipped(story), inside("OBSERVE", BOX, PALLET, THIRD_PALLET, place=SINGAPORE), SG, Role.AUTHORITY)
    return without_document(story.case(), unloaded)


@not_checked("container.opened_unseen", "no event tells its packing")
def contents_of_a_container_that_nobody_told_the_packing_of() -> Case:
    story = registered()
    observe(story, inside("OBSERVE", BOX, PALLET))
    return story.case()


# two parents


@passing("container.two_parents")
def pallet_loaded_over_from_one_container_into_another() -> Case:
    story = packed()
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("ADD", OTHER_BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("DELETE", OTHER_BOX, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("ADD", BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    return story.case()


@passing("container.two_parents")
def loading_over_told_at_one_moment_in_the_wrong_order() -> Case:
    story = packed()
    observe(story, inside("ADD", OTHER_BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER, after=-3_600)
    return story.case()


@passing("container.two_parents")
def packing_told_by_two_members_and_items_named_beside_their_pallet() -> Case:
    story = packed()
    observe(story, inside("ADD", BOX, PALLET, OTHER_PALLET, *ITEMS, place=BUSAN), CARRIER, Role.CARRIER, after=-3_600)
    return story.case()


@passing("container.two_parents")
def items_packed_anew_after_their_pallet_was_decommissioned() -> Case:
    story = packed()
    observe(story, inside("DELETE", BOX))
    observe(story, {"action": "DELETE", "bizStep": "decommissioning", "epcList": [PALLET], **FACTORY})
    observe(story, inside("ADD", THIRD_PALLET, *ITEMS[:2]))
    return story.case()


@passing("container.two_parents")
def tracker_moved_to_another_container() -> Case:
    story = packed()
    tie = {"type": "AssociationEvent", "childEPCs": [TRACKER], **FACTORY}
    observe(story, {**tie, "action": "ADD", "parentID": BOX})
    observe(story, inside("ADD", PALLET, TRACKER))
    observe(story, {"type": "AssociationEvent", "action": "DELETE", "parentID": BOX, **FACTORY})
    observe(story, {**tie, "action": "ADD", "parentID": OTHER_BOX})
    observe(story, {**tie, "action": "ADD", "parentID": "urn:epc:id:sgln:8801234.00001.7"})
    return story.case()


@example(
    "container.two_parents",
    FAILED,
    "SSCC 088012340000001014 was put into container MSKU0000011 by Straits Line at KRPUS (2026-03-02 12:50:00 UTC), "
    "while it was still in container CSQU3054383, by Hanbit Machinery at KRPUS (2026-03-02 11:50:00 UTC)",
)
def pallet_in_two_containers() -> Case:
    story = packed()
    observe(story, inside("ADD", OTHER_BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    return story.case()


@example("container.two_parents", FAILED, "which is itself inside")
def container_packed_onto_its_own_pallet() -> Case:
    story = packed()
    observe(story, inside("ADD", PALLET, BOX))
    return story.case()


@example("container.two_parents", WARNING, "Asset 888123477120 was put into container MSKU0000011")
def tracker_on_two_containers() -> Case:
    story = registered()
    tie = {"type": "AssociationEvent", "action": "ADD", "childEPCs": [TRACKER], **FACTORY}
    observe(story, {**tie, "parentID": BOX})
    observe(story, {**tie, "parentID": OTHER_BOX})
    return story.case()


@example("container.two_parents", UNDETERMINED, "explains it: ask Straits Line", "document.present")
def pallet_in_two_containers_while_a_document_is_missing() -> Case:
    story = packed()
    unloaded = observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("ADD", OTHER_BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    return without_document(story.case(), unloaded)


# two places


@passing("container.two_places")
def container_read_by_two_members_at_one_gate() -> Case:
    story = packed()
    observe(story, seen(BOX, place=BUSAN))
    observe(story, seen(PALLET, place=BUSAN), CARRIER, Role.CARRIER, after=-3_600)
    return story.case()


@passing("container.two_places")
def pallet_carried_next_door_in_two_minutes() -> Case:
    story = packed()
    observe(story, inside("DELETE", BOX, PALLET))
    observe(story, seen(PALLET, place=WAREHOUSE), after=-3_600 + 120)
    return story.case()


@passing("container.two_places")
def pallet_read_elsewhere_after_it_was_taken_out() -> Case:
    story = packed()
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN))
    observe(story, seen(BOX, place=BUSAN))
    observe(story, seen(PALLET, place=WAREHOUSE), after=-3_600)
    return story.case()


@example(
    "container.two_places",
    FAILED,
    "SSCC 088012340000001014 was read at GLN 8801234000093 (2026-03-02 12:50:20 UTC) by Hanbit Machinery, and "
    "container CSQU3054383, which it was with, at GLN 8801234000017 (2026-03-02 12:50:00 UTC) by Hanbit Machinery",
)
def pallet_read_in_the_warehouse_while_its_container_is_read_at_the_factory() -> Case:
    story = packed()
    observe(story, seen(BOX))
    observe(story, seen(PALLET, place=WAREHOUSE), after=-3_600 + 20)
    return story.case()


@example("container.two_places", FAILED, "was read at SGSIN")
def item_read_in_two_countries_at_once() -> Case:
    story = registered()
    observe(story, seen(ITEMS[0], place=BUSAN))
    observe(story, seen(ITEMS[0], place=SINGAPORE), SG, Role.AUTHORITY, after=-3_600)
    return story.case()


@example("container.two_places", FAILED, "was read at geo:1.2640,103.8400")
def tracker_far_from_the_container_it_is_tied_to() -> Case:
    story = registered()
    observe(story, {"type": "AssociationEvent", "action": "ADD", "parentID": BOX, "childEPCs": [TRACKER], **FACTORY})
    observe(story, seen(BOX, place={"readPoint": {"id": "geo:35.0780,128.8310"}}))
    observe(story, seen(TRACKER, place={"readPoint": {"id": "geo:1.2640,103.8400"}}))
    return story.case()


@not_checked("container.two_places", "where two members read at once, are one place")
def gates_of_two_members_which_may_be_one_place() -> Case:
    story = registered()
    observe(story, seen(BOX, place={"readPoint": {"id": "urn:epc:id:sgln:8801234.00002.0"}}))
    other = {"readPoint": {"id": "urn:epc:id:sgln:8881234.00001.0"}}
    observe(story, seen(BOX, place=other), CARRIER, Role.CARRIER, after=-3_600)
    return story.case()


# taken out


@passing("container.taken_out")
def pallet_and_then_the_rest_taken_out_by_two_members_that_both_say_so() -> Case:
    story = packed()
    for member, role in ((CARRIER, Role.CARRIER), (IMPORTER, Role.IMPORTER)):
        observe(story, inside("DELETE", BOX, PALLET), member, role)
    observe(story, inside("DELETE", PALLET, ITEMS[0]))
    observe(story, inside("DELETE", BOX, OTHER_PALLET, ITEMS[2]))
    observe(story, inside("DELETE", PALLET))
    return story.case()


@passing("container.taken_out")
def item_taken_out_of_the_container_in_which_its_pallet_is() -> Case:
    story = packed()
    observe(story, inside("DELETE", BOX, ITEMS[0]))
    observe(story, inside("ADD", THIRD_PALLET, ITEMS[0]))
    return story.case()


@example("container.taken_out", FAILED, "SSCC 088012340000001038 was taken out of container CSQU3054383 by Singapore")
def pallet_taken_out_that_nobody_put_in() -> Case:
    story = shipped(packed())
    observe(story, inside("DELETE", BOX, THIRD_PALLET, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@example("container.taken_out", UNDETERMINED, "whose document is not at hand", "document.present")
def pallet_taken_out_while_a_document_is_missing() -> Case:
    story = packed()
    added = observe(story, inside("ADD", BOX, THIRD_PALLET, place=BUSAN))
    observe(story, inside("DELETE", BOX, THIRD_PALLET, place=BUSAN))
    return without_document(story.case(), added)


@not_checked("container.taken_out", "no event tells its packing")
def pallet_taken_out_of_a_container_that_nobody_told_the_packing_of() -> Case:
    story = registered()
    observe(story, inside("DELETE", BOX, PALLET))
    return story.case()


# under seal


def sealed_box(story: Story | None = None) -> Story:
    """Packed, and the container sealed by a statement whose document names it."""
    story = packed(story)
    story.keep(SEAL)
    say(story, Milestone.SEALED, EXPORTER, Role.EXPORTER, seen(BOX, place=BUSAN), detail=SEAL.blinded)
    return story


def opened(story: Story, by: Member, role: Role) -> Story:
    story.say(Milestone.UNSEALED, by, role, terms=unseal_terms(UnsealReason.OPENED), detail=SEAL.blinded)
    return story


@passing("container.under_seal")
def container_sealed_after_packing_and_opened_before_unpacking() -> Case:
    story = opened(sealed_box(), KR, Role.AUTHORITY)
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), KR, Role.AUTHORITY)
    return story.case()


@passing("container.under_seal")
def opening_stated_an_hour_after_it_by_who_unpacked() -> Case:
    story = sealed_box()
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), KR, Role.AUTHORITY)
    return opened(story, KR, Role.AUTHORITY).case()


@passing("container.under_seal")
def sealed_container_loaded_onto_a_vessel() -> Case:
    story = sealed_box()
    observe(story, inside("ADD", "urn:epc:id:imovn:9176187", BOX, place=BUSAN), CARRIER, Role.CARRIER)
    observe(story, inside("DELETE", OTHER_BOX, THIRD_PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    return story.case()


@example("container.under_seal", FAILED, "while seal KR-7730011 was on, which Hanbit Machinery put on at")
def pallet_taken_out_under_seal() -> Case:
    story = shipped(sealed_box())
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    return story.case()


@example("container.under_seal", FAILED, "was on until")
def item_put_onto_a_pallet_in_the_sealed_container() -> Case:
    story = sealed_box()
    observe(story, inside("ADD", PALLET, "urn:epc:id:sgtin:8801234.012345.1009", place=BUSAN), CARRIER, Role.CARRIER)
    story.block += 5
    return opened(story, KR, Role.AUTHORITY).case()


@example("container.under_seal", UNDETERMINED, "while seal KR-7730011 was on", "history.read", "seal.unbroken",
         "transition.allowed", "seal.replaced")  # fmt: skip
def unpacking_where_the_opening_cannot_be_read() -> Case:
    story = opened(sealed_box(), KR, Role.AUTHORITY)
    observe(story, inside("DELETE", BOX, PALLET, place=BUSAN), KR, Role.AUTHORITY)
    return with_entry(story.case(), 3, statement=None, unread=UNREAD)


@not_checked("container.under_seal", "no document names the sealed container")
def unpacking_where_nothing_tells_what_was_sealed() -> Case:
    story = registered()
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, detail=SEAL.blinded)
    observe(story, inside("DELETE", BOX, PALLET))
    return story.case()


# gone


@passing("container.gone")
def goods_commissioned_by_two_systems_at_once_and_used_up_at_the_end() -> Case:
    story = registered()
    new = {"action": "ADD", "bizStep": "commissioning", "epcList": list(ITEMS), **FACTORY}
    observe(story, {**new, "bizStep": "encoding"})
    observe(story, new)
    observe(story, new, after=-3_600 + 60)
    observe(story, {"action": "DELETE", "bizStep": "killing", "epcList": [ITEMS[3]], **FACTORY})
    observe(story, seen(*ITEMS))
    made = {"inputEPCList": list(ITEMS[:2]), "outputEPCList": [PALLET]}
    observe(story, {"type": "TransformationEvent", **made, **FACTORY})
    observe(story, seen(PALLET, *ITEMS[2:]))
    return story.case()


@example(
    "container.gone",
    FAILED,
    "serial 1000 was destroyed or decommissioned by Hanbit Machinery at GLN 8801234000017",
)
def destroyed_item_on_its_way_again() -> Case:
    story = registered()
    observe(story, {"action": "DELETE", "bizStep": "destroying", "epcList": [ITEMS[0]], **FACTORY})
    observe(shipped(story), seen(LINK, place=SINGAPORE), SG, Role.AUTHORITY)
    return story.case()


@example("container.gone", FAILED, "was used up by Hanbit Machinery")
def item_that_was_made_into_another_seen_again() -> Case:
    story = registered()
    made = {"inputEPCList": [ITEMS[0]], "outputEPCList": [ITEMS[1]]}
    observe(story, {"type": "TransformationEvent", **made, **FACTORY})
    observe(story, seen(ITEMS[0]))
    return story.case()


@example("container.gone", UNDETERMINED, "whose document is not at hand, explains it", "document.present")
def item_that_was_used_up_seen_again_while_a_document_is_missing() -> Case:
    story = registered()
    made = {"inputEPCList": [ITEMS[0]], "outputEPCList": [ITEMS[1]]}
    observe(story, {"type": "TransformationEvent", **made, **FACTORY})
    withdrawn = observe(story, seen(ITEMS[1]))
    observe(story, seen(ITEMS[0]))
    return without_document(story.case(), withdrawn)


@example("container.gone", FAILED, "was commissioned by Hanbit Machinery")
def item_commissioned_twice() -> Case:
    story = registered()
    for _ in range(2):
        observe(story, {"action": "ADD", "bizStep": "commissioning", "epcList": [ITEMS[0]], **FACTORY})
    return story.case()


# carrier


def departed(story: Story, box: str, **statement: Any) -> Story:
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    story.say(Milestone.HANDOVER_ACCEPTED, CARRIER, Role.CARRIER, detail=SEAL.blinded)
    terms = leg_terms("KR", "SG")
    say(story, Milestone.DEPARTED, CARRIER, Role.CARRIER, seen(box, place=BUSAN), terms=terms, detail=SEAL.blinded)
    return story


def arrived(story: Story, box: str) -> Entry:
    terms = country_terms("SG")
    event = seen(box, place=SINGAPORE)
    return say(story, Milestone.ARRIVED, CARRIER, Role.CARRIER, event, terms=terms, detail=SEAL.blinded)


@passing("container.carrier")
def container_that_arrives_is_the_one_that_was_packed() -> Case:
    story = shipped(departed(packed(cleared_for_export()), BOX))
    arrived(story, BOX)
    return story.case()


@passing("container.carrier")
def two_containers_of_which_one_travels_first() -> Case:
    story = cleared_for_export()
    observe(story, inside("ADD", BOX, PALLET, place=BUSAN))
    observe(story, inside("ADD", OTHER_BOX, OTHER_PALLET, place=BUSAN))
    return departed(story, OTHER_BOX).case()


@passing("container.carrier")
def goods_loaded_over_into_another_container() -> Case:
    story = packed(cleared_for_export())
    observe(story, inside("DELETE", BOX, place=BUSAN))
    observe(story, inside("ADD", OTHER_BOX, PALLET, OTHER_PALLET, place=BUSAN))
    return departed(story, OTHER_BOX).case()


@example(
    "container.carrier",
    FAILED,
    "Straits Line names container MSKU0000011 at SGSIN (2026-03-11 04:50:00 UTC), but the goods were packed into "
    "container CSQU3054383 at KRPUS",
)
def container_exchanged_at_sea() -> Case:
    story = shipped(departed(packed(cleared_for_export()), BOX))
    arrived(story, OTHER_BOX)
    return story.case()


@example("container.carrier", UNDETERMINED, "whose document is not at hand", "document.present")
def container_exchanged_while_a_document_is_missing() -> Case:
    story = packed(cleared_for_export())
    loaded = observe(story, inside("ADD", OTHER_BOX, PALLET, OTHER_PALLET, place=BUSAN))
    return without_document(departed(story, OTHER_BOX).case(), loaded)


@not_checked("container.carrier", "no event tells which container they are in")
def container_of_goods_that_nobody_told_the_packing_of() -> Case:
    return departed(cleared_for_export(), BOX).case()
