import base64
import json
import os
import subprocess

import pytest

from clients.witness_server import WitnessServer
from ledger.tlog.cosignatures import verifiers_of
from ledger.tlog.fsck import LogRule, LogWord, check_log
from ledger.tlog.merkle import leaf_hash, leaf_hashes, root_of
from ledger.tlog.policy import PolicyLog, PolicyWitness, k_of_n
from ledger.tlog.policy_files import format_policy, parse_policy
from ledger.tlog.proofs import make_proof
from ledger.tlog.proving import MemoryTree, consistency_proof, inclusion_proof
from ledger.tlog.reading import LogReader
from ledger.tlog.sources import FolderSource
from ledger.tlog.storage import LogWriter
from ledger.tlog.witness_state import origin_hash
from scripts.go_peers import BuildError, GoMissingError, build
from tests.ledger.tlog.samples import (
    NOW,
    OTHER_SIGNER,
    SIGNER,
    VERIFIERS,
    checkpoint_of,
    ed25519_cosigner,
    entries,
    ml_dsa_cosigner,
    new_log,
    publish,
    signed,
    written_log,
)
from tests.ledger.tlog.serving import running
from tests.ledger.tlog.witnesses import new_witness

COSIGNERS = [ed25519_cosigner(f"witness.example/w{number}", number) for number in (1, 2, 3)]
# torchwood 0.9 knows no cosignatures of ML-DSA-44, so this policy has none
POLICY = k_of_n([PolicyLog(SIGNER.key)], [PolicyWitness(f"w{n}", each.key) for n, each in enumerate(COSIGNERS)], 2)


@pytest.fixture(scope="session")
def peers():
    """The Go programs; tests skip where there is no Go, and fail in CI where they cannot be built."""
    try:
        return build()
    except GoMissingError as error:
        pytest.skip(str(error))
    except BuildError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def judged(peers):
    """What the Go implementations say to cases: an empty text where they accept one."""

    def judge(*cases):
        done = subprocess.run([peers["tlogpeer"]], input=json.dumps(cases), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return judge


def b64(value):
    return base64.b64encode(value).decode()


def cosigned(size, *cosigners, **options):
    note = signed(checkpoint_of(entries(size), **options))
    return note.with_signatures(cosigner.cosign(note.text, NOW) for cosigner in cosigners)


def fsck(peers, folder, vkey, tmp_path):
    (tmp_path / "vkey").write_text(vkey)
    command = [peers["fsck"], f"--storage_url=file://{folder}/", f"--public_key={tmp_path / 'vkey'}", "--ui=false"]
    done = subprocess.run(
        [*command, "--N=4"],  # with one worker, fsck 1.0.4 waits for itself for ever when that finds a fault
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return "Successfully fsck'd" in done.stdout + done.stderr


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700, 66_000])
def test_tessera_reads_our_logs(peers, tmp_path, size):
    folder = written_log(tmp_path / "log", entries(size))
    assert fsck(peers, folder, SIGNER.key.text(), tmp_path)


def test_tessera_reads_our_logs_while_they_grow_with_entries_of_any_length(peers, tmp_path):
    folder = tmp_path / "log"
    batches = [[b""], [b"x" * 65_535] * 3, entries(600), [b"y" * length for length in range(300)], entries(5)]
    with new_log(folder) as log:
        for batch in batches:
            log.append(batch)
            publish(log)
            assert fsck(peers, folder, SIGNER.key.text(), tmp_path)
    with LogWriter(folder, VERIFIERS) as log:
        log.append(entries(300))
        publish(log)
    assert fsck(peers, folder, SIGNER.key.text(), tmp_path)
    assert check_log(FolderSource(folder), VERIFIERS).word is LogWord.VERIFIED


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2", "checkpoint"])
def test_tessera_and_we_refuse_the_same_damage(peers, tmp_path, path):
    folder = written_log(tmp_path / "log", entries(700))
    data = bytearray((folder / path).read_bytes())
    data[40] ^= 1
    (folder / path).write_bytes(data)
    assert not fsck(peers, folder, SIGNER.key.text(), tmp_path)
    assert check_log(FolderSource(folder), VERIFIERS).word is LogWord.NOT_VERIFIED


