"""Verify a document that someone hands over: is it what was recorded, and can its consignment be relied on?

    verdict = verify_document(data, [case])

1. The document is read and validated; what cannot be read cannot be judged.
2. Each of its events is placed: at the statement that committed to it, or, where it was altered, at the nearest
   original: the same event hash or eventID, or, where one of the two has no eventID and the original is not in the
   document too, the same kind and time with an object in common.
3. The case of each consignment found is verified with the events that were handed over in place of the known ones.
4. An event that belongs to no statement known here is left open: neither true nor false.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.epcis import EpcisInvalid, Event, read
from ledger.epcis.commitment import digests
from ledger.errors import InputError
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, Domain
from ledger.verify.case import Case
from ledger.verify.checks import RULES
from ledger.verify.findings import Finding, NotChecked, Outcome, Verdict
from ledger.verify.verifier import verify
from ledger.verify.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.epcis import Media
    from ledger.epcis.commitment import EventDigests
    from ledger.verify.case import Gap, KnownEvent

_PLACED: Final = "document.placed"
_READ: Final = "history.read"
_PRESENT: Final = "document.present"
_NO_CASE: Final = Case(Domain(1, ZERO_ADDRESS), ZERO32)


@dataclass(frozen=True, slots=True)
class _Original:
    """A known event of one of the cases, and which."""

    case: int
    known: KnownEvent


def verify_document(data: bytes, cases: Iterable[Case], *, media: Media | None = None) -> Verdict:
    """The verdict about an EPCIS document that was handed over.

    Args:
        data: the document.
        cases: the consignments that it may belong to, with what is known of them: one, where its UCR was given.
        media: its binding; recognised where it is None.

    Returns:
        Verified where each of its events is, unaltered, one that a verified history committed to. Not verified where
        one was altered, or its history is wrong. Undetermined where one belongs to no statement known here.
    """
    candidates = tuple(cases)
    try:
        events = read(data, media=media).events
    except EpcisInvalid as error:
        return _open(f"The document could not be read as EPCIS: {sentence(error)} Ask for it again from who issued it.")
    if not events:
        return _open("The document holds no event, so there is nothing that could have been recorded.")
    return _Placing(candidates).verdict(events)


class _Placing:
    """The known events of all cases, found by their names."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self._cases = cases
        self._sure: dict[object, _Original] = {}
        self._likely: dict[object, _Original] = {}
        for index, case in enumerate(cases):
            for known in _known_events(case):
                original = _Original(index, known)
                for name in _sure_names(known.digests, known.event):
                    self._sure.setdefault(name, original)
                for name in _likely_names(known.event):
                    self._likely.setdefault(name, original)

    def verdict(self, events: tuple[Event, ...]) -> Verdict:
        given: dict[int, dict[bytes, KnownEvent]] = {}
        unplaced: list[Event] = []
        for event in sorted(events, key=self._departure):
            original = self._surely(event) or self._likely_original(event, given)
            if original is None:
                unplaced.append(event)
                continue
            known = original.known
            placed = replace(known, event=event, original=known.event)
            given.setdefault(original.case, {})[known.digests.commitment] = placed
        cases = [_with_events(self._cases[index], known) for index, known in sorted(given.items())]
        if not cases:
            return _open_verdict(tuple(unplaced), tuple(gap for case in self._cases for gap in case.gaps))
        cases[0] = replace(cases[0], unplaced=tuple(unplaced))
        return _merged([_without_other_documents(verify(case)) for case in cases])

    def _surely(self, event: Event) -> _Original | None:
        return next((self._sure[name] for name in _sure_names(_digests(event), event) if name in self._sure), None)

    def _likely_original(self, event: Event, given: dict[int, dict[bytes, KnownEvent]]) -> _Original | None:
        for name in _likely_names(event):
            found = self._likely.get(name)
            if found is None or found.known.digests.commitment in given.get(found.case, {}):
                continue
            if event.event_id is None or _event_id(found.known) is None:
                return found
        return None

    def _departure(self, event: Event) -> int:
        """How far an event is from its original: of two that are placed at one, the worse is judged."""
        named, original = _digests(event), self._surely(event)
        if original is None or named is None:
            return 3
        committed = original.known.digests
        return (named.commitment != committed.commitment) + (named.event_hash != committed.event_hash)


def _open_verdict(unplaced: tuple[Event, ...], gaps: tuple[Gap, ...]) -> Verdict:
    """The verdict where no event could be placed: they are unknown here, or what they belong to could not be read."""
    case = replace(_NO_CASE, unplaced=unplaced, gaps=gaps)
    findings = [finding for rule in (_READ, _PLACED) for finding in RULES[rule].findings(case)[0]]
    return Verdict(None, None, None, tuple(findings))


def _known_events(case: Case) -> Iterator[KnownEvent]:
    for _, statement in case.read_entries():
        known = case.openings.event(statement.commitment)
        if known is not None:
            yield known


def _event_id(known: KnownEvent) -> str | None:
    return None if known.event is None else known.event.event_id


def _digests(event: Event) -> EventDigests | None:
    try:
        return digests(event)
    except InputError:
        return None


def _sure_names(named: EventDigests | None, event: Event | None) -> Iterator[object]:
    """What names this event and no other, the surest first."""
    if named is not None:
        yield named.commitment
        yield named.event_hash
    if event is not None and event.event_id is not None:
        yield event.event_id


def _likely_names(event: Event | None) -> Iterator[object]:
    """What an event has in common with an altered copy of it, the likeliest first."""
    if event is not None:
        time = event.event_time.timestamp()
        yield (event.type, time, frozenset(event.epcs))
        yield from ((event.type, time, epc) for epc in event.epcs)


def _with_events(case: Case, given: dict[bytes, KnownEvent]) -> Case:
    events = MappingProxyType({**case.openings.events, **given})
    return replace(case, openings=replace(case.openings, events=events))


def _without_other_documents(verdict: Verdict) -> Verdict:
    """The verdict without asking for the documents of other statements."""
    kept = tuple(finding for finding in verdict.findings if finding.rule != _PRESENT)
    missing = (finding for finding in verdict.undetermined if finding.rule == _PRESENT)
    positions = tuple(finding.position for finding in missing if finding.position is not None)
    left = NotChecked(_PRESENT, "The documents of other statements about the consignment.", positions)
    return replace(verdict, findings=kept, not_checked=(*verdict.not_checked, left))


def _merged(verdicts: list[Verdict]) -> Verdict:
    if len(verdicts) == 1:
        return verdicts[0]
    seen = [verdict.as_of for verdict in verdicts if verdict.as_of is not None]
    return Verdict(
        consignment=None,
        ucr=None,
        as_of=min(seen, key=lambda as_of: as_of.block, default=None),
        findings=tuple(finding for verdict in verdicts for finding in verdict.findings),
        not_checked=tuple(each for verdict in verdicts for each in verdict.not_checked),
    )


def _open(reason: str) -> Verdict:
    return Verdict(None, None, None, (Finding(_PLACED, Outcome.UNDETERMINED, reason),))
