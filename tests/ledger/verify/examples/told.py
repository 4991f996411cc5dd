"""Stories whose events say something: about quantities, papers, sensors, errors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ledger.epcis import Event, read
from ledger.identity.milestones import Milestone
from ledger.verify.case import Openings
from tests.ledger.verify.builder import EXPORTER, Member, Role, Story, moment_stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.epcis.model import Object
    from ledger.verify.case import Case, Entry

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"border": "urn:smartborder:epcis:"}]


def event_of(time: int, **members: Any) -> Event:
    """An event at a time in seconds, with just these members beside its time; an object event that observes."""
    content = {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": moment_stamp(time),
        "eventTimeZoneOffset": "+00:00",
        **({} if members.get("type") == "TransformationEvent" else {"action": "OBSERVE"}),
        **members,
    }
    return read(json.dumps(content).encode()).events[0]


@dataclass
class ToldStory(Story):
    """A story in which some milestones have an event that says more than the builder's.

    Attributes:
        contents: the members of a milestone's event, beside its time.
    """

    contents: Mapping[Milestone, Object] = field(default_factory=dict)

    def say(self, milestone: Milestone, by: Member, role: Role, **members: Any) -> Entry:
        if members.get("event") and milestone in self.contents:
            content = self.contents[milestone]
            members = {**members, "event": False, "commitment": self.know(event_of(self.now + 3_000, **content))}
        return super().say(milestone, by, role, **members)

    def observe(self, by: Member = EXPORTER, role: Role = Role.EXPORTER, /, **members: Any) -> Entry:
        """Observe an event with these members, ten minutes before it is accepted."""
        event = event_of(self.now + 3_000, **members)
        return super().say(Milestone.OBSERVED, by, role, commitment=self.know(event))


def without_document(case: Case, entry: Entry) -> Case:
    """The case without the document of one entry."""
    assert entry.statement is not None
    content = case.openings.blinds[entry.statement.commitment].content
    events = {key: known for key, known in case.openings.events.items() if key != content.commitment}
    return replace(case, openings=Openings(case.openings.blinds, MappingProxyType(events)))
