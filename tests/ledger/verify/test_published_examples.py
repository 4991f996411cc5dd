"""GS1's own examples, stated as they stand: the checks find what these say is wrong, and nothing that is not."""

from __future__ import annotations

from math import floor
from pathlib import Path

import pytest

from ledger.epcis import read
from ledger.identity.milestones import Milestone, Role
from ledger.verify import Outcome, verify
from tests.ledger.verify.builder import EXPORTER, START, Story, registered

EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "epcis" / "examples"
NAMES = sorted(path.name for path in EXAMPLES.glob("*") if path.suffix in {".jsonld", ".xml"})

SAID = {
    "ErrorDeclarationAndCorrectiveEvent.jsonld": {"error.target"},
    "ErrorDeclarationAndCorrectiveEvent.xml": {"error.target"},
    "SensorDataExample9.jsonld": {"sensor.alarm"},
}
"""What the examples themselves say: an error declaration without its event, and two alarms."""

OF_THE_TELLING = {"time.document", "moment.late"}
"""The examples are years older than the history that they are put into."""

pytestmark = pytest.mark.skipif(not NAMES, reason="GS1's examples are not in ../shared/data")


@pytest.mark.parametrize("name", NAMES)
def test_a_published_example_gives_no_finding_but_what_it_says(name):
    story = registered(Story())
    for event in sorted(read((EXAMPLES / name).read_bytes()).events, key=lambda each: each.event_time):
        happened = floor(event.event_time.timestamp())
        assert happened < START
        story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=story.know(event), event_time=happened)
    found = {each.rule for each in verify(story.case()).findings if each.outcome is not Outcome.PASSED}
    assert found - OF_THE_TELLING == SAID.get(name, set())
