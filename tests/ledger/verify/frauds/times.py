"""Frauds with times: future, expired, backdated, prepared in advance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role
from ledger.identity.terms import country_terms
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import LawlessLife, at_sea, in_busan, in_singapore, packed

if TYPE_CHECKING:
    from ledger.verify.case import Case


@fraud("time.future")
def handover_signed_for_tomorrow() -> Case:
    """A statement claims to have been signed a day after the chain accepted it."""
    journey = packed(LawlessLife)
    life = journey.life
    seal = life.seal("KR-7730011")
    told = journey.about_container("staging_outbound", **{"border:sealNumber": "KR-7730011"})
    tomorrow = life.now + 86_400
    life.say(Milestone.SEALED, journey.cast.exporter, Role.EXPORTER, told, detail=seal.blinded, signed_time=tomorrow)
    return life.case()


@fraud("time.expired")
def statement_kept_back_and_brought_later() -> Case:
    """The carrier keeps the signed arrival back until it suits it, beyond its last valid time."""
    journey = at_sea(LawlessLife)
    life, carrier = journey.life, journey.cast.carrier
    told = journey.about_container("arriving", **journey.seal_told)
    fields = {"terms": country_terms("SG"), "valid_until": life.now + 3_600, **journey.seal_fields}
    life.lag = 7_200
    life.say(Milestone.ARRIVED, carrier, Role.CARRIER, told, **fields)
    return life.case()


@fraud("time.order")
def departure_backdated() -> Case:
    """The carrier says that it left an hour before it took the goods over, to keep a deadline."""
    journey = in_busan()
    journey.life.wait(hours=-6)
    journey.departs(journey.corridor.places[1])
    return journey.life.case()


@fraud("time.signed")
def arrival_signed_before_the_ship_arrived() -> Case:
    """The carrier signs the arrival three days ahead, to be sent when it comes true."""
    journey = at_sea()
    life, carrier = journey.life, journey.cast.carrier
    told = journey.about_container("arriving", **journey.seal_told)
    fields = {"terms": country_terms("SG"), "signed_time": life.now - 3 * 86_400, **journey.seal_fields}
    life.say(Milestone.ARRIVED, carrier, Role.CARRIER, told, **fields)
    return life.case()


@fraud("time.document")
def document_that_gives_another_hour() -> Case:
    """The scan's document gives two hours later than its statement."""
    journey = in_singapore()
    life, carrier = journey.life, journey.cast.carrier
    life.observe(carrier, Role.CARRIER, journey.about_container("inspecting"), event_time=life.now - 7_200)
    return life.case()
