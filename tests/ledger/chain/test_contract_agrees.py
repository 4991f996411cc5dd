"""The contract and the rules in Python, driven side by side, never disagree: on error, state, position or head."""

from __future__ import annotations

from random import Random

import pytest

from clients.testing.consortium import assessment
from ledger.chain.members import NewKey
from ledger.identity.consent import sign_consent
from ledger.identity.milestones import Channel, InspectionResult, Milestone, Scope, Side
from ledger.identity.statements import ZERO_ADDRESS
from ledger.identity.terms import (
    Route,
    appeal_terms,
    channel_terms,
    country_terms,
    inspection_terms,
    leg_terms,
    route_terms,
    unseal_terms,
)
from tests.ledger.chain.lives import MACHINES, Life

SEAL = b"\x5e" * 32
EXPORT, IMPORT = Side.EXPORT, Side.IMPORT


@pytest.fixture
def automated(consortium):
    """The consortium, with a machine's key at two administrations."""
    for name, key in MACHINES.items():
        member = consortium.party(name).address
        new = NewKey(key.address, Scope.AUTOMATION, milestones=0, consent=sign_consent(member, key))
        consortium.members.add_key(consortium.sender(name), member, new)
    return consortium


def begin(consortium, seed: int, *transit: str) -> Life:
    life = Life(consortium, Random(seed))
    terms = route_terms(Route("KR", "NL", transit))
    life.say("exporter", Milestone.REGISTERED, terms=terms, detail=life.ucr, counterparty=ZERO_ADDRESS)
    life.say("exporter", Milestone.IMPORTER_NAMED, counterparty=consortium.party("importer").address)
    return life


def assess(life: Life, name: str, side: Side, channel: Channel):
    commitment, opening = assessment(channel, b"seed")
    opened = channel is Channel.GREEN
    life.say(
        name,
        Milestone.ASSESSED,
        side=side,
        detail=commitment,
        terms=channel_terms(Channel.GREEN if opened else Channel.CLOSED),
        opening=opening if opened else None,
    )
    return opening


def hand_over(life: Life, giver: str, taker: str, seal: bytes) -> None:
    life.say(giver, Milestone.HANDOVER_OFFERED, counterparty=life.consortium.party(taker).address)
    life.say(taker, Milestone.HANDOVER_ACCEPTED, detail=seal)


def cleared_for_export(life: Life) -> None:
    life.say("exporter", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.DECLARATION_ACCEPTED, side=EXPORT)
    assess(life, "customs_kr", EXPORT, Channel.GREEN)
    life.say("customs_kr", Milestone.RELEASED, side=EXPORT)


def test_a_whole_life_from_registration_to_delivery(automated):
    life = begin(automated, 1, "SG")
    broker = automated.party("export_broker").address
    life.say("exporter", Milestone.APPOINTED, side=EXPORT, counterparty=broker)
    life.say("export_broker", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.DECLARATION_REJECTED, side=EXPORT)
    life.say("exporter", Milestone.APPOINTMENT_REVOKED, side=EXPORT, counterparty=broker)
    cleared_for_export(life)
    life.say("exporter", Milestone.SEALED, detail=SEAL)
    life.say("exporter", Milestone.HANDOVER_OFFERED, counterparty=automated.party("terminal").address)
    life.say("terminal", Milestone.HANDOVER_DECLINED)
    hand_over(life, "exporter", "carrier", SEAL)
    life.say("carrier", Milestone.DEPARTED, terms=leg_terms("KR", "SG"), detail=SEAL)
    life.say("importer", Milestone.DECLARED, side=IMPORT)
    life.say("carrier", Milestone.ARRIVED, terms=country_terms("SG"), detail=SEAL)
    life.say("carrier", Milestone.TRANSIT_ADDED, terms=country_terms("DE"))
    life.say("customs_sg", Milestone.TRANSIT_PASSED, terms=country_terms("SG"))
    life.say("carrier", Milestone.DEPARTED, terms=leg_terms("SG", "NL"), detail=SEAL)
    life.say("carrier", Milestone.ARRIVED, terms=country_terms("NL"), detail=SEAL)
    life.say("customs_nl", Milestone.DECLARATION_ACCEPTED, side=IMPORT)
    opening = assess(life, "customs_nl", IMPORT, Channel.YELLOW)
    life.say(
        "customs_nl",
        Milestone.DOCUMENTS_REQUESTED,
        side=IMPORT,
        terms=channel_terms(Channel.YELLOW),
        opening=opening,
    )
    life.say("customs_nl", Milestone.DOCUMENTS_RECEIVED, side=IMPORT)
    life.say("importer", Milestone.AMENDED, side=IMPORT)
    life.say("customs_nl", Milestone.DECLARATION_ACCEPTED, side=IMPORT)
    life.say("customs_nl", Milestone.DUTIES_SETTLED, side=IMPORT, terms=b"\2" + bytes(31))
    opening = assess(life, "customs_nl", IMPORT, Channel.RED)
    life.say("customs_nl", Milestone.STOPPED, side=IMPORT, terms=channel_terms(Channel.RED), opening=opening)
    passed = inspection_terms(InspectionResult.PASSED, Channel.RED)
    life.say("customs_nl", Milestone.INSPECTED, side=IMPORT, terms=passed, opening=opening)
    life.say("customs_nl", Milestone.RELEASED, side=IMPORT)
    life.say("agency", Milestone.HELD)
    ((hold, _),) = life.state.holds
    life.say("agency", Milestone.UNHELD, terms=hold)
    hand_over(life, "carrier", "importer", SEAL)
    life.say("importer", Milestone.REMOVED, detail=SEAL)
    life.say("importer", Milestone.DELIVERED)
    life.say("exporter", Milestone.CORRECTED, terms=b"\x01" * 32)
    life.say("auditor", Milestone.OBSERVED, commitment=b"\xe1" * 32)


