"""A consortium for tests: three authorities and a member of each trade, with all their keys, on an embedded chain.

Keys, addresses, times and blocks are the same in every run. What a party says is signed and submitted in one line::

    goods = consortium.register(transit=("SG",))
    consortium.say("exporter", Milestone.SEALED, goods, detail=seal)
    assert consortium.state(goods).seal == seal
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.clock import SettableClock
from ledger.chain.deployment import Contracts, Founding, deploy
from ledger.chain.embedded import embedded
from ledger.chain.members import Founder, Newcomer
from ledger.chain.transactions import Sender
from ledger.epcis.commitment import assessment_commitment, blinded_commitment, ucr_commitment
from ledger.identity.checkpoints import CheckpointStatement, sign_checkpoint
from ledger.identity.consent import sign_consent
from ledger.identity.keys import Keyring, SigningKey
from ledger.identity.milestones import HEADLESS, Channel, Milestone, Role, Side
from ledger.identity.signing import Opening, sign
from ledger.identity.statements import ZERO_ADDRESS, Statement, consignment_id
from ledger.identity.terms import Route, channel_terms, route_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.chain.clock import Clock
    from ledger.chain.embedded import EmbeddedChain
    from ledger.chain.members import Members
    from ledger.chain.nodes import Node
    from ledger.chain.state import State
    from ledger.chain.transactions import Receipt
    from ledger.identity.checkpoints import SignedCheckpoint
    from ledger.identity.signatures import Signature
    from ledger.identity.signing import SignedStatement

AUTHORITIES: Final = {"KR": "customs_kr", "SG": "customs_sg", "NL": "customs_nl"}
TRADERS: Final = {
    "exporter": ("KR", Role.EXPORTER),
    "export_broker": ("KR", Role.BROKER),
    "carrier": ("SG", Role.CARRIER),
    "terminal": ("NL", Role.TERMINAL),
    "import_broker": ("NL", Role.BROKER),
    "importer": ("NL", Role.IMPORTER),
    "agency": ("NL", Role.AGENCY),
    "auditor": ("NL", Role.AUDITOR),
}
STATEMENT_LIFE_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Party:
    """One member with all its keys.

    Attributes:
        name: what tests call it.
        country: its country.
        role: the role it acts in.
        keyring: its keys.
    """

    name: str
    country: str
    role: Role
    keyring: Keyring

    @property
    def address(self) -> str:
        """Its address, which is also its first key's."""
        return self.keyring.address

    @property
    def consent(self) -> Signature:
        """The consent of its address to be a member."""
        return sign_consent(self.address, self.keyring.signing)


