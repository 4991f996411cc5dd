"""Moves: what may be said of a consignment, before it is known which consignment and on which head.

statement = said(cast, move, state, Goods.of(cast, b"1"))
act = judged(cast, move, statement, time)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from clients.testing.consortium import assessment
from ledger.chain.entitlement import CUSTODY_ROLES
from ledger.chain.state import Act
from ledger.identity.milestones import HEADLESS, Channel, InspectionResult, Milestone, Role, Side, UnsealReason
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Statement, consignment_id
from ledger.identity.terms import (
    Route,
    appeal_terms,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    route_terms,
    unseal_terms,
)
from tests.ledger.chain.cast import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.chain.state import State
    from ledger.identity.signing import Opening
    from tests.ledger.chain.cast import Cast

SEAL: Final = b"\x51" * 32
OTHER_SEAL: Final = b"\x52" * 32
COUNTRIES: Final = ("KR", "SG", "NL", "DE")
SIDES: Final = (Side.EXPORT, Side.IMPORT)
OPENED: Final = (Channel.GREEN, Channel.YELLOW, Channel.RED)
ASSESSMENTS: Final = {channel: assessment(channel, b"situation") for channel in OPENED}
"""The commitment to each channel, with what opens it."""

ROUTES: Final = ((), ("SG",), ("SG", "DE", "FR", "BE", "LU", "PL"))
"""No transit country, one, and as many as there may be."""

EXPORTER: Final = Voice("exporter", Role.EXPORTER)
IMPORTER: Final = Voice("importer", Role.IMPORTER)
CUSTOMS: Final = {country: Voice(f"customs_{country.lower()}", Role.AUTHORITY) for country in COUNTRIES}
BROKER: Final = {Side.EXPORT: "export_broker", Side.IMPORT: "import_broker"}
TAKERS: Final = ("exporter", "carrier", "terminal", "importer", "late_carrier")
HOLDING: Final = (
    CUSTOMS["KR"],
    CUSTOMS["NL"],
    Voice("agency", Role.AGENCY),
    Voice("late_agency", Role.AGENCY),
)
MAX_HOLDS: Final = 2
"""As many holds as the exploration sets at once: a third is judged like a second."""


@dataclass(frozen=True, slots=True)
class Goods:
    """The names of one consignment: its id and the commitment to its UCR (32 bytes each)."""

    id: bytes
    ucr: bytes

    @classmethod
    def of(cls, cast: Cast, seed: bytes, exporter: str = "exporter") -> Self:
        """A consignment of an exporter."""
        ucr = hashlib.sha256(b"ucr" + seed).digest()
        return cls(consignment_id(cast.address(exporter), ucr), ucr)


@dataclass(frozen=True, slots=True)
class Move:
    """What is said, by whom.

    Attributes:
        voice: who says it.
        milestone: what.
        side: of which clearance.
        counterparty: the name of the member that it names, empty of none.
        terms: as in the statement; of *unheld*, what is given here or the digest of the hold of ``lifts``.
        detail: as in the statement; of a registration, the commitment to its UCR where none is given.
        opening: what opens the assessment.
        lifts: whose hold, by the name of the member that set it.
        changes: fields of the statement that are otherwise than a party to it would write them.
        from_now: one of its times, and how many seconds it lies after the block's.
    """

    voice: Voice
    milestone: Milestone
    side: Side = Side.NONE
    counterparty: str = ""
    terms: bytes = ZERO32
    detail: bytes = ZERO32
    opening: Opening | None = None
    lifts: str = ""
    changes: tuple[tuple[str, Any], ...] = ()
    from_now: tuple[str, int] | None = None


def said(cast: Cast, move: Move, state: State | None, goods: Goods) -> Statement:
    """A move as a statement about a consignment in this state; its commitment keeps repeated words apart."""
    headless = state is None or move.milestone in HEADLESS
    fields: dict[str, Any] = {
        "consignment": goods.id,
        "milestone": move.milestone,
        "event_time": cast.time,
        "signed_time": cast.time,
        "valid_until": cast.time + 86_400,
        "role": move.voice.role,
        "previous_head": ZERO32 if headless else state.head,
        "side": move.side,
        "commitment": (0 if state is None else state.position).to_bytes(32, "big"),
        "counterparty": cast.address(move.counterparty),
        "terms": _lifted(cast, move, state) if move.lifts else move.terms,
        "detail": move.detail,
    }
    if move.milestone is Milestone.REGISTERED and move.detail == ZERO32:
        fields["detail"] = goods.ucr
    if move.from_now is not None:
        name, seconds = move.from_now
        fields[name] = cast.now + seconds
    return Statement(**(fields | dict(move.changes)))


def judged(cast: Cast, move: Move, statement: Statement, time: int) -> Act:
    """The statement as the rules judge it, in a block of this time."""
    key = cast.key(move.voice).address
    digest = statement.digest(cast.consortium.contracts.domain)
    return Act(statement, digest, key, cast.signers[key], time, cast.named[statement.counterparty], move.opening)


def _lifted(cast: Cast, move: Move, state: State | None) -> bytes:
    """The digest of a hold that the member set, or of none where it set none."""
    setter = cast.address(move.lifts)
    holds = () if state is None else state.holds
    return min((digest for digest, member in holds if member == setter), default=b"\x01" * 32)


def holder(cast: Cast, state: State) -> Voice:
    """Who holds the goods, in the role in which it does."""
    return _in_custody(cast, state.holder)


def party(cast: Cast, state: State, side: Side) -> Voice:
    """The exporter of the export side, and of the import side who is the importer, or may be named it."""
    return Voice(cast.name(state.exporter), Role.EXPORTER) if side is Side.EXPORT else IMPORTER


def fitting(cast: Cast, state: State | None) -> Iterator[Move]:
    """What those who may say it would say in this state, whether or not the moment allows it."""
    yield from _registrations()
    if state is None:
        return
    yield from _about_parties(cast, state)
    yield from _about_goods(cast, state)
    for side in SIDES:
        yield from _about_clearance(cast, state, side)
    yield from _about_holds(cast, state)


def _registrations() -> Iterator[Move]:
    for transit in ROUTES:
        for named in ("importer", ""):
            yield Move(
                EXPORTER, Milestone.REGISTERED, terms=route_terms(Route("KR", "NL", transit)), counterparty=named
            )


def _about_parties(cast: Cast, state: State) -> Iterator[Move]:
    exporter = party(cast, state, Side.EXPORT)
    yield Move(exporter, Milestone.IMPORTER_NAMED, counterparty="importer")
    for side in SIDES:
        yield Move(party(cast, state, side), Milestone.APPOINTED, side, BROKER[side])
        yield Move(party(cast, state, side), Milestone.APPOINTMENT_REVOKED, side, BROKER[side])
    for country in ("SG", "DE"):
        yield Move(CUSTOMS[state.export_country], Milestone.TRANSIT_ADDED, terms=country_terms(country))
        yield Move(CUSTOMS[country], Milestone.TRANSIT_PASSED, terms=country_terms(country))
    yield Move(exporter, Milestone.CORRECTED, terms=b"\x01" * 32)
    yield Move(Voice("auditor", Role.AUDITOR), Milestone.OBSERVED, detail=b"\x02" * 32)


def _about_goods(cast: Cast, state: State) -> Iterator[Move]:
    keeper, seal = holder(cast, state), state.seal
    here = CUSTOMS[state.location]
    yield Move(keeper, Milestone.SEALED, detail=SEAL)
    yield Move(here, Milestone.SEALED, detail=SEAL)
    yield Move(keeper, Milestone.UNSEALED, detail=seal, terms=unseal_terms(UnsealReason.OPENED))
    yield Move(here, Milestone.UNSEALED, detail=seal, terms=unseal_terms(UnsealReason.REPLACED))
    for taker in TAKERS:
        yield Move(keeper, Milestone.HANDOVER_OFFERED, counterparty=taker)
    if state.offered_to != ZERO_ADDRESS:
        taker = _in_custody(cast, state.offered_to)
        yield Move(taker, Milestone.HANDOVER_ACCEPTED, detail=seal)
        yield Move(taker, Milestone.HANDOVER_DECLINED)
    yield Move(keeper, Milestone.HANDOVER_DECLINED)
    for country in COUNTRIES:
        yield Move(keeper, Milestone.DEPARTED, terms=leg_terms(state.location, country), detail=seal)
        yield Move(keeper, Milestone.ARRIVED, terms=country_terms(country), detail=seal)
    yield Move(keeper, Milestone.REMOVED, detail=seal)
    yield Move(IMPORTER, Milestone.DELIVERED)
    yield Move(party(cast, state, Side.EXPORT), Milestone.CANCELLED)


def _about_clearance(cast: Cast, state: State, side: Side) -> Iterator[Move]:
    declarant, customs = party(cast, state, side), CUSTOMS[state.country_of(side)]
    for milestone in (Milestone.DECLARED, Milestone.AMENDED):
        yield Move(declarant, milestone, side)
        yield Move(Voice(BROKER[side], Role.BROKER), milestone, side)
    for milestone in (Milestone.DECLARATION_ACCEPTED, Milestone.DECLARATION_REJECTED, Milestone.DOCUMENTS_RECEIVED):
        yield Move(customs, milestone, side)
    for milestone in (
        Milestone.REFUSED,
        Milestone.RETURNED,
        Milestone.DESTROYED,
        Milestone.SEIZED,
        Milestone.ABANDONED,
    ):
        yield Move(customs, milestone, side)
    yield Move(customs, Milestone.DUTIES_SETTLED, side, terms=duties_terms(1))
    yield from _with_channels(customs, side)
    yield Move(customs, Milestone.RELEASED, side, terms=appeal_terms())


def _with_channels(customs: Voice, side: Side) -> Iterator[Move]:
    for channel in OPENED:
        yield Move(customs, Milestone.ASSESSED, side, detail=ASSESSMENTS[channel][0])
    green, opening = ASSESSMENTS[Channel.GREEN]
    terms = channel_terms(Channel.GREEN)
    yield Move(customs, Milestone.ASSESSED, side, detail=green, terms=terms, opening=opening)
    for channel in (Channel.CLOSED, *OPENED):
        opening = ASSESSMENTS[channel][1] if channel else None
        terms = channel_terms(channel)
        for milestone in (Milestone.DOCUMENTS_REQUESTED, Milestone.STOPPED, Milestone.RELEASED):
            yield Move(customs, milestone, side, terms=terms, opening=opening)
        for result in InspectionResult:
            terms = inspection_terms(result, channel)
            yield Move(customs, Milestone.INSPECTED, side, terms=terms, opening=opening)


def _about_holds(cast: Cast, state: State) -> Iterator[Move]:
    for voice in HOLDING:
        yield Move(voice, Milestone.HELD)
        yield Move(voice, Milestone.UNHELD, lifts=voice.name)


def _in_custody(cast: Cast, address: str) -> Voice:
    roles = cast.signers[address].roles
    return Voice(cast.name(address), next(role for role in CUSTODY_ROLES if roles & role.bit))


def whole_life() -> tuple[Move, ...]:
    """A life without any trouble, from registration to delivery, through one transit country."""
    sg, kr, nl = CUSTOMS["SG"], CUSTOMS["KR"], CUSTOMS["NL"]
    green, opening = ASSESSMENTS[Channel.GREEN]
    as_green: dict[str, Any] = {"terms": channel_terms(Channel.GREEN), "detail": green, "opening": opening}
    return (
        Move(EXPORTER, Milestone.REGISTERED, terms=route_terms(Route("KR", "NL", ("SG",))), counterparty="importer"),
        Move(EXPORTER, Milestone.DECLARED, Side.EXPORT),
        Move(kr, Milestone.DECLARATION_ACCEPTED, Side.EXPORT),
        Move(kr, Milestone.ASSESSED, Side.EXPORT, **as_green),
        Move(kr, Milestone.RELEASED, Side.EXPORT),
        Move(EXPORTER, Milestone.DEPARTED, terms=leg_terms("KR", "SG")),
        Move(EXPORTER, Milestone.ARRIVED, terms=country_terms("SG")),
        Move(sg, Milestone.TRANSIT_PASSED, terms=country_terms("SG")),
        Move(EXPORTER, Milestone.DEPARTED, terms=leg_terms("SG", "NL")),
        Move(EXPORTER, Milestone.ARRIVED, terms=country_terms("NL")),
        Move(IMPORTER, Milestone.DECLARED, Side.IMPORT),
        Move(nl, Milestone.DECLARATION_ACCEPTED, Side.IMPORT),
        Move(nl, Milestone.DUTIES_SETTLED, Side.IMPORT, terms=duties_terms(1)),
        Move(nl, Milestone.ASSESSED, Side.IMPORT, **as_green),
        Move(nl, Milestone.RELEASED, Side.IMPORT),
        Move(EXPORTER, Milestone.HANDOVER_OFFERED, counterparty="importer"),
        Move(IMPORTER, Milestone.HANDOVER_ACCEPTED),
        Move(IMPORTER, Milestone.REMOVED),
        Move(IMPORTER, Milestone.DELIVERED),
    )


AT_HAND: Final = {Side.EXPORT: 1, Side.IMPORT: 10}
"""How far a life has come when the goods are in a side's country and its clearance has not begun."""
