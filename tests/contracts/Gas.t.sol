// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "./support/Consortium.sol";

/// @notice What a sender pays, transaction and call data included. forge compares it with tests/contracts/gas and fails
/// on any difference; docs/contracts.md says how to renew the figures.
contract GasTest is Consortium {
    uint256 private constant BATCH = 50;

    function test_Gas_OfAConsignmentsWay() public {
        _submit("registered with all parties", exporter, _registration());
        _submit("declared", exporter, _statement(Milestone.DECLARED, Role.EXPORTER, Side.EXPORT));
        _submit("declaration accepted", korea, _statement(Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT));
        _submit("assessed green (new slot)", korea, _assessed());
        _submit("released", korea, _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT));

        IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
        s.detail = SEAL;
        _submit("sealed (new slot)", exporter, s);
        _submit("handover offered", exporter, _offer(carrier));
        s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        s.detail = SEAL;
        _submit("handover accepted", carrier, s);
        s = _statement(Milestone.DEPARTED, Role.CARRIER);
        (s.terms, s.detail) = ("KRSG", SEAL);
        _submit("departed", carrier, s);
        s = _statement(Milestone.ARRIVED, Role.CARRIER);
        (s.terms, s.detail) = ("SG", SEAL);
        _submit("arrived", carrier, s);
        s = _statement(Milestone.TRANSIT_PASSED, Role.AUTHORITY);
        s.terms = "SG";
        _submit("transit passed", singapore, s);
        s = _statement(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT);
        s.counterparty = broker.account;
        _submit("appointed", importer, s);
        s = _statement(Milestone.HELD, Role.AGENCY);
        _submit("held (new slot)", agency, s);
        _submit("unheld", agency, _lifting(s));
        _submit("observed (new slot)", carrier, _statement(Milestone.OBSERVED, Role.CARRIER));
        _submit("corrected", carrier, _correction());
        id = _idOf(exporter, "another");
        s = _registration();
        (s.detail, s.counterparty) = ("another", address(0));
        _submit("registered without an importer", exporter, s);
        s = _statement(Milestone.IMPORTER_NAMED, Role.EXPORTER);
        s.counterparty = importer.account;
        _submit("importer named", exporter, s);
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
            registrations[i] = _entry(owner, _registration());
        }
        consignments.submitBatch(registrations);
        for (uint256 i = 0; i < BATCH; ++i) {
            (Actor memory owner, Actor memory taker) = _pair(i);
            id = _idOf(owner, ucr);
            offers[i] = _entry(owner, _offer(taker));
        }
        assertEq(consignments.submitBatch(offers), BATCH);
        vm.snapshotGasLastCall("Consignments", "50 handovers offered, distinct consignments and parties");
        for (uint256 i = 0; i < BATCH; ++i) {
            (Actor memory owner,) = _pair(i);
            id = _idOf(owner, ucr);
            IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
            s.detail = SEAL;
            seals[i] = _entry(owner, s);
        }
        assertEq(consignments.submitBatch(seals), BATCH);
        vm.snapshotGasLastCall("Consignments", "50 sealed (new slots), distinct consignments and parties");
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

    function _submit(string memory name, Actor memory signer, IConsignments.Statement memory s) private {
        consignments.submit(_entry(signer, s));
        vm.snapshotGasLastCall("Consignments", name);
    }

    function _offer(Actor memory to) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.HANDOVER_OFFERED, Role.EXPORTER);
        s.counterparty = to.account;
    }

    function _assessed() private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.ASSESSED, Role.AUTHORITY, Side.EXPORT);
        (s.terms, s.detail) = (bytes32(uint256(1)), _assessment(1));
    }

    function _lifting(IConsignments.Statement memory hold) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.UNHELD, Role.AGENCY);
        s.terms = consignments.statementDigest(hold);
    }

    function _correction() private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.CORRECTED, Role.CARRIER);
        s.terms = keccak256("the statement corrected");
    }

    function _pair(uint256 i) private pure returns (Actor memory, Actor memory) {
        return (_actor(string.concat("owner ", vm.toString(i))), _actor(string.concat("taker ", vm.toString(i))));
    }
}
