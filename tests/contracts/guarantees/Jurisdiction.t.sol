// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Role} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice Whose word counts where: over many lives at once.
contract JurisdictionInvariants is Watch {
    /// @custom:guarantee authority-in-its-country
    function invariant_AnAuthorityDecidesOnlyWhatItsCountryDecides() public view {
        lives.requireKept("authority-in-its-country");
    }
}

/// @notice The same, case by case.
contract JurisdictionTest is World {
    /// @custom:guarantee authority-in-its-country
    function testFuzz_AnAuthorityOfAnotherCountryDecidesNothing(uint256 seed, uint256 which, uint256 who) public {
        _register();
        _lead(seed, seed % 24);
        uint8[17] memory decisions = [14, 15, 17, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30, 31, 6, 7];
        uint8 milestone = decisions[which % 17];
        IConsignments.Consignment memory c = _now();
        (, IConsignments.Statement memory s) = _fitting(c, milestone, 0, seed);
        bytes2 decides = s.side == 0 ? (milestone == 31 ? bytes2(s.terms) : c.location) : _countryOf(c, s.side);
        who = bound(who, KOREA, GERMANY);
        vm.assume(cast[who].country != decides);
        s.role = Role.AUTHORITY;
        bytes32 before = _stateOf(id);
        assertFalse(_offers(_entry(cast[who].signer, s)));
        assertEq(_stateOf(id), before);
    }

    /// @custom:guarantee authority-in-its-country
    function testFuzz_NobodyUnconcernedHoldsTheGoods(uint256 seed, bool byAgency) public {
        _register();
        _lead(seed, seed % 16);
        vm.assume(!_isConcerned(_now(), DE));
        uint256 who = byAgency ? FOREIGN_AGENCY : GERMANY;
        assertFalse(_offers(_entry(cast[who].signer, _statement(24, cast[who].role))));
        assertEq(_now().openHolds, 0);
    }

    /// @custom:guarantee authority-in-its-country
    function testFuzz_AnAuthorityGovernsNoMemberOfAnotherCountry(uint256 who, uint256 subject, uint256 act) public {
        who = bound(who, KOREA, GERMANY);
        subject = bound(subject, KOREA, AUDITOR);
        vm.assume(cast[who].country != cast[subject].country);
        address account = cast[subject].signer.account;
        bytes[7] memory acts = [
            abi.encodeCall(members.suspend, (account)),
            abi.encodeCall(members.reinstate, (account)),
            abi.encodeCall(members.dismiss, (account)),
            abi.encodeCall(members.setRoles, (account, _bit(Role.CARRIER))),
            abi.encodeCall(members.grantAeo, (account, 0, type(uint40).max)),
            abi.encodeCall(members.retireKey, (account, 0)),
            _addition(cast[subject].signer, _actor("new"), 1, 0, 0, type(uint40).max)
        ];
        bytes32 before = keccak256(abi.encode(members.memberOf(account), members.keyOf(account)));
        vm.prank(cast[who].signer.account);
        (bool ok,) = address(members).call(acts[act % 7]);
        assertFalse(ok);
        assertEq(keccak256(abi.encode(members.memberOf(account), members.keyOf(account))), before);
    }
}
