"""The benchmark of the audit measures a ledger that is whole, and says so where it is not."""

import pytest

from ledger.verify.audit import AuditReport
from scripts.bench import audit


def test_a_small_ledger_is_audited_by_one_process_and_by_two(tmp_path):
    rows = audit.run(25, folder=tmp_path)
    assert [(row.events, row.workers) for row in rows] == [(20, 1), (20, 2)]
    assert all(row.rate > 0 and row.processor_rate > 0 for row in rows)
    assert audit.table(rows).row_count == 2


def test_an_audit_that_did_not_look_at_everything_is_no_measurement(tmp_path, monkeypatch):
    monkeypatch.setattr(audit, "audit", lambda _scope: AuditReport(None, {}, ()))
    with pytest.raises(RuntimeError, match="the audit found"):
        audit.run(10, folder=tmp_path)


def test_the_goal_is_told(monkeypatch, capsys):
    monkeypatch.setattr(audit, "run", lambda events, folder: [audit.Row(events, 2, events / 9_000, 1.0)])
    audit.main((1_000,))
    assert "goal of 8,000 events a second met: 9,000" in capsys.readouterr().out
    monkeypatch.setattr(audit, "run", lambda events, folder: [audit.Row(events, 2, events / 100, 1.0)])
    audit.main((1_000,))
    assert "missed: 100" in capsys.readouterr().out
