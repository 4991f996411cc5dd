"""Random lives of consignments, put to the contract and to the rules in Python at once.

Each step draws a statement that is likely to fit the state, sometimes a wrong one, and compares what both say of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clients.testing.consortium import assessment
from ledger.chain.lifecycle import RULES, apply
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import Act
from ledger.epcis.commitment import ucr_commitment
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import HEADLESS, Channel, Duties, InspectionResult, Milestone, Role, Side, UnsealReason
from ledger.identity.signing import Opening, recover
from ledger.identity.statements import ZERO32, ZERO_ADDRESS, consignment_id
from ledger.identity.terms import (
    Route,
    appeal_terms,
    channel_terms,
    country_terms,
    duties_terms,
    inspection_terms,
    leg_terms,
    release_terms,
    route_terms,
    unseal_terms,
)

if TYPE_CHECKING:
    from random import Random

    from clients.testing.consortium import Consortium
    from ledger.chain.state import Standing, State
    from ledger.identity.signing import SignedStatement

COUNTRIES = ("KR", "SG", "NL", "DE")
SIDES = (Side.EXPORT, Side.IMPORT)
SEALS = (ZERO32, b"\x51" * 32, b"\x52" * 32)
ACTORS = ("exporter", "carrier", "terminal", "importer", "export_broker", "import_broker", "agency")
ENDS = {Milestone.CANCELLED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED, Milestone.RETURNED}
KEEPING = {Milestone.REFUSED, Milestone.HELD, Milestone.STOPPED, Milestone.CORRECTED, Milestone.OBSERVED}
MILESTONES = list(Milestone)
WEIGHTS = [0.05 if milestone in ENDS else 0.2 if milestone in KEEPING else 1.0 for milestone in MILESTONES]
"""What ends or stops a life is drawn seldom, so that lives become long."""
AUTHORITIES = ("customs_kr", "customs_sg", "customs_nl")


MACHINES = {"customs_kr": SigningKey(b"\x0a" * 32), "customs_nl": SigningKey(b"\x0b" * 32)}
"""Keys that may only assess as green and release what is green."""


@dataclass
class Life:
    """One consignment, lived twice.

    Attributes:
        consortium: where the contract is.
        chance: draws everything.
        consignment: its id.
        ucr: the commitment to its UCR.
        state: what the rules in Python made of it.
        accepted: the milestones accepted so far.
        refused: the errors met so far.
    """

    consortium: Consortium
    chance: Random
    consignment: bytes = ZERO32
    ucr: bytes = ZERO32
    state: State | None = None
    accepted: set[Milestone] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    _openings: dict[Side, tuple[Channel, Opening]] = field(default_factory=dict)
    _drawn: tuple[Channel, Opening] = (Channel.CLOSED, Opening(ZERO32, ZERO32))
    _now: int = 0
    _standings: dict[tuple[str, str], tuple[Standing, Standing]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ucr = ucr_commitment(self.chance.randbytes(32), "KR-1")
        self.consignment = consignment_id(self.consortium.party("exporter").address, self.ucr)

    def step(self) -> None:
        """Put one statement to both, and compare what they say and what becomes of it."""
        self._now = self.consortium.now()
        self._put(*(self._likely() if self.chance.random() < 0.6 else self._any()))

    def say(self, name: str, milestone: Milestone, **fields: Any) -> None:
        """Put a certain statement to both; it must be accepted."""
        self._now = self.consortium.now()
        head = ZERO32 if self.state is None or milestone in HEADLESS else self.state.head
        signed = self.consortium.sign(name, milestone, self.consignment, previous_head=head, **fields)
        ours = self._judged_in_python(signed)
        assert not isinstance(ours, RuleRefused), ours.diagnostics()
        self._put(signed, ours)

    def refuses(self, name: str, milestone: Milestone, **fields: Any) -> str:
        """Put a certain statement to both; both must refuse it alike. Returns the error."""
        self._now = self.consortium.now()
        head = ZERO32 if self.state is None or milestone in HEADLESS else self.state.head
        signed = self.consortium.sign(name, milestone, self.consignment, previous_head=head, **fields)
        ours = self._judged_in_python(signed)
        assert isinstance(ours, RuleRefused), "it is accepted"
        self._put(signed, ours)
        return ours.error

    def forget_standings(self) -> None:
        """Read standings anew: the register has changed."""
        self._standings.clear()

    def _put(self, signed: SignedStatement, ours: State | RuleRefused) -> None:
        theirs = self._judged_by_contract(signed)
        if isinstance(ours, RuleRefused):
            assert theirs is not None, f"the contract accepts, Python refuses {ours!r}: {signed.statement}"
            assert (theirs.error, theirs.arguments) == (ours.error, ours.arguments), signed.statement
            self.refused.add(ours.error)
            return
        assert theirs is None, f"Python accepts, the contract refuses {theirs!r}: {signed.statement}"
        self.state = ours
        self.accepted.add(signed.statement.milestone)
        if signed.statement.milestone is Milestone.ASSESSED:
            self._openings[signed.statement.side] = self._drawn
        self._compare(ours)

    def _compare(self, ours: State) -> None:
        """The state on chain is ours; its holds are asked for one by one, since listing them reads the whole log."""
        contract = self.consortium.contracts.consignments
        recorded = contract.read("consignment", self.consignment)
        assert contract._state(self.consignment, recorded, ours.holds) == ours
        assert recorded["openHolds"] == len(ours.holds)
        for digest, setter in ours.holds:
            assert contract.read("holdStands", self.consignment, digest, ours.number(setter))

    def _likely(self) -> tuple[SignedStatement, State | RuleRefused]:
        """A statement that the rules in Python accept, if a few draws find one."""
        for _ in range(60):
            signed, judged = self._any()
            if not isinstance(judged, RuleRefused):
                break
        return signed, judged

    def _any(self) -> tuple[SignedStatement, State | RuleRefused]:
        milestone = self.chance.choices(MILESTONES, WEIGHTS)[0]
        if self.state is None and not self._rarely():
            milestone = Milestone.REGISTERED
        signed = self._statement(milestone)
        return signed, self._judged_in_python(signed)

    def _judged_in_python(self, signed: SignedStatement) -> State | RuleRefused:
        statement, domain = signed.statement, self.consortium.contracts.domain
        key = recover(signed, domain)
        signer, counterparty = self._standing(key, statement.counterparty)
        act = Act(statement, statement.digest(domain), key, signer, self._now, counterparty, signed.opening)
        try:
            return apply(self.state, act)
        except RuleRefused as refusal:
            return refusal

    def _judged_by_contract(self, signed: SignedStatement) -> RuleRefused | None:
        try:
            self.consortium.submit(signed)
        except RuleRefused as refusal:
            return refusal
        return None

    def _standing(self, key: str, counterparty: str) -> tuple[Standing, Standing]:
        if (key, counterparty) not in self._standings:
            self._standings[key, counterparty] = self.consortium.members.standings(key, counterparty)
        return self._standings[key, counterparty]

    # Statements

    def _statement(self, milestone: Milestone) -> SignedStatement:
        fields = self._fields(milestone)
        name = fields.pop("name", None) or self._speaker(milestone, fields.get("side", Side.NONE))
        fields.setdefault("role", self._role(milestone, name))
        head = ZERO32 if self.state is None or milestone in HEADLESS else self.state.head
        fields.setdefault("previous_head", head)
        if milestone in (Milestone.ASSESSED, Milestone.RELEASED) and name in MACHINES and self.chance.random() < 0.3:
            fields["key"] = MACHINES[name]
        times = {"event_time": self._now, "signed_time": self._now, "valid_until": self._now + 3600}
        fields |= times
        if self._rarely():
            self._spoil(fields, milestone)
        return self.consortium.sign(name, milestone, self.consignment, **fields)

    def _fields(self, milestone: Milestone) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if RULES[milestone].sided:
            fields["side"] = self.chance.choice(SIDES)
        make = getattr(self, f"_{milestone.name.lower()}", None)
        if make is not None:
            fields |= make(fields.get("side", Side.NONE))
        if self._rarely():
            fields["commitment"] = self.chance.randbytes(32)
        return fields

    def _registered(self, side: Side) -> dict[str, Any]:
        transit = tuple(self.chance.sample(["SG", "DE", "FR", "US", "JP", "CN", "BE", "KR"], self.chance.randint(0, 6)))
        route = Route("KR", "NL", transit) if not self._rarely() else Route(*self.chance.sample(COUNTRIES, 2))
        named = self.chance.choice(("importer", "importer", None, "carrier", "customs_nl"))
        detail = self.chance.randbytes(32) if self._rarely() else self.ucr
        counterparty = self._address(named) if named else ZERO_ADDRESS
        return {"terms": route_terms(route), "counterparty": counterparty, "detail": detail}

    def _importer_named(self, side: Side) -> dict[str, Any]:
        return {"counterparty": self._address(self.chance.choice(("importer", "importer", "terminal", "exporter")))}

    def _transit_added(self, side: Side) -> dict[str, Any]:
        return {"terms": country_terms(self.chance.choice((*COUNTRIES, "BE", "FR")))}

    def _transit_passed(self, side: Side) -> dict[str, Any]:
        country = self.chance.choice(("SG", "SG", "SG", *COUNTRIES))
        return {"terms": country_terms(country)}

    def _appointed(self, side: Side) -> dict[str, Any]:
        fitting = "export_broker" if side is Side.EXPORT else "import_broker"
        return {"counterparty": self._address(self.chance.choice((fitting, fitting, "export_broker", "carrier")))}

    def _appointment_revoked(self, side: Side) -> dict[str, Any]:
        appointed = self.state.side(side).declarant if self.state else ZERO_ADDRESS
        other = self._address(self.chance.choice(("export_broker", "import_broker")))
        return {"counterparty": self.chance.choice((appointed, appointed, other))}

    def _sealed(self, side: Side) -> dict[str, Any]:
        return {"detail": self.chance.choice(SEALS)}

    def _unsealed(self, side: Side) -> dict[str, Any]:
        return {"detail": self._seal(), "terms": unseal_terms(self.chance.choice(list(UnsealReason)))}

    def _handover_offered(self, side: Side) -> dict[str, Any]:
        return {"counterparty": self._address(self.chance.choice((*ACTORS, "importer", "importer", "carrier")))}

    def _handover_accepted(self, side: Side) -> dict[str, Any]:
        return {"detail": self._seal()}

    def _departed(self, side: Side) -> dict[str, Any]:
        here = self.state.location if self.state else "KR"
        origin = self.chance.choice((here, here, here, *COUNTRIES))
        return {"detail": self._seal(), "terms": leg_terms(origin, self.chance.choice(("NL", "NL", *COUNTRIES)))}

    def _arrived(self, side: Side) -> dict[str, Any]:
        headed = self.state.destination if self.state and self.state.destination else "NL"
        return {"detail": self._seal(), "terms": country_terms(self.chance.choice((headed, headed, *COUNTRIES)))}

    def _duties_settled(self, side: Side) -> dict[str, Any]:
        return {"terms": duties_terms(self.chance.choice(list(Duties)))}

    def _assessed(self, side: Side) -> dict[str, Any]:
        channel = self.chance.choice((Channel.GREEN, Channel.GREEN, Channel.YELLOW, Channel.RED))
        commitment, opening = assessment(channel, self.chance.randbytes(8))
        self._drawn = (channel, opening)
        fields: dict[str, Any] = {"detail": commitment}
        if channel is Channel.GREEN or self._rarely():
            fields |= {"terms": channel_terms(Channel.GREEN), "opening": opening}
        return fields

    def _documents_requested(self, side: Side) -> dict[str, Any]:
        return self._perhaps_opened(side, Channel.YELLOW)

    def _stopped(self, side: Side) -> dict[str, Any]:
        return self._perhaps_opened(side, Channel.RED)

    def _inspected(self, side: Side) -> dict[str, Any]:
        result = self.chance.choice((InspectionResult.PASSED, InspectionResult.PASSED, InspectionResult.FAILED))
        fields = self._perhaps_opened(side, Channel.RED)
        return fields | {"terms": inspection_terms(result, Channel(fields.get("terms", ZERO32)[31]))}

    def _released(self, side: Side) -> dict[str, Any]:
        refused = self.state is not None and self.state.side(side).clearance.name == "REFUSED"
        if refused and self.chance.random() < 0.8:
            return {"terms": appeal_terms()}
        channel, opening = self._openings.get(side, (Channel.GREEN, None))
        if self.chance.random() < 0.5:
            return {}
        wrong = self.chance.choice(list(Channel)) if self._rarely() else channel
        return {"terms": release_terms(wrong), "opening": opening}

    def _unheld(self, side: Side) -> dict[str, Any]:
        if self.state is None or not self.state.holds or self._rarely():
            return {"terms": self.chance.randbytes(32)}
        digest, setter = self.chance.choice(sorted(self.state.holds))
        fields: dict[str, Any] = {"terms": digest}
        if not self._rarely():
            fields["name"] = self._name(setter)
        if self._rarely():
            fields |= {"counterparty": setter, "name": self.chance.choice(("customs_nl", "agency", "customs_kr"))}
        return fields

    def _corrected(self, side: Side) -> dict[str, Any]:
        return {"terms": self.chance.choice((ZERO32, self.chance.randbytes(32), self.chance.randbytes(32)))}

    def _removed(self, side: Side) -> dict[str, Any]:
        return {"detail": self._seal()}

    def _perhaps_opened(self, side: Side, channel: Channel) -> dict[str, Any]:
        known, opening = self._openings.get(side, (Channel.CLOSED, None))
        if known is not channel and not self._rarely():
            return {}
        return {"terms": channel_terms(channel), "opening": opening}

    def _seal(self) -> bytes:
        recorded = self.state.seal if self.state else ZERO32
        return self.chance.choice(SEALS) if self._rarely() else recorded

    # Speakers

    def _speaker(self, milestone: Milestone, side: Side) -> str:
        if self._rarely():
            return self.chance.choice((*ACTORS, *AUTHORITIES))
        wanted = [name for word in RULES[milestone].who for name in self._named(word.name, side)]
        return self.chance.choice(wanted or list(ACTORS))

    def _named(self, word: str, side: Side) -> tuple[str, ...]:
        state = self.state
        if state is None:
            return ("exporter",)
        side_authority = {"KR": "customs_kr", "NL": "customs_nl", "SG": "customs_sg"}.get(
            state.country_of(side), "customs_kr"
        )
        party = "exporter" if side is Side.EXPORT else "importer"
        broker = "export_broker" if side is Side.EXPORT else "import_broker"
        return {
            "SIDES_PARTY": (party,),
            "HOLDER": (self._name(state.holder),),
            "EXPORTER_WHO_HOLDS": ("exporter",),
            "IMPORTER_WHO_HOLDS": ("importer",),
            "IMPORTER": ("importer",),
            "OFFERED": (self._name(state.offered_to),) if state.offered_to != ZERO_ADDRESS else ACTORS,
            "DECLARANT": (party, broker),
            "APPOINTED_DECLARANT": ("export_broker", "import_broker"),
            "AUTHORITY": (side_authority,),
            "AUTHORITY_HERE": AUTHORITIES,
            "AUTHORITY_CONCERNED": AUTHORITIES,
            "TRANSIT_AUTHORITY": ("customs_sg",),
            "AGENCY_CONCERNED": ("agency",),
            "ANYONE": ACTORS,
        }.get(word, ("exporter",))

    def _role(self, milestone: Milestone, name: str) -> Role:
        if self._rarely():
            return self.chance.choice(list(Role))
        return self.consortium.party(name).role

    def _spoil(self, fields: dict[str, Any], milestone: Milestone) -> None:
        if milestone not in HEADLESS and self.chance.random() < 0.1:
            fields["previous_head"] = self.chance.randbytes(32)
            return
        now = self._now
        fields |= self.chance.choice(
            (
                {"event_time": now + 301},
                {"event_time": now + 300},
                {"signed_time": now + 302},
                {"valid_until": now - 1},
                {"valid_until": now},
                {"terms": self.chance.randbytes(32)},
                {"terms": ZERO32},
                {"terms": b"\xff" + bytes(31)},
                {"terms": bytes(31) + b"\x09"},
                {"terms": bytes(31) + b"\x02"},
                {"terms": b"KR\0\0DE" + bytes(26)},
                {"detail": ZERO32},
                {"side": self.chance.choice(list(Side))},
                {"counterparty": self._address(self.chance.choice(ACTORS))},
                {"counterparty": "0x" + "11" * 20},
            )
        )

    def _address(self, name: str) -> str:
        return self.consortium.party(name).address

    def _name(self, address: str) -> str:
        return next((name for name, party in self.consortium.parties.items() if party.address == address), "exporter")

    def _rarely(self) -> bool:
        return self.chance.random() < 0.06
