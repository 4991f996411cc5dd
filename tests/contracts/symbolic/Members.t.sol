// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Council} from "contracts/members/Council.sol";
import {Jurisdiction} from "contracts/members/Jurisdiction.sol";
import {Register} from "contracts/members/Register.sol";
import {Standing} from "contracts/types/Standing.sol";
import {Problem} from "contracts/types/Vocabulary.sol";
import {Symbolic} from "./Symbolic.sol";

/// @notice The register, with what it does inside for all to call.
contract AnyMembers is Jurisdiction, Council {
    address public constant predecessor = address(0);

    constructor(address recoveryKey_) Register(recoveryKey_) {}

    function setThreshold(uint8 newThreshold) external {
        _setThreshold(newThreshold);
    }

    function retire(address key, uint40 suspectSince) external {
        _retireKey(key, suspectSince, msg.sender);
    }

    function retireAll(uint32 member, uint40 suspectSince) external {
        _retireAllKeys(member, suspectSince);
    }

    /// @notice How often all keys of a key's member had been retired when the key was added, and how often until now.
    function generations(address key) external view returns (uint32 ofKey, uint32 ofMember) {
        return (_keys[key].generation(), _records[_keys[key].number()].generation);
    }
}

/// @notice The arithmetic of k of n, for every number of authorities up to 12: counting them takes a round of a loop each.
/// @custom:halmos --loop 12
contract ThresholdProofs is Symbolic {
    AnyMembers private _members;

    function setUp() public {
        _members = new AnyMembers(address(0));
        vm.setArbitraryStorage(address(_members));
    }

    /// @notice Whatever threshold the rules let be set: one authority alone does not decide.
    /// @custom:guarantee no-authority-decides-alone
    function check_OneAuthorityAloneDoesNotDecide(uint8 threshold) public {
        _members.setThreshold(threshold);
        assert(_members.threshold() == threshold && threshold >= 2);
    }

    /// @notice Whatever threshold the rules let be set: where one authority's keys are lost, the others decide.
    /// @custom:guarantee loss-of-one-stops-nothing
    function check_TheLossOfOneAuthorityStopsNothing(uint8 threshold) public {
        _members.setThreshold(threshold);
        uint256 count = _members.authorityCount();
        assert(count >= 3 && threshold <= count - 1);
    }

    /// @notice No threshold is refused that the rules allow, so that the authorities can always agree on one.
    /// @custom:guarantee loss-of-one-stops-nothing
    function check_EveryAllowedThresholdCanBeSet(uint8 threshold) public {
        uint256 count = _members.authorityCount();
        vm.assume(count >= 3 && threshold >= 2 && threshold <= count - 1);
        _members.setThreshold(threshold);
        assert(_members.threshold() == threshold);
    }
}

/// @notice With a recovery key, two authorities decide together.
/// @custom:halmos --loop 3
contract PairProofs is Symbolic {
    AnyMembers private _members;

    function setUp() public {
        _members = new AnyMembers(address(1));
        vm.setArbitraryStorage(address(_members));
    }

    /// @notice Two authorities decide by both of them, or by one and the recovery key.
    /// @custom:guarantee no-authority-decides-alone
    function check_TwoAuthoritiesDecideTogether(uint8 threshold) public {
        vm.assume(_members.authorityCount() == 2);
        _members.setThreshold(threshold);
        assert(threshold == 2);
    }
}

/// @notice Keys that were retired.
contract KeyProofs is Symbolic {
    AnyMembers private _members;

    function setUp() public {
        _members = new AnyMembers(address(0));
        vm.setArbitraryStorage(address(_members));
    }

    /// @notice From the second in which it is retired on, a key speaks for nobody.
    /// @custom:guarantee retired-key-adds-nothing
    function check_ARetiredKeyDoesNotSpeak(address key, uint40 suspectSince, uint40 later) public {
        vm.assume(block.timestamp <= later);
        _members.retire(key, suspectSince);
        vm.warp(later);
        assert(_problem(key) != Problem.NONE);
    }

    /// @notice Once all keys of a member are retired, none that it had speaks for it: those of the generation that ended.
    /// @custom:guarantee retired-key-adds-nothing
    function check_NoKeySpeaksOnceAllAreRetired(address key, uint40 suspectSince, uint40 later) public {
        (uint32 ofKey, uint32 ofMember) = _members.generations(key);
        vm.assume(ofKey == ofMember && block.timestamp <= later);
        _members.retireAll(_number(key), suspectSince);
        vm.warp(later);
        assert(_problem(key) != Problem.NONE);
    }

    /// @notice A key that may speak is valid now, by what the register keeps of it.
    /// @custom:guarantee retired-key-adds-nothing
    function check_OnlyAKeyThatIsValidSpeaks(address key) public view {
        vm.assume(_problem(key) == Problem.NONE);
        assert(_number(key) != 0);
        assert(_members.keyOf(key).validFrom <= block.timestamp && block.timestamp < _members.keyOf(key).validUntil);
    }

    function _problem(address key) private view returns (uint8) {
        (Standing signer,) = _members.standings(key, address(0));
        return signer.problem();
    }

    function _number(address key) private view returns (uint32) {
        return _members.keyOf(key).member;
    }
}
