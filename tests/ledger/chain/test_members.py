"""The register through its typed wrapper: every act, and what it leaves to be read."""

from __future__ import annotations

import pytest

from ledger.chain.errors import NodeAnswerError, TransactionRefusedError
from ledger.chain.members import (
    AeoStatus,
    Founder,
    KeyReplacement,
    Members,
    Newcomer,
    NewKey,
    ProposalKind,
    ProposalStatus,
    role_mask,
    roles_in,
)
from ledger.chain.refusals import RuleRefused
from ledger.chain.state import UNKNOWN, Problem, Status
from ledger.errors import NotFound
from ledger.identity.consent import sign_consent
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import ALL_MILESTONES, Milestone, Role, Scope
from ledger.identity.statements import MAX_TIME, ZERO_ADDRESS

NEW_KEY = SigningKey(b"\x21" * 32)
NEW = NEW_KEY.address
OWN_CONSENT = sign_consent(NEW, NEW_KEY)


@pytest.fixture
def members(consortium):
    return consortium.members


@pytest.fixture
def nl(consortium):
    return consortium.sender("customs_nl")


def refusal(act) -> str:
    with pytest.raises(RuleRefused) as error:
        act()
    return error.value.error


def test_a_member_is_admitted_and_read_by_address_and_number(members, nl):
    roles = frozenset({Role.CARRIER, Role.TERMINAL})
    number = members.admit(nl, Newcomer(NEW, roles, b"e" * 32, b"c" * 32, '{"name":"Neu"}', consent=OWN_CONSENT))
    found = members.member(NEW)
    assert found == members.member_at(number) == members.all()[-1]
    assert (found.number, found.country, found.roles, found.status) == (number, "NL", roles, Status.ACTIVE)
    assert (found.encryption_key, found.checkpoint_key) == (b"e" * 32, b"c" * 32)
    assert not found.is_authority
    assert members.address_of(number) == NEW
    assert members.profile_of(NEW) == '{"name":"Neu"}'


def test_who_is_no_member_is_not_found(members):
    assert members.member(NEW) is None
    assert members.member_at(99) is None
    assert members.key(NEW) is None
    assert members.keys_of(NEW) == ()
    assert members.profile_of(NEW) == ""
    assert members.standings(NEW) == (UNKNOWN, UNKNOWN)


def test_authorities_their_countries_and_threshold_are_read(consortium, members):
    authorities = [consortium.party(name).address for name in ("customs_kr", "customs_sg", "customs_nl")]
    assert list(members.authorities()) == authorities
    assert members.threshold() == 2
    assert members.member_at(members.authority_of("SG")).is_authority
    assert members.authority_of("DE") == 0


def test_a_member_is_suspended_reinstated_and_dismissed(consortium, members, nl):
    address = consortium.party("importer").address
    members.suspend(nl, address)
    assert members.standings(address)[0].problem is Problem.SUSPENDED
    members.reinstate(nl, address)
    assert members.standings(address)[0].problem is Problem.NONE
    members.dismiss(nl, address)
    assert members.member(address).status is Status.DISMISSED
    assert refusal(lambda: members.reinstate(nl, address)) == "StatusForbids"


def test_an_authority_governs_its_own_country_only(consortium, members):
    address = consortium.party("importer").address
    assert refusal(lambda: members.suspend(consortium.sender("customs_kr"), address)) == "OutsideCountry"
    assert refusal(lambda: members.suspend(consortium.sender("carrier"), address)) == "NotAuthority"


def test_roles_are_set(consortium, members, nl):
    address = consortium.party("importer").address
    members.set_roles(nl, address, {Role.IMPORTER, Role.EXPORTER})
    assert members.member(address).roles == {Role.IMPORTER, Role.EXPORTER}


def test_keys_are_added_read_and_retired(consortium, members, consortium_clock):
    importer = consortium.sender("importer")
    consent = sign_consent(importer.address, NEW_KEY)
    officer = NewKey(NEW, Scope.MILESTONES, 1 << Milestone.DELIVERED, reference=b"r" * 32, consent=consent)
    members.add_key(importer, importer.address, officer)
    key = members.key(NEW)
    assert (key.scopes, key.milestones, key.valid_until) == (Scope.MILESTONES, 1 << Milestone.DELIVERED, MAX_TIME)
    assert key.member == members.member(importer.address).number
    assert not key.is_own_address
    assert members.key(importer.address).is_own_address
    assert members.keys_of(importer.address) == (importer.address, NEW)
    members.retire_key(importer, NEW, suspect_since=consortium_clock.now - 10)
    standing = members.standings(NEW)[0]
    assert (standing.problem, standing.limit) == (Problem.EXPIRED, consortium.node.latest_block().time)


