"""The rules of a consignment's life, in Python: the table of docs/transitions.md, row by row.

It is written from that page and not from the contract: tests drive both with the same statements and compare refusals,
states and heads. :func:`apply` looks at nothing but its arguments, so a verifier can judge any statement of the past by
the standing and the block time of its own moment.

    state = None
    for act in acts:
        state = apply(state, act)      # raises RuleRefused, which names the contract's error
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain import clearance, goods
from ledger.chain.entitlement import Who, require_entitled, require_speaker
from ledger.chain.refusals import require
from ledger.identity.milestones import HEADLESS, Milestone, Scope, Side
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, next_head

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.chain.state import Act, Standing, State

CLOCK_TOLERANCE_SECONDS: Final = 300
"""How far event time and signed time may lie after the block's: clocks differ a little."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    Attributes:
        who: who may state it.
        effect: checks what it needs and returns the state after it.
        sided: whether it concerns one side.
        names_member: whether it may name a counterparty.
        has_terms: whether it may say something in clear.
    """

    who: tuple[Who, ...]
    effect: Callable[[State, Act], State]
    sided: bool = False
    names_member: bool = False
    has_terms: bool = False


def _keep(state: State, act: Act) -> State:  # noqa: ARG001  # every rule has the same two arguments
    return state


def _row(*who: Who, effect: Callable[[State, Act], State], takes: str = "") -> Rule:
    fields = takes.split()
    return Rule(who, effect, "side" in fields, "counterparty" in fields, "terms" in fields)


RULES: Final[Mapping[Milestone, Rule]] = MappingProxyType(
    {
        Milestone.REGISTERED: _row(Who.REGISTERING_EXPORTER, effect=goods.registered, takes="counterparty terms"),
        Milestone.IMPORTER_NAMED: _row(Who.EXPORTER, effect=goods.importer_named, takes="counterparty"),
        Milestone.TRANSIT_ADDED: _row(Who.HOLDER, Who.AUTHORITY_CONCERNED, effect=goods.transit_added, takes="terms"),
        Milestone.APPOINTED: _row(Who.SIDES_PARTY, effect=goods.appointed, takes="side counterparty"),
        Milestone.APPOINTMENT_REVOKED: _row(
            Who.SIDES_PARTY, effect=goods.appointment_revoked, takes="side counterparty"
        ),
        Milestone.SEALED: _row(Who.HOLDER, Who.AUTHORITY_HERE, effect=goods.sealed),
        Milestone.UNSEALED: _row(Who.HOLDER, Who.AUTHORITY_HERE, effect=goods.unsealed, takes="terms"),
        Milestone.HANDOVER_OFFERED: _row(Who.HOLDER, effect=goods.handover_offered, takes="counterparty"),
        Milestone.HANDOVER_ACCEPTED: _row(Who.OFFERED, effect=goods.handover_accepted),
        Milestone.HANDOVER_DECLINED: _row(Who.OFFERED, Who.HOLDER, effect=goods.handover_declined),
        Milestone.DEPARTED: _row(Who.HOLDER, effect=goods.departed, takes="terms"),
        Milestone.ARRIVED: _row(Who.HOLDER, effect=goods.arrived, takes="terms"),
        Milestone.DECLARED: _row(Who.DECLARANT, effect=clearance.declared, takes="side"),
        Milestone.DECLARATION_ACCEPTED: _row(Who.AUTHORITY, effect=clearance.declaration_accepted, takes="side"),
        Milestone.DECLARATION_REJECTED: _row(Who.AUTHORITY, effect=clearance.declaration_rejected, takes="side"),
        Milestone.AMENDED: _row(Who.DECLARANT, effect=clearance.amended, takes="side"),
        Milestone.DOCUMENTS_REQUESTED: _row(Who.AUTHORITY, effect=clearance.documents_requested, takes="side terms"),
        Milestone.DOCUMENTS_RECEIVED: _row(Who.AUTHORITY, effect=clearance.documents_received, takes="side"),
        Milestone.DUTIES_SETTLED: _row(Who.AUTHORITY, effect=clearance.duties_settled, takes="side terms"),
        Milestone.ASSESSED: _row(Who.AUTHORITY, effect=clearance.assessed, takes="side terms"),
        Milestone.STOPPED: _row(Who.AUTHORITY, effect=clearance.stopped, takes="side terms"),
        Milestone.INSPECTED: _row(Who.AUTHORITY, effect=clearance.inspected, takes="side terms"),
        Milestone.RELEASED: _row(Who.AUTHORITY, effect=clearance.released, takes="side terms"),
        Milestone.HELD: _row(Who.AUTHORITY_CONCERNED, Who.AGENCY_CONCERNED, effect=clearance.held),
        Milestone.UNHELD: _row(Who.HOLD_SETTER, effect=clearance.unheld, takes="counterparty terms"),
        Milestone.REFUSED: _row(Who.AUTHORITY, effect=clearance.refused, takes="side"),
        Milestone.RETURNED: _row(Who.AUTHORITY, effect=clearance.returned, takes="side"),
        Milestone.DESTROYED: _row(Who.AUTHORITY, effect=clearance.destroyed, takes="side"),
        Milestone.SEIZED: _row(Who.AUTHORITY, effect=clearance.seized, takes="side"),
        Milestone.ABANDONED: _row(Who.AUTHORITY, effect=clearance.abandoned, takes="side"),
        Milestone.TRANSIT_PASSED: _row(Who.TRANSIT_AUTHORITY, effect=goods.transit_passed, takes="terms"),
        Milestone.REMOVED: _row(Who.HOLDER, effect=goods.removed),
        Milestone.DELIVERED: _row(Who.IMPORTER_WHO_HOLDS, effect=goods.delivered),
        Milestone.CANCELLED: _row(Who.EXPORTER_WHO_HOLDS, effect=goods.cancelled),
        Milestone.CORRECTED: _row(
            Who.EXPORTER,
            Who.IMPORTER,
            Who.HOLDER,
            Who.APPOINTED_DECLARANT,
            Who.AUTHORITY_CONCERNED,
            Who.AGENCY_CONCERNED,
            effect=clearance.corrected,
            takes="terms",
        ),
        Milestone.OBSERVED: _row(Who.ANYONE, effect=_keep),
    }
)

_AFTER_THE_END: Final = frozenset({Milestone.CORRECTED, Milestone.OBSERVED})
_AUTOMATIC: Final = frozenset({Milestone.ASSESSED, Milestone.RELEASED})


def apply(state: State | None, act: Act) -> State:
    """The state after ``act``, if the rules allow it.

    The steps, in the order in which a refusal is looked for:

    1. the key may speak for an active member, in a role it holds, and this milestone is in its scope;
    2. the times are not in the future, and the statement has not expired;
    3. the consignment exists (or, for a registration, does not), and the statement builds on its head;
    4. the statement fills the fields that its milestone takes, and no others;
    5. the consignment's life has not ended;
    6. the signer is one of those who may state it;
    7. what the milestone needs is there; its effect follows.

    Args:
        state: the consignment's state, or ``None`` where it does not exist yet.
        act: the statement with the standing of its signer and counterparty at that moment.

    Raises:
        RuleRefused: the rules do not allow it; ``error`` is the name of the contract's error.
    """
    rule = RULES[act.milestone]
    _check_signer(act.signer, act)
    _check_times(act)
    _check_place_in_history(state, act)
    _check_fields(rule, act)
    before = goods.newborn(act) if state is None else state
    if before.phase.final:
        require(act.milestone in _AFTER_THE_END, "PhaseForbids", act.milestone, before.phase)
    require_entitled(rule.who, before, act)
    after = rule.effect(before, act)
    return _recorded(after, act)


def _check_signer(signer: Standing, act: Act) -> None:
    statement = act.statement
    require_speaker(signer, act.key)
    require(signer.holds(statement.role), "RoleNotHeld", signer.number, statement.role)
    require(_in_scope(signer, statement.milestone), "KeyOutOfScope", act.key, statement.milestone)


def _in_scope(signer: Standing, milestone: Milestone) -> bool:
    if signer.may_sign(milestone):
        return True
    return Scope.AUTOMATION in signer.scopes and milestone in _AUTOMATIC


def _check_times(act: Act) -> None:
    statement, now = act.statement, act.block_time
    require(statement.event_time <= now + CLOCK_TOLERANCE_SECONDS, "EventInFuture", statement.event_time, now)
    require(statement.signed_time <= now + CLOCK_TOLERANCE_SECONDS, "SignedInFuture", statement.signed_time, now)
    require(now <= statement.valid_until, "StatementExpired", statement.valid_until, now)


def _check_place_in_history(state: State | None, act: Act) -> None:
    statement = act.statement
    registers = statement.milestone is Milestone.REGISTERED
    require(not registers or state is None, "ConsignmentExists", statement.consignment)
    require(registers or state is not None, "ConsignmentUnknown", statement.consignment)
    head, headless = (ZERO32, frozenset[tuple[bytes, str]]()) if state is None else (state.head, state.headless)
    if statement.milestone in HEADLESS:
        require((act.digest, act.signer.address) not in headless, "AlreadyRecorded", act.digest)
    else:
        require(statement.previous_head == head, "StaleHead", head, statement.previous_head)


def _check_fields(rule: Rule, act: Act) -> None:
    statement = act.statement
    require((statement.side is not Side.NONE) == rule.sided, "SideInvalid", act.milestone, statement.side)
    require(
        rule.names_member or statement.counterparty == ZERO_ADDRESS, "CounterpartyUnexpected", statement.counterparty
    )
    require(rule.has_terms or statement.terms == ZERO32, "TermsInvalid", act.milestone, statement.terms)


def _recorded(state: State, act: Act) -> State:
    headless = state.headless | {(act.digest, act.signer.address)} if act.milestone in HEADLESS else state.headless
    numbers = {
        **state.numbers,
        act.signer.address: act.signer.number,
        act.counterparty.address: act.counterparty.number,
    }
    if act.milestone is Milestone.OBSERVED:
        return replace(state, headless=headless)
    head = next_head(state.head, act.digest, act.key)
    return replace(state, headless=headless, numbers=MappingProxyType(numbers), position=state.position + 1, head=head)
