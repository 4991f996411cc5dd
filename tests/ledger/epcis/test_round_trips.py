"""From one binding to the other and back: no event changes, whatever it holds."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ledger.epcis import EpcisInvalid, Kind, Media, event_commitment, read, write_json, write_xml
from ledger.epcis.json_writing import json_bytes
from tests.ledger.epcis.oracles import VECTORS, corpus, json_schema, names, needs_shared, xml_schema

OWN = sorted((VECTORS / "valid").iterdir())
PUBLISHED = corpus("openepcis/valid/*", "epcis/examples/*", "epcis-hash/*.xml", "epcis-hash/*.jsonld")
ONLY_IN_XML = "AggregationEvent_with_persistentDisposition.xml"
EPCIS = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"

plain_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.one_of(
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
)
words = st.sampled_from(["a", "ext:b", "ext:c", "d.e", "zoll:f", "weird name", "ext:", "@id", "https://x.example/y"])
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, plain_text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)
extensions = st.dictionaries(
    st.sampled_from(["ext:one", "ext:two", "zoll:three", "https://x.example/four", "cbvmda:lotNumber", "gs1:five"]),
    json_values,
    max_size=3,
)
uris = st.sampled_from(["urn:epc:id:sscc:4012345.0000000333", "https://trade.example/a?b=c#d", "urn:uuid:x", "geo:1,2"])
times = st.datetimes().map(lambda time: f"{max(time.year, 1):04d}" + time.isoformat()[4:] + "+01:00")
quantities = st.fixed_dictionaries(
    {"epcClass": uris},
    optional={"quantity": numbers.filter(lambda n: Decimal(str(n)).adjusted() < 900), "uom": st.just("KGM")},
)
terms = st.sampled_from(["shipping", "receiving", "cbv:BizStep-shipping", "https://trade.example/step", "ext:step"])
dispositions = st.sampled_from(["active", "in_transit", "cbv:Disp-active", "https://trade.example/disp"])
alerts = st.sampled_from(["ALARM_CONDITION", "gs1:ALARM_CONDITION", "ext:alert"])
reports = st.fixed_dictionaries(
    {"type": st.sampled_from(["Temperature", "gs1:Temperature", "ext:Shock"])},
    optional={
        "value": numbers,
        "stringValue": plain_text,
        "booleanValue": st.booleans(),
        "exception": alerts,
        "uom": plain_text,
        "ext:x": json_values,
    },
)
sensor_elements = st.tuples(
    st.fixed_dictionaries(
        {"sensorReport": st.lists(reports, min_size=1, max_size=2)},
        optional={"sensorMetadata": st.just({"ext:m": "n"})},
    ),
    extensions,
).map(lambda parts: parts[0] | parts[1])
optional = {
    "eventID": st.just("urn:uuid:5f2c7a10-0d6f-4b0e-9d2a-6d1a3f0c9b11"),
    "bizStep": terms,
    "disposition": dispositions,
    "readPoint": st.tuples(st.fixed_dictionaries({"id": uris}), extensions).map(lambda parts: parts[0] | parts[1]),
    "certificationInfo": st.one_of(uris, st.lists(uris, max_size=2)),
    "quantityList": st.lists(quantities, max_size=2),
    "sourceList": st.lists(st.just({"type": "location", "source": "urn:x:y"}), max_size=2),
    "bizTransactionList": st.lists(st.just({"bizTransaction": "urn:x:y"}), max_size=1),
    "persistentDisposition": st.just({"set": ["active"]}),
    "sensorElementList": st.lists(sensor_elements, max_size=2),
    "errorDeclaration": extensions.map(lambda added: {"declarationTime": "2026-03-01T08:15:00Z"} | added),
    "ilmd": extensions,
}
object_events = st.tuples(
    st.fixed_dictionaries(
        {
            "type": st.just("ObjectEvent"),
            "eventTime": times,
            "eventTimeZoneOffset": st.just("+01:00"),
            "epcList": st.lists(uris, unique=True, max_size=2),
            "action": st.just("ADD"),
        },
        optional=optional,
    ),
    extensions,
).map(lambda parts: parts[0] | parts[1])
contexts = st.sampled_from(
    [None, {"zoll": "https://zoll.example/other#"}, {"@vocab": "https://v.example/"}, [{"own": "urn:x:"}]]
)


@st.composite
def documents(draw):
    events = draw(st.lists(object_events, min_size=1, max_size=2))
    for event in events:
        own = draw(contexts)
        if own is not None:
            event["@context"] = own
    prefixes = {"ext": "https://ns.trade.example/epcis/", "zoll": "https://zoll.example/ns#"}
    head = {
        "@context": [EPCIS, prefixes],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00Z",
    }
    return json_bytes(head | {"epcisBody": {"eventList": events}})


def same(one, other):
    assert [event.data for event in one.events] == [event.data for event in other.events]
    assert [dict(event.context.prefixes) for event in one.events] == [
        dict(event.context.prefixes) for event in other.events
    ]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
@pytest.mark.parametrize("write", [write_json, write_xml])
def test_our_documents_come_back_from_either_binding(path, write):
    document = read(path.read_bytes())
    back = read(write(document))
    same(document, back)
    if document.kind is not Kind.QUERY_RESULTS:
        assert dict(back.members) == dict(document.members)


@needs_shared
@pytest.mark.parametrize("path", PUBLISHED, ids=names)
def test_no_commitment_changes_from_one_binding_to_the_other_and_back(path):
    document = read(path.read_bytes())
    there = read(write_xml(document))
    same(document, there)
    again = there if path.name == ONLY_IN_XML else read(write_json(there))
    same(document, again)
    assert [event_commitment(event) for event in again.events] == [event_commitment(event) for event in document.events]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_any_event_comes_back_from_xml_and_json_as_it_was(data):
    document = read(data)
    written = write_xml(document)
    same(document, read(written))
    same(document, read(write_json(read(written))))


@needs_shared
@settings(max_examples=40, deadline=None)
@given(documents())
def test_any_generated_event_is_valid_by_both_schemas(data):
    document = read(data)
    if b"e400" not in data and b"E" not in data:
        assert json_schema().is_valid(json.loads(data))
    assert xml_schema().validate(etree.ElementTree(etree.fromstring(write_xml(document))))


def test_numbers_that_binary64_cannot_hold_keep_all_their_digits():
    document = read((VECTORS / "valid" / "numbers-beyond-binary64.jsonld").read_bytes())
    numbers = [Decimal("9007199254740993"), Decimal("0.10000000000000000000001"), Decimal("1e400")]
    for read_again in (document, read(write_json(document)), read(write_xml(document))):
        assert read_again.events[0].data["ext:precise"] == numbers
        assert all(isinstance(number, Decimal) for number in read_again.events[0].data["ext:precise"])


def test_what_only_the_xml_schema_allows_is_not_written_as_json():
    document = read(b"""<AggregationEvent><eventTime>2026-03-01T08:15:00Z</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset><childEPCs><epc>urn:x:y</epc></childEPCs><action>ADD</action>
        <persistentDisposition><set>urn:epcglobal:cbv:disp:active</set></persistentDisposition></AggregationEvent>""")
    with pytest.raises(EpcisInvalid, match="persistentDisposition does not belong to an AggregationEvent"):
        write_json(document)
    same(document, read(write_xml(document)))


def test_an_event_type_that_is_no_xml_name_is_not_written_as_xml():
    event = """{"@context": ["%s"], "type": "https://types.example/#Scan", "eventTime": "2026-03-01T08:15:00Z",
        "eventTimeZoneOffset": "+01:00"}"""
    bare = read((event % EPCIS).encode())
    with pytest.raises(EpcisInvalid, match="cannot be the name of an XML element"):
        write_xml(bare)
    listed = """{"@context": ["%s"], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00Z", "epcisBody": {"eventList": [%s]}}"""
    with pytest.raises(EpcisInvalid, match="cannot be the name of an XML element"):
        write_xml(read((listed % (EPCIS, event % EPCIS)).encode()))


def test_a_query_document_without_the_attributes_of_xml_is_not_written_as_xml():
    document = read(
        (VECTORS / "valid" / "query-document.jsonld").read_bytes().replace(b'"creationDate"', b'"ext:date"')
    )
    with pytest.raises(EpcisInvalid, match="creationDate is missing"):
        write_xml(document)


def test_an_event_built_in_memory_is_written_with_a_context():
    event = read((VECTORS / "valid" / "bare-event.jsonld").read_bytes()).events[0]
    from ledger.epcis import Document

    written = write_json(Document(Kind.EVENT, event.context, (event,)))
    assert read(written, media=Media.JSON).events[0].data == event.data
