"""Frauds with the goods in hand: custody and seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role, UnsealReason
from ledger.store.blinds import Blind, SealContent
from tests.ledger.verify.examples.recorded import with_blind
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import (
    RIVAL,
    SEAL_NUMBER,
    LawlessLife,
    at_sea,
    cleared,
    in_busan,
    in_rotterdam,
    sealed,
)
from tests.ledger.verify.histories.world import SINGAPORE

if TYPE_CHECKING:
    from ledger.verify.case import Case


@fraud("custody.unbroken")
def carried_off_by_another_carrier() -> Case:
    """A rival states the departure of goods that it does not hold."""
    journey = in_busan(LawlessLife)
    journey.holder = (RIVAL, Role.CARRIER)
    journey.departs(SINGAPORE)
    return journey.life.case()


@fraud("custody.unbroken")
def offer_declined_by_a_stranger() -> Case:
    """A rival declines in the carrier's place, so that the goods stay where they are."""
    journey = cleared(LawlessLife)
    exporter, carrier = journey.cast.exporter, journey.cast.carrier
    journey.life.say(Milestone.HANDOVER_OFFERED, exporter, Role.EXPORTER, counterparty=carrier.address)
    journey.life.wait(hours=1)
    journey.life.say(Milestone.HANDOVER_DECLINED, RIVAL, Role.CARRIER)
    return journey.life.case()


@fraud("seal.unbroken")
def seal_swapped_between_busan_and_singapore() -> Case:
    """The container was opened at sea and sealed again; at arrival the carrier states another seal."""
    journey = at_sea(LawlessLife)
    told = journey.about_container("arriving")
    journey.seal = journey.life.seal("FAKE-1")
    journey.arrives(told)
    return journey.life.case()


@fraud("seal.unbroken")
def seal_gone_at_departure() -> Case:
    """The carrier leaves with a container that has no seal any more, and says nothing of it."""
    journey = in_busan(LawlessLife)
    journey.seal = None
    journey.departs(SINGAPORE)
    return journey.life.case()


@fraud("seal.event")
def document_names_another_seal_than_the_statement() -> Case:
    """The carrier states the seal that should be on; its driver writes down the one that is."""
    journey = in_busan()
    journey.departs(SINGAPORE, journey.about_container("departing", **{"border:sealNumber": "FAKE-1"}))
    return journey.life.case()


@fraud("seal.replaced")
def seal_taken_off_as_replaced_and_none_put_on() -> Case:
    """The exporter says that it replaces the seal, and lets the container go without any."""
    journey = cleared()
    journey.unseals(journey.cast.exporter, Role.EXPORTER, UnsealReason.REPLACED)
    journey.life.wait(minutes=30)
    journey.hands_over(journey.cast.carrier, Role.CARRIER)
    journey.km = 0.0
    journey.life.wait(hours=5)
    journey.departs(SINGAPORE)
    return journey.life.case()


@fraud("seal.reused")
def seal_number_used_again_after_an_inspection() -> Case:
    """After looking inside, an officer closes the container with a copy of the seal that he had cut."""
    journey = sealed()
    customs = journey.cast.authorities[0]
    journey.unseals(customs, Role.AUTHORITY)
    journey.life.wait(hours=1)
    journey.seals(SEAL_NUMBER, customs, Role.AUTHORITY)
    return journey.life.case()


@fraud("seal.found_broken")
def seal_found_broken_in_rotterdam() -> Case:
    """Somebody was at the goods between Singapore and Rotterdam; Dutch customs finds it."""
    journey = in_rotterdam()
    journey.unseals(journey.cast.authorities[-1], Role.AUTHORITY, UnsealReason.FOUND_BROKEN)
    return journey.life.case()


@fraud("seal.number")
def seal_number_on_the_papers_forged() -> Case:
    """The number handed over with the papers is that of the seal now on the goods, not of the one recorded."""
    journey = sealed()
    assert journey.seal is not None
    return with_blind(journey.life.case(), journey.seal.blinded, Blind(journey.seal.blind, SealContent("KR-7730012")))
