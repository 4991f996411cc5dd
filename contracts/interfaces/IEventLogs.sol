// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Growth, Recording} from "../types/Recording.sol";
import {ISigningErrors} from "./ISigningErrors.sol";
import {IStandingErrors} from "./IStandingErrors.sol";

/// @title Event logs, of which the chain has seen every checkpoint
/// @notice Each member keeps a log of its events, a Merkle tree of RFC 9162, and records how far it has come. What is
/// recorded here is a size and a root; that the log only grew from one to the next, its consistency proof shows.
///
/// Invariants:
/// - The size of a member's log never becomes less, and its root changes only as the size grows.
/// - A tree of the recorded size and root begins with every tree recorded before.
/// - A checkpoint is recorded by a key of the member whose log it is, whoever carries it.
/// - A checkpoint is recorded on the one that it names, once, and not after the last second in which it may.
interface IEventLogs is IStandingErrors, ISigningErrors {
    /// @notice What a member signs for another to carry (EIP-712; ledger/identity/checkpoints.py has the same type).
    /// @param member The number of the member whose log it is.
    /// @param previousSize The size on record, from which it grows; 0 for the first.
    /// @param size How many events the log has.
    /// @param root The root of the tree over them.
    /// @param signedTime When it was signed.
    /// @param validUntil The last second in which it may be accepted.
    struct Checkpoint {
        uint32 member;
        uint64 previousSize;
        uint64 size;
        bytes32 root;
        uint64 signedTime;
        uint64 validUntil;
    }

    /// @notice A checkpoint with its signature (EIP-2098) and its proof.
    /// @param checkpoint The checkpoint.
    /// @param r The signature's first word.
    /// @param vs Its second word.
    /// @param proof The consistency proof from the previous size to this one (RFC 9162, section 2.1.4); empty for the first.
    struct Entry {
        Checkpoint checkpoint;
        bytes32 r;
        bytes32 vs;
        bytes32[] proof;
    }

    /// @notice The key may not record checkpoints.
    error KeyMayNotCheckpoint(address key);

    /// @notice The log is another member's than the key's.
    error NotLogOwner(uint32 member, uint32 owner);

    /// @notice The checkpoint grows from another size than the one on record.
    error StaleSize(uint64 current, uint64 stated);

    /// @notice The log has not grown.
    error LogNotGrown(uint64 current, uint64 size);

    /// @notice A log that has events has a root.
    error RootMissing();

    /// @notice The proof has more or fewer hashes than there are between these sizes.
    error ProofLengthInvalid(uint256 length, uint256 required);

    /// @notice The proof begins with another tree than the one on record: what was recorded is not in this log.
    error PreviousRootMismatch(bytes32 recorded, bytes32 proven);

    /// @notice The proof ends with another tree than the one stated.
    error RootMismatch(bytes32 stated, bytes32 proven);

    /// @notice A checkpoint was recorded: the member's log now has this size and root, and began with the one before.
    /// The event has all that was signed and the signature, and is verified without the transaction that brought it.
    /// @param member The number of the member whose log it is.
    /// @param root The root of the tree.
    /// @param recording The key, its member's country, and the block's time (types/Recording.sol).
    /// @param growth The sizes before and since, and the times that were signed (types/Recording.sol).
    /// @param r The signature's first word (EIP-2098); zero where the key sent it itself.
    /// @param vs Its second word; zero where the key sent it itself.
    event CheckpointRecorded(
        uint32 indexed member, bytes32 indexed root, Recording recording, Growth growth, bytes32 r, bytes32 vs
    );

    /// @notice A checkpoint of a batch was refused; `refusal` is the ABI-encoded error. The others are not affected.
    event CheckpointSkipped(uint256 indexed index, bytes32 indexed digest, bytes refusal);

    /// @notice Record a checkpoint of one's own log: the sender is a key of the member. Reverts with the error that says why
    /// not.
    /// @param previousSize The size on record; 0 for the first.
    /// @param size How many events the log has.
    /// @param root The root of the tree over them.
    /// @param proof The consistency proof; empty for the first.
    function submit(uint64 previousSize, uint64 size, bytes32 root, bytes32[] calldata proof) external;

    /// @notice Record a checkpoint that a member signed. Reverts with the error that says why not.
    /// @param entry The checkpoint, its signature and its proof.
    function submitSigned(Entry calldata entry) external;

    /// @notice Record several checkpoints that members signed, in order; one may grow from another before it. What the rules
    /// refuse is skipped and reported; anything else, running out of gas above all, reverts everything.
    /// @param entries The checkpoints, with their signatures and proofs.
    /// @return accepted How many were recorded.
    function submitBatch(Entry[] calldata entries) external returns (uint256 accepted);

    /// @notice The last checkpoint of a member's log; all zero where there is none.
    /// @param member The member's number.
    /// @return size How many events the log has.
    /// @return root The root of the tree over them.
    /// @return time The second in which it was recorded.
    function checkpoint(uint32 member) external view returns (uint64 size, bytes32 root, uint40 time);

    /// @notice What the signer of a checkpoint signs (EIP-712).
    /// @param signed The checkpoint.
    function checkpointDigest(Checkpoint calldata signed) external view returns (bytes32);

    /// @notice The EIP-712 domain separator of this contract on this chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice The EIP-712 type hash of a checkpoint.
    function CHECKPOINT_TYPEHASH() external view returns (bytes32);

    /// @notice The register by which members and keys are judged.
    function members() external view returns (address);

    /// @notice The contract that this one follows; zero where it is the first.
    function predecessor() external view returns (address);
}
