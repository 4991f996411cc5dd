"""Whatever comes in, the reader answers with a document or with its own error."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from ledger.epcis import EpcisInvalid, Limits, Media, read
from ledger.epcis.json_text import parse_json
from ledger.epcis.json_writing import json_bytes
from tests.ledger.epcis.oracles import VECTORS, spoiled_json, spoiled_xml

VALID = sorted((VECTORS / "valid").iterdir())
DOCUMENT = (VECTORS / "valid" / "every-event-type.jsonld").read_bytes()


def answered(data, media=None, limits=None):
    try:
        read(data, media=media, **({} if limits is None else {"limits": limits}))
    except EpcisInvalid as invalid:
        return {each.rule for each in invalid.problems}
    return set()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, *Media]))
@example(b"[" * 100_000, Media.JSON)
@example(b'{"a":' * 100_000, Media.JSON)
@example(b'{"":"\\ud800"}', None)
@example(b"\xff\xfe<", None)
@example(b"<a>" * 10_000, Media.XML)
@example(b"<!--", None)
@example(b"<?", None)
@example(b"<a\x00/>", Media.XML)
def test_no_bytes_bring_the_reader_down(data, media):
    answered(data, media)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(VALID), st.data())
def test_no_change_of_a_few_bytes_brings_the_reader_down(path, data):
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answered(bytes(content))


@pytest.mark.parametrize("seed", range(4))
def test_no_spoiled_document_brings_the_reader_down(seed):
    chance = random.Random(seed)
    trees = [parse_json(path.read_bytes(), Limits()) for path in VALID if path.suffix == ".jsonld"]
    roots = [etree.fromstring(path.read_bytes()) for path in VALID if path.suffix == ".xml"]
    refused = 0
    for _ in range(300):
        refused += bool(answered(json_bytes(spoiled_json(chance.choice(trees), chance))))
        refused += bool(answered(etree.tostring(spoiled_xml(chance.choice(roots), chance)), Media.XML))
    assert refused > 150


def test_a_document_over_the_size_limit_is_refused_before_it_is_parsed():
    assert answered(b"x" * 101, limits=Limits(size_bytes=100)) == {"limit.size"}


@pytest.mark.parametrize("name", ["every-event-type.jsonld", "object-event.xml"])
def test_a_document_with_too_many_events_is_refused(name):
    assert answered((VECTORS / "valid" / name).read_bytes(), limits=Limits(events=1)) == {"limit.events"}


def test_a_report_stops_at_the_limit_of_problems_and_says_so():
    event = b'{"type":"ObjectEvent"}'
    data = DOCUMENT.replace(b'"eventList": [', b'"eventList": [' + b",".join([event] * 50) + b",")
    with pytest.raises(EpcisInvalid) as refusal:
        read(data, limits=Limits(problems=20))
    assert len(refusal.value.problems) == 21
    assert refusal.value.problems[-1].rule == "limit.problems"
    assert "and 20 more" in str(refusal.value)


def test_an_extension_of_many_repetitions_is_read_in_its_own_time():
    wide = DOCUMENT.replace(b'"ext:scanner": "X-9"', b'"ext:scanner": [' + b",".join([b'{"ext:a":{}}'] * 20_000) + b"]")
    assert answered(wide) == set()


def test_values_are_shown_shortened():
    long = DOCUMENT.replace(b'"shipping"', b'"' + b"x" * 100_000 + b'"')
    with pytest.raises(EpcisInvalid) as refusal:
        read(long)
    assert len(refusal.value.problems[0].found) <= 200


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"inputEPCList": [7] * 20_000}, id="items"),
        pytest.param({"inputEPCList": ["urn:x:y"] * 20_000}, id="repetitions"),
        pytest.param({f"a{index}": 0 for index in range(5_000)}, id="members"),
        pytest.param({"readPoint": {"id": "urn:x:y"} | {f"a{index}": 0 for index in range(5_000)}}, id="inner members"),
        pytest.param({"ext:x": [{"no:x": 0}] * 20_000}, id="items of extensions"),
        pytest.param({"ext:x": {f"no:x{index}": {"no:y": 0} for index in range(5_000)}}, id="members of extensions"),
    ],
)
def test_a_document_of_nothing_but_problems_costs_no_more_than_its_report(broken):
    document = parse_json(DOCUMENT, Limits())
    document["epcisBody"]["eventList"][3].update(broken)
    with pytest.raises(EpcisInvalid) as refusal:
        read(json_bytes(document))
    assert refusal.value.problems[-1].rule == "limit.problems"
    assert len(refusal.value.problems) == 1_001


def test_xml_of_nothing_but_problems_costs_no_more_than_its_report():
    xml = (
        (VECTORS / "valid" / "object-event.xml").read_bytes().replace(b"<EventList>", b"<EventList>" + b"<x/>" * 5_000)
    )
    assert "limit.problems" in answered(xml)
    assert "limit.problems" in answered(xml.replace(b"<x/>", b"<ObjectEvent/>"))


def test_more_prefixes_than_anybody_needs_are_refused():
    xml = (VECTORS / "valid" / "object-event.xml").read_bytes()
    namespaces = b"".join(b'<a xmlns="https://x.example/%d/"/>' % index for index in range(1_100))
    assert answered(xml.replace(b"<ext:twice>a</ext:twice>", namespaces)) == {"limit.prefixes"}
    document = parse_json(DOCUMENT, Limits())
    document["@context"].append({f"p{index}": "https://x.example/" for index in range(1_100)})
    assert "limit.prefixes" in answered(json_bytes(document))
