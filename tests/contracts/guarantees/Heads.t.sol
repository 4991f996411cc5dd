// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone} from "contracts/types/Vocabulary.sol";
import {History} from "./support/History.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice The history and its head: over many lives at once.
contract HeadsInvariants is Watch {
    /// @custom:guarantee head-is-the-history
    function invariant_TheHeadIsTheHashOfTheFullHistory() public view {
        lives.requireKept("head-is-the-history");
        for (uint256 i = 0; i < lives.lives(); ++i) {
            assertEq(lives.lifeAt(i).head, lives.headOf(lives.ids(i)));
        }
    }

    /// @custom:guarantee statements-in-order
    function invariant_StatementsAreNeverReorderedRepeatedOrDropped() public view {
        lives.requireKept("statements-in-order");
        for (uint256 i = 0; i < lives.lives(); ++i) {
            assertEq(lives.lifeAt(i).position, lives.countOf(lives.ids(i)));
        }
    }

    /// @custom:guarantee one-consignment-alone
    function invariant_AStatementTouchesItsOwnConsignmentAlone() public view {
        lives.requireKept("one-consignment-alone");
    }
}

/// @notice The same, case by case.
contract HeadsTest is World {
    /// @custom:guarantee head-is-the-history statements-in-order
    function testFuzz_TheHeadIsRebuiltFromTheEventsAlone(uint256 seed, uint256 steps) public {
        vm.recordLogs();
        _register();
        _lead(seed, bound(steps, 1, 24));
        _offers(_fits(Milestone.HELD, 0, seed));
        History.Told[] memory told = History.told(vm.getRecordedLogs(), 0, consignments);
        for (uint256 i = 0; i < told.length; ++i) {
            assertEq(told[i].position, i + 1);
        }
        assertEq(_now().position, told.length);
        assertEq(_now().head, told[told.length - 1].head);
    }

    /// @custom:guarantee statements-in-order
    function testFuzz_AStatementIsAcceptedOnceAndOnItsOwnHeadOnly(uint256 seed, bytes32 otherHead) public {
        _register();
        _lead(seed, seed % 8);
        if (_isFinal(_now().phase)) return;
        IConsignments.Statement memory s = _statement(Milestone.CORRECTED, cast[EXPORTER].role);
        s.terms = "corrected";
        bytes32 head = s.previousHead;
        s.previousHead = otherHead;
        if (otherHead != head) assertFalse(_offers(_entry(exporter, s)));
        s.previousHead = head;
        assertTrue(_offers(_entry(exporter, s)));
        assertFalse(_offers(_entry(exporter, s)));
    }

    /// @custom:guarantee statements-in-order
    function testFuzz_WhatBuildsOnNoHeadIsAcceptedOnceOfEachMember(uint256 seed, uint256 which) public {
        _register();
        _lead(seed, seed % 8);
        if (_isFinal(_now().phase)) return;
        uint8[3] memory headless = [Milestone.HELD, Milestone.STOPPED, Milestone.OBSERVED];
        uint8 milestone = headless[which % 3];
        if (milestone == Milestone.OBSERVED) seed %= KOREAN_MACHINE; // who observes: a member, not its machine
        IConsignments.Entry memory entry = _fits(milestone, 0, seed);
        assertTrue(_offers(entry));
        assertFalse(_offers(entry));
        if (milestone == Milestone.HELD) {
            (uint256 setter,) = _fitting(_now(), milestone, 0, seed);
            IConsignments.Statement memory s = _statement(Milestone.UNHELD, cast[setter].role);
            s.terms = consignments.statementDigest(entry.statement);
            _state(cast[setter].signer, s);
        }
        vm.warp(block.timestamp + 1 hours);
        assertFalse(_offers(entry));
    }

    /// @custom:guarantee one-consignment-alone
    function testFuzz_WhatHappensToOneConsignmentLeavesTheOthersAsTheyAre(uint256 seed, uint256 other) public {
        _register();
        _lead(seed, seed % 16);
        bytes32 first = id;
        bytes32 before = _stateOf(first);
        ucr = "another";
        id = _idOf(exporter, ucr);
        _register();
        _lead(other, 16);
        for (uint8 milestone = 2; milestone <= Milestone.LAST; ++milestone) {
            _offers(_fits(milestone, 0, other));
        }
        assertEq(_stateOf(first), before);
    }
}
