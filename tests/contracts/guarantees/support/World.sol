// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Channel, Clearance, Inspection, Milestone, Phase, Role, Side} from "contracts/types/Vocabulary.sol";
import {Cast} from "./Cast.sol";

/// @notice The statement that fits a milestone as things stand, and the milestone that fits a consignment, so that lives get
/// far.
abstract contract World is Cast {
    /// @dev Lead the consignment some steps towards its importer, or astray.
    function _lead(uint256 seed, uint256 steps) internal {
        for (uint256 i = 0; i < steps; ++i) {
            uint256 turn = uint256(keccak256(abi.encode(seed, i)));
            (uint8 milestone, uint8 side) = _onward(_now(), turn);
            _offers(_fits(milestone, side, turn));
        }
    }

    /// @dev The statement that fits a milestone now, signed by who would state it.
    function _fits(uint8 milestone, uint8 side, uint256 seed) internal view returns (IConsignments.Entry memory) {
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), milestone, side, seed);
        return _entry(cast[who].signer, s);
    }

    /// @dev Bring an entry; whether it was accepted.
    function _offers(IConsignments.Entry memory entry) internal returns (bool) {
        return consignments.submitBatch(_one(entry)) == 1;
    }

    function _one(IConsignments.Entry memory entry) internal pure returns (IConsignments.Entry[] memory entries) {
        entries = new IConsignments.Entry[](1);
        entries[0] = entry;
    }

    function _stateOf(bytes32 consignment) internal view returns (bytes32) {
        return keccak256(abi.encode(consignments.consignment(consignment)));
    }

    /// @dev What brings the goods one step nearer to their importer; it tries now and then though it may not.
    function _onward(IConsignments.Consignment memory c, uint256 seed) internal pure returns (uint8, uint8) {
        if (seed % 8 == 7) return _aside(c, seed >> 8);
        if (c.offeredTo != 0 && seed % 4 != 0) return (Milestone.HANDOVER_ACCEPTED, 0);
        if (c.openHolds != 0 && seed % 3 != 0) return (Milestone.UNHELD, 0);
        if (c.importer == 0 && seed % 4 == 1) return (Milestone.IMPORTER_NAMED, 0);
        if (c.phase == Phase.MOVING) return (Milestone.ARRIVED, 0);
        bool isImporters = c.holder == c.importer && c.importer != 0;
        if (c.phase == Phase.REMOVED) return (isImporters ? Milestone.DELIVERED : Milestone.HANDOVER_OFFERED, 0);
        if (c.location == c.importCountry) {
            if (c.importer == 0) return (Milestone.IMPORTER_NAMED, 0);
            bool isClear = c.importSide.clearance == Clearance.RELEASED && !c.importSide.stopped;
            if (!isClear && seed % 8 != 1) return (_clearing(c.importSide, true, seed), Side.IMPORT);
            return (seed % 2 == 0 && !isImporters ? Milestone.HANDOVER_OFFERED : Milestone.REMOVED, 0);
        }
        if (c.location == c.exportCountry) {
            bool isClear = c.exportSide.clearance == Clearance.RELEASED && !c.exportSide.stopped;
            return !isClear && seed % 8 != 1
                ? (_clearing(c.exportSide, false, seed), Side.EXPORT)
                : (Milestone.DEPARTED, uint8(0));
        }
        bool hasPassed = true;
        for (uint256 i = 0; i < c.transit.length; ++i) {
            if (c.transit[i].country == c.location) hasPassed = c.transit[i].passed;
        }
        return (hasPassed || seed % 8 == 1 ? Milestone.DEPARTED : Milestone.TRANSIT_PASSED, 0);
    }

    /// @dev What parties and authorities do beside.
    function _aside(IConsignments.Consignment memory c, uint256 seed) private pure returns (uint8, uint8) {
        uint8 side = c.location == c.importCountry ? Side.IMPORT : Side.EXPORT;
        uint256 what = seed % 8;
        if (c.offeredTo != 0) return (Milestone.HANDOVER_DECLINED, 0);
        if (what == 0 && !c.departed) return (Milestone.CANCELLED, 0);
        if (what < 3) return (c.seal == 0 ? Milestone.SEALED : Milestone.UNSEALED, 0);
        if (what == 3) return (Milestone.HANDOVER_OFFERED, 0);
        if (what == 4) {
            return (_sideOf(c, side).declarant == 0 ? Milestone.APPOINTED : Milestone.APPOINTMENT_REVOKED, side);
        }
        if (what == 5) return (Milestone.AMENDED, side);
        if (what == 6) return (Milestone.REFUSED, side);
        return (seed % 16 < 8 ? Milestone.DECLARATION_REJECTED : Milestone.DOCUMENTS_REQUESTED, side);
    }

    /// @dev What brings a clearance one step nearer to its release.
    function _clearing(IConsignments.SideState memory side, bool isImport, uint256 seed) private pure returns (uint8) {
        if (side.clearance == Clearance.NONE || side.clearance == Clearance.REJECTED) return Milestone.DECLARED;
        if (side.clearance == Clearance.DECLARED) return Milestone.DECLARATION_ACCEPTED;
        if (side.clearance == Clearance.ACCEPTED) return Milestone.ASSESSED;
        if (side.clearance == Clearance.REFUSED && seed % 3 != 0) {
            return uint8(Milestone.RETURNED + (seed >> 8) % 4);
        }
        if (side.documentsPending) return Milestone.DOCUMENTS_RECEIVED;
        if (side.stopped) return Milestone.INSPECTED;
        if (side.clearance == Clearance.REFUSED) return Milestone.RELEASED;
        if (isImport && !side.dutiesMet) return Milestone.DUTIES_SETTLED;
        if (side.inspection == Inspection.FAILED) return seed % 2 == 0 ? Milestone.REFUSED : Milestone.ASSESSED;
        if (side.channel == Channel.RED && side.inspection == Inspection.NONE) return Milestone.INSPECTED;
        return Milestone.RELEASED;
    }

    /// @dev Who would state a milestone now, and what it would say; the rules may still refuse it.
    function _fitting(
        IConsignments.Consignment memory c,
        uint8 milestone,
        uint8 side,
        uint256 seed
    ) internal view returns (uint256 who, IConsignments.Statement memory s) {
        s = _statement(milestone, Role.NONE);
        s.commitment = keccak256(abi.encode(seed, milestone));
        if (_isSided(milestone)) s.side = side == 0 ? uint8(1 + seed % 2) : side;
        who = placeOf[c.holder];
        if (_isSided(milestone)) who = _authorityIn(_countryOf(c, s.side));
        if (milestone < Milestone.SEALED) who = _party(c, s, seed, who);
        else if (milestone < Milestone.DECLARED) who = _custody(c, s, seed, who);
        else if (milestone < Milestone.TRANSIT_PASSED) who = _decision(c, s, seed, who);
        else who = _rest(c, s, seed, who);
        s.role = cast[who].role;
    }

    function _party(
        IConsignments.Consignment memory c,
        IConsignments.Statement memory s,
        uint256 seed,
        uint256 who
    ) private view returns (uint256) {
        if (s.milestone == Milestone.TRANSIT_ADDED) {
            s.terms = seed % 3 == 0 ? bytes32("DE") : seed % 3 == 1 ? bytes32("SG") : bytes32("FR");
            return seed % 2 == 0 ? who : _authorityIn(c.exportCountry);
        }
        if (s.milestone == Milestone.IMPORTER_NAMED) {
            s.counterparty = importer.account;
            return placeOf[c.exporter];
        }
        s.counterparty = cast[s.side == Side.EXPORT ? EXPORT_BROKER : BROKER].signer.account;
        return s.side == Side.EXPORT ? placeOf[c.exporter] : IMPORTER;
    }

    function _custody(
        IConsignments.Consignment memory c,
        IConsignments.Statement memory s,
        uint256 seed,
        uint256 who
    ) private view returns (uint256) {
        if (s.milestone == Milestone.SEALED) {
            s.detail = keccak256(abi.encode("seal", seed));
            return seed % 4 == 0 ? _authorityIn(c.location) : who;
        }
        if (s.milestone == Milestone.HANDOVER_OFFERED) {
            bool isForImporter = c.phase == Phase.REMOVED || c.location == c.importCountry;
            s.counterparty = cast[isForImporter && seed % 4 != 0 ? IMPORTER : EXPORTER + seed % 6].signer.account;
            return who;
        }
        s.detail = s.milestone == Milestone.HANDOVER_DECLINED ? bytes32(0) : c.seal;
        if (s.milestone == Milestone.UNSEALED) s.terms = bytes32(bytes1(uint8(1 + seed % 3)));
        if (s.milestone == Milestone.DEPARTED) s.terms = bytes32(bytes.concat(c.location, _towards(c, seed)));
        if (s.milestone == Milestone.ARRIVED) s.terms = bytes32(seed % 8 == 0 ? _towards(c, seed) : c.destination);
        bool isTakers = s.milestone == Milestone.HANDOVER_ACCEPTED || s.milestone == Milestone.HANDOVER_DECLINED;
        return isTakers && c.offeredTo != 0 ? placeOf[c.offeredTo] : who;
    }

    /// @dev Mostly nearer to the import country.
    function _towards(IConsignments.Consignment memory c, uint256 seed) private pure returns (bytes2) {
        if (seed % 8 < 4 || c.transit.length == 0) return c.importCountry;
        return seed % 8 == 7 ? c.exportCountry : c.transit[seed % c.transit.length].country;
    }

    function _decision(
        IConsignments.Consignment memory c,
        IConsignments.Statement memory s,
        uint256 seed,
        uint256 who
    ) private view returns (uint256) {
        IConsignments.SideState memory side = _sideOf(c, s.side);
        if (s.milestone == Milestone.DECLARED || s.milestone == Milestone.AMENDED) {
            if (side.declarant != 0) return placeOf[side.declarant];
            return s.side == Side.EXPORT ? placeOf[c.exporter] : IMPORTER;
        }
        if (s.milestone == Milestone.HELD) return _concerned(c, seed);
        if (s.milestone == Milestone.DUTIES_SETTLED) s.terms = bytes32(bytes1(uint8(1 + seed % 3)));
        if (s.milestone == Milestone.ASSESSED) _decideChannel(s, seed);
        if (s.milestone == Milestone.INSPECTED) s.terms = bytes32(bytes1(seed % 4 == 0 ? 0x02 : 0x01));
        if (s.milestone == Milestone.RELEASED && side.clearance == Clearance.REFUSED) s.terms = bytes32(bytes1(0x01));
        uint8 opened = _openable(s.milestone, side);
        if (opened != 0) s.terms |= bytes32(uint256(opened));
        bool byMachine = seed % 4 == 0 && (s.milestone == Milestone.ASSESSED || s.milestone == Milestone.RELEASED);
        if (byMachine && s.side == Side.EXPORT) return KOREAN_MACHINE;
        if (byMachine) return DUTCH_MACHINE;
        return who == KOREA && seed % 4 == 1 ? KOREAN_OFFICER : who;
    }

    function _decideChannel(IConsignments.Statement memory s, uint256 seed) private pure {
        uint8 channel = seed % 3 != 0 ? Channel.GREEN : seed % 2 == 0 ? Channel.YELLOW : Channel.RED;
        s.detail = _assessment(channel);
        if (channel == Channel.GREEN) s.terms = bytes32(uint256(channel));
    }

    /// @dev The channel assessed, where the milestone may open it and it is not open.
    function _openable(uint8 milestone, IConsignments.SideState memory side) private pure returns (uint8) {
        if (side.channel != Channel.CLOSED) return 0;
        bool isYellow = side.assessment == _assessment(Channel.YELLOW);
        bool isRed = side.assessment == _assessment(Channel.RED);
        if (milestone == Milestone.DOCUMENTS_REQUESTED && isYellow) return Channel.YELLOW;
        if (milestone == Milestone.INSPECTED || milestone == Milestone.STOPPED) return isRed ? Channel.RED : 0;
        if (milestone != Milestone.RELEASED) return 0;
        return isYellow ? Channel.YELLOW : isRed ? Channel.RED : 0;
    }

    /// @dev Somebody who may hold the goods.
    function _concerned(IConsignments.Consignment memory c, uint256 seed) private pure returns (uint256) {
        if (seed % 5 == 0) return DUTCH_AGENCY;
        if (seed % 5 == 1 && _isConcerned(c, SG)) return AGENCY;
        if (seed % 5 == 2 && c.transit.length != 0) return _authorityIn(c.transit[seed % c.transit.length].country);
        return seed % 2 == 0 ? KOREA : NETHERLANDS;
    }

    function _rest(
        IConsignments.Consignment memory c,
        IConsignments.Statement memory s,
        uint256 seed,
        uint256 who
    ) private view returns (uint256) {
        if (s.milestone == Milestone.OBSERVED) return seed % STRANGER;
        if (s.milestone == Milestone.CORRECTED) {
            s.terms = keccak256(abi.encode("corrected", seed));
            return seed % 2 == 0 ? who : _concerned(c, seed);
        }
        if (s.milestone == Milestone.TRANSIT_PASSED) {
            bytes2 country = c.transit.length == 0 ? SG : c.transit[seed % c.transit.length].country;
            s.terms = bytes32(country);
            return _authorityIn(country);
        }
        if (s.milestone == Milestone.REMOVED) s.detail = c.seal;
        if (s.milestone == Milestone.DELIVERED) return IMPORTER;
        return s.milestone == Milestone.CANCELLED ? placeOf[c.exporter] : who;
    }
}
