"""The state that storage slots prove is the state that the contract tells."""

from dataclasses import replace

import pytest

from ledger.chain.proof.gathering import gather_storage
from ledger.chain.proof.storage import proved_storage
from ledger.identity.milestones import Channel, Milestone, Role, Side
from ledger.identity.terms import Route, country_terms, leg_terms, route_terms
from ledger.verify.evidence.storage import state_slots, stored_state


def stored(consortium, goods):
    address = consortium.contracts.deployment.consignments.address
    number = consortium.node.latest_block().number
    values = proved_storage(gather_storage(consortium.node, address, state_slots(goods), number)).values
    named = {record.number: record.address for record in consortium.members.all()}
    return stored_state(goods, values, named)


def test_the_storage_of_a_consignment_never_registered_holds_no_state(consortium):
    assert stored(consortium, b"\x07" * 32) is None


def test_the_state_in_storage_is_the_contracts_at_every_step(consortium):
    """Through transit, a declarant, an assessment, a hold and a second one."""
    goods = consortium.register(transit=("SG", "MY"))
    steps = [
        lambda: consortium.say("exporter", Milestone.SEALED, goods, detail=b"\5" * 32),
        lambda: consortium.clear("customs_kr", "exporter", goods, Side.EXPORT),
        lambda: consortium.say(
            "importer",
            Milestone.APPOINTED,
            goods,
            side=Side.IMPORT,
            counterparty=consortium.party("import_broker").address,
        ),
        lambda: consortium.say(
            "exporter", Milestone.HANDOVER_OFFERED, goods, counterparty=consortium.party("carrier").address
        ),
        lambda: consortium.say("carrier", Milestone.HANDOVER_ACCEPTED, goods, detail=b"\5" * 32),
        lambda: consortium.say("carrier", Milestone.DEPARTED, goods, terms=leg_terms("KR", "SG"), detail=b"\5" * 32),
        lambda: consortium.say("carrier", Milestone.ARRIVED, goods, terms=country_terms("SG"), detail=b"\5" * 32),
        lambda: consortium.say("customs_sg", Milestone.TRANSIT_PASSED, goods, terms=country_terms("SG")),
        lambda: consortium.say("import_broker", Milestone.DECLARED, goods, side=Side.IMPORT),
        lambda: consortium.say("customs_nl", Milestone.DECLARATION_ACCEPTED, goods, side=Side.IMPORT),
        lambda: consortium.assess("customs_nl", goods, Side.IMPORT, Channel.RED),
        lambda: consortium.say("customs_nl", Milestone.HELD, goods),
        lambda: consortium.say("customs_kr", Milestone.HELD, goods),
    ]
    for step in steps:
        step()
        ours, theirs = stored(consortium, goods), consortium.state(goods)
        assert len(ours.holds) == len(theirs.holds)
        assert replace(ours, holds=theirs.holds) == theirs
    assert len(stored(consortium, goods).holds) == 2


def test_a_word_that_the_contract_never_writes_is_refused():
    goods = b"\x07" * 32
    values = dict.fromkeys(state_slots(goods), bytes(32))
    head, course, *_ = state_slots(goods)
    assert stored_state(goods, values | {head: b"\1" * 32}, {}) is None
    with pytest.raises(ValueError, match="more than its fields"):
        stored_state(goods, values | {course: b"\xff" * 32}, {})
    with pytest.raises(KeyError):
        stored_state(goods, values | {course: (1 << 64 | 9).to_bytes(32, "big")}, {})


def test_the_route_of_a_registration_is_in_the_parties_slot(consortium):
    goods = consortium.register("KR1234567890-0009", transit=("SG",))
    assert dict(stored(consortium, goods).transit) == {"SG": False}
    assert route_terms(Route("KR", "NL", ("SG",)))[:6] == b"KRNLSG"
    assert stored(consortium, goods).exporter == consortium.party("exporter").address
    assert Role.EXPORTER in consortium.members.member(consortium.party("exporter").address).roles
