"""Places: where things happened, whether anyone can have got there in time, and whose ground it is."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

from ledger.identity.milestones import Milestone, Role
from ledger.verify.checks.route import countries_concerned
from ledger.verify.checks.times import GOODS
from ledger.verify.coordinates import distance_km, least_distance_km
from ledger.verify.findings import Outcome
from ledger.verify.legs import CONSIGNMENT, SLACK_KM, legs
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, warned
from ledger.verify.things import listed
from ledger.verify.whereabouts import INTERNATIONAL, NOWHERE
from ledger.verify.wording import and_list, moment_text, or_list

if TYPE_CHECKING:
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case
    from ledger.verify.legs import Leg
    from ledger.verify.whereabouts import Spot, Stop, Whereabouts

AGREE_KM: Final = 50.0
"""How far two tellings of one place may lie apart, beyond what each leaves open: a port and its outer anchorage."""

ON_LAND_KM: Final = 25.0
"""A point with a country's places this near is on its ground, or in its ports."""

NEAR_KM: Final = 100.0
"""A country with places within this distance may still be where it happened: ships wait off the coast, and a list of
places has gaps."""

NO_LIST: Final = "There is no list of places (UN/LOCODE) here to look the place up in."

AT_SEA: Final = "At sea there is no country to compare with."

NO_COORDINATES: Final = "The list of places does not say where this place is."

_OF_A_COUNTRY: Final = frozenset({Role.AUTHORITY, Role.AGENCY})

_GROUND: Final = {
    **dict.fromkeys(("BL", "GF", "GP", "MC", "MF", "MQ", "PM", "RE", "YT"), "FR"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "UM", "VI"), "US"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    "AX": "FI",
    "LI": "CH",
    "SJ": "NO",
}
"""Territories with a country code of their own that belong to another country, or to its customs territory."""


@rule(
    "place.known",
    title="Each place that a document names is in the list of places",
    severity=Outcome.WARNING,
    explanation="border:place is a UN/LOCODE, and a geo URI a point on earth (RFC 5870). A code that the list does "
    "not have is misspelled, made up, or newer than the list at hand. It is not checked where there is no list.",
)
def known(case: Case) -> Remarks:
    """Codes are in the list; geo URIs can be read."""
    for stop in case.stops:
        entry, where = stop.step.entry, stop.where
        for written in where.unreadable:
            yield warned(
                entry,
                f"The document of {entry.label.lower()} names the place '{written[:60]}', which is neither a UN/LOCODE "
                f"(as NLRTM) nor a point on earth (as geo:51.95,4.14). Ask {case.asked(entry)} which place is meant.",
                place=written[:60],
            )
        if where.code is None:
            continue
        if case.gazetteer is None:
            yield unchecked(entry, NO_LIST)
        elif where.place is not None:
            yield passed(entry)
        else:
            yield warned(
                entry,
                f"The document of {entry.label.lower()} names the place {where.code}, which is not in the list of "
                f"places. Ask {case.asked(entry)} which place is meant, or import a newer list.",
                place=where.code,
            )


@rule(
    "place.agree",
    title="What a document says of its place agrees",
    severity=Outcome.WARNING,
    explanation="Place code, read point and business location of one event are one place. Where they lie apart farther "
    f"than the place reaches, and another {AGREE_KM:.0f} km, one of them is false, or a device was somewhere else than "
    "its form says.",
)
def agree(case: Case) -> Remarks:
    """The tellings of each event are near each other."""
    for stop in case.stops:
        entry, spots = stop.step.entry, stop.where.spots
        if len(spots) < 2:
            if spots and stop.where.code is not None and case.gazetteer is None:
                yield unchecked(entry, NO_LIST)
            continue
        apart = max(
            ((one, other) for number, one in enumerate(spots) for other in spots[number + 1 :]),
            key=lambda pair: least_distance_km(pair[0].area, pair[1].area),
        )
        if least_distance_km(apart[0].area, apart[1].area) <= AGREE_KM:
            yield passed(entry)
            continue
        yield warned(
            entry,
            f"The document of {entry.label.lower()} gives two places for one event: {apart[0].name} and "
            f"{apart[1].name}, {_kilometres(*apart):,} km from each other. Ask {case.asked(entry)} which is right.",
            places=tuple(each.name for each in spots),
        )


@rule(
    "place.country",
    title="The goods left, arrived and were removed in the countries where the documents were made",
    severity=Outcome.FAILED,
    explanation="A departure names the country left, an arrival the one reached, and goods are removed from customs "
    "control in the import country. The document of each says where it was made: by its place code, whose first "
    "letters are the country, or else by coordinates, which are judged by the places around them and leave a margin "
    "near borders and coasts.",
)
def country(case: Case) -> Remarks:
    """The country in the terms is that of the document's place."""
    made = {stop.step.entry.position: stop.where for stop in case.stops}
    for entry, statement, route in countries_concerned(case):
        stated = _stated_country(statement, route)
        where = made.get(entry.position, NOWHERE)
        if stated is None or not where.is_told:
            continue
        others = _other_ground(case, where, stated)
        if others is None:
            yield unchecked(entry, NO_LIST if case.gazetteer is None else AT_SEA)
        elif not others:
            yield passed(entry)
        else:
            yield failed(
                entry,
                f"{entry.label} names {stated} as the country where the goods were, and its document was made at "
                f"{_called(where)}, which is in {or_list(others)}. Ask {case.asked(entry)} where the goods were.",
                stated=stated,
                found=others,
                place=_called(where),
            )


