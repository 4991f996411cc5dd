"""GS1's own example documents go the whole way: registered, recorded, shared, verified."""

from pathlib import Path

import pytest

from ledger.epcis import read
from ledger.verify import Word

EXAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "epcis" / "examples"
DOCUMENTS = sorted(EXAMPLES.glob("*.jsonld")) + sorted(EXAMPLES.glob("*.xml"))

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="GS1's examples (../shared/data) are not here")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_example_is_registered_recorded_shared_and_verified(border, path):
    content = path.read_bytes()
    events = read(content).events
    ucr = f"GS1-{DOCUMENTS.index(path):02}"
    outcome = border.exporter.register(content, ucr=ucr, to="NL", importer=border.importer.address)
    assert len(outcome.recorded) == len(events)
    assert not outcome.skipped
    border.auditor.receive(border.exporter.share(ucr, border.auditor.address))
    verdict = border.auditor.verify(ucr)
    assert verdict.word is Word.VERIFIED, [finding.reason for finding in (*verdict.failed, *verdict.undetermined)]
    assert border.auditor.verify_document(content, ucr).word is Word.VERIFIED
