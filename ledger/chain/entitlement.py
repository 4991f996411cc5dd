"""Who may state a milestone: the words of the column *who* of docs/transitions.md, each with its meaning."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Role, Side
from ledger.identity.statements import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.chain.state import Act, State

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
    HOLD_SETTER = "the member that set the hold"
    ANYONE = "any active member, in any role it holds"


def entitled(who: Iterable[Who], state: State, act: Act) -> bool:
    """Whether the signer, in the role acted in, is one of ``who`` for this consignment."""
    return any(_MEANING[word](state, act) for word in who)


def _is_exporter(state: State, act: Act) -> bool:
    return act.statement.role is Role.EXPORTER and act.signer.address == state.exporter


def _is_registering_exporter(state: State, act: Act) -> bool:
    return _is_exporter(state, act) and act.signer.country == state.export_country


def _is_importer(state: State, act: Act) -> bool:
    return act.statement.role is Role.IMPORTER and act.signer.address == state.importer


def _is_sides_party(state: State, act: Act) -> bool:
    return _is_exporter(state, act) if act.statement.side is Side.EXPORT else _is_importer(state, act)


def _is_holder(state: State, act: Act) -> bool:
    return act.statement.role in CUSTODY_ROLES and act.signer.address == state.holder


def _is_offered(state: State, act: Act) -> bool:
    return act.statement.role in CUSTODY_ROLES and act.signer.address == state.offered_to


def _is_declarant(state: State, act: Act) -> bool:
    return _is_sides_party(state, act) or _is_broker_of(act.statement.side, state, act)


def _is_broker_of(side: Side, state: State, act: Act) -> bool:
    return act.statement.role is Role.BROKER and act.signer.address == state.side(side).declarant != ZERO_ADDRESS


def _is_appointed_declarant(state: State, act: Act) -> bool:
    return any(_is_broker_of(side, state, act) for side in (Side.EXPORT, Side.IMPORT))


def _is_sides_authority(state: State, act: Act) -> bool:
    return act.statement.role is Role.AUTHORITY and act.signer.country == state.country_of(act.statement.side)


def _is_authority_here(state: State, act: Act) -> bool:
    return act.statement.role is Role.AUTHORITY and act.signer.country == state.location


def _is_authority_concerned(state: State, act: Act) -> bool:
    return act.statement.role is Role.AUTHORITY and state.concerns(act.signer.country)


def _is_transit_authority(state: State, act: Act) -> bool:
    return act.statement.role is Role.AUTHORITY and act.signer.country in state.transit


def _is_agency_concerned(state: State, act: Act) -> bool:
    return act.statement.role is Role.AGENCY and state.concerns(act.signer.country)


def _set_the_hold(state: State, act: Act) -> bool:
    return act.statement.role in (Role.AUTHORITY, Role.AGENCY) and act.signer.address == state.holds.get(
        act.statement.terms
    )


_MEANING: Final[dict[Who, Callable[[State, Act], bool]]] = {
    Who.REGISTERING_EXPORTER: _is_registering_exporter,
    Who.EXPORTER: _is_exporter,
    Who.IMPORTER: _is_importer,
    Who.SIDES_PARTY: _is_sides_party,
    Who.HOLDER: _is_holder,
    Who.EXPORTER_WHO_HOLDS: lambda state, act: _is_exporter(state, act) and _is_holder(state, act),
    Who.IMPORTER_WHO_HOLDS: lambda state, act: _is_importer(state, act) and _is_holder(state, act),
    Who.OFFERED: _is_offered,
    Who.DECLARANT: _is_declarant,
    Who.APPOINTED_DECLARANT: _is_appointed_declarant,
    Who.AUTHORITY: _is_sides_authority,
    Who.AUTHORITY_HERE: _is_authority_here,
    Who.AUTHORITY_CONCERNED: _is_authority_concerned,
    Who.TRANSIT_AUTHORITY: _is_transit_authority,
    Who.AGENCY_CONCERNED: _is_agency_concerned,
    Who.HOLD_SETTER: _set_the_hold,
    Who.ANYONE: lambda state, act: True,  # noqa: ARG005  # the role held is checked for every statement
}