def test_a_key_begins_and_ends_with_its_validity(consortium, members, consortium_clock):
    importer, now = consortium.sender("importer"), consortium_clock.now
    consent = sign_consent(importer.address, NEW_KEY)
    later = NewKey(NEW, valid_from=now + 1000, valid_until=now + 2000, consent=consent)
    members.add_key(importer, importer.address, later)
    assert members.standings(NEW)[0].problem is Problem.NOT_YET_VALID
    for seconds, problem in ((1500, Problem.NONE), (1000, Problem.EXPIRED)):
        consortium_clock.advance(seconds)
        members.replace_profile(importer, "{}")
        assert members.standings(NEW)[0].problem is problem


def test_a_member_replaces_its_public_keys_and_profile(consortium, members):
    importer = consortium.sender("importer")
    members.replace_encryption_key(importer, b"E" * 32)
    members.replace_checkpoint_key(importer, b"C" * 32)
    members.replace_profile(importer, '{"name":"New name"}')
    found = members.member(importer.address)
    assert (found.encryption_key, found.checkpoint_key) == (b"E" * 32, b"C" * 32)
    assert members.profile_of(importer.address) == '{"name":"New name"}'


def test_aeo_status_is_granted_recognised_and_withdrawn(consortium, members, nl, consortium_clock):
    address, kr = consortium.party("importer").address, consortium.sender("customs_kr")
    until = consortium_clock.now + 10_000
    members.grant_aeo(nl, address, 0, until)
    assert members.aeo(address, "NL").recognised
    assert not members.aeo(address, "KR").recognised
    members.recognise_aeo(kr, "NL")
    found = members.aeo(address, "KR")
    assert (found.valid, found.recognised, found.granted_by, found.valid_until) == (True, True, "NL", until)
    members.withdraw_recognition(kr, "NL")
    assert not members.aeo(address, "KR").recognised
    members.withdraw_aeo(nl, address)
    assert members.aeo(address, "NL") == AeoStatus(False, True, "", 0, 0) or not members.aeo(address, "NL").valid


def test_authorities_decide_together(consortium, members):
    kr, sg, nl = (consortium.sender(name) for name in ("customs_kr", "customs_sg", "customs_nl"))
    founder = Founder(NEW, "DE", b"e" * 32, b"c" * 32, "{}", consent=OWN_CONSENT)
    number = members.propose_addition(kr, founder, 3)
    proposal = members.proposal(number)
    assert (proposal.kind, proposal.status, proposal.approvals) == (ProposalKind.ADDITION, ProposalStatus.OPEN, 1)
    members.approve(sg, number)
    assert members.proposal(number).status is ProposalStatus.EXECUTED
    assert members.threshold() == 3
    assert members.member(NEW).country == "DE"
    number = members.propose_threshold(kr, 2)
    members.approve(sg, number)
    members.withdraw_approval(sg, number)
    assert members.proposal(number).approvals == 1
    number = members.propose_removal(kr, NEW, 2)
    for sender in (sg, nl):
        members.approve(sender, number)
    assert members.member(NEW).status is Status.DISMISSED
    assert [proposal.number for proposal in members.proposals()] == [1, 2, 3]


def test_the_others_replace_an_authoritys_lost_key(consortium, members):
    lost = consortium.party("customs_nl").address
    replacement = KeyReplacement(NEW, lost, consent=sign_consent(lost, NEW_KEY))
    number = members.propose_key_replacement(consortium.sender("customs_kr"), lost, replacement)
    members.approve(consortium.sender("customs_sg"), number)
    assert members.standings(lost)[0].problem is Problem.EXPIRED
    standing = members.standings(NEW)[0]
    assert (standing.address, standing.problem) == (lost, Problem.NONE)
    assert Scope.GOVERN in standing.scopes


