"""For every rule an example of each outcome it can have: a case that is honest but for one thing.

The honest history of :func:`tests.ledger.verify.builder.delivered` is the example of passing for what the ledger
recorded; the rules about what the documents say have their own. A module of examples is imported here.
"""

from tests.ledger.verify.examples import (
    containers,
    errors,
    evidence,
    moments,
    papers,
    places,
    quantities,
    recorded,
    seals,
    sensors,
)
from tests.ledger.verify.examples.example import EXAMPLES, LEFT_OPEN, WITHOUT, Example, LeftOpen

__all__ = ["EXAMPLES", "LEFT_OPEN", "SUBJECTS", "WITHOUT", "Example", "LeftOpen"]

SUBJECTS = (recorded, seals, containers, quantities, moments, places, papers, sensors, errors, evidence)
