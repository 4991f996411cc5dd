"""Every rule that a document can break, by its stable id: what it means and where it comes from.

``stricter`` says why a rule refuses what the standard's published JSON schema and XSD let pass; an empty text means
that they refuse it too. The table in docs/epcis.md is this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Args:
        meaning: what has to hold.
        source: where the standard says so.
        stricter: why it goes beyond the JSON schema, or in XML the XSD; empty where it does not.
        beyond_xsd: why a document in XML has to keep it, where the JSON schema asks for it and the XSD does not.
    """

    meaning: str
    source: str
    stricter: str = ""
    beyond_xsd: str = ""


_BOTH: Final = "the XSD leaves this open; the JSON schema of the same standard and its text do not"


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "limit.size": Rule("A document keeps the size limit.", "this reader's limits", "untrusted input is bounded"),
        "limit.depth": Rule("Nesting keeps the depth limit.", "this reader's limits", "untrusted input is bounded"),
        "limit.events": Rule(
            "A document keeps the limit of events.", "this reader's limits", "untrusted input is bounded"
        ),
        "limit.prefixes": Rule(
            "A place of a document binds at most 1,000 prefixes.", "this reader's limits", "untrusted input is bounded"
        ),
        "limit.problems": Rule(
            "A report of problems is bounded.", "this reader's limits", "a report must not outgrow its document"
        ),
        "media.unknown": Rule("A document is JSON-LD or XML.", "EPCIS 2.0, sections 9 and 10"),
        "json.syntax": Rule("JSON is well-formed UTF-8.", "RFC 8259"),
        "json.duplicate-key": Rule(
            "A name stands once in an object.",
            "RFC 8259, section 4; RFC 8785",
            "two readers may take two different values",
        ),
        "json.number": Rule("A number is finite and of bounded length.", "RFC 8259, section 6"),
        "json.surrogate": Rule(
            "Text has no lone surrogates.", "RFC 8259, section 8.2; RFC 8785", "such text cannot be encoded as UTF-8"
        ),
        "xml.syntax": Rule("XML is well-formed.", "XML 1.0"),
        "xml.doctype": Rule(
            "XML has no document type declaration.",
            "this reader's limits",
            "entities can reach files and exhaust memory",
        ),
        "xml.unknown-element": Rule(
            "Elements are those that the schema allows at their place.",
            "EPCglobal-epcis-2_0.xsd",
            beyond_xsd="the XSD takes a query document that holds a query or an exception; it has no events",
        ),
        "xml.order": Rule("Elements stand in the order of the schema.", "EPCglobal-epcis-2_0.xsd"),
        "xml.repeated": Rule(
            "An element stands as often as the schema allows.",
            "EPCglobal-epcis-2_0.xsd",
            beyond_xsd="the XSD lets parts of an error declaration repeat; JSON-LD has one of each",
        ),
        "xml.attribute": Rule(
            "Attributes are those that the schema names, or have a namespace.",
            "EPCglobal-epcis-2_0.xsd",
            "an attribute without namespace has no name in JSON-LD and would be lost",
        ),
        "xml.text": Rule(
            "Text stands only where the schema allows it.",
            "EPCglobal-epcis-2_0.xsd",
            beyond_xsd="the XSD lets a sensor report or its metadata hold text, which has no name in JSON-LD",
        ),
        "xml.value": Rule(
            "A number or truth value is spelled as its type asks.",
            "XML Schema Part 2",
            beyond_xsd="the XSD takes INF and NaN for a number; JSON has neither",
        ),
        "xml.extension": Rule(
            "An extension has a namespace, and a content that JSON-LD can carry.",
            "EPCIS 2.0, section 9.1",
            "an element without namespace has no name in JSON-LD and would be lost",
        ),
        "xml.kept": Rule(
            "What our own attributes keep agrees with the elements beside them.",
            "docs/epcis.md, what XML cannot say",
            "otherwise two readers of one document would see two different events",
        ),
        "xml.version": Rule("The namespace is that of EPCIS 2.0.", "EPCglobal-epcis-2_0.xsd"),
        "type.object": Rule("The value is an object.", "EPCIS-JSON-Schema.json"),
        "type.array": Rule("The value is an array.", "EPCIS-JSON-Schema.json"),
        "type.string": Rule("The value is a string.", "EPCIS-JSON-Schema.json"),
        "type.number": Rule("The value is a number.", "EPCIS-JSON-Schema.json"),
        "type.boolean": Rule("The value is true or false.", "EPCIS-JSON-Schema.json"),
        "array.empty": Rule("The array has at least one item.", "EPCIS-JSON-Schema.json"),
        "array.unique": Rule("No item stands twice in the array.", "EPCIS-JSON-Schema.json", beyond_xsd=_BOTH),
        "uri.syntax": Rule(
            "The value is a URI with a scheme.", "RFC 3986; EPCIS-JSON-Schema.json, format uri", beyond_xsd=_BOTH
        ),
        "time.format": Rule(
            "A time is a date and time with Z or an offset of at most 14:00, on a day that exists.",
            "EPCglobal-epcis-2_0.xsd, DateTimeStamp",
            "the JSON schema takes any RFC 3339 time: lower-case letters, leap seconds, year 0, offsets up to 23:59; "
            "the XSD takes a creation date without offset, and a year 0 or 24:00 in some implementations",
        ),
        "time.offset": Rule(
            "A time zone offset is +hh:mm or -hh:mm.", "EPCIS-JSON-Schema.json, eventTimeZoneOffset", beyond_xsd=_BOTH
        ),
        "uom.code": Rule(
            "A unit is a code of two or three capitals and digits.", "UN/CEFACT Recommendation 20", beyond_xsd=_BOTH
        ),
        "sensor.hex": Rule(
            "A hexadecimal value has hexadecimal digits only.", "EPCIS-JSON-Schema.json, hexBinary", beyond_xsd=_BOTH
        ),
        "context.form": Rule(
            "A context is an address, an object, or a list of these without repetition.",
            "JSON-LD 1.1",
            beyond_xsd="a context that XML keeps is held to what holds for any",
        ),
        "context.missing": Rule(
            "A document or bare event has a context.", "EPCIS-JSON-Schema.json, required-ld-context"
        ),
        "context.epcis": Rule(
            "The EPCIS 2.0 context is named.",
            "EPCIS 2.0, section 10.1",
            "without it no word of the document has a meaning in JSON-LD",
        ),
        "context.term": Rule(
            "A term is bound to an absolute IRI.",
            "JSON-LD 1.1, section 9.15",
            "the JSON schema does not look into contexts",
        ),
        "context.protected": Rule(
            "The EPCIS context's own terms keep their meaning.",
            "JSON-LD 1.1, section 4.1.11",
            "a JSON-LD processor stops at a redefinition of a protected term",
        ),
        "context.nested": Rule(
            "A context stands at the document or at an event, not deeper.",
            "EPCIS 2.0, section 10.1",
            "deeper ones would change the meaning of names that the event's context binds",
        ),
        "extension.name": Rule(
            "A member outside the standard has a name with a prefix.",
            "EPCIS 2.0, section 9.1",
            "inside an extension the JSON schema takes any name; one with a colon that is no IRI can mean nothing",
        ),
        "extension.unbound-prefix": Rule(
            "An extension's prefix is bound by a context.",
            "JSON-LD 1.1, section 4.3",
            "the JSON schema takes every prefix for the scheme of a URI",
        ),
        "document.type": Rule("The document is of a known type.", "EPCIS-JSON-Schema.json"),
        "document.missing-field": Rule(
            "The document has the members that its type asks for.", "EPCIS-JSON-Schema.json", beyond_xsd=_BOTH
        ),
        "document.unknown-field": Rule(
            "The document has only members that the standard defines, and extensions.",
            "EPCIS-JSON-Schema.json",
            "the JSON schema lets unknown members pass in epcisBody and in master data",
        ),
        "document.schema-version": Rule(
            "The document is of EPCIS 2.",
            "EPCIS 2.0, section 9.3",
            "the schemas take any version; a document of another one is not what they describe",
        ),
        "event.type": Rule(
            "An event is of a standard type, or of one named by a URI.", "EPCIS-JSON-Schema.json", beyond_xsd=_BOTH
        ),
        "event.missing-field": Rule(
            "An event has the members that its type asks for.", "EPCIS-JSON-Schema.json", beyond_xsd=_BOTH
        ),
        "event.unknown-field": Rule(
            "An event has only members that its type defines, and extensions.",
            "EPCIS-JSON-Schema.json",
            "the JSON schema lets unknown members pass in places and in events of extension types",
        ),
        "event.id": Rule(
            "An event's identifier is a UUID (urn:uuid:) or an event hash (ni:///).",
            "CBV 2.0, section 8.9; EPCIS-SHACL.ttl",
            "the JSON schema takes any URI; the SHACL shapes do not",
        ),
        "event.extended-member": Rule(
            "In an event of an extension type, the standard's members have the standard's form.",
            "EPCIS 2.0, section 7.4",
            "the JSON schema leaves events of extension types open; a member of the standard's name means what it says",
        ),
        "event.action": Rule("An action is ADD, OBSERVE or DELETE.", "EPCIS 2.0, section 7.3.3.2"),
        "event.identifiers": Rule(
            "An event says which objects it is about, or for a sensor's report at which read point.",
            "EPCIS-JSON-Schema.json; EPCIS-SHACL.ttl",
            beyond_xsd=_BOTH,
        ),
        "event.ilmd": Rule(
            "Master data of instances or lots is given with action ADD only.",
            "EPCIS 2.0, section 7.4.2",
            beyond_xsd=_BOTH,
        ),
        "event.persistent-disposition": Rule(
            "A persistent disposition sets or unsets at least one disposition.",
            "EPCIS-JSON-Schema.json",
            beyond_xsd=_BOTH,
        ),
        "cbv.biz-step": Rule(
            "A business step is a standard word, or a URI of one's own.",
            "CBV 2.0, section 7.1",
            "a term of CBV must exist",
        ),
        "cbv.disposition": Rule(
            "A disposition is a standard word, or a URI of one's own.",
            "CBV 2.0, section 7.2",
            "a term of CBV must exist",
        ),
        "cbv.biz-transaction-type": Rule(
            "A business transaction type is a standard word, or a URI of one's own.",
            "CBV 2.0, section 7.3",
            "a term of CBV must exist",
        ),
        "cbv.source-destination-type": Rule(
            "A source or destination type is a standard word, or a URI of one's own.",
            "CBV 2.0, section 7.4",
            "a term of CBV must exist",
        ),
        "cbv.error-reason": Rule(
            "An error reason is a standard word, or a URI of one's own.",
            "CBV 2.0, section 7.5",
            "a term of CBV must exist",
        ),
        "cbv.component": Rule(
            "A component is a standard word, or a URI of one's own.", "CBV 2.0, section 7.7", "a term of CBV must exist"
        ),
        "gs1.measurement-type": Rule(
            "A measurement type is a standard word, or a URI of one's own.",
            "GS1 Web Vocabulary, MeasurementType",
            beyond_xsd=_BOTH,
        ),
        "gs1.sensor-alert": Rule(
            "A sensor alert is a standard word, or a URI of one's own.",
            "GS1 Web Vocabulary, SensorAlertType",
            beyond_xsd=_BOTH,
        ),
        "gs1.epc": Rule(
            "An EPC URN follows the syntax of its scheme.",
            "EPC Tag Data Standard 2.0, sections 6 to 8",
            "the schemas take any URI",
        ),
        "gs1.check-digit": Rule(
            "A GS1 key in a Digital Link URI has the right check digit.",
            "GS1 General Specifications, section 7.9",
            "the schemas take any URI",
        ),
        "iso6346.check-digit": Rule(
            "A container number in an EPC URN has the right check digit.",
            "ISO 6346:2022, annex A",
            "the schemas take any URI",
        ),
        "imo.check-digit": Rule(
            "A vessel's IMO number in an EPC URN has the right check digit.",
            "IMO Resolution A.1117(30)",
            "the schemas take any URI",
        ),
        "gs1.digital-link": Rule(
            "A GS1 Digital Link URI at id.gs1.org has a key of the right form.",
            "GS1 Digital Link Standard: URI Syntax",
            "the schemas take any URI",
        ),
    }
)
