// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One key of a member, in one slot.
///
/// | bits      | content                                                   |
/// |-----------|-----------------------------------------------------------|
/// | 0..31     | the number of the member it speaks for; 0: no such key    |
/// | 32..39    | its scopes, a bit each                                    |
/// | 40..47    | 1 where it is the member's own address                    |
/// | 48..87    | the second from which it is valid                         |
/// | 88..127   | the second from which it is valid no more                 |
/// | 128..191  | the milestones it may sign, a bit each                    |
/// | 192..223  | its generation: it ends with those of its time            |
type Key is uint256;

using {number, scopes, isOwnAddress, validFrom, validUntil, milestones, generation, retiredAt} for Key global;

/// @notice Pack a key.
function packKey(
    uint32 number_,
    uint8 scopes_,
    bool isOwnAddress_,
    uint40 validFrom_,
    uint40 validUntil_,
    uint64 milestones_,
    uint32 generation_
) pure returns (Key) {
    return Key.wrap(
        uint256(number_) | (uint256(scopes_) << 32) | (isOwnAddress_ ? 1 << 40 : 0) | (uint256(validFrom_) << 48)
            | (uint256(validUntil_) << 88) | (uint256(milestones_) << 128) | (uint256(generation_) << 192)
    );
}

function number(Key key) pure returns (uint32) {
    return uint32(Key.unwrap(key));
}

function scopes(Key key) pure returns (uint8) {
    return uint8(Key.unwrap(key) >> 32);
}

function isOwnAddress(Key key) pure returns (bool) {
    return uint8(Key.unwrap(key) >> 40) != 0;
}

function validFrom(Key key) pure returns (uint40) {
    return uint40(Key.unwrap(key) >> 48);
}

function validUntil(Key key) pure returns (uint40) {
    return uint40(Key.unwrap(key) >> 88);
}

function milestones(Key key) pure returns (uint64) {
    return uint64(Key.unwrap(key) >> 128);
}

/// @notice How often all keys of the member had been retired when this one was added.
function generation(Key key) pure returns (uint32) {
    return uint32(Key.unwrap(key) >> 192);
}

/// @notice The same key, valid no more from `time` on.
function retiredAt(Key key, uint40 time) pure returns (Key) {
    return Key.wrap((Key.unwrap(key) & ~(uint256(type(uint40).max) << 88)) | (uint256(time) << 88));
}
