"""From a document to JSON-LD text (EPCIS 2.0, section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import orjson

from ledger.epcis.context import EPCIS_CONTEXT, STANDARD_PREFIXES, Context
from ledger.epcis.documents import EVENT_LIST_PATH
from ledger.epcis.model import Document, Event, Kind
from ledger.epcis.problems import NONE, EpcisInvalid, at
from ledger.epcis.validation import check_event

if TYPE_CHECKING:
    from collections.abc import Sequence

Path = tuple[str | int, ...]

_CONTEXT: Final = "@context"


def write_json(document: Document) -> bytes:
    """The document as JSON-LD: indented, UTF-8, every number as it was.

    Bare query results, which only XML knows, are written as a query document.

    Args:
        document: as it was read from either binding.

    Returns:
        A text that reads back as the same events with the same commitments.

    Raises:
        EpcisInvalid: if an event came from XML with what JSON-LD does not allow: a persistent disposition in an event
            that is neither about objects nor a transformation.
    """
    kind = Kind.QUERY_DOCUMENT if document.kind is Kind.QUERY_RESULTS else document.kind
    found = NONE
    for index, event in enumerate(document.events):
        if "persistentDisposition" in event.data:
            path: Path = () if kind is Kind.EVENT else (*EVENT_LIST_PATH[kind], index)
            found += at(path, check_event(event.data, event.context))
    if found:
        raise EpcisInvalid(found)
    own = _own_context(document.own_context, document.context)
    if kind is Kind.EVENT:
        return json_bytes({_CONTEXT: own, **document.events[0].data}, orjson.OPT_INDENT_2)
    events = [_event(event) for event in document.events]
    members = document.members
    if document.kind is Kind.QUERY_RESULTS:
        members = {"type": kind.value, "epcisBody": {"queryResults": document.members}}
    return json_bytes({_CONTEXT: own, **_with_events(members, EVENT_LIST_PATH[kind], events)}, orjson.OPT_INDENT_2)


def json_bytes(value: object, option: int = 0) -> bytes:
    """JSON text of a parsed value; a Decimal is written with all of its digits."""
    return orjson.dumps(value, default=_fragment, option=option)


def _fragment(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _own_context(own: object, context: Context) -> object:
    if own is not None:
        return own
    added = {prefix: iri for prefix, iri in context.prefixes.items() if STANDARD_PREFIXES.get(prefix) != iri}
    return [EPCIS_CONTEXT, added] if added else [EPCIS_CONTEXT]


def _event(event: Event) -> dict[str, object]:
    data = dict(event.data)
    return data if event.own_context is None else {_CONTEXT: event.own_context, **data}


def _with_events(members: object, path: Sequence[str], events: list[dict[str, object]]) -> dict[str, object]:
    """A copy of the members in which the events stand at their place."""
    copied = dict(members) if isinstance(members, Mapping) else {}
    first, *rest = path
    copied[first] = _with_events(copied.get(first), rest, events) if rest else events
    return copied
