import itertools
import random
import subprocess
import sys
import tempfile
import threading
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.tlog.checkpoints import Checkpoint, empty_checkpoint, open_checkpoint
from ledger.tlog.conflicts import Conflict, contradicts, verify_conflict
from ledger.tlog.cosignatures import cosignature_time, verifiers_of
from ledger.tlog.errors import (
    LogTakenError,
    ProofWrongError,
    RequestMalformedError,
    SignerUnknownError,
    WitnessStateError,
)
from ledger.tlog.merkle import EMPTY_ROOT, verify_consistency
from ledger.tlog.notes import MAX_SIGNATURES, Note, Signature, parse_signature_lines
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import MAX_REQUEST_BYTES, SIZE_MEDIA_TYPE, AddCheckpoint, parse_add_checkpoint
from ledger.tlog.witness_state import MAX_CONFLICTS, WitnessState, origin_hash
from tests.ledger.tlog.disks import ForgetfulDisk, QuickDisk, SteppingDisk, Stopped
from tests.ledger.tlog.samples import (
    NOW,
    ORIGIN,
    OTHER_SIGNER,
    SIGNER,
    VERIFIERS,
    checkpoint_of,
    ed25519_cosigner,
    entries,
    ml_dsa_cosigner,
    signed,
)
from tests.ledger.tlog.witnesses import Clock, forked, honest, new_witness, request

# The example request of C2SP tlog-witness
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa \
opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


@pytest.fixture
def witness(tmp_path):
    return new_witness(tmp_path / "witness")


@pytest.fixture
def state(witness, tmp_path):
    return WitnessState(tmp_path / "witness")


def ask(witness, *arguments, **options):
    return witness.add_checkpoint(request(*arguments, **options).body())


def refused(answer, status, *words):
    assert answer.status is status
    assert all(word in answer.body.decode() for word in words)
    return True


def test_the_specifications_example_is_read_and_written_alike():
    read = parse_add_checkpoint(EXAMPLE.encode())
    assert (read.old_size, len(read.proof), len(read.checkpoint.signatures)) == (20852014, 4, 2)
    assert read.body() == EXAMPLE.encode()


@pytest.mark.parametrize("size", [1, 5, 300])
def test_a_new_log_is_cosigned_from_nothing(witness, size):
    answer = ask(witness, 0, honest(size))
    assert answer.status is HTTPStatus.OK
    (signature,) = parse_signature_lines(answer.body.decode())
    assert cosignature_time(signature) == NOW
    cosigned = signed(checkpoint_of(honest(size))).with_signatures([signature])
    open_checkpoint(cosigned, verifiers_of([ed25519_cosigner().key]), origin=ORIGIN)


def test_an_empty_log_is_cosigned(witness):
    assert ask(witness, 0, []).status is HTTPStatus.OK
    assert ask(witness, 0, honest(3)).status is HTTPStatus.OK


def test_a_log_that_grows_is_cosigned_each_time(witness):
    sizes = [0, 1, 1, 2, 3, 8, 300, 300]
    for old, new in itertools.pairwise(sizes):
        assert ask(witness, old, honest(new)).status is HTTPStatus.OK


def test_every_key_of_a_witness_cosigns(tmp_path):
    cosigners = [ed25519_cosigner(), ml_dsa_cosigner()]
    witness = new_witness(tmp_path / "witness", cosigners)
    signatures = parse_signature_lines(ask(witness, 0, honest(3)).body.decode())
    assert [signature.key_id for signature in signatures] == [cosigner.key.id for cosigner in cosigners]
    note = signed(checkpoint_of(honest(3))).with_signatures(signatures)
    assert len(open_checkpoint(note, verifiers_of([each.key for each in cosigners]), origin=ORIGIN).verified) == 2


def test_monitors_get_the_last_checkpoint_with_the_signatures_that_were_verified(witness):
    note = signed(checkpoint_of(honest(3)))
    unknown = Signature("someone.example", b"\0\0\0\1", b"whatever")
    witness.add_checkpoint(request(0, honest(3), note=note.with_signatures([unknown])).body())
    data = witness.checkpoint(origin_hash(ORIGIN))
    opened = open_checkpoint(data, [*VERIFIERS, *verifiers_of([ed25519_cosigner().key])])
    assert len(opened.verified) == len(opened.note.signatures) == 2
    for unknown_hash in (origin_hash("another"), "", "..", "../witness", origin_hash(ORIGIN).upper()):
        assert witness.checkpoint(unknown_hash) is None


