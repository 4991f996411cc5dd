"""From a document to XML text (EPCIS 2.0, section 9), without losing what only JSON-LD can say.

Each event is written as the XML binding has it and read back. Members that came back otherwise (a number or an array
of one in an extension, a second certification, a name that XML does not allow, …) are kept beside it as JSON text in
the attribute ``sbl:json`` of the event, and of the root for members of the document; a context that namespace
declarations cannot express is kept in ``sbl:context``. Who does not know these attributes sees an ordinary document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from ledger.epcis.context import STANDARD_PREFIXES, Context
from ledger.epcis.json_writing import json_bytes
from ledger.epcis.limits import DEFAULT_LIMITS
from ledger.epcis.model import Document, Event, Kind
from ledger.epcis.problems import EpcisInvalid, Problems, problem
from ledger.epcis.xml_content import EVENT_ORDER
from ledger.epcis.xml_event_writing import EventWriter, scalar_text
from ledger.epcis.xml_names import EPCIS, EPCIS_QUERY, OURS, XSI
from ledger.epcis.xml_output import element, is_local_name, is_xml_text, text_element, without_controls
from ledger.epcis.xml_reading import converted, read_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RESERVED: Final = frozenset({"epcis", "epcisq", "sbl", "xsi", "xml", "xmlns"})
_ROOTS: Final = {
    Kind.DOCUMENT: "epcis:EPCISDocument",
    Kind.QUERY_DOCUMENT: "epcisq:EPCISQueryDocument",
    Kind.QUERY_RESULTS: "epcisq:QueryResults",
}

Kept = dict[str, str]
"""The attributes that keep what XML cannot say, of the root or of an event."""


def write_xml(document: Document) -> bytes:
    """The document as XML, valid by the standard's schema wherever the document can be.

    Args:
        document: as it was read from either binding.

    Returns:
        A text that reads back as the same events with the same commitments.

    Raises:
        EpcisInvalid: if XML cannot hold the document: an event type whose name is no XML name, or a query document
            without the attributes that XML asks for.
    """
    outer: Kept = {}
    kept: list[Kept] = [{} for _ in document.events]
    back = _read_back(document, outer, kept)
    outer |= _kept_context(document.own_context, document.context, back.context)
    for event, again, own in zip(document.events, back.events, kept, strict=True):
        own.update(_kept_context(event.own_context, event.context, again.context))
    if outer or any(kept):
        back = _read_back(document, outer, kept)
    outer |= _kept_members(document.members, back.members)
    for event, again, own in zip(document.events, back.events, kept, strict=True):
        own.update(_kept_members(event.data, again.data))
    written = _assembled(document, outer, kept)
    _refuse_loss(document, read_xml(written, DEFAULT_LIMITS))
    return written


def _read_back(document: Document, outer: Kept, kept: Sequence[Kept]) -> Document:
    return converted(_assembled(document, outer, kept), DEFAULT_LIMITS)


def _kept_context(own: object, context: Context, again: Context) -> Kept:
    """The context itself, where there is one of its own that the declarations do not express."""
    if own is None or _binds_alike(context, again):
        return {}
    return {"sbl:context": without_controls(json_bytes(own).decode())}


def _kept_members(data: Mapping[str, object], again: Mapping[str, object]) -> Kept:
    """The members that came back otherwise than they were, or not at all."""
    lost = {name: value for name, value in data.items() if name not in again or again[name] != value}
    return {"sbl:json": without_controls(json_bytes(lost).decode())} if lost else {}


def _binds_alike(one: Context, other: Context) -> bool:
    return (one.prefixes, one.vocab, one.unknown) == (other.prefixes, other.vocab, other.unknown)


def _refuse_loss(document: Document, back: Document) -> None:
    for index, (event, read) in enumerate(zip(document.events, back.events, strict=True)):
        if event.data != read.data or not _binds_alike(event.context, read.context):
            message = f"event {index} cannot be written as XML without changing it"
            raise EpcisInvalid(problem("xml.extension", "", message, "Keep the document as JSON-LD."))


def _declared(context: Context) -> dict[str, str]:
    """The prefixes that namespace declarations can express."""
    return {
        prefix: iri
        for prefix, iri in context.prefixes.items()
        if is_local_name(prefix) and prefix not in _RESERVED and is_xml_text(iri)
    }


def _assembled(document: Document, outer: Kept, kept: Sequence[Kept]) -> bytes:
    prefixes = _declared(document.context)
    writer = EventWriter(prefixes)
    events = [_event(event, prefixes, own) for event, own in zip(document.events, kept, strict=True)]
    used = {
        prefix: iri
        for prefix, iri in prefixes.items()
        if prefix not in STANDARD_PREFIXES or any(f"{prefix}:" in text for text in events) or prefix == "cbvmda"
    }
    attributes = {
        "xmlns:epcis": EPCIS,
        "xmlns:epcisq": EPCIS_QUERY,
        "xmlns:xsi": XSI,
        "xmlns:sbl": OURS,
        **{f"xmlns:{prefix}": iri for prefix, iri in used.items()},
        **outer,
    }
    if document.kind is Kind.EVENT:
        return (_DECLARATION + _bare_event(document.events[0], writer, {**attributes, **kept[0]})).encode()
    return (_DECLARATION + _root(document, writer, attributes, "".join(events))).encode()


def _bare_event(event: Event, writer: EventWriter, attributes: Kept) -> str:
    if event.type not in EVENT_ORDER:
        raise EpcisInvalid(_no_element(event.type))
    return element(event.type, writer.content(event.data), attributes)


def _event(event: Event, outer: Mapping[str, str], kept: Kept) -> str:
    prefixes = _declared(event.context)
    own = {f"xmlns:{prefix}": iri for prefix, iri in prefixes.items() if outer.get(prefix) != iri}
    writer = EventWriter(prefixes)
    if event.type in EVENT_ORDER:
        return element(event.type, writer.content(event.data), {**own, **kept})
    if not writer.qualified(event.type):
        raise EpcisInvalid(_no_element(event.type))
    return element("extension", element(event.type, writer.content(event.data), {**own, **kept}))


def _no_element(kind: str) -> Problems:
    message = "the type of this event cannot be the name of an XML element"
    return problem("event.type", kind, message, "Keep the document as JSON-LD, or name the type with a bound prefix.")


def _root(document: Document, writer: EventWriter, attributes: Kept, events: str) -> str:
    members = document.members
    about = {
        name: scalar_text(members[name])
        for name in ("schemaVersion", "creationDate")
        if document.kind is not Kind.QUERY_RESULTS and name in members
    }
    listed = element("EventList", events)
    if document.kind is Kind.QUERY_RESULTS:
        return element(_ROOTS[document.kind], _results(members, listed), {**attributes, **about})
    body = _mapping(members.get("epcisBody"))
    if document.kind is Kind.DOCUMENT:
        content = listed + writer.extensions(body)
    else:
        content = element("epcisq:QueryResults", _results(_mapping(body.get("queryResults")), listed))
    header = _header(_mapping(members.get("epcisHeader")), writer)
    content = header + element("EPCISBody", content) + writer.extensions(members)
    return element(_ROOTS[document.kind], content, {**attributes, **about})


def _results(results: Mapping[str, object], listed: str) -> str:
    names = "".join(
        text_element(name, scalar_text(results[name])) for name in ("queryName", "subscriptionID") if name in results
    )
    return names + element("resultsBody", listed)


def _header(header: Mapping[str, object], writer: EventWriter) -> str:
    """The header's master data; anything else in it has no place in XML but the attribute that keeps it."""
    vocabularies = _mapping(header.get("epcisMasterData")).get("vocabularyList")
    if not isinstance(vocabularies, list):
        return ""
    listed = element("VocabularyList", "".join(_vocabulary(_mapping(each), writer) for each in vocabularies))
    return element("EPCISHeader", element("extension", element("EPCISMasterData", listed)))


def _vocabulary(vocabulary: Mapping[str, object], writer: EventWriter) -> str:
    elements = "".join(
        _vocabulary_element(_mapping(each), writer) for each in _items(vocabulary.get("vocabularyElementList"))
    )
    listed = element("VocabularyElementList", elements) if elements else ""
    return element("Vocabulary", listed, {"type": scalar_text(vocabulary.get("type"))})


def _vocabulary_element(data: Mapping[str, object], writer: EventWriter) -> str:
    content = ""
    for each in _items(data.get("attributes")):
        attribute = _mapping(each)
        value = attribute.get("attribute")
        identity = {"id": scalar_text(attribute.get("id"))}
        if isinstance(value, Mapping):
            content += element("attribute", "".join(writer.extension(*member) for member in value.items()), identity)
        else:
            content += text_element("attribute", scalar_text(value), identity)
    if "children" in data:
        content += element(
            "children", "".join(text_element("id", scalar_text(each)) for each in _items(data["children"]))
        )
    return element("VocabularyElement", content, {"id": scalar_text(data.get("id"))})


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
