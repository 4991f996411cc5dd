// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Key} from "../types/Key.sol";
import {Standing} from "../types/Standing.sol";
import {Status} from "../types/Vocabulary.sol";
import {IStandingErrors} from "./IStandingErrors.sol";

/// @title The register of the consortium's members
/// @notice Who is a member, in which country and roles, with which keys; and how the authorities govern, k of n.
///
/// Invariants:
/// - Of n active authorities, no two share a country; 2 <= k <= n - 1 for n >= 3, and k = 2 with a recovery key for n = 2:
///   no authority governs alone, and the loss of one stops nothing.
/// - A member number, a member's address, a key's address and an authority's seat are given once and never again.
/// - No address becomes a member's or a key's that has not itself signed that it will.
/// - A key speaks for one member for ever; it is valid from its first second to the one before its last.
/// - An authority governs the members of its own country alone, and no other authority.
/// - A proposal is carried out at most once, and none that was made before the last one carried out ever is.
interface IMembers is IStandingErrors {
    /// @notice What a new authority brings.
    /// @param account Its address, by which it is known; also its first key.
    /// @param country The country it governs (ISO 3166-1 alpha-2).
    /// @param encryptionKey Its X25519 public key, to which others encrypt what they hand it.
    /// @param checkpointKey Its Ed25519 public key, with which it signs its log's checkpoints.
    /// @param profile Name, GLN and the like, at most 1,023 bytes; kept in the event only.
    /// @param r The first word of its consent: its own signature (EIP-2098) of KeyConsent(account, account).
    /// @param vs The second.
    struct Founder {
        address account;
        bytes2 country;
        bytes32 encryptionKey;
        bytes32 checkpointKey;
        string profile;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice A member, as it stands now.
    /// @param number Its short number, from 1; 0 where there is no such member.
    /// @param account Its address.
    /// @param country The country it belongs to.
    /// @param roles The roles it holds, the bit 1 << role each.
    /// @param status Where it stands.
    /// @param encryptionKey Its X25519 public key.
    /// @param checkpointKey Its Ed25519 public key.
    struct Member {
        uint32 number;
        address account;
        bytes2 country;
        uint16 roles;
        uint8 status;
        bytes32 encryptionKey;
        bytes32 checkpointKey;
    }

    /// @notice A key, as it stands now.
    /// @param member The number of the member it speaks for; 0 where there is no such key.
    /// @param scopes What it may do, a bit each: govern 1, milestones 2, checkpoints 4, automation 8.
    /// @param isOwnAddress Whether it is the member's own address.
    /// @param milestones The milestones it may sign, the bit 1 << milestone each.
    /// @param validFrom The second from which it is valid.
    /// @param validUntil The second from which it is valid no more.
    struct KeyRecord {
        uint32 member;
        uint8 scopes;
        bool isOwnAddress;
        uint64 milestones;
        uint40 validFrom;
        uint40 validUntil;
    }

    /// @notice What the authorities may decide together.
    enum ProposalKind {
        None,
        Addition,
        Removal,
        Threshold,
        KeyReplacement
    }

    /// @notice Where a proposal stands.
    enum ProposalStatus {
        None,
        Open,
        Executed,
        Expired,
        Void
    }

    /// @notice A proposal, as it stands now.
    /// @param kind What it would do.
    /// @param status Where it stands.
    /// @param proposer The number of the authority that made it.
    /// @param expiresAt The second from which it can no longer be approved.
    /// @param approvals How many approvals count now.
    /// @param required How many it needs.
    /// @param content What exactly, ABI-encoded: (Founder, threshold), (member, threshold), (threshold) or
    /// (member, retired, suspectSince, added, reference).
    struct Proposal {
        ProposalKind kind;
        ProposalStatus status;
        uint32 proposer;
        uint40 expiresAt;
        uint256 approvals;
        uint256 required;
        bytes content;
    }

