"""The rules for parties, seals, custody and movement (docs/transitions.md, rows 1 to 12 and 31 to 34).

Each function is one row's columns *needs* and *effect*: it takes the state and the act, and returns the new state or
raises :class:`~ledger.chain.refusals.RuleRefused`. Position and head are not theirs to change.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ledger.chain.entitlement import CUSTODY_ROLES
from ledger.chain.refusals import require
from ledger.chain.state import NO_COUNTRY, State
from ledger.identity.milestones import Clearance, Phase, Role, Side, UnsealReason
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, consignment_id
from ledger.identity.terms import MAX_TRANSIT_COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.chain.state import Act, Standing


def newborn(act: Act) -> State:
    """The consignment that a registration describes, before anything about it is checked but its countries."""
    codes = _countries(act.statement.terms)
    export_country, import_country, *transit = codes
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
    require(statement.consignment == expected, "WrongConsignmentId", expected, statement.consignment)
    if statement.counterparty == ZERO_ADDRESS:
        return state
    _require_partner(act, Role.IMPORTER, state.import_country)
    return replace(state, importer=statement.counterparty)


def importer_named(state: State, act: Act) -> State:
    """Row 2: once, where the registration named none."""
    require(state.importer == ZERO_ADDRESS, "ImporterAlreadyNamed", state.importer)
    _require_partner(act, Role.IMPORTER, state.import_country)
    return replace(state, importer=act.statement.counterparty)


def transit_added(state: State, act: Act) -> State:
    """Row 3: a further country on the way."""
    country = one_country(act)
    require(not state.concerns(country), "CountryAlreadyConcerned", country)
    require(len(state.transit) < MAX_TRANSIT_COUNTRIES, "TooManyTransitCountries")
    return replace(state, transit=MappingProxyType({**state.transit, country: False}))


def transit_passed(state: State, act: Act) -> State:
    """Row 31: the authority of a transit country lets the goods pass."""
    country = one_country(act)
    require(not state.transit[country], "TransitAlreadyPassed", country)
    return replace(state, transit=MappingProxyType({**state.transit, country: True}))


def appointed(state: State, act: Act) -> State:
    """Row 4: a broker of the side's country declares for its exporter or importer."""
    side = act.statement.side
    _require_partner(act, Role.BROKER, state.country_of(side))
    return state.with_side(side, replace(state.side(side), declarant=act.statement.counterparty))


def appointment_revoked(state: State, act: Act) -> State:
    """Row 5."""
    side = act.statement.side
    declarant, named = state.side(side).declarant, act.statement.counterparty
    require(named == declarant != ZERO_ADDRESS, "NotTheDeclarant", named, declarant)
    return state.with_side(side, replace(state.side(side), declarant=ZERO_ADDRESS))


def sealed(state: State, act: Act) -> State:
    """Row 6."""
    require_phase(state, Phase.AT_REST)
    require(state.seal == ZERO32, "AlreadySealed", state.seal)
    require(act.statement.detail != ZERO32, "SealMissing")
    return replace(state, seal=act.statement.detail)


def unsealed(state: State, act: Act) -> State:
    """Row 7: a broken or changed seal needs this statement, which says why."""
    require(state.seal != ZERO32, "NotSealed")
    _require_seal(state, act)
    require_number(act.statement.terms, UnsealReason)
    return replace(state, seal=ZERO32)


def handover_offered(state: State, act: Act) -> State:
    """Row 8."""
    require_phase(state, Phase.AT_REST, Phase.REMOVED)
    partner = act.counterparty
    require(act.statement.counterparty != act.signer.address, "CounterpartyIsSigner", act.statement.counterparty)
    _require_active_partner(act)
    custody = any(partner.holds(role) for role in CUSTODY_ROLES)
    require(custody, "CounterpartyUnfit", act.statement.counterparty)
    return replace(state, offered_to=act.statement.counterparty)


def handover_accepted(state: State, act: Act) -> State:
    """Row 9: who takes the goods over vouches for the seal."""
    require_phase(state, Phase.AT_REST, Phase.REMOVED)
    _require_seal(state, act)
    return replace(state, holder=act.signer.address, offered_to=ZERO_ADDRESS)


def handover_declined(state: State, act: Act) -> State:  # noqa: ARG001  # every rule has the same two arguments
    """Row 10: by whom it was offered to, or taken back by the holder."""
    require(state.offered_to != ZERO_ADDRESS, "NoOffer")
    return replace(state, offered_to=ZERO_ADDRESS)


def departed(state: State, act: Act) -> State:
    """Row 11: nothing leaves a country that has not let it go."""
    require_phase(state, Phase.AT_REST)
    require_free(state)
    origin, destination = _leg(act.statement.terms)
    require(origin == state.location, "WrongLocation", state.location, origin)
    require(state.concerns(destination), "CountryNotConcerned", destination)
    _require_seal(state, act)
    if destination != origin:
        _require_leave(state, origin)
    return replace(state, phase=Phase.MOVING, destination=destination, departed=True)


