"""Moments: the events' own times, beside each other, the chain's and the place's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import CARRIER, EXPORTER, at_sea, moment_stamp, registered, sealed
from tests.ledger.verify.examples.example import FAILED, UNDETERMINED, WARNING, example, not_checked, passing
from tests.ledger.verify.examples.told import ToldStory, event_of, without_document

if TYPE_CHECKING:
    from ledger.verify.case import Case

PALLET = "urn:epc:id:sscc:4012345.0000000501"
ITEM = "urn:epc:id:sgtin:4012345.011111.1001"
DAY = 86_400


def begun() -> ToldStory:
    story = ToldStory()
    registered(story)
    return story


# order


@passing("moment.order")
def documents_in_the_order_of_their_statements() -> Case:
    return at_sea().case()


@example("moment.order", FAILED, "which came first")
def departures_document_older_than_the_handovers() -> Case:
    story = ToldStory()
    at_sea(story)
    story.statements.pop()
    story.head, story.block = story.statements[-1].acceptance.head, story.block - 1
    departed = event_of(story.now - 3 * DAY, bizStep="departing", epcList=[PALLET])
    story.say(
        Milestone.DEPARTED,
        CARRIER,
        Role.CARRIER,
        commitment=story.know(departed),
        terms=b"KRSG".ljust(32, b"\0"),
        detail=story.statements[-1].statement.detail,
    )
    return excused(story)


def excused(story: ToldStory) -> Case:
    """The statement's own time is the document's here, so that only the order is wrong."""
    return story.case()


@example("moment.order", UNDETERMINED, "is not at hand", "document.present")
def order_of_a_document_that_was_not_handed_over() -> Case:
    story = sealed()
    return without_document(story.case(), story.statements[-1])
