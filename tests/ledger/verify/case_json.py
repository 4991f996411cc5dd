"""A case as JSON, and back: the form of the histories in tests/vectors/frauds, which README.md there describes.

    assert case_from_json(case_to_json(case)) == case

Each event stands in a document of its own, every second one in XML, so that a case is verified from documents as they
are handed over.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.state import SideState, State, Status
from ledger.epcis import Document, EventDigests, Kind, read, write_json, write_xml
from ledger.identity.milestones import (
    Channel,
    Clearance,
    InspectionResult,
    Milestone,
    Phase,
    Role,
    Scope,
)
from ledger.identity.signing import Opening, statement_from_json, statement_to_json
from ledger.identity.statements import Domain
from ledger.identity.untrusted import JsonObject
from ledger.store.blinds import blind_from_json, blind_to_json
from ledger.store.records import Reference
from ledger.verify.case import Acceptance, Case, Entry, Gap, KnownEvent, Openings, Trust
from ledger.verify.coordinates import Area, Point
from ledger.verify.findings import AsOf
from ledger.verify.gazetteer import Gazetteer, Place
from ledger.verify.membership import KeyRecord, MemberChange, MemberRecord, Membership, Moment
from ledger.verify.proven import LoggedEvent, Proof, Proven, ProvenBlock, ProvenEnd, RegisterEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.epcis import Event

FORMAT: Final = "smartborder-case/1"
MOST: Final = 10_000
_MAX: Final = 2**63

_CASE: Final = [
    "format",
    "domain",
    "consignment",
    "asOf",
    "reference",
    "statements",
    "observations",
    "register",
    "state",
    "trust",
    "blinds",
    "events",
    "unplaced",
    "gaps",
    "places",
    "toleranceSeconds",
]
_LOGGED: Final = [
    "milestone",
    "digest",
    "key",
    "member",
    "role",
    "country",
    "position",
    "head",
    "block",
    "index",
    "time",
    "transaction",
]
_STATE: Final = [
    "consignment",
    "exporter",
    "exportCountry",
    "importCountry",
    "holder",
    "importer",
    "transit",
    "phase",
    "location",
    "destination",
    "offeredTo",
    "seal",
    "departed",
    "exportSide",
    "importSide",
    "holds",
    "position",
    "head",
]
_SIDE: Final = [
    "clearance",
    "declarant",
    "assessment",
    "channel",
    "documentsPending",
    "dutiesMet",
    "stopped",
    "inspection",
]


def case_to_json(case: Case) -> dict[str, Any]:
    """The case as a JSON object: all that a verdict is reached from; what a bundle proved only where there is one."""
    proven = {} if case.proven is None else {"proven": _proven(case.proven)}
    return proven | {
        "format": FORMAT,
        "domain": {"chainId": case.domain.chain_id, "contract": case.domain.contract},
        "consignment": _hex(case.consignment),
        "asOf": None if case.as_of is None else {"block": case.as_of.block, "time": case.as_of.time},
        "reference": None if case.reference is None else _reference(case.reference),
        "statements": [_entry(entry) for entry in case.statements],
        "observations": [_entry(entry) for entry in case.observations],
        "register": None if case.membership is None else _register(case.membership),
        "state": None if case.recorded is None else _state(case.recorded),
        "trust": None if case.trust is None else _trust(case.trust),
        "blinds": [{"opens": _hex(key), **blind_to_json(blind)} for key, blind in case.openings.blinds.items()],
        "events": [
            _known(key, known, index % 2 == 1) for index, (key, known) in enumerate(case.openings.events.items())
        ],
        "unplaced": [_document(event, write_json) for event in case.unplaced],
        "gaps": [{"what": gap.what, "why": gap.why, "mend": gap.mend} for gap in case.gaps],
        "places": None if case.gazetteer is None else _places(case, case.gazetteer),
        "toleranceSeconds": case.tolerance_seconds,
    }


def case_from_json(content: object) -> Case:
    """The case in a JSON object; untrusted.

    Raises:
        InputError: a member is missing, unknown, of another type or out of range.
        EpcisInvalid: a document in it is none.
    """
    found = JsonObject(content, "case", _CASE, ("proven",))
    if found.text("format") != FORMAT:
        raise found.unexpected("format", FORMAT)
    domain = JsonObject(found.raw("domain"), "case.domain", ("chainId", "contract"))
    return Case(
        domain=Domain(domain.number("chainId", _MAX), domain.address("contract")),
        consignment=found.hash("consignment"),
        as_of=_optional(found, "asOf", _read_as_of),
        statements=tuple(_each(found, "statements", _read_entry)),
        observations=tuple(_each(found, "observations", _read_entry)),
        membership=_optional(found, "register", _read_register),
        recorded=_optional(found, "state", _read_state),
        reference=_optional(found, "reference", _read_reference),
        openings=Openings(
            MappingProxyType(dict(_each(found, "blinds", _read_blind))),
            MappingProxyType(dict(_each(found, "events", _read_known))),
        ),
        unplaced=tuple(_each(found, "unplaced", lambda value, where: _read_document(value))),
        trust=_optional(found, "trust", _read_trust),
        gaps=tuple(_each(found, "gaps", _read_gap)),
        tolerance_seconds=found.number("toleranceSeconds", _MAX),
        gazetteer=None if found.raw("places") is None else Gazetteer.of(_each(found, "places", _read_place)),
        proven=_read_proven(found.raw("proven"), "case.proven") if found.has("proven") else None,
    )


def case_text(case: Case) -> str:
    """The text of a case's file; equal cases have equal texts."""
    return json.dumps(case_to_json(case), indent=1, ensure_ascii=False) + "\n"


