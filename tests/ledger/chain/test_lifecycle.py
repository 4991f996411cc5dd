"""The rules in Python, alone: standing, times, scopes, and that nothing but the arguments counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.lifecycle import CLOCK_TOLERANCE_SECONDS, apply
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import UNKNOWN, Act, Problem, SideState, Standing, State
from ledger.epcis.commitment import assessment_commitment, blinded_commitment
from ledger.identity.milestones import ALL_MILESTONES, Channel, Clearance, Milestone, Phase, Role, Scope, Side
from ledger.identity.signing import Opening
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Domain, Statement, consignment_id, next_head
from ledger.identity.terms import (
    Route,
    appeal_terms,
    channel_terms,
    country_terms,
    inspection_terms,
    leg_terms,
    release_terms,
    route_terms,
    unseal_terms,
)

NOW = 1_800_000_000
DOMAIN = Domain(1, "0x" + "cc" * 20)
EXPORTER = Standing(1, "0x" + "01" * 20, "KR", Role.EXPORTER.bit)
CUSTOMS = Standing(2, "0x" + "02" * 20, "KR", Role.AUTHORITY.bit)
AGENCY = Standing(3, "0x" + "03" * 20, "NL", Role.AGENCY.bit)
CARRIER = Standing(4, "0x" + "04" * 20, "SG", Role.CARRIER.bit)
IMPORTER = Standing(5, "0x" + "05" * 20, "NL", Role.IMPORTER.bit)
CUSTOMS_NL = Standing(6, "0x" + "06" * 20, "NL", Role.AUTHORITY.bit)
CUSTOMS_SG = Standing(7, "0x" + "07" * 20, "SG", Role.AUTHORITY.bit)
UCR = b"\x0c" * 32
GOODS = consignment_id(EXPORTER.address, UCR)


def act(standing: Standing, milestone: Milestone, state: State | None = None, **fields) -> Act:
    opening, counterparty = fields.pop("opening", None), fields.pop("named", UNKNOWN)
    role = next(role for role in Role if standing.roles & role.bit)
    headless = milestone in (Milestone.HELD, Milestone.STOPPED, Milestone.REFUSED, Milestone.OBSERVED)
    defaults = {
        "event_time": NOW,
        "signed_time": NOW,
        "valid_until": NOW,
        "role": role,
        "previous_head": ZERO32 if state is None or headless else state.head,
        "consignment": GOODS,
    }
    statement = Statement(milestone=milestone, **(defaults | fields))
    return Act(statement, statement.digest(DOMAIN), standing.address, standing, NOW, counterparty, opening)


def registration(**fields) -> Act:
    return act(EXPORTER, Milestone.REGISTERED, terms=route_terms(Route("KR", "NL", ("SG",))), detail=UCR, **fields)


REGISTERED = apply(None, registration())


def error(state: State | None, judged: Act) -> RuleRefused:
    with pytest.raises(RuleRefused) as refusal:
        apply(state, judged)
    return refusal.value


def test_a_registration_begins_a_life():
    state = REGISTERED
    assert (state.phase, state.location, state.holder) == (Phase.AT_REST, "KR", EXPORTER.address)
    assert (state.position, state.head) == (1, next_head(ZERO32, registration().digest, EXPORTER.address))
    assert dict(state.transit) == {"SG": False}


def test_the_state_before_is_left_as_it_was():
    before = replace(REGISTERED)
    apply(REGISTERED, act(EXPORTER, Milestone.SEALED, REGISTERED, detail=b"\x5e" * 32))
    assert before == REGISTERED


@pytest.mark.parametrize(
    ("problem", "name", "arguments"),
    [
        (Problem.UNKNOWN, "KeyUnknown", (EXPORTER.address,)),
        (Problem.NOT_YET_VALID, "KeyNotYetValid", (EXPORTER.address, 7)),
        (Problem.EXPIRED, "KeyExpired", (EXPORTER.address, 7)),
        (Problem.SUSPENDED, "MemberIsSuspended", (1,)),
        (Problem.DISMISSED, "MemberIsDismissed", (1,)),
    ],
)
def test_who_cannot_speak_is_refused_with_the_reason(problem, name, arguments):
    standing = replace(EXPORTER, problem=problem, limit=7)
    refused = error(REGISTERED, act(standing, Milestone.SEALED, REGISTERED, detail=b"\x5e" * 32))
    assert (refused.error, refused.arguments) == (name, arguments)


def test_a_standing_tells_what_its_problem_means():
    assert EXPORTER.active
    assert EXPORTER.key_valid
    assert not UNKNOWN.active
    assert not UNKNOWN.key_valid
    assert not replace(EXPORTER, problem=Problem.EXPIRED).key_valid
    assert not replace(EXPORTER, problem=Problem.SUSPENDED).active


def test_a_key_signs_only_the_milestones_in_its_scope():
    listed = replace(EXPORTER, milestones=1 << Milestone.DELIVERED)
    assert error(REGISTERED, act(listed, Milestone.SEALED, REGISTERED)).error == "KeyOutOfScope"
    governs = replace(EXPORTER, scopes=Scope.GOVERN)
    assert error(REGISTERED, act(governs, Milestone.SEALED, REGISTERED)).error == "KeyOutOfScope"


def accepted_for_export() -> State:
    return REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.ACCEPTED))


def test_a_machines_key_assesses_green_and_nothing_else():
    machine = replace(CUSTOMS, scopes=Scope.AUTOMATION, milestones=0)
    state = accepted_for_export()
    assert error(state, act(machine, Milestone.SEALED, state)).error == "KeyOutOfScope"
    closed = act(machine, Milestone.ASSESSED, state, side=Side.EXPORT, detail=b"\x01" * 32)
    assert error(state, closed).error == "AutomationNotGreen"


def test_an_officers_key_that_does_not_list_the_milestone_is_held_to_green_by_its_automation():
    both = replace(
        CUSTOMS, scopes=Scope.MILESTONES | Scope.AUTOMATION, milestones=ALL_MILESTONES & ~(1 << Milestone.ASSESSED)
    )
    state = accepted_for_export()
    closed = act(both, Milestone.ASSESSED, state, side=Side.EXPORT, detail=b"\x01" * 32)
    assert error(state, closed).error == "AutomationNotGreen"


@given(st.integers(-1000, 1000))
def test_event_and_signature_may_lie_in_the_future_only_as_far_as_clocks_differ(seconds):
    for name, refusal in (("event_time", "EventInFuture"), ("signed_time", "SignedInFuture")):
        judged = registration(**{name: NOW + seconds})
        if seconds > CLOCK_TOLERANCE_SECONDS:
            assert error(None, judged).error == refusal
        else:
            assert apply(None, judged).position == 1


@given(st.integers(-1000, 1000))
def test_a_statement_counts_up_to_its_last_valid_second(seconds):
    judged = registration(valid_until=NOW + seconds)
    if seconds < 0:
        assert error(None, judged).error == "StatementExpired"
    else:
        assert apply(None, judged).position == 1


def test_a_hold_counts_whatever_the_head_is_and_once_of_each_member():
    held = act(AGENCY, Milestone.HELD)
    moved = apply(REGISTERED, act(EXPORTER, Milestone.SEALED, REGISTERED, detail=b"\x5e" * 32))
    for state in (REGISTERED, moved):
        after = apply(state, held)
        assert len(after.holds) == 1
        assert after.position == state.position + 1
        assert error(after, held).error == "AlreadyRecorded"


def test_no_statements_of_others_keep_a_hold_out():
    """Whatever others state first, the hold that was signed before still counts (design, decision 3)."""
    hold = act(AGENCY, Milestone.HELD)
    state = REGISTERED
    for number in range(20):
        seal = bytes([number + 1]) * 32
        state = apply(state, act(EXPORTER, Milestone.SEALED, state, detail=seal))
        state = apply(state, act(EXPORTER, Milestone.UNSEALED, state, detail=seal, terms=b"\1" + bytes(31)))
        assert (hold.digest, AGENCY.address) in apply(state, hold).holds


def test_an_observation_changes_nothing_and_counts_once():
    observed = act(CARRIER, Milestone.OBSERVED, commitment=b"\xe1" * 32)
    after = apply(REGISTERED, observed)
    assert after == REGISTERED
    assert error(after, observed).error == "AlreadyRecorded"


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.final], ids=lambda phase: phase.label)
@pytest.mark.parametrize("milestone", list(Milestone), ids=lambda milestone: milestone.label)
def test_after_the_end_there_are_only_corrections_and_observations(phase, milestone):
    ended = replace(REGISTERED, phase=phase)
    terms = b"\x01" * 32 if milestone is Milestone.CORRECTED else ZERO32
    side = Side.EXPORT if milestone in SIDED else Side.NONE
    if milestone in (Milestone.CORRECTED, Milestone.OBSERVED):
        assert apply(ended, act(EXPORTER, milestone, ended, terms=terms)).phase is phase
    elif milestone is not Milestone.REGISTERED:
        refused = error(ended, act(EXPORTER, milestone, ended, side=side))
        assert (refused.error, refused.arguments) == ("PhaseForbids", (milestone, phase))


SIDED = frozenset(
    {Milestone.APPOINTED, Milestone.APPOINTMENT_REVOKED, Milestone.REFUSED}
    | set(range(Milestone.DECLARED, Milestone.RELEASED + 1))
    | set(range(Milestone.RETURNED, Milestone.ABANDONED + 1))
)


def test_a_channel_is_opened_only_by_what_the_assessment_committed_to():
    state = REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.ASSESSED, assessment=b"\x01" * 32))
    released = {"side": Side.EXPORT, "terms": channel_terms(1)}
    without = act(CUSTOMS, Milestone.RELEASED, state, **released)
    wrong = act(CUSTOMS, Milestone.RELEASED, state, **released, opening=Opening(b"\x02" * 32, b"\x03" * 32))
    for judged in (without, wrong):
        assert error(state, judged).error == "OpeningInvalid"


def test_goods_do_not_leave_the_import_country():
    state = replace(REGISTERED, location="NL")
    leaving = act(EXPORTER, Milestone.DEPARTED, state, terms=leg_terms("NL", "SG"))
    assert error(state, leaving).error == "ImportCountryNotLeft"


def test_a_domestic_leg_needs_no_release():
    state = apply(REGISTERED, act(EXPORTER, Milestone.DEPARTED, REGISTERED, terms=leg_terms("KR", "KR")))
    assert (state.phase, state.destination) == (Phase.MOVING, "KR")
    elsewhere = act(EXPORTER, Milestone.ARRIVED, state, terms=country_terms("SG"))
    assert error(state, elsewhere).error == "ArrivalElsewhere"


@pytest.mark.parametrize(
    ("terms", "name"),
    [
        (b"KRNL" + bytes(2) + b"SG" + bytes(24), "CountryInvalid"),
        (b"krnl" + bytes(28), "CountryInvalid"),
        (b"KR" + bytes(30), "CountryInvalid"),
        (b"KRNLKR" + bytes(26), "CountryRepeated"),
        (b"KRKR" + bytes(28), "CountryRepeated"),
        (b"KRNL" + b"AABBCCDDEEFF" + b"GG" + bytes(14), "TermsInvalid"),
        (b"\xff\xfeNL" + bytes(28), "CountryInvalid"),
    ],
)
def test_a_route_that_is_none_is_refused(terms, name):
    judged = act(EXPORTER, Milestone.REGISTERED, terms=terms, detail=UCR)
    assert error(None, judged).error == name


@given(st.binary(min_size=32, max_size=32), st.sampled_from(list(Milestone)), st.sampled_from(list(Side)))
def test_whatever_is_stated_is_judged_and_never_crashes(terms, milestone, side):
    for standing in (EXPORTER, CUSTOMS, AGENCY, CARRIER):
        for state in (None, REGISTERED):
            judged = act(standing, milestone, state, terms=terms, side=side, named=CARRIER)
            try:
                after = apply(state, judged)
            except RuleRefused:
                continue
            assert after.position in (1, 2)


RED = Opening(b"\x0b" * 32, b"\x0d" * 32)
ASSESSED_RED = blinded_commitment(assessment_commitment(Channel.RED, RED.reasons_digest), RED.blind)


def stop(state: State, **fields) -> State:
    judged = act(CUSTOMS, Milestone.STOPPED, state, side=Side.EXPORT, terms=channel_terms(Channel.RED), **fields)
    return apply(state, judged)


def test_a_stop_opens_red_where_it_knows_the_assessment():
    state = REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.ASSESSED, assessment=ASSESSED_RED))
    side = stop(state, opening=RED).export_side
    assert (side.stopped, side.channel) == (True, Channel.RED)


def test_a_stop_stands_and_opens_nothing_where_the_assessment_is_gone():
    """Who amends a declaration before the stop arrives does not keep it out."""
    state = REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.DECLARED))
    for opening in (RED, None):
        side = stop(state, opening=opening).export_side
        assert (side.stopped, side.channel) == (True, Channel.CLOSED)


def test_a_stop_names_no_other_channel_than_red():
    judged = act(CUSTOMS, Milestone.STOPPED, side=Side.EXPORT, terms=channel_terms(Channel.GREEN))
    assert error(REGISTERED, judged).error == "ChannelForbids"


ENDS = (Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.label)
def test_refused_goods_come_to_an_end_only_where_the_authority_has_them(end):
    refused = REGISTERED.with_side(Side.IMPORT, SideState(clearance=Clearance.REFUSED))
    here, moving = replace(refused, location="NL"), replace(refused, location="NL", phase=Phase.MOVING)
    assert error(refused, act(CUSTOMS_NL, end, refused, side=Side.IMPORT)).error == "LocationMismatch"
    assert error(moving, act(CUSTOMS_NL, end, moving, side=Side.IMPORT)).error == "PhaseForbids"
    for phase in (Phase.AT_REST, Phase.REMOVED):
        state = replace(here, phase=phase)
        assert apply(state, act(CUSTOMS_NL, end, state, side=Side.IMPORT)).phase.label == end.label


def test_goods_that_were_removed_are_inspected_too():
    state = replace(REGISTERED, location="NL", phase=Phase.REMOVED)
    state = state.with_side(Side.IMPORT, SideState(clearance=Clearance.RELEASED, stopped=True))
    judged = act(CUSTOMS_NL, Milestone.INSPECTED, state, side=Side.IMPORT, terms=inspection_terms(1))
    assert not apply(state, judged).import_side.stopped


MACHINE = replace(CUSTOMS, scopes=Scope.AUTOMATION, milestones=0)
GREEN = Opening(b"\x0e" * 32, b"\x0f" * 32)
ASSESSED_GREEN = blinded_commitment(assessment_commitment(Channel.GREEN, GREEN.reasons_digest), GREEN.blind)


def test_a_machine_does_not_assess_again_what_was_assessed():
    fields = {"side": Side.EXPORT, "detail": ASSESSED_GREEN, "terms": channel_terms(Channel.GREEN), "opening": GREEN}
    accepted = accepted_for_export()
    assert apply(accepted, act(MACHINE, Milestone.ASSESSED, accepted, **fields)).export_side.channel is Channel.GREEN
    by_officer = SideState(clearance=Clearance.ASSESSED, assessment=ASSESSED_RED, channel=Channel.RED)
    assessed = REGISTERED.with_side(Side.EXPORT, by_officer)
    assert error(assessed, act(MACHINE, Milestone.ASSESSED, assessed, **fields)).error == "ClearanceForbids"
    assert apply(assessed, act(CUSTOMS, Milestone.ASSESSED, assessed, **fields)).export_side.channel is Channel.GREEN


def test_a_machine_overturns_no_refusal():
    refused = REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.REFUSED, channel=Channel.GREEN))
    appeal = {"side": Side.EXPORT, "terms": appeal_terms()}
    assert error(refused, act(MACHINE, Milestone.RELEASED, refused, **appeal)).error == "KeyOutOfScope"
    released = apply(refused, act(CUSTOMS, Milestone.RELEASED, refused, **appeal))
    assert released.export_side.clearance is Clearance.RELEASED


def on_the_way(location: str, **fields) -> State:
    state = replace(REGISTERED, location=location, transit={"SG": True}, **fields)
    return state.with_side(Side.EXPORT, SideState(clearance=Clearance.RELEASED))


@pytest.mark.parametrize(
    ("side", "name"),
    [(SideState(stopped=True), "StopPending"), (SideState(clearance=Clearance.REFUSED), "SideRefused")],
    ids=["stopped", "refused"],
)
def test_a_side_keeps_goods_in_its_own_country_only(side, name):
    for_import = on_the_way("KR").with_side(Side.IMPORT, side)
    for location in ("KR", "SG"):
        state = replace(for_import, location=location)
        leaving = act(EXPORTER, Milestone.DEPARTED, state, terms=leg_terms(location, "NL"))
        assert apply(state, leaving).phase is Phase.MOVING
    for_export = on_the_way("KR").with_side(Side.EXPORT, side)
    assert error(for_export, act(EXPORTER, Milestone.DEPARTED, for_export, terms=leg_terms("KR", "NL"))).error == name
    there = replace(for_import, location="NL")
    for milestone, terms in ((Milestone.DEPARTED, leg_terms("NL", "NL")), (Milestone.REMOVED, ZERO32)):
        assert error(there, act(EXPORTER, milestone, there, terms=terms)).error == name


def test_a_hold_keeps_goods_everywhere():
    for location in ("KR", "SG", "NL"):
        held = on_the_way(location, holds=frozenset({(b"\x01" * 32, AGENCY.address)}))
        leaving = act(EXPORTER, Milestone.DEPARTED, held, terms=leg_terms(location, "NL"))
        assert error(held, leaving).error == "ConsignmentHeld"


def test_what_is_stopped_or_refused_for_import_can_still_be_cancelled_at_home():
    for side in (SideState(stopped=True), SideState(clearance=Clearance.REFUSED)):
        abroad = REGISTERED.with_side(Side.IMPORT, side)
        assert apply(abroad, act(EXPORTER, Milestone.CANCELLED, abroad)).phase is Phase.CANCELLED
        at_home = REGISTERED.with_side(Side.EXPORT, side)
        assert error(at_home, act(EXPORTER, Milestone.CANCELLED, at_home)).error in {"StopPending", "SideRefused"}


def test_what_was_removed_is_delivered_only_while_import_is_released():
    removed = replace(REGISTERED, phase=Phase.REMOVED, location="NL", holder=IMPORTER.address)
    removed = replace(removed, importer=IMPORTER.address)
    for side, name in (
        (SideState(clearance=Clearance.RELEASED, stopped=True), "StopPending"),
        (SideState(clearance=Clearance.REFUSED), "SideRefused"),
        (SideState(clearance=Clearance.ASSESSED), "ReleaseMissing"),
    ):
        state = removed.with_side(Side.IMPORT, side)
        assert error(state, act(IMPORTER, Milestone.DELIVERED, state)).error == name
    state = removed.with_side(Side.IMPORT, SideState(clearance=Clearance.RELEASED))
    state = state.with_side(Side.EXPORT, SideState(clearance=Clearance.REFUSED))
    assert apply(state, act(IMPORTER, Milestone.DELIVERED, state)).phase is Phase.DELIVERED


def test_an_export_stop_does_not_keep_goods_from_being_removed_abroad():
    state = on_the_way("NL").with_side(Side.EXPORT, SideState(stopped=True))
    state = state.with_side(Side.IMPORT, SideState(clearance=Clearance.RELEASED))
    assert apply(state, act(EXPORTER, Milestone.REMOVED, state)).phase is Phase.REMOVED


def test_the_hold_of_a_dismissed_member_is_lifted_by_the_authority_of_its_country():
    hold = act(AGENCY, Milestone.HELD)
    state = apply(REGISTERED, hold)
    dismissed = replace(AGENCY, problem=Problem.DISMISSED)

    def unheld(by: Standing, named: Standing, **fields) -> Act:
        fields = {"terms": hold.digest, "counterparty": named.address, **fields}
        return act(by, Milestone.UNHELD, state, named=named, **fields)

    assert not apply(state, unheld(CUSTOMS_NL, dismissed)).holds
    for suspended_or_well in (AGENCY, replace(AGENCY, problem=Problem.SUSPENDED)):
        assert error(state, unheld(CUSTOMS_NL, suspended_or_well)).error == "CounterpartyUnexpected"
    assert error(state, unheld(CUSTOMS, dismissed)).error == "OutsideJurisdiction"
    assert error(state, unheld(EXPORTER, dismissed)).error == "RoleNotFitting"
    unknown = error(state, unheld(CUSTOMS_NL, dismissed, terms=b"\x01" * 32))
    assert (unknown.error, unknown.arguments) == ("HoldUnknown", (AGENCY.number, b"\x01" * 32))
    own = act(CUSTOMS_NL, Milestone.UNHELD, state, terms=hold.digest)
    assert error(state, own).error == "HoldUnknown"


def test_an_authority_opens_a_seal_only_at_rest_and_the_holder_also_on_the_way():
    moving = replace(on_the_way("SG"), phase=Phase.MOVING, destination="NL", seal=b"\x5e" * 32)
    opened = {"detail": b"\x5e" * 32, "terms": unseal_terms(2)}
    assert error(moving, act(CUSTOMS_SG, Milestone.UNSEALED, moving, **opened)).error == "PhaseForbids"
    assert apply(moving, act(EXPORTER, Milestone.UNSEALED, moving, **opened)).seal == ZERO32


def test_an_offer_of_custody_does_not_outlive_the_departure():
    offered = replace(REGISTERED, offered_to=CARRIER.address)
    departed = apply(offered, act(EXPORTER, Milestone.DEPARTED, offered, terms=leg_terms("KR", "KR")))
    assert departed.offered_to == ZERO_ADDRESS


def test_where_an_opening_could_not_be_read_the_channel_named_counts_as_opened():
    state = REGISTERED.with_side(Side.EXPORT, SideState(clearance=Clearance.ASSESSED, assessment=ASSESSED_GREEN))
    named = act(CUSTOMS, Milestone.RELEASED, state, side=Side.EXPORT, terms=release_terms(Channel.GREEN))
    assert error(state, named).error == "OpeningInvalid"
    assert apply(state, replace(named, opening_known=False)).export_side.channel is Channel.GREEN
