// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {Role} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../support/Consortium.sol";
import {Vm} from "../support/Vm.sol";

/// @notice Every change of the register is told by an event: whoever follows them knows what the register knows.
contract RegisterEventsTest is Consortium {
    Actor private germany = _actor("Zoll");

    function test_Founding_TellsTheFoundersAndTheirThreshold() public {
        vm.recordLogs();
        _newMembers(_founders(2), 2, recovery.account, address(members));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 founded = IMembers.Founded.selector;
        assertEq(_first(logs, founded).data, abi.encode(recovery.account, address(members), uint8(2)));
        Vm.Log memory seated = _first(logs, IMembers.AuthorityAdded.selector);
        assertEq(seated.topics[1], bytes32(uint256(1)));
        assertEq(seated.topics[2], bytes32(KR));
        assertEq(seated.data, abi.encode(uint8(0), uint8(2)));
    }

    function test_Standing_IsTold() public {
        uint32 number = _numberOf(exporter);
        _told();
        emit IMembers.MemberSuspended(number, korea.account);
        _do(korea, abi.encodeCall(members.suspend, (exporter.account)));
        _told();
        emit IMembers.MemberReinstated(number, korea.account);
        _do(korea, abi.encodeCall(members.reinstate, (exporter.account)));
        _told();
        emit IMembers.RolesSet(number, _bit(Role.CARRIER), korea.account);
        _do(korea, abi.encodeCall(members.setRoles, (exporter.account, _bit(Role.CARRIER))));
        _told();
        emit IMembers.MemberDismissed(number, korea.account);
        _do(korea, abi.encodeCall(members.dismiss, (exporter.account)));
    }

    function test_WhatAMemberSaysOfItselfIsTold() public {
        uint32 number = _numberOf(exporter);
        _told();
        emit IMembers.EncryptionKeyReplaced(number, "encryption", exporter.account);
        _do(exporter, abi.encodeCall(members.replaceEncryptionKey, ("encryption")));
        _told();
        emit IMembers.CheckpointKeyReplaced(number, "checkpoint", exporter.account);
        _do(exporter, abi.encodeCall(members.replaceCheckpointKey, ("checkpoint")));
        _told();
        emit IMembers.ProfileReplaced(number, "profile", exporter.account);
        _do(exporter, abi.encodeCall(members.replaceProfile, ("profile")));
    }

    function test_Aeo_IsTold() public {
        uint32 number = _numberOf(exporter);
        uint40 until = uint40(NOW + 365 days);
        _told();
        emit IMembers.AeoGranted(number, KR, uint40(NOW + 1), until, korea.account);
        _do(korea, abi.encodeCall(members.grantAeo, (exporter.account, uint40(NOW + 1), until)));
        _told();
        emit IMembers.AeoRecognised(KR, NL, netherlands.account);
        _do(netherlands, abi.encodeCall(members.recogniseAeo, (KR)));
        _told();
        emit IMembers.AeoRecognitionWithdrawn(KR, NL, netherlands.account);
        _do(netherlands, abi.encodeCall(members.withdrawRecognition, (KR)));
        _told();
        emit IMembers.AeoWithdrawn(number, KR, korea.account);
        _do(korea, abi.encodeCall(members.withdrawAeo, (exporter.account)));
    }

    function test_Aeo_HoldsFromItsFirstDayAndIsRecognisedOnlyWhereThereIsOne() public {
        uint40 until = uint40(NOW + 365 days);
        _do(korea, abi.encodeCall(members.grantAeo, (exporter.account, uint40(NOW + 1 days), until)));
        assertFalse(members.aeoStatus(exporter.account, KR).valid);
        vm.warp(NOW + 1 days);
        assertTrue(members.aeoStatus(exporter.account, KR).valid);
        assertTrue(members.aeoStatus(exporter.account, KR).recognised);
        assertFalse(members.aeoStatus(carrier.account, 0).recognised);
    }

    function test_Proposals_AreTold() public {
        uint32 proposal = members.proposalCount() + 1;
        uint40 expiresAt = uint40(NOW + 30 days);
        bytes memory call = abi.encodeCall(members.proposeThreshold, (2));
        vm.recordLogs();
        _do(korea, call);
        Vm.Log memory made = _first(vm.getRecordedLogs(), IMembers.ProposalMade.selector);
        assertEq(made.topics[1], bytes32(uint256(proposal)));
        (uint32 proposer, uint40 end) = (members.proposalAt(proposal).proposer, members.proposalAt(proposal).expiresAt);
        assertEq(proposer, _numberOf(korea));
        assertEq(end, expiresAt);
        _told();
        emit IMembers.ApprovalWithdrawn(proposal, _numberOf(korea), korea.account);
        _do(korea, abi.encodeCall(members.withdrawApproval, (proposal)));
        _told();
        emit IMembers.ProposalApproved(proposal, _numberOf(netherlands), netherlands.account);
        _do(netherlands, abi.encodeCall(members.approve, (proposal)));
        _told();
        emit IMembers.ProposalExecuted(proposal);
        _told();
        emit IMembers.ThresholdChanged(2);
        _do(korea, abi.encodeCall(members.approve, (proposal)));
    }

    function test_ARecoveryKeysApprovalIsTold() public {
        members = _newMembers(_founders(2), 2, recovery.account, address(0));
        _do(korea, _replacement(singapore, singapore.account, 0, stranger));
        _do(korea, abi.encodeCall(members.withdrawApproval, (1)));
        _told();
        emit IMembers.ProposalApproved(1, 0, recovery.account);
        _do(recovery, abi.encodeCall(members.approve, (1)));
        _told();
        emit IMembers.ApprovalWithdrawn(1, 0, recovery.account);
        _do(recovery, abi.encodeCall(members.withdrawApproval, (1)));
    }

    function test_Seats_AreTold() public {
        uint32 number = members.memberCount() + 1;
        _do(korea, abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 3)));
        _told();
        emit IMembers.AuthorityAdded(number, DE, 3, 3);
        _do(singapore, abi.encodeCall(members.approve, (1)));
        _do(korea, abi.encodeCall(members.proposeRemoval, (germany.account, 2)));
        _do(netherlands, abi.encodeCall(members.approve, (2)));
        _told();
        emit IMembers.MemberDismissed(number, address(0));
        _told();
        emit IMembers.AuthorityRemoved(number, DE, 3, 2);
        _do(singapore, abi.encodeCall(members.approve, (2)));
    }

    // Who may, and what counts

    function test_OnlyAnAuthorityProposes() public {
        bytes memory refusal = _error(IMembers.NotAuthority.selector, uint256(_numberOf(exporter)));
        _refusesCall(exporter, abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 3)), refusal);
        _refusesCall(exporter, abi.encodeCall(members.proposeRemoval, (korea.account, 2)), refusal);
        _refusesCall(exporter, _replacement(singapore, singapore.account, 0, stranger), refusal);
    }

    function test_AnAdditionsThresholdIsJudgedByTheCouncilThatItMakes() public {
        bytes memory call = abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 4));
        _refusesCall(korea, call, _error(IMembers.ThresholdInvalid.selector, uint256(4), uint256(4)));
    }

    function test_AFormerAuthoritysApprovalIsNoneAnyMore() public {
        _do(korea, abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 3)));
        _do(singapore, abi.encodeCall(members.approve, (1)));
        assertTrue(members.hasApproved(1, _numberOf(singapore)));
        assertFalse(members.hasApproved(1, _numberOf(netherlands)));
        assertFalse(members.hasApproved(1, _numberOf(exporter)));
        _do(korea, abi.encodeCall(members.proposeRemoval, (singapore.account, 2)));
        _do(netherlands, abi.encodeCall(members.approve, (2)));
        _do(germany, abi.encodeCall(members.approve, (2)));
        assertFalse(members.hasApproved(1, _numberOf(singapore)));
        assertEq(members.authorities().length, 3);
    }

    function test_AnAddressThatIsTakenIsNoNewKey() public {
        bytes memory refusal = _error(IMembers.AddressTaken.selector, _word(carrier));
        _refusesCall(exporter, _addition(exporter, carrier, 7, 2, 0, type(uint40).max), refusal);
    }

    /// @dev The register tells the event that follows.
    function _told() private {
        vm.expectEmit(address(members));
    }

    /// @dev The first log of an event.
    function _first(Vm.Log[] memory logs, bytes32 selector) private pure returns (Vm.Log memory) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == selector) return logs[i];
        }
        revert("the event was not told");
    }
}
