"""The rules for parties, seals, custody and movement (docs/transitions.md, rows 1 to 12 and 31 to 34).

Each function is one row's columns *needs* and *effect*: it takes the state and the act, and returns the new state or
raises :class:`~ledger.chain.refusals.RuleRefused`. Position and head are not theirs to change.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ledger.chain.entitlement import CUSTODY_ROLES, require_jurisdiction
from ledger.chain.refusals import require
from ledger.chain.state import NO_COUNTRY, Problem, State
from ledger.identity.milestones import Clearance, Phase, Role, Side, UnsealReason
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, consignment_id
from ledger.identity.terms import MAX_TRANSIT_COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.chain.state import Act


def newborn(act: Act) -> State:
    """The consignment that a registration describes, before anything about it is checked but its countries."""
    export_country, import_country, *transit = _countries(act)
    return State(
        consignment=act.statement.consignment,
        exporter=act.signer.address,
        export_country=export_country,
        import_country=import_country,
        holder=act.signer.address,
        location=export_country,
        transit=MappingProxyType(dict.fromkeys(transit, False)),
    )


def registered(state: State, act: Act) -> State:
    """Row 1: the id is bound to the exporter, the importer is one if named."""
    statement = act.statement
    expected = consignment_id(act.signer.address, statement.detail)
    require(statement.consignment == expected, "ConsignmentIdInvalid", expected, statement.consignment)
    if statement.counterparty == ZERO_ADDRESS:
        return state
    _require_partner(act, state.import_country, Role.IMPORTER)
    return replace(state, importer=statement.counterparty)


def importer_named(state: State, act: Act) -> State:
    """Row 2: once, where the registration named none."""
    require(state.importer == ZERO_ADDRESS, "ImporterAlreadyNamed", state.number(state.importer))
    _require_partner(act, state.import_country, Role.IMPORTER)
    return replace(state, importer=act.statement.counterparty)


def transit_added(state: State, act: Act) -> State:
    """Row 3: a further country on the way."""
    country = one_country(act)
    require(not state.concerns(country), "CountryRepeated", country)
    require(len(state.transit) < MAX_TRANSIT_COUNTRIES, "TransitCountriesFull", MAX_TRANSIT_COUNTRIES)
    return replace(state, transit=MappingProxyType({**state.transit, country: False}))


def transit_passed(state: State, act: Act) -> State:
    """Row 31: the authority of a transit country lets the goods pass."""
    country = one_country(act)
    require(country in state.transit, "TransitUnknown", country)
    require_jurisdiction(act, country)
    require(not state.transit[country], "TransitAlreadyPassed", country)
    return replace(state, transit=MappingProxyType({**state.transit, country: True}))


def appointed(state: State, act: Act) -> State:
    """Row 4: a broker of the side's country declares for its exporter or importer."""
    side = act.statement.side
    _require_partner(act, state.country_of(side), Role.BROKER)
    return state.with_side(side, replace(state.side(side), declarant=act.statement.counterparty))


def appointment_revoked(state: State, act: Act) -> State:
    """Row 5."""
    side = act.statement.side
    declarant, named = state.side(side).declarant, act.statement.counterparty
    require(named == declarant != ZERO_ADDRESS, "NotAppointed", named, state.number(declarant))
    return state.with_side(side, replace(state.side(side), declarant=ZERO_ADDRESS))


def sealed(state: State, act: Act) -> State:
    """Row 6."""
    require_phase(state, act, Phase.AT_REST)
    require(state.seal == ZERO32, "SealPresent", state.seal)
    require(act.statement.detail != ZERO32, "DetailMissing", act.milestone)
    return replace(state, seal=act.statement.detail)


def unsealed(state: State, act: Act) -> State:
    """Row 7: a broken or changed seal needs this statement, which says why; an authority opens what is at rest."""
    if act.statement.role is Role.AUTHORITY:
        require_phase(state, act, Phase.AT_REST)
    require(state.seal != ZERO32, "SealAbsent")
    _require_seal(state, act)
    require_number(act, UnsealReason)
    return replace(state, seal=ZERO32)


def handover_offered(state: State, act: Act) -> State:
    """Row 8."""
    require_phase(state, act, Phase.AT_REST, Phase.REMOVED)
    require(act.statement.counterparty != act.signer.address, "CounterpartyIsSigner", act.statement.counterparty)
    _require_partner(act, NO_COUNTRY, *CUSTODY_ROLES)
    return replace(state, offered_to=act.statement.counterparty)


def handover_accepted(state: State, act: Act) -> State:
    """Row 9: who takes the goods over vouches for the seal."""
    require_phase(state, act, Phase.AT_REST, Phase.REMOVED)
    _require_seal(state, act)
    return replace(state, holder=act.signer.address, offered_to=ZERO_ADDRESS)


def handover_declined(state: State, act: Act) -> State:  # noqa: ARG001  # every rule has the same two arguments
    """Row 10: by whom it was offered to, or taken back by the holder."""
    require(state.offered_to != ZERO_ADDRESS, "OfferMissing")
    return replace(state, offered_to=ZERO_ADDRESS)


def departed(state: State, act: Act) -> State:
    """Row 11: nothing leaves a country that has not let it go."""
    require_phase(state, act, Phase.AT_REST)
    _require_free_here(state)
    origin, destination = _countries_exactly(act, 2)
    require(origin == state.location, "LocationMismatch", state.location, origin)
    require(state.concerns(destination), "CountryNotConcerned", destination)
    _require_seal(state, act)
    if destination != origin:
        _require_leave(state, origin)
    return replace(state, phase=Phase.MOVING, destination=destination, departed=True, offered_to=ZERO_ADDRESS)


