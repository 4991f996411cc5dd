"""From XML to a document (EPCIS 2.0, section 9).

The document is walked once (:mod:`ledger.epcis.xml_walk`) along the tables of :mod:`ledger.epcis.xml_content`; the
JSON-LD form that results is checked by the same rules as a document that came as JSON-LD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.context import effective_context
from ledger.epcis.documents import EVENT_LIST_PATH, check_members, take_events
from ledger.epcis.json_text import parse_json
from ledger.epcis.model import Document, Event, Kind
from ledger.epcis.problems import NONE, EpcisInvalid, Problems, at, missing, problem, under
from ledger.epcis.validation import EVENT_FIELDS_IN_XML, check_event
from ledger.epcis.xml_content import (
    EVENT_CONTENT,
    EXTENDED_EVENT_CONTENT,
    Content,
    Path,
    members,
    ordered,
    plain,
    uri_text,
    verbatim,
)
from ledger.epcis.xml_master_data import VOCABULARY_LIST, header
from ledger.epcis.xml_names import (
    EPCIS,
    EPCIS_QUERY,
    OURS,
    Names,
    context_of,
    document_context,
    document_names,
    spoken_prefixes,
)
from ledger.epcis.xml_text import Element, children, parse_xml
from ledger.epcis.xml_walk import Walk

if TYPE_CHECKING:
    from ledger.epcis.context import Context
    from ledger.epcis.limits import Limits

OUR_MEMBERS: Final = f"{{{OURS}}}json"
"""The attribute that holds, as JSON text, the members that XML cannot express as they are: see docs/epcis.md."""
OUR_CONTEXT: Final = f"{{{OURS}}}context"
"""The attribute that holds the ``@context`` as it was, where namespace declarations cannot express it."""

_ROOTS: Final = {
    f"{{{EPCIS}}}EPCISDocument": Kind.DOCUMENT,
    f"{{{EPCIS_QUERY}}}EPCISQueryDocument": Kind.QUERY_DOCUMENT,
    f"{{{EPCIS_QUERY}}}QueryResults": Kind.QUERY_RESULTS,
}


def read_xml(data: bytes, limits: Limits) -> Document:
    """The document that an XML text holds, in JSON-LD form.

    Raises:
        EpcisInvalid: with every problem of the document.
    """
    document, problems = _converted(data, limits)
    if problems:
        raise EpcisInvalid(problems[: limits.problems])
    return document


def converted(data: bytes, limits: Limits) -> Document:
    """The JSON-LD form of a document that breaks no rule of XML, whatever rules of EPCIS it breaks."""
    return _converted(data, limits)[0]


def _converted(data: bytes, limits: Limits) -> tuple[Document, Problems]:
    root = parse_xml(data, limits)
    kind = _ROOTS.get(root.tag) or (Kind.EVENT if root.tag in EVENT_CONTENT else None)
    if kind is None:
        raise EpcisInvalid(_unknown_root(root))
    reading = _Reading(root, limits)
    return reading.event() if kind is Kind.EVENT else reading.document(kind)


class _Reading:
    """One document on its way from XML to JSON-LD."""

    def __init__(self, root: Element, limits: Limits) -> None:
        self._root = root
        self._limits = limits
        self._names = document_names(root, frozenset() if OUR_CONTEXT in root.attrib else spoken_prefixes(root))
        self._walk = Walk(self._names)
        self._events: list[tuple[Element, Names, dict[str, object]]] = []

    def event(self) -> tuple[Document, Problems]:
        """The document that a bare event is."""
        data = self._event_data(self._root, EVENT_CONTENT[self._root.tag], self._root.tag, ())
        own, context, found = self._context(self._root, document_context(self._names), context_of(self._names))
        found += self._walk.placed(check_event(data, context, EVENT_FIELDS_IN_XML))
        return Document(Kind.EVENT, context, (Event(data, context),), {}, own), (*self._walk.problems, *found)

    def document(self, kind: Kind) -> tuple[Document, Problems]:
        """The document of a kind that holds events."""
        value = self._walk.members(self._root, self._content(kind), ())
        if kind is not Kind.QUERY_RESULTS:
            value = {"type": kind.value, **value}
        value.update(self._our_members(self._root))
        own, context, found = self._context(self._root, document_context(self._names), context_of(self._names))
        found += check_members(kind, value, context) + _missing_attributes(kind, value)
        context = context.with_unhashed(value)
        take_events(kind, value)
        events = []
        for index, (element, names, data) in enumerate(self._events):
            event, wrong = self._event(element, names, data, context)
            events.append(event)
            found += at((*EVENT_LIST_PATH[kind], index), wrong)
        return Document(kind, context, tuple(events), value, own), (*self._walk.problems, *self._walk.placed(found))

    def _content(self, kind: Kind) -> Content:
        events = ("EventList", "eventList", self._event_list)
        if kind is Kind.DOCUMENT:
            body = members(Content(ordered(events), open_attributes=True))
            return Content(
                ordered(("EPCISHeader", "epcisHeader", header), ("EPCISBody", "epcisBody", body)),
                open_attributes=True,
                attributes={"schemaVersion": plain, "creationDate": uri_text},
            )
        results_body = members(
            Content(ordered(events, ("VocabularyList", "vocabularyList", VOCABULARY_LIST)), extensible=False)
        )
        table = ordered(
            ("queryName", "queryName", verbatim),
            ("subscriptionID", "subscriptionID", verbatim),
            ("resultsBody", "resultsBody", results_body),
        )
        results = Content(table, floating=frozenset({"queryName", "subscriptionID"}))
        if kind is Kind.QUERY_RESULTS:
            return results
        body_table = {
            tag: (0, "queryResults", members(results)) for tag in (f"{{{EPCIS_QUERY}}}QueryResults", "QueryResults")
        }
        return Content(
            ordered(
                ("EPCISHeader", "epcisHeader", header),
                ("EPCISBody", "epcisBody", members(Content(body_table, extensible=False))),
            ),
            open_attributes=True,
            attributes={"schemaVersion": plain, "creationDate": uri_text},
        )

    def _event_list(self, walk: Walk, element: Element, path: Path) -> object:
        walk.refuse_attributes(element)
        walk.refuse_text(element)
        for child in children(element):
            if child.tag == "extension":
                for extended in children(child):
                    self._listed_event(extended, EXTENDED_EVENT_CONTENT, path)
            elif child.tag in EVENT_CONTENT:
                self._listed_event(child, EVENT_CONTENT[child.tag], path)
            else:
                message = "this is no event type of the standard; other types stand in an <extension> of the list"
                walk.report(child, problem("event.type", child.tag, message, "Take a standard type, or move it there."))
        return []

    def _listed_event(self, element: Element, model: Content, path: Path) -> None:
        if len(self._events) >= self._limits.events:
            message = f"the document has more than {self._limits.events} events, which is the limit"
            raise EpcisInvalid(problem("limit.events", "", message, "Send the events in several documents."))
        names = Names(self._names.all, frozenset() if OUR_CONTEXT in element.attrib else self._names.spoken)
        names.declare(element)
        self._walk.names = names
        data = self._event_data(element, model, names.name_of(element), (*path, len(self._events)))
        self._walk.names = self._names
        self._events.append((element, names, data))

    def _event_data(self, element: Element, model: Content, kind: str, path: Path) -> dict[str, object]:
        data = {"type": kind, **self._walk.members(element, model, path)}
        data.update(self._our_members(element))
        return data

    def _event(self, element: Element, names: Names, data: dict[str, object], outer: Context) -> tuple[Event, Problems]:
        declared = dict(names.own) or None
        inner = outer if declared is None else outer.with_prefixes(names.own)
        own, context, found = self._context(element, declared, inner, outer)
        return Event(data, context, own), found + check_event(data, context, EVENT_FIELDS_IN_XML)

    def _our_members(self, element: Element) -> dict[str, object]:
        text = element.get(OUR_MEMBERS)
        if text is None:
            return {}
        value = parse_json(text.encode(), self._limits)
        if type(value) is dict:
            return value
        message = "the attribute that holds further members is no JSON object"
        self._walk.report(element, problem("type.object", value, message, "Remove the attribute."), "/@json")
        return {}

    def _context(
        self, element: Element, declared: object, context: Context, outer: Context | None = None
    ) -> tuple[object, Context, Problems]:
        """The ``@context`` of a document or an event: as the attribute has it, or as namespaces are declared."""
        text = element.get(OUR_CONTEXT)
        if text is None:
            return declared, context, NONE
        own = parse_json(text.encode(), self._limits)
        kept, problems = effective_context(own) if outer is None else effective_context(own, outer)
        return own, kept, under("@context", problems)


def _missing_attributes(kind: Kind, value: dict[str, object]) -> Problems:
    """XML asks for these in a query document too, where JSON-LD does not."""
    problems = NONE
    for name in ("schemaVersion", "creationDate") if kind is Kind.QUERY_DOCUMENT else ():
        if name not in value:
            problems += under(
                name, missing("document.missing-field", f"{name} is missing", f"Add the attribute {name}.")
            )
    return problems


def _unknown_root(root: Element) -> Problems:
    message = "the root element is no EPCIS 2.0 document, query document, query results or event"
    if root.tag.startswith("{urn:epcglobal:epcis") and ":xsd:1}" in root.tag:
        message = "this is a document of EPCIS 1, and this reader knows EPCIS 2.0 only"
        return problem("xml.version", root.tag, message, "Convert the document to EPCIS 2.0.")
    mend = f'Begin with <epcis:EPCISDocument xmlns:epcis="{EPCIS}">.'
    return problem("document.type", root.tag, message, mend)
