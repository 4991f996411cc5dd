"""Statements go to the contract one by one or in batches; states, heads and holds come back."""

from __future__ import annotations

import pytest

from ledger.chain import consignments as module
from ledger.chain.refusals import RuleRefused
from ledger.identity.milestones import Milestone
from ledger.identity.signing import SignedStatement
from ledger.identity.statements import ZERO32

SEAL = b"\x5e" * 32


@pytest.fixture
def contract(consortium):
    return consortium.contracts.consignments


def test_what_is_not_registered_has_no_state_and_no_head(contract):
    assert contract.state(bytes(32)) is None
    assert contract.head(bytes(32)) == ZERO32


def test_a_statement_can_be_tried_without_being_made(consortium, contract):
    goods = consortium.register()
    contract.attempt(consortium.sender("auditor"), consortium.sign("exporter", Milestone.SEALED, goods, detail=SEAL))
    assert consortium.state(goods).seal == ZERO32
    with pytest.raises(RuleRefused, match="does not hold the goods"):
        contract.attempt(consortium.sender("auditor"), consortium.sign("carrier", Milestone.SEALED, goods, detail=SEAL))


def test_anyone_may_carry_a_statement(consortium):
    goods = consortium.register()
    consortium.submit(consortium.sign("exporter", Milestone.SEALED, goods, detail=SEAL), relayer="customs_sg")
    assert consortium.state(goods).seal == SEAL


def test_open_holds_are_listed_with_who_set_them(consortium):
    goods = consortium.register()
    consortium.say("customs_nl", Milestone.HELD, goods)
    consortium.say("agency", Milestone.HELD, goods)
    state = consortium.state(goods)
    setters = {setter for _digest, setter in state.holds}
    assert setters == {consortium.party(name).address for name in ("customs_nl", "agency")}
    ours = next(digest for digest, setter in state.holds if setter == consortium.party("agency").address)
    consortium.say("agency", Milestone.UNHELD, goods, terms=ours)
    assert len(consortium.state(goods).holds) == 1


def test_in_a_batch_what_is_refused_is_skipped_and_the_rest_counts(consortium, contract):
    goods = [consortium.register(f"KR-{number}") for number in range(3)]
    batch = [consortium.sign("exporter", Milestone.SEALED, each, detail=SEAL) for each in goods]
    batch[1] = consortium.sign("carrier", Milestone.SEALED, goods[1], detail=SEAL)
    outcomes = contract.submit_batch(consortium.sender("auditor"), batch)
    assert [outcome.accepted for outcome in outcomes] == [True, False, True]
    assert outcomes[1].refusal.error == "NotHolder"
    assert [outcome.digest for outcome in outcomes] == [each.statement.digest(contract.domain) for each in batch]


def test_a_large_batch_takes_as_many_transactions_as_it_needs(consortium, contract, monkeypatch):
    monkeypatch.setattr(module, "MAX_BATCH", 2)
    goods = consortium.register()
    batch = [
        consortium.sign("auditor", Milestone.OBSERVED, goods, commitment=bytes([number]) * 32) for number in range(1, 6)
    ]
    outcomes = contract.submit_batch(consortium.sender("auditor"), batch)
    assert len({outcome.receipt.transaction for outcome in outcomes}) == 3
    assert all(outcome.accepted for outcome in outcomes)


def test_the_largest_batch_fits_in_one_transaction(consortium, contract):
    goods = consortium.register()
    batch = [
        consortium.sign("auditor", Milestone.OBSERVED, goods, commitment=bytes([number]) * 32)
        for number in range(1, module.MAX_BATCH + 1)
    ]
    outcomes = contract.submit_batch(consortium.sender("auditor"), batch)
    assert len({outcome.receipt.transaction for outcome in outcomes}) == 1
    assert outcomes[0].receipt.gas_used < module.MAX_TRANSACTION_GAS


def test_an_empty_batch_is_nothing_to_do(consortium, contract):
    assert contract.submit_batch(consortium.sender("auditor"), []) == ()


def test_a_headless_statement_is_recorded_once_of_each_member(consortium, contract):
    goods = consortium.register()
    signed = consortium.sign("agency", Milestone.HELD, goods)
    digest = signed.statement.digest(contract.domain)
    agency = consortium.members.member(consortium.party("agency").address).number
    assert not contract.is_recorded(goods, digest, agency)
    consortium.submit(signed)
    assert contract.is_recorded(goods, digest, agency)
    with pytest.raises(RuleRefused) as error:
        consortium.submit(signed)
    assert error.value.error == "AlreadyRecorded"


def test_an_altered_statement_is_anothers_or_nobodys(consortium):
    goods = consortium.register()
    signed = consortium.sign("exporter", Milestone.SEALED, goods, detail=SEAL)
    other = consortium.sign("exporter", Milestone.SEALED, goods, detail=b"\x5f" * 32)
    with pytest.raises(RuleRefused) as error:
        consortium.submit(SignedStatement(other.statement, signed.signature))
    assert error.value.error in {"KeyUnknown", "SignatureMalformed"}
