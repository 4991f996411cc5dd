import pytest

from clients.demo.frauds import FRAUDS, SECOND_UCR, Fraud, NotCaughtError, altered_document
from clients.demo.story import UCR
from clients.demo.telling import document
from ledger.chain.refusals import RuleRefused
from ledger.verify import Word

EXPECTED = {
    "altered document": "document.unaltered",
    "forged signature": "KeyUnknown",
    "outside its country": "OutsideJurisdiction",
    "swapped seal": "SealMismatch",
    "replayed statement": "StaleHead",
    "retired key": "KeyExpired",
}


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda fraud: fraud.name)
def test_the_fraud_is_caught_for_the_right_reason_and_changes_nothing(told, fraud: Fraud):
    before = told.run.border.exporter.state_of(SECOND_UCR)
    caught = fraud.run(told.run.border)
    assert caught.rule == EXPECTED[fraud.name]
    assert caught.message
    assert told.run.border.exporter.state_of(SECOND_UCR) == before


def test_the_original_document_is_verified_where_the_altered_one_is_not(told):
    verdict = told.run.border.auditor.verify_document(document("01-exporter-packed.jsonld"), UCR)
    assert verdict.word is Word.VERIFIED


def test_a_suspended_member_states_nothing_until_it_is_reinstated(told):
    border = told.run.border
    members, sender = border.customs_sg.connection.members, border.customs_sg.connection.sender
    members.suspend(sender, border.carrier.address)
    with pytest.raises(RuleRefused, match="suspended") as refusal:
        border.carrier.decline(SECOND_UCR)
    assert refusal.value.error == "MemberIsSuspended"
    members.reinstate(sender, border.carrier.address)
    border.carrier.decline(SECOND_UCR)


def test_a_fraud_that_goes_through_is_told_as_a_fault_of_the_ledger(told, monkeypatch):
    monkeypatch.setattr("clients.demo.frauds.document", lambda name: document(name).replace(b"xyz", b"zyx"))
    monkeypatch.setattr(type(told.run.border.auditor), "verify_document", lambda *_: told.verdict)
    with pytest.raises(NotCaughtError, match="a fraud went through"):
        altered_document(told.run.border)
