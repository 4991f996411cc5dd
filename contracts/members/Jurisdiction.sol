// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "../interfaces/IMembers.sol";
import {ASSIGNABLE_ROLES, Status} from "../types/Vocabulary.sol";
import {Register} from "./Register.sol";

/// @title What an authority does in its own country
/// @notice Admission, suspension and dismissal of members, their roles, and AEO status with its recognition.
abstract contract Jurisdiction is Register {
    /// @dev An AEO grant: granting country 16 | valid from 40 | valid until 40.
    struct Aeo {
        bytes2 grantor;
        uint40 validFrom;
        uint40 validUntil;
    }

    mapping(uint32 member => Aeo) private _aeo;
    mapping(bytes2 grantor => mapping(bytes2 recogniser => bool)) private _recognised;

    /// @inheritdoc IMembers
    function admit(
        address account,
        uint16 roles,
        bytes32 encryptionKey,
        bytes32 checkpointKey,
        string calldata profile,
        bytes32 r,
        bytes32 vs
    ) external returns (uint32 member) {
        bytes2 country = _records[_requireAuthority()].country;
        _requireRoles(roles);
        return _admit(Founder(account, country, encryptionKey, checkpointKey, profile, r, vs), roles, 0, msg.sender);
    }

    /// @inheritdoc IMembers
    function suspend(address account) external {
        uint32 member = _requireSubject(account);
        _move(member, Status.ACTIVE, Status.SUSPENDED);
        emit MemberSuspended(member, msg.sender);
    }

    /// @inheritdoc IMembers
    function reinstate(address account) external {
        uint32 member = _requireSubject(account);
        _move(member, Status.SUSPENDED, Status.ACTIVE);
        emit MemberReinstated(member, msg.sender);
    }

    /// @inheritdoc IMembers
    function dismiss(address account) external {
        uint32 member = _requireSubject(account);
        _requireNotDismissed(member);
        _setStatus(member, Status.DISMISSED);
        emit MemberDismissed(member, msg.sender);
    }

    /// @inheritdoc IMembers
    function setRoles(address account, uint16 roles) external {
        uint32 member = _requireSubject(account);
        _requireNotDismissed(member);
        _requireRoles(roles);
        _setRoles(member, roles);
        emit RolesSet(member, roles, msg.sender);
    }

    /// @inheritdoc IMembers
    function grantAeo(address account, uint40 validFrom, uint40 validUntil) external {
        uint32 member = _requireSubject(account);
        _requireNotDismissed(member);
        validFrom = _notInPast(validFrom);
        _requireValidity(validFrom, validUntil);
        bytes2 grantor = _records[member].country;
        _aeo[member] = Aeo(grantor, validFrom, validUntil);
        emit AeoGranted(member, grantor, validFrom, validUntil, msg.sender);
    }

    /// @inheritdoc IMembers
    function withdrawAeo(address account) external {
        uint32 member = _requireSubject(account);
        Aeo storage aeo = _aeo[member];
        if (block.timestamp >= aeo.validUntil) revert AeoNotGranted(member);
        aeo.validUntil = uint40(block.timestamp);
        emit AeoWithdrawn(member, aeo.grantor, msg.sender);
    }

    /// @inheritdoc IMembers
    function recogniseAeo(bytes2 grantor) external {
        bytes2 recogniser = _setRecognition(grantor, true);
        emit AeoRecognised(grantor, recogniser, msg.sender);
    }

    /// @inheritdoc IMembers
    function withdrawRecognition(bytes2 grantor) external {
        bytes2 recogniser = _setRecognition(grantor, false);
        emit AeoRecognitionWithdrawn(grantor, recogniser, msg.sender);
    }

    /// @inheritdoc IMembers
    function aeoStatus(address account, bytes2 country) external view returns (AeoStatus memory) {
        uint32 member = _requireMember(account);
        Aeo memory aeo = _aeo[member];
        return AeoStatus({
            valid: _records[member].status == Status.ACTIVE && aeo.validFrom <= block.timestamp
                && block.timestamp < aeo.validUntil,
            recognised: aeo.grantor != 0 && (aeo.grantor == country || _recognised[aeo.grantor][country]),
            grantedBy: aeo.grantor,
            validFrom: aeo.validFrom,
            validUntil: aeo.validUntil
        });
    }

    /// @dev The member that the sender's authority decides on.
    function _requireSubject(address account) private view returns (uint32 member) {
        uint32 authority = _requireAuthority();
        member = _requireMember(account);
        _requireJurisdiction(authority, member);
    }

    /// @dev There is at least one role, and none that only authorities have.
    function _requireRoles(uint16 roles) private pure {
        if (roles == 0 || roles & ~ASSIGNABLE_ROLES != 0) revert RolesInvalid(roles);
    }

    /// @dev The member was not dismissed: that is for ever.
    function _requireNotDismissed(uint32 member) private view {
        if (_records[member].status == Status.DISMISSED) revert StatusForbids(member, Status.DISMISSED);
    }

    /// @dev Change the status of a member that has the one expected.
    function _move(uint32 member, uint8 from, uint8 to) private {
        uint8 status = _records[member].status;
        if (status != from) revert StatusForbids(member, status);
        _setStatus(member, to);
    }

    /// @dev Let the sender's country recognise the AEO of another, or no longer.
    function _setRecognition(bytes2 grantor, bool recognised) private returns (bytes2 recogniser) {
        recogniser = _records[_requireAuthority()].country;
        _requireCountry(grantor);
        if (grantor == recogniser || _recognised[grantor][recogniser] == recognised) {
            revert RecognitionUnchanged(grantor, recogniser);
        }
        _recognised[grantor][recogniser] = recognised;
    }
}