def test_a_signature_repeated_as_often_as_a_note_holds_leaves_the_record_readable(witness):
    """A log's checkpoints are public: anybody may repeat its signature, and send that to its witness."""
    once = request(0, honest(3))
    note = Note(once.checkpoint.text, once.checkpoint.signatures * MAX_SIGNATURES)
    assert witness.add_checkpoint(request(0, honest(3), note=note).body()).status is HTTPStatus.OK
    assert witness.add_checkpoint(request(3, honest(8)).body()).status is HTTPStatus.OK


def test_400_for_what_is_no_request(witness):
    for body in (b"", b"old 0\n", EXAMPLE.replace("old 2", "old 02").encode(), b"old 0\n\nno checkpoint\n"):
        assert refused(witness.add_checkpoint(body), HTTPStatus.BAD_REQUEST, "no request to add a checkpoint")
    no_checkpoint = b"old 0\n\nsome text\n\n" + signed(checkpoint_of([])).signatures[0].line().encode()
    assert refused(witness.add_checkpoint(no_checkpoint), HTTPStatus.BAD_REQUEST, "no checkpoint")


def test_404_for_a_log_that_is_not_known(witness):
    assert refused(witness.add_checkpoint(EXAMPLE.encode()), HTTPStatus.NOT_FOUND, "not known here")


def test_403_for_a_checkpoint_that_the_log_did_not_sign(witness):
    assert refused(ask(witness, 0, honest(3), signer=OTHER_SIGNER), HTTPStatus.FORBIDDEN, "none of the 1 signatures")


def test_403_for_a_checkpoint_with_a_false_signature_of_the_log(witness):
    note = signed(checkpoint_of(honest(3)))
    forged = note.with_signatures([Signature(ORIGIN, SIGNER.key.id, b"\0" * 64)])
    assert refused(ask(witness, 0, honest(3), note=forged), HTTPStatus.FORBIDDEN, "not by that key")


def test_400_for_an_old_size_above_the_checkpoints(witness):
    assert refused(ask(witness, 4, honest(3), proof=[]), HTTPStatus.BAD_REQUEST, "old size 4", "3")


def test_409_with_the_size_for_another_old_size(witness):
    ask(witness, 0, honest(5))
    for old in (0, 4, 6, 7):
        answer = ask(witness, old, honest(7))
        assert (answer.status, answer.body, answer.media_type) == (HTTPStatus.CONFLICT, b"5\n", SIZE_MEDIA_TYPE)
    smaller = ask(witness, 3, honest(3), proof=[])
    assert (smaller.status, smaller.body) == (HTTPStatus.CONFLICT, b"5\n")


def test_409_with_zero_for_a_log_that_was_never_cosigned(witness):
    assert ask(witness, 3, honest(5)).body == b"0\n"


def test_422_for_an_empty_log_with_another_root(witness):
    note = signed(Checkpoint(ORIGIN, 0, b"\1" * 32))
    answer = witness.add_checkpoint(AddCheckpoint(0, (), note).body())
    assert refused(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "not the empty tree's")


def test_422_for_a_proof_where_none_is_needed(witness):
    assert refused(ask(witness, 0, honest(5), proof=[EMPTY_ROOT]), HTTPStatus.UNPROCESSABLE_ENTITY, "none are needed")
    ask(witness, 0, honest(5))
    assert refused(ask(witness, 5, honest(5), proof=[EMPTY_ROOT]), HTTPStatus.UNPROCESSABLE_ENTITY, "none are needed")


def test_422_for_a_proof_that_does_not_verify(witness):
    ask(witness, 0, honest(5))
    for proof in ([], [EMPTY_ROOT], request(3, honest(8)).proof):
        assert refused(ask(witness, 5, honest(8), proof=proof), HTTPStatus.UNPROCESSABLE_ENTITY, "from 5")
    assert ask(witness, 5, honest(8)).status is HTTPStatus.OK


def test_422_for_another_root_of_the_same_size(witness):
    ask(witness, 0, honest(8))
    assert refused(ask(witness, 8, forked(8)), HTTPStatus.UNPROCESSABLE_ENTITY, "two roots of the same size 8")


def test_what_is_refused_changes_nothing(witness, state):
    ask(witness, 0, honest(5))
    before = state.checkpoint(origin_hash(ORIGIN))
    ask(witness, 0, honest(8))
    ask(witness, 5, forked(8), proof=[])
    ask(witness, 5, honest(8), signer=OTHER_SIGNER)
    assert state.checkpoint(origin_hash(ORIGIN)) == before


