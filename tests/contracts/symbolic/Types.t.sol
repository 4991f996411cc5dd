// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Course, newCourse} from "contracts/types/Course.sol";
import {Key, packKey} from "contracts/types/Key.sol";
import {MAX_TRANSIT_COUNTRIES, Parties, newParties} from "contracts/types/Parties.sol";
import {Standing} from "contracts/types/Standing.sol";
import {Clearance, Phase, Role, Side, bit} from "contracts/types/Vocabulary.sol";
import {Symbolic} from "./Symbolic.sol";

/// @notice Each field of a course is read where it is drawn, and what sets it changes those bits alone (types/Course.sol).
contract CourseProofs is Symbolic {
    function check_EachFieldIsReadWhereItIsDrawn(Course course) public pure {
        uint256 word = Course.unwrap(course);
        assert(course.holder() == uint32(word));
        assert(course.offeredTo() == uint32(word >> 32));
        assert(course.position() == uint32(word >> 64));
        assert(course.openHolds() == uint32(word >> 96));
        assert(course.location() == bytes2(uint16(word >> 128)));
        assert(course.destination() == bytes2(uint16(word >> 144)));
        assert(course.exportCountry() == bytes2(uint16(word >> 160)));
        assert(course.importCountry() == bytes2(uint16(word >> 176)));
        assert(course.phase() == uint8(word >> 192));
        assert(course.departed() == (uint8(word >> 200) != 0));
    }

    function check_EachTransitCountryHasABit(Course course, uint256 index) public pure {
        vm.assume(index < MAX_TRANSIT_COUNTRIES);
        uint256 word = Course.unwrap(course);
        assert(course.hasPassed(index) == ((word >> (208 + index)) & 1 == 1));
        assert(Course.unwrap(course.withPassed(index)) == _set(word, 208 + index, 1, 1));
    }

    function check_EachFieldOfASideIsReadWhereItIsDrawn(Course course, bool isExport) public pure {
        (uint8 side, uint256 at) = _sideAt(isExport);
        uint256 word = Course.unwrap(course) >> at;
        assert(course.clearance(side) == word & 15);
        assert(course.channel(side) == (word >> 4) & 3);
        assert(course.inspection(side) == (word >> 6) & 3);
        assert(course.documentsPending(side) == ((word >> 8) & 1 == 1));
        assert(course.dutiesMet(side) == ((word >> 9) & 1 == 1));
        assert(course.stopped(side) == ((word >> 10) & 1 == 1));
    }

    function check_WhatSetsAMemberOrNumber(Course course, uint32 value) public pure {
        uint256 word = Course.unwrap(course);
        assert(Course.unwrap(course.withHolder(value)) == _set(word, 0, 32, value));
        assert(Course.unwrap(course.withOfferedTo(value)) == _set(word, 32, 32, value));
        assert(Course.unwrap(course.withOpenHolds(value)) == _set(word, 96, 32, value));
        vm.assume(course.position() < type(uint32).max);
        assert(Course.unwrap(course.withNextPosition()) == _set(word, 64, 32, course.position() + 1));
    }

    function check_WhatSetsAPlaceOrPhase(Course course, bytes2 country, uint8 phase) public pure {
        uint256 word = Course.unwrap(course);
        assert(Course.unwrap(course.withLocation(country)) == _set(word, 128, 16, uint16(country)));
        assert(Course.unwrap(course.withDestination(country)) == _set(word, 144, 16, uint16(country)));
        assert(Course.unwrap(course.withPhase(phase)) == _set(word, 192, 8, phase));
        assert(Course.unwrap(course.withDeparted()) == _set(word, 200, 8, 1));
    }

    function check_WhatSetsASide(Course course, bool isExport, uint8 value) public pure {
        vm.assume(value <= Clearance.LAST);
        (uint8 side, uint256 at) = _sideAt(isExport);
        uint256 word = Course.unwrap(course);
        assert(Course.unwrap(course.withClearance(side, value)) == _set(word, at, 4, value));
        vm.assume(value <= 3);
        assert(Course.unwrap(course.withChannel(side, value)) == _set(word, at + 4, 2, value));
        assert(Course.unwrap(course.withInspection(side, value)) == _set(word, at + 6, 2, value));
        assert(Course.unwrap(course.withDutiesMet(side)) == _set(word, at + 9, 1, 1));
        vm.assume(value <= 1);
        assert(Course.unwrap(course.withDocumentsPending(side, value == 1)) == _set(word, at + 8, 1, value));
        assert(Course.unwrap(course.withStopped(side, value == 1)) == _set(word, at + 10, 1, value));
    }

    function check_ADeclarationBeginsASideAnewButForItsStop(Course course, bool isExport) public pure {
        (uint8 side, uint256 at) = _sideAt(isExport);
        uint256 stop = course.stopped(side) ? 1 << 10 : 0;
        uint256 expected = _set(Course.unwrap(course), at, 16, stop | Clearance.DECLARED);
        assert(Course.unwrap(course.withDeclaration(side)) == expected);
    }

    function check_ANewCourseIsAtRestWithItsExporter(uint32 exporter, bytes2 from, bytes2 to) public pure {
        uint256 expected = _set(_set(exporter, 128, 16, uint16(from)), 160, 16, uint16(from));
        expected = _set(_set(expected, 176, 16, uint16(to)), 192, 8, Phase.AT_REST);
        assert(Course.unwrap(newCourse(exporter, from, to)) == expected);
    }

    function _sideAt(bool isExport) private pure returns (uint8 side, uint256 at) {
        return isExport ? (Side.EXPORT, 216) : (Side.IMPORT, 232);
    }

    function _set(uint256 word, uint256 at, uint256 width, uint256 value) private pure returns (uint256) {
        return (word & ~(((1 << width) - 1) << at)) | (value << at);
    }
}

