// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Side} from "./Vocabulary.sol";

/// @notice What of a consignment's state is mostly read, in one slot: the members it belongs to, the countries on its way.
///
/// | bits      | content                                              |
/// |-----------|------------------------------------------------------|
/// | 0..31     | exporter: a member's number                          |
/// | 32..63    | importer: a member's number, or 0 until it is named  |
/// | 64..95    | broker appointed for export, or 0                    |
/// | 96..127   | broker appointed for import, or 0                    |
/// | 128..223  | transit countries 0 to 5, 16 bits each, or 0         |
type Parties is uint256;

using {
    exporter,
    importer,
    partyOf,
    declarant,
    transit,
    transitCount,
    indexOf,
    withImporter,
    withDeclarant,
    withTransit
} for Parties global;

uint256 constant MAX_TRANSIT_COUNTRIES = 6;
uint256 constant IMPORTER_AT = 32;
uint256 constant DECLARANTS_AT = 64;
uint256 constant TRANSIT_AT = 128;

/// @notice The parties of a consignment that was just registered; an importer not known yet is 0.
function newParties(uint32 exporter_, uint32 importer_) pure returns (Parties) {
    return Parties.wrap(uint256(exporter_) | (uint256(importer_) << IMPORTER_AT));
}

/// @notice The number of the exporter.
function exporter(Parties parties) pure returns (uint32) {
    return uint32(Parties.unwrap(parties));
}

/// @notice The number of the importer, or 0.
function importer(Parties parties) pure returns (uint32) {
    return uint32(Parties.unwrap(parties) >> IMPORTER_AT);
}

/// @notice The exporter for export, the importer for import.
function partyOf(Parties parties, uint8 side) pure returns (uint32) {
    return side == Side.EXPORT ? exporter(parties) : importer(parties);
}

/// @notice The broker appointed on a side, or 0.
function declarant(Parties parties, uint8 side) pure returns (uint32) {
    return uint32(Parties.unwrap(parties) >> _declarantAt(side));
}

/// @notice The transit country at `index`, or 0.
function transit(Parties parties, uint256 index) pure returns (bytes2) {
    return bytes2(uint16(Parties.unwrap(parties) >> _transitAt(index)));
}

/// @notice How many transit countries there are: they fill the indices from 0.
function transitCount(Parties parties) pure returns (uint256) {
    return indexOf(parties, 0);
}

/// @notice The index of a transit country, or MAX_TRANSIT_COUNTRIES where it is none.
function indexOf(Parties parties, bytes2 country) pure returns (uint256 index) {
    uint256 rest = Parties.unwrap(parties) >> TRANSIT_AT;
    while (index < MAX_TRANSIT_COUNTRIES && uint16(rest) != uint16(country)) {
        rest >>= 16;
        unchecked {
            ++index;
        }
    }
}

/// @notice The same parties with this importer.
function withImporter(Parties parties, uint32 member) pure returns (Parties) {
    return _with(parties, IMPORTER_AT, type(uint32).max, member);
}

/// @notice The same parties with this broker on a side, or, with 0, none.
function withDeclarant(Parties parties, uint8 side, uint32 member) pure returns (Parties) {
    return _with(parties, _declarantAt(side), type(uint32).max, member);
}

/// @notice The same parties, the transit country at `index` named.
function withTransit(Parties parties, uint256 index, bytes2 country) pure returns (Parties) {
    return _with(parties, _transitAt(index), type(uint16).max, uint16(country));
}

/// @dev Where a side's broker stands in the word.
function _declarantAt(uint8 side) pure returns (uint256) {
    return side == Side.EXPORT ? DECLARANTS_AT : DECLARANTS_AT + 32;
}

/// @dev Where a transit country stands in the word.
function _transitAt(uint256 index) pure returns (uint256) {
    return TRANSIT_AT + 16 * index;
}

/// @dev The word with one field replaced; the value fits its mask.
function _with(Parties parties, uint256 offset, uint256 mask, uint256 value) pure returns (Parties) {
    return Parties.wrap((Parties.unwrap(parties) & ~(mask << offset)) | (value << offset));
}
