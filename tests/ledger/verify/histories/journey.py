"""What happens to goods on their way, told chapter by chapter: who says it, with which event.

A chapter is a method of :class:`Journey`; :mod:`honest` strings chapters together at random, and the corpus of frauds
does so by hand and changes one thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.epcis.identifiers import digital_link
from ledger.identity.milestones import Channel, Duties, InspectionResult, Milestone, Role, Side, UnsealReason
from ledger.identity.statements import ZERO_ADDRESS
from ledger.identity.terms import (
    Route,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    release_terms,
    route_terms,
    unseal_terms,
)
from tests.ledger.verify.histories.life import stamp
from tests.ledger.verify.histories.world import distance_km

if TYPE_CHECKING:
    from ledger.store.blinds import Blind
    from ledger.verify.case import Entry
    from tests.ledger.verify.builder import Member
    from tests.ledger.verify.histories.goods import Pallet, Shipment, Unit
    from tests.ledger.verify.histories.life import Life
    from tests.ledger.verify.histories.world import Corridor, Place

FACTORY_KM = 30.0
"""How far the factory lies from the port, and the importer's warehouse from the place of arrival."""


class Journey:
    """The goods of one consignment, and where their story has come to."""

    def __init__(self, life: Life, corridor: Corridor, shipment: Shipment) -> None:
        self.life = life
        self.cast = life.cast
        self.corridor = corridor
        self.shipment = shipment
        self.holder: tuple[Member, Role] = (life.cast.exporter, Role.EXPORTER)
        self.seal: Blind | None = None
        self.km = FACTORY_KM
        self.pallets_inside = list(shipment.pallets)

    # at the factory

    def registers(self, *, importer: bool = True, transit: bool = True) -> Entry:
        """The exporter commissions the goods and registers their consignment."""
        life, countries = self.life, self.corridor.countries
        route = Route(countries[0], countries[-1], countries[1:-1] if transit else ())
        return life.say(
            Milestone.REGISTERED,
            self.cast.exporter,
            Role.EXPORTER,
            self.commissioning(),
            terms=route_terms(route),
            detail=life.ucr_word,
            counterparty=self.cast.importer.address if importer else ZERO_ADDRESS,
        )

    def commissioning(self) -> dict[str, Any]:
        """The goods come to be: single items, or the raw lot that they are made from."""
        goods = self.shipment
        content: dict[str, Any] = {"epcList": list(goods.items)}
        if not goods.items:
            content = {"quantityList": [{"epcClass": self.raw_lot, "quantity": self.raw_kilograms, "uom": "KGM"}]}
        return self.life.event(
            "ObjectEvent",
            "commissioning",
            north_km=self.km,
            action="ADD",
            disposition="active",
            bizLocation={"id": goods.factory},
            **content,
        )

    @property
    def raw_lot(self) -> str:
        return f"{self.shipment.lot}R"

    @property
    def raw_kilograms(self) -> int:
        return self.shipment.kilograms * 5 // 4

    def makes(self) -> None:
        """The raw lot is made into the goods: roasted, dried, milled; a fifth of its weight is lost."""
        goods = self.shipment
        if goods.items:
            return
        self.life.wait(hours=3)
        output = {"epcClass": goods.lot, "quantity": goods.kilograms, "uom": "KGM"}
        told = self.life.event(
            "TransformationEvent",
            "creating_class_instance",
            north_km=self.km,
            inputQuantityList=[{"epcClass": self.raw_lot, "quantity": self.raw_kilograms, "uom": "KGM"}],
            outputQuantityList=[output],
            bizLocation={"id": goods.factory},
        )
        self.life.observe(self.cast.exporter, Role.EXPORTER, told)

    def packs(self) -> None:
        """Onto pallets, and these into the container."""
        life, goods = self.life, self.shipment
        for pallet in goods.pallets:
            life.wait(minutes=35)
            told = life.event(
                "AggregationEvent",
                "packing",
                north_km=self.km,
                action="ADD",
                parentID=pallet.sscc,
                **pallet.content,
            )
            life.observe(self.cast.exporter, Role.EXPORTER, told)
        life.wait(hours=1)
        papers = goods.papers.listed("po", "inv")
        told = self.loading("ADD", "loading", goods.pallets, bizTransactionList=papers)
        life.observe(self.cast.exporter, Role.EXPORTER, told)

    def loading(self, action: str, step: str, pallets: Any, **members: Any) -> dict[str, Any]:
        """Pallets into the container, or out of it."""
        return self.life.event(
            "AggregationEvent",
            step,
            north_km=self.km,
            action=action,
            parentID=self.shipment.container,
            childEPCs=[pallet.sscc for pallet in pallets],
            **members,
        )

    def about_container(self, step: str, **members: Any) -> dict[str, Any]:
        """Something that happens to the closed container."""
        epcs = [self.shipment.container]
        return self.life.event("ObjectEvent", step, north_km=self.km, action="OBSERVE", epcList=epcs, **members)

    def seals(self, number: str, by: Member, role: Role) -> None:
        self.seal = self.life.seal(number)
        told = self.about_container("staging_outbound", **{"border:sealNumber": number})
        self.life.say(Milestone.SEALED, by, role, told, detail=self.seal.blinded)

    def unseals(self, by: Member, role: Role, reason: UnsealReason = UnsealReason.OPENED) -> None:
        assert self.seal is not None
        told = self.about_container("inspecting", **{"border:sealNumber": self.seal.content.number})
        self.life.say(Milestone.UNSEALED, by, role, told, terms=unseal_terms(reason), detail=self.seal.blinded)
        self.seal = None

    @property
    def seal_fields(self) -> dict[str, Any]:
        return {} if self.seal is None else {"detail": self.seal.blinded}

    @property
    def seal_told(self) -> dict[str, Any]:
        return {} if self.seal is None else {"border:sealNumber": self.seal.content.number}

    # from hand to hand

    def hands_over(self, to: Member, role: Role, **told: Any) -> None:
        """The holder offers the goods, and another takes them over, with the seal it reads."""
        life, (by, acting) = self.life, self.holder
        life.say(Milestone.HANDOVER_OFFERED, by, acting, counterparty=to.address)
        life.wait(minutes=50)
        event = self.about_container("accepting", **self.seal_told, **told)
        life.say(Milestone.HANDOVER_ACCEPTED, to, role, event, **self.seal_fields)
        self.holder = (to, role)

    # on the way

    def departs(self, to: Place, told: dict[str, Any] | None = None) -> None:
        """The goods leave; with the document that tells it, if it is another than the usual one."""
        life, (by, role) = self.life, self.holder
        terms = leg_terms(life.place.country, to.country)
        told = told or self.on_the_way("departing", disposition="in_transit")
        life.say(Milestone.DEPARTED, by, role, told, terms=terms, **self.seal_fields)

    def on_the_way(self, step: str, **members: Any) -> dict[str, Any]:
        """What the carrier writes when it leaves or arrives."""
        return self.about_container(
            step,
            bizTransactionList=self.shipment.papers.listed("bol"),
            **{"border:transportMode": self.corridor.mode.word},
            **self.seal_told,
            **members,
        )

    def travels(self, to: Place, haste: float) -> None:
        here = self.life.place
        self.life.wait(hours=self.corridor.mode.hours(distance_km(here, to), haste) + 2)
        self.life.place = to

    def arrives(self, told: dict[str, Any] | None = None) -> None:
        """The goods arrive; with the document that tells it, if it is another than the usual one."""
        life, (by, role) = self.life, self.holder
        told, terms = told or self.on_the_way("arriving"), country_terms(life.place.country)
        life.say(Milestone.ARRIVED, by, role, told, terms=terms, **self.seal_fields)

    def passes_transit(self, country: str) -> None:
        """A country on the way lets the goods pass."""
        self.life.say(
            Milestone.TRANSIT_PASSED, self.cast.authority(country), Role.AUTHORITY, terms=country_terms(country)
        )
        self.life.wait(hours=2)

    def is_seen(self, by: Member, role: Role, step: str = "transporting") -> None:
        """Somebody scans the container."""
        self.life.observe(by, role, self.about_container(step, disposition="in_transit"))

    def is_read(self, by: Member, role: Role, number: int) -> None:
        """The container's sensor is read, wherever it is at sea."""
        read = {"type": "Temperature", "value": 4 + number % 3 / 2, "uom": "CEL"}
        told = self.about_container(
            "sensor_reporting",
            **{"readPoint": None, "border:place": None},
            sensorElementList=[{"sensorReport": [read]}],
        )
        self.life.observe(by, role, told)

    def limits(self, stated: list[dict[str, Any]]) -> None:
        """The exporter states what the goods may be exposed to."""
        told = self.about_container("staging_outbound", **{"border:limits": stated})
        self.life.observe(self.cast.exporter, Role.EXPORTER, told)

    def logs(
        self, by: Member, role: Role, *, celsius: float | None = None, report: dict[str, Any] | None = None
    ) -> None:
        """The logger inside is read once: a temperature, or whatever the report says."""
        told = {"value": celsius, "uom": "CEL"} if report is None else report
        self.reports([told], by, role)

    def reports(self, reports: list[dict[str, Any]], by: Member | None = None, role: Role | None = None) -> None:
        """What the logger inside measured, told by who reads it, or else by who holds the goods."""
        holder, acting = self.holder
        elements: list[dict[str, Any]] = []
        for each in reports:
            span = {name: each[name] for name in ("startTime", "endTime") if name in each}
            read = {name: value for name, value in each.items() if name not in span}
            read = {"type": "Temperature", "deviceID": self.shipment.tracker, **read}
            elements.append({"sensorReport": [read], **({"sensorMetadata": span} if span else {})})
        told = self.about_container("sensor_reporting", sensorElementList=elements)
        self.life.observe(by or holder, role or acting, told)

    def stamp(self, seconds: int) -> str:
        """A time as it is written where the goods are."""
        return stamp(seconds, self.life.place.offset)

    def is_tracked(self, action: str, step: str) -> None:
        """A tracker is tied to the container, or taken off again, by who holds it."""
        by, role = self.holder
        told = self.life.event(
            "AssociationEvent",
            step,
            north_km=self.km,
            action=action,
            parentID=self.shipment.container,
            childEPCs=[self.shipment.tracker],
        )
        self.life.observe(by, role, told)

    def is_looked_into(self, by: Member, role: Role) -> None:
        """Somebody looks into the open container, and counts every pallet."""
        told = self.loading("OBSERVE", "inspecting", self.pallets_inside, disposition="completeness_verified")
        self.life.observe(by, role, told)

    def is_weighed(self, by: Member, role: Role, pallet: Pallet, unit: Unit) -> None:
        """Somebody weighs what is on a pallet, in a unit of his own, on scales that differ a little."""
        weight = {"epcClass": pallet.lot, "quantity": unit.of(pallet.kilograms), "uom": unit.name}
        told = self.life.event(
            "AggregationEvent",
            "inspecting",
            north_km=self.km,
            action="OBSERVE",
            parentID=pallet.sscc,
            childQuantityList=[weight],
        )
        self.life.observe(by, role, told)

    # clearance

    def authority(self, side: Side) -> Member:
        return self.cast.authorities[0 if side is Side.EXPORT else -1]

    def customs(self, milestone: Milestone, side: Side, **members: Any) -> Entry:
        """The side's customs says something."""
        return self.life.say(milestone, self.authority(side), Role.AUTHORITY, side=side, **members)

    def declares(self, side: Side, broker: Member | None = None, milestone: Milestone = Milestone.DECLARED) -> None:
        """A declaration, by the side's party or by its broker."""
        export = side is Side.EXPORT
        party = (self.cast.exporter, Role.EXPORTER) if export else (self.cast.importer, Role.IMPORTER)
        by, role = party if broker is None else (broker, Role.BROKER)
        declared = self.life.detail(office=f"{self.authority(side).country}001", packages=len(self.shipment.pallets))
        self.life.say(milestone, by, role, side=side, detail=declared.blinded)

    def clears(self, side: Side) -> None:
        """The short way: declared, accepted, assessed green, released."""
        self.declares(side)
        self.life.wait(minutes=20)
        self.customs(Milestone.DECLARATION_ACCEPTED, side)
        if side is Side.IMPORT:
            self.settles_duties(Duties.SETTLED)
        self.is_assessed_green(side)
        self.life.wait(minutes=5)
        self.customs(Milestone.RELEASED, side, terms=release_terms())

    def settles_duties(self, how: Duties) -> None:
        self.life.wait(minutes=30)
        self.customs(Milestone.DUTIES_SETTLED, Side.IMPORT, terms=duties_terms(how))

    def is_assessed_green(self, side: Side) -> None:
        self.life.wait(minutes=15)
        green = self.life.assessment(Channel.GREEN, "known trader", "complete papers")
        terms = channel_terms(Channel.GREEN)
        self.customs(Milestone.ASSESSED, side, detail=green.blinded, terms=terms, opening=green.opening())

    def is_assessed_closed(self, side: Side, channel: Channel, *reasons: str) -> Blind:
        """Assessed without a word about the channel: nobody is warned."""
        self.life.wait(minutes=15)
        assessment = self.life.assessment(channel, *reasons)
        self.customs(Milestone.ASSESSED, side, detail=assessment.blinded)
        return assessment

    def is_asked_for_papers(self, side: Side) -> None:
        """The yellow channel."""
        yellow = self.is_assessed_closed(side, Channel.YELLOW, "certificate of origin not seen")
        self.life.wait(minutes=10)
        terms = channel_terms(Channel.YELLOW)
        self.customs(Milestone.DOCUMENTS_REQUESTED, side, terms=terms, opening=yellow.opening())
        self.life.wait(hours=6)
        self.customs(Milestone.DOCUMENTS_RECEIVED, side)

    def is_stopped(self, side: Side) -> None:
        """The red channel: found risky, and stopped."""
        red = self.is_assessed_closed(side, Channel.RED, "weight differs from that of similar goods", "new route")
        self.life.wait(minutes=10)
        self.customs(Milestone.STOPPED, side, terms=channel_terms(Channel.RED), opening=red.opening())

    def is_inspected(self, side: Side, result: InspectionResult, *, unpacked: int = 0, seal: str = "") -> None:
        """Customs opens the container, takes pallets out and puts them back, reports, and seals it again."""
        life, customs = self.life, self.authority(side)
        sealed = self.seal is not None
        if sealed:
            self.unseals(customs, Role.AUTHORITY)
        out = self.pallets_inside[:unpacked]
        if out:
            life.wait(minutes=30)
            life.observe(customs, Role.AUTHORITY, self.loading("DELETE", "unpacking", out))
            del self.pallets_inside[:unpacked]
        self.is_examined(customs, Role.AUTHORITY)
        life.wait(minutes=90)
        report = life.detail(result=result.label, pallets=unpacked)
        told = self.about_container("inspecting")
        terms = inspection_terms(result)
        self.customs(Milestone.INSPECTED, side, event=told, terms=terms, detail=report.blinded)
        if out:
            life.wait(minutes=30)
            life.observe(customs, Role.AUTHORITY, self.loading("ADD", "loading", out))
            self.pallets_inside += out
        if sealed:
            life.wait(minutes=10)
            self.seals(seal or f"{customs.country}-CUS-{life.now % 100_000:05}", customs, Role.AUTHORITY)

    def is_examined(self, by: Member, role: Role) -> None:
        """What customs looks at in the open container, beside its report; here nothing more."""

    # at the end

    def is_removed(self) -> None:
        """The importer takes the goods out of the port, to its warehouse."""
        told = self.about_container("shipping", **self.seal_told)
        self.life.say(Milestone.REMOVED, *self.holder, told, **self.seal_fields)
        self.km = FACTORY_KM
        self.life.wait(hours=2)

    def is_delivered(self) -> None:
        """Unsealed, unloaded and taken in."""
        life, importer = self.life, self.cast.importer
        if self.seal is not None:
            self.unseals(importer, Role.IMPORTER)
        life.wait(minutes=40)
        life.observe(importer, Role.IMPORTER, self.loading("DELETE", "unloading", self.pallets_inside))
        for pallet in self.pallets_inside:
            self.is_unpacked(pallet)
        life.wait(minutes=20)
        life.say(Milestone.DELIVERED, importer, Role.IMPORTER, self.receiving())

    def is_unpacked(self, pallet: Pallet) -> None:
        """The importer takes everything off a pallet."""
        self.life.wait(minutes=10)
        told = self.life.event(
            "AggregationEvent",
            "unpacking",
            north_km=self.km,
            action="DELETE",
            parentID=digital_link(pallet.sscc),
            **pallet.content,
        )
        self.life.observe(self.cast.importer, Role.IMPORTER, told)

    def receiving(self) -> dict[str, Any]:
        """What the importer takes in: every item, or all of the lot but for what dried out on the way."""
        goods = self.shipment
        content: dict[str, Any] = {"epcList": [digital_link(item) for item in goods.items]}
        if not goods.items:
            arrived = {"epcClass": goods.lot, "quantity": goods.kilograms * 99 // 100, "uom": "KGM"}
            content = {"quantityList": [arrived]}
        return self.life.event(
            "ObjectEvent",
            "receiving",
            north_km=self.km,
            action="OBSERVE",
            bizTransactionList=goods.papers.listed("po", "inv"),
            **content,
        )
