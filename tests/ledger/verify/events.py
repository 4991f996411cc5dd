"""Events with just the members that a test gives them, and cases without the document of one."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.epcis import Event, read
from tests.ledger.verify.builder import forget, moment_stamp

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"border": "urn:smartborder:epcis:"}]


def event_at(time: int, **members: Any) -> Event:
    """An event at a time in seconds; an object event, if the members do not say otherwise."""
    content = {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": moment_stamp(time),
        "eventTimeZoneOffset": "+00:00",
        **members,
    }
    return read(json.dumps(content).encode()).events[0]


def without_document(case: Case, entry: Entry) -> Case:
    """The case of somebody who was not given the document of one entry."""
    assert entry.statement is not None
    content = case.openings.blinds[entry.statement.commitment].content
    events = MappingProxyType(dict(forget(case.openings.events, content.commitment)))
    return replace(case, openings=replace(case.openings, events=events))
