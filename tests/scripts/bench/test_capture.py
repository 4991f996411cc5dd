"""The benchmark of capture: every event is captured, and every row measured, beside the naive way in the same run."""

import re

import pytest

from ledger.epcis import read
from scripts.bench import capture
from scripts.bench.capture import Row

pytestmark = pytest.mark.filterwarnings("ignore:open_text is deprecated:DeprecationWarning")  # the peer reads so


def test_files_and_lines_hold_the_events_that_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(capture, "FILE_LINES", 2)
    capture.write_files(tmp_path / "files", 6, 3)
    assert [len(read(path.read_bytes()).events) for path in sorted((tmp_path / "files").iterdir())] == [3, 3]
    capture.write_lines(tmp_path / "lines", 5)
    lines = [line for path in sorted((tmp_path / "lines").iterdir()) for line in path.read_bytes().splitlines()]
    assert [len(read(line).events) for line in lines] == [1] * 5


def test_every_size_is_captured_and_measured_beside_the_naive_way(tmp_path, monkeypatch):
    monkeypatch.setattr(capture, "NAIVE_EVENTS", 3)
    monkeypatch.setattr(capture, "SAMPLE_SECONDS", 0.01)
    monkeypatch.setattr(capture, "MILLION", 40)
    monkeypatch.setattr(capture, "naive", lambda folder, run=capture.naive: run(folder, 3))
    rows = list(capture.run(tmp_path, [20], million=True))
    assert [row.events for row in rows] == [3, 20, 20, 40]
    assert all(row.rate > 0 and row.cpu_seconds > 0 for row in rows)
    assert rows[-1].memory_bytes > 0


def test_every_measurement_is_printed(monkeypatch, capsys):
    rows = [Row("naive", 200, 4.0, 1.0), Row("files", 10_000, 2.0, 1.0, 300 * 1024 * 1024)]
    monkeypatch.setattr(capture, "run", lambda _folder, million: rows)
    capture.main()
    printed = re.sub(r"\s+", " ", capsys.readouterr().out)
    for figure in ("5,000", "100.0", "300"):
        assert figure in printed