    /// @notice Whether a member's AEO status counts in a country now.
    /// @param valid Whether it is granted, within its validity, to an active member.
    /// @param recognised Whether the country recognises the grantor's grants (a grantor recognises its own).
    /// @param grantedBy The country of the authority that granted it; zero where none did.
    /// @param validFrom The second from which the grant is valid.
    /// @param validUntil The second from which it is valid no more.
    struct AeoStatus {
        bool valid;
        bool recognised;
        bytes2 grantedBy;
        uint40 validFrom;
        uint40 validUntil;
    }

    // Errors: the sender

    /// @notice The key may not govern.
    error KeyMayNotGovern(address key);

    /// @notice The sender's member is not an authority.
    error NotAuthority(uint32 member);

    /// @notice The member belongs to another country than the authority's.
    error OutsideCountry(uint32 member, bytes2 country, bytes2 jurisdiction);

    /// @notice An authority is not governed by another alone: its keys are its own, its seat the proposals'.
    error MemberIsAuthority(uint32 member);

    /// @notice The key is not the sender's member's to govern.
    error NotKeyOwner(uint32 member, uint32 owner);

    // Errors: members and keys

    /// @notice No member has this address.
    error MemberUnknown(address account);

    /// @notice The address is, or was, a member's or a key's, or is the recovery key.
    error AddressTaken(address account);

    /// @notice The zero address names nobody.
    error AddressZero();

    /// @notice The new key has not signed KeyConsent(member, key): that it will speak for the member with this address.
    error ConsentInvalid(address member, address key);

    /// @notice A country is two capital letters (ISO 3166-1 alpha-2).
    error CountryInvalid(bytes2 country);

    /// @notice The country has an authority already.
    error CountryGoverned(bytes2 country, uint32 authority);

    /// @notice At least one role, of those that may be assigned.
    error RolesInvalid(uint16 roles);

    /// @notice Where the member stands does not allow this.
    error StatusForbids(uint32 member, uint8 status);

    /// @notice A member has an encryption key.
    error EncryptionKeyMissing();

    /// @notice A member has a checkpoint key.
    error CheckpointKeyMissing();

    /// @notice The profile is longer than `maximum` bytes.
    error ProfileTooLong(uint256 length, uint256 maximum);

    /// @notice At least one scope, of those that exist.
    error ScopesInvalid(uint8 scopes);

    /// @notice The milestones exist, and are named exactly where the scope of milestones is.
    error MilestonesInvalid(uint64 milestones);

    /// @notice The validity ends before it begins, or has ended.
    error ValidityInvalid(uint40 validFrom, uint40 validUntil);

    /// @notice The time since when a key is suspect lies after the block's.
    error SuspicionInFuture(uint40 suspectSince, uint256 blockTime);

    // Errors: AEO

    /// @notice The member has no AEO status to withdraw.
    error AeoNotGranted(uint32 member);

    /// @notice The recognition is as it would be already, or is a country's own.
    error RecognitionUnchanged(bytes2 grantor, bytes2 recogniser);

    // Errors: governance

    /// @notice The threshold does not suit the number of authorities.
    error ThresholdInvalid(uint8 threshold, uint256 authorities);

    /// @notice A consortium has at least two authorities.
    error TooFewAuthorities(uint256 authorities);

    /// @notice Two authorities need a recovery key, fixed at founding.
    error RecoveryKeyMissing();

    /// @notice All 256 seats have been given.
    error SeatsExhausted();

    /// @notice There is no such proposal.
    error ProposalUnknown(uint32 proposal);

    /// @notice The proposal was carried out.
    error ProposalAlreadyExecuted(uint32 proposal);

    /// @notice The proposal expired at `expiresAt`.
    error ProposalExpired(uint32 proposal, uint40 expiresAt);

    /// @notice Another proposal was carried out since this one was made.
    error ProposalVoid(uint32 proposal);

    /// @notice The authority (0: the recovery key) has approved already.
    error ApprovalRepeated(uint32 proposal, uint32 authority);

    /// @notice The authority (0: the recovery key) has not approved.
    error ApprovalMissing(uint32 proposal, uint32 authority);

    /// @notice An authority does not decide on the replacement of its own key.
    error SubjectCannotApprove(uint32 proposal, uint32 authority);

