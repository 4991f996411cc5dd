from hypothesis import given
from hypothesis import strategies as st

from ledger.verify.scenes import contents, ended_by, followed
from ledger.verify.things import thing
from ledger.verify.trail import Step
from tests.ledger.verify.builder import START, delivered
from tests.ledger.verify.events import event_at

ENTRY = delivered().case().statements[0]
BOX, OTHER_BOX, PALLET, OTHER_PALLET, ITEM = (
    "urn:epc:id:bic:CSQU3054383",
    "urn:epc:id:bic:MSKU0000011",
    "urn:epc:id:sscc:8801234.0000000101",
    "urn:epc:id:sscc:8801234.0000000102",
    "urn:epc:id:sgtin:8801234.012345.1001",
)
THINGS = (BOX, OTHER_BOX, PALLET, OTHER_PALLET, ITEM)


def step(hour: int, kind: str, action: str | None, **members) -> Step:
    acted = {} if action is None else {"action": action}
    return Step(ENTRY, event_at(START + hour * 3_600, type=kind, **acted, **members))


def pack(hour: int, action: str, parent: str, *children: str, kind: str = "AggregationEvent") -> Step:
    return step(hour, kind, action, parentID=parent, **({"childEPCs": list(children)} if children else {}))


def inside(*steps: Step) -> dict[str, set[str]]:
    """What is in what after these events."""
    return {parent: set(children) for parent, children in contents(followed(steps)).items()}


def spelled(holds: dict[str, set[str]]) -> dict[str, set[str]]:
    return {thing(parent): set(map(thing, children)) for parent, children in holds.items()}


def test_what_is_put_in_is_inside_until_it_is_taken_out():
    steps = [pack(0, "ADD", PALLET, ITEM), pack(1, "ADD", BOX, PALLET, OTHER_PALLET)]
    assert inside(*steps) == spelled({PALLET: {ITEM}, BOX: {PALLET, OTHER_PALLET}})
    assert inside(*steps, pack(2, "DELETE", BOX, PALLET)) == spelled({PALLET: {ITEM}, BOX: {OTHER_PALLET}})


def test_taking_out_without_naming_anything_takes_out_everything():
    scenes = followed((pack(0, "ADD", BOX, PALLET, OTHER_PALLET), pack(1, "DELETE", BOX)))
    assert contents(scenes) == {}
    assert {handling.child for handling in scenes[-1].handlings} == {thing(PALLET), thing(OTHER_PALLET)}


def test_an_observation_takes_nothing_out_and_finds_what_nobody_told():
    steps = pack(0, "ADD", BOX, PALLET), pack(1, "OBSERVE", BOX, OTHER_PALLET)
    assert inside(*steps) == spelled({BOX: {PALLET, OTHER_PALLET}})


def test_each_scene_shows_what_was_known_right_before_it():
    scenes = followed((pack(0, "ADD", PALLET, ITEM), pack(1, "ADD", BOX, PALLET), pack(2, "OBSERVE", BOX, ITEM)))
    assert scenes[0].around == scenes[1].around == {}
    assert scenes[2].around == {thing(ITEM): (thing(PALLET), thing(BOX))}
    assert [list(scene.loaded) for scene in scenes] == [[], [], [thing(BOX)]]
    seen = scenes[2].handlings[0]
    assert seen.is_inside
    assert seen.around_child == (thing(PALLET), thing(BOX))
    assert seen.packed is scenes[1].step


def test_what_an_event_names_beside_what_it_is_in_is_not_handled_by_itself():
    scenes = followed((pack(0, "ADD", PALLET, ITEM), pack(1, "ADD", BOX, PALLET, ITEM)))
    assert [handling.child for handling in scenes[1].handlings] == [thing(PALLET)]
    assert contents(scenes) == {thing(PALLET): {thing(ITEM)}, thing(BOX): {thing(PALLET)}}


def test_an_item_seen_in_a_container_shows_that_its_pallet_was_loaded():
    scenes = followed(
        (pack(0, "ADD", PALLET, ITEM), pack(1, "OBSERVE", BOX, ITEM), pack(2, "OBSERVE", OTHER_BOX, ITEM))
    )
    assert contents(scenes[:2]) == {thing(PALLET): {thing(ITEM)}, BOX: {thing(PALLET)}}
    assert [scene.handlings[0].is_elsewhere for scene in scenes] == [False, False, True]
    assert contents(scenes) == {BOX: {thing(PALLET)}, OTHER_BOX: {thing(ITEM)}}


