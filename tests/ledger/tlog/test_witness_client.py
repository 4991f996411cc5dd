import time

import pytest

from clients.witness_server import WitnessServer
from ledger.errors import InputError, Refused, Unavailable
from ledger.tlog.errors import (
    CheckpointRefusedError,
    NoteMalformedError,
    QuorumMissingError,
    SignatureWrongError,
    SignerUnknownError,
)
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.notes import MAX_SIGNATURES, parse_note
from ledger.tlog.policy import Policy, PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proving import MemoryTree, consistency_proof
from ledger.tlog.witness_client import MAX_ATTEMPTS, WitnessEndpoint, endpoints_of, gather_cosignatures
from tests.ledger.tlog.samples import NOW, SIGNER, checkpoint_of, ed25519_cosigner, entries, ml_dsa_cosigner, signed
from tests.ledger.tlog.serving import answering, running
from tests.ledger.tlog.witnesses import new_witness, request

COSIGNER = ed25519_cosigner()
SIZES = {"Content-Type": "text/x.tlog.size"}


def prove(size):
    return lambda old: consistency_proof(old, size, MemoryTree(leaf_hashes(entries(size))))


def gather(url, size=8, keys=(COSIGNER.key,), **options):
    note = signed(checkpoint_of(entries(size)))
    gathered = gather_cosignatures(note, [WitnessEndpoint(url, keys)], prove(size), **options)
    return gathered, gathered.outcomes[0]


@pytest.fixture
def policy(tmp_path):
    """Three witnesses, the third with two keys, of which two have to cosign."""
    cosigners = [[ed25519_cosigner(f"w{n}.example", n)] for n in (1, 2)] + [
        [ed25519_cosigner("w3", 3), ml_dsa_cosigner("w3")]
    ]
    servers = [WitnessServer(new_witness(tmp_path / str(n), each)) for n, each in enumerate(cosigners)]
    with running(servers[0]) as one, running(servers[1]) as two, running(servers[2]) as three:
        witnesses = [
            PolicyWitness(f"W{n}{m}", cosigner.key, f"{url}/")
            for n, (each, url) in enumerate(zip(cosigners, (one, two, three), strict=True))
            for m, cosigner in enumerate(each)
        ]
        yield k_of_n([PolicyLog(SIGNER.key)], witnesses, 4)


def test_a_checkpoint_is_cosigned_by_all_witnesses_as_it_grows(policy):
    assert len(endpoints_of(policy)) == 3
    for size in (3, 3, 8, 300):
        note = signed(checkpoint_of(entries(size)))
        gathered = gather_cosignatures(note, endpoints_of(policy), prove(size))
        assert [outcome.problem for outcome in gathered.outcomes] == [None, None, None]
        verified = policy.check(gathered.note.data())
        assert len(verified.cosigned) == 4
        assert {each.time for each in verified.cosigned} == {NOW}


def test_a_witness_that_knows_another_size_is_asked_again_with_the_proof_from_there(tmp_path):
    witness = new_witness(tmp_path / "witness")
    witness.add_checkpoint(request(0, entries(5)).body())
    with running(WitnessServer(witness)) as url:
        for last_size in (0, 3, 5, 100):
            _, outcome = gather(url, last_size=last_size)
            assert outcome.problem is None


def test_a_witness_that_is_down_costs_the_others_nothing(policy):
    down = PolicyWitness("down", ed25519_cosigner("down", 9).key, "http://127.0.0.1:9")
    endpoints = [*endpoints_of(policy), *endpoints_of(Policy((), (down,)))]
    gathered = gather_cosignatures(signed(checkpoint_of(entries(8))), endpoints, prove(8))
    assert [outcome.problem is None for outcome in gathered.outcomes] == [True, True, True, False]
    assert isinstance(gathered.outcomes[3].problem, Unavailable)
    assert len(policy.check(gathered.note).cosigned) == 4


def test_too_few_cosignatures_are_the_policys_to_refuse(tmp_path):
    policy = k_of_n([PolicyLog(SIGNER.key)], [PolicyWitness("W", COSIGNER.key, "http://127.0.0.1:9")], 1)
    gathered = gather_cosignatures(signed(checkpoint_of(entries(8))), endpoints_of(policy), prove(8))
    with pytest.raises(QuorumMissingError):
        policy.check(gathered.note)


def test_no_witness_is_asked_where_there_is_none():
    note = signed(checkpoint_of(entries(8)))
    assert gather_cosignatures(note, [], prove(8)).note == note


def test_a_witness_ahead_of_the_log_is_told(tmp_path):
    witness = new_witness(tmp_path / "witness")
    witness.add_checkpoint(request(0, entries(20)).body())
    with running(WitnessServer(witness)) as url:
        _, outcome = gather(url)
    assert isinstance(outcome.problem, CheckpointRefusedError)
    assert "has cosigned 20 entries, and this checkpoint is of 8" in outcome.problem.message


