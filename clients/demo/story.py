"""The story: battery modules from Korea through Singapore to the Netherlands, told as it is recorded.

Every step is a real one: keys sign, the contract accepts, parcels are sealed and opened, documents are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.demo.telling import document
from ledger.exchange.parcel import EVERYTHING
from ledger.identity.milestones import Channel, Duties, InspectionResult, UnsealReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.demo.telling import Narrator, Step
    from clients.party import Party
    from clients.practice import Practice
    from ledger.verify import Verdict

UCR: Final = "6KR8801234-2026-PO-0042"
SEAL: Final = "KR-2026-004417"
CUSTOMS_SEAL: Final = "NL-DOU-55021"
FOUNDED: Final = "2026-03-02T09:00:00+09:00"


def hand_over(giver: Party, taker: Party, ucr: str = UCR) -> None:
    """A parcel from one party to another: made, sealed, opened, checked against the chain, kept."""
    taker.receive(giver.share(ucr, taker.address))


def founding(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """Who is there, and what they know of each other."""
    narrator.chapter("The consortium")
    yield narrator.tell("Korea, Singapore, Netherlands", "found the consortium: any two of three decide together")
    for name, party in border.parties.items():
        if name.startswith("customs"):
            continue
        member = party.member
        role = ", ".join(role.label for role in sorted(member.roles))
        yield narrator.tell(f"Customs {member.country}", f"admits {party.connection.name_of(member.address)} as {role}")


def export(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """From the factory to the carrier."""
    exporter, carrier, customs = border.exporter, border.carrier, border.customs_kr
    narrator.chapter("Export from Korea")
    narrator.at("2026-03-03T17:40:00+09:00")
    outcome = exporter.register(
        document("01-exporter-packed.jsonld"), ucr=UCR, to="NL", via=["SG"], importer=border.importer.address
    )
    yield narrator.tell("Exporter", "registers four battery modules, packed and loaded, bound for NL via SG", outcome)
    narrator.at("2026-03-03T17:50:00+09:00")
    outcome = exporter.seal(UCR, SEAL, document=document("02-exporter-sealed.jsonld"))
    yield narrator.tell("Exporter", f"seals the container with {SEAL}; the chain sees only a commitment", outcome)
    narrator.at("2026-03-04T09:00:00+09:00")
    hand_over(exporter, customs)
    yield narrator.tell("Exporter", "hands Korea Customs a sealed parcel: documents, salt, openings")
    yield narrator.tell("Exporter", "declares for export", exporter.declare(UCR))
    yield narrator.tell("Customs KR", "accepts the declaration", customs.accept_declaration(UCR))
    narrator.at("2026-03-04T11:30:00+09:00")
    outcome = customs.assess(UCR, Channel.GREEN, ("known shipper, complete documents",))
    yield narrator.tell("Customs KR", "assesses it green, opened at once", outcome)
    yield narrator.tell("Customs KR", "releases it for export", customs.release(UCR))
    narrator.at("2026-03-06T16:00:00+09:00")
    yield narrator.tell("Exporter", "offers custody to the carrier", exporter.offer(UCR, carrier.address))
    hand_over(exporter, carrier)
    outcome = carrier.accept(UCR, seal=SEAL)
    yield narrator.tell("Carrier", f"reads the seal, finds {SEAL}, accepts custody", outcome)


def voyage(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """Busan to Rotterdam by way of Singapore."""
    carrier, customs = border.carrier, border.customs_sg
    narrator.chapter("Voyage through Singapore")
    narrator.at("2026-03-06T23:20:00+09:00")
    outcome = carrier.depart(UCR, to="SG", seal=SEAL, document=document("03-carrier-departed-busan.xml"))
    yield narrator.tell("Carrier", "departs from Busan (an EPCIS document in XML)", outcome)
    narrator.at("2026-03-14T06:30:00+08:00")
    outcome = carrier.arrive(UCR, country="SG", seal=SEAL, document=document("04-carrier-arrived-singapore.jsonld"))
    yield narrator.tell("Carrier", "arrives in Singapore, with the voyage's temperatures", outcome)
    hand_over(carrier, customs)
    narrator.at("2026-03-14T15:00:00+08:00")
    yield narrator.tell("Customs SG", "lets the transit pass", customs.pass_transit(UCR))
    narrator.at("2026-03-15T21:10:00+08:00")
    outcome = carrier.depart(UCR, to="NL", seal=SEAL, document=document("05-carrier-departed-singapore.jsonld"))
    yield narrator.tell("Carrier", "departs for Rotterdam", outcome)


def pre_arrival(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """Declared and assessed while the goods are at sea."""
    importer, broker, customs = border.importer, border.broker, border.customs_nl
    narrator.chapter("Before arrival in the Netherlands")
    narrator.at("2026-03-25T10:00:00+01:00")
    hand_over(border.exporter, importer)
    yield narrator.tell("Importer", "appoints its broker", importer.appoint(UCR, broker.address))
    hand_over(importer, broker)
    yield narrator.tell("Broker", "declares for import, two weeks before arrival", broker.declare(UCR))
    hand_over(broker, customs)
    narrator.at("2026-03-26T09:00:00+01:00")
    yield narrator.tell("Customs NL", "accepts the declaration", customs.accept_declaration(UCR))
    outcome = customs.assess(UCR, Channel.RED, ("first import of this goods code", "new trade lane"))
    yield narrator.tell("Customs NL", "assesses it; channel and reasons stay closed, so nobody is warned", outcome)
    yield narrator.tell("Customs NL", "states that duties are secured", customs.settle_duties(UCR, Duties.SECURED))


def inspection(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """Arrival, inspection under a red channel, release."""
    carrier, terminal, customs = border.carrier, border.terminal, border.customs_nl
    narrator.chapter("Arrival and inspection in Rotterdam")
    narrator.at("2026-04-08T05:00:00+02:00")
    outcome = carrier.arrive(UCR, country="NL", seal=SEAL, document=document("06-carrier-arrived-rotterdam.xml"))
    yield narrator.tell("Carrier", "arrives in Rotterdam", outcome)
    yield narrator.tell("Carrier", "offers custody to the terminal", carrier.offer(UCR, terminal.address))
    hand_over(carrier, terminal)
    narrator.at("2026-04-08T11:30:00+02:00")
    outcome = terminal.accept(UCR, seal=SEAL, document=document("07-terminal-received.jsonld"))
    yield narrator.tell("Terminal", f"reads the seal, finds {SEAL}, accepts custody", outcome)
    hand_over(terminal, customs)
    outcome = customs.stop(UCR, ("selected for physical inspection",))
    yield narrator.tell("Customs NL", "stops it for inspection and opens the channel: red", outcome)
    narrator.at("2026-04-08T14:00:00+02:00")
    yield narrator.tell("Customs NL", "opens the container and says so", customs.unseal(UCR, UnsealReason.OPENED))
    narrator.at("2026-04-08T15:50:00+02:00")
    inspected = document("08-customs-inspected.jsonld")
    outcome = customs.inspect(UCR, InspectionResult.PASSED, ("four modules, as declared",), document=inspected)
    yield narrator.tell("Customs NL", "inspects: passed", outcome)
    yield narrator.tell("Customs NL", f"seals it again with {CUSTOMS_SEAL}", customs.seal(UCR, CUSTOMS_SEAL))
    yield narrator.tell("Customs NL", "releases it for import", customs.release(UCR))


def delivery(border: Practice, narrator: Narrator) -> Iterator[Step]:
    """Out of the gate and to the importer."""
    terminal, importer = border.terminal, border.importer
    narrator.chapter("Delivery")
    narrator.at("2026-04-10T07:30:00+02:00")
    hand_over(border.customs_nl, terminal)
    yield narrator.tell("Terminal", "lets it out of the gate", terminal.remove(UCR, seal=CUSTOMS_SEAL))
    yield narrator.tell("Terminal", "offers custody to the importer", terminal.offer(UCR, importer.address))
    hand_over(terminal, importer)
    narrator.at("2026-04-10T09:30:00+02:00")
    yield narrator.tell("Importer", "accepts custody", importer.accept(UCR, seal=CUSTOMS_SEAL))
    narrator.at("2026-04-10T10:30:00+02:00")
    outcome = importer.deliver(UCR, document=document("09-importer-received.jsonld"))
    yield narrator.tell("Importer", "confirms delivery: the consignment's end", outcome)


def audit(border: Practice, narrator: Narrator) -> Verdict:
    """An auditor, who trusts nobody, gets parcels and reaches a verdict."""
    narrator.chapter("Audit")
    narrator.at("2026-05-04T10:00:00+02:00")
    for giver in (border.importer, border.customs_kr, border.customs_nl):
        border.auditor.receive(giver.share(UCR, border.auditor.address, EVERYTHING))
    return border.auditor.verify(UCR)


CHAPTERS: Final = (founding, export, voyage, pre_arrival, inspection, delivery)
