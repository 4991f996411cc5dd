"""The members of the exhaustive comparison: of every role, concerned and not concerned, and with keys of every kind.

To the consortium for tests it adds a country that is concerned only where it is named as a transit country (DE),
doubles of each trade, a member of many roles, members that are suspended or dismissed once the histories stand, and
keys of machines, of single milestones, retired and not yet valid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from clients.testing.consortium import AUTHORITIES, Party, deterministic_random
from ledger.chain.members import Founder, Newcomer, NewKey
from ledger.chain.state import UNKNOWN
from ledger.identity.consent import sign_consent
from ledger.identity.keys import Keyring, SigningKey
from ledger.identity.milestones import ALL_MILESTONES, Milestone, Role, Scope
from ledger.identity.statements import ZERO_ADDRESS

if TYPE_CHECKING:
    from clients.testing.consortium import Consortium
    from ledger.chain.state import Standing

ALL: Final = frozenset({Role.EXPORTER, Role.CARRIER, Role.BROKER, Role.IMPORTER, Role.AGENCY, Role.CERTIFIER})
OTHERS: Final = {
    "other_exporter": ("KR", frozenset({Role.EXPORTER})),
    "foreign_exporter": ("SG", frozenset({Role.EXPORTER})),
    "other_importer": ("NL", frozenset({Role.IMPORTER})),
    "foreign_importer": ("SG", frozenset({Role.IMPORTER})),
    "korean_agency": ("KR", frozenset({Role.AGENCY})),
    "german_agency": ("DE", frozenset({Role.AGENCY})),
    "all_trades": ("NL", ALL),
    "late_carrier": ("SG", frozenset({Role.CARRIER})),
    "late_agency": ("NL", frozenset({Role.AGENCY})),
}
"""Beside the consortium's: name, country, roles. The *late* ones are silenced once the histories stand."""

KEYS: Final = {
    "machine_kr": ("customs_kr", Scope.AUTOMATION, 0),
    "machine_nl": ("customs_nl", Scope.AUTOMATION, 0),
    "half_machine": ("customs_nl", Scope.AUTOMATION | Scope.MILESTONES, 1 << Milestone.RELEASED),
    "inspector": ("customs_nl", Scope.MILESTONES, 1 << Milestone.INSPECTED | 1 << Milestone.HELD),
    "governor": ("customs_nl", Scope.GOVERN, 0),
    "retired": ("customs_nl", Scope.MILESTONES, ALL_MILESTONES),
    "early": ("customs_nl", Scope.MILESTONES, ALL_MILESTONES),
}
"""Further keys: whose, with which scopes and milestones."""

STRANGER: Final = "stranger"
EARLY_SECONDS: Final = 86_400
ANSWERED_AFTER_SECONDS: Final = 3_600
"""Statements are judged later than they are signed, and the early key is not valid yet."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a member, in a role, by its first key or by a further one.

    Attributes:
        name: the member's.
        role: what it acts as.
        key: the name of a further key in :data:`KEYS`; empty for the member's first.
    """

    name: str
    role: Role
    key: str = ""


