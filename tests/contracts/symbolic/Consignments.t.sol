// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Course} from "contracts/types/Course.sol";
import {MAX_TRANSIT_COUNTRIES, Parties} from "contracts/types/Parties.sol";
import {Standing} from "contracts/types/Standing.sol";
import {Milestone, Phase, Problem, Role, SCOPE_MILESTONES, Side} from "contracts/types/Vocabulary.sol";
import {Symbolic} from "./Symbolic.sol";

/// @notice A register that says of every key and address what it was told to say: whatever a register may ever say.
contract AnyRegister {
    Standing private _signer;
    Standing private _named;
    address private _account;

    function say(Standing signer, Standing named, address account) external {
        (_signer, _named, _account) = (signer, named, account);
    }

    function standings(address, address) external view returns (Standing, Standing) {
        return (_signer, _named);
    }

    function addressOf(uint32) external view returns (address) {
        return _account;
    }
}

/// @notice The contract with arbitrary storage, and one statement put to it: any statement, of any signer, in any state.
abstract contract AnyConsignments is Symbolic {
    /// @notice Everything that a proof is about, but for what is stored.
    /// @param entry The statement.
    /// @param signer What the register says of the key that signed.
    /// @param named What it says of the member named.
    /// @param account The address of the signer's member.
    /// @param relayer Who carries the statement.
    struct Given {
        IConsignments.Entry entry;
        Standing signer;
        Standing named;
        address account;
        address relayer;
    }

    /// @notice What is kept of a consignment, in its words (docs/contracts.md).
    struct Kept {
        bytes32 head;
        Course course;
        Parties parties;
        bytes32 seal;
        bytes32 exportAssessment;
        bytes32 importAssessment;
    }

    AnyRegister private _register;
    IConsignments internal _consignments;

    function setUp() public {
        _register = new AnyRegister();
        _consignments = IConsignments(_deploy("Consignments.sol:Consignments", abi.encode(_register, address(0))));
        vm.setArbitraryStorage(address(_consignments));
    }

    /// @dev Tell the register what to say.
    function _tell(Given calldata given) internal {
        _register.say(given.signer, given.named, given.account);
    }

    /// @dev Put the statement to the contract; a refusal ends the proof for these values.
    function _submit(Given calldata given) internal {
        _tell(given);
        vm.prank(given.relayer);
        _consignments.submit(given.entry);
    }

    /// @dev Whether the contract accepts the statement.
    function _isAccepted(Given calldata given) internal returns (bool) {
        _tell(given);
        vm.prank(given.relayer);
        try _consignments.submit(given.entry) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev What is kept of the consignment that the statement is about, read word by word: the view that puts it
    /// together would multiply the ways to follow.
    function _kept(Given calldata given) internal view returns (Kept memory kept) {
        uint256 slot = uint256(keccak256(abi.encode(given.entry.statement.consignment, uint256(0))));
        kept.head = _word(slot);
        kept.course = Course.wrap(uint256(_word(slot + 1)));
        kept.parties = Parties.wrap(uint256(_word(slot + 2)));
        kept.seal = _word(slot + 3);
        kept.exportAssessment = _word(uint256(keccak256(abi.encode(Side.EXPORT, slot + 4))));
        kept.importAssessment = _word(uint256(keccak256(abi.encode(Side.IMPORT, slot + 4))));
    }

    /// @dev The key that signed.
    function _key(Given calldata given) internal view returns (address) {
        bytes32 s = given.entry.vs & bytes32(type(uint256).max >> 1);
        uint8 v = uint8(uint256(given.entry.vs) >> 255) + 27;
        return ecrecover(_consignments.statementDigest(given.entry.statement), v, given.entry.r, s);
    }

    function _isHeadless(uint8 milestone) internal pure returns (bool) {
        return milestone == Milestone.STOPPED || milestone == Milestone.HELD || milestone == Milestone.REFUSED
            || milestone == Milestone.OBSERVED;
    }

    function _word(uint256 slot) private view returns (bytes32) {
        return vm.load(address(_consignments), bytes32(slot));
    }
}

/// @notice How a history grows.
contract HistoryProofs is AnyConsignments {
    /// @notice The new head hashes the one before, the statement's digest and the key that signed it.
    /// @custom:guarantee head-is-the-history
    function check_TheHeadIsTheHashOfTheHistory(Given calldata given) public {
        vm.assume(given.entry.statement.milestone != Milestone.OBSERVED);
        bytes32 before = _kept(given).head;
        bytes32 digest = _consignments.statementDigest(given.entry.statement);
        _submit(given);
        assert(_kept(given).head == keccak256(abi.encode(before, digest, _key(given))));
    }

    /// @notice Two histories that differ in their past, their last statement or its key have different heads: keccak256
    /// gives two messages the same hash nowhere that anyone can find.
    /// @custom:guarantee head-is-the-history
    function check_DifferentHistoriesHaveDifferentHeads(
        bytes32 head,
        bytes32 digest,
        address key,
        bytes32 otherHead,
        bytes32 otherDigest,
        address otherKey
    ) public pure {
        vm.assume(head != otherHead || digest != otherDigest || key != otherKey);
        assert(keccak256(abi.encode(head, digest, key)) != keccak256(abi.encode(otherHead, otherDigest, otherKey)));
    }

    /// @notice A statement builds on the current head, or is headless; the position counts it.
    /// @custom:guarantee statements-in-order
    function check_AStatementBuildsOnTheCurrentHead(Given calldata given) public {
        IConsignments.Statement calldata statement = given.entry.statement;
        vm.assume(statement.milestone != Milestone.OBSERVED && statement.milestone != Milestone.REGISTERED);
        Kept memory before = _kept(given);
        _submit(given);
        assert(before.head != 0);
        assert(statement.previousHead == (_isHeadless(statement.milestone) ? bytes32(0) : before.head));
        assert(_kept(given).course.position() == before.course.position() + 1);
    }

    /// @notice A consignment is registered once, by a statement that builds on nothing.
    /// @custom:guarantee statements-in-order
    function check_AConsignmentIsRegisteredOnce(Given calldata given) public {
        vm.assume(given.entry.statement.milestone == Milestone.REGISTERED);
        bytes32 before = _kept(given).head;
        _submit(given);
        assert(before == 0 && given.entry.statement.previousHead == 0);
        assert(_kept(given).course.position() == 1);
    }

    /// @notice An observation leaves head, state and position as they are.
    /// @custom:guarantee observation-moves-nothing
    function check_AnObservationMovesNothing(Given calldata given) public {
        vm.assume(given.entry.statement.milestone == Milestone.OBSERVED);
        Kept memory before = _kept(given);
        _submit(given);
        assert(keccak256(abi.encode(_kept(given))) == keccak256(abi.encode(before)));
    }

    /// @notice A headless statement is accepted once of each member.
    /// @custom:guarantee statements-in-order
    function check_AHeadlessStatementCountsOnce(Given calldata given) public {
        vm.assume(_isHeadless(given.entry.statement.milestone));
        _submit(given);
        assert(!_isAccepted(given));
    }

    /// @notice After its last valid time a statement has no effect.
    /// @custom:guarantee late-has-no-effect
    function check_AnExpiredStatementHasNoEffect(Given calldata given) public {
        vm.assume(block.timestamp > given.entry.statement.validUntil);
        bytes32 before = svm.snapshotStorage(address(_consignments));
        assert(!_isAccepted(given));
        assert(svm.snapshotStorage(address(_consignments)) == before);
    }

    /// @notice What the register does not let speak adds nothing, whatever else it says of the key.
    /// @custom:guarantee retired-key-adds-nothing
    function check_AKeyThatMayNotSpeakAddsNothing(Given calldata given) public {
        vm.assume(given.signer.problem() != Problem.NONE);
        assert(!_isAccepted(given));
    }
}

/// @notice What becomes of the goods.
contract GoodsProofs is AnyConsignments {
    /// @notice Custody changes by an offer that was accepted, and there is always one holder.
    /// @custom:guarantee one-holder
    function check_AConsignmentHasOneHolder(Given calldata given) public {
        uint8 milestone = given.entry.statement.milestone;
        Kept memory before = _kept(given);
        vm.assume(given.signer.number() != 0);
        vm.assume(before.head == 0 || before.course.holder() != 0);
        _submit(given);
        uint32 holder = _kept(given).course.holder();
        assert(holder != 0);
        if (milestone == Milestone.REGISTERED) assert(holder == given.signer.number());
        else if (milestone != Milestone.HANDOVER_ACCEPTED) assert(holder == before.course.holder());
        else assert(holder == given.signer.number() && holder == before.course.offeredTo());
    }

    /// @notice While a hold stands the goods neither depart, nor are removed, delivered, cancelled or returned; those on
    /// their way arrive.
    /// @custom:guarantee held-does-not-move
    function check_HeldGoodsDoNotMove(Given calldata given) public {
        Course before = _kept(given).course;
        vm.assume(given.entry.statement.milestone != Milestone.REGISTERED && before.openHolds() != 0);
        _submit(given);
        Course later = _kept(given).course;
        bool arrived = before.phase() == Phase.MOVING && later.phase() == Phase.AT_REST;
        if (later.phase() == before.phase() || arrived) {
            assert(arrived || later.location() == before.location());
        } else {
            assert(
                later.phase() == Phase.DESTROYED || later.phase() == Phase.SEIZED || later.phase() == Phase.ABANDONED
            );
        }
    }

    /// @notice From a final state nothing leads away, and nothing in it changes but the history's length.
    /// @custom:guarantee final-is-final
    function check_AFinalStateIsFinal(Given calldata given) public {
        Kept memory before = _kept(given);
        vm.assume(before.head != 0 && before.course.phase() >= Phase.DELIVERED);
        _submit(given);
        Kept memory later = _kept(given);
        uint256 position = uint256(type(uint32).max) << 64;
        assert((Course.unwrap(later.course) | position) == (Course.unwrap(before.course) | position));
        assert(Parties.unwrap(later.parties) == Parties.unwrap(before.parties) && later.seal == before.seal);
    }
}

/// @notice What authorities can do, and what nobody can keep them from.
contract AuthorityProofs is AnyConsignments {
    /// @notice What an authority states concerns its country: the side's, the one where the goods are, or one concerned.
    /// A hold is lifted by who set it, which was concerned then and is for ever, since no country leaves the route; a hold
    /// of a member that was dismissed by the authority of that member's country.
    /// @custom:guarantee authority-in-its-country
    function check_AnAuthorityActsAtHome(Given calldata given) public {
        IConsignments.Statement calldata statement = given.entry.statement;
        vm.assume(statement.role == Role.AUTHORITY && statement.milestone != Milestone.OBSERVED);
        Kept memory before = _kept(given);
        bool isItsHold = _consignments.holdStands(statement.consignment, statement.terms, given.signer.number());
        _submit(given);
        bytes2 home = given.signer.country();
        if (statement.side != Side.NONE) {
            assert(home == before.course.countryOf(statement.side));
        } else if (statement.milestone == Milestone.SEALED || statement.milestone == Milestone.UNSEALED) {
            assert(home == before.course.location());
        } else if (statement.milestone == Milestone.TRANSIT_PASSED) {
            assert(home == bytes2(statement.terms));
        } else if (statement.milestone == Milestone.UNHELD) {
            assert(statement.counterparty == address(0) ? isItsHold : home == given.named.country());
        } else {
            assert(_isConcerned(before, home));
        }
    }

    /// @notice Whoever was concerned once is concerned for ever: no country leaves the route.
    /// @custom:guarantee parties-and-route-stay
    function long_NoCountryLeavesTheRoute(Given calldata given, uint256 index) public {
        vm.assume(index < MAX_TRANSIT_COUNTRIES);
        Kept memory before = _kept(given);
        vm.assume(before.head != 0);
        _submit(given);
        Kept memory later = _kept(given);
        assert(later.course.exportCountry() == before.course.exportCountry());
        assert(later.course.importCountry() == before.course.importCountry());
        bytes2 transit = before.parties.transit(index);
        assert(transit == 0 || later.parties.transit(index) == transit);
    }

    /// @notice Whatever others did before, a hold that an entitled authority sets is accepted.
    /// @custom:guarantee hold-is-never-kept-out
    function check_NothingKeepsAHoldOut(Given calldata given) public {
        IConsignments.Statement calldata statement = given.entry.statement;
        Kept memory before = _kept(given);
        vm.assume(statement.milestone == Milestone.HELD);
        vm.assume(statement.side == Side.NONE && statement.counterparty == address(0) && statement.terms == 0);
        vm.assume(statement.previousHead == 0);
        vm.assume(statement.eventTime <= block.timestamp && statement.signedTime <= block.timestamp);
        vm.assume(block.timestamp <= statement.validUntil && block.timestamp < type(uint64).max);
        vm.assume(
            uint256(given.entry.vs) << 1 >> 1 <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
        );
        vm.assume(_key(given) != address(0));
        vm.assume(statement.role == Role.AUTHORITY && given.signer.holds(Role.AUTHORITY));
        vm.assume(given.signer.problem() == Problem.NONE && given.signer.scopes() & SCOPE_MILESTONES != 0);
        vm.assume(given.signer.milestones() & (1 << Milestone.HELD) != 0);
        vm.assume(before.head != 0 && before.course.phase() < Phase.DELIVERED);
        vm.assume(before.course.openHolds() < type(uint32).max && before.course.position() < type(uint32).max);
        vm.assume(given.signer.country() == before.course.countryOf(Side.IMPORT));
        bytes32 digest = _consignments.statementDigest(statement);
        vm.assume(!_consignments.isRecorded(statement.consignment, digest, given.signer.number()));
        assert(_isAccepted(given));
        assert(_kept(given).course.openHolds() == before.course.openHolds() + 1);
    }

    function _isConcerned(Kept memory kept, bytes2 country) private pure returns (bool) {
        return country == kept.course.exportCountry() || country == kept.course.importCountry()
            || kept.parties.indexOf(country) < MAX_TRANSIT_COUNTRIES;
    }
}

/// @notice What a batch does with a statement that is refused.
contract BatchProofs is AnyConsignments {
    /// @notice A statement that a batch skips has no effect at all.
    /// @custom:guarantee skipped-has-no-effect
    function long_ASkippedStatementHasNoEffect(Given calldata given) public {
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](1);
        entries[0] = given.entry;
        _tell(given);
        Kept memory before = _kept(given);
        bytes32 digest = _consignments.statementDigest(given.entry.statement);
        bool wasRecorded = _isRecorded(given, digest);
        vm.assume(_consignments.submitBatch(entries) == 0);
        assert(keccak256(abi.encode(_kept(given))) == keccak256(abi.encode(before)));
        assert(_isRecorded(given, digest) == wasRecorded);
    }

    function _isRecorded(Given calldata given, bytes32 digest) private view returns (bool) {
        return _consignments.isRecorded(given.entry.statement.consignment, digest, given.signer.number());
    }
}
