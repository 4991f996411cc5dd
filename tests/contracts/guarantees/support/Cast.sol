// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {
    ALL_MILESTONES,
    Milestone,
    Phase,
    Role,
    SCOPE_AUTOMATION,
    SCOPE_MILESTONES,
    Side
} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../../support/Consortium.sol";

/// @notice Somebody in every role, of countries concerned and not, with keys of every kind; and what one knows of a
/// consignment by looking at it.
abstract contract Cast is Consortium {
    /// @dev Who signs, in which role, for which country; a member's own address or a further key of it.
    struct Speaker {
        Actor signer;
        uint8 role;
        bytes2 country;
    }

    /// @dev The first speakers, by their place in the cast.
    uint256 internal constant KOREA = 0;
    uint256 internal constant SINGAPORE = 1;
    uint256 internal constant NETHERLANDS = 2;
    uint256 internal constant GERMANY = 3;
    uint256 internal constant EXPORTER = 4;
    uint256 internal constant RIVAL = 5;
    uint256 internal constant CARRIER = 6;
    uint256 internal constant TRUCKER = 7;
    uint256 internal constant TERMINAL = 8;
    uint256 internal constant IMPORTER = 9;
    uint256 internal constant EXPORT_BROKER = 10;
    uint256 internal constant BROKER = 11;
    uint256 internal constant AGENCY = 12;
    uint256 internal constant DUTCH_AGENCY = 13;
    uint256 internal constant FOREIGN_AGENCY = 14;
    uint256 internal constant AUDITOR = 15;
    uint256 internal constant KOREAN_MACHINE = 16;
    uint256 internal constant DUTCH_MACHINE = 17;
    uint256 internal constant KOREAN_OFFICER = 18;
    uint256 internal constant CARRIERS_OFFICER = 19;
    uint256 internal constant STRANGER = 20;

    Speaker[] internal cast;
    mapping(uint32 member => uint256) internal placeOf;

    Actor internal germany = _actor("Zoll");

    function setUp() public virtual override {
        super.setUp();
        vm.prank(korea.account);
        uint32 proposal = members.proposeAddition(_founder(germany, DE), 2);
        vm.prank(singapore.account);
        members.approve(proposal);
        _join(korea, Role.AUTHORITY, KR);
        _join(singapore, Role.AUTHORITY, SG);
        _join(netherlands, Role.AUTHORITY, NL);
        _join(germany, Role.AUTHORITY, DE);
        _join(exporter, Role.EXPORTER, KR);
        _joinNew(korea, "rival", Role.EXPORTER, KR);
        _join(carrier, Role.CARRIER, KR);
        _joinNew(netherlands, "trucker", Role.CARRIER, NL);
        _join(terminal, Role.TERMINAL, NL);
        _join(importer, Role.IMPORTER, NL);
        _join(exportBroker, Role.BROKER, KR);
        _join(broker, Role.BROKER, NL);
        _join(agency, Role.AGENCY, SG);
        _joinNew(netherlands, "Dutch agency", Role.AGENCY, NL);
        _joinNew(germany, "German agency", Role.AGENCY, DE);
        _joinNew(singapore, "auditor", Role.AUDITOR, SG);
        _joinKey(KOREA, "Korean machine", SCOPE_AUTOMATION, 0);
        _joinKey(NETHERLANDS, "Dutch machine", SCOPE_AUTOMATION, 0);
        _joinKey(KOREA, "Korean officer", SCOPE_MILESTONES, ALL_MILESTONES);
        _joinKey(CARRIER, "carrier's officer", SCOPE_MILESTONES, ALL_MILESTONES);
        cast.push(Speaker(stranger, Role.CARRIER, KR));
    }

    function _join(Actor memory actor, uint8 role, bytes2 country) private {
        placeOf[_numberOf(actor)] = cast.length;
        cast.push(Speaker(actor, role, country));
    }

    function _joinNew(Actor memory authority, string memory name, uint8 role, bytes2 country) private {
        Actor memory actor = _actor(name);
        _admit(authority, actor, _bit(role));
        _join(actor, role, country);
    }

    function _joinKey(uint256 owner, string memory name, uint8 scopes, uint64 milestones) private {
        Actor memory key = _actor(name);
        _addKey(cast[owner].signer, key, scopes, milestones);
        cast.push(Speaker(key, cast[owner].role, cast[owner].country));
    }

    /// @dev The rows of docs/transitions.md that name a side.
    function _isSided(uint8 milestone) internal pure returns (bool) {
        return milestone == 4 || milestone == 5 || (milestone >= 13 && milestone <= 23)
            || (milestone >= 26 && milestone <= 30);
    }

    function _isHeadless(uint8 milestone) internal pure returns (bool) {
        return milestone == Milestone.STOPPED || milestone == Milestone.HELD || milestone == Milestone.REFUSED
            || milestone == Milestone.OBSERVED;
    }

    function _isFinal(uint8 phase) internal pure returns (bool) {
        return phase >= Phase.DELIVERED;
    }

    /// @dev Whether the phase is one that a hold keeps goods from.
    function _isOnward(uint8 phase) internal pure returns (bool) {
        return phase == Phase.MOVING || phase == Phase.REMOVED || phase == Phase.DELIVERED || phase == Phase.CANCELLED
            || phase == Phase.RETURNED;
    }

    /// @dev A value between two, and as often one of these two: rules are broken at their edges.
    function _within(uint256 seed, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        if (seed % 4 == 0) return lowest;
        return seed % 4 == 1 ? highest : bound(seed / 4, lowest, highest);
    }

    function _sideOf(
        IConsignments.Consignment memory c,
        uint8 side
    ) internal pure returns (IConsignments.SideState memory) {
        return side == Side.EXPORT ? c.exportSide : c.importSide;
    }

    function _countryOf(IConsignments.Consignment memory c, uint8 side) internal pure returns (bytes2) {
        return side == Side.EXPORT ? c.exportCountry : c.importCountry;
    }

    function _isConcerned(IConsignments.Consignment memory c, bytes2 country) internal pure returns (bool) {
        if (country == c.exportCountry || country == c.importCountry) return true;
        for (uint256 i = 0; i < c.transit.length; ++i) {
            if (c.transit[i].country == country) return true;
        }
        return false;
    }

    function _authorityIn(bytes2 country) internal pure returns (uint256) {
        if (country == KR) return KOREA;
        if (country == SG) return SINGAPORE;
        return country == NL ? NETHERLANDS : GERMANY;
    }
}