def test_torchwood_accepts_our_proofs(judged, tmp_path):
    reader = LogReader(FolderSource(written_log(tmp_path / "log", entries(700))), VERIFIERS)
    note = cosigned(700, *COSIGNERS[:2], ml_dsa_cosigner())
    cases = [
        {
            "kind": "proof",
            "policy": format_policy(POLICY).decode(),
            "leaf": b64(leaf_hash(entries(1, index)[0])),
            "proof": make_proof(reader, index, note, extra).data().decode(),
        }
        for index in (0, 1, 255, 256, 511, 699)
        for extra in (None, b"", b"extra data")
    ]
    assert judged(*cases) == [""] * len(cases)


def test_torchwood_refuses_our_proofs_tampered(judged, tmp_path):
    reader = LogReader(FolderSource(written_log(tmp_path / "log", entries(700))), VERIFIERS)
    proof = make_proof(reader, 300, cosigned(700, *COSIGNERS[:2])).data().decode()
    leaf = b64(leaf_hash(entries(1, 300)[0]))
    good = {"kind": "proof", "policy": format_policy(POLICY).decode(), "leaf": leaf, "proof": proof}
    lines = proof.split("\n")
    swapped = "\n".join([*lines[:2], lines[3], lines[2], *lines[4:]])
    tampered = [
        good | {"leaf": b64(leaf_hash(entries(1, 301)[0]))},
        good | {"proof": proof.replace("index 300", "index 301")},
        good | {"proof": proof.replace("\n700\n", "\n701\n")},
        good | {"proof": swapped},
        good | {"proof": make_proof(reader, 300, cosigned(700, COSIGNERS[0])).data().decode()},
        good | {"proof": make_proof(reader, 300, cosigned(700, *COSIGNERS[:2], origin="x")).data().decode()},
    ]
    answers = judged(good, *tampered)
    assert answers[0] == ""
    assert all(answers[1:])


def test_go_verifies_our_notes_and_cosignatures(judged):
    note = cosigned(9, *COSIGNERS, extensions=("more", "lines"))
    cosignatures = [
        {"kind": "cosignature", "vkey": each.key.text(), "note": note.data().decode()} for each in COSIGNERS
    ]
    ours = {"kind": "note", "vkey": SIGNER.key.text(), "note": note.data().decode()}
    altered = note.data().decode().replace("more", "most")
    answers = judged(ours, *cosignatures, ours | {"note": altered}, cosignatures[0] | {"note": altered})
    assert answers[:4] == [""] * 4
    assert all(answers[4:])
    (unknown,) = judged(ours | {"vkey": OTHER_SIGNER.key.text()})
    assert unknown


def test_torchwood_reads_our_policies_as_we_do(judged):
    groups = f"""\
log {SIGNER.key.text()}
witness a {COSIGNERS[0].key.text()} https://a.example/
witness b {COSIGNERS[1].key.text()}
witness c {COSIGNERS[2].key.text()}
group ab any a b
group all all ab c
quorum all
"""
    policies = [
        POLICY,
        parse_policy(groups.encode()),
        k_of_n(POLICY.logs, POLICY.witnesses, 3),
        k_of_n(POLICY.logs, [], 0),
    ]
    quorums = [(), COSIGNERS[:1], COSIGNERS[:2], COSIGNERS[1:], COSIGNERS[::2], COSIGNERS]
    cases, expected = [], []
    for policy in policies:
        for quorum in quorums:
            note = cosigned(9, *quorum)
            cases.append({"kind": "checkpoint", "policy": format_policy(policy).decode(), "note": note.data().decode()})
            names = {each.name for each in policy.witnesses if each.key in {one.key for one in quorum}}
            expected.append(policy.satisfied_by(names))
    assert [answer == "" for answer in judged(*cases)] == expected
    assert True in expected
    assert False in expected