def test_all_keys_of_an_authority_are_replaced_at_once(consortium, members):
    authority = consortium.party("customs_nl").address
    thiefs = SigningKey(b"\x23" * 32)
    replacement = KeyReplacement(NEW, consent=sign_consent(authority, NEW_KEY))
    number = members.propose_key_replacement(consortium.sender("customs_kr"), authority, replacement)
    unnoticed = NewKey(thiefs.address, Scope.GOVERN, 0, consent=sign_consent(authority, thiefs))
    members.add_key(consortium.sender("customs_nl"), authority, unnoticed)
    members.approve(consortium.sender("customs_sg"), number)
    problems = [members.standings(key)[0].problem for key in (authority, thiefs.address, NEW)]
    assert problems == [Problem.EXPIRED, Problem.EXPIRED, Problem.NONE]


def test_nobody_becomes_a_member_or_a_key_without_its_own_consent(consortium, members, nl):
    importer = consortium.sender("importer")
    anothers = sign_consent(importer.address, consortium.party("importer").keyring.signing)
    for_another = sign_consent(importer.address, NEW_KEY)
    roles = frozenset({Role.CARRIER})
    newcomer = Newcomer(NEW, roles, b"e" * 32, b"c" * 32, consent=for_another)
    assert refusal(lambda: members.admit(nl, newcomer)) == "ConsentInvalid"
    for consent in (anothers, OWN_CONSENT):
        new = NewKey(NEW, consent=consent)
        assert refusal(lambda new=new: members.add_key(importer, importer.address, new)) == "ConsentInvalid"
    founder = Founder(NEW, "DE", b"e" * 32, b"c" * 32, consent=for_another)
    assert refusal(lambda: members.propose_addition(nl, founder, 3)) == "ConsentInvalid"
    replacement = KeyReplacement(NEW, consent=OWN_CONSENT)
    authority = consortium.party("customs_kr").address
    assert refusal(lambda: members.propose_key_replacement(nl, authority, replacement)) == "ConsentInvalid"


def test_a_key_that_has_ended_is_retired_again_only_to_say_since_when_it_is_suspect(consortium, members):
    importer, consent = consortium.sender("importer"), sign_consent(consortium.party("importer").address, NEW_KEY)
    members.add_key(importer, importer.address, NewKey(NEW, consent=consent))
    members.retire_key(importer, NEW)
    ended = members.key(NEW).valid_until
    assert refusal(lambda: members.retire_key(importer, NEW)) == "KeyExpired"
    members.retire_key(importer, NEW, suspect_since=ended - 5)
    assert members.key(NEW).valid_until == ended


def test_a_key_is_never_valid_before_it_was_added(consortium, members):
    importer, consent = consortium.sender("importer"), sign_consent(consortium.party("importer").address, NEW_KEY)
    members.add_key(importer, importer.address, NewKey(NEW, valid_from=5, consent=consent))
    assert members.key(NEW).valid_from == consortium.node.latest_block().time


def test_the_standing_of_a_counterparty_is_that_of_the_member_by_its_own_address(consortium, members):
    exporter, importer = consortium.party("exporter").address, consortium.party("importer").address
    signer, named = members.standings(exporter, importer)
    assert (signer.country, signer.milestones) == ("KR", ALL_MILESTONES)
    assert (named.address, named.country, named.holds(Role.IMPORTER)) == (importer, "NL", True)
    assert members.standings(exporter, NEW)[1].problem is Problem.UNKNOWN
    assert members.standings(exporter, ZERO_ADDRESS)[1] == UNKNOWN


def test_an_address_without_the_contract_gives_no_answer(members):
    nowhere = Members(members.node, NEW, members.interface, 0)
    with pytest.raises(NodeAnswerError, match="gave no answer"):
        nowhere.threshold()


def test_a_question_to_the_wrong_contract_is_told(consortium, members):
    wrong = Members(members.node, consortium.contracts.consignments.address, members.interface, 0)
    with pytest.raises(TransactionRefusedError, match="failed without a reason"):
        wrong.threshold()


def test_a_proposal_that_is_none_is_not_found(members):
    with pytest.raises(NotFound, match="no proposal 99"):
        members.proposal(99)


def test_masks_hold_roles():
    assert roles_in(role_mask([Role.CARRIER, Role.CARRIER, Role.BROKER])) == {Role.CARRIER, Role.BROKER}
