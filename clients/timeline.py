"""A consignment's timeline: everything stated about it, in the order of the chain, as one party can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.errors import Unavailable
from ledger.identity.milestones import Milestone, Side
from ledger.identity.statements import ZERO32, ZERO_ADDRESS
from ledger.identity.terms import parse_route
from ledger.store.blinds import SealContent

if TYPE_CHECKING:
    from ledger.chain.state import State
    from ledger.epcis import Event
    from ledger.identity.statements import Statement
    from ledger.verify.case import Case, Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a timeline.

    Attributes:
        position: its number in the history; None for an observation.
        milestone: what was stated.
        by: the name of the member that stated it.
        country: that member's country.
        event_time: when it happened, in seconds since 1970.
        block_time: when the chain took it.
        note: the little more that this party can read: route, seal, counterparty, what the event says.
        digest: the statement's digest (32 bytes).
    """

    position: int | None
    milestone: Milestone
    by: str
    country: str
    event_time: int
    block_time: int
    note: str
    digest: bytes

    def to_json(self) -> dict[str, object]:
        """The line as a JSON object."""
        return {
            "position": self.position,
            "milestone": self.milestone.label,
            "by": self.by,
            "country": self.country,
            "eventTime": iso(self.event_time),
            "blockTime": iso(self.block_time),
            "note": self.note,
            "digest": f"0x{self.digest.hex()}",
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where a consignment stands, and its lines in the order of the chain.

    Attributes:
        consignment: its id (32 bytes).
        ucr: its UCR, where it is known here.
        state: where it stands.
        holder: the name of the member that holds the goods.
        lines: what was stated.
    """

    consignment: bytes
    ucr: str | None
    state: State
    holder: str
    lines: tuple[Line, ...]

    def to_json(self) -> dict[str, object]:
        """The timeline as a JSON object."""
        return {
            "consignment": f"0x{self.consignment.hex()}",
            "ucr": self.ucr,
            "phase": self.state.phase.label,
            "location": self.state.location,
            "holder": self.holder,
            "export": self.state.export_side.clearance.label,
            "import": self.state.import_side.clearance.label,
            "holds": [f"0x{digest.hex()}" for digest, _ in sorted(self.state.holds)],
            "lines": [line.to_json() for line in self.lines],
        }


def timeline(case: Case) -> Timeline:
    """The timeline of a consignment from what was read of it.

    Raises:
        Unavailable: its history could not be read.
    """
    if case.recorded is None or case.gaps:
        why = "; ".join(f"{gap.what}: {gap.why}" for gap in case.gaps) or "the chain has no such consignment"
        raise Unavailable(f"the timeline cannot be shown: {why}", where="timeline", mend="Ask again, or another node.")
    entries = sorted(case.entries, key=lambda entry: entry.acceptance.moment)
    return Timeline(
        consignment=case.consignment,
        ucr=case.reference.ucr if case.reference else None,
        state=case.recorded,
        holder=case.name(case.recorded.holder),
        lines=tuple(_line(case, entry) for entry in entries),
    )


def iso(seconds: int) -> str:
    """A time as text, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(case: Case, entry: Entry) -> Line:
    accepted = entry.acceptance
    statement = entry.statement
    return Line(
        position=entry.position,
        milestone=accepted.milestone,
        by=case.name(accepted.member),
        country=accepted.country,
        event_time=statement.event_time if statement else accepted.moment.time,
        block_time=accepted.moment.time,
        note=_note(case, statement) if statement else entry.unread,
        digest=accepted.digest,
    )


def _note(case: Case, statement: Statement) -> str:
    parts = [_terms(statement), _counterparty(case, statement), _seal(case, statement), _event(case, statement)]
    return " · ".join(part for part in parts if part)


def _terms(statement: Statement) -> str:
    match statement.milestone:
        case Milestone.REGISTERED:
            route = parse_route(statement.terms)
            return " → ".join((route.export_country, *route.transit, route.import_country))
        case Milestone.DEPARTED:
            return f"{_letters(statement.terms[:2])} → {_letters(statement.terms[2:4])}"
        case Milestone.ARRIVED | Milestone.TRANSIT_ADDED | Milestone.TRANSIT_PASSED:
            return _letters(statement.terms[:2])
        case _:
            return statement.side.label if statement.side is not Side.NONE else ""


def _letters(code: bytes) -> str:
    return code.decode("ascii", "replace")


def _counterparty(case: Case, statement: Statement) -> str:
    return "" if statement.counterparty == ZERO_ADDRESS else case.name(statement.counterparty)


def _seal(case: Case, statement: Statement) -> str:
    blind = case.openings.blinds.get(statement.detail)
    return f"seal {blind.content.number}" if blind and isinstance(blind.content, SealContent) else ""


def _event(case: Case, statement: Statement) -> str:
    if statement.commitment == ZERO32:
        return ""
    known = case.openings.event(statement.commitment)
    return _summary(known.event) if known and known.event else "event not disclosed here"


def _summary(event: Event) -> str:
    """An event in a few words: its business step, its first object, and how many more there are."""
    objects = [event.parent_id] if event.parent_id else []
    objects += event.epcs
    more = f" and {len(objects) - 1} more" if len(objects) > 1 else ""
    step = str(event.biz_step or event.type).replace("_", " ")
    return f"{step} {_short(objects[0])}{more}" if objects else step


def _short(identifier: str) -> str:
    """An EPC as people read it: the scheme and the number."""
    return identifier.removeprefix("urn:epc:id:").removeprefix("https://id.gs1.org/")
