// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Milestone, Phase} from "contracts/types/Vocabulary.sol";
import {Test} from "../support/Test.sol";
import {Lives} from "./support/Lives.sol";

/// @notice What the other files lean on: the lives that the fuzzer leads get somewhere.
contract LivesTest is Test {
    error NeverReached(string what, uint256 which);

    function test_TheLivesReachEveryMilestoneAndEveryEnd() public {
        Lives lives = new Lives();
        for (uint256 i = 0; i < 700; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint256 what = seed % 13;
            if (what < 3) lives.advance(seed);
            else if (what < 6) lives.say(seed);
            else if (what == 6) lives.lie(seed);
            else if (what == 7) lives.sayTheSame(seed);
            else if (what == 8) lives.repeatCarried(seed);
            else if (what == 9) lives.withhold(seed);
            else if (what == 10) lives.bring(seed);
            else if (what == 11) lives.alter(seed);
            else if (i % 3 == 0) lives.govern(seed);
            else if (i % 3 == 1) lives.wait(seed);
            else lives.begin(seed);
        }
        for (uint8 milestone = 1; milestone <= Milestone.LAST; ++milestone) {
            if (lives.accepted(milestone) == 0) revert NeverReached("milestone", milestone);
        }
        for (uint8 phase = Phase.AT_REST; phase <= Phase.LAST; ++phase) {
            if (lives.reached(phase) == 0) revert NeverReached("phase", phase);
        }
    }
}
