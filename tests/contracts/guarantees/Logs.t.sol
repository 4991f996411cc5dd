// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {ConsistencyProof} from "contracts/libraries/ConsistencyProof.sol";
import {SCOPE_CHECKPOINTS} from "contracts/types/Vocabulary.sol";
import {Checkpoints} from "../support/Checkpoints.sol";
import {Test} from "../support/Test.sol";
import {Tree} from "../support/Trees.sol";
import {Keepers} from "./support/Keepers.sol";

/// @notice What becomes of members' logs: over many of them at once.
contract LogsInvariants is Test {
    struct Target {
        address addr;
        bytes4[] selectors;
    }

    Keepers private _keepers;

    function setUp() public {
        _keepers = new Keepers();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_keepers);
    }

    function targetSelectors() public view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0].addr = address(_keepers);
        bytes4[12] memory selectors = [
            Keepers.grow.selector,
            Keepers.growOften.selector,
            Keepers.withhold.selector,
            Keepers.bring.selector,
            Keepers.delay.selector,
            Keepers.alter.selector,
            Keepers.usurp.selector,
            Keepers.misname.selector,
            Keepers.rewrite.selector,
            Keepers.shorten.selector,
            Keepers.govern.selector,
            Keepers.wait.selector
        ];
        targets[0].selectors = new bytes4[](selectors.length);
        for (uint256 i = 0; i < selectors.length; ++i) {
            targets[0].selectors[i] = selectors[i];
        }
    }

    /// @custom:guarantee log-only-grows
    function invariant_ALogOnlyGrows() public view {
        _keepers.requireKept("log-only-grows");
        for (uint256 which = 0; which < _keepers.count(); ++which) {
            (uint64[] memory sizes,) = _keepers.recordedOf(which);
            for (uint256 i = 1; i < sizes.length; ++i) {
                assertTrue(sizes[i - 1] < sizes[i]);
            }
        }
    }

    /// @custom:guarantee root-stays-provable
    function invariant_EveryRootRecordedIsProvenFromEveryLaterOne() public {
        for (uint256 which = 0; which < _keepers.count(); ++which) {
            (uint64[] memory sizes, bytes32[] memory roots) = _keepers.recordedOf(which);
            for (uint256 later = 1; later < sizes.length; ++later) {
                for (uint256 i = 0; i < later; ++i) {
                    bytes32[] memory proof = _keepers.proofOf(which, sizes[i], sizes[later]);
                    assertTrue(this.leads(sizes[i], sizes[later], roots[i], roots[later], proof));
                }
            }
        }
    }

    /// @custom:guarantee nobody-records-for-another
    function invariant_EveryCheckpointIsRecordedByAKeyOfWhoseLogItIs() public view {
        _keepers.requireKept("nobody-records-for-another");
    }

    /// @custom:guarantee late-checkpoint-has-no-effect
    function invariant_NoCheckpointIsRecordedOutOfItsTime() public view {
        _keepers.requireKept("late-checkpoint-has-no-effect");
    }

    function test_TheKeepersLogsGrow() public {
        for (uint256 i = 0; i < 300; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint256 what = seed % 12;
            if (what < 2) _keepers.grow(seed);
            else if (what == 2) _keepers.withhold(seed);
            else if (what == 3) _keepers.bring(seed);
            else if (what == 4) _keepers.delay(seed);
            else if (what == 5) _keepers.alter(seed);
            else if (what == 6) _keepers.usurp(seed);
            else if (what == 7) _keepers.misname(seed);
            else if (what == 8) _keepers.rewrite(seed);
            else if (what == 9) _keepers.shorten(seed);
            else if (what == 10) _keepers.govern(seed);
            else _keepers.wait(seed);
        }
        for (uint256 which = 0; which < _keepers.count(); ++which) {
            (uint64[] memory sizes,) = _keepers.recordedOf(which);
            assertLe(5, sizes.length);
        }
        invariant_ALogOnlyGrows();
        invariant_EveryRootRecordedIsProvenFromEveryLaterOne();
        invariant_EveryCheckpointIsRecordedByAKeyOfWhoseLogItIs();
        invariant_NoCheckpointIsRecordedOutOfItsTime();
    }

    /// @notice Whether a proof leads from one recorded tree to another.
    function leads(
        uint64 first,
        uint64 second,
        bytes32 firstRoot,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        (bytes32 fr, bytes32 sr, bool fits) = ConsistencyProof.roots(first, second, firstRoot, proof);
        return fits && fr == firstRoot && sr == secondRoot;
    }
}

