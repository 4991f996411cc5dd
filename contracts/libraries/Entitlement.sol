// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {Act, Record} from "../types/Act.sol";
import {MAX_TRANSIT_COUNTRIES, Parties} from "../types/Parties.sol";
import {CUSTODY_ROLES, Milestone, Role, Side, bit} from "../types/Vocabulary.sol";

/// @title Who may state a milestone
/// @notice The words of the column "who" of docs/transitions.md, a bit each.
library Entitlement {
    uint256 internal constant EXPORTER = 1 << 0;
    uint256 internal constant IMPORTER = 1 << 1;
    /// @dev The exporter on the export side, the importer on the import side.
    uint256 internal constant SIDES_PARTY = 1 << 2;
    /// @dev The side's party, or the broker that it appointed.
    uint256 internal constant DECLARANT = 1 << 3;
    /// @dev The broker appointed on either side.
    uint256 internal constant APPOINTED = 1 << 4;
    uint256 internal constant HOLDER = 1 << 5;
    uint256 internal constant OFFERED = 1 << 6;
    /// @dev An authority of the side's country.
    uint256 internal constant AUTHORITY = 1 << 7;
    uint256 internal constant AUTHORITY_HERE = 1 << 8;
    uint256 internal constant AUTHORITY_CONCERNED = 1 << 9;
    uint256 internal constant AGENCY_CONCERNED = 1 << 10;

    /// @notice Whether the signer, in the role acted in, is one of `who`.
    function isBy(Act memory act, Record storage record, uint256 who) internal view returns (bool) {
        if (act.role == Role.AUTHORITY) return _isAuthority(act, record, who);
        if (act.role == Role.AGENCY && who & AGENCY_CONCERNED != 0) return _isConcerned(act, record);
        if (act.role == Role.BROKER) return _isBroker(act, record, who);
        return _isTrader(act, record, who);
    }

    /// @notice Whether the signer is the exporter of the export side or the importer of the import side, and acts as such.
    function isSidesParty(Act memory act, Parties parties) internal pure returns (bool) {
        if (_partyBits(act) & SIDES_PARTY == 0) return refuseRole(act);
        uint32 member = act.signer.number();
        if (member == parties.partyOf(act.side)) return true;
        return act.refuse(IConsignments.NotParty.selector, member, act.role);
    }

    /// @notice Whether a country is the export, the import or a transit country.
    function concerns(Act memory act, Record storage record, bytes2 country) internal view returns (bool) {
        if (country == act.course.exportCountry() || country == act.course.importCountry()) return true;
        return country != 0 && record.parties.indexOf(country) < MAX_TRANSIT_COUNTRIES;
    }

    /// @dev The signer is the authority that the words of "who" ask for.
    function _isAuthority(Act memory act, Record storage record, uint256 who) private view returns (bool) {
        if (who & AUTHORITY_CONCERNED != 0) return _isConcerned(act, record);
        if (who & AUTHORITY != 0) return isOf(act, act.course.countryOf(act.side));
        if (who & AUTHORITY_HERE != 0) return isOf(act, act.course.location());
        return refuseRole(act);
    }

    /// @notice Whether the signer's country is the one required.
    function isOf(Act memory act, bytes2 required) internal pure returns (bool) {
        bytes2 country = act.signer.country();
        if (country == required) return true;
        return act.refuse(IConsignments.OutsideJurisdiction.selector, act.signer.number(), country, required);
    }

    /// @dev The signer's country is one that the consignment concerns.
    function _isConcerned(Act memory act, Record storage record) private view returns (bool) {
        bytes2 country = act.signer.country();
        if (concerns(act, record, country)) return true;
        return act.refuse(IConsignments.NotConcerned.selector, act.signer.number(), country);
    }

    /// @dev The signer is the broker appointed on the side, or, where either will do, on one of them.
    function _isBroker(Act memory act, Record storage record, uint256 who) private view returns (bool) {
        if (who & (DECLARANT | APPOINTED) == 0) return refuseRole(act);
        uint32 member = act.signer.number();
        Parties parties = record.parties;
        bool appointed = who & APPOINTED == 0
            ? member == parties.declarant(act.side)
            : member == parties.declarant(Side.EXPORT) || member == parties.declarant(Side.IMPORT);
        if (appointed) return true;
        return act.refuse(IConsignments.NotDeclarant.selector, member, act.side);
    }

    /// @dev The holder, whom custody was offered to, or a party: whichever of them may state it.
    function _isTrader(Act memory act, Record storage record, uint256 who) private view returns (bool) {
        uint32 member = act.signer.number();
        bool hasCustodyRole = CUSTODY_ROLES & bit(act.role) != 0;
        if (hasCustodyRole && who & HOLDER != 0 && member == act.course.holder()) return true;
        if (hasCustodyRole && who & OFFERED != 0 && member == act.course.offeredTo()) return true;

        bool isPartyRole = who & _partyBits(act) != 0;
        if (isPartyRole && member == _party(act, record)) return true;

        if (isPartyRole) return act.refuse(IConsignments.NotParty.selector, member, act.role);
        if (!hasCustodyRole || who & (HOLDER | OFFERED) == 0) return refuseRole(act);
        if (who & OFFERED != 0) return act.refuse(IConsignments.NotOffered.selector, member, act.course.offeredTo());
        return act.refuse(IConsignments.NotHolder.selector, member, act.course.holder());
    }

    /// @dev The words of "who" that the role acted in fits, as a party.
    function _partyBits(Act memory act) private pure returns (uint256) {
        if (act.role == Role.EXPORTER) return EXPORTER | (act.side == Side.EXPORT ? SIDES_PARTY | DECLARANT : 0);
        if (act.role == Role.IMPORTER) return IMPORTER | (act.side == Side.IMPORT ? SIDES_PARTY | DECLARANT : 0);
        return 0;
    }

    /// @dev The member that is the party in whose role the signer acts.
    function _party(Act memory act, Record storage record) private view returns (uint32) {
        return act.role == Role.EXPORTER ? record.parties.exporter() : record.parties.importer();
    }

    /// @notice Note that the milestone is not stated in the role acted in.
    function refuseRole(Act memory act) internal pure returns (bool) {
        return act.refuse(IConsignments.RoleNotFitting.selector, act.milestone, act.role);
    }
}
