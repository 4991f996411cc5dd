// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Channel, Milestone, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "./support/Consortium.sol";

/// @notice What a sender pays, transaction and call data included, for the worst case of each milestone: every party and six
/// transit countries on record, the signer's country the last of them, a commitment and a detail in each statement, nothing
/// read before. forge compares it with tests/contracts/gas and fails on any difference; docs/contracts.md says how to renew
/// the figures. No figure may pass the limit of its kind.
contract GasTest is Consortium {
    uint256 private constant MILESTONE_LIMIT = 65_000;
    uint256 private constant NEW_SLOT_LIMIT = 85_000;
    uint256 private constant REGISTRATION_LIMIT = 150_000;
    uint256 private constant BATCH = 50;
    uint256 private constant BATCHED_LIMIT = 36_000;
    uint256 private constant BATCHED_NEW_SLOT_LIMIT = 56_000;

    bytes32 private constant ROUTE = "KRNLAAABACADAESG";
    bytes32 private constant DOCUMENT = keccak256("document");

    function test_Gas_OfParties() public {
        uint256 gas = _measure("registered with all parties", exporter, _registrationOn(ROUTE));
        assertLe(gas, REGISTRATION_LIMIT);
        _milestone("appointed", importer, _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, broker));
        _milestone(
            "appointment revoked", importer, _naming(Milestone.APPOINTMENT_REVOKED, Role.IMPORTER, Side.IMPORT, broker)
        );

        ucr = "another";
        id = _idOf(exporter, ucr);
        IConsignments.Statement memory s = _registrationOn("KRNLAAABACADSG");
        s.counterparty = address(0);
        assertLe(_measure("registered without an importer", exporter, s), REGISTRATION_LIMIT);
        _milestone("importer named", exporter, _naming(Milestone.IMPORTER_NAMED, Role.EXPORTER, Side.NONE, importer));
        _milestone(
            "transit added", singapore, _with(_statement(Milestone.TRANSIT_ADDED, Role.AUTHORITY), "DE", DOCUMENT)
        );
    }

    function test_Gas_OfGoods() public {
        _state(exporter, _registrationOn(ROUTE));
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _newSlot("sealed (new slot)", exporter, _with(_statement(Milestone.SEALED, Role.EXPORTER), 0, SEAL));
        _milestone("handover offered", exporter, _offer(carrier));
        _milestone("handover declined", carrier, _statement(Milestone.HANDOVER_DECLINED, Role.CARRIER));
        _state(exporter, _offer(carrier));
        _milestone("handover accepted", carrier, _sealed(Milestone.HANDOVER_ACCEPTED, 0));
        _milestone("departed", carrier, _sealed(Milestone.DEPARTED, "KRSG"));
        _milestone("arrived", carrier, _sealed(Milestone.ARRIVED, "SG"));
        _milestone(
            "transit passed", singapore, _with(_statement(Milestone.TRANSIT_PASSED, Role.AUTHORITY), "SG", DOCUMENT)
        );
        _milestone("departed from a transit country", carrier, _sealed(Milestone.DEPARTED, "SGAE"));
        _milestone("arrived elsewhere", carrier, _sealed(Milestone.ARRIVED, "AD"));
        _milestone("unsealed", carrier, _sealed(Milestone.UNSEALED, bytes32(bytes1(0x01))));
    }

    function test_Gas_OfDelivery() public {
        _bringToImport();
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        _state(importer, _with(_statement(Milestone.SEALED, Role.IMPORTER), 0, SEAL));
        _milestone("removed", importer, _with(_statement(Milestone.REMOVED, Role.IMPORTER), 0, SEAL));
        _milestone("delivered", importer, _statement(Milestone.DELIVERED, Role.IMPORTER));
    }

    function test_Gas_OfCancellation() public {
        _state(exporter, _registrationOn(ROUTE));
        _milestone("cancelled", exporter, _statement(Milestone.CANCELLED, Role.EXPORTER));
    }

    function test_Gas_OfADeclaration() public {
        _state(exporter, _registrationOn(ROUTE));
        _state(importer, _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, broker));
        _milestone("declared", broker, _statement(Milestone.DECLARED, Role.BROKER, Side.IMPORT));
        _milestone("declaration accepted", netherlands, _decision(Milestone.DECLARATION_ACCEPTED));
        _milestone("declaration rejected", netherlands, _decision(Milestone.DECLARATION_REJECTED));
        _state(broker, _statement(Milestone.DECLARED, Role.BROKER, Side.IMPORT));
        _state(netherlands, _decision(Milestone.DECLARATION_ACCEPTED));
        _newSlot("assessed green (new slot)", netherlands, _opening(Milestone.ASSESSED, Channel.GREEN));
        _milestone("assessed again", netherlands, _with(_decision(Milestone.ASSESSED), 0, _assessment(Channel.YELLOW)));
        _milestone("documents requested", netherlands, _opening(Milestone.DOCUMENTS_REQUESTED, Channel.YELLOW));
        _milestone("documents received", netherlands, _decision(Milestone.DOCUMENTS_RECEIVED));
        _milestone(
            "duties settled", netherlands, _with(_decision(Milestone.DUTIES_SETTLED), bytes32(bytes1(0x01)), DOCUMENT)
        );
        _milestone("amended", broker, _statement(Milestone.AMENDED, Role.BROKER, Side.IMPORT));
        _milestone(
            "corrected", broker, _with(_statement(Milestone.CORRECTED, Role.BROKER), keccak256("corrected"), DOCUMENT)
        );
        _newSlot("observed (new slot)", broker, _statement(Milestone.OBSERVED, Role.BROKER));
    }

    function test_Gas_OfARedChannel() public {
        _bringToImport();
        _assessRed();
        _newSlot("stopped, opening red (new slot)", netherlands, _opening(Milestone.STOPPED, Channel.RED));
        _state(netherlands, _with(_decision(Milestone.ASSESSED), 0, _assessment(Channel.RED)));
        _milestone("inspected, opening red", netherlands, _opening(Milestone.INSPECTED, Channel.RED));
        _settle(netherlands, Side.IMPORT);
        _milestone("released, opening red", netherlands, _opening(Milestone.RELEASED, Channel.RED));
        _newSlot("refused (new slot)", netherlands, _decision(Milestone.REFUSED));
        IConsignments.Statement memory s = _opening(Milestone.RELEASED, Channel.RED);
        s.terms |= bytes32(bytes1(0x01));
        _milestone("released on appeal", netherlands, s);
    }

    function test_Gas_OfHolds() public {
        _state(exporter, _registrationOn(ROUTE));
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AGENCY);
        _newSlot("held (new slot)", agency, hold);
        hold.detail = DOCUMENT;
        _milestone("unheld", agency, _lifting(hold, Role.AGENCY));
        hold.commitment = keccak256("another");
        _state(agency, hold);
        vm.prank(singapore.account);
        members.dismiss(agency.account);
        IConsignments.Statement memory s = _lifting(hold, Role.AUTHORITY);
        s.counterparty = agency.account;
        _milestone("unheld for a member dismissed", singapore, s);
    }

    function test_Gas_OfRefusedGoods() public {
        _endRefused("returned", Milestone.RETURNED);
        _endRefused("destroyed", Milestone.DESTROYED);
        _endRefused("seized", Milestone.SEIZED);
        _endRefused("abandoned", Milestone.ABANDONED);
    }

    function test_Gas_OfABatchOverDistinctConsignments() public {
        IConsignments.Entry[] memory registrations = new IConsignments.Entry[](BATCH);
        IConsignments.Entry[] memory seals = new IConsignments.Entry[](BATCH);
        IConsignments.Entry[] memory offers = new IConsignments.Entry[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            (Actor memory owner, Actor memory taker) = _pair(i);
            _admit(korea, owner, _bit(Role.EXPORTER));
            _admit(korea, taker, _bit(Role.CARRIER));
            id = _idOf(owner, ucr);
            registrations[i] = _entry(owner, _registrationOn(ROUTE));
        }
        assertEq(consignments.submitBatch(registrations), BATCH);
        vm.snapshotGasLastCall("Consignments", "50 registered, distinct exporters");
        for (uint256 i = 0; i < BATCH; ++i) {
            (Actor memory owner, Actor memory taker) = _pair(i);
            id = _idOf(owner, ucr);
            offers[i] = _entry(owner, _offer(taker));
        }
        assertEq(consignments.submitBatch(offers), BATCH);
        uint256 gas = vm.snapshotGasLastCall("Consignments", "50 handovers offered, distinct consignments and parties");
        assertLe(gas, BATCH * BATCHED_LIMIT);
        for (uint256 i = 0; i < BATCH; ++i) {
            (Actor memory owner,) = _pair(i);
            id = _idOf(owner, ucr);
            IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
            s.detail = SEAL;
            seals[i] = _entry(owner, s);
        }
        assertEq(consignments.submitBatch(seals), BATCH);
        gas = vm.snapshotGasLastCall("Consignments", "50 sealed (new slots), distinct consignments and parties");
        assertLe(gas, BATCH * BATCHED_NEW_SLOT_LIMIT);
    }

    function test_Gas_OfMembership() public {
        _admit(korea, stranger, _bit(Role.CARRIER));
        vm.snapshotGasLastCall("Members", "admit");
        Actor memory officer = _actor("officer");
        (bytes32 r, bytes32 vs) = _consent(stranger, officer);
        vm.prank(stranger.account);
        members.addKey(stranger.account, officer.account, 2, 1 << 8, 0, type(uint40).max, keccak256("ref"), r, vs);
        vm.snapshotGasLastCall("Members", "addKey");
        vm.prank(stranger.account);
        members.retireKey(officer.account, 0);
        vm.snapshotGasLastCall("Members", "retireKey");
    }

    function _milestone(string memory name, Actor memory signer, IConsignments.Statement memory s) private {
        assertLe(_measure(name, signer, s), MILESTONE_LIMIT);
    }

    function _newSlot(string memory name, Actor memory signer, IConsignments.Statement memory s) private {
        assertLe(_measure(name, signer, s), NEW_SLOT_LIMIT);
    }

    function _measure(
        string memory name,
        Actor memory signer,
        IConsignments.Statement memory s
    ) private returns (uint256 gas) {
        if (s.detail == 0) s.detail = DOCUMENT;
        consignments.submit(_entry(signer, s));
        return vm.snapshotGasLastCall("Consignments", name);
    }

    function _registrationOn(bytes32 route) private view returns (IConsignments.Statement memory s) {
        s = _registration();
        s.terms = route;
    }

    function _naming(
        uint8 milestone,
        uint8 role,
        uint8 side,
        Actor memory named
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, role, side);
        s.counterparty = named.account;
    }

    function _offer(Actor memory to) private view returns (IConsignments.Statement memory s) {
        s = _naming(Milestone.HANDOVER_OFFERED, Role.EXPORTER, Side.NONE, to);
        s.detail = DOCUMENT;
    }

    function _with(
        IConsignments.Statement memory s,
        bytes32 terms,
        bytes32 detail
    ) private pure returns (IConsignments.Statement memory) {
        (s.terms, s.detail) = (terms, detail);
        return s;
    }

    /// @dev What the carrier states of goods under seal.
    function _sealed(uint8 milestone, bytes32 terms) private view returns (IConsignments.Statement memory) {
        return _with(_statement(milestone, Role.CARRIER), terms, SEAL);
    }

    /// @dev What the authority of the import side states.
    function _decision(uint8 milestone) private view returns (IConsignments.Statement memory) {
        return _statement(milestone, Role.AUTHORITY, Side.IMPORT);
    }

    /// @dev A decision that opens a channel; an inspection that is passed.
    function _opening(uint8 milestone, uint8 channel) private view returns (IConsignments.Statement memory s) {
        s = _decision(milestone);
        s.terms = bytes32(uint256(channel));
        if (milestone == Milestone.INSPECTED) s.terms |= bytes32(bytes1(0x01));
        if (milestone == Milestone.ASSESSED) s.detail = _assessment(channel);
    }

    function _assessRed() private {
        _state(importer, _statement(Milestone.DECLARED, Role.IMPORTER, Side.IMPORT));
        _state(netherlands, _decision(Milestone.DECLARATION_ACCEPTED));
        _state(netherlands, _with(_decision(Milestone.ASSESSED), 0, _assessment(Channel.RED)));
    }

    /// @dev Refused where it was registered, the goods come to this end.
    function _endRefused(string memory name, uint8 milestone) private {
        ucr = bytes32(bytes(name));
        id = _idOf(exporter, ucr);
        _register();
        _state(exporter, _statement(Milestone.DECLARED, Role.EXPORTER, Side.EXPORT));
        _state(korea, _statement(Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT));
        _milestone(name, korea, _statement(milestone, Role.AUTHORITY, Side.EXPORT));
    }

    function _lifting(
        IConsignments.Statement memory hold,
        uint8 role
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.UNHELD, role);
        s.terms = consignments.statementDigest(hold);
    }

    function _pair(uint256 i) private pure returns (Actor memory, Actor memory) {
        return (_actor(string.concat("owner ", vm.toString(i))), _actor(string.concat("taker ", vm.toString(i))));
    }
}
