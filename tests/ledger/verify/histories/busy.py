"""A busy consignment: 20 statements, and as many events as asked for; what the benchmark of verification verifies."""

from __future__ import annotations

import random
from typing import Any

from ledger.identity.milestones import Role, Side
from tests.ledger.verify.histories.goods import shipment_of
from tests.ledger.verify.histories.journey import Journey
from tests.ledger.verify.histories.life import MINUTE, Life, read_event
from tests.ledger.verify.histories.world import BUSAN, CORRIDORS, ROTTERDAM, SINGAPORE, cast_of

STATEMENTS = 20
_BEGIN = 1_777_939_200  # 2026-05-05 00:00:00 UTC, nine o'clock in Busan
_WITH_STATEMENTS = 8  # events that statements carry
_EVENTS_A_PALLET = 10


class PlainLife(Life):
    """A life whose documents are all JSON-LD: quicker to make."""

    def know(self, told: dict[str, Any]) -> bytes:
        return self.know_event(read_event(told))


def busy_life(number: int, events: int = 200) -> Life:
    """The consignment of this number: registered in Busan, carried by way of Singapore, taken over in Rotterdam.

    Args:
        number: no two consignments are the same.
        events: how many events there are: one for each pallet packed, the others read on the way; at least 20.
    """
    chance = random.Random(f"busy consignment {number}")
    corridor = CORRIDORS[0]
    life = PlainLife(f"busy consignment {number}", cast_of(corridor), BUSAN, _BEGIN + 5 * MINUTE * number)
    shipment = shipment_of("KR", chance, pallets=max(1, events // _EVENTS_A_PALLET), in_bulk=number % 2 == 1)
    journey = Journey(life, corridor, shipment)
    carrier = (journey.cast.carrier, Role.CARRIER)
    journey.registers()
    journey.makes()
    journey.packs()
    life.wait(minutes=20)
    journey.seals(f"KR-{number:07}", journey.cast.exporter, Role.EXPORTER)
    life.wait(hours=1)
    journey.clears(Side.EXPORT)
    life.wait(hours=1)
    journey.hands_over(*carrier)
    journey.km = 0.0
    life.wait(hours=5)
    readings = events - len(life.observations) - _WITH_STATEMENTS
    for place, some in ((SINGAPORE, readings // 2), (ROTTERDAM, readings - readings // 2)):
        journey.departs(place)
        travels_read(journey, place, some)
        journey.arrives()
        life.wait(hours=3)
        if place is SINGAPORE:
            journey.passes_transit("SG")
    journey.clears(Side.IMPORT)
    life.wait(hours=1)
    journey.hands_over(journey.cast.importer, Role.IMPORTER)
    return life


def travels_read(journey: Journey, to: Any, readings: int) -> None:
    """Travel, with so many readings of the container's sensor on the way, told when it is over."""
    life, begin, here = journey.life, journey.life.now, journey.life.place
    journey.travels(to, 0.5)
    step = (life.now - begin) // (readings + 1)
    arrival, there, life.place = life.now, life.place, here
    for number in range(1, readings + 1):
        life.now = begin + number * step
        journey.is_read(journey.cast.carrier, Role.CARRIER, number)
    life.now, life.place = arrival, there
