"""Who may state a milestone: the words of the column *who* of docs/transitions.md, each with its meaning."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.chain.refusals import RuleRefused, require
from ledger.chain.state import Problem
from ledger.identity.milestones import Role, Side
from ledger.identity.statements import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.chain.state import Act, Standing, State

CUSTODY_ROLES: Final = (Role.EXPORTER, Role.CARRIER, Role.TERMINAL, Role.IMPORTER)
"""The roles in which a member may hold goods."""


class Who(Enum):
    """A word of the table's column *who*; the value is how the table writes it."""

    REGISTERING_EXPORTER = "exporter whose country is the export country"
    EXPORTER = "exporter"
    IMPORTER = "importer"
    SIDES_PARTY = "side's exporter or importer"
    HOLDER = "holder"
    EXPORTER_WHO_HOLDS = "exporter who is the holder"
    IMPORTER_WHO_HOLDS = "importer who is the holder"
    OFFERED = "offered"
    DECLARANT = "declarant"
    APPOINTED_DECLARANT = "declarant by appointment"
    AUTHORITY = "authority"
    AUTHORITY_HERE = "authority here"
    AUTHORITY_CONCERNED = "authority concerned"
    TRANSIT_AUTHORITY = "authority concerned, of a transit country"
    AGENCY_CONCERNED = "agency concerned"
    HOLD_SETTER = (
        "the member that set the hold; "
        "or, where it is dismissed and the counterparty names it, an authority of its country"
    )
    ANYONE = "any active member, in any role it holds"


def require_speaker(signer: Standing, key: str) -> None:
    """Refuse unless the key speaks for an active member now.

    Args:
        signer: the standing of the key.
        key: its address.

    Raises:
        RuleRefused: nobody has the key, it is not valid yet or no more, or its member is suspended or dismissed.
    """
    require(signer.problem is not Problem.UNKNOWN, "KeyUnknown", key)
    require(signer.problem is not Problem.NOT_YET_VALID, "KeyNotYetValid", key, signer.limit)
    require(signer.problem is not Problem.EXPIRED, "KeyExpired", key, signer.limit)
    require(signer.problem is not Problem.SUSPENDED, "MemberIsSuspended", signer.number)
    require(signer.problem is not Problem.DISMISSED, "MemberIsDismissed", signer.number)


def require_entitled(who: Iterable[Who], state: State, act: Act) -> None:
    """Refuse unless the signer, in the role it acts in, is one of ``who`` for this consignment.

    Raises:
        RuleRefused: no such role may state it, or this member may not.
    """
    role = act.statement.role
    fitting = [word for word in who if role in _roles(word, act)]
    require(fitting, "RoleNotFitting", act.milestone, role)
    refusals = [_refusal(word, state, act) for word in fitting]
    if all(refusals):
        raise next(refusal for refusal in refusals if refusal is not None)


def _refusal(word: Who, state: State, act: Act) -> RuleRefused | None:
    try:
        _CHECKS[word](state, act)
    except RuleRefused as refusal:
        return refusal
    return None


def _roles(word: Who, act: Act) -> tuple[Role, ...]:
    party = Role.EXPORTER if act.statement.side is Side.EXPORT else Role.IMPORTER
    if word is Who.SIDES_PARTY:
        return (party,)
    if word is Who.DECLARANT:
        return (party, Role.BROKER)
    if word is Who.HOLD_SETTER and act.statement.counterparty != ZERO_ADDRESS:
        return tuple(Role)  # whether the member named is one to speak for is asked before the role
    return _ROLES[word]


def _require_exporter(state: State, act: Act) -> None:
    require(act.signer.address == state.exporter, "NotParty", act.signer.number, Role.EXPORTER)


def _require_registering_exporter(state: State, act: Act) -> None:
    require_jurisdiction(act, state.export_country)


def _require_importer(state: State, act: Act) -> None:
    require(act.signer.address == state.importer, "NotParty", act.signer.number, Role.IMPORTER)


def _require_sides_party(state: State, act: Act) -> None:
    (_require_exporter if act.statement.side is Side.EXPORT else _require_importer)(state, act)


def _require_holder(state: State, act: Act) -> None:
    require(act.signer.address == state.holder, "NotHolder", act.signer.number, state.number(state.holder))


def _require_exporter_who_holds(state: State, act: Act) -> None:
    _require_exporter(state, act)
    _require_holder(state, act)


def _require_importer_who_holds(state: State, act: Act) -> None:
    _require_importer(state, act)
    _require_holder(state, act)


