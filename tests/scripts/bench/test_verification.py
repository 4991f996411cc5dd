"""The benchmark of verification: every consignment is as large as it is said to be, is verified, and is measured."""

import pytest

from scripts.bench import verification
from scripts.bench.verification import Growth, Parts
from scripts.recorded_chain import record
from tests.ledger.verify.histories.busy import STATEMENTS, busy_life


def test_a_busy_consignment_has_the_statements_and_events_asked_for():
    for number, events in ((0, 20), (1, 50), (2, 200)):
        case = busy_life(number, events).case()
        assert len(case.statements) == STATEMENTS
        assert len(case.openings.events) == events


def test_a_recorded_chain_tells_a_history_as_it_was_accepted(tmp_path):
    recorded = verification.make(tmp_path, [3], 20)
    (told,) = recorded.cases
    contracts = record(recorded.cases)
    found = verification.gather(contracts, None, told.consignment, membership=told.membership)
    assert [each.statement for each in found.entries] == [each.statement for each in told.entries]
    assert [each.signature for each in found.entries] == [each.signature for each in told.entries]
    assert found.recorded == told.recorded
    assert found.gaps == ()


def test_each_part_is_measured_on_an_honest_history(tmp_path):
    found = verification.parts(verification.make(tmp_path, [0], 20), rounds=1)
    assert found.chain > 0
    assert found.checks > 0
    assert found.total == found.chain + found.store + found.checks


@pytest.mark.slow
def test_sizes_are_measured_one_after_the_other():
    (row,) = verification.growth_in_events([20], rounds=1)
    assert (row.consignments, row.events, row.cores) == (1, 20, 1)
    assert row.seconds > 0
    (row,) = verification.growth_in_consignments([3], events=20)
    assert (row.consignments, row.events, row.cores) == (3, 20, 2)
    assert row.seconds > 0


@pytest.mark.slow
def test_a_real_embedded_chain_is_measured_beside_it():
    accepted, found = verification.over_an_embedded_chain(observations=2)
    assert accepted == 23
    assert found.chain > found.checks > 0


def test_every_measurement_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(verification, "make", lambda *_: None)
    monkeypatch.setattr(verification, "parts", lambda _: Parts(0.03, 0.05, 0.06))
    monkeypatch.setattr(verification, "over_an_embedded_chain", lambda: (24, Parts(0.5, 0.01, 0.02)))
    monkeypatch.setattr(verification, "growth_in_events", lambda _: [Growth(1, 400, 1, 0.3)])
    monkeypatch.setattr(verification, "growth_in_consignments", lambda _: [Growth(1000, 200, 2, 54.0)])
    verification.main()
    printed = capsys.readouterr().out
    for figure in ("140", "530", "300", "54.00"):
        assert figure in printed
