"""A witness that takes the chain's word: what it cosigns, what it refuses, and what it keeps of what it refused."""

import json
from http import HTTPStatus

import pytest

from clients.testing.consortium import start
from ledger.chain.chain_witness import MAX_KEPT, ChainWitness, WitnessRecord
from ledger.chain.registered_logs import Objection, RegisteredLogs, block_log_key, member_log_key, objection
from ledger.errors import Unavailable
from ledger.identity.keys import CheckpointKey
from ledger.identity.witness_keys import WitnessKeys
from ledger.tlog.checkpoints import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from ledger.tlog.conflicts import verify_conflict
from ledger.tlog.cosignatures import Ed25519Cosigner, MlDsa44Cosigner, verifiers_of
from ledger.tlog.errors import LogTakenError, WitnessStateError
from ledger.tlog.merkle import leaf_hashes, root_of
from ledger.tlog.notes import Ed25519Signer, parse_signature_lines
from ledger.tlog.origins import block_log_origin, event_log_origin
from ledger.tlog.witness_requests import AddCheckpoint
from tests.ledger.chain.member_logs import MemberLog, entries

KEYS = WitnessKeys("witness.example/w1", b"\x33" * 32, b"\x44" * 32)
COSIGNERS = (Ed25519Cosigner(KEYS.name, KEYS.ed25519), MlDsa44Cosigner(KEYS.name, KEYS.ml_dsa_44))


@pytest.fixture(scope="module")
def chain():
    return start()


@pytest.fixture
def consortium(chain):
    before = chain.chain.snapshot()
    yield chain.consortium
    chain.chain.revert(before)


@pytest.fixture
def log(consortium, tmp_path):
    return MemberLog(consortium, "exporter", tmp_path / "log")


@pytest.fixture
def record(tmp_path):
    return WitnessRecord.create(tmp_path / "witness")


@pytest.fixture
def witness(consortium, record):
    return witness_of(consortium, record)


def witness_of(consortium, record, **options):
    return ChainWitness(COSIGNERS, consortium.contracts, record, clock=lambda: 1_772_352_900, **options)


def said(answer):
    return answer.status, answer.body.decode()


def test_what_the_chain_recorded_is_cosigned_with_both_keys(witness, log):
    note = log.grow_and_record(*entries(3))
    answer = witness.add_checkpoint(log.request())
    assert answer.status == HTTPStatus.OK
    cosigned = note.with_signatures(parse_signature_lines(answer.body.decode()))
    keys = [cosigner.key for cosigner in COSIGNERS]
    opened = open_checkpoint(cosigned, verifiers_of([log.key, *keys]), origin=log.origin)
    assert [key for key, _ in opened.verified] == [log.key, *keys]


def test_what_the_chain_has_not_recorded_yet_is_refused_and_cosigned_once_it_has(witness, log, caplog):
    log.grow(*entries(3))
    status, reason = said(witness.add_checkpoint(log.request()))
    assert status == HTTPStatus.FORBIDDEN
    assert "record it on chain first: 0 entries are on record, the checkpoint is of 3" in reason
    assert f"a checkpoint of {log.origin} was refused: record it on chain first" in caplog.text
    log.record()
    assert witness.add_checkpoint(log.request()).status == HTTPStatus.OK


def test_on_an_engine_that_reorganises_a_recording_counts_once_it_is_deep_enough(consortium, record, log):
    witness = witness_of(consortium, record, depth=2)
    log.grow_and_record(*entries(3))
    for _ in range(2):
        status, reason = said(witness.add_checkpoint(log.request()))
        assert status == HTTPStatus.FORBIDDEN
        assert "not final: ask again once 2 more blocks follow" in reason
        consortium.register(ucr=f"KR{consortium.node.latest_block().number}")
    assert witness.add_checkpoint(log.request()).status == HTTPStatus.OK


def test_an_earlier_checkpoint_counts_if_the_chain_recorded_it(witness, log, tmp_path):
    log.grow_and_record(*entries(3))
    earlier = log.forked(tmp_path / "earlier")
    log.grow_and_record(*entries(2, b"more"))
    assert witness.add_checkpoint(earlier.request()).status == HTTPStatus.OK
    assert witness.add_checkpoint(log.request(3)).status == HTTPStatus.OK


