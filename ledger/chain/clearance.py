"""The rules for clearance, inspection, holds and refusal (docs/transitions.md, rows 13 to 30).

Each function is one row's columns *needs* and *effect*, as in :mod:`ledger.chain.goods`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.chain.entitlement import hold_lifted
from ledger.chain.goods import (
    require_location,
    require_not_held,
    require_not_stopped,
    require_number,
    require_phase,
)
from ledger.chain.refusals import require
from ledger.epcis.commitment import assessment_commitment, blinded_commitment
from ledger.identity.milestones import Channel, Clearance, Duties, InspectionResult, Phase, Side
from ledger.identity.statements import ZERO32
from ledger.identity.terms import opened_channel

if TYPE_CHECKING:
    from ledger.chain.state import Act, SideState, State
    from ledger.identity.signing import Opening


def declared(state: State, act: Act) -> State:
    """Row 13: before arrival too."""
    side = act.statement.side
    _require_clearance(state, act, Clearance.NONE, Clearance.REJECTED)
    return state.with_side(side, _as_declared(state.side(side)))


def amended(state: State, act: Act) -> State:
    """Row 16: the declaration begins anew."""
    side = act.statement.side
    _require_clearance(state, act, Clearance.DECLARED, Clearance.ACCEPTED, Clearance.ASSESSED)
    return state.with_side(side, _as_declared(state.side(side)))


def declaration_accepted(state: State, act: Act) -> State:
    """Row 14."""
    _require_clearance(state, act, Clearance.DECLARED)
    return _with(state, act, clearance=Clearance.ACCEPTED)


def declaration_rejected(state: State, act: Act) -> State:
    """Row 15."""
    _require_clearance(state, act, Clearance.DECLARED, Clearance.ACCEPTED)
    return _with(state, act, clearance=Clearance.REJECTED)


def documents_requested(state: State, act: Act) -> State:
    """Row 17."""
    _require_clearance(state, act, Clearance.ACCEPTED, Clearance.ASSESSED)
    _require_only_a_channel(act)
    return _with(state, act, channel=_opened(state, act, Channel.YELLOW), documents_pending=True)


def documents_received(state: State, act: Act) -> State:
    """Row 18."""
    require(state.side(act.statement.side).documents_pending, "DocumentsNotPending", act.statement.side)
    return _with(state, act, documents_pending=False)


def duties_settled(state: State, act: Act) -> State:
    """Row 19."""
    _require_clearance(state, act, Clearance.ACCEPTED, Clearance.ASSESSED)
    require_number(act, Duties)
    return _with(state, act, duties_met=True)


def assessed(state: State, act: Act) -> State:
    """Row 20: what is not green is opened later, so that nobody is warned; a machine does not assess again."""
    again = () if act.is_automatic else (Clearance.ASSESSED,)
    _require_clearance(state, act, Clearance.ACCEPTED, *again)
    require(act.statement.detail != ZERO32, "DetailMissing", act.milestone)
    _require_only_a_channel(act)
    channel = _opened(_with(state, act, assessment=act.statement.detail, channel=Channel.CLOSED), act, Channel.GREEN)
    _require_automation_is_green(act, channel)
    return _with(
        state,
        act,
        clearance=Clearance.ASSESSED,
        assessment=act.statement.detail,
        channel=channel,
        inspection=None,
    )


def stopped(state: State, act: Act) -> State:
    """Row 21: where nothing is assessed any more it opens nothing, and stands all the same."""
    _require_only_a_channel(act)
    side = state.side(act.statement.side)
    number = opened_channel(act.statement.terms)
    require(number in (Channel.CLOSED, Channel.RED), "ChannelForbids", act.milestone, number)
    channel = side.channel if side.assessment == ZERO32 else _opened(state, act, Channel.RED)
    return _with(state, act, channel=channel, stopped=True)


def inspected(state: State, act: Act) -> State:
    """Row 22: only where the goods are."""
    side = act.statement.side
    found = state.side(side)
    _require_clearance(state, act, *(set(Clearance) - {Clearance.NONE}))
    _require_at_hand(state, act)
    result = _inspection_result(act)
    channel = _opened(state, act, Channel.RED)
    still_stopped = found.stopped and result is InspectionResult.FAILED
    return _with(state, act, channel=channel, inspection=result, stopped=still_stopped)


def released(state: State, act: Act) -> State:
    """Row 23: by assessment, or on appeal after a refusal."""
    side = act.statement.side
    require_not_held(state)
    require_not_stopped(state, side)
    on_appeal = _is_appeal(act)
    require(not (on_appeal and act.is_automatic), "KeyOutOfScope", act.key, act.milestone)
    _require_clearance(state, act, Clearance.REFUSED if on_appeal else Clearance.ASSESSED)
    channel = _opened(state, act, Channel.GREEN, Channel.YELLOW, Channel.RED)
    _require_automation_is_green(act, channel)
    if not on_appeal:
        _require_releasable(state.side(side), side, channel)
    return _with(state, act, clearance=Clearance.RELEASED, channel=channel)


def held(state: State, act: Act) -> State:
    """Row 24."""
    return replace(state, holds=state.holds | {(act.digest, act.signer.address)})


def unheld(state: State, act: Act) -> State:
    """Row 25: the setter's own, or that of the dismissed member named."""
    return replace(state, holds=state.holds - {hold_lifted(act)})


