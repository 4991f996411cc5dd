"""Witnesses of two authorities on loopback, and the log of an exporter that asks them."""

import threading
from contextlib import contextmanager

import pytest

from clients.home import Home
from clients.own_log import StoredMemberLog, view_log
from clients.testing.consortium import start
from clients.witness import create_witness, open_witness, policy_witnesses, verifier_keys, witness_name
from clients.witness_server import WitnessServer
from ledger.errors import NotFound, Refused
from ledger.identity.errors import FileTakenError
from ledger.identity.keyfile import ScryptCost
from ledger.identity.keystore import Keystore
from ledger.identity.witness_keys import WitnessKeys, WitnessKeystore
from ledger.tlog.checkpoints import Checkpoint, read_checkpoint, sign_checkpoint
from ledger.tlog.conflicts import verify_conflict
from ledger.tlog.errors import KeyMalformedError, OriginWrongError
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.policy import PolicyLog, k_of_n
from ledger.tlog.policy_files import format_policy, parse_policy
from ledger.tlog.sources import FolderSource
from ledger.tlog.witness_client import WitnessEndpoint, endpoints_of, gather_cosignatures
from tests.ledger.chain.member_logs import MemberLog, entries

PASSWORD = "only for tests"
QUICK = ScryptCost(n=2**10)
AUTHORITIES = ("customs_kr", "customs_nl")


@pytest.fixture(scope="module")
def consortium():
    return start().consortium


@pytest.fixture
def homes(consortium, tmp_path):
    made = {}
    for name in AUTHORITIES:
        home = Home(tmp_path / name)
        keyring = consortium.party(name).keyring
        Keystore(home.keystore.folder, cost=QUICK).create(keyring, PASSWORD)
        home.write(home.deployment_path, consortium.contracts.deployment.to_json())
        create_witness(home, WitnessKeys.generate(witness_name(1337, keyring.address)), PASSWORD, cost=QUICK)
        made[name] = home
    return made


@pytest.fixture
def log(consortium, tmp_path):
    consortium.admit(f"exporter {tmp_path.name}", "KR", consortium.party("exporter").role)
    return MemberLog(consortium, f"exporter {tmp_path.name}", tmp_path / "log")


@contextmanager
def served(consortium, homes):
    """The witnesses of the homes, each behind a server of its own; gives whom to ask."""
    servers, endpoints = [], []
    try:
        for home in homes.values():
            keys = WitnessKeystore(home.keystore.folder).unlock(PASSWORD)
            server = WitnessServer(open_witness(home, keys, consortium.contracts))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
            endpoints.append(WitnessEndpoint(server.url, verifier_keys(keys.public)))
        yield endpoints
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def ask(log, endpoints, last_size=0):
    size = log.checkpoint.size
    gathered = gather_cosignatures(
        log.note, endpoints, lambda old: log.reader.consistency_proof(old, size), last_size=last_size
    )
    return gathered, [outcome.problem for outcome in gathered.outcomes]


def test_two_witnesses_cosign_with_two_keys_each_what_the_chain_recorded(consortium, homes, log):
    log.grow_and_record(*entries(5))
    with served(consortium, homes) as endpoints:
        gathered, problems = ask(log, endpoints)
    assert problems == [None, None]
    assert len(gathered.note.signatures) == 1 + 2 * 2
    publics = [WitnessKeystore(home.keystore.folder).public for home in homes.values()]
    witnesses = [
        each for public, asked in zip(publics, endpoints, strict=True) for each in policy_witnesses(public, asked.url)
    ]
    policy = k_of_n([PolicyLog(log.key)], witnesses, 4)
    assert parse_policy(format_policy(policy)) == policy
    policy.check(gathered.note)
    assert len(endpoints_of(policy)) == 2


def test_a_checkpoint_that_the_chain_did_not_record_is_refused_by_both(consortium, homes, log):
    log.grow(*entries(2))
    with served(consortium, homes) as endpoints:
        gathered, problems = ask(log, endpoints)
        assert [type(problem) for problem in problems] == [Refused, Refused]
        assert "record it on chain first" in problems[0].message
        assert gathered.note == log.note
        log.record()
        assert ask(log, endpoints)[1] == [None, None]


