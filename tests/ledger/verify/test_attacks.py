"""Attacks on a history: whatever is flipped, dropped, repeated, moved or swapped is never verified."""

from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.chain.refusals import RuleRefused
from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.statements import Statement
from ledger.verify import Outcome, Word, verify
from ledger.verify.case import Acceptance
from ledger.verify.checks import RULES
from ledger.verify.membership import Moment
from tests.ledger.verify.builder import MEMBERS, RIVAL, Story, delivered, with_entry, with_statement

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
        assert "statement.digest" in the_rules_that_fail(with_statement(HONEST, position, **changes)), position


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
@settings(max_examples=60, deadline=None)
def test_a_signature_with_any_bit_flipped_is_never_verified(data):
    position = data.draw(st.sampled_from(POSITIONS))
    bit = data.draw(st.integers(0, 511))
    signature = bytearray(HONEST.statements[position - 1].signature)
    signature[bit // 8] ^= 1 << bit % 8
    assert the_rules_that_fail(with_entry(HONEST, position, signature=bytes(signature))) == {"signature.key"}


def test_a_history_with_any_statement_dropped_is_never_verified():
    for position in POSITIONS:
        left = (*HONEST.statements[: position - 1], *HONEST.statements[position:])
        assert "history.complete" in the_rules_that_fail(replace(HONEST, statements=left))


def test_a_history_with_any_statement_repeated_is_never_verified():
    for position in POSITIONS:
        repeated = (*HONEST.statements[:position], *HONEST.statements[position - 1 :])
        assert "history.unique" in the_rules_that_fail(replace(HONEST, statements=repeated))


@given(st.permutations(HONEST.statements).filter(lambda order: tuple(order) != HONEST.statements))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_history_in_any_other_order_is_never_verified(order):
    assert "history.complete" in the_rules_that_fail(replace(HONEST, statements=tuple(order)))


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
        member = next(m for m in MEMBERS if m.address == entry.acceptance.member)
        later.block += 1
        shifted = replace(
            entry.statement,
            event_time=entry.statement.event_time + 3_600,
            previous_head=bytes(32) if entry.statement.milestone is Milestone.STOPPED else later.head,
        )
        later.accept(shifted, member, entry.opening, member.signing)
    return later.case()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_a_lawless_ledger_records_is_verified_only_if_the_rules_allow_it(data):
    """Statements that are signed and linked as they should be, but chosen at random."""
    story = Story()
    from ledger.chain.lifecycle import apply
    from ledger.verify.checks.replay import _act
    from tests.ledger.verify.builder import registered

    registered(story)
    for _ in range(data.draw(st.integers(1, 4))):
        member = data.draw(st.sampled_from(MEMBERS))
        milestone = data.draw(st.sampled_from([each for each in Milestone if each is not Milestone.OBSERVED]))
        role = data.draw(st.sampled_from((*member.roles, Role.EXPORTER)))
        story.say(milestone, member, role, side=data.draw(st.sampled_from(Side)))
    case = story.case()
    state = None
    allowed = True
    try:
        for entry in case.statements:
            state = apply(state, _act(entry, entry.statement, case.membership))
    except RuleRefused:
        allowed = False
    broken = {finding.rule for finding in verify(case).findings if finding.outcome is Outcome.FAILED}
    assert (broken == set()) == allowed or broken == {"correction.target"}
    assert broken <= set(RULES)
