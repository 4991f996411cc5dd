// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Course} from "./Course.sol";
import {Parties} from "./Parties.sol";
import {Standing} from "./Standing.sol";
import {Milestone, Role, Side} from "./Vocabulary.sol";

/// @notice What is kept of a consignment.
struct Record {
    bytes32 head;
    Course course;
    Parties parties;
    bytes32 seal;
    mapping(Side => bytes32) assessment;
    mapping(bytes32 digest => Headless) headless;
}

/// @notice What is kept of a headless statement: the member that made it, and whether it is a hold that stands.
/// One slot: member 32 | is a hold 8 | stands 8.
struct Headless {
    uint32 member;
    bool isHold;
    bool stands;
}

/// @notice An error with its arguments, not yet encoded: noted in many places, encoded in one.
/// @param selector The error's selector; zero where there is no refusal.
/// @param count How many arguments it has.
/// @param arguments The arguments, a word each.
struct Refusal {
    bytes4 selector;
    uint256 count;
    bytes32[3] arguments;
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
/// @param isAutomatic Whether only the scope of automation lets the key state this.
/// @param course The course, which the effect changes and the caller keeps.
/// @param refusal Why it is refused, if it is.
struct Act {
    Milestone milestone;
    Side side;
    Role role;
    Standing signer;
    Standing counterparty;
    address key;
    bytes32 digest;
    bool isAutomatic;
    Course course;
    Refusal refusal;
}

using Refusing for Act global;

/// @title Noting why an act is refused
/// @notice Each function notes an error with its arguments, and returns false for the check to return.
library Refusing {
    function refuse(Act memory act, bytes4 selector) internal pure returns (bool) {
        return _note(act.refusal, selector, 0);
    }

    function refuse(Act memory act, bytes4 selector, bytes32 a) internal pure returns (bool) {
        act.refusal.arguments[0] = a;
        return _note(act.refusal, selector, 1);
    }

    function refuse(Act memory act, bytes4 selector, bytes32 a, bytes32 b) internal pure returns (bool) {
        act.refusal.arguments[0] = a;
        act.refusal.arguments[1] = b;
        return _note(act.refusal, selector, 2);
    }

    function refuse(Act memory act, bytes4 selector, bytes32 a, bytes32 b, bytes32 c) internal pure returns (bool) {
        act.refusal.arguments[0] = a;
        act.refusal.arguments[1] = b;
        act.refusal.arguments[2] = c;
        return _note(act.refusal, selector, 3);
    }

    function refuse(Act memory act, bytes4 selector, uint256 a) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a));
    }

    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b));
    }

    function refuse(Act memory act, bytes4 selector, uint256 a, bytes32 b) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), b);
    }

    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b, uint256 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b), bytes32(c));
    }

    function refuse(Act memory act, bytes4 selector, uint256 a, uint256 b, bytes32 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), bytes32(b), c);
    }

    function refuse(Act memory act, bytes4 selector, uint256 a, bytes32 b, bytes32 c) internal pure returns (bool) {
        return refuse(act, selector, bytes32(a), b, c);
    }

    /// @notice The refusal as the EVM reverts with it: the ABI-encoded error.
    function encoded(Refusal memory refusal) internal pure returns (bytes memory) {
        if (refusal.count == 0) return abi.encodePacked(refusal.selector);
        bytes32[3] memory arguments = refusal.arguments;
        if (refusal.count == 1) return abi.encodePacked(refusal.selector, arguments[0]);
        if (refusal.count == 2) return abi.encodePacked(refusal.selector, arguments[0], arguments[1]);
        return abi.encodePacked(refusal.selector, arguments[0], arguments[1], arguments[2]);
    }

    function _note(Refusal memory refusal, bytes4 selector, uint256 count) private pure returns (bool) {
        refusal.selector = selector;
        refusal.count = count;
        return false;
    }
}
