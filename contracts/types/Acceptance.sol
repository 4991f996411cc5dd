// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Who stated what, in one word of an event: the standing in which the contract accepted a statement.
///
/// | bits      | content                                                             |
/// |-----------|---------------------------------------------------------------------|
/// | 0..159    | the key that signed                                                 |
/// | 160..167  | milestone                                                           |
/// | 168..175  | side                                                                |
/// | 176..183  | the role acted in                                                   |
/// | 184..199  | the country of the signer's member                                  |
/// | 200..231  | the number of the signer's member                                   |
type Acceptance is uint256;

/// @notice A statement's times, in seconds, and its place in the history, in one word of an event.
///
/// | bits      | content                                            |
/// |-----------|----------------------------------------------------|
/// | 0..63     | event time                                         |
/// | 64..127   | signed time                                        |
/// | 128..191  | the last second in which it may be accepted        |
/// | 192..223  | position: the number of statements with this one; 0 of an observation |
type Times is uint256;

using {withPosition} for Times global;

/// @notice Pack an acceptance.
function packAcceptance(
    address key,
    uint8 milestone,
    uint8 side,
    uint8 role,
    bytes2 country,
    uint32 member
) pure returns (Acceptance) {
    return Acceptance.wrap(
        uint256(uint160(key)) | (uint256(milestone) << 160) | (uint256(side) << 168) | (uint256(role) << 176)
            | (uint256(uint16(country)) << 184) | (uint256(member) << 200)
    );
}

/// @notice Pack a statement's times.
function packTimes(uint64 eventTime, uint64 signedTime, uint64 validUntil) pure returns (Times) {
    return Times.wrap(uint256(eventTime) | (uint256(signedTime) << 64) | (uint256(validUntil) << 128));
}

/// @notice The same times, of the statement at a position.
function withPosition(Times times, uint32 position) pure returns (Times) {
    return Times.wrap(Times.unwrap(times) | (uint256(position) << 192));
}
