"""The world of the generated histories: real places, the ways between them, and the members that do the work.

Everything happens from May to August, when no clock of these places is changed, so that each has one offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import asin, cos, radians, sin, sqrt

from ledger.identity.milestones import Role
from ledger.verify.coordinates import Area, Point
from ledger.verify.gazetteer import Gazetteer
from ledger.verify.gazetteer import Place as Entry
from tests.ledger.verify.builder import Member


@dataclass(frozen=True)
class Place:
    """A port, airport, railway or road terminal, by its UN/LOCODE, with where it is and its clock's offset."""

    code: str
    latitude: float
    longitude: float
    offset: str

    @property
    def country(self) -> str:
        return self.code[:2]

    def geo(self, north_km: float = 0.0) -> str:
        """The place as a geo URI (RFC 5870); a few kilometres to the north, where a yard or warehouse is meant."""
        return f"geo:{self.latitude + north_km / 111.2:.4f},{self.longitude:.4f}"


class Mode(Enum):
    """How goods travel: the word in events, kilometres an hour from and to, and how much longer than straight it is."""

    SEA = ("maritime", 26, 40, 1.3)
    AIR = ("air", 700, 880, 1.05)
    RAIL = ("rail", 35, 80, 1.2)
    ROAD = ("road", 45, 75, 1.2)

    @property
    def word(self) -> str:
        return self.value[0]

    def hours(self, kilometres: float, haste: float) -> float:
        """How long a way takes, at a speed between the slowest (haste 0) and the fastest (1)."""
        _, slow, fast, detour = self.value
        return kilometres * detour / (slow + haste * (fast - slow))


def distance_km(one: Place, other: Place) -> float:
    """The great-circle distance."""
    north, south = radians(one.latitude), radians(other.latitude)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


