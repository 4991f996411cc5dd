"""One event in JSON-LD and XML, there and back: hash, digest and commitment stay."""

import json

from ledger.epcis import Document, digests, event_hash, prehash, read, write_json, write_xml

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
NAMESPACE = "https://ns.trade.example/epcis/"
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T09:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sscc:9521321.0000000111"],
    "action": "OBSERVE",
}
SENSOR_XML = f"""<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ext="{NAMESPACE}"
    schemaVersion="2.0" creationDate="2026-03-01T12:00:00Z"><EPCISBody><EventList><ObjectEvent>
  <eventTime>2026-03-01T09:15:00+01:00</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
  <epcList><epc>urn:epc:id:sscc:9521321.0000000111</epc></epcList><action>OBSERVE</action>
  <sensorElementList><sensorElement>
    <sensorReport type="ext:Shock" value="2.50" ext:axis="x"/>
  </sensorElement></sensorElementList>
  <ext:seal>intact</ext:seal>
</ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"""


def document(event: object, *definitions: object, **members: object) -> Document:
    body = {"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T12:00:00Z", **members}
    return read(json.dumps({"@context": [CONTEXT, *definitions], **body, "epcisBody": {"eventList": [event]}}).encode())


def assert_stays(original: Document) -> None:
    expected = [digests(event) for event in original.events]
    for first in (write_json, write_xml):
        for second in (write_json, write_xml):
            once = read(first(original))
            assert [digests(event) for event in once.events] == expected
            assert [digests(event) for event in read(second(once)).events] == expected


def test_a_value_of_xml_that_begins_like_a_compact_iri_stays_as_it_is_in_both_bindings() -> None:
    original = read(SENSOR_XML.encode())
    (event,) = original.events
    assert prehash(event).endswith(
        f"sensorReporttype=ext:Shockvalue=2.5{{{NAMESPACE}}}axis=x{{{NAMESPACE}}}seal=intact"
    )
    assert_stays(original)


def test_a_compact_iri_of_json_ld_is_its_expansion_and_stays_so_in_both_bindings() -> None:
    definitions = {"ext": NAMESPACE}
    compact = {**EVENT, "bizStep": "ext:weighing", "ext:scale": {"ext:maker": "ext:acme", "ext:note": "a: b"}}
    whole = {
        **EVENT,
        "bizStep": f"{NAMESPACE}weighing",
        "ext:scale": {"ext:maker": f"{NAMESPACE}acme", "ext:note": "a: b"},
    }
    assert event_hash(document(compact, definitions).events[0]) == event_hash(document(whole, definitions).events[0])
    assert_stays(document(compact, definitions))
    assert_stays(document({"@context": [definitions], **compact}))


def test_marks_that_a_document_leaves_out_of_the_hash_are_left_out_in_both_bindings_and_stay_in_the_digest() -> None:
    definitions = {"repo": "https://repo.example/"}
    marked = {**EVENT, "eventID": "urn:uuid:3f1a6a1e-0b1c-4a6e-9d0e-5a1b2c3d4e5f", "repo:id": "1", "repo:batch": "2"}
    bare = {name: value for name, value in marked.items() if not name.startswith("repo:")}
    for ignored in (["repo:id", "repo:batch", "bizStep"], "repo:id"):
        original = document(marked, definitions, **{"repo:ignoreFields": ignored})
        (event,) = original.events
        left = {} if isinstance(ignored, list) else {"repo:batch": "2"}
        plain = document({**bare, **left}, definitions).events[0]
        assert event_hash(event) == event_hash(plain)
        assert digests(event).content_digest != digests(plain).content_digest
        assert_stays(original)


def test_an_event_with_a_context_of_its_own_leaves_out_what_its_document_says() -> None:
    event = {"@context": [{"ext": NAMESPACE}], **EVENT, "ext:note": "x", "repo:id": "1"}
    original = document(event, {"repo": "https://repo.example/"}, **{"repo:ignoreFields": ["repo:id"]})
    assert prehash(original.events[0]).endswith(f"action=OBSERVE{{{NAMESPACE}}}note=x")
    assert_stays(original)
