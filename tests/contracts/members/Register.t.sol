// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {Consortium} from "../support/Consortium.sol";

/// @notice The edges of what the register takes: the longest profile, the shortest validity, an address that was taken
/// while a proposal waited.
contract RegisterTest is Consortium {
    function test_AProfileMayHaveOneThousandAndTwentyThreeBytes() public {
        _do(exporter, abi.encodeCall(members.replaceProfile, (string(new bytes(1023)))));
        bytes memory refusal = _error(IMembers.ProfileTooLong.selector, uint256(1024), uint256(1023));
        _refusesCall(exporter, abi.encodeCall(members.replaceProfile, (string(new bytes(1024)))), refusal);
    }

    function test_AValidityLastsAtLeastASecond() public {
        bytes memory refusal = _error(IMembers.ValidityInvalid.selector, NOW + 5, NOW + 5);
        _refusesCall(exporter, _addition(exporter, stranger, 7, 2, uint40(NOW + 5), uint40(NOW + 5)), refusal);
        refusal = _error(IMembers.ValidityInvalid.selector, NOW, NOW);
        _refusesCall(exporter, _addition(exporter, stranger, 7, 2, 0, uint40(NOW)), refusal);
        _do(exporter, _addition(exporter, stranger, 7, 2, uint40(NOW + 5), uint40(NOW + 6)));
        assertEq(members.keyOf(stranger.account).validFrom, NOW + 5);
        assertEq(members.keyOf(stranger.account).validUntil, NOW + 6);
    }

    function test_AnAddressTakenWhileAProposalWaitedIsNotGivenAgain() public {
        _do(korea, _replacement(netherlands, netherlands.account, 0, stranger));
        _addKey(exporter, stranger, 7, 2);
        bytes memory refusal = _error(IMembers.AddressTaken.selector, _word(stranger));
        _refusesCall(singapore, abi.encodeCall(members.approve, (1)), refusal);
        assertEq(members.keyOf(stranger.account).member, _numberOf(exporter));
        assertEq(members.keyOf(netherlands.account).validUntil, type(uint40).max);
    }
}
