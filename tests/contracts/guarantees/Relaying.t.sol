// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone, Role} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice What those who carry statements can do to them: over many lives at once.
contract RelayingInvariants is Watch {
    /// @custom:guarantee relayer-cannot-alter
    function invariant_WhatARelayerAltersIsRefused() public view {
        lives.requireKept("relayer-cannot-alter");
    }

    /// @custom:guarantee skipped-has-no-effect
    function invariant_ASkippedStatementWritesNothing() public view {
        lives.requireKept("skipped-has-no-effect");
    }

    /// @custom:guarantee late-has-no-effect
    function invariant_NothingIsAcceptedOutOfItsTime() public view {
        lives.requireKept("late-has-no-effect");
    }
}

/// @notice The same, case by case.
contract RelayingTest is World {
    /// @custom:guarantee batch-never-skips-for-gas
    function testFuzz_ABatchIsCarriedWholeOrNotAtAllWhateverTheGas(uint256 seed, uint256 gas) public {
        IConsignments.Entry[] memory entries = _withLies(_chain(seed, 4), seed);
        (uint256 needed, bytes32 whole) = _carriedWhole(entries);
        _starve(entries, bound(gas, 21_000, needed + needed / 8), whole);
    }

    /// @custom:guarantee batch-never-skips-for-gas
    function test_NoAmountOfGasMakesABatchSkip() public {
        IConsignments.Entry[] memory entries = _withLies(_chain(7, 4), 7);
        (uint256 needed, bytes32 whole) = _carriedWhole(entries);
        for (uint256 gas = 21_000; gas < needed + 8_000; gas += 1_009) {
            uint256 snapshot = vm.snapshotState();
            _starve(entries, gas, whole);
            vm.revertToState(snapshot);
        }
    }

    /// @custom:guarantee relayer-cannot-alter statements-in-order
    function testFuzz_ARelayerThatReordersOnlyDelays(uint256 seed, uint256 order) public {
        IConsignments.Entry[] memory entries = _chain(seed, 5);
        bytes32[] memory heads = _headsOf(entries);
        for (uint256 i = 0; i < 6 && entries.length != 0; ++i) {
            uint256 which = uint256(keccak256(abi.encode(order, i))) % entries.length;
            _offers(entries[which]);
            assertEq(consignments.head(id), heads[_now().position - 1]);
        }
        for (uint256 i = _now().position - 1 - _begin; i < entries.length; ++i) {
            assertTrue(_offers(entries[i]));
        }
        assertEq(consignments.head(id), heads[_begin + entries.length]);
    }

    /// @custom:guarantee relayer-cannot-alter
    function testFuzz_NoFieldOfASignedStatementIsAltered(uint256 seed, uint256 field, uint256 change) public {
        IConsignments.Entry[] memory entries = _chain(seed, 1);
        vm.assume(entries.length == 1);
        bytes32 before = _stateOf(id);
        bytes32 word = bytes32(change == 0 ? 1 : change);
        IConsignments.Statement memory s = entries[0].statement;
        field = field % 9;
        if (field == 0) s.commitment ^= word;
        if (field == 1) s.eventTime -= 1;
        if (field == 2) s.signedTime -= 1;
        if (field == 3) s.validUntil += 1;
        if (field == 4) s.terms ^= word;
        if (field == 5) s.detail ^= word;
        if (field == 6) s.counterparty = address(uint160(s.counterparty) ^ (uint160(uint256(word)) | 1));
        if (field == 7) entries[0].r ^= word;
        if (field == 8) entries[0].vs ^= word;
        assertFalse(_offers(entries[0]));
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee relayer-cannot-alter
    function testFuzz_WhoCarriesAStatementMakesNoDifference(uint256 seed, address relayer, bool inBatch) public {
        IConsignments.Entry[] memory entries = _chain(seed, 3);
        (, bytes32 whole) = _carriedWhole(entries);
        for (uint256 i = 0; i < entries.length; ++i) {
            vm.prank(relayer);
            if (inBatch) consignments.submitBatch(_one(entries[i]));
            else consignments.submit(entries[i]);
        }
        assertEq(_stateOf(id), whole);
    }

    /// @custom:guarantee skipped-has-no-effect
    function testFuzz_ABatchWithLiesDoesWhatItDoesWithout(uint256 seed, uint256 lies) public {
        IConsignments.Entry[] memory entries = _chain(seed, 4);
        (, bytes32 whole) = _carriedWhole(entries);
        assertEq(consignments.submitBatch(_withLies(entries, lies)), entries.length);
        assertEq(_stateOf(id), whole);
    }

    /// @custom:guarantee skipped-has-no-effect
    function testFuzz_ARefusedStatementIsAsIfItHadNeverBeenSaid(uint256 seed, uint256 who, uint256 what) public {
        _register();
        _lead(seed, seed % 24);
        uint8 milestone = uint8(bound(what, 0, Milestone.LAST + 1));
        (, IConsignments.Statement memory s) = _fitting(_now(), milestone, 0, what);
        who = bound(who, 0, STRANGER);
        s.role = uint8(what >> 8) % 11;
        if (what % 2 == 0) s.role = cast[who].role;
        bytes32 before = _stateOf(id);
        vm.record();
        bool isAccepted = _offers(_entry(cast[who].signer, s));
        (, bytes32[] memory writes) = vm.accesses(address(consignments));
        assertTrue(isAccepted || (writes.length == 0 && _stateOf(id) == before));
    }

    /// @custom:guarantee late-has-no-effect
    function testFuzz_AStatementCountsUpToItsLastSecondAndNotAfter(uint256 seed, uint256 delay, uint256 late) public {
        _register();
        _lead(seed, seed % 24);
        IConsignments.Entry memory entry = _fits(Milestone.CORRECTED, 0, seed);
        entry.statement.validUntil = uint64(block.timestamp + _within(delay, 0, 365 days));
        (uint256 who,) = _fitting(_now(), Milestone.CORRECTED, 0, seed);
        entry = _entry(cast[who].signer, entry.statement);
        bytes32 before = _stateOf(id);
        uint256 snapshot = vm.snapshotState();
        vm.warp(uint256(entry.statement.validUntil) + _within(late, 1, 3650 days));
        assertFalse(_offers(entry));
        assertEq(_stateOf(id), before);
        vm.revertToState(snapshot);
        vm.warp(entry.statement.validUntil);
        assertTrue(_offers(entry));
    }

    /// @custom:guarantee late-has-no-effect
    function testFuzz_NothingIsSaidFromTheFuture(uint256 ahead, bool bySigning) public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.OBSERVED, Role.EXPORTER);
        uint64 time = uint64(block.timestamp + _within(ahead, 5 minutes, 5 minutes + 1));
        if (ahead % 8 == 7) time += uint64(ahead % 3650 days);
        if (bySigning) s.signedTime = time;
        else s.eventTime = time;
        s.validUntil = type(uint64).max;
        assertTrue(_offers(_entry(exporter, s)) == (time <= block.timestamp + 5 minutes));
    }

    /// @dev Statements that follow each other, signed and not yet carried.
    function _chain(uint256 seed, uint256 length) private returns (IConsignments.Entry[] memory entries) {
        _register();
        _lead(seed, seed % 12);
        entries = new IConsignments.Entry[](length);
        uint256 count = 0;
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < 8 * length && count < length; ++i) {
            uint256 turn = uint256(keccak256(abi.encode(seed, "chain", i)));
            (uint8 milestone, uint8 side) = _onward(_now(), turn);
            if (_isHeadless(milestone)) continue;
            IConsignments.Entry memory entry = _fits(milestone, side, turn);
            if (_offers(entry)) entries[count++] = entry;
        }
        vm.revertToState(snapshot);
        assembly ("memory-safe") {
            mstore(entries, count)
        }
        _begin = _now().position - 1;
    }

    /// @dev The position before the chain, less the registration.
    uint256 private _begin;

    function _headsOf(IConsignments.Entry[] memory entries) private returns (bytes32[] memory heads) {
        heads = new bytes32[](entries.length + _begin + 1);
        heads[_begin] = consignments.head(id);
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < entries.length; ++i) {
            _offers(entries[i]);
            heads[_begin + i + 1] = consignments.head(id);
        }
        vm.revertToState(snapshot);
    }

    /// @dev The entries, with statements between them that the rules refuse.
    function _withLies(
        IConsignments.Entry[] memory entries,
        uint256 seed
    ) private view returns (IConsignments.Entry[] memory mixed) {
        mixed = new IConsignments.Entry[](2 * entries.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            IConsignments.Statement memory s = _statement(Milestone.HELD, Role.AUTHORITY);
            uint256 kind = (seed >> (8 * i)) % 4;
            if (kind == 0) s.validUntil = uint64(block.timestamp - 1);
            if (kind == 1) s.milestone = Milestone.CANCELLED;
            if (kind == 2) s.previousHead = "another head";
            mixed[2 * i] = _entry(kind == 3 ? germany : netherlands, s);
            if (kind == 3 && _isConcerned(_now(), DE)) mixed[2 * i].r = 0;
            mixed[2 * i + 1] = entries[i];
        }
    }

    /// @dev What a batch needs, and the state that it makes, where there is gas enough; as if it had not been carried.
    function _carriedWhole(IConsignments.Entry[] memory entries) private returns (uint256 needed, bytes32 whole) {
        uint256 snapshot = vm.snapshotState();
        needed = gasleft();
        consignments.submitBatch(entries);
        needed -= gasleft();
        whole = _stateOf(id);
        vm.revertToState(snapshot);
    }

    /// @dev With this gas the batch does all that it does with plenty, or nothing.
    function _starve(IConsignments.Entry[] memory entries, uint256 gas, bytes32 whole) private {
        bytes32 before = _stateOf(id);
        (bool ok,) = address(consignments).call{gas: gas}(abi.encodeCall(consignments.submitBatch, (entries)));
        assertEq(_stateOf(id), ok ? whole : before);
    }
}
