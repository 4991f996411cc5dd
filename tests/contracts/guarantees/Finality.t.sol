// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone, Phase, Role, Side} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice What is never undone: over many lives at once.
contract FinalityInvariants is Watch {
    /// @custom:guarantee final-is-final
    function invariant_NothingLeavesAFinalStateAndACorrectionChangesNone() public view {
        lives.requireKept("final-is-final");
    }

    /// @custom:guarantee observation-moves-nothing
    function invariant_AnObservationMovesNothing() public view {
        lives.requireKept("observation-moves-nothing");
    }

    /// @custom:guarantee past-stays-valid
    function invariant_WhatAuthoritiesDoToMembersLeavesEveryHistoryAsItIs() public view {
        lives.requireKept("past-stays-valid");
    }
}

/// @notice The same, case by case.
contract FinalityTest is World {
    /// @custom:guarantee final-is-final
    function testFuzz_NothingFollowsAnyEnd(uint256 end, uint256 seed, uint256 who) public {
        _end(uint8(bound(end, Phase.DELIVERED, Phase.ABANDONED)));
        bytes32 life = _life();
        uint8 milestone = uint8(bound(seed, Milestone.REGISTERED, Milestone.CANCELLED));
        assertFalse(_offers(_fits(milestone, 0, seed)));
        (, IConsignments.Statement memory s) = _fitting(_now(), milestone, 0, seed);
        who = bound(who, 0, STRANGER);
        s.role = cast[who].role;
        assertFalse(_offers(_entry(cast[who].signer, s)));
        assertEq(_life(), life);
    }

    /// @custom:guarantee final-is-final
    function testFuzz_ACorrectionAddsAWordAndChangesNoState(uint256 seed, uint256 corrected) public {
        _register();
        _lead(seed, seed % 32);
        bytes32 life = _life();
        uint32 position = _now().position;
        assertTrue(_offers(_fits(Milestone.CORRECTED, 0, corrected)));
        assertEq(_life(), life);
        assertEq(_now().position, position + 1);
    }

    /// @custom:guarantee observation-moves-nothing
    function testFuzz_AnObservationOfAnyMemberMovesNeitherStateNorHead(uint256 seed, uint256 who) public {
        _register();
        _lead(seed, seed % 24);
        bytes32 before = _stateOf(id);
        who = bound(who, 0, AUDITOR);
        assertTrue(_offers(_entry(cast[who].signer, _statement(Milestone.OBSERVED, cast[who].role))));
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee past-stays-valid
    function testFuzz_WhatWasSaidStandsWhateverBecomesOfWhoSaidIt(uint256 seed, uint256 fate, uint256 delay) public {
        _register();
        _lead(seed, seed % 24);
        IConsignments.Entry memory hold = _fits(Milestone.HELD, 0, seed);
        bool isHeld = _offers(hold);
        (uint256 setter,) = _fitting(_now(), Milestone.HELD, 0, seed);
        bytes32 before = _stateOf(id);
        _strike(CARRIER, fate / 3);
        _strike(setter, fate);
        vm.warp(block.timestamp + bound(delay, 0, 3650 days));
        assertEq(_stateOf(id), before);
        uint32 member = _numberOf(cast[setter].signer);
        assertTrue(consignments.holdStands(id, consignments.statementDigest(hold.statement), member) == isHeld);
    }

    /// @dev A member is suspended or dismissed, or loses its key; an authority its seat, or its key.
    function _strike(uint256 who, uint256 fate) private {
        Actor memory subject = cast[who].signer;
        Actor memory authority = cast[_authorityIn(cast[who].country)].signer;
        if (cast[who].role != Role.AUTHORITY) {
            if (fate % 3 == 0) _do(authority, abi.encodeCall(members.suspend, (subject.account)));
            if (fate % 3 == 1) _do(authority, abi.encodeCall(members.dismiss, (subject.account)));
            if (fate % 3 == 2) _do(subject, abi.encodeCall(members.retireKey, (subject.account, 1)));
            return;
        }
        if (fate % 2 == 0) return _do(subject, abi.encodeCall(members.retireKey, (subject.account, 1)));
        _do(germany, abi.encodeCall(members.proposeRemoval, (subject.account, 2)));
        _do(singapore, abi.encodeCall(members.approve, (members.proposalCount())));
    }

    function _life() private view returns (bytes32) {
        IConsignments.Consignment memory c = _now();
        (c.head, c.position) = (0, 0);
        return keccak256(abi.encode(c));
    }

    /// @dev Bring a consignment to one of its ends.
    function _end(uint8 phase) private {
        _register();
        if (phase == Phase.CANCELLED) return _state(exporter, Milestone.CANCELLED, Role.EXPORTER);
        if (phase != Phase.DELIVERED) {
            _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
            _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
            return _state(korea, uint8(Milestone.RETURNED + phase - Phase.RETURNED), Role.AUTHORITY, Side.EXPORT);
        }
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRNL");
        _arrive(exporter, Role.EXPORTER, "NL");
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        _state(importer, Milestone.REMOVED, Role.IMPORTER);
        _state(importer, Milestone.DELIVERED, Role.IMPORTER);
    }
}
