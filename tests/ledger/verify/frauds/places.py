"""Frauds with places: where documents say that they were made, and how fast goods would have had to travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Role
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import by_road, in_busan, in_singapore, registered
from tests.ledger.verify.histories.world import BUSAN, INCHEON, SINGAPORE, SOFIA, YOKOHAMA

if TYPE_CHECKING:
    from ledger.verify.case import Case


@fraud("place.known")
def port_that_does_not_exist() -> Case:
    """A scan is said to have been made in a port that is on no map."""
    journey = in_busan()
    told = journey.about_container("loading") | {"border:place": "KRQQQ"}
    journey.life.observe(journey.cast.carrier, Role.CARRIER, told)
    return journey.life.case()


@fraud("place.agree")
def scanner_in_incheon_that_writes_busan() -> Case:
    """The form says Busan; the device that filled it was in Incheon."""
    journey = in_busan()
    journey.life.wait(days=1)
    told = journey.about_container("loading") | {"readPoint": {"id": INCHEON.geo()}}
    journey.life.observe(journey.cast.carrier, Role.CARRIER, told)
    return journey.life.case()


@fraud("place.gln")
def goods_from_incheon_under_the_number_of_the_factory() -> Case:
    """Goods are taken from a warehouse in Incheon, and booked under the number of the factory near Busan."""
    journey = registered()
    life = journey.life
    life.wait(hours=12)
    life.place = INCHEON
    told = life.event(
        "ObjectEvent",
        "picking",
        action="OBSERVE",
        epcList=list(journey.shipment.items),
        bizLocation={"id": journey.shipment.factory},
    )
    life.observe(journey.cast.exporter, Role.EXPORTER, told)
    life.wait(hours=12)
    life.place = BUSAN
    journey.packs()
    return life.case()


@fraud("place.speed")
def ship_from_busan_to_singapore_in_a_day() -> Case:
    """The carrier states the arrival in Singapore thirty hours after the departure from Busan: 150 km/h, for a ship."""
    journey = in_busan()
    journey.departs(SINGAPORE)
    journey.life.wait(hours=30)
    journey.life.place = SINGAPORE
    journey.arrives()
    return journey.life.case()


@fraud("place.country")
def departure_from_korea_written_in_japan() -> Case:
    """The carrier states that the goods left Korea; its document was made in Yokohama."""
    journey = in_busan()
    journey.life.wait(days=3)
    journey.life.place = YOKOHAMA
    told = journey.about_container("departing", **journey.seal_told)
    journey.life.place = journey.corridor.places[0]
    journey.departs(SINGAPORE, told)
    return journey.life.case()


@fraud("place.jurisdiction")
def dutch_officer_at_work_in_singapore() -> Case:
    """Dutch customs looks at the container in Singapore, where it is not at home."""
    journey = in_singapore()
    journey.is_seen(journey.cast.authorities[-1], Role.AUTHORITY, "inspecting")
    return journey.life.case()


@fraud("place.speed")
def truck_at_400_km_an_hour() -> Case:
    """A lorry is read in Istanbul, and an hour and a quarter later in Sofia, 500 kilometres away."""
    journey = by_road()
    journey.departs(SOFIA)
    journey.life.wait(minutes=75)
    journey.life.place = SOFIA
    journey.arrives()
    return journey.life.case()