def test_the_caller_may_refuse_what_the_chain_has_not_recorded(tmp_path):
    recorded = {checkpoint_of(honest(3))}
    witness = new_witness(
        tmp_path / "witness",
        allowed=lambda checkpoint: None if checkpoint in recorded else "the chain has not recorded this checkpoint",
    )
    assert ask(witness, 0, honest(3)).status is HTTPStatus.OK
    assert refused(ask(witness, 3, honest(5)), HTTPStatus.FORBIDDEN, "the chain has not recorded")
    assert ask(witness, 0, honest(4)).body == b"3\n"
    recorded.add(checkpoint_of(honest(5)))
    assert ask(witness, 3, honest(5)).status is HTTPStatus.OK


def test_extension_lines_are_cosigned_where_the_key_covers_them(tmp_path):
    note = signed(checkpoint_of(honest(3), extensions=("more",)))
    covering = new_witness(tmp_path / "a")
    assert covering.add_checkpoint(AddCheckpoint(0, (), note).body()).status is HTTPStatus.OK
    uncovering = new_witness(tmp_path / "b", [ed25519_cosigner(), ml_dsa_cosigner()])
    answer = uncovering.add_checkpoint(AddCheckpoint(0, (), note).body())
    assert refused(answer, HTTPStatus.BAD_REQUEST, "extension lines")


def test_a_clock_that_was_set_back_does_not_contradict_earlier_cosignatures(tmp_path):
    clock = Clock()
    witness = new_witness(tmp_path / "witness", clock=clock)
    ask(witness, 0, honest(3))
    clock.now = NOW - 1000
    (signature,) = parse_signature_lines(ask(witness, 3, honest(5)).body.decode())
    assert cosignature_time(signature) == NOW
    clock.now = NOW + 7
    (signature,) = parse_signature_lines(ask(witness, 5, honest(5)).body.decode())
    assert cosignature_time(signature) == NOW + 7


def test_a_fork_of_the_same_size_is_convicted_by_both_notes(witness, state):
    ask(witness, 0, honest(8))
    ask(witness, 8, forked(8))
    (conflict,) = state.conflicts(ORIGIN)
    assert conflict.proven
    verify_conflict(conflict, VERIFIERS)
    assert open_checkpoint(conflict.cosigned, VERIFIERS).checkpoint == checkpoint_of(honest(8))
    shown = parse_add_checkpoint(conflict.shown).checkpoint
    assert open_checkpoint(shown, VERIFIERS).checkpoint == checkpoint_of(forked(8))


def test_a_fork_of_the_same_size_is_convicted_whatever_old_size_it_names(witness, state):
    ask(witness, 0, honest(8))
    assert ask(witness, 0, forked(8)).status is HTTPStatus.CONFLICT
    assert [conflict.proven for conflict in state.conflicts(ORIGIN)] == [True]


@pytest.mark.parametrize(("old", "new"), [(6, 9), (7, 8), (11, 300), (300, 700)])
def test_a_fork_that_grew_is_convicted_by_its_own_proof(witness, state, old, new):
    ask(witness, 0, honest(old))
    assert ask(witness, old, forked(new)).status is HTTPStatus.UNPROCESSABLE_ENTITY
    (conflict,) = state.conflicts(ORIGIN)
    assert conflict.proven
    verify_conflict(conflict, VERIFIERS)


def test_a_fork_from_a_power_of_two_is_kept_as_possible_since_its_proof_leaves_the_old_root_out(witness, state):
    ask(witness, 0, honest(8))
    ask(witness, 8, forked(12))
    (conflict,) = state.conflicts(ORIGIN)
    assert not conflict.proven
    with pytest.raises(ProofWrongError, match="nothing here shows"):
        verify_conflict(conflict, VERIFIERS)


def test_a_wrong_proof_convicts_nobody_and_is_forgotten_when_a_good_one_comes(witness, state):
    ask(witness, 0, honest(5))
    ask(witness, 5, honest(8), proof=[EMPTY_ROOT])
    assert [conflict.proven for conflict in state.conflicts(ORIGIN)] == [False]
    ask(witness, 5, honest(8))
    assert state.conflicts(ORIGIN) == []


def test_what_convicts_a_log_is_not_forgotten_when_it_returns_to_its_history(witness, state):
    ask(witness, 0, honest(6))
    ask(witness, 6, forked(9))
    ask(witness, 6, honest(9))
    assert [conflict.proven for conflict in state.conflicts(ORIGIN)] == [True]


def test_nobody_but_the_log_can_make_it_look_guilty(witness, state):
    ask(witness, 0, honest(8))
    ask(witness, 8, forked(8), signer=OTHER_SIGNER)
    ask(witness, 7, honest(8))
    ask(witness, 0, honest(9))
    assert state.conflicts(ORIGIN) == []


