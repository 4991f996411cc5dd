"""Moments: the events' own times, beside each other, the chain's and the place's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import CARRIER, EXPORTER, SEAL, Story, at_sea, moment_stamp, registered, ucr_word
from tests.ledger.verify.examples.example import FAILED, WARNING, example, not_checked, passing
from tests.ledger.verify.examples.told import ToldStory, event_of

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

PALLET = "urn:epc:id:sscc:4012345.0000000501"
ITEM = "urn:epc:id:sgtin:4012345.011111.1001"
HOUR = 3_600
DAY = 24 * HOUR


def begun() -> ToldStory:
    story = ToldStory()
    registered(story)
    return story


def observed(story: ToldStory, happened: int, *, stated: int | None = None, **members: Any) -> Entry:
    """An observation of what happened at a time, stated as of that time or of another."""
    commitment = story.know(event_of(happened, **members))
    time = happened if stated is None else stated
    return story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=commitment, event_time=time)


def packing(action: str) -> dict[str, Any]:
    step = "packing" if action == "ADD" else "unpacking"
    members = {"type": "AggregationEvent", "parentID": PALLET, "childEPCs": [ITEM]}
    return {**members, "action": action, "bizStep": step}


def commissioning() -> dict[str, Any]:
    return {"action": "ADD", "bizStep": "commissioning", "epcList": [ITEM]}


# order


@passing("moment.order")
def documents_in_the_order_of_their_statements() -> Case:
    return at_sea().case()


@example("moment.order", FAILED, "which came first")
def seals_document_of_a_day_after_the_handovers() -> Case:
    story = begun()
    seal = story.know(event_of(story.now + 3_000, bizStep="staging_outbound", epcList=[PALLET]))
    story.keep(SEAL)
    story.say(Milestone.SEALED, EXPORTER, Role.EXPORTER, commitment=seal, detail=SEAL.blinded)
    story.say(Milestone.HANDOVER_OFFERED, EXPORTER, Role.EXPORTER, counterparty=CARRIER.address)
    early = story.know(event_of(story.now - 2 * HOUR, bizStep="accepting", epcList=[PALLET]))
    story.say(Milestone.HANDOVER_ACCEPTED, CARRIER, Role.CARRIER, commitment=early, detail=SEAL.blinded)
    return story.case()


@not_checked("moment.order", "there was nothing to look at")
def order_of_goods_without_a_document() -> Case:
    return begun().case()


# packing


@passing("moment.packing")
def pallet_packed_and_unpacked_later() -> Case:
    story = begun()
    observed(story, story.now, **packing("ADD"))
    observed(story, story.now, **packing("DELETE"))
    return story.case()


@example("moment.packing", FAILED, "packed into it only on")
def pallet_unpacked_five_hours_before_it_was_packed() -> Case:
    story = begun()
    early = story.now - 5 * HOUR
    observed(story, story.now, **packing("ADD"))
    observed(story, early, **packing("DELETE"))
    return story.case()


@not_checked("moment.packing", "there was nothing to look at")
def goods_that_nobody_packed() -> Case:
    return begun().case()


# life


@passing("moment.life")
def item_made_and_seen_afterwards() -> Case:
    story = begun()
    observed(story, story.now, **commissioning())
    observed(story, story.now, bizStep="storing", epcList=[ITEM])
    return story.case()


@example("moment.life", FAILED, "is said to have been made only on")
def item_seen_before_it_was_made() -> Case:
    story = begun()
    early = story.now - 5 * HOUR
    observed(story, story.now, **commissioning())
    observed(story, early, bizStep="storing", epcList=[ITEM])
    return story.case()


@not_checked("moment.life", "there was nothing to look at")
def item_whose_making_nobody_tells() -> Case:
    return begun().case()


# future


@passing("moment.future")
def documents_of_what_had_happened() -> Case:
    return at_sea().case()


@example("moment.future", FAILED, "after the chain accepted it")
def observation_whose_document_is_of_tomorrow() -> Case:
    story = begun()
    observed(story, story.now + DAY, stated=story.now, bizStep="storing", epcList=[PALLET])
    return story.case()


@example("moment.future", WARNING, "whether anybody saw it")
def document_recorded_the_day_before_it_happened() -> Case:
    story = begun()
    recorded = moment_stamp(story.now - DAY)
    observed(story, story.now, bizStep="storing", epcList=[PALLET], recordTime=recorded)
    return story.case()


@not_checked("moment.future", "there was nothing to look at")
def consignment_without_any_document() -> Case:
    story = begun()
    return without_documents(story)


def without_documents(story: ToldStory) -> Case:
    """A story whose registration committed to no event."""
    quiet = Story()
    detail = ucr_word(quiet.reference)
    registration = story.statements[0].statement
    assert registration is not None
    quiet.say(
        Milestone.REGISTERED,
        EXPORTER,
        Role.EXPORTER,
        terms=registration.terms,
        detail=detail,
        counterparty=registration.counterparty,
    )
    return quiet.case()


# late


@passing("moment.late")
def event_told_two_days_after_it_happened() -> Case:
    story = begun()
    happened = story.now
    story.block += 48
    observed(story, happened, bizStep="storing", epcList=[PALLET])
    return story.case()


@example("moment.late", WARNING, "after it happened")
def event_recorded_nine_days_after_it_happened() -> Case:
    story = begun()
    happened = story.now
    story.block += 9 * 24
    observed(story, happened, bizStep="storing", epcList=[PALLET])
    return story.case()


@not_checked("moment.late", "there was nothing to look at")
def nothing_stated_of_the_world_itself() -> Case:
    return begun().case()


# offset


@passing("moment.offset")
def scan_in_korea_by_its_own_clock() -> Case:
    story = begun()
    told = {"border:place": "KRPUS", "eventTimeZoneOffset": "+09:00", "epcList": [PALLET]}
    observed(story, story.now, bizStep="storing", **told)
    return story.case()


@example("moment.offset", WARNING, "which nobody there keeps")
def scan_in_korea_by_the_clock_of_brazil() -> Case:
    story = begun()
    told = {"border:place": "KRPUS", "eventTimeZoneOffset": "-03:00", "epcList": [PALLET]}
    observed(story, story.now, bizStep="storing", **told)
    return story.case()


@not_checked("moment.offset", "is not known here")
def scan_where_no_clock_is_known() -> Case:
    story = begun()
    told = {"border:place": "ZZABC", "eventTimeZoneOffset": "+05:00", "epcList": [PALLET]}
    observed(story, story.now, bizStep="storing", **told)
    return story.case()
