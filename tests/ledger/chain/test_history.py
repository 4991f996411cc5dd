"""The logs hold the whole history: every statement with its signature, and everything that became of the members."""

from __future__ import annotations

import pytest

from clients.testing.consortium import assessment
from ledger.chain.errors import NodeAnswerError
from ledger.chain.history import carried, consignment_history, find_commitment, register_history
from ledger.chain.nodes import Node
from ledger.identity.milestones import Channel, Milestone, Side
from ledger.identity.signing import SignedStatement, recover
from ledger.identity.statements import ZERO32, next_head
from ledger.identity.terms import channel_terms

EVENT = b"\xe1" * 32


@pytest.fixture
def goods(consortium):
    """A consignment with a statement, an intervention, an observation, and a batch of which one was skipped."""
    goods = consortium.register()
    consortium.say("exporter", Milestone.SEALED, goods, detail=b"\x5e" * 32, commitment=EVENT)
    consortium.say("customs_nl", Milestone.HELD, goods)
    consortium.say("carrier", Milestone.OBSERVED, goods, commitment=EVENT)
    batch = [
        consortium.sign("exporter", Milestone.DECLARED, goods, side=Side.EXPORT),
        consortium.sign("carrier", Milestone.DECLARED, goods, side=Side.EXPORT),
    ]
    outcomes = consortium.contracts.consignments.submit_batch(consortium.sender("auditor"), batch)
    assert [outcome.accepted for outcome in outcomes] == [True, False]
    return goods


def test_every_accepted_statement_is_read_in_order(consortium, goods):
    history = consignment_history(consortium.contracts, goods)
    milestones = [each.statement.milestone for each in history.statements]
    assert milestones == [Milestone.REGISTERED, Milestone.SEALED, Milestone.HELD, Milestone.DECLARED]
    assert [each.position for each in history.statements] == [1, 2, 3, 4]
    assert [each.statement.milestone for each in history.observations] == [Milestone.OBSERVED]
    assert history.as_of == consortium.node.latest_block()


def test_digests_and_heads_can_be_derived_again_from_what_is_read(consortium, goods):
    head = ZERO32
    history = consignment_history(consortium.contracts, goods)
    for each in history.statements:
        assert each.statement.digest(consortium.contracts.domain) == each.digest
        head = next_head(head, each.digest, each.key)
        assert head == each.head
    assert head == consortium.head(goods)
    for each in history.observations:
        assert each.statement.digest(consortium.contracts.domain) == each.digest


def test_the_key_member_and_country_are_those_at_acceptance(consortium, goods):
    hold = consignment_history(consortium.contracts, goods).statements[2]
    assert hold.key == consortium.party("customs_nl").address
    assert hold.country == "NL"
    assert consortium.members.address_of(hold.member) == consortium.party("customs_nl").address


def test_the_place_names_the_block_that_took_it(consortium, goods):
    for each in consignment_history(consortium.contracts, goods).statements:
        block = consortium.node.block(each.place.block_number)
        assert (each.place.block_hash, each.place.block_time) == (block.hash, block.time)


def test_no_last_valid_time_makes_a_history_unreadable(consortium, goods):
    """The contract takes any that has not passed; one that no reader knew would hide all that follows."""
    consortium.say("customs_nl", Milestone.HELD, goods, valid_until=2**64 - 1)
    assert consignment_history(consortium.contracts, goods).statements[-1].statement.valid_until == 2**64 - 1


def test_history_ends_at_the_block_that_is_named(consortium, goods):
    whole = consignment_history(consortium.contracts, goods)
    first = consortium.node.block(whole.statements[0].place.block_number)
    assert len(consignment_history(consortium.contracts, goods, first).statements) == 1


def test_every_statement_and_observation_is_read_with_its_signature(consortium, goods, monkeypatch):
    monkeypatch.setattr(Node, "transaction_data", lambda *_: pytest.fail("a transaction was read"))
    history = consignment_history(consortium.contracts, goods)
    for each in (*history.statements, *history.observations):
        assert recover(SignedStatement(each.statement, each.signature), consortium.contracts.domain) == each.key


def test_a_signature_that_is_none_is_told_of_the_node(consortium, goods, monkeypatch):
    honest = Node.logs

    def altering(self, *arguments):
        found = [dict(log) for log in honest(self, *arguments)]
        for log in found:
            log["data"] = bytes(log["data"])[:-64] + bytes(64)
        return found

    monkeypatch.setattr(Node, "logs", altering)
    with pytest.raises(NodeAnswerError, match="describes no statement"):
        consignment_history(consortium.contracts, goods)


def test_what_a_transaction_holds_is_the_statement_with_its_signature(consortium, goods):
    for each in consignment_history(consortium.contracts, goods).statements:
        statements = carried(consortium.contracts, each.place.transaction)
        signed = next(one for one in statements if one.statement == each.statement)
        assert signed.signature == each.signature


def test_an_opening_stands_in_the_transaction_too(consortium):
    goods = consortium.register()
    consortium.say("exporter", Milestone.DECLARED, goods, side=Side.EXPORT)
    consortium.say("customs_kr", Milestone.DECLARATION_ACCEPTED, goods, side=Side.EXPORT)
    commitment, opening = assessment(Channel.GREEN)
    terms = channel_terms(Channel.GREEN)
    receipt = consortium.say(
        "customs_kr", Milestone.ASSESSED, goods, side=Side.EXPORT, detail=commitment, terms=terms, opening=opening
    )
    assert [signed.opening for signed in carried(consortium.contracts, receipt.transaction)] == [opening]


def test_a_transaction_to_another_contract_carried_nothing(consortium):
    receipt = consortium.members.suspend(consortium.sender("customs_nl"), consortium.party("terminal").address)
    assert carried(consortium.contracts, receipt.transaction) == ()


def test_an_unknown_transaction_is_not_answered(consortium):
    with pytest.raises(NodeAnswerError, match="does not know the transaction"):
        carried(consortium.contracts, b"\x01" * 32)


def test_consignments_are_found_by_a_blinded_commitment(consortium, goods):
    assert find_commitment(consortium.contracts, EVENT) == {goods}
    assert find_commitment(consortium.contracts, b"\xe2" * 32) == frozenset()


def test_the_register_tells_everything_that_became_of_members(consortium):
    importer, authority = consortium.party("importer").address, consortium.sender("customs_nl")
    before = len(register_history(consortium.contracts))
    consortium.members.suspend(authority, importer)
    consortium.members.reinstate(authority, importer)
    consortium.members.retire_key(authority, importer, consortium.clock.now - 5)
    events = register_history(consortium.contracts)[before:]
    assert [event.name for event in events] == ["MemberSuspended", "MemberReinstated", "KeyRetired"]
    assert events[2].values["suspectSince"] == consortium.clock.now - 5
    assert [event.place for event in events] == sorted(event.place for event in events)


def test_the_register_begins_with_its_founders(consortium):
    events = register_history(consortium.contracts)
    admitted = [event.values["account"] for event in events if event.name == "MemberAdmitted"]
    assert admitted == [party.address for party in consortium.parties.values()]
