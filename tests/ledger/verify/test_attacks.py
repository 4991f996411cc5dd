"""Attacks on a history: whatever is flipped, dropped, repeated, moved or swapped is never verified."""

from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.chain.lifecycle import apply
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import Act, Status
from ledger.identity.milestones import HEADLESS, Milestone, Role, Side
from ledger.identity.statements import MAX_TIME, ZERO_ADDRESS, Statement
from ledger.identity.terms import country_terms, leg_terms
from ledger.verify import Outcome, Word, verify
from ledger.verify.case import Acceptance, names_channel
from ledger.verify.checks import RULES
from ledger.verify.membership import Moment
from tests.ledger.verify.builder import (
    MEMBERS,
    RED,
    RIVAL,
    SEAL,
    Story,
    at_sea,
    cleared_for_export,
    delivered,
    handed_to_carrier,
    in_import_country,
    registered,
    sealed,
    with_entry,
    with_statement,
)
from tests.ledger.verify.examples.recorded import changed_key, changed_member, just_after, just_before

HONEST = delivered().case()
POSITIONS = range(1, len(HONEST.statements) + 1)


def flipped(value):
    """The value with its smallest part changed."""
    match value:
        case bytes():
            other = value[:-1] + bytes([value[-1] ^ 1])
        case Milestone():
            other = Milestone.CORRECTED if value is not Milestone.CORRECTED else Milestone.HELD
        case Role():
            other = Role.AUDITOR
        case Side():
            other = Side.EXPORT if value is not Side.EXPORT else Side.IMPORT
        case int():
            other = value + 1
        case str():
            other = RIVAL.address if value.startswith("0x") else "FR"
        case _:
            other = Moment(value.block, value.index, value.time + 365 * 86_400)
    return other


def the_rules_that_fail(case):
    return {finding.rule for finding in verify(case).failed}


def fails(rule, case):
    """Whether one rule finds a failure; one is enough for a verdict of not verified."""
    findings, _ = RULES[rule].findings(case)
    return Outcome.FAILED in {finding.outcome for finding in findings}


@pytest.mark.parametrize("field", [field.name for field in fields(Statement)])
def test_a_statement_with_any_field_altered_is_never_verified(field):
    for position in POSITIONS:
        statement = HONEST.statements[position - 1].statement
        value = flipped(getattr(statement, field))
        if field == "previous_head" and statement.milestone in (Milestone.STOPPED, Milestone.HELD, Milestone.REFUSED):
            continue
        changes = {field: value}
        if field == "milestone" and value is Milestone.HELD:
            changes["previous_head"] = bytes(32)
        assert fails("statement.digest", with_statement(HONEST, position, **changes)), position


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Acceptance) if field.name not in ("transaction", "moment")]
)
def test_an_acceptance_with_any_field_altered_is_never_verified(field):
    for position in POSITIONS:
        logged = HONEST.statements[position - 1].acceptance
        tampered = with_entry(HONEST, position, **{field: flipped(getattr(logged, field))})
        assert verify(tampered).word is Word.NOT_VERIFIED, position


