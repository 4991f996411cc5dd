// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMembers} from "contracts/interfaces/IMembers.sol";
import {IStandingErrors} from "contracts/interfaces/IStandingErrors.sol";
import {Standing} from "contracts/types/Standing.sol";
import {ALL_MILESTONES, Problem, Role, Status} from "contracts/types/Vocabulary.sol";
import {Consortium} from "./support/Consortium.sol";

/// @notice Founding, members and their keys, and what an authority does in its own country.
contract MembersTest is Consortium {
    uint40 private constant FOREVER = type(uint40).max;

    // Founding

    function test_Founding_SeatsTheAuthorities() public view {
        address[] memory accounts = members.authorities();
        assertEq(accounts.length, 3);
        assertEq(accounts[2], netherlands.account);
        assertEq(members.authorityCount(), 3);
        assertEq(members.threshold(), 2);
        assertEq(members.authorityOf(SG), _numberOf(singapore));
        assertEq(members.authorityOf(DE), 0);
        assertEq(members.recoveryKey(), address(0));
        assertEq(members.predecessor(), address(0));
        assertEq(members.memberCount(), 10);
    }

    function test_Founding_OfTwoNeedsARecoveryKey() public {
        IMembers.Founder[] memory founders = _founders(2);
        vm.expectRevert(_error(IMembers.RecoveryKeyMissing.selector));
        _newMembers(founders, 2, address(0), address(0));
        IMembers two = _newMembers(founders, 2, recovery.account, address(members));
        assertEq(two.recoveryKey(), recovery.account);
        assertEq(two.predecessor(), address(members));
    }

    function test_Founding_RefusesAnythingButTwoToAllButOne() public {
        _refusesFounding(1, 2, _error(IMembers.TooFewAuthorities.selector, uint256(1)));
        _refusesFounding(0, 2, _error(IMembers.TooFewAuthorities.selector, uint256(0)));
        _refusesFounding(2, 1, _error(IMembers.ThresholdInvalid.selector, uint256(1), uint256(2)));
        _refusesFounding(3, 3, _error(IMembers.ThresholdInvalid.selector, uint256(3), uint256(3)));
        _refusesFounding(3, 1, _error(IMembers.ThresholdInvalid.selector, uint256(1), uint256(3)));
        _refusesFounding(5, 5, _error(IMembers.ThresholdInvalid.selector, uint256(5), uint256(5)));
    }

    function test_Founding_RefusesACountryWithOneLetterThatIsNoCapital() public {
        bytes2[8] memory wrong = [bytes2("kR"), "1R", "@R", "[R", "Kr", "K1", "K@", "K["];
        IMembers.Founder[] memory founders = _founders(3);
        for (uint256 i = 0; i < wrong.length; ++i) {
            founders[2].country = wrong[i];
            vm.expectRevert(_error(IMembers.CountryInvalid.selector, bytes32(wrong[i])));
            _newMembers(founders, 2, address(0), address(0));
        }
        founders[2].country = "AZ";
        _newMembers(founders, 2, address(0), address(0));
    }

    function test_Founding_RefusesACountryTwiceAndTheRecoveryKeyAsMember() public {
        IMembers.Founder[] memory founders = _founders(3);
        founders[2].country = KR;
        vm.expectRevert(_error(IMembers.CountryGoverned.selector, bytes32("KR"), bytes32(uint256(1))));
        _newMembers(founders, 2, address(0), address(0));
        founders[2].country = "k1";
        vm.expectRevert(_error(IMembers.CountryInvalid.selector, bytes32("k1")));
        _newMembers(founders, 2, address(0), address(0));
        founders[2].country = NL;
        vm.expectRevert(_error(IMembers.AddressTaken.selector, _word(singapore)));
        _newMembers(founders, 2, singapore.account, address(0));
    }

    // Admission

    function test_Admit_GivesANumberAndAFirstKeyOfEveryScopeButAutomation() public {
        vm.expectEmit(address(members));
        emit IMembers.MemberAdmitted(
            11,
            stranger.account,
            KR,
            _bit(Role.CARRIER),
            keccak256("encryption"),
            keccak256("checkpoint"),
            "stranger",
            korea.account
        );
        _admit(korea, stranger, _bit(Role.CARRIER));
        IMembers.Member memory m = members.memberOf(stranger.account);
        assertEq(m.number, 11);
        assertEq(m.account, stranger.account);
        assertEq(m.country, KR);
        assertEq(m.roles, _bit(Role.CARRIER));
        assertEq(m.status, Status.ACTIVE);
        assertEq(keccak256(abi.encode(members.memberAt(11))), keccak256(abi.encode(m)));
        assertEq(members.addressOf(11), stranger.account);
        assertEq(members.encryptionKeyOf(stranger.account), keccak256("encryption"));
        IMembers.KeyRecord memory key = members.keyOf(stranger.account);
        assertEq(key.member, 11);
        assertEq(key.scopes, 7);
        assertEq(key.milestones, ALL_MILESTONES);
        assertEq(key.validFrom, NOW);
        assertEq(key.validUntil, FOREVER);
        assertTrue(key.isOwnAddress);
        assertEq(members.memberOf(recovery.account).number, 0);
    }

    function test_Admit_RefusesWhatIsIncomplete() public {
        _refusesAdmission(address(0), 4, "e", "c", "", _error(IMembers.AddressZero.selector));
        _refusesAdmission(exporter.account, 4, "e", "c", "", _error(IMembers.AddressTaken.selector, _word(exporter)));
        _refusesAdmission(stranger.account, 4, 0, "c", "", _error(IMembers.EncryptionKeyMissing.selector));
        _refusesAdmission(stranger.account, 4, "e", 0, "", _error(IMembers.CheckpointKeyMissing.selector));
        string memory long = string(new bytes(1024));
        bytes memory refusal = _error(IMembers.ProfileTooLong.selector, uint256(1024), uint256(1023));
        _refusesAdmission(stranger.account, 4, "e", "c", long, refusal);
        uint16[3] memory none = [uint16(0), 2, 1 << 10];
        for (uint256 i = 0; i < 3; ++i) {
            refusal = _error(IMembers.RolesInvalid.selector, uint256(none[i]));
            _refusesAdmission(stranger.account, none[i], "e", "c", "", refusal);
        }
    }

    function test_Authority_IsAskedOfWhoeverGoverns() public {
        bytes memory call = abi.encodeCall(members.suspend, (exporter.account));
        _refusesCall(stranger, call, _error(IStandingErrors.KeyUnknown.selector, _word(stranger)));
        _refusesCall(exporter, call, _error(IMembers.NotAuthority.selector, uint256(_numberOf(exporter))));
        bytes memory refusal = abi.encodePacked(
            IMembers.OutsideCountry.selector, uint256(_numberOf(exporter)), bytes32("KR"), bytes32("NL")
        );
        _refusesCall(netherlands, call, refusal);
        call = abi.encodeCall(members.suspend, (netherlands.account));
        refusal = _error(IMembers.MemberIsAuthority.selector, uint256(_numberOf(netherlands)));
        _refusesCall(korea, call, refusal);
        _refusesCall(netherlands, call, refusal);
        call = abi.encodeCall(members.suspend, (stranger.account));
        _refusesCall(korea, call, _error(IMembers.MemberUnknown.selector, _word(stranger)));
    }

    // Standing

    function test_Status_IsSuspendedReinstatedAndDismissed() public {
        uint256 number = _numberOf(exporter);
        _refusesCall(
            korea,
            abi.encodeCall(members.reinstate, (exporter.account)),
            _error(IMembers.StatusForbids.selector, number, uint256(Status.ACTIVE))
        );
        _do(korea, abi.encodeCall(members.suspend, (exporter.account)));
        assertEq(members.memberOf(exporter.account).status, Status.SUSPENDED);
        _refusesCall(
            korea,
            abi.encodeCall(members.suspend, (exporter.account)),
            _error(IMembers.StatusForbids.selector, number, uint256(Status.SUSPENDED))
        );
        bytes memory own = abi.encodeCall(members.replaceProfile, ("new"));
        _refusesCall(exporter, own, _error(IStandingErrors.MemberIsSuspended.selector, number));
        _do(korea, abi.encodeCall(members.reinstate, (exporter.account)));
        _do(korea, abi.encodeCall(members.dismiss, (exporter.account)));
        _refusesCall(exporter, own, _error(IStandingErrors.MemberIsDismissed.selector, number));
        bytes memory refusal = _error(IMembers.StatusForbids.selector, number, uint256(Status.DISMISSED));
        _refusesCall(korea, abi.encodeCall(members.dismiss, (exporter.account)), refusal);
        _refusesCall(korea, abi.encodeCall(members.setRoles, (exporter.account, 4)), refusal);
        _refusesCall(korea, abi.encodeCall(members.grantAeo, (exporter.account, 0, FOREVER)), refusal);
    }

    function test_SetRoles_ReplacesThem() public {
        _do(korea, abi.encodeCall(members.setRoles, (exporter.account, _bit(Role.CARRIER))));
        assertEq(members.memberOf(exporter.account).roles, _bit(Role.CARRIER));
        _refusesCall(
            korea,
            abi.encodeCall(members.setRoles, (exporter.account, 2)),
            _error(IMembers.RolesInvalid.selector, uint256(2))
        );
    }

    function test_Standings_SayWhatAStatementIsJudgedBy() public view {
        (Standing signer, Standing named) = members.standings(exporter.account, importer.account);
        assertEq(signer.number(), _numberOf(exporter));
        assertEq(signer.country(), KR);
        assertEq(signer.roles(), _bit(Role.EXPORTER));
        assertEq(signer.scopes(), 7);
        assertEq(signer.milestones(), ALL_MILESTONES);
        assertEq(signer.problem(), Problem.NONE);
        assertTrue(signer.holds(Role.EXPORTER));
        assertFalse(signer.holds(Role.CARRIER));
        assertEq(named.number(), _numberOf(importer));
        assertEq(named.country(), NL);
        (signer, named) = members.standings(stranger.account, address(0));
        assertEq(signer.problem(), Problem.UNKNOWN);
        assertEq(Standing.unwrap(named), 0);
    }

    // Keys

    function test_AddKey_BelongsToTheMemberWithinItsValidity() public {
        vm.expectEmit(address(members));
        emit IMembers.KeyAdded(
            _numberOf(exporter), stranger.account, 2, 1 << 8, uint40(NOW), uint40(NOW + 9), "ref", exporter.account
        );
        _do(exporter, _addition(exporter, stranger, 2, 1 << 8, 0, uint40(NOW + 9)));
        assertEq(members.keyOf(stranger.account).validFrom, NOW);
        assertFalse(members.keyOf(stranger.account).isOwnAddress);
        vm.warp(NOW + 9);
        (Standing signer,) = members.standings(stranger.account, address(0));
        assertEq(signer.problem(), Problem.EXPIRED);
        assertEq(signer.limit(), NOW + 9);
    }

    function test_AddKey_RefusesWhatIsNoKey() public {
        Actor memory nobody = Actor("nobody", 1, address(0));
        bytes memory refusal = _error(IMembers.AddressTaken.selector, _word(carrier));
        _refusesCall(exporter, _addition(exporter, carrier, 1, 0, 0, FOREVER), refusal);
        refusal = _error(IMembers.AddressZero.selector);
        _refusesCall(exporter, _addition(exporter, nobody, 1, 0, 0, FOREVER), refusal);
        refusal = _error(IMembers.ScopesInvalid.selector, uint256(0));
        _refusesCall(exporter, _addition(exporter, _key(7), 0, 0, 0, FOREVER), refusal);
        refusal = _error(IMembers.ScopesInvalid.selector, uint256(16));
        _refusesCall(exporter, _addition(exporter, _key(7), 16, 0, 0, FOREVER), refusal);
        refusal = _error(IMembers.MilestonesInvalid.selector, uint256(0));
        _refusesCall(exporter, _addition(exporter, _key(7), 2, 0, 0, FOREVER), refusal);
        refusal = _error(IMembers.MilestonesInvalid.selector, uint256(2));
        _refusesCall(exporter, _addition(exporter, _key(7), 1, 2, 0, FOREVER), refusal);
        refusal = _error(IMembers.MilestonesInvalid.selector, uint256(1));
        _refusesCall(exporter, _addition(exporter, _key(7), 2, 1, 0, FOREVER), refusal);
        refusal = _error(IMembers.ValidityInvalid.selector, NOW, NOW);
        _refusesCall(exporter, _addition(exporter, _key(7), 1, 0, 0, uint40(NOW)), refusal);
        refusal = _error(IMembers.ValidityInvalid.selector, NOW + 2, NOW + 1);
        _refusesCall(exporter, _addition(exporter, _key(7), 1, 0, uint40(NOW + 2), uint40(NOW + 1)), refusal);
    }

    function test_Keys_AreGovernedByTheMemberOrItsAuthority() public {
        _do(korea, _addition(exporter, _key(7), 1, 0, 0, FOREVER));
        _do(korea, abi.encodeCall(members.retireKey, (_key(7).account, uint40(NOW - 1 days))));
        uint256 owner = _numberOf(exporter);
        _refusesCall(
            carrier,
            _addition(exporter, _key(8), 1, 0, 0, FOREVER),
            _error(IMembers.NotKeyOwner.selector, uint256(_numberOf(carrier)), owner)
        );
        bytes memory retire = abi.encodeCall(members.retireKey, (exporter.account, 0));
        _refusesCall(
            netherlands, retire, abi.encodePacked(IMembers.OutsideCountry.selector, owner, bytes32("KR"), bytes32("NL"))
        );
        _refusesCall(
            korea,
            abi.encodeCall(members.retireKey, (singapore.account, 0)),
            _error(IMembers.MemberIsAuthority.selector, uint256(_numberOf(singapore)))
        );
        _do(exporter, _addition(exporter, stranger, 2, 1 << 8, 0, FOREVER));
        _refusesCall(stranger, retire, _error(IMembers.KeyMayNotGovern.selector, _word(stranger)));
        _refusesCall(
            exporter,
            _addition(stranger, _key(9), 1, 0, 0, FOREVER),
            _error(IMembers.MemberUnknown.selector, _word(stranger))
        );
    }

    function test_RetireKey_StopsAtOnceAndForGood() public {
        bytes memory retire = abi.encodeCall(members.retireKey, (exporter.account, uint40(NOW + 1)));
        _refusesCall(exporter, retire, _error(IMembers.SuspicionInFuture.selector, NOW + 1, NOW));
        retire = abi.encodeCall(members.retireKey, (exporter.account, uint40(NOW)));
        vm.expectEmit(address(members));
        emit IMembers.KeyRetired(_numberOf(exporter), exporter.account, uint40(NOW), exporter.account);
        _do(exporter, retire);
        bytes memory refusal = _error(IStandingErrors.KeyExpired.selector, _word(exporter), NOW);
        _refusesCall(exporter, retire, refusal);
        _refusesCall(korea, abi.encodeCall(members.retireKey, (exporter.account, 0)), refusal);
        _refusesCall(
            korea,
            _addition(exporter, exporter, 1, 0, 0, FOREVER),
            _error(IMembers.AddressTaken.selector, _word(exporter))
        );
        retire = abi.encodeCall(members.retireKey, (_key(9).account, 0));
        _refusesCall(korea, retire, _error(IStandingErrors.KeyUnknown.selector, _word(_key(9))));
    }

    function test_RetireKey_NamesAKeySuspectThatHasEndedAndLeavesItsEnd() public {
        _addKey(exporter, stranger, 1, 0);
        _do(stranger, abi.encodeCall(members.retireKey, (stranger.account, 0)));
        vm.warp(NOW + 1 days);
        vm.expectEmit(address(members));
        emit IMembers.KeyRetired(_numberOf(exporter), stranger.account, uint40(NOW - 1), exporter.account);
        _do(exporter, abi.encodeCall(members.retireKey, (stranger.account, uint40(NOW - 1))));
        assertEq(members.keyOf(stranger.account).validUntil, NOW);
        bytes memory retire = abi.encodeCall(members.retireKey, (stranger.account, uint40(NOW + 2 days)));
        bytes memory refusal = _error(IMembers.SuspicionInFuture.selector, NOW + 2 days, NOW + 1 days);
        _refusesCall(exporter, retire, refusal);
    }

    function test_AddKey_BeginsNowWhereItWouldBeginInThePast() public {
        _do(exporter, _addition(exporter, stranger, 1, 0, uint40(NOW - 1), FOREVER));
        assertEq(members.keyOf(stranger.account).validFrom, NOW);
        _do(exporter, _addition(exporter, recovery, 1, 0, uint40(NOW + 1), FOREVER));
        assertEq(members.keyOf(recovery.account).validFrom, NOW + 1);
    }

    function test_KeyNotYetValid_GovernsNothing() public {
        _do(exporter, _addition(exporter, stranger, 1, 0, uint40(NOW + 5), FOREVER));
        _refusesCall(
            stranger,
            abi.encodeCall(members.replaceProfile, ("new")),
            _error(IStandingErrors.KeyNotYetValid.selector, _word(stranger), NOW + 5)
        );
    }

    function test_OwnKeysAndProfile_AreReplacedByTheMember() public {
        _refusesCall(
            exporter, abi.encodeCall(members.replaceEncryptionKey, (0)), _error(IMembers.EncryptionKeyMissing.selector)
        );
        _refusesCall(
            exporter, abi.encodeCall(members.replaceCheckpointKey, (0)), _error(IMembers.CheckpointKeyMissing.selector)
        );
        _refusesCall(
            exporter,
            abi.encodeCall(members.replaceProfile, (string(new bytes(1024)))),
            _error(IMembers.ProfileTooLong.selector, uint256(1024), uint256(1023))
        );
        _do(exporter, abi.encodeCall(members.replaceEncryptionKey, ("e2")));
        _do(exporter, abi.encodeCall(members.replaceCheckpointKey, ("c2")));
        vm.expectEmit(address(members));
        emit IMembers.ProfileReplaced(_numberOf(exporter), "new", exporter.account);
        _do(exporter, abi.encodeCall(members.replaceProfile, ("new")));
        assertEq(members.encryptionKeyOf(exporter.account), "e2");
        assertEq(members.memberOf(exporter.account).checkpointKey, "c2");
    }

    // Consent

    function test_ConsentInvalid_WhereAMemberTakesTheAddressOfANewcomer() public {
        (bytes32 r, bytes32 vs) = _consent(exporter, exporter);
        bytes memory call = abi.encodeCall(
            members.addKey, (exporter.account, stranger.account, 2, ALL_MILESTONES, 0, FOREVER, "ref", r, vs)
        );
        _refusesCall(exporter, call, _consentInvalid(exporter, stranger));
        _admit(netherlands, stranger, _bit(Role.EXPORTER));
        assertEq(members.memberOf(stranger.account).country, NL);
    }

    function test_ConsentInvalid_WhereItWasGivenToAnotherMember() public {
        (bytes32 r, bytes32 vs) = _consent(carrier, stranger);
        bytes memory call =
            abi.encodeCall(members.addKey, (exporter.account, stranger.account, 1, 0, 0, FOREVER, "ref", r, vs));
        _refusesCall(exporter, call, _consentInvalid(exporter, stranger));
        _refusesCall(korea, _admission(stranger, r, vs), _consentInvalid(stranger, stranger));
        _addKey(carrier, stranger, 1, 0);
    }

    function test_ConsentInvalid_WhereTheSignatureIsNoneOrNotLowS() public {
        _refusesCall(korea, _admission(stranger, 0, 0), _consentInvalid(stranger, stranger));
        (bytes32 r,) = _consent(stranger, stranger);
        bytes32 highest = bytes32(type(uint256).max >> 1);
        _refusesCall(korea, _admission(stranger, r, highest), _consentInvalid(stranger, stranger));
    }

    function test_ConsentInvalid_WhereAFounderHasNotSigned() public {
        IMembers.Founder[] memory founders = _founders(3);
        (founders[2].r, founders[2].vs) = (founders[1].r, founders[1].vs);
        vm.expectRevert(_consentInvalid(netherlands, netherlands));
        _newMembers(founders, 2, address(0), address(0));
    }

    function test_Consent_IsOfUseInEveryRegister() public {
        (bytes32 r, bytes32 vs) = _consent(stranger, stranger);
        _do(korea, _admission(stranger, r, vs));
        members = _newMembers(_founders(3), 2, address(0), address(members));
        _do(korea, _admission(stranger, r, vs));
        assertEq(members.memberOf(stranger.account).number, 4);
    }

    // AEO

    function test_Aeo_CountsWhereItIsGrantedAndWhereThatIsRecognised() public {
        _do(korea, abi.encodeCall(members.grantAeo, (exporter.account, 0, uint40(NOW + 100))));
        assertTrue(_aeo(KR).valid && _aeo(KR).recognised);
        assertFalse(_aeo(NL).recognised);
        _do(netherlands, abi.encodeCall(members.recogniseAeo, (KR)));
        assertTrue(_aeo(NL).recognised);
        assertFalse(_aeo(SG).recognised);
        _do(netherlands, abi.encodeCall(members.withdrawRecognition, (KR)));
        assertFalse(_aeo(NL).recognised);
        assertEq(_aeo(NL).grantedBy, KR);
        vm.warp(NOW + 100);
        assertFalse(_aeo(KR).valid);
        assertTrue(_aeo(KR).recognised);
    }

    function test_Aeo_EndsWithSuspensionOrWithdrawal() public {
        bytes memory withdraw = abi.encodeCall(members.withdrawAeo, (exporter.account));
        bytes memory refusal = _error(IMembers.AeoNotGranted.selector, uint256(_numberOf(exporter)));
        _refusesCall(korea, withdraw, refusal);
        assertFalse(_aeo(KR).recognised);
        _do(korea, abi.encodeCall(members.grantAeo, (exporter.account, uint40(NOW), FOREVER)));
        _do(korea, abi.encodeCall(members.suspend, (exporter.account)));
        assertFalse(_aeo(KR).valid);
        _do(korea, abi.encodeCall(members.reinstate, (exporter.account)));
        assertTrue(_aeo(KR).valid);
        _do(korea, withdraw);
        assertFalse(_aeo(KR).valid);
        _refusesCall(korea, withdraw, refusal);
        _refusesCall(
            korea,
            abi.encodeCall(members.grantAeo, (exporter.account, 0, uint40(NOW))),
            _error(IMembers.ValidityInvalid.selector, NOW, NOW)
        );
    }

    function test_Aeo_BeginsNowWhereItWouldBeginInThePast() public {
        _do(korea, abi.encodeCall(members.grantAeo, (exporter.account, uint40(NOW - 1), FOREVER)));
        assertEq(_aeo(KR).validFrom, NOW);
    }

    function test_Recognition_IsChangedOrRefused() public {
        _refusesCall(
            korea,
            abi.encodeCall(members.recogniseAeo, (KR)),
            _error(IMembers.RecognitionUnchanged.selector, bytes32("KR"), bytes32("KR"))
        );
        _refusesCall(
            korea,
            abi.encodeCall(members.withdrawRecognition, (SG)),
            _error(IMembers.RecognitionUnchanged.selector, bytes32("SG"), bytes32("KR"))
        );
        _refusesCall(
            korea, abi.encodeCall(members.recogniseAeo, ("s!")), _error(IMembers.CountryInvalid.selector, bytes32("s!"))
        );
    }

    function _aeo(bytes2 country) private view returns (IMembers.AeoStatus memory) {
        return members.aeoStatus(exporter.account, country);
    }

    function _admission(Actor memory newcomer, bytes32 r, bytes32 vs) private view returns (bytes memory) {
        return abi.encodeCall(members.admit, (newcomer.account, _bit(Role.CARRIER), "e", "c", "", r, vs));
    }

    function _consentInvalid(Actor memory owner, Actor memory key) private pure returns (bytes memory) {
        return _error(IMembers.ConsentInvalid.selector, _word(owner), _word(key));
    }

    function _refusesFounding(uint256 count, uint8 threshold, bytes memory refusal) private {
        IMembers.Founder[] memory founders = _founders(count);
        vm.expectRevert(refusal);
        _newMembers(founders, threshold, recovery.account, address(0));
    }

    function _refusesAdmission(
        address account,
        uint16 roles,
        bytes32 encryptionKey,
        bytes32 checkpointKey,
        string memory profile,
        bytes memory refusal
    ) private {
        (bytes32 r, bytes32 vs) = _consent(stranger, stranger);
        bytes memory call =
            abi.encodeCall(members.admit, (account, roles, encryptionKey, checkpointKey, profile, r, vs));
        _refusesCall(korea, call, refusal);
    }

    function _key(uint256 number) private pure returns (Actor memory) {
        return _actor(string.concat("key ", vm.toString(number)));
    }
}
