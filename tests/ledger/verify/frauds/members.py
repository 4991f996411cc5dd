"""Frauds of who may speak: strangers, suspended members, stolen, retired and borrowed keys, roles and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.chain.state import Status
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Milestone, Role, Scope, Side
from tests.ledger.verify.builder import with_entry
from tests.ledger.verify.examples.recorded import changed_key, changed_member, just_after, just_before
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import BR, RIVAL, LawlessLife, cleared, in_busan, in_singapore, packed, sealed

if TYPE_CHECKING:
    from ledger.verify.case import Case


@fraud("member.known")
def seal_signed_by_a_stranger() -> Case:
    """A key that belongs to no member signs for the exporter, and a bent contract accepts it."""
    journey = packed(LawlessLife)
    seal = journey.life.seal("KR-7730011")
    told = journey.about_container("staging_outbound", **{"border:sealNumber": "KR-7730011"})
    stranger = SigningKey(b"\x07" * 32)
    exporter = journey.cast.exporter
    journey.life.say(Milestone.SEALED, exporter, Role.EXPORTER, told, detail=seal.blinded, signing=stranger)
    return journey.life.case()


@fraud("member.known")
def carrier_logged_under_another_country() -> Case:
    """The log gives the carrier a country that the register does not."""
    case = in_busan().life.case()
    return with_entry(case, len(case.statements), country="PA")


@fraud("member.active")
def taken_over_by_a_suspended_carrier() -> Case:
    """The carrier was suspended an hour before it took the goods over."""
    journey = in_busan()
    case = journey.life.case()
    return changed_member(case, journey.cast.carrier, just_before(case.statements[-1]), status=Status.SUSPENDED)


@fraud("member.active")
def arrival_stated_by_a_dismissed_carrier() -> Case:
    """The consortium dismissed the carrier while it was at sea."""
    journey = in_singapore()
    case = journey.life.case()
    return changed_member(case, journey.cast.carrier, just_before(case.statements[-1]), status=Status.DISMISSED)


@fraud("member.key")
def arrival_signed_with_a_retired_key() -> Case:
    """A former employee signs the arrival with a key that was retired during the voyage."""
    journey = in_singapore()
    case = journey.life.case()
    return changed_key(case, journey.cast.carrier, retired=just_before(case.statements[-1]))


@fraud("member.key")
def handover_signed_with_an_expired_key() -> Case:
    """The carrier's key had expired the day before."""
    journey = in_busan()
    case = journey.life.case()
    ended = case.statements[-1].acceptance.moment.time - 86_400
    return changed_key(case, journey.cast.carrier, valid_until=ended)


@fraud("member.key")
def refused_by_a_machine() -> Case:
    """A key that may only assess and release, by rule, signs a hold."""
    journey = sealed()
    customs = journey.cast.authorities[0]
    journey.life.say(Milestone.HELD, customs, Role.AUTHORITY)
    return changed_key(journey.life.case(), customs, scopes=Scope.AUTOMATION, milestones=0)


@fraud("member.role")
def taken_over_in_a_role_withdrawn() -> Case:
    """The carrier had been reduced to a terminal when it took the goods over as a carrier."""
    journey = in_busan()
    case = journey.life.case()
    entry = case.statements[-1]
    return changed_member(case, journey.cast.carrier, just_before(entry), roles=Role.TERMINAL.bit)


@fraud("member.role")
def declared_by_an_exporter_as_its_own_broker() -> Case:
    """The log says that the exporter spoke as a broker."""
    journey = sealed()
    journey.declares(Side.EXPORT)
    case = journey.life.case()
    return with_entry(case, len(case.statements), role=Role.BROKER)


@fraud("member.suspect")
def sealed_with_a_key_that_was_stolen() -> Case:
    """The exporter finds out later that its key was in other hands when the goods were sealed."""
    journey = sealed()
    case = journey.life.case()
    entry = case.statements[-1]
    since = entry.acceptance.moment.time - 3_600
    return changed_key(case, journey.cast.exporter, retired=just_after(entry), suspect_since=since)


@fraud("member.jurisdiction")
def export_declaration_accepted_by_dutch_customs() -> Case:
    """The customs of the import country decides on the export side."""
    journey = sealed(LawlessLife)
    journey.declares(Side.EXPORT)
    journey.life.wait(minutes=20)
    dutch = journey.cast.authorities[2]
    journey.life.say(Milestone.DECLARATION_ACCEPTED, dutch, Role.AUTHORITY, side=Side.EXPORT)
    return journey.life.case()


@fraud("member.jurisdiction")
def held_by_a_country_that_has_no_part_in_it() -> Case:
    """Brazilian customs holds goods that never come near Brazil."""
    journey = cleared(LawlessLife)
    journey.life.say(Milestone.HELD, BR, Role.AUTHORITY)
    return journey.life.case()


@fraud("custody.unbroken")
def taken_over_by_whom_it_was_not_offered_to() -> Case:
    """A rival carrier takes the goods that were offered to another."""
    journey = cleared(LawlessLife)
    life, exporter = journey.life, journey.cast.exporter
    life.say(Milestone.HANDOVER_OFFERED, exporter, Role.EXPORTER, counterparty=journey.cast.carrier.address)
    life.wait(minutes=50)
    told = journey.about_container("accepting", **journey.seal_told)
    life.say(Milestone.HANDOVER_ACCEPTED, RIVAL, Role.CARRIER, told, **journey.seal_fields)
    return life.case()
