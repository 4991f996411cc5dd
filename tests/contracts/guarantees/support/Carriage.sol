// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone} from "contracts/types/Vocabulary.sol";
import {Vm} from "../../support/Vm.sol";
import {History} from "./History.sol";
import {Laws} from "./Laws.sol";

/// @notice How a statement is carried to the contract and held to the guarantees, and what is remembered of it.
abstract contract Carriage is Laws {
    uint256 internal constant MOST_KEPT = 24;

    /// @dev A hold, and the place in the cast of who set it.
    struct Hold {
        bytes32 digest;
        uint256 by;
    }

    bytes32[] public ids;
    /// @notice How many statements of each milestone were accepted.
    mapping(uint8 milestone => uint256) public accepted;
    /// @notice How many consignments came to each phase.
    mapping(uint8 phase => uint256) public reached;

    IConsignments.Entry[] internal _carried;
    mapping(bytes32 consignment => Hold[]) internal _holds;
    uint256 internal _statements;

    /// @dev Bring an entry in a batch of one, and hold what it changed to the guarantees.
    function _carry(IConsignments.Entry memory entry) internal returns (bool isAccepted) {
        IConsignments.Statement memory s = entry.statement;
        Step memory step;
        step.statement = s;
        step.before = consignments.consignment(s.consignment);
        step.digest = consignments.statementDigest(s);
        bytes32 others = _livesBut(s.consignment);
        vm.record();
        vm.recordLogs();
        isAccepted = consignments.submitBatch(_one(entry)) == 1;
        (, bytes32[] memory writes) = vm.accesses(address(consignments));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        step.now = consignments.consignment(s.consignment);
        if (!isAccepted) {
            bool isSame = step.before.head == step.now.head && _lifeOf(step.before) == _lifeOf(step.now);
            _uphold("skipped-has-no-effect", isSame && writes.length == 0 && logs.length == 1, s, address(0));
            return false;
        }
        _identify(step, entry);
        _uphold("one-consignment-alone", _livesBut(s.consignment) == others, step);
        _weigh(step);
        _weighTold(step, logs);
        ++_statements;
        ++accepted[s.milestone];
        if (s.milestone == Milestone.HELD) _holds[s.consignment].push(Hold(step.digest, placeOf[step.member]));
        if (step.before.phase != step.now.phase) ++reached[step.now.phase];
        if (_carried.length < MOST_KEPT) _carried.push(entry);
        else _carried[uint256(step.digest) % MOST_KEPT] = entry;
    }

    /// @dev Who signed: by the test's own recovery of the key.
    function _identify(Step memory step, IConsignments.Entry memory entry) private view {
        uint8 v = uint8(27 + (uint256(entry.vs) >> 255));
        step.key = ecrecover(step.digest, v, entry.r, bytes32((uint256(entry.vs) << 1) >> 1));
        uint256 place = _placeOfKey[step.key];
        if (place == 0) return;
        step.country = cast[place - 1].country;
        uint256 owner = place - 1;
        if (owner == KOREAN_MACHINE || owner == KOREAN_OFFICER) owner = KOREA;
        if (owner == DUTCH_MACHINE) owner = NETHERLANDS;
        if (owner == CARRIERS_OFFICER) owner = CARRIER;
        step.member = _numberOf(cast[owner].signer);
    }

    /// @dev The event tells all that was signed, so that the history is rebuilt from events alone.
    function _weighTold(Step memory step, Vm.Log[] memory logs) private {
        History.Told[] memory told = History.told(logs, step.before.head, consignments);
        if (step.statement.milestone == Milestone.OBSERVED) {
            _uphold("observation-moves-nothing", told.length == 0, step);
            return;
        }
        bool isTold = told.length == 1 && logs.length == 1 && told[0].digest == step.digest
            && told[0].head == step.now.head && told[0].position == step.now.position && told[0].key == step.key;
        _uphold("head-is-the-history", isTold, step);
    }

    /// @dev Some other consignments as they stand.
    function _livesBut(bytes32 one) private view returns (bytes32 state) {
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 other = ids[(uint256(one) + i) % ids.length];
            if (other != one) state = keccak256(abi.encode(state, consignments.consignment(other)));
        }
    }
}