@dataclass(frozen=True)
class Corridor:
    """A way that goods take: the places in order and how they travel between them."""

    mode: Mode
    places: tuple[Place, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(place.country for place in self.places)


BUSAN = Place("KRPUS", 35.1040, 129.0420, "+09:00")
SINGAPORE = Place("SGSIN", 1.2640, 103.8400, "+08:00")
ROTTERDAM = Place("NLRTM", 51.9490, 4.1450, "+02:00")
HAMBURG = Place("DEHAM", 53.5330, 9.9330, "+02:00")
SANTOS = Place("BRSSZ", -23.9608, -46.3000, "-03:00")
FELIXSTOWE = Place("GBFXT", 51.9540, 1.3050, "+01:00")
HAIPHONG = Place("VNHPH", 20.8650, 106.7000, "+07:00")
PORT_KLANG = Place("MYPKG", 3.0000, 101.3900, "+08:00")
NHAVA_SHEVA = Place("INNSA", 18.9500, 72.9500, "+05:30")
YOKOHAMA = Place("JPYOK", 35.4500, 139.6600, "+09:00")
LOS_ANGELES = Place("USLAX", 33.7400, -118.2600, "-07:00")
MELBOURNE = Place("AUMEL", -37.8200, 144.9200, "+10:00")
AUCKLAND = Place("NZAKL", -36.8420, 174.7750, "+12:00")
DURBAN = Place("ZADUR", -29.8700, 31.0260, "+02:00")
JEBEL_ALI = Place("AEJEA", 25.0110, 55.0610, "+04:00")
PORT_SAID = Place("EGPSD", 31.2500, 32.3100, "+03:00")
VALPARAISO = Place("CLVAP", -33.0330, -71.6270, "-04:00")
COLON = Place("PAONX", 9.3550, -79.9000, "-05:00")
MIAMI = Place("USMIA", 25.7740, -80.1700, "-04:00")
NAIROBI = Place("KENBO", -1.3190, 36.9260, "+03:00")
AMSTERDAM = Place("NLAMS", 52.3090, 4.7640, "+02:00")
INCHEON = Place("KRICN", 37.4600, 126.4400, "+09:00")
DUBAI = Place("AEDXB", 25.2530, 55.3650, "+04:00")
FRANKFURT = Place("DEFRA", 50.0330, 8.5700, "+02:00")
MONTERREY = Place("MXMTY", 25.6700, -100.3100, "-06:00")
LAREDO = Place("USLRD", 27.5060, -99.5070, "-05:00")
ISTANBUL = Place("TRIST", 41.0100, 28.9600, "+03:00")
SOFIA = Place("BGSOF", 42.6970, 23.3220, "+03:00")
BUCHAREST = Place("ROBUH", 44.4330, 26.1000, "+03:00")
MOMBASA = Place("KEMBA", -4.0400, 39.6600, "+03:00")
KAMPALA = Place("UGKLA", 0.3170, 32.5820, "+03:00")
XIAN = Place("CNXIA", 34.2830, 108.9500, "+08:00")
ALMATY = Place("KZALA", 43.2500, 76.9500, "+05:00")
OSLO = Place("NOOSL", 59.9000, 10.7330, "+02:00")
GOTHENBURG = Place("SEGOT", 57.7170, 11.9670, "+02:00")

CORRIDORS = (
    Corridor(Mode.SEA, (BUSAN, SINGAPORE, ROTTERDAM)),
    Corridor(Mode.SEA, (SANTOS, FELIXSTOWE)),
    Corridor(Mode.SEA, (HAIPHONG, PORT_KLANG, NHAVA_SHEVA)),
    Corridor(Mode.SEA, (YOKOHAMA, LOS_ANGELES)),
    Corridor(Mode.SEA, (MELBOURNE, AUCKLAND)),
    Corridor(Mode.SEA, (DURBAN, JEBEL_ALI)),
    Corridor(Mode.SEA, (NHAVA_SHEVA, PORT_SAID, HAMBURG)),
    Corridor(Mode.SEA, (VALPARAISO, COLON, MIAMI)),
    Corridor(Mode.AIR, (NAIROBI, AMSTERDAM)),
    Corridor(Mode.AIR, (INCHEON, DUBAI, FRANKFURT)),
    Corridor(Mode.ROAD, (MONTERREY, LAREDO)),
    Corridor(Mode.ROAD, (ISTANBUL, SOFIA, BUCHAREST)),
    Corridor(Mode.ROAD, (MOMBASA, KAMPALA)),
    Corridor(Mode.RAIL, (XIAN, ALMATY)),
    Corridor(Mode.RAIL, (OSLO, GOTHENBURG)),
)


PLACES = tuple({place.code: place for corridor in CORRIDORS for place in corridor.places}.values())
GAZETTEER = Gazetteer.of(
    Entry(place.code, place.code, Area(Point(place.latitude, place.longitude), 10.0)) for place in PLACES
)
"""The list of places that a verifier of these histories has."""


@dataclass(frozen=True)
class Cast:
    """The members that have a part in one history.

    Attributes:
        authorities: of each country concerned, in the corridor's order.
        agency: another border agency of the import country.
    """

    exporter: Member
    importer: Member
    carrier: Member
    other_carrier: Member
    terminal: Member
    export_broker: Member
    import_broker: Member
    agency: Member
    authorities: tuple[Member, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        return (
            *self.authorities,
            self.exporter,
            self.importer,
            self.carrier,
            self.other_carrier,
            self.terminal,
            self.export_broker,
            self.import_broker,
            self.agency,
        )

    def authority(self, country: str) -> Member:
        return next(member for member in self.authorities if member.country == country)


def cast_of(corridor: Corridor) -> Cast:
    """The members that work along a corridor."""
    first, last = corridor.countries[0], corridor.countries[-1]
    middle = corridor.countries[len(corridor.countries) // 2]
    return Cast(
        exporter=Member(f"{first} Growers and Makers", first, (Role.EXPORTER,)),
        importer=Member(f"{last} Trading House", last, (Role.IMPORTER,)),
        carrier=Member(f"{middle} Lines", middle, (Role.CARRIER,)),
        other_carrier=Member(f"{last} Haulage", last, (Role.CARRIER,)),
        terminal=Member(f"{last} Terminals", last, (Role.TERMINAL,)),
        export_broker=Member(f"{first} Brokers", first, (Role.BROKER,)),
        import_broker=Member(f"{last} Brokers", last, (Role.BROKER,)),
        agency=Member(f"{last} Food and Plant Safety", last, (Role.AGENCY,)),
        authorities=tuple(Member(f"{country} Customs", country, (Role.AUTHORITY,)) for country in corridor.countries),
    )
