// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Milestone, Role} from "contracts/types/Vocabulary.sol";
import {Watch} from "./support/Watch.sol";
import {World} from "./support/World.sol";

/// @notice Who has the goods, under which seal, on whose way: over many lives at once.
contract CustodyInvariants is Watch {
    /// @custom:guarantee one-holder
    function invariant_AConsignmentHasExactlyOneHolder() public view {
        lives.requireKept("one-holder");
        for (uint256 i = 0; i < lives.lives(); ++i) {
            IConsignments.Consignment memory c = lives.lifeAt(i);
            assertTrue(c.holder != 0 && c.holder != c.offeredTo);
        }
    }

    /// @custom:guarantee custody-by-consent
    function invariant_CustodyPassesOnlyToWhomItWasOfferedAndWhoAccepts() public view {
        lives.requireKept("custody-by-consent");
    }

    /// @custom:guarantee seal-is-named
    function invariant_GoodsChangeHandsAndPlaceOnlyUnderTheSealRecorded() public view {
        lives.requireKept("seal-is-named");
    }

    /// @custom:guarantee parties-and-route-stay
    function invariant_PartiesAndRouteAreNeverRewritten() public view {
        lives.requireKept("parties-and-route-stay");
    }

    /// @custom:guarantee one-id-one-exporter
    function invariant_AConsignmentIsRegisteredOnceByItsExporter() public view {
        lives.requireKept("one-id-one-exporter");
    }
}

/// @notice The same, case by case.
contract CustodyTest is World {
    /// @custom:guarantee custody-by-consent one-holder
    function testFuzz_OnlyTheOneOfferedBecomesTheHolder(uint256 seed, uint256 who) public {
        _register();
        _lead(seed, seed % 24);
        who = bound(who, 0, STRANGER);
        IConsignments.Consignment memory before = _now();
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, cast[who].role);
        s.detail = before.seal;
        bool isAccepted = _offers(_entry(cast[who].signer, s));
        bool isOffered = before.offeredTo != 0
            && (placeOf[before.offeredTo] == who || (who == CARRIERS_OFFICER && placeOf[before.offeredTo] == CARRIER));
        assertTrue(!isAccepted || isOffered);
        assertEq(_now().holder, isAccepted ? before.offeredTo : before.holder);
    }

    /// @custom:guarantee seal-is-named
    function testFuzz_AnotherSealThanTheOneRecordedIsRefused(bytes32 recorded, bytes32 named) public {
        vm.assume(recorded != 0 && recorded != named);
        _register();
        IConsignments.Statement memory s = _statement(Milestone.SEALED, cast[EXPORTER].role);
        s.detail = recorded;
        _state(exporter, s);
        s = _statement(Milestone.DEPARTED, cast[EXPORTER].role);
        s.terms = "KRKR";
        s.detail = named;
        _refuses(exporter, s, _error(IConsignments.SealMismatch.selector, recorded, named));
        _offer(exporter, cast[EXPORTER].role, carrier);
        s = _statement(Milestone.HANDOVER_ACCEPTED, cast[CARRIER].role);
        s.detail = named;
        _refuses(carrier, s, _error(IConsignments.SealMismatch.selector, recorded, named));
    }

    /// @custom:guarantee parties-and-route-stay
    function testFuzz_NoImporterIsNamedTwiceAndNoCountryDropped(uint256 seed, uint256 who, bytes2 country) public {
        _register();
        _lead(seed, seed % 24);
        IConsignments.Consignment memory before = _now();
        Actor memory second = _actor("second importer");
        _admit(netherlands, second, _bit(Role.IMPORTER));
        IConsignments.Statement memory s = _statement(Milestone.IMPORTER_NAMED, Role.EXPORTER);
        s.counterparty = second.account;
        assertFalse(_offers(_entry(exporter, s)));
        who = bound(who, 0, STRANGER);
        s = _statement(Milestone.TRANSIT_ADDED, cast[who].role);
        s.terms = bytes32(seed % 2 == 0 ? country : cast[seed % 4].country);
        bool isAdded = _offers(_entry(cast[who].signer, s));
        IConsignments.Consignment memory c = _now();
        assertEq(c.importer, before.importer);
        assertEq(c.transit.length, before.transit.length + (isAdded ? 1 : 0));
        assertTrue(!isAdded || !_isConcerned(before, bytes2(s.terms)));
        for (uint256 i = 0; i < before.transit.length; ++i) {
            assertEq(c.transit[i].country, before.transit[i].country);
        }
    }

    /// @custom:guarantee one-id-one-exporter
    function testFuzz_NobodyRegistersUnderTheIdOfAnother(uint256 who, bytes32 ucrCommitment, bool isFirst) public {
        if (!isFirst) _register();
        who = bound(who, 0, STRANGER);
        vm.assume(who != EXPORTER);
        IConsignments.Statement memory s = _registration();
        s.detail = isFirst ? ucr : ucrCommitment;
        s.role = cast[who].role;
        assertFalse(_offers(_entry(cast[who].signer, s)));
        assertEq(_now().exporter, isFirst ? 0 : _numberOf(exporter));
    }
}
