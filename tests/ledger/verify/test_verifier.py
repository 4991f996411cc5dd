from dataclasses import replace
from types import MappingProxyType

from ledger.identity.milestones import Milestone, Role
from ledger.identity.terms import country_terms
from ledger.verify import Outcome, Word, verify
from ledger.verify.checks import OF_BUNDLES, RULES
from tests.ledger.verify.builder import BR, EXPORTER, KR, NL, at_sea, delivered, sealed


def test_an_honest_history_is_verified_and_every_rule_passes_or_says_that_there_was_nothing_to_check():
    verdict = verify(delivered().case())
    assert [finding.reason for finding in verdict.findings if finding.outcome is not Outcome.PASSED] == []
    assert verdict.word is Word.VERIFIED
    told = {finding.rule for finding in verdict.passed} | {each.rule for each in verdict.not_checked}
    assert told == set(RULES) - OF_BUNDLES


def test_two_authorities_that_hold_the_goods_in_the_same_words_are_no_replay():
    """A hold names neither its head nor its signer, so that both have one digest."""
    story = sealed()
    words = {"event_time": story.now, "signed_time": story.now, "valid_until": story.now + 86_400}
    for member in (KR, NL):
        story.say(Milestone.HELD, member, Role.AUTHORITY, **words)
    case = story.case()
    assert case.statements[-1].acceptance.digest == case.statements[-2].acceptance.digest
    assert verify(case).word is Word.VERIFIED


def test_the_authority_of_a_country_that_was_added_on_the_way_may_act_from_then_on():
    story = sealed()
    story.say(Milestone.TRANSIT_ADDED, EXPORTER, Role.EXPORTER, terms=country_terms("BR"))
    story.say(Milestone.HELD, BR, Role.AUTHORITY)
    assert verify(story.case()).word is Word.VERIFIED


def test_a_document_written_anew_is_told_without_the_original_too():
    case = at_sea().case()
    commitment = case.openings.blinds[case.statements[-1].statement.commitment].content.commitment
    known = case.openings.events[commitment]
    anew = replace(known.event, data={**known.event.data, "epcList": ["https://id.gs1.org/00/040123450000003338"]})
    events = MappingProxyType({commitment: replace(known, event=anew)})
    verdict = verify(replace(case, openings=replace(case.openings, events=events)))
    assert [finding.rule for finding in verdict.warnings] == ["document.unaltered"]
    assert "They differ" not in verdict.warnings[0].reason
