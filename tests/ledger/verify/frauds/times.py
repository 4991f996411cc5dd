"""Frauds with times: future, expired, backdated, prepared in advance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role
from ledger.identity.terms import country_terms
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import LawlessLife, at_sea, in_busan, in_singapore, packed, registered
from tests.ledger.verify.histories.life import stamp

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


@fraud("moment.late")
def event_recorded_nine_days_late() -> Case:
    """The carrier tells of a reading in Busan nine days after it was made, when all is known that came of it."""
    journey = in_busan()
    told, when = journey.about_container("loading"), journey.life.now
    journey.life.wait(days=9)
    journey.life.observe(journey.cast.carrier, Role.CARRIER, told, event_time=when)
    return journey.life.case()


@fraud("moment.offset")
def scan_in_busan_by_the_clock_of_brazil() -> Case:
    """A scan that was made in Busan, by what it says, on a device whose clock is set to Brazil."""
    journey = in_busan()
    life = journey.life
    told = journey.about_container("loading")
    told |= {"eventTime": stamp(life.now, "-03:00"), "eventTimeZoneOffset": "-03:00"}
    life.observe(journey.cast.carrier, Role.CARRIER, told)
    return life.case()


@fraud("moment.packing")
def pallet_unpacked_before_it_was_packed() -> Case:
    """By their own times, a pallet was taken off its container an hour before it was loaded."""
    journey = registered()
    life, exporter = journey.life, journey.cast.exporter
    first = life.now + 3_600
    life.wait(hours=1)
    unpacked = journey.loading("DELETE", "unpacking", journey.shipment.pallets[:1])
    life.wait(hours=1)
    life.observe(exporter, Role.EXPORTER, journey.loading("ADD", "loading", journey.shipment.pallets))
    life.wait(minutes=20)
    life.observe(exporter, Role.EXPORTER, unpacked, event_time=first)
    return life.case()


@fraud("moment.life")
def item_seen_two_days_before_it_was_made() -> Case:
    """A warehouse read the serial number of a genuine item two days before that item came to be."""
    journey = registered()
    life = journey.life
    now, then = life.now, life.now - 2 * 86_400
    life.now = then
    told = life.event(
        "ObjectEvent", "storing", north_km=journey.km, action="OBSERVE", epcList=[journey.shipment.items[0]]
    )
    life.now = now
    life.observe(journey.cast.exporter, Role.EXPORTER, told, event_time=then)
    return life.case()


@fraud("moment.order")
def papers_of_the_arrival_written_before_the_departure() -> Case:
    """The document of the arrival was written a day before that of the departure, and signed as if it were new."""
    journey = at_sea()
    life, arrival = journey.life, journey.life.now
    departed = next(entry for entry in life.statements if entry.acceptance.milestone is Milestone.DEPARTED)
    assert departed.statement is not None
    life.now = departed.statement.event_time - 86_400
    told = journey.on_the_way("arriving")
    life.now = arrival
    journey.arrives(told)
    return life.case()


@fraud("moment.future")
def document_that_tells_of_tomorrow() -> Case:
    """The document of a scan is of the day after the one on which the chain accepted it."""
    journey = in_busan()
    life, now = journey.life, journey.life.now
    life.wait(days=1)
    told = journey.about_container("loading")
    life.now = now
    life.observe(journey.cast.carrier, Role.CARRIER, told)
    return life.case()
