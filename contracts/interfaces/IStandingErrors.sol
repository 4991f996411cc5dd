// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Why a key may not speak now
/// @notice The errors that the register and every contract that asks it for a standing have in common.
interface IStandingErrors {
    /// @notice No member has this key.
    error KeyUnknown(address key);

    /// @notice The key is not valid before `validFrom`.
    error KeyNotYetValid(address key, uint40 validFrom);

    /// @notice The key was retired, or ran out, at `validUntil`.
    error KeyExpired(address key, uint40 validUntil);

    /// @notice The member is suspended by its authority.
    error MemberIsSuspended(uint32 member);

    /// @notice The member was dismissed by its authority, or the authority removed by the others.
    error MemberIsDismissed(uint32 member);
}
