import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InputError
from ledger.verify.coordinates import Area, Point, distance_km, is_geo, least_distance_km, read_geo
from ledger.verify.gazetteer import Gazetteer, Place, write_gazetteer
from ledger.verify.unlocode import read_list

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "un-locode" / "unlocode.csv"
CELL = 40.0  # kilometres, from corner to corner
BUSAN, SEOUL, SUVA = Point(35.1, 129.04), Point(37.56, 126.99), Point(-18.13, 178.42)

points = st.builds(Point, st.floats(-89.9, 89.9), st.floats(-180, 180))


def line(code: str, name: str, coordinates: str = "", subdivision: str = "") -> str:
    return f',"{code[:2]}","{code[2:]}","{name}","{name}","{subdivision}","1-------","AI","0601",,"{coordinates}",\r\n'


HARBOURS = (
    line("KRPUS", "Busan", "3506N 12902E", "26")
    + line("KRONE", "Near Busan", "3510N 12910E", "26")
    + line("KRTWO", "By Busan", "3500N 12900E", "26")
    + line("KRNIL", "Without coordinates", "", "26")
    + line("KRFAR", "Misplaced", "0100S 00100W", "26")
)


def test_a_place_with_near_neighbours_has_its_coordinates():
    places = {place.code: place for place in read_list([("list.csv", HARBOURS.encode())])}
    assert places["KRPUS"].name == "Busan"
    assert places["KRPUS"].country == "KR"
    assert distance_km(places["KRPUS"].area.point, BUSAN) < 2


def test_a_place_without_trusted_coordinates_is_among_those_of_its_subdivision():
    places = {place.code: place for place in read_list([("list.csv", HARBOURS.encode())])}
    for code in ("KRNIL", "KRFAR"):
        assert distance_km(places[code].area.point, BUSAN) < 20


@pytest.mark.parametrize("content", [b"", b"no list at all\n", b"\xff\xfe\x00"])
def test_what_is_no_list_of_places_is_refused(content):
    with pytest.raises(InputError):
        read_list([("other.csv", content)])


def test_a_kept_list_answers_as_the_one_it_was_made_from(tmp_path):
    places = (
        Place("KRPUS", "Busan", Area(BUSAN, 50.0)),
        Place("KRSEL", "Seoul", Area(SEOUL, 50.0)),
        Place("DEXXX", "?"),
    )
    path = tmp_path / "places.sqlite"
    assert write_gazetteer(path, places) == 3
    gazetteer = Gazetteer.open(path)
    assert len(gazetteer) == 3
    for place in places:
        found = gazetteer.find(place.code)
        assert (found.code, found.name) == (place.code, place.name)
    assert gazetteer.find("DEXXX").area is None
    assert gazetteer.find("NLRTM") is None
    gazetteer.close()


def test_a_file_that_holds_no_places_is_refused(tmp_path):
    path = tmp_path / "places.sqlite"
    path.write_bytes(b"not a list")
    with pytest.raises(InputError):
        Gazetteer.open(path)


def test_the_countries_near_a_point_are_found_wherever_it_lies():
    draw = random.Random(7)
    spots = [Point(draw.uniform(-85, 85), draw.uniform(-180, 180)) for _ in range(600)]
    codes = [f"{chr(65 + n % 26)}{chr(65 + n // 26)}AAA" for n in range(600)]
    everywhere = [Place(code, "p", Area(spot, 0)) for code, spot in zip(codes, spots, strict=True)]
    gazetteer = Gazetteer.of(everywhere)
    for point in [SUVA, Point(0, 180), Point(0, -180), Point(84, 0), *(each.area.point for each in everywhere[:40])]:
        for reach in (10.0, 400.0):
            near = {each.country for each in everywhere if distance_km(each.area.point, point) <= reach - CELL}
            far = {each.country for each in everywhere if distance_km(each.area.point, point) <= reach + CELL}
            assert near <= gazetteer.countries_within(point, reach) <= far


@given(points, points)
def test_distances_are_the_same_both_ways_and_never_more_than_half_the_earth(one, other):
    there = distance_km(one, other)
    assert math.isclose(there, distance_km(other, one), abs_tol=1e-6)
    assert 0 <= there <= 20_038
    assert least_distance_km(Area(one, 100), Area(other, 50)) == max(0, there - 150)


def test_the_distance_from_busan_to_seoul_is_the_one_of_the_map():
    assert 320 < distance_km(BUSAN, SEOUL) < 330


@pytest.mark.parametrize(
    ("uri", "radius"),
    [("geo:35.1,129.04", 0), ("geo:35.1,129.04;u=250", 0.25), ("geo:35.1,129.04,12;crs=wgs84", 0)],
)
def test_a_geo_uri_is_a_point_with_its_uncertainty(uri, radius):
    assert is_geo(uri)
    assert read_geo(uri) == Area(BUSAN, radius)


@pytest.mark.parametrize(
    "uri", ["geo:95,0", "geo:0,181", "geo:a,b", "geo:1", "geo:35.1,129.04;crs=moon-2011", "urn:epc:id:sgln:1.2.3"]
)
def test_what_is_no_point_on_this_earth_is_none(uri):
    assert read_geo(uri) is None


def test_points_are_told_as_on_a_map():
    assert str(SUVA) == "18.130° S, 178.420° E"
    assert str(Point(10, -20)) == "10.000° N, 20.000° W"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is not in ../shared/data")
def test_the_published_list_is_read_whole():
    places = {place.code: place for place in read_list([(PUBLISHED.name, PUBLISHED.read_bytes())])}
    assert len(places) > 100_000
    assert distance_km(places["NLRTM"].area.point, Point(51.95, 4.14)) < 100
