"""How far an honest journey from Busan by way of Singapore to Rotterdam has come, before somebody does wrong.

Each scene begins a new life of the kind asked for: a :class:`Life` where the fraud is one that the contract would let
pass, a :class:`LawlessLife` where it would not.
"""

from __future__ import annotations

import random

from ledger.identity.milestones import Role, Side
from tests.ledger.verify.builder import Member
from tests.ledger.verify.histories.goods import shipment_of
from tests.ledger.verify.histories.journey import Journey
from tests.ledger.verify.histories.life import LawlessLife, Life
from tests.ledger.verify.histories.world import BUSAN, CORRIDORS, ISTANBUL, ROTTERDAM, SINGAPORE, cast_of

__all__ = ["BR", "RIVAL", "LawlessLife", "Life"]

MAY_MORNING = 1_777_939_200  # 2026-05-05 00:00:00 UTC, nine o'clock in Busan
SEAL_NUMBER = "KR-7730011"

RIVAL = Member("Rival Lines", "SG", (Role.CARRIER, Role.TERMINAL, Role.EXPORTER))
"""A member that has no part in the consignment."""
BR = Member("BR Customs", "BR", (Role.AUTHORITY,))
"""The customs of a country that has no part in it either."""

CORRIDOR = CORRIDORS[0]


def at_the_factory(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    """Nothing has been said yet."""
    living = life(name, cast_of(CORRIDOR), BUSAN, MAY_MORNING, bystanders=(RIVAL, BR))
    shipment = shipment_of("KR", random.Random(f"goods of {name}"), pallets=2, in_bulk=in_bulk)
    return Journey(living, CORRIDOR, shipment)


def registered(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    journey = at_the_factory(life, in_bulk=in_bulk, name=name)
    journey.registers()
    return journey


def packed(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    journey = registered(life, in_bulk=in_bulk, name=name)
    journey.makes()
    journey.packs()
    journey.life.wait(minutes=30)
    return journey


def sealed(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    journey = packed(life, in_bulk=in_bulk, name=name)
    journey.seals(SEAL_NUMBER, journey.cast.exporter, Role.EXPORTER)
    journey.life.wait(minutes=30)
    return journey


def cleared(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    journey = sealed(life, in_bulk=in_bulk, name=name)
    journey.clears(Side.EXPORT)
    journey.life.wait(hours=1)
    return journey


def by_road() -> Journey:
    """A lorry in Istanbul that is free to leave for Sofia."""
    corridor = next(each for each in CORRIDORS if each.places[0] is ISTANBUL)
    living = Life("a fraud by road", cast_of(corridor), ISTANBUL, MAY_MORNING)
    journey = Journey(living, corridor, shipment_of("TR", random.Random("goods by road"), pallets=1, in_bulk=False))
    journey.registers()
    journey.packs()
    living.wait(minutes=30)
    journey.seals("TR-0012345", journey.cast.exporter, Role.EXPORTER)
    journey.clears(Side.EXPORT)
    living.wait(hours=1)
    journey.hands_over(journey.cast.carrier, Role.CARRIER)
    journey.km = 0.0
    living.wait(hours=2)
    return journey


def in_busan(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    """The carrier has the goods at the port."""
    journey = cleared(life, in_bulk=in_bulk, name=name)
    journey.hands_over(journey.cast.carrier, Role.CARRIER)
    journey.km = 0.0
    journey.life.wait(hours=5)
    return journey


def at_sea(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    """Departed from Busan; the place is Singapore already, and arrival is what comes next."""
    journey = in_busan(life, in_bulk=in_bulk, name=name)
    journey.departs(SINGAPORE)
    journey.travels(SINGAPORE, 0.5)
    return journey


def in_singapore(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    journey = at_sea(life, in_bulk=in_bulk, name=name)
    journey.arrives()
    journey.life.wait(hours=3)
    return journey


def in_rotterdam(life: type[Life] = Life, *, in_bulk: bool = False, name: str = "a fraud") -> Journey:
    """Carried on after Singapore let it pass."""
    journey = in_singapore(life, in_bulk=in_bulk, name=name)
    journey.passes_transit("SG")
    journey.departs(ROTTERDAM)
    journey.travels(ROTTERDAM, 0.5)
    journey.arrives()
    journey.life.wait(hours=2)
    return journey
