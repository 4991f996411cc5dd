"""What is honest practice in packing and moving goods, and where a check that finds fault with it would be wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.identity.milestones import Milestone
from ledger.verify.checks.containers import RULES, gone, two_places, under_seal
from ledger.verify.findings import Outcome
from tests.ledger.verify.builder import CARRIER, EXPORTER, IMPORTER, Role, Story, delivered, registered
from tests.ledger.verify.examples.containers import (
    BOX,
    BUSAN,
    FACTORY,
    ITEMS,
    LOT,
    OTHER_BOX,
    OTHER_PALLET,
    PALLET,
    THIRD_PALLET,
    WAREHOUSE,
    inside,
    observe,
    packed,
    sealed_box,
    seen,
    shipped,
)


def told(story: Story) -> dict[str, str]:
    """What the rules of containers find, but for passes."""
    case = story.case()
    found = [finding for rule in RULES for finding in rule.findings(case)[0]]
    return {finding.rule: finding.reason for finding in found if finding.outcome is not Outcome.PASSED}


def unpacked_without_a_word() -> Story:
    """The importer reads pallets in its warehouse, and nobody told of opening the container."""
    story = shipped(packed())
    observe(story, seen(PALLET, OTHER_PALLET, place=WAREHOUSE), IMPORTER, Role.IMPORTER)
    return story


def everybody_tells_the_same() -> Story:
    story = packed()
    for member, role in ((EXPORTER, Role.EXPORTER), (CARRIER, Role.CARRIER)):
        observe(story, inside("ADD", BOX, PALLET, OTHER_PALLET, place=BUSAN), member, role, after=-3_600)
        observe(story, inside("DELETE", BOX, place=BUSAN), member, role)
    return story


def cross_docked() -> Story:
    """Items of one pallet onto two others, and these into another container."""
    story = packed()
    observe(story, inside("DELETE", BOX))
    observe(story, inside("DELETE", PALLET))
    observe(story, inside("ADD", THIRD_PALLET, ITEMS[0]))
    observe(story, inside("ADD", OTHER_PALLET, ITEMS[1]))
    observe(story, inside("ADD", OTHER_BOX, OTHER_PALLET, THIRD_PALLET))
    observe(story, inside("OBSERVE", OTHER_BOX, *ITEMS))
    return story


def lots_without_numbers() -> Story:
    story = registered()
    lots = {"childQuantityList": [{"epcClass": LOT, "quantity": 400, "uom": "KGM"}]}
    observe(story, inside("ADD", PALLET, **lots))
    observe(story, inside("ADD", BOX, PALLET))
    observe(story, inside("DELETE", PALLET, **lots))
    observe(story, inside("DELETE", PALLET, ITEMS[0]))
    return story


def observed_without_a_parent() -> Story:
    story = packed()
    event = {"type": "AggregationEvent", "action": "OBSERVE", "childEPCs": [PALLET], **BUSAN}
    observe(story, event)
    return story


def loaded_without_a_word() -> Story:
    """Nobody told that the pallet was loaded into the container, in which its items are then seen."""
    story = registered()
    observe(story, inside("ADD", PALLET, *ITEMS[:2]))
    observe(story, inside("OBSERVE", BOX, *ITEMS[:2]))
    observe(story, inside("DELETE", BOX, PALLET))
    observe(story, inside("DELETE", PALLET))
    return story


def another_container_beside_it() -> Story:
    story = packed()
    observe(story, seen(OTHER_BOX))
    observe(story, seen(OTHER_BOX, bizStep="departing"), CARRIER, Role.CARRIER)
    observe(story, seen(BOX, OTHER_BOX, bizStep="arriving"), CARRIER, Role.CARRIER)
    return story


def remains_taken_out_after_the_goods_were_destroyed() -> Story:
    story = packed()
    observe(story, {"action": "DELETE", "bizStep": "destroying", "epcList": [ITEMS[0]], **FACTORY})
    observe(story, inside("DELETE", PALLET, ITEMS[0]))
    return story


def unpacked_by_the_importer_after_removal_with_the_seal_on() -> Story:
    story = delivered()
    observe(story, inside("DELETE", "urn:epc:id:sscc:4012345.0000000333", ITEMS[0]), IMPORTER, Role.IMPORTER)
    return story


def stored_by_the_importer_after_removal() -> Story:
    """The importer puts pallets on racks and sends the container back, and tells no unpacking."""
    story = packed()
    story.say(Milestone.REMOVED, IMPORTER, Role.IMPORTER)
    observe(story, inside("ADD", "urn:epc:id:grai:8712345.00001.7", PALLET), IMPORTER, Role.IMPORTER)
    observe(story, seen(PALLET), IMPORTER, Role.IMPORTER)
    observe(story, seen(BOX, place=WAREHOUSE), IMPORTER, Role.IMPORTER, after=-3_600)
    observe(story, inside("OBSERVE", OTHER_BOX, OTHER_PALLET), IMPORTER, Role.IMPORTER)
    observe(story, seen(OTHER_BOX, bizStep="departing"), IMPORTER, Role.IMPORTER)
    return story


@pytest.mark.parametrize(
    "story",
    [
        unpacked_without_a_word,
        everybody_tells_the_same,
        cross_docked,
        lots_without_numbers,
        observed_without_a_parent,
        loaded_without_a_word,
        another_container_beside_it,
        remains_taken_out_after_the_goods_were_destroyed,
        unpacked_by_the_importer_after_removal_with_the_seal_on,
        stored_by_the_importer_after_removal,
    ],
    ids=lambda story: story.__name__.replace("_", " "),
)
def test_honest_practice_gives_no_finding(story):
    assert told(story()) == {}


def test_an_exchange_is_told_once_and_not_by_every_event_after_it():
    story = shipped(packed())
    for _ in range(3):
        observe(story, inside("OBSERVE", BOX, PALLET, THIRD_PALLET))
    findings, _ = RULES[0].findings(story.case())
    assert [finding.outcome for finding in findings] == [Outcome.FAILED]


def test_a_thing_seen_again_and_again_after_its_end_is_told_once():
    story = registered()
    observe(story, {"action": "DELETE", "bizStep": "destroying", "epcList": [ITEMS[0]], **FACTORY})
    for _ in range(3):
        observe(story, seen(ITEMS[0]))
    assert len(gone.findings(story.case())[0]) == 1


def test_a_container_read_apart_from_what_it_holds_is_told_whichever_is_read_first():
    for first, second in ((BOX, PALLET), (PALLET, BOX), (ITEMS[0], ITEMS[2])):
        story = packed()
        observe(story, seen(first))
        observe(story, seen(second, place=WAREHOUSE), after=-3_600)
        (finding,) = two_places.findings(story.case())[0]
        assert finding.outcome is Outcome.FAILED
        assert "which it was with" in finding.reason


def test_a_seal_that_nobody_took_off_is_told_to_be_still_on():
    story = sealed_box()
    observe(story, inside("ADD", BOX, THIRD_PALLET, place=BUSAN), CARRIER, Role.CARRIER)
    (finding,) = under_seal.findings(story.case())[0]
    assert "which has not been taken off since" in finding.reason
    assert "was put into container CSQU3054383" in finding.reason


acts_told = st.lists(
    st.tuples(
        st.sampled_from(("ADD", "OBSERVE", "DELETE")),
        st.sampled_from((BOX, OTHER_BOX, PALLET, OTHER_PALLET)),
        st.lists(st.sampled_from((BOX, PALLET, OTHER_PALLET, *ITEMS)), max_size=3, unique=True),
        st.sampled_from((FACTORY, BUSAN, WAREHOUSE)),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(acts_told)
def test_whatever_is_told_the_rules_answer_and_what_is_told_again_at_once_changes_no_answer(acts):
    once, twice = sealed_box(), sealed_box()
    for action, parent, children, place, is_seen in acts:
        named = children or [ITEMS[0]]
        event = seen(*named, place=place) if is_seen else inside(action, parent, *named, place=place)
        observe(once, event, CARRIER, Role.CARRIER)
        once.block += 1
        observe(twice, event, CARRIER, Role.CARRIER)
        observe(twice, event, IMPORTER, Role.IMPORTER, after=-3_600)
    assert told(once).keys() == told(twice).keys()
