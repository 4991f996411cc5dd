// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {Role} from "contracts/types/Vocabulary.sol";
import {Test} from "../support/Test.sol";
import {Rulers} from "./support/Rulers.sol";
import {World} from "./support/World.sol";

/// @notice Who decides on members, seats and keys: over any sequence of calls by anyone.
contract GovernanceInvariants is Test {
    struct Target {
        address addr;
        bytes4[] selectors;
    }

    error NeverCarriedOut(IMembers.ProposalKind kind);

    Rulers private _rulers;

    function setUp() public {
        _rulers = new Rulers();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_rulers);
    }

    function targetSelectors() public view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0].addr = address(_rulers);
        bytes4[7] memory selectors = [
            Rulers.propose.selector,
            Rulers.approve.selector,
            Rulers.takeBack.selector,
            Rulers.obstruct.selector,
            Rulers.usurp.selector,
            Rulers.rule.selector,
            Rulers.wait.selector
        ];
        targets[0].selectors = new bytes4[](selectors.length);
        for (uint256 i = 0; i < selectors.length; ++i) {
            targets[0].selectors[i] = selectors[i];
        }
    }

    /// @custom:guarantee membership-by-authorities
    function invariant_WhoIsNoAuthorityChangesNoMembership() public view {
        _rulers.requireKept("membership-by-authorities");
    }

    /// @custom:guarantee authority-in-its-country
    function invariant_AnAuthorityGovernsItsOwnCountryAlone() public view {
        _rulers.requireKept("authority-in-its-country");
    }

    /// @custom:guarantee no-authority-decides-alone
    function invariant_NothingIsDecidedByFewerThanTheThreshold() public view {
        _rulers.requireKept("no-authority-decides-alone");
        assertTrue(_rulers.isSound());
    }

    /// @custom:guarantee loss-of-one-stops-nothing
    function invariant_AnyOneAuthorityCanBeLostAndGivenNewKeysByTheOthers() public {
        assertTrue(_rulers.canLoseAnyOne());
    }

    function test_TheAuthoritiesCarryOutProposalsOfEveryKind() public {
        for (uint256 i = 0; i < 400; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint256 what = seed % 10;
            if (what < 3) _rulers.propose(seed);
            else if (what < 6) _rulers.approve(seed);
            else if (what == 6) _rulers.takeBack(seed);
            else if (what == 7) _rulers.obstruct(seed);
            else if (what == 8) _rulers.usurp(seed);
            else if (i % 2 == 0) _rulers.rule(seed);
            else _rulers.wait(seed);
        }
        for (uint8 kind = 1; kind <= 4; ++kind) {
            if (_rulers.carriedOut(IMembers.ProposalKind(kind)) == 0) {
                revert NeverCarriedOut(IMembers.ProposalKind(kind));
            }
        }
    }
}

