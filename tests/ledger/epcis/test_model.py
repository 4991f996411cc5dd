from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

import ledger.epcis
from ledger.epcis import EpcisInvalid, Event, EventType, Kind, Media, read
from ledger.epcis.context import STANDARD_CONTEXT, effective_context
from ledger.epcis.json_writing import json_bytes
from ledger.epcis.model import BizTransaction, Endpoint, PersistentDisposition, Quantity
from ledger.epcis.problems import Problem, problem
from tests.ledger.epcis.oracles import VECTORS

EVERYTHING = VECTORS / "valid" / "object-event-with-everything.jsonld"
EVERY_TYPE = VECTORS / "valid" / "every-event-type.jsonld"
EPCIS = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"


def test_an_object_event_is_read_as_typed_values():
    (event,) = read(EVERYTHING.read_bytes()).events
    assert event.type == EventType.OBJECT
    assert event.event_time == datetime(2026, 3, 1, 8, 15, tzinfo=timezone(timedelta(hours=1)))
    assert event.record_time == datetime(2026, 3, 1, 8, 16, tzinfo=UTC)
    assert event.event_time_zone_offset == "+01:00"
    assert event.event_id == "urn:uuid:5f2c7a10-0d6f-4b0e-9d2a-6d1a3f0c9b11"
    assert (event.action, event.biz_step, event.disposition) == ("ADD", "commissioning", "active")
    assert event.epcs == ("urn:epc:id:sgtin:4012345.011111.9876", "https://id.gs1.org/00/040123450000003338")
    assert event.quantities == (Quantity("urn:epc:class:lgtin:4012345.012345.L-7", 200.5, "KGM"),)
    assert (event.read_point, event.biz_location) == (
        "urn:epc:id:sgln:4012345.00005.0",
        "https://id.gs1.org/414/4012345000115",
    )
    assert event.biz_transactions == (
        BizTransaction("urn:epcglobal:cbv:bt:4012345000009:PO-1", "po"),
        BizTransaction("https://trade.example/order/7", None),
    )
    assert event.sources == (Endpoint("owning_party", "urn:epc:id:pgln:4012345.00225"),)
    assert event.destinations == (Endpoint("possessing_party", "urn:epc:id:pgln:0614141.00777"),)
    assert event.persistent_disposition == PersistentDisposition(("completeness_verified",), ("completeness_inferred",))
    assert event.certifications == ("https://council.example/certificate/1", "https://council.example/certificate/2")
    assert event.ilmd["cbvmda:lotNumber"] == "L-7"
    assert set(event.extensions) == {"ext:seal", "ext:humid"}
    assert (event.parent_id, event.error_declaration, event.transformation_id) == (None, None, None)


def test_every_event_type_has_its_own_members():
    aggregation, association, transaction, transformation, sensor, extended = read(EVERY_TYPE.read_bytes()).events
    assert aggregation.parent_id == "urn:epc:id:sscc:4012345.0000000333"
    assert aggregation.quantities == (Quantity("urn:epc:idpat:sgtin:4012345.044444.*", 10, None),)
    assert association.epcs == ("urn:epc:id:giai:4000001.12345",)
    assert transaction.record_time is None
    assert transaction.persistent_disposition is None
    assert transaction.certifications == ()
    assert (transaction.read_point, dict(transaction.ilmd), transaction.sensor_elements) == (None, {}, ())
    assert transformation.input_epcs == ("urn:epc:id:sgtin:4012345.011111.1",)
    assert transformation.output_epcs == transformation.input_quantities == ()
    assert transformation.output_quantities == (Quantity("urn:epc:class:lgtin:4012345.012345.L-8", None, None),)
    assert transformation.transformation_id == "urn:epc:id:gdti:0614141.00001.77"
    (element,) = sensor.sensor_elements
    assert element.metadata["ext:calibrated"] == "yes"
    assert [report["type"] for report in element.reports] == ["Temperature", "AbsoluteHumidity", "ext:Shock"]
    assert dict(element.extensions) == {"ext:note": "door open"}
    assert sensor.error_declaration is not None
    assert sensor.error_declaration.reason == "incorrect_data"
    assert sensor.error_declaration.corrective_event_ids == ("urn:uuid:0b2c7a10-0d6f-4b0e-9d2a-6d1a3f0c9b12",)
    assert dict(sensor.error_declaration.extensions) == {"ext:clerk": "K. Lee"}
    assert extended.type == "ext:CustomsScanEvent"


