"""Checkpoints go to the contract one by one or in batches; what is on record comes back, and its whole history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.chain import event_logs as module
from ledger.chain.errors import NodeAnswerError
from ledger.chain.growth import EMPTY, Growth, LogRecord, proven_roots
from ledger.chain.history import checkpoint_history, find_root
from ledger.chain.members import NewKey
from ledger.chain.refusals import RuleRefused
from ledger.errors import InputError
from ledger.identity.checkpoints import CHECKPOINT_TYPEHASH, MAX_PROOF_HASHES, MAX_SECONDS, SignedCheckpoint
from ledger.identity.consent import sign_consent
from ledger.identity.keys import SigningKey
from ledger.identity.milestones import Scope
from tests.ledger.chain.trees import leaves, proof_of, root_of

TREE = leaves(40)
MACHINE = SigningKey(b"\x0c" * 32)


@pytest.fixture
def contract(consortium):
    return consortium.contracts.event_logs


def checkpoint(consortium, name, size, tree=TREE, **fields):
    """The checkpoint by which a party's log grows to this size of the tree, from the size on record."""
    first = consortium.contracts.event_logs.checkpoint(consortium.number(name)).size
    return consortium.checkpoint(name, size, root_of(tree[:size]), proof_of(tree[:size], first), **fields)


def test_the_contract_signs_the_type_and_the_digest_of_python(consortium, contract):
    signed = checkpoint(consortium, "carrier", 5)
    said = signed.statement
    words = (said.member, said.previous_size, said.size, said.root, said.signed_time, said.valid_until)
    assert contract.read("CHECKPOINT_TYPEHASH") == CHECKPOINT_TYPEHASH
    assert contract.read("checkpointDigest", words) == said.digest(contract.domain)


def test_of_a_log_that_was_never_recorded_nothing_is_on_record(consortium, contract):
    assert contract.checkpoint(consortium.number("carrier")) == contract.checkpoint(99) == EMPTY


def test_a_member_records_its_own_log(consortium, contract):
    sender, carrier = consortium.sender("carrier"), consortium.number("carrier")
    contract.submit(sender, Growth(0, 5, root_of(TREE[:5])))
    receipt = contract.submit(sender, Growth(5, 12, root_of(TREE[:12]), proof_of(TREE[:12], 5)))
    time = consortium.node.block(receipt.block_number).time
    assert contract.checkpoint(carrier) == LogRecord(12, root_of(TREE[:12]), time)
    (recording,) = contract.recorded(receipt)
    assert recording.record == contract.checkpoint(carrier)
    assert (recording.member, recording.previous_size, recording.country) == (carrier, 5, "SG")
    assert (recording.key, recording.signed) == (consortium.party("carrier").address, None)


def test_anyone_carries_what_a_member_signed_and_the_receipt_shows_who_signed(consortium, contract):
    signed = checkpoint(consortium, "customs_kr", 7)
    receipt = contract.submit_signed(consortium.sender("auditor"), signed)
    (recording,) = contract.recorded(receipt)
    assert recording.signed == replace(signed, proof=())
    assert recording.signed.signer(contract.domain) == recording.key == consortium.party("customs_kr").address
    assert recording.country == "KR"


def test_a_machine_with_the_scope_of_checkpoints_records_and_another_key_does_not(consortium, contract):
    member = consortium.party("carrier").address
    new = NewKey(MACHINE.address, Scope.CHECKPOINTS, milestones=0, consent=sign_consent(member, MACHINE))
    consortium.members.add_key(consortium.sender("carrier"), member, new)
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 3, key=MACHINE))
    consortium.members.retire_key(consortium.sender("carrier"), MACHINE.address)
    with pytest.raises(RuleRefused) as refusal:
        contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 4, key=MACHINE))
    assert refusal.value.error == "KeyExpired"


def test_a_checkpoint_can_be_tried_without_being_recorded(consortium, contract):
    contract.attempt(consortium.sender("auditor"), checkpoint(consortium, "carrier", 5))
    assert contract.checkpoint(consortium.number("carrier")) == EMPTY
    signed = checkpoint(consortium, "carrier", 5, member=consortium.number("exporter"))
    with pytest.raises(RuleRefused, match="of the log of member"):
        contract.attempt(consortium.sender("auditor"), signed)


def test_a_rewritten_log_is_refused_in_words_that_say_so(consortium, contract):
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 5))
    rewritten = checkpoint(consortium, "carrier", 9, leaves(40, b"rewritten"))
    with pytest.raises(RuleRefused, match="this log is not the one recorded before") as refusal:
        contract.submit_signed(consortium.sender("auditor"), rewritten)
    assert refusal.value.error == "PreviousRootMismatch"
    assert refusal.value.arguments == (root_of(TREE[:5]), root_of(leaves(40, b"rewritten")[:5]))