    /// @notice The recovery key approves only the replacement of a key, and only while there are two authorities.
    error RecoveryKeyNotEntitled(uint32 proposal);

    // Events

    /// @notice The consortium was founded.
    event Founded(address recoveryKey, address predecessor, uint8 threshold);

    /// @notice A member was admitted; `by` is the key of the authority that did, or zero where the authorities did together.
    event MemberAdmitted(
        uint32 indexed member,
        address indexed account,
        bytes2 indexed country,
        uint16 roles,
        bytes32 encryptionKey,
        bytes32 checkpointKey,
        string profile,
        address by
    );

    /// @notice A member was suspended.
    event MemberSuspended(uint32 indexed member, address by);

    /// @notice A suspended member was reinstated.
    event MemberReinstated(uint32 indexed member, address by);

    /// @notice A member was dismissed for good; `by` is zero where the authorities removed one of theirs.
    event MemberDismissed(uint32 indexed member, address by);

    /// @notice A member's roles were set.
    event RolesSet(uint32 indexed member, uint16 roles, address by);

    /// @notice A member replaced its encryption key.
    event EncryptionKeyReplaced(uint32 indexed member, bytes32 encryptionKey, address by);

    /// @notice A member replaced its checkpoint key.
    event CheckpointKeyReplaced(uint32 indexed member, bytes32 checkpointKey, address by);

    /// @notice A member replaced its profile.
    event ProfileReplaced(uint32 indexed member, string profile, address by);

    /// @notice A key was added; `ref` is a hash that says which officer or machine has it.
    event KeyAdded(
        uint32 indexed member,
        address indexed key,
        uint8 scopes,
        uint64 milestones,
        uint40 validFrom,
        uint40 validUntil,
        bytes32 ref,
        address by
    );

    /// @notice A key was retired from this block on, unless it had ended before; where `suspectSince` is not zero, it is
    /// doubted from then on. `by` is zero where the authorities did it together.
    event KeyRetired(uint32 indexed member, address indexed key, uint40 suspectSince, address by);

    /// @notice The authorities retired, from this event on, all keys that the member had and that had not ended before;
    /// where `suspectSince` is not zero, they are doubted from then on.
    event AllKeysRetired(uint32 indexed member, uint40 suspectSince);

    /// @notice An authority granted a member AEO status.
    event AeoGranted(uint32 indexed member, bytes2 indexed grantor, uint40 validFrom, uint40 validUntil, address by);

    /// @notice An authority withdrew a member's AEO status.
    event AeoWithdrawn(uint32 indexed member, bytes2 indexed grantor, address by);

    /// @notice The authority of `recogniser` recognises the AEO grants of `grantor`.
    event AeoRecognised(bytes2 indexed grantor, bytes2 indexed recogniser, address by);

    /// @notice The authority of `recogniser` recognises the AEO grants of `grantor` no more.
    event AeoRecognitionWithdrawn(bytes2 indexed grantor, bytes2 indexed recogniser, address by);

    /// @notice An authority took its seat.
    event AuthorityAdded(uint32 indexed member, bytes2 indexed country, uint8 seat, uint8 threshold);

    /// @notice An authority lost its seat.
    event AuthorityRemoved(uint32 indexed member, bytes2 indexed country, uint8 seat, uint8 threshold);

    /// @notice The authorities changed how many of them decide.
    event ThresholdChanged(uint8 threshold);

    /// @notice An authority made a proposal, which counts as its approval.
    event ProposalMade(
        uint32 indexed proposal, ProposalKind indexed kind, uint32 indexed proposer, uint40 expiresAt, bytes content
    );

    /// @notice An authority (0: the recovery key) approved a proposal.
    event ProposalApproved(uint32 indexed proposal, uint32 indexed authority, address by);

    /// @notice An authority (0: the recovery key) took its approval back.
    event ApprovalWithdrawn(uint32 indexed proposal, uint32 indexed authority, address by);

    /// @notice A proposal reached its threshold and was carried out; all others are void.
    event ProposalExecuted(uint32 indexed proposal);

    // What a member does

