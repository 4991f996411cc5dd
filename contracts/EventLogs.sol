// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IEventLogs} from "./interfaces/IEventLogs.sol";
import {IMembers} from "./interfaces/IMembers.sol";
import {ConsistencyProof} from "./libraries/ConsistencyProof.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {Growth, packGrowth, packRecording} from "./types/Recording.sol";
import {Standing} from "./types/Standing.sol";
import {Problem, SCOPE_CHECKPOINTS} from "./types/Vocabulary.sol";

/// @title Event logs, of which the chain has seen every checkpoint
/// @notice Immutable and without owner. A member records its own, or signs for anyone to carry: the signer counts.
///
/// A checkpoint is judged in this order: signature, signer, whose log it is, times, its place in the log, its proof.
contract EventLogs is IEventLogs {
    /// @dev How far signed time may lie after the block's: clocks differ a little.
    uint256 private constant CLOCK_TOLERANCE = 5 minutes;

    /// @dev What is kept of a member's log: root 256, and in a second slot size 64 | time 40.
    struct Log {
        bytes32 root;
        uint64 size;
        uint40 time;
    }

    /// @dev A checkpoint put to the rules. Each check returns true, or notes why not and returns false: a refused claim has
    /// changed nothing that is kept.
    struct Claim {
        address key;
        Standing standing;
        Growth growth;
        bytes32 digest;
        bytes32 r;
        bytes32 vs;
        bytes refusal;
    }

    IMembers private immutable _members;

    /// @inheritdoc IEventLogs
    address public immutable predecessor;

    mapping(uint32 member => Log) private _logs;

    /// @notice With no log on record.
    /// @param members_ The register by which members and keys are judged.
    /// @param predecessor_ The contract that this one follows; zero where it is the first.
    constructor(IMembers members_, address predecessor_) {
        _members = members_;
        predecessor = predecessor_;
    }

    /// @inheritdoc IEventLogs
    function submit(uint64 previousSize, uint64 size, bytes32 root, bytes32[] calldata proof) external {
        Claim memory claim;
        claim.key = msg.sender;
        claim.growth = packGrowth(previousSize, size, 0, 0);
        if (!_mayRecord(claim) || !_record(claim, root, proof)) _revert(claim);
    }

    /// @inheritdoc IEventLogs
    function submitSigned(Entry calldata entry) external {
        Claim memory claim;
        if (!_accept(claim, entry, domainSeparator())) _revert(claim);
    }

    /// @inheritdoc IEventLogs
    function submitBatch(Entry[] calldata entries) external returns (uint256 accepted) {
        bytes32 domain = domainSeparator();
        for (uint256 i = 0; i < entries.length; ++i) {
            Claim memory claim;
            if (_accept(claim, entries[i], domain)) ++accepted;
            else emit CheckpointSkipped(i, claim.digest, claim.refusal);
        }
    }

    /// @inheritdoc IEventLogs
    function checkpoint(uint32 member) external view returns (uint64 size, bytes32 root, uint40 time) {
        Log storage log = _logs[member];
        return (log.size, log.root, log.time);
    }

    /// @inheritdoc IEventLogs
    function checkpointDigest(Checkpoint calldata signed) external view returns (bytes32) {
        return TypedData.digest(signed, domainSeparator());
    }

    /// @inheritdoc IEventLogs
    function domainSeparator() public view returns (bytes32) {
        return TypedData.domainSeparator(address(this));
    }

    /// @inheritdoc IEventLogs
    function CHECKPOINT_TYPEHASH() external pure returns (bytes32) {
        return TypedData.CHECKPOINT_TYPEHASH;
    }

    /// @inheritdoc IEventLogs
    function members() external view returns (address) {
        return address(_members);
    }

    /// @dev Accept a checkpoint that was signed, or note the error that says why not and change nothing.
    function _accept(Claim memory claim, Entry calldata entry, bytes32 domain) private returns (bool) {
        Checkpoint calldata signed = entry.checkpoint;
        claim.digest = TypedData.digest(signed, domain);
        claim.growth = packGrowth(signed.previousSize, signed.size, signed.signedTime, signed.validUntil);
        (claim.r, claim.vs) = (entry.r, entry.vs);
        return _isSigned(claim) && _mayRecord(claim) && _isOwn(claim, signed) && _isTimely(claim, signed)
            && _record(claim, signed.root, entry.proof);
    }

    /// @dev 1. A signature in its one valid form, and the key that made it.
    function _isSigned(Claim memory claim) private pure returns (bool) {
        ECDSA.RecoverError problem;
        (claim.key, problem,) = ECDSA.tryRecover(claim.digest, claim.r, claim.vs);
        if (problem == ECDSA.RecoverError.NoError) return true;
        return _refuse(claim, abi.encodeWithSelector(SignatureMalformed.selector));
    }

    /// @dev 2. The key speaks for an active member, and checkpoints are in its scope.
    function _mayRecord(Claim memory claim) private view returns (bool) {
        (claim.standing,) = _members.standings(claim.key, address(0));
        uint8 problem = claim.standing.problem();
        if (problem != Problem.NONE) return _refuseStanding(claim, problem);
        if (claim.standing.scopes() & SCOPE_CHECKPOINTS != 0) return true;
        return _refuse(claim, abi.encodeWithSelector(KeyMayNotCheckpoint.selector, claim.key));
    }

    /// @dev Note the error that says why the key may not speak.
    function _refuseStanding(Claim memory claim, uint8 problem) private pure returns (bool) {
        (address key, uint32 member, uint40 limit) = (claim.key, claim.standing.number(), claim.standing.limit());
        bytes memory refusal = abi.encodeWithSelector(KeyUnknown.selector, key);
        if (problem == Problem.NOT_YET_VALID) refusal = abi.encodeWithSelector(KeyNotYetValid.selector, key, limit);
        if (problem == Problem.EXPIRED) refusal = abi.encodeWithSelector(KeyExpired.selector, key, limit);
        if (problem == Problem.SUSPENDED) refusal = abi.encodeWithSelector(MemberIsSuspended.selector, member);
        if (problem == Problem.DISMISSED) refusal = abi.encodeWithSelector(MemberIsDismissed.selector, member);
        return _refuse(claim, refusal);
    }

    /// @dev 3. The log is that of the key's member.
    function _isOwn(Claim memory claim, Checkpoint calldata signed) private pure returns (bool) {
        uint32 member = claim.standing.number();
        if (signed.member == member) return true;
        return _refuse(claim, abi.encodeWithSelector(NotLogOwner.selector, member, signed.member));
    }

    /// @dev 4. Not from the future, and not after its last valid time.
    function _isTimely(Claim memory claim, Checkpoint calldata signed) private view returns (bool) {
        (uint64 signedTime, uint64 validUntil) = (signed.signedTime, signed.validUntil);
        if (signedTime > block.timestamp + CLOCK_TOLERANCE) {
            return _refuse(claim, abi.encodeWithSelector(SignedInFuture.selector, signedTime, block.timestamp));
        }
        if (validUntil >= block.timestamp) return true;
        return _refuse(claim, abi.encodeWithSelector(StatementExpired.selector, validUntil, block.timestamp));
    }

    /// @dev 5. and 6. The checkpoint grows from the one on record, and its proof shows it: then it is the one on record.
    function _record(Claim memory claim, bytes32 root, bytes32[] calldata proof) private returns (bool) {
        uint32 member = claim.standing.number();
        Log storage log = _logs[member];
        if (!_grows(claim, log.size, root) || !_isProven(claim, log.root, root, proof)) return false;
        (log.root, log.size, log.time) = (root, claim.growth.size(), uint40(block.timestamp));
        emit CheckpointRecorded(
            member,
            root,
            packRecording(claim.key, claim.standing.country(), uint40(block.timestamp)),
            claim.growth,
            claim.r,
            claim.vs
        );
        return true;
    }

    /// @dev 5. It names the size on record, is larger, and has a root.
    function _grows(Claim memory claim, uint64 current, bytes32 root) private pure returns (bool) {
        (uint64 previousSize, uint64 size) = (claim.growth.previousSize(), claim.growth.size());
        if (previousSize != current) {
            return _refuse(claim, abi.encodeWithSelector(StaleSize.selector, current, previousSize));
        }
        if (size <= current) return _refuse(claim, abi.encodeWithSelector(LogNotGrown.selector, current, size));
        return root != 0 || _refuse(claim, abi.encodeWithSelector(RootMissing.selector));
    }

    /// @dev 6. The tree on record is the beginning of this one. With no tree on record there is nothing to prove.
    function _isProven(
        Claim memory claim,
        bytes32 recorded,
        bytes32 root,
        bytes32[] calldata proof
    ) private view returns (bool) {
        (uint64 previousSize, uint64 size) = (claim.growth.previousSize(), claim.growth.size());
        if (previousSize == 0) {
            if (proof.length == 0) return true;
            return _refuse(claim, abi.encodeWithSelector(ProofLengthInvalid.selector, proof.length, 0));
        }
        (bytes32 first, bytes32 second, bool fits) = ConsistencyProof.roots(previousSize, size, recorded, proof);
        if (!fits) {
            uint256 required = ConsistencyProof.length(previousSize, size);
            return _refuse(claim, abi.encodeWithSelector(ProofLengthInvalid.selector, proof.length, required));
        }
        if (first != recorded) {
            return _refuse(claim, abi.encodeWithSelector(PreviousRootMismatch.selector, recorded, first));
        }
        return second == root || _refuse(claim, abi.encodeWithSelector(RootMismatch.selector, root, second));
    }

    /// @dev Note why, for the check to return false.
    function _refuse(Claim memory claim, bytes memory refusal) private pure returns (bool) {
        claim.refusal = refusal;
        return false;
    }

    /// @dev Revert with the error noted.
    function _revert(Claim memory claim) private pure {
        bytes memory refusal = claim.refusal;
        assembly ("memory-safe") {
            revert(add(refusal, 0x20), mload(refusal))
        }
    }
}
