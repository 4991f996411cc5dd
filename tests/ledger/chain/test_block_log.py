"""The block log holds the hash of each final block once, goes on after crashes, and ends where one is replaced."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from ledger.chain import block_log
from ledger.chain.block_log import BlockLog
from ledger.chain.errors import NodeAnswerError, NodeBehindError, OtherChainError, ReorganisedError
from ledger.chain.final_blocks import Buried, Sealed
from ledger.chain.proof.errors import BlockHashError, EngineError, SealsError, ValidatorsError
from ledger.chain.proof.finality import require_witnessed
from ledger.chain.proof.logs import proved_block
from ledger.errors import InputError
from ledger.identity.keys import CheckpointKey
from ledger.tlog.checkpoints import Checkpoint, open_checkpoint, read_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner, verifier_of
from ledger.tlog.errors import LogBusyError, SignerUnknownError
from ledger.tlog.merkle import leaf_hashes, root_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.proving import MemoryTree, consistency_proof
from ledger.tlog.witness import Witness
from ledger.tlog.witness_requests import AddCheckpoint
from ledger.tlog.witness_state import WitnessState
from tests.ledger.chain.proof.qbft_chain import StubNode, block, chain, extra_of, unsealed

KEY, OTHER = CheckpointKey(b"\x31" * 32), CheckpointKey(b"\x32" * 32)
FOUR, FIVE = [1, 2, 3, 4], [1, 2, 3, 4, 5]
GROWING = chain([FOUR, FOUR, FIVE, FIVE, [2, 3, 4, 5], [2, 3, 4, 5]])


def hashes(headers):
    return [header.hash() for header in headers]


def root(headers):
    return root_of(leaf_hashes(hashes(headers)))


def log_of(folder, headers, final=None, key=KEY):
    return BlockLog.create(folder, StubNode(headers), key, final or Sealed())


def test_entry_i_is_the_hash_of_block_i(tmp_path):
    with log_of(tmp_path / "log", GROWING) as log:
        checkpoint = read_checkpoint(log.update())
        assert checkpoint == Checkpoint(log.origin, 7, root(GROWING))
        assert log.origin == f"smartborder.blocks/1337/{GROWING[0].hash().hex()}"
        assert log.size == 7


def test_two_authorities_come_to_the_same_checkpoint(tmp_path):
    with log_of(tmp_path / "one", GROWING) as one, log_of(tmp_path / "two", GROWING, key=OTHER) as two:
        first, second = one.update(), two.update()
        assert first.text == second.text
        both = first.with_signatures(second.signatures)
        one.publish(both)
        keys = [Ed25519Signer(one.origin, key.private_key).key for key in (KEY, OTHER)]
        opened = open_checkpoint(one.update(), [verifier_of(key) for key in keys])
        assert {key for key, _ in opened.verified} == set(keys)


def test_the_log_goes_on_where_it_ended(tmp_path):
    with log_of(tmp_path / "log", GROWING[:3]) as log:
        assert read_checkpoint(log.update()).size == 3
        assert log.update() == log.update(), "nothing new, nothing signed anew"
    for end in (4, 6, 7):
        node = StubNode(GROWING[:end])
        with BlockLog(tmp_path / "log", node, KEY, Sealed()) as log:
            assert read_checkpoint(log.update()) == Checkpoint(log.origin, end, root(GROWING[:end]))
        assert min(node.asked) >= 2, "what was logged is not read again"


def test_many_blocks_are_logged_in_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(block_log, "RUN_BLOCKS", 2)
    with log_of(tmp_path / "log", GROWING) as log:
        assert read_checkpoint(log.update()).root == root(GROWING)


def test_a_node_that_fails_midway_loses_no_run_that_was_published(tmp_path, monkeypatch):
    monkeypatch.setattr(block_log, "RUN_BLOCKS", 2)
    node = StubNode(GROWING)
    broken = GROWING[5]
    node.headers[5] = extra_of(broken, seals=())
    with BlockLog.create(tmp_path / "log", node, KEY, Sealed()) as log:
        with pytest.raises(SealsError, match="is sealed by 0 of 4"):
            log.update()
        assert log.size == 4
        node.headers[5] = broken
        assert read_checkpoint(log.update()).root == root(GROWING)


def test_a_proof_of_a_block_serves_whoever_trusts_the_witnesses(tmp_path):
    cosigner = Ed25519Cosigner("witness.example/1", KEY.private_key)
    with log_of(tmp_path / "log", GROWING) as log:
        note = log.update()
        log.publish(note.with_signatures([cosigner.cosign(note.text, 1_767_225_700)]))
        key = Ed25519Signer(log.origin, KEY.private_key).key
        policy = k_of_n([PolicyLog(key)], [PolicyWitness("W", cosigner.key)], 1)
        for header in GROWING:
            proof = log.proof(header.number)
            found = require_witnessed(proved_block(header), proof, 1337, GROWING[0].hash(), policy)
            assert (found.size, [each.name for each in found.cosigned]) == (7, ["W"])
        with pytest.raises(InputError):
            log.proof(7)


def fork(height, length):
    """The chain as it was up to a height, and other blocks from there on."""
    return chain([[2, 3, 4, 5] if height > 5 else FOUR] * length, before=GROWING[:height], beneficiary=b"\x0f" * 20)


def test_a_final_block_that_was_replaced_ends_the_log_and_is_named(tmp_path):
    with log_of(tmp_path / "log", GROWING) as log:
        published = log.update()
    for height in (1, 2, 3):
        other = fork(height, 9)
        with BlockLog(tmp_path / "log", StubNode(other), KEY, Buried(0)) as log:
            with pytest.raises(ReorganisedError) as told:
                log.update()
            assert (told.value.number, told.value.logged, told.value.found) == (
                height,
                GROWING[height].hash(),
                other[height].hash(),
            )
            assert f"block {height} is 0x{other[height].hash().hex()} now" in told.value.diagnostics()
            assert log.size == 7
    with BlockLog(tmp_path / "log", StubNode(GROWING), KEY, Sealed()) as log:
        assert log.update() == published


def test_a_node_that_is_behind_is_told_and_not_believed(tmp_path):
    with log_of(tmp_path / "log", GROWING) as log:
        log.update()
    with BlockLog(tmp_path / "log", StubNode(GROWING[:5]), KEY, Sealed()) as log:
        with pytest.raises(NodeBehindError, match="has 5 final blocks; 7 were logged"):
            log.update()
        assert log.size == 7


def test_blocks_that_are_replaced_while_they_are_read_are_not_logged(tmp_path):
    headers = [*GROWING[:4], *fork(2, 4)[4:]]
    with log_of(tmp_path / "log", headers, Buried(0)) as log:
        with pytest.raises(NodeAnswerError, match="block 4 does not follow block 3"):
            log.update()
        assert log.size == 0


def test_a_chain_that_was_started_anew_is_told(tmp_path):
    node = StubNode(GROWING)
    with BlockLog.create(tmp_path / "log", node, KEY, Sealed()) as log:
        node.headers = chain([FOUR], genesis=FIVE)
        with pytest.raises(OtherChainError, match="block 0 is"):
            log.update()


def test_a_block_that_is_not_sealed_is_not_logged(tmp_path):
    forged = {
        "by nobody": (unsealed(3, FOUR, parent_hash=GROWING[2].hash()), SealsError),
        "by a stranger": (block(3, FOUR, [1, 2, 9], parent_hash=GROWING[2].hash()), SealsError),
        "by validators of its own": (block(3, [7, 8, 9], parent_hash=GROWING[2].hash()), ValidatorsError),
    }
    for name, (header, error) in forged.items():
        with log_of(tmp_path / name, [*GROWING[:3], header]) as log, pytest.raises(error):
            log.update()


def test_a_chain_in_contract_mode_is_logged_by_depth_only(tmp_path):
    headers = [replace(unsealed(0, []), parent_hash=bytes(32))]
    headers.append(unsealed(1, [], parent_hash=headers[0].hash()))
    with log_of(tmp_path / "sealed", headers) as log, pytest.raises(EngineError, match="contract mode"):
        log.update()
    with log_of(tmp_path / "buried", headers, Buried(1)) as log:
        assert read_checkpoint(log.update()).size == 1


@pytest.mark.parametrize(("depth", "size"), [(0, 7), (2, 5), (6, 1), (7, 0), (100, 0)])
def test_only_blocks_with_so_many_on_top_are_logged(tmp_path, depth, size):
    with log_of(tmp_path / "log", GROWING, Buried(depth)) as log:
        assert read_checkpoint(log.update()).size == size


def test_a_depth_is_not_negative():
    with pytest.raises(InputError, match="is no number of blocks"):
        Buried(-1)


def test_validators_are_followed_from_a_block_that_is_the_one_logged(tmp_path):
    node = StubNode(GROWING)
    with pytest.raises(BlockHashError):
        list(Sealed().read(node, 4, 7, b"\x01" * 32))
    assert [each.number for each in Sealed().read(node, 4, 7, GROWING[3].hash())] == [4, 5, 6]


def test_a_folder_of_another_chain_or_key_is_refused(tmp_path):
    log_of(tmp_path / "log", GROWING).close()
    with pytest.raises(SignerUnknownError):
        BlockLog(tmp_path / "log", StubNode(chain([FOUR], genesis=FIVE)), KEY, Sealed())
    with pytest.raises(SignerUnknownError):
        BlockLog(tmp_path / "log", StubNode(GROWING), OTHER, Sealed())


def test_one_process_at_a_time_writes(tmp_path):
    with log_of(tmp_path / "log", GROWING), pytest.raises(LogBusyError):
        BlockLog(tmp_path / "log", StubNode(GROWING), KEY, Sealed())


def asked(witness, note, headers, old=0):
    """A witness's answer to a checkpoint of these blocks."""
    size = read_checkpoint(note).size
    tree = MemoryTree(leaf_hashes(hashes(headers)))
    return witness.add_checkpoint(AddCheckpoint(old, tuple(consistency_proof(old, size, tree)), note).body())


