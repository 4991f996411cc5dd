// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @notice What every test has: the cheat codes, and assertions that show what was expected and what was found.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqual(bytes32 found, bytes32 expected);
    error NotEqualBytes(bytes found, bytes expected);
    error NotTrue();
    error TooMuch(uint256 found, uint256 most);

    function assertEq(uint256 found, uint256 expected) internal pure {
        if (found != expected) revert NotEqual(bytes32(found), bytes32(expected));
    }

    function assertEq(address found, address expected) internal pure {
        assertEq(uint256(uint160(found)), uint256(uint160(expected)));
    }

    function assertEq(bytes32 found, bytes32 expected) internal pure {
        if (found != expected) revert NotEqual(found, expected);
    }

    function assertEq(bytes memory found, bytes memory expected) internal pure {
        if (keccak256(found) != keccak256(expected)) revert NotEqualBytes(found, expected);
    }

    function assertLe(uint256 found, uint256 most) internal pure {
        if (found > most) revert TooMuch(found, most);
    }

    function assertTrue(bool condition) internal pure {
        if (!condition) revert NotTrue();
    }

    function assertFalse(bool condition) internal pure {
        assertTrue(!condition);
    }

    function bound(uint256 value, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        return lowest + value % (highest - lowest + 1);
    }
}