def test_a_single_certification_is_one_of_them():
    assert Event({"certificationInfo": "urn:x:y"}).certifications == ("urn:x:y",)


def test_a_document_keeps_what_stands_around_its_events():
    document = read(EVERY_TYPE.read_bytes())
    assert document.kind is Kind.DOCUMENT
    assert document.creation_date == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert "epcisMasterData" in document.header
    assert document.members["ext:issued"] == {"ext:by": "desk 4"}
    bare = read((VECTORS / "valid" / "bare-event.jsonld").read_bytes())
    assert (bare.kind, bare.creation_date, dict(bare.header)) == (Kind.EVENT, None, {})


def test_the_binding_can_be_said_instead_of_recognised():
    with pytest.raises(EpcisInvalid, match="not well-formed XML"):
        read(EVERYTHING.read_bytes(), media=Media.XML)


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert read(b"\xef\xbb\xbf" + EVERYTHING.read_bytes()).events


def test_names_mean_what_the_contexts_say():
    context, problems = effective_context(
        [
            EPCIS,
            "https://other.example/context.jsonld",
            {
                "a": "https://a.example/",
                "b": "a:b/",
                "c": {"@id": "b:c"},
                "loop": "pool:x",
                "pool": "loop:y",
                "a:odd": "urn:x:odd",
            },
            {"@vocab": "https://v.example/", "@import": "https://i.example/context.jsonld", "@version": 1.1},
        ]
    )
    assert problems == ()
    meanings = {
        "a:x": "https://a.example/x",
        "b:x": "https://a.example/b/x",
        "c": "https://a.example/b/c",
        "a:odd": "urn:x:odd",
        "gs1:Temperature": "https://gs1.org/voc/Temperature",
        "bizStep": "https://ref.gs1.org/epcis/bizStep",
        "word": "https://v.example/word",
        "https://x.example/": "https://x.example/",
        "no:such": "no:such",
    }
    assert {name: context.expand(name) for name in meanings} == meanings
    assert context.unknown == ("https://other.example/context.jsonld", "https://i.example/context.jsonld")
    assert STANDARD_CONTEXT.expand("word") == "word"


def test_the_epcis_context_overrides_what_stands_before_it():
    context, problems = effective_context([{"gs1": "https://elsewhere.example/"}, EPCIS])
    assert problems == ()
    assert context.expand("gs1:x") == "https://gs1.org/voc/x"


def test_a_context_with_a_number_that_only_a_decimal_holds_is_malformed():
    _, problems = effective_context([EPCIS, {"x": Decimal("1e400")}])
    assert [each.rule for each in problems] == ["context.form"]


def test_what_is_no_json_is_not_written_as_json():
    with pytest.raises(TypeError):
        json_bytes({"x": object()})


def test_a_problem_is_shown_with_path_value_and_rule():
    assert (
        str(Problem("/a", "uri.syntax", '"x"', "this is wrong", "mend it"))
        == '/a: this is wrong (found "x") [uri.syntax]'
    )
    assert str(EpcisInvalid(problem("uri.syntax", [1, 2], "this is wrong", "mend it"))) == "/: this is wrong"
    assert problem("uri.syntax", {}, "m", "m")[0].found == "an object with nothing in it"
    assert problem("uri.syntax", [1, 2], "m", "m")[0].found == "a list of 2 values"
    assert problem("uri.syntax", Decimal("1.50"), "m", "m")[0].found == "1.50"
    assert problem("uri.syntax", True, "m", "m")[0].found == "true"
    with pytest.raises(KeyError):
        problem("no.such-rule", 1, "m", "m")


def test_what_is_public_is_meant_to_be():
    assert set(ledger.epcis.__all__) >= {
        "read",
        "write_json",
        "write_xml",
        "Event",
        "Document",
        "EpcisInvalid",
        "Limits",
    }
    assert all(hasattr(ledger.epcis, name) for name in ledger.epcis.__all__)
