// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone} from "contracts/types/Vocabulary.sol";
import {Vm} from "../../support/Vm.sol";

/// @notice A consignment's history, rebuilt from what the contract told of each statement that it accepted. The one place of
/// the guarantees' tests that knows how events are laid out.
library History {
    /// @notice One acceptance. The statement is the one signed; digest and head are derived from it anew.
    struct Told {
        IConsignments.Statement statement;
        address key;
        uint32 position;
        bytes32 digest;
        bytes32 head;
    }

    /// @notice The acceptances among the logs, in order, on top of a head; observations are not part of a history.
    function told(
        Vm.Log[] memory logs,
        bytes32 headBefore,
        IConsignments consignments
    ) internal view returns (Told[] memory acceptances) {
        acceptances = new Told[](logs.length);
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IConsignments.StatementAccepted.selector) continue;
            Told memory acceptance = _read(logs[i]);
            uint8 milestone = acceptance.statement.milestone;
            bool isHeadless =
                milestone == Milestone.STOPPED || milestone == Milestone.HELD || milestone == Milestone.REFUSED;
            acceptance.statement.previousHead = isHeadless ? bytes32(0) : headBefore;
            acceptance.digest = consignments.statementDigest(acceptance.statement);
            acceptance.head = keccak256(abi.encode(headBefore, acceptance.digest, acceptance.key));
            headBefore = acceptance.head;
            acceptances[count++] = acceptance;
        }
        assembly ("memory-safe") {
            mstore(acceptances, count)
        }
    }

    function _read(Vm.Log memory log) private pure returns (Told memory acceptance) {
        IConsignments.Statement memory statement = acceptance.statement;
        (statement.consignment, statement.commitment) = (log.topics[1], log.topics[2]);
        uint256 packed = _word(log, 0);
        acceptance.key = address(uint160(packed));
        statement.milestone = uint8(packed >> 160);
        statement.side = uint8(packed >> 168);
        statement.role = uint8(packed >> 176);
        uint256 times = _word(log, 1);
        statement.eventTime = uint64(times);
        statement.signedTime = uint64(times >> 64);
        statement.validUntil = uint64(times >> 128);
        acceptance.position = uint32(times >> 192);
        statement.counterparty = address(uint160(_word(log, 3)));
        statement.terms = bytes32(_word(log, 4));
        statement.detail = bytes32(_word(log, 5));
    }

    function _word(Vm.Log memory log, uint256 index) private pure returns (uint256 word) {
        bytes memory data = log.data;
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), mul(index, 0x20)))
        }
    }
}
