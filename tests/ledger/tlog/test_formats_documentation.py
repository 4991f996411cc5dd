"""docs/formats.md: every value of the event log's example is the one that is computed."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.tlog.checkpoints import Checkpoint, sign_checkpoint
from ledger.tlog.cosignatures import Ed25519Cosigner, ed25519_message, verifiers_of
from ledger.tlog.fsck import LogWord, check_log
from ledger.tlog.merkle import leaf_hash, leaf_hashes, node_hash, root_of
from ledger.tlog.notes import Ed25519Signer
from ledger.tlog.origins import block_log_origin, event_log_origin
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.policy_files import format_policy, parse_policy
from ledger.tlog.proofs import make_proof, parse_proof, verify_proof
from ledger.tlog.proving import MemoryTree, consistency_proof, inclusion_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.spellings import base64_text
from ledger.tlog.witness_requests import AddCheckpoint, parse_add_checkpoint
from ledger.tlog.witness_state import origin_hash
from tests.ledger.tlog.samples import new_log

TEXT = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
CHAPTER = TEXT.partition("## Event logs\n")[2]
TIME = 1772353260


def block(name):
    return CHAPTER.partition(f"```text {name}\n")[2].partition("```")[0]


def shown(name):
    lines = block(name).strip().splitlines()
    return {name: value.strip() for name, value in zip(lines[::2], lines[1::2], strict=True)}


def example_entries():
    commitment = bytes.fromhex("783e8d67d6421086f8684e7965b8405a3f64aa5109b6edd5399f637176d4e5eb")
    assert commitment.hex() in TEXT.partition("## Statement")[0]  # the blinded commitment of the example above
    return [commitment, b"\x01" * 32, b"\x02" * 32]


def signer():
    names = shown("log")
    origin = event_log_origin(1337, names["contract"], names["member"])
    return Ed25519Signer(origin, Ed25519PrivateKey.from_private_bytes(b"\x33" * 32))


def cosigner():
    return Ed25519Cosigner("witness.example/w1", Ed25519PrivateKey.from_private_bytes(b"\x44" * 32))


def policy():
    return k_of_n([PolicyLog(signer().key)], [PolicyWitness("W1", cosigner().key)], 1)


def cosigned_note():
    root = root_of(leaf_hashes(example_entries()))
    note = sign_checkpoint(Checkpoint(signer().name, 3, root), [signer()])
    return note.with_signatures([cosigner().cosign(note.text, TIME)])


def test_the_worked_tree_is_what_is_computed():
    leaves = leaf_hashes(example_entries())
    assert shown("log") == {
        "contract": shown("log")["contract"],
        "member": shown("log")["member"],
        "origin": signer().name,
        "SHA-256 of the origin": origin_hash(signer().name),
        "verifier key": signer().key.text(),
        "entries": " ".join(entry.hex()[:8] + "…" for entry in example_entries()),
        "leaf hash of entry 0": leaf_hash(example_entries()[0]).hex(),
        "leaf hash of entry 1": leaves[1].hex(),
        "leaf hash of entry 2": leaves[2].hex(),
        "node over 0 and 1": node_hash(*leaves[:2]).hex(),
        "root": root_of(leaves).hex(),
        "inclusion proof of entry 0": " ".join(
            each.hex()[:8] + "…" for each in inclusion_proof(0, 3, MemoryTree(leaves))
        ),
        "consistency proof from 1 to 3": " ".join(
            each.hex()[:8] + "…" for each in consistency_proof(1, 3, MemoryTree(leaves))
        ),
    }


def test_the_worked_checkpoint_proof_request_and_policy_are_what_is_computed(tmp_path):
    with new_log(tmp_path / "log", signer()) as log:
        log.append(example_entries())
        log.publish(cosigned_note())
    assert block("checkpoint").encode() == (tmp_path / "log" / "checkpoint").read_bytes()
    verifiers = verifiers_of([signer().key])
    assert check_log(FolderSource(tmp_path / "log"), verifiers).word is LogWord.VERIFIED
    reader = LogReader(FolderSource(tmp_path / "log"), verifiers)
    assert block("proof").encode() == make_proof(reader, 0, cosigned_note()).data()
    assert block("policy").encode() == format_policy(policy())
    request = AddCheckpoint(1, tuple(reader.consistency_proof(1, 3)), sign_checkpoint(log.checkpoint(), [signer()]))
    assert block("request").encode() == request.body()
    assert parse_add_checkpoint(block("request").encode()) == request


def test_the_worked_proof_verifies_by_the_worked_policy():
    proof = parse_proof(block("proof").encode())
    verified = verify_proof(proof, leaf_hash(example_entries()[0]), parse_policy(block("policy").encode()))
    assert [(each.name, each.time) for each in verified.cosigned] == [("W1", TIME)]


def test_the_worked_cosignature_signs_what_is_shown():
    assert block("cosigned").encode() == ed25519_message(cosigned_note().text, TIME)
    assert base64_text(cosigned_note().signatures[1].value[:8]) in CHAPTER


def test_the_files_of_the_worked_log_are_those_that_are_named(tmp_path):
    with new_log(tmp_path / "log", signer()) as log:
        log.append(example_entries())
        log.publish(cosigned_note())
    files = {
        str(path.relative_to(tmp_path / "log")): path.stat().st_size for path in (tmp_path / "log/tile").rglob("3")
    }
    assert files == {"tile/0/000.p/3": 96, "tile/entries/000.p/3": 102}
    assert all(f"`{path}` ({size} bytes)" in CHAPTER for path, size in files.items())


def test_the_block_logs_origin_is_as_shown():
    assert f"smartborder.blocks/1337/{'ab' * 32}" == block_log_origin(1337, b"\xab" * 32)
    assert "smartborder.blocks/⟨chain id⟩/⟨genesis hash⟩" in CHAPTER
