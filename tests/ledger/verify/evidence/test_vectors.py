"""The bundles in tests/vectors/evidence: each gives exactly the verdict that its index says."""

import json
from pathlib import Path

import pytest

from ledger.verify import Outcome
from ledger.verify.evidence import read_trust, verify_evidence
from tests.vectors.evidence.generate import files

VECTORS = Path(__file__).parents[3] / "vectors" / "evidence"
INDEX = json.loads((VECTORS / "index.json").read_text("utf-8"))


@pytest.mark.parametrize(("name", "expected"), INDEX.items())
def test_a_bundle_gives_the_verdict_that_it_is_named_for(name, expected):
    roots = read_trust((VECTORS / expected["trust"]).read_bytes())
    verdict = verify_evidence((VECTORS / f"{name}.evidence").read_bytes(), roots)
    told = {each.rule: each.reason for each in verdict.findings if each.outcome is not Outcome.PASSED}
    assert verdict.word.value == expected["verdict"]
    assert told == expected["told"]


def test_the_bundles_made_anew_are_the_files_byte_for_byte():
    made = dict(files())
    kept = {file.name for file in VECTORS.iterdir() if file.suffix in {".evidence", ".json", ".jsonld"}}
    assert kept == made.keys()
    for name, data in made.items():
        assert (VECTORS / name).read_bytes() == data, name


def test_every_word_of_a_verdict_has_bundles():
    assert {each["verdict"] for each in INDEX.values()} == {"verified", "not verified", "undetermined"}
