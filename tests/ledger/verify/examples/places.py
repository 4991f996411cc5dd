"""Places: where things happened, whether anyone can have got there in time, and whose ground it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from ledger.verify.coordinates import Area, Point
from ledger.verify.gazetteer import Gazetteer, Place
from tests.ledger.verify.builder import EXPORTER, KR, Member, at_sea
from tests.ledger.verify.examples.example import FAILED, WARNING, example, not_checked, passing
from tests.ledger.verify.examples.moments import begun
from tests.ledger.verify.examples.told import ToldStory, event_of

if TYPE_CHECKING:
    from ledger.verify.case import Case

PALLET = "urn:epc:id:sscc:4012345.0000000501"
HOUR = 3_600
BUSAN, SEOUL, SINGAPORE = "geo:35.100,129.040", "geo:37.560,126.990", "geo:1.264,103.840"


@cache
def places() -> Gazetteer:
    """A list of four places, and one of Germany that it cannot lay on the map."""
    return Gazetteer.of(
        (
            Place("KRPUS", "Busan", Area(Point(35.1, 129.04), 50.0)),
            Place("KRSEL", "Seoul", Area(Point(37.56, 126.99), 50.0)),
            Place("NLRTM", "Rotterdam", Area(Point(51.92, 4.48), 50.0)),
            Place("SGSIN", "Singapore", Area(Point(1.3, 103.8), 50.0)),
            Place("DEXXX", "Somewhere"),
        )
    )


def read_at(
    story: ToldStory, *, by: Member = EXPORTER, role: Role = Role.EXPORTER, hours: float = 0, **members: Any
) -> None:
    """A scan of the pallet somewhere, some hours after the one before."""
    story.block += int(hours)
    time = story.now + 3_000
    told = {"bizStep": "storing", "epcList": [PALLET], **members}
    story.say(Milestone.OBSERVED, by, role, commitment=story.know(event_of(time, **told)), event_time=time)


def at(point: str, **members: Any) -> dict[str, Any]:
    return {"readPoint": {"id": point}, **members}


def listed(story: ToldStory) -> Case:
    return replace(story.case(), gazetteer=places())


# known


@passing("place.known")
def code_that_is_in_the_list() -> Case:
    story = begun()
    read_at(story, **{"border:place": "KRPUS"})
    return listed(story)


@example("place.known", WARNING, "not in the list of places")
def code_that_no_list_has() -> Case:
    story = begun()
    read_at(story, **{"border:place": "KRQQQ"})
    return listed(story)


@example("place.known", WARNING, "neither a UN/LOCODE")
def place_that_is_no_code_at_all() -> Case:
    story = begun()
    read_at(story, **{"border:place": "near the old harbour"})
    return listed(story)


@not_checked("place.known", "There is no list of places")
def code_without_a_list_to_look_it_up_in() -> Case:
    story = begun()
    read_at(story, **{"border:place": "KRPUS"})
    return story.case()


# agree


@passing("place.agree")
def code_and_point_of_one_port() -> Case:
    story = begun()
    read_at(story, **at(BUSAN, **{"border:place": "KRPUS"}))
    return listed(story)


@example("place.agree", WARNING, "gives two places for one event")
def code_of_busan_and_a_point_in_seoul() -> Case:
    story = begun()
    read_at(story, **at(SEOUL, **{"border:place": "KRPUS"}))
    return listed(story)


@not_checked("place.agree", "There is no list of places")
def code_and_point_without_a_list() -> Case:
    story = begun()
    read_at(story, **at(BUSAN, **{"border:place": "KRPUS"}))
    return story.case()


# gln

YARD = "urn:epc:id:sgln:8801234.00002"


@passing("place.gln")
def two_doors_of_one_yard() -> Case:
    story = begun()
    read_at(story, **at(f"{YARD}.1", **{"border:place": "KRPUS"}))
    read_at(story, **at(BUSAN, bizLocation={"id": f"{YARD}.0"}))
    return listed(story)


@passing("place.gln")
def ship_that_takes_its_number_along() -> Case:
    story = begun()
    read_at(story, bizStep="loading", **at(f"{YARD}.0", **{"border:place": "KRPUS"}))
    read_at(story, hours=400, bizStep="unloading", **at(f"{YARD}.0", **{"border:place": "NLRTM"}))
    read_at(story, **at("urn:epc:id:sgln:8801234.00003.0", **{"border:place": "NLRTM"}))
    return listed(story)


@example("place.gln", WARNING, "puts GLN 8801234000024 at Rotterdam")
def yard_that_is_in_busan_and_in_rotterdam() -> Case:
    story = begun()
    read_at(story, **at(f"{YARD}.0", **{"border:place": "KRPUS"}))
    read_at(story, hours=400, **at(f"{YARD}.0", **{"border:place": "NLRTM"}))
    return listed(story)


@not_checked("place.gln", "There is no list of places")
def yard_without_a_list_to_look_it_up_in() -> Case:
    story = begun()
    read_at(story, **at(f"{YARD}.0", **{"border:place": "KRPUS"}))
    return story.case()


# country


def departing(**members: Any) -> ToldStory:
    contents = {Milestone.DEPARTED: {"bizStep": "departing", "epcList": [PALLET], **members}}
    return ToldStory(contents=contents)


@passing("place.country")
def departure_from_korea_written_in_busan() -> Case:
    return listed(at_sea(departing(**{"border:place": "KRPUS"})))


@example("place.country", FAILED, "which is in NL")
def departure_from_korea_written_in_rotterdam() -> Case:
    return listed(at_sea(departing(**{"border:place": "NLRTM"})))


@not_checked("place.country", "There is no list of places")
def departure_from_a_point_without_a_list() -> Case:
    return at_sea(departing(**at(BUSAN))).case()


# jurisdiction


@passing("place.jurisdiction")
def officer_of_korea_in_busan() -> Case:
    story = begun()
    read_at(story, by=KR, role=Role.AUTHORITY, **{"border:place": "KRPUS"})
    return listed(story)


@example("place.jurisdiction", WARNING, "under which agreement")
def officer_of_korea_in_rotterdam() -> Case:
    story = begun()
    read_at(story, by=KR, role=Role.AUTHORITY, **{"border:place": "NLRTM"})
    return listed(story)


@not_checked("place.jurisdiction", "There is no list of places")
def officer_of_korea_at_a_point_without_a_list() -> Case:
    story = begun()
    read_at(story, by=KR, role=Role.AUTHORITY, **at(BUSAN))
    return story.case()


# speed


@passing("place.speed")
def lorry_from_busan_to_seoul_in_six_hours() -> Case:
    story = begun()
    read_at(story, **at(BUSAN, **{"border:transportMode": "road"}))
    read_at(story, hours=5, **at(SEOUL, **{"border:transportMode": "road"}))
    return listed(story)


@example("place.speed", FAILED, "a road vehicle makes 130 km/h at most")
def lorry_from_busan_to_seoul_in_an_hour() -> Case:
    story = begun()
    read_at(story, **at(BUSAN, **{"border:transportMode": "road"}))
    read_at(story, **at(SEOUL, **{"border:transportMode": "road"}))
    return listed(story)


@example("place.speed", FAILED, "an aircraft makes")
def pallet_in_busan_and_an_hour_later_in_singapore() -> Case:
    story = begun()
    read_at(story, **at(BUSAN))
    read_at(story, **at(SINGAPORE))
    return listed(story)


@not_checked("place.speed", "does not say where this place is")
def reading_at_a_place_that_the_list_cannot_lay_on_the_map() -> Case:
    story = begun()
    read_at(story, **{"border:place": "DEXXX"})
    return listed(story)
