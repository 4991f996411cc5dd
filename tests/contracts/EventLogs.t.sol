// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {ISigningErrors} from "contracts/interfaces/ISigningErrors.sol";
import {IStandingErrors} from "contracts/interfaces/IStandingErrors.sol";
import {Growth, Recording, packGrowth, packRecording} from "contracts/types/Recording.sol";
import {ALL_MILESTONES, SCOPE_AUTOMATION, SCOPE_CHECKPOINTS, SCOPE_GOVERN} from "contracts/types/Vocabulary.sol";
import {Checkpoints} from "./support/Checkpoints.sol";
import {Tree} from "./support/Trees.sol";

/// @notice What is asked of every checkpoint: signature, signer, whose log it is, times, its place in the log, its proof.
contract EventLogsTest is Checkpoints {
    Tree private _log;

    function setUp() public override {
        super.setUp();
        _log = _tree("log", 5, 12);
    }

    // What is signed

    function test_TypeHash_IsThatOfItsPreimage() public view {
        string memory preimage = "Checkpoint(uint32 member,uint64 previousSize,uint64 size,bytes32 root,uint64 signedTime,"
            "uint64 validUntil)";
        assertEq(logs.CHECKPOINT_TYPEHASH(), keccak256(bytes(preimage)));
    }

    function test_Digest_IsTheOneOfEip712() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SMART Border Ledger"),
                keccak256("1"),
                block.chainid,
                address(logs)
            )
        );
        bytes32 structHash = keccak256(abi.encode(logs.CHECKPOINT_TYPEHASH(), c));
        assertEq(logs.domainSeparator(), domain);
        assertEq(logs.checkpointDigest(c), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    function test_Digest_DiffersOnAnotherChainAndAnotherContract() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        bytes32 here = logs.checkpointDigest(c);
        assertFalse(_newEventLogs(members, address(0)).checkpointDigest(c) == here);
        vm.chainId(5);
        assertFalse(logs.checkpointDigest(c) == here);
    }

    function test_Contract_NamesItsRegisterAndItsPredecessor() public {
        IEventLogs next = _newEventLogs(members, address(logs));
        assertEq(next.members(), address(members));
        assertEq(next.predecessor(), address(logs));
    }

    // What is recorded

    function test_Checkpoint_IsRecordedByTheMemberItself() public {
        bytes32 root = _rootOf(_log, 5);
        vm.expectEmit(address(logs));
        emit IEventLogs.CheckpointRecorded(
            _numberOf(exporter), root, packRecording(exporter.account, KR, uint40(NOW)), packGrowth(0, 5, 0, 0), 0, 0
        );
        vm.prank(exporter.account);
        logs.submit(0, 5, root, new bytes32[](0));
        _isOnRecord(exporter, 5, root);
    }

    function test_Words_AreLaidOutAsTheyAreDrawn() public pure {
        Recording recording = packRecording(address(0xaA), "KR", 0x0102030405);
        assertEq(bytes32(Recording.unwrap(recording)), bytes32(uint256(0xaA | (0x4b52 << 160) | (0x0102030405 << 176))));
        Growth growth = packGrowth(5, 12, 0x0102, 0x0304);
        assertEq(bytes32(Growth.unwrap(growth)), bytes32(uint256(5 | (12 << 64) | (0x0102 << 128) | (0x0304 << 192))));
    }

    function test_Checkpoint_IsRecordedFromAnyRelayerWithAllThatWasSigned() public {
        _grow(exporter, _log, 5);
        vm.warp(NOW + 1 hours);
        IEventLogs.Entry memory entry = _growth(exporter, _log, 12);
        IEventLogs.Checkpoint memory c = entry.checkpoint;
        vm.expectEmit(address(logs));
        emit IEventLogs.CheckpointRecorded(
            c.member,
            c.root,
            packRecording(exporter.account, KR, uint40(NOW + 1 hours)),
            packGrowth(5, 12, c.signedTime, c.validUntil),
            entry.r,
            entry.vs
        );
        vm.prank(stranger.account);
        logs.submitSigned(entry);
        (uint64 size, bytes32 root, uint40 time) = logs.checkpoint(c.member);
        assertEq(size, 12);
        assertEq(root, c.root);
        assertEq(time, NOW + 1 hours);
    }

    function test_Checkpoint_IsRecordedByAKeyOfThatScopeAndByAnAuthority() public {
        Actor memory machine = _actor("machine");
        _addKey(exporter, machine, SCOPE_CHECKPOINTS, 0);
        logs.submitSigned(_signed(machine, _checkpoint(exporter, _log, 5), new bytes32[](0)));
        _isOnRecord(exporter, 5, _rootOf(_log, 5));
        _grow(korea, _log, 5);
    }

    function test_Checkpoint_OfNoLogIsAllZero() public view {
        (uint64 size, bytes32 root, uint40 time) = logs.checkpoint(_numberOf(exporter));
        assertEq(abi.encode(size, root, time), abi.encode(0, 0, 0));
    }

    function test_Logs_OfTwoMembersAreApart() public {
        _grow(exporter, _log, 5);
        _grow(carrier, _log, 12);
        _isOnRecord(exporter, 5, _rootOf(_log, 5));
        _grow(exporter, _log, 12);
    }

    function test_Log_GrowsEventByEventAndByAnyNumber() public {
        Tree memory whole;
        whole.seed = "whole";
        uint64[8] memory sizes = [uint64(1), 2, 3, 4, 7, 8, 64, 100];
        for (uint256 i = 0; i < sizes.length; ++i) {
            _grow(exporter, whole, sizes[i]);
        }
    }

    function test_Log_GrowsToTheLargestSize() public {
        Tree memory large = _tree("large", type(uint64).max - 1, type(uint64).max);
        _grow(exporter, large, type(uint64).max - 1);
        _grow(exporter, large, type(uint64).max);
        IEventLogs.Entry memory entry = _growth(exporter, large, type(uint64).max);
        bytes memory refusal =
            _error(IEventLogs.LogNotGrown.selector, uint256(type(uint64).max), uint256(type(uint64).max));
        _refuses(entry, refusal);
    }

    // Batches

    function test_Batch_SkipsWhatIsRefusedAndLetsLaterGrowFromEarlier() public {
        IEventLogs.Entry[] memory entries = new IEventLogs.Entry[](4);
        entries[0] = _growth(exporter, _log, 5);
        entries[1] = entries[0];
        entries[2] = _growth(carrier, _log, 12);
        IEventLogs.Checkpoint memory later = _checkpoint(exporter, _log, 12);
        later.previousSize = 5;
        entries[3] = _signed(exporter, later, _proofOf(_log, 5, 12));
        bytes32 digest = logs.checkpointDigest(entries[1].checkpoint);
        vm.expectEmit(address(logs));
        emit IEventLogs.CheckpointSkipped(1, digest, _error(IEventLogs.StaleSize.selector, uint256(5), uint256(0)));
        assertEq(logs.submitBatch(entries), 3);
        _isOnRecord(exporter, 12, later.root);
        _isOnRecord(carrier, 12, later.root);
    }

    function test_Batch_RunningOutOfGasRevertsEverything() public {
        _grow(exporter, _log, 5);
        IEventLogs.Entry[] memory entries = new IEventLogs.Entry[](2);
        entries[0] = _growth(exporter, _log, 12);
        entries[1] = _growth(carrier, _log, 12);
        for (uint256 gas = 20_000; gas < 400_000; gas += 499) {
            (bool ok, bytes memory answer) = address(logs).call{gas: gas}(abi.encodeCall(logs.submitBatch, (entries)));
            if (ok) {
                assertEq(abi.decode(answer, (uint256)), 2);
                return;
            }
            _isOnRecord(exporter, 5, _rootOf(_log, 5));
        }
        revert("never enough gas");
    }

    function test_Batch_OfNothingRecordsNothing() public {
        assertEq(logs.submitBatch(new IEventLogs.Entry[](0)), 0);
    }

    // Errors: signature and signer

    function test_SignatureMalformed_WhereItIsNoneOrNotLowS() public {
        IEventLogs.Entry memory entry = _growth(exporter, _log, 5);
        entry.vs = bytes32(type(uint256).max >> 1); // the highest s that the short form can carry
        _refuses(entry, _error(ISigningErrors.SignatureMalformed.selector));
        (entry.r, entry.vs) = (0, 0);
        _refuses(entry, _error(ISigningErrors.SignatureMalformed.selector));
    }

    function test_KeyUnknown_WhereNoMemberHasIt() public {
        bytes memory refusal = _error(IStandingErrors.KeyUnknown.selector, _word(stranger));
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        _refuses(_signed(stranger, c, new bytes32[](0)), refusal);
        _refusesOwn(stranger, 0, 5, refusal);
    }

    function testFuzz_KeyUnknown_WhereASignedFieldWasAltered(uint256 field, uint256 bit) public {
        IEventLogs.Entry memory entry = _growth(exporter, _log, 5);
        _alter(entry.checkpoint, field % 6, bit);
        bytes32 s = bytes32(uint256(entry.vs) & type(uint256).max >> 1);
        uint8 v = uint8(uint256(entry.vs) >> 255) + 27;
        address key = ecrecover(logs.checkpointDigest(entry.checkpoint), v, entry.r, s);
        vm.assume(key != address(0));
        _refuses(entry, _error(IStandingErrors.KeyUnknown.selector, uint256(uint160(key))));
    }

    function test_KeyNotYetValid_BeforeItsFirstSecond() public {
        uint40 from = uint40(NOW + 1 hours);
        _do(exporter, _addition(exporter, stranger, SCOPE_CHECKPOINTS, 0, from, type(uint40).max));
        bytes memory refusal = _error(IStandingErrors.KeyNotYetValid.selector, _word(stranger), NOW + 1 hours);
        _refuses(_signed(stranger, _checkpoint(exporter, _log, 5), new bytes32[](0)), refusal);
        _refusesOwn(stranger, 0, 5, refusal);
        vm.warp(from);
        logs.submitSigned(_signed(stranger, _checkpoint(exporter, _log, 5), new bytes32[](0)));
    }

    function test_KeyExpired_FromTheBlockOfItsRetirementOn() public {
        IEventLogs.Entry memory entry = _growth(exporter, _log, 5);
        vm.prank(exporter.account);
        members.retireKey(exporter.account, 0);
        bytes memory refusal = _error(IStandingErrors.KeyExpired.selector, _word(exporter), NOW);
        _refuses(entry, refusal);
        _refusesOwn(exporter, 0, 5, refusal);
    }

    function test_MemberIsSuspended_UntilItIsReinstated() public {
        IEventLogs.Entry memory entry = _growth(exporter, _log, 5);
        vm.prank(korea.account);
        members.suspend(exporter.account);
        bytes memory refusal = _error(IStandingErrors.MemberIsSuspended.selector, _numberOf(exporter));
        _refuses(entry, refusal);
        _refusesOwn(exporter, 0, 5, refusal);
        vm.prank(korea.account);
        members.reinstate(exporter.account);
        logs.submitSigned(entry);
    }

    function test_MemberIsDismissed_ForGood() public {
        IEventLogs.Entry memory entry = _growth(exporter, _log, 5);
        vm.prank(korea.account);
        members.dismiss(exporter.account);
        bytes memory refusal = _error(IStandingErrors.MemberIsDismissed.selector, _numberOf(exporter));
        _refuses(entry, refusal);
        _refusesOwn(exporter, 0, 5, refusal);
    }

    function test_KeyMayNotCheckpoint_WhereItsScopeIsAnother() public {
        uint8[3] memory scopes = [SCOPE_GOVERN, 2, SCOPE_AUTOMATION];
        for (uint256 i = 0; i < scopes.length; ++i) {
            Actor memory officer = _actor(string.concat("officer ", vm.toString(i)));
            _addKey(exporter, officer, scopes[i], scopes[i] == 2 ? ALL_MILESTONES : 0);
            bytes memory refusal = _error(IEventLogs.KeyMayNotCheckpoint.selector, _word(officer));
            _refuses(_signed(officer, _checkpoint(exporter, _log, 5), new bytes32[](0)), refusal);
            _refusesOwn(officer, 0, 5, refusal);
        }
    }

    function test_NotLogOwner_WhereTheKeySpeaksForAnother() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        uint256 owner = _numberOf(exporter);
        bytes memory refusal = _error(IEventLogs.NotLogOwner.selector, uint256(_numberOf(carrier)), owner);
        _refuses(_signed(carrier, c, new bytes32[](0)), refusal);
        c.member = 0;
        refusal = _error(IEventLogs.NotLogOwner.selector, uint256(_numberOf(carrier)), uint256(0));
        _refuses(_signed(carrier, c, new bytes32[](0)), refusal);
    }

    // Errors: times

    function test_SignedInFuture_BeyondWhatClocksMayDiffer() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        c.signedTime = uint64(NOW + 5 minutes + 1);
        bytes memory refusal = _error(ISigningErrors.SignedInFuture.selector, uint256(c.signedTime), NOW);
        _refuses(_signed(exporter, c, new bytes32[](0)), refusal);
        c.signedTime -= 1;
        logs.submitSigned(_signed(exporter, c, new bytes32[](0)));
    }

    function test_StatementExpired_AfterItsLastSecond() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        c.validUntil = uint64(NOW - 1);
        bytes memory refusal = _error(ISigningErrors.StatementExpired.selector, NOW - 1, NOW);
        _refuses(_signed(exporter, c, new bytes32[](0)), refusal);
        c.validUntil = uint64(NOW);
        logs.submitSigned(_signed(exporter, c, new bytes32[](0)));
    }

    // Errors: place in the log

    function test_StaleSize_WhereACheckpointIsReplayedOrReordered() public {
        IEventLogs.Entry memory first = _growth(exporter, _log, 5);
        logs.submitSigned(first);
        IEventLogs.Entry memory second = _growth(exporter, _log, 12);
        logs.submitSigned(second);
        _refuses(first, _error(IEventLogs.StaleSize.selector, uint256(12), uint256(0)));
        _refuses(second, _error(IEventLogs.StaleSize.selector, uint256(12), uint256(5)));
        _refusesOwn(exporter, 5, 20, _error(IEventLogs.StaleSize.selector, uint256(12), uint256(5)));
        _refusesOwn(exporter, 20, 21, _error(IEventLogs.StaleSize.selector, uint256(12), uint256(20)));
    }

    function test_LogNotGrown_WhereTheSizeIsEqualOrSmaller() public {
        _refusesOwn(exporter, 0, 0, _error(IEventLogs.LogNotGrown.selector, uint256(0), uint256(0)));
        _grow(exporter, _log, 5);
        for (uint64 size = 0; size <= 5; ++size) {
            IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
            c.size = size;
            bytes memory refusal = _error(IEventLogs.LogNotGrown.selector, uint256(5), uint256(size));
            _refuses(_signed(exporter, c, new bytes32[](0)), refusal);
            _refusesOwn(exporter, 5, size, refusal);
        }
    }

    function test_RootMissing_WhereItIsZero() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        c.root = 0;
        _refuses(_signed(exporter, c, new bytes32[](0)), _error(IEventLogs.RootMissing.selector));
        vm.expectRevert(_error(IEventLogs.RootMissing.selector));
        vm.prank(exporter.account);
        logs.submit(0, 5, 0, new bytes32[](0));
    }

    // Errors: the proof

    function test_ProofLengthInvalid_WhereTheFirstCheckpointHasOne() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        bytes memory refusal = _error(IEventLogs.ProofLengthInvalid.selector, uint256(1), uint256(0));
        _refuses(_signed(exporter, c, new bytes32[](1)), refusal);
    }

    function test_ProofLengthInvalid_WhereItIsTooLongOrTooShort() public {
        _grow(exporter, _log, 5);
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 12);
        uint256 required = _proofOf(_log, 5, 12).length;
        for (uint256 length = 0; length < 70; ++length) {
            if (length == required) continue;
            bytes memory refusal = _error(IEventLogs.ProofLengthInvalid.selector, length, required);
            _refuses(_signed(exporter, c, new bytes32[](length)), refusal);
        }
    }

    function test_PreviousRootMismatch_WhereTheLogWasRewritten() public {
        _grow(exporter, _log, 5);
        Tree memory rewritten = _tree("rewritten", 5, 12);
        IEventLogs.Entry memory entry = _growth(exporter, rewritten, 12);
        bytes32 recorded = _rootOf(_log, 5);
        _refuses(entry, _error(IEventLogs.PreviousRootMismatch.selector, recorded, _rootOf(rewritten, 5)));
        _grow(exporter, _log, 12);
    }

    function test_RootMismatch_WhereTheProofLeadsElsewhere() public {
        _grow(exporter, _log, 5);
        IEventLogs.Entry memory entry = _growth(exporter, _log, 12);
        bytes32 proven = entry.checkpoint.root;
        entry.checkpoint.root = "another";
        entry = _signed(exporter, entry.checkpoint, entry.proof);
        _refuses(entry, _error(IEventLogs.RootMismatch.selector, bytes32("another"), proven));
    }

    function test_RootMismatch_WhereACompleteTreeWasRewritten() public {
        _log = _tree("log", 8, 12);
        _grow(exporter, _log, 8);
        Tree memory rewritten = _tree("rewritten", 8, 12);
        IEventLogs.Entry memory entry = _growth(exporter, rewritten, 12);
        bytes32 proven = sha256(bytes.concat(hex"01", _rootOf(_log, 8), entry.proof[0]));
        _refuses(entry, _error(IEventLogs.RootMismatch.selector, entry.checkpoint.root, proven));
    }

    /// @dev Call data in which a field is wider than its type is no checkpoint, even if it was signed as it is.
    function test_Checkpoint_WithAFieldWiderThanItsTypeReverts() public {
        IEventLogs.Checkpoint memory c = _checkpoint(exporter, _log, 5);
        uint256[5] memory fields = [uint256(0), 1, 2, 4, 5];
        for (uint256 i = 0; i < fields.length; ++i) {
            uint256[6] memory words = abi.decode(abi.encode(c), (uint256[6]));
            words[fields[i]] |= uint256(1) << 255;
            bytes32 structHash = keccak256(abi.encode(logs.CHECKPOINT_TYPEHASH(), words));
            (bytes32 r, bytes32 vs) =
                _sign(exporter, keccak256(abi.encodePacked(hex"1901", logs.domainSeparator(), structHash)));
            bytes memory entry = abi.encode(words, r, vs, uint256(0x120), uint256(0));
            (bool ok, bytes memory answer) =
                address(logs).call(abi.encodePacked(logs.submitSigned.selector, uint256(0x20), entry));
            assertFalse(ok);
            assertEq(answer.length, 0);
        }
    }

    /// @dev The contract refuses this growth to the sender itself, with any root and no proof.
    function _refusesOwn(Actor memory sender, uint64 previousSize, uint64 size, bytes memory refusal) private {
        vm.expectRevert(refusal);
        vm.prank(sender.account);
        logs.submit(previousSize, size, "root", new bytes32[](0));
    }

    /// @dev Flip one bit of one field, within the field's type.
    function _alter(IEventLogs.Checkpoint memory c, uint256 field, uint256 bit) private pure {
        if (field == 0) c.member ^= uint32(1 << (bit % 32));
        if (field == 1) c.previousSize ^= uint64(1 << (bit % 64));
        if (field == 2) c.size ^= uint64(1 << (bit % 64));
        if (field == 3) c.root ^= bytes32(1 << (bit % 256));
        if (field == 4) c.signedTime ^= uint64(1 << (bit % 64));
        if (field == 5) c.validUntil ^= uint64(1 << (bit % 64));
    }
}
