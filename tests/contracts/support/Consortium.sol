// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {IEventLogs} from "contracts/interfaces/IEventLogs.sol";
import {IMembers} from "contracts/interfaces/IMembers.sol";
import {Channel, Milestone, Role, Side} from "contracts/types/Vocabulary.sol";
import {Test} from "./Test.sol";

/// @notice Three customs administrations (KR, SG, NL; 2 of 3) with their members, and statements about consignments that
/// go from Korea through Singapore to the Netherlands.
abstract contract Consortium is Test {
    struct Actor {
        string name;
        uint256 secret;
        address account;
    }

    uint256 internal constant NOW = 1_800_000_000;
    bytes2 internal constant KR = "KR";
    bytes2 internal constant SG = "SG";
    bytes2 internal constant NL = "NL";
    bytes2 internal constant DE = "DE";
    bytes32 internal constant SEAL = keccak256("seal");
    bytes32 internal constant BLIND = keccak256("blind");
    bytes32 internal constant REASONS = keccak256("reasons");

    IMembers internal members;
    IConsignments internal consignments;
    IEventLogs internal logs;

    Actor internal korea = _actor("Korea Customs Service");
    Actor internal singapore = _actor("Singapore Customs");
    Actor internal netherlands = _actor("Dutch Customs");
    Actor internal exporter = _actor("exporter");
    Actor internal carrier = _actor("carrier");
    Actor internal terminal = _actor("terminal");
    Actor internal exportBroker = _actor("export broker");
    Actor internal broker = _actor("broker");
    Actor internal importer = _actor("importer");
    Actor internal agency = _actor("agency");
    Actor internal stranger = _actor("stranger");
    Actor internal recovery = _actor("recovery");

    /// @dev The consignment that statements are about unless they say otherwise.
    bytes32 internal ucr = keccak256("ucr");
    bytes32 internal id;

    function setUp() public virtual {
        vm.warp(NOW);
        members = _newMembers(_founders(3), 2, address(0), address(0));
        consignments = _newConsignments(members, address(0));
        logs = _newEventLogs(members, address(0));
        _admit(korea, exporter, _bit(Role.EXPORTER));
        _admit(korea, carrier, _bit(Role.CARRIER));
        _admit(korea, exportBroker, _bit(Role.BROKER));
        _admit(netherlands, terminal, _bit(Role.TERMINAL));
        _admit(netherlands, broker, _bit(Role.BROKER));
        _admit(netherlands, importer, _bit(Role.IMPORTER));
        _admit(singapore, agency, _bit(Role.AGENCY));
        id = _idOf(exporter, ucr);
    }

    // The contracts: the tests know their interfaces only, so that a change of a contract compiles no test again

    function _newMembers(
        IMembers.Founder[] memory founders,
        uint8 threshold,
        address recoveryKey,
        address predecessor
    ) internal returns (IMembers) {
        bytes memory arguments = abi.encode(founders, threshold, recoveryKey, predecessor);
        return IMembers(_deploy("Members.sol:Members", arguments));
    }

    function _newConsignments(IMembers register, address predecessor) internal returns (IConsignments) {
        return IConsignments(_deploy("Consignments.sol:Consignments", abi.encode(register, predecessor)));
    }

    function _newEventLogs(IMembers register, address predecessor) internal returns (IEventLogs) {
        return IEventLogs(_deploy("EventLogs.sol:EventLogs", abi.encode(register, predecessor)));
    }

    function _deploy(string memory artifact, bytes memory arguments) private returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
            if iszero(deployed) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    // Members

    function _actor(string memory name) internal pure returns (Actor memory) {
        uint256 secret = uint256(keccak256(bytes(name)));
        return Actor(name, secret, vm.addr(secret));
    }

    function _founder(Actor memory actor, bytes2 country) internal pure returns (IMembers.Founder memory) {
        (bytes32 r, bytes32 vs) = _consent(actor, actor);
        return
            IMembers.Founder(
                actor.account, country, keccak256("encryption"), keccak256("checkpoint"), actor.name, r, vs
            );
    }

    function _founders(uint256 count) internal view returns (IMembers.Founder[] memory founders) {
        founders = new IMembers.Founder[](count);
        Actor[3] memory actors = [korea, singapore, netherlands];
        bytes2[3] memory countries = [KR, SG, NL];
        for (uint256 i = 0; i < count; ++i) {
            founders[i] = i < 3
                ? _founder(actors[i], countries[i])
                : _founder(_actor(vm.toString(i)), bytes2(bytes.concat("A", bytes1(uint8(65 + i)))));
        }
    }

    function _admit(Actor memory authority, Actor memory actor, uint16 roles) internal {
        (bytes32 r, bytes32 vs) = _consent(actor, actor);
        vm.prank(authority.account);
        members.admit(actor.account, roles, keccak256("encryption"), keccak256("checkpoint"), actor.name, r, vs);
    }

    /// @dev The actor adds a key to itself, from now on and for ever.
    function _addKey(Actor memory owner, Actor memory key, uint8 scopes, uint64 milestones) internal {
        _do(owner, _addition(owner, key, scopes, milestones, 0, type(uint40).max));
    }

    /// @dev The call that adds a key, with the key's consent.
    function _addition(
        Actor memory owner,
        Actor memory key,
        uint8 scopes,
        uint64 milestones,
        uint40 from,
        uint40 until
    ) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = _consent(owner, key);
        return
            abi.encodeCall(members.addKey, (owner.account, key.account, scopes, milestones, from, until, "ref", r, vs));
    }

    /// @dev The call that proposes to replace a key of an authority (zero: all), with the new key's consent.
    function _replacement(
        Actor memory subject,
        address retired,
        uint40 suspectSince,
        Actor memory added
    ) internal view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = _consent(subject, added);
        return abi.encodeCall(
            members.proposeKeyReplacement, (subject.account, retired, suspectSince, added.account, "ref", r, vs)
        );
    }

    /// @dev The signature by which a key says that it will speak for a member.
    function _consent(Actor memory owner, Actor memory key) internal pure returns (bytes32 r, bytes32 vs) {
        return _sign(key, _consentDigest(owner.account, key.account));
    }

    /// @dev EIP-712 in a domain that has a name and a version only.
    function _consentDigest(address member, address key) internal pure returns (bytes32) {
        bytes32 domainType = keccak256("EIP712Domain(string name,string version)");
        bytes32 domain = keccak256(abi.encode(domainType, keccak256("SMART Border Ledger"), keccak256("1")));
        bytes32 consentType = keccak256("KeyConsent(address member,address key)");
        bytes32 structHash = keccak256(abi.encode(consentType, member, key));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Call the register as this actor.
    function _do(Actor memory sender, bytes memory call) internal {
        vm.prank(sender.account);
        (bool ok, bytes memory answer) = address(members).call(call);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @dev The register refuses this call by this actor with this error.
    function _refusesCall(Actor memory sender, bytes memory call, bytes memory refusal) internal {
        vm.prank(sender.account);
        (bool ok, bytes memory answer) = address(members).call(call);
        assertFalse(ok);
        assertEq(answer, refusal);
    }

    function _numberOf(Actor memory actor) internal view returns (uint32) {
        return members.memberOf(actor.account).number;
    }

    function _bit(uint8 role) internal pure returns (uint16) {
        return uint16(1 << role);
    }

    // Statements

    function _idOf(Actor memory owner, bytes32 ucrCommitment) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(owner.account, ucrCommitment));
    }

    /// @dev A statement about the consignment on its current head, headless where the milestone is.
    function _statement(uint8 milestone, uint8 role) internal view returns (IConsignments.Statement memory s) {
        s.consignment = id;
        s.milestone = milestone;
        s.role = role;
        s.commitment = keccak256(abi.encode("event", milestone));
        s.eventTime = uint64(block.timestamp - 60);
        s.signedTime = uint64(block.timestamp - 30);
        s.validUntil = uint64(block.timestamp + 1 days);
        bool isHeadless = milestone == Milestone.STOPPED || milestone == Milestone.HELD
            || milestone == Milestone.REFUSED || milestone == Milestone.OBSERVED;
        if (!isHeadless) s.previousHead = consignments.head(id);
    }

    function _statement(
        uint8 milestone,
        uint8 role,
        uint8 side
    ) internal view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, role);
        s.side = side;
    }

    function _registration() internal view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.REGISTERED, Role.EXPORTER);
        s.previousHead = 0;
        s.counterparty = importer.account;
        s.terms = bytes32("KRNLSG");
        s.detail = ucr;
    }

    function _entry(
        Actor memory signer,
        IConsignments.Statement memory s
    ) internal view returns (IConsignments.Entry memory) {
        (bytes32 r, bytes32 vs) = _sign(signer, consignments.statementDigest(s));
        bool opens = uint8(s.terms[31]) != 0 && s.milestone != Milestone.CORRECTED && s.milestone != Milestone.UNHELD;
        IConsignments.Opening memory opening;
        if (opens) opening = IConsignments.Opening(BLIND, REASONS);
        return IConsignments.Entry(s, r, vs, opening);
    }

    function _sign(Actor memory signer, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        bytes32 s;
        (v, r, s) = vm.sign(signer.secret, digest);
        vs = bytes32((uint256(v - 27) << 255) | uint256(s));
    }

    /// @dev The rules accept the statement, and the history has it.
    function _state(Actor memory signer, IConsignments.Statement memory s) internal {
        bytes32 digest = consignments.statementDigest(s);
        bytes32 before = consignments.head(s.consignment);
        consignments.submit(_entry(signer, s));
        bytes32 head = keccak256(abi.encode(before, digest, signer.account));
        assertEq(consignments.head(s.consignment), s.milestone == Milestone.OBSERVED ? before : head);
    }

    function _state(Actor memory signer, uint8 milestone, uint8 role) internal {
        _state(signer, _statement(milestone, role));
    }

    function _state(Actor memory signer, uint8 milestone, uint8 role, uint8 side) internal {
        _state(signer, _statement(milestone, role, side));
    }

    /// @dev The rules refuse the statement with this error: alone, where it reverts, and in a batch, where it is skipped.
    function _refuses(Actor memory signer, IConsignments.Statement memory s, bytes memory refusal) internal {
        _refuses(_entry(signer, s), refusal);
    }

    function _refuses(IConsignments.Entry memory entry, bytes memory refusal) internal {
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](1);
        entries[0] = entry;
        bytes32 digest = consignments.statementDigest(entry.statement);
        bytes32 before = keccak256(abi.encode(consignments.consignment(entry.statement.consignment)));

        vm.expectEmit(address(consignments));
        emit IConsignments.StatementSkipped(0, digest, refusal);
        assertEq(consignments.submitBatch(entries), 0);

        vm.expectRevert(refusal);
        consignments.submit(entry);
        assertEq(keccak256(abi.encode(consignments.consignment(entry.statement.consignment))), before);
    }

    /// @dev The error with its arguments, a word each.
    function _error(bytes4 selector) internal pure returns (bytes memory) {
        return abi.encodePacked(selector);
    }

    function _error(bytes4 selector, bytes32 a) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a);
    }

    function _error(bytes4 selector, uint256 a) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a);
    }

    function _error(bytes4 selector, uint256 a, uint256 b) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b);
    }

    function _error(bytes4 selector, uint256 a, bytes32 b) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b);
    }

    function _error(bytes4 selector, bytes32 a, bytes32 b) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b);
    }

    function _error(bytes4 selector, uint256 a, uint256 b, uint256 c) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b, c);
    }

    function _error(bytes4 selector, uint256 a, bytes32 b, bytes32 c) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b, c);
    }

    function _error(bytes4 selector, uint256 a, uint256 b, bytes32 c) internal pure returns (bytes memory) {
        return abi.encodePacked(selector, a, b, c);
    }

    function _word(Actor memory actor) internal pure returns (uint256) {
        return uint160(actor.account);
    }

    // The usual way

    function _register() internal {
        _state(exporter, _registration());
    }

    function _clear(Actor memory declarant, uint8 role, Actor memory authority, uint8 side) internal {
        _state(declarant, Milestone.DECLARED, role, side);
        _state(authority, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, side);
        _assess(authority, side, Channel.GREEN, true);
        if (side == Side.IMPORT) _settle(authority, side);
        _state(authority, Milestone.RELEASED, Role.AUTHORITY, side);
    }

    function _assess(Actor memory authority, uint8 side, uint8 channel, bool opens) internal {
        IConsignments.Statement memory s = _statement(Milestone.ASSESSED, Role.AUTHORITY, side);
        s.detail = _assessment(channel);
        if (opens) s.terms = bytes32(uint256(channel));
        _state(authority, s);
    }

    function _settle(Actor memory authority, uint8 side) internal {
        IConsignments.Statement memory s = _statement(Milestone.DUTIES_SETTLED, Role.AUTHORITY, side);
        s.terms = bytes32(bytes1(0x01));
        _state(authority, s);
    }

    function _depart(Actor memory holder, uint8 role, bytes32 terms) internal {
        IConsignments.Statement memory s = _statement(Milestone.DEPARTED, role);
        s.terms = terms;
        _state(holder, s);
    }

    function _arrive(Actor memory holder, uint8 role, bytes32 terms) internal {
        IConsignments.Statement memory s = _statement(Milestone.ARRIVED, role);
        s.terms = terms;
        _state(holder, s);
    }

    function _offer(Actor memory holder, uint8 role, Actor memory taker) internal {
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_OFFERED, role);
        s.counterparty = taker.account;
        _state(holder, s);
    }

    function _handOver(Actor memory holder, uint8 role, Actor memory taker, uint8 takerRole) internal {
        _offer(holder, role, taker);
        _state(taker, Milestone.HANDOVER_ACCEPTED, takerRole);
    }

    /// @dev Registered, released for export, and at rest in the Netherlands, with the exporter still.
    function _bringToImport() internal {
        _register();
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRNL");
        _arrive(exporter, Role.EXPORTER, "NL");
    }

    function _now() internal view returns (IConsignments.Consignment memory) {
        return consignments.consignment(id);
    }

    /// @dev What `assessed` records for a channel, opened by BLIND and REASONS.
    function _assessment(uint8 channel) internal pure returns (bytes32) {
        bytes32 inner = sha256(abi.encodePacked("smartborder:assessment:v1", bytes1(0), channel, REASONS));
        return sha256(abi.encodePacked("smartborder:blinded:v1", bytes1(0), BLIND, inner));
    }
}
