from dataclasses import replace

import pytest

from ledger.verify.readings import are_apart, are_on_the_map, reading
from ledger.verify.trail import Step
from tests.ledger.verify.builder import CARRIER, EXPORTER, START, delivered
from tests.ledger.verify.events import event_at

CASE = delivered().case()
TOLERANCE = CASE.tolerance_seconds
BUSAN, INCHEON = "geo:35.1040,129.0420", "geo:37.4600,126.4400"
YARD, GATE, BERTH = (f"urn:epc:id:sgln:8801234.0000{n}.0" for n in (1, 2, 3))


def read_at(point: str = "", code: str = "", seconds: int = 0, by=EXPORTER):
    members = {"readPoint": {"id": point}} if point else {}
    members |= {"border:place": code} if code else {}
    event = event_at(START + seconds, action="OBSERVE", epcList=["urn:epc:id:bic:CSQU3054383"], **members)
    entry = CASE.statements[0]
    entry = replace(entry, acceptance=replace(entry.acceptance, member=by.address))
    return reading(Step(entry, event))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (read_at(BUSAN), read_at(INCHEON, seconds=600), True),
        (read_at(BUSAN), read_at(INCHEON, seconds=3 * 3_600), False),
        (read_at(BUSAN), read_at("geo:35.1100,129.0500", by=CARRIER), False),
        (read_at(BUSAN), read_at("geo:35.3000,129.0500"), True),
        (read_at(YARD, "KRPUS"), read_at(BERTH, "SGSIN", by=CARRIER), True),
        (read_at(YARD, "KRPUS"), read_at(BERTH, "SGSIN", seconds=TOLERANCE + 1), False),
        (read_at(YARD, "NLRTM"), read_at(BERTH, "NLEUR"), None),
        (read_at(YARD, "NLRTM"), read_at(BERTH, "NLRTM"), False),
        (read_at(YARD), read_at(GATE, seconds=60), True),
        (read_at(YARD), read_at(GATE, seconds=61), False),
        (read_at(YARD), read_at(GATE, by=CARRIER), None),
        (read_at(YARD), read_at(YARD, by=CARRIER), False),
        (read_at(YARD), read_at("urn:epc:id:sgln:8801234.00001.17"), False),
        (read_at(YARD), read_at("https://id.gs1.org/414/8801234000017"), False),
        (read_at(YARD), read_at(BUSAN), None),
        (read_at(YARD), read_at(), False),
    ],
)
def test_readings_are_apart_only_where_it_can_be_known(one, other, apart):
    assert are_apart(one, other, TOLERANCE) is apart
    assert are_apart(other, one, TOLERANCE) is apart


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (read_at(BUSAN), "geo:35.1040,129.0420 (2026-03-02 08:00:00 UTC)"),
        (read_at(BUSAN, "KRPUS"), "KRPUS (2026-03-02 08:00:00 UTC)"),
        (read_at(YARD, "KRPUS"), "KRPUS (2026-03-02 08:00:00 UTC)"),
        (read_at(YARD), "GLN 8801234000017 (2026-03-02 08:00:00 UTC)"),
        (read_at("urn:example:gate:7"), "urn:example:gate:7 (2026-03-02 08:00:00 UTC)"),
        (read_at(), "a place that is not named (2026-03-02 08:00:00 UTC)"),
    ],
)
def test_a_reading_is_told_by_the_best_name_of_its_place(told, text):
    assert str(told) == text


def test_only_coordinates_are_on_the_map():
    assert are_on_the_map(read_at(BUSAN), read_at(INCHEON, "KRICN"))
    assert not are_on_the_map(read_at(BUSAN), read_at("geo:north,east"))
    assert not are_on_the_map(read_at(BUSAN), read_at(YARD, "KRICN"))