# writing


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"


def _reference(reference: Reference) -> dict[str, Any]:
    return {"ucr": reference.ucr, "salt": _hex(reference.salt), "exporter": reference.exporter}


def _trust(trust: Trust) -> dict[str, Any]:
    domain = {"chainId": trust.domain.chain_id, "contract": trust.domain.contract}
    return {"domain": domain, "founders": sorted(trust.founders)}


def _moment(moment: Moment) -> dict[str, int]:
    return {"block": moment.block, "index": moment.index, "time": moment.time}


def _entry(entry: Entry) -> dict[str, Any]:
    logged, opening = entry.acceptance, entry.opening
    return {
        "logged": {
            "milestone": int(logged.milestone),
            "digest": _hex(logged.digest),
            "key": logged.key,
            "member": logged.member,
            "role": int(logged.role),
            "country": logged.country,
            "position": logged.position,
            "head": _hex(logged.head),
            **_moment(logged.moment),
            "transaction": _hex(logged.transaction),
        },
        "statement": None if entry.statement is None else statement_to_json(entry.statement),
        "signature": _hex(entry.signature),
        "opening": None
        if opening is None
        else {"blind": _hex(opening.blind), "reasonsDigest": _hex(opening.reasons_digest)},
        "unread": entry.unread,
    }


def _register(membership: Membership) -> dict[str, Any]:
    return {
        "founders": sorted(membership.founders),
        "members": [
            {
                "address": member.address,
                "number": member.number,
                "country": member.country,
                "name": member.name,
                "changes": [
                    {**_moment(change.moment), "roles": change.roles, "status": int(change.status)}
                    for change in member.changes
                ],
            }
            for member in membership.members.values()
        ],
        "keys": [
            {
                "key": key.key,
                "member": key.member,
                "added": _moment(key.added),
                "validFrom": key.valid_from,
                "validUntil": key.valid_until,
                "retired": None if key.retired is None else _moment(key.retired),
                "suspectSince": key.suspect_since,
                "scopes": int(key.scopes),
                "milestones": key.milestones,
            }
            for key in membership.keys.values()
        ],
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "consignment": _hex(state.consignment),
        "exporter": state.exporter,
        "exportCountry": state.export_country,
        "importCountry": state.import_country,
        "holder": state.holder,
        "importer": state.importer,
        "transit": dict(state.transit),
        "phase": int(state.phase),
        "location": state.location,
        "destination": state.destination,
        "offeredTo": state.offered_to,
        "seal": _hex(state.seal),
        "departed": state.departed,
        "exportSide": _side(state.export_side),
        "importSide": _side(state.import_side),
        "holds": [{"digest": _hex(digest), "member": member} for digest, member in sorted(state.holds)],
        "position": state.position,
        "head": _hex(state.head),
    }


