// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Problem, Role, bit} from "./Vocabulary.sol";

/// @notice What the register of members says about a key, or about a member's own address, at the time of the block.
///
/// | bits      | content                                                                  |
/// |-----------|--------------------------------------------------------------------------|
/// | 0..31     | the member's number; 0 where the key is unknown                          |
/// | 32..39    | the problem, if it cannot speak or be named now                          |
/// | 40..55    | the member's country                                                     |
/// | 56..71    | the roles it holds, a bit each                                           |
/// | 72..79    | the scopes of the key                                                    |
/// | 80..143   | the milestones that the key may sign, a bit each                         |
/// | 144..183  | the second from which the key is valid, or until which it was, if that is the problem |
type Standing is uint256;

using {number, problem, country, holds, roles, scopes, milestones, limit} for Standing global;

/// @dev The standing of whoever is not known.
Standing constant UNKNOWN = Standing.wrap(uint256(Problem.UNKNOWN) << 32);

/// @notice The number of the member; 0 where it is unknown.
function number(Standing standing) pure returns (uint32) {
    return uint32(Standing.unwrap(standing));
}

/// @notice Why it cannot speak or be named now, if so.
function problem(Standing standing) pure returns (uint8) {
    return uint8(uint8(Standing.unwrap(standing) >> 32));
}

/// @notice The member's country.
function country(Standing standing) pure returns (bytes2) {
    return bytes2(uint16(Standing.unwrap(standing) >> 40));
}

/// @notice The roles that the member holds, a bit each.
function roles(Standing standing) pure returns (uint16) {
    return uint16(Standing.unwrap(standing) >> 56);
}

/// @notice Whether the member holds a role.
function holds(Standing standing, uint8 role) pure returns (bool) {
    return roles(standing) & bit(role) != 0;
}

/// @notice What the key may do, a bit each.
function scopes(Standing standing) pure returns (uint8) {
    return uint8(Standing.unwrap(standing) >> 72);
}

/// @notice The milestones that the key may sign, a bit each.
function milestones(Standing standing) pure returns (uint64) {
    return uint64(Standing.unwrap(standing) >> 80);
}

/// @notice The second from which the key is valid, or until which it was, if that is the problem.
function limit(Standing standing) pure returns (uint40) {
    return uint40(Standing.unwrap(standing) >> 144);
}
