"""A history put to the rules of docs/transitions.md once more, statement by statement.

A defect should be told once, by the rule that explains it best. So the rules judge each act as if what other checks
look at were in order: its key and member, its times, the head, the seal, custody and the country. What they still
refuse was never allowed: the goods or the clearance were not in the state for it, or the signer had no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.chain.clearance import opens
from ledger.chain.lifecycle import apply
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import UNKNOWN, Act, Problem
from ledger.identity.milestones import HEADLESS, Milestone, Role, Scope, Side
from ledger.identity.statements import MAX_TIME, ZERO32, ZERO_ADDRESS
from ledger.identity.terms import opened_channel
from ledger.store.blinds import AssessmentContent
from ledger.verify.case import CUSTODY_MILESTONES, SEAL_MILESTONES, names_channel
from ledger.verify.membership import in_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.chain.state import Standing, State
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry
    from ledger.verify.membership import Membership

_NAMES_RECORDED_SEAL: Final = SEAL_MILESTONES - {Milestone.SEALED}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement put to the rules.

    Attributes:
        entry: the statement.
        state: the state after it; None where it could not be read or judged, or was refused.
        refusal: why the rules refuse it, where they do.
        opening_known: whether what it opened a channel with is at hand, where it opened one. Where it is not, the
            contract's word for it is taken.
    """

    entry: Entry
    state: State | None
    refusal: RuleRefused | None = None
    opening_known: bool = True


def replay(case: Case, membership: Membership) -> Iterator[Step]:
    """Each statement, then each observation, as far as the rules can follow.

    It ends after a statement that could not be read or that the rules refuse: what follows depends on it. What stands
    before a registration, and a second one, it passes over. Observations move nothing, so they are judged last.
    """
    state: State | None = None
    for entry in case.sequence:
        if (state is None) != (entry.acceptance.milestone is Milestone.REGISTERED):
            continue
        step = _step(case, state, entry, membership)
        yield step
        if step.state is None:
            return
        state = step.state
    if state is not None:
        yield from (_step(case, state, entry, membership) for entry in case.observations if entry.position is None)


def _step(case: Case, state: State | None, entry: Entry, membership: Membership) -> Step:
    if entry.statement is None:
        return Step(entry, None)
    act = _act(entry, entry.statement, membership)
    if state is not None:
        state = replace(state, headless=state.headless - {(act.digest, act.signer.address)})
        act = _with_opening(case, state, entry, act)
    try:
        return Step(entry, apply(state, _in_order(state, act)), opening_known=act.opening_known)
    except RuleRefused as refusal:
        return Step(entry, None, refusal)


def _with_opening(case: Case, state: State, entry: Entry, act: Act) -> Act:
    """The same act with what it opened a channel with: from the assessment at hand, or found with the statement.

    The assessment's own blind settles what it can be opened as. What was found with the statement was signed by nobody,
    so that it counts where it opens the assessment, and is passed over where it does not.
    """
    statement = act.statement
    if not names_channel(statement):
        return act
    own = statement.milestone is Milestone.ASSESSED
    assessment = statement.detail if own else state.side(statement.side).assessment
    blind = case.openings.blinds.get(assessment)
    if blind is not None and blind.blinded == assessment and isinstance(blind.content, AssessmentContent):
        return replace(act, opening=blind.opening())
    if opens(assessment, opened_channel(statement.terms), entry.opening):
        return replace(act, opening=entry.opening)
    return replace(act, opening_known=assessment == ZERO32)


def _act(entry: Entry, statement: Statement, membership: Membership) -> Act:
    accepted = entry.acceptance
    named = statement.counterparty
    signer = membership.standing_of_key(accepted.key, accepted.moment)
    if signer.problem is Problem.UNKNOWN:
        signer = replace(signer, address=accepted.member, country=accepted.country)
    return Act(
        statement=statement,
        digest=accepted.digest,
        key=accepted.key,
        signer=signer,
        block_time=min(max(accepted.moment.time, 0), MAX_TIME),
        counterparty=UNKNOWN if named == ZERO_ADDRESS else membership.standing_of_member(named, accepted.moment),
    )


def _in_order(state: State | None, act: Act) -> Act:
    """The same act as if what other checks look at were in order."""
    return replace(act, statement=_statement_in_order(state, act), signer=_signer_in_order(state, act))


def _statement_in_order(state: State | None, act: Act) -> Statement:
    statement, now = act.statement, act.block_time
    statement = replace(
        statement,
        event_time=min(statement.event_time, now),
        signed_time=min(statement.signed_time, now),
        valid_until=max(statement.valid_until, now),
    )
    if state is None:
        return replace(statement, previous_head=ZERO32)
    if statement.milestone not in HEADLESS:
        statement = replace(statement, previous_head=state.head)
    if statement.milestone in _NAMES_RECORDED_SEAL and state.seal != ZERO32:
        statement = replace(statement, detail=state.seal)
    return statement


def _signer_in_order(state: State | None, act: Act) -> Standing:
    signer, statement = act.signer, act.statement
    if not in_scope(signer, statement.milestone):
        milestones = signer.milestones | 1 << statement.milestone
        signer = replace(signer, scopes=signer.scopes | Scope.MILESTONES, milestones=milestones)
    signer = replace(
        signer,
        number=max(signer.number, 1),
        roles=signer.roles | statement.role.bit,
        problem=Problem.NONE,
    )
    if state is not None and _breaks_custody(state, act):
        accepts = statement.milestone is Milestone.HANDOVER_ACCEPTED
        signer = replace(signer, address=state.offered_to if accepts else state.holder)
    if state is not None and _leaves_its_country(state, act):
        decides = state.location if statement.side is Side.NONE else state.country_of(statement.side)
        signer = replace(signer, country=decides)
    return signer


def _breaks_custody(state: State, act: Act) -> bool:
    if act.milestone not in CUSTODY_MILESTONES:
        return False
    if act.milestone is Milestone.HANDOVER_ACCEPTED:
        return act.signer.address != state.offered_to
    if act.milestone is Milestone.HANDOVER_DECLINED:
        return act.signer.address not in (state.holder, state.offered_to)
    return act.signer.address != state.holder


def _leaves_its_country(state: State, act: Act) -> bool:
    if act.statement.role not in (Role.AUTHORITY, Role.AGENCY):
        return False
    if act.statement.side is Side.NONE:
        return not state.concerns(act.signer.country)
    return act.signer.country != state.country_of(act.statement.side)
