// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The terms of a statement
/// @notice What must be read in clear, from the left of the word; its last byte is the channel that a statement opens.
/// ledger/identity/terms.py writes what is read here.
library Terms {
    /// @notice The two bytes at place `index`, where a country code may stand.
    function countryAt(bytes32 terms, uint256 index) internal pure returns (bytes2) {
        return bytes2(terms << (16 * index));
    }

    /// @notice Whether nothing follows the first `length` bytes.
    function endsAt(bytes32 terms, uint256 length) internal pure returns (bool) {
        return terms << (8 * length) == 0;
    }

    /// @notice The first byte: a number that the milestone defines.
    function number(bytes32 terms) internal pure returns (uint8) {
        return uint8(terms[0]);
    }

    /// @notice The last byte: the channel opened, or 0.
    function channel(bytes32 terms) internal pure returns (uint8) {
        return uint8(terms[31]);
    }

    /// @notice Whether nothing stands between the first and the last byte.
    function isNumberAndChannel(bytes32 terms) internal pure returns (bool) {
        return (terms << 8) >> 16 == 0;
    }

    /// @notice Whether nothing stands before the last byte.
    function isChannel(bytes32 terms) internal pure returns (bool) {
        return terms >> 8 == 0;
    }
}