@dataclass(frozen=True, slots=True)
class Consortium:
    """A deployed consortium with its members.

    Attributes:
        node: a node of the chain it is on.
        clock: tells the time, in seconds.
        contracts: the deployed contracts.
        parties: the members by name: ``customs_kr``, ``customs_sg``, ``customs_nl``, ``exporter``, ``export_broker``,
            ``carrier``, ``terminal``, ``import_broker``, ``importer``, ``agency`` and ``auditor``.
    """

    node: Node
    clock: Clock
    contracts: Contracts
    parties: dict[str, Party]
    _senders: dict[str, Sender] = field(default_factory=dict, repr=False)

    @property
    def members(self) -> Members:
        """The register of members."""
        return self.contracts.members

    def party(self, name: str) -> Party:
        """A member by its name."""
        return self.parties[name]

    def sender(self, name: str) -> Sender:
        """What a party sends transactions with."""
        if name not in self._senders:
            self._senders[name] = Sender(self.node, self.party(name).keyring.signing)
        return self._senders[name]

    def admit(self, name: str, country: str, role: Role) -> Party:
        """Admit another member to one role, by the authority of its country, and know it by the name from now on."""
        party = _party(name, country, role)
        newcomer = Newcomer(
            party.address, frozenset({role}), *_public_keys(party), _profile(party), consent=party.consent
        )
        self.members.admit(self.sender(AUTHORITIES[country]), newcomer)
        self.parties[name] = party
        return party

    def number(self, name: str) -> int:
        """A party's number on chain."""
        found = self.members.member(self.party(name).address)
        if found is None:
            raise LookupError(f"{name} is no member")
        return found.number

    def state(self, consignment: bytes) -> State:
        """A consignment's state; it must be registered."""
        found = self.contracts.consignments.state(consignment)
        if found is None:
            raise LookupError(f"no consignment 0x{consignment.hex()} is registered")
        return found

    def head(self, consignment: bytes) -> bytes:
        """A consignment's head (32 bytes), zeros where it is not registered."""
        return self.contracts.consignments.head(consignment)

    def sign(
        self,
        name: str,
        milestone: Milestone,
        consignment: bytes,
        *,
        key: SigningKey | None = None,
        **fields: Any,  # noqa: ANN401  # a statement's own
    ) -> SignedStatement:
        """What a party says, signed and not yet submitted.

        Args:
            name: the party.
            milestone: what it states.
            consignment: about which consignment (32 bytes).
            key: the key that signs, if not the party's first.
            fields: any further field of :class:`~ledger.identity.statements.Statement`, and ``opening``. By default the
                times are now, the role is the party's, and the previous head is the current one.
        """
        party = self.party(name)
        now = fields["signed_time"] if "signed_time" in fields else self.now()
        opening = fields.pop("opening", None)
        defaults: dict[str, Any] = {
            "event_time": now,
            "signed_time": now,
            "valid_until": now + STATEMENT_LIFE_SECONDS,
            "role": party.role,
        }
        if milestone not in HEADLESS and "previous_head" not in fields:
            defaults["previous_head"] = self.head(consignment)
        statement = Statement(consignment=consignment, milestone=milestone, **(defaults | fields))
        return sign(statement, self.contracts.domain, key or party.keyring.signing, opening)

    def say(self, name: str, milestone: Milestone, consignment: bytes, **fields: Any) -> Receipt:  # noqa: ANN401  # a statement's own
        """Sign as :meth:`sign` does, and submit.

        Raises:
            RuleRefused: the rules do not allow it.
        """
        return self.submit(self.sign(name, milestone, consignment, **fields))

    def submit(self, signed: SignedStatement, relayer: str = "auditor") -> Receipt:
        """Submit what was signed, carried by any party."""
        return self.contracts.consignments.submit(self.sender(relayer), signed)

    def checkpoint(
        self,
        name: str,
        size: int,
        root: bytes,
        proof: tuple[bytes, ...] = (),
        *,
        key: SigningKey | None = None,
        **fields: int,
    ) -> SignedCheckpoint:
        """A checkpoint of a party's event log, signed and not yet submitted.

        Args:
            name: the party.
            size: how many events its log has.
            root: the root of the tree over them (32 bytes).
            proof: the consistency proof from the size on record; none for the first checkpoint.
            key: the key that signs, if not the party's first.
            fields: any further field of :class:`~ledger.identity.checkpoints.CheckpointStatement`. By default the times
                are now, and the previous size is the one on record.
        """
        party, now = self.party(name), self.now()
        member = self.number(name)
        defaults = {
            "member": member,
            "previous_size": self.contracts.event_logs.checkpoint(member).size,
            "signed_time": now,
            "valid_until": now + STATEMENT_LIFE_SECONDS,
        }
        statement = CheckpointStatement(size=size, root=root, **(defaults | fields))
        return sign_checkpoint(statement, self.contracts.event_logs.domain, key or party.keyring.signing, proof)

    def register(
        self, ucr: str = "KR1234567890-0001", *, transit: Iterable[str] = (), importer: str | None = "importer"
    ) -> bytes:
        """Register a consignment of the exporter, from KR to NL; returns its id (32 bytes)."""
        commitment = ucr_commitment(salt_of(ucr), ucr)
        consignment = consignment_id(self.party("exporter").address, commitment)
        self.say(
            "exporter",
            Milestone.REGISTERED,
            consignment,
            terms=route_terms(Route("KR", "NL", tuple(transit))),
            counterparty=ZERO_ADDRESS if importer is None else self.party(importer).address,
            detail=commitment,
        )
        return consignment

    def hand_over(self, giver: str, taker: str, consignment: bytes) -> None:
        """The giver offers custody, and the taker accepts it under the seal recorded."""
        self.say(giver, Milestone.HANDOVER_OFFERED, consignment, counterparty=self.party(taker).address)
        self.say(taker, Milestone.HANDOVER_ACCEPTED, consignment, detail=self.state(consignment).seal)

    def assess(self, name: str, consignment: bytes, side: Side, channel: Channel) -> Opening:
        """An authority assesses a side; green is opened at once. Returns what opens the assessment later."""
        commitment, opening = assessment(channel, consignment)
        green = channel is Channel.GREEN
        self.say(
            name,
            Milestone.ASSESSED,
            consignment,
            side=side,
            detail=commitment,
            terms=channel_terms(channel if green else Channel.CLOSED),
            opening=opening if green else None,
        )
        return opening

    def clear(self, name: str, declarant: str, consignment: bytes, side: Side) -> None:
        """The whole green way of one side: declared, accepted, duties settled, assessed, released."""
        self.say(declarant, Milestone.DECLARED, consignment, side=side)
        self.say(name, Milestone.DECLARATION_ACCEPTED, consignment, side=side)
        self.say(name, Milestone.DUTIES_SETTLED, consignment, side=side, terms=b"\1" + bytes(31))
        self.assess(name, consignment, side, Channel.GREEN)
        self.say(name, Milestone.RELEASED, consignment, side=side)

    def now(self) -> int:
        """The time of the next block."""
        return max(self.clock(), self.node.latest_block().time + 1)