def test_a_forked_log_is_caught_and_both_notes_are_kept_across_a_restart(consortium, homes, log, tmp_path):
    log.grow_and_record(*entries(5))
    fork = log.forked(tmp_path / "fork")
    log.grow_and_record(*entries(4, b"true"))
    with served(consortium, homes) as endpoints:
        assert ask(log, endpoints)[1] == [None, None]
    fork.grow(*entries(9, b"other"))
    with served(consortium, homes) as endpoints:
        problems = ask(fork, endpoints, last_size=9)[1]
        assert all(isinstance(problem, Refused) for problem in problems)
    for home in homes.values():
        keys = WitnessKeystore(home.keystore.folder).unlock(PASSWORD)
        record = open_witness(home, keys, consortium.contracts).record
        [(origin, conflict)] = record.conflicts()
        assert origin == log.origin
        assert read_checkpoint(conflict.cosigned) == log.checkpoint
        assert fork.note.data() in conflict.shown
        assert conflict.proven
        verify_conflict(conflict, log.verifiers)


def test_a_restarted_witness_cosigns_what_grew_from_its_last_word_only(consortium, homes, log):
    log.grow_and_record(*entries(3))
    with served(consortium, homes) as endpoints:
        ask(log, endpoints)
    log.grow_and_record(*entries(3, b"more"))
    with served(consortium, homes) as endpoints:
        gathered, problems = ask(log, endpoints)  # told 409 with the size 3, then asked again from there
    assert problems == [None, None]
    assert len(gathered.note.signatures) == 5


def test_a_home_has_one_witness(homes, tmp_path):
    home = homes["customs_kr"]
    with pytest.raises(FileTakenError):
        create_witness(home, WitnessKeys.generate("another"), PASSWORD, cost=QUICK)
    with pytest.raises(KeyMalformedError):
        create_witness(Home(tmp_path / "new"), WitnessKeys.generate("with space"), PASSWORD, cost=QUICK)


def test_making_a_witness_goes_on_after_it_was_interrupted_but_never_over_a_used_record(consortium, homes, log):
    home = homes["customs_kr"]
    path = WitnessKeystore(home.keystore.folder).path
    path.unlink()  # interrupted between the record and the keys
    create_witness(home, WitnessKeys.generate("again"), PASSWORD, cost=QUICK)
    log.grow_and_record(*entries(1))
    with served(consortium, {"customs_kr": home}) as endpoints:
        assert ask(log, endpoints)[1] == [None]
    path.unlink()
    with pytest.raises(Refused, match="keys are gone"):
        create_witness(home, WitnessKeys.generate("third"), PASSWORD, cost=QUICK)
    assert not path.exists()


def test_a_log_is_seen_with_its_cosignatures_and_what_the_chain_recorded(consortium, homes, log, tmp_path):
    log.grow_and_record(*entries(5))
    with served(consortium, homes) as endpoints:
        gathered, _ = ask(log, endpoints)
    (log.folder / "checkpoint").write_bytes(gathered.note.data())
    stored = StoredMemberLog.at(FolderSource(log.folder), consortium.contracts)
    view = view_log(stored, consortium.contracts, endpoints[0].keys)
    assert view.agrees
    assert view.recorded.size == 5
    assert [each.verified for each in view.cosignatures] == [True, True, False, False]
    shorter = MemberLog(consortium, log.name, tmp_path / "shorter")
    shorter.grow(b"x" * 32)
    view = view_log(StoredMemberLog.at(FolderSource(shorter.folder), consortium.contracts), consortium.contracts)
    assert view.disagreement == "the log has only 1 entries"
    shorter.grow(*entries(7, b"other"))
    view = view_log(StoredMemberLog.at(FolderSource(shorter.folder), consortium.contracts), consortium.contracts)
    assert "has the root" in view.disagreement
    assert view.to_json()["agrees"] is False


def test_a_log_of_another_ledger_is_not_shown_as_a_members(consortium, log, tmp_path):
    origin = "smartborder.blocks/1/" + "00" * 32
    other = sign_checkpoint(Checkpoint(origin, 0, b"\0" * 32), [Ed25519Signer(origin, log.signer.private_key)])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "checkpoint").write_bytes(other.data())
    with pytest.raises(OriginWrongError):
        StoredMemberLog.at(FolderSource(tmp_path / "other"), consortium.contracts)
    with pytest.raises(NotFound):
        StoredMemberLog.at(FolderSource(tmp_path / "nowhere"), consortium.contracts)
