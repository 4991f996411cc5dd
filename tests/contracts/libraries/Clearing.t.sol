// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsignments} from "contracts/interfaces/IConsignments.sol";
import {Channel, Clearance, Inspection, Milestone, Phase, Role, Side} from "contracts/types/Vocabulary.sol";
import {Consortium} from "../support/Consortium.sol";

/// @notice Rows 13 to 30 of docs/transitions.md: what each does, and each way in which it is refused.
contract ClearingTest is Consortium {
    function setUp() public override {
        super.setUp();
        _register();
    }

    // 13 declared to 16 amended

    function test_Declared_ByTheExporterTheImporterOrTheBrokerAppointed() public {
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.DECLARED, Role.BROKER, Side.IMPORT);
        _refuses(broker, s, _error(IConsignments.NotDeclarant.selector, _number(broker), uint256(Side.IMPORT)));
        s = _statement(Milestone.APPOINTED, Role.IMPORTER, Side.IMPORT);
        s.counterparty = broker.account;
        _state(importer, s);
        _state(broker, Milestone.DECLARED, Role.BROKER, Side.IMPORT);
        assertEq(_now().exportSide.clearance, Clearance.DECLARED);
        assertEq(_now().importSide.clearance, Clearance.DECLARED);
    }

    function test_Declared_RefusesStrangersOtherSidesAndDeclaringTwice() public {
        _admit(korea, stranger, _bit(Role.EXPORTER));
        IConsignments.Statement memory s = _statement(Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _refuses(stranger, s, _error(IConsignments.NotParty.selector, _number(stranger), uint256(Role.EXPORTER)));
        s.side = Side.IMPORT;
        _refuses(exporter, s, _error(IConsignments.RoleNotFitting.selector, uint256(13), uint256(Role.EXPORTER)));
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        s = _statement(Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _refuses(exporter, s, _clearanceForbids(Milestone.DECLARED, Side.EXPORT, Clearance.DECLARED));
    }

    function test_Declared_ForImportByNobodyUntilAnImporterIsNamed() public {
        ucr = "another";
        id = _idOf(exporter, ucr);
        IConsignments.Statement memory s = _registration();
        s.counterparty = address(0);
        _state(exporter, s);
        s = _statement(Milestone.DECLARED, Role.IMPORTER, Side.IMPORT);
        _refuses(importer, s, _error(IConsignments.NotParty.selector, _number(importer), uint256(Role.IMPORTER)));
    }

    function test_Declaration_IsAcceptedRejectedAndDeclaredAgain() public {
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.ACCEPTED);
        IConsignments.Statement memory s = _statement(Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.ACCEPTED));
        _state(korea, Milestone.DECLARATION_REJECTED, Role.AUTHORITY, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.REJECTED);
        s = _statement(Milestone.DECLARATION_REJECTED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.REJECTED));
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.DECLARED);
    }

    function test_Authority_DecidesOnItsOwnSideOnly() public {
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        bytes memory refusal =
            _error(IConsignments.OutsideJurisdiction.selector, _number(netherlands), bytes32("NL"), bytes32("KR"));
        uint8[14] memory decisions = [14, 15, 17, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30];
        for (uint256 i = 0; i < decisions.length; ++i) {
            _refuses(netherlands, _statement(decisions[i], Role.AUTHORITY, Side.EXPORT), refusal);
        }
    }

    function test_Amended_BeginsTheClearanceAnewButForAStop() public {
        IConsignments.Statement memory s = _statement(Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        _refuses(exporter, s, _clearanceForbids(Milestone.AMENDED, Side.EXPORT, Clearance.NONE));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.GREEN, true);
        _settle(korea, Side.EXPORT);
        _state(korea, Milestone.DOCUMENTS_REQUESTED, Role.AUTHORITY, Side.EXPORT);
        _inspect(korea, Side.EXPORT, 0x02);
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _state(exporter, Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        IConsignments.SideState memory side = _now().exportSide;
        assertEq(side.clearance, Clearance.DECLARED);
        assertEq(side.channel, Channel.CLOSED);
        assertEq(side.assessment, 0);
        assertEq(side.inspection, Inspection.NONE);
        assertFalse(side.documentsPending);
        assertFalse(side.dutiesMet);
        assertTrue(side.stopped);
        s = _opening(Milestone.DOCUMENTS_REQUESTED, Channel.YELLOW);
        _state(korea, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, Side.EXPORT);
        s.previousHead = consignments.head(id);
        _refuses(korea, s, _error(IConsignments.AssessmentMissing.selector, uint256(Side.EXPORT)));
    }

    // 17 documents requested to 19 duties settled

    function test_Documents_AreRequestedAndReceived() public {
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.DOCUMENTS_RECEIVED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _error(IConsignments.DocumentsNotPending.selector, uint256(Side.EXPORT)));
        _assess(korea, Side.EXPORT, Channel.YELLOW, false);
        _state(korea, _opening(Milestone.DOCUMENTS_REQUESTED, Channel.YELLOW));
        assertEq(_now().exportSide.channel, Channel.YELLOW);
        assertTrue(_now().exportSide.documentsPending);
        s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _error(IConsignments.DocumentsPending.selector, uint256(Side.EXPORT)));
        _state(korea, Milestone.DOCUMENTS_RECEIVED, Role.AUTHORITY, Side.EXPORT);
        _state(korea, Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        s = _statement(Milestone.DOCUMENTS_REQUESTED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.RELEASED));
    }

    function test_DutiesSettled_SaysHow() public {
        IConsignments.Statement memory s = _statement(Milestone.DUTIES_SETTLED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x03));
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.NONE));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        s.previousHead = consignments.head(id);
        s.terms = 0;
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(19), s.terms));
        s.terms = bytes32(bytes1(0x04));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(19), s.terms));
        s.terms = bytes32(bytes2(0x0101));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(19), s.terms));
        s.terms = bytes32(bytes1(0x03));
        _state(korea, s);
        assertTrue(_now().exportSide.dutiesMet);
    }

    // 20 assessed

    function test_Assessed_RecordsACommitmentAndOpensGreenOnly() public {
        IConsignments.Statement memory s = _opening(Milestone.ASSESSED, Channel.GREEN);
        s.detail = _assessment(Channel.GREEN);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.NONE));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        s.previousHead = consignments.head(id);
        s.detail = 0;
        _refuses(korea, s, _error(IConsignments.DetailMissing.selector, uint256(Milestone.ASSESSED)));
        s.detail = _assessment(Channel.RED);
        _refuses(korea, s, _error(IConsignments.OpeningInvalid.selector, uint256(Side.EXPORT), uint256(Channel.GREEN)));
        s.terms = bytes32(uint256(Channel.RED));
        _refuses(korea, s, _error(IConsignments.ChannelForbids.selector, uint256(20), uint256(Channel.RED)));
        s.terms = bytes32(bytes1(0x01));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(20), s.terms));
        s.terms = 0;
        _state(korea, s);
        assertEq(_now().exportSide.channel, Channel.CLOSED);
        assertEq(_now().exportSide.assessment, _assessment(Channel.RED));
        _inspect(korea, Side.EXPORT, 0x02);
        _assess(korea, Side.EXPORT, Channel.GREEN, true);
        assertEq(_now().exportSide.channel, Channel.GREEN);
        assertEq(_now().exportSide.inspection, Inspection.NONE);
        _assess(korea, Side.EXPORT, Channel.RED, false);
        assertEq(_now().exportSide.channel, Channel.CLOSED);
    }

    function testFuzz_OpeningInvalid_WhateverDoesNotOpenTheCommitment(bytes32 blind, bytes32 reasons) public {
        vm.assume(blind != BLIND || reasons != REASONS);
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.RED, false);
        IConsignments.Entry memory entry = _entry(korea, _opening(Milestone.RELEASED, Channel.RED));
        entry.opening = IConsignments.Opening(blind, reasons);
        _refuses(entry, _error(IConsignments.OpeningInvalid.selector, uint256(Side.EXPORT), uint256(Channel.RED)));
    }

    // 21 stopped, 22 inspected

    function test_Stopped_StandsUntilAnInspectionIsPassed() public {
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.RED, false);
        _state(korea, _opening(Milestone.STOPPED, Channel.RED));
        assertEq(_now().exportSide.channel, Channel.RED);
        IConsignments.Statement memory s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _error(IConsignments.StopPending.selector, uint256(Side.EXPORT)));
        _inspect(korea, Side.EXPORT, 0x02);
        assertTrue(_now().exportSide.stopped);
        _inspect(korea, Side.EXPORT, 0x01);
        assertFalse(_now().exportSide.stopped);
        assertEq(_now().exportSide.inspection, Inspection.PASSED);
        _state(korea, Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
    }

    function test_Stopped_OpensRedOnlyAndSaysNothingElse() public {
        IConsignments.Statement memory s = _opening(Milestone.STOPPED, Channel.YELLOW);
        _refuses(korea, s, _error(IConsignments.ChannelForbids.selector, uint256(21), uint256(Channel.YELLOW)));
        s.terms = bytes32(uint256(1) << 8);
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(21), s.terms));
    }

    function test_Stopped_StandsAndOpensNothingWhereTheDeclarantAmendedBefore() public {
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.RED, false);
        IConsignments.Entry memory stop = _entry(korea, _opening(Milestone.STOPPED, Channel.RED));
        _state(exporter, Milestone.AMENDED, Role.EXPORTER, Side.EXPORT);
        consignments.submit(stop);
        assertTrue(_now().exportSide.stopped);
        assertEq(_now().exportSide.channel, Channel.CLOSED);
    }

    function testFuzz_Stopped_OpensOnlyTheAssessmentThatIsRecorded(bytes32 recorded) public {
        vm.assume(recorded != 0 && recorded != _assessment(Channel.RED));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.ASSESSED, Role.AUTHORITY, Side.EXPORT);
        s.detail = recorded;
        _state(korea, s);
        bytes memory invalid = _error(IConsignments.OpeningInvalid.selector, uint256(Side.EXPORT), uint256(Channel.RED));
        _refuses(korea, _opening(Milestone.STOPPED, Channel.RED), invalid);
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        assertTrue(_now().exportSide.stopped);
    }

    function test_Inspected_LiftsAStopThatCameAfterTheGoodsWereRemoved() public {
        ucr = "another";
        id = _idOf(exporter, ucr);
        _bringToImport();
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _state(exporter, Milestone.REMOVED, Role.EXPORTER);
        _state(netherlands, Milestone.STOPPED, Role.AUTHORITY, Side.IMPORT);
        _inspect(netherlands, Side.IMPORT, 0x01);
        assertFalse(_now().importSide.stopped);
    }

    function test_Inspected_OnlyWhereTheGoodsAre() public {
        IConsignments.Statement memory s = _statement(Milestone.INSPECTED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x01));
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.NONE));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        s.previousHead = consignments.head(id);
        s.terms = bytes32(bytes1(0x03));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(22), s.terms));
        s.terms = 0;
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(22), s.terms));
        s.terms = bytes32(bytes2(0x0101));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(22), s.terms));
        s.terms = bytes32(bytes1(0x01)) | bytes32(uint256(Channel.GREEN));
        _refuses(korea, s, _error(IConsignments.ChannelForbids.selector, uint256(22), uint256(Channel.GREEN)));
        _state(importer, Milestone.DECLARED, Role.IMPORTER, Side.IMPORT);
        s = _statement(Milestone.INSPECTED, Role.AUTHORITY, Side.IMPORT);
        s.terms = bytes32(bytes1(0x01));
        _refuses(netherlands, s, _error(IConsignments.LocationMismatch.selector, bytes32("KR"), bytes32("NL")));
        _depart(exporter, Role.EXPORTER, "KRKR");
        s = _statement(Milestone.INSPECTED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x01));
        _refuses(korea, s, _error(IConsignments.PhaseForbids.selector, uint256(22), uint256(Phase.MOVING)));
    }

    // 23 released

    function test_Released_ByTheChannelOpened() public {
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.ACCEPTED));
        _assess(korea, Side.EXPORT, Channel.RED, false);
        s.previousHead = consignments.head(id);
        _refuses(korea, s, _error(IConsignments.ChannelClosed.selector, uint256(Side.EXPORT)));
        s.terms = bytes32(uint256(Channel.RED));
        _refuses(korea, s, _error(IConsignments.InspectionMissing.selector, uint256(Side.EXPORT)));
        s.terms = bytes32(uint256(4));
        _refuses(korea, s, _error(IConsignments.ChannelForbids.selector, uint256(23), uint256(4)));
        s.terms = bytes32(bytes1(0x02));
        _refuses(korea, s, _error(IConsignments.TermsInvalid.selector, uint256(23), s.terms));
        s.terms = bytes32(bytes1(0x01));
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.ASSESSED));
        _inspect(korea, Side.EXPORT, 0x02);
        s.previousHead = consignments.head(id);
        s.terms = bytes32(uint256(Channel.RED));
        _refuses(korea, s, _error(IConsignments.InspectionFailed.selector, uint256(Side.EXPORT)));
        _inspect(korea, Side.EXPORT, 0x01);
        _state(korea, _opening(Milestone.RELEASED, Channel.RED));
        assertEq(_now().exportSide.clearance, Clearance.RELEASED);
        assertEq(_now().exportSide.channel, Channel.RED);
    }

    function test_Released_ForImportOnceDutiesAreMet() public {
        _accept(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _assess(netherlands, Side.IMPORT, Channel.GREEN, true);
        IConsignments.Statement memory s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.IMPORT);
        _refuses(netherlands, s, _error(IConsignments.DutiesMissing.selector, uint256(Side.IMPORT)));
        _settle(netherlands, Side.IMPORT);
        _state(netherlands, Milestone.RELEASED, Role.AUTHORITY, Side.IMPORT);
        assertEq(_now().importSide.clearance, Clearance.RELEASED);
    }

    function test_AutomationNotGreen_WhereAMachineDecidesMoreThanGreen() public {
        _addKey(korea, stranger, 8, 0);
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.ASSESSED, Role.AUTHORITY, Side.EXPORT);
        s.detail = _assessment(Channel.YELLOW);
        bytes memory closed =
            _error(IConsignments.AutomationNotGreen.selector, _word(stranger), uint256(Channel.CLOSED));
        _refuses(stranger, s, closed);
        _assess(korea, Side.EXPORT, Channel.YELLOW, false);
        s = _opening(Milestone.RELEASED, Channel.YELLOW);
        _refuses(
            stranger, s, _error(IConsignments.AutomationNotGreen.selector, _word(stranger), uint256(Channel.YELLOW))
        );
        _assess(korea, Side.EXPORT, Channel.GREEN, true);
        _state(stranger, Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.RELEASED);
    }

    function test_Machine_AssessesAndReleasesWhatIsGreen() public {
        _addKey(korea, stranger, 8, 0);
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(stranger, Side.EXPORT, Channel.GREEN, true);
        _state(stranger, Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.RELEASED);
    }

    function test_Machine_DoesNotAssessAgainWhatAnOfficerAssessedAsRed() public {
        _addKey(korea, stranger, 8, 0);
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(korea, Side.EXPORT, Channel.RED, false);
        _inspect(korea, Side.EXPORT, 0x02);
        IConsignments.Statement memory s = _opening(Milestone.ASSESSED, Channel.GREEN);
        s.detail = _assessment(Channel.GREEN);
        _refuses(stranger, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.ASSESSED));
        assertEq(_now().exportSide.inspection, Inspection.FAILED);
        _state(korea, s);
    }

    function test_Machine_ReleasesNothingOnAppeal() public {
        _addKey(korea, stranger, 8, 0);
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(stranger, Side.EXPORT, Channel.GREEN, true);
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        IConsignments.Statement memory s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x01));
        _refuses(stranger, s, _error(IConsignments.KeyOutOfScope.selector, _word(stranger), uint256(s.milestone)));
        _state(korea, s);
        assertEq(_now().exportSide.clearance, Clearance.RELEASED);
    }

    function test_Officer_WhoseKeyMayAlsoAutomateIsAnOfficer() public {
        _addKey(korea, stranger, 10, uint64((1 << Milestone.ASSESSED) | (1 << Milestone.RELEASED)));
        _accept(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _assess(stranger, Side.EXPORT, Channel.RED, false);
        _assess(stranger, Side.EXPORT, Channel.YELLOW, false);
        _state(stranger, _opening(Milestone.RELEASED, Channel.YELLOW));
    }

    // 24 held, 25 unheld

    function test_Holds_AreLiftedEachByWhoSetIt() public {
        IConsignments.Statement memory first = _statement(Milestone.HELD, Role.AGENCY);
        IConsignments.Statement memory second = _statement(Milestone.HELD, Role.AUTHORITY);
        _state(agency, first);
        _state(netherlands, second);
        assertEq(_now().openHolds, 2);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        s.terms = consignments.statementDigest(first);
        _refuses(netherlands, s, _error(IConsignments.HoldUnknown.selector, _number(netherlands), s.terms));
        s.terms = consignments.statementDigest(second);
        _state(netherlands, s);
        assertEq(_now().openHolds, 1);
        s.previousHead = consignments.head(id);
        _refuses(netherlands, s, _error(IConsignments.HoldUnknown.selector, _number(netherlands), s.terms));
    }

    function test_Hold_OfADismissedMemberIsLiftedByAnAuthorityOfItsCountry() public {
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AGENCY);
        _state(agency, hold);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        (s.terms, s.counterparty) = (consignments.statementDigest(hold), agency.account);
        _refuses(singapore, s, _counterpartyUnexpected(agency));
        vm.prank(singapore.account);
        members.suspend(agency.account);
        _refuses(singapore, s, _counterpartyUnexpected(agency));
        vm.prank(singapore.account);
        members.dismiss(agency.account);
        _refuses(
            korea, s, _error(IConsignments.OutsideJurisdiction.selector, _number(korea), bytes32("KR"), bytes32("SG"))
        );
        _state(singapore, s);
        assertEq(_now().openHolds, 0);
        s.previousHead = consignments.head(id);
        _refuses(singapore, s, _error(IConsignments.HoldUnknown.selector, _number(agency), s.terms));
    }

    function test_Hold_OfADismissedMemberIsNotLiftedByAnotherAgencyOrForAStranger() public {
        _admit(singapore, stranger, _bit(Role.AGENCY));
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AGENCY);
        _state(agency, hold);
        vm.prank(singapore.account);
        members.dismiss(agency.account);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AGENCY);
        (s.terms, s.counterparty) = (consignments.statementDigest(hold), agency.account);
        _refuses(stranger, s, _error(IConsignments.RoleNotFitting.selector, uint256(25), uint256(Role.AGENCY)));
        s.counterparty = recovery.account;
        _refuses(stranger, s, _counterpartyUnexpected(recovery));
    }

    function test_Hold_OfARemovedAuthorityIsLiftedByItsSuccessor() public {
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AUTHORITY);
        _state(singapore, hold);
        _decide(abi.encodeCall(members.proposeAddition, (_founder(_actor("Zoll"), DE), 2)));
        _decide(abi.encodeCall(members.proposeRemoval, (singapore.account, 2)));
        _decide(abi.encodeCall(members.proposeAddition, (_founder(stranger, SG), 2)));
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        (s.terms, s.counterparty) = (consignments.statementDigest(hold), singapore.account);
        _state(stranger, s);
        assertEq(_now().openHolds, 0);
    }

    function test_RoleNotFitting_WhereATraderLiftsAHold() public {
        IConsignments.Statement memory hold = _statement(Milestone.HELD, Role.AUTHORITY);
        _state(korea, hold);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.EXPORTER);
        s.terms = consignments.statementDigest(hold);
        _refuses(exporter, s, _error(IConsignments.RoleNotFitting.selector, uint256(25), uint256(Role.EXPORTER)));
    }

    function test_HoldUnknown_WhereItIsAStopNotAHold() public {
        IConsignments.Statement memory stop = _statement(Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _state(korea, stop);
        IConsignments.Statement memory s = _statement(Milestone.UNHELD, Role.AUTHORITY);
        s.terms = consignments.statementDigest(stop);
        _refuses(korea, s, _error(IConsignments.HoldUnknown.selector, _number(korea), s.terms));
    }

    // 26 refused to 30 abandoned

    function test_Refused_LiftsTheStopAndIsReleasedOnAppeal() public {
        IConsignments.Statement memory s = _statement(Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.NONE));
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.STOPPED, Role.AUTHORITY, Side.EXPORT);
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        assertEq(_now().exportSide.clearance, Clearance.REFUSED);
        assertFalse(_now().exportSide.stopped);
        s.commitment = "another event";
        _refuses(korea, s, _clearanceForbids(s.milestone, Side.EXPORT, Clearance.REFUSED));
        _state(agency, Milestone.HELD, Role.AGENCY);
        s = _statement(Milestone.RELEASED, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(bytes1(0x01));
        _refuses(korea, s, _error(IConsignments.ConsignmentHeld.selector, uint256(1)));
    }

    function test_Refused_EndsReturnedDestroyedSeizedOrAbandoned() public {
        uint8[4] memory milestones = [Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED];
        for (uint8 i = 0; i < 4; ++i) {
            ucr = keccak256(abi.encode(i));
            id = _idOf(exporter, ucr);
            _register();
            _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
            IConsignments.Statement memory s = _statement(milestones[i], Role.AUTHORITY, Side.EXPORT);
            _refuses(korea, s, _clearanceForbids(milestones[i], Side.EXPORT, Clearance.DECLARED));
            _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
            _state(korea, milestones[i], Role.AUTHORITY, Side.EXPORT);
            assertEq(_now().phase, Phase.RETURNED + i);
            s = _statement(Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
            s.commitment = "after the end";
            _refuses(
                korea, s, _error(IConsignments.PhaseForbids.selector, uint256(s.milestone), uint256(Phase.RETURNED + i))
            );
        }
    }

    function test_Refused_EndsOnlyGoodsThatAreInTheSidesCountryAndDoNotMove() public {
        uint8[4] memory milestones = [Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED];
        _clear(exporter, Role.EXPORTER, korea, Side.EXPORT);
        _depart(exporter, Role.EXPORTER, "KRNL");
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        for (uint256 i = 0; i < 4; ++i) {
            IConsignments.Statement memory s = _statement(milestones[i], Role.AUTHORITY, Side.EXPORT);
            _refuses(
                korea, s, _error(IConsignments.PhaseForbids.selector, uint256(milestones[i]), uint256(Phase.MOVING))
            );
        }
        _arrive(exporter, Role.EXPORTER, "NL");
        for (uint256 i = 0; i < 4; ++i) {
            IConsignments.Statement memory s = _statement(milestones[i], Role.AUTHORITY, Side.EXPORT);
            _refuses(korea, s, _error(IConsignments.LocationMismatch.selector, bytes32("NL"), bytes32("KR")));
        }
    }

    function test_Refused_EndsGoodsThatWereRemoved() public {
        ucr = "another";
        id = _idOf(exporter, ucr);
        _bringToImport();
        _clear(importer, Role.IMPORTER, netherlands, Side.IMPORT);
        _state(exporter, Milestone.REMOVED, Role.EXPORTER);
        _state(netherlands, Milestone.REFUSED, Role.AUTHORITY, Side.IMPORT);
        _state(netherlands, Milestone.SEIZED, Role.AUTHORITY, Side.IMPORT);
        assertEq(_now().phase, Phase.SEIZED);
    }

    function test_Returned_NotWhileHeld() public {
        _state(exporter, Milestone.DECLARED, Role.EXPORTER, Side.EXPORT);
        _state(korea, Milestone.REFUSED, Role.AUTHORITY, Side.EXPORT);
        _state(agency, Milestone.HELD, Role.AGENCY);
        IConsignments.Statement memory s = _statement(Milestone.RETURNED, Role.AUTHORITY, Side.EXPORT);
        _refuses(korea, s, _error(IConsignments.ConsignmentHeld.selector, uint256(1)));
        _state(korea, Milestone.SEIZED, Role.AUTHORITY, Side.EXPORT);
    }

    /// @dev Korea proposes, the Netherlands approve.
    function _decide(bytes memory call) private {
        _do(korea, call);
        _do(netherlands, abi.encodeCall(members.approve, (members.proposalCount())));
    }

    function _counterpartyUnexpected(Actor memory named) private pure returns (bytes memory) {
        return _error(IConsignments.CounterpartyUnexpected.selector, _word(named));
    }

    function _number(Actor memory actor) private view returns (uint256) {
        return _numberOf(actor);
    }

    function _accept(Actor memory declarant, uint8 role, Actor memory authority, uint8 side) private {
        _state(declarant, Milestone.DECLARED, role, side);
        _state(authority, Milestone.DECLARATION_ACCEPTED, Role.AUTHORITY, side);
    }

    function _inspect(Actor memory authority, uint8 side, bytes1 result) private {
        IConsignments.Statement memory s = _statement(Milestone.INSPECTED, Role.AUTHORITY, side);
        s.terms = bytes32(result);
        _state(authority, s);
    }

    function _opening(uint8 milestone, uint8 channel) private view returns (IConsignments.Statement memory s) {
        s = _statement(milestone, Role.AUTHORITY, Side.EXPORT);
        s.terms = bytes32(uint256(channel));
    }

    function _clearanceForbids(uint8 milestone, uint8 side, uint8 clearance) private pure returns (bytes memory) {
        return _error(IConsignments.ClearanceForbids.selector, uint256(milestone), uint256(side), uint256(clearance));
    }
}
