// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Clearance, Milestone, Role, Side} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice What keeps goods, and what lets them go: over many lives at once.
contract HoldingInvariants is Watch {
    /// @custom:guarantee held-does-not-move
    function invariant_WhatIsHeldNeitherMovesNorIsReleased() public view {
        lives.requireKept("held-does-not-move");
    }

    /// @custom:guarantee hold-is-never-kept-out
    function invariant_EveryAuthorityConcernedCanAlwaysHold() public {
        lives.requireKept("hold-is-never-kept-out");
        assertTrue(lives.canAllBeHeld());
    }

    /// @custom:guarantee hold-ends-by-its-setter
    function invariant_AHoldEndsOnlyByWhoSetItOrSucceedsIt() public view {
        lives.requireKept("hold-ends-by-its-setter");
    }

    /// @custom:guarantee stop-and-refusal-keep
    function invariant_WhatIsStoppedOrRefusedStaysInThatCountry() public view {
        lives.requireKept("stop-and-refusal-keep");
    }

    /// @custom:guarantee nothing-leaves-unreleased
    function invariant_NothingLeavesACountryThatHasNotLetItGo() public view {
        lives.requireKept("nothing-leaves-unreleased");
    }

    /// @custom:guarantee channel-is-as-assessed
    function invariant_AChannelOpensOnlyAsItWasAssessed() public view {
        lives.requireKept("channel-is-as-assessed");
    }
}