def test_an_acceptance_that_claims_another_time_is_never_verified():
    for position in POSITIONS:
        logged = HONEST.statements[position - 1].acceptance
        assert verify(with_entry(HONEST, position, moment=flipped(logged.moment))).word is Word.NOT_VERIFIED


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_signature_with_any_bit_flipped_is_never_verified(data):
    position = data.draw(st.sampled_from(POSITIONS))
    bit = data.draw(st.integers(0, 511))
    signature = bytearray(HONEST.statements[position - 1].signature)
    signature[bit // 8] ^= 1 << bit % 8
    assert fails("signature.key", with_entry(HONEST, position, signature=bytes(signature)))


@pytest.mark.parametrize("field", ["event_time", "signed_time", "valid_until"])
@pytest.mark.parametrize("time", [0, MAX_TIME])
def test_times_at_the_end_of_all_calendars_crash_nothing(field, time):
    for position in (1, 9):
        verdict = verify(with_statement(HONEST, position, **{field: time}))
        assert verdict.word is Word.NOT_VERIFIED
        assert verdict.to_json()["verdict"] == "not verified"


@pytest.mark.parametrize("moment", [Moment(0, 0, -(2**63)), Moment(2**70, 2**70, 2**70)])
def test_blocks_of_a_lying_node_crash_nothing(moment):
    assert verify(with_entry(HONEST, 9, moment=moment)).word is Word.NOT_VERIFIED


@pytest.mark.parametrize("signature", [b"\0", bytes(64), b"\xff" * 64, bytes(65)])
def test_bytes_that_are_no_signature_crash_nothing(signature):
    assert the_rules_that_fail(with_entry(HONEST, 9, signature=signature)) == {"signature.key"}


def test_a_history_with_any_statement_dropped_is_never_verified():
    for position in POSITIONS:
        left = (*HONEST.statements[: position - 1], *HONEST.statements[position:])
        assert fails("history.complete", replace(HONEST, statements=left))


def test_a_history_with_any_statement_repeated_is_never_verified():
    for position in POSITIONS:
        repeated = (*HONEST.statements[:position], *HONEST.statements[position - 1 :])
        assert fails("history.unique", replace(HONEST, statements=repeated))


@given(st.permutations(HONEST.statements).filter(lambda order: tuple(order) != HONEST.statements))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_history_in_any_other_order_is_never_verified(order):
    assert fails("history.complete", replace(HONEST, statements=tuple(order)))


def test_a_history_cut_off_at_any_point_is_never_verified():
    for length in range(len(HONEST.statements)):
        cut = replace(HONEST, statements=HONEST.statements[:length])
        assert the_rules_that_fail(cut) == {"history.complete"}, length


def test_a_statement_swapped_for_one_of_another_history_of_the_same_signer_is_never_verified():
    other = delivered_with_other_secret()
    for position in POSITIONS:
        entry = replace(other.statements[position - 1])
        swapped = (*HONEST.statements[: position - 1], entry, *HONEST.statements[position:])
        assert verify(replace(HONEST, statements=swapped)).word is Word.NOT_VERIFIED, position


def delivered_with_other_secret():
    """The same life an hour later: other times, so other digests and heads."""
    story = delivered()
    later = Story(block=11)
    for entry in story.statements:
        member = member_of(entry)
        later.block += 1
        shifted = replace(
            entry.statement,
            event_time=entry.statement.event_time + 3_600,
            previous_head=bytes(32) if entry.statement.milestone is Milestone.STOPPED else later.head,
        )
        later.accept(shifted, member, entry.opening, member.signing)
    return later.case()


SEVERAL_TERMS = [bytes(32), leg_terms("KR", "SG"), leg_terms("SG", "NL"), country_terms("SG"), b"\1" + bytes(31)]
BEGINNINGS = [
    build() for build in (registered, sealed, cleared_for_export, handed_to_carrier, at_sea, in_import_country)
]
RULES_OF_THEIR_OWN = {"correction.target", "time.order", "assessment.opens", "seal.number"}
"""What verification demands beyond the contract, which cannot know it."""


@st.composite
def acts(draw, position):
    """What somebody says: what comes next in the honest history, or what was said elsewhere in it, or nearly that."""
    honest = draw(st.sampled_from(HONEST.entries) | st.just(HONEST.statements[position]))
    statement = honest.statement
    member = member_of(honest)
    milestone, role = statement.milestone, statement.role
    fields = {name: getattr(statement, name) for name in ("side", "terms", "detail", "counterparty")}
    match draw(st.integers(0, 9)):
        case 0:
            milestone = draw(st.sampled_from(Milestone))
        case 1:
            member = draw(st.sampled_from(MEMBERS))
            role = draw(st.sampled_from((*member.roles, Role.CARRIER)))
        case 2:
            fields["side"] = draw(st.sampled_from(Side))
        case 3:
            fields["terms"] = draw(st.sampled_from(SEVERAL_TERMS))
        case 4:
            fields["detail"] = draw(st.sampled_from([bytes(32), SEAL.blinded, RED.blinded]))
        case 5:
            fields["counterparty"] = draw(st.sampled_from([ZERO_ADDRESS, *(each.address for each in MEMBERS)]))
    return milestone, member, role, fields


def member_of(entry):
    return next(each for each in MEMBERS if each.address == entry.acceptance.member)


@st.composite
def lawless_stories(draw):
    """Histories that a contract without rules might hold: signed and linked as they should be, else anything."""
    begun = draw(st.sampled_from(BEGINNINGS))
    story = replace(begun, statements=list(begun.statements), observations=list(begun.observations))
    for _ in range(draw(st.integers(1, 3))):
        milestone, member, role, fields = draw(acts(len(story.statements)))
        now = story.now + 3_600
        if draw(st.integers(0, 9)) == 0:
            fields["valid_until"] = now - draw(st.sampled_from([0, 1]))
        if draw(st.integers(0, 9)) == 0:
            fields["event_time"] = fields["signed_time"] = now + draw(st.sampled_from([300, 301]))
        if milestone not in HEADLESS and draw(st.integers(0, 9)) == 0:
            fields["previous_head"] = b"\7" * 32
        story.say(milestone, member, role, **fields)
    case = story.case()
    if draw(st.booleans()):
        entry, status = case.statements[-1], draw(st.sampled_from([Status.SUSPENDED, Status.DISMISSED]))
        member = member_of(entry)
        moment = draw(st.sampled_from([just_before(entry), just_after(entry)]))
        changed = st.sampled_from(
            [changed_member(case, member, moment, status=status), changed_key(case, member, retired=moment)]
        )
        case = draw(changed)
    return case


@given(lawless_stories())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_contract_without_rules_would_accept_fails_exactly_where_the_rules_refuse_it(case):
    # An opening that was not found proves nothing, neither for nor against.
    assume(all(entry.opening is not None or not names_channel(entry.statement) for entry in case.entries))
    state, refused = None, False
    try:
        for entry in sorted(case.entries, key=lambda entry: entry.acceptance.moment):
            state = apply(state, act_of(entry, case.membership))
    except RuleRefused:
        refused = True
    broken = the_rules_that_fail(case)
    assert bool(broken - RULES_OF_THEIR_OWN) == refused
    assert not refused or verify(case).word is Word.NOT_VERIFIED


def act_of(entry, membership):
    accepted, statement = entry.acceptance, entry.statement
    return Act(
        statement,
        accepted.digest,
        accepted.key,
        membership.standing_of_key(accepted.key, accepted.moment),
        accepted.moment.time,
        membership.standing_of_member(statement.counterparty, accepted.moment),
        entry.opening,
    )