@rule(
    "place.jurisdiction",
    title="Each act of an authority or agency took place in its country",
    severity=Outcome.WARNING,
    explanation="An authority acts in its own country. An act whose document was made elsewhere may rest on an "
    "agreement between the two countries, as at offices that they keep together at a border; or somebody used its "
    "key far away.",
)
def jurisdiction(case: Case) -> Remarks:
    """The place of an authority's or agency's document is in the country it acts for."""
    for stop in case.stops:
        entry, where = stop.step.entry, stop.where
        own = entry.acceptance.country
        if entry.acceptance.role not in _OF_A_COUNTRY or not where.is_told:
            continue
        others = _other_ground(case, where, own)
        if others is None:
            yield unchecked(entry, NO_LIST if case.gazetteer is None else AT_SEA)
        elif not others:
            yield passed(entry)
        else:
            yield warned(
                entry,
                f"{entry.label} is an act of {case.asked(entry)}, of {own}, and its document was made at "
                f"{_called(where)}, which is in {or_list(others)}. Ask {case.asked(entry)} under which agreement it "
                "acted there.",
                country=own,
                found=others,
                place=_called(where),
            )


@rule(
    "place.speed",
    title="The goods can have travelled between the places where they were read",
    severity=Outcome.FAILED,
    explanation="Between two readings of one thing, or two milestones of the consignment, lies the shortest way over "
    "the earth's surface. If no carrier of the mode of transport can have covered it in the time between, one of the "
    "two is false, or the things are two under one number. Where the mode is not told, nothing is faster than an "
    f"aircraft. Both places may be as near to each other as their coordinates leave open, less {SLACK_KM:.0f} "
    "km; both times may be rounded, and one of exactly midnight may stand for its whole day.",
)
def speed(case: Case) -> Remarks:
    """Distance over time, between consecutive readings of each thing, is within the speed of the mode."""
    for stop in case.stops:
        if stop.where.code is not None and stop.where.best is None:
            yield unchecked(stop.step.entry, NO_LIST if case.gazetteer is None else NO_COORDINATES)
    for leg in legs(case.stops, _is_of_the_goods):
        yield passed(leg.after.step.entry) if leg.is_possible else _too_fast(case, leg)


def _is_of_the_goods(stop: Stop) -> bool:
    return stop.step.entry.acceptance.milestone in GOODS


def _too_fast(case: Case, leg: Leg) -> Remark:
    far, mode = round(leg.distance_km), leg.mode
    need = f"travel at {round(far * 3_600 / leg.seconds):,} km/h" if leg.seconds else "be in both at once"
    things = [thing for thing in leg.things if thing != CONSIGNMENT]
    travellers = listed(things) or "the goods"
    asked = dict.fromkeys(case.asked(stop.step.entry) for stop in (leg.before, leg.after))
    return failed(
        leg.after.step.entry,
        f"Between {leg.start.name} ({_moment(leg.before)}) and {leg.end.name} ({_moment(leg.after)}) "
        f"{travellers} would have had to {need}: it is {far:,} km, and {mode.carrier} makes "
        f"{mode.km_an_hour:,} km/h at most. Ask {and_list(tuple(asked))} which of the two is false.",
        things=tuple(things),
        distance_km=far,
        seconds=leg.seconds,
        mode=mode.word,
    )


def _moment(stop: Stop) -> str:
    return moment_text(floor(stop.step.event.event_time.timestamp()))


def _stated_country(statement: Statement, route: tuple[str, ...] | None) -> str | None:
    """The country where a milestone says the goods are, or from which they leave."""
    if statement.milestone in {Milestone.DEPARTED, Milestone.ARRIVED}:
        return statement.terms[:2].decode("latin-1")
    if statement.milestone is Milestone.REMOVED and route is not None:
        return route[1]
    return None


def _other_ground(case: Case, where: Whereabouts, own: str) -> tuple[str, ...] | None:
    """The countries on whose ground a place is, where it is not a country's own.

    Returns:
        The countries; none where it may be the country's own, None where it cannot be told.
    """
    if where.country is not None:
        return () if _is_one(own, where.country) else (where.country,)
    if case.gazetteer is None or where.best is None:
        return None
    point = where.best.area.point
    if any(_is_one(own, each) for each in case.gazetteer.countries_within(point, NEAR_KM)):
        return ()
    return tuple(sorted(case.gazetteer.countries_within(point, ON_LAND_KM) - {INTERNATIONAL})) or None


def _is_one(country: str, other: str) -> bool:
    return _GROUND.get(country, country) == _GROUND.get(other, other)


def _called(where: Whereabouts) -> str:
    best = where.best
    if best is not None and where.place is not None:
        return f"{best.name} ({where.code})"
    return best.name if best is not None else str(where.code)


def _kilometres(one: Spot, other: Spot) -> int:
    return round(distance_km(one.area.point, other.area.point))


RULES: Final[tuple[Rule, ...]] = (known, agree, country, jurisdiction, speed)
