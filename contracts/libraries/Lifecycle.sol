// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {Act, Record} from "../types/Act.sol";
import {Milestone, Phase, Side} from "../types/Vocabulary.sol";
import {Clearing} from "./Clearing.sol";
import {Goods} from "./Goods.sol";
import {Needs} from "./Needs.sol";

/// @title The life of a consignment
/// @notice docs/transitions.md as a whole: which fields each milestone takes, and the row that judges it.
library Lifecycle {
    using Clearing for Act;
    using Goods for Act;
    using Needs for Act;

    /// @dev The milestones that concern a side, a bit each: 4, 5, 13 to 23, 26 to 30.
    uint256 private constant SIDED = (1 << 4) | (1 << 5) | (((1 << 11) - 1) << 13) | (((1 << 5) - 1) << 26);
    /// @dev The milestones that name another member: 1, 2, 4, 5, 8, 25.
    uint256 private constant NAMING = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8) | (1 << 25);
    /// @dev The milestones that have terms: 1, 3, 7, 11, 12, 17, 19 to 23, 25, 31, 35.
    uint256 private constant WITH_TERMS = (1 << 1) | (1 << 3) | (1 << 7) | (1 << 11) | (1 << 12) | (1 << 17)
        | (((1 << 5) - 1) << 19) | (1 << 25) | (1 << 31) | (1 << 35);
    /// @dev The milestones that a consignment takes after its life has ended: 35, 36.
    uint256 private constant LASTING = (1 << 35) | (1 << 36);
    /// @dev The milestones that build on no head: 21, 24, 26, 36.
    uint256 private constant HEADLESS = (1 << 21) | (1 << 24) | (1 << 26) | (1 << 36);

    /// @notice Whether a milestone builds on no head, and is accepted once by its digest.
    function isHeadless(uint8 milestone) internal pure returns (bool) {
        return _isOne(milestone, HEADLESS);
    }

    /// @notice Whether the statement has a side, names a member and has terms only where its milestone does.
    function takes(Act memory act, IConsignments.Statement calldata statement) internal pure returns (bool) {
        uint8 side = statement.side;
        bool sideFits = _isOne(act.milestone, SIDED) ? side != Side.NONE && side <= Side.LAST : side == Side.NONE;
        if (!sideFits) return act.refuse(IConsignments.SideInvalid.selector, act.milestone, side);
        act.side = side;
        if (statement.counterparty != address(0) && !_isOne(act.milestone, NAMING)) {
            return act.refuse(IConsignments.CounterpartyUnexpected.selector, uint160(statement.counterparty));
        }
        if (statement.terms != 0 && !_isOne(act.milestone, WITH_TERMS)) {
            return act.refuseTerms(statement.terms);
        }
        return true;
    }

    /// @notice Judge an act on a consignment that exists, and change what its effect is; not head and position.
    function judge(Act memory act, Record storage record, IConsignments.Entry calldata entry) internal returns (bool) {
        uint8 phase = act.course.phase();
        if (phase >= Phase.DELIVERED && !_isOne(act.milestone, LASTING)) {
            return act.refuse(IConsignments.PhaseForbids.selector, act.milestone, phase);
        }
        uint8 milestone = act.milestone;
        if (milestone < Milestone.DECLARED) return _judgeGoods(act, milestone, record, entry.statement);
        if (milestone < Milestone.INSPECTED) return _judgeDeclaration(act, milestone, record, entry);
        if (milestone < Milestone.TRANSIT_PASSED) return _judgeDecision(act, milestone, record, entry);
        return _judgeEnd(act, milestone, record, entry.statement);
    }

    /// @dev Rows 2 to 12
    function _judgeGoods(
        Act memory act,
        uint8 milestone,
        Record storage record,
        IConsignments.Statement calldata statement
    ) private returns (bool) {
        if (milestone == Milestone.HANDOVER_OFFERED) {
            return act.handoverOffered(record, statement);
        }
        if (milestone == Milestone.HANDOVER_ACCEPTED) return act.handoverAccepted(record, statement);
        if (milestone == Milestone.DEPARTED) return act.departed(record, statement);
        if (milestone == Milestone.ARRIVED) return act.arrived(record, statement);
        if (milestone == Milestone.SEALED) return act.isSealed(record, statement);
        if (milestone == Milestone.UNSEALED) return act.unsealed(record, statement);
        if (milestone == Milestone.IMPORTER_NAMED) return act.importerNamed(record, statement);
        if (milestone == Milestone.TRANSIT_ADDED) return act.transitAdded(record, statement);
        if (milestone == Milestone.APPOINTED) return act.appointed(record, statement);
        if (milestone == Milestone.APPOINTMENT_REVOKED) return act.appointmentRevoked(record, statement);
        return act.handoverDeclined(record);
    }

    /// @dev Rows 13 to 21
    function _judgeDeclaration(
        Act memory act,
        uint8 milestone,
        Record storage record,
        IConsignments.Entry calldata entry
    ) private returns (bool) {
        if (milestone == Milestone.DECLARED) return act.declared(record);
        if (milestone == Milestone.DECLARATION_ACCEPTED) return act.declarationAccepted(record);
        if (milestone == Milestone.ASSESSED) return act.assessed(record, entry);
        if (milestone == Milestone.DUTIES_SETTLED) return act.dutiesSettled(record, entry);
        if (milestone == Milestone.DECLARATION_REJECTED) return act.declarationRejected(record);
        if (milestone == Milestone.AMENDED) return act.amended(record);
        if (milestone == Milestone.DOCUMENTS_REQUESTED) return act.documentsRequested(record, entry);
        if (milestone == Milestone.DOCUMENTS_RECEIVED) return act.documentsReceived(record);
        return act.stopped(record, entry);
    }

    /// @dev Rows 22 to 30
    function _judgeDecision(
        Act memory act,
        uint8 milestone,
        Record storage record,
        IConsignments.Entry calldata entry
    ) private returns (bool) {
        if (milestone == Milestone.RELEASED) return act.released(record, entry);
        if (milestone == Milestone.INSPECTED) return act.inspected(record, entry);
        if (milestone == Milestone.HELD) return act.held(record);
        if (milestone == Milestone.UNHELD) return act.unheld(record, entry.statement);
        if (milestone == Milestone.REFUSED) return act.refused(record);
        if (milestone == Milestone.RETURNED) return act.returned(record);
        if (milestone == Milestone.DESTROYED) return act.destroyed(record);
        if (milestone == Milestone.SEIZED) return act.seized(record);
        return act.abandoned(record);
    }

    /// @dev Rows 31 to 36; an observation needs nothing more.
    function _judgeEnd(
        Act memory act,
        uint8 milestone,
        Record storage record,
        IConsignments.Statement calldata statement
    ) private view returns (bool) {
        if (milestone == Milestone.TRANSIT_PASSED) return act.transitPassed(record, statement);
        if (milestone == Milestone.REMOVED) return act.removed(record, statement);
        if (milestone == Milestone.DELIVERED) return act.delivered(record);
        if (milestone == Milestone.CANCELLED) return act.cancelled(record);
        if (milestone == Milestone.CORRECTED) return act.corrected(record, statement);
        return true;
    }

    /// @dev Whether a milestone is one of a set, which has a bit for each.
    function _isOne(uint8 milestone, uint256 milestones) private pure returns (bool) {
        return milestones & (1 << milestone) != 0;
    }
}
