"""The pytest plugin gives every test a chain and a consortium of its own."""

from __future__ import annotations

import pytest

from ledger.chain.refusals import RuleRefused
from ledger.identity.milestones import Clearance, Milestone, Phase, Side
from ledger.identity.terms import country_terms, leg_terms

SEAL = b"\x5e" * 32


def test_a_chain_begins_with_nothing_on_it(smartborder_chain):
    assert smartborder_chain.node.latest_block().number == 0


def test_the_clock_sets_the_time_of_blocks(smartborder_chain, smartborder_clock):
    smartborder_clock.advance(1000)
    smartborder_chain.mine()
    assert smartborder_chain.node.latest_block().time == smartborder_clock.now


def test_every_party_is_a_member(consortium):
    for party in consortium.parties.values():
        member = consortium.members.member(party.address)
        assert (member.country, member.roles) == (party.country, {party.role})


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_does_is_undone_after_it(consortium, turn):
    assert consortium.contracts.consignments.state(consortium_id(consortium)) is None
    consortium.clock.advance(10_000)
    assert consortium.register() == consortium_id(consortium)


def consortium_id(consortium) -> bytes:
    from clients.testing.consortium import salt_of
    from ledger.epcis.commitment import ucr_commitment
    from ledger.identity.statements import consignment_id

    ucr = "KR1234567890-0001"
    return consignment_id(consortium.party("exporter").address, ucr_commitment(salt_of(ucr), ucr))


def test_goods_travel_from_registration_to_delivery(consortium):
    goods = consortium.register(transit=("SG",))
    consortium.say("exporter", Milestone.SEALED, goods, detail=SEAL)
    consortium.clear("customs_kr", "exporter", goods, Side.EXPORT)
    consortium.hand_over("exporter", "carrier", goods)
    for origin, destination in (("KR", "SG"), ("SG", "NL")):
        if origin == "SG":
            consortium.say("customs_sg", Milestone.TRANSIT_PASSED, goods, terms=country_terms("SG"))
        consortium.say("carrier", Milestone.DEPARTED, goods, terms=leg_terms(origin, destination), detail=SEAL)
        consortium.say("carrier", Milestone.ARRIVED, goods, terms=country_terms(destination), detail=SEAL)
    consortium.clear("customs_nl", "importer", goods, Side.IMPORT)
    consortium.hand_over("carrier", "importer", goods)
    consortium.say("importer", Milestone.REMOVED, goods, detail=SEAL)
    consortium.say("importer", Milestone.DELIVERED, goods)
    state = consortium.state(goods)
    assert state.phase is Phase.DELIVERED
    assert state.import_side.clearance is Clearance.RELEASED
    assert state.holder == consortium.party("importer").address


def test_a_refusal_says_why(consortium):
    goods = consortium.register()
    with pytest.raises(RuleRefused, match="does not hold the goods"):
        consortium.say("carrier", Milestone.SEALED, goods, detail=SEAL)


def test_a_state_that_is_not_there_is_a_lookup_error(consortium):
    with pytest.raises(LookupError):
        consortium.state(bytes(32))
