"""The benchmark of logs: what it measures happens, the peer's trees are ours, and what is missing is named."""

import subprocess

import pytest

from ledger.tlog.merkle import leaf_hashes, root_of
from scripts.bench import logs
from scripts.gas import peers
from scripts.gas.peers import EAS, PeerMeasured
from scripts.logs import ours, peer
from scripts.tools import ToolError


def test_every_task_is_measured_in_memory_and_on_disk():
    measured = ours.measure(70, 5)
    assert list(measured) == list(logs.TASKS)
    assert all(seconds > 0 for seconds in measured.values())
    table = logs.disk_table(600, (100, 300), 3)
    assert table.row_count == 3


def test_gas_an_event_falls_with_the_batch_and_hardly_grows_with_the_log():
    measured = logs.gas_of_growth((1_000, 10_000), (100, 1_000))
    assert [(row.size, row.batch) for row in measured] == [
        (1_000, 100),
        (10_000, 100),
        (10_100, 100),
        (11_100, 1_000),
    ]
    assert measured[3].each < measured[2].each / 5
    assert measured[1].gas < measured[0].gas * 1.5
    assert all(30_000 < row.gas < 100_000 for row in measured)


def test_the_tables_stand_ours_beside_the_peers(monkeypatch, capsys):
    monkeypatch.setattr(peer, "install", lambda: None)
    monkeypatch.setattr(peer, "measure", lambda size, proofs: dict.fromkeys(logs.TASKS, size * 3e-6))
    monkeypatch.setattr(peers, "install", lambda: None)
    monkeypatch.setattr(peers, "measure", lambda: [PeerMeasured(EAS, "multiTimestamp, 100", 2_500_000, 100)])
    monkeypatch.setattr(logs, "DURABLE", 200)
    monkeypatch.setattr(logs, "COSIGNED", 2)
    monkeypatch.setattr(logs, "PROOFS", 3)
    logs.main((400,), (50, 100))
    printed = capsys.readouterr().out
    assert "/ 3.0" in printed
    assert "EAS multiTimestamp takes 25,000" in printed


def test_a_peer_that_cannot_be_had_is_named_with_the_reason(monkeypatch, capsys):
    def fail():
        raise ToolError("there is no network")

    monkeypatch.setattr(peer, "install", fail)
    monkeypatch.setattr(peers, "install", fail)
    assert logs._pymerkle() is None
    assert logs._eas() is None
    printed = capsys.readouterr().err
    assert "without pymerkle 7.0.0: there is no network" in printed
    assert "without EAS: there is no network" in printed
    assert "no peer" in str(logs.tree_table((40,), 2, None).title)
    assert logs.gas_table([logs.Gas(100, 100, 50_000)], None).row_count == 1


def test_a_peer_that_does_not_install_or_run_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(peer, "ENVIRONMENT", tmp_path / "venv")
    monkeypatch.setattr(peer.sys, "executable", "/bin/false")
    assert not peer.installed()
    with pytest.raises(ToolError, match="cannot be installed"):
        peer.install()
    monkeypatch.setattr(peer, "python", lambda: "/bin/false")
    with pytest.raises(ToolError, match="does not run"):
        peer.measure(10, 1)


@pytest.mark.skipif(not peer.installed(), reason="pymerkle is not in .tools: run python -m scripts.bench logs")
def test_the_peers_trees_are_ours():
    assert list(peer.measure(50, 4)) == list(logs.TASKS)
    script = (
        "from pymerkle import InmemoryTree\ntree = InmemoryTree(algorithm='sha256')\n"
        "for number in range(77): tree.append_entry(number.to_bytes(32, 'big'))\nprint(tree.get_root().hex())"
    )
    done = subprocess.run([peer.python(), "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == root_of(leaf_hashes(ours.entries(77))).hex()