/// @notice The same, case by case.
contract LogsTest is Checkpoints {
    /// @custom:guarantee log-only-grows root-stays-provable
    function testFuzz_NoGrowthLosesAnEventRecorded(bytes32 seed, bytes32 other, uint64[4] memory sizes) public {
        vm.assume(seed != other);
        Tree memory tree = Tree(seed, _rising(sizes));
        Tree memory rewritten = Tree(other, tree.cuts);
        for (uint256 i = 0; i < sizes.length; ++i) {
            if (i != 0) assertFalse(_isTaken(_growth(carrier, rewritten, tree.cuts[i])));
            assertTrue(_isTaken(_growth(carrier, tree, tree.cuts[i])));
        }
        for (uint256 later = 1; later < sizes.length; ++later) {
            for (uint256 i = 0; i < later; ++i) {
                bytes32[] memory proof = _proofOf(tree, tree.cuts[i], tree.cuts[later]);
                (bytes32 first, bytes32 second) = (_rootOf(tree, tree.cuts[i]), _rootOf(tree, tree.cuts[later]));
                assertTrue(this.leads(tree.cuts[i], tree.cuts[later], first, second, proof));
            }
        }
    }

    /// @custom:guarantee log-only-grows
    function testFuzz_ALogNeverBecomesShorter(bytes32 seed, uint64[4] memory sizes, uint64 size, uint64 from) public {
        Tree memory tree = Tree(seed, _rising(sizes));
        _grow(carrier, tree, tree.cuts[2]);
        IEventLogs.Entry memory entry = _growth(carrier, tree, tree.cuts[3]);
        entry.checkpoint.size = uint64(bound(size, 0, tree.cuts[2]));
        if (from % 2 == 0) entry.checkpoint.previousSize = from;
        assertFalse(_isTaken(_signed(carrier, entry.checkpoint, entry.proof)));
        _isOnRecord(carrier, tree.cuts[2], _rootOf(tree, tree.cuts[2]));
    }

    /// @custom:guarantee log-only-grows
    function testFuzz_NoProofMadeUpIsTaken(bytes32 seed, uint64[4] memory sizes, bytes32 root, uint8 length) public {
        Tree memory tree = Tree(seed, _rising(sizes));
        _grow(carrier, tree, tree.cuts[0]);
        IEventLogs.Checkpoint memory c = _checkpoint(carrier, tree, tree.cuts[1]);
        bytes32[] memory proof = new bytes32[](bound(length, 0, 66));
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = keccak256(abi.encode(seed, "made up", i));
        }
        if (length % 2 == 0) c.root = root;
        assertFalse(_isTaken(_signed(carrier, c, proof)));
        _isOnRecord(carrier, tree.cuts[0], _rootOf(tree, tree.cuts[0]));
    }

    /// @custom:guarantee nobody-records-for-another nobody-speaks-for-another
    function testFuzz_NoSignatureButTheMembersOwnCounts(uint256 secret, bytes32 r, bytes32 vs, bool isMadeUp) public {
        IEventLogs.Entry memory entry = _growth(carrier, _tree("log", 3, 9), 9);
        secret = bound(secret, 1, type(uint128).max);
        (entry.r, entry.vs) =
            isMadeUp ? (r, vs) : _sign(Actor("", secret, address(0)), logs.checkpointDigest(entry.checkpoint));
        assertFalse(_isTaken(entry));
        _isOnRecord(carrier, 0, 0);
    }

    /// @custom:guarantee nobody-records-for-another
    function testFuzz_NoMemberRecordsForAnother(uint256 who, uint32 member, uint64 size) public {
        Actor[6] memory others = [exporter, terminal, broker, korea, singapore, agency];
        Actor memory other = others[who % 6];
        IEventLogs.Checkpoint memory c = _checkpoint(carrier, _tree("log", 3, 9), 9);
        if (who % 2 == 0) c.member = member;
        vm.assume(c.member != _numberOf(other));
        assertFalse(_isTaken(_signed(other, c, new bytes32[](0))));
        vm.prank(other.account);
        logs.submit(0, 1 + size / 2, "root", new bytes32[](0));
        _isOnRecord(carrier, 0, 0);
        _isOnRecord(other, 1 + size / 2, "root");
    }

    /// @custom:guarantee late-checkpoint-has-no-effect late-has-no-effect
    function testFuzz_ACheckpointCountsUpToItsLastSecondAndNotAfter(uint256 delay, uint256 late) public {
        Tree memory tree = _tree("log", 3, 9);
        IEventLogs.Checkpoint memory c = _checkpoint(carrier, tree, 9);
        c.validUntil = uint64(block.timestamp + bound(delay, 0, 365 days));
        IEventLogs.Entry memory entry = _signed(carrier, c, new bytes32[](0));
        uint256 snapshot = vm.snapshotState();
        vm.warp(uint256(c.validUntil) + bound(late, 1, 3650 days));
        assertFalse(_isTaken(entry));
        _isOnRecord(carrier, 0, 0);
        vm.revertToState(snapshot);
        vm.warp(c.validUntil);
        assertTrue(_isTaken(entry));
    }

    /// @custom:guarantee late-checkpoint-has-no-effect late-has-no-effect
    function testFuzz_NoCheckpointIsSignedInTheFuture(uint256 ahead) public {
        IEventLogs.Checkpoint memory c = _checkpoint(carrier, _tree("log", 3, 9), 9);
        c.signedTime = uint64(block.timestamp + bound(ahead, 5 minutes - 1, 5 minutes + 2));
        c.validUntil = type(uint64).max;
        bool isTaken = _isTaken(_signed(carrier, c, new bytes32[](0)));
        assertTrue(isTaken == (c.signedTime <= block.timestamp + 5 minutes));
    }

    /// @custom:guarantee retired-key-adds-nothing suspended-says-nothing
    function testFuzz_WhoMayNotSpeakRecordsNothing(uint256 how, uint256 delay) public {
        Actor memory officer = _actor("officer");
        _addKey(carrier, officer, SCOPE_CHECKPOINTS, 0);
        IEventLogs.Entry memory entry = _signed(officer, _checkpoint(carrier, _tree("log", 3, 9), 9), new bytes32[](0));
        if (how % 3 == 0) _do(carrier, abi.encodeCall(members.retireKey, (officer.account, 0)));
        if (how % 3 == 1) _do(korea, abi.encodeCall(members.suspend, (carrier.account)));
        if (how % 3 == 2) _do(korea, abi.encodeCall(members.dismiss, (carrier.account)));
        vm.warp(block.timestamp + bound(delay, 0, 1 days));
        assertFalse(_isTaken(entry));
        vm.prank(officer.account);
        (bool ok,) = address(logs).call(abi.encodeCall(logs.submit, (0, 9, "root", new bytes32[](0))));
        assertFalse(ok);
        _isOnRecord(carrier, 0, 0);
    }

    /// @custom:guarantee relayer-cannot-alter
    function testFuzz_NoFieldOfASignedCheckpointIsAltered(uint256 field, uint256 change) public {
        Tree memory tree = _tree("log", 3, 9);
        _grow(carrier, tree, 3);
        IEventLogs.Entry memory entry = _growth(carrier, tree, 9);
        bytes32 word = bytes32(change == 0 ? 1 : change);
        field = field % 9;
        if (field == 0) entry.checkpoint.member ^= uint32(1 << (change % 32));
        if (field == 1) entry.checkpoint.previousSize ^= uint64(1 << (change % 64));
        if (field == 2) entry.checkpoint.size ^= uint64(1 << (change % 64));
        if (field == 3) entry.checkpoint.root ^= word;
        if (field == 4) entry.checkpoint.signedTime -= 1;
        if (field == 5) entry.checkpoint.validUntil += 1;
        if (field == 6) entry.r ^= word;
        if (field == 7) entry.vs ^= word;
        if (field == 8) entry.proof[change % entry.proof.length] ^= word;
        assertFalse(_isTaken(entry));
        _isOnRecord(carrier, 3, _rootOf(tree, 3));
    }

    /// @custom:guarantee skipped-has-no-effect
    function testFuzz_ABatchWithRefusedCheckpointsDoesWhatItDoesWithout(uint256 lies) public {
        (IEventLogs.Entry[] memory entries, bytes32 whole,) = _batch(lies);
        vm.record();
        assertEq(logs.submitBatch(_falsified(entries, lies)), 0);
        (, bytes32[] memory writes) = vm.accesses(address(logs));
        assertEq(writes.length, 0);
        IEventLogs.Entry[] memory mixed = new IEventLogs.Entry[](2 * entries.length);
        IEventLogs.Entry[] memory false_ = _falsified(entries, lies);
        for (uint256 i = 0; i < entries.length; ++i) {
            (mixed[2 * i], mixed[2 * i + 1]) = (false_[i], entries[i]);
        }
        assertEq(logs.submitBatch(mixed), entries.length);
        assertEq(_records(), whole);
    }

    /// @custom:guarantee batch-never-skips-for-gas
    function testFuzz_ABatchOfCheckpointsIsCarriedWholeOrNotAtAllWhateverTheGas(uint256 seed, uint256 gas) public {
        (IEventLogs.Entry[] memory entries, bytes32 whole, uint256 needed) = _batch(seed);
        _starve(entries, bound(gas, 21_000, needed + needed / 8), whole);
    }

    /// @custom:guarantee batch-never-skips-for-gas
    function test_NoAmountOfGasMakesABatchSkipACheckpoint() public {
        (IEventLogs.Entry[] memory entries, bytes32 whole, uint256 needed) = _batch(7);
        for (uint256 gas = 21_000; gas < needed + 8_000; gas += 211) {
            uint256 snapshot = vm.snapshotState();
            _starve(entries, gas, whole);
            vm.revertToState(snapshot);
        }
    }

    /// @notice Whether a proof leads from one recorded tree to another.
    function leads(
        uint64 first,
        uint64 second,
        bytes32 firstRoot,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        (bytes32 fr, bytes32 sr, bool fits) = ConsistencyProof.roots(first, second, firstRoot, proof);
        return fits && fr == firstRoot && sr == secondRoot;
    }

    /// @dev Bring an entry; whether it was recorded.
    function _isTaken(IEventLogs.Entry memory entry) private returns (bool) {
        return logs.submitBatch(_oneOf(entry)) == 1;
    }

    /// @dev Checkpoints of three logs that have grown before, the records that they make, and the gas that this takes.
    function _batch(uint256 seed) private returns (IEventLogs.Entry[] memory entries, bytes32 whole, uint256 needed) {
        Actor[3] memory owners = [carrier, importer, korea];
        entries = new IEventLogs.Entry[](3);
        for (uint256 i = 0; i < 3; ++i) {
            uint64 first = uint64(1 + (seed >> (16 * i)) % 1000);
            Tree memory tree = _tree(keccak256(abi.encode(seed, i)), first, first + 77);
            _grow(owners[i], tree, first);
            entries[i] = _growth(owners[i], tree, first + 77);
        }
        uint256 snapshot = vm.snapshotState();
        needed = gasleft();
        logs.submitBatch(entries);
        needed -= gasleft();
        whole = _records();
        vm.revertToState(snapshot);
    }

    /// @dev The same checkpoints, each with something wrong.
    function _falsified(
        IEventLogs.Entry[] memory entries,
        uint256 lies
    ) private view returns (IEventLogs.Entry[] memory false_) {
        false_ = abi.decode(abi.encode(entries), (IEventLogs.Entry[]));
        for (uint256 i = 0; i < entries.length; ++i) {
            uint256 kind = (lies >> (8 * i)) % 5;
            IEventLogs.Checkpoint memory c = false_[i].checkpoint;
            if (kind == 0) c.validUntil = uint64(block.timestamp - 1);
            if (kind == 1) c.size = c.previousSize;
            if (kind == 2) c.previousSize += 1;
            if (kind == 3) c.root = "another";
            Actor[3] memory owners = [carrier, importer, korea];
            false_[i] = _signed(kind == 4 ? stranger : owners[i], c, false_[i].proof);
        }
    }

    /// @dev With this gas the batch does all that it does with plenty, or nothing.
    function _starve(IEventLogs.Entry[] memory entries, uint256 gas, bytes32 whole) private {
        bytes32 before = _records();
        (bool ok,) = address(logs).call{gas: gas}(abi.encodeCall(logs.submitBatch, (entries)));
        assertEq(_records(), ok ? whole : before);
    }

    function _records() private view returns (bytes32 state) {
        for (uint32 member = 1; member <= members.memberCount(); ++member) {
            (uint64 size, bytes32 root, uint40 time) = logs.checkpoint(member);
            state = keccak256(abi.encode(state, size, root, time));
        }
    }

    /// @dev The sizes, each above the one before.
    function _rising(uint64[4] memory sizes) private pure returns (uint64[] memory rising) {
        rising = new uint64[](sizes.length);
        uint64 last = 0;
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint64 most = i % 2 == 0 ? uint64(1) << uint64(20 * (i / 2 + 1)) : last + 20;
            last = uint64(bound(sizes[i], last + 1, last + most));
            rising[i] = last;
        }
    }
}