def test_a_witness_cosigns_only_what_its_own_node_says(tmp_path):
    other = fork(3, 6)
    with (
        log_of(tmp_path / "own", GROWING[:5]) as own,
        log_of(tmp_path / "honest", GROWING[:4], key=OTHER) as honest,
        log_of(tmp_path / "forged", other, Buried(0), key=OTHER) as forged,
    ):
        witness = Witness(
            [Ed25519Cosigner("witness.example/1", KEY.private_key)],
            {own.origin: [verifier_of(Ed25519Signer(own.origin, OTHER.private_key).key)]},
            WitnessState.create(tmp_path / "state"),
            clock=lambda: 1_767_225_700,
            allowed=own.objection,
        )
        assert asked(witness, honest.update(), GROWING).status == 200
        split = asked(witness, forged.update(), other, old=4)
        assert split.status == 422, "another history does not even grow from what was cosigned"
        fresh = Witness(
            [Ed25519Cosigner("witness.example/2", OTHER.private_key)],
            {own.origin: [verifier_of(Ed25519Signer(own.origin, OTHER.private_key).key)]},
            WitnessState.create(tmp_path / "fresh"),
            clock=lambda: 1_767_225_700,
            allowed=own.objection,
        )
        own._node.headers = list(GROWING)
        refused = asked(fresh, forged.update(), other)
        assert refused.status == 403
        assert b"block 8 is not final here; the last that is, is block 6" in refused.body