/// @notice Each word of the parties is its own.
contract PartiesProofs is Symbolic {
    struct Read {
        uint32 exporter;
        uint32 importer;
        uint32[2] declarants;
        bytes2[6] transit;
    }

    function check_Importer(Parties parties, uint32 member) public pure {
        Read memory expected = _read(parties);
        expected.importer = member;
        _same(parties.withImporter(member), expected);
    }

    function check_Declarant(Parties parties, bool isExport, uint32 member) public pure {
        uint8 side = isExport ? Side.EXPORT : Side.IMPORT;
        Read memory expected = _read(parties);
        expected.declarants[side - 1] = member;
        _same(parties.withDeclarant(side, member), expected);
    }

    function check_Transit(Parties parties, bytes2 country) public pure {
        for (uint256 index = 0; index < MAX_TRANSIT_COUNTRIES; ++index) {
            Read memory expected = _read(parties);
            expected.transit[index] = country;
            _same(parties.withTransit(index, country), expected);
        }
    }

    function check_NewParties(uint32 exporter, uint32 importer) public pure {
        Read memory expected;
        (expected.exporter, expected.importer) = (exporter, importer);
        _same(newParties(exporter, importer), expected);
    }

    function check_ACountryIsFoundWhereItStands(Parties parties, bytes2 country) public pure {
        uint256 index = parties.indexOf(country);
        assert(index <= MAX_TRANSIT_COUNTRIES);
        if (index < MAX_TRANSIT_COUNTRIES) assert(parties.transit(index) == country);
        for (uint256 i = 0; i < index; ++i) {
            assert(parties.transit(i) != country);
        }
    }

    function _same(Parties found, Read memory expected) private pure {
        assert(keccak256(abi.encode(_read(found))) == keccak256(abi.encode(expected)));
    }

    function _read(Parties parties) private pure returns (Read memory all) {
        (all.exporter, all.importer) = (parties.exporter(), parties.importer());
        all.declarants = [parties.declarant(Side.EXPORT), parties.declarant(Side.IMPORT)];
        for (uint256 i = 0; i < MAX_TRANSIT_COUNTRIES; ++i) {
            all.transit[i] = parties.transit(i);
        }
    }
}

/// @notice What is packed into a key or a standing is read back, and a retired key differs by its end alone.
contract RegisterTypesProofs is Symbolic {
    function check_AKeyIsReadBack(
        uint32 number,
        uint8 scopes,
        uint40 validFrom,
        uint40 validUntil,
        uint64 milestones,
        uint32 generation,
        uint40 end
    ) public pure {
        Key key = packKey(number, scopes, validFrom, validUntil, milestones, generation);
        bytes memory whole = abi.encode(number, scopes, false, validFrom, validUntil, milestones, generation);
        assert(keccak256(_read(key)) == keccak256(whole));
        bytes memory ended = abi.encode(number, scopes, false, validFrom, end, milestones, generation);
        assert(keccak256(_read(key.retiredAt(end))) == keccak256(ended));
    }

    /// @dev A key with its member's place is the same key, and the member is named as its keys stand.
    function check_AMembersPlaceChangesNothingElseOfItsAddress(
        Key key,
        uint8 problem,
        bytes2 country,
        uint16 roles
    ) public pure {
        Key own = key.withPlace(problem, country, roles);
        assert(own.number() == key.number() && own.scopes() == key.scopes() && own.milestones() == key.milestones());
        assert(own.validFrom() == key.validFrom() && own.validUntil() == key.validUntil());
        assert(own.generation() == key.generation());
        vm.assume(country != 0);
        Standing named = own.standingOfMember();
        assert(own.isOwnAddress() && named.number() == key.number() && named.problem() == problem);
        assert(named.country() == country && named.roles() == roles);
        assert(named.scopes() == 0 && named.milestones() == 0 && named.limit() == 0);
    }

    function check_AStandingIsReadBack(Key key, uint8 problem, bytes2 country, uint16 roles, uint40 limit) public pure {
        Standing standing = key.standing(problem, country, roles, limit);
        assert(standing.number() == key.number() && standing.problem() == problem && standing.country() == country);
        assert(standing.roles() == roles && standing.scopes() == key.scopes());
        assert(standing.milestones() == key.milestones() && standing.limit() == limit);
    }

    function check_ARoleIsHeldByItsBit(Standing standing, uint8 role) public pure {
        vm.assume(role <= Role.LAST);
        assert(standing.holds(role) == (standing.roles() & bit(role) != 0));
    }

    function _read(Key key) private pure returns (bytes memory) {
        return abi.encode(
            key.number(),
            key.scopes(),
            key.isOwnAddress(),
            key.validFrom(),
            key.validUntil(),
            key.milestones(),
            key.generation()
        );
    }
}
