// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {SCOPE_CHECKPOINTS} from "contracts/types/Vocabulary.sol";
import {Checkpoints} from "./support/Checkpoints.sol";
import {Tree} from "./support/Trees.sol";

/// @notice What a checkpoint costs, transaction and call data included, for the sizes that cost most: the proof is longest and
/// each of its hashes is hashed twice. Compared with tests/contracts/gas as in Gas.t.sol.
contract GasOfLogsTest is Checkpoints {
    uint256 private constant LIMIT = 74_000;
    uint256 private constant LARGE_LIMIT = 110_000;
    uint256 private constant BATCH = 50;
    uint256 private constant BATCHED_LIMIT = 50_000;

    function test_Gas_OfTheFirstCheckpoint() public {
        Tree memory tree = _tree("first", 0, 1 << 16);
        bytes32 root = _rootOf(tree, 1 << 16);
        IEventLogs.Entry memory entry = _growth(carrier, tree, 1 << 16);
        logs.submitSigned(entry);
        vm.snapshotGasLastCall("EventLogs", "first, relayed");
        vm.prank(exporter.account);
        logs.submit(0, 1 << 16, root, new bytes32[](0));
        vm.snapshotGasLastCall("EventLogs", "first, by the member");
    }

    function test_Gas_OfTheWorstSizes() public {
        assertLe(_relayed("to 2^16, relayed", exporter, 1 << 16), LIMIT);
        assertLe(_relayed("to 2^40, relayed", carrier, 1 << 40), LARGE_LIMIT);
        (uint64 first, uint64 second) = (uint64(1 << 16) - 1, 1 << 16);
        Tree memory tree = _tree("member", first, second);
        _grow(importer, tree, first);
        bytes32 root = _rootOf(tree, second);
        bytes32[] memory proof = _proofOf(tree, first, second);
        vm.prank(importer.account);
        logs.submit(first, second, root, proof);
        assertLe(vm.snapshotGasLastCall("EventLogs", "to 2^16, by the member"), LIMIT);
    }

    /// @dev One event more, and the other end: what a proof of one hash costs.
    function test_Gas_OfTheBestSizes() public {
        Tree memory tree = _tree("best", 1 << 15, 1 << 16);
        _grow(exporter, tree, 1 << 15);
        IEventLogs.Entry memory entry = _growth(exporter, tree, 1 << 16);
        logs.submitSigned(entry);
        vm.snapshotGasLastCall("EventLogs", "to twice the size, relayed");
    }

    function test_Gas_OfABatch() public {
        IEventLogs.Entry[] memory entries = new IEventLogs.Entry[](BATCH);
        (uint64 first, uint64 second) = (uint64(1 << 16) - 1, 1 << 16);
        for (uint256 i = 0; i < BATCH; ++i) {
            Actor memory owner = _actor(string.concat("owner ", vm.toString(i)));
            _admit(korea, owner, 2 << 1);
            Tree memory tree = _tree(bytes32(i), first, second);
            _grow(owner, tree, first);
            entries[i] = _growth(owner, tree, second);
        }
        assertEq(logs.submitBatch(entries), BATCH);
        uint256 gas = vm.snapshotGasLastCall("EventLogs", "50 to 2^16, distinct members");
        assertLe(gas, BATCH * BATCHED_LIMIT);
    }

    function _relayed(string memory name, Actor memory owner, uint64 second) private returns (uint256) {
        uint64 first = second - 1;
        Tree memory tree = _tree(bytes32(uint256(second)), first, second);
        Actor memory officer = _actor(string.concat("officer ", name));
        _addKey(owner, officer, SCOPE_CHECKPOINTS, 0);
        _grow(owner, tree, first);
        IEventLogs.Checkpoint memory c = _checkpoint(owner, tree, second);
        logs.submitSigned(_signed(officer, c, _proofOf(tree, first, second)));
        return vm.snapshotGasLastCall("EventLogs", name);
    }
}