@dataclass(slots=True)
class Cast:
    """Everyone, with what the register says of them.

    Attributes:
        consortium: the contracts, and the members that it has of itself.
        keys: the further keys by name.
        signers: the standing of each key, by its address.
        named: the standing of each member that may be named, by its address.
        time: the second in which everything is said.
        now: the time of the block that judges it.
    """

    consortium: Consortium
    time: int
    now: int
    keys: dict[str, SigningKey] = field(default_factory=dict)
    signers: dict[str, Standing] = field(default_factory=dict)
    named: dict[str, Standing] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """A member's address; the zero address of nobody, and some address of a stranger."""
        if not name:
            return ZERO_ADDRESS
        return self.keys[name].address if name in self.keys else self.consortium.party(name).address

    def name(self, address: str) -> str:
        """A member's name by its address, empty where it is nobody's."""
        return self._names.get(address, "")

    def key(self, voice: Voice) -> SigningKey:
        """The key by which a voice signs."""
        if voice.key or voice.name == STRANGER:
            return self.keys[voice.key or STRANGER]
        return self.consortium.party(voice.name).keyring.signing

    def voices(self) -> tuple[Voice, ...]:
        """Everyone in every role it has, by every key, and some in roles that they do not have."""
        parties = self.consortium.parties
        own = [Voice(name, party.role) for name, party in parties.items() if name not in OTHERS]
        own += [Voice(name, role) for name, (_, roles) in OTHERS.items() for role in sorted(roles)]
        further = [Voice(name, Role.AUTHORITY, key) for key, (name, _, _) in KEYS.items()]
        pretended = [
            Voice("importer", Role.EXPORTER),
            Voice("carrier", Role.AUTHORITY),
            Voice("customs_nl", Role.AGENCY),
        ]
        return (*own, *further, *pretended, Voice(STRANGER, Role.EXPORTER))

    def read_standings(self) -> None:
        """Ask the register for everybody's standing, as it is now."""
        addresses = [party.address for party in self.consortium.parties.values()]
        members = self.consortium.members
        for address in (*addresses, *(key.address for key in self.keys.values())):
            self.signers[address] = members.standings(address)[0]
            self.named[address] = members.standings(address, address)[1]
        self.named[ZERO_ADDRESS] = UNKNOWN
        self._names = {party.address: name for name, party in self.consortium.parties.items()}

    def silence(self) -> None:
        """Suspend one member and dismiss another: what they said stands, and they say no more."""
        members, sender = self.consortium.members, self.consortium.sender
        members.suspend(sender("customs_sg"), self.address("late_carrier"))
        members.dismiss(sender("customs_nl"), self.address("late_agency"))
        self.read_standings()


def assemble(consortium: Consortium) -> Cast:
    """Admit everyone to a consortium, and add their keys."""
    cast = Cast(
        consortium,
        consortium.now(),
        consortium.now() + ANSWERED_AFTER_SECONDS,
        {name: SigningKey(deterministic_random(f"key {name}")(32)) for name in (*KEYS, STRANGER)},
    )
    _seat_germany(consortium)
    for name, (country, roles) in OTHERS.items():
        party = _party(name, country, min(roles))
        consortium.parties[name] = party
        newcomer = Newcomer(party.address, roles, *_public_keys(party), consent=party.consent)
        authority = AUTHORITIES.get(country, "customs_de")
        consortium.members.admit(consortium.sender(authority), newcomer)
    for name, (owner, scopes, milestones) in KEYS.items():
        _add_key(cast, name, owner, scopes, milestones)
    consortium.members.retire_key(consortium.sender("customs_nl"), cast.keys["retired"].address)
    cast.read_standings()
    return cast


def _seat_germany(consortium: Consortium) -> None:
    party = _party("customs_de", "DE", Role.AUTHORITY)
    consortium.parties["customs_de"] = party
    founder = Founder(party.address, "DE", *_public_keys(party), consent=party.consent)
    proposal = consortium.members.propose_addition(consortium.sender("customs_kr"), founder, threshold=2)
    consortium.members.approve(consortium.sender("customs_sg"), proposal)


def _add_key(cast: Cast, name: str, owner: str, scopes: Scope, milestones: int) -> None:
    consortium, key = cast.consortium, cast.keys[name]
    member = consortium.party(owner).address
    since = consortium.now() + EARLY_SECONDS if name == "early" else 0
    consent = sign_consent(member, key)
    new = NewKey(key.address, scopes, milestones=milestones, valid_from=since, consent=consent)
    consortium.members.add_key(consortium.sender(owner), member, new)


def _party(name: str, country: str, role: Role) -> Party:
    return Party(name, country, role, Keyring.generate(deterministic_random(f"smartborder test {name}")))


def _public_keys(party: Party) -> tuple[bytes, bytes]:
    return party.keyring.encryption.public_bytes, party.keyring.checkpoint.public_bytes
