// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Channel, Clearance, Milestone, Role, SCOPE_MILESTONES, Side} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice What a key can say: over many lives at once.
contract KeysInvariants is Watch {
    /// @custom:guarantee retired-key-adds-nothing
    function invariant_ARetiredKeyAddsNothing() public view {
        lives.requireKept("retired-key-adds-nothing");
    }

    /// @custom:guarantee suspended-says-nothing
    function invariant_AMemberSuspendedOrDismissedSaysNothing() public view {
        lives.requireKept("suspended-says-nothing");
    }

    /// @custom:guarantee nobody-speaks-for-another
    function invariant_EveryStatementIsSignedByAKeyOfWhoSaysIt() public view {
        lives.requireKept("nobody-speaks-for-another");
    }

    /// @custom:guarantee automation-opens-green
    function invariant_AMachineOpensNothingButGreen() public view {
        lives.requireKept("automation-opens-green");
    }
}

/// @notice The same, case by case.
contract KeysTest is World {
    /// @custom:guarantee retired-key-adds-nothing
    function testFuzz_WhatARetiredKeySignedBeforeItWasCarriedIsRefused(uint256 seed, uint256 delay) public {
        _register();
        _lead(seed, seed % 16);
        IConsignments.Entry memory entry = _fits(uint8(2 + seed % (Milestone.LAST - 1)), 0, seed);
        (uint256 who,) = _fitting(_now(), entry.statement.milestone, 0, seed);
        Actor memory signer = cast[who].signer;
        bytes32 before = _stateOf(id);
        _do(_ownerOf(who), abi.encodeCall(members.retireKey, (signer.account, 0)));
        vm.warp(block.timestamp + _within(delay, 0, 1 days));
        assertFalse(_offers(entry));
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee retired-key-adds-nothing
    function testFuzz_WhenAllKeysOfAnAuthorityAreReplacedNoneOfThemSpeaks(uint256 who, uint256 delay) public {
        _register();
        Actor memory added = _actor("added by the thief");
        _addKey(korea, added, SCOPE_MILESTONES, uint64(1 << Milestone.HELD));
        uint256[3] memory keys = [KOREA, KOREAN_OFFICER, type(uint256).max];
        uint256 key = keys[who % 3];
        Actor memory signer = key == type(uint256).max ? added : cast[key].signer;
        IConsignments.Entry memory hold = _entry(signer, _statement(Milestone.HELD, Role.AUTHORITY));
        _do(germany, _replacement(korea, address(0), 1, stranger));
        _do(singapore, abi.encodeCall(members.approve, (members.proposalCount())));
        vm.warp(block.timestamp + _within(delay, 0, 1 days));
        assertFalse(_offers(hold));
        assertEq(_now().openHolds, 0);
    }

    /// @custom:guarantee retired-key-adds-nothing
    function testFuzz_AKeySpeaksOnlyFromItsFirstToItsLastSecond(uint256 start, uint256 length, uint256 time) public {
        _register();
        uint40 from = uint40(NOW + bound(start, 1, 10 days));
        uint40 until = uint40(from + bound(length, 1, 10 days));
        _do(carrier, _addition(carrier, _actor("temporary"), SCOPE_MILESTONES, uint64(1 << 36), from, until));
        vm.warp(time % 2 == 0 ? _within(time / 2, from, until) : _within(time / 2, from - 1, until - 1));
        bool isAccepted = _offers(_entry(_actor("temporary"), _statement(Milestone.OBSERVED, Role.CARRIER)));
        assertTrue(isAccepted == (from <= block.timestamp && block.timestamp < until));
    }

    /// @custom:guarantee suspended-says-nothing
    function testFuzz_AMemberSuspendedOrDismissedSaysNothing(uint256 seed, uint256 who, bool isForGood) public {
        _register();
        _lead(seed, seed % 16);
        who = bound(who, EXPORTER, AUDITOR);
        address account = cast[who].signer.account;
        Actor memory authority = cast[_authorityIn(cast[who].country)].signer;
        _do(
            authority,
            isForGood ? abi.encodeCall(members.dismiss, (account)) : abi.encodeCall(members.suspend, (account))
        );
        (, IConsignments.Statement memory s) = _fitting(_now(), uint8(2 + seed % 35), 0, seed);
        s.role = cast[who].role;
        assertFalse(_offers(_entry(cast[who].signer, s)));
        assertFalse(_offers(_entry(cast[who].signer, _statement(Milestone.OBSERVED, cast[who].role))));
    }

    /// @custom:guarantee nobody-speaks-for-another
    function testFuzz_NoSignatureButTheMembersOwnCounts(uint256 seed, uint256 secret, bytes32 r, bytes32 vs) public {
        _register();
        _lead(seed, seed % 16);
        IConsignments.Entry memory entry = _fits(uint8(2 + seed % 35), 0, seed);
        bytes32 before = _stateOf(id);
        secret = bound(secret, 1, type(uint128).max);
        (entry.r, entry.vs) = seed % 2 == 0
            ? (r, vs)
            : _sign(Actor("", secret, address(0)), consignments.statementDigest(entry.statement));
        assertFalse(_offers(entry));
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee nobody-speaks-for-another
    function testFuzz_AMemberActsInNoRoleThatItDoesNotHold(uint256 seed, uint256 who, uint8 role) public {
        _register();
        _lead(seed, seed % 16);
        who = bound(who, 0, AUDITOR);
        if (role % 4 != 0) role = uint8(bound(role, Role.AUTHORITY, Role.LAST));
        vm.assume(role != cast[who].role);
        uint8 milestone = seed % 2 == 0 ? Milestone.OBSERVED : uint8(2 + seed % 35);
        (, IConsignments.Statement memory s) = _fitting(_now(), milestone, 0, seed);
        s.role = role;
        assertFalse(_offers(_entry(cast[who].signer, s)));
    }

    /// @custom:guarantee key-keeps-to-its-scope
    function testFuzz_AKeySignsOnlyTheMilestonesNamedForIt(uint64 milestones, uint256 seed) public {
        _register();
        _lead(seed, seed % 16);
        milestones = milestones & ((uint64(1) << 37) - 2);
        vm.assume(milestones != 0);
        _addKey(korea, _actor("limited"), SCOPE_MILESTONES, milestones);
        uint8 milestone = uint8(14 + (seed >> 8) % 18);
        (, IConsignments.Statement memory s) = _fitting(_now(), milestone, 0, seed);
        uint256 snapshot = vm.snapshotState();
        bool byAddress = _offers(_entry(korea, s));
        vm.revertToState(snapshot);
        bool isNamed = milestones & (uint64(1) << milestone) != 0;
        assertTrue(_offers(_entry(_actor("limited"), s)) == (byAddress && isNamed));
    }

    /// @custom:guarantee automation-opens-green
    function testFuzz_AMachineDoesNothingButAssessAndReleaseGreen(uint256 seed, uint256 steps, uint8 opened) public {
        _register();
        _lead(steps, steps % 16);
        (, IConsignments.Statement memory s) = _fitting(_now(), uint8(1 + seed % 36), Side.EXPORT, seed);
        s.role = Role.AUTHORITY;
        if (seed % 3 == 0) {
            (s.milestone, s.side, s.terms) = (Milestone.RELEASED, Side.EXPORT, bytes32(uint256(opened)));
        }
        if (seed % 3 == 1) s.terms |= bytes32(bytes1(0x01));
        IConsignments.Consignment memory before = _now();
        if (!_offers(_entry(cast[KOREAN_MACHINE].signer, s))) return;
        bool isAssessed = s.milestone == Milestone.ASSESSED && before.exportSide.clearance == Clearance.ACCEPTED;
        bool isReleased = s.milestone == Milestone.RELEASED && before.exportSide.clearance == Clearance.ASSESSED;
        assertTrue(isAssessed || isReleased);
        assertEq(_now().exportSide.channel, Channel.GREEN);
    }

    /// @custom:guarantee key-needs-its-consent
    function testFuzz_NoAddressBecomesAMembersOrAKeysWithoutItsOwnWord(
        uint256 thief,
        address other,
        uint256 way
    ) public {
        Actor memory victim = _actor("victim");
        thief = bound(thief, KOREA, AUDITOR);
        Actor memory owner = cast[thief].signer;
        Actor memory signs = way % 2 == 0 ? owner : victim;
        bytes32 digest = _consentDigest(way % 2 == 0 ? owner.account : other, victim.account);
        vm.assume(other != owner.account && other != victim.account);
        (bytes32 r, bytes32 vs) = _sign(signs, digest);
        bytes[3] memory ways = [
            abi.encodeCall(
                members.addKey, (owner.account, victim.account, 1, 0, 0, type(uint40).max, bytes32("ref"), r, vs)
            ),
            abi.encodeCall(
                members.admit, (victim.account, _bit(Role.CARRIER), bytes32("e"), bytes32("c"), "victim", r, vs)
            ),
            abi.encodeCall(
                members.proposeKeyReplacement,
                (cast[NETHERLANDS].signer.account, address(0), 0, victim.account, bytes32("ref"), r, vs)
            )
        ];
        vm.prank(owner.account);
        (bool ok,) = address(members).call(ways[(way >> 8) % 3]);
        assertFalse(ok);
        assertEq(members.keyOf(victim.account).member, 0);
    }

    /// @custom:guarantee key-speaks-for-one
    function testFuzz_AKeySpeaksForOneMemberForEver(uint256 who, uint256 taker, bool isRetired) public {
        who = bound(who, 0, CARRIERS_OFFICER);
        taker = bound(taker, 0, AUDITOR);
        Actor memory key = cast[who].signer;
        uint32 owner = members.keyOf(key.account).member;
        if (isRetired) _do(_ownerOf(who), abi.encodeCall(members.retireKey, (key.account, 0)));
        Actor memory next = cast[taker].signer;
        vm.prank(next.account);
        (bool isAdded,) = address(members).call(_addition(next, key, 1, 0, 0, type(uint40).max));
        (bytes32 r, bytes32 vs) = _consent(key, key);
        vm.prank(next.account);
        (bool isAdmitted,) = address(members)
            .call(
                abi.encodeCall(members.admit, (key.account, _bit(Role.CARRIER), bytes32("e"), bytes32("c"), "", r, vs))
            );
        assertFalse(isAdded || isAdmitted);
        assertEq(members.keyOf(key.account).member, owner);
    }

    /// @dev The member whose key is in this place of the cast.
    function _ownerOf(uint256 who) private view returns (Actor memory) {
        if (who == KOREAN_MACHINE || who == KOREAN_OFFICER) return korea;
        if (who == DUTCH_MACHINE) return netherlands;
        return who == CARRIERS_OFFICER ? carrier : cast[who].signer;
    }
}
