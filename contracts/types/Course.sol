// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channel, Clearance, Inspection, Phase, Side} from "./Vocabulary.sol";

/// @notice What of a consignment's state changes along its way, in one slot.
///
/// | bits      | content                                                           |
/// |-----------|-------------------------------------------------------------------|
/// | 0..31     | holder: a member's number                                         |
/// | 32..63    | offered to: a member's number, or 0                               |
/// | 64..95    | position: the number of statements                                |
/// | 96..127   | the number of open holds                                          |
/// | 128..143  | location: the country where the goods are, or left while moving   |
/// | 144..159  | destination: while moving, the country headed for, else 0         |
/// | 160..175  | export country                                                    |
/// | 176..191  | import country                                                    |
/// | 192..199  | phase                                                             |
/// | 200..207  | 1 where the goods ever departed                                   |
/// | 208..215  | transit countries that let the goods pass, a bit each by index    |
/// | 216..231  | export clearance                                                  |
/// | 232..247  | import clearance                                                  |
///
/// A clearance: state 0..3 | channel opened 4..5 | inspection 6..7 | documents pending 8 | duties met 9 | stopped 10.
type Course is uint256;

using {
    holder,
    offeredTo,
    position,
    openHolds,
    location,
    destination,
    exportCountry,
    importCountry,
    phase,
    departed,
    hasPassed,
    countryOf,
    clearance,
    channel,
    inspection,
    documentsPending,
    dutiesMet,
    stopped,
    withHolder,
    withOfferedTo,
    withNextPosition,
    withOpenHolds,
    withLocation,
    withDestination,
    withPhase,
    withDeparted,
    withPassed,
    withClearance,
    withChannel,
    withInspection,
    withDocumentsPending,
    withDutiesMet,
    withStopped,
    withDeclaration
} for Course global;

uint256 constant HOLDER_AT = 0;
uint256 constant OFFERED_TO_AT = 32;
uint256 constant POSITION_AT = 64;
uint256 constant OPEN_HOLDS_AT = 96;
uint256 constant LOCATION_AT = 128;
uint256 constant DESTINATION_AT = 144;
uint256 constant EXPORT_COUNTRY_AT = 160;
uint256 constant IMPORT_COUNTRY_AT = 176;
uint256 constant PHASE_AT = 192;
uint256 constant DEPARTED_AT = 200;
uint256 constant PASSED_AT = 208;
uint256 constant EXPORT_CLEARANCE_AT = 216;
uint256 constant IMPORT_CLEARANCE_AT = 232;

// Within a clearance
uint256 constant CHANNEL_AT = 4;
uint256 constant INSPECTION_AT = 6;
uint256 constant DOCUMENTS_PENDING_AT = 8;
uint256 constant DUTIES_MET_AT = 9;
uint256 constant STOPPED_AT = 10;

/// @notice The course of a consignment that was just registered: at rest in the export country, with its exporter.
function newCourse(uint32 exporter_, bytes2 exportCountry_, bytes2 importCountry_) pure returns (Course) {
    return Course.wrap(
        (uint256(exporter_) << HOLDER_AT) | (uint256(uint16(exportCountry_)) << LOCATION_AT)
            | (uint256(uint16(exportCountry_)) << EXPORT_COUNTRY_AT)
            | (uint256(uint16(importCountry_)) << IMPORT_COUNTRY_AT) | (uint256(Phase.AT_REST) << PHASE_AT)
    );
}

/// @notice The number of the member that holds the goods.
function holder(Course course) pure returns (uint32) {
    return uint32(_at(course, HOLDER_AT));
}

/// @notice The number of the member to whom custody is offered, or 0.
function offeredTo(Course course) pure returns (uint32) {
    return uint32(_at(course, OFFERED_TO_AT));
}

/// @notice How many statements the history has.
function position(Course course) pure returns (uint32) {
    return uint32(_at(course, POSITION_AT));
}

/// @notice How many holds stand.
function openHolds(Course course) pure returns (uint32) {
    return uint32(_at(course, OPEN_HOLDS_AT));
}

/// @notice The country in which the goods are, or which they left last.
function location(Course course) pure returns (bytes2) {
    return bytes2(uint16(_at(course, LOCATION_AT)));
}

/// @notice The country for which they departed, or 0.
function destination(Course course) pure returns (bytes2) {
    return bytes2(uint16(_at(course, DESTINATION_AT)));
}

/// @notice The country of export.
function exportCountry(Course course) pure returns (bytes2) {
    return bytes2(uint16(_at(course, EXPORT_COUNTRY_AT)));
}

/// @notice The country of import.
function importCountry(Course course) pure returns (bytes2) {
    return bytes2(uint16(_at(course, IMPORT_COUNTRY_AT)));
}

/// @notice The phase of the goods' life.
function phase(Course course) pure returns (uint8) {
    return uint8(uint8(_at(course, PHASE_AT)));
}

/// @notice Whether the goods ever departed.
function departed(Course course) pure returns (bool) {
    return uint8(_at(course, DEPARTED_AT)) != 0;
}

/// @notice Whether the transit country at `index` let the goods pass.
function hasPassed(Course course, uint256 index) pure returns (bool) {
    return _at(course, PASSED_AT + index) & 1 != 0;
}

/// @notice The country whose authority decides on a side.
function countryOf(Course course, uint8 side) pure returns (bytes2) {
    return side == Side.EXPORT ? exportCountry(course) : importCountry(course);
}

