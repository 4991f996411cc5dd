"""The register of members: who is admitted, with which keys, and how the authorities govern.

What changes the register is sent by a key of the member that may do it, so its ``Sender`` holds that key. What it
refuses is a :class:`~ledger.chain.refusals.RuleRefused`.

    consent = sign_consent(address, key_of_the_newcomer)
    newcomer = Newcomer(address, {Role.CARRIER}, encryption_key, checkpoint_key, profile, consent=consent)
    members.admit(sender_of_the_authority, newcomer)
    members.member(address).roles
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from ledger.chain.contract import Contract
from ledger.chain.logs import read_logs
from ledger.chain.state import UNKNOWN, Problem, Standing, Status
from ledger.errors import NotFound
from ledger.identity.milestones import ALL_MILESTONES, Role, Scope
from ledger.identity.statements import MAX_TIME, ZERO32, ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.chain.transactions import Receipt, Sender
    from ledger.identity.signatures import Signature

ADMISSION_GAS: Final = 2_000_000  # a profile of 1,023 bytes costs most


class ProposalKind(IntEnum):
    """What the authorities may decide together."""

    NONE = 0
    ADDITION = 1
    REMOVAL = 2
    THRESHOLD = 3
    KEY_REPLACEMENT = 4


class ProposalStatus(IntEnum):
    """Where a proposal stands."""

    NONE = 0
    OPEN = 1
    EXECUTED = 2
    EXPIRED = 3
    VOID = 4


@dataclass(frozen=True, slots=True)
class Founder:
    """What an authority brings.

    Attributes:
        address: its address, which is also its first key's.
        country: the country it governs (ISO 3166-1 alpha-2).
        encryption_key: its X25519 public key (32 bytes).
        checkpoint_key: its Ed25519 public key (32 bytes).
        profile: name, GLN and the like, as JSON.
        consent: of its address, for itself (:mod:`ledger.identity.consent`).
    """

    address: str
    country: str
    encryption_key: bytes
    checkpoint_key: bytes
    profile: str = ""
    consent: Signature = field(kw_only=True)

    def as_tuple(self) -> tuple[object, ...]:
        """The struct that the contract takes."""
        keys = (self.encryption_key, self.checkpoint_key)
        return (self.address, self.country.encode(), *keys, self.profile, self.consent.r, self.consent.vs)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom an authority admits.

    Attributes:
        address: its address, which is also its first key's.
        roles: the roles it shall hold.
        encryption_key: its X25519 public key (32 bytes).
        checkpoint_key: its Ed25519 public key (32 bytes).
        profile: name, GLN and the like, as JSON.
        consent: of its address, for itself (:mod:`ledger.identity.consent`).
    """

    address: str
    roles: frozenset[Role]
    encryption_key: bytes
    checkpoint_key: bytes
    profile: str = ""
    consent: Signature = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A further key of a member.

    Attributes:
        address: its address, never a member's or a key's before.
        scopes: what it may do.
        milestones: the mask of what it may sign; zero without the scope of milestones.
        valid_from: the second from which it is valid; 0, or a time that has passed, for now.
        valid_until: the second from which it is valid no more.
        reference: a hash that says which officer or machine has it (32 bytes).
        consent: of this key, for the member (:mod:`ledger.identity.consent`).
    """

    address: str
    scopes: Scope = Scope.MILESTONES
    milestones: int = ALL_MILESTONES
    valid_from: int = 0
    valid_until: int = MAX_TIME
    reference: bytes = ZERO32
    consent: Signature = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class KeyReplacement:
    """A govern key of an authority for one that was lost, or for all that it has.

    Attributes:
        added: the address of the new key.
        lost: the address of the lost one; the zero address where every key of the authority shall be retired.
        suspect_since: since which second what is retired may have been in other hands; 0: it was not.
        reference: a hash that says which officer or machine has the new one (32 bytes).
        consent: of the new key, for the authority (:mod:`ledger.identity.consent`).
    """

    added: str
    lost: str = ZERO_ADDRESS
    suspect_since: int = 0
    reference: bytes = ZERO32
    consent: Signature = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member as it stands now: its number, address, country, roles, status and public keys (32 bytes each)."""

    number: int
    address: str
    country: str
    roles: frozenset[Role]
    status: Status
    encryption_key: bytes
    checkpoint_key: bytes

    @property
    def is_authority(self) -> bool:
        """Whether it is a customs administration that governs."""
        return Role.AUTHORITY in self.roles


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as it stands now.

    Attributes:
        address: its address.
        member: the number of the member it speaks for.
        scopes: what it may do.
        is_own_address: whether it is the member's own address.
        milestones: the mask of what it may sign.
        valid_from: the second from which it is valid.
        valid_until: the second from which it is valid no more.
    """

    address: str
    member: int
    scopes: Scope
    is_own_address: bool
    milestones: int
    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal of the authorities as it stands now.

    Attributes:
        number: its number, from 1.
        kind: what it would do.
        status: where it stands.
        proposer: the number of the authority that made it.
        expires_at: the second from which it can no longer be approved.
        approvals: how many approvals count now.
        required: how many it needs.
        content: what exactly, ABI-encoded.
    """

    number: int
    kind: ProposalKind
    status: ProposalStatus
    proposer: int
    expires_at: int
    approvals: int
    required: int
    content: bytes


