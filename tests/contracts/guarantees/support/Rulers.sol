// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {Role, SCOPE_CHECKPOINTS, Status} from "contracts/types/Vocabulary.sol";
import {World} from "./World.sol";

/// @notice The register in the hands of everybody: authorities that propose, approve and take back, one of them hostile,
/// and members, machines, dismissed members and strangers that try to govern. At least three authorities at any time.
contract Rulers is World {
    struct Plan {
        IMembers.ProposalKind kind;
        uint32 subject;
        string newKey;
        bool isDone;
    }

    /// @notice How many proposals of each kind were carried out.
    mapping(IMembers.ProposalKind kind => uint256) public carriedOut;

    Actor[] private _rulers;
    bytes2[] private _countries;
    mapping(uint32 proposal => Plan) private _plans;
    mapping(uint32 proposal => mapping(uint32 authority => bool)) private _approved;
    mapping(uint32 authority => string name) private _keyName;
    mapping(bytes32 guarantee => bool) private _isBroken;
    uint256 private _time;
    uint256 private _turns;

    error GuaranteeBroken(bytes32 guarantee);

    constructor() {
        setUp();
        _time = block.timestamp;
        string[4] memory newcomers = ["Douane", "Skarb", "Dogana", "Aduana"];
        bytes2[4] memory countries = [bytes2("FR"), "PL", "IT", "ES"];
        for (uint256 i = 0; i < 4; ++i) {
            _rulers.push(cast[i].signer);
            _countries.push(cast[i].country);
        }
        for (uint256 i = 0; i < 4; ++i) {
            _rulers.push(_actor(newcomers[i]));
            _countries.push(countries[i]);
        }
    }

    // What the fuzzer does

    /// @notice An authority makes a proposal of any kind.
    function propose(uint256 seed) external {
        seed = _turn(seed);
        Actor memory proposer = _keyOf(_ruler(seed));
        IMembers.ProposalKind kind = IMembers.ProposalKind(1 + (seed >> 8) % 4);
        Actor memory subject = _ruler(seed >> 16);
        string memory newKey = string.concat("key ", vm.toString(_turns));
        bytes memory call = _proposal(kind, subject, newKey, seed >> 24);
        uint32 authority = members.keyOf(proposer.account).member;
        if (!_calls(proposer, call)) return;
        uint32 proposal = members.proposalCount();
        _plans[proposal] = Plan(kind, _numberOf(subject), newKey, false);
        _approved[proposal][authority] = true;
    }

    /// @notice An authority approves one of the last proposals; mostly the one that the others would carry out.
    function approve(uint256 seed) external {
        seed = _turn(seed);
        uint32 count = members.proposalCount();
        if (count == 0) return;
        uint32 proposal = count - uint32((seed >> 8) % 3 % count);
        for (uint256 i = 0; i <= (seed >> 16) % 4; ++i) {
            _approve(_keyOf(_ruler((seed >> 24) + i)), proposal);
        }
    }

    /// @notice An authority takes its approval back.
    function takeBack(uint256 seed) external {
        seed = _turn(seed);
        uint32 count = members.proposalCount();
        if (count == 0) return;
        uint32 proposal = count - uint32((seed >> 8) % 3 % count);
        Actor memory authority = _keyOf(_ruler(seed));
        bool ok = _calls(authority, abi.encodeCall(members.withdrawApproval, (proposal)));
        if (ok) _approved[proposal][members.keyOf(authority.account).member] = false;
    }

    /// @notice The hostile authority tries whatever may keep the others from deciding: it drops its own keys, adds others,
    /// and floods the register with proposals.
    function obstruct(uint256 seed) external {
        seed = _turn(seed);
        Actor memory hostile = _keyOf(korea);
        Actor memory added = _actor(string.concat("obstructing ", vm.toString(_turns)));
        if (seed % 3 == 0) _calls(hostile, _addition(korea, added, SCOPE_CHECKPOINTS, 0, 0, type(uint40).max));
        if (seed % 3 == 1) {
            bool ok = _calls(hostile, abi.encodeCall(members.proposeThreshold, (uint8(2 + (seed >> 8) % 3))));
            if (ok) _approved[members.proposalCount()][_numberOf(korea)] = true;
        }
        if (seed % 3 == 2 && _turns % 4 == 0) _calls(hostile, abi.encodeCall(members.retireKey, (hostile.account, 0)));
    }

    /// @notice Who is no authority tries to govern.
    function usurp(uint256 seed) external {
        seed = _turn(seed);
        uint256 who = EXPORTER + seed % (STRANGER - EXPORTER + 1);
        bytes32 before = _standings();
        address account = cast[(seed >> 8) % STRANGER].signer.account;
        if (account == cast[who].signer.account || _ownsMachine(who)) account = netherlands.account;
        _calls(cast[who].signer, _usurpation(account, seed >> 16));
        _uphold("membership-by-authorities", before == _standings());
    }

    /// @notice An authority governs a member, of its own country or of another.
    function rule(uint256 seed) external {
        seed = _turn(seed);
        Actor memory authority = _ruler(seed);
        uint256 who = EXPORTER + (seed >> 8) % (AUDITOR - EXPORTER + 1);
        bytes32 before = _standings();
        address account = cast[who].signer.account;
        bytes memory call = (seed >> 16) % 2 == 0
            ? abi.encodeCall(members.suspend, (account))
            : abi.encodeCall(members.reinstate, (account));
        bool ok = _calls(_keyOf(authority), call);
        bool isOwn = members.memberOf(authority.account).country == cast[who].country;
        _uphold("authority-in-its-country", before == _standings() || (ok && isOwn));
    }

    /// @notice Time goes by, so that proposals expire.
    function wait(uint256 seed) external {
        seed = _turn(seed);
        vm.warp(block.timestamp + (seed % 4 == 0 ? seed % 40 days : seed % 1 days));
        _time = block.timestamp;
    }

    // What the invariants ask

    function requireKept(bytes32 guarantee) external view {
        if (_isBroken[guarantee]) revert GuaranteeBroken(guarantee);
    }

    /// @notice Whether the hostile authority, or each in turn where it has lost its seat, can be lost with all its keys, and
    /// the others still replace them.
    function canLoseAnyOne() external returns (bool) {
        vm.warp(_time);
        for (uint256 i = 0; i < _rulers.length; ++i) {
            bool isLost = _isSeated(_rulers[i]) && (i == KOREA || !_isSeated(korea));
            if (!isLost) continue;
            uint256 snapshot = vm.snapshotState();
            bool isReplaced = _replaceWithout(_rulers[i]);
            vm.revertToState(snapshot);
            if (!isReplaced) return false;
        }
        return true;
    }

    /// @notice 2 <= k <= n - 1, and no two authorities of one country.
    function isSound() external view returns (bool) {
        uint256 n = members.authorityCount();
        uint256 k = members.threshold();
        address[] memory accounts = members.authorities();
        if (n < 3 || k < 2 || k > n - 1 || accounts.length != n) return false;
        for (uint256 i = 0; i < n; ++i) {
            IMembers.Member memory member = members.memberOf(accounts[i]);
            if (members.authorityOf(member.country) != member.number || member.status != Status.ACTIVE) return false;
        }
        return true;
    }

    // How it is done

    function _turn(uint256 seed) private returns (uint256) {
        vm.warp(_time);
        return uint256(keccak256(abi.encode(seed, ++_turns)));
    }

    function _uphold(bytes32 guarantee, bool isKept) private {
        if (!isKept) _isBroken[guarantee] = true;
    }

    function _isSeated(Actor memory actor) private view returns (bool) {
        IMembers.Member memory member = members.memberOf(actor.account);
        return member.status == Status.ACTIVE && member.roles == _bit(Role.AUTHORITY);
    }

    /// @dev An authority that has a seat.
    function _ruler(uint256 seed) private view returns (Actor memory ruler) {
        for (uint256 i = 0; i < _rulers.length; ++i) {
            ruler = _rulers[(seed % _rulers.length + i) % _rulers.length];
            if (_isSeated(ruler)) return ruler;
        }
    }

    /// @dev The key that an authority governs with now.
    function _keyOf(Actor memory authority) private view returns (Actor memory) {
        string memory name = _keyName[_numberOf(authority)];
        return bytes(name).length == 0 ? authority : _actor(name);
    }

    function _calls(Actor memory sender, bytes memory call) private returns (bool ok) {
        vm.prank(sender.account);
        (ok,) = address(members).call(call);
    }

    function _proposal(
        IMembers.ProposalKind kind,
        Actor memory subject,
        string memory newKey,
        uint256 seed
    ) private view returns (bytes memory) {
        uint8 threshold = uint8(1 + seed % (members.authorityCount() + 1));
        if (kind == IMembers.ProposalKind.Removal) {
            return abi.encodeCall(members.proposeRemoval, (subject.account, threshold));
        }
        if (kind == IMembers.ProposalKind.Threshold) return abi.encodeCall(members.proposeThreshold, (threshold));
        if (kind == IMembers.ProposalKind.KeyReplacement) {
            return _replacement(subject, (seed >> 8) % 2 == 0 ? address(0) : subject.account, 0, _actor(newKey));
        }
        uint256 newcomer = 4 + (seed >> 8) % 4;
        return abi.encodeCall(members.proposeAddition, (_founder(_rulers[newcomer], _countries[newcomer]), threshold));
    }

    function _approve(Actor memory key, uint32 proposal) private {
        uint32 authority = members.keyOf(key.account).member;
        uint256 needed = members.threshold();
        uint256 votes = _votes(proposal, authority);
        if (!_calls(key, abi.encodeCall(members.approve, (proposal)))) return;
        Plan storage plan = _plans[proposal];
        bool ofItself = plan.kind == IMembers.ProposalKind.KeyReplacement && plan.subject == authority;
        _uphold("no-authority-decides-alone", !_approved[proposal][authority] && !ofItself);
        _approved[proposal][authority] = true;
        if (members.proposalAt(proposal).status != IMembers.ProposalStatus.Executed) return;
        _uphold("no-authority-decides-alone", !plan.isDone && votes >= needed && needed > 1);
        plan.isDone = true;
        ++carriedOut[plan.kind];
        if (plan.kind == IMembers.ProposalKind.KeyReplacement) _keyName[plan.subject] = plan.newKey;
    }

    /// @dev By the test's own count: who approved and has a seat, and who approves now.
    function _votes(uint32 proposal, uint32 now_) private view returns (uint256 votes) {
        for (uint256 i = 0; i < _rulers.length; ++i) {
            uint32 authority = _numberOf(_rulers[i]);
            if (!_isSeated(_rulers[i])) continue;
            if (_approved[proposal][authority] || authority == now_) ++votes;
        }
    }

    function _replaceWithout(Actor memory lost) private returns (bool) {
        Actor memory fresh = _actor("the key after the loss");
        uint256 needed = members.threshold();
        uint32 proposal = 0;
        for (uint256 i = 0; i < _rulers.length && needed != 0; ++i) {
            if (!_isSeated(_rulers[i]) || _rulers[i].account == lost.account) continue;
            bytes memory call =
                proposal == 0 ? _replacement(lost, address(0), 0, fresh) : abi.encodeCall(members.approve, (proposal));
            if (!_calls(_keyOf(_rulers[i]), call)) continue;
            proposal = members.proposalCount();
            --needed;
        }
        return members.keyOf(fresh.account).member == _numberOf(lost) && _calls(fresh, _harmless());
    }

    function _harmless() private view returns (bytes memory) {
        return abi.encodeCall(members.replaceEncryptionKey, (bytes32("new")));
    }

    /// @dev What one who is no authority might try to change about others.
    function _usurpation(address account, uint256 seed) private view returns (bytes memory) {
        uint256 act = seed % 11;
        uint32 proposal = uint32(seed >> 8) % (members.proposalCount() + 1);
        if (act == 0) return abi.encodeCall(members.suspend, (account));
        if (act == 1) return abi.encodeCall(members.reinstate, (account));
        if (act == 2) return abi.encodeCall(members.dismiss, (account));
        if (act == 3) return abi.encodeCall(members.setRoles, (account, _bit(Role.EXPORTER)));
        if (act == 4) return abi.encodeCall(members.retireKey, (account, 0));
        if (act == 5) return abi.encodeCall(members.approve, (proposal));
        if (act == 6) return abi.encodeCall(members.withdrawApproval, (proposal));
        if (act == 7) return abi.encodeCall(members.proposeThreshold, (3));
        if (act == 8) return abi.encodeCall(members.proposeRemoval, (account, 2));
        if (act == 9) return _replacement(netherlands, address(0), 0, _actor("usurper"));
        (bytes32 r, bytes32 vs) = _consent(_actor("usurper"), _actor("usurper"));
        return abi.encodeCall(
            members.admit,
            (_actor("usurper").account, _bit(Role.CARRIER), bytes32("encryption"), bytes32("checkpoint"), "", r, vs)
        );
    }

    /// @dev Members, keys, seats, threshold and votes, as they stand.
    function _standings() private view returns (bytes32 state) {
        for (uint32 number = 1; number <= members.memberCount(); ++number) {
            state = keccak256(abi.encode(state, members.memberAt(number)));
        }
        for (uint256 i = 0; i < cast.length; ++i) {
            state = keccak256(abi.encode(state, members.keyOf(cast[i].signer.account)));
        }
        uint32 proposals = members.proposalCount();
        state = keccak256(abi.encode(state, members.authorities(), members.threshold(), proposals));
        for (uint32 i = 0; i < 3 && i < proposals; ++i) {
            state = keccak256(abi.encode(state, members.proposalAt(proposals - i).approvals));
        }
    }

    function _ownsMachine(uint256 who) private pure returns (bool) {
        return who == CARRIER || who == CARRIERS_OFFICER;
    }
}
