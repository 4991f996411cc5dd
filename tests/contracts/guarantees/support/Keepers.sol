// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {SCOPE_CHECKPOINTS} from "contracts/types/Vocabulary.sol";
import {Checkpoints} from "../../support/Checkpoints.sol";
import {Tree} from "../../support/Trees.sol";

/// @notice The logs of several members at once, in the hands of honest and of hostile actors: keepers whose logs grow, keepers
/// that rewrite and shorten theirs, relayers that withhold, repeat and alter, thieves and rivals that record for others,
/// authorities that suspend, keys that are retired, and time. What a checkpoint is worth, the test knows by itself.
contract Keepers is Checkpoints {
    uint256 private constant KEEPERS = 4;

    /// @dev A member that keeps a log, its tree being drawn from a seed, with the sizes recorded so far.
    struct Keeper {
        Actor owner;
        Actor officer;
        bool isSilent;
        bytes32 seed;
        uint64[] sizes;
        bytes32[] roots;
    }

    error GuaranteeBroken(bytes32 guarantee);
    error HonestCheckpointRefused(bytes refusal);

    Keeper[] private _keepers;
    IEventLogs.Entry[] private _withheld;
    mapping(bytes32 guarantee => bool) private _isBroken;
    uint256 private _time;
    uint256 private _turns;

    constructor() {
        setUp();
        _time = block.timestamp;
        Actor[4] memory owners = [exporter, carrier, importer, korea];
        for (uint256 i = 0; i < KEEPERS; ++i) {
            Keeper storage keeper = _keepers.push();
            keeper.owner = owners[i];
            keeper.seed = bytes32(i);
            _appoint(keeper);
        }
    }

    // What the fuzzer does

    /// @notice A log grows, recorded in any of the ways there are.
    function grow(uint256 seed) external {
        seed = _turn(seed);
        _offer(_honest(seed), seed >> 64);
    }

    /// @notice A log grows event by event.
    function growOften(uint256 seed) external {
        seed = _turn(seed);
        for (uint256 i = 0; i < 3; ++i) {
            _offer(_honestTo(seed, _sizeOf(_keeper(seed)) + 1), seed >> 64);
        }
    }

    /// @notice A relayer keeps a checkpoint to itself, for now.
    function withhold(uint256 seed) external {
        seed = _turn(seed);
        _withheld.push(_honest(seed));
    }

    /// @notice A relayer brings what it withheld, and keeps it to bring it again.
    function bring(uint256 seed) external {
        seed = _turn(seed);
        if (_withheld.length != 0) _offer(_withheld[seed % _withheld.length], seed >> 64);
    }

    /// @notice A relayer brings a checkpoint about when it expires.
    function delay(uint256 seed) external {
        seed = _turn(seed);
        IEventLogs.Entry memory entry = _honest(seed);
        _time = uint256(entry.checkpoint.validUntil) + (seed >> 72) % 2;
        vm.warp(_time);
        _offer(entry, 1 + seed % 2);
    }

    /// @notice A relayer alters what it carries.
    function alter(uint256 seed) external {
        seed = _turn(seed);
        IEventLogs.Entry memory entry = _honest(seed);
        _altered(entry, seed >> 64, seed >> 72);
        _offer(entry, 1 + seed % 2);
    }

    /// @notice A rival, a stranger or a retired key signs for another.
    function usurp(uint256 seed) external {
        seed = _turn(seed);
        IEventLogs.Entry memory entry = _honest(seed);
        Actor memory thief = seed % 3 == 0 ? stranger : _keepers[(seed >> 64) % KEEPERS].officer;
        if (seed % 3 == 1) thief = _actor(string.concat("officer ", vm.toString((seed >> 64) % (_turns + 1))));
        _offer(_signed(thief, entry.checkpoint, entry.proof), 1 + seed % 2);
    }

    /// @notice A keeper's own log grows under another member's name.
    function misname(uint256 seed) external {
        seed = _turn(seed);
        IEventLogs.Entry memory entry = _honest(seed);
        entry.checkpoint.member = _numberOf(_keepers[(seed >> 64) % KEEPERS].owner);
        _offer(_signed(_keeper(seed).owner, entry.checkpoint, entry.proof), 1 + seed % 2);
    }

    /// @notice A keeper records another log than the one on record, well proven in itself.
    function rewrite(uint256 seed) external {
        seed = _turn(seed);
        Keeper storage keeper = _keeper(seed);
        bytes32 kept = keeper.seed;
        if (keeper.sizes.length == 0) return;
        keeper.seed = keccak256(abi.encode(kept, seed));
        IEventLogs.Entry memory entry = _honest(seed);
        keeper.seed = kept;
        _offer(entry, seed >> 64);
    }

    /// @notice A keeper records fewer events than are on record, or as many; or from another size than the one on record.
    function shorten(uint256 seed) external {
        seed = _turn(seed);
        Keeper storage keeper = _keeper(seed);
        uint64 size = _sizeOf(keeper);
        IEventLogs.Entry memory entry = _honest(seed);
        if (seed % 2 == 0) entry.checkpoint.size = uint64(bound(seed >> 80, 0, size));
        else entry.checkpoint.previousSize = uint64(bound(seed >> 80, 0, size + 1));
        if (size != 0 && seed % 4 == 0) entry.checkpoint.root = keeper.roots[(seed >> 96) % keeper.roots.length];
        _offer(_signed(keeper.owner, entry.checkpoint, entry.proof), seed >> 64);
    }

    /// @notice A member is suspended or reinstated, or the key of its officer retired.
    function govern(uint256 seed) external {
        seed = _turn(seed);
        Keeper storage keeper = _keeper(seed);
        if (keeper.owner.account == korea.account || seed % 3 == 0) {
            if (keeper.isSilent) return;
            vm.prank(keeper.owner.account);
            members.retireKey(keeper.officer.account, 0);
            return _appoint(keeper);
        }
        vm.prank(keeper.owner.account == importer.account ? netherlands.account : korea.account);
        if (keeper.isSilent) members.reinstate(keeper.owner.account);
        else members.suspend(keeper.owner.account);
        keeper.isSilent = !keeper.isSilent;
    }

    /// @notice Time goes by.
    function wait(uint256 seed) external {
        seed = _turn(seed);
        _time += bound(seed, 1, 12 hours);
    }

    // What is asked of it

    /// @notice Fail where a guarantee was broken in what was recorded so far.
    function requireKept(bytes32 guarantee) external view {
        if (_isBroken[guarantee]) revert GuaranteeBroken(guarantee);
    }

    /// @notice How many members keep a log here.
    function count() external view returns (uint256) {
        return _keepers.length;
    }

    /// @notice The sizes and roots recorded of a log, in order.
    function recordedOf(uint256 which) external view returns (uint64[] memory, bytes32[] memory) {
        return (_keepers[which].sizes, _keepers[which].roots);
    }

    /// @notice The proof between two sizes recorded of a log.
    function proofOf(uint256 which, uint64 first, uint64 second) external returns (bytes32[] memory) {
        return _proofOf(_treeOf(_keepers[which], second), first, second);
    }

    // What it knows

    function _honest(uint256 seed) private returns (IEventLogs.Entry memory) {
        uint64 size = _sizeOf(_keeper(seed));
        uint64 more = uint64(1 + (seed >> 16) % 16);
        if ((seed >> 8) % 4 == 0) more = size + 1 + uint64((seed >> 16) % 4);
        if (size == 0 && (seed >> 8) % 8 == 1) more = uint64(1) << uint64(1 + (seed >> 16) % 40);
        if (size > 1 << 60) more = 1;
        return _honestTo(seed, size + more);
    }

    function _honestTo(uint256 seed, uint64 size) private returns (IEventLogs.Entry memory) {
        Keeper storage keeper = _keeper(seed);
        Tree memory tree = _treeOf(keeper, size);
        IEventLogs.Checkpoint memory c = _checkpoint(keeper.owner, tree, size);
        if ((seed >> 40) % 8 == 0) c.validUntil = uint64(block.timestamp);
        if ((seed >> 40) % 8 == 1) c.signedTime = uint64(block.timestamp + 5 minutes + (seed >> 48) % 2);
        Actor memory signer = (seed >> 32) % 2 == 0 ? keeper.owner : keeper.officer;
        return _signed(signer, c, _proven(tree, c.previousSize, size));
    }

    /// @dev Put a checkpoint to the contract in one of the ways there are, and weigh what became of it.
    function _offer(IEventLogs.Entry memory entry, uint256 how) private {
        bytes32[] memory before = _records();
        uint256 who = _ownerOf(entry.checkpoint.member);
        address key = _signerOf(entry);
        bool isOwn = how % 3 == 0 && key != address(0);
        bool isSigned = who < KEEPERS && _speaksFor(key, _keepers[who]);
        bool isTimely = isOwn
            || (block.timestamp <= entry.checkpoint.validUntil
                && entry.checkpoint.signedTime <= block.timestamp + 5 minutes);
        bool isGrown = who < KEEPERS && _isGrown(entry, _keepers[who]);
        (bool isAccepted, bytes memory refusal) = isOwn ? _send(entry, key) : _carry(entry, how);

        uint256 changed = _changed(before, who);
        _uphold("log-only-grows", changed == (isAccepted ? 1 : 0));
        if (!isAccepted) {
            if (isSigned && isTimely && isGrown) revert HonestCheckpointRefused(refusal);
            return;
        }
        _uphold("log-only-grows", isGrown);
        _uphold("nobody-records-for-another", isSigned);
        _uphold("late-checkpoint-has-no-effect", isTimely);
        Keeper storage keeper = _keepers[who];
        keeper.sizes.push(entry.checkpoint.size);
        keeper.roots.push(entry.checkpoint.root);
    }

    function _send(IEventLogs.Entry memory entry, address key) private returns (bool, bytes memory) {
        IEventLogs.Checkpoint memory c = entry.checkpoint;
        vm.prank(key);
        return address(logs).call(abi.encodeCall(logs.submit, (c.previousSize, c.size, c.root, entry.proof)));
    }

    /// @dev Alone, or in a batch between two checkpoints that nobody signed.
    function _carry(IEventLogs.Entry memory entry, uint256 how) private returns (bool, bytes memory) {
        if (how % 3 == 1) return address(logs).call(abi.encodeCall(logs.submitSigned, (entry)));
        IEventLogs.Entry[] memory entries = new IEventLogs.Entry[](3);
        entries[1] = entry;
        return (logs.submitBatch(entries) == 1, "");
    }

    /// @dev Whether the checkpoint is the log's own, larger than the one on record: by the definition of the tree.
    function _isGrown(IEventLogs.Entry memory entry, Keeper storage keeper) private returns (bool) {
        (uint64 current, uint64 size) = (_sizeOf(keeper), entry.checkpoint.size);
        if (entry.checkpoint.previousSize != current || size <= current) return false;
        if (current == 0) {
            return entry.proof.length == 0 && entry.checkpoint.root == _rootOf(_treeOf(keeper, size), size);
        }
        Tree memory tree = _treeOf(keeper, size);
        bool isProven = keccak256(abi.encode(entry.proof)) == keccak256(abi.encode(_proofOf(tree, current, size)));
        return isProven && entry.checkpoint.root == _rootOf(tree, size);
    }

    function _speaksFor(address key, Keeper storage keeper) private view returns (bool) {
        return !keeper.isSilent && (key == keeper.owner.account || key == keeper.officer.account);
    }

    function _signerOf(IEventLogs.Entry memory entry) private view returns (address) {
        bytes32 s = bytes32(uint256(entry.vs) & type(uint256).max >> 1);
        return ecrecover(logs.checkpointDigest(entry.checkpoint), uint8(uint256(entry.vs) >> 255) + 27, entry.r, s);
    }

    function _records() private view returns (bytes32[] memory records) {
        records = new bytes32[](KEEPERS);
        for (uint256 i = 0; i < KEEPERS; ++i) {
            (uint64 size, bytes32 root, uint40 time) = logs.checkpoint(_numberOf(_keepers[i].owner));
            records[i] = keccak256(abi.encode(size, root, time));
        }
    }

    /// @dev How many logs are not as they were; a log that is not the one meant counts twice.
    function _changed(bytes32[] memory before, uint256 who) private view returns (uint256 changed) {
        bytes32[] memory now_ = _records();
        for (uint256 i = 0; i < KEEPERS; ++i) {
            if (before[i] != now_[i]) changed += i == who ? 1 : 2;
        }
    }

    function _altered(IEventLogs.Entry memory entry, uint256 field, uint256 change) private pure {
        bytes32 word = bytes32(change == 0 ? 1 : change);
        IEventLogs.Checkpoint memory c = entry.checkpoint;
        field = field % 8;
        if (field == 0) c.root ^= word;
        if (field == 1) c.size += uint64(1 + change % 4);
        if (field == 2) c.previousSize ^= 1;
        if (field == 3) c.validUntil += 1;
        if (field == 4) c.member = uint32(change % 16);
        if (field == 5) entry.r ^= word;
        if (field == 6) entry.proof = new bytes32[](entry.proof.length + 1);
        if (field != 7) return;
        if (entry.proof.length == 0) c.signedTime -= 1;
        else entry.proof[change % entry.proof.length] ^= word;
    }

    function _treeOf(Keeper storage keeper, uint64 size) private view returns (Tree memory tree) {
        tree.seed = keeper.seed;
        tree.cuts = new uint64[](keeper.sizes.length + 1);
        for (uint256 i = 0; i < keeper.sizes.length; ++i) {
            tree.cuts[i] = keeper.sizes[i];
        }
        tree.cuts[keeper.sizes.length] = size;
    }

    function _sizeOf(Keeper storage keeper) private view returns (uint64) {
        return keeper.sizes.length == 0 ? 0 : keeper.sizes[keeper.sizes.length - 1];
    }

    function _keeper(uint256 seed) private view returns (Keeper storage) {
        return _keepers[(seed >> 4) % KEEPERS];
    }

    function _ownerOf(uint32 member) private view returns (uint256 who) {
        while (who < KEEPERS && _numberOf(_keepers[who].owner) != member) {
            ++who;
        }
    }

    /// @dev Give the keeper a new officer's key.
    function _appoint(Keeper storage keeper) private {
        keeper.officer = _actor(string.concat("officer ", vm.toString(++_turns)));
        _addKey(keeper.owner, keeper.officer, SCOPE_CHECKPOINTS, 0);
    }

    function _uphold(bytes32 guarantee, bool isKept) private {
        if (!isKept) _isBroken[guarantee] = true;
    }

    function _turn(uint256 seed) private returns (uint256) {
        vm.warp(++_time);
        return uint256(keccak256(abi.encode(seed, ++_turns)));
    }
}
