"""A member's log compared with its store and the chain, and what witnesses add to it."""

import shutil
import threading
from dataclasses import replace

import pytest

from clients.witness_server import WitnessServer
from ledger.capture.errors import CheckpointKeyError, LogForeignError, StoreBehindError
from ledger.capture.member_log import MemberLog
from ledger.errors import Unavailable
from ledger.store.store import Store
from ledger.tlog.cosignatures import Ed25519Cosigner, verifier_of
from ledger.tlog.errors import QuorumMissingError
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from tests.ledger.capture.rig import Rig, document, keyring
from tests.ledger.tlog.witnesses import new_witness


def put(inbox, name, content):
    (inbox / f"{name}.jsonld").write_bytes(content)
    return content


def test_a_key_that_is_not_the_registered_one_is_refused_before_anything_is_made(rig):
    other = keyring("another")
    witnessing = replace(rig.witnessing, key=other.checkpoint)
    with (
        Store.open(rig.store_path, rig.keys.store_key()) as store,
        pytest.raises(CheckpointKeyError, match=other.checkpoint.public_bytes.hex()),
    ):
        MemberLog.open(store, witnessing)
    assert not (rig.folder / "log").exists()


def test_the_log_of_another_member_in_the_folder_is_refused(rig, inbox, tmp_path):
    put(inbox, "a", document(1))
    other = Rig(tmp_path / "other", keys=keyring("other"))
    other.capture(inbox)
    shutil.copytree(other.folder / "log", rig.folder / "log")
    with pytest.raises(LogForeignError, match="not signed as the log") as refused:
        rig.capture(inbox)
    assert "another consortium or member" in refused.value.mend
    assert "Move the folder away" in refused.value.mend


def test_a_store_that_lost_its_last_events_is_refused_though_the_chain_knows_nothing(rig, inbox):
    put(inbox, "a", document(1))
    rig.capture(inbox)
    older = rig.folder.with_name("older.sqlite")
    shutil.copy(rig.store_path, older)
    put(inbox, "b", document(2))
    rig.capture(inbox)
    rig.chain.path.unlink()
    for path in rig.folder.glob("store.sqlite*"):
        path.unlink()
    shutil.copy(older, rig.store_path)
    with pytest.raises(StoreBehindError, match=r"the log has 2 entries.*the store has 1") as refused:
        rig.capture(inbox)
    assert "newest copy" in refused.value.mend


def test_a_log_that_holds_other_entries_than_the_store_says_is_refused(rig, inbox, tmp_path):
    put(inbox, "a", document(1))
    rig.capture(inbox)
    twin = Rig(tmp_path / "twin")
    twin.capture(inbox)  # the same member with a store that has another secret
    shutil.rmtree(rig.folder / "log")
    shutil.copytree(twin.folder / "log", rig.folder / "log")
    with pytest.raises(LogForeignError, match="entry 0 is not that of the event"):
        rig.capture(inbox)


def test_a_log_that_is_behind_the_chain_is_completed_from_the_store_and_compared_with_it(rig, inbox):
    contents = [put(inbox, "a", document(1))]
    rig.capture(inbox)
    older = rig.folder.with_name("older-log")
    shutil.copytree(rig.folder / "log", older)
    contents.append(put(inbox, "b", document(2)))
    rig.capture(inbox)
    shutil.rmtree(rig.folder / "log")
    shutil.copytree(older, rig.folder / "log")
    assert rig.capture().events_caught_up == 1
    rig.require_exactly_once(*contents)


@pytest.fixture
def witness(rig, tmp_path):
    """A running witness that knows the member's log."""
    cosigner = Ed25519Cosigner("witness.example/w1", keyring("witness").checkpoint.private_key)
    log = rig.witnessing.signer.key
    found = new_witness(tmp_path / "witness", [cosigner], {log.name: [verifier_of(log)]})
    with WitnessServer(found) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield PolicyWitness("W1", cosigner.key, server.url)
        server.shutdown()
        thread.join()


def test_a_witness_cosigns_each_checkpoint_and_the_cosignature_is_published(rig, inbox, witness):
    rig.policy = k_of_n([], [witness], 1)
    put(inbox, "a", document(1))
    for number in (2, 3):
        captured = rig.capture(inbox)
        assert captured.checkpoint.cosigned == ("W1",)
        assert captured.checkpoint.witness_problems == ()
        put(inbox, "b", document(number))
    published = rig.reader.checkpoint()
    assert [each.name for each in published.note.signatures] == [rig.witnessing.origin, witness.key.name]
    assert rig.policy.check(published.note, logs=[rig.witnessing.signer.key]).cosigned[0].name == "W1"


def test_a_witness_that_cannot_be_reached_is_a_warning_and_is_asked_again(rig, inbox, witness):
    key = rig.witnessing.signer.key
    rig.policy = k_of_n([PolicyLog(key)], [replace(witness, url="http://127.0.0.1:9")], 1)
    contents = [put(inbox, "a", document(1))]
    captured = rig.capture(inbox)
    assert captured.complete
    assert captured.checkpoint.waiting is None
    unreachable, missing = captured.checkpoint.witness_problems
    assert isinstance(unreachable, Unavailable)
    assert isinstance(missing, QuorumMissingError)
    rig.policy = k_of_n([PolicyLog(key)], [witness], 1)
    settled = rig.capture()
    assert settled.checkpoint.cosigned == ("W1",)
    assert settled.checkpoint.witness_problems == ()
    rig.require_exactly_once(*contents)


def test_a_capture_that_another_one_preceded_by_a_moment_sees_what_that_one_kept(rig, inbox, monkeypatch):
    contents = [put(inbox, "a", document(1)), put(inbox, "b", document(2))]
    record = type(rig.witnessing).record

    def overtaken(self):
        monkeypatch.undo()
        found = record(self)
        rig.capture(inbox)
        return found

    monkeypatch.setattr(type(rig.witnessing), "record", overtaken)
    assert rig.capture(inbox).events_known == 2
    rig.require_exactly_once(*contents)