/// @notice The same, case by case.
contract GovernanceTest is World {
    /// @custom:guarantee loss-of-one-stops-nothing
    function testFuzz_TheOthersDecideWithoutTheOneThatIsLost(uint256 n, uint256 k, uint256 lost) public {
        n = bound(n, 3, 12);
        k = bound(k, 2, n - 1);
        lost = bound(lost, 0, n - 1);
        members = _newMembers(_founders(n), uint8(k), address(0), address(0));
        Actor memory fresh = _actor("fresh");
        _decideWithout(lost, n, k, _replacement(_authority(lost), address(0), 0, fresh));
        assertEq(members.keyOf(fresh.account).member, lost + 1);
        _decideWithout(lost, n, k, abi.encodeCall(members.proposeThreshold, (uint8(n - 1))));
        assertEq(members.threshold(), n - 1);
        if (n == 3) return;
        _decideWithout(lost, n, n - 1, abi.encodeCall(members.proposeRemoval, (_authority(lost).account, uint8(2))));
        assertEq(members.authorityCount(), n - 1);
    }

    /// @custom:guarantee no-authority-decides-alone
    function testFuzz_OneAuthorityDecidesNothingForTheRest(uint256 n, uint256 one, uint256 seed) public {
        n = bound(n, 3, 8);
        one = bound(one, 0, n - 1);
        members = _newMembers(_founders(n), 2, address(0), address(0));
        Actor memory alone = _authority(one);
        Actor memory second = _actor("second key");
        _do(alone, _addition(alone, second, 1, 0, 0, type(uint40).max));
        bytes32 before = _council(n, one);
        for (uint256 i = 0; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.prank(seed % 2 == 0 ? alone.account : second.account);
            (bool ok,) = address(members).call(_attempt(alone, _authority((seed >> 8) % n), seed >> 16));
            ok;
        }
        assertEq(_council(n, one), before);
    }

    /// @custom:guarantee loss-of-one-stops-nothing
    function testFuzz_NoThresholdIsEverSetThatNeedsThemAll(uint256 n, uint256 founding, uint256 proposed) public {
        n = bound(n, 3, 8);
        founding = bound(founding, 0, n + 1);
        proposed = bound(proposed, 0, n + 1);
        try this.found(n, uint8(founding)) {
            assertTrue(founding >= 2 && founding < n);
        } catch {
            assertTrue(founding < 2 || founding >= n);
            members = _newMembers(_founders(n), 2, address(0), address(0));
        }
        vm.prank(korea.account);
        (bool ok,) = address(members).call(abi.encodeCall(members.proposeThreshold, (uint8(proposed))));
        assertTrue(ok == (proposed >= 2 && proposed < n));
    }

    function found(uint256 n, uint8 k) external {
        members = _newMembers(_founders(n), k, address(0), address(0));
    }

    /// @custom:guarantee no-authority-decides-alone
    function testFuzz_AsManyAuthoritiesAsTheThresholdSaysCarryAProposalOut(
        uint256 n,
        uint256 k,
        uint256 wavers
    ) public {
        n = bound(n, 3, 10);
        k = bound(k, 2, n - 1);
        members = _newMembers(_founders(n), uint8(k), address(0), address(0));
        _do(_authority(0), abi.encodeCall(members.proposeThreshold, (uint8(n - 1))));
        for (uint256 i = 1; i < k; ++i) {
            Actor memory waverer = _authority(bound(wavers, 0, i - 1));
            _do(waverer, abi.encodeCall(members.withdrawApproval, (1)));
            _do(waverer, abi.encodeCall(members.approve, (1)));
            assertTrue(members.proposalAt(1).status == IMembers.ProposalStatus.Open);
            _do(_authority(i), abi.encodeCall(members.approve, (1)));
        }
        assertTrue(members.proposalAt(1).status == IMembers.ProposalStatus.Executed);
    }

    /// @custom:guarantee loss-of-one-stops-nothing no-authority-decides-alone
    function testFuzz_OfTwoTheOtherAndTheRecoveryKeyReplaceALostKeyAndNothingElse(bool isFirst, uint256 kind) public {
        members = _newMembers(_founders(2), 2, recovery.account, address(0));
        (Actor memory lost, Actor memory other) = isFirst ? (korea, singapore) : (singapore, korea);
        bytes[3] memory proposals = [
            abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 2)),
            abi.encodeCall(members.proposeThreshold, (2)),
            _replacement(lost, address(0), 0, stranger)
        ];
        _do(other, proposals[kind % 3]);
        bool isReplacement = kind % 3 == 2;
        vm.prank(recovery.account);
        (bool ok,) = address(members).call(abi.encodeCall(members.approve, (1)));
        assertTrue(ok == isReplacement);
        assertTrue((members.keyOf(stranger.account).member != 0) == isReplacement);
        assertEq(members.authorityCount(), 2);
    }

    /// @custom:guarantee membership-by-authorities
    function testFuzz_NoCallByAMemberOrAStrangerAdmitsAnyone(uint256 who, uint16 roles, uint256 member) public {
        who = bound(who, EXPORTER, STRANGER);
        uint32 count = members.memberCount();
        Actor memory friend = _actor(vm.toString(member));
        (bytes32 r, bytes32 vs) = _consent(friend, friend);
        vm.prank(cast[who].signer.account);
        (bool ok,) = address(members)
            .call(abi.encodeCall(members.admit, (friend.account, roles, bytes32("e"), bytes32("c"), "friend", r, vs)));
        assertFalse(ok);
        assertEq(members.memberCount(), count);
    }

    function _authority(uint256 index) private view returns (Actor memory) {
        Actor[3] memory first = [korea, singapore, netherlands];
        return index < 3 ? first[index] : _actor(vm.toString(index));
    }

    /// @dev As many of the others as the threshold needs carry a proposal out.
    function _decideWithout(uint256 lost, uint256 n, uint256 k, bytes memory call) private {
        uint256 votes = 0;
        for (uint256 i = 0; i < n && votes < k; ++i) {
            if (i == lost) continue;
            if (votes == 0) _do(_authority(i), call);
            else _do(_authority(i), abi.encodeCall(members.approve, (members.proposalCount())));
            ++votes;
        }
    }

    /// @dev What one authority might try upon another.
    function _attempt(Actor memory alone, Actor memory other, uint256 seed) private view returns (bytes memory) {
        uint256 act = seed % 9;
        uint32 proposal = uint32(seed >> 8) % (members.proposalCount() + 1);
        if (act == 0) return abi.encodeCall(members.proposeThreshold, (uint8(seed >> 8) % 8));
        if (act == 1) return abi.encodeCall(members.proposeRemoval, (other.account, 2));
        if (act == 2) return _replacement(other, address(0), 0, stranger);
        if (act < 5) return abi.encodeCall(members.approve, (proposal));
        if (act == 5) return abi.encodeCall(members.withdrawApproval, (proposal));
        if (act == 6) return abi.encodeCall(members.proposeAddition, (_founder(germany, DE), 2));
        if (act == 7 && other.account != alone.account) return abi.encodeCall(members.suspend, (other.account));
        if (other.account == alone.account) return abi.encodeCall(members.proposeThreshold, (2));
        return abi.encodeCall(members.retireKey, (other.account, 0));
    }

    /// @dev Seats, threshold, and what the others are and speak with.
    function _council(uint256 n, uint256 but) private view returns (bytes32 state) {
        state = keccak256(abi.encode(members.authorities(), members.threshold(), members.memberCount()));
        for (uint256 i = 0; i < n; ++i) {
            address account = _authority(i).account;
            if (i != but) state = keccak256(abi.encode(state, members.memberOf(account), members.keyOf(account)));
        }
    }
}