/// @notice The same, case by case.
contract HoldingTest is World {
    /// @custom:guarantee held-does-not-move
    function testFuzz_AHoldKeepsTheGoodsAtAnyStageAndItsEndRestoresThem(uint256 seed, uint256 which) public {
        _register();
        _lead(seed, seed % 24);
        IConsignments.Consignment memory c = _now();
        vm.assume(!_isFinal(c.phase) && c.openHolds == 0);
        uint8[6] memory onward = [11, 23, 27, 32, 33, 34];
        uint8 milestone = onward[which % 6];
        uint8 side = c.location == c.importCountry ? Side.IMPORT : Side.EXPORT;
        uint256 snapshot = vm.snapshotState();
        bool wasFree = _offers(_fits(milestone, side, which));
        vm.revertToState(snapshot);

        IConsignments.Entry memory hold = _fits(Milestone.HELD, 0, seed);
        assertTrue(_offers(hold));
        bytes32 held = _stateOf(id);
        assertFalse(_offers(_fits(milestone, side, which)));
        assertEq(_stateOf(id), held);

        _lift(hold);
        assertTrue(_offers(_fits(milestone, side, which)) == wasFree);
    }

    /// @custom:guarantee hold-is-never-kept-out
    function testFuzz_NobodyKeepsOutAHoldThatIsOnItsWay(uint256 seed, uint256 steps) public {
        _register();
        _lead(seed, seed % 16);
        IConsignments.Statement memory s = _statement(Milestone.HELD, Role.AUTHORITY);
        IConsignments.Entry memory hold = _entry(netherlands, s);
        uint256 others = bound(steps, 1, 8);
        for (uint256 i = 0; i < others; ++i) {
            uint256 who = uint256(keccak256(abi.encode(steps, i))) % cast.length;
            if (who != NETHERLANDS) _offers(_entry(cast[who].signer, s));
            _lead(steps ^ i, 1);
        }
        if (_isFinal(_now().phase)) return;
        uint32 before = _now().openHolds;
        vm.prank(address(uint160(seed)));
        assertTrue(_offers(hold));
        assertEq(_now().openHolds, before + 1);
        assertTrue(consignments.holdStands(id, consignments.statementDigest(s), _numberOf(netherlands)));
    }

    /// @custom:guarantee hold-is-never-kept-out
    function testFuzz_NobodyKeepsOutAStopThatIsOnItsWay(uint256 seed, uint256 steps) public {
        _register();
        _lead(seed, seed % 16);
        IConsignments.Entry memory stop = _entry(korea, _statement(Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT));
        _lead(steps, steps % 8);
        if (_isFinal(_now().phase)) return;
        assertTrue(_offers(stop));
        assertTrue(_now().exportSide.stopped);
    }

    /// @custom:guarantee hold-ends-by-its-setter
    function testFuzz_AHoldIsLiftedByNobodyElse(uint256 seed, uint256 who, bool forAnother) public {
        _register();
        IConsignments.Entry memory hold = _fits(Milestone.HELD, 0, seed);
        _offers(hold);
        (uint256 setter,) = _fitting(_now(), Milestone.HELD, 0, seed);
        who = who % 2 == 0 ? bound(who / 2, 0, STRANGER) : _authorityIn(cast[setter].country);
        bool isSetters = who == setter || (who == KOREAN_OFFICER && setter == KOREA);
        vm.assume(!isSetters);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, cast[who].role);
        s.terms = consignments.statementDigest(hold.statement);
        if (forAnother) s.counterparty = cast[setter].signer.account;
        assertFalse(_offers(_entry(cast[who].signer, s)));
        assertEq(_now().openHolds, 1);
    }

    /// @custom:guarantee stop-and-refusal-keep
    function testFuzz_WhatIsStoppedOrRefusedGoesNowhere(
        bool isImport,
        bool isRefused,
        bool isRemoved,
        uint256 to
    ) public {
        _bringToImport();
        uint8 side = isImport ? Side.IMPORT : Side.EXPORT;
        if (isImport) {
            _clear(importer, Role.IMPORTER, netherlands, side);
            _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
            if (isRemoved) _state(importer, Milestone.REMOVED, Role.IMPORTER);
        } else {
            ucr = "at home";
            id = _idOf(exporter, ucr);
            _register();
            _clear(exporter, Role.EXPORTER, korea, side);
        }
        uint8 word = isRefused ? Milestone.REFUSED : Milestone.STOPPED;
        _state(isImport ? netherlands : korea, word, Role.AUTHORITY, side);
        bytes32 before = _stateOf(id);
        uint8[4] memory onward = [Milestone.DEPARTED, Milestone.REMOVED, Milestone.DELIVERED, Milestone.CANCELLED];
        for (uint256 i = 0; i < 4; ++i) {
            assertFalse(_offers(_fits(onward[i], 0, to)));
        }
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee nothing-leaves-unreleased
    function testFuzz_GoodsLeaveOnlyACountryThatLetThemGo(uint256 seed, uint256 steps, bytes2 destination) public {
        _register();
        _lead(seed, bound(steps, 0, 24));
        IConsignments.Consignment memory c = _now();
        IConsignments.Statement memory s = _statement(Milestone.DEPARTED, cast[placeOf[c.holder]].role);
        if (seed % 4 != 0) destination = cast[seed % 4].country;
        s.terms = bytes32(bytes.concat(c.location, destination));
        s.detail = c.seal;
        bool mayLeave = destination == c.location || (c.location == KR && c.exportSide.clearance == Clearance.RELEASED);
        for (uint256 i = 0; i < c.transit.length; ++i) {
            mayLeave = mayLeave || (c.transit[i].country == c.location && c.transit[i].passed);
        }
        assertTrue(!_offers(_entry(cast[placeOf[c.holder]].signer, s)) || mayLeave);
        bool isReleased = c.importSide.clearance == Clearance.RELEASED;
        assertTrue(!_offers(_fits(Milestone.REMOVED, 0, seed)) || isReleased);
    }

    /// @custom:guarantee channel-is-as-assessed
    function testFuzz_AnAssessmentOpensAsNothingElse(
        uint8 assessed,
        uint8 opened,
        bytes32 blind,
        bytes32 reasons
    ) public {
        _register();
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        assessed = uint8(bound(assessed, 1, 3));
        _assess(korea, Side.EXPORT, assessed, false);
        IConsignments.Statement memory s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(uint256(opened));
        IConsignments.Entry memory entry = _entry(korea, s);
        bool isOpening = opened == assessed;
        if (blind != 0) (entry.opening, isOpening) = (IConsignments.Opening(blind, reasons), false);
        _offers(entry);
        assertEq(_now().exportSide.channel, isOpening && assessed != 3 ? assessed : 0);
    }

    function _lift(IConsignments.Entry memory hold) private {
        bytes32 digest = consignments.statementDigest(hold.statement);
        for (uint256 who = 0; who < STRANGER; ++who) {
            if (!consignments.holdStands(id, digest, _numberOf(cast[who].signer))) continue;
            IConsignments.Statement memory s = _statement(Milestone.UNHELD, cast[who].role);
            s.terms = digest;
            _state(cast[who].signer, s);
        }
    }
}
