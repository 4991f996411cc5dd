"""What a giver disclosed in a bundle: events and secrets, each of which has to open something that was proven.

An event is in the bundle as the very bytes that its content digest is taken of, so that nothing of it can be changed
unseen. A blind, an event or an opening that opens nothing makes the bundle malformed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.clearance import opened_assessment
from ledger.epcis import DEFAULT_LIMITS, Event, EventDigests, NumberNotExact, canonical_json, digests
from ledger.epcis.commitment import EVENT_TAG
from ledger.epcis.context import EPCIS_CONTEXT, effective_context
from ledger.epcis.json_text import parse_json
from ledger.epcis.validation import check_event
from ledger.errors import InputError
from ledger.identity.milestones import Milestone
from ledger.identity.terms import opened_channel
from ledger.store.blinds import EventContent
from ledger.verify.case import KnownEvent, Openings, names_channel
from ledger.verify.evidence.bundle import EventText, NamedEvent
from ledger.verify.evidence.errors import BundleMalformedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.identity.signing import Opening
    from ledger.identity.statements import Statement
    from ledger.store.blinds import Blind
    from ledger.verify.evidence.bundle import Bundle

_CONTEXT: Final = "@context"
_EVENT_HASH: Final = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0", re.ASCII)


def event_text(event: Event) -> EventText | None:
    """An event as a bundle holds it; ``None`` where that would not read back as the same event.

    It does not where its document gave it a vocabulary, or numbers, that its canonical form has no place for.
    """
    try:
        text = EventText(canonical_json(event), tuple(sorted(event.context.unhashed)))
        return text if digests(read_event(text)) == digests(event) else None
    except (InputError, NumberNotExact):
        return None


def read_event(text: EventText, where: str = "event") -> Event:
    """The event that canonical JSON tells; untrusted.

    Raises:
        InputError: it is no valid event of EPCIS 2.0.
    """
    members = parse_json(text.canonical, DEFAULT_LIMITS)
    if not isinstance(members, dict):
        raise _malformed("is no event", where)
    own = members.pop(_CONTEXT, None)
    context, problems = effective_context([EPCIS_CONTEXT, own] if own else EPCIS_CONTEXT)
    if problems or not isinstance(own, dict):
        raise _malformed("binds names as no event does", where)
    if text.unhashed:
        context = replace(context, unhashed=frozenset(text.unhashed))
    if check_event(members, context):
        raise _malformed("is no valid event of EPCIS 2.0", where)
    return Event(members, context)


def disclosed(bundle: Bundle, statements: Iterable[Statement]) -> Openings:
    """What a bundle discloses of the statements that were proven.

    Args:
        bundle: the bundle; untrusted.
        statements: those proven, observations too.

    Raises:
        BundleMalformedError: a blind opens nothing, or an event is behind none of the blinds.
        InputError: an event is none.
    """
    committed = {each.entry for each in bundle.logged}
    committed |= {word for each in statements for word in (each.commitment, each.detail)}
    blinds: dict[bytes, Blind] = {}
    for index, blind in enumerate(bundle.blinds):
        if blind.blinded not in committed:
            raise _malformed("opens nothing that was stated or logged", f"bundle.blinds[{index}]")
        blinds[blind.blinded] = blind
    wanted = {blind.content.commitment for blind in blinds.values() if isinstance(blind.content, EventContent)}
    return Openings(MappingProxyType(blinds), MappingProxyType(_events(bundle, wanted)))


def _events(bundle: Bundle, wanted: set[bytes]) -> dict[bytes, KnownEvent]:
    found: dict[bytes, KnownEvent] = {}
    for index, text in enumerate(bundle.events):
        where = f"bundle.events[{index}]"
        event = read_event(text, where)
        known = digests(event)
        if known.content_digest != hashlib.sha256(text.canonical).digest():
            raise _malformed("is not in canonical form", where)
        _keep(found, wanted, KnownEvent(known, event), where)
    for index, named in enumerate(bundle.named):
        where = f"bundle.named[{index}]"
        _keep(found, wanted, KnownEvent(_digests_of(named, where)), where)
    return found


def _keep(found: dict[bytes, KnownEvent], wanted: set[bytes], known: KnownEvent, where: str) -> None:
    commitment = known.digests.commitment
    if commitment not in wanted:
        raise _malformed("is behind none of the blinds", where)
    if commitment in found:
        raise _malformed("is in the bundle already", where)
    found[commitment] = known


def _digests_of(named: NamedEvent, where: str) -> EventDigests:
    spelled = _EVENT_HASH.fullmatch(named.event_hash)
    if spelled is None:
        raise _malformed(f"'{named.event_hash[:60]}' is no CBV event hash", where)
    joined = EVENT_TAG + named.content_digest + bytes.fromhex(spelled[1])
    return EventDigests(named.event_hash, named.content_digest, hashlib.sha256(joined).digest())


def openings_of(bundle: Bundle, statements: Mapping[bytes, Statement]) -> dict[bytes, Opening]:
    """What opened a channel, by the digest of the statement that did.

    Args:
        bundle: the bundle; untrusted.
        statements: those proven, by their digests.

    Raises:
        BundleMalformedError: one opens nothing.
    """
    assessments = {each.detail for each in statements.values() if each.milestone is Milestone.ASSESSED}
    found = {}
    for index, (digest, opening) in enumerate(bundle.openings):
        statement = statements.get(digest)
        if statement is None or not names_channel(statement):
            raise _malformed("is of no statement that opens a channel", f"bundle.openings[{index}]")
        if opened_assessment(opened_channel(statement.terms), opening) not in assessments:
            raise _malformed("opens no assessment that was stated", f"bundle.openings[{index}]")
        found[digest] = opening
    return found


def _malformed(problem: str, where: str) -> BundleMalformedError:
    return BundleMalformedError(problem, where=where, mend="Ask the giver for the bundle again.")
