// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IMembers} from "../interfaces/IMembers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Key, packKey} from "../types/Key.sol";
import {Standing, UNKNOWN} from "../types/Standing.sol";
import {
    ALL_MILESTONES,
    ALL_SCOPES,
    Problem,
    Role,
    SCOPE_AUTOMATION,
    SCOPE_GOVERN,
    SCOPE_MILESTONES,
    Status,
    bit,
    isCountry
} from "../types/Vocabulary.sol";

/// @title Members and their keys
/// @notice What is kept of a member and of a key, and what a member does about its own.
abstract contract Register is IMembers {
    uint256 internal constant MAX_PROFILE_BYTES = 1023;
    uint40 internal constant FOREVER = type(uint40).max;

    /// @dev What is kept of a member. The first slot is all that the standing of its keys needs:
    /// account 160 | country 16 | roles 16 | status 8 | seat 8 (of an authority) | generation 32 (of its keys).
    struct Record {
        address account;
        bytes2 country;
        uint16 roles;
        uint8 status;
        uint8 seat;
        uint32 generation;
        bytes32 encryptionKey;
        bytes32 checkpointKey;
    }

    uint32 private _memberCount;
    mapping(uint32 member => Record) internal _records;
    mapping(address key => Key) internal _keys;
    mapping(uint32 member => mapping(uint32 generation => uint40 time)) private _generationEnds;
    mapping(bytes2 country => uint32 member) internal _authorityOf;

    /// @inheritdoc IMembers
    address public immutable recoveryKey;

    /// @dev A register begins empty.
    /// @param recoveryKey_ The key that helps to replace a lost one while there are two authorities; else zero.
    constructor(address recoveryKey_) {
        recoveryKey = recoveryKey_;
    }

    /// @inheritdoc IMembers
    function addKey(
        address account,
        address key,
        uint8 scopes,
        uint64 milestones,
        uint40 validFrom,
        uint40 validUntil,
        bytes32 ref,
        bytes32 r,
        bytes32 vs
    ) external {
        uint32 member = _requireMember(account);
        _requireGoverns(member);
        _requireConsent(account, key, r, vs);
        _addKey(member, key, scopes, milestones, validFrom, validUntil, ref, msg.sender);
    }

    /// @inheritdoc IMembers
    function retireKey(address key, uint40 suspectSince) external {
        uint32 member = _keys[key].number();
        if (member == 0) revert KeyUnknown(key);
        _requireGoverns(member);
        _retireKey(key, suspectSince, msg.sender);
    }

    /// @inheritdoc IMembers
    function replaceEncryptionKey(bytes32 encryptionKey) external {
        if (encryptionKey == 0) revert EncryptionKeyMissing();
        uint32 member = _requireGovernKey();
        _records[member].encryptionKey = encryptionKey;
        emit EncryptionKeyReplaced(member, encryptionKey, msg.sender);
    }

    /// @inheritdoc IMembers
    function replaceCheckpointKey(bytes32 checkpointKey) external {
        if (checkpointKey == 0) revert CheckpointKeyMissing();
        uint32 member = _requireGovernKey();
        _records[member].checkpointKey = checkpointKey;
        emit CheckpointKeyReplaced(member, checkpointKey, msg.sender);
    }

    /// @inheritdoc IMembers
    function replaceProfile(string calldata profile) external {
        _requireProfile(profile);
        emit ProfileReplaced(_requireGovernKey(), profile, msg.sender);
    }

    /// @inheritdoc IMembers
    function standings(address key, address counterparty) external view returns (Standing signer, Standing named) {
        signer = _standingOfKey(key);
        if (counterparty != address(0)) named = _keys[counterparty].standingOfMember();
    }

    /// @inheritdoc IMembers
    function addressOf(uint32 member) external view returns (address) {
        return _records[member].account;
    }

    /// @inheritdoc IMembers
    function memberOf(address account) external view returns (Member memory) {
        return memberAt(_numberOf(account));
    }

    /// @inheritdoc IMembers
    function memberAt(uint32 number) public view returns (Member memory) {
        Record storage record = _records[number];
        return Member({
            number: record.status == Status.NONE ? 0 : number,
            account: record.account,
            country: record.country,
            roles: record.roles,
            status: record.status,
            encryptionKey: record.encryptionKey,
            checkpointKey: record.checkpointKey
        });
    }

    /// @inheritdoc IMembers
    function memberCount() external view returns (uint32) {
        return _memberCount;
    }

    /// @inheritdoc IMembers
    function keyOf(address key) external view returns (KeyRecord memory) {
        Key kept = _keyAt(key);
        return KeyRecord({
            member: kept.number(),
            scopes: kept.scopes(),
            isOwnAddress: kept.isOwnAddress(),
            milestones: kept.milestones(),
            validFrom: kept.validFrom(),
            validUntil: kept.validUntil()
        });
    }

    /// @inheritdoc IMembers
    function encryptionKeyOf(address account) external view returns (bytes32) {
        return _records[_numberOf(account)].encryptionKey;
    }

    /// @dev Admit a member under the next number, its address being its first key.
    function _admit(Founder memory newcomer, uint16 roles, uint8 seat, address by) internal returns (uint32 member) {
        if (newcomer.encryptionKey == 0) revert EncryptionKeyMissing();
        if (newcomer.checkpointKey == 0) revert CheckpointKeyMissing();
        _requireProfile(newcomer.profile);
        _requireConsent(newcomer.account, newcomer.account, newcomer.r, newcomer.vs);
        member = ++_memberCount;
        _records[member] = Record({
            account: newcomer.account,
            country: newcomer.country,
            roles: roles,
            status: Status.ACTIVE,
            seat: seat,
            generation: 0,
            encryptionKey: newcomer.encryptionKey,
            checkpointKey: newcomer.checkpointKey
        });
        _keys[newcomer.account] =
            packKey(member, ALL_SCOPES & ~SCOPE_AUTOMATION, uint40(block.timestamp), FOREVER, ALL_MILESTONES, 0);
        _keepPlace(member);
        emit MemberAdmitted(
            member,
            newcomer.account,
            newcomer.country,
            roles,
            newcomer.encryptionKey,
            newcomer.checkpointKey,
            newcomer.profile,
            by
        );
    }

    /// @dev Give a member a key; its scopes, milestones and validity are checked.
    function _addKey(
        uint32 member,
        address key,
        uint8 scopes,
        uint64 milestones,
        uint40 validFrom,
        uint40 validUntil,
        bytes32 ref,
        address by
    ) internal {
        _requireFree(key);
        if (scopes == 0 || scopes > ALL_SCOPES) revert ScopesInvalid(scopes);
        bool mayState = scopes & SCOPE_MILESTONES != 0;
        if (mayState != (milestones != 0) || milestones & ~ALL_MILESTONES != 0) revert MilestonesInvalid(milestones);
        validFrom = _notInPast(validFrom);
        _requireValidity(validFrom, validUntil);
        uint32 generation = _records[member].generation;
        _keys[key] = packKey(member, scopes, validFrom, validUntil, milestones, generation);
        emit KeyAdded(member, key, scopes, milestones, validFrom, validUntil, ref, by);
    }

    /// @dev A key that has ended stays as it ended, and may still be named suspect.
    function _retireKey(address key, uint40 suspectSince, address by) internal {
        Key kept = _keyAt(key);
        bool hasEnded = block.timestamp >= kept.validUntil();
        if (hasEnded && suspectSince == 0) revert KeyExpired(key, kept.validUntil());
        _requireNotInFuture(suspectSince);
        if (!hasEnded) _keys[key] = kept.retiredAt(uint40(block.timestamp));
        emit KeyRetired(kept.number(), key, suspectSince, by);
    }

    /// @dev Give a member another status.
    function _setStatus(uint32 member, uint8 status) internal {
        _records[member].status = status;
        _keepPlace(member);
    }

    /// @dev Give a member other roles.
    function _setRoles(uint32 member, uint16 roles) internal {
        _records[member].roles = roles;
        _keepPlace(member);
    }

    /// @dev Whoever held one of the keys may have added others in the same block: only the generation tells them apart.
    function _retireAllKeys(uint32 member, uint40 suspectSince) internal {
        _generationEnds[member][_records[member].generation++] = uint40(block.timestamp);
        emit AllKeysRetired(member, suspectSince);
    }

    /// @dev A key as it stands: one of a generation that was retired ends with it.
    function _keyAt(address key) internal view returns (Key kept) {
        kept = _keys[key];
        uint32 member = kept.number();
        if (kept.generation() == _records[member].generation) return kept;
        uint40 end = _generationEnds[member][kept.generation()];
        return end < kept.validUntil() ? kept.retiredAt(end) : kept;
    }

    /// @dev The number of the sender's member: active, by a key that is valid and may govern.
    function _requireGovernKey() internal view returns (uint32 member) {
        Standing sender = _standingOfKey(msg.sender);
        member = sender.number();
        uint8 problem = sender.problem();
        if (problem == Problem.UNKNOWN) revert KeyUnknown(msg.sender);
        if (problem == Problem.NOT_YET_VALID) revert KeyNotYetValid(msg.sender, sender.limit());
        if (problem == Problem.EXPIRED) revert KeyExpired(msg.sender, sender.limit());
        if (problem == Problem.SUSPENDED) revert MemberIsSuspended(member);
        if (problem == Problem.DISMISSED) revert MemberIsDismissed(member);
        if (sender.scopes() & SCOPE_GOVERN == 0) revert KeyMayNotGovern(msg.sender);
    }

    /// @dev The number of the sender's member, an authority.
    function _requireAuthority() internal view returns (uint32 authority) {
        authority = _requireGovernKey();
        if (_records[authority].roles & bit(Role.AUTHORITY) == 0) revert NotAuthority(authority);
    }

    /// @dev The number of the member with this address.
    function _requireMember(address account) internal view returns (uint32 member) {
        member = _numberOf(account);
        if (member == 0) revert MemberUnknown(account);
    }

    /// @dev The sender is the authority of the member, which is none itself.
    function _requireJurisdiction(uint32 authority, uint32 member) internal view {
        Record storage subject = _records[member];
        if (subject.roles & bit(Role.AUTHORITY) != 0) revert MemberIsAuthority(member);
        bytes2 jurisdiction = _records[authority].country;
        if (subject.country != jurisdiction) revert OutsideCountry(member, subject.country, jurisdiction);
    }

    /// @dev Two capital letters (ISO 3166-1 alpha-2).
    function _requireCountry(bytes2 country) internal pure {
        if (!isCountry(country)) revert CountryInvalid(country);
    }

    /// @dev A validity that has not ended.
    function _requireValidity(uint40 validFrom, uint40 validUntil) internal view {
        if (validUntil <= validFrom || validUntil <= block.timestamp) revert ValidityInvalid(validFrom, validUntil);
    }

    /// @dev A validity that would begin in the past begins now.
    function _notInPast(uint40 validFrom) internal view returns (uint40) {
        return validFrom < block.timestamp ? uint40(block.timestamp) : validFrom;
    }

    /// @dev Nothing is suspect from a time to come.
    function _requireNotInFuture(uint40 suspectSince) internal view {
        if (suspectSince > block.timestamp) revert SuspicionInFuture(suspectSince, block.timestamp);
    }

    /// @dev The address was never given to a member or a key, and may be.
    function _requireFree(address account) internal view {
        if (account == address(0)) revert AddressZero();
        if (_keys[account].number() != 0 || account == recoveryKey) revert AddressTaken(account);
    }

    /// @dev The key may be given, and has itself signed that it will speak for the member: nobody takes another's address.
    function _requireConsent(address member, address key, bytes32 r, bytes32 vs) internal view {
        _requireFree(key);
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(TypedData.consentDigest(member, key), r, vs);
        if (problem != ECDSA.RecoverError.NoError || signer != key) revert ConsentInvalid(member, key);
    }

    /// @dev The sender governs the keys of the member: as itself, or as its authority.
    function _requireGoverns(uint32 member) private view {
        uint32 sender = _requireGovernKey();
        if (sender == member) return;
        if (_records[sender].roles & bit(Role.AUTHORITY) == 0) revert NotKeyOwner(sender, member);
        _requireJurisdiction(sender, member);
    }

    /// @dev The profile fits an event.
    function _requireProfile(string memory profile) private pure {
        uint256 length = bytes(profile).length;
        if (length > MAX_PROFILE_BYTES) revert ProfileTooLong(length, MAX_PROFILE_BYTES);
    }

    /// @dev The number of the member whose own address this is, or 0.
    function _numberOf(address account) private view returns (uint32) {
        Key key = _keys[account];
        return key.isOwnAddress() ? key.number() : 0;
    }

    /// @dev By what a statement of this key is judged now.
    function _standingOfKey(address key) private view returns (Standing) {
        Key kept = _keyAt(key);
        if (kept.number() == 0) return UNKNOWN;
        Record storage record = _records[kept.number()];
        uint8 problem = _problemOf(record.status);
        uint40 limit = 0;
        if (block.timestamp < kept.validFrom()) {
            (problem, limit) = (Problem.NOT_YET_VALID, kept.validFrom());
        } else if (block.timestamp >= kept.validUntil()) {
            (problem, limit) = (Problem.EXPIRED, kept.validUntil());
        }
        return kept.standing(problem, record.country, record.roles, limit);
    }

    /// @dev Keep the member's place with its own address too, where it is named by.
    function _keepPlace(uint32 member) private {
        Record storage record = _records[member];
        address account = record.account;
        _keys[account] = _keys[account].withPlace(_problemOf(record.status), record.country, record.roles);
    }

    /// @dev Why a member of this status cannot speak or be named, if so.
    function _problemOf(uint8 status) private pure returns (uint8) {
        if (status == Status.SUSPENDED) return Problem.SUSPENDED;
        if (status == Status.DISMISSED) return Problem.DISMISSED;
        return Problem.NONE;
    }
}
