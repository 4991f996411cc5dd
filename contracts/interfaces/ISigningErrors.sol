// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What can be wrong with anything signed
/// @notice The errors that every contract has in common which takes what one signed and another carries.
interface ISigningErrors {
    /// @notice No key can have made this signature, or it is not the low-s one.
    error SignatureMalformed();

    /// @notice The signature lies further after the block's time than clocks may differ.
    error SignedInFuture(uint64 signedTime, uint256 blockTime);

    /// @notice The statement's last valid time has passed.
    error StatementExpired(uint64 validUntil, uint256 blockTime);
}