    /// @notice Add a key to the sender's own member, or to a member of the sender's jurisdiction.
    /// @param account The member's address.
    /// @param key The new key's address: never a member's or a key's before.
    /// @param scopes What it may do, a bit each.
    /// @param milestones What it may sign, the bit 1 << milestone each: some with the scope of milestones, else none.
    /// @param validFrom The second from which it is valid; the block's where it lies before that.
    /// @param validUntil The second from which it is valid no more.
    /// @param ref A hash that says which officer or machine has it.
    /// @param r The first word of its consent: its own signature (EIP-2098) of KeyConsent(account, key).
    /// @param vs The second.
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
    ) external;

    /// @notice Retire a key of the sender's own member, or of a member of the sender's jurisdiction, at once.
    /// WARNING: what it signed before stays valid; a key is never added again. A key that has ended can be named suspect.
    /// @param key The key's address.
    /// @param suspectSince Since when it may have been in other hands, not after the block's time; 0: it was not.
    function retireKey(address key, uint40 suspectSince) external;

    /// @notice Replace the encryption key of the sender's member.
    /// @param encryptionKey The new X25519 public key.
    function replaceEncryptionKey(bytes32 encryptionKey) external;

    /// @notice Replace the checkpoint key of the sender's member.
    /// @param checkpointKey The new Ed25519 public key.
    function replaceCheckpointKey(bytes32 checkpointKey) external;

    /// @notice Replace the profile of the sender's member.
    /// @param profile The new profile, at most 1,023 bytes.
    function replaceProfile(string calldata profile) external;

    // What an authority does

    /// @notice Admit a member of the sender's country.
    /// @param account Its address, which is also its first key, with every scope but automation.
    /// @param roles The roles it holds, the bit 1 << role each.
    /// @param encryptionKey Its X25519 public key.
    /// @param checkpointKey Its Ed25519 public key.
    /// @param profile Name, GLN, AEO number and the like, at most 1,023 bytes.
    /// @param r The first word of its consent: its own signature (EIP-2098) of KeyConsent(account, account).
    /// @param vs The second.
    /// @return member Its number.
    function admit(
        address account,
        uint16 roles,
        bytes32 encryptionKey,
        bytes32 checkpointKey,
        string calldata profile,
        bytes32 r,
        bytes32 vs
    ) external returns (uint32 member);

    /// @notice Suspend an active member of the sender's country.
    /// @param account The member's address.
    function suspend(address account) external;

    /// @notice Reinstate a suspended member of the sender's country.
    /// @param account The member's address.
    function reinstate(address account) external;

    /// @notice Dismiss a member of the sender's country for good.
    /// @param account The member's address.
    function dismiss(address account) external;

    /// @notice Set the roles of a member of the sender's country.
    /// @param account The member's address.
    /// @param roles The roles it holds from now on, the bit 1 << role each.
    function setRoles(address account, uint16 roles) external;

    /// @notice Grant, or renew, AEO status to a member of the sender's country.
    /// @param account The member's address.
    /// @param validFrom The second from which it is valid; the block's where it lies before that.
    /// @param validUntil The second from which it is valid no more.
    function grantAeo(address account, uint40 validFrom, uint40 validUntil) external;

    /// @notice Withdraw the AEO status of a member of the sender's country.
    /// @param account The member's address.
    function withdrawAeo(address account) external;

    /// @notice Recognise the AEO grants of another country's authority: one-sided, and until withdrawn.
    /// @param grantor The other country.
    function recogniseAeo(bytes2 grantor) external;

    /// @notice Recognise the AEO grants of another country's authority no more.
    /// @param grantor The other country.
    function withdrawRecognition(bytes2 grantor) external;

    // What the authorities do together

    /// @notice Propose to add an authority.
    /// @param founder What it brings.
    /// @param newThreshold How many authorities decide from then on.
    /// @return proposal The proposal's number.
    function proposeAddition(Founder calldata founder, uint8 newThreshold) external returns (uint32 proposal);

