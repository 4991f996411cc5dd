import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from ledger.epcis.commitment import digests
from ledger.identity.milestones import Milestone, Role
from ledger.store.records import Reference
from ledger.verify import Outcome, Word, verify_document
from ledger.verify.case import Gap, Openings
from tests.ledger.verify.builder import EXPORTER, Story, at_sea, make_event, registered, with_statement

SSCC = "urn:epc:id:sscc:4012345.0000000333"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def document(*events):
    body = [dict(event.data) for event in events]
    return json.dumps(
        {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-02T10:00:00Z",
            "epcisBody": {"eventList": body},
        }
    ).encode()


@pytest.fixture
def case():
    return at_sea().case()


def event_of(case, position):
    commitment = case.openings.blinds[case.statements[position - 1].statement.commitment].content.commitment
    return case.openings.events[commitment].event


def altered(event, **members):
    """The event with these members changed; None takes one away."""
    data = {**event.data, **members}
    return replace(event, data={name: value for name, value in data.items() if value is not None})


def told(verdict):
    return {
        (finding.rule, finding.outcome.value) for finding in verdict.findings if finding.outcome is not Outcome.PASSED
    }


def test_a_document_as_it_was_recorded_is_verified(case):
    verdict = verify_document(document(event_of(case, 9), event_of(case, 2)), [case])
    assert verdict.word is Word.VERIFIED
    assert verdict.consignment == case.consignment
    assert verdict.ucr == case.reference.ucr


def test_the_record_time_that_a_repository_sets_changes_nothing(case):
    event = altered(event_of(case, 9), recordTime="2026-04-01T00:00:00Z")
    assert verify_document(document(event), [case]).word is Word.VERIFIED


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"epcList": ["urn:epc:id:sscc:4012345.0000000334"]}, "/epcList/0"),
        ({"eventTime": "2026-03-01T00:00:00Z"}, "/eventTime"),
        ({"bizStep": "receiving"}, "/bizStep"),
        ({"eventID": None, "action": "ADD"}, "/action"),
        ({"eventID": None, "epcList": [SSCC, "urn:epc:id:sscc:4012345.0000000334"]}, "/epcList/1"),
    ],
)
def test_an_altered_document_is_not_verified_and_the_fields_are_named(case, members, field):
    verdict = verify_document(document(altered(event_of(case, 9), **members)), [case])
    assert told(verdict) - {("time.document", "warning")} == {("document.unaltered", "failed")}
    assert field in verdict.failed[0].reason
    assert field in verdict.failed[0].evidence["fields"]
    assert verdict.failed[0].position == 9


def test_a_document_written_anew_is_verified_with_a_warning(case):
    event = altered(event_of(case, 9), epcList=["https://id.gs1.org/00/040123450000003338"])
    verdict = verify_document(document(event), [case])
    assert told(verdict) == {("document.unaltered", "warning")}
    assert "/epcList/0" in verdict.warnings[0].reason


def test_an_altered_event_is_told_though_the_original_stands_beside_it(case):
    original = event_of(case, 9)
    changed = altered(original, bizStep="receiving")
    for events in ((original, changed), (changed, original)):
        assert verify_document(document(*events), [case]).word is Word.NOT_VERIFIED


def test_an_event_with_another_id_is_another_event_though_time_and_object_are_the_same(case):
    other = altered(event_of(case, 9), eventID="urn:uuid:00000000-0000-4000-8000-999999999999", action="ADD")
    verdict = verify_document(document(other), [case])
    assert told(verdict) == {("document.placed", "undetermined")}


def test_an_event_beside_the_original_is_not_taken_for_an_altered_copy_of_it(case):
    original = event_of(case, 9)
    other = altered(original, eventID=None, bizStep="departing")
    assert told(verify_document(document(other, original), [case])) == {("document.placed", "undetermined")}


def test_an_event_at_the_beginning_of_all_calendars_crashes_nothing(case):
    event = altered(event_of(case, 9), eventTime="0001-01-01T00:00:00+14:00")
    assert ("document.unaltered", "failed") in told(verify_document(document(event), [case]))


