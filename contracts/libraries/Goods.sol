// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {Act, Record} from "../types/Act.sol";
import {newCourse} from "../types/Course.sol";
import {MAX_TRANSIT_COUNTRIES, Parties, newParties} from "../types/Parties.sol";
import {CUSTODY_ROLES, Clearance, Phase, Role, Side, bit, isCountry} from "../types/Vocabulary.sol";
import {Entitlement} from "./Entitlement.sol";
import {Needs} from "./Needs.sol";
import {Terms} from "./Terms.sol";

/// @title Parties, seals, custody and movement
/// @notice Rows 1 to 12 and 31 to 35 of docs/transitions.md, a function each: who, needs, then the effect.
library Goods {
    using Entitlement for Act;
    using Needs for Act;
    using Terms for bytes32;

    uint8 private constant LAST_UNSEAL_REASON = 3; // opened, found broken, replaced

    /// @dev 1. `exporter` is the address of the signer's member.
    function registered(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement,
        address exporter
    ) internal returns (bool) {
        bytes2 exportCountry = statement.terms.countryAt(0);
        bytes2 importCountry = statement.terms.countryAt(1);
        Parties parties = newParties(act.signer.number(), act.counterparty.number());
        act.course = newCourse(act.signer.number(), exportCountry, importCountry);
        (bool ok, Parties routed) = _withRoute(act, parties, statement.terms);
        if (!ok) return false;

        if (act.role != Role.EXPORTER) return act.refuseRole();
        if (!act.isOf(exportCountry)) return false;
        bytes32 id = keccak256(abi.encodePacked(exporter, statement.detail));
        if (statement.consignment != id) {
            return act.refuse(IConsignments.ConsignmentIdInvalid.selector, id, statement.consignment);
        }
        if (statement.counterparty != address(0)) {
            if (!act.namesActive(statement.counterparty, bit(Role.IMPORTER), importCountry)) return false;
        }

        record.parties = routed;
        return true;
    }

    /// @dev 2
    function importerNamed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        if (!act.isBy(record, Entitlement.EXPORTER)) return false;
        Parties parties = record.parties;
        if (parties.importer() != 0) {
            return act.refuse(IConsignments.ImporterAlreadyNamed.selector, parties.importer());
        }
        if (!act.namesActive(statement.counterparty, bit(Role.IMPORTER), act.course.importCountry())) return false;

        record.parties = parties.withImporter(act.counterparty.number());
        return true;
    }

    /// @dev 3
    function transitAdded(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER | Entitlement.AUTHORITY_CONCERNED)) return false;
        bytes2 country = statement.terms.countryAt(0);
        if (!_isOneCountry(act, statement.terms)) return false;
        if (act.concerns(record, country)) {
            return act.refuse(IConsignments.CountryRepeated.selector, country);
        }
        Parties parties = record.parties;
        uint256 count = parties.transitCount();
        if (count == MAX_TRANSIT_COUNTRIES) {
            return act.refuse(IConsignments.TransitCountriesFull.selector, count);
        }

        record.parties = parties.withTransit(count, country);
        return true;
    }

    /// @dev 4
    function appointed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        Parties parties = record.parties;
        if (!act.isSidesParty(parties)) return false;
        if (!act.namesActive(statement.counterparty, bit(Role.BROKER), act.course.countryOf(act.side))) return false;

        record.parties = parties.withDeclarant(act.side, act.counterparty.number());
        return true;
    }

    /// @dev 5. A broker that is suspended or dismissed can be revoked as well.
    function appointmentRevoked(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        Parties parties = record.parties;
        if (!act.isSidesParty(parties)) return false;
        uint32 declarant = parties.declarant(act.side);
        if (declarant == 0 || declarant != act.counterparty.number()) {
            return act.refuse(IConsignments.NotAppointed.selector, uint160(statement.counterparty), declarant);
        }

        record.parties = parties.withDeclarant(act.side, 0);
        return true;
    }

    /// @dev 6
    function isSealed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER | Entitlement.AUTHORITY_HERE)) return false;
        if (!act.isIn(Needs.AT_REST)) return false;
        bytes32 seal = record.seal;
        if (seal != 0) return act.refuse(IConsignments.SealPresent.selector, seal);
        if (!act.hasDetail(statement.detail)) return false;

        record.seal = statement.detail;
        return true;
    }

    /// @dev 7. The authority of a country that the goods have left opens no seal of theirs.
    function unsealed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER | Entitlement.AUTHORITY_HERE)) return false;
        if (act.role == Role.AUTHORITY && !act.isIn(Needs.AT_REST)) return false;
        if (record.seal == 0) return act.refuse(IConsignments.SealAbsent.selector);
        if (!act.hasSeal(record, statement.detail)) return false;
        uint8 reason = statement.terms.number();
        bool hasReason = reason != 0 && reason <= LAST_UNSEAL_REASON && statement.terms.endsAt(1);
        if (!hasReason) return act.refuseTerms(statement.terms);

        record.seal = 0;
        return true;
    }

    /// @dev 8
    function handoverOffered(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER) || !act.isIn(Needs.AT_REST | Needs.REMOVED)) return false;
        if (act.counterparty.number() == act.signer.number()) {
            return act.refuse(IConsignments.CounterpartyIsSigner.selector, uint160(statement.counterparty));
        }
        if (!act.namesActive(statement.counterparty, CUSTODY_ROLES, 0)) return false;

        act.course = act.course.withOfferedTo(act.counterparty.number());
        return true;
    }

    /// @dev 9
    function handoverAccepted(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.OFFERED) || !act.isIn(Needs.AT_REST | Needs.REMOVED)) return false;
        if (!act.hasSeal(record, statement.detail)) return false;

        act.course = act.course.withHolder(act.signer.number()).withOfferedTo(0);
        return true;
    }

    /// @dev 10
    function handoverDeclined(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.OFFERED | Entitlement.HOLDER)) return false;
        if (act.course.offeredTo() == 0) {
            return act.refuse(IConsignments.OfferMissing.selector);
        }

        act.course = act.course.withOfferedTo(0);
        return true;
    }

    /// @dev 11. An offer of custody does not outlive the departure.
    function departed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER) || !act.isIn(Needs.AT_REST) || !act.isFreeToDepart()) return false;
        bytes2 origin = statement.terms.countryAt(0);
        bytes2 destination = statement.terms.countryAt(1);
        if (!statement.terms.endsAt(4)) return act.refuseTerms(statement.terms);
        if (!_isCountry(act, origin) || !_isCountry(act, destination)) return false;
        if (!act.isAt(origin)) return false;
        if (!act.concerns(record, destination)) {
            return act.refuse(IConsignments.CountryNotConcerned.selector, destination);
        }
        if (!act.hasSeal(record, statement.detail)) return false;
        if (destination != origin && !_mayLeave(act, record, origin)) return false;

        act.course = act.course.withPhase(Phase.MOVING).withDestination(destination).withDeparted().withOfferedTo(0);
        return true;
    }

    /// @dev 12
    function arrived(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER) || !act.isIn(Needs.MOVING)) return false;
        bytes2 country = statement.terms.countryAt(0);
        if (!_isOneCountry(act, statement.terms)) return false;
        if (!_mayArrive(act, record, country)) {
            return act.refuse(IConsignments.ArrivalElsewhere.selector, act.course.destination(), country);
        }
        if (!act.hasSeal(record, statement.detail)) return false;

        act.course = act.course.withPhase(Phase.AT_REST).withLocation(country).withDestination(0);
        return true;
    }

    /// @dev 31
    function transitPassed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.AUTHORITY_CONCERNED)) return false;
        bytes2 country = statement.terms.countryAt(0);
        if (!_isOneCountry(act, statement.terms)) return false;
        uint256 index = record.parties.indexOf(country);
        if (index == MAX_TRANSIT_COUNTRIES) {
            return act.refuse(IConsignments.TransitUnknown.selector, country);
        }
        if (!act.isOf(country)) return false;
        if (act.course.hasPassed(index)) {
            return act.refuse(IConsignments.TransitAlreadyPassed.selector, country);
        }

        act.course = act.course.withPassed(index);
        return true;
    }

    /// @dev 32
    function removed(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.HOLDER) || !act.isIn(Needs.AT_REST)) return false;
        if (!act.isAt(act.course.importCountry()) || !act.isFree(Side.IMPORT)) return false;
        if (!_isReleased(act, Side.IMPORT) || !act.hasSeal(record, statement.detail)) return false;

        act.course = act.course.withPhase(Phase.REMOVED);
        return true;
    }

    /// @dev 33
    function delivered(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.IMPORTER) || !act.isBy(record, Entitlement.HOLDER)) return false;
        if (!act.isIn(Needs.REMOVED) || !act.isFree(Side.IMPORT) || !_isReleased(act, Side.IMPORT)) return false;

        act.course = act.course.withPhase(Phase.DELIVERED);
        return true;
    }

    /// @dev 34
    function cancelled(Act memory act, Record storage record) internal view returns (bool) {
        if (!act.isBy(record, Entitlement.EXPORTER) || !act.isBy(record, Entitlement.HOLDER)) return false;
        if (!act.isIn(Needs.AT_REST)) return false;
        if (act.course.departed()) {
            return act.refuse(IConsignments.AlreadyDeparted.selector);
        }
        if (!act.isFree(Side.EXPORT)) return false;

        act.course = act.course.withPhase(Phase.CANCELLED);
        return true;
    }

    /// @dev 35
    function corrected(
        Act memory act,
        Record storage record,
        IConsignments.Statement calldata statement
    ) internal view returns (bool) {
        uint256 traders = Entitlement.EXPORTER | Entitlement.IMPORTER | Entitlement.HOLDER | Entitlement.APPOINTED;
        if (!act.isBy(record, traders | Entitlement.AUTHORITY_CONCERNED | Entitlement.AGENCY_CONCERNED)) return false;
        return statement.terms != 0 || act.refuseTerms(statement.terms);
    }

    /// @dev The parties with the transit countries of a registration; refused where the route is not one.
    function _withRoute(Act memory act, Parties parties, bytes32 terms) private pure returns (bool, Parties) {
        uint256 last = MAX_TRANSIT_COUNTRIES + 2;
        if (!terms.endsAt(2 * last)) return (act.refuseTerms(terms), parties);
        for (uint256 i = 0; i < last; ++i) {
            if (i >= 2 && terms.endsAt(2 * i)) break;
            bytes2 country = terms.countryAt(i);
            if (!_isCountry(act, country)) return (false, parties);
            for (uint256 earlier = 0; earlier < i; ++earlier) {
                if (terms.countryAt(earlier) != country) continue;
                return (act.refuse(IConsignments.CountryRepeated.selector, country), parties);
            }
            if (i >= 2) parties = parties.withTransit(i - 2, country);
        }
        return (true, parties);
    }

    /// @dev Nothing leaves a country that has not let it go.
    function _mayLeave(Act memory act, Record storage record, bytes2 country) private view returns (bool) {
        if (country == act.course.exportCountry()) return _isReleased(act, Side.EXPORT);
        if (country == act.course.importCountry()) {
            return act.refuse(IConsignments.ImportCountryNotLeft.selector, country);
        }
        if (act.course.hasPassed(record.parties.indexOf(country))) return true;
        return act.refuse(IConsignments.TransitNotPassed.selector, country);
    }

    /// @dev At the destination, back where they left, or, on a leg between countries, in another country concerned.
    function _mayArrive(Act memory act, Record storage record, bytes2 country) private view returns (bool) {
        bytes2 destination = act.course.destination();
        bytes2 origin = act.course.location();
        if (country == destination || country == origin) return true;
        return destination != origin && act.concerns(record, country);
    }

    /// @dev The side has released the goods.
    function _isReleased(Act memory act, uint8 side) private pure returns (bool) {
        if (act.course.clearance(side) == Clearance.RELEASED) return true;
        return act.refuse(IConsignments.ReleaseMissing.selector, act.course.countryOf(side));
    }

    /// @dev The terms name one country and say nothing else.
    function _isOneCountry(Act memory act, bytes32 terms) private pure returns (bool) {
        if (!terms.endsAt(2)) return act.refuseTerms(terms);
        return _isCountry(act, terms.countryAt(0));
    }

    /// @dev The country is one by its form.
    function _isCountry(Act memory act, bytes2 country) private pure returns (bool) {
        if (isCountry(country)) return true;
        return act.refuse(IConsignments.CountryInvalid.selector, country);
    }
}
