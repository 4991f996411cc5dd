// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "contracts/libraries/Terms.sol";
import {isCountry} from "contracts/types/Vocabulary.sol";
import {Symbolic} from "./Symbolic.sol";

/// @notice Terms say what they are read as, and nothing beside it: two terms that are read alike are the same.
contract TermsProofs is Symbolic {
    using Terms for bytes32;

    function check_ACountryIsAllThatEndsAfterTwoBytes(bytes32 terms) public pure {
        assert(terms.endsAt(2) == (terms == bytes32(terms.countryAt(0))));
    }

    function check_ALegIsAllThatEndsAfterFourBytes(bytes32 terms) public pure {
        bytes32 leg = bytes32(terms.countryAt(0)) | (bytes32(terms.countryAt(1)) >> 16);
        assert(terms.endsAt(4) == (terms == leg));
    }

    function check_ANumberIsAllThatEndsAfterOneByte(bytes32 terms) public pure {
        assert(terms.endsAt(1) == (terms == bytes32(bytes1(terms.number()))));
    }

    function check_ANumberAndAChannelAreAll(bytes32 terms) public pure {
        bytes32 both = bytes32(bytes1(terms.number())) | bytes32(uint256(terms.channel()));
        assert(terms.isNumberAndChannel() == (terms == both));
    }

    function check_AChannelIsAll(bytes32 terms) public pure {
        assert(terms.isChannel() == (terms == bytes32(uint256(terms.channel()))));
    }

    function check_TheCountriesOfARouteStandSideBySide(bytes32 terms, uint256 index) public pure {
        vm.assume(index < 8);
        assert(terms.countryAt(index) == bytes2(uint16(uint256(terms) >> (240 - 16 * index))));
    }

    function check_ACountryIsTwoCapitals(bytes2 code) public pure {
        (uint8 first, uint8 second) = (uint8(code[0]), uint8(code[1]));
        assert(isCountry(code) == (first >= 65 && first <= 90 && second >= 65 && second <= 90));
    }
}
