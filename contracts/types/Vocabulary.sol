// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The words of the ledger and their numbers, the same as in ledger/identity/milestones.py. They never change their meaning.

/// @notice What a statement says happened to a consignment (docs/transitions.md).
enum Milestone {
    None,
    Registered,
    ImporterNamed,
    TransitAdded,
    Appointed,
    AppointmentRevoked,
    Sealed,
    Unsealed,
    HandoverOffered,
    HandoverAccepted,
    HandoverDeclined,
    Departed,
    Arrived,
    Declared,
    DeclarationAccepted,
    DeclarationRejected,
    Amended,
    DocumentsRequested,
    DocumentsReceived,
    DutiesSettled,
    Assessed,
    Stopped,
    Inspected,
    Released,
    Held,
    Unheld,
    Refused,
    Returned,
    Destroyed,
    Seized,
    Abandoned,
    TransitPassed,
    Removed,
    Delivered,
    Cancelled,
    Corrected,
    Observed
}

/// @notice What a member acts as. Authority is held by authorities only and is not assigned.
enum Role {
    None,
    Authority,
    Exporter,
    Carrier,
    Terminal,
    Broker,
    Importer,
    Agency,
    Certifier,
    Auditor
}

/// @notice Which of the two clearances inside one consignment a statement concerns.
enum Side {
    None,
    Export,
    Import
}

/// @notice The outcome of an assessment; closed while its commitment has not been opened.
enum Channel {
    Closed,
    Green,
    Yellow,
    Red
}

/// @notice Where the goods are in their life. From Delivered on it has ended.
enum Phase {
    None,
    AtRest,
    Moving,
    Removed,
    Delivered,
    Cancelled,
    Returned,
    Destroyed,
    Seized,
    Abandoned
}

/// @notice How far one side's clearance has come.
enum Clearance {
    None,
    Declared,
    Accepted,
    Rejected,
    Assessed,
    Released,
    Refused
}

/// @notice The last inspection's result since the assessment.
enum Inspection {
    None,
    Passed,
    Failed
}

/// @notice Where a member stands in the consortium.
enum Status {
    None,
    Active,
    Suspended,
    Dismissed
}

/// @notice Why a key or an address cannot speak or be named now.
enum Problem {
    None,
    Unknown,
    NotYetValid,
    Expired,
    Suspended,
    Dismissed
}

/// @dev What a key may do: bits of its scopes.
uint8 constant SCOPE_GOVERN = 1;
uint8 constant SCOPE_MILESTONES = 2;
uint8 constant SCOPE_CHECKPOINTS = 4;
uint8 constant SCOPE_AUTOMATION = 8;
uint8 constant ALL_SCOPES = 15;

/// @dev The mask of a key that may sign every milestone its member may.
uint64 constant ALL_MILESTONES = (uint64(1) << (uint8(type(Milestone).max) + 1)) - 2;

/// @dev The mask of the roles that an authority may give its members: all but its own.
uint16 constant ASSIGNABLE_ROLES = (uint16(1) << (uint8(type(Role).max) + 1)) - 4;

/// @dev The roles in which a member may hold goods.
uint16 constant CUSTODY_ROLES = uint16(
    (1 << uint8(Role.Exporter)) | (1 << uint8(Role.Carrier)) | (1 << uint8(Role.Terminal)) | (1 << uint8(Role.Importer))
);

/// @notice The bit of a role in a member's role mask.
function bit(Role role) pure returns (uint16) {
    return uint16(1 << uint8(role));
}

/// @notice Whether a country code is two capital letters (ISO 3166-1 alpha-2).
function isCountry(bytes2 code) pure returns (bool) {
    return _isCapital(code[0]) && _isCapital(code[1]);
}

function _isCapital(bytes1 letter) pure returns (bool) {
    return letter >= "A" && letter <= "Z";
}