def _proven(proven: Proven) -> dict[str, Any]:
    return {
        "blocks": [
            {"number": each.number, "hash": _hex(each.hash), "final": each.final.value, "reason": each.reason}
            for each in proven.blocks
        ],
        "ends": [
            {
                "block": each.as_of.block,
                "time": each.as_of.time,
                "position": each.position,
                "head": _hex(each.head),
                "by": each.by,
            }
            for each in proven.ends
        ],
        "unprovenEnd": proven.unproven_end,
        "admitted": [{"address": each.address, "country": each.country} for each in proven.admitted.values()],
        "logged": [
            {
                "member": each.member,
                "index": each.index,
                "entry": _hex(each.entry),
                "included": each.included.value,
                "reason": each.reason,
            }
            for each in proven.logged
        ],
    }


def _side(side: SideState) -> dict[str, Any]:
    return {
        "clearance": int(side.clearance),
        "declarant": side.declarant,
        "assessment": _hex(side.assessment),
        "channel": int(side.channel),
        "documentsPending": side.documents_pending,
        "dutiesMet": side.duties_met,
        "stopped": side.stopped,
        "inspection": None if side.inspection is None else int(side.inspection),
    }


def _known(key: bytes, known: KnownEvent, in_xml: bool) -> dict[str, Any]:
    write = write_xml if in_xml else write_json
    return {
        "opens": _hex(key),
        "eventHash": known.digests.event_hash,
        "contentDigest": _hex(known.digests.content_digest),
        "commitment": _hex(known.digests.commitment),
        "document": None if known.event is None else _document(known.event, write),
        "original": None if known.original is None else _document(known.original, write),
    }


