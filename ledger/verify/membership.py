"""The register of members as it was at any moment: who they were, which keys they had, and what these might do.

A moment is a place in the order of the chain's log entries, so that what one block did before and after a statement is
told apart. It is built from the register's log (:mod:`ledger.verify.gather`), or in a test by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.chain.state import UNKNOWN, Problem, Standing, Status
from ledger.identity.milestones import ALL_MILESTONES, Milestone, Scope
from ledger.identity.statements import MAX_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

_AUTOMATIC: Final = frozenset({Milestone.ASSESSED, Milestone.RELEASED})
_BY_STATUS: Final = {
    Status.NONE: Problem.UNKNOWN,
    Status.ACTIVE: Problem.NONE,
    Status.SUSPENDED: Problem.SUSPENDED,
    Status.DISMISSED: Problem.DISMISSED,
}


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When something happened on chain.

    Attributes:
        block: the block's number.
        index: the number of the log entry in its block.
        time: the block's time, in seconds since 1970, UTC.
    """

    block: int
    index: int
    time: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What a member became at a moment: the mask of its roles, and its status."""

    moment: Moment
    roles: int
    status: Status = Status.ACTIVE


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member, and everything that ever happened to its standing.

    Attributes:
        address: the member's address.
        number: its short number.
        country: ISO 3166-1 alpha-2.
        changes: admission first, then every change, in order.
        name: the name in its profile.
    """

    address: str
    number: int
    country: str
    changes: tuple[MemberChange, ...]
    name: str = ""

    def at(self, moment: Moment) -> MemberChange | None:
        """Its roles and activity at that moment; None before its admission."""
        found = None
        for change in self.changes:
            if change.moment > moment:
                break
            found = change
        return found


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key of a member.

    Attributes:
        key: its address.
        member: the member's address.
        added: when it was added.
        valid_from: the first second in which it is valid.
        valid_until: the second from which it is valid no more.
        retired: when it was retired, if it was.
        suspect_since: from when on it is held for stolen (seconds), if its member or an authority said so.
        scopes: what it may do.
        milestones: the mask of the milestones that it may sign.
    """

    key: str
    member: str
    added: Moment
    valid_from: int = 0
    valid_until: int = MAX_TIME
    retired: Moment | None = None
    suspect_since: int | None = None
    scopes: Scope = Scope.MILESTONES
    milestones: int = ALL_MILESTONES

    def problem_at(self, moment: Moment) -> tuple[Problem, int]:
        """What keeps it from speaking at a moment after it was added, with the second that counts for it; else none."""
        if moment.time < self.valid_from:
            return Problem.NOT_YET_VALID, self.valid_from
        if moment.time >= self.valid_until:
            return Problem.EXPIRED, self.valid_until
        if self.retired is not None and self.retired < moment:
            return Problem.EXPIRED, self.retired.time
        return Problem.NONE, 0


@dataclass(frozen=True, slots=True)
class Membership:
    """The register's whole history, by address.

    Attributes:
        members: every member that was ever admitted, by its address.
        keys: every key that was ever added, by its address.
        founders: the addresses of the founding authorities.
    """

    members: Mapping[str, MemberRecord] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, KeyRecord] = field(default_factory=lambda: MappingProxyType({}))
    founders: frozenset[str] = frozenset()

    def standing_of_key(self, key: str, moment: Moment) -> Standing:
        """What the register said about a key and its member at that moment; ``UNKNOWN`` where it knew none."""
        record = self.keys.get(key)
        if record is None or moment < record.added:
            return UNKNOWN
        member, change = self._member_at(record.member, moment)
        if member is None or change is None:
            return UNKNOWN
        problem, limit = record.problem_at(moment)
        return Standing(
            member.number,
            member.address,
            member.country,
            change.roles,
            record.scopes,
            record.milestones,
            _BY_STATUS[change.status] if problem is Problem.NONE else problem,
            limit,
        )

    def standing_of_member(self, address: str, moment: Moment) -> Standing:
        """What the register said about a member at that moment; ``UNKNOWN`` where it knew none."""
        member, change = self._member_at(address, moment)
        if member is None or change is None:
            return UNKNOWN
        problem = _BY_STATUS[change.status]
        return Standing(member.number, member.address, member.country, change.roles, problem=problem)

    def name_of(self, address: str) -> str:
        """The name in a member's profile; its address where there is none."""
        member = self.members.get(address)
        return member.name if member is not None and member.name else address

    def _member_at(self, address: str, moment: Moment) -> tuple[MemberRecord | None, MemberChange | None]:
        member = self.members.get(address)
        return member, None if member is None else member.at(moment)


def in_scope(standing: Standing, milestone: Milestone) -> bool:
    """Whether a key with this standing may sign this milestone."""
    if Scope.MILESTONES in standing.scopes and standing.milestones >> milestone & 1:
        return True
    return Scope.AUTOMATION in standing.scopes and milestone in _AUTOMATIC