def test_conflicts_are_kept_once_and_not_without_end(witness, state, caplog):
    ask(witness, 0, honest(6))
    for _ in range(3):
        ask(witness, 6, forked(9))
    assert len(state.conflicts(ORIGIN)) == 1
    for size in range(10, 10 + MAX_CONFLICTS):
        ask(witness, 6, forked(size))
    assert len(state.conflicts(ORIGIN)) == MAX_CONFLICTS
    assert "a conflict was not kept" in caplog.text


def test_a_conflict_with_a_foreign_or_honest_note_does_not_verify(witness, state):
    ask(witness, 0, honest(8))
    ask(witness, 8, forked(8))
    (conflict,) = state.conflicts(ORIGIN)
    with pytest.raises(SignerUnknownError):
        verify_conflict(conflict, verifiers_of([OTHER_SIGNER.key]))
    honest_one = Conflict(conflict.cosigned, request(8, honest(12)).body(), proven=True)
    with pytest.raises(ProofWrongError):
        verify_conflict(honest_one, VERIFIERS)
    with pytest.raises(RequestMalformedError):
        verify_conflict(Conflict(conflict.cosigned, b"", proven=True), VERIFIERS)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_honest_checkpoints_never_contradict_each_other(one, other, data):
    old, new = sorted((one, other))
    proof = request(old, honest(new)).proof
    kept = data.draw(st.integers(0, len(proof)))
    for given_proof in (proof, proof[:kept], [*proof, EMPTY_ROOT]):
        assert not contradicts(checkpoint_of(honest(old)), checkpoint_of(honest(new)), old, given_proof)


