// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Standing, UNKNOWN} from "./Standing.sol";

/// @notice One key of a member, in one slot. A member's own address is its first key, and has the member's place with it, so
/// that who is named is judged by this slot alone. From bit 0 to 143 it is laid out as a standing is.
///
/// | bits      | content                                                                                |
/// |-----------|----------------------------------------------------------------------------------------|
/// | 0..31     | the number of the member it speaks for; 0: no such key                                 |
/// | 32..39    | of an own address: the problem, if the member cannot be named now                      |
/// | 40..55    | of an own address: the member's country; 0: it is no own address                       |
/// | 56..71    | of an own address: the roles that the member holds, a bit each                         |
/// | 72..79    | its scopes, a bit each                                                                 |
/// | 80..143   | the milestones it may sign, a bit each                                                 |
/// | 144..183  | the second from which it is valid                                                      |
/// | 184..223  | the second from which it is valid no more                                              |
/// | 224..255  | its generation: it ends with those of its time                                         |
type Key is uint256;

using {
    number,
    isOwnAddress,
    scopes,
    milestones,
    validFrom,
    validUntil,
    generation,
    withPlace,
    retiredAt,
    standing,
    standingOfMember
} for Key global;

uint256 constant PLACE_AT = 32;
uint256 constant SCOPES_AT = 72;
uint256 constant MILESTONES_AT = 80;
uint256 constant VALID_FROM_AT = 144;
uint256 constant VALID_UNTIL_AT = 184;
uint256 constant GENERATION_AT = 224;

/// @dev Problem, country and roles.
uint256 constant PLACE = uint256(type(uint40).max) << PLACE_AT;
uint256 constant NUMBER_AND_PLACE = type(uint72).max;
uint256 constant NUMBER_SCOPES_AND_MILESTONES = type(uint144).max & ~PLACE;

/// @notice Pack a key that is not a member's own address.
function packKey(
    uint32 number_,
    uint8 scopes_,
    uint40 validFrom_,
    uint40 validUntil_,
    uint64 milestones_,
    uint32 generation_
) pure returns (Key) {
    return Key.wrap(
        uint256(number_) | (uint256(scopes_) << SCOPES_AT) | (uint256(milestones_) << MILESTONES_AT)
            | (uint256(validFrom_) << VALID_FROM_AT) | (uint256(validUntil_) << VALID_UNTIL_AT)
            | (uint256(generation_) << GENERATION_AT)
    );
}

/// @notice The number of the member that the key speaks for; 0: there is no such key.
function number(Key key) pure returns (uint32) {
    return uint32(Key.unwrap(key));
}

/// @notice Whether the key is its member's own address.
function isOwnAddress(Key key) pure returns (bool) {
    return Key.unwrap(key) & PLACE != 0;
}

/// @notice What the key may do, a bit each.
function scopes(Key key) pure returns (uint8) {
    return uint8(Key.unwrap(key) >> SCOPES_AT);
}

/// @notice The milestones that the key may sign, a bit each.
function milestones(Key key) pure returns (uint64) {
    return uint64(Key.unwrap(key) >> MILESTONES_AT);
}

/// @notice The second from which the key is valid.
function validFrom(Key key) pure returns (uint40) {
    return uint40(Key.unwrap(key) >> VALID_FROM_AT);
}

/// @notice The second from which the key is valid no more.
function validUntil(Key key) pure returns (uint40) {
    return uint40(Key.unwrap(key) >> VALID_UNTIL_AT);
}

/// @notice How often all keys of the member had been retired when this one was added.
function generation(Key key) pure returns (uint32) {
    return uint32(Key.unwrap(key) >> GENERATION_AT);
}

/// @notice The same key as the own address of a member in this place.
function withPlace(Key key, uint8 problem, bytes2 country, uint16 roles) pure returns (Key) {
    return Key.wrap((Key.unwrap(key) & ~PLACE) | _place(problem, country, roles));
}

/// @notice The same key, valid no more from `time` on.
function retiredAt(Key key, uint40 time) pure returns (Key) {
    uint256 rest = Key.unwrap(key) & ~(uint256(type(uint40).max) << VALID_UNTIL_AT);
    return Key.wrap(rest | (uint256(time) << VALID_UNTIL_AT));
}

/// @notice The standing of the key, whose member is in this place.
/// @param limit The second from which it is valid, or until which it was, if that is the problem.
function standing(Key key, uint8 problem, bytes2 country, uint16 roles, uint40 limit) pure returns (Standing) {
    return Standing.wrap(
        (Key.unwrap(key) & NUMBER_SCOPES_AND_MILESTONES) | _place(problem, country, roles)
            | (uint256(limit) << VALID_FROM_AT)
    );
}

/// @notice The standing in which the member with this own address is named.
function standingOfMember(Key key) pure returns (Standing) {
    return isOwnAddress(key) ? Standing.wrap(Key.unwrap(key) & NUMBER_AND_PLACE) : UNKNOWN;
}

/// @dev A member's problem, country and roles, where keys and standings have them.
function _place(uint8 problem, bytes2 country, uint16 roles) pure returns (uint256) {
    return (uint256(problem) << 32) | (uint256(uint16(country)) << 40) | (uint256(roles) << 56);
}
