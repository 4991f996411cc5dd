from types import MappingProxyType

from ledger.chain.state import UNKNOWN, Problem, Status
from ledger.identity.milestones import Milestone, Role, Scope
from ledger.verify.membership import KeyRecord, MemberChange, MemberRecord, Membership, Moment, in_scope

MEMBER, KEY = "0x" + "11" * 20, "0x" + "22" * 20


def moment(block, index=0):
    return Moment(block, index, block * 100)


def register(*changes, **key):
    record = MemberRecord(MEMBER, 7, "KR", tuple(changes), "Hanbit")
    keys = {KEY: KeyRecord(KEY, MEMBER, moment(5), **key)}
    return Membership(MappingProxyType({MEMBER: record}), MappingProxyType(keys))


ADMITTED = MemberChange(moment(3), Role.EXPORTER.bit)


def test_a_member_is_unknown_before_its_admission_and_a_key_before_it_is_added():
    membership = register(ADMITTED)
    assert membership.standing_of_member(MEMBER, moment(2)) == UNKNOWN
    assert membership.standing_of_member(MEMBER, moment(3)).problem is Problem.NONE
    assert membership.standing_of_key(KEY, moment(4)) == UNKNOWN
    assert membership.standing_of_key(KEY, moment(5)).number == 7
    assert membership.standing_of_key("0x" + "33" * 20, moment(9)) == UNKNOWN


def test_a_key_of_a_member_that_is_not_in_the_register_is_unknown():
    keys = MappingProxyType({KEY: KeyRecord(KEY, MEMBER, moment(5))})
    assert Membership(keys=keys).standing_of_key(KEY, moment(9)) == UNKNOWN


def test_a_suspension_counts_from_its_place_in_its_block_until_the_reinstatement():
    membership = register(
        ADMITTED,
        MemberChange(moment(8, 4), Role.EXPORTER.bit, Status.SUSPENDED),
        MemberChange(moment(9), Role.EXPORTER.bit),
        MemberChange(moment(12), Role.EXPORTER.bit, Status.DISMISSED),
    )
    problems = [
        membership.standing_of_key(KEY, at).problem for at in (moment(8, 3), moment(8, 4), moment(9), moment(12))
    ]
    assert problems == [Problem.NONE, Problem.SUSPENDED, Problem.NONE, Problem.DISMISSED]


def test_roles_are_those_of_the_moment():
    membership = register(ADMITTED, MemberChange(moment(8), Role.CARRIER.bit))
    assert membership.standing_of_member(MEMBER, moment(7)).holds(Role.EXPORTER)
    assert not membership.standing_of_member(MEMBER, moment(8)).holds(Role.EXPORTER)


def test_a_retired_key_is_valid_for_the_past_and_stops_at_its_place_in_the_block():
    membership = register(ADMITTED, retired=moment(8, 4))
    assert membership.standing_of_key(KEY, moment(8, 3)).problem is Problem.NONE
    assert membership.standing_of_key(KEY, moment(8, 5)).problem is Problem.EXPIRED


def test_a_key_is_valid_from_its_first_second_and_no_more_from_its_last():
    membership = register(ADMITTED, valid_from=700, valid_until=900)
    problems = [membership.standing_of_key(KEY, moment(block)).problem for block in (6, 7, 8, 9)]
    assert problems == [Problem.NOT_YET_VALID, Problem.NONE, Problem.NONE, Problem.EXPIRED]


def test_the_problem_of_the_key_is_told_before_that_of_its_member():
    suspended = MemberChange(moment(6), Role.EXPORTER.bit, Status.SUSPENDED)
    membership = register(ADMITTED, suspended, valid_from=700, valid_until=900)
    standings = [membership.standing_of_key(KEY, moment(block)) for block in (6, 8, 9)]
    problems = [Problem.NOT_YET_VALID, Problem.SUSPENDED, Problem.EXPIRED]
    assert [(each.problem, each.limit) for each in standings] == list(zip(problems, (700, 0, 900), strict=True))


def test_a_retired_key_tells_when_it_was_retired():
    standing = register(ADMITTED, retired=moment(8)).standing_of_key(KEY, moment(9))
    assert (standing.problem, standing.limit) == (Problem.EXPIRED, 800)


def test_a_key_for_automation_is_in_scope_of_assessment_and_release_only():
    membership = register(ADMITTED, scopes=Scope.AUTOMATION, milestones=0)
    standing = membership.standing_of_key(KEY, moment(9))
    assert [each for each in Milestone if in_scope(standing, each)] == [Milestone.ASSESSED, Milestone.RELEASED]


def test_members_are_called_by_their_profile_or_their_address():
    membership = register(ADMITTED)
    assert membership.name_of(MEMBER) == "Hanbit"
    assert membership.name_of(KEY) == KEY
