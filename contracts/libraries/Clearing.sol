// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {Act, Headless, Record} from "../types/Act.sol";
import {Channel, Clearance, Inspection, Phase, Problem, Role, Side} from "../types/Vocabulary.sol";
import {Entitlement} from "./Entitlement.sol";
import {Needs} from "./Needs.sol";
import {Terms} from "./Terms.sol";

/// @title Clearance, inspection, holds and refusal
/// @notice Rows 13 to 30 of docs/transitions.md, a function each: who, needs, then the effect.
library Clearing {
    using Entitlement for Act;
    using Needs for Act;
    using Terms for bytes32;

    bytes internal constant BLINDED_TAG = "smartborder:blinded:v1\x00";
    bytes internal constant ASSESSMENT_TAG = "smartborder:assessment:v1\x00";

    uint8 private constant LAST_DUTIES = 3; // settled, secured, none due
    uint8 private constant LAST_INSPECTION = 2; // passed, failed
    uint8 private constant ON_APPEAL = 1;

    /// @dev 13. On the import side nobody is the declarant until an importer is named.
    function declared(Act memory act, Record storage record) internal returns (bool) {
        if (!act.isBy(record, Entitlement.DECLARANT) || !act.isCleared(Needs.NONE | Needs.REJECTED)) return false;

        return _declare(act, record);
    }

    /// @dev 14
    function declarationAccepted(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(Needs.DECLARED)) return false;

        act.course = act.course.withClearance(act.side, Clearance.ACCEPTED);
        return true;
    }

    /// @dev 15
    function declarationRejected(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(Needs.DECLARED | Needs.ACCEPTED)) return false;

        act.course = act.course.withClearance(act.side, Clearance.REJECTED);
        return true;
    }

    /// @dev 16
    function amended(Act memory act, Record storage record) internal returns (bool) {
        if (!act.isBy(record, Entitlement.DECLARANT)) return false;
        if (!act.isCleared(Needs.DECLARED | Needs.ACCEPTED | Needs.ASSESSED)) return false;

        return _declare(act, record);
    }

    /// @dev 17
    function documentsRequested(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(Needs.ACCEPTED | Needs.ASSESSED)) {
            return false;
        }
        if (!_opensOnly(act, entry.statement.terms, Channel.YELLOW) || !_opens(act, record, entry)) return false;

        act.course = act.course.withDocumentsPending(act.side, true);
        return true;
    }

    /// @dev 18
    function documentsReceived(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY)) return false;
        if (!act.course.documentsPending(act.side)) {
            return act.refuse(IConsignments.DocumentsNotPending.selector, act.side);
        }

        act.course = act.course.withDocumentsPending(act.side, false);
        return true;
    }

    /// @dev 19
    function dutiesSettled(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(Needs.ACCEPTED | Needs.ASSESSED)) {
            return false;
        }
        bytes32 terms = entry.statement.terms;
        bool isHow = terms.number() != 0 && terms.number() <= LAST_DUTIES && terms.endsAt(1);
        if (!isHow) return act.refuseTerms(terms);

        act.course = act.course.withDutiesMet(act.side);
        return true;
    }

    /// @dev 20. What is not green is opened later, so that nobody is warned. What was assessed once is assessed again by
    /// an officer only.
    function assessed(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal returns (bool) {
        uint256 assessable = act.isAutomatic ? Needs.ACCEPTED : Needs.ACCEPTED | Needs.ASSESSED;
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(assessable)) return false;
        bytes32 assessment = entry.statement.detail;
        if (!act.hasDetail(assessment)) return false;
        act.course = act.course.withChannel(act.side, Channel.CLOSED);
        if (!_opensOnly(act, entry.statement.terms, Channel.GREEN)) return false;
        if (!_opensCommitment(act, assessment, entry) || !_isGreenIfAutomatic(act)) return false;

        record.assessment[act.side] = assessment;
        act.course = act.course.withClearance(act.side, Clearance.ASSESSED).withInspection(act.side, Inspection.NONE);
        return true;
    }

    /// @dev 21. It stands where nothing is assessed any more: a declarant that amends before it keeps no stop out. What it
    /// opens is told by its terms and what was recorded, so that the state can be rebuilt from the events.
    function stopped(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY)) return false;
        if (!_opensOnly(act, entry.statement.terms, Channel.RED)) return false;
        if (record.assessment[act.side] != 0 && !_opens(act, record, entry)) return false;

        act.course = act.course.withStopped(act.side, true);
        return true;
    }

    /// @dev 22. Only where the goods are.
    function inspected(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(~Needs.NONE)) {
            return false;
        }
        if (!act.isBeforeAuthority()) return false;
        bytes32 terms = entry.statement.terms;
        uint8 result = terms.number();
        bool hasResult = result != 0 && result <= LAST_INSPECTION && terms.isNumberAndChannel();
        if (!hasResult) return act.refuseTerms(terms);
        if (!_mayOpen(act, terms, Channel.RED) || !_opens(act, record, entry)) return false;

        uint8 inspection = result;
        act.course = act.course.withInspection(act.side, inspection);
        if (inspection == Inspection.PASSED) act.course = act.course.withStopped(act.side, false);
        return true;
    }

    /// @dev 23. By the channel, or, by an officer, on appeal after a refusal.
    function released(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY)) return false;
        if (!act.isNotHeld() || !act.isNotStopped(act.side)) return false;
        bytes32 terms = entry.statement.terms;
        if (terms.number() > ON_APPEAL || !terms.isNumberAndChannel()) return act.refuseTerms(terms);
        bool onAppeal = terms.number() == ON_APPEAL;
        if (onAppeal && act.isAutomatic) {
            return act.refuse(IConsignments.KeyOutOfScope.selector, uint160(act.key), act.milestone);
        }
        if (!act.isCleared(onAppeal ? Needs.REFUSED : Needs.ASSESSED) || !_opens(act, record, entry)) return false;
        if (!_isGreenIfAutomatic(act)) return false;
        if (!onAppeal && !_isReleasable(act)) return false;

        act.course = act.course.withClearance(act.side, Clearance.RELEASED);
        return true;
    }

    /// @dev 24
    function held(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY_CONCERNED | Entitlement.AGENCY_CONCERNED)) return false;

        act.course = act.course.withOpenHolds(act.course.openHolds() + 1);
        return true;
    }

    /// @dev 25. By the member that set the hold, in the roles in which holds are set; or for one that was dismissed.
    function unheld(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        bool isOwn = statement.counterparty == address(0);
        if (!(isOwn ? _setsHolds(act) : _succeeds(act, statement.counterparty))) return false;
        mapping(uint32 => uint8) storage hold = record.headless[statement.terms];
        uint32 setter = isOwn ? act.signer.number() : act.counterparty.number();
        if (hold[setter] != Headless.HOLD_STANDS) {
            return act.refuse(IConsignments.HoldUnknown.selector, setter, statement.terms);
        }

        hold[setter] = Headless.HOLD_LIFTED;
        act.course = act.course.withOpenHolds(act.course.openHolds() - 1);
        return true;
    }

    /// @dev Whoever set a hold was concerned then, and still is: no country leaves the route.
    function _setsHolds(Act memory act) private pure returns (bool) {
        return act.role == Role.AUTHORITY || act.role == Role.AGENCY || act.refuseRole();
    }

    /// @dev 26
    function refused(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(~(Needs.NONE | Needs.REFUSED))) return false;

        act.course = act.course.withClearance(act.side, Clearance.REFUSED).withStopped(act.side, false);
        return true;
    }

    /// @dev 27. What is held stays.
    function returned(Act memory act, Record storage record) internal view returns (bool) {
        return _ends(act, record, Phase.RETURNED) && act.isNotHeld();
    }

    /// @dev 28
    function destroyed(Act memory act, Record storage record) internal view returns (bool) {
        return _ends(act, record, Phase.DESTROYED);
    }

    /// @dev 29
    function seized(Act memory act, Record storage record) internal view returns (bool) {
        return _ends(act, record, Phase.SEIZED);
    }

    /// @dev 30
    function abandoned(Act memory act, Record storage record) internal view returns (bool) {
        return _ends(act, record, Phase.ABANDONED);
    }

    /// @dev Begin a side's clearance anew.
    function _declare(Act memory act, Record storage record) private returns (bool) {
        if (record.assessment[act.side] != 0) record.assessment[act.side] = 0;
        act.course = act.course.withDeclaration(act.side);
        return true;
    }

    /// @dev The authority of the side, before whom the goods are, ends the life of goods that it refused.
    function _ends(Act memory act, Record storage record, uint8 phase) private view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY) || !act.isCleared(Needs.REFUSED)) return false;
        if (!act.isBeforeAuthority()) return false;

        act.course = act.course.withPhase(phase);
        return true;
    }

    /// @dev The signer is an authority of the country of the member named, which was dismissed and lifts nothing any more.
    function _succeeds(Act memory act, address setter) private pure returns (bool) {
        if (act.counterparty.problem() != Problem.DISMISSED) {
            return act.refuse(IConsignments.CounterpartyUnexpected.selector, uint160(setter));
        }
        if (act.role != Role.AUTHORITY) return act.refuseRole();
        return act.isOf(act.counterparty.country());
    }

    /// @dev The channel is open, and what it asks for is there: papers, an inspection passed, duties met.
    function _isReleasable(Act memory act) private pure returns (bool) {
        uint8 channel = act.course.channel(act.side);
        uint8 inspection = act.course.inspection(act.side);
        if (channel == Channel.CLOSED) return _refuseSide(act, IConsignments.ChannelClosed.selector);
        if (act.course.documentsPending(act.side)) return _refuseSide(act, IConsignments.DocumentsPending.selector);
        if (inspection == Inspection.FAILED) return _refuseSide(act, IConsignments.InspectionFailed.selector);
        if (channel == Channel.RED && inspection != Inspection.PASSED) {
            return _refuseSide(act, IConsignments.InspectionMissing.selector);
        }
        if (act.side == Side.IMPORT && !act.course.dutiesMet(act.side)) {
            return _refuseSide(act, IConsignments.DutiesMissing.selector);
        }
        return true;
    }

    /// @dev Note an error whose one argument is the side.
    function _refuseSide(Act memory act, bytes4 selector) private pure returns (bool) {
        return act.refuse(selector, act.side);
    }

    /// @dev A machine decides on nothing but what is green.
    function _isGreenIfAutomatic(Act memory act) private pure returns (bool) {
        uint8 channel = act.course.channel(act.side);
        if (!act.isAutomatic || channel == Channel.GREEN) return true;
        return act.refuse(IConsignments.AutomationNotGreen.selector, uint160(act.key), channel);
    }

    /// @dev The terms say nothing but the channel opened, if any, which is the one given.
    function _opensOnly(Act memory act, bytes32 terms, uint8 channel) private pure returns (bool) {
        if (!terms.isChannel()) return act.refuseTerms(terms);
        return _mayOpen(act, terms, channel);
    }

    /// @dev The terms open no channel, or the one given.
    function _mayOpen(Act memory act, bytes32 terms, uint8 channel) private pure returns (bool) {
        uint8 opened = terms.channel();
        if (opened == 0 || opened == channel) return true;
        return act.refuse(IConsignments.ChannelForbids.selector, act.milestone, opened);
    }

    /// @dev Open the channel that the terms name, if any, against the assessment recorded.
    function _opens(
        Act memory act,
        Record storage record,
        IConsignments.Entry calldata entry
    ) private view returns (bool) {
        if (entry.statement.terms.channel() == 0) return true;
        bytes32 assessment = record.assessment[act.side];
        if (assessment == 0) return _refuseSide(act, IConsignments.AssessmentMissing.selector);
        return _opensCommitment(act, assessment, entry);
    }

    /// @dev Open the channel that the terms name, if any: the opening fits this commitment.
    function _opensCommitment(
        Act memory act,
        bytes32 assessment,
        IConsignments.Entry calldata entry
    ) private pure returns (bool) {
        uint8 opened = entry.statement.terms.channel();
        if (opened == 0) return true;
        if (opened > Channel.LAST) {
            return act.refuse(IConsignments.ChannelForbids.selector, act.milestone, opened);
        }
        if (!_isCommittedTo(assessment, opened, entry.opening)) {
            return act.refuse(IConsignments.OpeningInvalid.selector, act.side, opened);
        }

        act.course = act.course.withChannel(act.side, opened);
        return true;
    }

    /// @dev Whether the commitment recorded is to this channel, with this blind and these reasons.
    function _isCommittedTo(
        bytes32 assessment,
        uint8 channel,
        IConsignments.Opening calldata opening
    ) private pure returns (bool) {
        bytes32 committed = sha256(abi.encodePacked(ASSESSMENT_TAG, channel, opening.reasons));
        return sha256(abi.encodePacked(BLINDED_TAG, opening.blind, committed)) == assessment;
    }
}
