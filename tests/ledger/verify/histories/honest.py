"""Honest histories at random: from a seed to a believable life in which everybody did what they should.

    history = honest_history(7)
    verify(history.case)      # nothing but passes

Each step is put to the rules as the contract does, so that a history which could not have happened is refused here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.identity.milestones import Channel, Duties, InspectionResult, Milestone, Role, Side, UnsealReason
from ledger.identity.terms import appeal_terms, country_terms, release_terms
from tests.ledger.verify.histories.goods import Unit, shipment_of
from tests.ledger.verify.histories.journey import Journey
from tests.ledger.verify.histories.life import HOUR, Life, stamp
from tests.ledger.verify.histories.world import CORRIDORS, Mode, cast_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.verify.case import Case
    from tests.ledger.verify.builder import Member
    from tests.ledger.verify.histories.goods import Shipment
    from tests.ledger.verify.histories.world import Corridor

SPRING = 1_777_680_000  # 2026-05-02 00:00:00 UTC


@dataclass(frozen=True, eq=False)
class History:
    """A history and what it is.

    Attributes:
        ending: how it ended, in a word or two.
        case: all of it.
    """

    seed: int
    ending: str
    case: Case


def honest_history(seed: int) -> History:
    """The honest history of this seed; always the same."""
    telling = Telling(seed)
    ending = telling.tell()
    return History(seed, ending, telling.life.case())


def history_with_an_error(seed: int) -> History:
    """An honest history in which somebody erred and said so: its findings are the two notices of that, and no other."""
    telling = TellingOfAnError(seed)
    ending = telling.tell()
    return History(seed, ending, telling.life.case())


class HonestJourney(Journey):
    """A journey on which customs, where it opens the container, may count and weigh."""

    def __init__(self, life: Life, corridor: Corridor, shipment: Shipment, chance: random.Random) -> None:
        super().__init__(life, corridor, shipment)
        self.chance = chance

    def is_examined(self, by: Member, role: Role) -> None:
        self.life.wait(minutes=10)
        if self.pallets_inside and self.chance.random() < 0.5:
            self.is_looked_into(by, role)
        if self.shipment.kilograms:
            self.life.wait(minutes=10)
            self.is_weighed(by, role, self.chance.choice(self.shipment.pallets), self.chance.choice(list(Unit)))


class Recorder:
    """What the goods were exposed to, as a logger in the container has it; and the papers, which its owner sees to.

    Not every consignment has one. Its chances are its own, so that a history is the same with it and without.
    """

    def __init__(self, journey: Journey, chance: random.Random) -> None:
        self.journey = journey
        self.chance = chance
        self.is_there = chance.random() < 0.5
        self.coldest, self.warmest = chance.choice(((2, 8), (-25, -15), (12, 30)))
        self.has_spans = chance.random() < 0.5
        self.in_fahrenheit = chance.random() < 0.3
        self.since = 0
        self.read_before: list[dict[str, object]] = []

    def begins(self) -> None:
        """The exporter states the limits, some by the devices' own words, and ties the goods to their papers."""
        if self.chance.random() < 0.4:
            self.ties("ADD", self.journey.cast.exporter, Role.EXPORTER)
        if not self.is_there:
            return
        bounds = {"border:minValue": self.coldest, "border:maxValue": self.warmest, "border:uom": "CEL"}
        self.journey.limits(
            [
                {"border:type": "Temperature", **bounds, "border:everyMinutes": 12 * 60},
                {"border:type": "Acceleration", "border:maxValue": 5, "border:uom": "K40"},
                {"border:type": "RelativeHumidity", "border:maxValue": 90, "border:uom": "P1"},
            ]
        )
        self.since = self.journey.life.now

    def is_read(self) -> None:
        """Who holds the goods reads the logger: all that it measured since it was read last, and at times before."""
        now = self.journey.life.now
        if not self.is_there or not self.since:
            return
        begins = list(range(self.since, now, 11 * HOUR))
        read = [self.measured(begin, min(begin + 11 * HOUR, now)) for begin in begins]
        shock = {"type": "Acceleration", "value": round(self.chance.uniform(-4.9, 4.9), 2), "uom": "K40"}
        humid = {"type": "RelativeHumidity", "meanValue": 60, "maxValue": self.chance.randint(70, 90), "uom": "P1"}
        again = self.read_before if self.chance.random() < 0.3 else []
        self.read_before = read
        self.journey.reports([*again, *read, {**shock, "component": "z"}, humid])
        self.since = now

    def measured(self, begin: int, end: int) -> dict[str, object]:
        """A temperature, or the lowest and the highest of a span."""
        low, high = sorted(round(self.chance.uniform(self.coldest, self.warmest), 1) for _ in range(2))
        uom, written = ("FAH", fahrenheit) if self.in_fahrenheit else ("CEL", float)
        if not self.has_spans:
            return {"value": written(low), "uom": uom, "time": self.journey.stamp(begin)}
        span = {"startTime": self.journey.stamp(begin), "endTime": self.journey.stamp(end)}
        return {"minValue": written(low), "maxValue": written(high), "uom": uom, **span}

    def ends(self) -> None:
        """The order is done with, and the importer says so."""
        if self.chance.random() < 0.4:
            self.journey.life.wait(hours=1)
            self.ties("DELETE", self.journey.cast.importer, Role.IMPORTER)

    def ties(self, action: str, by: Member, role: Role) -> None:
        """The container is tied to its order and invoice, or no longer."""
        journey = self.journey
        told = journey.life.event(
            "TransactionEvent",
            None,
            north_km=journey.km,
            action=action,
            epcList=[journey.shipment.container],
            bizTransactionList=journey.shipment.papers.listed("po", "inv"),
        )
        journey.life.observe(by, role, told)


