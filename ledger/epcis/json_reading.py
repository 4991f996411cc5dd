"""From JSON-LD text to a document (EPCIS 2.0, section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.context import EMPTY_CONTEXT, EPCIS_CONTEXT, Context, effective_context
from ledger.epcis.documents import EVENT_LIST_PATH, check_members, take_events
from ledger.epcis.json_text import parse_json
from ledger.epcis.model import Document, Event, Kind
from ledger.epcis.problems import NONE, EpcisInvalid, Problems, at, missing, problem, refusal, under
from ledger.epcis.validation import check_event

if TYPE_CHECKING:
    from ledger.epcis.limits import Limits

_CONTEXT: Final = "@context"
_DOCUMENT_KINDS: Final = (Kind.DOCUMENT, Kind.QUERY_DOCUMENT)


def read_json(data: bytes, limits: Limits) -> Document:
    """The document that a JSON-LD text holds: an EPCIS document, a query document or a bare event.

    Raises:
        EpcisInvalid: with every problem of the document.
    """
    value = parse_json(data, limits)
    if type(value) is not dict:
        message = "an EPCIS document or event is a JSON object"
        raise EpcisInvalid(problem("type.object", value, message, "Write it between { and }."))
    own = value.pop(_CONTEXT, None)
    context, problems = _outer_context(own)
    kind = value.get("type")
    if kind in _DOCUMENT_KINDS:
        document, found = _document(Kind(kind), value, context, own, limits)
    elif kind is None and "epcisBody" in value:
        mend = f"Add the type: {' or '.join(_DOCUMENT_KINDS)}."
        raise EpcisInvalid(
            problems + under("type", missing("document.type", "the document does not say its type", mend))
        )
    else:
        found = check_event(value, context)
        document = Document(Kind.EVENT, context, (Event(value, context),), {}, own)
    if problems or found:
        raise refusal(problems + found, limits.problems)
    return document


def _outer_context(own: object) -> tuple[Context, Problems]:
    if own is None:
        message = "@context is missing, so that no name in here has a meaning"
        return EMPTY_CONTEXT, under(
            _CONTEXT, missing("context.missing", message, f'Add "@context": ["{EPCIS_CONTEXT}"].')
        )
    context, problems = effective_context(own)
    if not problems and not context.knows_epcis:
        message = "the context of EPCIS 2.0 is not among those named"
        problems = problem("context.epcis", own, message, f"Add {EPCIS_CONTEXT} to the @context, as its first entry.")
    return context, under(_CONTEXT, problems)


def _document(
    kind: Kind, value: dict[str, object], context: Context, own: object, limits: Limits
) -> tuple[Document, Problems]:
    problems = check_members(kind, value, context)
    context = context.with_unhashed(value)
    listed = take_events(kind, value)
    if len(listed) > limits.events:
        message = f"the document has {len(listed)} events, and {limits.events} is the limit"
        raise EpcisInvalid(problem("limit.events", "", message, "Send the events in several documents."))
    events: list[Event] = []
    found = NONE
    for index, each in enumerate(listed):
        event, wrong = _event(each, context)
        events.append(event)
        if wrong:
            found += under(index, wrong)
            if len(found) > limits.problems:
                break
    return Document(kind, context, tuple(events), value, own), problems + at(EVENT_LIST_PATH[kind], found)


def _event(value: object, outer: Context) -> tuple[Event, Problems]:
    if type(value) is not dict or _CONTEXT not in value:
        return Event(value, outer), check_event(value, outer)  # type: ignore[arg-type]  # what is no object is a problem
    own = value.pop(_CONTEXT)
    context, problems = effective_context(own, outer)
    return Event(value, context, own), under(_CONTEXT, problems) + check_event(value, context)
