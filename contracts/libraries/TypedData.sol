// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "../interfaces/IConsignments.sol";
import {IEventLogs} from "../interfaces/IEventLogs.sol";

/// @title What is signed
/// @notice EIP-712 over a statement, a checkpoint and a key's consent. Each type hash stands beside its preimage;
/// ledger/identity/statements.py, checkpoints.py and consent.py have the same.
library TypedData {
    bytes32 internal constant STATEMENT_TYPEHASH = keccak256(
        "Statement(bytes32 consignment,uint8 milestone,uint8 side,bytes32 commitment,uint64 eventTime,uint64 signedTime,"
        "uint64 validUntil,uint8 role,bytes32 previousHead,address counterparty,bytes32 terms,bytes32 detail)"
    );

    bytes32 internal constant CHECKPOINT_TYPEHASH = keccak256(
        "Checkpoint(uint32 member,uint64 previousSize,uint64 size,bytes32 root,uint64 signedTime,uint64 validUntil)"
    );

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("SMART Border Ledger");
    bytes32 private constant VERSION_HASH = keccak256("1");

    bytes32 private constant CONSENT_TYPEHASH = keccak256("KeyConsent(address member,address key)");
    /// @dev Without chain and contract: a member consents before it knows them, and what it signs binds member and key.
    bytes32 private constant CONSENT_DOMAIN =
        keccak256(abi.encode(keccak256("EIP712Domain(string name,string version)"), NAME_HASH, VERSION_HASH));

    /// @notice The domain of a contract on this chain. It is derived anew each time, so that a chain that parts in two
    /// parts the statements too.
    function domainSeparator(address verifyingContract) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, verifyingContract));
    }

    /// @notice The digest that the signer of a statement signs.
    function digest(IConsignments.Statement calldata statement, bytes32 domain) internal pure returns (bytes32) {
        uint256 place;
        assembly ("memory-safe") {
            place := statement
        }
        return _digest(STATEMENT_TYPEHASH, place, 12, domain);
    }

    /// @notice The digest that the signer of a checkpoint signs.
    function digest(IEventLogs.Checkpoint calldata checkpoint, bytes32 domain) internal pure returns (bytes32) {
        uint256 place;
        assembly ("memory-safe") {
            place := checkpoint
        }
        return _digest(CHECKPOINT_TYPEHASH, place, 6, domain);
    }

    /// @notice The head after a statement: keccak256(abi.encode(the head before, the statement's digest, the key)).
    /// @dev Hashed where memory is free, which is not taken: a batch makes many.
    function nextHead(bytes32 head, bytes32 statementDigest, address key) internal pure returns (bytes32 next) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, head)
            mstore(add(free, 0x20), statementDigest)
            mstore(add(free, 0x40), key)
            next := keccak256(free, 0x60)
        }
    }

    /// @notice The digest that a key signs to speak for a member; a member's own address signs it of itself.
    function consentDigest(address member, address key) internal pure returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(CONSENT_TYPEHASH, member, key));
        return keccak256(abi.encodePacked(hex"1901", CONSENT_DOMAIN, structHash));
    }

    /// @dev The digest of a struct in a call, so many words at a place: what is signed is there as EIP-712 encodes it. It is
    /// hashed as it came, which spares each statement 1,200 gas. Where a field is wider than its type, whoever reads it
    /// reverts.
    function _digest(
        bytes32 typeHash,
        uint256 place,
        uint256 words,
        bytes32 domain
    ) private pure returns (bytes32 signed) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let length := mul(words, 0x20)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), place, length)
            let structHash := keccak256(free, add(length, 0x20))
            mstore(free, hex"1901")
            mstore(add(free, 0x02), domain)
            mstore(add(free, 0x22), structHash)
            signed := keccak256(free, 0x42)
        }
    }
}
