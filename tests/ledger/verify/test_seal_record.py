from dataclasses import replace

from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.verify.seal_record import (
    SealDeed,
    numbers_in,
    plain,
    removal_time,
    seal_record,
    seal_spans,
    sealed_containers,
)
from tests.ledger.verify.builder import (
    CARRIER,
    EXPORTER,
    NL,
    SEAL,
    delivered,
    make_event,
    registered,
    seal,
    sealed,
    with_entry,
    with_statement,
)
from tests.ledger.verify.examples.seals import BORDER, BOX, box, put_on, sealed_box, taken_off, told


def test_the_record_tells_each_deed_with_who_and_when():
    case = delivered().case()
    lines = [(mark.deed, mark.number, mark.member) for mark in seal_record(case)]
    checked = (SealDeed.CHECKED, "KR-7730011", CARRIER.address)
    assert lines[:4] == [(SealDeed.PUT_ON, "KR-7730011", EXPORTER.address), checked, checked, checked]
    assert (SealDeed.OPENED, "KR-7730011", NL.address) in lines
    assert (SealDeed.PUT_ON, "NL-0042", NL.address) in lines
    first = seal_record(case)[0]
    assert first.position == 2
    assert first.event_time == case.statements[1].statement.event_time


def test_the_record_tells_where_if_the_document_does():
    story = registered()
    story.keep(SEAL)
    event = {**box("KR-7730011"), "readPoint": {"id": "urn:epc:id:sgln:8801234.00002.0"}}
    told(story, Milestone.SEALED, EXPORTER, Role.EXPORTER, event, detail=SEAL.blinded)
    assert seal_record(story.case())[0].read_point == "urn:epc:id:sgln:8801234.00002.0"


def test_each_reason_for_taking_a_seal_off_has_its_word():
    deeds = {
        reason: seal_record(taken_off(sealed(), reason).case())[-1].deed
        for reason in (UnsealReason.OPENED, UnsealReason.FOUND_BROKEN, UnsealReason.REPLACED)
    }
    assert [deed.value for deed in deeds.values()] == ["opened", "found broken", "replaced"]
    unknown = with_statement(taken_off(sealed(), UnsealReason.OPENED).case(), 3, terms=b"\x63" + bytes(31))
    assert seal_record(unknown)[-1].deed is SealDeed.TAKEN_OFF


def test_what_could_not_be_read_stands_in_the_record_without_number_or_time():
    case = with_entry(sealed().case(), 2, statement=None, unread="its transaction is not on this node.")
    (mark,) = seal_record(case)
    assert (mark.deed, mark.number, mark.event_time) == (SealDeed.UNREAD, None, None)
    assert seal_spans(case) == ()


def test_a_movement_that_names_no_seal_is_no_check_of_one():
    story = registered()
    story.say(Milestone.DEPARTED, EXPORTER, Role.EXPORTER)
    assert seal_record(story.case()) == ()


def test_a_seal_is_on_from_when_it_is_put_on_until_it_is_taken_off():
    case = put_on(taken_off(sealed(), UnsealReason.REPLACED)).case()
    first, second = seal_spans(case)
    begin, end = first.begin.event_time, first.end.event_time
    assert [first.is_on_at(time, 60) for time in (begin - 61, begin - 60, end + 60, end + 61)] == [
        False,
        True,
        True,
        False,
    ]
    assert second.end is None
    assert second.is_on_at(end + 10**9, 0)


def test_what_was_sealed_is_told_by_the_sealing_or_else_by_who_names_the_number_first():
    own = sealed_box().case()
    assert sealed_containers(own, seal_spans(own)) == {SEAL.blinded: {BOX}}
    later = sealed()
    told(later, Milestone.OBSERVED, CARRIER, Role.CARRIER, {"epcList": ["urn:epc:id:sscc:4012345.0000000333"]})
    told(later, Milestone.OBSERVED, CARRIER, Role.CARRIER, box("another"))
    told(later, Milestone.OBSERVED, CARRIER, Role.CARRIER, box("kr 7730011"))
    case = later.case()
    assert sealed_containers(case, seal_spans(case)) == {SEAL.blinded: {BOX}}
    nobody = sealed().case()
    assert sealed_containers(nobody, seal_spans(nobody)) == {}


def test_numbers_are_read_from_text_numbers_and_lists_under_any_prefix():
    context = [BORDER[0], {"b": "urn:smartborder:epcis:", "other": "https://example.org/"}]
    members = {"@context": context, "b:sealNumber": ["A-1", 17, True, None], "other:sealNumber": "B-2"}
    assert numbers_in(make_event(1, 1_772_438_400, **members)) == ("A-1", "17")
    assert numbers_in(make_event(1, 1_772_438_400)) == ()


def test_the_setting_of_a_number_counts_for_nothing_but_its_characters_do():
    assert plain("KR-773 0011") == plain("kr7730011")
    assert plain("KR-773OO11") != plain("KR-7730011")
    assert plain("--") == "--"


def test_a_seal_matters_until_the_goods_are_removed():
    case = delivered().case()
    removal = next(each.statement for each in case.statements if each.acceptance.milestone is Milestone.REMOVED)
    assert removal_time(case) == removal.event_time
    assert removal_time(replace(case, statements=case.statements[:3])) == float("inf")


def test_two_seals_without_an_opening_between_them_are_two_spans():
    story = put_on(sealed(), seal("KR-2"))
    assert [span.number for span in seal_spans(story.case())] == ["KR-7730011", "KR-2"]