def _require_offered(state: State, act: Act) -> None:
    require(act.signer.address == state.offered_to, "NotOffered", act.signer.number, state.number(state.offered_to))


def _require_declarant(state: State, act: Act) -> None:
    if act.statement.role is not Role.BROKER:
        return _require_sides_party(state, act)
    side = act.statement.side
    return require(act.signer.address == state.side(side).declarant, "NotDeclarant", act.signer.number, side)


def _require_appointed_declarant(state: State, act: Act) -> None:
    brokers = (state.export_side.declarant, state.import_side.declarant)
    require(act.signer.address in brokers, "NotDeclarant", act.signer.number, Side.NONE)


def require_jurisdiction(act: Act, country: str) -> None:
    """Refuse unless the signer is of ``country``."""
    require(act.signer.country == country, "OutsideJurisdiction", act.signer.number, act.signer.country, country)


def _require_sides_authority(state: State, act: Act) -> None:
    require_jurisdiction(act, state.country_of(act.statement.side))


def _require_authority_here(state: State, act: Act) -> None:
    require_jurisdiction(act, state.location)


def _require_concerned(state: State, act: Act) -> None:
    require(state.concerns(act.signer.country), "NotConcerned", act.signer.number, act.signer.country)


def hold_lifted(act: Act) -> tuple[bytes, str]:
    """The hold that a statement *unheld* lifts: the signer's own, or that of the dismissed member that it names."""
    named = act.statement.counterparty
    return act.statement.terms, act.signer.address if named == ZERO_ADDRESS else named


def _require_hold_setter(state: State, act: Act) -> None:
    setter = act.signer
    if act.statement.counterparty != ZERO_ADDRESS:
        setter = act.counterparty
        _require_orphaned(act)
    require(hold_lifted(act) in state.holds, "HoldUnknown", setter.number, act.statement.terms)


def _require_orphaned(act: Act) -> None:
    """Refuse unless an authority names a member of its country that was dismissed."""
    setter, role = act.counterparty, act.statement.role
    require(setter.problem is Problem.DISMISSED, "CounterpartyUnexpected", act.statement.counterparty)
    require(role is Role.AUTHORITY, "RoleNotFitting", act.milestone, role)
    require_jurisdiction(act, setter.country)


def _require_nothing(state: State, act: Act) -> None:
    """The role held is checked for every statement."""


_ROLES: Final[dict[Who, tuple[Role, ...]]] = {
    Who.REGISTERING_EXPORTER: (Role.EXPORTER,),
    Who.EXPORTER: (Role.EXPORTER,),
    Who.IMPORTER: (Role.IMPORTER,),
    Who.HOLDER: CUSTODY_ROLES,
    Who.EXPORTER_WHO_HOLDS: (Role.EXPORTER,),
    Who.IMPORTER_WHO_HOLDS: (Role.IMPORTER,),
    Who.OFFERED: CUSTODY_ROLES,
    Who.APPOINTED_DECLARANT: (Role.BROKER,),
    Who.AUTHORITY: (Role.AUTHORITY,),
    Who.AUTHORITY_HERE: (Role.AUTHORITY,),
    Who.AUTHORITY_CONCERNED: (Role.AUTHORITY,),
    Who.TRANSIT_AUTHORITY: (Role.AUTHORITY,),
    Who.AGENCY_CONCERNED: (Role.AGENCY,),
    Who.HOLD_SETTER: (Role.AUTHORITY, Role.AGENCY),
    Who.ANYONE: tuple(Role),
}

_CHECKS: Final[dict[Who, Callable[[State, Act], None]]] = {
    Who.REGISTERING_EXPORTER: _require_registering_exporter,
    Who.EXPORTER: _require_exporter,
    Who.IMPORTER: _require_importer,
    Who.SIDES_PARTY: _require_sides_party,
    Who.HOLDER: _require_holder,
    Who.EXPORTER_WHO_HOLDS: _require_exporter_who_holds,
    Who.IMPORTER_WHO_HOLDS: _require_importer_who_holds,
    Who.OFFERED: _require_offered,
    Who.DECLARANT: _require_declarant,
    Who.APPOINTED_DECLARANT: _require_appointed_declarant,
    Who.AUTHORITY: _require_sides_authority,
    Who.AUTHORITY_HERE: _require_authority_here,
    Who.AUTHORITY_CONCERNED: _require_concerned,
    Who.TRANSIT_AUTHORITY: _require_concerned,
    Who.AGENCY_CONCERNED: _require_concerned,
    Who.HOLD_SETTER: _require_hold_setter,
    Who.ANYONE: _require_nothing,
}
