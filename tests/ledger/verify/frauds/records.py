"""Frauds at the record: statements left out, moved, repeated, altered or forged, mostly by who keeps or shows it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ledger.identity.milestones import Milestone, Role, Side
from ledger.identity.signing import sign
from ledger.identity.statements import Domain
from ledger.identity.terms import leg_terms
from ledger.verify.case import Trust
from tests.ledger.verify.builder import DOMAIN, with_entry, with_statement
from tests.ledger.verify.frauds.fraud import fraud
from tests.ledger.verify.frauds.scenes import (
    RIVAL,
    LawlessLife,
    at_the_factory,
    cleared,
    in_busan,
    in_singapore,
    registered,
    sealed,
)

if TYPE_CHECKING:
    from ledger.verify.case import Case


@fraud("history.registered")
def registered_twice_to_rename_the_route() -> Case:
    """The exporter registers its consignment a second time, now without the transit country."""
    journey = sealed(LawlessLife)
    life, first = journey.life, journey.life.statements[0].statement
    assert first is not None
    terms = b"KRNL" + bytes(28)
    life.say(Milestone.REGISTERED, life.cast.exporter, Role.EXPORTER, terms=terms, detail=first.detail)
    return life.case()


@fraud("history.registered")
def history_that_begins_with_a_seal() -> Case:
    """Goods are sealed under an id that nobody ever registered."""
    journey = at_the_factory(LawlessLife)
    journey.seals("KR-7730011", journey.cast.exporter, Role.EXPORTER)
    return journey.life.case()


@fraud("history.complete")
def hold_left_out() -> Case:
    """Whoever shows the history leaves out that Korea Customs held the goods."""
    journey = sealed()
    journey.life.say(Milestone.HELD, journey.cast.authorities[0], Role.AUTHORITY)
    journey.life.wait(hours=1)
    journey.life.say(Milestone.HELD, journey.cast.authorities[2], Role.AUTHORITY)
    case = journey.life.case()
    return replace(case, statements=(*case.statements[:2], *case.statements[3:]))


@fraud("history.complete")
def last_statement_left_out() -> Case:
    """The arrival in Singapore is not shown, as if the goods were still at sea."""
    case = in_singapore().life.case()
    return replace(case, statements=case.statements[:-1])


@fraud("history.order")
def statement_moved_into_an_older_block() -> Case:
    """A node claims that the seal was recorded before the goods were registered."""
    case = sealed().life.case()
    first, second = (entry.acceptance.moment for entry in case.statements)
    return with_entry(case, 2, moment=replace(second, block=first.block - 1))


@fraud("history.unique")
def hold_replayed() -> Case:
    """A hold that was lifted is sent to the chain a second time, word for word."""
    journey = sealed(LawlessLife)
    life, customs = journey.life, journey.cast.authorities[0]
    hold = life.say(Milestone.HELD, customs, Role.AUTHORITY)
    life.wait(hours=1)
    life.say(Milestone.UNHELD, customs, Role.AUTHORITY, terms=hold.acceptance.digest)
    assert hold.statement is not None
    life.accept(hold.statement, customs, None, customs.signing)
    return life.case()


@fraud("history.unique")
def scan_counted_twice() -> Case:
    """One scan of the container is shown as two."""
    journey = in_busan()
    journey.is_seen(journey.cast.carrier, Role.CARRIER, "loading")
    case = journey.life.case()
    return replace(case, observations=(*case.observations, case.observations[-1]))


@fraud("history.heads")
def seal_signed_for_another_history() -> Case:
    """A statement signed for a history that was given up is put into this one."""
    journey = at_the_factory(LawlessLife)
    journey.registers()
    journey.life.wait(hours=1)
    seal = journey.life.seal("KR-7730011")
    journey.life.say(
        Milestone.SEALED,
        journey.cast.exporter,
        Role.EXPORTER,
        journey.about_container("staging_outbound", **{"border:sealNumber": "KR-7730011"}),
        detail=seal.blinded,
        previous_head=b"\x07" * 32,
    )
    return journey.life.case()


@fraud("history.heads")
def head_that_the_contract_does_not_hold() -> Case:
    """The history shown is whole and linked, and another one than the contract's."""
    case = sealed().life.case()
    assert case.recorded is not None
    return replace(case, recorded=replace(case.recorded, head=b"\x07" * 32))


@fraud("statement.digest")
def last_valid_time_put_off_after_signing() -> Case:
    """Whoever carried the statement gave it more time than its signer did."""
    return with_statement(sealed().life.case(), 2, valid_until=1_900_000_000)


@fraud("statement.digest")
def destination_rewritten_after_acceptance() -> Case:
    """An outsider rewrites the departure: the goods seem to have left for Rotterdam, not for Singapore."""
    case = in_singapore().life.case()
    departure = next(entry for entry in case.statements if entry.acceptance.milestone is Milestone.DEPARTED)
    return with_statement(case, departure.acceptance.position, terms=leg_terms("KR", "NL"))


