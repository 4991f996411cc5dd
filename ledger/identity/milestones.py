"""The words of a statement: milestones, roles, sides, channels, key scopes, and their numbers on chain.

The numbers are those of ``contracts/types/Vocabulary.sol`` (a test compares them) and never change their meaning; the
rules for each milestone stand in ``docs/transitions.md``.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag


class _Named(IntEnum):
    @property
    def label(self) -> str:
        """The word for people and files: ``handover offered``."""
        return self.name.lower().replace("_", " ")


class Milestone(_Named):
    """What a statement says happened to a consignment."""

    REGISTERED = 1
    IMPORTER_NAMED = 2
    TRANSIT_ADDED = 3
    APPOINTED = 4
    APPOINTMENT_REVOKED = 5
    SEALED = 6
    UNSEALED = 7
    HANDOVER_OFFERED = 8
    HANDOVER_ACCEPTED = 9
    HANDOVER_DECLINED = 10
    DEPARTED = 11
    ARRIVED = 12
    DECLARED = 13
    DECLARATION_ACCEPTED = 14
    DECLARATION_REJECTED = 15
    AMENDED = 16
    DOCUMENTS_REQUESTED = 17
    DOCUMENTS_RECEIVED = 18
    DUTIES_SETTLED = 19
    ASSESSED = 20
    STOPPED = 21
    INSPECTED = 22
    RELEASED = 23
    HELD = 24
    UNHELD = 25
    REFUSED = 26
    RETURNED = 27
    DESTROYED = 28
    SEIZED = 29
    ABANDONED = 30
    TRANSIT_PASSED = 31
    REMOVED = 32
    DELIVERED = 33
    CANCELLED = 34
    CORRECTED = 35
    OBSERVED = 36


INTERVENTIONS = frozenset({Milestone.STOPPED, Milestone.HELD, Milestone.REFUSED})
"""Accepted on whatever the current head is, so that nobody keeps them out by moving it first."""

HEADLESS = INTERVENTIONS | {Milestone.OBSERVED}
"""Statements that name no previous head; each is accepted once, guarded by its digest."""


class Role(_Named):
    """What a member acts as. ``AUTHORITY`` is held by authorities only and is not assigned."""

    AUTHORITY = 1
    EXPORTER = 2
    CARRIER = 3
    TERMINAL = 4
    BROKER = 5
    IMPORTER = 6
    AGENCY = 7
    CERTIFIER = 8
    AUDITOR = 9

    @property
    def bit(self) -> int:
        """This role in a member's role mask."""
        return 1 << self.value


class Side(_Named):
    """Which of the two clearances inside one consignment a statement concerns."""

    NONE = 0
    EXPORT = 1
    IMPORT = 2


class Channel(_Named):
    """The outcome of an assessment; ``CLOSED`` while its commitment has not been opened."""

    CLOSED = 0
    GREEN = 1
    YELLOW = 2
    RED = 3


class Phase(_Named):
    """Where the goods are in their life."""

    NONE = 0
    AT_REST = 1
    MOVING = 2
    REMOVED = 3
    DELIVERED = 4
    CANCELLED = 5
    RETURNED = 6
    DESTROYED = 7
    SEIZED = 8
    ABANDONED = 9

    @property
    def final(self) -> bool:
        """Whether nothing can follow but a correction or an observation."""
        return self >= Phase.DELIVERED


class Clearance(_Named):
    """How far one side's clearance has come."""

    NONE = 0
    DECLARED = 1
    ACCEPTED = 2
    REJECTED = 3
    ASSESSED = 4
    RELEASED = 5
    REFUSED = 6


class UnsealReason(_Named):
    """Why a seal is no longer on (first byte of the terms of ``unsealed``)."""

    OPENED = 1
    FOUND_BROKEN = 2
    REPLACED = 3


class Duties(_Named):
    """How duties were met (first byte of the terms of ``duties settled``)."""

    SETTLED = 1
    SECURED = 2
    NONE_DUE = 3


class InspectionResult(_Named):
    """First byte of the terms of ``inspected``."""

    PASSED = 1
    FAILED = 2


class Scope(IntFlag):
    """What a key may do. ``AUTOMATION`` may only assess as green and release green."""

    GOVERN = 1
    MILESTONES = 2
    CHECKPOINTS = 4
    AUTOMATION = 8


ALL_MILESTONES = sum(1 << milestone for milestone in Milestone)
"""The mask of a key that may sign every milestone its member may."""