def arrived(state: State, act: Act) -> State:
    """Row 12: at the destination, back where they left, or diverted to another country concerned."""
    require_phase(state, act, Phase.MOVING)
    country = one_country(act)
    domestic = state.destination == state.location
    expected = country in (state.destination, state.location) or (not domestic and state.concerns(country))
    require(expected, "ArrivalElsewhere", state.destination, country)
    _require_seal(state, act)
    return replace(state, phase=Phase.AT_REST, location=country, destination=NO_COUNTRY)


def removed(state: State, act: Act) -> State:
    """Row 32: out of customs control."""
    require_phase(state, act, Phase.AT_REST)
    require_location(state, state.import_country)
    require_free(state, Side.IMPORT)
    require_released(state, Side.IMPORT)
    _require_seal(state, act)
    return replace(state, phase=Phase.REMOVED)


def delivered(state: State, act: Act) -> State:  # every rule has the same two arguments
    """Row 33: what was removed may have been refused since."""
    require_phase(state, act, Phase.REMOVED)
    require_free(state, Side.IMPORT)
    require_released(state, Side.IMPORT)
    return replace(state, phase=Phase.DELIVERED)


def cancelled(state: State, act: Act) -> State:  # every rule has the same two arguments
    """Row 34: only what never left can be cancelled."""
    require_phase(state, act, Phase.AT_REST)
    require(not state.departed, "AlreadyDeparted")
    require_free(state, Side.EXPORT)
    return replace(state, phase=Phase.CANCELLED)


def require_phase(state: State, act: Act, *phases: Phase) -> None:
    """Refuse unless the goods are in one of ``phases``."""
    require(state.phase in phases, "PhaseForbids", act.milestone, state.phase)


def require_location(state: State, country: str) -> None:
    """Refuse unless the goods are in ``country``."""
    require(state.location == country, "LocationMismatch", state.location, country)


def require_released(state: State, side: Side) -> None:
    """Refuse unless ``side`` is released."""
    require(state.side(side).clearance is Clearance.RELEASED, "ReleaseMissing", state.country_of(side))


def require_not_held(state: State) -> None:
    """Refuse while a hold keeps the goods, whoever set it."""
    require(not state.holds, "ConsignmentHeld", len(state.holds))


def require_not_stopped(state: State, side: Side) -> None:
    """Refuse while a stop for inspection stands on ``side``."""
    require(not state.side(side).stopped, "StopPending", side)


def require_free(state: State, side: Side) -> None:
    """Refuse while a hold, or a stop or a refusal of ``side``, keeps the goods."""
    require_not_held(state)
    require_not_stopped(state, side)
    require(state.side(side).clearance is not Clearance.REFUSED, "SideRefused", side)


def one_country(act: Act) -> str:
    """The one country that the terms name; refused where they name none, or more than that."""
    return _countries_exactly(act, 1)[0]


def require_number(act: Act, allowed: Iterable[int]) -> None:
    """Refuse terms whose first byte is not one of ``allowed``, or that say more."""
    terms = act.statement.terms
    require(terms[0] in set(allowed) and terms[1:] == bytes(31), "TermsInvalid", act.milestone, terms)


def _require_free_here(state: State) -> None:
    """Refuse while a hold, or the side whose country the goods are in, keeps them; a transit country is no side's."""
    require_not_held(state)
    for side in (Side.EXPORT, Side.IMPORT):
        if state.location == state.country_of(side):
            require_free(state, side)


def _require_leave(state: State, origin: str) -> None:
    require(origin != state.import_country, "ImportCountryNotLeft", origin)
    if origin == state.export_country:
        require_released(state, Side.EXPORT)
    else:
        require(state.transit[origin], "TransitNotPassed", origin)


def _require_seal(state: State, act: Act) -> None:
    require(act.statement.detail == state.seal, "SealMismatch", state.seal, act.statement.detail)


def _require_active_partner(act: Act) -> None:
    problem = act.counterparty.problem
    require(problem is Problem.NONE, "CounterpartyNotActive", act.statement.counterparty, problem)


def _require_partner(act: Act, country: str, *roles: Role) -> None:
    _require_active_partner(act)
    partner = act.counterparty
    fit = any(partner.holds(role) for role in roles) and country in (partner.country, NO_COUNTRY)
    mask = sum(role.bit for role in roles)
    require(fit, "CounterpartyNotEligible", act.statement.counterparty, mask, country)


def _countries_exactly(act: Act, number: int) -> list[str]:
    terms = act.statement.terms
    require(terms[2 * number :] == bytes(32 - 2 * number), "TermsInvalid", act.milestone, terms)
    return [_country(terms[i : i + 2]) for i in range(0, 2 * number, 2)]


def _countries(act: Act) -> list[str]:
    """Export, import and transit countries: distinct, without a gap, nothing after them."""
    used = len(act.statement.terms.rstrip(b"\0"))
    number = max(2, (used + 1) // 2)
    require(number <= 2 + MAX_TRANSIT_COUNTRIES, "TermsInvalid", act.milestone, act.statement.terms)
    codes: list[str] = []
    for i in range(0, 2 * number, 2):
        code = _country(act.statement.terms[i : i + 2])
        require(code not in codes, "CountryRepeated", code)
        codes.append(code)
    return codes


def _country(code: bytes) -> str:
    require(code.isalpha() and code.isupper() and code.isascii(), "CountryInvalid", code)
    return code.decode("ascii")