def test_an_altered_checkpoint_is_anothers_or_nobodys(consortium, contract):
    signed = checkpoint(consortium, "carrier", 5)
    altered = SignedCheckpoint(replace(signed.statement, size=6), signed.signature)
    with pytest.raises(RuleRefused) as refusal:
        contract.submit_signed(consortium.sender("auditor"), altered)
    assert refusal.value.error in {"KeyUnknown", "SignatureMalformed"}


def test_a_proof_that_can_be_none_is_not_even_sent(consortium, contract):
    before = consortium.node.latest_block().number
    with pytest.raises(InputError, match="more than 65"):
        contract.submit(consortium.sender("carrier"), Growth(0, 5, root_of(TREE[:5]), (bytes(32),) * 66))
    assert consortium.node.latest_block().number == before


def test_in_a_batch_what_is_refused_is_skipped_and_the_rest_counts(consortium, contract):
    batch = [checkpoint(consortium, name, 5) for name in ("carrier", "exporter", "customs_nl")]
    batch[1] = replace(batch[1], proof=(bytes(32),))
    outcomes = contract.submit_batch(consortium.sender("auditor"), batch)
    assert [outcome.accepted for outcome in outcomes] == [True, False, True]
    assert outcomes[1].refusal.error == "ProofLengthInvalid"
    assert [outcome.digest for outcome in outcomes] == [each.statement.digest(contract.domain) for each in batch]
    assert contract.checkpoint(consortium.number("exporter")) == EMPTY


def test_a_large_batch_takes_as_many_transactions_as_it_needs(consortium, contract, monkeypatch):
    monkeypatch.setattr(module, "MAX_BATCH", 2)
    names = ("carrier", "exporter", "customs_nl", "importer", "agency")
    batch = [checkpoint(consortium, name, 5) for name in names]
    outcomes = contract.submit_batch(consortium.sender("auditor"), batch)
    assert len({outcome.receipt.transaction for outcome in outcomes}) == 3
    assert all(outcome.accepted for outcome in outcomes)
    assert contract.submit_batch(consortium.sender("auditor"), []) == ()


def test_the_longest_proof_takes_less_gas_than_is_reckoned_with(consortium, contract):
    first, second = 2**64 - 3, 2**64 - 1
    proof = leaves(MAX_PROOF_HASHES)
    smaller, larger = proven_roots(first, second, bytes(32), proof)
    contract.submit(consortium.sender("carrier"), Growth(0, first, smaller))
    signed = consortium.checkpoint("carrier", second, larger, proof)
    receipt = contract.submit_signed(consortium.sender("auditor"), signed)
    assert contract.checkpoint(consortium.number("carrier")).size == second
    assert receipt.gas_used < module.CHECKPOINT_GAS * 2 / 3


def test_the_history_has_every_checkpoint_in_order_with_its_place(consortium, contract):
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 5))
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "exporter", 7))
    middle = consortium.node.latest_block()
    contract.submit_batch(consortium.sender("auditor"), [checkpoint(consortium, "carrier", 12)])
    carrier = consortium.number("carrier")
    history = checkpoint_history(consortium.contracts, carrier)
    assert [(each.previous_size, each.size) for each in history] == [(0, 5), (5, 12)]
    assert [each.place.block_time for each in history] == [each.time for each in history]
    assert history[-1].record == contract.checkpoint(carrier)
    assert all(each.signed.signer(contract.domain) == each.key for each in history)
    everyone = checkpoint_history(consortium.contracts)
    assert [each.member for each in everyone] == [carrier, consortium.number("exporter"), carrier]
    assert list(everyone) == sorted(everyone, key=lambda each: each.place)
    assert checkpoint_history(consortium.contracts, until=middle) == everyone[:2]


def test_a_root_is_found_with_the_log_that_recorded_it(consortium, contract):
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 5))
    (found,) = find_root(consortium.contracts, root_of(TREE[:5]))
    assert (found.member, found.size) == (consortium.number("carrier"), 5)
    assert find_root(consortium.contracts, bytes(32)) == ()


def test_a_checkpoint_valid_for_ever_is_read_like_any_other(consortium, contract):
    contract.submit_signed(consortium.sender("auditor"), checkpoint(consortium, "carrier", 5, valid_until=MAX_SECONDS))
    (recorded,) = checkpoint_history(consortium.contracts)
    assert recorded.signed.statement.valid_until == MAX_SECONDS


def test_an_event_of_another_version_is_no_recording(contract):
    values = {"member": 5, "root": bytes(32), "recording": 1 << 255, "growth": 0, "r": bytes(32), "vs": bytes(32)}
    with pytest.raises(NodeAnswerError, match="no checkpoint of this version"):
        contract.recording(values)
    with pytest.raises(NodeAnswerError, match="no checkpoint of this version"):
        contract.recording(values | {"recording": 0, "r": b"\1" * 32})
