// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The words of the ledger and their numbers, the same as in ledger/identity/milestones.py. They never change their meaning.

/// @notice What a statement says happened to a consignment (docs/transitions.md).
library Milestone {
    uint8 internal constant NONE = 0;
    uint8 internal constant REGISTERED = 1;
    uint8 internal constant IMPORTER_NAMED = 2;
    uint8 internal constant TRANSIT_ADDED = 3;
    uint8 internal constant APPOINTED = 4;
    uint8 internal constant APPOINTMENT_REVOKED = 5;
    uint8 internal constant SEALED = 6;
    uint8 internal constant UNSEALED = 7;
    uint8 internal constant HANDOVER_OFFERED = 8;
    uint8 internal constant HANDOVER_ACCEPTED = 9;
    uint8 internal constant HANDOVER_DECLINED = 10;
    uint8 internal constant DEPARTED = 11;
    uint8 internal constant ARRIVED = 12;
    uint8 internal constant DECLARED = 13;
    uint8 internal constant DECLARATION_ACCEPTED = 14;
    uint8 internal constant DECLARATION_REJECTED = 15;
    uint8 internal constant AMENDED = 16;
    uint8 internal constant DOCUMENTS_REQUESTED = 17;
    uint8 internal constant DOCUMENTS_RECEIVED = 18;
    uint8 internal constant DUTIES_SETTLED = 19;
    uint8 internal constant ASSESSED = 20;
    uint8 internal constant STOPPED = 21;
    uint8 internal constant INSPECTED = 22;
    uint8 internal constant RELEASED = 23;
    uint8 internal constant HELD = 24;
    uint8 internal constant UNHELD = 25;
    uint8 internal constant REFUSED = 26;
    uint8 internal constant RETURNED = 27;
    uint8 internal constant DESTROYED = 28;
    uint8 internal constant SEIZED = 29;
    uint8 internal constant ABANDONED = 30;
    uint8 internal constant TRANSIT_PASSED = 31;
    uint8 internal constant REMOVED = 32;
    uint8 internal constant DELIVERED = 33;
    uint8 internal constant CANCELLED = 34;
    uint8 internal constant CORRECTED = 35;
    uint8 internal constant OBSERVED = 36;
    uint8 internal constant LAST = 36;
}

/// @notice What a member acts as. Authority is held by authorities only and is not assigned.
library Role {
    uint8 internal constant NONE = 0;
    uint8 internal constant AUTHORITY = 1;
    uint8 internal constant EXPORTER = 2;
    uint8 internal constant CARRIER = 3;
    uint8 internal constant TERMINAL = 4;
    uint8 internal constant BROKER = 5;
    uint8 internal constant IMPORTER = 6;
    uint8 internal constant AGENCY = 7;
    uint8 internal constant CERTIFIER = 8;
    uint8 internal constant AUDITOR = 9;
    uint8 internal constant LAST = 9;
}

/// @notice Which of the two clearances inside one consignment a statement concerns.
library Side {
    uint8 internal constant NONE = 0;
    uint8 internal constant EXPORT = 1;
    uint8 internal constant IMPORT = 2;
    uint8 internal constant LAST = 2;
}

/// @notice The outcome of an assessment; closed while its commitment has not been opened.
library Channel {
    uint8 internal constant CLOSED = 0;
    uint8 internal constant GREEN = 1;
    uint8 internal constant YELLOW = 2;
    uint8 internal constant RED = 3;
    uint8 internal constant LAST = 3;
}

/// @notice Where the goods are in their life. From Delivered on it has ended.
library Phase {
    uint8 internal constant NONE = 0;
    uint8 internal constant AT_REST = 1;
    uint8 internal constant MOVING = 2;
    uint8 internal constant REMOVED = 3;
    uint8 internal constant DELIVERED = 4;
    uint8 internal constant CANCELLED = 5;
    uint8 internal constant RETURNED = 6;
    uint8 internal constant DESTROYED = 7;
    uint8 internal constant SEIZED = 8;
    uint8 internal constant ABANDONED = 9;
    uint8 internal constant LAST = 9;
}

/// @notice How far one side's clearance has come.
library Clearance {
    uint8 internal constant NONE = 0;
    uint8 internal constant DECLARED = 1;
    uint8 internal constant ACCEPTED = 2;
    uint8 internal constant REJECTED = 3;
    uint8 internal constant ASSESSED = 4;
    uint8 internal constant RELEASED = 5;
    uint8 internal constant REFUSED = 6;
    uint8 internal constant LAST = 6;
}

/// @notice The last inspection's result since the assessment.
library Inspection {
    uint8 internal constant NONE = 0;
    uint8 internal constant PASSED = 1;
    uint8 internal constant FAILED = 2;
    uint8 internal constant LAST = 2;
}

/// @notice Where a member stands in the consortium.
library Status {
    uint8 internal constant NONE = 0;
    uint8 internal constant ACTIVE = 1;
    uint8 internal constant SUSPENDED = 2;
    uint8 internal constant DISMISSED = 3;
    uint8 internal constant LAST = 3;
}

/// @notice Why a key or an address cannot speak or be named now.
library Problem {
    uint8 internal constant NONE = 0;
    uint8 internal constant UNKNOWN = 1;
    uint8 internal constant NOT_YET_VALID = 2;
    uint8 internal constant EXPIRED = 3;
    uint8 internal constant SUSPENDED = 4;
    uint8 internal constant DISMISSED = 5;
    uint8 internal constant LAST = 5;
}

/// @dev What a key may do: bits of its scopes.
uint8 constant SCOPE_GOVERN = 1;
uint8 constant SCOPE_MILESTONES = 2;
uint8 constant SCOPE_CHECKPOINTS = 4;
uint8 constant SCOPE_AUTOMATION = 8;
uint8 constant ALL_SCOPES = 15;

/// @dev The mask of a key that may sign every milestone its member may.
uint64 constant ALL_MILESTONES = (uint64(1) << (Milestone.LAST + 1)) - 2;

/// @dev The mask of the roles that an authority may give its members: all but its own.
uint16 constant ASSIGNABLE_ROLES = (uint16(1) << (Role.LAST + 1)) - 4;

/// @dev The roles in which a member may hold goods.
uint16 constant CUSTODY_ROLES =
    uint16((1 << Role.EXPORTER) | (1 << Role.CARRIER) | (1 << Role.TERMINAL) | (1 << Role.IMPORTER));

/// @notice The bit of a role in a member's role mask.
function bit(uint8 role) pure returns (uint16) {
    return uint16(1 << role);
}

/// @notice Whether a country code is two capital letters (ISO 3166-1 alpha-2).
function isCountry(bytes2 code) pure returns (bool) {
    return _isCapital(code[0]) && _isCapital(code[1]);
}

/// @dev Whether a byte is a capital letter of ASCII.
function _isCapital(bytes1 letter) pure returns (bool) {
    return letter >= "A" && letter <= "Z";
}
