// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Times} from "./Acceptance.sol";
import {Course} from "./Course.sol";
import {Parties} from "./Parties.sol";
import {Standing} from "./Standing.sol";
import {Milestone, Role, Side} from "./Vocabulary.sol";

/// @notice What is kept of a consignment.
/// @param head The hash of its history.
/// @param course Where it stands.
/// @param parties Whom it belongs to, and its route.
/// @param seal The blinded commitment to the seal's number, or zero.
/// @param assessment The commitment to channel and reasons, by side.
/// @param headless What became of headless statements (`Headless`), by digest and member.
struct Record {
    bytes32 head;
    Course course;
    Parties parties;
    bytes32 seal;
    mapping(uint8 => bytes32) assessment;
    mapping(bytes32 digest => mapping(uint32 member => uint8)) headless;
}

/// @notice What is kept of a headless statement, by its digest and the member that made it: two members may say the same,
/// and neither keeps the other's word out by saying it first.
library Headless {
    uint8 internal constant NONE = 0;
    uint8 internal constant RECORDED = 1;
    uint8 internal constant HOLD_STANDS = 2;
    uint8 internal constant HOLD_LIFTED = 3;
}

/// @notice A statement put to the rules. Each check returns true, or notes why not and returns false: a refused act has
/// changed nothing that is kept.
/// @param milestone What is said to have happened.
/// @param side Which clearance it concerns.
/// @param role The role that the signer acts in.
/// @param signer The standing of the key that signed.
/// @param counterparty The standing of the member named.
/// @param key The key that signed.
/// @param digest The statement's digest.
/// @param times When it happened and was signed, and until when it may be accepted.
/// @param isAutomatic Whether only the scope of automation lets the key state this.
/// @param head The head that it found.
/// @param course The course, which the effect changes and the caller keeps.
/// @param refusal Why it is refused: the ABI-encoded error, or empty.
struct Act {
    uint8 milestone;
    uint8 side;
    uint8 role;
    Standing signer;
    Standing counterparty;
    address key;
    bytes32 digest;
    Times times;
    bool isAutomatic;
    bytes32 head;
    Course course;
    bytes refusal;
}

using Refusing for Act global;

/// @title Noting why an act is refused
/// @notice Each function notes an error with its arguments, and returns false for the check to return.
library Refusing {
    /// @notice An error without arguments.
    function refuse(Act memory act, bytes4 selector) internal pure returns (bool) {
        return _note(act, abi.encodePacked(selector));
    }

    /// @notice An error with one argument.
    function refuse(Act memory act, bytes4 selector, bytes32 a) internal pure returns (bool) {
        return _note(act, abi.encodePacked(selector, a));
    }

    /// @notice An error with two arguments.
    function refuse(Act memory act, bytes4 selector, bytes32 a, bytes32 b) internal pure returns (bool) {
        return _note(act, abi.encodePacked(selector, a, b));
    }

    /// @notice An error with three arguments.
    function refuse(Act memory act, bytes4 selector, bytes32 a, bytes32 b, bytes32 c) internal pure returns (bool) {
        return _note(act, abi.encodePacked(selector, a, b, c));
    }

    /// @notice An error with one argument, a number.
    function refuse(Act memory act, bytes4 selector, uint256 a) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a));
    }

    /// @notice An error with two arguments, numbers.
    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b));
    }

    /// @notice An error with a number and a word.
    function refuse(Act memory act, bytes4 selector, uint256 a, bytes32 b) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), b);
    }

    /// @notice An error with three arguments, numbers.
    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b, uint256 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b), bytes32(c));
    }

    /// @notice An error with two numbers and a word.
    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b, bytes32 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b), c);
    }

    /// @notice An error with a number and two words.
    function refuse(Act memory act, bytes4 selector, uint256 a, bytes32 b, bytes32 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), b, c);
    }

    /// @dev Keep the encoded error for the caller.
    function _note(Act memory act, bytes memory refusal) private pure returns (bool) {
        act.refusal = refusal;
        return false;
    }
}
