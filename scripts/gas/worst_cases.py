"""The worst case of every milestone, and batches over consignments with distinct parties, each measured once.

The scenes are those of ``tests/contracts/Gas.t.sol``, under the same names: one is held by forge's snapshots, the
other measured on the embedded chain beside the peers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.testing.consortium import assessment
from ledger.identity.milestones import (
    Channel,
    Duties,
    InspectionResult,
    Milestone,
    Role,
    Side,
    UnsealReason,
)
from ledger.identity.terms import (
    Route,
    appeal_terms,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    opening,
    release_terms,
    unseal_terms,
)
from scripts.gas.goals import BATCH
from scripts.gas.meter import ROUTE, Measured, Meter, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEAL: Final = digest("seal")


def parties(meter: Meter) -> None:
    """Registration, and who takes part."""
    goods, signed = meter.registration("parties")
    meter.measure_signed("registered with all parties", signed)
    broker = {"side": Side.IMPORT, "counterparty": meter.address("import_broker")}
    meter.measure("appointed", "importer", Milestone.APPOINTED, goods, **broker)
    meter.measure("appointment revoked", "importer", Milestone.APPOINTMENT_REVOKED, goods, **broker)
    shorter = Route("KR", "NL", (*ROUTE.transit[:4], "SG"))
    goods, signed = meter.registration("no importer", importer=None, route=shorter)
    meter.measure_signed("registered without an importer", signed)
    meter.measure("importer named", "exporter", Milestone.IMPORTER_NAMED, goods, counterparty=meter.address("importer"))
    meter.measure("transit added", "customs_sg", Milestone.TRANSIT_ADDED, goods, terms=country_terms("DE"))


def goods_on_their_way(meter: Meter) -> None:
    """From the seal on to the last port before the import country."""
    goods = meter.registered("goods")
    meter.consortium.clear("customs_kr", "exporter", goods, Side.EXPORT)
    carrier = {"counterparty": meter.address("carrier")}
    meter.measure("sealed (new slot)", "exporter", Milestone.SEALED, goods, detail=SEAL)
    meter.measure("handover offered", "exporter", Milestone.HANDOVER_OFFERED, goods, **carrier)
    meter.measure("handover declined", "carrier", Milestone.HANDOVER_DECLINED, goods)
    meter.state("exporter", Milestone.HANDOVER_OFFERED, goods, **carrier)
    for transaction, milestone, terms in (
        ("handover accepted", Milestone.HANDOVER_ACCEPTED, bytes(32)),
        ("departed", Milestone.DEPARTED, leg_terms("KR", "SG")),
        ("arrived", Milestone.ARRIVED, country_terms("SG")),
    ):
        meter.measure(transaction, "carrier", milestone, goods, terms=terms, detail=SEAL)
    meter.measure("transit passed", "customs_sg", Milestone.TRANSIT_PASSED, goods, terms=country_terms("SG"))
    for transaction, milestone, terms in (
        ("departed from a transit country", Milestone.DEPARTED, leg_terms("SG", "AE")),
        ("arrived elsewhere", Milestone.ARRIVED, country_terms("MT")),
        ("unsealed", Milestone.UNSEALED, unseal_terms(UnsealReason.OPENED)),
    ):
        meter.measure(transaction, "carrier", milestone, goods, terms=terms, detail=SEAL)


def delivery(meter: Meter) -> None:
    """Out of customs control, and to the importer."""
    goods = _brought_to_import(meter, "delivery")
    meter.consortium.clear("customs_nl", "importer", goods, Side.IMPORT)
    meter.consortium.hand_over("exporter", "importer", goods)
    meter.state("importer", Milestone.SEALED, goods, detail=SEAL)
    meter.measure("removed", "importer", Milestone.REMOVED, goods, detail=SEAL)
    meter.measure("delivered", "importer", Milestone.DELIVERED, goods)


def cancellation(meter: Meter) -> None:
    """Before anything departed."""
    meter.measure("cancelled", "exporter", Milestone.CANCELLED, meter.registered("cancelled"))


def declaration(meter: Meter) -> None:
    """A broker's declaration, with all that may be said about it."""
    goods, side = meter.registered("declaration"), {"side": Side.IMPORT}
    broker, customs = "import_broker", "customs_nl"
    meter.state("importer", Milestone.APPOINTED, goods, **side, counterparty=meter.address(broker))
    meter.measure("declared", broker, Milestone.DECLARED, goods, **side)
    meter.measure("declaration accepted", customs, Milestone.DECLARATION_ACCEPTED, goods, **side)
    meter.measure("declaration rejected", customs, Milestone.DECLARATION_REJECTED, goods, **side)
    meter.state(broker, Milestone.DECLARED, goods, **side)
    meter.state(customs, Milestone.DECLARATION_ACCEPTED, goods, **side)
    green, green_opening = assessment(Channel.GREEN, goods)
    yellow, yellow_opening = assessment(Channel.YELLOW, goods)
    opened = {"terms": channel_terms(Channel.GREEN), "detail": green, "opening": green_opening}
    meter.measure("assessed green (new slot)", customs, Milestone.ASSESSED, goods, **side, **opened)
    meter.measure("assessed again", customs, Milestone.ASSESSED, goods, **side, detail=yellow)
    opened = {"terms": channel_terms(Channel.YELLOW), "opening": yellow_opening}
    meter.measure("documents requested", customs, Milestone.DOCUMENTS_REQUESTED, goods, **side, **opened)
    meter.measure("documents received", customs, Milestone.DOCUMENTS_RECEIVED, goods, **side)
    settled = duties_terms(Duties.SETTLED)
    meter.measure("duties settled", customs, Milestone.DUTIES_SETTLED, goods, **side, terms=settled)
    meter.measure("amended", broker, Milestone.AMENDED, goods, **side)
    meter.measure("corrected", broker, Milestone.CORRECTED, goods, terms=digest("corrected"))
    meter.measure("observed (new slot)", broker, Milestone.OBSERVED, goods)


