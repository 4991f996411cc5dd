// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IConsignments} from "./interfaces/IConsignments.sol";
import {IMembers} from "./interfaces/IMembers.sol";
import {Goods} from "./libraries/Goods.sol";
import {Lifecycle} from "./libraries/Lifecycle.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {Acceptance, packAcceptance, packTimes} from "./types/Acceptance.sol";
import {Act, Headless, Record} from "./types/Act.sol";
import {Course} from "./types/Course.sol";
import {Parties} from "./types/Parties.sol";
import {Standing} from "./types/Standing.sol";
import {Milestone, Problem, Role, SCOPE_AUTOMATION, SCOPE_MILESTONES, Side} from "./types/Vocabulary.sol";

/// @title Consignments, each a chain of signed statements
/// @notice Immutable and without owner. Anyone may carry a statement here: the signer counts, not the sender.
///
/// A statement is judged in this order: signature, signer, times, its place in the history, its fields, and then by its
/// row of docs/transitions.md (libraries/Lifecycle.sol).
contract Consignments is IConsignments {
    using Lifecycle for Act;
    using Goods for Act;

    /// @dev How far event time and signed time may lie after the block's: clocks differ a little.
    uint256 private constant CLOCK_TOLERANCE = 5 minutes;

    IMembers private immutable _members;

    /// @inheritdoc IConsignments
    address public immutable predecessor;

    mapping(bytes32 consignment => Record) private _records;

    /// @notice Founded beside a register, which it keeps asking.
    /// @param members_ The register by which members and keys are judged.
    /// @param predecessor_ The contract that this one follows; zero where it is the first.
    constructor(IMembers members_, address predecessor_) {
        _members = members_;
        predecessor = predecessor_;
    }

    /// @inheritdoc IConsignments
    function submit(Entry calldata entry) external {
        Act memory act;
        if (_accept(act, entry, domainSeparator())) return;
        bytes memory refusal = act.refusal;
        assembly ("memory-safe") {
            revert(add(refusal, 0x20), mload(refusal))
        }
    }

    /// @inheritdoc IConsignments
    function submitBatch(Entry[] calldata entries) external returns (uint256 accepted) {
        bytes32 domain = domainSeparator();
        for (uint256 i = 0; i < entries.length; ++i) {
            Act memory act;
            if (_accept(act, entries[i], domain)) ++accepted;
            else emit StatementSkipped(i, act.digest, act.refusal);
        }
    }

    /// @inheritdoc IConsignments
    function head(bytes32 id) external view returns (bytes32) {
        return _records[id].head;
    }

    /// @inheritdoc IConsignments
    function consignment(bytes32 id) external view returns (Consignment memory state) {
        Record storage record = _records[id];
        Course course = record.course;
        Parties parties = record.parties;
        state.head = record.head;
        state.position = course.position();
        state.phase = course.phase();
        state.location = course.location();
        state.destination = course.destination();
        state.exportCountry = course.exportCountry();
        state.importCountry = course.importCountry();
        state.exporter = parties.exporter();
        state.importer = parties.importer();
        state.holder = course.holder();
        state.offeredTo = course.offeredTo();
        state.seal = record.seal;
        state.departed = course.departed();
        state.openHolds = course.openHolds();
        state.transit = new Transit[](parties.transitCount());
        for (uint256 i = 0; i < state.transit.length; ++i) {
            state.transit[i] = Transit(parties.transit(i), course.hasPassed(i));
        }
        state.exportSide = _sideState(record, Side.EXPORT);
        state.importSide = _sideState(record, Side.IMPORT);
    }

    /// @inheritdoc IConsignments
    function holdStands(bytes32 id, bytes32 digest, uint32 member) external view returns (bool) {
        return _records[id].headless[digest][member] == Headless.HOLD_STANDS;
    }

    /// @inheritdoc IConsignments
    function isRecorded(bytes32 id, bytes32 digest, uint32 member) external view returns (bool) {
        return _records[id].headless[digest][member] != Headless.NONE;
    }

    /// @inheritdoc IConsignments
    function statementDigest(Statement calldata statement) public view returns (bytes32) {
        return TypedData.digest(statement, domainSeparator());
    }

    /// @inheritdoc IConsignments
    function domainSeparator() public view returns (bytes32) {
        return TypedData.domainSeparator(address(this));
    }

    /// @inheritdoc IConsignments
    function STATEMENT_TYPEHASH() external pure returns (bytes32) {
        return TypedData.STATEMENT_TYPEHASH;
    }

    /// @inheritdoc IConsignments
    function members() external view returns (address) {
        return address(_members);
    }

    /// @dev Accept a statement, or note the error that says why not and change nothing.
    function _accept(Act memory act, Entry calldata entry, bytes32 domain) private returns (bool) {
        Statement calldata statement = entry.statement;
        act.digest = TypedData.digest(statement, domain);
        Record storage record = _records[statement.consignment];
        bool accepted = _isSigned(act, entry) && _maySign(act, statement) && _isTimely(act, statement)
            && _isInPlace(act, record, statement) && act.takes(statement) && _judge(act, record, entry);
        if (!accepted) return false;

        if (Lifecycle.isHeadless(act.milestone)) _recordHeadless(act, record);
        if (act.milestone == Milestone.OBSERVED) _emitObservation(act, entry);
        else _recordMilestone(act, record, entry);
        return true;
    }

    /// @dev 1. A signature in its one valid form, and the key that made it.
    function _isSigned(Act memory act, Entry calldata entry) private pure returns (bool) {
        ECDSA.RecoverError problem;
        (act.key, problem,) = ECDSA.tryRecover(act.digest, entry.r, entry.vs);
        if (problem == ECDSA.RecoverError.NoError) return true;
        return act.refuse(SignatureMalformed.selector);
    }

    /// @dev 2. The key speaks for an active member, in a role that it holds, and this milestone is in its scope.
    function _maySign(Act memory act, Statement calldata statement) private view returns (bool) {
        act.milestone = statement.milestone;
        if (act.milestone == Milestone.NONE || act.milestone > Milestone.LAST) {
            return act.refuse(MilestoneUnknown.selector, act.milestone);
        }
        (act.signer, act.counterparty) = _members.standings(act.key, statement.counterparty);
        uint8 problem = act.signer.problem();
        if (problem != Problem.NONE) return _refuseStanding(act, problem);
        act.role = statement.role;
        if (!act.signer.holds(act.role)) {
            return act.refuse(RoleNotHeld.selector, act.signer.number(), act.role);
        }
        return _isInScope(act);
    }

    /// @dev Note why a key with this problem cannot speak now.
    function _refuseStanding(Act memory act, uint8 problem) private pure returns (bool) {
        uint160 key = uint160(act.key);
        uint32 member = act.signer.number();
        if (problem == Problem.NOT_YET_VALID) return act.refuse(KeyNotYetValid.selector, key, act.signer.limit());
        if (problem == Problem.EXPIRED) return act.refuse(KeyExpired.selector, key, act.signer.limit());
        if (problem == Problem.SUSPENDED) return act.refuse(MemberIsSuspended.selector, member);
        if (problem == Problem.DISMISSED) return act.refuse(MemberIsDismissed.selector, member);
        return act.refuse(KeyUnknown.selector, key);
    }

    /// @dev By the scope of milestones, or by that of automation, which the row then holds to green.
    function _isInScope(Act memory act) private pure returns (bool) {
        uint8 scopes = act.signer.scopes();
        bool isListed = act.signer.milestones() & (uint256(1) << act.milestone) != 0;
        if (scopes & SCOPE_MILESTONES != 0 && isListed) return true;
        bool isAutomatable = act.milestone == Milestone.ASSESSED || act.milestone == Milestone.RELEASED;
        act.isAutomatic = scopes & SCOPE_AUTOMATION != 0 && isAutomatable;
        return act.isAutomatic || act.refuse(KeyOutOfScope.selector, uint160(act.key), act.milestone);
    }

    /// @dev 3. Not from the future, and not after its last valid time.
    function _isTimely(Act memory act, Statement calldata statement) private view returns (bool) {
        (uint64 eventTime, uint64 signedTime, uint64 validUntil) =
            (statement.eventTime, statement.signedTime, statement.validUntil);
        uint256 latest = block.timestamp + CLOCK_TOLERANCE;
        if (eventTime > latest) return act.refuse(EventInFuture.selector, eventTime, block.timestamp);
        if (signedTime > latest) return act.refuse(SignedInFuture.selector, signedTime, block.timestamp);
        if (validUntil < block.timestamp) return act.refuse(StatementExpired.selector, validUntil, block.timestamp);
        act.times = packTimes(eventTime, signedTime, validUntil);
        return true;
    }

    /// @dev 4. A registration begins a history, a headless statement is new to it, any other builds on its head.
    function _isInPlace(
        Act memory act,
        Record storage record,
        Statement calldata statement
    ) private view returns (bool) {
        bytes32 current = record.head;
        act.head = current;
        if (act.milestone == Milestone.REGISTERED) {
            if (current != 0) {
                return act.refuse(ConsignmentExists.selector, statement.consignment);
            }
        } else if (current == 0) {
            return act.refuse(ConsignmentUnknown.selector, statement.consignment);
        }
        if (Lifecycle.isHeadless(act.milestone)) {
            if (statement.previousHead != 0) {
                return act.refuse(PreviousHeadUnexpected.selector, statement.previousHead);
            }
            if (record.headless[act.digest][act.signer.number()] == Headless.NONE) return true;
            return act.refuse(AlreadyRecorded.selector, act.digest);
        }
        if (statement.previousHead == current) return true;
        return act.refuse(StaleHead.selector, current, statement.previousHead);
    }

    /// @dev 5. The row of the milestone.
    function _judge(Act memory act, Record storage record, Entry calldata entry) private returns (bool) {
        if (act.milestone == Milestone.REGISTERED) {
            address exporter = _members.addressOf(act.signer.number());
            return act.registered(record, entry.statement, exporter);
        }
        act.course = record.course;
        return act.judge(record, entry);
    }

    /// @dev A headless statement of this member is accepted once.
    function _recordHeadless(Act memory act, Record storage record) private {
        record.headless[act.digest][act.signer.number()] =
            act.milestone == Milestone.HELD ? Headless.HOLD_STANDS : Headless.RECORDED;
    }

    /// @dev Keep the new head and course, and tell of them.
    function _recordMilestone(Act memory act, Record storage record, Entry calldata entry) private {
        Statement calldata statement = entry.statement;
        Course course = act.course.withNextPosition();
        record.head = TypedData.nextHead(act.head, act.digest, act.key);
        record.course = course;
        emit StatementAccepted(
            statement.consignment,
            statement.commitment,
            _acceptance(act),
            act.times.withPosition(course.position()),
            act.head,
            statement.counterparty,
            statement.terms,
            statement.detail,
            entry.r,
            entry.vs
        );
    }

    /// @dev Tell of an observation, which is kept nowhere else.
    function _emitObservation(Act memory act, Entry calldata entry) private {
        Statement calldata statement = entry.statement;
        emit ObservationRecorded(
            statement.consignment,
            statement.commitment,
            _acceptance(act),
            act.times,
            statement.detail,
            entry.r,
            entry.vs
        );
    }

    /// @dev Who stated what, in one word of the event.
    function _acceptance(Act memory act) private pure returns (Acceptance) {
        Standing signer = act.signer;
        return packAcceptance(act.key, act.milestone, act.side, act.role, signer.country(), signer.number());
    }

    /// @dev One side as it stands, for a reader.
    function _sideState(Record storage record, uint8 side) private view returns (SideState memory) {
        Course course = record.course;
        return SideState({
            clearance: course.clearance(side),
            declarant: record.parties.declarant(side),
            assessment: record.assessment[side],
            channel: course.channel(side),
            inspection: course.inspection(side),
            documentsPending: course.documentsPending(side),
            dutiesMet: course.dutiesMet(side),
            stopped: course.stopped(side)
        });
    }
}
