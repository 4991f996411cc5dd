"""What the rules read and write: a consignment's state, a member's standing, and the act that is judged.

The words are those of docs/transitions.md ("What a consignment's state is"). Nothing here depends on the contract.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

from ledger.identity.milestones import (
    ALL_MILESTONES,
    Channel,
    Clearance,
    InspectionResult,
    Phase,
    Role,
    Scope,
    Side,
)
from ledger.identity.statements import ZERO32, ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.identity.milestones import Milestone
    from ledger.identity.signing import Opening
    from ledger.identity.statements import Statement

NO_COUNTRY: Final = ""


class Status(IntEnum):
    """Where a member stands in the consortium."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2
    DISMISSED = 3


class Problem(IntEnum):
    """Why a key or an address cannot speak or be named at a moment."""

    NONE = 0
    UNKNOWN = 1
    NOT_YET_VALID = 2
    EXPIRED = 3
    SUSPENDED = 4
    DISMISSED = 5


@dataclass(frozen=True, slots=True)
class SideState:
    """One of the two clearances inside a consignment.

    Attributes:
        clearance: how far it has come.
        declarant: the broker appointed on this side, or the zero address.
        assessment: the commitment to channel and reasons (32 bytes), zeros where none.
        channel: the channel opened, or closed.
        documents_pending: whether documents were requested and not yet received.
        duties_met: whether duties were settled, secured, or are not due.
        stopped: whether a stop for inspection stands.
        inspection: the last inspection's result since the assessment, if any.
    """

    clearance: Clearance = Clearance.NONE
    declarant: str = ZERO_ADDRESS
    assessment: bytes = ZERO32
    channel: Channel = Channel.CLOSED
    documents_pending: bool = False
    duties_met: bool = False
    stopped: bool = False
    inspection: InspectionResult | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the rules know about one consignment.

    Attributes:
        consignment: its id (32 bytes).
        exporter: the exporter's member address.
        export_country: ISO 3166-1 alpha-2.
        import_country: ISO 3166-1 alpha-2.
        importer: the importer's member address, or the zero address until named.
        transit: up to six transit countries, in the order they were named, each with whether it let the goods pass.
        phase: where the goods are in their life.
        location: the country where the goods are; while moving, the one they left.
        destination: while moving, the country headed for, else empty.
        holder: the member that holds the goods.
        offered_to: the member that custody was offered to, or the zero address.
        seal: the blinded commitment to the seal on the goods (32 bytes), zeros where none.
        departed: whether they ever departed.
        export_side: the export clearance.
        import_side: the import clearance.
        holds: the open holds: the digest of each statement *held*, with the address of the member that set it.
        headless: the headless statements accepted, by digest and member, each of which counts once; not compared,
            since no contract lists them.
        numbers: the short numbers of the members that took part, by address; not compared.
        position: the number of statements.
        head: the head (32 bytes).
    """

    consignment: bytes
    exporter: str
    export_country: str
    import_country: str
    holder: str
    importer: str = ZERO_ADDRESS
    transit: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    phase: Phase = Phase.AT_REST
    location: str = NO_COUNTRY
    destination: str = NO_COUNTRY
    offered_to: str = ZERO_ADDRESS
    seal: bytes = ZERO32
    departed: bool = False
    export_side: SideState = SideState()
    import_side: SideState = SideState()
    holds: frozenset[tuple[bytes, str]] = frozenset()
    headless: frozenset[tuple[bytes, str]] = field(default=frozenset(), compare=False)
    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    position: int = 0
    head: bytes = ZERO32

    def side(self, side: Side) -> SideState:
        """The clearance of ``side`` (export or import)."""
        return self.export_side if side is Side.EXPORT else self.import_side

    def with_side(self, side: Side, changed: SideState) -> Self:
        """This state with the clearance of ``side`` replaced."""
        if side is Side.EXPORT:
            return replace(self, export_side=changed)
        return replace(self, import_side=changed)

    def country_of(self, side: Side) -> str:
        """The country whose authority decides on ``side``."""
        return self.export_country if side is Side.EXPORT else self.import_country

    def concerns(self, country: str) -> bool:
        """Whether ``country`` is the export, the import or a transit country."""
        return country in (self.export_country, self.import_country) or country in self.transit

    def number(self, address: str) -> int:
        """The short number of a member that took part; 0 for the zero address."""
        return self.numbers.get(address, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register of members says about a key and its member at one moment.

    Attributes:
        number: the member's short number; 0 where the key or member is unknown.
        address: the member's address.
        country: the member's country (ISO 3166-1 alpha-2).
        roles: the mask of the roles it holds (:attr:`Role.bit`), with that of an authority.
        scopes: what the key may do.
        milestones: the mask of the milestones that the key may sign.
        problem: why it cannot speak or be named at that moment, if it cannot.
        limit: the second from which the key will be, or is no more, valid, where that is the problem.
    """

    number: int
    address: str
    country: str
    roles: int = 0
    scopes: Scope = Scope.MILESTONES
    milestones: int = ALL_MILESTONES
    problem: Problem = Problem.NONE
    limit: int = 0

    @property
    def active(self) -> bool:
        """Whether there is such a member, neither suspended nor dismissed."""
        return self.problem not in (Problem.UNKNOWN, Problem.SUSPENDED, Problem.DISMISSED)

    @property
    def key_valid(self) -> bool:
        """Whether there is such a key, valid at that moment."""
        return self.problem not in (Problem.UNKNOWN, Problem.NOT_YET_VALID, Problem.EXPIRED)

    def may_sign(self, milestone: Milestone) -> bool:
        """Whether the key may sign a milestone as an officer's does, not only as a machine's."""
        return Scope.MILESTONES in self.scopes and bool(self.milestones >> milestone & 1)

    def holds(self, role: Role) -> bool:
        """Whether the member holds ``role``."""
        return bool(self.roles & role.bit)


UNKNOWN: Final = Standing(0, ZERO_ADDRESS, NO_COUNTRY, scopes=Scope(0), milestones=0, problem=Problem.UNKNOWN)
"""The standing of a key or address that the register does not know."""


@dataclass(frozen=True, slots=True)
class Act:
    """One statement put to the rules, with all they may look at.

    Attributes:
        statement: what is stated.
        digest: its EIP-712 digest (32 bytes).
        key: the address of the key that signed.
        signer: the standing of that key.
        block_time: the time of the block that would accept it, in seconds.
        counterparty: the standing of the member it names, :data:`UNKNOWN` where none.
        opening: blind and reasons of an assessment it opens, if any.
        opening_known: whether that could be read. Where it could not, as of a statement that was accepted through
            another contract, a channel that it names counts as opened.
    """

    statement: Statement
    digest: bytes
    key: str
    signer: Standing
    block_time: int
    counterparty: Standing = UNKNOWN
    opening: Opening | None = None
    opening_known: bool = True

    @property
    def is_automatic(self) -> bool:
        """Whether the key signs by the scope of automation, as a machine's does, and not as an officer's."""
        return not self.signer.may_sign(self.milestone)

    @property
    def milestone(self) -> Milestone:
        """The milestone stated."""
        return self.statement.milestone
