"""Locations: a location number (GLN) stands for one place, wherever it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.digitallink import CANONICAL_ROOT
from ledger.verify.checks.places import AGREE_KM, NO_COORDINATES, NO_LIST
from ledger.verify.coordinates import distance_km, least_distance_km
from ledger.verify.findings import Outcome
from ledger.verify.rule import Remark, Remarks, Rule, passed, rule, unchecked, warned
from ledger.verify.things import thing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.epcis import Event
    from ledger.verify.case import Case
    from ledger.verify.whereabouts import Spot, Stop

_GLN: Final = CANONICAL_ROOT + "414/"
_GLN_END: Final = len(_GLN) + 13

_ON_GROUND: Final = frozenset(
    {
        "assembling", "commissioning", "creating_class_instance", "cycle_counting", "destroying",
        "disassembling", "holding", "inspecting", "packing", "picking", "receiving", "repackaging",
        "repairing", "retail_selling", "sampling", "staging_outbound", "stock_taking", "stocking", "storing",
        "unpacking",
    }
)  # fmt: skip
"""Steps that are done at a fixed place: ships and vehicles have location numbers, too, and take them along."""


@rule(
    "place.gln",
    title="Each location number stands for one place",
    severity=Outcome.WARNING,
    explanation="A GLN is the number of one place; the part behind it names a door or a shelf there. Events that name "
    "it as read point or business location may also say by code or coordinates where they happened. Where one number "
    f"is told at two places that lie apart farther than they reach, and another {AGREE_KM:.0f} km, somebody used the "
    "number of a place where the goods were not, or uses one number for all its sites: ask for the address. Only steps "
    "that are done on firm ground are looked at.",
)
def gln(case: Case) -> Remarks:
    """All tellings of one number are near each other."""
    first: dict[str, tuple[Stop, Spot]] = {}
    for stop in case.stops:
        if stop.step.event.biz_step not in _ON_GROUND:
            continue
        for number in _numbers(stop.step.event):
            spot = stop.where.best
            if spot is None:
                if stop.where.code is not None:
                    yield unchecked(stop.step.entry, NO_LIST if case.gazetteer is None else NO_COORDINATES)
                continue
            before, there = first.setdefault(number, (stop, spot))
            if least_distance_km(spot.area, there.area) <= AGREE_KM:
                yield passed(stop.step.entry)
            else:
                yield _elsewhere(case, number, (stop, spot), (before, there))


def _numbers(event: Event) -> Iterator[str]:
    """The location numbers of an event's read point and business location."""
    uris = dict.fromkeys(thing(uri) for uri in (event.read_point, event.biz_location) if uri is not None)
    yield from dict.fromkeys(uri[len(_GLN) : _GLN_END] for uri in uris if uri.startswith(_GLN))


def _elsewhere(case: Case, number: str, now: tuple[Stop, Spot], before: tuple[Stop, Spot]) -> Remark:
    entry, earlier = now[0].step.entry, before[0].step.entry
    far = round(distance_km(now[1].area.point, before[1].area.point))
    return warned(
        entry,
        f"The document of {entry.label.lower()} puts GLN {number} at {now[1].name}, and that of "
        f"{earlier.label.lower()} at {before[1].name}: {far:,} km from each other. Ask "
        f"{case.asked(entry)} for the address of the place.",
        gln=number,
        places=(now[1].name, before[1].name),
    )


RULES: Final[tuple[Rule, ...]] = (gln,)