@dataclass(frozen=True, slots=True)
class EmbeddedConsortium:
    """A consortium on an embedded chain of its own.

    Attributes:
        consortium: it.
        chain: the chain, which can be put back to how it was.
        clock: the chain's clock, which stands still until it is advanced.
    """

    consortium: Consortium
    chain: EmbeddedChain
    clock: SettableClock


def build(node: Node, clock: Clock) -> Consortium:
    """Deploy a consortium on a chain that charges nothing, and admit everyone."""
    parties = {name: _party(name, country, Role.AUTHORITY) for country, name in AUTHORITIES.items()}
    founders = tuple(
        Founder(party.address, party.country, *_public_keys(party), _profile(party), consent=party.consent)
        for party in (parties[name] for name in AUTHORITIES.values())
    )
    deployer = Sender(node, parties["customs_kr"].keyring.signing)
    consortium = Consortium(node, clock, deploy(deployer, Founding(founders, threshold=2)), parties)
    for name, (country, role) in TRADERS.items():
        consortium.admit(name, country, role)
    return consortium


def start() -> EmbeddedConsortium:
    """Start an embedded chain with a consortium on it."""
    clock = SettableClock()
    chain = embedded(clock)
    return EmbeddedConsortium(build(chain.node, clock), chain, clock)


def assessment(channel: Channel, seed: bytes = b"") -> tuple[bytes, Opening]:
    """A commitment to a channel (32 bytes), and what opens it; the same for the same seed."""
    opening = Opening(_digest(b"blind", seed), _digest(b"reasons", seed))
    commitment = assessment_commitment(int(channel), opening.reasons_digest)
    return blinded_commitment(commitment, opening.blind), opening


def salt_of(ucr: str) -> bytes:
    """The salt under which :meth:`Consortium.register` commits to a UCR (32 bytes)."""
    return _digest(b"salt", ucr.encode())


def deterministic_random(seed: str) -> Callable[[int], bytes]:
    """Random bytes that are the same in every run: for keys of tests, and for nothing else."""
    drawn = 0

    def random(length: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed}:{drawn}".encode()).digest(length)

    return random


def _party(name: str, country: str, role: Role) -> Party:
    return Party(name, country, role, Keyring.generate(deterministic_random(f"smartborder test {name}")))


def _public_keys(party: Party) -> tuple[bytes, bytes]:
    return party.keyring.encryption.public_bytes, party.keyring.checkpoint.public_bytes


def _profile(party: Party) -> str:
    return f'{{"name":"{party.name.replace("_", " ").title()}"}}'


def _digest(tag: bytes, seed: bytes) -> bytes:
    return hashlib.sha256(tag + seed).digest()
