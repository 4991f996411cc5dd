// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {Act, Record} from "../types/Act.sol";
import {Clearance, Phase, Problem, Side} from "../types/Vocabulary.sol";

/// @title What milestones need
/// @notice The words that many rows of docs/transitions.md have in common in their column "needs".
library Needs {
    uint256 internal constant AT_REST = 1 << Phase.AT_REST;
    uint256 internal constant MOVING = 1 << Phase.MOVING;
    uint256 internal constant REMOVED = 1 << Phase.REMOVED;

    uint256 internal constant NONE = 1 << Clearance.NONE;
    uint256 internal constant DECLARED = 1 << Clearance.DECLARED;
    uint256 internal constant ACCEPTED = 1 << Clearance.ACCEPTED;
    uint256 internal constant REJECTED = 1 << Clearance.REJECTED;
    uint256 internal constant ASSESSED = 1 << Clearance.ASSESSED;
    uint256 internal constant RELEASED = 1 << Clearance.RELEASED;
    uint256 internal constant REFUSED = 1 << Clearance.REFUSED;

    /// @notice The goods are in one of `phases`.
    function isIn(Act memory act, uint256 phases) internal pure returns (bool) {
        uint8 phase = act.course.phase();
        if (phases & (1 << phase) != 0) return true;
        return act.refuse(IConsignments.PhaseForbids.selector, act.milestone, phase);
    }

    /// @notice The clearance of the act's side is one of `clearances`.
    function isCleared(Act memory act, uint256 clearances) internal pure returns (bool) {
        uint8 clearance = act.course.clearance(act.side);
        if (clearances & (1 << clearance) != 0) return true;
        return act.refuse(IConsignments.ClearanceForbids.selector, act.milestone, act.side, clearance);
    }

    /// @notice No hold stands.
    function isNotHeld(Act memory act) internal pure returns (bool) {
        uint32 holds = act.course.openHolds();
        if (holds == 0) return true;
        return act.refuse(IConsignments.ConsignmentHeld.selector, holds);
    }

    /// @notice No stop stands on a side.
    function isNotStopped(Act memory act, uint8 side) internal pure returns (bool) {
        if (!act.course.stopped(side)) return true;
        return act.refuse(IConsignments.StopPending.selector, side);
    }

    /// @notice No hold stands, and the side is neither stopped nor refused.
    function isFree(Act memory act, uint8 side) internal pure returns (bool) {
        if (!isNotHeld(act) || !isNotStopped(act, side)) return false;
        if (act.course.clearance(side) != Clearance.REFUSED) return true;
        return act.refuse(IConsignments.SideRefused.selector, side);
    }

    /// @notice Neither a hold nor the side of the country where the goods are, if it is one, keeps them there.
    function isFreeToDepart(Act memory act) internal pure returns (bool) {
        bytes2 location = act.course.location();
        if (location == act.course.exportCountry()) return isFree(act, Side.EXPORT);
        if (location == act.course.importCountry()) return isFree(act, Side.IMPORT);
        return isNotHeld(act);
    }

    /// @notice The goods are in this country.
    function isAt(Act memory act, bytes2 required) internal pure returns (bool) {
        bytes2 location = act.course.location();
        if (location == required) return true;
        return act.refuse(IConsignments.LocationMismatch.selector, location, required);
    }

    /// @notice The authority of the act's side has the goods before it: at rest or removed, in its country.
    function isBeforeAuthority(Act memory act) internal pure returns (bool) {
        return isIn(act, AT_REST | REMOVED) && isAt(act, act.course.countryOf(act.side));
    }

    /// @notice The detail is the seal recorded, or zero where there is none.
    function hasSeal(Act memory act, Record storage record, bytes32 detail) internal view returns (bool) {
        bytes32 seal = record.seal;
        if (detail == seal) return true;
        return act.refuse(IConsignments.SealMismatch.selector, seal, detail);
    }

    /// @notice There is a detail.
    function hasDetail(Act memory act, bytes32 detail) internal pure returns (bool) {
        if (detail != 0) return true;
        return act.refuse(IConsignments.DetailMissing.selector, act.milestone);
    }

    /// @notice The counterparty is active, holds one of `roles`, and belongs to `country` (zero: any).
    function namesActive(
        Act memory act,
        address counterparty,
        uint16 roles,
        bytes2 country
    ) internal pure returns (bool) {
        uint8 problem = act.counterparty.number() == 0 ? Problem.UNKNOWN : act.counterparty.problem();
        if (problem != Problem.NONE) {
            return act.refuse(IConsignments.CounterpartyNotActive.selector, uint160(counterparty), problem);
        }
        bool fits = act.counterparty.roles() & roles != 0 && (country == 0 || act.counterparty.country() == country);
        if (fits) return true;
        return act.refuse(IConsignments.CounterpartyNotEligible.selector, uint160(counterparty), roles, country);
    }

    /// @notice Note that the terms are not those of the milestone.
    function refuseTerms(Act memory act, bytes32 terms) internal pure returns (bool) {
        return act.refuse(IConsignments.TermsInvalid.selector, act.milestone, terms);
    }
}