def refused(state: State, act: Act) -> State:
    """Row 26."""
    _require_clearance(state, act, *(set(Clearance) - {Clearance.NONE, Clearance.REFUSED}))
    return _with(state, act, clearance=Clearance.REFUSED, stopped=False)


def returned(state: State, act: Act) -> State:
    """Row 27: what is held stays."""
    after = _ended(state, act, Phase.RETURNED)
    require_not_held(state)
    return after


def destroyed(state: State, act: Act) -> State:
    """Row 28."""
    return _ended(state, act, Phase.DESTROYED)


def seized(state: State, act: Act) -> State:
    """Row 29."""
    return _ended(state, act, Phase.SEIZED)


def abandoned(state: State, act: Act) -> State:
    """Row 30."""
    return _ended(state, act, Phase.ABANDONED)


def corrected(state: State, act: Act) -> State:
    """Row 35: points at what it corrects; erases nothing."""
    require(act.statement.terms != ZERO32, "TermsInvalid", act.milestone, ZERO32)
    return state


def opens(assessment: bytes, channel: int, opening: Opening | None) -> bool:
    """Whether blind and reasons open an assessment (its commitment, 32 bytes) as this channel."""
    return opening is not None and assessment == opened_assessment(channel, opening)


def opened_assessment(channel: int, opening: Opening) -> bytes:
    """The assessment (its commitment, 32 bytes) that blind and reasons open as this channel."""
    return blinded_commitment(assessment_commitment(channel, opening.reasons_digest), opening.blind)


def _require_clearance(state: State, act: Act, *allowed: Clearance) -> None:
    side = act.statement.side
    found = state.side(side).clearance
    require(found in allowed, "ClearanceForbids", act.milestone, side, found)


def _require_only_a_channel(act: Act) -> None:
    require(act.statement.terms[:31] == bytes(31), "TermsInvalid", act.milestone, act.statement.terms)


def _inspection_result(act: Act) -> InspectionResult:
    terms = act.statement.terms
    plain = terms[0] in set(InspectionResult) and terms[1:31] == bytes(30)
    require(plain, "TermsInvalid", act.milestone, terms)
    return InspectionResult(terms[0])


def _as_declared(side: SideState) -> SideState:
    return replace(
        side,
        clearance=Clearance.DECLARED,
        assessment=ZERO32,
        channel=Channel.CLOSED,
        documents_pending=False,
        duties_met=False,
        inspection=None,
    )


def _with(state: State, act: Act, **changes: object) -> State:
    side = act.statement.side
    return state.with_side(side, replace(state.side(side), **changes))  # type: ignore[arg-type]  # fields by name


def _opened(state: State, act: Act, *allowed: Channel) -> Channel:
    """The side's channel after this statement: as it was, or opened by it."""
    side = state.side(act.statement.side)
    number = opened_channel(act.statement.terms)
    if number == Channel.CLOSED:
        return side.channel
    require(number in allowed, "ChannelForbids", act.milestone, number)
    require(side.assessment != ZERO32, "AssessmentMissing", act.statement.side)
    require(_opens(side.assessment, number, act), "OpeningInvalid", act.statement.side, number)
    return Channel(number)


def _opens(assessment: bytes, channel: int, act: Act) -> bool:
    return not act.opening_known or opens(assessment, channel, act.opening)


def _require_automation_is_green(act: Act, channel: Channel) -> None:
    require(not act.is_automatic or channel is Channel.GREEN, "AutomationNotGreen", act.key, channel)


def _is_appeal(act: Act) -> bool:
    terms = act.statement.terms
    require(terms[0] in (0, 1) and terms[1:31] == bytes(30), "TermsInvalid", act.milestone, terms)
    return terms[0] == 1


def _require_releasable(state: SideState, side: Side, channel: Channel) -> None:
    require(channel is not Channel.CLOSED, "ChannelClosed", side)
    require(not state.documents_pending, "DocumentsPending", side)
    require(state.inspection is not InspectionResult.FAILED, "InspectionFailed", side)
    passed = state.inspection is InspectionResult.PASSED
    require(channel is not Channel.RED or passed, "InspectionMissing", side)
    require(side is Side.EXPORT or state.duties_met, "DutiesMissing", side)


def _ended(state: State, act: Act, phase: Phase) -> State:
    _require_clearance(state, act, Clearance.REFUSED)
    _require_at_hand(state, act)
    return replace(state, phase=phase)


def _require_at_hand(state: State, act: Act) -> None:
    """Refuse unless the goods are where the side's authority can lay hands on them."""
    require_phase(state, act, Phase.AT_REST, Phase.REMOVED)
    require_location(state, state.country_of(act.statement.side))