def test_of_events_at_one_moment_what_leaves_goes_first():
    first = pack(0, "ADD", BOX, PALLET)
    move = pack(1, "ADD", OTHER_BOX, PALLET), pack(1, "DELETE", BOX, PALLET)
    assert inside(first, *move) == inside(first, *reversed(move)) == spelled({OTHER_BOX: {PALLET}})


def test_what_comes_and_goes_at_one_moment_comes_first():
    for steps in ((pack(0, "DELETE", BOX, PALLET), pack(0, "ADD", BOX, PALLET)),):
        assert [scene.step.event.action for scene in followed(steps)] == ["ADD", "DELETE"]


def test_a_commissioning_goes_before_packing_and_a_destruction_after_all_else_of_its_moment():
    made = step(0, "ObjectEvent", "ADD", epcList=[ITEM])
    ended = step(0, "ObjectEvent", "DELETE", epcList=[ITEM])
    seen = step(0, "ObjectEvent", "OBSERVE", epcList=[ITEM])
    packed = pack(0, "ADD", PALLET, ITEM)
    assert [scene.step for scene in followed((ended, seen, packed, made))] == [made, packed, seen, ended]


def test_associations_and_aggregations_are_followed_apart():
    tied = pack(0, "ADD", BOX, ITEM, kind="AssociationEvent")
    scenes = followed((tied, pack(1, "ADD", BOX, PALLET), pack(2, "DELETE", BOX), pack(3, "OBSERVE", PALLET, ITEM)))
    assert scenes[3].around[thing(ITEM)] == (thing(BOX),)
    assert not scenes[3].handlings[0].around_child
    assert scenes[0].handlings[0].ties


def test_what_is_installed_in_a_place_is_in_no_thing():
    scenes = followed((pack(0, "ADD", "urn:epc:id:sgln:4012345.00002.12", ITEM, kind="AssociationEvent"),))
    assert scenes[0].handlings == ()
    assert scenes[0].things == (thing(ITEM),)


def test_the_parent_of_a_transaction_holds_nothing():
    paper = [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:8712345000011:PO-1"}]
    event = step(0, "TransactionEvent", "ADD", parentID=BOX, epcList=[PALLET], bizTransactionList=paper)
    assert followed((event,))[0].handlings == ()


def test_what_is_no_more_is_in_nothing_and_holds_nothing():
    packed = pack(0, "ADD", PALLET, ITEM), pack(1, "ADD", BOX, PALLET)
    scenes = followed((*packed, step(2, "ObjectEvent", "DELETE", epcList=[PALLET]), pack(3, "OBSERVE", BOX, ITEM)))
    assert contents(scenes[:3]) == {}
    assert not scenes[3].loaded
    assert not scenes[3].handlings[0].around_child


def test_what_a_transformation_consumes_ends_and_a_killed_tag_ends_nothing():
    made = step(0, "TransformationEvent", None, inputEPCList=[ITEM], outputEPCList=[PALLET])
    killed = step(0, "ObjectEvent", "DELETE", epcList=[ITEM], bizStep="killing")
    assert ended_by(made.event) == (thing(ITEM),)
    assert ended_by(killed.event) == ()


steps_told = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(("ADD", "OBSERVE", "DELETE")),
        st.sampled_from(THINGS),
        st.sets(st.sampled_from(THINGS), min_size=1),
        st.sampled_from(("AggregationEvent", "AssociationEvent")),
    ),
    max_size=12,
)


@given(steps_told)
def test_nothing_is_ever_in_two_things_or_in_itself_whatever_is_told(told):
    told = sorted(told, key=lambda each: each[0])
    scenes = followed(tuple(pack(hour, action, parent, *kids, kind=kind) for hour, action, parent, kids, kind in told))
    assert len(scenes) == len(told)
    holds = contents(scenes)
    children = [child for inside in holds.values() for child in inside]
    assert len(children) == len(set(children))
    for scene in scenes:
        for item, around in scene.around.items():
            for relation in (around,):
                assert item not in relation
