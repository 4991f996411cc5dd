// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {ConsistencyProof} from "contracts/libraries/ConsistencyProof.sol";
import {Standing} from "contracts/types/Standing.sol";
import {Problem, SCOPE_CHECKPOINTS} from "contracts/types/Vocabulary.sol";
import {Symbolic} from "./Symbolic.sol";

/// @notice A register that says of every key what it was told to say: whatever a register may ever say.
contract AnyLogRegister {
    Standing private _signer;

    function say(Standing signer) external {
        _signer = signer;
    }

    function standings(address, address) external view returns (Standing, Standing) {
        return (_signer, Standing.wrap(0));
    }
}

/// @notice The contract with arbitrary storage, and one checkpoint put to it: any checkpoint, of any signer, on any record. Its
/// proof has up to two hashes, of which none is looked at before what is proven here is decided.
contract EventLogsProofs is Symbolic {
    /// @notice Everything that a proof is about, but for what is stored.
    /// @param entry The checkpoint.
    /// @param signer What the register says of the key that signed.
    /// @param relayer Who carries it.
    struct Given {
        IEventLogs.Entry entry;
        Standing signer;
        address relayer;
    }

    AnyLogRegister private _register;
    IEventLogs private _logs;

    function setUp() public {
        _register = new AnyLogRegister();
        _logs = IEventLogs(_deploy("EventLogs.sol:EventLogs", abi.encode(_register, address(0))));
        vm.setArbitraryStorage(address(_logs));
    }

    /// @notice A checkpoint that has no more events than are on record is refused, and so is one that names another size.
    /// @custom:guarantee log-only-grows
    function check_ALogDoesNotShrink(Given calldata given) public {
        (uint64 size,,) = _logs.checkpoint(given.signer.number());
        vm.assume(given.entry.checkpoint.size <= size || given.entry.checkpoint.previousSize != size);
        _isWithoutEffect(given);
    }

    /// @notice A first checkpoint records what was signed, and touches no other log.
    /// @custom:guarantee log-only-grows
    function check_AFirstCheckpointIsRecordedAsItIs(Given calldata given, uint32 other) public {
        vm.assume(given.entry.checkpoint.previousSize == 0 && other != given.signer.number());
        bytes32 before = _record(other);
        (uint64 previousSize,,) = _logs.checkpoint(given.signer.number());
        vm.assume(_isAccepted(given));
        (uint64 size, bytes32 root,) = _logs.checkpoint(given.signer.number());
        assert(previousSize == 0 && size == given.entry.checkpoint.size && root == given.entry.checkpoint.root);
        assert(size != 0 && root != 0 && given.entry.proof.length == 0);
        assert(_record(other) == before);
    }

    /// @notice A checkpoint of another member's log than the key's is refused.
    /// @custom:guarantee nobody-records-for-another
    function check_NobodyRecordsForAnother(Given calldata given) public {
        vm.assume(given.signer.number() != given.entry.checkpoint.member);
        _isWithoutEffect(given);
    }

    /// @notice What the register does not let speak, or not record, records nothing, whatever else it says of the key.
    /// @custom:guarantee retired-key-adds-nothing nobody-records-for-another
    function check_AKeyThatMayNotRecordRecordsNothing(Given calldata given) public {
        bool isUnheard = given.signer.problem() != Problem.NONE;
        vm.assume(isUnheard || given.signer.scopes() & SCOPE_CHECKPOINTS == 0);
        _isWithoutEffect(given);
    }

    /// @notice After its last valid time, and before it was signed, a checkpoint has no effect.
    /// @custom:guarantee late-checkpoint-has-no-effect late-has-no-effect
    function check_ACheckpointOutOfItsTimeHasNoEffect(Given calldata given) public {
        vm.assume(block.timestamp < type(uint64).max);
        bool isLate = block.timestamp > given.entry.checkpoint.validUntil;
        vm.assume(isLate || given.entry.checkpoint.signedTime > block.timestamp + 5 minutes);
        _isWithoutEffect(given);
    }

    function _isWithoutEffect(Given calldata given) private {
        bytes32 before = svm.snapshotStorage(address(_logs));
        assert(!_isAccepted(given));
        assert(svm.snapshotStorage(address(_logs)) == before);
    }

    function _isAccepted(Given calldata given) private returns (bool) {
        _register.say(given.signer);
        vm.prank(given.relayer);
        try _logs.submitSigned(given.entry) {
            return true;
        } catch {
            return false;
        }
    }

    function _record(uint32 member) private view returns (bytes32) {
        (uint64 size, bytes32 root, uint40 time) = _logs.checkpoint(member);
        return keccak256(abi.encode(size, root, time));
    }
}

/// @notice What a consistency proof binds, for all hashes, between sizes of every shape.
contract ConsistencyProofProofs is Symbolic {
    /// @notice Two proofs that lead to the same pair of roots are one and the same: no hash can be exchanged, whether it
    /// belongs to the smaller tree or is new. keccak256 stands for SHA-256 here, and gives two messages the same hash nowhere.
    /// @custom:guarantee log-only-grows
    function check_FromThreeToSeven(bytes32 root, bytes32[4] memory a, bytes32[4] memory b) public view {
        _isOne(3, 7, root, _list(a, 4), _list(b, 4));
    }

    /// @notice The same where the smaller tree is a complete one.
    /// @custom:guarantee log-only-grows
    function check_FromFourToSeven(bytes32 root, bytes32[4] memory a, bytes32[4] memory b) public view {
        _isOne(4, 7, root, _list(a, 1), _list(b, 1));
    }

    /// @notice The same where something stands to the left of both.
    /// @custom:guarantee log-only-grows
    function check_FromSixToEight(bytes32 root, bytes32[4] memory a, bytes32[4] memory b) public view {
        _isOne(6, 8, root, _list(a, 3), _list(b, 3));
    }

    /// @notice The roots that a proof leads to.
    function roots(
        uint64 first,
        uint64 second,
        bytes32 root,
        bytes32[] calldata proof
    ) external view returns (bytes32, bytes32, bool) {
        return ConsistencyProof.roots(first, second, root, proof);
    }

    function _isOne(uint64 first, uint64 second, bytes32 root, bytes32[] memory a, bytes32[] memory b) private view {
        (bytes32 fr, bytes32 sr, bool fits) = this.roots(first, second, root, a);
        (bytes32 otherFr, bytes32 otherSr, bool otherFits) = this.roots(first, second, root, b);
        assert(fits && otherFits);
        vm.assume(fr == otherFr && sr == otherSr);
        for (uint256 i = 0; i < a.length; ++i) {
            assert(a[i] == b[i]);
        }
    }

    function _list(bytes32[4] memory all, uint256 length) private pure returns (bytes32[] memory list) {
        list = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            list[i] = all[i];
        }
    }
}