@pytest.mark.parametrize(
    "end", [Milestone.RETURNED, Milestone.DESTROYED, Milestone.SEIZED, Milestone.ABANDONED], ids=lambda end: end.label
)
def test_a_refused_side_leads_to_each_end(automated, end):
    life = begin(automated, 2)
    life.say("exporter", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.REFUSED, side=EXPORT)
    life.say("customs_kr", end, side=EXPORT)


def test_a_refusal_is_overturned_on_appeal(automated):
    life = begin(automated, 3)
    life.say("exporter", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.REFUSED, side=EXPORT)
    life.say("customs_kr", Milestone.RELEASED, side=EXPORT, terms=appeal_terms())


def test_what_never_departed_is_cancelled_after_its_seal_was_opened(automated):
    life = begin(automated, 4)
    life.say("exporter", Milestone.SEALED, detail=SEAL)
    life.say("customs_kr", Milestone.UNSEALED, detail=SEAL, terms=unseal_terms(1))
    life.say("exporter", Milestone.CANCELLED)


def test_the_hold_of_a_dismissed_member_is_lifted_by_the_authority_of_its_country(automated):
    life = begin(automated, 5)
    agency = automated.party("agency").address
    life.say("agency", Milestone.HELD)
    ((hold, _),) = life.state.holds
    refused = {"terms": hold, "counterparty": agency}
    assert life.refuses("customs_nl", Milestone.UNHELD, **refused) == "CounterpartyUnexpected"
    automated.members.dismiss(automated.sender("customs_nl"), agency)
    life.forget_standings()
    assert life.refuses("customs_kr", Milestone.UNHELD, **refused) == "OutsideJurisdiction"
    assert life.refuses("exporter", Milestone.UNHELD, **refused) == "RoleNotFitting"
    assert life.refuses("customs_nl", Milestone.UNHELD, **refused | {"terms": b"\x01" * 32}) == "HoldUnknown"
    life.say("customs_nl", Milestone.UNHELD, **refused)
    assert not life.state.holds


def test_a_stop_that_comes_after_an_amendment_stands_and_opens_nothing(automated):
    life = begin(automated, 6)
    life.say("exporter", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.DECLARATION_ACCEPTED, side=EXPORT)
    opening = assess(life, "customs_kr", EXPORT, Channel.RED)
    life.say("exporter", Milestone.AMENDED, side=EXPORT)
    for blind in (opening, None):
        life.say("customs_kr", Milestone.STOPPED, side=EXPORT, terms=channel_terms(Channel.RED), opening=blind)
        assert (life.state.export_side.stopped, life.state.export_side.channel) == (True, Channel.CLOSED)
        automated.clock.advance(60)
    machine = {"key": MACHINES["customs_kr"], "side": EXPORT}
    assert life.refuses("customs_kr", Milestone.RELEASED, **machine) == "StopPending"


def test_a_machine_neither_assesses_again_nor_overturns_a_refusal(automated):
    life = begin(automated, 7)
    life.say("exporter", Milestone.DECLARED, side=EXPORT)
    life.say("customs_kr", Milestone.DECLARATION_ACCEPTED, side=EXPORT)
    assess(life, "customs_kr", EXPORT, Channel.RED)
    commitment, opening = assessment(Channel.GREEN, b"again")
    machine = {"key": MACHINES["customs_kr"], "side": EXPORT}
    green = {"detail": commitment, "terms": channel_terms(Channel.GREEN), "opening": opening}
    assert life.refuses("customs_kr", Milestone.ASSESSED, **machine, **green) == "ClearanceForbids"
    life.say("customs_kr", Milestone.ASSESSED, side=EXPORT, **green)
    life.say("customs_kr", Milestone.REFUSED, side=EXPORT)
    assert life.refuses("customs_kr", Milestone.RELEASED, **machine, terms=appeal_terms()) == "KeyOutOfScope"


def live(consortium, seed: int, steps: int) -> Life:
    chance = Random(seed)
    life = Life(consortium, chance)
    for _ in range(steps):
        consortium.clock.advance(chance.randint(1, 60))
        life.step()
    return life


@pytest.mark.parametrize("seed", range(2))
def test_random_lives_are_judged_alike(automated, seed):
    assert live(automated, seed, 40).accepted
