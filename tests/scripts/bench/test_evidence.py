"""The benchmark of evidence: bundles are as large as they are said to be, are verified, and are measured."""

from scripts.bench import evidence
from scripts.bench.evidence import Measured


def test_a_busy_consignment_is_measured_as_a_bundle():
    found = evidence.measure(20, rounds=1)
    assert found.size_bytes > found.without_documents > 0
    assert min(found.encode, found.verify) > 0


def test_a_bundle_of_a_real_chain_is_made_and_measured():
    statements, size, seconds = evidence.from_a_chain()
    assert statements == 8
    assert size > 0
    assert seconds > 0


def test_every_measurement_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(evidence, "growth", lambda _: [Measured(200, 443_000, 300_000, 0.011, 0.145)])
    monkeypatch.setattr(evidence, "from_a_chain", lambda: (8, 15_000, 0.3))
    evidence.main()
    printed = capsys.readouterr().out
    for figure in ("443,000", "145", "15,000"):
        assert figure in printed