def test_an_id_that_neither_has_is_not_told_as_changed(case):
    story = registered()
    bare = altered(make_event(97, story.now), eventID=None)
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=story.know(bare))
    verdict = verify_document(document(altered(bare, bizStep="receiving")), [story.case()])
    assert verdict.failed[0].evidence["fields"] == ("/bizStep",)


def test_an_event_that_cannot_be_digested_is_judged_by_its_id(case):
    data = document(event_of(case, 9)).replace(
        b'"bizStep"', b'"https://example.org/w": 0.10000000000000000001, "bizStep"'
    )
    verdict = verify_document(data, [case])
    assert told(verdict) == {("document.unaltered", "failed")}
    assert "cannot be the one" in verdict.failed[0].reason


def test_where_only_the_hashes_of_the_original_are_at_hand_what_differs_stays_open(case):
    event = event_of(case, 9)
    commitment = digests(event).commitment
    known = replace(case.openings.events[commitment], event=None)
    bare = replace(case, openings=replace(case.openings, events=MappingProxyType({commitment: known})))
    assert verify_document(document(event), [bare]).word is Word.VERIFIED
    assert verify_document(document(altered(event, bizStep="receiving")), [bare]).word is Word.UNDETERMINED


def test_an_event_that_nobody_stated_leaves_the_document_undetermined(case):
    verdict = verify_document(document(event_of(case, 9), make_event(98, 1_772_000_000)), [case])
    assert told(verdict) == {("document.placed", "undetermined")}
    assert "Ask who gave you the document" in verdict.undetermined[0].reason


def test_a_document_of_no_known_consignment_is_undetermined(case):
    for cases in ([], [case]):
        verdict = verify_document(document(make_event(98, 1_772_000_000)), cases)
        assert verdict.word is Word.UNDETERMINED
        assert verdict.consignment is None


def test_where_the_history_could_not_be_read_the_verdict_says_so(case):
    unread = replace(case, statements=(), recorded=None, gaps=(Gap("the ledger", "nobody answered.", "Try again."),))
    verdict = verify_document(document(event_of(case, 9)), [unread])
    assert told(verdict) == {("history.read", "undetermined"), ("document.placed", "undetermined")}
    assert "nobody answered. Try again." in verdict.undetermined[0].reason


def test_an_event_whose_blind_is_missing_is_undetermined_and_not_false(case):
    bare = replace(case, openings=Openings(MappingProxyType({}), case.openings.events))
    assert verify_document(document(event_of(case, 9)), [bare]).word is Word.UNDETERMINED


def test_a_document_that_is_no_epcis_is_undetermined(case):
    for data in (b"", b"%PDF-1.7", b'{"type": "EPCISDocument"}', document()):
        verdict = verify_document(data, [case])
        assert verdict.word is Word.UNDETERMINED
        assert verdict.as_of is None


def test_a_true_document_of_a_history_that_is_not_verified_is_not_verified(case):
    verdict = verify_document(document(event_of(case, 9)), [with_statement(case, 2, valid_until=4_000_000_000)])
    assert told(verdict) == {("statement.digest", "failed")}


def test_documents_of_other_statements_are_not_asked_for(case):
    event = event_of(case, 9)
    only = {digests(event).commitment: case.openings.events[digests(event).commitment]}
    bare = replace(case, openings=replace(case.openings, events=MappingProxyType(only)))
    verdict = verify_document(document(event), [bare])
    assert verdict.word is Word.VERIFIED
    left = [each for each in verdict.not_checked if each.rule == "document.present" and each.positions]
    assert left[0].positions == (1, 2, 8)


def test_a_document_of_two_consignments_is_judged_by_both_histories(case):
    other = registered(Story(Reference("6KR4012345-2026-0002", b"\x09" * 32, EXPORTER.address), block=40)).case()
    both = document(event_of(case, 9), event_of(other, 1))
    verdict = verify_document(both, [case, other])
    assert verdict.word is Word.VERIFIED
    assert verdict.consignment is None
    assert verdict.as_of == min((case.as_of, other.as_of), key=lambda as_of: as_of.block)
    broken = with_statement(other, 1, valid_until=4_000_000_000)
    assert verify_document(both, [case, broken]).word is Word.NOT_VERIFIED