    /// @notice Propose to remove an authority. Its members stay, for a later authority of the country to govern.
    /// @param account The authority's address.
    /// @param newThreshold How many authorities decide from then on.
    /// @return proposal The proposal's number.
    function proposeRemoval(address account, uint8 newThreshold) external returns (uint32 proposal);

    /// @notice Propose to change how many authorities decide.
    /// @param newThreshold How many, from then on.
    /// @return proposal The proposal's number.
    function proposeThreshold(uint8 newThreshold) external returns (uint32 proposal);

    /// @notice Propose to replace another authority's lost key, or all its keys: retire them, and add one that may govern.
    /// @param account The authority's address.
    /// @param retired The lost key, which stays as it ended where it has; zero: all keys that the authority has by then.
    /// @param suspectSince Since when it may have been in other hands; 0: it was not.
    /// @param added The new key.
    /// @param ref A hash that says which officer or machine has the new key.
    /// @param r The first word of its consent: its own signature (EIP-2098) of KeyConsent(account, added).
    /// @param vs The second.
    /// @return proposal The proposal's number.
    function proposeKeyReplacement(
        address account,
        address retired,
        uint40 suspectSince,
        address added,
        bytes32 ref,
        bytes32 r,
        bytes32 vs
    ) external returns (uint32 proposal);

    /// @notice Approve a proposal; the approval that reaches the threshold carries it out.
    /// @param proposal Its number.
    function approve(uint32 proposal) external;

    /// @notice Take an approval back.
    /// @param proposal The proposal's number.
    function withdrawApproval(uint32 proposal) external;

    // Views

    /// @notice How a key, and a member named by its own address, stand now: what a statement is judged by.
    /// @param key The key's address.
    /// @param counterparty A member's own address, or zero.
    /// @return signer The standing of the key and its member.
    /// @return named The standing of the counterparty; zero where the address is.
    function standings(address key, address counterparty) external view returns (Standing signer, Standing named);

    /// @notice The address of a member.
    /// @param member Its number.
    function addressOf(uint32 member) external view returns (address account);

    /// @notice A member by its address; its number is 0 where there is none.
    /// @param account The member's address.
    function memberOf(address account) external view returns (Member memory member);

    /// @notice A member by its number; its number is 0 where there is none.
    /// @param number The member's number.
    function memberAt(uint32 number) external view returns (Member memory member);

    /// @notice How many members were ever admitted; their numbers run from 1 to this.
    function memberCount() external view returns (uint32 count);

    /// @notice A key by its address; its member is 0 where there is none.
    /// @param key The key's address.
    function keyOf(address key) external view returns (KeyRecord memory record);

    /// @notice The key to which a member's parcels are encrypted.
    /// @param account The member's address.
    function encryptionKeyOf(address account) external view returns (bytes32 encryptionKey);

    /// @notice Whether a member's AEO status counts in a country now.
    /// @param account The member's address.
    /// @param country The country where it would count.
    function aeoStatus(address account, bytes2 country) external view returns (AeoStatus memory status);

    /// @notice The number of a country's authority, or 0.
    /// @param country The country.
    function authorityOf(bytes2 country) external view returns (uint32 member);

    /// @notice The addresses of the authorities, by seat.
    function authorities() external view returns (address[] memory accounts);

    /// @notice How many authorities there are (n).
    function authorityCount() external view returns (uint256 count);

    /// @notice How many of them decide (k).
    function threshold() external view returns (uint8 count);

    /// @notice How many proposals were ever made; their numbers run from 1 to this.
    function proposalCount() external view returns (uint32 count);

    /// @notice A proposal.
    /// @param proposal Its number.
    function proposalAt(uint32 proposal) external view returns (Proposal memory);

    /// @notice Whether an authority (0: the recovery key) has approved a proposal.
    /// @param proposal The proposal's number.
    /// @param authority The authority's number.
    function hasApproved(uint32 proposal, uint32 authority) external view returns (bool);

    /// @notice The key that helps to replace a lost one while there are two authorities; zero where there is none.
    function recoveryKey() external view returns (address);

    /// @notice The register that this one follows; zero where it is the first.
    function predecessor() external view returns (address);
}
