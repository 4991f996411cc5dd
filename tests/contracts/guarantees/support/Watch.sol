// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "../../support/Test.sol";
import {Lives} from "./Lives.sol";

/// @notice What forge is told to do with the lives, again and again, while the guarantees of one subject are watched.
abstract contract Watch is Test {
    struct Target {
        address addr;
        bytes4[] selectors;
    }

    Lives internal lives;

    function setUp() public virtual {
        lives = new Lives();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(lives);
    }

    function targetSelectors() public view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0].addr = address(lives);
        bytes4[11] memory selectors = [
            Lives.advance.selector,
            Lives.say.selector,
            Lives.lie.selector,
            Lives.sayTheSame.selector,
            Lives.repeatCarried.selector,
            Lives.withhold.selector,
            Lives.bring.selector,
            Lives.alter.selector,
            Lives.govern.selector,
            Lives.wait.selector,
            Lives.begin.selector
        ];
        targets[0].selectors = new bytes4[](selectors.length);
        for (uint256 i = 0; i < selectors.length; ++i) {
            targets[0].selectors[i] = selectors[i];
        }
    }
}