@fraud("statement.digest")
def seal_logged_as_a_correction() -> Case:
    """A node shows the log of a seal as that of a harmless correction."""
    return with_entry(sealed().life.case(), 2, milestone=Milestone.CORRECTED)


@fraud("signature.key")
def signature_forged_by_a_rival() -> Case:
    """A rival signs in the exporter's name."""
    case = sealed().life.case()
    statement = case.statements[1].statement
    assert statement is not None
    forged = sign(statement, DOMAIN, RIVAL.signing).signature
    return with_entry(case, 2, signature=forged.r + forged.vs)


@fraud("signature.key")
def signature_taken_from_another_statement() -> Case:
    """The exporter's own signature, cut from its registration and put under the seal."""
    case = sealed().life.case()
    return with_entry(case, 2, signature=case.statements[0].signature)


@fraud("ledger.trusted")
def history_of_a_copied_contract() -> Case:
    """Everything is in order, on a contract that somebody deployed for the purpose."""
    case = sealed().life.case()
    assert case.trust is not None
    real = Domain(DOMAIN.chain_id, "0x" + "22" * 20)
    return replace(case, trust=Trust(real, case.trust.founders))


@fraud("ledger.trusted")
def ledger_founded_by_strangers() -> Case:
    """The same chain and contract address, founded by others than the authorities whom one trusts."""
    case = sealed().life.case()
    assert case.membership is not None
    strangers = frozenset({RIVAL.address})
    return replace(case, membership=replace(case.membership, founders=strangers))


@fraud("transition.allowed")
def released_without_assessment() -> Case:
    """Customs releases for export what nobody assessed."""
    journey = sealed(LawlessLife)
    journey.declares(Side.EXPORT)
    journey.life.wait(minutes=20)
    journey.customs(Milestone.DECLARATION_ACCEPTED, Side.EXPORT)
    journey.life.wait(minutes=20)
    journey.customs(Milestone.RELEASED, Side.EXPORT)
    return journey.life.case()


@fraud("transition.allowed")
def departed_without_release() -> Case:
    """The carrier leaves Korea before customs released the goods."""
    journey = sealed(LawlessLife)
    journey.hands_over(journey.cast.carrier, Role.CARRIER)
    journey.km = 0.0
    journey.life.wait(hours=5)
    journey.departs(journey.corridor.places[1])
    return journey.life.case()


@fraud("transition.allowed")
def departed_while_held() -> Case:
    """The carrier leaves although a hold stands."""
    journey = in_busan(LawlessLife)
    journey.life.say(Milestone.HELD, journey.cast.authorities[0], Role.AUTHORITY)
    journey.life.wait(hours=1)
    journey.departs(journey.corridor.places[1])
    return journey.life.case()


@fraud("transition.allowed")
def declared_by_somebody_who_has_no_part_in_it() -> Case:
    """A rival declares another's goods as its own."""
    journey = sealed(LawlessLife)
    declared = journey.life.detail(office="KR001", packages=2)
    journey.life.say(Milestone.DECLARED, RIVAL, Role.EXPORTER, side=Side.EXPORT, detail=declared.blinded)
    return journey.life.case()


@fraud("transition.allowed")
def hold_lifted_by_who_did_not_set_it() -> Case:
    """Dutch customs lifts the hold that Korea Customs set."""
    journey = sealed(LawlessLife)
    hold = journey.life.say(Milestone.HELD, journey.cast.authorities[0], Role.AUTHORITY)
    journey.life.wait(hours=1)
    dutch = journey.cast.authorities[2]
    journey.life.say(Milestone.UNHELD, dutch, Role.AUTHORITY, terms=hold.acceptance.digest)
    return journey.life.case()


@fraud("transition.allowed")
def hold_copied_from_another_consignment() -> Case:
    """A hold on another consignment is lifted as if it stood on this one."""
    other = registered(name="another consignment")
    hold = other.life.say(Milestone.HELD, other.cast.authorities[0], Role.AUTHORITY)
    journey = sealed(LawlessLife)
    customs = journey.cast.authorities[0]
    journey.life.say(Milestone.UNHELD, customs, Role.AUTHORITY, terms=hold.acceptance.digest)
    return journey.life.case()


@fraud("state.recorded")
def state_that_names_another_holder() -> Case:
    """A node shows a rival as the holder of the goods."""
    case = cleared().life.case()
    assert case.recorded is not None
    return replace(case, recorded=replace(case.recorded, holder=RIVAL.address))


@fraud("state.recorded")
def hold_missing_from_the_state() -> Case:
    """A node shows a state without the hold that stands."""
    journey = sealed()
    journey.life.say(Milestone.HELD, journey.cast.authorities[0], Role.AUTHORITY)
    case = journey.life.case()
    assert case.recorded is not None
    return replace(case, recorded=replace(case.recorded, holds=frozenset()))


@fraud("state.recorded")
def transit_country_shown_as_having_let_pass() -> Case:
    """A node shows that Singapore let the goods pass, which it never did."""
    case = in_singapore().life.case()
    assert case.recorded is not None
    return replace(case, recorded=replace(case.recorded, transit=MappingProxyType({"SG": True})))
