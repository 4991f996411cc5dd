"""From XML to a document (EPCIS 2.0, section 9).

The document is walked once (:mod:`ledger.epcis.xml_walk`) along the tables of :mod:`ledger.epcis.xml_content`; the
JSON-LD form that results is checked by the same rules as a document that came as JSON-LD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from ledger.epcis.context import EMPTY_CONTEXT, effective_context
from ledger.epcis.documents import EVENT_LIST_PATH, check_members, take_events
from ledger.epcis.model import Document, Event, Kind
from ledger.epcis.problems import NONE, EpcisInvalid, Problems, at, missing, problem, refusal, under
from ledger.epcis.validation import EVENT_FIELDS_IN_XML, check_event
from ledger.epcis.xml_content import (
    EVENT_CONTENT,
    EXTENDED_EVENT_CONTENT,
    Content,
    Path,
    Wrapped,
    members,
    ordered,
    plain,
    verbatim,
    wrapped,
)
from ledger.epcis.xml_kept import (
    OUR_CONTEXT,
    check_kept_context,
    check_kept_document,
    check_kept_event,
    kept_context,
    kept_members,
)
from ledger.epcis.xml_master_data import VOCABULARY_LIST, header
from ledger.epcis.xml_names import (
    EPCIS,
    EPCIS_QUERY,
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
        raise refusal(problems, limits.problems)
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


@dataclass(frozen=True, slots=True)
class _EventElement:
    """An event's element, the names in force there, and what the element says."""

    element: Element
    names: Names
    data: dict[str, object]


class _Reading:
    """One document on its way from XML to JSON-LD."""

    def __init__(self, root: Element, limits: Limits) -> None:
        self._root = root
        self._limits = limits
        self._names = document_names(root, frozenset() if OUR_CONTEXT in root.attrib else spoken_prefixes(root))
        self._walk = Walk(self._names)
        self._events: list[_EventElement] = []

    def event(self) -> tuple[Document, Problems]:
        """The document that a bare event is."""
        one = _EventElement(self._root, self._names, self._event_data(self._root, EVENT_CONTENT[self._root.tag], ()))
        own, context, found = self._context(one.element, one.names, document_context(self._names), EMPTY_CONTEXT)
        data, wrong = self._checked(one, context)
        found = (*self._walk.problems, *self._walk.placed(found + wrong))
        return Document(Kind.EVENT, context, (Event(data, context),), {}, own), found

    def document(self, kind: Kind) -> tuple[Document, Problems]:
        """The document of a kind that holds events."""
        value = self._walk.members(self._root, self._content(kind), ())
        if kind is not Kind.QUERY_RESULTS:
            value = {"type": kind.value, **value}
        kept = kept_members(self._walk, self._root, self._limits)
        found = check_kept_document(value, kept)
        value.update(kept)
        own, context, wrong = self._context(self._root, self._names, document_context(self._names), EMPTY_CONTEXT)
        found += wrong + check_members(kind, value, context) + _missing_attributes(kind, value)
        context = context.with_unhashed(value)
        take_events(kind, value)
        events = []
        for index, each in enumerate(self._events):
            event, wrong = self._event(each, context)
            events.append(event)
            found += at((*EVENT_LIST_PATH[kind], index), wrong)
            if len(found) > self._limits.problems:
                break
        return Document(kind, context, tuple(events), value, own), (*self._walk.problems, *self._walk.placed(found))

    def _content(self, kind: Kind) -> Content:
        events = ("EventList", "eventList", self._event_list)
        if kind is Kind.DOCUMENT:
            body = members(Content(ordered(events), open_attributes=True))
            return Content(
                ordered(("EPCISHeader", "epcisHeader", header), ("EPCISBody", "epcisBody", body)),
                open_attributes=True,
                attributes={"schemaVersion": plain, "creationDate": plain},
            )
        results_body = members(
            Content(ordered(events, ("VocabularyList", "vocabularyList", VOCABULARY_LIST)), extensible=False)
        )
        table = {  # the names in either order: documents of EPCIS 1 repositories have them so
            "queryName": (0, "queryName", verbatim),
            "subscriptionID": (0, "subscriptionID", verbatim),
            "resultsBody": (1, "resultsBody", results_body),
        }
        results = Content(table)
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
            attributes={"schemaVersion": plain, "creationDate": plain},
        )

    def _event_list(self, walk: Walk, element: Element, path: Path) -> object:
        walk.refuse_attributes(element)
        walk.refuse_text(element)
        for child in children(element):
            if child.tag == "extension":
                for extended in cast("Wrapped", wrapped(walk, child, path)).elements:
                    self._extended_event(extended, path)
            elif child.tag in EVENT_CONTENT:
                self._listed_event(child, EVENT_CONTENT[child.tag], path)
            else:
                message = "this is no event type of the standard; other types stand in an <extension> of the list"
                walk.report(child, problem("event.type", child.tag, message, "Take a standard type, or move it there."))
        return []

    def _extended_event(self, element: Element, path: Path) -> None:
        if element.tag.startswith("{") and not element.tag.startswith(f"{{{EPCIS}}}"):
            self._listed_event(element, EXTENDED_EVENT_CONTENT, path)
            return
        message = "an event type that is not the standard's has a namespace of its own"
        self._walk.report(element, problem("event.type", element.tag, message, "Give the element a namespace."))

    def _listed_event(self, element: Element, model: Content, path: Path) -> None:
        if len(self._events) >= self._limits.events:
            message = f"the document has more than {self._limits.events} events, which is the limit"
            raise EpcisInvalid(problem("limit.events", "", message, "Send the events in several documents."))
        names = Names(self._names.all, frozenset() if OUR_CONTEXT in element.attrib else self._names.spoken)
        names.declare(element)
        self._walk.names = names
        data = self._event_data(element, model, (*path, len(self._events)))
        self._walk.names = self._names
        self._events.append(_EventElement(element, names, data))

    def _event_data(self, element: Element, model: Content, path: Path) -> dict[str, object]:
        return {"type": self._walk.names.name_of(element), **self._walk.members(element, model, path)}

    def _event(self, one: _EventElement, outer: Context) -> tuple[Event, Problems]:
        own, context, found = self._context(one.element, one.names, dict(one.names.own) or None, outer)
        data, wrong = self._checked(one, context)
        return Event(data, context, own), found + wrong

    def _checked(self, one: _EventElement, context: Context) -> tuple[dict[str, object], Problems]:
        """The event with the members that it keeps, and what is wrong with both together."""
        kept = kept_members(self._walk, one.element, self._limits)
        data = {**one.data, **kept}
        wrong = check_event(data, context, EVENT_FIELDS_IN_XML)
        return data, wrong or check_kept_event(one.data, kept, one.names)

    def _context(
        self, element: Element, names: Names, declared: object, outer: Context
    ) -> tuple[object, Context, Problems]:
        """The ``@context`` of a document or an event: as its attribute keeps it, or as namespaces are declared."""
        own = kept_context(self._walk, element, self._limits)
        if own is None:
            return declared, context_of(names) if outer is EMPTY_CONTEXT else outer.with_prefixes(names.own), NONE
        context, problems = effective_context(own, outer)
        return own, context, under("@context", problems or check_kept_context(context, names))


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