def _places(case: Case, gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """What the list of places says of each code that the documents name."""
    named = {str(step.event.data.get("border:place")) for step in case.trail}
    found = [place for code in sorted(named) if (place := gazetteer.find(code)) is not None]
    return [
        {
            "code": place.code,
            "name": place.name,
            "latitude": place.area.point.latitude,
            "longitude": place.area.point.longitude,
            "radiusKm": place.area.radius_km,
        }
        for place in found
        if place.area is not None
    ]


def _document(event: Event, write: Callable[[Document], bytes]) -> object:
    """A document of one event: XML as a text, JSON-LD as the object it is."""
    text = write(Document(Kind.EVENT, event.context, (event,))).decode()
    return json.loads(text) if text.startswith("{") else text


# reading


def _optional(found: JsonObject, name: str, reader: Callable[[object, str], Any]) -> Any:
    value = found.raw(name)
    return None if value is None else reader(value, found.path(name))


def _each(found: JsonObject, name: str, reader: Callable[[object, str], Any]) -> list[Any]:
    return [reader(item, f"{found.path(name)}.{index}") for index, item in enumerate(found.items(name, MOST))]


def _read_as_of(value: object, where: str) -> AsOf:
    found = JsonObject(value, where, ("block", "time"))
    return AsOf(found.number("block", _MAX), found.number("time", _MAX))


def _read_reference(value: object, where: str) -> Reference:
    found = JsonObject(value, where, ("ucr", "salt", "exporter"))
    return Reference(found.text("ucr"), found.hash("salt"), found.address("exporter"))


def _read_trust(value: object, where: str) -> Trust:
    found = JsonObject(value, where, ("domain", "founders"))
    domain = JsonObject(found.raw("domain"), found.path("domain"), ("chainId", "contract"))
    founders = frozenset(str(each) for each in found.items("founders", MOST))
    return Trust(Domain(domain.number("chainId", _MAX), domain.address("contract")), founders)


def _read_gap(value: object, where: str) -> Gap:
    found = JsonObject(value, where, ("what", "why", "mend"))
    return Gap(found.text("what"), found.text("why"), found.text("mend"))


def _read_proven(value: object, where: str) -> Proven:
    found = JsonObject(value, where, ("blocks", "ends", "unprovenEnd", "admitted", "logged"))
    admitted = _each(found, "admitted", _read_admitted)
    return Proven(
        tuple(_each(found, "blocks", _read_block)),
        tuple(_each(found, "ends", _read_end)),
        found.text("unprovenEnd"),
        MappingProxyType({each.address: each for each in admitted}),
        tuple(_each(found, "logged", _read_logged)),
    )


def _read_block(value: object, where: str) -> ProvenBlock:
    found = JsonObject(value, where, ("number", "hash", "final", "reason"))
    final = Proof(found.text("final"))
    return ProvenBlock(found.number("number", _MAX), found.hash("hash"), final, found.text("reason"))


def _read_end(value: object, where: str) -> ProvenEnd:
    found = JsonObject(value, where, ("block", "time", "position", "head", "by"))
    as_of = AsOf(found.number("block", _MAX), None if found.raw("time") is None else found.number("time", _MAX))
    return ProvenEnd(as_of, found.number("position", _MAX), found.hash("head"), found.text("by"))


def _read_admitted(value: object, where: str) -> RegisterEntry:
    found = JsonObject(value, where, ("address", "country"))
    return RegisterEntry(found.address("address"), found.text("country"))


def _read_logged(value: object, where: str) -> LoggedEvent:
    found = JsonObject(value, where, ("member", "index", "entry", "included", "reason"))
    return LoggedEvent(
        found.address("member"),
        found.number("index", _MAX),
        found.hash("entry"),
        Proof(found.text("included")),
        found.text("reason"),
    )


def _read_moment(found: JsonObject) -> Moment:
    return Moment(found.number("block", _MAX), found.number("index", _MAX), found.number("time", _MAX))


def _read_entry(value: object, where: str) -> Entry:
    found = JsonObject(value, where, ("logged", "statement", "signature", "opening", "unread"))
    logged = JsonObject(found.raw("logged"), found.path("logged"), _LOGGED)
    return Entry(
        Acceptance(
            milestone=Milestone(logged.number("milestone", max(Milestone))),
            digest=logged.hash("digest"),
            key=logged.address("key"),
            member=logged.address("member"),
            role=Role(logged.number("role", max(Role))),
            country=logged.text("country"),
            position=logged.number("position", _MAX),
            head=logged.hash("head"),
            moment=_read_moment(logged),
            transaction=logged.hash("transaction"),
        ),
        _optional(found, "statement", statement_from_json),
        bytes.fromhex(found.text("signature")[2:]),
        _optional(found, "opening", _read_opening),
        found.text("unread"),
    )


def _read_opening(value: object, where: str) -> Opening:
    found = JsonObject(value, where, ("blind", "reasonsDigest"))
    return Opening(found.hash("blind"), found.hash("reasonsDigest"))


def _read_register(value: object, where: str) -> Membership:
    found = JsonObject(value, where, ("founders", "members", "keys"))
    members, keys = _each(found, "members", _read_member), _each(found, "keys", _read_key)
    return Membership(
        MappingProxyType({member.address: member for member in members}),
        MappingProxyType({key.key: key for key in keys}),
        frozenset(str(each) for each in found.items("founders", MOST)),
    )


def _read_member(value: object, where: str) -> MemberRecord:
    found = JsonObject(value, where, ("address", "number", "country", "name", "changes"))
    return MemberRecord(
        address=found.address("address"),
        number=found.number("number", _MAX),
        country=found.text("country"),
        changes=tuple(_each(found, "changes", _read_change)),
        name=found.text("name"),
    )


def _read_change(value: object, where: str) -> MemberChange:
    found = JsonObject(value, where, ("block", "index", "time", "roles", "status"))
    return MemberChange(_read_moment(found), found.number("roles", _MAX), Status(found.number("status", max(Status))))


def _read_key(value: object, where: str) -> KeyRecord:
    names = ("key", "member", "added", "validFrom", "validUntil", "retired", "suspectSince", "scopes", "milestones")
    found = JsonObject(value, where, names)
    return KeyRecord(
        key=found.address("key"),
        member=found.address("member"),
        added=_read_moment(JsonObject(found.raw("added"), found.path("added"), ("block", "index", "time"))),
        valid_from=found.number("validFrom", _MAX),
        valid_until=found.number("validUntil", _MAX),
        retired=_optional(
            found, "retired", lambda each, at: _read_moment(JsonObject(each, at, ("block", "index", "time")))
        ),
        suspect_since=None if found.raw("suspectSince") is None else found.number("suspectSince", _MAX),
        scopes=Scope(found.number("scopes", _MAX)),
        milestones=found.number("milestones", _MAX),
    )


def _read_state(value: object, where: str) -> State:
    found = JsonObject(value, where, _STATE)
    transit = found.raw("transit")
    assert isinstance(transit, dict)
    return State(
        consignment=found.hash("consignment"),
        exporter=found.address("exporter"),
        export_country=found.text("exportCountry"),
        import_country=found.text("importCountry"),
        holder=found.address("holder"),
        importer=found.address("importer"),
        transit=MappingProxyType(transit),
        phase=Phase(found.number("phase", max(Phase))),
        location=found.text("location"),
        destination=found.text("destination"),
        offered_to=found.address("offeredTo"),
        seal=found.hash("seal"),
        departed=bool(found.raw("departed")),
        export_side=_read_side(found.raw("exportSide"), found.path("exportSide")),
        import_side=_read_side(found.raw("importSide"), found.path("importSide")),
        holds=frozenset(_each(found, "holds", _read_hold)),
        position=found.number("position", _MAX),
        head=found.hash("head"),
    )


def _read_hold(value: object, where: str) -> tuple[bytes, str]:
    found = JsonObject(value, where, ("digest", "member"))
    return found.hash("digest"), found.address("member")


def _read_side(value: object, where: str) -> SideState:
    found = JsonObject(value, where, _SIDE)
    return SideState(
        clearance=Clearance(found.number("clearance", max(Clearance))),
        declarant=found.address("declarant"),
        assessment=found.hash("assessment"),
        channel=Channel(found.number("channel", max(Channel))),
        documents_pending=bool(found.raw("documentsPending")),
        duties_met=bool(found.raw("dutiesMet")),
        stopped=bool(found.raw("stopped")),
        inspection=None if found.raw("inspection") is None else InspectionResult(found.number("inspection", 2)),
    )


def _read_blind(value: object, where: str) -> tuple[bytes, Any]:
    assert isinstance(value, dict)
    key = JsonObject({"opens": value.get("opens")}, where, ("opens",)).hash("opens")
    return key, blind_from_json({name: each for name, each in value.items() if name != "opens"}, where)


def _read_known(value: object, where: str) -> tuple[bytes, KnownEvent]:
    names = ("opens", "eventHash", "contentDigest", "commitment", "document", "original")
    found = JsonObject(value, where, names)
    named = EventDigests(found.text("eventHash"), found.hash("contentDigest"), found.hash("commitment"))
    documents = {
        name: None if found.raw(name) is None else _read_document(found.raw(name)) for name in ("document", "original")
    }
    return found.hash("opens"), KnownEvent(named, documents["document"], documents["original"])


def _read_place(value: object, where: str) -> Place:
    found = JsonObject(value, where, ("code", "name", "latitude", "longitude", "radiusKm"))
    latitude, longitude, radius = (found.raw(name) for name in ("latitude", "longitude", "radiusKm"))
    assert isinstance(latitude, float)
    assert isinstance(longitude, float)
    assert isinstance(radius, float)
    return Place(found.text("code"), found.text("name"), Area(Point(latitude, longitude), radius))


def _read_document(value: object) -> Event:
    text = value if isinstance(value, str) else json.dumps(value)
    return read(text.encode()).events[0]
