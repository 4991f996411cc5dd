// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {IStandingErrors} from "contracts/interfaces/IStandingErrors.sol";
import {Status} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../support/Consortium.sol";

/// @notice What the authorities decide together, k of n.
contract CouncilTest is Consortium {
    Actor private germany = _actor("Zoll");

    // The four kinds

    function test_Addition_SeatsAnAuthorityOnceTheThresholdIsReached() public {
        uint32 proposal = _proposeGermany();
        assertEq(members.proposalCount(), 1);
        assertEq(members.proposalAt(proposal).approvals, 1);
        assertEq(members.proposalAt(proposal).required, 2);
        assertEq(uint8(members.proposalAt(proposal).status), uint8(IMembers.ProposalStatus.Open));
        assertTrue(members.hasApproved(proposal, _numberOf(korea)));
        _approve(singapore, proposal);
        assertEq(members.authorityCount(), 4);
        assertEq(members.threshold(), 3);
        assertEq(members.authorityOf(DE), _numberOf(germany));
        assertEq(uint8(members.proposalAt(proposal).status), uint8(IMembers.ProposalStatus.Executed));
        _refusesCall(
            germany,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.ProposalAlreadyExecuted.selector, uint256(proposal))
        );
    }

    function test_Removal_TakesTheSeatAndLeavesTheMembersToASuccessor() public {
        _approve(singapore, _proposeGermany());
        uint32 proposal = _propose(korea, abi.encodeCall(members.proposeRemoval, (singapore.account, 2)));
        _approve(netherlands, proposal);
        _approve(germany, proposal);
        assertEq(members.authorityCount(), 3);
        assertEq(members.authorityOf(SG), 0);
        assertEq(members.memberOf(singapore.account).status, Status.DISMISSED);
        _refusesCall(
            singapore,
            abi.encodeCall(members.suspend, (agency.account)),
            _error(IStandingErrors.MemberIsDismissed.selector, uint256(_numberOf(singapore)))
        );
        IMembers.Founder memory successor = _founder(stranger, SG);
        proposal = _propose(korea, abi.encodeCall(members.proposeAddition, (successor, 2)));
        _approve(netherlands, proposal);
        _do(stranger, abi.encodeCall(members.suspend, (agency.account)));
        address[4] memory seated = [korea.account, netherlands.account, germany.account, stranger.account];
        assertEq(members.authorities().length, seated.length);
        for (uint256 i = 0; i < seated.length; ++i) {
            assertEq(members.authorities()[i], seated[i]);
        }
    }

    function test_Threshold_IsChangedWithinItsBounds() public {
        _approve(singapore, _proposeGermany());
        uint32 proposal = _propose(korea, abi.encodeCall(members.proposeThreshold, (2)));
        _approve(singapore, proposal);
        _approve(netherlands, proposal);
        assertEq(members.threshold(), 2);
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeThreshold, (4)),
            _error(IMembers.ThresholdInvalid.selector, uint256(4), uint256(4))
        );
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeThreshold, (1)),
            _error(IMembers.ThresholdInvalid.selector, uint256(1), uint256(4))
        );
    }

    function test_KeyReplacement_ByKOthers() public {
        uint32 proposal = _propose(korea, _replacement(netherlands, stranger));
        _refusesCall(
            netherlands,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.SubjectCannotApprove.selector, uint256(proposal), uint256(_numberOf(netherlands)))
        );
        vm.expectEmit(address(members));
        emit IMembers.KeyRetired(_numberOf(netherlands), netherlands.account, uint40(NOW - 1), address(0));
        _approve(singapore, proposal);
        _refusesCall(
            netherlands,
            abi.encodeCall(members.suspend, (importer.account)),
            _error(IStandingErrors.KeyExpired.selector, _word(netherlands), NOW)
        );
        _do(stranger, abi.encodeCall(members.suspend, (importer.account)));
    }

    function test_KeyReplacement_OfAKeyThatRanOutAddsTheNewOne() public {
        _do(netherlands, abi.encodeCall(members.retireKey, (netherlands.account, 0)));
        _approve(singapore, _propose(korea, _replacement(netherlands, stranger)));
        assertEq(members.keyOf(stranger.account).member, _numberOf(netherlands));
        assertEq(members.keyOf(stranger.account).scopes, 1);
    }

    function test_KeyReplacement_OfAKeyThatRanOutStillSaysSinceWhenItIsSuspect() public {
        _do(netherlands, abi.encodeCall(members.retireKey, (netherlands.account, 0)));
        vm.warp(NOW + 1 days);
        uint32 proposal = _propose(korea, _replacement(netherlands, stranger));
        vm.expectEmit(address(members));
        emit IMembers.KeyRetired(_numberOf(netherlands), netherlands.account, uint40(NOW - 1), address(0));
        _approve(singapore, proposal);
        assertEq(members.keyOf(netherlands.account).validUntil, NOW);
    }

    function test_KeyReplacement_OfAllKeysEndsThoseThatAThiefAddedInTheSameBlock() public {
        (Actor memory second, Actor memory third) = (_actor("second"), _actor("third"));
        _do(netherlands, _addition(netherlands, second, 1, 0, 0, uint40(NOW + 9)));
        vm.warp(NOW + 10);
        uint32 proposal = _propose(korea, _replacement(netherlands, address(0), uint40(NOW), stranger));
        _addKey(netherlands, third, 15, 2);
        vm.expectEmit(address(members));
        emit IMembers.AllKeysRetired(_numberOf(netherlands), uint40(NOW));
        _approve(singapore, proposal);

        bytes memory call = abi.encodeCall(members.suspend, (importer.account));
        _refusesCall(third, call, _error(IStandingErrors.KeyExpired.selector, _word(third), NOW + 10));
        _refusesCall(netherlands, call, _error(IStandingErrors.KeyExpired.selector, _word(netherlands), NOW + 10));
        assertEq(members.keyOf(second.account).validUntil, NOW + 9);
        _do(stranger, call);
    }

    function test_KeyReplacement_OfAllKeysTwiceLeavesTheEarlierEndsAsTheyWere() public {
        _approve(singapore, _propose(korea, _replacement(netherlands, address(0), 0, stranger)));
        vm.warp(NOW + 1 days);
        Actor memory next = _actor("next");
        _approve(singapore, _propose(korea, _replacement(netherlands, address(0), 0, next)));
        assertEq(members.keyOf(netherlands.account).validUntil, NOW);
        assertEq(members.keyOf(stranger.account).validUntil, NOW + 1 days);
        assertEq(members.keyOf(next.account).validUntil, type(uint40).max);
        bytes memory retire = abi.encodeCall(members.retireKey, (stranger.account, 0));
        _refusesCall(next, retire, _error(IStandingErrors.KeyExpired.selector, _word(stranger), NOW + 1 days));
    }

    function test_Proposals_AreNotKeptOutByWhoeverWouldTakeTheNewAddressFirst() public {
        uint32 proposal = _propose(korea, _replacement(netherlands, stranger));
        (bytes32 r, bytes32 vs) = _consent(carrier, carrier);
        bytes memory squat = abi.encodeCall(
            members.addKey, (carrier.account, stranger.account, 4, 0, 0, type(uint40).max, "ref", r, vs)
        );
        bytes memory refusal = _error(IMembers.ConsentInvalid.selector, _word(carrier), _word(stranger));
        _refusesCall(carrier, squat, refusal);
        _approve(singapore, proposal);
        assertEq(members.keyOf(stranger.account).member, _numberOf(netherlands));
    }

    function test_ConsentInvalid_WhereAProposalNamesAnAddressThatHasNotSigned() public {
        IMembers.Founder memory founder = _founder(germany, DE);
        (founder.r, founder.vs) = _consent(stranger, stranger);
        bytes memory refusal = _error(IMembers.ConsentInvalid.selector, _word(germany), _word(germany));
        _refusesCall(korea, abi.encodeCall(members.proposeAddition, (founder, 3)), refusal);
        bytes memory call = abi.encodeCall(
            members.proposeKeyReplacement,
            (netherlands.account, netherlands.account, 0, stranger.account, "ref", founder.r, founder.vs)
        );
        refusal = _error(IMembers.ConsentInvalid.selector, _word(netherlands), _word(stranger));
        _refusesCall(korea, call, refusal);
    }

    function test_KeyReplacement_RefusesOnesOwnAndKeysOfOthers() public {
        _refusesCall(
            netherlands,
            _replacement(netherlands, stranger),
            _error(IMembers.SubjectCannotApprove.selector, uint256(1), uint256(_numberOf(netherlands)))
        );
        bytes memory call = _replacement(netherlands, singapore.account, 0, stranger);
        uint256 subject = _numberOf(netherlands);
        _refusesCall(korea, call, _error(IMembers.NotKeyOwner.selector, subject, uint256(_numberOf(singapore))));
        call = _replacement(netherlands, netherlands.account, uint40(NOW + 1), stranger);
        _refusesCall(korea, call, _error(IMembers.SuspicionInFuture.selector, NOW + 1, NOW));
        _refusesCall(korea, _replacement(netherlands, carrier), _error(IMembers.AddressTaken.selector, _word(carrier)));
    }

    // Two authorities and their recovery key

    function test_RecoveryKey_HelpsToReplaceALostOneAndNothingElse() public {
        members = _newMembers(_founders(2), 2, recovery.account, address(0));
        uint32 threshold = _propose(korea, abi.encodeCall(members.proposeThreshold, (2)));
        _refusesCall(
            recovery,
            abi.encodeCall(members.approve, (threshold)),
            _error(IMembers.RecoveryKeyNotEntitled.selector, uint256(threshold))
        );
        bytes memory replacement = _replacement(singapore, stranger);
        _refusesCall(recovery, replacement, _error(IStandingErrors.KeyUnknown.selector, _word(recovery)));
        uint32 proposal = _propose(korea, replacement);
        _refusesCall(
            recovery,
            abi.encodeCall(members.withdrawApproval, (proposal)),
            _error(IMembers.ApprovalMissing.selector, uint256(proposal), uint256(0))
        );
        _do(korea, abi.encodeCall(members.withdrawApproval, (proposal)));
        _approve(recovery, proposal);
        assertTrue(members.hasApproved(proposal, 0));
        assertEq(members.keyOf(stranger.account).member, 0);
        _refusesCall(
            recovery,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.ApprovalRepeated.selector, uint256(proposal), uint256(0))
        );
        _do(recovery, abi.encodeCall(members.withdrawApproval, (proposal)));
        assertFalse(members.hasApproved(proposal, 0));
        _approve(recovery, proposal);
        _approve(korea, proposal);
        assertEq(members.keyOf(stranger.account).member, _numberOf(singapore));
    }

    function test_RecoveryKey_IsOfNoUseAmongThree() public {
        members = _newMembers(_founders(3), 2, recovery.account, address(0));
        uint32 proposal = _propose(korea, _replacement(singapore, stranger));
        _refusesCall(
            recovery,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.RecoveryKeyNotEntitled.selector, uint256(proposal))
        );
    }

    function test_Removal_DownToTwoNeedsARecoveryKeyAndNeverBelow() public {
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeRemoval, (singapore.account, 2)),
            _error(IMembers.RecoveryKeyMissing.selector)
        );
        members = _newMembers(_founders(3), 2, recovery.account, address(0));
        _approve(netherlands, _propose(korea, abi.encodeCall(members.proposeRemoval, (singapore.account, 2))));
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeRemoval, (netherlands.account, 2)),
            _error(IMembers.TooFewAuthorities.selector, uint256(1))
        );
    }

    // Approvals

    function test_Approval_CountsOnceAndCanBeTakenBack() public {
        uint32 proposal = _proposeGermany();
        _refusesCall(
            korea,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.ApprovalRepeated.selector, uint256(proposal), uint256(_numberOf(korea)))
        );
        _refusesCall(
            singapore,
            abi.encodeCall(members.withdrawApproval, (proposal)),
            _error(IMembers.ApprovalMissing.selector, uint256(proposal), uint256(_numberOf(singapore)))
        );
        _do(korea, abi.encodeCall(members.withdrawApproval, (proposal)));
        _approve(singapore, proposal);
        assertEq(members.authorityCount(), 3);
        _approve(netherlands, proposal);
        assertEq(members.authorityCount(), 4);
    }

    function test_Proposal_ExpiresAfterThirtyDays() public {
        uint32 proposal = _proposeGermany();
        vm.warp(NOW + 30 days);
        assertEq(uint8(members.proposalAt(proposal).status), uint8(IMembers.ProposalStatus.Expired));
        _refusesCall(
            singapore,
            abi.encodeCall(members.approve, (proposal)),
            _error(IMembers.ProposalExpired.selector, uint256(proposal), NOW + 30 days)
        );
    }

    function test_Proposal_IsVoidOnceAnotherWasCarriedOut() public {
        uint32 stale = _propose(korea, abi.encodeCall(members.proposeThreshold, (2)));
        _approve(singapore, _proposeGermany());
        assertEq(uint8(members.proposalAt(stale).status), uint8(IMembers.ProposalStatus.Void));
        _refusesCall(
            singapore, abi.encodeCall(members.approve, (stale)), _error(IMembers.ProposalVoid.selector, uint256(stale))
        );
    }

    function test_Proposal_IsMadeByAuthoritiesAboutWhatCanBe() public {
        _refusesCall(korea, abi.encodeCall(members.approve, (9)), _error(IMembers.ProposalUnknown.selector, uint256(9)));
        uint256 number = _numberOf(exporter);
        _refusesCall(
            exporter, abi.encodeCall(members.proposeThreshold, (2)), _error(IMembers.NotAuthority.selector, number)
        );
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeRemoval, (exporter.account, 2)),
            _error(IMembers.NotAuthority.selector, number)
        );
        IMembers.Founder memory founder = _founder(stranger, SG);
        bytes32 seated = bytes32(uint256(_numberOf(singapore)));
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeAddition, (founder, 2)),
            _error(IMembers.CountryGoverned.selector, bytes32("SG"), seated)
        );
        founder = _founder(exporter, DE);
        _refusesCall(
            korea,
            abi.encodeCall(members.proposeAddition, (founder, 2)),
            _error(IMembers.AddressTaken.selector, _word(exporter))
        );
    }

    function test_SeatsExhausted_AfterTwoHundredAndFiftySix() public {
        IMembers.Founder[] memory founders = new IMembers.Founder[](256);
        for (uint256 i = 0; i < 256; ++i) {
            founders[i] = _founder(_actor(vm.toString(i)), bytes2(uint16(0x4141 + (i / 26) * 256 + i % 26)));
        }
        members = _newMembers(founders, 2, address(0), address(0));
        korea = _actor("0");
        IMembers.Founder memory one = _founder(stranger, "ZZ");
        _refusesCall(korea, abi.encodeCall(members.proposeAddition, (one, 2)), _error(IMembers.SeatsExhausted.selector));
        assertEq(members.authorityCount(), 256);
        assertEq(members.authorities().length, 256);
        assertEq(members.authorities()[255], founders[255].account);
    }

    function _proposeGermany() private returns (uint32) {
        return _propose(korea, abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 3)));
    }

    function _replacement(Actor memory subject, Actor memory added) private view returns (bytes memory) {
        return _replacement(subject, subject.account, uint40(NOW - 1), added);
    }

    function _propose(Actor memory proposer, bytes memory call) private returns (uint32) {
        _do(proposer, call);
        return members.proposalCount();
    }

    function _approve(Actor memory approver, uint32 proposal) private {
        vm.prank(approver.account);
        members.approve(proposal);
    }
}
