// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {CUSTODY_ROLES, Channel, Clearance, Milestone, Phase, Problem, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../support/Consortium.sol";

/// @notice Rows 1 to 12 and 31 to 35 of docs/transitions.md: what each does, and each way in which it is refused.
contract GoodsTest is Consortium {
    // 1 registered

    function test_Registered_StartsTheConsignmentWithItsExporter() public {
        _register();
        IConsignments.Consignment memory c = _now();
        assertEq(c.position, 1);
        assertEq(c.phase, Phase.AT_REST);
        assertEq(c.exporter, _numberOf(exporter));
        assertEq(c.holder, _numberOf(exporter));
        assertEq(c.importer, _numberOf(importer));
        assertEq(c.offeredTo, 0);
        assertEq(c.location, KR);
        assertEq(c.exportCountry, KR);
        assertEq(c.importCountry, NL);
        assertEq(c.destination, 0);
        assertEq(c.transit.length, 1);
        assertEq(c.transit[0].country, SG);
        assertFalse(c.transit[0].passed);
        assertFalse(c.departed);
    }

    function test_Registered_TakesSixTransitCountries() public {
        IConsignments.Statement memory s = _registration();
        s.terms = "KRNLSGDEFRBEUSJP";
        _state(exporter, s);
        assertEq(_now().transit.length, 6);
        assertEq(_now().transit[5].country, "JP");
    }

    function test_Registered_RefusesARouteThatIsNone() public {
        IConsignments.Statement memory s = _registration();
        s.terms = "KRNLSGDEFRBEUSJPCN";
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(1), s.terms));
        s.terms = "KR";
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32(0)));
        s.terms = "KRnl";
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32("nl")));
        s.terms = "kRNL";
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32("kR")));
        s.terms = "KR1L";
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32("1L")));
        s.terms = "KRNLS";
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32("S")));
        s.terms = bytes32(abi.encodePacked("KRNL", bytes2(0), "SG", bytes24(0)));
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32(0)));
        s.terms = "KRKR";
        _refuses(exporter, s, _error(IConsignments.CountryRepeated.selector, bytes32("KR")));
        s.terms = "KRNLSGSG";
        _refuses(exporter, s, _error(IConsignments.CountryRepeated.selector, bytes32("SG")));
        s.terms = "KRNLNL";
        _refuses(exporter, s, _error(IConsignments.CountryRepeated.selector, bytes32("NL")));
    }

    function testFuzz_Registered_TakesARouteExactlyWhereItIsOne(bytes32 terms, uint8 length) public {
        uint256 count = length % 10;
        for (uint256 i = 0; i < 32; ++i) {
            uint8 letter = i < 2 * count ? 65 + uint8(terms[i]) % 26 : 0;
            terms = terms & ~(bytes32(bytes1(0xff)) >> (8 * i)) | (bytes32(bytes1(letter)) >> (8 * i));
        }
        terms = terms & ~bytes32(bytes2(0xffff)) | (count > 0 ? bytes32("KR") : bytes32(0));
        bool isRoute = count >= 2 && count <= 8;
        for (uint256 i = 0; i < count; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (bytes2(terms << (16 * i)) == bytes2(terms << (16 * j))) isRoute = false;
            }
        }
        IConsignments.Statement memory s = _registration();
        (s.terms, s.counterparty) = (terms, address(0));
        IConsignments.Entry[] memory entries = new IConsignments.Entry[](1);
        entries[0] = _entry(exporter, s);
        assertEq(consignments.submitBatch(entries), isRoute ? 1 : 0);
        if (isRoute) assertEq(_now().transit.length, count - 2);
    }

    function test_Registered_IsBoundToItsExporterItsRoleAndItsCountry() public {
        IConsignments.Statement memory s = _registration();
        s.role = Role.CARRIER;
        _refuses(carrier, s, _error(IConsignments.RoleNotFitting.selector, uint256(1), uint256(Role.CARRIER)));
        s = _registration();
        s.terms = "SGNL";
        _refuses(
            exporter,
            s,
            _error(IConsignments.OutsideJurisdiction.selector, _numberOf(exporter), bytes32("KR"), bytes32("SG"))
        );
        _admit(korea, stranger, _bit(Role.EXPORTER));
        bytes32 theirs = _idOf(stranger, ucr);
        _refuses(stranger, _registration(), _error(IConsignments.ConsignmentIdInvalid.selector, theirs, id));
    }

    function test_Registered_RefusesAnImporterThatIsNone() public {
        IConsignments.Statement memory s = _registration();
        s.counterparty = stranger.account;
        _refuses(exporter, s, _notActive(stranger, Problem.UNKNOWN));
        s.counterparty = broker.account;
        _refuses(exporter, s, _notEligible(broker, _bit(Role.IMPORTER), NL));
        s.counterparty = importer.account;
        s.terms = "KRDE";
        _refuses(exporter, s, _notEligible(importer, _bit(Role.IMPORTER), DE));
        vm.prank(netherlands.account);
        members.suspend(importer.account);
        _refuses(exporter, _registration(), _notActive(importer, Problem.SUSPENDED));
        vm.prank(netherlands.account);
        members.dismiss(importer.account);
        _refuses(exporter, _registration(), _notActive(importer, Problem.DISMISSED));
    }

    function test_Registered_KnowsAMemberByItsOwnAddressOnly() public {
        _addKey(importer, stranger, 1, 0);
        IConsignments.Statement memory s = _registration();
        s.counterparty = stranger.account;
        _refuses(exporter, s, _notActive(stranger, Problem.UNKNOWN));
    }

    function test_Registered_ByAnotherKeyBelongsToTheMember() public {
        _addKey(exporter, stranger, 2, uint64(1) << 1);
        _state(stranger, _registration());
        assertEq(_now().exporter, _numberOf(exporter));
    }

    // 2 importer named

    function test_ImporterNamed_OnceWhereTheRegistrationNamedNone() public {
        IConsignments.Statement memory s = _registration();
        s.counterparty = address(0);
        _state(exporter, s);
        assertEq(_now().importer, 0);
        s = _naming(Milestone.IMPORTER_NAMED, Role.EXPORTER, 0, broker);
        _refuses(exporter, s, _notEligible(broker, _bit(Role.IMPORTER), NL));
        s.counterparty = address(0);
        _refuses(
            exporter, s, _error(IConsignments.CounterpartyNotActive.selector, uint256(0), uint256(Problem.UNKNOWN))
        );
        s.counterparty = importer.account;
        _refuses(carrier, _as(s, Role.CARRIER), _roleNotFitting(s.milestone, Role.CARRIER));
        _state(exporter, s);
        assertEq(_now().importer, _numberOf(importer));
        s.previousHead = consignments.head(id);
        _refuses(exporter, s, _error(IConsignments.ImporterAlreadyNamed.selector, uint256(_numberOf(importer))));
    }

    function test_ImporterNamed_RefusesAnotherExporter() public {
        _register();
        _admit(korea, stranger, _bit(Role.EXPORTER));
        _refuses(
            stranger,
            _naming(Milestone.IMPORTER_NAMED, Role.EXPORTER, 0, importer),
            _error(IConsignments.NotParty.selector, uint256(_numberOf(stranger)), uint256(Role.EXPORTER))
        );
    }

    // 3 transit added

    function test_TransitAdded_ByTheHolderOrAnAuthorityConcerned() public {
        _register();
        _state(exporter, _country(Milestone.TRANSIT_ADDED, Role.EXPORTER, "DE"));
        _state(singapore, _country(Milestone.TRANSIT_ADDED, Role.AUTHORITY, "FR"));
        assertEq(_now().transit.length, 3);
        assertEq(_now().transit[2].country, "FR");
    }

    function test_TransitAdded_RefusesWhatIsNoFurtherCountry() public {
        _register();
        IConsignments.Statement memory s = _country(Milestone.TRANSIT_ADDED, Role.EXPORTER, "SG");
        _refuses(exporter, s, _error(IConsignments.CountryRepeated.selector, bytes32("SG")));
        s.terms = "NL";
        _refuses(exporter, s, _error(IConsignments.CountryRepeated.selector, bytes32("NL")));
        s.terms = "DEFR";
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(3), s.terms));
        s.terms = 0;
        _refuses(exporter, s, _error(IConsignments.CountryInvalid.selector, bytes32(0)));
        s.terms = "DE";
        _refuses(
            carrier,
            _as(s, Role.CARRIER),
            _error(IConsignments.NotHolder.selector, uint256(_numberOf(carrier)), uint256(_numberOf(exporter)))
        );
    }

    function test_TransitAdded_RefusesASeventhCountry() public {
        IConsignments.Statement memory s = _registration();
        s.terms = "KRNLSGDEFRBEUSJP";
        _state(exporter, s);
        s = _country(Milestone.TRANSIT_ADDED, Role.EXPORTER, "CN");
        _refuses(exporter, s, _error(IConsignments.TransitCountriesFull.selector, uint256(6)));
    }

    function test_NotConcerned_WhereAnAuthorityOfAnotherCountryActs() public {
        IConsignments.Statement memory s = _registration();
        s.terms = "KRNL";
        _state(exporter, s);
        bytes memory refusal = _error(IConsignments.NotConcerned.selector, uint256(_numberOf(singapore)), bytes32("SG"));
        _refuses(singapore, _country(Milestone.TRANSIT_ADDED, Role.AUTHORITY, "DE"), refusal);
        _refuses(singapore, _statement(Milestone.HELD, Role.AUTHORITY), refusal);
        refusal = _error(IConsignments.NotConcerned.selector, uint256(_numberOf(agency)), bytes32("SG"));
        _refuses(agency, _statement(Milestone.HELD, Role.AGENCY), refusal);
    }

    // 4 appointed, 5 appointment revoked

    function test_Appointed_BySidesPartyAndRevokedByIt() public {
        _register();
        _state(exporter, _naming(Milestone.APPOINTED, Role.EXPORTER, Side.EXPORT, exportBroker));
        _state(importer, _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, broker));
        assertEq(_now().exportSide.declarant, _numberOf(exportBroker));
        assertEq(_now().importSide.declarant, _numberOf(broker));
        _state(importer, _naming(Milestone.APPOINTMENT_REVOKED, Role.IMPORTER, Side.IMPORT, broker));
        assertEq(_now().importSide.declarant, 0);
        assertEq(_now().exportSide.declarant, _numberOf(exportBroker));
    }

    function test_AppointmentRevoked_OfABrokerThatWasDismissed() public {
        _register();
        _state(importer, _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, broker));
        vm.prank(netherlands.account);
        members.dismiss(broker.account);
        _state(importer, _naming(Milestone.APPOINTMENT_REVOKED, Role.IMPORTER, Side.IMPORT, broker));
        assertEq(_now().importSide.declarant, 0);
    }

    function test_Appointed_RefusesOthersAndBrokersOfOtherCountries() public {
        _register();
        IConsignments.Statement memory s = _naming(Milestone.APPOINTED, Role.IMPORTER, Side.EXPORT, exportBroker);
        _refuses(importer, s, _roleNotFitting(Milestone.APPOINTED, Role.IMPORTER));
        s = _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, exportBroker);
        _refuses(importer, s, _notEligible(exportBroker, _bit(Role.BROKER), NL));
        s = _naming(Milestone.APPOINTMENT_REVOKED, Role.IMPORTER, Side.IMPORT, broker);
        _refuses(importer, s, _error(IConsignments.NotAppointed.selector, _word(broker), uint256(0)));
        s.counterparty = address(0);
        _refuses(importer, s, _error(IConsignments.NotAppointed.selector, uint256(0), uint256(0)));
    }

    // 6 sealed, 7 unsealed

    function test_Sealed_AndUnsealedForAReason() public {
        _register();
        _state(korea, _seal(Role.AUTHORITY));
        assertEq(_now().seal, SEAL);
        _refuses(exporter, _seal(Role.EXPORTER), _error(IConsignments.SealPresent.selector, SEAL));
        IConsignments.Statement memory s = _unseal(0x02);
        s.detail = "another";
        _refuses(exporter, s, _error(IConsignments.SealMismatch.selector, SEAL, bytes32("another")));
        _refuses(exporter, _unseal(0x00), _error(IConsignments.TermsInvalid.selector, uint256(7), bytes32(0)));
        s = _unseal(0x04);
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(7), s.terms));
        s = _unseal(0x02);
        s.terms |= bytes32(uint256(1));
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(7), s.terms));
        _state(exporter, _unseal(0x03));
        assertEq(_now().seal, 0);
        _refuses(exporter, _unseal(0x03), _error(IConsignments.SealAbsent.selector));
    }

    function test_Sealed_NeedsASealAtRestByHolderOrAuthorityHere() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.SEALED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.DetailMissing.selector, uint256(Milestone.SEALED)));
        _refuses(
            netherlands,
            _seal(Role.AUTHORITY),
            _error(IConsignments.OutsideJurisdiction.selector, _numberOf(netherlands), bytes32("NL"), bytes32("KR"))
        );
        _depart(exporter, Role.EXPORTER, "KRKR");
        _refuses(exporter, _seal(Role.EXPORTER), _phaseForbids(Milestone.SEALED, Phase.MOVING));
    }

    // 8 handover offered, 9 accepted, 10 declined

    function test_Handover_MakesTheTakerTheHolder() public {
        _register();
        _offer(exporter, Role.EXPORTER, carrier);
        assertEq(_now().offeredTo, _numberOf(carrier));
        _state(carrier, Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        assertEq(_now().holder, _numberOf(carrier));
        assertEq(_now().offeredTo, 0);
    }

    function test_Handover_IsDeclinedByTheTakerOrTakenBack() public {
        _register();
        _offer(exporter, Role.EXPORTER, carrier);
        _refuses(
            terminal,
            _statement(Milestone.HANDOVER_DECLINED, Role.TERMINAL),
            _error(IConsignments.NotOffered.selector, uint256(_numberOf(terminal)), uint256(_numberOf(carrier)))
        );
        _state(carrier, Milestone.HANDOVER_DECLINED, Role.CARRIER);
        _offer(exporter, Role.EXPORTER, carrier);
        _state(exporter, Milestone.HANDOVER_DECLINED, Role.EXPORTER);
        assertEq(_now().offeredTo, 0);
        _refuses(
            exporter,
            _statement(Milestone.HANDOVER_DECLINED, Role.EXPORTER),
            _error(IConsignments.OfferMissing.selector)
        );
    }

    function test_HandoverOffered_RefusesWhoCannotHoldGoods() public {
        _register();
        IConsignments.Statement memory s = _naming(Milestone.HANDOVER_OFFERED, Role.EXPORTER, 0, broker);
        _refuses(exporter, s, _notEligible(broker, CUSTODY_ROLES, 0));
        s.counterparty = exporter.account;
        _refuses(exporter, s, _error(IConsignments.CounterpartyIsSigner.selector, _word(exporter)));
        s.counterparty = stranger.account;
        _refuses(exporter, s, _notActive(stranger, Problem.UNKNOWN));
        s.counterparty = terminal.account;
        _refuses(
            carrier,
            _as(s, Role.CARRIER),
            _error(IConsignments.NotHolder.selector, uint256(_numberOf(carrier)), uint256(_numberOf(exporter)))
        );
        _depart(exporter, Role.EXPORTER, "KRKR");
        s.previousHead = consignments.head(id);
        _refuses(exporter, s, _phaseForbids(Milestone.HANDOVER_OFFERED, Phase.MOVING));
    }

    function test_HandoverAccepted_VouchesForTheSeal() public {
        _register();
        _state(exporter, _seal(Role.EXPORTER));
        _offer(exporter, Role.EXPORTER, carrier);
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        _refuses(carrier, s, _error(IConsignments.SealMismatch.selector, SEAL, bytes32(0)));
        s.detail = SEAL;
        _state(carrier, s);
    }

    function test_HandoverAccepted_RefusesWhomNothingWasOfferedAndGoodsThatMove() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        _refuses(carrier, s, _error(IConsignments.NotOffered.selector, uint256(_numberOf(carrier)), uint256(0)));
        _offer(exporter, Role.EXPORTER, carrier);
        _depart(exporter, Role.EXPORTER, "KRKR");
        s.previousHead = consignments.head(id);
        _refuses(carrier, s, _error(IConsignments.NotOffered.selector, uint256(_numberOf(carrier)), uint256(0)));
    }

    // 11 departed, 12 arrived, 31 transit passed

    function test_Journey_GoesThroughTheTransitCountryToTheImportCountry() public {
        _register();
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRSG");
        assertEq(_now().phase, Phase.MOVING);
        assertEq(_now().destination, SG);
        assertTrue(_now().departed);
        _arrive(exporter, Role.EXPORTER, "SG");
        assertEq(_now().location, SG);
        assertEq(_now().destination, 0);
        _refuses(exporter, _leg("SGNL"), _error(IConsignments.TransitNotPassed.selector, bytes32("SG")));
        _state(singapore, _country(Milestone.TRANSIT_PASSED, Role.AUTHORITY, "SG"));
        assertTrue(_now().transit[0].passed);
        _depart(exporter, Role.EXPORTER, "SGNL");
        _arrive(exporter, Role.EXPORTER, "NL");
        assertEq(_now().location, NL);
        _refuses(exporter, _leg("NLKR"), _error(IConsignments.ImportCountryNotLeft.selector, bytes32("NL")));
        _depart(exporter, Role.EXPORTER, "NLNL");
    }

    function test_Departed_RefusesWhatIsNoLegFromHere() public {
        _register();
        _refuses(exporter, _leg("KRSG"), _error(IConsignments.ReleaseMissing.selector, bytes32("KR")));
        _refuses(exporter, _leg("SGNL"), _error(IConsignments.LocationMismatch.selector, bytes32("KR"), bytes32("SG")));
        _refuses(exporter, _leg("KRDE"), _error(IConsignments.CountryNotConcerned.selector, bytes32("DE")));
        _refuses(exporter, _leg("KRSGNL"), _error(IConsignments.TermsInvalid.selector, uint256(11), bytes32("KRSGNL")));
        _refuses(exporter, _leg("KR"), _error(IConsignments.CountryInvalid.selector, bytes32(0)));
        _refuses(exporter, _leg("krSG"), _error(IConsignments.CountryInvalid.selector, bytes32("kr")));
        _state(exporter, _seal(Role.EXPORTER));
        _refuses(exporter, _leg("KRKR"), _error(IConsignments.SealMismatch.selector, SEAL, bytes32(0)));
    }

    function test_Departed_RefusesWhatIsHeldStoppedRefusedOrMoving() public {
        _register();
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AGENCY);
        _state(agency, hold);
        _refuses(exporter, _leg("KRKR"), _error(IConsignments.ConsignmentHeld.selector, uint256(1)));
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AGENCY);
        s.terms = consignments.statementDigest(hold);
        _state(agency, s);
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _refuses(exporter, _leg("KRKR"), _error(IConsignments.StopPending.selector, uint256(Side.EXPORT)));
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        _refuses(exporter, _leg("KRKR"), _error(IConsignments.SideRefused.selector, uint256(Side.EXPORT)));
        s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x01));
        _state(korea, s);
        _depart(exporter, Role.EXPORTER, "KRKR");
        _refuses(exporter, _leg("KRKR"), _phaseForbids(Milestone.DEPARTED, Phase.MOVING));
    }

    function test_Departed_GoodsStoppedForImportTravelToWhereTheyCanBeInspected() public {
        _register();
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _state(importer, Milestone.DECLARED, Role.IMPORTER, Side.IMPORT);
        _state(netherlands, Milestone.STOPPED, Role.AUTHORITY, Side.IMPORT);
        _depart(exporter, Role.EXPORTER, "KRSG");
        _arrive(exporter, Role.EXPORTER, "SG");
        _state(singapore, _country(Milestone.TRANSIT_PASSED, Role.AUTHORITY, "SG"));
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "SGNL");
        _arrive(exporter, Role.EXPORTER, "NL");
        _refuses(exporter, _leg("NLNL"), _error(IConsignments.StopPending.selector, uint256(Side.IMPORT)));
        IConsignments.Statement memory s = _statement(Milestone.INSPECTED, Role.AUTHORITY, Side.IMPORT);
        s.terms = bytes32(bytes1(0x01));
        _state(netherlands, s);
        assertFalse(_now().importSide.stopped);
        _depart(exporter, Role.EXPORTER, "NLNL");
    }

    function test_Departed_FromATransitCountryNotWhileHeld() public {
        _register();
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRSG");
        _arrive(exporter, Role.EXPORTER, "SG");
        _state(agency, Milestone.HELD, Role.AGENCY);
        _refuses(exporter, _leg("SGSG"), _error(IConsignments.ConsignmentHeld.selector, uint256(1)));
    }

    function test_Departed_TakesAnOfferOfCustodyBack() public {
        _register();
        _offer(exporter, Role.EXPORTER, carrier);
        _depart(exporter, Role.EXPORTER, "KRKR");
        assertEq(_now().offeredTo, 0);
        _arrive(exporter, Role.EXPORTER, "KR");
        IConsignments.Statement memory s = _statement(Milestone.HANDOVER_ACCEPTED, Role.CARRIER);
        _refuses(carrier, s, _error(IConsignments.NotOffered.selector, uint256(_numberOf(carrier)), uint256(0)));
    }

    function test_Unsealed_OnTheWayByTheHolderOnly() public {
        _register();
        _state(exporter, _seal(Role.EXPORTER));
        IConsignments.Statement memory s = _leg("KRKR");
        s.detail = SEAL;
        _state(exporter, s);
        s = _as(_unseal(0x01), Role.AUTHORITY);
        _refuses(korea, s, _phaseForbids(Milestone.UNSEALED, Phase.MOVING));
        _state(exporter, _unseal(0x02));
        assertEq(_now().seal, 0);
    }

    function test_Arrived_AtTheDestinationBackOrDivertedOnALegBetweenCountries() public {
        _register();
        IConsignments.Statement memory s = _country(Milestone.ARRIVED, Role.EXPORTER, "KR");
        _refuses(exporter, s, _phaseForbids(Milestone.ARRIVED, Phase.AT_REST));
        _depart(exporter, Role.EXPORTER, "KRKR");
        s = _country(Milestone.ARRIVED, Role.EXPORTER, "SG");
        _refuses(exporter, s, _error(IConsignments.ArrivalElsewhere.selector, bytes32("KR"), bytes32("SG")));
        _arrive(exporter, Role.EXPORTER, "KR");
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRNL");
        s = _country(Milestone.ARRIVED, Role.EXPORTER, "DE");
        _refuses(exporter, s, _error(IConsignments.ArrivalElsewhere.selector, bytes32("NL"), bytes32("DE")));
        s.terms = "NLSG";
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(12), bytes32("NLSG")));
        s.terms = "SG";
        s.detail = SEAL;
        _refuses(exporter, s, _error(IConsignments.SealMismatch.selector, bytes32(0), SEAL));
        _arrive(exporter, Role.EXPORTER, "SG");
    }

    function test_TransitPassed_ByTheAuthorityOfThatCountryOnce() public {
        _register();
        IConsignments.Statement memory s = _country(Milestone.TRANSIT_PASSED, Role.AUTHORITY, "SG");
        _refuses(
            korea, s, _error(IConsignments.OutsideJurisdiction.selector, _numberOf(korea), bytes32("KR"), bytes32("SG"))
        );
        s.terms = "KR";
        _refuses(korea, s, _error(IConsignments.TransitUnknown.selector, bytes32("KR")));
        s.terms = "SGKR";
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(31), bytes32("SGKR")));
        s.terms = "SG";
        _state(singapore, s);
        s.previousHead = consignments.head(id);
        _refuses(singapore, s, _error(IConsignments.TransitAlreadyPassed.selector, bytes32("SG")));
    }

    // 32 removed, 33 delivered, 34 cancelled, 35 corrected

    function test_Removed_AndDeliveredOnceReleased() public {
        _bringToImport();
        IConsignments.Statement memory s = _statement(Milestone.REMOVED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.ReleaseMissing.selector, bytes32("NL")));
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _state(exporter, Milestone.REMOVED, Role.EXPORTER);
        assertEq(_now().phase, Phase.REMOVED);
        s = _statement(Milestone.DELIVERED, Role.IMPORTER);
        _refuses(
            importer,
            s,
            _error(IConsignments.NotHolder.selector, uint256(_numberOf(importer)), uint256(_numberOf(exporter)))
        );
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AUTHORITY);
        _state(netherlands, hold);
        s = _statement(Milestone.DELIVERED, Role.IMPORTER);
        _refuses(importer, s, _error(IConsignments.ConsignmentHeld.selector, uint256(1)));
        s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        s.terms = consignments.statementDigest(hold);
        _state(netherlands, s);
        _state(importer, Milestone.DELIVERED, Role.IMPORTER);
        assertEq(_now().phase, Phase.DELIVERED);
        _refuses(korea, _statement(Milestone.HELD, Role.AUTHORITY), _phaseForbids(Milestone.HELD, Phase.DELIVERED));
    }

    function test_Removed_RefusesElsewhereMovingHeldOrAnotherSeal() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.REMOVED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.LocationMismatch.selector, bytes32("KR"), bytes32("NL")));
        _depart(exporter, Role.EXPORTER, "KRKR");
        s = _statement(Milestone.REMOVED, Role.EXPORTER);
        _refuses(exporter, s, _phaseForbids(Milestone.REMOVED, Phase.MOVING));
        _arrive(exporter, Role.EXPORTER, "KR");
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRNL");
        _arrive(exporter, Role.EXPORTER, "NL");
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        s = _statement(Milestone.REMOVED, Role.EXPORTER);
        s.detail = SEAL;
        _refuses(exporter, s, _error(IConsignments.SealMismatch.selector, bytes32(0), SEAL));
        _state(netherlands, Milestone.STOPPED, Role.AUTHORITY, Side.IMPORT);
        s = _statement(Milestone.REMOVED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.StopPending.selector, uint256(Side.IMPORT)));
    }

    function test_Removed_AndDeliveredWhateverTheExportSideStopsOrRefusesAfterwards() public {
        _bringToImport();
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _state(exporter, Milestone.REMOVED, Role.EXPORTER);
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        _state(importer, Milestone.DELIVERED, Role.IMPORTER);
        assertEq(_now().phase, Phase.DELIVERED);
    }

    function test_Delivered_RefusesGoodsThatWereRefusedAfterTheyWereRemovedUntilAnAppeal() public {
        _bringToImport();
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _state(exporter, Milestone.REMOVED, Role.EXPORTER);
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        _state(netherlands, Milestone.REFUSED, Role.AUTHORITY, Side.IMPORT);
        IConsignments.Statement memory s = _statement(Milestone.DELIVERED, Role.IMPORTER);
        _refuses(importer, s, _error(IConsignments.SideRefused.selector, uint256(Side.IMPORT)));
        s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.IMPORT);
        s.terms = bytes32(bytes1(0x01));
        _state(netherlands, s);
        _state(importer, Milestone.DELIVERED, Role.IMPORTER);
    }

    function test_Delivered_RefusesGoodsThatWereNotRemovedAndOtherImporters() public {
        _register();
        _handOver(exporter, Role.EXPORTER, importer, Role.IMPORTER);
        IConsignments.Statement memory s = _statement(Milestone.DELIVERED, Role.IMPORTER);
        _refuses(importer, s, _phaseForbids(Milestone.DELIVERED, Phase.AT_REST));
        _admit(netherlands, stranger, _bit(Role.IMPORTER));
        _refuses(
            stranger, s, _error(IConsignments.NotParty.selector, uint256(_numberOf(stranger)), uint256(Role.IMPORTER))
        );
    }

    function test_Cancelled_BeforeDepartureByTheExporterWhoHolds() public {
        _register();
        IConsignments.Statement memory s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        _state(exporter, s);
        assertEq(_now().phase, Phase.CANCELLED);
    }

    function test_Cancelled_RefusesOnceHandedOverDepartedOrStopped() public {
        _register();
        _depart(exporter, Role.EXPORTER, "KRKR");
        IConsignments.Statement memory s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        _refuses(exporter, s, _phaseForbids(Milestone.CANCELLED, Phase.MOVING));
        _arrive(exporter, Role.EXPORTER, "KR");
        s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.AlreadyDeparted.selector));
        _handOver(exporter, Role.EXPORTER, carrier, Role.CARRIER);
        s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        _refuses(
            exporter,
            s,
            _error(IConsignments.NotHolder.selector, uint256(_numberOf(exporter)), uint256(_numberOf(carrier)))
        );
        ucr = keccak256("another");
        id = _idOf(exporter, ucr);
        _register();
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        s = _statement(Milestone.CANCELLED, Role.EXPORTER);
        _refuses(exporter, s, _error(IConsignments.StopPending.selector, uint256(Side.EXPORT)));
    }

    function test_Cancelled_WhateverTheImportSideStopped() public {
        _register();
        _state(netherlands, Milestone.STOPPED, Role.AUTHORITY, Side.IMPORT);
        _state(exporter, Milestone.CANCELLED, Role.EXPORTER);
        assertEq(_now().phase, Phase.CANCELLED);
    }

    function test_Corrected_InEveryPhaseByWhoeverIsConcerned() public {
        _register();
        _state(importer, _naming(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT, broker));
        _state(exporter, Milestone.CANCELLED, Role.EXPORTER);
        bytes32 before = keccak256(abi.encode(_withoutHead()));
        _state(exporter, _correction(Role.EXPORTER));
        _state(importer, _correction(Role.IMPORTER));
        _state(broker, _correction(Role.BROKER));
        _state(singapore, _correction(Role.AUTHORITY));
        _state(agency, _correction(Role.AGENCY));
        assertEq(keccak256(abi.encode(_withoutHead())), before);
        assertEq(_now().position, 8);
        _state(carrier, Milestone.OBSERVED, Role.CARRIER);
    }

    function test_Corrected_RefusesStrangersAndCorrectionsOfNothing() public {
        _register();
        IConsignments.Statement memory s = _correction(Role.EXPORTER);
        s.terms = 0;
        _refuses(exporter, s, _error(IConsignments.TermsInvalid.selector, uint256(35), bytes32(0)));
        _refuses(
            broker,
            _correction(Role.BROKER),
            _error(IConsignments.NotDeclarant.selector, uint256(_numberOf(broker)), uint256(0))
        );
        _refuses(
            carrier,
            _correction(Role.CARRIER),
            _error(IConsignments.NotHolder.selector, uint256(_numberOf(carrier)), uint256(_numberOf(exporter)))
        );
        _admit(korea, stranger, _bit(Role.AUDITOR));
        _refuses(stranger, _correction(Role.AUDITOR), _roleNotFitting(Milestone.CORRECTED, Role.AUDITOR));
    }

    function test_RoleNotFitting_WhereTheTableNamesAnotherRole() public {
        _register();
        _refuses(
            korea,
            _naming(Milestone.HANDOVER_OFFERED, Role.AUTHORITY, 0, carrier),
            _roleNotFitting(Milestone.HANDOVER_OFFERED, Role.AUTHORITY)
        );
        _refuses(agency, _as(_seal(Role.EXPORTER), Role.AGENCY), _roleNotFitting(Milestone.SEALED, Role.AGENCY));
        _refuses(broker, _as(_seal(Role.EXPORTER), Role.BROKER), _roleNotFitting(Milestone.SEALED, Role.BROKER));
    }

    // Statements

    function _seal(uint8 role) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.SEALED, role);
        s.detail = SEAL;
    }

    function _unseal(bytes1 reason) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.UNSEALED, Role.EXPORTER);
        (s.terms, s.detail) = (bytes32(reason), SEAL);
    }

    function _leg(bytes32 terms) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.DEPARTED, Role.EXPORTER);
        s.terms = terms;
    }

    function _country(
        uint8 milestone,
        uint8 role,
        bytes32 country
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, role);
        s.terms = country;
    }

    function _naming(
        uint8 milestone,
        uint8 role,
        uint8 side,
        Actor memory named
    ) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, role, side);
        s.counterparty = named.account;
    }

    function _correction(uint8 role) private view returns (IConsignments.Statement memory s) {
        s = _statement(Milestone.CORRECTED, role);
        s.terms = "the statement corrected";
    }

    function _as(
        IConsignments.Statement memory s,
        uint8 role
    ) private pure returns (IConsignments.Statement memory other) {
        other = abi.decode(abi.encode(s), (IConsignments.Statement));
        other.role = role;
    }

    function _withoutHead() private view returns (IConsignments.Consignment memory c) {
        c = _now();
        (c.head, c.position) = (0, 0);
    }

    // Refusals

    function _notActive(Actor memory named, uint8 problem) private pure returns (bytes memory) {
        return _error(IConsignments.CounterpartyNotActive.selector, _word(named), uint256(problem));
    }

    function _notEligible(Actor memory named, uint16 roles, bytes2 country) private pure returns (bytes memory) {
        return _error(IConsignments.CounterpartyNotEligible.selector, _word(named), uint256(roles), bytes32(country));
    }

    function _phaseForbids(uint8 milestone, uint8 phase) private pure returns (bytes memory) {
        return _error(IConsignments.PhaseForbids.selector, uint256(milestone), uint256(phase));
    }

    function _roleNotFitting(uint8 milestone, uint8 role) private pure returns (bytes memory) {
        return _error(IConsignments.RoleNotFitting.selector, uint256(milestone), uint256(role));
    }
}
