// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {CUSTODY_ROLES, Channel, Clearance, Milestone, Phase, Role, Side, Status} from "contracts/types/Vocabulary.sol";
import {World} from "./World.sol";

/// @notice What each accepted statement is held to, guarantee by guarantee, from what was before, what is now, and what the
/// test itself remembers of keys, members and holds. Nothing here asks the contract whether it kept its rules.
abstract contract Laws is World {
    /// @dev One accepted statement with what it changed. `country` is that of the key's member, as it joined.
    struct Step {
        IConsignments.Statement statement;
        IConsignments.Consignment before;
        IConsignments.Consignment now;
        bytes32 digest;
        address key;
        uint32 member;
        bytes2 country;
    }

    struct Breach {
        bool found;
        uint8 milestone;
        address key;
    }

    error GuaranteeBroken(bytes32 guarantee, uint8 milestone, address key);

    mapping(bytes32 guarantee => Breach) private _breaches;

    /// @dev What the test remembers, apart from the contracts.
    mapping(bytes32 consignment => bytes32[]) internal _digests;
    mapping(bytes32 consignment => address[]) internal _keys;
    mapping(bytes32 consignment => mapping(bytes32 digest => mapping(uint32 member => bool))) internal _wasSaid;
    mapping(bytes32 consignment => mapping(bytes32 digest => mapping(uint32 member => bool))) internal _hasHold;
    mapping(address key => uint256 time) internal _retiredSince;
    mapping(uint32 member => uint8 status) internal _statusOf;
    mapping(address key => uint256 place) internal _placeOfKey;

    /// @notice Fail where a guarantee was broken in what was stated so far.
    function requireKept(bytes32 guarantee) external view {
        Breach memory breach = _breaches[guarantee];
        if (breach.found) revert GuaranteeBroken(guarantee, breach.milestone, breach.key);
    }

    function _uphold(bytes32 guarantee, bool isKept, IConsignments.Statement memory s, address key) internal {
        if (!isKept && !_breaches[guarantee].found) _breaches[guarantee] = Breach(true, s.milestone, key);
    }

    function _weigh(Step memory step) internal {
        _weighCustody(step);
        _weighHolds(step);
        _weighMovement(step);
        _weighEnd(step);
        _weighHistory(step);
        _weighSigner(step);
        _weighAuthority(step);
        _weighParties(step);
    }

    function _uphold(bytes32 guarantee, bool isKept, Step memory step) internal {
        _uphold(guarantee, isKept, step.statement, step.key);
    }

    function _weighCustody(Step memory step) private {
        (IConsignments.Consignment memory a, IConsignments.Consignment memory b) = (step.before, step.now);
        _uphold("one-holder", b.holder != 0 && b.holder != b.offeredTo, step);
        if (a.head == 0) return;
        uint8 milestone = step.statement.milestone;
        bool isTaken = milestone == Milestone.HANDOVER_ACCEPTED && b.holder == a.offeredTo && b.holder == step.member;
        bool isOffered = milestone == Milestone.HANDOVER_OFFERED && step.member == a.holder;
        _uphold("custody-by-consent", b.holder == a.holder || isTaken, step);
        _uphold("custody-by-consent", b.offeredTo == a.offeredTo || b.offeredTo == 0 || isOffered, step);

        bool namesSeal = milestone == Milestone.HANDOVER_ACCEPTED || milestone == Milestone.DEPARTED
            || milestone == Milestone.ARRIVED || milestone == Milestone.REMOVED || milestone == Milestone.UNSEALED;
        _uphold("seal-is-named", !namesSeal || step.statement.detail == a.seal, step);
        bool isSealing = milestone == Milestone.SEALED && a.seal == 0 && b.seal == step.statement.detail;
        bool isUnsealing = milestone == Milestone.UNSEALED && b.seal == 0;
        _uphold("seal-is-named", a.seal == b.seal || isSealing || isUnsealing, step);
    }

    function _weighHolds(Step memory step) private {
        (IConsignments.Consignment memory a, IConsignments.Consignment memory b) = (step.before, step.now);
        bool wentOn = a.phase != b.phase && _isOnward(b.phase);
        bool wasReleased = _isReleased(a.exportSide) != _isReleased(b.exportSide) && _isReleased(b.exportSide);
        wasReleased = wasReleased || (!_isReleased(a.importSide) && _isReleased(b.importSide));
        _uphold("held-does-not-move", a.openHolds == 0 || !(wentOn || wasReleased), step);

        bool isOut = wentOn && b.phase != Phase.RETURNED;
        bool isKept = (a.location == a.exportCountry && _keeps(a.exportSide))
            || (a.location == a.importCountry && _keeps(a.importSide));
        _uphold("stop-and-refusal-keep", !(isKept && isOut), step);

        bytes32 hold = step.statement.terms;
        uint32 setter = step.statement.counterparty == address(0)
            ? step.member
            : members.memberOf(step.statement.counterparty).number;
        bool isForAnother = setter != step.member;
        bool isSuccessor = _statusOf[setter] == Status.DISMISSED && step.statement.role == Role.AUTHORITY
            && cast[placeOf[setter]].country == step.country;
        bool isLifted = step.statement.milestone == Milestone.UNHELD && a.openHolds == b.openHolds + 1
            && _hasHold[step.statement.consignment][hold][setter] && (!isForAnother || isSuccessor);
        _uphold("hold-ends-by-its-setter", a.openHolds <= b.openHolds || isLifted, step);
        if (isLifted) _hasHold[step.statement.consignment][hold][setter] = false;
        if (step.statement.milestone == Milestone.HELD) {
            _hasHold[step.statement.consignment][step.digest][step.member] = true;
            _uphold("hold-is-never-kept-out", b.openHolds == a.openHolds + 1, step);
        }
    }

    function _isReleased(IConsignments.SideState memory side) private pure returns (bool) {
        return side.clearance == Clearance.RELEASED;
    }

    function _keeps(IConsignments.SideState memory side) private pure returns (bool) {
        return side.stopped || side.clearance == Clearance.REFUSED;
    }

    function _weighMovement(Step memory step) private {
        (IConsignments.Consignment memory a, IConsignments.Consignment memory b) = (step.before, step.now);
        if (a.phase == Phase.AT_REST && b.phase == Phase.MOVING && b.destination != a.location) {
            bool mayLeave = a.location == a.exportCountry && _isReleased(a.exportSide);
            for (uint256 i = 0; i < a.transit.length; ++i) {
                if (a.transit[i].country == a.location) mayLeave = mayLeave || a.transit[i].passed;
            }
            _uphold("nothing-leaves-unreleased", mayLeave && a.location != a.importCountry, step);
        }
        bool isBeyond = b.phase == Phase.REMOVED || b.phase == Phase.DELIVERED;
        _uphold("nothing-leaves-unreleased", !isBeyond || a.phase == b.phase || _isReleased(a.importSide), step);
        _uphold("nothing-leaves-unreleased", b.phase != Phase.REMOVED || b.location == b.importCountry, step);
        _weighChannel(step, a.exportSide, b.exportSide);
        _weighChannel(step, a.importSide, b.importSide);
    }

    function _weighChannel(
        Step memory step,
        IConsignments.SideState memory a,
        IConsignments.SideState memory b
    ) private {
        bool isOpened = b.channel != Channel.CLOSED && (a.channel != b.channel || a.assessment != b.assessment);
        _uphold("channel-is-as-assessed", !isOpened || b.assessment == _assessment(b.channel), step);
        if (a.clearance != b.clearance && b.clearance == Clearance.RELEASED && a.clearance != Clearance.REFUSED) {
            bool isOpen = b.channel != Channel.CLOSED && !b.documentsPending;
            _uphold("channel-is-as-assessed", isOpen, step);
        }
    }

    function _weighEnd(Step memory step) private {
        uint8 milestone = step.statement.milestone;
        bool isSame = _lifeOf(step.before) == _lifeOf(step.now);
        bool isWord = milestone == Milestone.CORRECTED || milestone == Milestone.OBSERVED;
        _uphold("final-is-final", !_isFinal(step.before.phase) || (isSame && isWord), step);
        _uphold("final-is-final", milestone != Milestone.CORRECTED || isSame, step);
        if (milestone != Milestone.OBSERVED) return;
        bool isUntouched = isSame && step.before.head == step.now.head && step.before.position == step.now.position;
        _uphold("observation-moves-nothing", isUntouched, step);
    }

    /// @dev All that a consignment is but its history.
    function _lifeOf(IConsignments.Consignment memory c) internal pure returns (bytes32 life) {
        (bytes32 head, uint32 position) = (c.head, c.position);
        (c.head, c.position) = (0, 0);
        life = keccak256(abi.encode(c));
        (c.head, c.position) = (head, position);
    }

    function _weighHistory(Step memory step) private {
        IConsignments.Statement memory s = step.statement;
        _uphold("statements-in-order", !_wasSaid[s.consignment][step.digest][step.member], step);
        _wasSaid[s.consignment][step.digest][step.member] = true;
        if (s.milestone == Milestone.OBSERVED) return;
        bytes32 head = keccak256(abi.encode(step.before.head, step.digest, step.key));
        _uphold("head-is-the-history", step.now.head == head, step);
        bool isNext = step.now.position == step.before.position + 1;
        _uphold("statements-in-order", isNext, step);
        _uphold("statements-in-order", _isHeadless(s.milestone) || s.previousHead == step.before.head, step);
        _digests[s.consignment].push(step.digest);
        _keys[s.consignment].push(step.key);
    }

    function _weighSigner(Step memory step) private {
        IConsignments.Statement memory s = step.statement;
        bool isTimely = block.timestamp <= s.validUntil && s.eventTime <= block.timestamp + 5 minutes
            && s.signedTime <= block.timestamp + 5 minutes;
        _uphold("late-has-no-effect", isTimely, step);
        uint256 retired = _retiredSince[step.key];
        _uphold("retired-key-adds-nothing", retired == 0 || block.timestamp < retired, step);
        _uphold("suspended-says-nothing", _statusOf[step.member] == Status.NONE, step);
        uint256 place = _placeOfKey[step.key];
        bool isKnown = step.member != 0 && place != 0 && cast[place - 1].role == s.role;
        _uphold("nobody-speaks-for-another", isKnown, step);
        if (place != KOREAN_MACHINE + 1 && place != DUTCH_MACHINE + 1) return;
        (IConsignments.SideState memory a, IConsignments.SideState memory b) =
            (_sideOf(step.before, s.side), _sideOf(step.now, s.side));
        bool isAssessed = s.milestone == Milestone.ASSESSED && a.clearance == Clearance.ACCEPTED;
        bool isReleased = s.milestone == Milestone.RELEASED && a.clearance == Clearance.ASSESSED;
        _uphold("automation-opens-green", (isAssessed || isReleased) && b.channel == Channel.GREEN, step);
    }

    function _weighAuthority(Step memory step) private {
        IConsignments.Statement memory s = step.statement;
        uint8 milestone = s.milestone;
        if (milestone == Milestone.OBSERVED) return;
        if (s.role != Role.AUTHORITY && s.role != Role.AGENCY) {
            bool isDecision = milestone > Milestone.DECLARED && milestone <= Milestone.TRANSIT_PASSED
                && milestone != Milestone.AMENDED;
            _uphold("authority-in-its-country", !isDecision, step);
            return;
        }
        bool isHere = _isConcerned(step.before, step.country);
        if (_isSided(milestone)) isHere = _countryOf(step.before, s.side) == step.country;
        if (milestone == Milestone.SEALED || milestone == Milestone.UNSEALED) {
            isHere = step.before.location == step.country && step.before.phase == Phase.AT_REST;
        }
        if (milestone == Milestone.TRANSIT_PASSED) isHere = bytes2(s.terms) == step.country;
        _uphold("authority-in-its-country", isHere, step);
    }

    function _weighParties(Step memory step) private {
        (IConsignments.Consignment memory a, IConsignments.Consignment memory b) = (step.before, step.now);
        if (a.head == 0) {
            address owner = cast[placeOf[b.exporter]].signer.account;
            bool isOwn = step.member == b.exporter && _isExporter(step)
                && step.statement.consignment == keccak256(abi.encodePacked(owner, step.statement.detail));
            _uphold("one-id-one-exporter", isOwn, step);
            return;
        }
        _uphold("one-id-one-exporter", step.statement.milestone != Milestone.REGISTERED, step);
        bool isFixed = a.exporter == b.exporter && a.exportCountry == b.exportCountry
            && a.importCountry == b.importCountry && (a.importer == 0 || a.importer == b.importer);
        _uphold("parties-and-route-stay", isFixed && a.transit.length <= b.transit.length, step);
        for (uint256 i = 0; i < a.transit.length && i < b.transit.length; ++i) {
            bool isSame = a.transit[i].country == b.transit[i].country && (!a.transit[i].passed || b.transit[i].passed);
            _uphold("parties-and-route-stay", isSame, step);
        }
        bool isCustodian = _bit(cast[placeOf[b.holder]].role) & CUSTODY_ROLES != 0;
        _uphold("one-holder", isCustodian, step);
    }

    function _isExporter(Step memory step) private pure returns (bool) {
        return step.statement.role == Role.EXPORTER && step.country == step.now.exportCountry;
    }
}