def arrived(state: State, act: Act) -> State:
    """Row 12: at the destination, back where they left, or diverted to another country concerned."""
    require_phase(state, Phase.MOVING)
    country = one_country(act)
    domestic = state.destination == state.location
    expected = country in (state.destination, state.location) or (not domestic and state.concerns(country))
    require(expected, "WrongLocation", state.destination, country)
    _require_seal(state, act)
    return replace(state, phase=Phase.AT_REST, location=country, destination=NO_COUNTRY)


def removed(state: State, act: Act) -> State:
    """Row 32: out of customs control."""
    require_phase(state, Phase.AT_REST)
    require(state.location == state.import_country, "WrongLocation", state.import_country, state.location)
    require_free(state)
    require_clearance(state, Side.IMPORT, Clearance.RELEASED)
    _require_seal(state, act)
    return replace(state, phase=Phase.REMOVED)


def delivered(state: State, act: Act) -> State:  # noqa: ARG001  # every rule has the same two arguments
    """Row 33."""
    require_phase(state, Phase.REMOVED)
    require_free(state)
    return replace(state, phase=Phase.DELIVERED)


def cancelled(state: State, act: Act) -> State:  # noqa: ARG001  # every rule has the same two arguments
    """Row 34: only what never left can be cancelled."""
    require_phase(state, Phase.AT_REST)
    require(not state.departed, "AlreadyDeparted")
    require_free(state)
    return replace(state, phase=Phase.CANCELLED)


def require_phase(state: State, *phases: Phase) -> None:
    """Refuse unless the goods are in one of ``phases``."""
    require(state.phase in phases, "WrongPhase", state.phase)


def require_clearance(state: State, side: Side, *clearances: Clearance) -> None:
    """Refuse unless the clearance of ``side`` is one of ``clearances``."""
    found = state.side(side).clearance
    require(found in clearances, "WrongClearance", side, found)


def require_free(state: State) -> None:
    """Refuse while a hold, a stop or a refusal of either side keeps the goods."""
    require(not state.holds, "Held", len(state.holds))
    for side in (Side.EXPORT, Side.IMPORT):
        require(not state.side(side).stopped, "Stopped", side)
        require(state.side(side).clearance is not Clearance.REFUSED, "SideRefused", side)


def one_country(act: Act) -> str:
    """The one country that the terms name; refused where they name none, or more than that."""
    return _countries_exactly(act.statement.terms, 1)[0]


def require_number(terms: bytes, allowed: Iterable[int]) -> None:
    """Refuse terms whose first byte is not one of ``allowed``, or that say more."""
    require(terms[0] in set(allowed) and terms[1:] == bytes(31), "MalformedTerms", terms)


def _require_leave(state: State, origin: str) -> None:
    require(origin != state.import_country, "ImportCountryNotLeft", origin)
    if origin == state.export_country:
        require_clearance(state, Side.EXPORT, Clearance.RELEASED)
    else:
        require(state.transit[origin], "TransitNotPassed", origin)


def _require_seal(state: State, act: Act) -> None:
    require(act.statement.detail == state.seal, "SealMismatch", state.seal, act.statement.detail)


def _require_active_partner(act: Act) -> None:
    partner: Standing = act.counterparty
    require(partner.number != 0 and partner.active, "CounterpartyUnfit", act.statement.counterparty)


def _require_partner(act: Act, role: Role, country: str) -> None:
    _require_active_partner(act)
    fit = act.counterparty.holds(role) and act.counterparty.country == country
    require(fit, "CounterpartyUnfit", act.statement.counterparty)


def _leg(terms: bytes) -> tuple[str, str]:
    origin, destination = _countries_exactly(terms, 2)
    return origin, destination


def _countries_exactly(terms: bytes, number: int) -> list[str]:
    codes = [_country(terms[i : i + 2]) for i in range(0, 2 * number, 2)]
    require(terms[2 * number :] == bytes(32 - 2 * number), "MalformedTerms", terms)
    return codes


def _countries(terms: bytes) -> list[str]:
    """Export, import and transit countries: distinct, without a gap, nothing after them."""
    used = len(terms.rstrip(b"\0"))
    number = max(2, min((used + 1) // 2, 2 + MAX_TRANSIT_COUNTRIES))
    codes = _countries_exactly(terms, number)
    require(len(set(codes)) == len(codes), "CountriesNotDistinct", terms)
    return codes


def _country(code: bytes) -> str:
    require(code.isalpha() and code.isupper() and code.isascii(), "MalformedCountry", code)
    return code.decode("ascii")
