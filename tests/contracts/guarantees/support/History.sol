// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Vm} from "../../support/Vm.sol";

/// @notice What the contract told of a statement that it accepted. The one place of the guarantees' tests that reads events.
library History {
    struct Told {
        bytes32 consignment;
        uint8 milestone;
        address key;
        uint32 position;
        bytes32 digest;
        bytes32 head;
    }

    /// @notice The acceptances among the logs, in order; observations are not part of a history.
    function told(Vm.Log[] memory logs) internal pure returns (Told[] memory acceptances) {
        acceptances = new Told[](logs.length);
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IConsignments.StatementAccepted.selector) acceptances[count++] = _read(logs[i]);
        }
        assembly ("memory-safe") {
            mstore(acceptances, count)
        }
    }

    function _read(Vm.Log memory log) private pure returns (Told memory acceptance) {
        acceptance.consignment = log.topics[1];
        (acceptance.milestone,,,, acceptance.key, acceptance.position, acceptance.digest, acceptance.head) =
            abi.decode(log.data, (uint8, uint8, uint8, bytes2, address, uint32, bytes32, bytes32));
    }
}