def test_a_witness_cannot_fill_a_checkpoint_with_its_cosignatures():
    note = signed(checkpoint_of(entries(8)))
    lines = "".join(COSIGNER.cosign(note.text, NOW + second).line() for second in range(MAX_SIGNATURES))
    with answering(lambda path, body: (200, {}, lines.encode())) as url:
        gathered, outcome = gather(url)
    assert outcome.cosignatures == (COSIGNER.cosign(note.text, NOW),)
    assert parse_note(gathered.note.data()) == gathered.note


def test_a_forked_log_is_refused_with_the_witnesss_words(tmp_path):
    witness = new_witness(tmp_path / "witness")
    witness.add_checkpoint(request(0, entries(8, mark=b"other")).body())
    with running(WitnessServer(witness)) as url:
        _, outcome = gather(url)
    assert isinstance(outcome.problem, Refused)
    assert "422" in outcome.problem.message
    assert "two roots of the same size" in outcome.problem.message


def test_a_witness_that_moves_on_each_time_is_asked_a_few_times_only():
    asked = []

    def answer(path, body):
        asked.append(body)
        return 409, SIZES, f"{len(asked)}\n".encode()

    with answering(answer) as url:
        _, outcome = gather(url)
    assert len(asked) == MAX_ATTEMPTS
    assert isinstance(outcome.problem, Unavailable)
    assert "moved the witness on" in outcome.problem.message


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind", "words"),
    [
        (409, SIZES, b"08\n", InputError, "names the size '08"),
        (409, SIZES, b"-1\n", InputError, "names the size '-1"),
        (409, {"Content-Type": "text/plain"}, b"8\n", Refused, "409"),
        (409, {}, b"8\n", Refused, "409"),
        (500, {}, b"", Unavailable, "500"),
        (503, {}, b"busy", Unavailable, "'busy'"),
        (403, {}, b"\xff\x1b[31m", Refused, "403"),
        (301, {"Location": "http://127.0.0.1:9/"}, b"", Refused, "301"),
        (200, {}, b"", NoteMalformedError, "no signed note"),
        (200, {}, b"hello\n", NoteMalformedError, "no signature line"),
        (200, {}, b"x" * 300_000, Unavailable, "too long"),
    ],
)
def test_an_answer_that_is_none_is_told(status, headers, body, kind, words):
    with answering(lambda path, content: (status, headers, body)) as url:
        gathered, outcome = gather(url)
    assert isinstance(outcome.problem, kind)
    assert words in outcome.problem.message
    assert "\x1b" not in str(outcome.problem)
    assert gathered.note == signed(checkpoint_of(entries(8)))


def cosignature(text, cosigner=COSIGNER, time=NOW):
    return cosigner.cosign(text, time).line().encode()


TEXT = checkpoint_of(entries(8)).text()


def test_only_cosignatures_by_known_keys_are_kept():
    other = ed25519_cosigner("someone.example", 7)
    with answering(lambda path, body: (200, {}, cosignature(TEXT, other) + cosignature(TEXT))) as url:
        gathered, outcome = gather(url)
    assert [signature.name for signature in outcome.cosignatures] == [COSIGNER.name]
    assert len(gathered.note.signatures) == 2
    with answering(lambda path, body: (200, {}, cosignature(TEXT, other))) as url:
        _, outcome = gather(url)
    assert isinstance(outcome.problem, SignerUnknownError)


def test_a_cosignature_on_something_else_is_refused():
    with answering(lambda path, body: (200, {}, cosignature(checkpoint_of(entries(9)).text()))) as url:
        _, outcome = gather(url)
    assert isinstance(outcome.problem, SignatureWrongError)


def test_a_cosignature_without_a_time_is_refused():
    from ledger.tlog.cosignatures import Subtree

    checkpoint, cosigner = checkpoint_of(entries(8)), ml_dsa_cosigner()
    line = cosigner.cosign_subtree(Subtree(checkpoint.origin, 0, 8, checkpoint.root)).line().encode()
    with answering(lambda path, body: (200, {}, line)) as url:
        _, outcome = gather(url, keys=(cosigner.key,))
    assert isinstance(outcome.problem, SignatureWrongError)


def test_a_witness_that_never_finishes_is_given_up():
    def drip(path, body):
        return 200, {}, [part for _ in range(200) for part in (b"x", lambda: time.sleep(0.05))]

    with answering(drip) as url:
        _, outcome = gather(url, timeout_seconds=0.2)
    assert isinstance(outcome.problem, Unavailable)
    assert "takes too long" in outcome.problem.message


def test_a_proof_that_cannot_be_made_is_that_witnesss_problem():
    def failing(old):
        raise Unavailable("the tiles are gone", where="tile/0/000")

    with answering(lambda path, body: (409, SIZES, b"5\n")) as url:
        note = signed(checkpoint_of(entries(8)))
        gathered = gather_cosignatures(note, [WitnessEndpoint(url, (COSIGNER.key,))], failing)
    assert "the tiles are gone" in str(gathered.outcomes[0].problem)
