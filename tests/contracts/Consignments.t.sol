// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {ISigningErrors} from "contracts/interfaces/ISigningErrors.sol";
import {IStandingErrors} from "contracts/interfaces/IStandingErrors.sol";
import {packAcceptance, packTimes} from "contracts/types/Acceptance.sol";
import {ALL_MILESTONES, Milestone, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "./support/Consortium.sol";

/// @notice What is asked of every statement, whatever its milestone: signature, signer, times, place in the history.
contract ConsignmentsTest is Consortium {
    /// @dev The milestones that have a side, name another member, or have terms, as docs/transitions.md says.
    bytes private constant SIDED = hex"04050d0e0f10111213141516171a1b1c1d1e";
    bytes private constant NAMING = hex"010204050819";
    bytes private constant WITH_TERMS = hex"0103070b0c111314151617191f23";

    function setUp() public override {
        super.setUp();
        _register();
    }

    // What is signed

    function test_TypeHash_IsThatOfItsPreimage() public view {
        string memory preimage = "Statement(bytes32 consignment,uint8 milestone,uint8 side,bytes32 commitment,uint64 eventTime,"
            "uint64 signedTime,uint64 validUntil,uint8 role,bytes32 previousHead,address counterparty,bytes32 terms,"
            "bytes32 detail)";
        assertEq(consignments.STATEMENT_TYPEHASH(), keccak256(bytes(preimage)));
    }

    function test_Digest_IsTheOneOfEip712() public view {
        IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SMART Border Ledger"),
                keccak256("1"),
                block.chainid,
                address(consignments)
            )
        );
        bytes32 structHash = keccak256(abi.encode(consignments.STATEMENT_TYPEHASH(), s));
        assertEq(consignments.domainSeparator(), domain);
        assertEq(consignments.statementDigest(s), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    function test_Digest_DiffersOnAnotherChainAndAnotherContract() public {
        IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
        bytes32 here = consignments.statementDigest(s);
        assertFalse(_newConsignments(members, address(0)).statementDigest(s) == here);
        vm.chainId(5);
        assertFalse(consignments.statementDigest(s) == here);
    }

    function test_Contract_NamesItsRegisterAndItsPredecessor() public {
        IConsignments next = _newConsignments(members, address(consignments));
        assertEq(next.members(), address(members));
        assertEq(next.predecessor(), address(consignments));
    }

    // Acceptance

    function test_Statement_IsAcceptedFromAnyRelayer() public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        vm.prank(stranger.account);
        consignments.submit(entry);
        assertEq(_now().seal, SEAL);
    }

    function test_Acceptance_EmitsEnoughToRebuildTheState() public {
        IConsignments.Statement memory s = _sealed();
        bytes32 digest = consignments.statementDigest(s);
        bytes32 previousHead = consignments.head(id);
        bytes32 head = keccak256(abi.encode(previousHead, digest, exporter.account));
        IConsignments.Entry memory entry = _entry(exporter, s);
        (bytes32 r, bytes32 vs) = _sign(exporter, digest);
        vm.expectEmit(address(consignments));
        emit IConsignments.StatementAccepted(
            id,
            s.commitment,
            packAcceptance(exporter.account, Milestone.SEALED, 0, Role.EXPORTER, KR, _numberOf(exporter)),
            packTimes(s.eventTime, s.signedTime, s.validUntil).withPosition(2),
            previousHead,
            address(0),
            0,
            SEAL,
            r,
            vs
        );
        consignments.submit(entry);
        assertEq(consignments.head(id), head);
        assertEq(_now().position, 2);
    }

    function test_Observation_MovesNeitherHeadNorState() public {
        IConsignments.Statement memory s = _statement(Milestone.OBSERVED, Role.CARRIER);
        bytes32 digest = consignments.statementDigest(s);
        IConsignments.Entry memory entry = _entry(carrier, s);
        bytes32 before = keccak256(abi.encode(_now()));
        vm.expectEmit(address(consignments));
        emit IConsignments.ObservationRecorded(
            id,
            s.commitment,
            packAcceptance(carrier.account, Milestone.OBSERVED, 0, Role.CARRIER, KR, _numberOf(carrier)),
            packTimes(s.eventTime, s.signedTime, s.validUntil),
            0,
            entry.r,
            entry.vs
        );
        consignments.submit(entry);
        assertEq(keccak256(abi.encode(_now())), before);
        assertTrue(consignments.isRecorded(id, digest, _numberOf(carrier)));
        _refuses(entry, _error(IConsignments.AlreadyRecorded.selector, digest));
    }

    function test_Intervention_BuildsOnWhateverTheHeadIs() public {
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AUTHORITY);
        bytes32 digest = consignments.statementDigest(hold);
        _state(exporter, _sealed());
        bytes32 head = keccak256(abi.encode(consignments.head(id), digest, korea.account));
        _state(korea, hold);
        assertEq(consignments.head(id), head);
        assertEq(_now().openHolds, 1);
    }

    function test_Consignment_ThatIsUnknownIsAllZero() public view {
        assertEq(keccak256(abi.encode(consignments.consignment("none"))), keccak256(abi.encode(_nothing())));
        assertEq(consignments.head("none"), 0);
        assertFalse(consignments.isRecorded("none", 0, 1));
    }

    // Batches

    function test_Batch_SkipsWhatIsRefusedAndLetsLaterBuildOnEarlier() public {
        IConsignments.Statement memory first = _sealed();
        IConsignments.Statement memory second = _statement(Milestone.HANDOVER_OFFERED, Role.EXPORTER);
        second.counterparty = carrier.account;
        bytes32 digest = consignments.statementDigest(first);
        second.previousHead = keccak256(abi.encode(consignments.head(id), digest, exporter.account));
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](3);
        entries[0] = _entry(exporter, first);
        entries[1] = entries[0];
        entries[2] = _entry(exporter, second);
        vm.expectEmit(address(consignments));
        emit IConsignments.StatementSkipped(
            1, digest, _error(IConsignments.StaleHead.selector, second.previousHead, first.previousHead)
        );
        assertEq(consignments.submitBatch(entries), 2);
        assertEq(_now().offeredTo, _numberOf(carrier));
    }

    function test_Batch_RunningOutOfGasRevertsEverything() public {
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](2);
        entries[0] = _entry(exporter, _sealed());
        entries[1] = _entry(carrier, _statement(Milestone.OBSERVED, Role.CARRIER));
        for (uint256 gas = 20_000; gas < 400_000; gas += 4_000) {
            (bool ok, bytes memory answer) =
                address(consignments).call{gas: gas}(abi.encodeCall(consignments.submitBatch, (entries)));
            if (ok) {
                assertEq(abi.decode(answer, (uint256)), 2);
                return;
            }
            assertEq(_now().seal, 0);
        }
        revert("never enough gas");
    }

    // Errors: signature and signer

    function test_SignatureMalformed_WhereItIsNoneOrNotLowS() public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        entry.vs = bytes32(type(uint256).max >> 1); // the highest s that the short form can carry
        _refuses(entry, _error(ISigningErrors.SignatureMalformed.selector));
        (entry.r, entry.vs) = (0, 0);
        _refuses(entry, _error(ISigningErrors.SignatureMalformed.selector));
    }

    function test_MilestoneUnknown_WhereThereIsNone() public {
        IConsignments.Statement memory s = _sealed();
        s.milestone = 0;
        _refuses(exporter, s, _error(IConsignments.MilestoneUnknown.selector, uint256(0)));
        s.milestone = 37;
        _refuses(exporter, s, _error(IConsignments.MilestoneUnknown.selector, uint256(37)));
    }

    function test_KeyUnknown_WhereNoMemberHasIt() public {
        _refuses(stranger, _sealed(), _error(IStandingErrors.KeyUnknown.selector, _word(stranger)));
    }

    function testFuzz_KeyUnknown_WhereASignedFieldWasAltered(uint256 field, uint256 bit) public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        _alter(entry.statement, field % 12, bit);
        bytes32 digest = consignments.statementDigest(entry.statement);
        address key = ecrecover(
            digest, uint8(uint256(entry.vs) >> 255) + 27, entry.r, bytes32(uint256(entry.vs) & type(uint256).max >> 1)
        );
        vm.assume(key != address(0));
        if (entry.statement.milestone == 0 || entry.statement.milestone > Milestone.LAST) return;
        _refuses(entry, _error(IStandingErrors.KeyUnknown.selector, uint256(uint160(key))));
    }

    function test_KeyNotYetValid_BeforeItsFirstSecond() public {
        _do(exporter, _addition(exporter, stranger, 2, ALL_MILESTONES, uint40(NOW + 1 hours), type(uint40).max));
        _refuses(stranger, _sealed(), _error(IStandingErrors.KeyNotYetValid.selector, _word(stranger), NOW + 1 hours));
        vm.warp(NOW + 1 hours);
        _state(stranger, _sealed());
    }

    function test_KeyExpired_FromTheBlockOfItsRetirementOn() public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        vm.prank(exporter.account);
        members.retireKey(exporter.account, 0);
        _refuses(entry, _error(IStandingErrors.KeyExpired.selector, _word(exporter), NOW));
    }

    function test_MemberIsSuspended_UntilItIsReinstated() public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        vm.prank(korea.account);
        members.suspend(exporter.account);
        _refuses(entry, _error(IStandingErrors.MemberIsSuspended.selector, _numberOf(exporter)));
        vm.prank(korea.account);
        members.reinstate(exporter.account);
        consignments.submit(entry);
    }

    function test_MemberIsDismissed_ForGood() public {
        vm.prank(korea.account);
        members.dismiss(exporter.account);
        _refuses(exporter, _sealed(), _error(IStandingErrors.MemberIsDismissed.selector, _numberOf(exporter)));
    }

    function test_RoleNotHeld_WhereTheMemberActsInAnotherRole() public {
        IConsignments.Statement memory s = _sealed();
        s.role = Role.CARRIER;
        _refuses(
            exporter, s, _error(IConsignments.RoleNotHeld.selector, uint256(_numberOf(exporter)), uint256(Role.CARRIER))
        );
        s.role = 255;
        _refuses(exporter, s, _error(IConsignments.RoleNotHeld.selector, uint256(_numberOf(exporter)), uint256(255)));
    }

    function test_KeyOutOfScope_WhereItMayNotStateTheMilestone() public {
        _addKey(exporter, stranger, 2, uint64(1) << Milestone.UNSEALED);
        bytes memory refusal = _error(IConsignments.KeyOutOfScope.selector, _word(stranger), uint256(Milestone.SEALED));
        _refuses(stranger, _sealed(), refusal);
    }

    function test_KeyOutOfScope_WhereAMachineDoesMoreThanAssessAndRelease() public {
        _addKey(korea, stranger, 8, 0);
        bytes memory refusal = _error(IConsignments.KeyOutOfScope.selector, _word(stranger), uint256(Milestone.HELD));
        _refuses(stranger, _statement(Milestone.HELD, Role.AUTHORITY), refusal);
    }

    function test_KeyOutOfScope_WhereAnOfficerAssessesWithoutBeingGivenItNorAMachine() public {
        _addKey(korea, stranger, 2, uint64(1) << Milestone.HELD);
        IConsignments.Statement memory s = _statement(Milestone.ASSESSED, Role.AUTHORITY);
        bytes memory refusal = _error(IConsignments.KeyOutOfScope.selector, _word(stranger), uint256(s.milestone));
        _refuses(stranger, s, refusal);
        s.milestone = Milestone.RELEASED;
        _refuses(stranger, s, _error(IConsignments.KeyOutOfScope.selector, _word(stranger), uint256(s.milestone)));
    }

    // Errors: times

    function test_EventInFuture_BeyondWhatClocksMayDiffer() public {
        IConsignments.Statement memory s = _sealed();
        s.eventTime = uint64(NOW + 5 minutes + 1);
        _refuses(exporter, s, _error(IConsignments.EventInFuture.selector, uint256(s.eventTime), NOW));
        s.eventTime -= 1;
        _state(exporter, s);
    }

    function test_SignedInFuture_BeyondWhatClocksMayDiffer() public {
        IConsignments.Statement memory s = _sealed();
        s.signedTime = uint64(NOW + 5 minutes + 1);
        _refuses(exporter, s, _error(ISigningErrors.SignedInFuture.selector, uint256(s.signedTime), NOW));
        s.signedTime -= 1;
        _state(exporter, s);
    }

    function test_StatementExpired_AfterItsLastSecond() public {
        IConsignments.Statement memory s = _sealed();
        s.validUntil = uint64(NOW - 1);
        _refuses(exporter, s, _error(ISigningErrors.StatementExpired.selector, NOW - 1, NOW));
        s.validUntil = uint64(NOW);
        _state(exporter, s);
    }

    // Errors: place in the history

    function test_ConsignmentExists_WhereItIsRegisteredAgain() public {
        _refuses(exporter, _registration(), _error(IConsignments.ConsignmentExists.selector, id));
    }

    function test_ConsignmentUnknown_WhereItIsNotRegistered() public {
        id = "none";
        bytes memory refusal = _error(IConsignments.ConsignmentUnknown.selector, id);
        _refuses(exporter, _sealed(), refusal);
        _refuses(korea, _statement(Milestone.HELD, Role.AUTHORITY), refusal);
        _refuses(exporter, _statement(Milestone.OBSERVED, Role.EXPORTER), refusal);
    }

    function test_StaleHead_WhereAStatementIsReplayedOrReordered() public {
        IConsignments.Entry memory entry = _entry(exporter, _sealed());
        consignments.submit(entry);
        _refuses(entry, _error(IConsignments.StaleHead.selector, consignments.head(id), entry.statement.previousHead));
    }

    function test_StaleHead_WhereARegistrationNamesAHead() public {
        ucr = keccak256("another");
        id = _idOf(exporter, ucr);
        IConsignments.Statement memory s = _registration();
        s.previousHead = "head";
        _refuses(exporter, s, _error(IConsignments.StaleHead.selector, bytes32(0), bytes32("head")));
    }

    function test_PreviousHeadUnexpected_WhereAHeadlessStatementNamesOne() public {
        IConsignments.Statement memory s = _statement(Milestone.HELD, Role.AUTHORITY);
        s.previousHead = consignments.head(id);
        _refuses(korea, s, _error(IConsignments.PreviousHeadUnexpected.selector, s.previousHead));
    }

    function test_AlreadyRecorded_WhereAHoldIsReplayedAfterItWasLifted() public {
        IConsignments.Entry memory hold = _entry(korea, _statement(Milestone.HELD, Role.AUTHORITY));
        bytes32 digest = consignments.statementDigest(hold.statement);
        consignments.submit(hold);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        s.terms = digest;
        _state(korea, s);
        _refuses(hold, _error(IConsignments.AlreadyRecorded.selector, digest));
    }

    /// @dev Whoever sees a hold on its way may sign the same and be first: that keeps nobody's hold out, and lifts none.
    function test_Hold_IsNotKeptOutByAnotherThatSaysTheSameFirst() public {
        IConsignments.Statement memory s = _statement(Milestone.HELD, Role.AUTHORITY);
        bytes32 digest = consignments.statementDigest(s);
        _state(korea, s);
        _state(netherlands, s);
        assertEq(_now().openHolds, 2);
        IConsignments.Statement memory lift = _statement(Milestone.UNHELD, Role.AUTHORITY);
        lift.terms = digest;
        _state(korea, lift);
        assertEq(_now().openHolds, 1);
        assertFalse(consignments.holdStands(id, digest, _numberOf(korea)));
        assertTrue(consignments.holdStands(id, digest, _numberOf(netherlands)));
        lift.previousHead = consignments.head(id);
        _refuses(korea, lift, _error(IConsignments.HoldUnknown.selector, uint256(_numberOf(korea)), digest));
    }

    // Errors: fields

    function test_SideInvalid_WhereItIsMissingOrTooMuch() public {
        IConsignments.Statement memory s = _sealed();
        s.side = Side.EXPORT;
        _refuses(exporter, s, _error(IConsignments.SideInvalid.selector, uint256(Milestone.SEALED), uint256(1)));
        s = _statement(Milestone.DECLARED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.SideInvalid.selector, uint256(Milestone.DECLARED), uint256(0)));
        s.side = 3;
        _refuses(exporter, s, _error(IConsignments.SideInvalid.selector, uint256(Milestone.DECLARED), uint256(3)));
    }

    function test_CounterpartyUnexpected_WhereTheMilestoneNamesNobody() public {
        IConsignments.Statement memory s = _sealed();
        s.counterparty = carrier.account;
        _refuses(exporter, s, _error(IConsignments.CounterpartyUnexpected.selector, _word(carrier)));
    }

    function test_TermsInvalid_WhereTheMilestoneHasNone() public {
        IConsignments.Statement memory s = _sealed();
        s.terms = "terms";
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(Milestone.SEALED), bytes32("terms")));
    }

    function test_Fields_AreTakenExactlyByTheMilestonesOfTheTable() public {
        for (uint8 milestone = 1; milestone <= Milestone.LAST; ++milestone) {
            bool hasSide = _isIn(milestone, SIDED);
            IConsignments.Statement memory s = _statement(milestone, Role.AUTHORITY);
            s.side = hasSide ? 0 : 1;
            if (milestone == Milestone.REGISTERED) s.consignment = "new";
            if (milestone == Milestone.REGISTERED) s.previousHead = 0;
            _refuses(korea, s, _error(IConsignments.SideInvalid.selector, uint256(milestone), uint256(s.side)));
            s.side = hasSide ? 1 : 0;
            s.counterparty = carrier.account;
            bytes memory refusal = _error(IConsignments.CounterpartyUnexpected.selector, _word(carrier));
            if (!_isIn(milestone, NAMING)) _refuses(korea, s, refusal);
            s.counterparty = address(0);
            s.terms = bytes32(uint256(1) << 128);
            refusal = _error(IConsignments.TermsInvalid.selector, uint256(milestone), s.terms);
            if (!_isIn(milestone, WITH_TERMS)) _refuses(korea, s, refusal);
        }
    }

    function _sealed() private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.SEALED, Role.EXPORTER);
        s.detail = SEAL;
    }

    function _isIn(uint8 milestone, bytes memory milestones) private pure returns (bool) {
        for (uint256 i = 0; i < milestones.length; ++i) {
            if (uint8(milestones[i]) == milestone) return true;
        }
        return false;
    }

    function _nothing() private pure returns (IConsignments.Consignment memory nothing) {}

    /// @dev Flip one bit of one field, within the field's type.
    function _alter(IConsignments.Statement memory s, uint256 field, uint256 bit) private pure {
        if (field == 0) s.consignment ^= bytes32(1 << (bit % 256));
        if (field == 1) s.milestone ^= uint8(1 << (bit % 8));
        if (field == 2) s.side ^= uint8(1 << (bit % 8));
        if (field == 3) s.commitment ^= bytes32(1 << (bit % 256));
        if (field == 4) s.eventTime ^= uint64(1 << (bit % 64));
        if (field == 5) s.signedTime ^= uint64(1 << (bit % 64));
        if (field == 6) s.validUntil ^= uint64(1 << (bit % 64));
        if (field == 7) s.role ^= uint8(1 << (bit % 8));
        if (field == 8) s.previousHead ^= bytes32(1 << (bit % 256));
        if (field == 9) s.counterparty = address(uint160(s.counterparty) ^ uint160(1 << (bit % 160)));
        if (field == 10) s.terms ^= bytes32(1 << (bit % 256));
        if (field == 11) s.detail ^= bytes32(1 << (bit % 256));
    }
}
