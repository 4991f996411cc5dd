// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Who recorded a checkpoint, and when, in one word of an event: the standing in which the contract took it.
///
/// | bits      | content                                                             |
/// |-----------|---------------------------------------------------------------------|
/// | 0..159    | the key that recorded it: the sender, or who signed                 |
/// | 160..175  | the country of the key's member                                     |
/// | 176..215  | the second of the block that took it                                |
type Recording is uint256;

/// @notice By how much a log grew, and the times of the statement that said so, in one word of an event.
///
/// | bits      | content                                                             |
/// |-----------|---------------------------------------------------------------------|
/// | 0..63     | previous size: the number of events before                          |
/// | 64..127   | size: the number of events since                                    |
/// | 128..191  | signed time, in seconds; 0 where the key sent it itself             |
/// | 192..255  | the last second in which it may be accepted; 0 where the key sent it itself |
type Growth is uint256;

using {previousSize, size} for Growth global;

/// @notice Pack a recording.
function packRecording(address key, bytes2 country, uint40 time) pure returns (Recording) {
    return Recording.wrap(uint256(uint160(key)) | (uint256(uint16(country)) << 160) | (uint256(time) << 176));
}

/// @notice Pack a growth.
function packGrowth(uint64 previousSize_, uint64 size_, uint64 signedTime, uint64 validUntil) pure returns (Growth) {
    return Growth.wrap(
        uint256(previousSize_) | (uint256(size_) << 64) | (uint256(signedTime) << 128) | (uint256(validUntil) << 192)
    );
}

/// @notice The number of events before.
function previousSize(Growth growth) pure returns (uint64) {
    return uint64(Growth.unwrap(growth));
}

/// @notice The number of events since.
function size(Growth growth) pure returns (uint64) {
    return uint64(Growth.unwrap(growth) >> 64);
}
