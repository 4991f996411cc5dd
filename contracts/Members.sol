// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "./interfaces/IMembers.sol";
import {Council} from "./members/Council.sol";
import {Jurisdiction} from "./members/Jurisdiction.sol";
import {Register} from "./members/Register.sol";

/// @title The register of the consortium's members
/// @notice Immutable and without owner: authorities govern, each its own country alone, and k of n together.
contract Members is Jurisdiction, Council {
    /// @inheritdoc IMembers
    address public immutable predecessor;

    /// @notice The founders take their seats.
    /// @param founders The founding authorities: at least two, each of its own country.
    /// @param foundingThreshold How many of them decide.
    /// @param recoveryKey_ The key that helps to replace a lost one while there are two authorities; else zero.
    /// @param predecessor_ The register that this one follows; zero where it is the first.
    constructor(
        Founder[] memory founders,
        uint8 foundingThreshold,
        address recoveryKey_,
        address predecessor_
    ) Register(recoveryKey_) {
        predecessor = predecessor_;
        for (uint256 i = 0; i < founders.length; ++i) {
            uint32 member = _seat(founders[i], address(0));
            emit AuthorityAdded(member, founders[i].country, uint8(i), foundingThreshold);
        }
        _setThreshold(foundingThreshold);
        emit Founded(recoveryKey_, predecessor_, foundingThreshold);
    }
}
