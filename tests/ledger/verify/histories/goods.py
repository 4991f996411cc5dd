"""The goods of generated histories: items and lots, pallets, containers, seals and papers, with right identifiers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ledger.epcis.freight import container_check_digit

if TYPE_CHECKING:
    import random

PREFIXES = {
    "KR": "8801234", "BR": "7891234", "VN": "8931234", "JP": "4901234", "AU": "9312345", "ZA": "6001234",
    "IN": "8901234", "CL": "7801234", "KE": "6161234", "MX": "7501234", "TR": "8681234", "CN": "6901234",
    "NO": "7031234",
}  # fmt: skip
"""A GS1 company prefix for the exporters of each country."""


class Unit(Enum):
    """Units that goods are weighed in (UN/CEFACT Recommendation 20): how many of them a thousand kilograms are."""

    KGM = 1000.0
    TNE = 1.0
    LBR = 2204.62

    def of(self, kilograms: int) -> float:
        return round(kilograms * self.value / 1000, 3)


@dataclass(frozen=True)
class Pallet:
    """One pallet: its SSCC, and what is on it: single items, or so many kilograms of a lot."""

    sscc: str
    items: tuple[str, ...] = ()
    lot: str = ""
    kilograms: int = 0

    @property
    def content(self) -> dict[str, object]:
        """What is on it, as an aggregation names its children."""
        if self.items:
            return {"childEPCs": list(self.items)}
        return {"childQuantityList": [{"epcClass": self.lot, "quantity": self.kilograms, "uom": "KGM"}]}


@dataclass(frozen=True)
class Papers:
    """Purchase order, invoice, bill of lading."""

    order: str
    invoice: str
    bill: str

    def listed(self, *types: str) -> list[dict[str, str]]:
        """The business transactions of an event: those of the types named (``po``, ``inv``, ``bol``)."""
        by_type = {"po": self.order, "inv": self.invoice, "bol": self.bill}
        return [{"type": type_, "bizTransaction": by_type[type_]} for type_ in types]


@dataclass(frozen=True)
class Shipment:
    """The goods of one consignment."""

    pallets: tuple[Pallet, ...]
    container: str
    papers: Papers
    factory: str
    tracker: str

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(item for pallet in self.pallets for item in pallet.items)

    @property
    def kilograms(self) -> int:
        return sum(pallet.kilograms for pallet in self.pallets)

    @property
    def lot(self) -> str:
        return self.pallets[0].lot


def container_number(chance: random.Random) -> str:
    code = f"{chance.choice(('CSQU', 'MSKU', 'TGHU', 'HLXU', 'CMAU'))}{chance.randrange(10**6):06}"
    return f"urn:epc:id:bic:{code}{container_check_digit(code)}"


def papers_of(prefix: str, chance: random.Random) -> Papers:
    number = chance.randrange(10**5)
    issuer = f"urn:epcglobal:cbv:bt:{prefix}000014"
    return Papers(f"{issuer}:PO-{number:05}", f"{issuer}:INV-{number + 7:05}", f"{issuer}:BL-{number + 13:05}")


def shipment_of(country: str, chance: random.Random, *, pallets: int, in_bulk: bool) -> Shipment:
    """Goods of an exporter of that country: so many pallets, of single items or of a lot by weight."""
    prefix, first, article = PREFIXES[country], chance.randrange(10**8), chance.randrange(10**6)
    lot = f"urn:epc:class:lgtin:{prefix}.{article:06}.L{chance.randrange(10**4):04}"
    each = chance.randint(2, 4)
    return Shipment(
        pallets=tuple(
            Pallet(
                f"urn:epc:id:sscc:{prefix}.0{first + number:09}",
                lot=lot if in_bulk else "",
                kilograms=chance.randint(300, 900) if in_bulk else 0,
                items=()
                if in_bulk
                else tuple(f"urn:epc:id:sgtin:{prefix}.{article:06}.{number * 10 + n + 1000}" for n in range(each)),
            )
            for number in range(pallets)
        ),
        container=container_number(chance),
        papers=papers_of(prefix, chance),
        factory=f"urn:epc:id:sgln:{prefix}.00001.0",
        tracker=f"urn:epc:id:giai:{prefix}.T{first:08}",
    )
