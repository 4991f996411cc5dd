// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone, Phase, Role, Side, Status} from "contracts/types/Vocabulary.sol";
import {Carriage} from "./Carriage.sol";

/// @notice Many consignments at once, in the hands of honest and of hostile actors: parties that do the next thing, parties
/// that try anything, relayers that repeat, withhold, reorder and alter, authorities that suspend and retire, and time.
contract Lives is Carriage {
    uint256 private constant MOST_LIVES = 12;

    IConsignments.Entry[] private _withheld;
    uint256 private _time;
    uint256 private _turns;

    constructor() {
        setUp();
        _time = block.timestamp;
        for (uint256 i = 0; i < cast.length - 1; ++i) {
            _placeOfKey[cast[i].signer.account] = i + 1;
        }
        _seedLives();
    }

    // What the fuzzer does

    /// @notice Bring a consignment two to five steps nearer to its end.
    function advance(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        uint256 steps = 2 + seed % 4;
        for (uint256 i = 0; i < steps; ++i) {
            _step(_mix(seed, i));
        }
    }

    /// @notice Somebody states any milestone, as it would fit.
    function say(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        uint256 before = _statements;
        for (uint256 i = 16; i < 64 && _statements == before; i += 16) {
            _say(uint8(2 + (seed >> i) % (Milestone.LAST - 1)), seed >> i);
        }
    }

    /// @notice Somebody says what is not his to say, or says it wrongly.
    function lie(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        uint8 milestone = uint8(2 + (seed >> 16) % (Milestone.LAST - 1));
        if (seed % 3 == 0) (milestone,) = _onward(_now(), seed);
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), milestone, 0, _mix(seed, 1));
        _falsify(s, _mix(seed, 2));
        if (seed % 2 == 0) who = (seed >> 40) % cast.length;
        if (seed % 4 < 3) s.role = cast[who].role;
        _carry(_entry(cast[who].signer, s));
    }

    /// @notice Two who may both speak say the very same words; neither keeps the other's out.
    function sayTheSame(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), Milestone.HELD, 0, seed);
        _carry(_entry(cast[who].signer, s));
        s.role = Role.AUTHORITY;
        _carry(_entry(cast[seed % 4].signer, s));
        _carry(_entry(cast[(seed >> 8) % 4].signer, s));
        for (uint256 i = 0; i < seed % 4; ++i) {
            _lift(2);
        }
    }

    /// @notice A relayer brings again what was accepted before.
    function repeatCarried(uint256 seed) external {
        seed = _turn(seed);
        if (_carried.length == 0) return;
        IConsignments.Entry memory entry = _carried[seed % _carried.length];
        bool isAccepted = _carry(entry);
        _uphold("statements-in-order", !isAccepted, entry.statement, address(0));
    }

    /// @notice Somebody signs, and the relayer withholds it.
    function withhold(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        (uint8 milestone, uint8 side) = _onward(_now(), seed);
        if (seed % 2 == 0) milestone = uint8(2 + (seed >> 16) % (Milestone.LAST - 1));
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), milestone, side, seed);
        s.validUntil = uint64(block.timestamp + (seed >> 24) % 3 days);
        IConsignments.Entry memory entry = _entry(cast[who].signer, s);
        if (_withheld.length < MOST_KEPT) _withheld.push(entry);
        else _withheld[seed % MOST_KEPT] = entry;
    }

    /// @notice The relayer brings what it withheld, in any order, together.
    function bring(uint256 seed) external {
        seed = _turn(seed);
        uint256 count = _withheld.length < 4 ? _withheld.length : 4;
        for (uint256 i = 0; i < count; ++i) {
            _carry(_withheld[_mix(seed, i) % _withheld.length]);
        }
    }

    /// @notice A relayer alters one thing of what was signed.
    function alter(uint256 seed) external {
        seed = _turn(seed);
        _choose(seed);
        (uint8 milestone, uint8 side) = _onward(_now(), seed);
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), milestone, side, seed);
        IConsignments.Entry memory entry = _entry(cast[who].signer, s);
        uint256 snapshot = vm.snapshotState();
        consignments.submitBatch(_one(entry));
        bytes32 meant = keccak256(abi.encode(_now()));
        vm.revertToState(snapshot);
        bytes32 before = keccak256(abi.encode(_now()));
        bytes32 signed = keccak256(abi.encode(entry.statement, entry.r, entry.vs));
        _alter(entry, _mix(seed, 3));
        bool isAsSigned = keccak256(abi.encode(entry.statement, entry.r, entry.vs)) == signed;
        bool isAccepted = _carry(entry);
        bytes32 found = keccak256(abi.encode(_now()));
        bool isKept = isAccepted ? isAsSigned && found == meant : found == before;
        _uphold("relayer-cannot-alter", isKept, entry.statement, address(0));
    }

    /// @notice An authority suspends, reinstates or dismisses one of its members, or a member retires a key.
    function govern(uint256 seed) external {
        seed = _turn(seed);
        bytes32 before = _allLives();
        uint256 act = seed % 6;
        if (act < 3) _moveMember((seed >> 8) % 3 == 0 ? TRUCKER : CARRIER + (seed >> 8) % 3, seed);
        if (act == 3) _retire(seed % 2 == 0 ? KOREAN_OFFICER : CARRIERS_OFFICER);
        if (act == 4) _dismiss((seed >> 8) % 2 == 0 ? DUTCH_AGENCY : AUDITOR);
        if (act == 5) _reinstateAll();
        IConsignments.Statement memory nothing;
        _uphold("past-stays-valid", _allLives() == before, nothing, address(0));
    }

    /// @notice Time goes by: mostly minutes, at times days.
    function wait(uint256 seed) external {
        seed = _turn(seed);
        uint256 most = seed % 4 == 0 ? 40 hours : 40 minutes;
        vm.warp(block.timestamp + (seed >> 8) % most);
        _time = block.timestamp;
    }

    /// @notice A new consignment is registered, or somebody claims another's.
    function begin(uint256 seed) external {
        seed = _turn(seed);
        if (ids.length < MOST_LIVES) _begin(ids.length, keccak256(abi.encode(seed)), EXPORTER + (seed >> 8) % 2);
        id = ids[seed % ids.length];
        IConsignments.Statement memory s = _registration();
        s.terms = seed % 2 == 0 ? bytes32("KRNLSG") : bytes32("KRNLDESG");
        s.commitment = keccak256(abi.encode(seed));
        _carry(_entry(cast[EXPORTER + (seed >> 8) % 2].signer, s));
    }

    // What the invariants ask

    /// @notice How many statements of a consignment were accepted, by the test's own count.
    function countOf(bytes32 consignment) external view returns (uint256) {
        return _digests[consignment].length;
    }

    /// @notice The head of a consignment's history, from the statements that the test itself has kept.
    function headOf(bytes32 consignment) external view returns (bytes32 head) {
        for (uint256 i = 0; i < _digests[consignment].length; ++i) {
            head = keccak256(abi.encode(head, _digests[consignment][i], _keys[consignment][i]));
        }
    }

    function lives() external view returns (uint256) {
        return ids.length;
    }

    function lifeAt(uint256 index) external view returns (IConsignments.Consignment memory) {
        return consignments.consignment(ids[index]);
    }

    /// @notice Whether every authority concerned could set a hold now, on every consignment whose life has not ended.
    function canAllBeHeld() external returns (bool) {
        vm.warp(_time);
        for (uint256 i = 0; i < ids.length; ++i) {
            id = ids[i];
            IConsignments.Consignment memory c = _now();
            if (_isFinal(c.phase)) continue;
            for (uint256 who = KOREA; who <= GERMANY; ++who) {
                if (!_isConcerned(c, cast[who].country)) continue;
                if (!_wouldBeHeld(cast[who].signer)) return false;
            }
        }
        return true;
    }

    // How it is done

    /// @dev A turn of its own for every call, at the time that the last one left: nothing is ever said twice by chance.
    function _turn(uint256 seed) private returns (uint256) {
        vm.warp(_time);
        return _mix(seed, ++_turns);
    }

    function _wouldBeHeld(Actor memory authority) private returns (bool isHeld) {
        IConsignments.Statement memory s = _statement(Milestone.HELD, Role.AUTHORITY);
        s.commitment = "would be held";
        uint256 snapshot = vm.snapshotState();
        uint32 holds = _now().openHolds;
        isHeld = consignments.submitBatch(_one(_entry(authority, s))) == 1 && _now().openHolds == holds + 1;
        vm.revertToState(snapshot);
    }

    /// @dev One consignment each just registered, released and under way, arrived, removed, held and refused.
    function _seedLives() private {
        for (uint256 i = 0; i < 6; ++i) {
            _begin(i, bytes32(i), EXPORTER);
            if (i == 0) continue;
            if (i == 4) _say(Milestone.HELD, 3);
            else _walk(i);
        }
    }

    function _walk(uint256 life) private {
        _clearSide(Side.EXPORT);
        _say(Milestone.DEPARTED, 0);
        if (life == 1) return;
        _say(Milestone.ARRIVED, 1);
        if (life == 5) {
            _carryFitting(Milestone.DECLARED, Side.IMPORT, 2);
            _carryFitting(Milestone.REFUSED, Side.IMPORT, 2);
        }
        if (life != 3) return;
        _clearSide(Side.IMPORT);
        _say(Milestone.HANDOVER_OFFERED, 5);
        _say(Milestone.HANDOVER_ACCEPTED, 5);
        _say(Milestone.REMOVED, 5);
    }

    function _clearSide(uint8 side) private {
        _carryFitting(Milestone.DECLARED, side, 2);
        _carryFitting(Milestone.DECLARATION_ACCEPTED, side, 2);
        _carryFitting(Milestone.ASSESSED, side, 2);
        if (side == Side.IMPORT) _carryFitting(Milestone.DUTIES_SETTLED, side, 2);
        _carryFitting(Milestone.RELEASED, side, 2);
    }

    /// @dev Register a consignment in the place of one whose life has ended, or in a new one.
    function _begin(uint256 place, bytes32 ucrCommitment, uint256 who) private {
        ucr = ucrCommitment;
        id = _idOf(cast[who].signer, ucr);
        if (place == ids.length) ids.push(id);
        else ids[place] = id;
        IConsignments.Statement memory s = _registration();
        if (uint256(ucr) % 6 == 0) s.counterparty = address(0);
        _carry(_entry(cast[who].signer, s));
    }

    /// @dev A consignment; half of those whose life has ended give way to new ones.
    function _choose(uint256 seed) private {
        uint256 place = (seed >> 64) % ids.length;
        id = ids[place];
        if (_isFinal(_now().phase) && seed % 2 == 0) {
            _begin(place, keccak256(abi.encode(seed)), EXPORTER + (seed >> 8) % 2);
        }
    }

    function _step(uint256 seed) private {
        (uint8 milestone, uint8 side) = _onward(_now(), seed);
        if (milestone == Milestone.UNHELD) _lift(seed);
        else _carryFitting(milestone, side, seed);
    }

    function _say(uint8 milestone, uint256 seed) private {
        if (milestone == Milestone.UNHELD) _lift(seed);
        else _carryFitting(milestone, 0, seed);
    }

    function _carryFitting(uint8 milestone, uint8 side, uint256 seed) private {
        (uint256 who, IConsignments.Statement memory s) = _fitting(_now(), milestone, side, seed);
        _carry(_entry(cast[who].signer, s));
    }

    /// @dev Lift the last hold of the consignment: by who set it, by another, or for one that was dismissed.
    function _lift(uint256 seed) private {
        Hold[] storage holds = _holds[id];
        if (holds.length == 0) return;
        Hold memory hold = holds[holds.length - 1];
        Speaker memory setter = cast[hold.by];
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, setter.role);
        s.terms = hold.digest;
        uint256 by = seed % 4 == 0 ? (seed >> 8) % cast.length : hold.by;
        if (_statusOf[_numberOf(setter.signer)] == Status.DISMISSED || seed % 8 == 1) {
            s.counterparty = setter.signer.account;
            by = _authorityIn(setter.country);
        }
        s.role = cast[by].role;
        if (_carry(_entry(cast[by].signer, s))) holds.pop();
    }

    function _falsify(IConsignments.Statement memory s, uint256 seed) private view {
        uint256 what = seed % 10;
        bytes32 word = keccak256(abi.encode(seed));
        if (what == 0) s.side = uint8(seed >> 8) % 4;
        if (what == 1) s.terms = word;
        if (what == 2) s.detail = word;
        if (what == 3) s.counterparty = cast[(seed >> 8) % cast.length].signer.account;
        if (what == 4) s.previousHead = word;
        if (what == 5) s.validUntil = uint64(block.timestamp - 1);
        if (what == 6) s.eventTime = uint64(block.timestamp + 5 minutes + 1 + seed % 1000);
        if (what == 7) s.signedTime = uint64(block.timestamp + 5 minutes + 1 + seed % 1000);
        if (what == 8) s.terms = bytes32(bytes4(uint32(seed >> 8) % 2 == 0 ? bytes4("KRNL") : bytes4("NL")));
    }

    function _alter(IConsignments.Entry memory entry, uint256 seed) private view {
        uint256 what = seed % 16;
        bytes32 word = keccak256(abi.encode(seed));
        IConsignments.Statement memory s = entry.statement;
        if (what == 0) s.consignment = ids[(seed >> 8) % ids.length];
        if (what == 0 && s.consignment == id) s.commitment = word;
        if (what == 1) s.milestone = uint8(1 + s.milestone % Milestone.LAST);
        if (what == 2) s.side = 1 + s.side % 2;
        if (what == 3) s.commitment = word;
        if (what == 4) s.eventTime -= 1;
        if (what == 5) s.signedTime -= 1;
        if (what == 6) s.validUntil += 1;
        if (what == 7) s.role = 1 + s.role % Role.LAST;
        if (what == 8) s.previousHead = word;
        if (what == 9) s.counterparty = address(uint160(s.counterparty) ^ 1);
        if (what == 10) s.terms ^= word;
        if (what == 11) s.detail = word;
        if (what == 12) entry.r = word;
        if (what == 13) entry.vs = bytes32(uint256(entry.vs) ^ (uint256(1) << (seed >> 8) % 256));
        if (what == 14) entry.opening.blind = word;
        if (what == 15) entry.opening.reasons = word;
    }

    function _moveMember(uint256 who, uint256 seed) private {
        Actor memory authority = cast[_authorityIn(cast[who].country)].signer;
        Actor memory subject = cast[who].signer;
        uint32 member = _numberOf(subject);
        if (_statusOf[member] == Status.NONE && seed % 2 == 0) {
            _do(authority, abi.encodeCall(members.suspend, (subject.account)));
            _statusOf[member] = Status.SUSPENDED;
        } else if (_statusOf[member] == Status.SUSPENDED) {
            _do(authority, abi.encodeCall(members.reinstate, (subject.account)));
            _statusOf[member] = Status.NONE;
        }
    }

    function _reinstateAll() private {
        for (uint256 who = CARRIER; who <= TERMINAL; ++who) {
            if (_statusOf[_numberOf(cast[who].signer)] == Status.SUSPENDED) _moveMember(who, 1);
        }
    }

    function _dismiss(uint256 who) private {
        uint32 member = _numberOf(cast[who].signer);
        if (_statusOf[member] == Status.DISMISSED) return;
        Actor memory authority = cast[_authorityIn(cast[who].country)].signer;
        _do(authority, abi.encodeCall(members.dismiss, (cast[who].signer.account)));
        _statusOf[member] = Status.DISMISSED;
    }

    function _retire(uint256 who) private {
        Actor memory key = cast[who].signer;
        if (_retiredSince[key.account] != 0) return;
        Actor memory owner = cast[who == KOREAN_OFFICER ? KOREA : CARRIER].signer;
        if (_statusOf[_numberOf(owner)] != Status.NONE) return;
        _do(owner, abi.encodeCall(members.retireKey, (key.account, 0)));
        _retiredSince[key.account] = block.timestamp;
    }

    function _allLives() private view returns (bytes32 state) {
        for (uint256 i = 0; i < ids.length; ++i) {
            state = keccak256(abi.encode(state, consignments.consignment(ids[i])));
        }
    }

    function _mix(uint256 seed, uint256 salt) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }
}