def test_a_checkpoint_of_other_blocks_is_objected_to(tmp_path):
    with log_of(tmp_path / "own", GROWING) as own:
        right = Checkpoint(own.origin, 5, root(GROWING[:5]))
        assert own.objection(right) is None
        assert own.size == 7, "the own log was brought up to date"
        assert "the blocks here give the root" in own.objection(replace(right, root=b"\x01" * 32))
        assert "block 8 is not final here" in own.objection(replace(right, size=9))
        assert own.objection(Checkpoint("example.com/another", 9, b"\x01" * 32)) is None


CRASHING = """
import sys, os
from ledger.chain import block_log
from tests.ledger.chain.test_block_log import GROWING, KEY, Sealed, StubNode
from pathlib import Path
block_log.RUN_BLOCKS = 2
node, read = StubNode(GROWING), []
data = node.block_data
def dying(number):
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
    return data(number)
node.block_data = dying
folder = Path(sys.argv[1])
make = block_log.BlockLog if (folder / "checkpoint").exists() else block_log.BlockLog.create
make(folder, node, KEY, Sealed()).update()
"""


def test_a_log_whose_writer_is_killed_goes_on(tmp_path):
    for at in (3, 5, 6):
        done = subprocess.run([sys.executable, "-c", CRASHING, str(tmp_path / "log"), str(at)], check=False)
        assert done.returncode == -9
    with BlockLog(tmp_path / "log", StubNode(GROWING), KEY, Sealed()) as log:
        assert 0 < log.size < 7
        assert read_checkpoint(log.update()).root == root(GROWING)


def test_the_blocks_of_the_embedded_chain_are_logged(tmp_path, consortium):
    consortium.register()
    node = consortium.node
    with BlockLog.create(tmp_path / "log", node, KEY, Buried(1)) as log:
        checkpoint = read_checkpoint(log.update())
    count = node.latest_block().number
    expected = [node.block(number).hash for number in range(count)]
    assert (checkpoint.size, checkpoint.root) == (count, root_of(leaf_hashes(expected)))