def test_go_checks_our_trees_at_every_pair_of_sizes(judged):
    leaves = leaf_hashes(entries(70))
    cases = []
    for size in range(1, 71):
        tree, root = MemoryTree(leaves[:size]), b64(root_of(leaves[:size]))
        for old in range(1, size + 1):
            hashes = [b64(each) for each in consistency_proof(old, size, tree)]
            cases.append(
                {
                    "kind": "consistency",
                    "size": size,
                    "root": root,
                    "oldSize": old,
                    "oldRoot": b64(root_of(leaves[:old])),
                    "hashes": hashes,
                }
            )
            hashes = [b64(each) for each in inclusion_proof(old - 1, size, tree)]
            cases.append(
                {
                    "kind": "inclusion",
                    "size": size,
                    "root": root,
                    "index": old - 1,
                    "leaf": b64(leaves[old - 1]),
                    "hashes": hashes,
                }
            )
    assert not any(judged(*cases))


class Oneshot:
    """Tessera's posix-oneshot, with a key and a folder of entries."""

    def __init__(self, peers, folder):
        self.folder = folder / "tessera"
        self._program = peers["posix-oneshot"]
        self._entries = folder / "entries"
        self._key = folder / "key"
        self._policy = folder / "policy"
        seed = b"\1" + SIGNER.private_key.private_bytes_raw()
        self._key.write_text(f"PRIVATE+KEY+{SIGNER.name}+{SIGNER.key.id.hex()}+{b64(seed)}")

    def append(self, some, policy=None):
        self._entries.mkdir(exist_ok=True)
        for path in self._entries.iterdir():
            path.unlink()
        for number, entry in enumerate(some):
            (self._entries / f"{number:05d}").write_bytes(entry)
        command = [
            self._program,
            f"--storage_dir={self.folder}",
            f"--private_key={self._key}",
            f"--entries={self._entries}/*",
        ]
        if policy:
            self._policy.write_bytes(format_policy(policy))
            command += [f"--witness_policy_file={self._policy}", "--witness_timeout=20s"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr


def test_we_read_the_logs_that_tessera_writes(peers, tmp_path):
    oneshot = Oneshot(peers, tmp_path)
    oneshot.append(entries(300))
    oneshot.append(entries(250, 300))
    report = check_log(FolderSource(oneshot.folder), VERIFIERS)
    assert (report.word, report.entries) == (LogWord.VERIFIED, 550)
    reader = LogReader(FolderSource(oneshot.folder), VERIFIERS)
    assert sorted(reader.entries(0, 550, 550)) == entries(550)
    (oneshot.folder / "tile/0/000").write_bytes(b"\0" * 8192)
    assert LogRule.LEAF in {finding.rule for finding in check_log(FolderSource(oneshot.folder), VERIFIERS).findings}


def test_tessera_has_its_log_cosigned_by_our_witnesses(peers, tmp_path):
    clock = iter(range(NOW, NOW + 1000))
    witnesses = [
        new_witness(
            tmp_path / each.name.replace("/", "-"), [each, ml_dsa_cosigner(each.name)], clock=lambda: next(clock)
        )
        for each in COSIGNERS[:2]
    ]
    oneshot = Oneshot(peers, tmp_path)
    with running(WitnessServer(witnesses[0])) as one, running(WitnessServer(witnesses[1])) as two:
        policy = k_of_n(
            [PolicyLog(SIGNER.key)],
            [PolicyWitness("one", COSIGNERS[0].key, one), PolicyWitness("two", COSIGNERS[1].key, two)],
            2,
        )
        for first, count in ((0, 5), (5, 300), (305, 1)):
            oneshot.append(entries(count, first), policy)
            checkpoint = (oneshot.folder / "checkpoint").read_bytes()
            verified = policy.check(checkpoint)
            assert verified.checkpoint.size == first + count
            assert len(verified.cosigned) == 2
    for witness in witnesses:
        assert witness.checkpoint(origin_hash(SIGNER.name)).startswith(f"{SIGNER.name}\n306\n".encode())
    verifiers = [*VERIFIERS, *verifiers_of(each.key for each in COSIGNERS)]
    assert check_log(FolderSource(oneshot.folder), verifiers).word is LogWord.VERIFIED
