// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Channel, Clearance, Milestone, Phase, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../support/Consortium.sol";

/// @notice The column "who" of docs/transitions.md: each row is refused to those who come closest to being entitled.
contract EntitlementTest is Consortium {
    // Custody: the holder in a role of custody, and nobody else

    function test_Holder_NotWhoWasOfferedCustodyAndNotAFormerHolder() public {
        _register();
        _state(exporter, _sealed(Role.EXPORTER));
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _offer(exporter, Role.EXPORTER, carrier);
        _refusesHolder(carrier, Role.CARRIER, exporter);
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        s.detail = SEAL;
        _state(carrier, s);
        _refuses(exporter, _leg("KRNL", Role.EXPORTER), _notHolder(exporter, carrier));
        _refuses(exporter, _unseal(Role.EXPORTER), _notHolder(exporter, carrier));
        _state(carrier, _leg("KRNL", Role.CARRIER));
        s = _withSeal(Milestone.ARRIVED, Role.EXPORTER, "NL");
        _refuses(exporter, s, _notHolder(exporter, carrier));
        _state(carrier, _withSeal(Milestone.ARRIVED, Role.CARRIER, "NL"));
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        s = _withSeal(Milestone.REMOVED, Role.EXPORTER, 0);
        _refuses(exporter, s, _notHolder(exporter, carrier));
        _state(carrier, _withSeal(Milestone.REMOVED, Role.CARRIER, 0));
        assertEq(_now().phase, Phase.REMOVED);
    }

    function test_Holder_NotInARoleThatHasNoCustody() public {
        _giveRoles(exporter, _bit(Role.EXPORTER) | _bit(Role.CERTIFIER));
        _giveRoles(carrier, _bit(Role.CARRIER) | _bit(Role.CERTIFIER));
        _register();
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _refuses(exporter, _leg("KRNL", Role.CERTIFIER), _roleNotFitting(Milestone.DEPARTED, Role.CERTIFIER));
        _offer(exporter, Role.EXPORTER, carrier);
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CERTIFIER);
        _refuses(carrier, s, _roleNotFitting(Milestone.HANDOVER_ACCEPTED, Role.CERTIFIER));
        s = _statement(Milestone.HANDOVER_DECLINED, Role.CERTIFIER);
        _refuses(carrier, s, _roleNotFitting(Milestone.HANDOVER_DECLINED, Role.CERTIFIER));
    }

    function test_Cancelled_NotByAnotherExporterThatHoldsTheGoods() public {
        _admit(korea, stranger, _bit(Role.EXPORTER));
        _register();
        _handOver(exporter, Role.EXPORTER, stranger, Role.EXPORTER);
        IConsignments.Statement memory s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        bytes memory refusal =
            _error(IConsignments.NotParty.selector, uint256(_numberOf(stranger)), uint256(Role.EXPORTER));
        _refuses(stranger, s, refusal);
    }

    function test_Unsealed_ByTheHolderOrAnAuthorityHereOnly() public {
        _register();
        _state(exporter, _sealed(Role.EXPORTER));
        _refuses(carrier, _unseal(Role.CARRIER), _notHolder(carrier, exporter));
        _refuses(netherlands, _unseal(Role.AUTHORITY), _outside(netherlands, NL, KR));
        _state(korea, _unseal(Role.AUTHORITY));
        assertEq(_now().seal, 0);
    }

    // Appointments

    function test_AppointmentRevoked_ByTheSidesPartyOnlyAndOnlyOfTheDeclarant() public {
        _register();
        _appoint(importer, Role.IMPORTER, Side.IMPORT, broker);
        IConsignments.Statement memory s = _statement(Milestone.APPOINTMENT_REVOKED, Role.EXPORTER, Side.IMPORT);
        s.counterparty = broker.account;
        _refuses(exporter, s, _roleNotFitting(Milestone.APPOINTMENT_REVOKED, Role.EXPORTER));
        s = _statement(Milestone.APPOINTMENT_REVOKED, Role.IMPORTER, Side.IMPORT);
        s.counterparty = exportBroker.account;
        bytes memory refusal =
            _error(IConsignments.NotAppointed.selector, _word(exportBroker), uint256(_numberOf(broker)));
        _refuses(importer, s, refusal);
        s.counterparty = broker.account;
        _state(importer, s);
        s = _statement(Milestone.DECLARED, Role.BROKER, Side.IMPORT);
        _refuses(broker, s, _notDeclarant(broker, Side.IMPORT));
    }

    function test_Broker_DeclaresForTheSideThatAppointedItAndCorrectsForEither() public {
        _register();
        _appoint(importer, Role.IMPORTER, Side.IMPORT, broker);
        _appoint(exporter, Role.EXPORTER, Side.EXPORT, exportBroker);
        _refuses(broker, _statement(Milestone.DECLARED, Role.BROKER, Side.EXPORT), _notDeclarant(broker, Side.EXPORT));
        IConsignments.Statement memory s = _statement(Milestone.DECLARED, Role.BROKER, Side.IMPORT);
        _refuses(exportBroker, s, _notDeclarant(exportBroker, Side.IMPORT));
        _state(exportBroker, Milestone.DECLARED, Role.BROKER, Side.EXPORT);
        _state(broker, Milestone.DECLARED, Role.BROKER, Side.IMPORT);
        _state(broker, _correction());
        _state(exportBroker, _correction());
        _admit(netherlands, stranger, _bit(Role.BROKER));
        _refuses(stranger, _correction(), _notDeclarant(stranger, 0));
    }

    function test_Amended_ByTheDeclarantWhereverADeclarationStands() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        _refuses(exporter, s, _clearanceForbids(Milestone.AMENDED, Clearance.NONE));
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _admit(korea, stranger, _bit(Role.EXPORTER));
        s = _statement(Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        bytes memory refusal =
            _error(IConsignments.NotParty.selector, uint256(_numberOf(stranger)), uint256(Role.EXPORTER));
        _refuses(stranger, s, refusal);
        _state(exporter, s);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        _state(exporter, Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.DECLARED);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.GREEN, true);
        _state(exporter, Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        assertEq(_now().exportSide.assessment, 0);
    }

    // Authorities

    function test_TransitPassed_ByAnAuthorityConcernedOnly() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.TRANSIT_PASSED, Role.EXPORTER);
        s.terms = "SG";
        _refuses(exporter, s, _roleNotFitting(Milestone.TRANSIT_PASSED, Role.EXPORTER));
        s = _statement(Milestone.TRANSIT_PASSED, Role.AUTHORITY);
        s.terms = "SG";
        _refuses(korea, s, _outside(korea, KR, SG));
        _state(singapore, s);
        assertTrue(_now().transit[0].passed);
    }

    // Openings: each row opens its own channel, and only what was assessed

    function test_Openings_AreOfTheRowsOwnChannelAndOfWhatWasAssessed() public {
        _register();
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.YELLOW, false);
        _refuses(
            korea,
            _opening(Milestone.DOCUMENTS_REQUESTED, 0, Channel.RED),
            _error(IConsignments.ChannelForbids.selector, uint256(Milestone.DOCUMENTS_REQUESTED), uint256(Channel.RED))
        );
        _refuses(
            korea,
            _opening(Milestone.INSPECTED, 0x01, Channel.RED),
            _error(IConsignments.OpeningInvalid.selector, uint256(Side.EXPORT), uint256(Channel.RED))
        );
        IConsignments.Statement memory s = _opening(Milestone.RELEASED, 0, Channel.YELLOW);
        s.terms |= bytes32(uint256(1) << 128);
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(Milestone.RELEASED), s.terms));
        _state(korea, _opening(Milestone.DOCUMENTS_REQUESTED, 0, Channel.YELLOW));
        assertEq(_now().exportSide.channel, Channel.YELLOW);
    }

    // Statements

    function _refusesHolder(Actor memory actor, uint8 role, Actor memory holder) private {
        _refuses(actor, _leg("KRNL", role), _notHolder(actor, holder));
        _refuses(actor, _unseal(role), _notHolder(actor, holder));
        IConsignments.Statement memory s = _statement(Milestone.TRANSIT_ADDED, role);
        s.terms = "DE";
        _refuses(actor, s, _notHolder(actor, holder));
    }

    function _sealed(uint8 role) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.SEALED, role);
        s.detail = SEAL;
    }

    function _unseal(uint8 role) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.UNSEALED, role);
        (s.terms, s.detail) = (bytes32(bytes1(0x01)), SEAL);
    }

    function _leg(bytes32 terms, uint8 role) private view returns (IConsignments.Statement memory s) {
        s = _withSeal(Milestone.DEPARTED, role, terms);
    }

    function _withSeal(
        uint8 milestone,
        uint8 role,
        bytes32 terms
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, role);
        (s.terms, s.detail) = (terms, _now().seal);
    }

    function _correction() private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.CORRECTED, Role.BROKER);
        s.terms = keccak256("the statement corrected");
    }

    function _opening(
        uint8 milestone,
        uint8 number,
        uint8 channel
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(number)) | bytes32(uint256(channel));
    }

    function _appoint(Actor memory party, uint8 role, uint8 side, Actor memory named) private {
        IConsignments.Statement memory s = _statement(Milestone.APPOINTED, role, side);
        s.counterparty = named.account;
        _state(party, s);
    }

    function _giveRoles(Actor memory actor, uint16 roles) private {
        _do(korea, abi.encodeCall(members.setRoles, (actor.account, roles)));
    }

    // Refusals

    function _notHolder(Actor memory actor, Actor memory holder) private view returns (bytes memory) {
        return _error(IConsignments.NotHolder.selector, uint256(_numberOf(actor)), uint256(_numberOf(holder)));
    }

    function _notDeclarant(Actor memory actor, uint8 side) private view returns (bytes memory) {
        return _error(IConsignments.NotDeclarant.selector, uint256(_numberOf(actor)), uint256(side));
    }

    function _outside(Actor memory actor, bytes2 country, bytes2 required) private view returns (bytes memory) {
        return _error(
            IConsignments.OutsideJurisdiction.selector, uint256(_numberOf(actor)), bytes32(country), bytes32(required)
        );
    }

    function _clearanceForbids(uint8 milestone, uint8 clearance) private pure returns (bytes memory) {
        return
            _error(
                IConsignments.ClearanceForbids.selector, uint256(milestone), uint256(Side.EXPORT), uint256(clearance)
            );
    }

    function _roleNotFitting(uint8 milestone, uint8 role) private pure returns (bytes memory) {
        return _error(IConsignments.RoleNotFitting.selector, uint256(milestone), uint256(role));
    }
}
