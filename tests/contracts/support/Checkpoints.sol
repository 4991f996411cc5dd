// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {Consortium} from "./Consortium.sol";
import {Tree, Trees} from "./Trees.sol";

/// @notice Checkpoints of members' logs: said, signed, carried and refused.
abstract contract Checkpoints is Consortium, Trees {
    /// @dev The checkpoint by which the actor's log grows to this size of a tree, as things stand.
    function _checkpoint(
        Actor memory owner,
        Tree memory tree,
        uint64 size
    ) internal returns (IEventLogs.Checkpoint memory c) {
        c.member = _numberOf(owner);
        (c.previousSize,,) = logs.checkpoint(c.member);
        c.size = size;
        c.root = _rootOf(tree, size);
        c.signedTime = uint64(block.timestamp - 30);
        c.validUntil = uint64(block.timestamp + 1 days);
    }

    /// @dev The same, signed and with its proof.
    function _growth(Actor memory owner, Tree memory tree, uint64 size) internal returns (IEventLogs.Entry memory) {
        IEventLogs.Checkpoint memory c = _checkpoint(owner, tree, size);
        return _signed(owner, c, _proven(tree, c.previousSize, size));
    }

    function _signed(
        Actor memory signer,
        IEventLogs.Checkpoint memory c,
        bytes32[] memory proof
    ) internal view returns (IEventLogs.Entry memory) {
        (bytes32 r, bytes32 vs) = _sign(signer, logs.checkpointDigest(c));
        return IEventLogs.Entry(c, r, vs, proof);
    }

    /// @dev The proof, empty where nothing is on record.
    function _proven(Tree memory tree, uint64 first, uint64 second) internal returns (bytes32[] memory proof) {
        if (first != 0) proof = _proofOf(tree, first, second);
    }

    /// @dev The actor's log grows to this size.
    function _grow(Actor memory owner, Tree memory tree, uint64 size) internal {
        IEventLogs.Entry memory entry = _growth(owner, tree, size);
        logs.submitSigned(entry);
        _isOnRecord(owner, size, entry.checkpoint.root);
    }

    function _isOnRecord(Actor memory owner, uint64 size, bytes32 root) internal view {
        (uint64 recordedSize, bytes32 recordedRoot,) = logs.checkpoint(_numberOf(owner));
        assertEq(recordedSize, size);
        assertEq(recordedRoot, root);
    }

    /// @dev The rules refuse the checkpoint with this error: alone, where it reverts, and in a batch, where it is skipped.
    function _refuses(IEventLogs.Entry memory entry, bytes memory refusal) internal {
        bytes32 digest = logs.checkpointDigest(entry.checkpoint);
        vm.expectEmit(address(logs));
        emit IEventLogs.CheckpointSkipped(0, digest, refusal);
        assertEq(logs.submitBatch(_oneOf(entry)), 0);

        vm.record();
        vm.expectRevert(refusal);
        logs.submitSigned(entry);
        (, bytes32[] memory writes) = vm.accesses(address(logs));
        assertEq(writes.length, 0);
    }

    function _oneOf(IEventLogs.Entry memory entry) internal pure returns (IEventLogs.Entry[] memory entries) {
        entries = new IEventLogs.Entry[](1);
        entries[0] = entry;
    }
}