def red_channel(meter: Meter) -> None:
    """Stopped, inspected, released, refused, and released on appeal."""
    goods, customs, side = _brought_to_import(meter, "red"), "customs_nl", {"side": Side.IMPORT}
    red, red_opening = assessment(Channel.RED, goods)
    meter.state("importer", Milestone.DECLARED, goods, **side)
    meter.state(customs, Milestone.DECLARATION_ACCEPTED, goods, **side)
    meter.state(customs, Milestone.ASSESSED, goods, **side, detail=red)
    opened = {"terms": channel_terms(Channel.RED), "opening": red_opening}
    meter.measure("stopped, opening red (new slot)", customs, Milestone.STOPPED, goods, **side, **opened)
    meter.state(customs, Milestone.ASSESSED, goods, **side, detail=red)
    opened["terms"] = inspection_terms(InspectionResult.PASSED, Channel.RED)
    meter.measure("inspected, opening red", customs, Milestone.INSPECTED, goods, **side, **opened)
    meter.state(customs, Milestone.DUTIES_SETTLED, goods, **side, terms=duties_terms(Duties.SETTLED))
    opened["terms"] = release_terms(Channel.RED)
    meter.measure("released, opening red", customs, Milestone.RELEASED, goods, **side, **opened)
    meter.measure("refused (new slot)", customs, Milestone.REFUSED, goods, **side)
    opened["terms"] = opening(appeal_terms(), Channel.RED)
    meter.measure("released on appeal", customs, Milestone.RELEASED, goods, **side, **opened)


def holds(meter: Meter) -> None:
    """Set by the agency of the last transit country, and lifted by it, or for it after its dismissal."""
    goods, consortium = meter.registered("holds"), meter.consortium
    agency = consortium.admit("agency_sg", "SG", Role.AGENCY)
    for transaction, lifter in (("unheld", agency.name), ("unheld for a member dismissed", "customs_sg")):
        hold = meter.sign(agency.name, Milestone.HELD, goods, detail=digest(transaction))
        named = {}
        if lifter == agency.name:
            meter.measure_signed("held (new slot)", hold)
        else:
            consortium.submit(hold)
            consortium.members.dismiss(consortium.sender("customs_sg"), agency.address)
            named["counterparty"] = agency.address
        terms = hold.statement.digest(consortium.contracts.domain)
        meter.measure(transaction, lifter, Milestone.UNHELD, goods, terms=terms, **named)


def refused_goods(meter: Meter) -> None:
    """The ends of goods that were refused."""
    side = {"side": Side.EXPORT}
    for milestone in (Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED):
        name = milestone.name.lower()
        goods = meter.registered(name)
        meter.state("exporter", Milestone.DECLARED, goods, **side)
        meter.state("customs_kr", Milestone.REFUSED, goods, **side)
        meter.measure(name, "customs_kr", milestone, goods, **side)


def batches(meter: Meter, size: int = BATCH) -> None:
    """One transaction over so many consignments, each with an exporter and a carrier of its own."""
    consortium, pairs = meter.consortium, [(f"owner {number}", f"taker {number}") for number in range(size)]
    for owner, taker in pairs:
        consortium.admit(owner, "KR", Role.EXPORTER)
        consortium.admit(taker, "KR", Role.CARRIER)
    told = [meter.registration(f"of {owner}", exporter=owner) for owner, _ in pairs]
    meter.measure_batch(f"{size} registered, distinct exporters", [signed for _, signed in told])
    goods = {owner: known for (owner, _), (known, _) in zip(pairs, told, strict=True)}
    offers = [
        meter.sign(owner, Milestone.HANDOVER_OFFERED, goods[owner], counterparty=meter.address(taker))
        for owner, taker in pairs
    ]
    meter.measure_batch(f"{size} handovers offered, distinct consignments and parties", offers)
    seals = [meter.sign(owner, Milestone.SEALED, goods[owner], detail=digest("seal", owner)) for owner, _ in pairs]
    meter.measure_batch(f"{size} sealed (new slots), distinct consignments and parties", seals)


SCENES: Final[tuple[Callable[[Meter], None], ...]] = (
    parties,
    goods_on_their_way,
    delivery,
    cancellation,
    declaration,
    red_channel,
    holds,
    refused_goods,
    batches,
)


def measure(scenes: Sequence[Callable[[Meter], None]] = SCENES) -> list[Measured]:
    """Play the scenes on one embedded chain; what each of their transactions took."""
    meter = Meter()
    for scene in scenes:
        scene(meter)
    return meter.measured


def _brought_to_import(meter: Meter, ucr: str) -> bytes:
    """Registered, released for export, and at rest in the import country with the exporter still; the id (32 bytes)."""
    goods = meter.registered(ucr)
    meter.consortium.clear("customs_kr", "exporter", goods, Side.EXPORT)
    meter.state("exporter", Milestone.DEPARTED, goods, terms=leg_terms("KR", "NL"), detail=bytes(32))
    meter.state("exporter", Milestone.ARRIVED, goods, terms=country_terms("NL"), detail=bytes(32))
    return goods