/// @notice How far the clearance of a side has come.
function clearance(Course course, uint8 side) pure returns (uint8) {
    return uint8(_at(course, _clearanceAt(side)) & 15);
}

/// @notice The channel that a side opened; closed at first.
function channel(Course course, uint8 side) pure returns (uint8) {
    return uint8(_at(course, _clearanceAt(side) + CHANNEL_AT) & 3);
}

/// @notice The last inspection's result on a side since the assessment.
function inspection(Course course, uint8 side) pure returns (uint8) {
    return uint8(_at(course, _clearanceAt(side) + INSPECTION_AT) & 3);
}

/// @notice Whether a side requested documents and has not received them.
function documentsPending(Course course, uint8 side) pure returns (bool) {
    return _at(course, _clearanceAt(side) + DOCUMENTS_PENDING_AT) & 1 != 0;
}

/// @notice Whether duties of a side were settled, secured, or are not due.
function dutiesMet(Course course, uint8 side) pure returns (bool) {
    return _at(course, _clearanceAt(side) + DUTIES_MET_AT) & 1 != 0;
}

/// @notice Whether a stop for inspection stands on a side.
function stopped(Course course, uint8 side) pure returns (bool) {
    return _at(course, _clearanceAt(side) + STOPPED_AT) & 1 != 0;
}

/// @notice The same course in the hands of another member.
function withHolder(Course course, uint32 member) pure returns (Course) {
    return _with(course, HOLDER_AT, type(uint32).max, member);
}

/// @notice The same course, custody offered to a member, or, with 0, to nobody.
function withOfferedTo(Course course, uint32 member) pure returns (Course) {
    return _with(course, OFFERED_TO_AT, type(uint32).max, member);
}

/// @notice The same course, one statement longer.
function withNextPosition(Course course) pure returns (Course) {
    return _with(course, POSITION_AT, type(uint32).max, position(course) + 1);
}

/// @notice The same course under so many holds.
function withOpenHolds(Course course, uint32 number) pure returns (Course) {
    return _with(course, OPEN_HOLDS_AT, type(uint32).max, number);
}

/// @notice The same course in another country.
function withLocation(Course course, bytes2 country) pure returns (Course) {
    return _with(course, LOCATION_AT, type(uint16).max, uint16(country));
}

/// @notice The same course, headed for a country, or, with 0, for none.
function withDestination(Course course, bytes2 country) pure returns (Course) {
    return _with(course, DESTINATION_AT, type(uint16).max, uint16(country));
}

/// @notice The same course in another phase.
function withPhase(Course course, uint8 phase_) pure returns (Course) {
    return _with(course, PHASE_AT, type(uint8).max, uint8(phase_));
}

/// @notice The same course, departed at least once.
function withDeparted(Course course) pure returns (Course) {
    return _with(course, DEPARTED_AT, type(uint8).max, 1);
}

/// @notice The same course, let pass by the transit country at `index`.
function withPassed(Course course, uint256 index) pure returns (Course) {
    return _with(course, PASSED_AT + index, 1, 1);
}

/// @notice The same course, the clearance of a side come so far.
function withClearance(Course course, uint8 side, uint8 clearance_) pure returns (Course) {
    return _with(course, _clearanceAt(side), 15, uint8(clearance_));
}

/// @notice The same course with the channel that a side opened.
function withChannel(Course course, uint8 side, uint8 channel_) pure returns (Course) {
    return _with(course, _clearanceAt(side) + CHANNEL_AT, 3, uint8(channel_));
}

/// @notice The same course with an inspection's result on a side.
function withInspection(Course course, uint8 side, uint8 inspection_) pure returns (Course) {
    return _with(course, _clearanceAt(side) + INSPECTION_AT, 3, uint8(inspection_));
}

/// @notice The same course, documents of a side being awaited, or no longer.
function withDocumentsPending(Course course, uint8 side, bool pending) pure returns (Course) {
    return _with(course, _clearanceAt(side) + DOCUMENTS_PENDING_AT, 1, pending ? 1 : 0);
}

/// @notice The same course, duties of a side met.
function withDutiesMet(Course course, uint8 side) pure returns (Course) {
    return _with(course, _clearanceAt(side) + DUTIES_MET_AT, 1, 1);
}

/// @notice The same course, a stop of a side standing, or no longer.
function withStopped(Course course, uint8 side, bool stopped_) pure returns (Course) {
    return _with(course, _clearanceAt(side) + STOPPED_AT, 1, stopped_ ? 1 : 0);
}

/// @notice The clearance of a side begun anew: declared, and nothing else but a stop that stands.
function withDeclaration(Course course, uint8 side) pure returns (Course) {
    uint256 stop = stopped(course, side) ? 1 << STOPPED_AT : 0;
    return _with(course, _clearanceAt(side), type(uint16).max, stop | Clearance.DECLARED);
}

/// @dev Where a side's clearance begins in the word.
function _clearanceAt(uint8 side) pure returns (uint256) {
    return side == Side.EXPORT ? EXPORT_CLEARANCE_AT : IMPORT_CLEARANCE_AT;
}

/// @dev The word from this bit on.
function _at(Course course, uint256 offset) pure returns (uint256) {
    return Course.unwrap(course) >> offset;
}

/// @dev The word with one field replaced; the value fits its mask.
function _with(Course course, uint256 offset, uint256 mask, uint256 value) pure returns (Course) {
    return Course.wrap((Course.unwrap(course) & ~(mask << offset)) | (value << offset));
}
