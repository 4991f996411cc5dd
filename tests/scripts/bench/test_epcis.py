"""The benchmark of EPCIS events: the same workload each time, events of about 1 KB, every task measured."""

import json
import re

import pytest

from ledger.epcis import read
from scripts.bench import epcis

pytestmark = pytest.mark.filterwarnings("ignore:open_text is deprecated:DeprecationWarning")  # the peer reads so


def test_the_workload_is_the_same_for_the_same_seed_and_valid() -> None:
    assert epcis.document(20, 1) == epcis.document(20, 1) != epcis.document(20, 2)
    events = read(epcis.document(20, 1)).events
    sizes = [len(json.dumps(dict(event.data), separators=(",", ":"))) for event in events]
    assert 950 <= sum(sizes) / len(sizes) <= 1100


def test_ours_and_the_peer_give_the_same_hashes_for_the_workload() -> None:
    document = epcis.document(5, 3)
    assert epcis.peer_reads(document.decode()) == epcis.read_and_hash(document)


def test_every_task_is_measured_and_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = epcis.run(events=4, peer_events=2, rounds=1)
    assert all(row.ours > 0 for row in rows)
    assert [row.ratio is None for row in rows] == [False, False, True, True, True, True]
    assert rows[0].ratio == rows[0].ours / rows[0].peer
    monkeypatch.setattr(epcis, "run", lambda: rows)
    epcis.main()
    printed = capsys.readouterr().out
    assert all(row.task in re.sub(r"\s+", " ", printed) for row in rows[:1])
    assert "epcis-event-hash-generator" in printed
