"""Error declarations beside each other, and where not everything is at hand."""

from ledger.verify import Outcome, verify
from ledger.verify.withdrawals import withdrawals
from tests.ledger.verify.builder import CARRIER, EXPORTER, RIVAL, moment_stamp
from tests.ledger.verify.examples.errors import HOUR, begun, event_id, put_right, scan, withdraw
from tests.ledger.verify.examples.told import without_document


def told(case):
    return {finding.rule for finding in verify(case).findings if finding.outcome is not Outcome.PASSED}


def test_a_history_without_error_declarations_has_no_withdrawals():
    assert list(withdrawals(begun().case())) == []


def test_a_withdrawal_names_its_event_and_what_is_missing():
    (found,) = withdrawals(put_right().case())
    assert found.original is not None
    assert (found.original.event.event_id, found.foreign, found.missing) == (event_id(1), None, ())


def test_a_correction_that_was_withdrawn_in_its_turn_corrects_nothing():
    story = put_right()
    (first,) = withdrawals(story.case())
    withdraw(story, 2, first.original.entry.statement.event_time + HOUR)
    assert told(story.case()) == {"error.corrective", "document.declared_wrong"}


def test_a_correction_may_be_named_by_its_hash():
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    right = scan(story, 2, happened + HOUR)
    case = story.case()
    known = case.openings.event(right.statement.commitment)
    withdraw_with(story, happened, known.digests.event_hash)
    assert told(story.case()) == {"document.declared_wrong"}


def withdraw_with(story, happened, name):
    declaration = {
        "declarationTime": moment_stamp(happened + HOUR),
        "reason": "incorrect_data",
        "correctiveEventIDs": [name],
    }
    scan(story, 1, happened, errorDeclaration=declaration)


def test_an_event_that_two_members_stated_is_withdrawn_by_each_for_itself():
    story = begun()
    happened = story.now
    for by in (EXPORTER, CARRIER):
        scan(story, 1, happened, by)
    withdraw(story, 1, happened, by=CARRIER)
    assert told(story.case()) == {"document.declared_wrong"}
    assert [step.entry.acceptance.member for step in story.case().trail if step.event.event_id == event_id(1)] == [
        EXPORTER.address
    ]


def test_a_rival_that_withdraws_another_members_event_leaves_it_standing():
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    withdraw(story, 1, happened, by=RIVAL)
    assert [step.event.event_id for step in story.case().trail if step.event.event_id == event_id(1)] == [event_id(1)]


def test_what_may_be_in_a_document_that_is_not_at_hand_is_no_fault():
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    hidden = scan(story, 2, happened + HOUR)
    withdraw(story, 1, happened, 2)
    assert told(without_document(story.case(), hidden)) == {"document.present", "document.declared_wrong"}