def test_a_witness_that_lost_its_record_does_not_start_anew_by_itself(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(WitnessStateError, match="no record of a witness") as caught:
            WitnessState(folder)
        assert "with an old key" in caught.value.mend


def test_a_record_is_not_made_over_something(tmp_path, witness):
    with pytest.raises(LogTakenError, match="not empty"):
        WitnessState.create(tmp_path / "witness")


@pytest.mark.parametrize(
    "damage", [b"", b"not a note", b"text\n\n" + signed(checkpoint_of([])).signatures[0].line().encode()]
)
def test_a_damaged_record_is_neither_trusted_nor_replaced(tmp_path, witness, damage):
    ask(witness, 0, honest(3))
    path = tmp_path / "witness" / origin_hash(ORIGIN) / "checkpoint"
    path.write_bytes(damage)
    with pytest.raises(WitnessStateError, match="is damaged") as caught:
        ask(witness, 3, honest(5))
    assert "never an older one" in caught.value.mend
    assert path.read_bytes() == damage


def test_a_record_that_cannot_be_used_is_told(tmp_path, witness):
    (tmp_path / "witness" / origin_hash(ORIGIN)).write_bytes(b"")
    with pytest.raises(WitnessStateError, match="cannot be used"):
        ask(witness, 0, honest(3))
    with pytest.raises(WitnessStateError, match="cannot be used"):
        witness.checkpoint(origin_hash(ORIGIN))


def test_threads_that_ask_at_once_never_get_two_histories(witness):
    logs, answers = [honest, forked], []

    def client(chance):
        known = {0: 0, 1: 0}
        for _ in range(25):
            which = chance.randrange(2)
            size = max(known[which], 6) + chance.randrange(3)
            answer = ask(witness, min(known[which], size), logs[which](size))
            if answer.status is HTTPStatus.OK:
                answers.append((which, size))
                known[which] = size
            elif answer.status is HTTPStatus.CONFLICT:
                known[which] = int(answer.body)

    threads = [threading.Thread(target=client, args=(random.Random(seed),)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({which for which, _ in answers}) == 1
    assert len(answers) > 6


CLIENT = """
import sys
from pathlib import Path
from ledger.tlog.witness import Witness
from ledger.tlog.witness_state import WitnessState
from tests.ledger.tlog.samples import ORIGIN, VERIFIERS, ed25519_cosigner
from tests.ledger.tlog.witnesses import Clock, honest, request

witness = Witness([ed25519_cosigner()], {ORIGIN: VERIFIERS}, WitnessState(Path(sys.argv[1])), clock=Clock())
known = cosigned = 0
while cosigned < 15:
    answer = witness.add_checkpoint(request(known, honest(known + 1)).body())
    if answer.status == 200:
        known, cosigned = known + 1, cosigned + 1
    else:
        known = int(answer.body)
sys.stdout.write(str(cosigned))
"""


def test_processes_that_share_a_record_cosign_each_size_once(tmp_path, witness, state):
    command = [sys.executable, "-c", CLIENT, str(tmp_path / "witness")]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [client.communicate()[0] for client in clients] == ["15", "15", "15"]
    data = state.checkpoint(origin_hash(ORIGIN))
    assert open_checkpoint(data, VERIFIERS).checkpoint == checkpoint_of(honest(45))


def life(folder, disk, answers):
    witness = new_witness(folder, disk=disk)
    for old, log in ((0, honest(6)), (6, forked(9)), (6, honest(9)), (9, honest(30))):
        answer = ask(witness, old, log)
        if answer.status is HTTPStatus.OK:
            answers.append(len(log))


@pytest.mark.parametrize("cut", [False, True])
def test_a_witness_stopped_at_any_step_stands_by_what_it_cosigned(tmp_path, cut):
    counting, chance = SteppingDisk(), random.Random(1)
    life(tmp_path / "whole", counting, [])
    for step in range(1, counting.steps + 1):
        folder, answers = tmp_path / str(step), []
        disk = ForgetfulDisk(step) if cut else SteppingDisk(step)
        with pytest.raises(Stopped):
            life(folder, disk, answers)
        if cut:
            disk.cut_power(chance)
        try:
            state = WitnessState(folder, disk=QuickDisk())
        except WitnessStateError:
            assert not answers
            continue
        data = state.checkpoint(origin_hash(ORIGIN))
        kept = open_checkpoint(data, VERIFIERS).checkpoint if data else empty_checkpoint(ORIGIN)
        assert kept == checkpoint_of(honest(kept.size))
        assert kept.size >= max(answers, default=0)
        for conflict in state.conflicts(ORIGIN):
            verify_conflict(conflict, VERIFIERS)
        again = Witness([ed25519_cosigner()], {ORIGIN: VERIFIERS}, state, clock=Clock())
        assert ask(again, kept.size, honest(40)).status is HTTPStatus.OK


@pytest.mark.parametrize(
    "body",
    [
        EXAMPLE.replace("old ", "Old "),
        EXAMPLE.replace("old ", "old  "),
        EXAMPLE.replace("old 20852014", "old 9223372036854775808"),
        EXAMPLE.replace("PlRN", "PlR"),
        EXAMPLE.replace("PlRNCrw", "PlRN\u00e9rw"),
        EXAMPLE.replace("\n\nexample", "\nexample"),
        "old 1\n" + "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64 + EXAMPLE[EXAMPLE.index("\n\n") + 1 :],
        EXAMPLE[:-1],
        EXAMPLE + "x" * MAX_REQUEST_BYTES,
    ],
)
def test_what_is_no_request_is_refused(body):
    with pytest.raises(RequestMalformedError):
        parse_add_checkpoint(body.encode())


def test_a_request_may_have_63_hashes():
    proof = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 63
    assert len(parse_add_checkpoint(f"old 1\n{proof}{EXAMPLE[EXAMPLE.index(chr(10) * 2) + 1 :]}".encode()).proof) == 63


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_body_gets_an_answer(tmp_path_factory, data):
    witness = Witness([ed25519_cosigner()], {}, None, clock=Clock())
    assert witness.add_checkpoint(data).status is HTTPStatus.BAD_REQUEST


class AnyLog(RuleBasedStateMachine):
    """A log that grows, forks and returns as it likes: what is cosigned is always one history."""

    def __init__(self):
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.witness = new_witness(Path(self._folder.name) / "witness")
        self.cosigned = [empty_checkpoint(ORIGIN)]
        self.histories = [[]]

    def teardown(self):
        self._folder.cleanup()

    @rule(old=st.integers(0, 20), size=st.integers(0, 20), fork=st.integers(0, 20), mark=st.sampled_from([b"", b"x"]))
    def show(self, old, size, fork, mark):
        log = [*entries(min(fork, size)), *entries(max(size - fork, 0), min(fork, size), mark)]
        known = self.cosigned[-1].size
        for old_size in {old, known}:
            if old_size > size:
                continue
            if ask(self.witness, old_size, log).status is HTTPStatus.OK:
                assert old_size == known
                self.cosigned.append(checkpoint_of(log))
                self.histories.append(log)
                known = size

    @invariant()
    def each_history_begins_with_the_one_before(self):
        if len(self.histories) > 1:
            before, after = self.histories[-2:]
            assert after[: len(before)] == before
            verify_consistency(
                old_size=len(before),
                old_root=self.cosigned[-2].root,
                new_size=len(after),
                new_root=self.cosigned[-1].root,
                proof=request(len(before), after).proof,
            )


TestAnyLog = AnyLog.TestCase
TestAnyLog.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