@dataclass(frozen=True, slots=True)
class AeoStatus:
    """Whether a member's AEO status counts in a country now.

    Attributes:
        valid: whether it is granted, within its validity, to an active member.
        recognised: whether the country recognises the grantor's grants.
        granted_by: the country of the authority that granted it, empty where none did.
        valid_from: the second from which the grant is valid.
        valid_until: the second from which it is valid no more.
    """

    valid: bool
    recognised: bool
    granted_by: str
    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class Members(Contract):
    """The contract that is the register of members.

    Attributes:
        since: the block in which it was deployed.
    """

    since: int

    def member(self, address: str) -> MemberRecord | None:
        """The member that has this address as its own, if one does."""
        return _member(self.read("memberOf", address))

    def member_at(self, number: int) -> MemberRecord | None:
        """The member with this number, if there is one."""
        return _member(self.read("memberAt", number))

    def all(self) -> tuple[MemberRecord, ...]:
        """Every member that was ever admitted, by number."""
        found = (self.member_at(number) for number in range(1, int(self.read("memberCount")) + 1))
        return tuple(member for member in found if member is not None)

    def address_of(self, number: int) -> str:
        """The address of a member by its number; the zero address where there is none."""
        return str(self.read("addressOf", number))

    def key(self, address: str) -> KeyRecord | None:
        """A key by its address, if there is one."""
        found = self.read("keyOf", address)
        if found["member"] == 0:
            return None
        return KeyRecord(
            address,
            found["member"],
            Scope(found["scopes"]),
            found["isOwnAddress"],
            found["milestones"],
            found["validFrom"],
            found["validUntil"],
        )

    def keys_of(self, address: str) -> tuple[str, ...]:
        """The addresses of a member's keys, its own first, in the order in which they were added."""
        added = self._events_about(address, "KeyAdded")
        return (address, *(values["key"] for values in added)) if self.member(address) else ()

    def profile_of(self, address: str) -> str:
        """A member's profile as it was last given, empty where there is no such member."""
        found = self._events_about(address, "MemberAdmitted", "ProfileReplaced")
        return str(found[-1]["profile"]) if found else ""

    def standings(self, key: str, counterparty: str = ZERO_ADDRESS) -> tuple[Standing, Standing]:
        """How a key and a member named by its own address stand now: what a statement would be judged by."""
        signer, named = self.read("standings", key, counterparty)
        return self._standing(signer), self._standing(named) if counterparty != ZERO_ADDRESS else UNKNOWN

    def authorities(self) -> tuple[str, ...]:
        """The addresses of the authorities."""
        return tuple(self.read("authorities"))

    def authority_of(self, country: str) -> int:
        """The number of a country's authority, or 0."""
        return int(self.read("authorityOf", country.encode()))

    def threshold(self) -> int:
        """How many authorities decide together."""
        return int(self.read("threshold"))

    def aeo(self, address: str, country: str) -> AeoStatus:
        """Whether a member's AEO status counts in a country now."""
        found = self.read("aeoStatus", address, country.encode())
        grantor = _country(found["grantedBy"])
        return AeoStatus(found["valid"], found["recognised"], grantor, found["validFrom"], found["validUntil"])

    def proposal(self, number: int) -> Proposal:
        """A proposal by its number.

        Raises:
            NotFound: there is none.
        """
        found = self.read("proposalAt", number)
        if found["kind"] == ProposalKind.NONE:
            raise NotFound(f"there is no proposal {number}", where="proposal", mend="List the proposals.")
        return Proposal(
            number,
            ProposalKind(found["kind"]),
            ProposalStatus(found["status"]),
            found["proposer"],
            found["expiresAt"],
            found["approvals"],
            found["required"],
            found["content"],
        )

    def proposals(self) -> tuple[Proposal, ...]:
        """Every proposal that was ever made."""
        return tuple(self.proposal(number) for number in range(1, int(self.read("proposalCount")) + 1))

    def admit(self, sender: Sender, newcomer: Newcomer) -> int:
        """An authority admits a member of its country; returns the member's number."""
        arguments = (newcomer.address, role_mask(newcomer.roles), newcomer.encryption_key, newcomer.checkpoint_key)
        consent = (newcomer.consent.r, newcomer.consent.vs)
        receipt = self.write(sender, "admit", *arguments, newcomer.profile, *consent, gas=ADMISSION_GAS)
        return int(self.events(receipt, "MemberAdmitted")[0]["member"])

    def suspend(self, sender: Sender, address: str) -> Receipt:
        """An authority suspends an active member of its country."""
        return self.write(sender, "suspend", address)

    def reinstate(self, sender: Sender, address: str) -> Receipt:
        """An authority reinstates a suspended member of its country."""
        return self.write(sender, "reinstate", address)

    def dismiss(self, sender: Sender, address: str) -> Receipt:
        """An authority dismisses a member of its country for good."""
        return self.write(sender, "dismiss", address)

    def set_roles(self, sender: Sender, address: str, roles: Iterable[Role]) -> Receipt:
        """An authority sets the roles of a member of its country."""
        return self.write(sender, "setRoles", address, role_mask(roles))

    def add_key(self, sender: Sender, member: str, key: NewKey) -> Receipt:
        """A member, or its authority, adds a key of the member."""
        what = (key.scopes, key.milestones, key.valid_from, key.valid_until, key.reference)
        return self.write(sender, "addKey", member, key.address, *what, key.consent.r, key.consent.vs)

    def retire_key(self, sender: Sender, key: str, suspect_since: int = 0) -> Receipt:
        """A member, or its authority, retires a key at once; what it signed before stays valid.

        A key that has ended may be retired again, to say since when it is suspect.

        Args:
            sender: a govern key of the member or of its authority.
            key: the key's address.
            suspect_since: since which second it may have been in other hands; 0: it was not.
        """
        return self.write(sender, "retireKey", key, suspect_since)

    def replace_encryption_key(self, sender: Sender, public_key: bytes) -> Receipt:
        """A member replaces its X25519 public key (32 bytes)."""
        return self.write(sender, "replaceEncryptionKey", public_key)

    def replace_checkpoint_key(self, sender: Sender, public_key: bytes) -> Receipt:
        """A member replaces its Ed25519 public key (32 bytes)."""
        return self.write(sender, "replaceCheckpointKey", public_key)

    def replace_profile(self, sender: Sender, profile: str) -> Receipt:
        """A member replaces its profile (at most 1,023 bytes)."""
        return self.write(sender, "replaceProfile", profile)

    def grant_aeo(self, sender: Sender, address: str, valid_from: int, valid_until: int) -> Receipt:
        """An authority grants or renews AEO status to a member of its country (seconds; from 0 or the past: now)."""
        return self.write(sender, "grantAeo", address, valid_from, valid_until)

    def withdraw_aeo(self, sender: Sender, address: str) -> Receipt:
        """An authority withdraws the AEO status of a member of its country."""
        return self.write(sender, "withdrawAeo", address)

    def recognise_aeo(self, sender: Sender, grantor: str) -> Receipt:
        """An authority recognises the AEO grants of another country."""
        return self.write(sender, "recogniseAeo", grantor.encode())

    def withdraw_recognition(self, sender: Sender, grantor: str) -> Receipt:
        """An authority recognises the AEO grants of another country no more."""
        return self.write(sender, "withdrawRecognition", grantor.encode())

    def propose_addition(self, sender: Sender, founder: Founder, threshold: int) -> int:
        """Propose to add an authority; returns the proposal's number."""
        return self._propose(sender, "proposeAddition", founder.as_tuple(), threshold)

    def propose_removal(self, sender: Sender, address: str, threshold: int) -> int:
        """Propose to remove an authority; returns the proposal's number."""
        return self._propose(sender, "proposeRemoval", address, threshold)

    def propose_threshold(self, sender: Sender, threshold: int) -> int:
        """Propose how many authorities decide; returns the proposal's number."""
        return self._propose(sender, "proposeThreshold", threshold)

    def propose_key_replacement(self, sender: Sender, authority: str, replacement: KeyReplacement) -> int:
        """Propose to replace another authority's lost key, or all its keys; returns the proposal's number."""
        retired = (replacement.lost, replacement.suspect_since)
        added = (replacement.added, replacement.reference, replacement.consent.r, replacement.consent.vs)
        return self._propose(sender, "proposeKeyReplacement", authority, *retired, *added)

    def approve(self, sender: Sender, proposal: int) -> Receipt:
        """Approve a proposal; the approval that reaches the threshold carries it out."""
        return self.write(sender, "approve", proposal, gas=ADMISSION_GAS)

    def withdraw_approval(self, sender: Sender, proposal: int) -> Receipt:
        """Take an approval back."""
        return self.write(sender, "withdrawApproval", proposal)

    def _propose(self, sender: Sender, function: str, *arguments: object) -> int:
        receipt = self.write(sender, function, *arguments, gas=ADMISSION_GAS)
        return int(self.events(receipt, "ProposalMade")[0]["proposal"])

    def _events_about(self, address: str, *names: str) -> list[dict[str, Any]]:
        member = self.member(address)
        if member is None:
            return []
        topics = [[self.interface.topic(name) for name in names], member.number.to_bytes(32, "big")]
        blocks = (self.since, self.node.latest_block().number)
        found = (self.event(log) for log in read_logs(self.node, [self.address], topics, blocks))
        return [event[1] for event in found if event is not None]

    def _standing(self, packed: int) -> Standing:
        number = packed & 0xFFFFFFFF
        return Standing(
            number=number,
            address=self.address_of(number) if number else ZERO_ADDRESS,
            country=_country((packed >> 40 & 0xFFFF).to_bytes(2, "big")),
            roles=packed >> 56 & 0xFFFF,
            scopes=Scope(packed >> 72 & 0xFF),
            milestones=packed >> 80 & (2**64 - 1),
            problem=Problem(packed >> 32 & 0xFF),
            limit=packed >> 144 & (2**40 - 1),
        )


def role_mask(roles: Iterable[Role]) -> int:
    """The mask of roles as the contract keeps it."""
    return sum(role.bit for role in set(roles))


def roles_in(mask: int) -> frozenset[Role]:
    """The roles in a mask."""
    return frozenset(role for role in Role if mask & role.bit)


def _member(found: dict[str, Any]) -> MemberRecord | None:
    if found["number"] == 0:
        return None
    return MemberRecord(
        found["number"],
        found["account"],
        _country(found["country"]),
        roles_in(found["roles"]),
        Status(found["status"]),
        found["encryptionKey"],
        found["checkpointKey"],
    )


def _country(code: bytes) -> str:
    return code.decode("ascii").rstrip("\0")