def test_a_size_between_two_recorded_ones_is_refused_though_the_log_only_grew(witness, log, tmp_path):
    log.grow_and_record(*entries(3))
    between = log.forked(tmp_path / "between")
    between.grow(*entries(1, b"more"))
    log.grow_and_record(*entries(2, b"more"))
    status, reason = said(witness.add_checkpoint(between.request()))
    assert status == HTTPStatus.FORBIDDEN
    assert "never recorded 4 entries" in reason
    assert list(witness.record.against_chain()) == []


def test_a_fork_after_a_cosigned_checkpoint_is_refused_and_both_notes_convict_the_log(witness, log, tmp_path):
    log.grow_and_record(*entries(3))
    fork = log.forked(tmp_path / "fork")
    log.grow_and_record(*entries(2, b"true"))
    assert witness.add_checkpoint(log.request()).status == HTTPStatus.OK
    fork.grow(*entries(2, b"other"))
    assert witness.add_checkpoint(fork.request()).status == HTTPStatus.CONFLICT
    [(origin, conflict)] = witness.record.conflicts()
    assert origin == log.origin
    assert conflict.proven
    verify_conflict(conflict, log.verifiers)
    assert read_checkpoint(conflict.cosigned) == log.checkpoint


def test_a_first_checkpoint_that_contradicts_the_chain_is_refused_and_kept_once(witness, log, tmp_path):
    log.grow_and_record(*entries(3))
    fork = log.forked(tmp_path / "fork")
    log.grow_and_record(*entries(2, b"true"))
    fork.grow(*entries(2, b"other"))
    for _ in range(2):
        status, reason = said(witness.add_checkpoint(fork.request()))
        assert status == HTTPStatus.FORBIDDEN
        assert log.checkpoint.root.hex() in reason
        assert fork.checkpoint.root.hex() in reason
    [kept] = witness.record.against_chain()
    assert kept.checkpoint == fork.note.data()
    assert kept.root == log.checkpoint.root
    assert kept.transaction == log.consortium.contracts.event_logs.node.block_data(kept.block)["transactions"][0]
    log.grow_and_record(*entries(1, b"later"))
    assert "has recorded the root" in said(witness.add_checkpoint(fork.request()))[1]


def test_of_one_log_only_so_much_is_kept_against_the_chain(witness, log, record):
    log.grow_and_record(*entries(3))
    against = objection(log.consortium.contracts, Checkpoint(log.origin, 3, b"\1" * 32))
    for number in range(MAX_KEPT + 9):
        shown = Checkpoint(log.origin, 3, number.to_bytes(32, "big"))
        record.keep_against_chain(log.signed(shown), against)
    assert len(list(record.against_chain())) == MAX_KEPT


def test_what_does_not_contradict_the_chain_is_not_kept(log, record):
    record.keep_against_chain(log.note, Objection("too early"))
    assert list(record.against_chain()) == []


def test_a_log_of_nobody_in_the_register_is_unknown(witness, log, consortium):
    deployment, stranger = consortium.contracts.deployment, "0x" + "11" * 20
    for origin in (
        event_log_origin(deployment.chain_id, deployment.event_logs.address, stranger),
        event_log_origin(deployment.chain_id + 1, deployment.event_logs.address, log.member.address),
        event_log_origin(deployment.chain_id, stranger, log.member.address),
        block_log_origin(deployment.chain_id, b"\1" * 32),
        "logs.example/of-another-kind",
    ):
        signer = Ed25519Signer(origin, log.signer.private_key)
        note = sign_checkpoint(Checkpoint(origin, 1, b"\2" * 32), [signer])
        assert witness.add_checkpoint(AddCheckpoint(0, (), note).body()).status == HTTPStatus.NOT_FOUND
    found = objection(
        consortium.contracts,
        Checkpoint(event_log_origin(deployment.chain_id, deployment.event_logs.address, stranger), 1, b"\2" * 32),
    )
    assert found is not None
    assert "no member" in found.reason


def test_another_members_key_does_not_sign_for_this_log(witness, log):
    log.grow_and_record(*entries(3))
    carrier = log.consortium.party("carrier").keyring
    note = sign_checkpoint(log.checkpoint, [Ed25519Signer(log.origin, carrier.checkpoint.private_key)])
    assert witness.add_checkpoint(AddCheckpoint(0, (), note).body()).status == HTTPStatus.FORBIDDEN


def test_a_checkpoint_key_that_was_replaced_signs_no_longer(witness, log, consortium):
    log.grow_and_record(*entries(3))
    old = log.request()
    new = CheckpointKey(b"\x55" * 32)
    consortium.members.replace_checkpoint_key(consortium.sender("exporter"), new.public_bytes)
    assert witness.add_checkpoint(old).status == HTTPStatus.FORBIDDEN
    note = sign_checkpoint(log.checkpoint, [Ed25519Signer(log.origin, new.private_key)])
    assert witness.add_checkpoint(AddCheckpoint(0, (), note).body()).status == HTTPStatus.OK


