// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "../interfaces/IMembers.sol";
import {Role, SCOPE_GOVERN, Status, bit} from "../types/Vocabulary.sol";
import {Register} from "./Register.sol";

/// @title What the authorities decide together
/// @notice Seats, the threshold k of n, and proposals. An approval is a bit at the authority's seat; it counts while the
/// seat is taken, and seats are never given again.
abstract contract Council is Register {
    uint256 private constant MAX_SEATS = 256;
    uint40 private constant PROPOSAL_LIFETIME = 30 days;

    /// @dev A proposal. First slot: kind 8 | executed 8 | recovery approved 8 | proposer 32 | subject 32 | expires 40 |
    /// epoch 32.
    struct Draft {
        ProposalKind kind;
        bool executed;
        bool recoveryApproved;
        uint32 proposer;
        uint32 subject;
        uint40 expiresAt;
        uint32 epoch;
        uint256 approvals;
        bytes content;
    }

    /// @dev The authority of each seat ever given, and which seats are taken.
    uint32[] private _seats;
    uint256 private _taken;

    /// @inheritdoc IMembers
    uint8 public threshold;

    /// @dev How many proposals were carried out: one made in an earlier epoch is void.
    uint32 private _epoch;

    /// @inheritdoc IMembers
    uint32 public proposalCount;
    mapping(uint32 proposal => Draft) private _drafts;

    /// @inheritdoc IMembers
    function proposeAddition(Founder calldata founder, uint8 newThreshold) external returns (uint32) {
        uint32 proposer = _requireAuthority();
        _requireAddable(founder.country);
        _requireConsent(founder.account, founder.account, founder.r, founder.vs);
        _requireThreshold(newThreshold, authorityCount() + 1);
        return _propose(proposer, ProposalKind.Addition, 0, abi.encode(founder, newThreshold));
    }

    /// @inheritdoc IMembers
    function proposeRemoval(address account, uint8 newThreshold) external returns (uint32) {
        uint32 proposer = _requireAuthority();
        uint32 subject = _requireSeated(account);
        _requireThreshold(newThreshold, authorityCount() - 1);
        return _propose(proposer, ProposalKind.Removal, subject, abi.encode(subject, newThreshold));
    }

    /// @inheritdoc IMembers
    function proposeThreshold(uint8 newThreshold) external returns (uint32) {
        uint32 proposer = _requireAuthority();
        _requireThreshold(newThreshold, authorityCount());
        return _propose(proposer, ProposalKind.Threshold, 0, abi.encode(newThreshold));
    }

    /// @inheritdoc IMembers
    function proposeKeyReplacement(
        address account,
        address retired,
        uint40 suspectSince,
        address added,
        bytes32 ref,
        bytes32 r,
        bytes32 vs
    ) external returns (uint32) {
        uint32 proposer = _requireAuthority();
        uint32 subject = _requireSeated(account);
        bool isOwned = retired == address(0) || _keys[retired].number() == subject;
        if (!isOwned) revert NotKeyOwner(subject, _keys[retired].number());
        _requireNotInFuture(suspectSince);
        _requireConsent(account, added, r, vs);
        bytes memory content = abi.encode(subject, retired, suspectSince, added, ref);
        return _propose(proposer, ProposalKind.KeyReplacement, subject, content);
    }

    /// @inheritdoc IMembers
    function approve(uint32 proposal) external {
        Draft storage draft = _requireOpen(proposal);
        if (msg.sender == recoveryKey) {
            _requireRecoveryEntitled(proposal, draft);
            if (draft.recoveryApproved) revert ApprovalRepeated(proposal, 0);
            draft.recoveryApproved = true;
            emit ProposalApproved(proposal, 0, msg.sender);
        } else {
            _approve(proposal, draft, _requireAuthority());
        }
        if (_approvals(draft) >= threshold) _execute(proposal, draft);
    }

    /// @inheritdoc IMembers
    function withdrawApproval(uint32 proposal) external {
        Draft storage draft = _requireOpen(proposal);
        if (msg.sender == recoveryKey) {
            if (!draft.recoveryApproved) revert ApprovalMissing(proposal, 0);
            draft.recoveryApproved = false;
            emit ApprovalWithdrawn(proposal, 0, msg.sender);
            return;
        }
        uint32 authority = _requireAuthority();
        uint256 approval = _seatBit(authority);
        if (draft.approvals & approval == 0) revert ApprovalMissing(proposal, authority);
        draft.approvals &= ~approval;
        emit ApprovalWithdrawn(proposal, authority, msg.sender);
    }

    /// @inheritdoc IMembers
    function authorityOf(bytes2 country) external view returns (uint32) {
        return _authorityOf[country];
    }

    /// @inheritdoc IMembers
    function authorities() external view returns (address[] memory accounts) {
        accounts = new address[](authorityCount());
        uint256 filled = 0;
        for (uint256 seat = 0; seat < _seats.length; ++seat) {
            if (_taken & (uint256(1) << seat) != 0) accounts[filled++] = _records[_seats[seat]].account;
        }
    }

    /// @inheritdoc IMembers
    function authorityCount() public view returns (uint256) {
        return _countBits(_taken);
    }

    /// @inheritdoc IMembers
    function proposalAt(uint32 proposal) external view returns (Proposal memory) {
        Draft storage draft = _drafts[proposal];
        return Proposal({
            kind: draft.kind,
            status: _statusOf(draft),
            proposer: draft.proposer,
            expiresAt: draft.expiresAt,
            approvals: _approvals(draft),
            required: threshold,
            content: draft.content
        });
    }

    /// @inheritdoc IMembers
    function hasApproved(uint32 proposal, uint32 authority) external view returns (bool) {
        Draft storage draft = _drafts[proposal];
        if (authority == 0) return draft.recoveryApproved;
        return _isSeated(authority) && draft.approvals & _seatBit(authority) != 0;
    }

    /// @dev Give a new authority the next seat.
    function _seat(Founder memory founder, address by) internal returns (uint32 member) {
        _requireAddable(founder.country);
        uint8 seat = uint8(_seats.length);
        member = _admit(founder, bit(Role.AUTHORITY), seat, by);
        _seats.push(member);
        _taken |= uint256(1) << seat;
        _authorityOf[founder.country] = member;
    }

    /// @dev Set how many authorities decide.
    function _setThreshold(uint8 newThreshold) internal {
        _requireThreshold(newThreshold, authorityCount());
        threshold = newThreshold;
    }

    /// @dev Put a proposal before the authorities; who proposes approves.
    function _propose(
        uint32 proposer,
        ProposalKind kind,
        uint32 subject,
        bytes memory content
    ) private returns (uint32 proposal) {
        proposal = ++proposalCount;
        Draft storage draft = _drafts[proposal];
        draft.kind = kind;
        draft.proposer = proposer;
        draft.subject = subject;
        draft.expiresAt = uint40(block.timestamp) + PROPOSAL_LIFETIME;
        draft.epoch = _epoch;
        draft.content = content;
        emit ProposalMade(proposal, kind, proposer, draft.expiresAt, content);
        _approve(proposal, draft, proposer);
    }

    /// @dev Count the approval of an authority, once; nobody approves keys of its own.
    function _approve(uint32 proposal, Draft storage draft, uint32 authority) private {
        if (draft.kind == ProposalKind.KeyReplacement && draft.subject == authority) {
            revert SubjectCannotApprove(proposal, authority);
        }
        uint256 approval = _seatBit(authority);
        if (draft.approvals & approval != 0) revert ApprovalRepeated(proposal, authority);
        draft.approvals |= approval;
        emit ProposalApproved(proposal, authority, msg.sender);
    }

    /// @dev Carry a proposal out. What it needs was checked when it was made, and is checked again where it is done.
    function _execute(uint32 proposal, Draft storage draft) private {
        draft.executed = true;
        ++_epoch;
        emit ProposalExecuted(proposal);
        if (draft.kind == ProposalKind.Addition) {
            (Founder memory founder, uint8 newThreshold) = abi.decode(draft.content, (Founder, uint8));
            _addAuthority(founder, newThreshold);
        } else if (draft.kind == ProposalKind.Removal) {
            (uint32 member, uint8 newThreshold) = abi.decode(draft.content, (uint32, uint8));
            _removeAuthority(member, newThreshold);
        } else if (draft.kind == ProposalKind.Threshold) {
            _setThreshold(abi.decode(draft.content, (uint8)));
            emit ThresholdChanged(threshold);
        } else {
            _replaceKey(draft.content);
        }
    }

    /// @dev Seat a new authority, and set how many decide from now on.
    function _addAuthority(Founder memory founder, uint8 newThreshold) private {
        uint32 member = _seat(founder, address(0));
        _setThreshold(newThreshold);
        emit AuthorityAdded(member, founder.country, _records[member].seat, newThreshold);
    }

    /// @dev Take the seat and country from an authority, and set how many decide from now on.
    function _removeAuthority(uint32 member, uint8 newThreshold) private {
        Record storage record = _records[member];
        _taken &= ~_seatBit(member);
        delete _authorityOf[record.country];
        _setStatus(member, Status.DISMISSED);
        _setThreshold(newThreshold);
        emit MemberDismissed(member, address(0));
        emit AuthorityRemoved(member, record.country, record.seat, newThreshold);
    }

    /// @dev End one key of an authority, or all where none is named, and give it a new one to govern by.
    function _replaceKey(bytes memory content) private {
        (uint32 member, address retired, uint40 suspectSince, address added, bytes32 ref) =
            abi.decode(content, (uint32, address, uint40, address, bytes32));
        if (retired == address(0)) {
            _retireAllKeys(member, suspectSince);
        } else if (suspectSince != 0 || block.timestamp < _keyAt(retired).validUntil()) {
            _retireKey(retired, suspectSince, address(0));
        }
        _addKey(member, added, SCOPE_GOVERN, 0, 0, FOREVER, ref, address(0));
    }

    /// @dev The proposal can still be approved.
    function _requireOpen(uint32 proposal) private view returns (Draft storage draft) {
        draft = _drafts[proposal];
        ProposalStatus status = _statusOf(draft);
        if (status == ProposalStatus.None) revert ProposalUnknown(proposal);
        if (status == ProposalStatus.Executed) revert ProposalAlreadyExecuted(proposal);
        if (status == ProposalStatus.Void) revert ProposalVoid(proposal);
        if (status == ProposalStatus.Expired) revert ProposalExpired(proposal, draft.expiresAt);
    }

    /// @dev The recovery key is heard only where two authorities replace a key.
    function _requireRecoveryEntitled(uint32 proposal, Draft storage draft) private view {
        if (draft.kind != ProposalKind.KeyReplacement || authorityCount() != 2) {
            revert RecoveryKeyNotEntitled(proposal);
        }
    }

    /// @dev The country has no authority, and a seat is free.
    function _requireAddable(bytes2 country) private view {
        _requireCountry(country);
        uint32 authority = _authorityOf[country];
        if (authority != 0) revert CountryGoverned(country, authority);
        if (_seats.length == MAX_SEATS) revert SeatsExhausted();
    }

    /// @dev The member with this own address is an authority with a seat.
    function _requireSeated(address account) private view returns (uint32 member) {
        member = _requireMember(account);
        if (!_isSeated(member)) revert NotAuthority(member);
    }

    /// @dev 2 <= k <= n - 1, or 2 of 2 with a recovery key.
    function _requireThreshold(uint8 newThreshold, uint256 count) private view {
        if (count < 2) revert TooFewAuthorities(count);
        if (count == 2 && recoveryKey == address(0)) revert RecoveryKeyMissing();
        uint256 most = count == 2 ? 2 : count - 1;
        if (newThreshold < 2 || newThreshold > most) revert ThresholdInvalid(newThreshold, count);
    }

    /// @dev What has become of a proposal by now.
    function _statusOf(Draft storage draft) private view returns (ProposalStatus) {
        if (draft.kind == ProposalKind.None) return ProposalStatus.None;
        if (draft.executed) return ProposalStatus.Executed;
        if (draft.epoch != _epoch) return ProposalStatus.Void;
        return block.timestamp < draft.expiresAt ? ProposalStatus.Open : ProposalStatus.Expired;
    }

    /// @dev The approvals that count: of the seats taken now, and of the recovery key, which is only ever let in where
    /// two authorities replace a key.
    function _approvals(Draft storage draft) private view returns (uint256) {
        return _countBits(draft.approvals & _taken) + (draft.recoveryApproved ? 1 : 0);
    }

    /// @dev Whether the member is an authority with a seat.
    function _isSeated(uint32 member) private view returns (bool) {
        Record storage record = _records[member];
        return record.roles & bit(Role.AUTHORITY) != 0 && record.status == Status.ACTIVE;
    }

    /// @dev The bit by which the approvals of an authority are kept.
    function _seatBit(uint32 authority) private view returns (uint256) {
        return uint256(1) << _records[authority].seat;
    }

    /// @dev How many bits of a word are set.
    function _countBits(uint256 word) private pure returns (uint256 count) {
        for (; word != 0; word &= word - 1) {
            ++count;
        }
    }
}
