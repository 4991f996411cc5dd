"""The benchmark of gas: what is measured is within the goals and as forge has it, and the peers stand beside it."""

import functools
import json

import pytest

from ledger.identity.milestones import Milestone
from scripts.bench import gas
from scripts.gas import goals, peers, worst_cases
from scripts.gas.meter import Measured, Meter
from scripts.gas.peers import EAS, PeerMeasured
from scripts.tools import ROOT, ToolError

SNAPSHOTS = json.loads((ROOT / "tests" / "contracts" / "gas" / "Consignments.json").read_text("utf-8"))
CALL_DATA_GAS = (
    400  # by which two runs of one transaction differ: a byte of call data costs 16 gas, or 4 where it is zero
)
EAS_ROWS = [
    PeerMeasured(EAS, "attest, 128 bytes", 250_000),
    PeerMeasured(EAS, "multiAttest, 50 of 128 bytes", 10_000_000, 50),
]


@pytest.fixture(scope="module")
def measured():
    batches = functools.partial(worst_cases.batches, size=3)
    return worst_cases.measure((worst_cases.parties, worst_cases.cancellation, batches))


def test_what_is_measured_is_within_the_goals(measured):
    assert len(measured) == 10
    alone = [row for row in measured if goals.statements(row.transaction) == 1]
    assert [row for row in alone if row.each > row.goal] == []


def test_the_embedded_chain_takes_what_forge_says(measured):
    alone = [row for row in measured if row.transaction in SNAPSHOTS]
    assert len(alone) == 7
    for row in alone:
        assert abs(row.gas - int(SNAPSHOTS[row.transaction])) < CALL_DATA_GAS


def test_a_statement_in_a_batch_costs_less_than_alone(measured):
    figures = {row.transaction: row.each for row in measured}
    assert figures["3 registered, distinct exporters"] < figures["registered with all parties"] - 15_000
    assert figures["3 handovers offered, distinct consignments and parties"] < 45_000


@pytest.mark.slow
def test_every_snapshot_of_forge_is_measured_and_within_its_goal():
    measured = worst_cases.measure()
    assert sorted(row.transaction for row in measured) == sorted(SNAPSHOTS)
    for row in measured:
        assert row.each <= row.goal, row.transaction
        assert abs(row.gas - int(SNAPSHOTS[row.transaction])) < CALL_DATA_GAS * goals.statements(row.transaction)


def test_a_batch_of_which_something_was_skipped_is_not_measured():
    meter = Meter()
    goods = meter.registered("a")
    cancelled = meter.sign("exporter", Milestone.CANCELLED, goods)
    with pytest.raises(RuntimeError, match="1 statements of '2 cancelled' were skipped"):
        meter.measure_batch("2 cancelled", [cancelled, cancelled])


def test_each_row_stands_beside_eas(monkeypatch, capsys):
    monkeypatch.setattr(peers, "install", lambda: None)
    monkeypatch.setattr(peers, "version", lambda package: "1.9.0")
    monkeypatch.setattr(peers, "measure", lambda: EAS_ROWS)
    rows = [Measured("departed", 62_500), Measured("50 handovers offered", 1_600_000), Measured("arrived", 70_000)]
    monkeypatch.setattr(worst_cases, "measure", lambda: rows)
    gas.main()
    printed = capsys.readouterr().out
    assert "4.00" in printed  # 250,000 / 62,500
    assert "6.25" in printed  # 200,000 / 32,000
    assert "goals missed: arrived" in printed


def test_without_npm_ours_are_measured_alone(monkeypatch, capsys):
    def fail():
        raise ToolError("Node.js is missing")

    monkeypatch.setattr(peers, "install", fail)
    monkeypatch.setattr(worst_cases, "measure", lambda: [Measured("departed", 62_500)])
    gas.main()
    printed = capsys.readouterr()
    assert "without the peers: Node.js is missing" in printed.err
    assert "62,500" in printed.out
    assert "every goal is met" in printed.out


@pytest.mark.skipif(not peers.installed(), reason="the peers are not in .tools/peers: run python -m scripts.bench gas")
def test_the_peers_cost_what_is_known_of_them():
    figures = {row.transaction: row for row in peers.measure(batch=2, timestamps=2)}
    assert figures["attest, 128 bytes"].gas == pytest.approx(254_053, rel=0.02)
    assert figures["multiAttest, 2 of 128 bytes"].each < figures["attest, 128 bytes"].each
    assert figures["timestamp"].gas == pytest.approx(45_869, rel=0.01)
    assert figures["issue"].gas == pytest.approx(47_899, rel=0.01)
    assert figures["mint"].gas > 250_000
    assert peers.version(EAS) == "1.9.0"
