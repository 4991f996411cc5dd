"""Whereabouts: where an event says it happened.

Three things in an event tell it, and each is read as it is written:

- ``border:place`` (the namespace is ``urn:smartborder:epcis:``), at the event or in its read point: a UN/LOCODE;
- a read point that is a geo URI: where it was observed;
- a business location that is a geo URI: where the objects are from then on.

A GLN says where for those who have its owner's register; here it says nothing, and nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.epcis.freight import is_un_locode
from ledger.verify.coordinates import Area, is_geo, read_geo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.epcis import Event
    from ledger.verify.gazetteer import Gazetteer, Place
    from ledger.verify.trail import Step

BORDER: Final = "urn:smartborder:epcis:"
"""The namespace of the ledger's own terms in events (docs/epcis.md, "The border's own terms")."""

PLACE: Final = f"{BORDER}place"

INTERNATIONAL: Final = "XZ"
"""Stands in a UN/LOCODE for installations in international waters, in place of a country."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One telling of where an event happened, that can be laid on a map.

    Attributes:
        area: where it is.
        name: what to call it.
    """

    area: Area
    name: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What an event says about where it happened.

    Attributes:
        code: the UN/LOCODE; None where none is given, or it has not the shape of one.
        place: its entry in the list of places; None where there is none, or no list.
        read: what its read point says.
        business: what its business location says.
        unreadable: the codes and geo URIs that name no place on earth, as they are written.
    """

    code: str | None = None
    place: Place | None = None
    read: Spot | None = None
    business: Spot | None = None
    unreadable: tuple[str, ...] = ()

    @property
    def listed(self) -> Spot | None:
        """Where the list of places has the code."""
        if self.place is None or self.place.area is None:
            return None
        return Spot(self.place.area, f"{self.place.name} ({self.place.code})")

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Every telling that can be laid on a map, the most exact first."""
        return tuple(each for each in (self.read, self.listed, self.business) if each is not None)

    @property
    def best(self) -> Spot | None:
        """Where it happened, as exactly as it is told."""
        spots = self.spots
        if not spots:
            return None
        name = spots[0].name if self.code is None else (self.place.name if self.place else self.code)
        return Spot(spots[0].area, name)

    @property
    def country(self) -> str | None:
        """The country of the code; the list is not needed for it. International waters have none."""
        return None if self.code is None or self.code.startswith(INTERNATIONAL) else self.code[:2]

    @property
    def is_told(self) -> bool:
        """Whether a country or a place on the map is told."""
        return self.country is not None or bool(self.spots)


NOWHERE: Final = Whereabouts()


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the trail, and where it says that it happened."""

    step: Step
    where: Whereabouts


def whereabouts(event: Event, gazetteer: Gazetteer | None) -> Whereabouts:
    """What an event says about where it happened.

    Args:
        event: any event.
        gazetteer: the list of places; without it a code is only a code.
    """
    read_point, business = event.read_point, event.biz_location
    codes = tuple(_codes(event))
    code = next(filter(is_un_locode, codes), None)
    geo = [uri for uri in (read_point, business) if uri is not None and is_geo(uri)]
    if not codes and not geo:
        return NOWHERE
    return Whereabouts(
        code,
        None if code is None or gazetteer is None else gazetteer.find(code),
        _spot(read_point),
        _spot(business),
        (*(each for each in codes if not is_un_locode(each)), *(uri for uri in geo if read_geo(uri) is None)),
    )


def term(event: Event, name: str, members: Mapping[str, object] | None = None) -> object:
    """The value of an extension member, by its full name, under whatever prefix it is written.

    Args:
        event: whose context tells what prefixes mean.
        name: the expanded name, as :data:`PLACE`.
        members: an object of the event, where it is not the event itself.
    """
    local = name.rpartition(":")[2]
    for written, value in (event.data if members is None else members).items():
        if written.endswith(local) and event.context.expand(written) == name:
            return value
    return None


def _codes(event: Event) -> Iterator[str]:
    inner = event.data.get("readPoint")
    for members in (event.data, inner):
        value = term(event, PLACE, members) if isinstance(members, Mapping) else None
        if isinstance(value, str):
            yield value.replace(" ", "", 1)


def _spot(uri: str | None) -> Spot | None:
    area = None if uri is None else read_geo(uri)
    return None if area is None else Spot(area, str(area.point))