def fahrenheit(celsius: float) -> float:
    return round(celsius * 1.8 + 32, 1)


class Telling:
    """A history while it is made up."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"honest history {seed}")
        self.corridor = CORRIDORS[seed % len(CORRIDORS)]
        cast = cast_of(self.corridor)
        begin = SPRING + seed % 30 * 24 * HOUR + self.chance.randrange(8 * HOUR)
        self.life = Life(f"honest history {seed}", cast, self.corridor.places[0], begin)
        shipment = shipment_of(
            self.corridor.countries[0],
            self.chance,
            pallets=self.chance.randint(1, 3),
            in_bulk=self.chance.random() < 0.4,
        )
        self.journey = HonestJourney(self.life, self.corridor, shipment, self.chance)
        self.cast = cast
        self.recorder = Recorder(self.journey, random.Random(f"recorder of {seed}"))

    def tell(self) -> str:
        """Tell all of it; how it ended."""
        self.at_the_factory()
        if self.maybe(0.08):
            return self.ends_before_departure()
        self.is_cleared(Side.EXPORT)
        self.to_the_port()
        if self.maybe(0.05):
            return "at the port"
        early = self.maybe(0.3)
        if early:
            self.declares_import()
        self.along_the_corridor()
        if self.maybe(0.05):
            return "arrived"
        if self.maybe(0.5):
            self.to_the_terminal()
        if not early:
            self.declares_import()
        if self.maybe(0.15):
            ending = self.is_refused()
            if ending:
                return ending
        else:
            self.is_judged(Side.IMPORT)
        return self.to_the_importer()

    def maybe(self, likelihood: float) -> bool:
        return self.chance.random() < likelihood

    def some_of(self, likelihood: float, step: Callable[[], object]) -> None:
        if self.maybe(likelihood):
            step()

    # export

    def at_the_factory(self) -> None:
        journey, life = self.journey, self.life
        transit = self.maybe(0.7)
        importer = self.maybe(0.7)
        journey.registers(importer=importer, transit=transit)
        journey.makes()
        journey.packs()
        if not importer:
            life.wait(minutes=5)
            life.say(
                Milestone.IMPORTER_NAMED,
                self.cast.exporter,
                Role.EXPORTER,
                counterparty=self.cast.importer.address,
            )
        if not transit:
            for country in self.corridor.countries[1:-1]:
                life.say(Milestone.TRANSIT_ADDED, self.cast.exporter, Role.EXPORTER, terms=country_terms(country))
        life.wait(minutes=30)
        journey.seals(f"{life.place.country}-{self.chance.randrange(10**6):06}", self.cast.exporter, Role.EXPORTER)
        self.some_of(0.2, self.replaces_the_seal)
        self.some_of(0.3, lambda: journey.is_tracked("ADD", "installing"))
        self.recorder.begins()

    def replaces_the_seal(self) -> None:
        """The exporter takes the seal off again and puts another on."""
        self.life.wait(minutes=15)
        self.journey.unseals(self.cast.exporter, Role.EXPORTER, UnsealReason.REPLACED)
        self.life.wait(minutes=5)
        number = f"{self.life.place.country}-{self.chance.randrange(10**6, 2 * 10**6):07}"
        self.journey.seals(number, self.cast.exporter, Role.EXPORTER)

    def ends_before_departure(self) -> str:
        self.life.wait(hours=5)
        if self.maybe(0.3):
            return "begun"
        self.life.say(Milestone.CANCELLED, self.cast.exporter, Role.EXPORTER)
        return "cancelled"

    def is_cleared(self, side: Side) -> None:
        self.life.wait(hours=self.chance.randint(1, 6))
        self.is_declared(side)
        self.is_judged(side)

    def is_declared(self, side: Side) -> None:
        """A declaration, with all that may befall it until it is accepted."""
        journey, life = self.journey, self.life
        broker = self.is_represented(side) if self.maybe(0.5) else None
        journey.declares(side, broker)
        life.wait(minutes=25)
        if self.maybe(0.2):
            journey.customs(Milestone.DECLARATION_REJECTED, side)
            life.wait(hours=2)
            journey.declares(side, broker)
            life.wait(minutes=25)
        if self.maybe(0.2):
            journey.declares(side, broker, Milestone.AMENDED)
            life.wait(minutes=25)
        journey.customs(Milestone.DECLARATION_ACCEPTED, side)

    def is_represented(self, side: Side) -> Member | None:
        """The side's party appoints a broker, at times after taking back a first appointment."""
        export = side is Side.EXPORT
        broker = self.cast.export_broker if export else self.cast.import_broker
        party = (self.cast.exporter, Role.EXPORTER) if export else (self.cast.importer, Role.IMPORTER)
        self.life.say(Milestone.APPOINTED, *party, side=side, counterparty=broker.address)
        if self.maybe(0.2):
            self.life.say(Milestone.APPOINTMENT_REVOKED, *party, side=side, counterparty=broker.address)
            return None
        self.life.wait(minutes=45)
        return broker

    def is_judged(self, side: Side) -> None:
        """Assessed into a channel, and released."""
        journey, life = self.journey, self.life
        if side is Side.IMPORT:
            journey.settles_duties(self.chance.choice(list(Duties)))
        terms, opening = release_terms(), None
        match self.chance.randrange(6):
            case 0 | 1:
                journey.is_assessed_green(side)
            case 2:
                green = journey.is_assessed_closed(side, Channel.GREEN, "no risk found")
                terms, opening = release_terms(Channel.GREEN), green.opening()
            case 3:
                journey.is_asked_for_papers(side)
            case _:
                journey.is_stopped(side)
                life.wait(hours=self.chance.randint(1, 4))
                self.is_opened(side, InspectionResult.PASSED)
        self.some_of(0.2, lambda: self.is_held(journey.authority(side), Role.AUTHORITY))
        if side is Side.IMPORT:
            self.some_of(0.3, lambda: self.is_held(self.cast.agency, Role.AGENCY))
        life.wait(minutes=20)
        journey.customs(Milestone.RELEASED, side, terms=terms, opening=opening)

    def is_opened(self, side: Side, result: InspectionResult) -> None:
        unpacked = self.chance.randint(0, len(self.journey.pallets_inside))
        self.journey.is_inspected(side, result, unpacked=unpacked)

    def is_held(self, by: Member, role: Role) -> None:
        order = self.life.detail(reason="papers of the pest control to be seen")
        hold = self.life.say(Milestone.HELD, by, role, detail=order.blinded)
        self.life.wait(hours=self.chance.randint(1, 20))
        if self.maybe(0.5):
            self.journey.is_seen(by, role, "holding")
            self.life.wait(hours=1)
        self.life.say(Milestone.UNHELD, by, role, terms=hold.acceptance.digest)

    # on the way

    def to_the_port(self) -> None:
        journey, life = self.journey, self.life
        life.wait(hours=2)
        if self.maybe(0.2):
            other = self.cast.other_carrier
            life.say(Milestone.HANDOVER_OFFERED, *journey.holder, counterparty=other.address)
            life.wait(hours=1)
            life.say(Milestone.HANDOVER_DECLINED, other, Role.CARRIER)
            life.wait(hours=1)
        journey.hands_over(self.cast.carrier, Role.CARRIER)
        life.wait(hours=2)
        journey.km = 0.0
        self.some_of(0.6, lambda: journey.is_seen(self.cast.carrier, Role.CARRIER, "loading"))
        self.recorder.is_read()
        life.wait(hours=self.chance.randint(2, 12))

    def along_the_corridor(self) -> None:
        journey, life, places = self.journey, self.life, self.corridor.places
        for number, place in enumerate(places[1:], start=1):
            journey.departs(place)
            journey.travels(place, self.chance.random())
            journey.arrives()
            self.recorder.is_read()
            if number == len(places) - 1:
                break
            self.is_in_transit(place.country)
        self.some_of(0.5, lambda: journey.is_seen(self.cast.terminal, Role.TERMINAL, "unloading"))
        life.wait(hours=1)

    def is_in_transit(self, country: str) -> None:
        """A country on the way lets the goods pass, at times after it has looked at them."""
        life, customs = self.life, self.cast.authority(country)
        life.wait(hours=self.chance.randint(2, 8))
        self.some_of(0.3, lambda: self.is_held(customs, Role.AUTHORITY))
        self.some_of(0.3, lambda: self.journey.is_seen(customs, Role.AUTHORITY, "inspecting"))
        life.wait(minutes=30)
        self.journey.passes_transit(country)

    # import

    def to_the_terminal(self) -> None:
        self.life.wait(hours=3)
        self.journey.hands_over(self.cast.terminal, Role.TERMINAL)

    def declares_import(self) -> None:
        self.life.wait(hours=1)
        self.is_declared(Side.IMPORT)

    def is_refused(self) -> str:
        """Found wanting at import; the end of it, unless an appeal is won."""
        journey, life, side = self.journey, self.life, Side.IMPORT
        journey.settles_duties(Duties.SECURED)
        journey.is_stopped(side)
        life.wait(hours=2)
        self.is_opened(side, InspectionResult.FAILED)
        life.wait(hours=5)
        reasons = life.detail(reason="not as declared")
        journey.customs(Milestone.REFUSED, side, detail=reasons.blinded)
        life.wait(days=3)
        self.recorder.is_read()
        ending = self.chance.choice(
            [Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED, Milestone.RELEASED]
        )
        if ending is Milestone.RELEASED:
            journey.customs(Milestone.RELEASED, side, terms=appeal_terms())
            return ""
        journey.customs(ending, side)
        return ending.label

    def to_the_importer(self) -> str:
        journey, life = self.journey, self.life
        if self.maybe(0.1):
            return "released"
        life.wait(hours=4)
        if self.corridor.mode is not Mode.ROAD:
            self.some_of(0.4, lambda: journey.hands_over(self.cast.other_carrier, Role.CARRIER))
        life.wait(hours=1)
        journey.hands_over(self.cast.importer, Role.IMPORTER)
        life.wait(minutes=30)
        journey.is_removed()
        if self.maybe(0.1):
            return "removed"
        self.recorder.is_read()
        journey.is_delivered()
        self.recorder.ends()
        return "delivered"


class TellingOfAnError(Telling):
    """A history in which the exporter declares an event and a statement wrong, and puts them right."""

    def at_the_factory(self) -> None:
        """A pallet scanned at the wrong step: declared wrong, and followed by the event as it should have been."""
        super().at_the_factory()
        life, exporter = self.life, self.cast.exporter
        life.wait(minutes=10)
        number = life.now * 2
        wrong = {**self.journey.about_container("storing"), "eventID": event_id(number)}
        right = {**self.journey.about_container("staging_outbound"), "eventID": event_id(number + 1)}
        when = life.now
        life.observe(exporter, Role.EXPORTER, wrong)
        life.wait(hours=1)
        life.observe(exporter, Role.EXPORTER, right, event_time=when)
        declaration = {
            "declarationTime": stamp(life.now, life.place.offset),
            "reason": "incorrect_data",
            "correctiveEventIDs": [right["eventID"]],
        }
        life.observe(exporter, Role.EXPORTER, {**wrong, "errorDeclaration": declaration}, event_time=when)
        life.wait(minutes=5)
        terms = self.life.statements[0].acceptance.digest
        life.say(Milestone.CORRECTED, exporter, Role.EXPORTER, terms=terms)


def event_id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