def test_the_registers_logs_are_every_members_and_the_chains_blocks(consortium):
    logs = RegisteredLogs(consortium.contracts)
    names = list(logs)
    assert len(names) == len(logs) == len(consortium.parties) + 1
    assert all(name in logs for name in names)
    for name, party in consortium.parties.items():
        key = member_log_key(consortium.contracts, consortium.members.member(party.address))
        assert logs[key.name] == verifiers_of([key]), name
    authorities = map(consortium.members.member, consortium.members.authorities())
    assert logs[names[-1]] == verifiers_of(block_log_key(consortium.contracts, each) for each in authorities)
    assert "logs.example/other" not in logs


def test_the_block_log_is_cosigned_only_as_the_node_has_it(consortium, record, witness):
    deployment = consortium.contracts.deployment
    origin = block_log_origin(deployment.chain_id, deployment.genesis_hash)
    checkpoint = Checkpoint(origin, 2, root_of(leaf_hashes([b"block 0", b"block 1"])))
    keyring = consortium.party("customs_kr").keyring
    note = sign_checkpoint(checkpoint, [Ed25519Signer(origin, keyring.checkpoint.private_key)])
    body = AddCheckpoint(0, (), note).body()
    assert "not cosigned here" in said(witness.add_checkpoint(body))[1]
    asked = []

    def blocks(shown):
        asked.append(shown)
        return None if len(asked) > 1 else "this node has other blocks"

    following = witness_of(consortium, record, blocks=blocks)
    assert said(following.add_checkpoint(body)) == (HTTPStatus.FORBIDDEN, "this node has other blocks\n")
    assert following.add_checkpoint(body).status == HTTPStatus.OK
    assert asked == [checkpoint, checkpoint]


def test_a_witness_started_again_goes_on_from_its_record(witness, log, consortium, tmp_path):
    log.grow_and_record(*entries(3))
    assert witness.add_checkpoint(log.request()).status == HTTPStatus.OK
    again = witness_of(consortium, WitnessRecord.open(tmp_path / "witness"))
    log.grow_and_record(*entries(2, b"more"))
    assert said(again.add_checkpoint(log.request())) == (HTTPStatus.CONFLICT, "3\n")
    assert again.add_checkpoint(log.request(3)).status == HTTPStatus.OK
    assert [read_checkpoint(note).size for note in again.record.cosigned()] == [5]


def test_while_the_node_does_not_answer_nothing_is_decided(witness, log, monkeypatch):
    log.grow_and_record(*entries(3))
    body = log.request()

    def down(*_):
        raise Unavailable("the node does not answer")

    with monkeypatch.context() as patch:
        patch.setattr("ledger.chain.event_logs.EventLogs.checkpoint", down)
        with pytest.raises(Unavailable):
            witness.add_checkpoint(body)
    assert list(witness.record.cosigned()) == []
    assert witness.add_checkpoint(body).status == HTTPStatus.OK


def test_a_record_is_made_once_and_opened_only_where_there_is_one(record, tmp_path):
    assert record.is_empty
    with pytest.raises(LogTakenError):
        WitnessRecord.create(tmp_path / "witness")
    with pytest.raises(WitnessStateError, match="no record of a witness"):
        WitnessRecord.open(tmp_path / "elsewhere")


def test_a_damaged_record_is_told_and_not_passed_over(witness, log, record, tmp_path):
    log.grow_and_record(*entries(3))
    fork = MemberLog(log.consortium, "exporter", tmp_path / "fork")
    fork.grow(*entries(3, b"other"))
    witness.add_checkpoint(fork.request())
    [path] = (tmp_path / "witness" / "against-chain").glob("*/*.json")
    path.write_text(json.dumps({"checkpoint": 7}))
    with pytest.raises(WitnessStateError, match="lacks 'block'"):
        list(record.against_chain())


def test_what_cannot_be_written_is_told(log, tmp_path):
    record = WitnessRecord.create(tmp_path / "full")
    log.grow_and_record(*entries(1))
    against = objection(log.consortium.contracts, Checkpoint(log.origin, 1, b"\1" * 32))
    (tmp_path / "full" / "against-chain").write_text("in the way")
    with pytest.raises(WitnessStateError, match="cannot be used"):
        record.keep_against_chain(log.note, against)
