// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Clearance, Milestone, Phase, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "./support/Consortium.sol";

/// @notice States anything, by anyone, about one consignment, and remembers what the last accepted statement changed.
contract Speaker is Consortium {
    IConsignments.Consignment private _before;
    bool public keptGoodsMoved;
    bool public positionSkipped;
    bool public endedLifeWentOn;
    uint256 public accepted;

    constructor() {
        setUp();
        _register();
    }

    /// @notice State a milestone with terms that may fit it.
    function say(uint256 who, uint256 what, uint256 side, uint256 terms) external {
        Actor[10] memory actors =
            [korea, singapore, netherlands, exporter, carrier, terminal, broker, importer, agency, exportBroker];
        Actor memory speaker = actors[who % 10];
        uint8[10] memory roles = [1, 1, 1, Role.EXPORTER, Role.CARRIER, Role.TERMINAL, 5, Role.IMPORTER, Role.AGENCY, 5];
        uint8 milestone = uint8(2 + what % (Milestone.LAST - 1));
        IConsignments.Statement memory s = _statement(milestone, roles[who % 10]);
        s.eventTime = uint64(accepted);
        s.side = _isSided(milestone) ? uint8(1 + side % 2) : 0;
        bytes32[8] memory words =
            [bytes32("KRKR"), "KRSG", "KRNL", "KR", "NL", bytes32(bytes1(0x01)), bytes32(uint256(1)), bytes32(0)];
        s.terms = words[terms % 8];
        if (milestone == Milestone.HANDOVER_OFFERED) s.counterparty = actors[3 + terms % 5].account;
        if (milestone == Milestone.ASSESSED) s.detail = _assessment(1);
        _submit(_entry(speaker, s));
    }

    /// @notice Bring one side to its release, so that the goods can move now and then.
    function clear(uint256 side) external {
        if (side % 2 == 0) try this.clearSide(Side.EXPORT) {} catch {} else try this.clearSide(Side.IMPORT) {} catch {}
    }

    function clearSide(uint8 side) external {
        bool isExport = side == Side.EXPORT;
        _clear(
            isExport ? exporter : importer,
            isExport ? Role.EXPORTER : Role.IMPORTER,
            isExport ? korea : netherlands,
            side
        );
    }

    function consignment() external view returns (IConsignments.Consignment memory) {
        return _now();
    }

    function _submit(IConsignments.Entry memory entry) private {
        IConsignments.Consignment memory before = _now();
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](1);
        entries[0] = entry;
        if (consignments.submitBatch(entries) == 0) return;

        ++accepted;
        IConsignments.Consignment memory c = _now();
        bool isKept = before.openHolds != 0 || (before.location == KR && _keeps(before.exportSide))
            || (before.location == NL && _keeps(before.importSide));
        bool wentOn = c.phase != before.phase
            && (c.phase == Phase.MOVING || c.phase == Phase.REMOVED || c.phase == Phase.DELIVERED);
        if (isKept && wentOn) keptGoodsMoved = true;
        bool isObservation = entry.statement.milestone == Milestone.OBSERVED;
        if (c.position != before.position + (isObservation ? 0 : 1)) positionSkipped = true;
        if (before.phase >= Phase.DELIVERED && c.phase != before.phase) endedLifeWentOn = true;
    }

    function _keeps(IConsignments.SideState memory side) private pure returns (bool) {
        return side.stopped || side.clearance == Clearance.REFUSED;
    }

    function _isSided(uint8 milestone) private pure returns (bool) {
        return milestone == 4 || milestone == 5 || (milestone >= 13 && milestone <= 23)
            || (milestone >= 26 && milestone <= 30);
    }
}

/// @notice The invariants of IConsignments, over anything that anyone may state.
contract InvariantsTest {
    Speaker private _speaker;

    function setUp() public {
        _speaker = new Speaker();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_speaker);
    }

    function targetSelectors() public view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0].addr = address(_speaker);
        targets[0].selectors = new bytes4[](2);
        targets[0].selectors[0] = Speaker.say.selector;
        targets[0].selectors[1] = Speaker.clear.selector;
    }

    function invariant_AConsignmentHasExactlyOneHolder() public view {
        IConsignments.Consignment memory c = _speaker.consignment();
        require(c.holder != 0 && c.holder != c.offeredTo, "no holder, or one that is offered what it holds");
    }

    function invariant_WhatIsHeldStoppedOrRefusedDoesNotMove() public view {
        require(!_speaker.keptGoodsMoved(), "goods moved that a hold, a stop or a refusal keeps");
    }

    function invariant_ThePositionCountsTheStatements() public view {
        require(!_speaker.positionSkipped(), "a statement was counted twice or not at all");
    }

    function invariant_NothingFollowsTheEnd() public view {
        require(!_speaker.endedLifeWentOn(), "a life that had ended went on");
    }

    struct Target {
        address addr;
        bytes4[] selectors;
    }
}
